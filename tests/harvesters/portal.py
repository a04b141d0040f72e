"""A CKAN portal for tests: real HTTP, its actions with filters, caps and refusals, and the faults real ones have."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.hostile.server import Behaviour, Handler, Hostile, says

Package = dict[str, Any]
API = "/api/3/action"
UNKNOWN = says(json.dumps("Bad request - Action name not known").encode(), 400)
_AFTER = re.compile(r'id:\{"([^"]*)" TO \*\}')
_SINCE = re.compile(r"metadata_modified:\[(\S+) TO \*\]")
_NAMES = re.compile(r"(organization|groups):(?:\"([^\"]*)\"|\(([^)]*)\))")


def packages(count: int) -> list[Package]:
    """Packages with identifiers in order."""
    return [
        {"id": f"id-{n:04}", "name": f"name-{n:04}", "title": f"Title {n}", "metadata_modified": "2024-05-03T10:00:00"}
        for n in range(count)
    ]


class Portal(Hostile):
    """`cap`: most rows in a page. `claims`: what it says its count is. `before`: called with the portal before each search.
    `deepest`: the last position it answers, beyond which `deep` is its answer. `solr`: whether it heeds filter queries.
    """

    def __init__(
        self,
        rows: Iterable[Package],
        *,
        cap: int = 1000,
        claims: int | None = None,
        searches: bool = True,
        solr: bool = True,
        deepest: int | None = None,
        deep: Behaviour | None = None,
        before: Callable[["Portal"], None] = lambda portal: None,
    ) -> None:
        self.rows = list(rows)
        self.cap, self.claims, self.before, self.solr = cap, claims, before, solr
        self.deepest, self.deep = deepest, deep
        self.requests = 0
        self.names_at_once: int | None = None
        actions: dict[str, Behaviour] = {"package_list": self._list, "package_show": self._show}
        actions |= {"organization_show": self._group, "group_show": self._group, "organization_list": self._groups}
        actions |= {"status_show": lambda handler: answer(handler, {"ckan_version": "2.11.3", "site_title": "Portal"})}
        actions["package_search"] = self._search if searches else UNKNOWN
        super().__init__({f"{API}/{name}": action for name, action in actions.items()})

    def query(self) -> dict[str, str]:
        """The parameters of the request at hand."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.asked[-1][0]).query).items()}

    def searches(self) -> list[dict[str, str]]:
        """The parameters of every search so far."""
        asked = [urlsplit(path) for path, _ in self.asked]
        return [
            {name: values[0] for name, values in parse_qs(parts.query).items()}
            for parts in asked
            if parts.path.endswith("/package_search")
        ]

    def _search(self, handler: Handler) -> None:
        self.requests += 1
        self.before(self)
        query = self.query() or json.loads(handler.body or b"{}")
        start, size = int(query.get("start", 0)), min(int(query.get("rows", 10)), self.cap)
        if self.deepest is not None and start > self.deepest:
            assert self.deep is not None
            self.deep(handler)
            return
        words, filters = query.get("q", ""), query.get("fq", "") if self.solr else ""
        found = [row for row in self.rows if words in str(row.get("title", "")) and _passes(row, filters)]
        if query.get("sort") == "id asc" and self.solr and all(isinstance(row.get("id"), str) for row in found):
            found.sort(key=lambda row: str(row["id"]))
        count = len(found) if self.claims is None or "id:{" in filters else self.claims
        some = found[start : start + size]
        if "fl" in query and self.solr:
            some = [{name: row[name] for name in query["fl"].split(",") if name in row} for row in some]
        answer(handler, {"count": count, "results": some})

    def _list(self, handler: Handler) -> None:
        names = [row["name"] for row in reversed(self.rows)]
        if self.names_at_once is not None:
            offset = int(self.query().get("offset", 0))
            names = names[offset : offset + self.names_at_once]
        answer(handler, names)

    def _show(self, handler: Handler) -> None:
        name = self.query()["id"]
        found = [row for row in self.rows if row["name"] == name]
        if not found or found[0].get("gone"):
            refuse(handler, 404, "Not found", "Not Found Error")
        elif found[0].get("closed"):
            refuse(handler, 403, "Access denied: not yours", "Authorization Error")
        else:
            answer(handler, found[0])

    def _known(self) -> set[str]:
        of = [row.get("organization") for row in self.rows]
        groups = [group for row in self.rows for group in row.get("groups", [])]
        return {str(each["name"]) for each in [*of, *groups] if each}

    def _group(self, handler: Handler) -> None:
        name = self.query()["id"].removeprefix("uuid-of-")
        if name in self._known():
            answer(handler, {"id": f"uuid-of-{name}", "name": name})
        else:
            refuse(handler, 404, "Not found: Group was not found.", "Not Found Error")

    def _groups(self, handler: Handler) -> None:
        answer(handler, sorted(self._known()))


def _passes(row: Package, filters: str) -> bool:
    """The parts of Solr's syntax that the harvester writes."""
    after, since = _AFTER.search(filters), _SINCE.search(filters)
    if after and str(row["id"]) <= after[1]:
        return False
    if since and f"{row['metadata_modified']}Z" < since[1]:
        return False
    for kind, one, several in _NAMES.findall(filters):
        wanted = {one} if one else set(re.findall(r'"([^"]*)"', several))
        of = [row.get("organization") or {}] if kind == "organization" else row.get("groups", [])
        if not wanted & {each.get("name") for each in of}:
            return False
    return True


def answer(handler: Handler, result: Any) -> None:
    """CKAN's envelope."""
    says(json.dumps({"help": f"http://portal{API}/help_show?name=x", "success": True, "result": result}).encode())(handler)


def refuse(handler: Handler, status: int, message: str, kind: str) -> None:
    """CKAN's envelope around an error."""
    body = {"help": "…", "success": False, "error": {"message": message, "__type": kind}}
    says(json.dumps(body).encode(), status)(handler)
