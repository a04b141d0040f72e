"""Health and numbers: what an operator looks at; logs are in `logs.py`."""

from typing import Any

import orjson
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from catalog_api.deps import EngineDep, RoomsDep, SessionDep
from catalog_api.metrics import Numbers
from catalog_api.revision import current, newest
from metadata.errors import CatalogError

router = APIRouter(include_in_schema=False)


@router.get("/health/live")
def live() -> Response:
    """The process answers."""
    return _json({"status": "ok"})


@router.get("/health/ready")
def ready(rooms: RoomsDep) -> Response:
    """The database is there at the right revision; else 503 with what is not. Without the index everything but searching
    goes on, so that is told (`degraded`) and no reason to be taken out of rotation."""
    checks = {"database": _database(rooms), "search": _search(rooms)}
    usable = checks["database"] == "ok"
    status = "unavailable" if not usable else "ok" if checks["search"] == "ok" else "degraded"
    return _json({"status": status, "checks": checks}, 200 if usable else 503)


@router.get("/metrics")
def metrics(session: SessionDep, engine: EngineDep) -> Response:
    """The catalogue's numbers, for Prometheus."""
    registry = CollectorRegistry()
    registry.register(Numbers(session, engine))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _database(rooms: RoomsDep) -> str:
    try:
        return "ok" if current(rooms.database) == newest() else "needs `mulu db upgrade`"
    except CatalogError as problem:
        return problem.message


def _search(rooms: RoomsDep) -> str:
    try:
        rooms.search.position()
    except CatalogError as problem:
        return problem.message
    return "ok"


def _json(body: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
