"""A Dataset, written as a data package v2: https://datapackage.org/standard/data-package/.

What the specification has no member for is written under DCAT's name where its readers can use it (`modified`,
`accrualPeriodicity` …), and words in several languages beside the plain ones as `title_translated`; both are allowed
("custom properties"). A package needs a resource: information items without a file are a resource without rows.
"""

import re
from typing import Any

from metadata.identity import slug
from metadata.model import Agent, Coded, Contact, Dataset, Distribution, InformationItem
from metadata.text import Text, Words, every, guess
from standards.datapackage_check import LICENCE, MEDIA, is_format, safe_path
from standards.datapackage_columns import RESOURCE, schema
from standards.json_members import kept, listed, plain, shown, word_of

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def write(dataset: Dataset) -> dict[str, Any]:
    """The package. Whatever the dataset lacks, it is valid after the profile 2.0 wherever its own values are."""
    return kept(
        {
            **dataset.extra,
            "$schema": PROFILE,
            "name": slug(dataset.title) or "dataset",
            "id": dataset.identifier,
            **texts("title", dataset.title),
            **texts("description", dataset.description),
            **_about(dataset),
            "contributors": [*_contributors(dataset), *listed(dataset.extra.get("contributors"))],
            "licenses": _licences(dataset.license, dataset.extra),
            "resources": _resources(dataset),
        }
    )


def texts(name: str, text: Text) -> dict[str, Any]:
    """Words, and by language where the plain ones would not be read the same."""
    return {name: shown(text), f"{name}_translated": None if plain(text) else text}


def _about(dataset: Dataset) -> dict[str, Any]:
    moment = dataset.issued if dataset.issued and is_format("date-time", dataset.issued) else None
    return {
        "homepage": _web(dataset.landing_page),
        "version": dataset.version,
        "created": moment,
        "issued": None if moment else dataset.issued,
        "modified": dataset.modified,
        "keywords": every(dataset.keyword),
        "keywords_translated": None
        if _plain_words(dataset.keyword)
        else {tag: list(group) for tag, group in dataset.keyword.items()},
        "accrualPeriodicity": word_of(dataset.accrual_periodicity, "frequency"),
        "language": list(dataset.language),
        "temporal": [kept({"start": each.start, "end": each.end, "raw": each.raw}) for each in dataset.temporal],
        "theme": [word_of(each, "theme") for each in dataset.theme],
        "conformsTo": list(dataset.conforms_to),
        "alternateIdentifier": list(dataset.other_identifier),
        "accessRights": word_of(dataset.access_rights, "access-right"),
        **texts("rights", dataset.rights),
    }


def _plain_words(keyword: Words) -> bool:
    return all(guess(each) == tag for tag, group in keyword.items() for each in group)


def _web(url: str | None) -> str | None:
    return url if url and is_format("uri", url) else None


def _contributors(dataset: Dataset) -> list[dict[str, Any]]:
    publisher = [_party(dataset.publisher, "publisher")] if dataset.publisher else []
    creators = [_party(each, "creator") for each in dataset.creator]
    return [each for each in (*publisher, *creators, *map(_contact, dataset.contact_point)) if len(each) > 1]


def _party(who: Agent, role: str) -> dict[str, Any]:
    page = who.homepage if who.homepage and safe_path(who.homepage, 2) else None
    mail = who.email if who.email and is_format("email", who.email) else None
    said = {**texts("title", who.name), "email": mail, "path": page, "code": who.code, "phone": who.phone, "roles": [role]}
    return kept({**who.extra, **said})


def _contact(whom: Contact) -> dict[str, Any]:
    mail = whom.email if whom.email and is_format("email", whom.email) else None
    page = whom.url if whom.url and safe_path(whom.url, 2) else None
    said = {**texts("title", whom.name), **texts("organization", whom.organization), "email": mail, "path": page}
    return kept({**whom.extra, **said, "phone": whom.phone, "roles": ["contact"]})


def _licences(value: Coded | None, extra: dict[str, Any]) -> list[Any]:
    if value is None:
        return listed(extra.get("licenses"))
    code = value.code or value.raw or ""
    name = code if LICENCE.fullmatch(code) else None
    path = value.uri if value.uri and safe_path(value.uri, 2) else None
    said = kept({"name": name, "path": path, "title": shown(value.label), "term": word_of(value, "licence")})
    if not name and not path:
        said["name"] = "other"
    return [said, *listed(extra.get("licenses"))]


def _resources(dataset: Dataset) -> list[dict[str, Any]]:
    names: list[str] = []
    for number, way in enumerate(dataset.distribution, 1):
        name = way.identifier if way.identifier and way.identifier not in names else f"resource-{number}"
        names.append(name)
    tables = _tables(dataset.information_item, names)
    made = [_resource(way, name, tables.pop(name, [])) for way, name in zip(dataset.distribution, names, strict=True)]
    alone: list[dict[str, Any]] = [{"name": name, "data": [], "schema": schema(columns)} for name, columns in tables.items()]
    return made + alone or [{"name": "data", "data": []}]


def _tables(columns: tuple[InformationItem, ...], names: list[str]) -> dict[str, list[InformationItem]]:
    """The items by the resource they belong to: the one they name, else the first."""
    found: dict[str, list[InformationItem]] = {}
    for each in columns:
        own = each.extra.get(RESOURCE)
        name = own if isinstance(own, str) and own else names[0] if names else "data"
        found.setdefault(name, []).append(each)
    return found


def _resource(way: Distribution, name: str, columns: list[InformationItem]) -> dict[str, Any]:
    url = way.download_url or way.access_url
    address = url if url and safe_path(url, 2) else None
    rest = way.extra.get("schema")
    own_path = "path" in way.extra or "data" in way.extra
    said = {
        **texts("title", way.title),
        **texts("description", way.description),
        "path": address,
        "accessURL": way.access_url,
        "format": _format(way.format),
        "mediatype": way.media_type if way.media_type and MEDIA.fullmatch(way.media_type) else None,
        "bytes": way.byte_size,
        "hash": _hash(way),
        "licenses": _licences(way.license, way.extra),
        "issued": way.issued,
        "modified": way.modified,
        "language": list(way.language),
        "compression": way.compress_format,
        "homepage": _web(way.page[0] if way.page else None),
        "schema": schema(columns, rest if isinstance(rest, dict) else None) or rest or way.described_by,
    }
    made = {**way.extra, "name": name, **kept(said)}
    if address:
        made.pop("data", None)
    return made if address or own_path else {**made, "data": []}


def _format(value: Coded | None) -> str | None:
    return (value.raw or value.code or shown(value.label) or None) if value else None


def _hash(way: Distribution) -> str | None:
    if way.checksum is None or not re.fullmatch(r"[0-9A-Fa-f]+", way.checksum.value):
        return None
    return f"{way.checksum.algorithm}:{way.checksum.value}"
