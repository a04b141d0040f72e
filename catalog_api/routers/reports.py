"""The report of a run, record by record, as JSON and as a table."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlmodel import Session

from catalog_api import reports
from catalog_api.auth import Asker
from catalog_api.deps import AskerDep, RoomsDep, SessionDep, SettingsDep
from catalog_api.rooms import Rooms
from catalog_api.routers.reply import PROBLEMS, After, Limit, List, listed
from catalog_api.web.tables import cell
from metadata import database, sources
from metadata.tables import Run, Source
from metadata.text import best

router = APIRouter(tags=["runs"], responses=PROBLEMS)

State = Annotated[str, Query(description=f"Which lines: {', '.join(reports.STATES)}.", max_length=20)]
Key = Annotated[str, Query(description="The key of a report's address, as its mail gives it.", max_length=100)]
COLUMNS = (
    "run", "source", "state", "identifier", "record", "standard", "dataset", "title", "severity", "rule", "path", "value",
    "message", "fix",
)  # fmt: skip
TABLED = ("failed", "warned", "added", "updated", "renamed", "restored", "withheld", "published", "retired")


def run_of(session: Session, run_id: int) -> tuple[Run, Source]:
    """A run and its source. Raises `NotFound`."""
    run = sources.run(session, run_id)
    return run, sources.source(session, run.source)


def line_json(line: reports.Line) -> dict[str, Any]:
    """A line of a report. The record itself is at `/api/v1/records/{record}`."""
    row = line.record
    return {
        "record": row.id if row else None,
        "identifier": line.identifier,
        "state": line.action,
        "standard": row.standard if row else None,
        "errors": row.errors if row else 0,
        "warnings": row.warnings if row else 0,
        "dataset": line.dataset,
        "title": line.title,
        "findings": [msgspec.to_builtins(one) for one in line.findings],
    }


@router.get("/runs/{run_id}/records", response_model=List)
def list_run_records(
    run_id: int,
    request: Request,
    session: SessionDep,
    asker: AskerDep,
    settings: SettingsDep,
    state: State = "all",
    limit: Limit = 50,
    after: After = None,
    key: Key = "",
) -> Response:
    """Records that a run met last, or that the log says it changed, with all their findings."""
    run, source = run_of(session, run_id)
    asker = reports.keyed(settings, source, asker, key)
    found = reports.lines(session, run, source, asker, state, after or "", limit)
    total = reports.count(session, run, source, asker, state)
    return listed(request, [line_json(one) for one in found], total, found[-1].after if len(found) == limit else None)


@router.get("/runs/{run_id}/report.csv", response_class=StreamingResponse)
def download_report(
    run_id: int,
    session: SessionDep,
    asker: AskerDep,
    rooms: RoomsDep,
    state: State | None = None,
    language: Annotated[str, Query(max_length=10, description="Of the words of the rules.")] = "en",
    key: Key = "",
) -> Response:
    """The report as a table, one row a finding: all that failed, was warned of or changed, or one state of it."""
    run, source = run_of(session, run_id)
    asker = reports.keyed(rooms.settings, source, asker, key)
    if state is not None:
        reports.lines(session, run, source, asker, state, "", 1)
    rows = _rows(rooms, run, source, asker, TABLED if state is None else (state,), language)
    headers = {
        "Content-Disposition": f'attachment; filename="run-{run.id}.csv"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
    }
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


def _rows(rooms: Rooms, run: Run, source: Source, asker: Asker, states: tuple[str, ...], language: str) -> Iterator[bytes]:
    yield ("\ufeff" + _text([COLUMNS])).encode()
    with database.reading(rooms.database) as session:
        some: list[tuple[object, ...]] = []
        for state, line in reports.whole(session, run, source, asker, states):
            some += _cells(run, state, line, language)
            if len(some) >= reports.PAGE:
                yield _text(some).encode("utf-8", "replace")
                some = []
        yield _text(some).encode("utf-8", "replace")


def _cells(run: Run, state: str, line: reports.Line, language: str) -> list[tuple[object, ...]]:
    row = line.record
    own = (run.id, run.source, state, line.identifier, row.id if row else "", row.standard if row else "")
    about = (*own, line.dataset or "", line.title)
    spoken = (language, "en")
    return [
        (*about, one.severity, one.rule, one.path, one.value, best(one.message, spoken), best(one.fix, spoken))
        for one in line.findings
    ] or [(*about, "", "", "", "", "", "")]


def _text(rows: Sequence[Sequence[object]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()
