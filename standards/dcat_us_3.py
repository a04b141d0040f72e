"""DCAT-US 3.0, the metadata of data.gov that follows 1.1 (GSA, 2026; https://resources.data.gov/resources/dcat-us3/).

Datasets, data services, dataset series, catalogue records and catalogues, as JSON and as JSON-LD within one document. The
classes and the schema made of them are in `dcat_us_3_schema.py`, the check in `…_rules.py` and `…_warnings.py`, reading in
`…_read.py` with its parts, writing in `…_plain.py` and `…_write.py`, repairs in `…_repair.py`.
"""

from typing import Any

from standards.base import Standard
from standards.dcat_us_3_read import read
from standards.dcat_us_3_repair import repair
from standards.dcat_us_3_rules import RULES, check
from standards.dcat_us_3_schema import class_of
from standards.dcat_us_3_write import CONFORMS_TO, catalog, write
from standards.mapping import Field

__all__ = ["CONFORMS_TO", "FIELDS", "STANDARD", "catalog", "check", "read", "recognises", "repair", "write"]

FIELDS = (
    Field("identifier", "identifier", "the notation of an Identifier; without one, `@id`, then the title"),
    Field("title", "title", "one language"),
    Field("description", "description", "one language"),
    Field("publisher.name", "publisher/name"),
    Field("publisher.identifier", "publisher/@id", "where it is an address"),
    Field("publisher.code", "publisher/notation", "a 统一社会信用代码; other notations stay beside it"),
    Field("publisher.parent", "publisher/subOrganizationOf", "the first; further ones stay beside it"),
    Field("creator", "creator", "the first"),
    Field("contact_point.name", "contactPoint/fn"),
    Field("contact_point.email", "contactPoint/hasEmail", "without `mailto:`"),
    Field("contact_point.phone", "contactPoint/tel"),
    Field("contact_point.organization", "contactPoint/organization-name"),
    Field("keyword", "keyword", "of several languages all words in one list"),
    Field("theme", "theme", "concepts; the EU theme where one is meant"),
    Field("issued", "issued", "a time without a zone is written as its day"),
    Field("modified", "modified", "a time without a zone is written as its day"),
    Field("accrual_periodicity", "accrualPeriodicity", "ISO 19115 or Dublin Core word, or `R/P…`"),
    Field("language", "language", "ISO 639-1: two letters, no region or script"),
    Field("spatial.name", "spatial/prefLabel"),
    Field("spatial.uri", "spatial/@id", "where it is an address"),
    Field("spatial.box", "spatial/bbox", "a Polygon; read from WKT too"),
    Field("spatial.geometry", "spatial/geometry", "GeoJSON; read from WKT and from the centroid too"),
    Field("temporal.start", "temporal/startDate"),
    Field("temporal.end", "temporal/endDate"),
    Field("access_rights", "accessRights", "`public`, `restricted`, `non-public`, or the source's sentence"),
    Field("openness.kind", "accessRights", "read from it; written where there are no access rights"),
    Field("rights", "rights", "paragraphs of several statements"),
    Field("license", "distribution/license", "a dataset has no licence here: its distributions without one get it"),
    Field("landing_page", "landingPage/accessURL"),
    Field("page", "page/accessURL"),
    Field("provenance", "provenance", "paragraphs of several statements"),
    Field("conforms_to", "conformsTo", "address or title of the standard"),
    Field("described_by", "describedBy/downloadURL"),
    Field("described_by_type", "describedBy/mediaType"),
    Field("version", "version"),
    Field("version_notes", "versionNotes"),
    Field("other_identifier", "otherIdentifier", "notations"),
    Field("is_part_of", "inSeries", "the collection becomes a series of that name"),
    Field("in_series.identifier", "inSeries/@id", "where it is an address"),
    Field("in_series.title", "inSeries/title"),
    Field("in_series.description", "inSeries/description", "mandatory: without one, the title"),
    Field("in_series.accrual_periodicity", "inSeries/accrualPeriodicity"),
    Field("in_series.publisher", "inSeries/publisher", "without superiors and code"),
    Field("relation", "relation", "addresses"),
    Field("status", "status", "a concept"),
    Field("spatial_resolution_in_meters", "spatialResolutionInMeters", "text in the standard"),
    Field("temporal_resolution", "temporalResolution"),
    Field("distribution.identifier", "distribution/identifier"),
    Field("distribution.title", "distribution/title"),
    Field("distribution.description", "distribution/description"),
    Field("distribution.access_url", "distribution/accessURL"),
    Field("distribution.download_url", "distribution/downloadURL"),
    Field("distribution.format", "distribution/format", "left out where media type and address tell it"),
    Field("distribution.media_type", "distribution/mediaType"),
    Field("distribution.compress_format", "distribution/compressFormat"),
    Field("distribution.package_format", "distribution/packageFormat"),
    Field("distribution.byte_size", "distribution/byteSize", "text in the standard"),
    Field("distribution.checksum", "distribution/checksum"),
    Field("distribution.license", "distribution/license"),
    Field("distribution.rights", "distribution/rights"),
    Field("distribution.issued", "distribution/issued"),
    Field("distribution.modified", "distribution/modified"),
    Field("distribution.language", "distribution/language"),
    Field("distribution.conforms_to", "distribution/conformsTo"),
    Field("distribution.page", "distribution/page"),
    Field("distribution.described_by", "distribution/describedBy"),
    Field("distribution.described_by_type", "distribution/describedBy/mediaType"),
    Field("distribution.status", "distribution/status"),
    Field("distribution.availability", "distribution/availability"),
    Field("distribution.access_service", "distribution/accessService"),
    Field("service", "DataService", "a description of a service is read as one; the services of a dataset have no place in it"),
    Field("extra", "any other member", "samples, versions, quality, attributions, restrictions … by their names"),
)
_NOT_BACK = frozenset(("creator", "openness.kind", "license", "is_part_of", "service"))
CARRIES = frozenset(
    (
        *(line.model for line in FIELDS if line.model not in _NOT_BACK),
        *(f"{part}.extra" for part in ("publisher", "contact_point", "in_series", "distribution")),
    )
)

