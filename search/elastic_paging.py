"""From where to where in an answer: orders, cursors, and offsets that are further than the server looks at once.

A first page is plain: it costs the server nothing beyond the answer. Who goes on with its cursor gets a point in time (PIT),
a state of the index that stays as it is for `KEEP`, and the cursor names it from then on; when it has lapsed, the keys of the
last hit still say where to go on in the index as it is then.
"""

from contextlib import suppress
from typing import Any

from elasticsearch import NotFoundError

from metadata.errors import CatalogError, Invalid
from search.cursor import Cursor
from search.elastic_link import Target
from search.elastic_mapping import WINDOW
from search.elastic_query import Json
from search.order import Order

KEEP = "2m"
STEP = 10_000
"""Hits that are walked over at a time."""

_FIELDS = {"title": "title_key"}
_BY_ID: Json = {"id": "asc"}


def sort(order: Order) -> list[Json]:
    """How hits are ordered: those without the value last, equal ones by id. The least relevant first is the most relevant
    first, turned round."""
    way = "desc" if order.down else "asc"
    if order.key == "relevance":
        newest = {"order": way, "missing": "_last" if order.down else "_first"}
        return [{"_score": way}, {"updated": newest}, {"id": "asc" if order.down else "desc"}]
    if order.point is not None:
        far = {"centre": list(order.point), "order": way, "unit": "km"}
        return [{"placed": {"order": "asc", "missing": "_last"}}, {"_geo_distance": far}, _BY_ID]
    if order.key == "id":
        return [{"id": way}]
    return [{_FIELDS.get(order.key, order.key): {"order": way, "missing": "_last"}}, _BY_ID]


class Paging:
    """Searches an index from a place in the order of a request. `preference`: questions that share it are asked of the same
    copies of the index, so that the pages of one answer agree."""

    def __init__(self, target: Target, preference: str) -> None:
        self.link, self.index, self.preference = target.link, target.name, preference

    def first(self, body: Json, offset: int) -> Json:
        """The answer from an offset on."""
        if offset + body["size"] <= WINDOW or not body["size"]:
            return self.search(body | {"from": 0 if offset > WINDOW else offset})
        counted = self.search(body | {"size": 0})
        if offset >= counted["hits"]["total"]["value"]:
            return counted
        counted["hits"]["hits"] = self._walked(body, offset)
        return counted

    def next(self, body: Json, cursor: Cursor) -> Json:
        """The answer after a cursor's hit, and one hit more than was asked for, which tells whether it goes on; in the state of
        the index that the cursor names as long as that is kept. Raises `Invalid` for a cursor that does not fit the order."""
        body = body | {"search_after": list(cursor.key), "size": body["size"] + 1}
        if cursor.snapshot:
            with suppress(NotFoundError, Invalid):
                return self.search(body, cursor.snapshot)
        snapshot = self._opened()
        body["search_after"] = self._place(body, list(cursor.key[: len(body["sort"])]), snapshot)
        return self.search(body, snapshot)

    def search(self, body: Json, snapshot: str = "") -> Json:
        """One request."""
        where: Json = {"index": self.index, "preference": self.preference}
        if snapshot:
            where, body = {}, body | {"pit": {"id": snapshot, "keep_alive": KEEP}}
        found = self.link.ask(lambda client: client.search(body=body, allow_partial_search_results=False, **where))
        return dict(found.body)

    def close(self, snapshot: str) -> None:
        """Let a state of the index go that is not needed any more."""
        with suppress(CatalogError, NotFoundError):
            self.link.ask(lambda client: client.close_point_in_time(id=snapshot))

    def _place(self, body: Json, key: list[Any], snapshot: str) -> list[Any]:
        """Where a hit is now: the scores of all hits change a little whenever the index does."""
        if "_score" not in body["sort"][0]:
            return key
        query = {"bool": {"must": body["query"], "filter": {"term": {"id": key[-1]}}}}
        only = {"query": query, "sort": body["sort"], "size": 1, "_source": False, "track_total_hits": False}
        hits = self.search(only, snapshot)["hits"]["hits"]
        return list(hits[0]["sort"]) if hits else key

    def _opened(self) -> str:
        opened = self.link.ask(
            lambda client: client.open_point_in_time(index=self.index, keep_alive=KEEP, preference=self.preference)
        )
        return str(opened["id"])

    def _walked(self, body: Json, offset: int) -> list[Any]:
        """Hits behind the furthest offset that the server looks at: walked to in steps, by the keys of the hits between."""
        snapshot = self._opened()
        steps = {key: body[key] for key in ("query", "post_filter", "sort") if key in body} | {"_source": False}
        try:
            found = self.search(steps | {"from": min(offset, WINDOW) - 1, "size": 1}, snapshot)
            left = offset - WINDOW
            while left > 0 and found["hits"]["hits"]:
                after = found["hits"]["hits"][-1]["sort"]
                found = self.search(steps | {"size": min(left, STEP), "search_after": after}, snapshot)
                left -= STEP
            if not found["hits"]["hits"]:
                return []
            last = steps | {"size": body["size"], "_source": True, "search_after": found["hits"]["hits"][-1]["sort"]}
            return list(self.search(last, snapshot)["hits"]["hits"])
        finally:
            self.close(snapshot)
