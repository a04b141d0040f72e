"""A Dataset, written as a CKAN package dict.

CKAN's own members where there is one, ckanext-dcat's extras for the rest (so that a CKAN with ckanext-dcat serves the same
DCAT from it), and the model's own JSON in an extra of the member's name for what neither knows (sharing, information items).
What only a catalogue knows (`id`, `owner_org`, `organization`, `metadata_*`, `state`) is left to whoever serves the package.
"""

from typing import Any

import msgspec
import orjson

from metadata.identity import slug
from metadata.model import Coded, Dataset, Period
from metadata.text import best, every
from metadata.vocabulary import is_open, term
from standards.ckan_check import NAME, RESERVED
from standards.ckan_fields import language_map, word_of
from standards.ckan_parties import party_extras
from standards.ckan_places import place_extras
from standards.ckan_read import openness_of
from standards.ckan_resource import resource, service

_WORDS = ("id", "name", "title", "notes", "url", "version", "author", "author_email", "maintainer", "maintainer_email", "type")
_RIGHTS = (
    "license_id",
    "license_title",
    "license_url",
    "isopen",
    "private",
    "owner_org",
    "organization",
    "creator_user_id",
    "state",
)
_LISTS = ("resources", "tags", "groups", "extras", "relationships", "relationships_as_subject", "relationships_as_object")
_TRANSLATED = ("title_translated", "notes_translated", "tags_translated", "plugin_data")
_BOOKS = (
    "metadata_created",
    "metadata_modified",
    "num_resources",
    "num_tags",
    "revision_id",
    "revision_timestamp",
    "tracking_summary",
)
CATALOGUE = frozenset((*_WORDS, *_RIGHTS, *_LISTS, *_TRANSLATED, *_BOOKS))
"""Members of a package itself: never the key of an extra."""

_MODEL_FIELDS = ("sharing", "openness", "information_item", "classification", "status", "hvd_category", "in_series")


def write(dataset: Dataset) -> dict[str, Any]:
    """The package dict: CKAN's members, resources, tags, groups and extras (no key twice, every value a string)."""
    creator = dataset.creator[0] if dataset.creator else None
    contact = dataset.contact_point[0] if dataset.contact_point else None
    package: dict[str, Any] = {
        "name": _name(dataset),
        "title": best(dataset.title),
        "notes": best(dataset.description),
        "url": dataset.landing_page,
        "version": dataset.version,
        "author": best(creator.name) if creator else None,
        "author_email": creator.email if creator else None,
        "maintainer": best(contact.name) if contact else None,
        "maintainer_email": contact.email if contact else None,
        **licence_of(dataset.license),
        "private": _is_private(dataset),
        "type": dataset.extra.get("type") if isinstance(dataset.extra.get("type"), str) else "dataset",
        "tags": [{"name": word, "display_name": word} for word in every(dataset.keyword)],
        "groups": [group(one) for one in dataset.theme if is_group(one)],
        "resources": [resource(one) for one in dataset.distribution],
    }
    return {**package, **_translated(dataset), "extras": _extras(dataset)}


def _name(dataset: Dataset) -> str:
    given = dataset.extra.get("name")
    if isinstance(given, str) and NAME.fullmatch(given):
        return given
    made = slug(dataset.title)
    return made if NAME.fullmatch(made) and made not in RESERVED else f"dataset-{made}"[:100]


def _is_private(dataset: Dataset) -> bool:
    return dataset.access_rights is not None and dataset.access_rights.raw == "private"


def licence_of(terms: Coded | None) -> dict[str, Any]:
    """`license_id`, `license_title`, `license_url`, `isopen` (false where it is not known)."""
    if terms is None:
        return {"license_id": None, "license_title": None, "license_url": None, "isopen": False}
    known = term("licence", terms.code) if terms.scheme else None
    identifier = known.names.get("ckan", known.code) if known else terms.raw
    return {
        "license_id": identifier,
        "license_title": best(terms.label, ("en", "zh")) or terms.raw,
        "license_url": terms.uri,
        "isopen": bool(is_open(terms)),
    }


