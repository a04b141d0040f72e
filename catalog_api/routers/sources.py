"""Sources: where records come from."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from catalog_api.deps import AskerDep, RoomsDep, SessionDep, WritingDep, required
from catalog_api.detecting import completed
from catalog_api.routers.reply import GUARDED, PROBLEMS, List, listed, reply, run_json
from catalog_api.source_forms import SourceBody, change, put_checked, source_json
from harvesters.access import KINDS
from metadata import sources, store

router = APIRouter(tags=["sources"], responses=PROBLEMS)


@router.get("/sources", response_model=List)
def list_sources(request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """All sources."""
    items = [source_json(row, asker) for row in sources.sources(session)]
    return listed(request, items, len(items), None)


@router.get("/access", response_model=List)
def list_kinds_of_access(request: Request) -> Response:
    """The ways in which a source can be entered, each with its form (JSON Schema)."""
    items = [{"kind": kind, "form": model.model_json_schema()} for kind, model in KINDS.items()]
    return listed(request, items, len(items), None)


@router.get("/sources/{name}")
def show_source(name: str, request: Request, session: SessionDep, asker: AskerDep, rooms: RoomsDep) -> Response:
    """One source, with its last run."""
    row = sources.source(session, name)
    last = sources.runs(session, row.id, 1)
    shown = {"datasets": store.count(session, source=name), "last_run": run_json(last[0]) if last else None}
    return reply(request, {**source_json(row, asker, rooms.settings), **shown})


@router.put("/sources/{name}", responses=GUARDED, dependencies=[required("write")])
def put_source(
    name: str, body: SourceBody, request: Request, session: WritingDep, asker: AskerDep, rooms: RoomsDep
) -> Response:
    """Makes a source, or replaces what it was given; one without a protocol is asked what it speaks. `***` in place of a
    secret keeps the one that is stored."""
    asker.require("write")
    if body.internal or body.protocol == "folder":
        asker.require("admin")
    body, _ = completed(rooms.settings, body)
    return reply(request, source_json(put_checked(session, rooms.settings, name, body), asker, rooms.settings))


@router.patch("/sources/{name}", responses=GUARDED, dependencies=[required("write")])
def change_source(
    name: str, body: dict[str, Any], request: Request, session: WritingDep, asker: AskerDep, rooms: RoomsDep
) -> Response:
    """Changes some fields of a source; of `settings`, `access` and `notify` single members (null takes one out)."""
    asker.require("write")
    row = sources.source(session, name)
    if row.internal or row.protocol == "folder" or body.get("internal") or body.get("protocol") == "folder":
        asker.require("admin")
    try:
        changed = change(session, rooms.settings, name, body)
    except ValidationError as problem:
        raise RequestValidationError(problem.errors(include_input=False, include_url=False)) from None
    return reply(request, source_json(changed, asker, rooms.settings))


@router.delete("/sources/{name}", status_code=204, responses=GUARDED)
def delete_source(name: str, session: WritingDep, asker: AskerDep) -> Response:
    """Removes a source; its datasets are retired."""
    asker.require("write")
    sources.remove_source(session, name, f"token:{asker.name}")
    return Response(status_code=204)
