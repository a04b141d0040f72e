"""Sources and their runs: what is running, held or failing, and why."""

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlmodel import Session, col, func, select

from catalog_api import compliance, reports
from catalog_api.auth import Asker
from catalog_api.deps import AskerDep, SessionDep, SettingsDep
from catalog_api.health import STATES as HEALTH_STATES
from catalog_api.health import standings
from catalog_api.web import deciding
from catalog_api.web.addresses import address, bounded, segment, whole, word
from catalog_api.web.page import render, speaking
from catalog_api.web.rules import counted, in_words
from harvesters.address import mask
from metadata import clock, sources, store
from metadata.departments import organization, organizations
from metadata.errors import Invalid, NotFound
from metadata.tables import DatasetRow, Run, Source

router = APIRouter(include_in_schema=False)
RUNS = 20
LINES = 50
FIRST_STATES = ("failed", "warned", "added", "updated", "retired")
"""What a run's page shows when nothing is asked for: the first of these that there is."""

_NO_REPORT: dict[str, Any] = {"state": "", "key": "", "lines": [], "states": [], "next_url": None}
COUNTERS = ("received", "added", "updated", "retired", "failed")


@router.get("/source")
def source_list(request: Request, session: SessionDep) -> Response:
    """All sources with the state of their last run."""
    titles = {one.name: one.title for one in organizations(session)}
    counts = _dataset_counts(session)
    last = _last_runs(session)
    listed = [
        {
            "source": one,
            "title": titles.get(one.organization or "", {}),
            "run": last.get(one.id),
            "datasets": counts.get(one.id, 0),
        }
        for one in sources.sources(session)
    ]
    return render(request, "sources.html", {"sources": listed, "json_url": "/api/v1/sources"})


@router.get("/source/{name}")
def source_page(request: Request, name: str, session: SessionDep) -> Response:
    """One source: its settings without its secrets, its runs, its findings by rule."""
    row = sources.source(session, name)
    before = whole(request, "before", 0, least=0)
    runs = sources.runs(session, row.id, RUNS, before or None)
    values = {
        "source": row,
        "address": mask(row.url).partition("?")[0],
        "department": organization(session, row.organization) if row.organization else None,
        "runs": runs,
        "counters": COUNTERS,
        "older_url": address(f"/source/{segment(row.name)}", {"before": str(runs[-1].id)}) if len(runs) == RUNS else None,
        "rules": in_words(compliance.rule_counts(session, source=row.id)),
        "datasets": store.count(session, source=row.name),
        "failed": sources.count_records(session, row.id, state="failed"),
        "records": sources.count_records(session, row.id),
        "json_url": f"/api/v1/sources/{segment(row.name)}",
    }
    return render(request, "source.html", values)


@router.get("/source/{name}/runs")
def run_list(name: str, request: Request, session: SessionDep) -> Response:
    """The runs are on the source's page."""
    return source_page(request, name, session)


@router.get("/source/{name}/runs/{number}")
def run_page(request: Request, name: str, number: str, session: SessionDep, asker: AskerDep, settings: SettingsDep) -> Response:
    """One run: its counters while it goes on and after, its findings by rule, its records by what became of them."""
    run, row = sources.run(session, bounded(number, 0, least=0)), sources.source(session, name)
    if run.source != row.name:
        raise NotFound("this source has no run of this number", place=name, value=number)
    rate, key = _rate(run), word(request, "key", 100)
    asker = reports.keyed(settings, row, asker, key)
    values = {
        **(_NO_REPORT if run.state in sources.OPEN_STATES else _report(request, session, run, row, asker, key)),
        **deciding.of_run(session, run, asker),
        "run": run,
        "moving": run.state in sources.OPEN_STATES,
        "rate": round(rate) if rate else None,
        "left": (run.total - run.received) / rate if rate and run.total and run.total >= run.received else None,
        "rules": [counted(rule, "", count) for rule, count in sorted(run.findings_by_rule.items(), key=lambda one: -one[1])],
        "json_url": f"/api/v1/runs/{run.id}",
        "csv_url": address(f"/api/v1/runs/{run.id}/report.csv", {"language": speaking(request).tag, "key": key}),
    }
    return render(request, "run.html", values)


def _report(request: Request, session: Session, run: Run, row: Source, asker: Asker, key: str) -> dict[str, Any]:
    """The records of a run in one state, and the ways to the others."""
    counts = reports.counts(session, run, row, asker)
    state, after = word(request, "state", 20), word(request, "after", 1100)
    if state not in reports.STATES:
        state = next((one for one in FIRST_STATES if counts.get(one)), "all")
    own = f"/source/{segment(row.name)}/runs/{run.id}"
    try:
        lines = reports.lines(session, run, row, asker, state, after, LINES)
    except Invalid:  # a cursor that was made up
        lines = reports.lines(session, run, row, asker, state, "", LINES)
    more = {"state": state, "after": lines[-1].after, "key": key} if len(lines) == LINES else None
    return {
        "state": state,
        "key": key,
        "lines": lines,
        "states": [(one, number, address(own, {"state": one, "key": key}) + "#records") for one, number in counts.items()],
        "next_url": address(own, more) + "#records" if more else None,
    }


@router.get("/health/sources")
def health_page(request: Request, session: SessionDep) -> Response:
    """How all sources stand, those in trouble first."""
    found = standings(session)
    counts = {state: sum(one.state == state for one in found) for state in HEALTH_STATES}
    values = {"standings": found, "counts": counts, "json_url": "/api/v1/health/sources"}
    return render(request, "health.html", values)


def _rate(run: Run) -> float | None:
    """Records a second since a run that goes on began."""
    if run.state != "running" or not run.started or not run.received:
        return None
    seconds = (datetime.now(UTC) - clock.parse(run.started)).total_seconds()
    return run.received / seconds if seconds > 0.5 else None


def _dataset_counts(session: Session) -> dict[str | None, int]:
    statement = (
        select(DatasetRow.source_id, func.count()).where(DatasetRow.state == "published").group_by(col(DatasetRow.source_id))
    )
    return dict(session.exec(statement).all())


def _last_runs(session: Session) -> dict[str, Run]:
    newest = select(func.max(Run.id)).group_by(col(Run.source_id))
    return {run.source_id: run for run in session.exec(select(Run).where(col(Run.id).in_(newest)))}


def source_of(session: Session, source_id: str) -> Source:
    """The source with this id. Raises `NotFound`."""
    row = session.get(Source, source_id)
    if row is None:
        raise NotFound("there is no source of this id")
    return row
