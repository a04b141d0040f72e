"""A Dataset in the words of DCAT-US 3.0, without what came in beside it: the half of writing that reading needs too.

The standard has one language per description: words are written in the dataset's only language where it has just one, else in
the best (zh, then en). A licence belongs to distributions. `isPartOf` of 1.1 becomes a series, as in GSA's own conversion. A
date and time without a zone is written as its day, because the schemas want a zone and none may be made up.
"""

from typing import Any

from metadata.model import DataService, Dataset, Series
from metadata.text import Words, best, every, primary
from standards.dcat_us_3_distribution import access_rights, codes, described, distribution, service
from standards.dcat_us_3_parties import agent, contact, series
from standards.dcat_us_3_places import period, place
from standards.dcat_us_3_schema import Field, classes
from standards.dcat_us_3_values import Json, Picker, concept, document, frequency, is_iri, licence, moment, norm, number

_LEVELS = {"open": "public", "conditional": "restricted", "none": "non-public"}


def plain(dataset: Dataset, name: str) -> Json:
    """The dataset as an object of class `name` (Dataset, DataService, DatasetSeries); fields without a value are left out."""
    pick = picker(dataset.language)
    fields = classes()[name]
    written: Json = {"@type": name}
    for field, values in _said(dataset, name, pick).items():
        if field in fields and (value := _shaped(fields[field], values)) not in (None, "", [], {}):
            written[field] = value
    return written


def picker(languages: tuple[str, ...]) -> Picker:
    """What picks words from a Text: the dataset's only language first."""
    first = (*languages[:1], "zh", "en") if len(languages) == 1 else ("zh", "en")
    return lambda said: best(said, first)


def _shaped(field: Field, values: list[Any]) -> Any:
    """A list where the class has one, else the first; one or a list where both will do."""
    found = [value for value in values if value not in (None, "", [], {})]
    if not field.is_list or (field.many.startswith("|") and len(found) == 1 and field.kind != "code"):
        return found[0] if found else None
    return found


def _said(dataset: Dataset, name: str, pick: Picker) -> dict[str, list[Any]]:
    """The values of every field that some class has, as lists."""
    api = dataset.service[0] if name == "DataService" and dataset.service else DataService()
    behind = service(api, pick) if name == "DataService" else {}
    return {
        **_about(dataset, name, pick),
        **_kinds(dataset, pick),
        "landingPage": [document(dataset.landing_page)] if dataset.landing_page else [],
        "page": [document(url) for url in dataset.page],
        "conformsTo": [norm(url) for url in dataset.conforms_to],
        "describedBy": [described(dataset.described_by, dataset.described_by_type)],
        "inSeries": [series(one, pick) for one in _series(dataset)],
        "relation": [url for url in dataset.relation if is_iri(url)],
        "distribution": [distribution(one, pick, dataset.license) for one in dataset.distribution],
        "endpointURL": behind.get("endpointURL", []),
        "endpointDescription": behind.get("endpointDescription", []),
    }


def _about(dataset: Dataset, name: str, pick: Picker) -> dict[str, list[Any]]:
    role = "Organization" if name == "Dataset" else "Agent"
    return {
        "title": [pick(dataset.title)],
        "description": [pick(dataset.description)],
        "identifier": [dataset.identifier] if name == "Dataset" or dataset.identifier not in dataset.title.values() else [],
        "otherIdentifier": list(dataset.other_identifier),
        "publisher": [agent(dataset.publisher, pick, role)] if dataset.publisher else [],
        "creator": [agent(one, pick, "Agent") for one in dataset.creator],
        "contactPoint": [contact(one, pick) for one in dataset.contact_point],
        "keyword": list(_keywords(dataset.keyword, dataset.language)),
        "issued": [moment(dataset.issued)],
        "modified": [moment(dataset.modified)],
        "version": [dataset.version],
        "versionNotes": [pick(dataset.version_notes)],
        "rights": [pick(dataset.rights)],
        "provenance": [pick(dataset.provenance)],
        "language": list(codes(dataset.language)),
        "spatialResolutionInMeters": [number(dataset.spatial_resolution_in_meters)],
        "temporalResolution": [dataset.temporal_resolution],
    }


def _kinds(dataset: Dataset, pick: Picker) -> dict[str, list[Any]]:
    rights = access_rights(dataset.access_rights)
    return {
        "theme": [concept(one, pick) for one in dataset.theme],
        "status": [concept(dataset.status, pick)] if dataset.status else [],
        "accrualPeriodicity": [frequency(dataset.accrual_periodicity)],
        "accessRights": [rights or (_LEVELS[dataset.openness.kind] if dataset.openness else None)],
        "license": [licence(dataset.license)],
        "spatial": [place(one, pick) for one in dataset.spatial],
        "temporal": [period(one) for one in dataset.temporal if one.start or one.end],
    }


def _series(dataset: Dataset) -> tuple[Series, ...]:
    """The series it is in, and the collection it is part of as one more."""
    whole = dataset.is_part_of
    if not whole or any(one.identifier == whole for one in dataset.in_series):
        return dataset.in_series
    return (*dataset.in_series, Series(identifier=whole))


def _keywords(said: Words, languages: tuple[str, ...]) -> list[str]:
    """The words in the dataset's only language, when there are any; else all of them."""
    if len(languages) == 1:
        own = {tag: group for tag, group in said.items() if primary(tag) == primary(languages[0])}
        return [word for word in every(own or said) if word]
    return [word for word in every(said) if word]
