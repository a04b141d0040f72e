"""Finding datasets, and looking one up."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import QueryParams

from catalog_api import visits
from catalog_api.answering import answered
from catalog_api.asking import question
from catalog_api.deps import AskerDep, EngineDep, SessionDep, SettingsDep
from catalog_api.lineage import lineage
from catalog_api.parameters import OTHERS, described
from catalog_api.routers.curation import layer_json
from catalog_api.routers.reply import PROBLEMS, After, Limit, List, entry_json, finding_json, listed, number, reply
from catalog_api.seeing import seen
from metadata import overlays, store
from metadata.errors import NotFound
from search.base import FacetCount, Hit, Page, Understood
from search.facets import FACETS

router = APIRouter(tags=["datasets"], responses=PROBLEMS)

MOST_VALUES = 10_000
"""Values of one facet that can be listed."""

Words = Annotated[str, Query(description=OTHERS["q"], max_length=2000)]


@router.get("/datasets", response_model=List, openapi_extra={"parameters": described()})
def search_datasets(
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    asker: AskerDep,
    q: Words = "",
    facets: Annotated[str, Query(description=OTHERS["facets"], max_length=4000)] = "",
    sort: Annotated[str, Query(description=OTHERS["sort"])] = "relevance",
    limit: Limit = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    after: After = None,
) -> Response:
    """Datasets that match, with facet counts. Every facet is also a filter: `?format=CSV&format=JSON&theme=TRAN`; a leading
    `-` excludes: `?-theme=TRAN`; `?all.keyword=a&all.keyword=b` wants both. Dates, sizes, areas and periods are bounded by
    the parameters below; `facet.words.keyword=bus` and `facet.under.theme=TRAN` choose among a facet's values."""
    asked = question(
        request.query_params,
        asker.readers,
        words=q,
        facets=facets,
        order=sort,
        limit=limit,
        offset=offset,
        after=after,
        languages=settings.languages,
    )
    page = answered(engine, asked)
    found = store.entries(session, [hit.id for hit in page.hits])
    items = [_item(hit, entry_json(found[hit.id], settings.site_url)) for hit in page.hits if hit.id in found]
    return listed(request, items, page.total, page.next, **_told(page))


def _item(hit: Hit, entry: dict[str, Any]) -> dict[str, Any]:
    shown = {**entry, "score": round(hit.score, 4), "highlights": dict(hit.highlights)}
    if hit.explained:
        shown["explained"] = dict(hit.explained)
    if hit.distance is not None:
        shown["distance"] = hit.distance
    return shown


def _told(page: Page) -> dict[str, Any]:
    """What an answer says beside its hits."""
    return {
        "facets": {name: [_count(one) for one in counts] for name, counts in page.facets.items()},
        "histograms": {
            name: [{"from": begin, "count": count} for begin, count in bars] for name, bars in page.histograms.items()
        },
        "understood": [_understood(one) for one in page.understood],
        "read_as": page.read_as,
        "did_you_mean": list(page.did_you_mean),
    }


def _count(one: FacetCount) -> dict[str, Any]:
    counted = {"value": one.value, "label": dict(one.label), "count": one.count}
    return counted if one.parent is None else {**counted, "parent": one.parent}


def _understood(one: Understood) -> dict[str, Any]:
    """One part of the question, without what it does not have."""
    told = {
        "kind": one.kind,
        "words": list(one.words),
        "also": list(one.also),
        "field": one.field,
        "bounds": list(one.bounds) if any(one.bounds) else None,
        "negated": one.negated,
    }
    return {name: value for name, value in told.items() if value or name == "kind"}


@router.get("/datasets/{name}")
def show_dataset(name: str, request: Request, session: SessionDep, settings: SettingsDep, asker: AskerDep) -> Response:
    """One dataset by its name or id, with its findings, what people changed of it, of what it is a copy, and where it comes
    from."""
    entry = seen(store.get(session, name), asker)
    visits.note(entry.id, request.headers.get("user-agent"))
    findings = [finding_json(row) for row in store.findings(session, entry.id)]
    layers = [layer_json(one) for one in overlays.layers(session, entry.id)]
    told = {**lineage(session, entry, asker.readers), "overlays": layers, "findings": findings}
    return reply(request, {**entry_json(entry, settings.site_url), **told})


@router.get("/datasets/{name}/changes", response_model=List)
def show_history(name: str, request: Request, session: SessionDep, asker: AskerDep) -> Response:
    """What happened to one dataset, newest first; a retired one too."""
    entry = store.find(session, name)
    entry = seen(store.get(session, name) if entry is None else entry, asker)
    items = [change.model_dump() for change in store.history(session, entry.id)]
    return listed(request, items, len(items), None)


@router.get("/datasets/{name}/similar", response_model=List)
def show_similar(
    name: str,
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    asker: AskerDep,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Response:
    """Datasets with much the same words, the most alike first."""
    entry = seen(store.get(session, name), asker)
    hits = engine.similar(entry.id, limit, asker.readers)
    found = store.entries(session, [hit.id for hit in hits])
    items = [_item(hit, entry_json(found[hit.id], settings.site_url)) for hit in hits if hit.id in found]
    return listed(request, items, len(items), None)


@router.get("/facets", response_model=List)
def list_facets(request: Request) -> Response:
    """The facets: what can be counted and filtered by."""
    items = [{"name": facet.name, "title": facet.title} for facet in FACETS.values()]
    return listed(request, items, len(items), None)


@router.get("/facets/{name}", response_model=List, openapi_extra={"parameters": described()})
def list_values(
    name: str,
    request: Request,
    engine: EngineDep,
    settings: SettingsDep,
    asker: AskerDep,
    q: Annotated[str, Query(description="Only values with these words in them.", max_length=200)] = "",
    under: Annotated[
        str | None, Query(description="Only values right under this one; empty: those on top.", max_length=500)
    ] = None,
    order: Annotated[Literal["count", "value"], Query(description="The most frequent first, or by value.")] = "count",
    words: Words = "",
    limit: Limit = 100,
    after: After = None,
) -> Response:
    """The values of one facet, with how many datasets have each, among the datasets that `words` and the filters find (a
    facet's own filter does not count). At most 10,000 values."""
    if name not in FACETS:
        raise NotFound("there is no such facet", place="name", value=name, remedy=f"Use one of {', '.join(FACETS)}.")
    own = {"q", "under", "order", "words", "limit", "after"}
    others = QueryParams([(key, value) for key, value in request.query_params.multi_items() if key not in own])
    asked = replace(
        question(others, asker.readers, words=words, facets=name, languages=settings.languages),
        facet_size=MOST_VALUES,
        facet_order=order,
        facet_words={name: q} if q.strip() else {},
        facet_under={} if under is None else {name: under},
        limit=0,
    )
    counts = engine.search(asked).facets.get(name, ())
    start = number(after)
    following = str(start + limit) if start + limit < len(counts) else None
    return listed(request, [_count(one) for one in counts[start : start + limit]], len(counts), following)


@router.get("/suggest")
def suggest(
    request: Request,
    engine: EngineDep,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
) -> Response:
    """Completions of what someone types: titles (with the dataset's name), publishers, keywords."""
    found = engine.suggest(q, limit) if q.strip() else []
    return reply(request, {"items": [{"words": one.words, "name": one.name, "kind": one.kind} for one in found]})
