"""A `Lookup` and one commit of the index → what was found."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import tantivy
from tantivy import Query

from search import plan
from search.cursor import Cursor
from search.fields import facet_field
from search.order import Order
from search.tantivy_folder import View, count, stored
from search.tantivy_near import id_of, nearest
from search.tantivy_query import everything, term, translated
from search.tantivy_ranking import Found as Hits
from search.tantivy_ranking import Total, by_numbers, by_relevance
from search.tantivy_schema import dataset_id

_MOST = 60_000
_EVERY = 4_000_000_000
_CHUNK = 10_000
_KEPT = 512
_SAMPLES = 50_000
_TOLD = ("labels", "above")
_NEARBY = 200
_DAY = 86_400_000_000
_START = datetime(1970, 1, 1, tzinfo=UTC)
_T = TypeVar("_T")


def look(view: View, lookup: plan.Lookup) -> plan.Found:
    """What an engine's `look` gives."""
    query = translated(view, lookup.node)
    total = Total(view.totals.get(lookup.node))
    offset, hits = _hits(view, lookup, query, total)
    more, hits = len(hits) > lookup.limit, hits[: lookup.limit]
    rows = [stored(view, address) for _, address in hits]
    parts = _parts(view, lookup, [row[0] for row in rows]) if lookup.parts and rows else {}
    found = tuple(
        plan.Row(one, name, shown, float(key) if lookup.order.key == "relevance" else 0.0, parts.get(one, {}))
        for (key, _), (one, name, shown) in zip(hits, rows, strict=True)
    )
    following = _cursor(view, lookup, query, offset + len(hits), hits[-1]) if hits and more else None
    whole = _total(view, lookup, query, total)
    return plan.Found(whole, found, _facets(view, lookup.facets), _bars(view, lookup.bars), following)


