"""All of the native API, and its documentation."""

from fastapi import APIRouter, Request, Response

from catalog_api.routers import (
    checks,
    datasets,
    organizations,
    profiles,
    records,
    registering,
    runs,
    searches,
    sources,
    statistics,
)

router = APIRouter(prefix="/api/v1")
for part in (datasets, organizations, registering, sources, runs, records, checks, profiles, searches, statistics):
    router.include_router(part.router)


@router.get("", include_in_schema=False)
@router.get("/", include_in_schema=False)
def index(request: Request) -> Response:
    """Where to go on."""
    from catalog_api.routers.reply import reply

    doors = (
        "datasets",
        "organizations",
        "sources",
        "runs",
        "findings",
        "changes",
        "standards",
        "profiles",
        "facets",
        "suggest",
        "searches",
        "statistics/datasets",
        "openapi.json",
    )
    base = str(request.url).split("?")[0].rstrip("/")
    return reply(request, {"version": 1, "links": {door: f"{base}/{door}" for door in doors}})
