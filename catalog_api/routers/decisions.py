"""What a person decides of a run: what a held one would retire, and undoing what one did."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from catalog_api.auth import SCOPES, Asker
from catalog_api.deps import AskerDep, SessionDep, WritingDep, required
from catalog_api.routers.curation import layer_json
from catalog_api.routers.reply import GUARDED, PROBLEMS, After, Limit, List, listed, reply, run_json
from metadata import deciding, overlays, sources, store, undoing
from metadata.deciding import Leaving
from metadata.tables import Run

router = APIRouter(responses=PROBLEMS)
COLUMNS = ("identifier", "name", "title", "state", "organization", "record", "url")


class DecisionBody(BaseModel):
    """What is decided of a held run: to retire what its source no longer lists, or to keep it; and why."""

    accept: bool
    note: str = Field("", max_length=deciding.LONGEST_NOTE)


class UndoBody(BaseModel):
    """Why a run is undone."""

    note: str = Field("", max_length=deciding.LONGEST_NOTE)


def leaving_json(one: Leaving, asker: Asker, site: str) -> dict[str, Any]:
    """A dataset that a held run would retire; the name and title of a withheld one only to those who may see it."""
    hidden = one.state == "withheld" and not asker.readers & {"*", f"organization:{one.organization}"}
    return {
        "identifier": one.identifier,
        "name": None if hidden else one.name,
        "title": None if hidden else one.title,
        "state": one.state,
        "organization": one.organization,
        "record": one.record,
        "url": None if hidden else f"{site}/dataset/{one.name}",
    }


@router.get("/runs/{run_id}/vanished", tags=["runs"], response_model=List)
def list_vanished(
    run_id: int, request: Request, session: SessionDep, asker: AskerDep, limit: Limit = 100, after: After = None
) -> Response:
    """What a held run would retire, by identifier; empty for a run that waits for no decision."""
    run = sources.run(session, run_id)
    found = deciding.vanished(session, run, after or "", limit)
    items = [leaving_json(one, asker, _site(request)) for one in found]
    following = found[-1].identifier if len(found) == limit else None
    return listed(request, items, deciding.count_vanished(session, run), following)


@router.get("/runs/{run_id}/vanished.csv", tags=["runs"], response_class=Response)
def vanished_table(run_id: int, request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """All that a held run would retire, as a table."""
    run = sources.run(session, run_id)
    rows = (leaving_json(one, asker, _site(request)) for one in deciding.every_vanished(session, run))
    from catalog_api.web.tables import csv_answer  # here: the pages know this module

    return csv_answer(f"run-{run.id}-vanished.csv", COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


@router.post("/runs/{run_id}/decision", tags=["runs"], responses=GUARDED, dependencies=[required(*SCOPES)])
def decide(run_id: int, body: DecisionBody, request: Request, session: WritingDep, asker: AskerDep) -> Response:
    """Accepts what a held run would retire, or refuses it. Accepted, exactly the listed datasets are retired now, and the run
    is done; refused, all of them stay. 409 when the source was harvested again since."""
    run = _owned(session, run_id, asker)
    decided = deciding.decide(session, run.id or 0, body.accept, f"token:{asker.name}", body.note)
    return reply(request, run_json(decided))


@router.post("/runs/{run_id}/undo", tags=["runs"], responses=GUARDED, dependencies=[required(*SCOPES)])
def undo(run_id: int, request: Request, session: WritingDep, asker: AskerDep, body: UndoBody | None = None) -> Response:
    """Takes back what a run did, where nothing has happened to the dataset since: what it added is retired, what it changed
    gets its earlier description, what it retired is there again. Answers with what became of how many, and what was skipped."""
    run = _owned(session, run_id, asker)
    undone = undoing.undo(session, run.id or 0, f"token:{asker.name}", body.note if body else "")
    return reply(request, {**run_json(sources.run(session, run_id)), "undone": undone.as_json()})


@router.post("/sources/{name}/clear", tags=["sources"], responses=GUARDED)
def clear(name: str, request: Request, session: WritingDep, asker: AskerDep) -> Response:
    """Retires all datasets of a source and forgets its records; the source stays. What it lists again comes back under the same
    names."""
    asker.require("write", organization=sources.source(session, name).organization)
    return reply(request, {"cleared": name, "retired": undoing.clear(session, name, f"token:{asker.name}")})


@router.get("/runs/{run_id}/conflicts", tags=["runs"], response_model=List)
def list_conflicts(run_id: int, request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """Fields that a person changed and that this run's source has changed too: both values, for a person to decide."""
    found = overlays.conflicts(session, sources.run(session, run_id).id or 0)
    entries = store.entries(session, list(dict.fromkeys(one.overlay.dataset_id for one in found)))
    seen = [one for one in found if asker.readers & {*entries[one.overlay.dataset_id].readers, "*"}]
    items = [{"dataset": entries[one.overlay.dataset_id].name, **layer_json(one)} for one in seen]
    return listed(request, items, len(items), None)


def _owned(session: WritingDep, run_id: int, asker: Asker) -> Run:
    """The run, when the asker may decide for its source."""
    run = sources.run(session, run_id)
    asker.require("write", organization=sources.source(session, run.source).organization)
    return run


def _site(request: Request) -> str:
    return str(request.app.state.rooms.settings.site_url)
