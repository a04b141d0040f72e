"""The public validator: paste or upload a description, get what a harvest would say of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from catalog_api import profiles
from catalog_api.checking import check_document
from catalog_api.columns import STANDARD, told
from catalog_api.columns import given as columns_of
from catalog_api.given import spooled
from catalog_api.mending import mend_document
from catalog_api.web.addresses import tidy
from catalog_api.web.page import render, settings_of, speaking
from catalog_api.web.rules import counted
from catalog_api.web.translation import N_
from harvesters.spreadsheet_rows import Told
from metadata.errors import CatalogError
from standards.table import STANDARDS

router = APIRouter(include_in_schema=False)
RECORDS = 50
ECHO = 200_000
"""Records with findings that are shown; characters of what was pasted that are put back into the form."""
MAPPING, COLUMNS = 10_000, 300
"""Characters of a mapping that are read; columns of a table that are shown."""


@dataclass(frozen=True)
class Posted:
    """What came with the form; `problem` when it could not be read."""

    text: str
    file: bytes
    file_name: str
    standard: str
    mapping: str = ""
    fix: bool = False
    problem: str = ""


async def posted(request: Request) -> Posted:
    """The form as it was sent, within the catalogue's upload limit."""
    chosen = settings_of(request)
    limit = chosen.upload_limit if chosen else 10 * 1024 * 1024
    try:
        async with request.form(max_files=4, max_fields=20, max_part_size=limit) as form:
            return await _taken(form)
    except (MultiPartException, HTTPException):
        return Posted("", b"", "", "", problem=N_("The form could not be read. Send it again."))


async def _taken(form: FormData) -> Posted:
    file, text = form.get("file"), form.get("text")
    body = await file.read() if isinstance(file, UploadFile) else b""
    name = tidy(file.filename or "", 100) if isinstance(file, UploadFile) else ""
    standard = form.get("standard")
    chosen = standard if isinstance(standard, str) else ""
    mapping = form.get("mapping")
    typed = mapping[:MAPPING] if isinstance(mapping, str) else ""
    return Posted(text if isinstance(text, str) else "", body, name, chosen, typed, fix=form.get("fix") == "1")


@router.get("/check")
def check_page(request: Request) -> Response:
    """The form."""
    return _page(request, {})


@router.post("/check")
def checked_page(request: Request, given: Annotated[Posted, Depends(posted)]) -> Response:
    """The findings of what was sent. Nothing is stored."""
    spoken = speaking(request)
    standard = given.standard if given.standard in STANDARDS else None
    values: dict[str, Any] = {"text": given.text[:ECHO], "standard": standard or "", "mapping": given.mapping}
    body = given.file or given.text.encode("utf-8", "replace")
    field = "file" if given.file else "text"
    problem = given.problem or ("" if body.strip() else N_("Paste a description, or choose a file."))
    if problem:
        return _page(request, {**values, "problem": {"field": field, "message": spoken.say(problem)}}, 422)
    try:
        columns = columns_of(given.mapping)
        mended = b""
        if given.fix:
            (*records, last), mended = mend_document(body, standard, given.file_name or "", columns)
        else:
            *records, last = check_document(body, standard, given.file_name or "", columns)
        table = _table(body, columns) if STANDARD in last["standards"] else []
    except CatalogError as fault:
        field = "mapping" if fault.place == "mapping" else field
        return _page(request, {**values, "problem": {"field": field, "message": str(fault)}}, 422)
    shown = {"fixed": mended.decode("utf-8", "replace")[:ECHO], "fix": given.fix, "columns": table}
    return _page(request, {**values, **shown, **_result(records, last)})


def _table(body: bytes, columns: dict[str, str]) -> list[Told]:
    """Which column of the table is what."""
    with spooled(body, "the description") as document:
        return told(document, columns)[:COLUMNS]


def _page(request: Request, values: Mapping[str, Any], status: int = 200) -> Response:
    chosen = settings_of(request)
    if chosen:
        profiles.refresh(chosen)
    standards = [one for one in STANDARDS.values() if one.check is not None or one.read is not None]
    empty: dict[str, Any] = {
        "text": "",
        "standard": "",
        "mapping": "",
        "columns": [],
        "problem": None,
        "summary": None,
        "rules": [],
        "records": [],
        "unshown": 0,
        "recognised": [],
        "repairs": 0,
        "fixed": "",
        "fix": False,
    }
    return render(request, "check.html", {**empty, "standards": standards, "json_url": "/api/v1/standards", **values}, status)


def _result(records: Iterable[Mapping[str, Any]], last: Mapping[str, Any]) -> dict[str, Any]:
    listed, summary = list(records), last["summary"]
    telling = [one for one in listed if one["findings"] or one.get("repairs")] if len(listed) > 1 else listed
    rules = sorted(summary["by_rule"].items(), key=lambda one: -one[1])
    return {
        "summary": summary,
        "rules": [counted(rule, "", count) for rule, count in rules],
        "recognised": [{"standard": STANDARDS.get(name), **told} for name, told in last["standards"].items()],
        "repairs": last.get("repairs", 0),
        "records": telling[:RECORDS],
        "unshown": max(0, len(telling) - RECORDS),
    }
