"""Standards, and checking a description without storing it."""

import base64
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from catalog_api import columns, profiles
from catalog_api.checking import check_document
from catalog_api.converting import convert_bytes
from catalog_api.deps import BodyDep, SettingsDep
from catalog_api.mending import mend_document
from catalog_api.routers.reply import PROBLEMS, List, listed, reply
from standards.forms import extension, media_type
from standards.table import STANDARDS

router = APIRouter(tags=["standards"], responses=PROBLEMS)
_BODY = {"requestBody": {"required": True, "content": {"application/json": {"schema": {}}, "application/octet-stream": {}}}}


@router.get("/standards", response_model=List)
def list_standards(request: Request, settings: SettingsDep) -> Response:
    """The standards that are built in and those that were brought as profiles, and what each can do."""
    bases = {one.name: one.base for one in profiles.refresh(settings)}
    items = [
        {
            "name": one.name,
            "title": one.title,
            "version": one.version,
            "media_type": one.media_type,
            "form": one.form,
            "marks": one.marks,
            "profile_of": bases.get(one.name),
            "reads": one.read is not None,
            "writes": one.write is not None,
            "checks": one.check is not None,
        }
        for one in STANDARDS.values()
    ]
    return listed(request, items, len(items), None)


@router.post("/check", openapi_extra=_BODY)
def check(
    request: Request,
    body: BodyDep,
    settings: SettingsDep,
    standard: Annotated[str | None, Query(description="Detected for each record when not named.")] = None,
    fix: Annotated[
        bool, Query(description="Mend what is mechanical: `repairs` of each record, and the mended document.")
    ] = False,
    mapping: Annotated[
        str, Query(max_length=10_000, description="Of a table: `field=column,…`, the column by its header or letter.")
    ] = "",
) -> Response:
    """Findings for each record of a description, or of a whole catalogue, and a summary. Any form that is read: JSON, XML,
    RDF, a workbook or CSV, an HTML page. Nothing is stored."""
    profiles.refresh(settings)
    if not fix:
        *records, summary = check_document(body, standard, "", columns.given(mapping))
        return reply(request, {"records": records, **summary})
    (*records, summary), document = mend_document(body, standard, "", columns.given(mapping))
    return reply(request, {"records": records, **summary, "fixed": document.decode("utf-8", "replace")})


@router.post("/convert", openapi_extra=_BODY)
def convert(
    request: Request,
    body: BodyDep,
    settings: SettingsDep,
    to: Annotated[str, Query(description="The standard it shall be in.")],
    source: Annotated[str | None, Query(alias="from", description="The standard it is in; detected when not named.")] = None,
    form: Annotated[
        str, Query(pattern="^[a-z]{0,6}$", description="`xlsx`, `csv`, `xml`, `jsonld` … where it has several.")
    ] = "",
    mapping: Annotated[
        str, Query(max_length=10_000, description="Of a table: `field=column,…`, the column by its header or letter.")
    ] = "",
    download: Annotated[
        bool, Query(description="Answer with the document itself; losses are in the header `Mulu-Lost`.")
    ] = False,
) -> Response:
    """A description, or a catalogue of them, in another standard, and which fields it cannot carry. Nothing is stored."""
    profiles.refresh(settings)
    done = convert_bytes(body, source, to, f".{form}" if form else "", columns.given(mapping))
    target = STANDARDS.get(to)
    if download:
        answer = Response(done.content, media_type=media_type(target, done.content))
        answer.headers["Mulu-Lost"] = ", ".join(f"{name};count={count}" for name, count in done.lost.items() if name.isascii())
        answer.headers["Content-Disposition"] = (
            f'attachment; filename="{target.name}{f".{form}" if form else extension(target)}"'
        )
        return answer
    told = {
        "to": to,
        "media_type": media_type(target, done.content),
        "read": done.read,
        "failed": done.failed,
        "lost": done.lost,
    }
    return reply(request, {**told, **_text(done.content)})


def _text(content: bytes) -> dict[str, str]:
    """The document as text where it is that, else in Base64 (RFC 4648 §4)."""
    try:
        return {"content": content.decode(), "encoding": "utf-8"}
    except UnicodeDecodeError:
        return {"content": base64.b64encode(content).decode(), "encoding": "base64"}
