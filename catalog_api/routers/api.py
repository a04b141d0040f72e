"""All of the native API, and its documentation."""

from fastapi import APIRouter, Request, Response

from catalog_api.routers import (
    checks,
    curation,
    datasets,
    decisions,
    health,
    organizations,
    previews,
    profiles,
    records,
    registering,
    reports,
    runs,
    searches,
    sources,
    statistics,
    uploads,
)

router = APIRouter(prefix="/api/v1")
for part in (
    datasets,
    health,
    curation,
    organizations,
    registering,
    sources,
    previews,
    runs,
    reports,
    decisions,
    records,
    checks,
    profiles,
    searches,
    statistics,
    uploads,
):
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
