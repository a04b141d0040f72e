"""What an action is given: the parameters of one call, read as CKAN reads them, and the parts of the catalogue it may use.

GET parameters are flat, repeated keys are lists, values may be JSON; a POST body is a JSON object, a form, or (the oldest
clients) a form whose single key is the JSON. A body that is no object is refused without an envelope.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from fastapi import Request
from sqlmodel import Session
from starlette.exceptions import HTTPException

from catalog_api.auth import Asker
from catalog_api.ckan.answers import BadRequest, not_valid
from catalog_api.settings import Settings
from search.base import SearchEngine

MOST_BYTES = 1 << 20
"""Bytes of a body: whoever reads asks for little."""

MOST_FIELDS = 1_000
"""Parameters of one call."""

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_TRUE = ("true", "yes", "t", "y", "1", "on")


@dataclass(frozen=True)
class Asking:
    """One call of an action: `data` its parameters, `site` the catalogue's address without a last slash."""

    data: Mapping[str, Any]
    session: Session
    engine: SearchEngine
    settings: Settings
    asker: Asker
    site: str

    def word(self, *names: str) -> str:
        """The first of these parameters that is given, as text; empty when none is."""
        for name in names:
            value = self.data.get(name)
            if isinstance(value, list):
                value = value[0] if value else None
            if isinstance(value, (dict, list)):
                raise not_valid(**{name: "Must be a single value"})
            if value is not None and str(value).strip():
                return str(value).replace("\x00", "").strip()
        return ""

    def needed(self, *names: str) -> str:
        """As `word`. Raises CKAN's Validation Error when none is given."""
        found = self.word(*names)
        if not found:
            raise not_valid(**{names[0]: "Missing value"})
        return found

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """A whole number that is not negative, silently cut to `most`. Raises CKAN's Validation Error."""
        value = self.signed(name, default)
        if value < 0:
            raise not_valid(**{name: "Must be a natural number"})
        return value if most is None else min(value, most)

    def signed(self, name: str, default: int) -> int:
        """A whole number. Raises CKAN's Validation Error."""
        given = self.word(name)
        try:
            return int(given) if given else default
        except ValueError:
            raise not_valid(**{name: "Invalid integer"}) from None

    def truth(self, name: str, default: bool = False) -> bool:
        """A boolean, as CKAN's `asbool` takes it."""
        value = self.data.get(name)
        return default if value is None or value == "" else str(value).lower() in _TRUE

    def listed(self, name: str) -> list[str]:
        """Words from a list, repeated keys, a JSON list in a string, or one word."""
        value = self.data.get(name)
        if isinstance(value, str) and value.lstrip().startswith("["):
            try:
                value = orjson.loads(value)
            except orjson.JSONDecodeError:
                raise not_valid(**{name: "Could not parse as valid JSON"}) from None
        listed = value if isinstance(value, list) else [value]
        if any(isinstance(one, (dict, list)) for one in listed):
            raise not_valid(**{name: "Must be a list of strings"})
        return [str(one) for one in listed if one is not None and str(one) != ""]


async def parameters(request: Request) -> dict[str, Any]:
    """The parameters of a call. Raises `BadRequest`, for too many or too large ones before they are taken apart."""
    query = _flat(request.query_params.multi_items())
    if request.method != "POST":
        return query
    kind = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if _declared(request) > MOST_BYTES:
        raise _too_large()
    if kind == "multipart/form-data":
        return _formed(await _parts(request))
    body = await _body(request)
    if kind in _FORMS and not body.lstrip().startswith(b"{"):
        if body.count(b"&") >= MOST_FIELDS:
            raise BadRequest(f"more than {MOST_FIELDS} parameters")
        return _formed(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return query or _object(body)


def _declared(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _too_large() -> BadRequest:
    return BadRequest(f"the body has more than {MOST_BYTES // 1024} KiB")


async def _body(request: Request) -> bytes:
    """The whole body, read no further than it may go."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MOST_BYTES:
            raise _too_large()
    return bytes(found)


async def _parts(request: Request) -> list[tuple[str, str]]:
    """The fields of a multipart form; files are passed over, since no action here takes one."""
    try:
        async with request.form(max_fields=MOST_FIELDS, max_files=MOST_FIELDS) as form:
            return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    except HTTPException as problem:
        raise BadRequest(f"JSON Error: the form cannot be read: {problem.detail}") from None


def _flat(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Repeated names are lists. Raises `BadRequest` when there are too many."""
    if len(pairs) > MOST_FIELDS:
        raise BadRequest(f"these are {len(pairs)} parameters; at most {MOST_FIELDS} are taken")
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _formed(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """A form's fields; a single key that is JSON itself is the body of an old client."""
    if len(pairs) == 1 and pairs[0][1] in ("", "1") and pairs[0][0].lstrip().startswith("{"):
        return _object(pairs[0][0].encode())
    return _flat(pairs)


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise BadRequest(f"JSON Error: Error decoding JSON data. Error: {str(problem)[:200]}") from None
    if not isinstance(found, dict):
        raise BadRequest("Request data JSON decoded to something other than a dict")
    return found
