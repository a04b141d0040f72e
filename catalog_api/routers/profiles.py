"""Profiles that are brought: listed for all, added, chosen and removed by an administrator."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from catalog_api import profiles
from catalog_api.deps import AskerDep, SettingsDep, required
from catalog_api.routers.reply import GUARDED, PROBLEMS, List, listed, reply
from metadata.errors import Invalid

router = APIRouter(tags=["standards"], responses=PROBLEMS)
_PROFILE = {
    "requestBody": {
        "required": True,
        "content": {
            "application/zip": {},
            "multipart/form-data": {"schema": {"type": "object"}},
            "application/json": {"schema": {"type": "object", "properties": {"files": {"type": "object"}}}},
        },
    }
}


class Choice(BaseModel):
    """Which version of a profile is in use."""

    version: str = Field(max_length=30)


async def _uploaded(request: Request, asker: AskerDep) -> dict[str, bytes]:
    """The files that came: a ZIP, a form with files, or `{"files": {name: text or JSON}}`; nobody else's are looked at."""
    asker.require("admin")
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _form(request)
    body = await request.body()
    if body.startswith(b"PK"):
        return profiles.unzipped(body)
    try:
        given: Any = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise Invalid("send a ZIP, a form with files, or JSON", place="body", value=problem) from None
    files = given.get("files") if isinstance(given, dict) else None
    if not isinstance(files, dict):
        raise Invalid('JSON has the member `files`: {"files": {"manifest.json": {…}}}', place="files")
    return profiles.named(
        {name: text.encode() if isinstance(text, str) else orjson.dumps(text) for name, text in files.items()}
    )


async def _form(request: Request) -> dict[str, bytes]:
    try:
        async with request.form(max_files=20, max_fields=20) as form:
            uploads = [each for _, each in form.multi_items() if isinstance(each, UploadFile)]
            files = {each.filename or "": await each.read() for each in uploads}
    except (MultiPartException, HTTPException):
        raise Invalid("the form could not be read", place="body", remedy="Send it again.") from None
    only = next(iter(files.values()), b"")
    return profiles.unzipped(only) if len(files) == 1 and only.startswith(b"PK") else profiles.named(files)


@router.get("/profiles", response_model=List)
def list_profiles(request: Request, settings: SettingsDep) -> Response:
    """The profiles that were brought, with their versions; one that does not load says why."""
    items = [profiles.shown(one) for one in profiles.refresh(settings)]
    return listed(request, items, len(items), None)


@router.get("/profiles/{name}")
def show_profile(name: str, request: Request, settings: SettingsDep) -> Response:
    """One profile."""
    return reply(request, profiles.shown(profiles.get(settings, name)))


@router.post("/profiles", status_code=201, responses=GUARDED, openapi_extra=_PROFILE)
def add_profile(
    request: Request, settings: SettingsDep, asker: AskerDep, files: Annotated[dict[str, bytes], Depends(_uploaded)]
) -> Response:
    """Takes a profile in: a manifest, a JSON Schema or SHACL shapes, messages and a mapping. It is in use at once."""
    asker.require("admin")
    return reply(request, profiles.shown(profiles.keep(settings, files)), 201)


@router.put("/profiles/{name}", responses=GUARDED, dependencies=[required("admin")])
def choose_version(name: str, choice: Choice, request: Request, settings: SettingsDep) -> Response:
    """Puts another version in use."""
    return reply(request, profiles.shown(profiles.choose(settings, name, choice.version)))


@router.delete("/profiles/{name}", status_code=204, responses=GUARDED)
def remove_profile(name: str, settings: SettingsDep, asker: AskerDep) -> Response:
    """Removes a profile with all its versions. Records that were read by it stay."""
    asker.require("admin")
    profiles.remove(settings, name)
    return Response(status_code=204)
