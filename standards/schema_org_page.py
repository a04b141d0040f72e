"""schema.org/Dataset as JSON-LD, for search engines: written into the head of each dataset's page, in the page's language.

Terms: https://schema.org/Dataset, DataDownload, Place, GeoShape; what a search engine for datasets asks of them (a name, a
description of 50 to 5,000 characters): https://developers.google.com/search/docs/appearance/structured-data/dataset.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

from metadata import text, vocabulary
from metadata.model import Agent, Coded, Contact, DataService, Dataset, Distribution, InformationItem, Period, Place
from metadata.text import Text
from standards import rdf

LANGUAGES = ("zh", "en")
LONGEST, SHORTEST = 5000, 50
_ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def write(dataset: Dataset, languages: Sequence[str] = LANGUAGES) -> dict[str, Any]:
    """The dataset as a JSON-LD object, its words in the first of the languages that they are in. Empty values are left out."""
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": _url(dataset.uri),
        **_words(dataset, languages),
        **_terms(dataset, languages),
        "publisher": _agent(dataset.publisher, languages),
        "creator": [_agent(who, languages) for who in dataset.creator] or _agent(dataset.publisher, languages),
        "spatialCoverage": [_place(where, languages) for where in dataset.spatial],
        "temporalCoverage": [_interval(when) for when in dataset.temporal],
        "variableMeasured": [_variable(item, languages) for item in dataset.information_item],
        "distribution": [_download(way, languages) for way in dataset.distribution] + _services(dataset.service, languages),
        "isPartOf": [_series(each.title, each.identifier, languages) for each in dataset.in_series],
    }
    return _kept(document)


def script(document: dict[str, Any]) -> str:
    """The object as JSON that may stand inside `<script type="application/ld+json">`: nothing in it can end the element."""
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return written.encode("utf-8", "replace").decode()


def _words(dataset: Dataset, languages: Sequence[str]) -> dict[str, Any]:
    name = text.best(dataset.title, languages)
    return {
        "name": name,
        "alternateName": [words for words in dataset.title.values() if words and words != name],
        "description": description(dataset, languages),
        "url": _url(dataset.uri),
        "sameAs": _url(dataset.landing_page),
        "identifier": [dataset.identifier, *dataset.other_identifier],
        "keywords": text.every(dataset.keyword),
        "version": dataset.version,
        "datePublished": _date(dataset.issued),
        "dateModified": _date(dataset.modified),
        "inLanguage": list(dataset.language),
    }


def description(dataset: Dataset, languages: Sequence[str] = LANGUAGES) -> str:
    """The description, cut to 5,000 characters; one that is too short is told with title, publisher and update frequency."""
    words = text.best(dataset.description, languages)
    if len(words) < SHORTEST:
        publisher = text.best(dataset.publisher.name, languages) if dataset.publisher else ""
        often = text.best(dataset.accrual_periodicity.label, languages) if dataset.accrual_periodicity else ""
        told = [words, text.best(dataset.title, languages), publisher, often]
        words = " · ".join(dict.fromkeys(part for part in told if part))
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _terms(dataset: Dataset, languages: Sequence[str]) -> dict[str, Any]:
    free = vocabulary.is_open(dataset.license) or bool(dataset.openness and dataset.openness.kind == "open")
    return {
        "license": _licence(dataset.license, languages),
        "isAccessibleForFree": True if free else None,
        "conditionsOfAccess": _label(dataset.access_rights, languages),
        "usageInfo": text.best(dataset.rights, languages),
        "about": [_label(theme, languages) for theme in dataset.theme],
        "creativeWorkStatus": _label(dataset.status, languages),
        "maintainer": [_contact(whom, languages) for whom in dataset.contact_point],
    }


def _agent(who: Agent | None, languages: Sequence[str]) -> dict[str, Any] | None:
    if who is None or not who.name:
        return None
    kept = {
        "@type": "Organization",
        "@id": _url(who.identifier),
        "name": text.best(who.name, languages),
        "identifier": who.code or who.identifier,
        "url": _url(who.homepage),
        "email": who.email,
        "telephone": who.phone,
        "parentOrganization": _agent(who.parent, languages),
    }
    return _kept(kept)


def _contact(whom: Contact, languages: Sequence[str]) -> dict[str, Any] | None:
    name = text.best(whom.organization or whom.name, languages)
    point = {"@type": "ContactPoint", "name": text.best(whom.name, languages), "email": whom.email, "telephone": whom.phone}
    if not name and not whom.email and not whom.phone:
        return None
    return _kept({"@type": "Organization", "name": name or whom.email, "url": _url(whom.url), "contactPoint": _kept(point)})


def _place(where: Place, languages: Sequence[str]) -> Any:
    """A Place with its box (south west north east, which is schema.org's order), else the words there are."""
    name = text.best(where.name, languages) or (where.raw if not where.box else None)
    if not where.box or not all(math.isfinite(edge) for edge in where.box):
        return name or _url(where.uri)
    west, south, east, north = where.box
    shape = {"@type": "GeoShape", "box": f"{south:.10g} {west:.10g} {north:.10g} {east:.10g}"}
    return _kept({"@type": "Place", "@id": _url(where.uri), "name": name, "geo": shape})


def _interval(when: Period) -> str | None:
    """An ISO 8601 interval; an open end is `..`."""
    if not when.start and not when.end:
        return when.raw
    return when.start if when.start == when.end else f"{when.start or '..'}/{when.end or '..'}"


def _variable(item: InformationItem, languages: Sequence[str]) -> dict[str, Any]:
    words = {"name": text.best(item.name, languages), "description": text.best(item.description, languages)}
    return _kept({"@type": "PropertyValue", **words, "identifier": item.code})


def _download(way: Distribution, languages: Sequence[str]) -> dict[str, Any] | None:
    link = _url(way.download_url) or _url(way.access_url)
    kept = {
        "@type": "DataDownload",
        "name": text.best(way.title, languages),
        "description": text.best(way.description, languages),
        "contentUrl": link,
        "encodingFormat": way.media_type or _label(way.format, languages),
        "contentSize": f"{way.byte_size} B" if (way.byte_size or 0) > 0 else None,
        "sha256": way.checksum.value if way.checksum and way.checksum.algorithm == "sha256" else None,
        "datePublished": _date(way.issued),
        "dateModified": _date(way.modified),
        "license": _licence(way.license, languages),
    }
    return _kept(kept) if link else None


def _services(services: Sequence[DataService], languages: Sequence[str]) -> list[Any]:
    """An API has its address, and its description in place of a file's format."""
    found = []
    for offered in services:
        link = next((url for each in offered.endpoint_url if (url := _url(each))), None)
        if link:
            found.append(_kept({"@type": "DataDownload", "name": text.best(offered.title, languages), "contentUrl": link}))
    return found


def _series(title: Text, identifier: str | None, languages: Sequence[str]) -> dict[str, Any]:
    return _kept({"@type": "Dataset", "@id": _url(identifier), "name": text.best(title, languages) or identifier})


def _licence(value: Coded | None, languages: Sequence[str]) -> str | None:
    if value is None:
        return None
    return value.uri or _url(value.raw) or _label(value, languages)


def _label(value: Coded | None, languages: Sequence[str]) -> str | None:
    return (text.best(value.label, languages) or value.raw or value.code or None) if value else None


def _url(raw: str | None) -> str | None:
    node = rdf.iri(raw)
    return node.value if node else None


def _date(raw: str | None) -> str | None:
    """The date where it is one."""
    made = rdf.moment(raw)
    return made.value if made and made.datatype != rdf.XSD.string else None


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """Without empty values; a list of one is that one."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        tidy = [each for each in value if each] if isinstance(value, list) else value
        if tidy or tidy is False:
            kept[name] = tidy[0] if isinstance(tidy, list) and len(tidy) == 1 else tidy
    return kept