def group(theme: Coded) -> dict[str, Any]:
    """A theme as a CKAN group: its name from the code or the raw word, its title from the label."""
    title = best(theme.label) or theme.raw or theme.code
    return {"name": group_name(theme), "title": title, "display_name": title, "description": "", "image_display_url": ""}


def is_group(theme: Coded) -> bool:
    """Whether a theme is a group here: a bare address without a word for it is not."""
    return bool(theme.scheme) or not (theme.raw or "").startswith("http")


def group_name(theme: Coded) -> str:
    """The word for a theme where CKAN wants `[a-z0-9_-]`: the code in lower case, else the raw word when fit, else its slug."""
    word = theme.code if theme.scheme else theme.raw or theme.code
    return word.lower() if NAME.fullmatch(word.lower()) else slug({"und": word})


def _translated(dataset: Dataset) -> dict[str, Any]:
    """ckanext-fluent's members, where words have a language and there is more than one way to say it."""
    found: dict[str, Any] = {}
    for name, words in (("title", dataset.title), ("notes", dataset.description)):
        if len(words) > 1:
            found[f"{name}_translated"] = dict(words)
    if len(dataset.keyword) > 1:
        found["tags_translated"] = {tag: list(group) for tag, group in dataset.keyword.items()}
    return found


def _extras(dataset: Dataset) -> list[dict[str, str]]:
    said: dict[str, Any] = {**_dates(dataset), **_words(dataset), **place_extras(dataset.spatial)}
    said |= {**party_extras(dataset), **_own(dataset)}
    kept = {key: value for key, value in dataset.extra.items() if key not in CATALOGUE and key not in said}
    return [
        {"key": key, "value": _string(value)} for key, value in (said | kept).items() if value not in (None, "", (), [], {})
    ]


def _string(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def _listed(values: tuple[str, ...]) -> list[str]:
    return list(values)


def _dates(dataset: Dataset) -> dict[str, Any]:
    frequency = dataset.accrual_periodicity
    return {
        "issued": dataset.issued,
        "modified": dataset.modified,
        "frequency": word_of(frequency),
        "language": _listed(dataset.language),
        "temporal_resolution": dataset.temporal_resolution,
        "spatial_resolution_in_meters": dataset.spatial_resolution_in_meters,
        **_periods(dataset.temporal),
    }


def _periods(periods: tuple[Period, ...]) -> dict[str, Any]:
    if len(periods) == 1:
        only = periods[0]
        return {"temporal_start": only.start, "temporal_end": only.end, "temporal": only.raw}
    return {"temporal_coverage": [{"start": one.start, "end": one.end} for one in periods if one.start or one.end]}


def _words(dataset: Dataset) -> dict[str, Any]:
    themes = [one.uri for one in dataset.theme if one.uri]
    return {
        "identifier": dataset.identifier,
        "alternate_identifier": [one for one in dataset.other_identifier if one != dataset.identifier],
        "theme": themes,
        "documentation": _listed(dataset.page),
        "conforms_to": _listed(dataset.conforms_to),
        "access_rights": None if _is_private(dataset) else word_of(dataset.access_rights),
        "rights": language_map(dataset.rights),
        "provenance": language_map(dataset.provenance),
        "version_notes": language_map(dataset.version_notes),
        "described_by": dataset.described_by,
        "described_by_type": dataset.described_by_type,
        "is_part_of": dataset.is_part_of,
        "related_resource": _listed(dataset.relation),
        "applicable_legislation": _listed(dataset.applicable_legislation),
    }


def _own(dataset: Dataset) -> dict[str, Any]:
    """What neither CKAN nor ckanext-dcat has a member for, as the model's own JSON."""
    found = {name: msgspec.to_builtins(value) for name in _MODEL_FIELDS if (value := getattr(dataset, name))}
    if dataset.openness == openness_of(dataset.access_rights, dataset.license):
        found.pop("openness", None)  # the reader finds it by itself
    return found | ({"service": [service(one) for one in dataset.service]} if dataset.service else {})
