"""What the actions of a CKAN portal answer: search, show, list (docs.ckan.org, API guide), over one department."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from catalog_api.sample_departments import words
from catalog_api.sample_departments.filters import parse, values
from catalog_api.sample_departments.seeds import Seed

Params = dict[str, Any]
Object = dict[str, Any]

_SEARCH = frozenset(
    (
        *("q", "fq", "fq_list", "rows", "start", "sort", "fl", "use_default_schema"),
        *("facet", "facet.field", "facet.limit", "facet.mincount"),
        *("include_private", "include_drafts", "include_deleted"),
    )
)
_SORTS = ("id", "name", "title_string", "metadata_created", "metadata_modified", "score")


class ActionError(Exception):
    """An error in CKAN's envelope: HTTP status, `__type`, and the fields beside it."""

    def __init__(self, status: int, kind: str, fields: Object) -> None:
        super().__init__(kind)
        self.status = status
        self.error = {"__type": kind} | fields


@dataclass(frozen=True)
class Portal:
    """What a portal holds. `rows_max` is the largest page it gives."""

    seed: Seed
    packages: dict[str, Object]
    rows_max: int


def package_search(portal: Portal, params: Params) -> Object:
    """`{count, sort, facets, search_facets, results}`; `count` is of all that match, `results` one page of them."""
    if unknown := sorted(set(params) - _SEARCH):
        raise ActionError(400, "Search Query Error", {"message": f"Invalid search parameters: {unknown}"})
    found = list(_matching(portal, params))
    sort = str(params.get("sort") or "score desc, metadata_modified desc")
    found = _sorted(found, sort)
    start, rows = _number(params, "start", 0), min(_number(params, "rows", 10), portal.rows_max)
    counted = _facets(params, found)
    titled = {field: {"title": field, "items": _items(field, found, counts)} for field, counts in counted.items()}
    results = found[start : start + rows]
    return {"count": len(found), "sort": sort, "facets": counted, "search_facets": titled, "results": results}


def _matching(portal: Portal, params: Params) -> Iterable[Object]:
    filters = params.get("fq_list") or []
    asked = [params.get("q") or "*:*", params.get("fq") or "", *([filters] if isinstance(filters, str) else filters)]
    try:
        tests = [parse(str(words)) for words in asked]
        return [package for package in portal.packages.values() if all(test(package) for test in tests)]
    except ValueError as problem:
        raise ActionError(409, "Search Error", {"message": f"SOLR returned an error running query: {problem}"}) from None


def _sorted(found: list[Object], sort: str) -> list[Object]:
    for part in reversed(sort.split(",")):
        field, _, order = part.strip().partition(" ")
        if field not in _SORTS or order.strip().lower() not in ("", "asc", "desc"):
            raise ActionError(400, "Search Query Error", {"message": 'Invalid "sort" parameter'})
        if field != "score":  # every match scores the same here
            found = sorted(found, key=lambda package: values(package, field), reverse=order.strip().lower() == "desc")
    return found


def _number(params: Params, name: str, default: int) -> int:
    value = params.get(name)
    if value in (None, ""):
        return default
    if not str(value).isascii() or not str(value).isdigit():
        raise ActionError(409, "Validation Error", {name: ["Must be a natural number"]})
    return int(value)


def _facets(params: Params, found: list[Object]) -> dict[str, dict[str, int]]:
    fields = params.get("facet.field") or "[]"
    if isinstance(fields, str):
        fields = json.loads(fields) if fields.startswith("[") else [fields]
    limit = str(params.get("facet.limit", 50))
    top = int(limit) if limit.isdigit() else None
    try:
        return {
            field: dict(Counter(value for package in found for value in values(package, field)).most_common(top))
            for field in fields
        }
    except ValueError as problem:
        raise ActionError(409, "Search Error", {"message": str(problem)}) from None


def _items(field: str, found: list[Object], counts: dict[str, int]) -> list[Object]:
    named: dict[str, str] = {}
    if field == "organization":
        named = {package["organization"]["name"]: package["organization"]["title"] for package in found}
    if field == "groups":
        named = {group["name"]: group["title"] for package in found for group in package["groups"]}
    items = [{"name": name, "display_name": named.get(name, name), "count": number} for name, number in counts.items()]
    return sorted(items, key=lambda item: str(item["display_name"]), reverse=True)


def package_show(portal: Portal, params: Params) -> Object:
    """One package, by name or id. A missing one is 404 Not Found Error."""
    wanted = params.get("id") or params.get("name_or_id")
    if not wanted:
        raise ActionError(409, "Validation Error", {"name_or_id": ["Missing value"]})
    for package in portal.packages.values():
        if wanted in (package["name"], package["id"]):
            return package
    raise ActionError(404, "Not Found Error", {"message": "Not found"})


def package_list(portal: Portal, params: Params) -> list[str]:
    """Names in order, a page of them when `limit` and `offset` say so."""
    names, start = sorted(portal.packages), _number(params, "offset", 0)
    limit = _number(params, "limit", len(names))
    return names[start : start + limit]


def organization_list(portal: Portal, params: Params) -> list[Any]:
    """Names of the units, or whole organizations with `all_fields`."""
    held = _organizations(portal)
    if str(params.get("all_fields", "")).lower() in ("true", "1", "yes"):
        return list(held.values())
    return list(held)


def organization_show(portal: Portal, params: Params) -> Object:
    """One unit, by name or id. A missing one is 404 Not Found Error."""
    for name, found in _organizations(portal).items():
        if params.get("id") in (name, found["id"]):
            return found
    raise ActionError(404, "Not Found Error", {"message": "Not found"})


def _organizations(portal: Portal) -> dict[str, Object]:
    counts = Counter(package["organization"]["name"] for package in portal.packages.values())
    held = {package["organization"]["name"]: package["organization"] for package in portal.packages.values()}
    return {name: held[name] | {"display_name": held[name]["title"], "package_count": counts[name]} for name in sorted(held)}


def tag_list(portal: Portal, _params: Params) -> list[str]:
    """All tags, in order."""
    return sorted({tag for package in portal.packages.values() for tag in values(package, "tags")})


def group_list(portal: Portal, _params: Params) -> list[str]:
    """Names of the groups, which are the themes."""
    return sorted({group for package in portal.packages.values() for group in values(package, "groups")})


def license_list(_portal: Portal, _params: Params) -> list[Object]:
    """The licences that the portal knows."""
    return [
        {"id": name, "title": title, "url": address, "status": "active"} for name, (address, title) in words.LICENCES.items()
    ]


def status_show(portal: Portal, _params: Params) -> Object:
    """What the portal says it is."""
    return {
        "ckan_version": "2.10.4",
        "site_title": portal.seed.title["zh"],
        "site_description": portal.seed.description["zh"],
        "site_url": f"https://{portal.seed.domain}",
        "error_emails_to": None,
        "locale_default": "zh_Hans_CN",
        "extensions": ["fluent"],
    }


def help_show(_portal: Portal, params: Params) -> str:
    """The help text of an action."""
    action = ACTIONS.get(str(params.get("name", "")))
    if action is None:
        raise ActionError(404, "Not Found Error", {"message": "Action name not known"})
    return str(action.__doc__)


ACTIONS: dict[str, Callable[[Portal, Params], Any]] = {
    action.__name__: action
    for action in (
        package_search,
        package_show,
        package_list,
        organization_list,
        organization_show,
        tag_list,
        group_list,
        license_list,
        status_show,
        help_show,
    )
}
