"""The hits of a question in their order, from anywhere in it.

The engine orders by one number at a time. An order is a list of numbers (`LEVELS`): hits that share the first are ordered by
the second, asked for as a question of its own, so that no number of equal hits is ever loaded whole; what the last number
leaves equal is put in order here, by the words behind it and by id. So every order is total and pages never overlap. A
cursor remembers the numbers of the last hit: the next page is asked for among what comes after them, wherever that is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import tantivy
from tantivy import Occur, Query

from search.order import Order
from search.plan import Between
from search.tantivy_folder import View, count, stored
from search.tantivy_query import silent, translated
from search.tantivy_schema import full_key

Address = tantivy.DocAddress
Found = list[tuple[Any, Address]]
"""Hits as (the number they are ordered by, or the score; where)."""


@dataclass
class Total:
    """How many hits a query has; None until a search has counted them on its way."""

    value: int | None = None


_WORDS = ("title", "name")
_LEVELS = {"title": ("title_1", "title_2"), "name": ("name_1", "name_2"), "id": ()}
_FEW = 16
_MOST_TIED = 5_000
"""Hits of one score that are put in order; more of them stay as they lie, which is the same for one state of the index."""


@dataclass(frozen=True)
class Ranking:
    """All hits of a query by numbers. `levels`: the fields, each with whether it goes down. `order`: what was asked for.
    `total` is told by the first search when it is not known."""

    view: View
    query: Query
    levels: tuple[tuple[str, bool], ...]
    order: Order
    total: Total = field(default_factory=lambda: Total(0))

    def hits(self, offset: int, limit: int) -> Found:
        """At most `limit` hits after the first `offset`."""
        if limit <= 0:
            return []
        if not self.levels:
            return self._sorted(self._all())[offset : offset + limit]
        start = max(0, offset - 1)
        raw = self._raw(start, offset - start + limit + 1)
        window = raw[offset - start :][:limit]
        before = raw[0][0] if start < offset and raw else _NONE
        after = raw[-1][0] if len(raw) > offset - start + limit else _NONE
        found: Found = []
        for value, group in groupby(window, key=lambda hit: hit[0]):
            whole = list(group)
            if not found and value == before:
                found += self._tied(value).hits(offset - self._before(value), len(whole))
            elif value == after:
                found += self._tied(value).hits(0, len(whole))
            else:
                found += self._sorted(whole)
        return found

    def after(self, place: Sequence[Any], limit: int) -> Found:
        """At most `limit` hits after the place that a cursor names (see `place`), wherever that is now."""
        if limit <= 0:
            return []
        *numbers, words, last = place
        if not self.levels:
            return [hit for hit in self._sorted(self._all()) if not self._comes_until(hit, words, last)][:limit]
        value = numbers[0]
        found = self._tied(value).after([*numbers[1:], words, last], limit)
        if value is not None and len(found) < limit:
            found += self._beyond(value).hits(0, limit - len(found))
            if len(found) < limit:
                found += self._tied(None).hits(0, limit - len(found))
        return found

    def place(self, hit: tuple[Any, Address]) -> tuple[float | int | str | None, ...]:
        """What a cursor remembers of a hit: its numbers, the words behind them, its id."""
        kept = stored(self.view, hit[1])
        numbers = [self.view.searcher.fast_field_values(field, [hit[1]])[0] for field, _ in self.levels]
        return (*numbers, full_key(self.order.key, kept), kept[0])

    def _before(self, value: Any) -> int:
        """How many hits come before all those with this number."""
        (field, down), query = self.levels[0], self.query
        if value is None:
            return count(self.view, _with(self.view, query, Between(field)))
        bounds = Between(field, value + 1, None) if down else Between(field, None, value - 1)
        return count(self.view, _with(self.view, query, bounds))

    def _tied(self, value: Any) -> "Ranking":
        """Those with this number (None: without one), in the order of the other numbers."""
        field, _ = self.levels[0]
        if value is None:
            never = (Occur.MustNot, silent(translated(self.view, Between(field))))
            query = Query.boolean_query([(Occur.Must, self.query), never])
        else:
            query = _with(self.view, self.query, Between(field, value, value))
        return replace(self, query=query, levels=self.levels[1:], total=Total(0))

    def _beyond(self, value: Any) -> "Ranking":
        """Those with a number that comes after this one."""
        field, down = self.levels[0]
        bounds = Between(field, None, value - 1) if down else Between(field, value + 1, None)
        return replace(self, query=_with(self.view, self.query, bounds), total=Total(0))

    def _raw(self, offset: int, limit: int) -> Found:
        """Hits as the engine orders them: equal ones as they lie."""
        name, down = self.levels[0]
        way = tantivy.Order.Desc if down else tantivy.Order.Asc
        counts = self.total.value is None
        search = self.view.searcher.search
        found = search(self.query, limit, count=counts, order_by_field=name, offset=offset, order=way)
        if counts:
            self.total.value = int(found.count)  # type: ignore[attr-defined]  # the stub forgot it
        return found.hits

    def _all(self) -> Found:
        """Every hit, as they lie."""
        return self.view.searcher.search(self.query, max(1, count(self.view, self.query)), count=False).hits

    def _sorted(self, tied: Found) -> Found:
        """Hits with one number in order: by the words behind it where there are any, by id."""
        if len(tied) < 2:
            return tied
        addresses = [address for _, address in tied]
        values = self.view.searcher.fast_field_values
        ids = list(zip(values("id_high", addresses), values("id_low", addresses), strict=True))
        order = sorted(range(len(tied)), key=ids.__getitem__, reverse=self.order.key == "id" and self.order.down)
        if self.order.key in _WORDS:
            keys = [full_key(self.order.key, stored(self.view, address)) for address in addresses]
            order.sort(key=keys.__getitem__, reverse=self.order.down)
        return [tied[place] for place in order]

    def _comes_until(self, hit: tuple[Any, Address], words: str, last: str) -> bool:
        """Whether a hit comes no later than the one of these words and this id, its numbers being the same."""
        kept = stored(self.view, hit[1])
        own = full_key(self.order.key, kept)
        if own != words:
            return (own > words) == self.order.down
        return str(kept[0]) >= last if self.order.key == "id" and self.order.down else str(kept[0]) <= last


_NONE = object()


def _with(view: View, query: Query, condition: Between) -> Query:
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, silent(translated(view, condition)))])


def by_numbers(view: View, query: Query, order: Order, total: Total | None = None) -> Ranking:
    """The hits of a query in any order but relevance and distance."""
    levels = tuple((field, order.down) for field in _LEVELS.get(order.key, (order.key,)))
    if order.key not in _WORDS:
        levels = (*levels, ("id_high", order.key == "id" and order.down))
    return Ranking(view, silent(query), levels, order, total or Total(0))


def by_relevance(view: View, query: Query, total: Total, offset: int, limit: int) -> Found:
    """Hits by their score, the best first; those with one score by when they were updated, the newest first, then by id."""
    start = max(0, offset - _FEW)
    counts = total.value is None
    result = view.searcher.search(query, offset - start + limit + _FEW, count=counts, offset=start)
    if counts:
        total.value = int(result.count)  # type: ignore[attr-defined]  # the stub forgot it
    found = result.hits
    window = found[offset - start :][:limit]
    if not window:
        return []
    first, last = window[0][0], window[-1][0]
    if start and found[0][0] == first:
        start, found = _grown_back(view, query, start, found)
    if found[-1][0] == last:
        found = _grown_on(view, query, start, total.value or 0, found)
    ordered: Found = []
    for _, group in groupby(found, key=lambda hit: hit[0]):
        ordered += _newest_first(view, list(group))
    return ordered[offset - start :][:limit]


def _grown_back(view: View, query: Query, start: int, found: Found) -> tuple[int, Found]:
    begin = max(0, start - _MOST_TIED)
    before = view.searcher.search(query, start - begin, count=False, offset=begin).hits
    tied = _equal_at_end(before, found[0][0])
    return start - tied, before[len(before) - tied :] + found


def _grown_on(view: View, query: Query, start: int, total: int, found: Found) -> Found:
    step = 4 * _FEW
    while step <= _MOST_TIED and (left := total - start - len(found)) > 0:
        after = view.searcher.search(query, min(step, left), count=False, offset=start + len(found)).hits
        tied = _equal_at_end(after[::-1], found[-1][0])
        found, step = found + after[:tied], step * 4
        if tied < len(after):
            break
    return found


def _newest_first(view: View, tied: Found) -> Found:
    if len(tied) < 2 or len(tied) > _MOST_TIED:
        return tied
    addresses = [address for _, address in tied]
    values = view.searcher.fast_field_values
    keys = list(
        zip(
            (-(moment or 0) for moment in values("updated", addresses)),
            values("id_high", addresses),
            values("id_low", addresses),
            strict=True,
        )
    )
    return [tied[place] for place in sorted(range(len(tied)), key=keys.__getitem__)]


def _equal_at_end(hits: Found, value: Any) -> int:
    """How many hits at the end of a list have this number."""
    count = 0
    for hit in reversed(hits):
        if hit[0] != value:
            break
        count += 1
    return count
