"""OGC API Records for tests: real HTTP, landing page, collections and items, with the faults that real services have."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.hostile.server import Handler, Hostile, says

CLASSES = ["http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"]
Page = dict[str, Any]


def record(identifier: str, **more: Any) -> dict[str, Any]:
    """A record with little to say."""
    return {
        "id": identifier,
        "type": "Feature",
        "geometry": None,
        "properties": {"type": "dataset", "title": f"Title {identifier}", "description": "Words", "updated": "2024-05-01"},
        "links": [],
        **more,
    }


class Service(Hostile):
    """`collections`: identifiers by collection. `tell` changes a page; `header`: the next page is named in the header only;
    `before` is called with the service before each page."""

    def __init__(
        self,
        collections: dict[str, list[str]],
        *,
        cap: int = 1000,
        header: bool = False,
        kinds: dict[str, str] | None = None,
        tell: Callable[[Page], Page] = lambda page: page,
        before: Callable[["Service"], None] = lambda service: None,
        bodies: dict[str, Any] | None = None,
    ) -> None:
        self.collections, self.cap, self.header, self.tell, self.before = collections, cap, header, tell, before
        self.kinds, self.bodies = kinds or {}, bodies or {}
        self.requests = 0
        self.changed: set[str] = set()
        paths = {"/": self._landing, "": self._landing, "/collections": self._collections, "/conformance": self._conformance}
        for name in collections:
            paths |= {f"/collections/{name}": self._collection, f"/collections/{name}/items": self._items}
        super().__init__(paths)

    def _landing(self, handler: Handler) -> None:
        links = [
            {"rel": "conformance", "type": "application/json", "href": "conformance"},
            {"rel": "data", "type": "text/html", "href": "collections?f=html"},
            {"rel": "data", "type": "application/json", "href": "collections"},
        ]
        answer(handler, {"title": "Catalogue", "links": links, "conformsTo": CLASSES})

    def _conformance(self, handler: Handler) -> None:
        answer(handler, {"conformsTo": CLASSES})

    def _collections(self, handler: Handler) -> None:
        answer(handler, {"collections": [self._described(name) for name in self.collections], "links": []})

    def _collection(self, handler: Handler) -> None:
        answer(handler, self._described(handler.path.partition("?")[0].rpartition("/")[2]))

    def _described(self, name: str) -> dict[str, Any]:
        items = {"rel": "items", "type": "application/geo+json", "href": f"{self.url}/collections/{name}/items"}
        return {"id": name, "itemType": self.kinds.get(name, "record"), "links": [items]}

    def _items(self, handler: Handler) -> None:
        self.requests += 1
        self.before(self)
        parts = urlsplit(handler.path)
        query = dict(parse_qsl(parts.query))
        names = self.collections[parts.path.split("/")[2]]
        if "datetime" in query or "updated >=" in query.get("filter", ""):
            names = [name for name in names if name in self.changed]
        size, start = min(int(query.get("limit", 10)), self.cap), int(query.get("offset", 0))
        part = names[start : start + size]
        after = f"{parts.path}?limit={size}&offset={start + size}" if start + size < len(names) else None
        page = self.tell({"matched": len(names), "start": start, "next": after, "rows": part})
        features = [self.bodies.get(name, record(name)) for name in page["rows"]]
        links = [{"rel": "self", "href": handler.path}]
        links += [{"rel": "next", "href": page["next"]}] if page["next"] and not self.header else []
        body = {"type": "FeatureCollection", "features": features, "links": links, "numberReturned": len(part)}
        body |= {} if page["matched"] is None else {"numberMatched": page["matched"]}
        told = {"Link": f'<http://other.example/>; rel="self", <{page["next"]}>; rel="next"; type="application/geo+json"'}
        answer(handler, body, told if self.header and page["next"] else {})


def answer(handler: Handler, body: Any, headers: dict[str, str] | None = None) -> None:
    """JSON, and headers."""
    says(json.dumps(body).encode(), 200, headers or {})(handler)
