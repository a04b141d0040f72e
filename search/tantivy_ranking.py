"""The hits of a question in their order, from anywhere in it.

The engine orders by one number (a score, a date, the beginning of a title). Hits with the same number are put in order here:
the window that was asked for grows both ways until it holds them all. So every order is total, pages never overlap, and a
cursor can be found again after the index has changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import tantivy

from search.cursor import Cursor
from search.order import Order
from search.tantivy_folder import View, stored
from search.tantivy_schema import full_key, order_field

Found = list[tuple[Any, tantivy.DocAddress]]
"""Hits as (the number they are ordered by, where)."""

_MARGIN = 16
_STEP = 64


@dataclass(frozen=True)
class Ranking:
    """All `total` hits of a query, in an order without ties."""

    view: View
    query: tantivy.Query
    order: Order
    total: int

    def hits(self, offset: int, limit: int) -> Found:
        """At most `limit` hits after the first `offset`."""
        limit = min(limit, self.total - offset)
        if limit <= 0:
            return []
        if self.order.key == "relevance" and not self.order.down:
            return self._untied(self.total - offset - limit, limit)[::-1]
        return self._untied(offset, limit)

    def place(self, hit: tuple[Any, tantivy.DocAddress]) -> tuple[int | None, str, str]:
        """What a cursor remembers of a hit."""
        if self.order.key == "relevance":
            return None, "", ""
        found = stored(self.view, hit[1])
        return hit[0], full_key(self.order.key, found), found[0]

    def resumed(self, cursor: Cursor) -> int:
        """How many hits come up to and with the cursor's last one. While the index is as it was, that is its offset; else its
        place is looked for by halving, so that pages neither repeat nor skip what was there all the time."""
        wanted = (cursor.value, cursor.words, cursor.id)
        if not cursor.id or self._place_at(cursor.offset - 1) == wanted:
            return cursor.offset
        low, high = 0, self.total
        while low < high:
            middle = (low + high) // 2
            found = self._place_at(middle)
            if found is None or self._is_after(found, wanted):
                high = middle
            else:
                low = middle + 1
        return low

    def _place_at(self, offset: int) -> tuple[int | None, str, str] | None:
        found = self.hits(offset, 1)
        return self.place(found[0]) if found else None

    def _is_after(self, one: tuple[int | None, str, str], other: tuple[int | None, str, str]) -> bool:
        """Whether `one` comes after `other`: those without a number last, equal ones by their words, then by id."""
        if one[0] is None or other[0] is None:
            return one[2] > other[2] if one[0] == other[0] else one[0] is None
        left, right = one[:2], other[:2]
        if left == right:
            return one[2] > other[2]
        return bool(left < right) if self.order.down else bool(left > right)

    def _untied(self, offset: int, limit: int) -> Found:
        """The hits from `offset`, with equal ones in order."""
        start = max(0, offset - _MARGIN)
        found = self._raw(start, offset - start + limit + _MARGIN)
        window = found[offset - start :][:limit]
        if not window:
            return []
        if found[0][0] == window[0][0]:
            start, found = self._grown_back(start, found)
        if found[-1][0] == window[-1][0]:
            found = self._grown_on(start, found)
        ordered: Found = []
        for _, group in groupby(found, key=lambda hit: hit[0]):
            tied = list(group)
            ordered += tied if len(tied) == 1 else self._sorted(tied)
        return ordered[offset - start :][:limit]

    def _grown_back(self, start: int, found: Found) -> tuple[int, Found]:
        step = _STEP
        while start > 0:
            before = self._raw(max(0, start - step), min(step, start))
            tied = _equal_at_end(before, found[0][0])
            found, start, step = before[len(before) - tied :] + found, start - tied, step * 4
            if tied < len(before):
                break
        return start, found

    def _grown_on(self, start: int, found: Found) -> Found:
        step = _STEP
        while after := self._raw(start + len(found), step):
            tied = _equal_at_end(after[::-1], found[-1][0])
            found, step = found + after[:tied], step * 4
            if tied < len(after):
                break
        return found

    def _raw(self, offset: int, limit: int) -> Found:
        """Hits as the engine orders them: equal ones as they lie."""
        limit = min(limit, self.total - offset)
        if limit <= 0:
            return []
        search = self.view.searcher.search
        if self.order.key == "relevance":
            return search(self.query, limit, count=False, offset=offset).hits
        way = tantivy.Order.Desc if self.order.down else tantivy.Order.Asc
        return search(self.query, limit, count=False, order_by_field=order_field(self.order.key), offset=offset, order=way).hits

    def _sorted(self, tied: Found) -> Found:
        """Equal hits in order: by the words behind the number, or (relevance) by when they were updated, newest first; then
        by id."""
        addresses = [address for _, address in tied]
        values = self.view.searcher.fast_field_values
        ids = list(zip(values("id_high", addresses), values("id_low", addresses), strict=True))
        keys: Sequence[Any]
        if self.order.key == "relevance":
            keys, down = [value or 0 for value in values("updated", addresses)], True
        elif self.order.key in ("title", "name"):
            keys, down = [full_key(self.order.key, stored(self.view, address)) for address in addresses], self.order.down
        else:
            keys, down = [0] * len(tied), False
        by_id = sorted(range(len(tied)), key=lambda place: ids[place])
        return [tied[place] for place in sorted(by_id, key=lambda place: keys[place], reverse=down)]


def _equal_at_end(hits: Found, value: Any) -> int:
    """How many hits at the end of a list have this number."""
    count = 0
    for hit in reversed(hits):
        if hit[0] != value:
            break
        count += 1
    return count
