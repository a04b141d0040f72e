"""From a dataset to Dublin Core in JSON, in DCMI's terms (`dcterms:`). XML is made of it in `dublin_core_xml`."""

from collections.abc import Iterable
from typing import Any

from metadata.model import Agent, Coded, Dataset, Distribution, Period, Place
from metadata.text import Text, Words, guess
from standards.coordinates import limits
from standards.dublin_core_terms import term_of
from standards.portal_members import is_address


def write(dataset: Dataset) -> dict[str, Any]:
    """The record as JSON. What DCMI's terms cannot say is left out (see `carries`)."""
    said: dict[str, list[Any]] = {
        "title": [_text(dataset.title)],
        "identifier": [*_once((dataset.identifier, *dataset.other_identifier)), _id(dataset.landing_page)],
        "description": [_text(dataset.description)],
        "publisher": [_agent(dataset.publisher)],
        "creator": [_agent(each) for each in dataset.creator],
        "subject": [*_keywords(dataset.keyword), *(_id(each.uri) for each in dataset.theme if each.uri)],
        "language": list(dataset.language),
        "issued": [dataset.issued],
        "modified": [dataset.modified],
        "accrualPeriodicity": [_code(dataset.accrual_periodicity)],
        "spatial": [_place(each) for each in dataset.spatial],
        "temporal": [_period(each) for each in dataset.temporal],
        "license": [_code(dataset.license)],
        "rights": [_text(dataset.rights)],
        "accessRights": [_code(dataset.access_rights)],
        "provenance": [_text(dataset.provenance)],
        "conformsTo": list(dataset.conforms_to),
        "isPartOf": [dataset.is_part_of],
        "relation": list(dataset.relation),
        "references": [_id(each) for each in dataset.page],
        **_ways(dataset.distribution),
    }
    found = {f"dcterms:{term}": one for term, values in said.items() if (one := _alone(values)) is not None}
    return _with_extra(found, dataset.extra)


def _alone(values: list[Any]) -> Any:
    kept = [each for each in values if each not in (None, "", {}, [])]
    return kept[0] if len(kept) == 1 else kept or None


def _once(values: Iterable[str | None]) -> list[Any]:
    return list(dict.fromkeys(each for each in values if each))


def _with_extra(found: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    """Statements that were kept come back under their terms, other members as they were."""
    for name, value in extra.items():
        term = term_of(name)
        key = name if not term else next((each for each in (name, f"dcterms:{term}") if each in found), name)
        if key in found and term:
            held = found[key] if isinstance(found[key], list) else [found[key]]
            found[key] = [*held, *(value if isinstance(value, list) else [value])]
        else:
            found.setdefault(key, value)
    return found


def _text(words: Text) -> Any:
    """Plain where it reads the same without a language, else an object of languages."""
    if len(words) == 1:
        tag, said = next(iter(words.items()))
        if tag == guess(said):
            return said
    return dict(words) or None


def _keywords(words: Words) -> list[Any]:
    return [_text({tag: each}) for tag, some in words.items() for each in some]


def _agent(agent: Agent | None) -> Any:
    return _text(agent.name) if agent else None


def _id(uri: str | None) -> dict[str, str] | None:
    return {"@id": uri} if uri else None


def _code(value: Coded | None) -> Any:
    """The address of a term, else its word."""
    if value is None:
        return None
    if value.uri:
        return _id(value.uri)
    return value.raw or value.code or next(iter(value.label.values()), None)


def _place(place: Place) -> Any:
    if place.box:
        name = next(iter(place.name.values()), "")
        return {"@type": "dcterms:Box", "@value": limits(place.box, name)}
    if place.uri:
        return _id(place.uri)
    return _text(place.name) or place.raw


def _period(period: Period) -> Any:
    if not period.start and not period.end:
        return period.raw
    parts = [f"{name}={day}" for name, day in (("start", period.start), ("end", period.end)) if day]
    return {"@type": "dcterms:Period", "@value": "; ".join((*parts, "scheme=W3C-DTF"))}


def _ways(ways: tuple[Distribution, ...]) -> dict[str, list[Any]]:
    """Addresses of files, typed as such; other addresses plain; and the formats where each has one."""
    told = [(each, url) for each in ways if (url := each.download_url or each.access_url) and is_address(url)]
    forms = [_form(each) for each in ([each for each, _ in told] or ways)]
    named = [each for each in forms if each]
    return {
        "hasFormat": [_id(url) if each.download_url else url for each, url in told],
        "format": named if len(named) == len(told) or not told else [],
    }


def _form(way: Distribution) -> str | None:
    return way.media_type or (way.format.raw or way.format.code if way.format else None)
