"""Single datasets and their resources."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import col, select

from catalog_api import visits
from catalog_api.ckan import searching
from catalog_api.ckan.actions_search import published
from catalog_api.ckan.answers import Fault, not_allowed, not_found, not_valid
from catalog_api.ckan.asking import Asking
from catalog_api.ckan.packages import dataset_range, organizations, package, resource_ids, stable_id
from catalog_api.seeing import seen
from metadata import store
from metadata.entry import Entry
from metadata.errors import NotFound
from metadata.tables import DatasetRow
from metadata.text import best
from standards.ckan_resource import resource

MOST_SCANNED = 20_000
_RESOURCE_FIELDS = ("name", "description", "url", "format", "mimetype", "hash", "id", "package_id", "resource_type")


def package_list(asking: Asking) -> list[str]:
    """Names of all published datasets, in order. limit, offset."""
    limit = asking.number("limit", -1) if asking.word("limit") else None
    return store.names(asking.session, limit=limit, offset=asking.number("offset", 0))


def package_show(asking: Asking) -> dict[str, Any]:
    """One dataset by id or name. id (also name_or_id)."""
    entry = _entry(asking, asking.needed("id", "name_or_id"), "Dataset was not found.")
    visits.note(entry.id)
    return package(entry, organizations(asking.session), asking.settings.languages)


def _entry(asking: Asking, word: str, missing: str) -> Entry:
    """A dataset that the asker may see. CKAN's errors otherwise: one that was retired is refused, as CKAN refuses a deleted
    one; one that is withheld is as if it were not there, so that a stranger does not learn of it (DESIGN §5.14)."""
    entry = store.find(asking.session, word)
    try:
        shown = seen(entry, asking.asker) if entry else None
    except NotFound:
        shown = None
    if shown is None:
        raise not_found(missing)
    if shown.state == "retired" and "*" not in asking.asker.readers:
        raise not_allowed(f"the dataset {word} was retired")
    return shown


def package_autocomplete(asking: Asking) -> list[dict[str, Any]]:
    """Datasets whose title or name begins with or holds what was typed. q, limit (10)."""
    q, limit = asking.needed("q"), asking.number("limit", 10, 100)
    found = [hit.name for hit in asking.engine.suggest(q, limit) if hit.name]
    if len(found) < limit and (words := _plain(q)):
        found += [
            hit.name for hit in searching.found(asking, searching.asked(asking, words, ()), order="relevance", limit=limit).hits
        ]
    entries = [store.find(asking.session, name) for name in dict.fromkeys([*found, q.lower()])]
    return [_completion(entry, q, asking.settings.languages) for entry in entries if entry and entry.state == "published"][
        :limit
    ]


def _plain(q: str) -> str:
    """What was typed as plain words, whatever signs are in it."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in q).split())


def _completion(entry: Entry, q: str, languages: Sequence[str]) -> dict[str, Any]:
    """A dataset under the title that holds what was typed, else under the one it is shown by."""
    held = next((title for title in entry.dataset.title.values() if q.lower() in title.lower()), None)
    title = held or best(entry.dataset.title, languages)
    return {
        "name": entry.name,
        "title": title,
        "match_field": "name" if held is None and q.lower() in entry.name else "title",
        "match_displayed": f"{title} ({entry.name})",
    }


def resource_show(asking: Asking) -> dict[str, Any]:
    """One resource. id."""
    word = asking.needed("id")
    span = dataset_range(word)
    if span is None:
        raise not_found("Resource was not found.")
    statement = select(DatasetRow.id).where(col(DatasetRow.id) >= span[0], col(DatasetRow.id) <= span[1])
    for dataset_id in asking.session.exec(statement):
        entry = _entry(asking, dataset_id, "Resource was not found.")
        if word.lower() in resource_ids(entry):
            resources = package(entry, {})["resources"]
            return next(one for one in resources if one["id"] == word.lower())
    raise not_found("Resource was not found.")


def resource_search(asking: Asking) -> dict[str, Any]:
    """Resources whose fields hold a text. query: `field:text` or a list of them, all of which apply; order_by, offset,
    limit."""
    terms = _terms(asking)
    said = [(field, text) for field, text in terms if field not in ("id", "package_id")]
    entries = (entry for entry in _scanned(asking) if any(_holds(resource(part), said) for part in entry.dataset.distribution))
    found = [one for entry in entries for one in _resources(entry) if _holds(one, terms)]
    order = asking.word("order_by")
    if order:
        if order not in (*_RESOURCE_FIELDS, "created", "last_modified"):
            raise not_valid(order_by=f"Field {order!r} not recognised")
        found.sort(key=lambda one: str(one.get(order) or ""))
    offset, limit = asking.number("offset", 0), asking.number("limit", len(found))
    return {"count": len(found), "results": found[offset : offset + limit]}


def _terms(asking: Asking) -> list[tuple[str, str]]:
    queries = asking.listed("query")
    if not queries:
        raise not_valid(query="Missing value")
    terms = []
    for query in queries:
        field, colon, text = query.partition(":")
        if not colon or field not in _RESOURCE_FIELDS:
            raise not_valid(query=f"Must be <field>:<value>, the field one of {', '.join(_RESOURCE_FIELDS)}")
        terms.append((field, text.strip().lower()))
    return terms


def _scanned(asking: Asking) -> Iterator[Entry]:
    """The datasets to look through. Nothing indexes the fields of resources, so all of them; a directory too large for that is
    refused, not searched in part."""
    total = store.count(asking.session)
    if total > MOST_SCANNED:
        raise Fault(
            409,
            "Search Error",
            message=f"Search error: resource_search looks through {MOST_SCANNED} datasets at most; use package_search",
        )
    after: str | None = None
    while entries := store.listing(asking.session, after=after, limit=500):
        yield from entries
        after = entries[-1].name


def _resources(entry: Entry) -> list[dict[str, Any]]:
    return package(entry, {})["resources"]  # type: ignore[no-any-return]


def _holds(resource: dict[str, Any], terms: list[tuple[str, str]]) -> bool:
    return all(text in str(resource.get(field) or "").lower() for field, text in terms)


def group_package_show(asking: Asking) -> list[dict[str, Any]]:
    """Datasets of a group. id, limit (at most 1000)."""
    values = group_values(asking, asking.needed("id"))[1]
    limit = asking.number("limit", 1000, 1000)
    return searching.packages(asking, published(asking, filters=[("theme", values)], limit=limit))


def group_values(asking: Asking, word: str) -> tuple[str, tuple[str, ...]]:
    """The name of a group, and the values of the theme facet behind it. `word`: its name or id. Raises CKAN's Not Found
    Error."""
    found: dict[str, list[str]] = {}
    for one in searching.counted(asking, "theme"):
        name = searching.group_of(one.value)
        if name and word in (name, stable_id("group", name)):
            found.setdefault(name, []).append(one.value)
    if not found:
        raise not_found("Group was not found.")
    name, values = next(iter(found.items()))
    return name, tuple(values)
