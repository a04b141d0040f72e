"""A source that is a file: a workbook or CSV that a department sends, and what its columns are taken for."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session, select

from catalog_api import uploads
from catalog_api.deps import AskerDep, BodyDep, SettingsDep, WritingDep, required
from catalog_api.routers.reply import GUARDED, reply
from catalog_api.settings import Settings
from catalog_api.source_forms import SourceBody, change, put_checked, source_json
from harvesters.spreadsheet_rows import Told
from metadata.errors import Conflict
from metadata.tables import Source

router = APIRouter(tags=["sources"], responses=GUARDED)
PROTOCOL = "spreadsheet"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.put(
    "/sources/{name}/file", openapi_extra=_BODY, dependencies=[required("write")], responses={201: {"description": "Made"}}
)
def put_file(
    name: str,
    request: Request,
    data: BodyDep,
    session: WritingDep,
    settings: SettingsDep,
    asker: AskerDep,
    filename: Annotated[str, Query(max_length=400, description="What the file is called, for people.")] = "",
    organization: Annotated[str | None, Query(description="The department, when the source is made by this.")] = None,
) -> Response:
    """Makes a source of a table (XLSX, XLS, ODS, CSV, TSV), or gives one its next edition. Answers with what each column is
    taken for; the setting `columns` overrides it. The next harvest reads it."""
    done = stored(session, settings, name, data, filename or name, organization)
    shown = {"columns": [each._asdict() for each in done.columns], "records": done.records, "problem": done.problem}
    return reply(request, {**source_json(done.source, asker, settings), **shown}, 201 if done.made else 200)


class Stored(NamedTuple):
    """The source of a file, whether it was made just now, what its columns are taken for, how many records the file has, and
    why it has none."""

    source: Source
    made: bool
    columns: list[Told]
    records: int
    problem: str


def stored(session: Session, settings: Settings, name: str, data: bytes, filename: str, organization: str | None) -> Stored:
    """Makes or changes the source of a file. Raises `Conflict` for a source of another protocol, `Invalid` for no table."""
    old = session.exec(select(Source).where(Source.name == name)).first()
    if old is not None and old.protocol != PROTOCOL:
        raise Conflict(
            "this source is no table", place=name, value=old.protocol, remedy="Send the file to a source of another name."
        )
    before = old.url if old else ""
    url = uploads.keep(session, settings, data, filename)
    about = uploads.told(settings, url, dict(old.settings.get("columns") or {}) if old else {})
    given: dict[str, Any] = {"url": url, **({"organization": organization} if organization else {})}
    if old is None:
        row = put_checked(session, settings, name, SourceBody(protocol=PROTOCOL, **given))
    else:
        row = change(session, settings, name, given)
    session.flush()
    if before != url:
        uploads.forget(session, settings, before)
    return Stored(row, old is None, *about)
