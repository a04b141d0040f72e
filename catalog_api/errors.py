"""Domain errors become problem+json (RFC 9457), once, here. Pages show the same words as a page."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from starlette.exceptions import HTTPException

from metadata.errors import (
    CatalogError,
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    NotKnown,
    SourceError,
    TooLarge,
    Unavailable,
)

STATUS: tuple[tuple[type[CatalogError], int], ...] = (
    (NotKnown, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Gone, 410),
    (Conflict, 409),
    (TooLarge, 413),
    (Invalid, 400),
    (SourceError, 422),
    (Unavailable, 503),
)
PAGE_ERROR = Callable[[Request, int, str, str, str], Response]
_log = structlog.get_logger("mulu")


def status_of(problem: CatalogError) -> int:
    """The HTTP status for a domain error; 500 for one that has none."""
    return next((status for kind, status in STATUS if isinstance(problem, kind)), 500)


def problem_json(status: int, title: str, detail: str, **more: Any) -> Response:
    """A problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **{k: v for k, v in more.items() if v}}
    headers = {"Retry-After": "5"} if status == 503 else {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response(orjson.dumps(body), status, headers, "application/problem+json")


def answer(problem: CatalogError) -> Response:
    """The problem document of a domain error."""
    status = status_of(problem)
    return problem_json(
        status, HTTPStatus(status).phrase, problem.message, place=problem.place, value=problem.value, remedy=problem.remedy
    )


def respond(request: Request, problem: CatalogError, page: PAGE_ERROR) -> Response:
    """The answer to a domain error: a page for a visitor's browser, a problem document for anything else."""
    status = status_of(problem)
    if wants_page(request):
        return page(request, status, HTTPStatus(status).phrase, str(problem), problem.remedy)
    return answer(problem)


def install(app: FastAPI, page: PAGE_ERROR) -> None:
    """Registers the handlers. `page(request, status, title, detail, remedy)` makes the page for a visitor's browser."""

    def domain(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, CatalogError)
        if status_of(problem) == 500:
            _log.error("domain error without a status", error=type(problem).__name__, message=problem.message)
        return respond(request, problem, page)

    def http(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        phrase = HTTPStatus(problem.status_code).phrase
        if wants_page(request):
            return page(request, problem.status_code, phrase, str(problem.detail), "")
        made = problem_json(problem.status_code, phrase, str(problem.detail))
        made.headers.update(problem.headers or {})
        return made

    def validation(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, RequestValidationError)
        faults = [{"place": ".".join(str(part) for part in one["loc"]), "message": one["msg"]} for one in problem.errors()]
        detail = "; ".join(f"{one['place']}: {one['message']}" for one in faults[:5])
        if wants_page(request):
            return page(request, 422, "Unprocessable Content", detail, "")
        return problem_json(422, "Unprocessable Content", detail, errors=faults)

    def unstored(request: Request, problem: Exception) -> Response:
        return respond(request, refusal(problem), page)

    def broken(request: Request, problem: Exception) -> Response:
        _log.error("a request broke", path=request.url.path, exc_info=problem)
        return problem_json(500, "Internal Server Error", "something broke here; it was noted in the log")

    app.add_exception_handler(CatalogError, domain)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, validation)
    app.add_exception_handler(StatementError, unstored)
    app.add_exception_handler(UnicodeEncodeError, unstored)
    app.add_exception_handler(Exception, broken)


def refusal(problem: Exception) -> CatalogError:
    """What a database's refusal means for the asker: a value it cannot hold (NUL, half a surrogate pair, too large a number),
    a name that someone took at the same moment, or a database that is away."""
    if isinstance(problem, IntegrityError):
        return Conflict("this clashes with what is stored", remedy="It may have been changed at the same moment: try again.")
    if isinstance(problem, DataError) or not isinstance(problem, DBAPIError):
        return Invalid("a value holds what cannot be stored or looked up", remedy="Leave out control characters and the like.")
    _log.error("the database is away", error=type(problem).__name__)
    return Unavailable("the database does not answer", remedy="Try again in a moment.")


def wants_page(request: Request) -> bool:
    """Whether a person looks: a browser, at an address that is not a machine's."""
    path = request.url.path
    if path.startswith(("/api/", "/health/", "/data.json", "/catalog.", "/metrics", "/feeds/")):
        return False
    return "text/html" in request.headers.get("accept", "")
