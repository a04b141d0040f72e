"""A site built on udata for tests: real HTTP, its API in both versions, paged as it pages."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.hostile.server import Handler, Hostile, says

Dataset = dict[str, Any]


def datasets(count: int) -> list[Dataset]:
    """Datasets with identifiers in order."""
    return [
        {
            "id": f"id-{n:04}",
            "slug": f"slug-{n:04}",
            "title": f"Titre {n}",
            "description": "…",
            "frequency": "monthly",
            "frequency_date": None,
            "badges": [],
            "spatial": None,
            "temporal_coverage": None,
            "metrics": {},
            "page": f"https://data.example/datasets/slug-{n:04}/",
            "uri": f"https://data.example/api/1/datasets/slug-{n:04}/",
            "last_modified": "2024-05-03T10:00:00",
            "last_update": "2024-05-03T10:00:00",
            "private": False,
            "tags": ["eau"] if n % 2 else ["eau", "air"],
            "organization": None,
            "resources": [{"id": f"r-{n}-{m}", "title": f"Fichier {m}", "url": f"https://f.example/{m}"} for m in range(n % 4)],
        }
        for n in range(count)
    ]


class Site(Hostile):
    """`before`: called with the site before each page. `claims`: what it says its total is. `cap`: most rows in a page.
    `inside`: an address that its links begin with instead of its own."""

    def __init__(
        self,
        rows: Iterable[Dataset],
        *,
        cap: int = 1000,
        claims: int | None = None,
        before: Callable[["Site"], None] = lambda site: None,
    ) -> None:
        self.rows = list(rows)
        self.cap, self.claims, self.before = cap, claims, before
        self.requests = 0
        self.inside = ""
        self.resources_at_once = 2
        organizations = {str(row["organization"]["id"]): row["organization"] for row in self.rows if row.get("organization")}
        super().__init__({"/api/1/datasets/": self._page, "/api/2/datasets/": self._page, "/api/1/site/": says(SITE)})
        for each in organizations.values():
            for word in (each["id"], each["slug"]):
                self.server.behaviours[f"/api/1/organizations/{word}/"] = says(json.dumps(each).encode())
        for row in self.rows:
            self.server.behaviours[f"/api/2/datasets/{row['id']}/resources/"] = self._resources

    def query(self) -> dict[str, list[str]]:
        """The parameters of the request at hand."""
        return parse_qs(urlsplit(self.asked[-1][0]).query)

    def _page(self, handler: Handler) -> None:
        self.requests += 1
        self.before(self)
        query = self.query()
        wanted = set(query.get("tag", []))
        of = query.get("organization", [""])[0]
        rows = [row for row in self.rows if wanted <= set(row.get("tags") or [])]
        rows = [row for row in rows if not of or (row.get("organization") or {}).get("id") == of]
        second = handler.path.startswith("/api/2/")
        self.paged(handler, [self._linked(row) for row in rows] if second else rows, self.claims)

    def _resources(self, handler: Handler) -> None:
        name = urlsplit(handler.path).path.split("/")[4]
        (row,) = (row for row in self.rows if row["id"] == name)
        self.paged(handler, row["resources"], None)

    def _linked(self, row: Dataset) -> Dataset:
        href = f"{self.inside or self.url}/api/2/datasets/{row['id']}/resources/?page=1&page_size={self.resources_at_once}"
        return row | {"resources": {"rel": "subsection", "href": href, "type": "GET", "total": len(row["resources"])}}

    def paged(self, handler: Handler, rows: list[Any], claims: int | None) -> None:
        """One page, as flask-mongoengine cuts it: 404 beyond the last one."""
        query = {name: values[0] for name, values in self.query().items()}
        page, size = int(query.get("page", 1)), min(int(query.get("page_size", 20)), self.cap)
        part = rows[(page - 1) * size : page * size]
        if not part and page != 1:
            says(json.dumps({"message": "The requested URL was not found on the server."}).encode(), 404)(handler)
            return
        following = f"{self.inside or self.url}{urlsplit(handler.path).path}?{urlencode(query | {'page': page + 1})}"
        more = page * size < len(rows)
        body = {"data": part, "next_page": following if more else None, "page": page, "page_size": size}
        body |= {"previous_page": None, "total": len(rows) if claims is None else claims}
        says(json.dumps(body).encode())(handler)


SITE = json.dumps(
    {"id": "site", "title": "data.example", "keywords": [], "feed_size": 20, "metrics": {"datasets": 23}, "version": "17.6.1"}
).encode()
