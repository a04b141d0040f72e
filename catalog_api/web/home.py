"""The first page: what is in here, and where to begin."""

from fastapi import APIRouter, Request, Response

from catalog_api.deps import AskerDep, EngineDep, SessionDep
from catalog_api.web.addresses import address
from catalog_api.web.organizations import Department, departments
from catalog_api.web.page import found_by, render, speaking
from catalog_api.web.translation import Tongue
from metadata import sources, store
from metadata.text import best
from search.base import FacetCount, Query
from search.facets import facet_label

router = APIRouter(include_in_schema=False)
THEMES = 24
NEWEST = 6


@router.get("/")
def home(request: Request, session: SessionDep, engine: EngineDep, asker: AskerDep) -> Response:
    """Counts, search, themes, departments, newest."""
    spoken = speaking(request)
    page = found_by(
        engine,
        Query(
            facets=("theme",),
            facet_size=THEMES,
            order="modified",
            limit=NEWEST,
            readers=asker.readers,
            languages=spoken.languages,
        ),
    )
    found = store.entries(session, [hit.id for hit in page.hits])
    values = {
        "datasets": store.count(session),
        "departments": _largest(departments(session, spoken)),
        "sources": len(sources.sources(session)),
        "themes": [_theme(one, spoken) for one in page.facets.get("theme", ())],
        "newest": [found[hit.id] for hit in page.hits if hit.id in found],
        "json_url": "/api/v1/datasets",
    }
    return render(request, "home.html", values)


def _largest(listed: list[Department]) -> list[Department]:
    return sorted(listed, key=lambda one: -one.count)


def _theme(one: FacetCount, spoken: Tongue) -> dict[str, object]:
    label = one.label or facet_label("theme", one.value)
    return {
        "url": address("/search", {"theme": one.value}),
        "name": best(label, spoken.languages) or one.value,
        "count": one.count,
    }
