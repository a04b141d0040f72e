"""A CKAN package dict, read as a Dataset.

Rules: CKAN's package schema (docs.ckan.org, "Action API reference", package_show) and the field names of ckanext-dcat's mapping
(docs.ckan.org/projects/ckanext-dcat, "Mapping"), with the spellings that data.gov (DCAT-US 1.1 names in extras), data.gov.uk,
Canada (ckanext-fluent) and DKAN use. CKAN writes its own times in UTC without saying so.
"""

from typing import Any

import msgspec

from metadata.model import Agent, Coded, Dataset, InformationItem, Openness, Period, Series, Sharing
from metadata.text import UNDETERMINED, Words, best, every, guess, words_of
from metadata.vocabulary import coded, is_open, look_up
from standards.base import Unreadable
from standards.ckan_check import RULES, is_true
from standards.ckan_fields import (
    Fields,
    decoded,
    extras_of,
    items,
    many,
    moment_utc,
    number,
    package_of,
    tag_of,
    texts,
    words,
)
from standards.ckan_parties import contacts, creators, publisher
from standards.ckan_places import places
from standards.ckan_resource import distributions, languages, licence, services
from standards.dates import date_of, parse_period

DERIVED = ("num_resources", "num_tags", "isopen", "tracking_summary", "notes_rendered", "extras", "resources", "tag_string")
"""Members that CKAN counts or renders from the others, or that are read as a whole."""

_REST = frozenset(
    ("conforms_to", "conformsTo", "described_by", "describedBy", "described_by_type", "describedByType", "is_part_of",
    "isPartOf",
     "related_resource", "relation", "applicable_legislation", "in_series", "hvd_category", "status", "classification",
     "information_item", "service")
)  # fmt: skip
_OPEN = {"PUBLIC": "open", "RESTRICTED": "conditional", "NON_PUBLIC": "none"}


def read(body: Any) -> Dataset:
    """The dataset that a package dict describes. Raises `Unreadable` when it is no object, or has neither title nor name."""
    package = package_of(body)
    if not isinstance(package, dict):
        raise Unreadable(RULES["ckan/object"], "", type(package).__name__)
    fields = Fields(package, extras_of(package))
    title = fields.text("title") or texts(fields.peek("name"))
    if not title:
        raise Unreadable(RULES["ckan/title"], "/title")
    identifier = words(fields.peek("id", "identifier", "name", "guid", "url")) or best(title)
    fields.drop("id", *DERIVED)
    about = {**_words(fields, identifier), **_parties(fields), **_coverage(fields), **_rights(fields, package), **_rest(fields)}
    resources = package.get("resources")
    # The last to be evaluated: what no part above took.
    return Dataset(identifier=identifier, title=title, distribution=distributions(resources), **about, extra=fields.left())


def _words(fields: Fields, identifier: str) -> dict[str, Any]:
    return {
        "description": fields.text("notes", "description"),
        "keyword": _keywords(fields),
        "theme": _themes(fields),
        "landing_page": fields.take(words, "url", "landing_page", "landingPage"),
        "page": fields.take(many, "documentation", "references") or (),
        "provenance": fields.text("provenance"),
        "version": fields.take(words, "version", "dcat_version"),
        "version_notes": fields.text("version_notes"),
        "other_identifier": _identifiers(fields, identifier),
    }


def _keywords(fields: Fields) -> Words:
    by_language = fields.take(_words_by_language, "tags_translated", "keywords_translated", "keywords", "keyword") or {}
    said = set(every(by_language))
    plain = [word for word in fields.take(_tags, "tags", "tag_string", "keywords", "keyword") or () if word not in said]
    grouped: dict[str, list[str]] = {tag: list(group) for tag, group in by_language.items()}
    for word in plain:
        grouped.setdefault(UNDETERMINED if word.isascii() else guess(word), []).append(word)
    return {tag: tuple(dict.fromkeys(group)) for tag, group in grouped.items()}


def _words_by_language(value: Any) -> Words:
    value = decoded(value)
    if not isinstance(value, dict):
        return {}
    found: Words = {}
    for key, group in value.items():
        tag = tag_of(str(key))
        found |= words_of(many(group), tag) if tag else {}
    return found


def _tags(value: Any) -> tuple[str, ...]:
    value = decoded(value)
    if isinstance(value, str):
        return many(value.split(","))
    listed = value if isinstance(value, list) else []
    return many([(one.get("display_name") or one.get("name")) if isinstance(one, dict) else one for one in listed])


def _themes(fields: Fields) -> tuple[Coded, ...]:
    groups = fields.take(_groups, "groups") or ()
    named = fields.take(many, "theme", "theme-primary") or ()
    found: dict[str | None, Coded] = {}
    for one in (*groups, *map(_theme, named)):
        found.setdefault(one.code or one.raw, one)
    return tuple(found.values())


def _theme(word: str) -> Coded:
    known = look_up("theme", word)
    return known if known.scheme or not word.startswith("http") else msgspec.structs.replace(known, uri=word)


def _groups(value: Any) -> tuple[Coded, ...]:
    value = decoded(value)
    listed = value if isinstance(value, list) else [value]
    return tuple(found for one in listed if (found := _group(one)))


