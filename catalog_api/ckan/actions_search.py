"""package_search and the lists of datasets that are made by searching."""

from typing import Any

from catalog_api.ckan import kept, questions, searching
from catalog_api.ckan.answers import Fault, query_fault
from catalog_api.ckan.asking import Asking
from catalog_api.ckan.fields import COUNTED, FIELDS
from catalog_api.ckan.packages import organizations
from metadata.errors import Invalid
from metadata.text import best
from metadata.vocabulary import term
from search.base import FacetCount, Page

MOST_ROWS = 1_000
SORT = "score desc, metadata_modified desc"
MOST_COUNTED = 50
"""Fields counted for one search."""

_WORDS = (
    "q",
    "fq",
    "fq_list",
    "rows",
    "start",
    "sort",
    "facet",
    "facet.field",
    "facet.limit",
    "facet.mincount",
    "fl",
    "ext_bbox",
)
_FLAGS = ("include_drafts", "include_deleted", "include_private", "use_default_schema", "callback", "extras")
_SOLR = ("qf", "mm", "bf", "boost", "tie", "defType", "wt", "df", "q.op")
_KNOWN = frozenset((*_WORDS, *_FLAGS, *_SOLR))


def package_search(asking: Asking) -> dict[str, Any]:
    """Searches datasets. q: words, or Lucene syntax with fields; fq, fq_list: filters; rows (10, at most 1000), start; sort:
    `field asc|desc, …` over score, name, title_string, metadata_created, metadata_modified, views_recent, id; facet.field:
    a JSON list of fields, with facet.limit and facet.mincount; ext_bbox: west,south,east,north; include_private; fl: the
    members wanted."""
    unknown = sorted(name for name in asking.data if name not in _KNOWN and not name.startswith("ext_"))
    if unknown:
        raise query_fault(f"Invalid search parameters: {unknown}")
    rows, start = asking.number("rows", 10, MOST_ROWS), asking.number("start", 0)
    fields = _facet_fields(asking)
    sort = asking.word("sort") or SORT
    try:
        page = searching.found(
            asking,
            _asked(asking),
            order=questions.order(sort),
            counting=_counting(asking, fields),
            limit=rows,
            offset=start,
        )
    except Invalid as problem:
        raise _fault(problem) from None
    items = {name: _items(asking, name, page) for name in fields}
    return {
        "count": page.total,
        "sort": sort,
        "results": _results(asking, page),
        "facets": {name: {item["name"]: item["count"] for item in found} for name, found in items.items()},
        "search_facets": {name: {"title": name, "items": found} for name, found in items.items()},
    }


def _fault(problem: Invalid) -> Fault:
    if "{!" in problem.message:
        return Fault(409, "Search Error", message=f"Search error: {problem.message}")
    return query_fault(str(problem))


def _asked(asking: Asking) -> questions.Asked:
    filters = [*asking.listed("fq"), *asking.listed("fq_list")]
    found = searching.asked(asking, asking.word("q"), filters, asking.word("ext_bbox"))
    hidden = any(asking.truth(name) for name in ("include_private", "include_drafts"))
    if not hidden and not any(name == "state" for name, _ in found.filters):
        found.filters.append(("state", ("published",)))
    return found


def _facet_fields(asking: Asking) -> list[str]:
    if not asking.truth("facet", True):
        return []
    fields = asking.listed("facet.field")
    if len(fields) > MOST_COUNTED:
        raise query_fault(f"these are {len(fields)} facets; at most {MOST_COUNTED} are counted")
    for name in fields:
        if name not in COUNTED:
            raise query_fault(f"there is no facet {name!r}; facets are {', '.join(COUNTED)}")
    return fields


def _counting(asking: Asking, fields: list[str]) -> searching.Counting:
    """Which facets to count, and which of their values. Several themes may be one group, so that their sums decide."""
    facets = tuple(dict.fromkeys(FIELDS[name] for name in fields))
    limit = asking.signed("facet.limit", 50)
    size = searching.EVERY if limit < 0 else min(limit, searching.EVERY)
    return searching.Counting(facets, size, 1 if "theme" in facets else _least(asking))


def _least(asking: Asking) -> int:
    return max(asking.signed("facet.mincount", 1), 1)


def _items(asking: Asking, field: str, page: Page) -> list[dict[str, Any]]:
    """The values of a facet as CKAN lists them: by display name, the last first."""
    least = _least(asking)
    counts: dict[str, dict[str, Any]] = {}
    languages = asking.settings.languages
    owners = organizations(asking.session) if field in ("organization", "owner_org") else {}
    for one in page.facets.get(FIELDS[field], ()):
        name, shown = _named(asking, field, one)
        if field in ("organization", "owner_org") and (row := owners.get(one.value)):
            name, shown = (row.id if field == "owner_org" else row.name), best(row.title, languages) or row.name
        if name and name in counts:
            counts[name]["count"] += one.count
        elif name:
            counts[name] = {"name": name, "display_name": shown, "count": one.count}
    items = [item for item in counts.values() if item["count"] >= least]
    return sorted(items, key=lambda item: (str(item["display_name"]), str(item["name"])), reverse=True)


def _named(asking: Asking, field: str, one: FacetCount) -> tuple[str, str]:
    """What CKAN calls a value, and what it shows for it."""
    if FIELDS[field] == "theme":
        return searching.group_of(one.value), best(one.label, asking.settings.languages) or one.value
    if field == "license_id":
        known = term("licence", one.value)
        return (known.names.get("ckan", one.value) if known else one.value), best(one.label, ("en", "zh")) or one.value
    if field == "state":
        return ("active" if one.value == "published" else "draft"), best(one.label, asking.settings.languages) or one.value
    return one.value, one.value if field in ("tags", "res_format") else best(one.label, asking.settings.languages) or one.value


def _results(asking: Asking, page: Page) -> list[Any]:
    """The package dicts, only the members that are wanted (`fl`) where some are named."""
    names = {part.strip() for one in asking.listed("fl") for part in one.split(",")} - {""}
    if not names or "*" in names:
        return list(kept.packed(asking, [hit.id for hit in page.hits]))
    whole = searching.packages(asking, page)
    return [{name: value for name, value in package.items() if name in names} for package in whole]


def published(
    asking: Asking, *, filters: list[tuple[str, tuple[str, ...]]], limit: int, offset: int = 0, order: str = "updated"
) -> Page:
    """Published datasets with these filters."""
    asked = questions.Asked(filters=[("state", ("published",)), *filters])
    try:
        return searching.found(asking, asked, order=order, limit=limit, offset=offset)
    except Invalid as problem:
        raise _fault(problem) from None


def current_package_list_with_resources(asking: Asking) -> list[dict[str, Any]]:
    """Datasets with their resources, the last changed first. limit (at most 1000), offset, or page from 1."""
    limit = asking.number("limit", MOST_ROWS, MOST_ROWS)
    page_number = asking.number("page", 0)
    offset = (page_number - 1) * limit if page_number else asking.number("offset", 0)
    return searching.packages(asking, published(asking, filters=[], limit=limit, offset=offset))
