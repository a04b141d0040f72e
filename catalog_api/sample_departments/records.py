"""A row as a DCAT-US 1.1 dataset (Project Open Data Metadata Schema v1.1), and a department's rows as a data.json.

How much a department fills in is its quality: `excellent` fills everything, the others leave out what people leave out.
"""

from typing import Any

from catalog_api.sample_departments import words
from catalog_api.sample_departments.faults import spoil
from catalog_api.sample_departments.lapses import RECORD_LAPSES, slip
from catalog_api.sample_departments.seeds import Row, Seed

Object = dict[str, Any]


def catalog(seed: Seed, *, empty: bool = False) -> Object:
    """The data.json of a department. With `empty`, the same catalogue without any dataset: valid, and alarming."""
    records = [] if empty else dataset_records(seed)
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@id": f"https://{seed.domain}/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
        "dataset": records,
    }


def dataset_records(seed: Seed) -> list[Any]:
    """All of a department's records, in order. Only a `faulty` department has records that are no dataset objects."""
    if seed.quality == "faulty":
        return spoil([record(seed, row) for row in seed.rows])
    if seed.quality == "middling":
        return [slip(RECORD_LAPSES, at, record(seed, row)) for at, row in enumerate(seed.rows)]
    return [record(seed, row) for row in seed.rows]


def record(seed: Seed, row: Row) -> Object:
    """One dataset without faults, shaped as the schema wants; an excellent department gives more fields than others."""
    found = _required(seed, row) | _usual(seed, row)
    if row.access != "public":
        level, _, why = words.ACCESS[row.access]
        found |= {"accessLevel": level, "rights": why[seed.language]}
    if seed.quality == "excellent":
        found |= _thorough(seed, row)
    return found


def _required(seed: Seed, row: Row) -> Object:
    return {
        "@type": "dcat:Dataset",
        "identifier": f"https://{seed.domain}/dataset/{row.name}",
        "title": words.title(seed, row),
        "description": words.description(seed, row),
        "keyword": words.keywords(seed, row),
        "modified": row.modified,
        "publisher": _publisher(seed, row),
        "contactPoint": {
            "@type": "vcard:Contact",
            "fn": _unit(seed, row),
            "hasEmail": f"mailto:{words.unit_address(seed, row)}",
        },
        "accessLevel": "public",
    }


def _usual(seed: Seed, row: Row) -> Object:
    west, south, east, north = words.AREAS[row.area][1]
    found: Object = {
        "theme": [words.theme(seed, row)],
        "language": [seed.language],
        "license": words.LICENCES[seed.licence][0],
        "spatial": f"{west},{south},{east},{north}",
        "distribution": [_distribution(seed, row, *link[1:]) for link in words.links(seed, row)],
    }
    if row.frequency in words.INTERVALS:
        found["accrualPeriodicity"] = words.INTERVALS[row.frequency]
    if row.temporal:
        found["temporal"] = row.temporal
    return found


def _thorough(seed: Seed, row: Row) -> Object:
    return {
        "issued": row.issued,
        "language": ["en", "zh-CN"] if seed.language == "en" else ["zh-CN", "en"],
        "landingPage": f"https://{seed.domain}/dataset/{row.name}.html",
        "describedBy": f"https://{seed.domain}/dictionary/{row.name}.json",
        "describedByType": "application/json",
        "references": [f"https://{seed.domain}/guide/{row.theme}.html"],
    }


def _distribution(seed: Seed, row: Row, name: str, media_type: str | None, address: str) -> Object:
    found: Object = {"@type": "dcat:Distribution", "title": f"{words.title(seed, row)} ({name})", "format": name}
    if media_type is None:
        return found | {"accessURL": address}
    return found | {"downloadURL": address, "mediaType": media_type}


def _publisher(seed: Seed, row: Row) -> Object:
    department = {"@type": "org:Organization", "name": seed.title[seed.language]}
    government = {"@type": "org:Organization", "name": words.GOVERNMENT[seed.language]}
    return {
        "@type": "org:Organization",
        "name": _unit(seed, row),
        "subOrganizationOf": department | {"subOrganizationOf": government},
    }


def _unit(seed: Seed, row: Row) -> str:
    return row.unit.title["en" if seed.language == "en" else "zh"]
