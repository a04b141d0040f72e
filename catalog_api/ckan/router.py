"""The addresses of the Action API v3. No address redirects: ckanapi sends its calls with redirects switched off.

An unknown token is nobody in particular, not an error, as in CKAN. Whatever goes wrong inside an action comes back in the
envelope.
"""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from catalog_api.auth import Asker, asker
from catalog_api.ckan.answers import (
    HEADERS,
    BadRequest,
    Fault,
    callback_name,
    failed,
    fault_of,
    not_allowed,
    refused,
    succeeded,
)
from catalog_api.ckan.asking import Asking, parameters
from catalog_api.ckan.table import NO_WRITING, READING, WRITING
from catalog_api.deps import EngineDep, SessionDep, SettingsDep
from catalog_api.settings import Settings
from metadata.errors import CatalogError, NotAllowed

router = APIRouter(include_in_schema=False)
_log = structlog.get_logger("mulu")
_PATHS = ("/api/action/{name}", "/api/3/action/{name}", "/api/{version:int}/action/{name}")


async def _parameters(request: Request) -> dict[str, Any] | BadRequest:
    """The parameters, or why they cannot be read: said by the action's route, which knows how."""
    try:
        return await parameters(request)
    except BadRequest as problem:
        return problem


Parameters = Annotated[dict[str, Any] | BadRequest, Depends(_parameters)]


def call(
    request: Request,
    name: str,
    data: Parameters,
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
) -> Response:
    """One call of an action."""
    try:
        if isinstance(data, BadRequest):
            raise data
        callback = callback_name(str(data.pop("callback"))) if request.method == "GET" and "callback" in data else None
        _admit(request, name)
    except BadRequest as problem:
        return refused(problem)
    site = site_of(request, settings)
    help_url = f"{site}/api/3/action/help_show?name={name}"
    who = Asker() if callback else _asker(session, request)
    try:
        return succeeded(help_url, _result(name, Asking(data, session, engine, settings, who, site)), callback)
    except Fault as fault:
        return failed(help_url, fault, callback)


def _admit(request: Request, name: str) -> None:
    """Raises `BadRequest` for a call that reaches no action."""
    version = request.path_params.get("version", 3)
    if version < 3:
        raise BadRequest(f"Action API version {version} is not supported; use 3")
    if name not in READING and name not in WRITING:
        raise BadRequest(f"Action name not known: {name}")
    if name in WRITING and request.method == "GET":
        raise BadRequest("JSON Error: Invalid request. Please use POST method for your request")


def _result(name: str, asking: Asking) -> Any:
    if name in WRITING:
        raise not_allowed(NO_WRITING)
    try:
        return READING[name](asking)
    except CatalogError as problem:
        raise fault_of(problem) from problem
    except OperationalError as problem:
        _log.error("the database is away", action=name, error=type(problem).__name__)
        raise Fault(500, "Internal Server Error", message="the database does not answer; try again in a moment") from problem


def _asker(session: Session, request: Request) -> Asker:
    """Whoever holds the token in `Authorization` (or the older `X-CKAN-API-Key`); nobody in particular when it is not known."""
    header = request.headers.get("authorization") or request.headers.get("x-ckan-api-key")
    try:
        return asker(session, header)
    except NotAllowed:
        return Asker()


def site_of(request: Request, settings: Settings) -> str:
    """The catalogue's address: as set, else as it was asked at."""
    return settings.site_url if "site_url" in settings.model_fields_set else str(request.base_url).rstrip("/")


def preflight() -> Response:
    """What a browser asks before a call from another site."""
    return Response(status_code=204, headers={**HEADERS, "Access-Control-Max-Age": "86400"})


for _path in _PATHS:
    for _variant in (_path, f"{_path}/"):
        router.add_api_route(_variant, call, methods=["GET", "POST"], response_model=None)
        router.add_api_route(_variant, preflight, methods=["OPTIONS"], response_model=None)
