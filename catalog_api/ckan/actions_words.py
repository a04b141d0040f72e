"""Tags, formats and licences."""

from typing import Any

from catalog_api.ckan import searching
from catalog_api.ckan.actions_search import published
from catalog_api.ckan.answers import not_found
from catalog_api.ckan.asking import Asking
from catalog_api.ckan.packages import stable_id
from metadata.text import best
from metadata.vocabulary import Term, terms


def tag_list(asking: Asking) -> list[Any]:
    """Tags of published datasets, in order. query (part of a tag), all_fields; vocabularies there are none."""
    if asking.word("vocabulary_id"):
        raise not_found("could not find vocabulary")
    query = asking.word("query").lower()
    names = sorted(name for name in _tags(asking) if query in name.lower())
    return [_tag(name) for name in names] if asking.truth("all_fields") else names


def tag_show(asking: Asking) -> dict[str, Any]:
    """One tag by name or id. include_datasets (the 1000 last changed)."""
    word = asking.needed("id")
    name = next((name for name in _tags(asking) if word in (name, stable_id("tag", name))), None)
    if name is None:
        raise not_found("Tag was not found.")
    if not asking.truth("include_datasets"):
        return _tag(name)
    page = published(asking, filters=[("keyword", (name,))], limit=1000)
    return {**_tag(name), "packages": searching.packages(asking, page)}


def tag_search(asking: Asking) -> dict[str, Any]:
    """Tags that hold a text. query (a text or a list of them), limit, offset."""
    queries = [query.lower() for query in asking.listed("query") or asking.listed("q")]
    names = sorted(name for name in _tags(asking) if all(query in name.lower() for query in queries))
    offset, limit = asking.number("offset", 0), asking.number("limit", len(names))
    return {"count": len(names), "results": [_tag(name) for name in names[offset : offset + limit]]}


def tag_autocomplete(asking: Asking) -> list[str]:
    """Tags that hold what was typed, those that begin with it first. q or query, limit (10), offset."""
    q = asking.word("q", "query").lower()
    names = sorted(
        (name for name in _tags(asking) if q and q in name.lower()), key=lambda name: (not name.lower().startswith(q), name)
    )
    offset = asking.number("offset", 0)
    return names[offset : offset + asking.number("limit", 10, 1000)]


def _tags(asking: Asking) -> list[str]:
    return [one.value for one in searching.counted(asking, "keyword")]


def _tag(name: str) -> dict[str, Any]:
    return {"id": stable_id("tag", name), "name": name, "display_name": name, "vocabulary_id": None}


def format_autocomplete(asking: Asking) -> list[str]:
    """Formats of resources that hold what was typed, the most used first. q, limit (5)."""
    q = asking.needed("q").lower()
    names = [one.value.lower() for one in searching.counted(asking, "format") if q in one.value.lower()]
    return list(dict.fromkeys(names))[: asking.number("limit", 5, 100)]


def license_list(_asking: Asking) -> list[dict[str, Any]]:
    """The licences that are known here."""
    return [_licence(one) for one in terms("licence")]


def _licence(one: Term) -> dict[str, Any]:
    return {
        "id": one.names.get("ckan", one.code),
        "title": best(one.label, ("en", "zh")),
        "url": one.uri or "",
        "status": "active",
        "family": "",
        "maintainer": "",
        "is_generic": False,
        "domain_content": False,
        "domain_data": bool(one.open),
        "domain_software": False,
        "od_conformance": "approved" if one.open else "rejected" if one.open is False else "not reviewed",
        "osd_conformance": "not reviewed",
        "is_okd_compliant": bool(one.open),
        "is_osi_compliant": False,
    }


def vocabulary_list(_asking: Asking) -> list[Any]:
    """Tag vocabularies: none."""
    return []
