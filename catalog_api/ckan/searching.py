"""Asking the engine what CKAN's clients ask: words, filters, facets, and the package dicts of what was found."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from catalog_api.answering import answered
from catalog_api.ckan import questions
from catalog_api.ckan.asking import Asking
from catalog_api.ckan.packages import organizations, package
from catalog_api.ckan.solr import NotExpressible
from metadata import departments, sources, store
from metadata.errors import NotFound
from metadata.model import Coded
from metadata.vocabulary import term
from search.base import FacetCount, Page, Query
from standards.ckan_write import group_name, is_group

EVERY = 10_000
MOST_IDS = 1_000


@dataclass(frozen=True)
class Counting:
    """Which facets to count: at most `size` values of each that at least `least` of the found datasets have."""

    facets: tuple[str, ...] = ()
    size: int = 50
    least: int = 1


@dataclass(frozen=True)
class Directory:
    """What the search language needs to know of the directory. A facet is counted once, however often it is asked for."""

    asking: Asking
    known: dict[str, tuple[FacetCount, ...]] = field(default_factory=dict)

    def organization(self, word: str) -> str:
        try:
            return departments.organization(self.asking.session, word).name
        except NotFound:
            return word

    def source(self, word: str) -> str:
        found = next((one.name for one in sources.sources(self.asking.session) if word in (one.id, one.name)), None)
        return found or word

    def themes(self, group: str) -> tuple[str, ...]:
        return tuple(one.value for one in self._counted("theme") if group in (group_of(one.value), one.value))

    def values(self, facet: str) -> tuple[str, ...]:
        found = self._counted(facet)
        if len(found) >= EVERY:
            raise NotExpressible(f"there are too many values of {facet} for a wildcard")
        return tuple(one.value for one in found)

    def _counted(self, facet: str) -> tuple[FacetCount, ...]:
        if facet not in self.known:
            self.known[facet] = counted(self.asking, facet)
        return self.known[facet]


def counted(asking: Asking, facet: str) -> tuple[FacetCount, ...]:
    """Every value of a facet among published datasets, with how many have it."""
    query = Query(filters={"state": ("published",)}, facets=(facet,), facet_size=EVERY, limit=0, order="id")
    return asking.engine.search(query).facets.get(facet, ())


def group_of(value: str) -> str:
    """The name of the group for a value of the theme facet; empty for one that is no group."""
    theme = Coded(scheme="theme", code=value) if term("theme", value) else Coded(raw=value)
    return group_name(theme) if is_group(theme) else ""


def found(
    asking: Asking,
    asked: questions.Asked,
    *,
    order: str,
    counting: Counting = Counting(),
    limit: int = 0,
    offset: int = 0,
) -> Page:
    """The answer to what was asked; facets are counted within it, as Solr does. Raises `NotExpressible` when it cannot be
    narrowed down, `Invalid` for what cannot be."""
    if asked.impossible:
        return Page(total=0, hits=())
    filters, required, more = _divided(asked.filters)
    query = Query(
        words=" ".join(asked.words),
        filters=filters,
        excluded=asked.excluded,
        required=required,
        ranges=asked.ranges,
        box=asked.box,
        facets=counting.facets,
        facet_size=counting.size,
        facet_least=counting.least,
        facet_within=True,
        order=order,
        limit=limit,
        offset=offset,
        readers=asking.asker.readers,
        languages=asking.settings.languages,
    )
    narrow = _narrowed(asking, query, more)
    return answered(asking.engine, narrow) if narrow else Page(total=0, hits=())


Conditions = dict[str, tuple[str, ...]]


def _divided(asked: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[Conditions, Conditions, list[tuple[str, tuple[str, ...]]]]:
    """Conditions that all apply → values of which one has to be there, values that all have to be there, and what is left:
    further alternatives on the same facet."""
    filters: Conditions = {}
    required: Conditions = {}
    more: list[tuple[str, tuple[str, ...]]] = []
    for name, values in asked:
        if name not in filters:
            filters[name] = values
        elif len(values) == 1:
            required[name] = (*required.get(name, ()), *values)
        elif len(filters[name]) == 1:
            required[name] = (*required.get(name, ()), *filters[name])
            filters[name] = values
        else:
            more.append((name, values))
    return filters, required, more


def _narrowed(asking: Asking, query: Query, more: Sequence[tuple[str, tuple[str, ...]]]) -> Query | None:
    """The query with further alternatives on the same facet (`tags:(a OR b) AND tags:(c OR d)`), by the ids of what has the
    rarer ones; None when nothing has both. Raises `NotExpressible` when each is on more datasets than can be listed."""
    for name, values in more:
        kept = query.filters[name]
        for listed, other in ((values, kept), (kept, values)):
            asked = replace(query, filters={**query.filters, name: listed}, facets=(), order="id", limit=MOST_IDS, offset=0)
            page = asking.engine.search(asked)
            if page.total <= MOST_IDS:
                query = replace(query, filters={**query.filters, name: other, "id": tuple(hit.id for hit in page.hits)})
                break
        else:
            raise NotExpressible(
                f"more than {MOST_IDS} datasets have each of {name}:({' '.join(kept)}) and ({' '.join(values)})"
            )
        if not query.filters["id"]:
            return None
    return query


def packages(asking: Asking, page: Page) -> list[dict[str, Any]]:
    """The package dicts of a page, in its order. One that was retired since the index last looked is left out."""
    entries = store.entries(asking.session, [hit.id for hit in page.hits])
    owners = organizations(asking.session)
    return [
        package(entry, owners, asking.settings.languages)
        for hit in page.hits
        if (entry := entries.get(hit.id)) and entry.state != "retired"
    ]


def asked(asking: Asking, q: str, fq: Sequence[str], bbox: str = "") -> questions.Asked:
    """What `q`, `fq` and `ext_bbox` ask for, at this moment. Raises `NotExpressible`."""
    return questions.asked(q, fq, Directory(asking), datetime.now(UTC), bbox)
