"""Organizations (departments) and groups (themes)."""

from collections.abc import Sequence
from typing import Any

from catalog_api.ckan import searching
from catalog_api.ckan.actions_datasets import group_values
from catalog_api.ckan.actions_search import published
from catalog_api.ckan.answers import not_found, not_valid
from catalog_api.ckan.asking import Asking
from catalog_api.ckan.packages import brief_organization, naive, stable_id
from metadata import departments
from metadata.errors import NotFound
from metadata.tables import Organization
from metadata.text import best

MOST_NAMES = 1_000
MOST_DICTS = 25  # CKAN's own bound for all_fields
_SORTS = ("name", "title", "package_count", "packages")


def organization_list(asking: Asking) -> list[Any]:
    """Organizations: their names, or with all_fields their dicts (25 at a time). sort, limit, offset, organizations (names)."""
    counts = departments.dataset_counts(asking.session)
    rows = [organization_dict(asking, row, counts) for row in departments.organizations(asking.session)]
    return _listed(asking, rows, asking.listed("organizations"))


def organization_show(asking: Asking) -> dict[str, Any]:
    """One organization by id or name. include_datasets (the 1000 last changed)."""
    row = _organization(asking, asking.needed("id"))
    shown = organization_dict(asking, row, departments.dataset_counts(asking.session))
    return {**shown, **_datasets(asking, "organization", (row.name,))}


def organization_autocomplete(asking: Asking) -> list[dict[str, str]]:
    """Organizations whose name or title holds what was typed. q, limit (20)."""
    rows = departments.organizations(asking.session)
    return _completed(asking, [(row.id, row.name, list(row.title.values())) for row in rows])


def organization_list_for_user(asking: Asking) -> list[dict[str, Any]]:
    """Organizations that the holder of the token may write to; none for nobody in particular."""
    counts = departments.dataset_counts(asking.session)
    every = bool({"admin", "write"} & asking.asker.scopes)
    rows = departments.organizations(asking.session) if asking.asker.scopes else []
    return [
        {**organization_dict(asking, row, counts), "capacity": "admin" if every else "editor"}
        for row in rows
        if every or row.name == asking.asker.organization
    ]


def _organization(asking: Asking, word: str) -> Organization:
    try:
        return departments.organization(asking.session, word)
    except NotFound:
        raise not_found("Organization was not found.") from None


def organization_dict(asking: Asking, row: Organization, counts: dict[str, int]) -> dict[str, Any]:
    """A department as organization_show gives it."""
    return {
        **(brief := brief_organization(row, asking.settings.languages)),
        "display_name": brief["title"],
        "image_display_url": "",
        "num_followers": 0,
        "package_count": counts.get(row.name, 0),
        "extras": [{"key": key, "value": value} for key, value in (("homepage", row.homepage), ("uscc", row.code)) if value],
        "groups": [{"name": row.parent, "capacity": "public"}] if row.parent else [],
        "tags": [],
        "users": [],
    }


def group_list(asking: Asking) -> list[Any]:
    """Groups: the themes that published datasets have. all_fields, sort, limit, offset, groups (names)."""
    return _listed(asking, _groups(asking), asking.listed("groups"))


def group_show(asking: Asking) -> dict[str, Any]:
    """One group by id or name. include_datasets (the 1000 last changed)."""
    name, values = group_values(asking, asking.needed("id"))
    shown = next(one for one in _groups(asking) if one["name"] == name)
    return {**shown, **_datasets(asking, "theme", values)}


def group_autocomplete(asking: Asking) -> list[dict[str, str]]:
    """Groups whose name or title holds what was typed. q, limit (20)."""
    labels = {one.value: list(one.label.values()) for one in searching.counted(asking, "theme")}
    named = {searching.group_of(value): words for value, words in labels.items()}
    return _completed(asking, [(stable_id("group", name), name, words) for name, words in named.items() if name])


def group_list_authz(_asking: Asking) -> list[Any]:
    """Groups that the asker may change: none, since groups come from the descriptions."""
    return []


def _groups(asking: Asking) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in searching.counted(asking, "theme"):
        name = searching.group_of(one.value)
        if name in found:
            found[name]["package_count"] += one.count
        elif name:
            found[name] = _group(name, best(one.label, asking.settings.languages) or one.value, one.count)
    return sorted(found.values(), key=lambda group: str(group["name"]))


def _group(name: str, title: str, count: int) -> dict[str, Any]:
    return {
        "id": stable_id("group", name),
        "name": name,
        "title": title,
        "display_name": title,
        "type": "group",
        "description": "",
        "image_url": "",
        "image_display_url": "",
        "created": naive("1970-01-01T00:00:00Z"),
        "is_organization": False,
        "approval_status": "approved",
        "state": "active",
        "num_followers": 0,
        "package_count": count,
        "extras": [],
        "groups": [],
        "tags": [],
        "users": [],
    }


def _datasets(asking: Asking, facet: str, values: tuple[str, ...]) -> dict[str, Any]:
    page = published(asking, filters=[(facet, values)], limit=1000 if asking.truth("include_datasets") else 0)
    more = {"packages": searching.packages(asking, page)} if asking.truth("include_datasets") else {}
    return {"package_count": page.total, **more}


def _listed(asking: Asking, rows: list[dict[str, Any]], wanted: Sequence[str]) -> list[Any]:
    """Names or dicts, chosen, sorted and cut as CKAN does it."""
    whole = asking.truth("all_fields")
    rows = [row for row in rows if not wanted or row["name"] in wanted]
    key, _, direction = (asking.word("sort") or asking.word("order_by") or "title asc").partition(" ")
    if key not in _SORTS or direction.strip().lower() not in ("", "asc", "desc"):
        raise not_valid(sort=f"Cannot sort by {key!r}; use one of {', '.join(_SORTS)} with asc or desc")
    key = "package_count" if key == "packages" else key
    rows.sort(key=lambda row: (row[key] if key == "package_count" else str(row[key]).lower(), row["name"]))
    if direction.strip().lower() == "desc" or (key == "package_count" and not direction):
        rows.reverse()
    most = MOST_DICTS if whole else MOST_NAMES
    start = asking.number("offset", 0)
    rows = rows[start : start + asking.number("limit", most, most)]
    hidden = {"extras": "include_extras", "groups": "include_groups", "tags": "include_tags", "users": "include_users"}
    left_out = {name for name, flag in hidden.items() if not asking.truth(flag)}
    return [{name: value for name, value in row.items() if name not in left_out} if whole else row["name"] for row in rows]


def _completed(asking: Asking, rows: list[tuple[str, str, list[str]]]) -> list[dict[str, str]]:
    q, limit = asking.word("q").lower(), asking.number("limit", 20, 100)
    found = [
        (one, name, titles) for one, name, titles in rows if q in name.lower() or any(q in title.lower() for title in titles)
    ]
    return [{"id": one, "name": name, "title": next(iter(titles), name)} for one, name, titles in found[:limit]]
