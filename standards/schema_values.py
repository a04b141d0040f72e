"""Terms of schema.org in JSON-LD, written: the members that say a dataset's fields, and nothing that it does not say.

    written(dataset) -> dict               the members of a `Dataset`
    download_value(way) -> dict            those of a `DataDownload`
    text_values(text)                      words in all their languages

What is written is read back the same by `schema_terms`. Terms: https://schema.org/Dataset, DataDownload, Place, DefinedTerm.
"""

import math
from collections.abc import Iterable
from typing import Any

from metadata.model import Agent, Coded, Contact, Dataset, Distribution, Period, Place
from metadata.text import Text, guess
from standards import schema_terms
from standards.json_members import coded, kept, plain, web
from standards.schema_terms import HASHES


def text_values(text: Text) -> Any:
    """Words to write: plain where they are read the same, else with their language."""
    if plain(text):
        return next(iter(text.values()), None)
    return [_tagged(tag, word) for tag, word in text.items()]


def _tagged(tag: str, word: str) -> dict[str, str]:
    return {"@value": word} if tag == "und" else {"@language": tag, "@value": word}


def written(dataset: Dataset) -> dict[str, Any]:
    """The members that say a dataset's fields, without distributions and items; nothing that it does not say."""
    found = {
        "name": text_values(dataset.title),
        "description": text_values(dataset.description),
        "identifier": one([dataset.identifier, *dataset.other_identifier]),
        "sameAs": dataset.landing_page,
        "keywords": [word for tag, group in dataset.keyword.items() for word in _keyword(tag, group)],
        "publisher": agent_value(dataset.publisher),
        "creator": one([agent_value(each) for each in dataset.creator]),
        "maintainer": one([_contact_value(each) for each in dataset.contact_point]),
        "datePublished": dataset.issued,
        "dateModified": dataset.modified,
        "inLanguage": one(dataset.language),
        "version": dataset.version,
        "license": licence_value(dataset.license),
        "conditionsOfAccess": term_value(dataset.access_rights, "access-right"),
        "usageInfo": text_values(dataset.rights),
        "about": one([term_value(each, "theme") for each in dataset.theme]),
        "spatialCoverage": one([_place_value(each) for each in dataset.spatial]),
        "temporalCoverage": one([_interval(each) for each in dataset.temporal]),
    }
    return kept(found)


def one(values: Iterable[Any]) -> Any:
    """A list of one is that one."""
    found = [each for each in values if each not in (None, "", {}, [])]
    return found[0] if len(found) == 1 else found


def _keyword(tag: str, group: tuple[str, ...]) -> list[Any]:
    return [word if guess(word) == tag else _tagged(tag, word) for word in group]


def agent_value(who: Agent | None) -> dict[str, Any] | None:
    """An `Organization`."""
    if who is None or not who.name:
        return None
    return {"@type": "Organization"} | kept(
        {
            "@id": who.identifier,
            "name": text_values(who.name),
            "identifier": who.code,
            "url": who.homepage,
            "email": who.email,
            "telephone": who.phone,
            "parentOrganization": agent_value(who.parent),
        }
    )


def _contact_value(whom: Contact) -> dict[str, Any] | None:
    said_ = {"name": text_values(whom.name), "email": whom.email, "telephone": whom.phone, "url": whom.url}
    point = {"@type": "ContactPoint"} | kept(said_)
    if whom.organization:
        return {"@type": "Organization", "name": text_values(whom.organization), "contactPoint": point}
    return point if len(point) > 1 else None


def licence_value(value: Coded | None) -> Any:
    """An address, or a `CreativeWork` with the source's word."""
    if value is None:
        return None
    if value.raw and value == schema_terms.licence(value.raw):
        return value.raw if web(value.raw) else kept({"@type": "CreativeWork", "name": value.raw, "url": value.uri})
    return term_value(value, "licence")


def term_value(value: Coded | None, scheme: str) -> Any:
    """A plain word where it is read the same, else a `DefinedTerm`."""
    if value is None:
        return None
    if value.raw and coded(scheme)(value.raw) == value:
        return value.raw
    said_ = {"name": text_values(value.label), "termCode": value.code, "url": value.uri, "alternateName": value.raw}
    return {"@type": "DefinedTerm", "inDefinedTermSet": value.scheme} | kept(said_)


def _place_value(where: Place) -> Any:
    if where.box and all(math.isfinite(edge) for edge in where.box):
        west, south, east, north = where.box
        shape = {"@type": "GeoShape", "box": " ".join(f"{edge:.10g}" for edge in (south, west, north, east))}
        return {"@type": "Place", **kept({"@id": where.uri, "name": text_values(where.name)}), "geo": shape}
    if where.name and not plain(where.name):
        return {"@type": "Place", "name": text_values(where.name)}
    return text_values(where.name) or where.uri or where.raw


def _interval(when: Period) -> str | None:
    if not when.start and not when.end:
        return when.raw
    return when.start if when.start == when.end else f"{when.start or '..'}/{when.end or '..'}"


def download_value(way: Distribution) -> dict[str, Any]:
    """The members of a `DataDownload`, without its type."""
    word = (way.format.raw or (None if way.media_type else way.format.code)) if way.format else None
    return kept(
        {
            "name": text_values(way.title),
            "description": text_values(way.description),
            "contentUrl": way.download_url,
            "url": way.access_url,
            "encodingFormat": one(dict.fromkeys([way.media_type, word])),
            "contentSize": f"{way.byte_size} B" if way.byte_size is not None else None,
            **({way.checksum.algorithm: way.checksum.value} if way.checksum and way.checksum.algorithm in HASHES else {}),
            "license": licence_value(way.license),
            "datePublished": way.issued,
            "dateModified": way.modified,
            "inLanguage": one(way.language),
        }
    )
