"""What is left of the older APIs: the version, the status that udata asks for, and completions under `/api/2/util`."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from catalog_api.auth import Asker
from catalog_api.ckan import actions_datasets, actions_organizations, actions_words
from catalog_api.ckan.actions_site import status_show
from catalog_api.ckan.answers import HEADERS, Fault, fault_of
from catalog_api.ckan.asking import Asking
from catalog_api.ckan.router import site_of
from catalog_api.deps import EngineDep, SessionDep, SettingsDep
from metadata.errors import CatalogError

router = APIRouter(include_in_schema=False)

_COMPLETIONS: dict[str, Callable[[Asking], list[Any]]] = {
    "dataset": actions_datasets.package_autocomplete,
    "package": actions_datasets.package_autocomplete,
    "tag": actions_words.tag_autocomplete,
    "group": actions_organizations.group_autocomplete,
    "organization": actions_organizations.organization_autocomplete,
    "resource/format": actions_words.format_autocomplete,
}


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, HEADERS, "application/json;charset=utf-8")


def show_version() -> Response:
    """The version of the API."""
    return _json({"version": 3})


def show_status(request: Request, session: SessionDep, engine: EngineDep, settings: SettingsDep) -> Response:
    """What status_show gives, without an envelope."""
    return _json(status_show(Asking({}, session, engine, settings, Asker(), site_of(request, settings))))


def complete(thing: str, request: Request, session: SessionDep, engine: EngineDep, settings: SettingsDep) -> Response:
    """Completions of what was typed (`incomplete`), in the form of CKAN's own pages."""
    if thing not in _COMPLETIONS:
        return _json("Not found", 404)
    typed = request.query_params.get("incomplete") or request.query_params.get("q") or ""
    limit = request.query_params.get("limit") or "10"
    asking = Asking({"q": typed, "limit": limit}, session, engine, settings, Asker(), site_of(request, settings))
    try:
        found = _COMPLETIONS[thing](asking) if typed.strip() else []
    except (Fault, CatalogError) as problem:
        fault = problem if isinstance(problem, Fault) else fault_of(problem)
        return _json(fault.error, fault.status)
    if thing in ("dataset", "package", "group", "organization"):
        return _json(found if thing in ("group", "organization") else {"ResultSet": {"Result": found}})
    return _json({"ResultSet": {"Result": [{"Name" if thing == "tag" else "Format": one} for one in found]}})


def complete_format(request: Request, session: SessionDep, engine: EngineDep, settings: SettingsDep) -> Response:
    """Completions of a format."""
    return complete("resource/format", request, session, engine, settings)


for _path in ("/api", "/api/3"):
    for _variant in (_path, f"{_path}/"):
        router.add_api_route(_variant, show_version, methods=["GET"], response_model=None)
for _path in ("/api/util/status", "/api/2/util/status", "/api/3/util/status"):
    router.add_api_route(_path, show_status, methods=["GET"], response_model=None)
for _prefix in ("/api/util", "/api/2/util", "/api/3/util"):
    router.add_api_route(_prefix + "/resource/format_autocomplete", complete_format, methods=["GET"], response_model=None)
    router.add_api_route(_prefix + "/{thing}/autocomplete", complete, methods=["GET"], response_model=None)
