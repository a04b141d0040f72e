"""CKAN's envelope and its errors: `{"help", "success", "result"}`, or `{"help", "success": false, "error": {"__type", …}}`.

Rules: docs.ckan.org, "API guide"; the table of types and statuses is the one clients tell errors by (ckanapi raises by
`__type` and takes what follows the first `": "` of a message).
"""

import re
from typing import Any

import orjson
from fastapi import Response

from metadata.errors import CatalogError, Gone, Invalid, NotAllowed, NotFound, TooLarge, Unavailable

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, X-CKAN-API-Key, Content-Type",
}
_CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*|\[\d{1,4}\]){0,8}", re.ASCII)


class Fault(Exception):
    """An error as CKAN tells it: HTTP status, `__type`, and what else the error holds."""

    def __init__(self, status: int, kind: str, **more: Any) -> None:
        super().__init__(kind)
        self.status = status
        self.error: dict[str, Any] = {"__type": kind, **more}


class BadRequest(Exception):
    """A request that reaches no action: CKAN answers 400 with a plain JSON string, without an envelope."""


def not_found(what: str) -> Fault:
    """404, told as CKAN tells it."""
    return Fault(404, "Not Found Error", message=f"Not found: {what}")


def not_allowed(why: str) -> Fault:
    """403, told as CKAN tells it."""
    return Fault(403, "Authorization Error", message=f"Access denied: {why}")


def not_valid(**faults: str) -> Fault:
    """409 with a list of messages for each field."""
    return Fault(409, "Validation Error", **{name: [words] for name, words in faults.items()})


def query_fault(words: str) -> Fault:
    """400 for a search that cannot be asked."""
    return Fault(400, "Search Query Error", message=f"Search Query is invalid: {words}")


def fault_of(problem: CatalogError) -> Fault:
    """A domain error as CKAN tells it."""
    if isinstance(problem, Gone):
        return not_allowed(f"the dataset {problem.value or ''} was retired")
    if isinstance(problem, NotFound):
        return not_found(problem.message)
    if isinstance(problem, NotAllowed):
        return not_allowed(problem.message)
    if isinstance(problem, (Invalid, TooLarge)):
        return not_valid(**{problem.place or "message": str(problem)})
    if isinstance(problem, Unavailable):
        return Fault(503, "Search Connection Error", message=str(problem))
    return Fault(500, "Internal Server Error", message="Internal Server Error")


def callback_name(given: str) -> str:
    """The name of a JSONP callback itself. Raises `BadRequest` for what is no plain JavaScript name."""
    if not _CALLBACK.fullmatch(given) or len(given) > 100:
        raise BadRequest("callback is not a JavaScript name")
    return given


def succeeded(help_url: str, result: Any, callback: str | None = None) -> Response:
    """200 with a result, as JSON or JSONP."""
    return _response(200, {"help": help_url, "success": True, "result": result}, callback)


def failed(help_url: str, fault: Fault, callback: str | None = None) -> Response:
    """The error of an action, as JSON or JSONP."""
    return _response(fault.status, {"help": help_url, "success": False, "error": fault.error}, callback)


def refused(problem: BadRequest) -> Response:
    """400 with a plain JSON string."""
    return _response(400, f"Bad request: {problem}", None)


def _response(status: int, body: Any, callback: str | None) -> Response:
    packed = orjson.dumps(body)
    headers = {**HEADERS, "Retry-After": "5"} if status == 503 else HEADERS
    if callback is None:
        return Response(packed, status, headers, "application/json;charset=utf-8")
    # U+2028 and U+2029 end a line in older JavaScript.
    packed = packed.replace("\u2028".encode(), b"\\u2028").replace("\u2029".encode(), b"\\u2029")
    return Response(callback.encode() + b"(" + packed + b");", status, headers, "application/javascript;charset=utf-8")
