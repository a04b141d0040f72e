"""A CKAN portal for tests: real HTTP, `package_search`, `package_list` and `package_show`, with the faults real ones have."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.hostile.server import Handler, Hostile, says

Package = dict[str, Any]


def packages(count: int) -> list[Package]:
    """Packages with identifiers in order."""
    return [
        {"id": f"id-{n:04}", "name": f"name-{n:04}", "title": f"Title {n}", "metadata_modified": "2024-05-03T10:00:00"}
        for n in range(count)
    ]


class Portal(Hostile):
    """`cap`: most rows in a page. `claims`: what it says its count is. `before`: called with the portal before each search."""

    def __init__(
        self,
        rows: Iterable[Package],
        *,
        cap: int = 1000,
        claims: int | None = None,
        searches: bool = True,
        before: Callable[["Portal"], None] = lambda portal: None,
    ) -> None:
        self.rows = list(rows)
        self.cap, self.claims, self.before = cap, claims, before
        self.requests = 0
        actions = {"package_list": self._list, "package_show": self._show}
        if searches:
            actions["package_search"] = self._search
        super().__init__({f"/api/3/action/{name}": action for name, action in actions.items()})
        if not searches:
            self.server.behaviours["/api/3/action/package_search"] = says(
                json.dumps("Bad request - Action name not known").encode(), 400
            )

    def query(self) -> dict[str, str]:
        """The parameters of the request at hand."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.asked[-1][0]).query).items()}

    def _search(self, handler: Handler) -> None:
        self.requests += 1
        self.before(self)
        query = self.query()
        start, size = int(query["start"]), min(int(query["rows"]), self.cap)
        found = [row for row in self.rows if query.get("q", "") in row["title"]]
        count = len(found) if self.claims is None else self.claims
        answer(handler, {"count": count, "results": found[start : start + size]})

    def _list(self, handler: Handler) -> None:
        answer(handler, [row["name"] for row in reversed(self.rows)])

    def _show(self, handler: Handler) -> None:
        name = self.query()["id"]
        found = [row for row in self.rows if row["name"] == name and not row.get("gone")]
        if found:
            answer(handler, found[0])
        else:
            says(json.dumps({"success": False, "error": {"message": "Not found", "__type": "Not Found Error"}}).encode(), 404)(
                handler
            )


def answer(handler: Handler, result: Any) -> None:
    """CKAN's envelope."""
    says(json.dumps({"help": "…", "success": True, "result": result}).encode())(handler)
