"""A row as a CKAN package dict, as `package_show` of CKAN 2.10 gives it (docs.ckan.org, API guide).

Ids are UUIDs made from the names, so that every start of the demo gives the same ones.
"""

import re
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from catalog_api.sample_departments import words
from catalog_api.sample_departments.lapses import PACKAGE_LAPSES, slip
from catalog_api.sample_departments.seeds import Row, Seed, Unit

Object = dict[str, Any]
_TAG = re.compile(r"[^\w .-]+")


def held(seed: Seed) -> list[Object]:
    """All of a department's packages, in order, with the small lapses of a middling department."""
    return [slip(PACKAGE_LAPSES, at, package(seed, row)) for at, row in enumerate(seed.rows)]


def package(seed: Seed, row: Row) -> Object:
    """The whole package: texts, organization, tags, groups, extras and resources."""
    address, licence = words.LICENCES[seed.licence]
    resources = [_resource(seed, row, at, *link) for at, link in enumerate(words.links(seed, row))]
    tags = [_tag(word) for word in words.keywords(seed, row)]
    return {
        "id": identifier(seed, "dataset", row.name),
        "name": row.name,
        "title": words.title(seed, row),
        "title_translated": row.title,
        "notes": words.paragraph(seed, row, seed.language),
        "notes_translated": {language: words.paragraph(seed, row, language) for language in row.note},
        "url": f"https://{seed.domain}/dataset/{row.name}",
        "author": row.unit.title["en" if seed.language == "en" else "zh"],
        "author_email": words.unit_address(seed, row),
        "maintainer": seed.title[seed.language],
        "maintainer_email": f"opendata@{seed.domain.removeprefix('data.')}",
        "license_id": seed.licence,
        "license_title": licence,
        "license_url": address,
        "isopen": seed.licence != "mingchuan",
        "owner_org": identifier(seed, "organization", row.unit.name),
        "organization": organization(seed, row.unit),
        "private": False,
        "state": "active",
        "type": "dataset",
        "version": None,
        "creator_user_id": identifier(seed, "user", "opendata"),
        "metadata_created": f"{row.issued}T01:30:00.000000",
        "metadata_modified": f"{row.modified}T06:15:42.120000",
        "num_resources": len(resources),
        "num_tags": len(tags),
        "tags": tags,
        "groups": [_group(seed, row)],
        "extras": _extras(seed, row),
        "resources": resources,
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def organization(seed: Seed, unit: Unit) -> Object:
    """A unit of the department as CKAN's organization."""
    return {
        "id": identifier(seed, "organization", unit.name),
        "name": unit.name,
        "title": unit.title["en" if seed.language == "en" else "zh"],
        "type": "organization",
        "description": seed.title[seed.language],
        "image_url": "",
        "created": "2018-06-01T00:00:00.000000",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
    }


def identifier(seed: Seed, kind: str, name: str) -> str:
    """A UUID that is always the same for the same thing."""
    return str(uuid5(NAMESPACE_URL, f"https://{seed.domain}/{kind}/{name}"))


def _extras(seed: Seed, row: Row) -> list[Object]:
    west, south, east, north = words.AREAS[row.area][1]
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    polygon = str({"type": "Polygon", "coordinates": [ring]}).replace("'", '"')
    often = words.FREQUENCY_WORDS[row.frequency]["zh"] if seed.language != "en" else words.INTERVALS.get(row.frequency, "")
    found = {"frequency": often, "issued": row.issued, "modified": row.modified, "language": seed.language, "spatial": polygon}
    if row.access != "public":
        _, found["access_rights"], why = words.ACCESS[row.access]
        found["rights"] = why[seed.language]
    if row.temporal:
        found["temporal_start"], found["temporal_end"] = row.temporal.split("/")
    return [{"key": key, "value": value} for key, value in found.items() if value]


def _resource(seed: Seed, row: Row, at: int, key: str, name: str, media_type: str | None, address: str) -> Object:
    return {
        "id": identifier(seed, "resource", f"{row.name}/{key}"),
        "package_id": identifier(seed, "dataset", row.name),
        "name": f"{words.title(seed, row)} {name}",
        "description": "",
        "url": address,
        "format": name,
        "mimetype": media_type,
        "size": None,
        "hash": "",
        "position": at,
        "state": "active",
        "created": f"{row.issued}T01:30:00.000000",
        "last_modified": f"{row.modified}T06:15:42.120000",
    }


def _tag(word: str) -> Object:
    # CKAN allows letters, digits, space, dot, dash and underscore in a tag.
    name = _TAG.sub(" ", word).strip()
    return {"name": name, "display_name": name, "state": "active", "vocabulary_id": None}


def _group(seed: Seed, row: Row) -> Object:
    title = words.theme(seed, row)
    return {"id": identifier(seed, "group", row.theme), "name": row.theme, "title": title, "display_name": title}
