"""DCAT-US 1.1, the metadata of data.gov (Project Open Data Metadata Schema v1.1, 2014;
https://resources.data.gov/resources/dcat-us/).

Two standards with one reader and one writer: the federal rules ask for codes of offices and programs, keywords, a date and an
e-mail address, and let values be redacted; the non-federal rules, for states, cities and everyone else, do not. Reading is in
`dcat_us_1_1_read.py`, writing in `…_write.py`, the check and its border in `…_rules.py`, repairs in `…_repair.py`, what is
wrong between the datasets of a catalogue in `…_collections.py`.
"""

from typing import Any

from standards.base import Standard
from standards.dcat_us_1_1_collections import across
from standards.dcat_us_1_1_read import read
from standards.dcat_us_1_1_repair import repairer
from standards.dcat_us_1_1_rules import RULES, checker
from standards.dcat_us_1_1_write import CONFORMS_TO, catalog, write
from standards.mapping import Field

__all__ = ["CONFORMS_TO", "FIELDS", "NON_FEDERAL", "STANDARD", "across", "catalog", "read", "write"]

FIELDS = (
    Field("identifier", "identifier", "without one: `@id`, the landing page, the title"),
    Field("title", "title", "one language; a number becomes words"),
    Field("description", "description", "one language"),
    Field("publisher.name", "publisher/name"),
    Field("publisher.parent", "publisher/subOrganizationOf", "as deep as the government is"),
    Field("contact_point.name", "contactPoint/fn", "the first contact; without a name, its organization"),
    Field("contact_point.email", "contactPoint/hasEmail", "without `mailto:`"),
    Field("contact_point.phone", "contactPoint/hasTelephone", "read, and written as it came"),
    Field("keyword", "keyword", "of several languages all words in one list"),
    Field("theme", "theme", "words; the EU theme where one is meant"),
    Field("issued", "issued"),
    Field("modified", "modified", "`R/P1Y` is an interval: it becomes the frequency where there is none"),
    Field("accrual_periodicity", "accrualPeriodicity", "ISO 8601 repeating interval, or `irregular`"),
    Field("language", "language", "BCP 47"),
    Field("spatial", "spatial", "the first place: box `w,s,e,n`, GeoJSON as text, name or address"),
    Field("temporal", "temporal", "the first period: `start/end`; an open end is kept as it was written"),
    Field("access_rights", "accessLevel"),
    Field("openness.kind", "accessLevel", "read from it; written where there are no access rights"),
    Field("rights", "rights"),
    Field("license", "license", "address; without one, that of the first distribution that has a licence"),
    Field("landing_page", "landingPage"),
    Field("page", "references"),
    Field("conforms_to", "conformsTo", "the first"),
    Field("described_by", "describedBy"),
    Field("described_by_type", "describedByType"),
    Field("is_part_of", "isPartOf", "the identifier of the collection"),
    Field("distribution.title", "distribution/title"),
    Field("distribution.description", "distribution/description"),
    Field("distribution.access_url", "distribution/accessURL", "also read from `accessUrl`, `url`"),
    Field("distribution.download_url", "distribution/downloadURL", "written with a media type, which is mandatory beside it"),
    Field("distribution.format", "distribution/format", "left out where media type and address tell it"),
    Field("distribution.media_type", "distribution/mediaType"),
    Field("distribution.conforms_to", "distribution/conformsTo", "the first"),
    Field("distribution.described_by", "distribution/describedBy"),
    Field("distribution.described_by_type", "distribution/describedByType"),
    Field(
        "extra",
        "any other member",
        "bureauCode, programCode, dataQuality, primaryITInvestmentUII, systemOfRecords … by their names",
    ),
)
_NOT_BACK = ("contact_point.phone", "openness.kind", "spatial", "temporal")
_CARRIES = frozenset(
    (
        *(line.model for line in FIELDS if line.model not in _NOT_BACK),
        *(f"spatial.{name}" for name in ("name", "uri", "box", "geometry", "raw")),
        *(f"temporal.{name}" for name in ("start", "end", "raw")),
        *(f"{part}.extra" for part in ("publisher", "contact_point", "distribution")),
    )
)
_MARKS = {
    "zh": "带 title，并且有 accessLevel、contactPoint、landingPage 等 1.1 的字段；有 bureauCode 或 programCode 的是联邦",
    "en": "A title, with accessLevel, contactPoint or landingPage; with bureauCode or programCode it is federal",
}

_FEDERAL_ONLY = frozenset(("bureauCode", "programCode"))
_TELLING = frozenset(("accessLevel", "bureauCode", "programCode", "contactPoint", "landingPage", "accrualPeriodicity"))


def _is_record(body: Any) -> bool:
    """An object with a title and what only DCAT-US calls so. CKAN packages have a `name` and `resources`."""
    if not isinstance(body, dict) or "resources" in body or "@graph" in body:
        return False
    if body.get("@type") == "dcat:Dataset":
        return "title" in body or "identifier" in body
    return "title" in body and not _TELLING.isdisjoint(body)


def _is_federal(body: Any) -> bool:
    return _is_record(body) and not _FEDERAL_ONLY.isdisjoint(body)


STANDARD = Standard(
    name="dcat_us_1_1",
    title={"en": "DCAT-US 1.1 (federal)", "zh": "DCAT-US 1.1（联邦）"},
    media_type="application/json",
    version="1.1",
    recognises=_is_federal,
    read=read,
    write=write,
    check=checker("federal"),
    rules=RULES,
    repair=repairer(checker("federal")),
    carries=_CARRIES,
    marks=_MARKS,
)
NON_FEDERAL = Standard(
    name="dcat_us_1_1_non_federal",
    title={"en": "DCAT-US 1.1 (non-federal)", "zh": "DCAT-US 1.1（非联邦）"},
    media_type="application/json",
    version="1.1",
    recognises=_is_record,
    read=read,
    write=write,
    check=checker("non_federal"),
    rules=RULES,
    repair=repairer(checker("non_federal")),
    carries=_CARRIES,
    marks=_MARKS,
)