def _group(one: Any) -> Coded | None:
    """A group as a theme: the EU theme that its name or title means, else its own name with its title as the label."""
    if not isinstance(one, dict):
        return look_up("theme", words(one)) if words(one) else None
    title = texts(one.get("title_translated")) or texts(one.get("title")) or texts(one.get("display_name"))
    name = words(one.get("name")) or best(title)
    for word in filter(None, (name, *title.values())):
        if (known := look_up("theme", word)).scheme:
            return msgspec.structs.replace(known, raw=name)
    return Coded(raw=name, label=title or look_up("theme", name).label) if name else None


def _identifiers(fields: Fields, identifier: str) -> tuple[str, ...]:
    found = [*(fields.take(many, "identifier") or ()), *(fields.take(many, "guid") or ())]
    found += fields.take(many, "alternate_identifier", "other_identifier") or ()
    return tuple(one for one in dict.fromkeys(found) if one != identifier)


def _parties(fields: Fields) -> dict[str, Any]:
    who: Agent | None = publisher(fields)
    creator = creators(fields)
    return {"publisher": who, "creator": creator, "contact_point": contacts(fields, creator)}


def _coverage(fields: Fields) -> dict[str, Any]:
    frequency = fields.take(
        words, "frequency", "accrualPeriodicity", "accrual_periodicity", "update_frequency", "frequency-of-update"
    )
    return {
        "issued": fields.take(date_of, "issued", "dcat_issued", "date_released", "date_published", "release_date")
        or fields.take(moment_utc, "metadata_created"),
        "modified": fields.take(date_of, "modified", "dcat_modified", "date_updated", "date_modified")
        or fields.take(moment_utc, "metadata_modified", "last_modified"),
        "accrual_periodicity": look_up("frequency", frequency) if frequency else None,
        "language": languages(fields.take(many, "language")),
        "spatial": places(fields),
        "temporal": _periods(fields),
        "temporal_resolution": fields.take(words, "temporal_resolution"),
        "spatial_resolution_in_meters": fields.take(number, "spatial_resolution_in_meters"),
    }


def _periods(fields: Fields) -> tuple[Period, ...]:
    listed = fields.take(_periods_listed, "temporal_coverage", "temporal")
    if listed:
        return listed
    start = fields.take(
        _moment_in, "temporal_start", "temporal_coverage-from", "temporal_coverage_from", "temporal-extent-begin"
    )
    end = fields.take(_moment_in, "temporal_end", "temporal_coverage-to", "temporal_coverage_to", "temporal-extent-end")
    return (Period(start=start, end=end),) if start or end else ()


def _moment_in(value: Any) -> str | None:
    return next(filter(None, map(date_of, many(value))), None)


def _periods_listed(value: Any) -> tuple[Period, ...]:
    found = [Period(start=date_of(one.get("start")), end=date_of(one.get("end"))) for one in items(value)]
    return tuple(one for one in found if one.start or one.end) or _period_said(words(value))


def _period_said(said: str) -> tuple[Period, ...]:
    ends = parse_period(said)
    if ends:
        return (Period(start=ends[0], end=ends[1]),)
    return (Period(raw=said),) if said and not said.startswith("[") else ()


def _rights(fields: Fields, package: dict[str, Any]) -> dict[str, Any]:
    private = is_true(package.get("private"))
    fields.drop("private")
    said = fields.take(words, "access_rights", "accessLevel", "access_level")
    access = look_up("access-right", said) if said else None
    if access is None and private:
        access = coded("access-right", "NON_PUBLIC", "private")
    terms = licence(fields)
    return {
        "license": terms,
        "rights": fields.text("rights"),
        "access_rights": access,
        "sharing": fields.take(_as(Sharing), "sharing"),
        "openness": fields.take(_as(Openness), "openness") or openness_of(access, terms),
    }


def openness_of(access: Coded | None, terms: Coded | None) -> Openness | None:
    """Whether society may have it: what the access rights say, else that an open licence makes it open."""
    kind = _OPEN.get(access.code) if access else "open" if is_open(terms) else None
    return msgspec.convert({"kind": kind, "raw": access.raw if access else None}, Openness) if kind else None


def _rest(fields: Fields) -> dict[str, Any]:
    if fields.lacks(_REST):
        return {}
    return {
        "conforms_to": fields.take(many, "conforms_to", "conformsTo") or (),
        "described_by": fields.take(words, "described_by", "describedBy"),
        "described_by_type": fields.take(words, "described_by_type", "describedByType"),
        "is_part_of": fields.take(words, "is_part_of", "isPartOf"),
        "relation": fields.take(many, "related_resource", "relation") or (),
        "applicable_legislation": fields.take(many, "applicable_legislation") or (),
        "in_series": fields.take(_as(tuple[Series, ...]), "in_series") or fields.take(_series, "in_series") or (),
        "hvd_category": fields.take(_as(tuple[Coded, ...]), "hvd_category") or fields.take(_raws, "hvd_category") or (),
        "status": fields.take(_as(Coded), "status"),
        "classification": fields.take(_as(Coded), "classification"),
        "information_item": fields.take(_as(tuple[InformationItem, ...]), "information_item") or (),
        "service": fields.take(services, "service") or (),
    }


def _series(value: Any) -> tuple[Series, ...]:
    return tuple(Series(identifier=one) for one in many(value))


def _raws(value: Any) -> tuple[Coded, ...]:
    return tuple(Coded(raw=one, uri=one if one.startswith("http") else None) for one in many(value))


def _as(kind: Any) -> Any:
    """A parser of what our own writer put into an extra: the model's own JSON."""

    def parse(value: Any) -> Any:
        try:
            return msgspec.convert(decoded(value), kind)
        except msgspec.ValidationError:
            return None

    return parse
