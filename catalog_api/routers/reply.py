"""How the native API answers: bytes made by orjson, an ETag on everything, lists all of one shape."""

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import orjson
from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from catalog_api.run_fields import RUN_FIELDS
from metadata.entry import Entry
from metadata.errors import Invalid
from metadata.tables import FindingRow, Run
from standards.table import explain

Limit = Annotated[int, Query(ge=1, le=1000, description="How many items at most.")]
After = Annotated[str | None, Query(description="The `next` of the page before.", max_length=4000)]


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    place: str = ""
    value: str = ""
    remedy: str = ""


class List(BaseModel):
    """A page of a list. `next` is the `after` of the following page; null at the end."""

    items: list[dict[str, Any]]
    total: int
    next: str | int | None = Field(None)


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": text}
    for status, text in (
        (400, "What was asked cannot be understood"),
        (404, "There is no such thing"),
        (422, "A value does not fit"),
    )
}
GUARDED = {
    **PROBLEMS,
    401: {**PROBLEMS[404], "description": "No token, or one that is not known"},
    403: {**PROBLEMS[404], "description": "The token may not do this"},
    409: {**PROBLEMS[404], "description": "It clashes with what is there"},
    413: {**PROBLEMS[404], "description": "Too many bytes"},
}


def reply(request: Request, body: Any, status: int = 200) -> Response:
    """JSON with an ETag; 304 without a body when the asker has it already."""
    return tagged(request, encoded(body), "application/json", status)


def tagged(request: Request, content: bytes, media_type: str, status: int = 200) -> Response:
    """Bytes with an ETag; 304 without a body when the asker has them already (RFC 9110 §13.1.2)."""
    tag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept, Accept-Language, Authorization"}
    if status == 200 and request.method in ("GET", "HEAD") and matches(request.headers.get("if-none-match"), tag):
        return Response(None, 304, headers)
    return Response(content, status, headers, media_type)


def matches(given: str | None, tag: str) -> bool:
    """Whether an `If-None-Match` header names this tag (weak comparison)."""
    if not given:
        return False
    return given.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in given.split(","))


def encoded(body: Any) -> bytes:
    """JSON bytes; structs of the model included. What orjson refuses (a raw record's integers over 64 bits, and lone
    surrogates) is written the slow way."""
    try:
        return orjson.dumps(body, default=msgspec.to_builtins)
    except TypeError:
        return json.dumps(body, default=msgspec.to_builtins, separators=(",", ":")).encode("ascii")


def listed(request: Request, items: Sequence[Any], total: int, following: str | int | None, **more: Any) -> Response:
    """A page of a list."""
    return reply(request, {"items": items, "total": total, "next": following, **more})


def entry_json(entry: Entry, site: str) -> dict[str, Any]:
    """A dataset as the native API shows it: what the catalogue knows, and the description under `dataset`."""
    return {
        "id": entry.id,
        "name": entry.name,
        "identifier": entry.identifier,
        "state": entry.state,
        "title": entry.dataset.title,
        "organization": {"name": entry.organization, "title": entry.organization_title} if entry.organization else None,
        "source": entry.source,
        "standard": entry.standard,
        "created": entry.created,
        "updated": entry.updated,
        "sequence": entry.sequence,
        "errors": entry.errors,
        "warnings": entry.warnings,
        "is_copy": entry.copy_of is not None,
        "curated": entry.curated,
        "url": f"{site}/dataset/{entry.name}",
        "dataset": msgspec.to_builtins(entry.dataset),
    }


def run_json(run: Run) -> dict[str, Any]:
    """A run report (DESIGN §8), with its number, and what moves while it goes on."""
    report = {"run": run.id, **{name: getattr(run, name) for name in RUN_FIELDS}}
    moving: dict[str, Any] = {
        "total": run.total,
        "asked": run.asked,
        "started": run.started,
        "finished": run.finished,
        "worker": run.worker,
    }
    moving["decision"] = run.decision
    return {**report, **moving}


def finding_json(row: FindingRow) -> dict[str, Any]:
    """A stored finding with the words of its rule."""
    return msgspec.to_builtins(explain(row.rule, row.path, row.value, row.severity))  # type: ignore[no-any-return, arg-type]


def number(after: str | None) -> int:
    """A cursor that is a number; 0 when there is none. Raises `Invalid` for anything else."""
    if after is None or after == "":
        return 0
    if not (after.isascii() and after.isdigit()) or len(after) > 15:
        raise Invalid(
            "this cursor was not given by an earlier page", place="after", value=after, remedy="Leave it out to start anew."
        )
    return int(after)
