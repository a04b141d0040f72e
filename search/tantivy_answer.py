"""A question and one commit of the index → a page."""

from collections.abc import Iterator, Mapping
from typing import Any

import tantivy

from metadata.errors import Invalid
from metadata.text import UNDETERMINED, best
from search import cursor as cursors
from search.analysis import Atom
from search.base import FacetCount, Hit, Page, Query
from search.facets import FACETS, facet_label
from search.highlight import WINDOW, highlight
from search.language import Question, question
from search.order import Order, order
from search.tantivy_folder import Facets, View, count, stored
from search.tantivy_query import build, everything, known, term
from search.tantivy_ranking import Found, Ranking
from search.tantivy_schema import dataset_id, facet_field

LIMIT = 1_000
"""Hits of one page."""

FACET_SIZE = 10_000
_MOST = 60_000
_EVERY = 4_000_000_000
_CHUNK = 10_000
_KEPT = 128
_LABELS = 5_000


def page(view: View, query: Query) -> Page:
    """The answer to a question. Raises `Invalid`."""
    _vet(query)
    asked = question(query.words)
    by = order(query.order, has_words=bool(asked.wanted))
    built = build(view.schema, query, asked)
    ranking = Ranking(view, built, by, count(view, built))
    offset = query.offset if query.after is None else ranking.resumed(cursors.decode(query, query.after))
    found = ranking.hits(offset, query.limit)
    shown = tuple(_hit(view, key, address, query, asked) for key, address in found)
    return Page(ranking.total, shown, _counted(view, built, query), _next(query, ranking, offset, found))


def contents(view: View) -> Iterator[tuple[str, int]]:
    """`(id, sequence)` of every document, in the order of ids."""
    query = tantivy.Query.boolean_query(everything(view.schema))
    ranking = Ranking(view, query, Order("id", down=False), count(view, query))
    offset = 0
    while addresses := [address for _, address in ranking.hits(offset, _CHUNK)]:
        parts = (view.searcher.fast_field_values(name, addresses) for name in ("id_high", "id_low", "sequence"))
        for high, low, sequence in zip(*parts, strict=True):
            yield dataset_id(int(high or 0), int(low or 0)), int(sequence or 0)
        offset += len(addresses)


def _counted(view: View, built: tantivy.Query, query: Query) -> Facets:
    """Facet counts, from memory when the same was asked since the last commit."""
    if not query.facets:
        return {}
    key = _asked(query)
    if kept := view.facets.get(key):
        return kept
    counted = {
        name: tuple(FacetCount(value, _label(view, name, value), number) for value, number in counts)
        for name, counts in _count(view, built, query).items()
    }
    if len(view.facets) >= _KEPT:
        view.facets.clear()
    view.facets[key] = counted
    return counted


def _label(view: View, name: str, value: str) -> Mapping[str, str]:
    """The words for a value: from the lists, else from a document that has it, else the value itself."""
    if kept := view.labels.get((name, value)):
        return kept
    label = facet_label(name, value) or _told(view, name, value) or {UNDETERMINED: value}
    if len(view.labels) >= _LABELS:
        view.labels.clear()
    view.labels[name, value] = label
    return label


def _vet(query: Query) -> None:
    for name in query.facets:
        known(name, FACETS, "facet")
    numbers = (("limit", query.limit, LIMIT), ("facet_size", query.facet_size, FACET_SIZE), ("offset", query.offset, 1 << 40))
    for what, number, most in numbers:
        if not 0 <= number <= most:
            raise Invalid("this number is out of bounds", place=what, value=number, remedy=f"Use 0 to {most}.")
    if query.after is not None and query.offset:
        remedy = "Leave one of them out."
        raise Invalid("a page has either an offset or a cursor", place="offset", value=query.offset, remedy=remedy)


def _asked(query: Query) -> object:
    """What decides the facet counts of a question, in a form that can be a key."""
    parts = (query.filters, query.excluded)
    filters = tuple(tuple(sorted((name, tuple(sorted(values))) for name, values in part.items())) for part in parts)
    return query.words, filters, tuple(sorted(query.ranges.items())), query.facets, query.facet_size, query.readers


def _next(query: Query, ranking: Ranking, offset: int, found: Found) -> str | None:
    end = offset + len(found)
    return cursors.encode(query, cursors.Cursor(end, *ranking.place(found[-1]))) if found and end < ranking.total else None


def _hit(view: View, key: Any, address: tantivy.DocAddress, query: Query, asked: Question) -> Hit:
    found_id, name, shown = stored(view, address)
    score = key if isinstance(key, float) else 0.0
    title = best(shown["title"], query.languages)
    marks = _highlights(shown, title, query, asked.wanted) if query.highlight and asked.wanted else {}
    return Hit(found_id, name, title, shown["organization"], round(score, 4), marks)


def _highlights(shown: Mapping[str, Any], title: str, query: Query, wanted: tuple[Atom, ...]) -> dict[str, str]:
    """The title in the asker's language and the description in the first language that matches, the asker's before others."""
    marks = {"title": highlight(title, wanted)}
    texts = list(shown["description"].values())
    preferred = best(shown["description"], query.languages)
    for text in sorted(texts, key=lambda words: words != preferred):
        if found := highlight(text, wanted, WINDOW):
            marks["description"] = found
            break
    return {field: marked for field, marked in marks.items() if marked}


def _told(view: View, name: str, value: str) -> Mapping[str, str] | None:
    """The words that some document of the index has for a value."""
    hits = view.searcher.search(term(view.schema, facet_field(name), value), 1, count=False).hits
    labels: dict[str, dict[str, Mapping[str, str]]] = stored(view, hits[0][1])[2].get("labels", {}) if hits else {}
    return labels.get(name, {}).get(value)


def _count(view: View, built: tantivy.Query, query: Query) -> dict[str, list[tuple[str, int]]]:
    """The most frequent values of each facet, ties by value. Exact: every segment gives all its values, and where the last
    place is shared, all that share it are looked at."""
    found: dict[str, list[tuple[str, int]]] = {}
    size = query.facet_size + 20
    names = [name for name in query.facets if query.facet_size]
    while names:
        buckets = _buckets(view, built, names, size)
        for name, counts in buckets.items():
            complete = len(counts) < size or size >= _MOST or counts[-1][1] < counts[query.facet_size - 1][1]
            if complete:
                found[name] = sorted(counts, key=lambda count: (-count[1], count[0]))[: query.facet_size]
        names = [name for name in names if name not in found]
        size = min(size * 8, _MOST)
    return {name: found.get(name, []) for name in query.facets}


def _buckets(view: View, built: tantivy.Query, names: list[str], size: int) -> dict[str, list[tuple[str, int]]]:
    asked = {name: {"terms": {"field": facet_field(name), "size": size, "segment_size": _EVERY}} for name in names}
    given = view.searcher.aggregate(built, asked)
    return {name: [(bucket["key"], bucket["doc_count"]) for bucket in given[name]["buckets"]] for name in names}
