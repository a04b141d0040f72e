"""A department registers a dataset by API: any standard that is read here, answered with findings."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from catalog_api.checking import chosen_standard, one_record
from catalog_api.deps import AskerDep, BodyDep, SessionDep, SettingsDep, WritingDep
from catalog_api.errors import problem_json
from catalog_api.routers.reply import GUARDED, entry_json, finding_json, reply
from catalog_api.seeing import seen
from harvesters.examining import examine
from metadata import identity, leaving, sources, store
from metadata.departments import organization
from metadata.errors import Conflict, NotFound
from metadata.placing import place
from metadata.reading import Reading, Taken
from metadata.tables import DatasetRow
from standards.base import Standard

router = APIRouter(tags=["registering"], responses=GUARDED)
_PATH = "/organizations/{name}/datasets/{identifier:path}"
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}


@router.get(_PATH)
def show_registered(
    name: str, identifier: str, request: Request, session: SessionDep, settings: SettingsDep, asker: AskerDep
) -> Response:
    """A department's dataset by the department's own identifier."""
    entry = store.find_identifier(session, organization(session, name).name, identity.clean(identifier))
    if entry is None or entry.state == "retired":
        raise NotFound("this department has no dataset with this identifier", place=name, value=identifier)
    findings = [finding_json(row) for row in store.findings(session, seen(entry, asker).id)]
    return reply(request, {**entry_json(entry, settings.site_url), "findings": findings})


@router.put(_PATH, openapi_extra=_BODY)
def put_dataset(
    name: str,
    identifier: str,
    request: Request,
    raw: BodyDep,
    session: WritingDep,
    settings: SettingsDep,
    asker: AskerDep,
    standard: Annotated[str | None, Query(description="The standard of the body; detected when not named.")] = None,
    dry_run: Annotated[bool, Query(description="Only check; nothing is stored.")] = False,
) -> Response:
    """Registers a dataset, or changes it. Answers with the findings, and with what was (or would be) done."""
    asker.require("write", organization=name)
    department = organization(session, name).name
    body = one_record(raw)
    reading = _read(identifier, raw, body, chosen_standard(body, standard))
    said = {"standard": reading.taken.standard, "findings": [msgspec.to_builtins(one) for one in reading.findings]}
    if reading.dataset is None:
        return problem_json(422, "Unprocessable Content", "this cannot be a dataset: see its findings", **said)
    if dry_run:
        return reply(request, {"stored": False, "would": _would(session, department, reading), **said})
    tally = place(session, sources.registered(session, department), [reading], f"token:{asker.name}", 0)
    session.flush()
    entry = store.find_identifier(session, department, reading.taken.identifier)
    shown = entry_json(entry, settings.site_url) if entry else {}
    action = "added" if tally.added else "updated" if tally.updated else "unchanged"
    return reply(request, {"stored": True, "action": action, **said, **shown}, 201 if tally.added else 200)


@router.delete(_PATH, status_code=204)
def delete_dataset(name: str, identifier: str, session: WritingDep, asker: AskerDep) -> Response:
    """Retires a dataset that the department registered itself."""
    asker.require("write", organization=name)
    entry = store.find_identifier(session, organization(session, name).name, identity.clean(identifier))
    if entry is None or entry.state == "retired":
        raise NotFound("this department has no dataset with this identifier", place=name, value=identifier)
    if entry.source is not None and sources.source(session, entry.source).protocol != sources.REGISTERED:
        remedy = "Have its source leave it out; the next harvest retires it."
        raise Conflict("this dataset is harvested, not registered", place=name, value=identifier, remedy=remedy)
    leaving.retire_rows(session, [session.get_one(DatasetRow, entry.id)], f"token:{asker.name}")
    return Response(status_code=204)


def _read(identifier: str, raw: bytes, body: Any, chosen: Standard) -> Reading:
    """The body checked and read; the identifier in the address is the one that counts."""
    kept = identity.raw(body) if isinstance(body, bytes) else raw
    taken = Taken(identity.clean(identifier), chosen.name, kept, identity.digest(kept), body)
    reading = examine(taken, chosen)
    if reading.dataset is None:
        return reading
    return Reading(taken, msgspec.structs.replace(reading.dataset, identifier=taken.identifier), reading.findings)


def _would(session: Session, department: str, reading: Reading) -> str:
    before = store.find_identifier(session, department, reading.taken.identifier)
    if before is None or reading.dataset is None:
        return "add"
    if before.state == "retired":
        return "restore"
    return "leave as it is" if before.dataset == reading.dataset else "update"
