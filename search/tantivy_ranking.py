"""The hits of a question in their order, from anywhere in it."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import tantivy

from search.cursor import Cursor
from search.order import Order
from search.tantivy_folder import View
from search.tantivy_schema import key_field

Found = list[tuple[Any, tantivy.DocAddress]]
"""Hits as (score or key, where)."""

_STEP = 256


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
        if self.order.key == "relevance":
            return self._relevant(offset, limit)
        field = key_field(self.order.key, down=self.order.down)
        direction = tantivy.Order.Desc if self.order.down else tantivy.Order.Asc
        found = self.view.searcher.search(self.query, limit, count=False, order_by_field=field, offset=offset, order=direction)
        return found.hits

    def cursor_key(self, hit: tuple[Any, tantivy.DocAddress]) -> str | None:
        """What a cursor remembers of the last hit; scores change with the index, so relevance goes by number alone."""
        return hit[0] if isinstance(hit[0], str) else None

    def resumed(self, cursor: Cursor) -> int:
        """How many hits come up to and with the cursor's last one. While the index is as it was, that is its offset; else its key is
        looked for by halving, so that pages neither repeat nor skip what was there all the time."""
        if cursor.key is None or self._key(cursor.offset - 1) == cursor.key:
            return cursor.offset
        low, high = 0, self.total
        while low < high:
            middle = (low + high) // 2
            if self._is_after(self._key(middle), cursor.key):
                high = middle
            else:
                low = middle + 1
        return low

    def _key(self, offset: int) -> str | None:
        found = self.hits(offset, 1)
        return found[0][0] if found else None

    def _is_after(self, key: str | None, last: str) -> bool:
        if key is None:
            return True
        return key.encode() < last.encode() if self.order.down else key.encode() > last.encode()

    def _relevant(self, offset: int, limit: int) -> Found:
        """Best first; equally good ones by when they were updated, newest first, then by id. `-relevance` is the same from the end."""
        if self.order.down:
            return self._best(offset, limit)
        return self._best(self.total - offset - limit, limit)[::-1]

    def _best(self, offset: int, limit: int) -> Found:
        """The hits from `offset`, with ties put in order: the window grows both ways until it holds them whole."""
        start, found = offset, self._scored(offset, limit)
        step = _STEP
        while start > 0 and (before := self._scored(max(0, start - step), min(step, start))):
            tied = sum(1 for hit in before if hit[0] == found[0][0])
            found = before[len(before) - tied :] + found
            start -= tied
            step *= 4
            if tied < len(before):
                break
        step = _STEP
        while after := self._scored(start + len(found), step):
            tied = sum(1 for hit in after if hit[0] == found[-1][0])
            found += after[:tied]
            step *= 4
            if tied < len(after):
                break
        return self._untied(found)[offset - start :][:limit]

    def _scored(self, offset: int, limit: int) -> Found:
        limit = min(limit, self.total - offset)
        return self.view.searcher.search(self.query, limit, count=False, offset=offset).hits if limit > 0 else []

    def _untied(self, found: Found) -> Found:
        ordered: Found = []
        for _, group in groupby(found, key=lambda hit: hit[0]):
            tied = list(group)
            ordered += tied if len(tied) == 1 else self._by_update(tied)
        return ordered

    def _by_update(self, tied: Found) -> Found:
        addresses = [address for _, address in tied]
        updated = self.view.searcher.fast_field_values("updated", addresses)
        ties = self.view.searcher.fast_field_values("tie", addresses)
        ranked = sorted(zip(updated, ties, tied, strict=True), key=lambda one: (-(one[0] or 0), one[1] or 0))
        return [hit for _, _, hit in ranked]