def samples(view: View, facet: str, values: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """For each value of a facet, what is stored of one document that has it."""
    found: dict[str, Mapping[str, Any]] = {}
    for value in values:
        if shown := _kept(view.samples, (facet, value), lambda value=value: _sample(view, facet, value), _SAMPLES):
            found[value] = shown
    return found


def contents(view: View) -> Iterator[tuple[str, int]]:
    """`(id, sequence)` of every document, in the order of ids."""
    ranking = by_numbers(view, everything(view), Order("id", down=False))
    hits = ranking.hits(0, _CHUNK)
    while hits:
        addresses = [address for _, address in hits]
        parts = (view.searcher.fast_field_values(name, addresses) for name in ("id_high", "id_low", "sequence"))
        for high, low, sequence in zip(*parts, strict=True):
            yield dataset_id(int(high or 0), int(low or 0)), int(sequence or 0)
        hits = ranking.after(ranking.place(hits[-1]), _CHUNK)


def _hits(view: View, lookup: plan.Lookup, query: Query, total: Total) -> tuple[int, Hits]:
    """The hits that are asked for and one more, and how many come before them."""
    cursor, order = lookup.after, lookup.order
    offset = lookup.offset if cursor is None else cursor.offset
    if not lookup.limit:
        return offset, []
    limit = lookup.limit + 1
    if order.key == "relevance":
        if cursor is not None and cursor.snapshot != view.state:
            offset = _found_again(view, query, cursor)
        return offset, _relevant(view, lookup, query, total, offset, limit)
    if order.key == "distance":
        place = None if cursor is None else (cursor.key[0], str(cursor.key[1]))
        most = limit + (lookup.offset if cursor is None else 0)
        found = nearest(view, query, order.point or (0.0, 0.0), down=order.down, after=place, most=most)  # type: ignore[arg-type]
        return offset, found[lookup.offset if cursor is None else 0 :]
    if cursor is not None:
        return offset, by_numbers(view, query, order).after(cursor.key, limit)
    return offset, by_numbers(view, query, order, total).hits(offset, limit)


def _total(view: View, lookup: plan.Lookup, query: Query, total: Total) -> int:
    """How many there are, as counted on the way, before, or now."""
    return _kept(view.totals, lookup.node, lambda: count(view, query) if total.value is None else total.value)


def _relevant(view: View, lookup: plan.Lookup, query: Query, total: Total, offset: int, limit: int) -> Hits:
    if lookup.order.down:
        return by_relevance(view, query, total, offset, limit)
    every = _total(view, lookup, query, total)
    limit = min(limit, every - offset)
    return by_relevance(view, query, Total(every), every - offset - limit, limit)[::-1] if limit > 0 else []


def _found_again(view: View, query: Query, cursor: Cursor) -> int:
    """Where a cursor's last hit is after the index has changed: scores have changed a little, so not far from where it was."""
    start = max(0, cursor.offset - _NEARBY)
    for place, (_, address) in enumerate(by_relevance(view, query, Total(), start, 2 * _NEARBY)):
        if id_of(view, address) == cursor.key[0]:
            return start + place + 1
    return cursor.offset


def _cursor(view: View, lookup: plan.Lookup, query: Query, end: int, last: tuple[Any, tantivy.DocAddress]) -> Cursor:
    if lookup.order.key == "relevance":
        return Cursor(end, (id_of(view, last[1]),), view.state)
    if lookup.order.key == "distance":
        return Cursor(end, (last[0], id_of(view, last[1])), view.state)
    return Cursor(end, by_numbers(view, query, lookup.order).place(last), view.state)


def _parts(view: View, lookup: plan.Lookup, ids: list[str]) -> dict[str, dict[str, float]]:
    """What each named part of the score gave to each of some documents."""
    found: dict[str, dict[str, float]] = {}
    among = plan.Constant(plan.AnyTerm("id", tuple(ids)))
    for name, node in lookup.parts:
        query = translated(view, plan.Together((node, among)))
        for score, address in view.searcher.search(query, len(ids), count=False).hits:
            found.setdefault(stored(view, address)[0], {})[name] = float(score)
    return found


def _sample(view: View, facet: str, value: str) -> Mapping[str, Any] | None:
    hits = view.searcher.search(term(view.schema, facet_field(facet), value), 1, count=False).hits
    return {name: told for name, told in stored(view, hits[0][1])[2].items() if name in _TOLD} if hits else None


def _kept(memory: dict[Any, _T], key: Any, make: Any, most: int = _KEPT) -> _T:
    """What was worked out before for this commit, or is now."""
    if key not in memory:
        if len(memory) >= most:
            memory.clear()
        memory[key] = make()
    return memory[key]


def _facets(view: View, countings: Sequence[plan.Counting]) -> dict[str, tuple[tuple[str, int], ...]]:
    """The counts of each facet, from memory when the same was counted since the last commit."""
    found = {one: view.facets[one] for one in countings if one in view.facets}
    missing = [one for one in countings if one not in found]
    for node in dict.fromkeys(one.node for one in missing):
        for one, counts in _count(view, translated(view, node), [one for one in missing if one.node == node]):
            found[one] = _kept(view.facets, one, lambda counts=counts: counts)
    return {one.facet: found[one] for one in countings}


def _count(
    view: View, query: Query, countings: list[plan.Counting]
) -> Iterator[tuple[plan.Counting, tuple[tuple[str, int], ...]]]:
    """The values of facets over the documents of a query. Exact: every segment gives all its values. The engine puts equal
    counts in the order of their values, as we want them; should it ever not, all values are asked for and put in order."""
    size = max(_MOST if one.by_value else one.size for one in countings)
    buckets = _buckets(view, query, countings, size)
    for one in countings:
        counts = buckets[one.facet]
        if len(counts) == size < _MOST and any(_out_of_order(left, right) for left, right in pairwise(counts)):
            counts = _buckets(view, query, [one], _MOST)[one.facet]
        yield one, _ordered(counts, one)


def _out_of_order(left: tuple[str, int], right: tuple[str, int]) -> bool:
    return left[1] == right[1] and left[0] > right[0]


def _ordered(counts: list[tuple[str, int]], one: plan.Counting) -> tuple[tuple[str, int], ...]:
    kept = [count for count in counts if count[1] >= one.least]
    kept.sort(key=(lambda count: (0, count[0])) if one.by_value else (lambda count: (-count[1], count[0])))
    return tuple(kept[: one.size])


def _buckets(view: View, query: Query, countings: list[plan.Counting], size: int) -> dict[str, list[tuple[str, int]]]:
    asked = {one.facet: {"terms": {"field": facet_field(one.facet), "size": size, "segment_size": _EVERY}} for one in countings}
    given = view.searcher.aggregate(query, asked)
    return {name: [(bucket["key"], bucket["doc_count"]) for bucket in given[name]["buckets"]] for name in asked}


def _bars(view: View, asked: Sequence[plan.Bars]) -> dict[str, tuple[tuple[str, int], ...]]:
    return {one.field: _kept(view.bars, one, lambda one=one: _counted_bars(view, one)) for one in asked}


def _counted_bars(view: View, one: plan.Bars) -> tuple[tuple[str, int], ...]:
    """Days are counted by the engine, and put together to longer intervals here."""
    day = {"histogram": {"field": one.field, "interval": float(_DAY), "min_doc_count": 1}}
    counts: dict[str, int] = {}
    for bucket in view.searcher.aggregate(translated(view, one.node), {"days": day})["days"]["buckets"]:
        begin = _begin(round(bucket["key"] / _DAY), one.interval)
        counts[begin] = counts.get(begin, 0) + bucket["doc_count"]
    return tuple(sorted(counts.items()))


def _begin(day: int, interval: str) -> str:
    """The first day of the interval that a day (counted from 1970) lies in, as an ISO date."""
    date = (_START + timedelta(days=day)).date()
    if interval == "day":
        return date.isoformat()
    month = {"year": 1, "quarter": (date.month - 1) // 3 * 3 + 1}.get(interval, date.month)
    return date.replace(month=month, day=1).isoformat()