# Names that 3.0 has and 1.1 has not; one of them beside a title is enough.
_NEW = frozenset(
    (
        "otherIdentifier", "inSeries", "supportedSchema", "liabilityStatement", "metadataDistribution", "purpose", "scopeNote",
        "hasQualityMeasurement", "qualifiedAttribution", "qualifiedRelation", "wasGeneratedBy", "isReferencedBy",
        "versionNotes",
        "previousVersion", "hasCurrentVersion", "hasVersion", "rightsHolder", "endpointURL", "seriesMember", "servesDataset",
    )
)  # fmt: skip
_OLD = frozenset(("accessLevel", "bureauCode", "programCode", "resources", "notes", "schema:name"))
_OBJECTS = ("landingPage", "identifier", "describedBy", "spatial")
_LISTS = ("temporal", "rights", "contactPoint", "conformsTo", "spatial")


def recognises(body: Any) -> bool:
    """An object that says things the way only 3.0 does, and nothing that only 1.1 or CKAN says."""
    if not isinstance(body, dict) or not _OLD.isdisjoint(body):
        return False
    if "@graph" in body or "@context" in body:
        return _names_it(body.get("@context")) and class_of(body) in (
            "Dataset",
            "DataService",
            "DatasetSeries",
            "CatalogRecord",
        )
    if "primaryTopic" in body:
        return "modified" in body
    return "title" in body and (not _NEW.isdisjoint(body) or _is_shaped(body) or class_of(body, "") == "DatasetSeries")


def _names_it(said: Any) -> bool:
    """Whether a context is that of DCAT-US: by its address, or by the namespace of the profile."""
    listed = said if isinstance(said, list) else [said]
    values = (value for each in listed[:20] for value in (list(each.values())[:200] if isinstance(each, dict) else [each]))
    return any(isinstance(value, str) and "dcat-us" in value for value in values)


def _is_shaped(body: dict[str, Any]) -> bool:
    """Whether values are objects or lists of objects where 1.1 has words."""
    if any(isinstance(body.get(name), dict) and "coordinates" not in body[name] for name in _OBJECTS):
        return "contactPoint" in body or body.get("@type") == "Dataset"
    lists = (body.get(name) for name in _LISTS)
    return "contactPoint" in body and any(isinstance(each, list) and each and isinstance(each[0], dict) for each in lists)


STANDARD = Standard(
    name="dcat_us_3",
    title={"en": "DCAT-US 3.0", "zh": "DCAT-US 3.0"},
    media_type="application/json",
    version="3.0.0",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    marks={
        "zh": "带 title，并且有 3.0 才有的字段（如 otherIdentifier、inSeries），或 landingPage、temporal 等写成对象",
        "en": "A title, with fields that only 3.0 has (otherIdentifier, inSeries …), or objects where 1.1 has words",
    },
)
