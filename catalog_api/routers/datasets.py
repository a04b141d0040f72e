"""Finding datasets, and looking one up."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from catalog_api.asking import question
from catalog_api.deps import AskerDep, EngineDep, SessionDep, SettingsDep
from catalog_api.routers.reply import PROBLEMS, After, Limit, List, entry_json, finding_json, listed, reply
from catalog_api.seeing import seen
from metadata import store
from search.base import FacetCount, Hit
from search.facets import FACETS

router = APIRouter(tags=["datasets"], responses=PROBLEMS)


@router.get("/datasets", response_model=List)
def search_datasets(
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    asker: AskerDep,
    q: Annotated[str, Query(description="Words, in any language; empty matches all.", max_length=2000)] = "",
    facets: Annotated[str, Query(description="Facets to count, separated by commas.")] = "",
    sort: Annotated[
        str, Query(description="`relevance`, `modified`, `title`, `name`, `created`, `updated`; a leading `-` turns it round.")
    ] = "relevance",
    limit: Limit = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    after: After = None,
) -> Response:
    """Datasets that match, with facet counts. Every facet is also a filter: `?format=CSV&format=JSON&theme=TRAN`; a leading
    `-` excludes: `?-theme=TRAN`. `modified_from`, `modified_to` (also `issued`, `created`, `updated`) bound dates."""
    asked = question(
        request.query_params, asker.readers, words=q, facets=facets, order=sort, limit=limit, offset=offset, after=after
    )
    page = engine.search(asked)
    found = store.entries(session, [hit.id for hit in page.hits])
    items = [_item(hit, entry_json(found[hit.id], settings.site_url)) for hit in page.hits if hit.id in found]
    return listed(
        request,
        items,
        page.total,
        page.next,
        facets={name: [_count(one) for one in counts] for name, counts in page.facets.items()},
    )


def _item(hit: Hit, entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "score": round(hit.score, 4), "highlights": dict(hit.highlights)}


def _count(one: FacetCount) -> dict[str, Any]:
    return {"value": one.value, "label": dict(one.label), "count": one.count}


@router.get("/datasets/{name}")
def show_dataset(name: str, request: Request, session: SessionDep, settings: SettingsDep, asker: AskerDep) -> Response:
    """One dataset by its name or id, with its findings."""
    entry = seen(store.get(session, name), asker)
    findings = [finding_json(row) for row in store.findings(session, entry.id)]
    return reply(request, {**entry_json(entry, settings.site_url), "findings": findings})


@router.get("/datasets/{name}/changes", response_model=List)
def show_history(name: str, request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """What happened to one dataset, newest first; a retired one too."""
    entry = store.find(session, name)
    entry = seen(store.get(session, name) if entry is None else entry, asker)
    items = [change.model_dump() for change in store.history(session, entry.id)]
    return listed(request, items, len(items), None)


@router.get("/facets")
def list_facets(request: Request) -> Response:
    """The facets: what can be counted and filtered by."""
    items = [{"name": facet.name, "title": facet.title} for facet in FACETS.values()]
    return listed(request, items, len(items), None)


@router.get("/suggest")
def suggest(
    request: Request,
    engine: EngineDep,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> Response:
    """Completions of what someone types."""
    found = engine.suggest(q, limit) if q.strip() else []
    return reply(request, {"items": [{"words": one.words, "name": one.name} for one in found]})
