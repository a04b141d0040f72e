"""Compliance: departments as rows, each number opening its list, each list as CSV."""

from fastapi import APIRouter, Request, Response

from catalog_api import compliance
from catalog_api.deps import SessionDep
from catalog_api.web import tables
from catalog_api.web.addresses import address, segment
from catalog_api.web.page import render, speaking
from catalog_api.web.rules import in_words
from metadata.departments import organization
from metadata.text import best
from metadata.vocabulary import term

router = APIRouter(include_in_schema=False)
RULES = 20


@router.get("/compliance")
def compliance_page(request: Request, session: SessionDep) -> Response:
    """The city at one look."""
    rows = compliance.standings(session)
    values = {
        "rows": rows,
        "total": compliance.total(rows),
        "rules": in_words(compliance.rule_counts(session, limit=RULES)),
        "json_url": "/api/v1/findings",
        "csv_url": "/compliance.csv",
    }
    return render(request, "compliance.html", values)


@router.get("/compliance.csv")
def compliance_table(request: Request, session: SessionDep) -> Response:
    """The departments' figures as a table."""
    spoken = speaking(request)
    header = [
        "organization",
        "title",
        "records",
        "without_errors",
        "with_errors",
        "failed",
        "share_without_errors",
        "datasets",
        "overdue",
        "fresh",
        "without_frequency",
        "share_fresh",
        "last_run",
        "last_run_state",
        "last_run_finished",
    ]
    rows = [
        (
            row.organization,
            best(row.title, spoken.languages),
            row.records,
            row.records - row.failed - row.flawed,
            row.flawed,
            row.failed,
            _share(row.clean_share),
            row.datasets,
            row.overdue,
            row.fresh,
            row.undeclared,
            _share(row.fresh_share),
            row.last_run.id if row.last_run else "",
            row.last_run.state if row.last_run else "",
            (row.last_run.finished or "") if row.last_run else "",
        )
        for row in compliance.standings(session)
    ]
    return tables.csv_answer("compliance.csv", header, rows)


@router.get("/compliance/{name}")
def department_page(request: Request, name: str, session: SessionDep) -> Response:
    """One department: what to mend, most frequent first, and what is overdue."""
    row = organization(session, name)
    values = {
        "department": row,
        "row": compliance.standing(session, row),
        "rules": in_words(compliance.rule_counts(session, organization=row.name)),
        "overdue": [
            {"name": one.name, "title": one.title, "modified": one.modified, "frequency": _frequency(one.frequency)}
            for one in compliance.late(session, row.name)
        ],
        "json_url": address("/api/v1/findings", {"organization": row.name}),
        "csv_url": f"/compliance/{segment(row.name)}/overdue.csv",
    }
    return render(request, "compliance_department.html", values)


@router.get("/compliance/{name}/overdue.csv")
def overdue_table(name: str, session: SessionDep) -> Response:
    """The overdue datasets of a department as a table."""
    row = organization(session, name)
    late = compliance.late(session, row.name, limit=100_000)
    return tables.csv_answer(
        "overdue.csv",
        ["name", "title", "frequency", "modified"],
        [(one.name, one.title, one.frequency, one.modified) for one in late],
    )


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.4f}"


def _frequency(code: str) -> dict[str, str]:
    found = term("frequency", code)
    return found.label if found else {"und": code}
