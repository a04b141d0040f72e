"""Adding a source by hand: an address is looked at, what it would give is shown, and it is added.

Nothing is fetched for anyone without a token that may write, so that this is no open proxy. The token travels in the form,
never in an address, and is in no page that is sent back; so no other site can post here in somebody's name.
"""

import time
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session, select

from catalog_api import access, uploads
from catalog_api.auth import Asker, asker
from catalog_api.deps import RoomsDep
from catalog_api.detecting import candidates, completed
from catalog_api.errors import status_of
from catalog_api.previewing import SHOWN, rehearse
from catalog_api.rooms import Rooms
from catalog_api.source_forms import SourceBody, draft, put_checked
from catalog_api.web.adding_page import Looked, page
from catalog_api.web.addresses import segment
from catalog_api.web.setting_fields import TYPED, typed
from catalog_api.web.source_words import Typed, body_of, candidates_of, fault_of, taking, typed_form
from catalog_api.web.translation import N_
from harvesters.detection import Candidate
from harvesters.spreadsheet import UPLOAD, folder, parted
from harvesters.spreadsheet_rows import Told
from harvesters.table import PROTOCOLS
from metadata import clock, database, sources
from metadata.departments import checked_name
from metadata.errors import CatalogError, Conflict, Invalid
from metadata.tables import Source

router = APIRouter(include_in_schema=False)
PAGE = "/sources/new"
PATIENCE = 90.0
"""Seconds that a preview may take; what came until then is shown."""


@router.get(PAGE)
def adding(request: Request, rooms: RoomsDep) -> Response:
    """The empty form."""
    return page(request, rooms, Looked(Typed()))


@router.post(PAGE)
def added(request: Request, rooms: RoomsDep, given: Annotated[Typed, Depends(typed_form)]) -> Response:
    """Looks at a source, or adds it, by the button that was pressed."""
    found = candidates_of(given)
    try:
        if given.problem:
            raise Invalid(given.problem)
        who = _who(rooms, given)
        given, columns = _with_file(rooms, given)
        if given.act == "add":
            return _add(request, rooms, given, who, found)
        return page(request, rooms, _look(rooms, given, who, found, columns))
    except CatalogError as problem:
        return page(request, rooms, Looked(given, found, faults=[fault_of(problem, given)], status=status_of(problem)))


def _who(rooms: Rooms, given: Typed) -> Asker:
    """Who asks. Raises `NotKnown` or `NotAllowed`."""
    if not given.token:
        raise Invalid(N_("this needs a token"), place="Authorization", remedy=N_("Ask whoever runs this catalogue for one."))
    with database.reading(rooms.database) as session:
        found = asker(session, given.token)
    found.require("write")
    if given.word("internal") == "true" or given.protocol == "folder":
        found.require("admin")
    return found


def _with_file(rooms: Rooms, given: Typed) -> tuple[Typed, list[Told]]:
    """The form with an uploaded table as its address, and what the columns are. The file goes to the folder of uploads only: it
    is stored with the source."""
    if not given.file:
        return given, []
    with database.writing(rooms.database) as session:
        url = uploads.keep(session, rooms.settings, given.file, given.file_name)
        session.rollback()
    columns, count, problem = uploads.told(rooms.settings, url, {})
    if not count and problem:
        raise Invalid(problem, place="file", value=given.file_name)
    found = {"url": url, "protocol": uploads.SPREADSHEET, "found_url": url, "found_protocol": uploads.SPREADSHEET}
    form = typed(PROTOCOLS.get(uploads.SPREADSHEET).Settings, f"settings.{uploads.SPREADSHEET}", {})
    return given.holding({**form, **found}), columns


def _look(rooms: Rooms, given: Typed, who: Asker, found: list[Candidate], columns: list[Told]) -> Looked:
    """What the address speaks, and what its first records would become."""
    chosen = given.act.removeprefix("use ")
    if chosen != given.act and chosen.isdigit() and int(chosen) < len(found):
        given = taking(given, found[int(chosen)])
    elif not given.protocol:
        body, faults = body_of(given)
        if body is None:
            return Looked(given, faults=faults, status=422)
        found = candidates(rooms.settings, body)
        given = taking(given, found[0])
    elif given.protocol != given.word("found_protocol") or given.file:
        found = []
    if given.protocol == "folder":
        who.require("admin")
    return _previewed(rooms, _with_settings(given), found, columns)


def _with_settings(given: Typed) -> Typed:
    """The form with the settings of its protocol in it, as they are when nothing is said."""
    prefix = f"settings.{given.protocol}"
    if given.words.get(prefix) == TYPED:
        return given
    return given.holding(typed(PROTOCOLS.get(given.protocol).Settings, prefix, {}))


def _previewed(rooms: Rooms, given: Typed, found: list[Candidate], columns: list[Told]) -> Looked:
    body, faults = body_of(given)
    if body is None:
        return Looked(given, found, columns=columns, faults=faults, status=422)
    try:
        source = draft(rooms.settings, f"preview-{clock.now()[-8:-1]}", body)
        until = time.monotonic() + PATIENCE
        report = rehearse(rooms, source, SHOWN, SHOWN, lambda: time.monotonic() > until)
    except CatalogError as problem:
        return Looked(given, found, columns=columns, faults=[fault_of(problem, given)], status=status_of(problem))
    return Looked(given, found, _without_secrets(rooms, source, report), columns)


def _without_secrets(rooms: Rooms, source: Source, report: Mapping[str, Any]) -> dict[str, Any]:
    """A report without the source's secrets, should its server repeat one."""

    def scrub(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: scrub(one) for name, one in value.items()}
        if isinstance(value, list):
            return [scrub(one) for one in value]
        return access.scrubbed(rooms.settings, source, value) if isinstance(value, str) else value

    cleaned: dict[str, Any] = scrub(report)
    return cleaned


def _add(request: Request, rooms: Rooms, given: Typed, who: Asker, found: list[Candidate]) -> Response:
    """Stores the source and leads to its page; with `start`, a first run is waiting there."""
    body, faults = body_of(given)
    if body is None:
        return page(request, rooms, Looked(given, found, faults=faults, status=422))
    body, _ = completed(rooms.settings, body)
    if body.protocol == "folder":
        who.require("admin")
    name = given.word("name")
    with database.writing(rooms.database) as session:
        _free(session, name)
        body = _with_upload(session, rooms, body)
        row = put_checked(session, rooms.settings, name, body)
        session.flush()
        if given.words.get("start") == "true":
            sources.ask(session, row)
        session.commit()
    return RedirectResponse(f"/source/{segment(name)}", 303)


def _free(session: Session, name: str) -> None:
    """Raises `Invalid` for what is no name, `Conflict` for that of another source: adding changes none."""
    checked_name(name, "source")
    if session.exec(select(Source.id).where(Source.name == name)).first() is not None:
        raise Conflict(N_("there is a source of this name"), place="name", value=name, remedy=N_("Choose another name."))


def _with_upload(session: Session, rooms: Rooms, body: SourceBody) -> SourceBody:
    """The source with its uploaded file stored. Raises `Invalid` when the file is not here any more."""
    if not body.url.startswith(f"{UPLOAD}://"):
        return body
    digest, name = parted(body.url)
    path = folder(rooms.settings.spool_dir) / digest
    if not path.is_file():
        raise Invalid(N_("the file is not here any more"), place="file", value=name, remedy=N_("Choose it again."))
    return body.model_copy(update={"url": uploads.keep(session, rooms.settings, path.read_bytes(), name)})
