"""Runs: harvests asked for, watched and cancelled."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from catalog_api.deps import AskerDep, SessionDep, WritingDep
from catalog_api.health import forgive
from catalog_api.routers.reply import GUARDED, PROBLEMS, After, Limit, List, listed, number, reply, run_json
from catalog_api.schedules import resting_until
from metadata import clock, sources
from metadata.errors import Conflict
from metadata.tables import Run

router = APIRouter(tags=["runs"], responses=PROBLEMS)


class RunBody(BaseModel):
    """What may be asked of a run: to retire however many datasets the source no longer lists."""

    accept_retire: bool = False


def page_of(found: list[Run], limit: int) -> int | None:
    """The cursor after these runs, when there may be more."""
    return found[-1].id if len(found) == limit else None


@router.get("/runs", response_model=List)
def list_runs(request: Request, session: SessionDep, limit: Limit = 50, after: After = None) -> Response:
    """Runs of all sources, newest first."""
    found = sources.runs(session, None, limit, number(after) or None)
    return listed(request, [run_json(run) for run in found], sources.count_runs(session), page_of(found, limit))


@router.get("/sources/{name}/runs", response_model=List)
def list_source_runs(name: str, request: Request, session: SessionDep, limit: Limit = 50, after: After = None) -> Response:
    """Runs of one source, newest first."""
    row = sources.source(session, name)
    found = sources.runs(session, row.id, limit, number(after) or None)
    return listed(request, [run_json(run) for run in found], sources.count_runs(session, row.id), page_of(found, limit))


@router.post("/sources/{name}/runs", status_code=202, responses=GUARDED)
def ask_run(name: str, request: Request, session: WritingDep, asker: AskerDep, body: RunBody | None = None) -> Response:
    """Asks for a harvest; a worker begins it within a second, or at the end of a blackout window. Watch it at
    `/api/v1/runs/{id}`."""
    row = sources.source(session, name)
    asker.require("harvest", "write", organization=row.organization)
    forgive(session, row)
    run = sources.ask(session, row, accept_retire=bool(body and body.accept_retire))
    if until := resting_until(row.blackout, row.timezone, datetime.now(UTC)):
        run.message = f"this source is left alone until {clock.stamp(until)} (blackout): the run waits"
    return reply(request, run_json(run), 202)


@router.get("/runs/{run_id}")
def show_run(run_id: int, request: Request, session: SessionDep) -> Response:
    """One run: its report, moving while it goes on."""
    return reply(request, run_json(sources.run(session, run_id)))


@router.post("/runs/{run_id}/cancel", status_code=202, responses=GUARDED)
def cancel_run(run_id: int, request: Request, session: WritingDep, asker: AskerDep) -> Response:
    """Asks a run to stop after its present batch; what it has taken in is kept, nothing is retired."""
    run = sources.run(session, run_id)
    row = sources.source(session, run.source)
    asker.require("harvest", "write", organization=row.organization)
    if run.state not in sources.OPEN_STATES:
        raise Conflict(
            "this run has ended already", place=f"run {run.id}", value=run.state, remedy="Ask for a new one, if need be."
        )
    if run.state == "queued":
        run.state, run.finished, run.message = "cancelled", clock.now(), "cancelled before it began"
    run.cancel = True
    session.add(run)
    return reply(request, run_json(run), 202)
