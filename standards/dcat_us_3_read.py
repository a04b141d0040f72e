"""Reading DCAT-US 3.0 into a Dataset: https://resources.data.gov/resources/dcat-us3/.

A dataset, a data service or a dataset series is read, whatever is wrong with the rest of it; a service stands in `service` too.
A catalogue and a catalogue record are no datasets. JSON-LD with references inside one document is put together first
(`dcat_us_3_graph`). What the writer would not say the same way stays in `extra` under the source's name, so that nothing is
lost.
"""

from typing import Any, Literal

import msgspec

from metadata.model import Coded, Dataset, Openness
from metadata.text import UNDETERMINED, Text, Words, guess, words_of
from metadata.vocabulary import look_up
from standards.base import Unreadable
from standards.dates import date_of
from standards.dcat_us_3_distribution import media_type_in, norm_of, read_distributions, service_of, tags
from standards.dcat_us_3_graph import inlined
from standards.dcat_us_3_parties import agent_of, contact_of, series_of
from standards.dcat_us_3_places import period_of, place_of
from standards.dcat_us_3_plain import plain
from standards.dcat_us_3_rules import NO_DATASET, UNREADABLE, UNTITLED
from standards.dcat_us_3_schema import class_of
from standards.dcat_us_3_values import Json, address_of, coded_of, identifier_of, kept, licence_of, listed, texts, word, words
from standards.json_schema import cleaned, shown

_NO_DATASETS = ("Catalog", "CatalogRecord")
_OPENNESS: dict[str, Literal["open", "conditional", "none"]] = {
    "PUBLIC": "open",
    "RESTRICTED": "conditional",
    "NON_PUBLIC": "none",
}
_MOST_METRES = 1e12
READ = frozenset(
    (
        "@type", "accessRights", "accrualPeriodicity", "conformsTo", "contactPoint", "creator", "describedBy", "description",
        "descriptionMap", "distribution", "endpointDescription", "endpointURL", "identifier", "inSeries", "issued", "keyword",
        "landingPage", "language", "license", "modified", "otherIdentifier", "page", "provenance", "publisher",
        "relation", "rights",
        "spatial", "spatialResolutionInMeters", "status", "temporal", "temporalResolution", "theme", "title",
        "titleMap", "version",
        "versionNotes",
    )
)  # fmt: skip
"""The fields that the model has room for; the others are beside it."""


def read(body: Any) -> Dataset:
    """The dataset that is described. Raises `Unreadable` when it is no object, a catalogue, or has no title, and nothing
    else."""
    if not isinstance(body, dict):
        raise Unreadable(UNREADABLE, "", shown(body))
    whole = inlined(cleaned(body))
    name = class_of(whole)
    if name in _NO_DATASETS:
        raise Unreadable(NO_DATASET, "", name)
    language = tags(whole.get("language"))
    tag = language[0] if len(language) == 1 else ""
    title = _words(whole, "title", tag)
    if not title:
        raise Unreadable(UNTITLED, "/title", shown(whole.get("title")))
    found = _dataset(whole, name, title, tag, language)
    written = plain(found, name)
    extra = kept(whole, written)
    if name != "Dataset":
        extra.setdefault("@type", name)
    return msgspec.structs.replace(found, extra=extra) if extra else found


def _dataset(body: Json, name: str, title: Text, tag: str, language: tuple[str, ...]) -> Dataset:
    get = body.get
    rights = coded_of(get("accessRights"), "access-right", tag)
    often = word(get("accrualPeriodicity"))
    service = service_of({**body, "@type": "DataService"}, tag) if name == "DataService" else None
    creators = (agent_of(each, tag) for each in listed(get("creator")))
    return Dataset(
        identifier=identifier_of(get("identifier")) or word(get("@id")) or next(iter(title.values())),
        title=title,
        description=_words(body, "description", tag),
        publisher=agent_of(get("publisher"), tag),
        creator=tuple(one for one in creators if one),
        contact_point=tuple(contact for each in listed(get("contactPoint")) if (contact := contact_of(each, tag))),
        keyword=_keywords(get("keyword"), tag),
        theme=tuple(theme for each in listed(get("theme")) if (theme := coded_of(each, "theme", tag))),
        issued=date_of(get("issued")),
        modified=date_of(get("modified")),
        accrual_periodicity=look_up("frequency", often) if often else None,
        language=language,
        spatial=tuple(place for each in listed(get("spatial")) if (place := place_of(each, tag))),
        temporal=tuple(period for each in listed(get("temporal")) if (period := period_of(each))),
        access_rights=rights,
        openness=_openness(rights),
        rights=texts(get("rights"), tag),
        license=licence_of(get("license")),
        landing_page=address_of(get("landingPage")),
        page=tuple(url for each in listed(get("page")) if (url := address_of(each))),
        provenance=texts(get("provenance"), tag),
        conforms_to=tuple(url for each in listed(get("conformsTo")) if (url := norm_of(each))),
        described_by=address_of(get("describedBy")),
        described_by_type=media_type_in(get("describedBy")),
        version=word(get("version")),
        version_notes=texts(get("versionNotes"), tag),
        other_identifier=tuple(said for each in listed(get("otherIdentifier")) if (said := identifier_of(each))),
        in_series=tuple(series for each in listed(get("inSeries")) if (series := series_of(each, tag))),
        relation=tuple(words(get("relation"))),
        status=coded_of(get("status"), "", tag),
        spatial_resolution_in_meters=_metres(get("spatialResolutionInMeters")),
        temporal_resolution=word(get("temporalResolution")),
        distribution=read_distributions(get("distribution"), tag),
        service=(service,) if service else (),
    )


def _words(body: Json, name: str, tag: str) -> Text:
    """The words of a field, and those by language beside it (`titleMap`), as the draft's context had them."""
    plain, beside = texts(body.get(name), tag), body.get(f"{name}Map")
    if not isinstance(beside, dict):
        return plain
    found = texts(beside, tag)
    said = set(found.values())
    return {language: words for language, words in plain.items() if words not in said} | found


def _keywords(value: Any, tag: str) -> Words:
    if isinstance(value, dict):
        return {str(language): tuple(group) for language, each in value.items() if (group := words(each))}
    found = words(value)
    if tag or all(map(str.isascii, found)):
        return words_of(found, tag or UNDETERMINED)
    by_language: dict[str, list[str]] = {}
    for said in found:
        by_language.setdefault(guess(said), []).append(said)
    return {language: kept for language, group in by_language.items() if (kept := words_of(group).get(UNDETERMINED))}


def _metres(value: Any) -> float | None:
    said = word(value)
    try:
        found = float(said) if said and said.isascii() and "_" not in said else None
    except ValueError:
        return None
    return found if found is not None and 0 < found < _MOST_METRES else None


def _openness(rights: Coded | None) -> Openness | None:
    kind = _OPENNESS.get(rights.code) if rights else None
    return Openness(kind=kind, raw=rights.raw) if rights and kind else None
