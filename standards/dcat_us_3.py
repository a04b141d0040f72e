"""DCAT-US 3.0, the metadata of data.gov that follows 1.1 (GSA, 2026; https://resources.data.gov/resources/dcat-us3/).

Datasets, data services, dataset series, catalogue records and catalogues, as JSON and as JSON-LD within one document. The classes and
the schema made of them are in `dcat_us_3_schema.py`, the check in `…_rules.py` and `…_warnings.py`, reading in `…_read.py` with its
parts, writing in `…_plain.py` and `…_write.py`, repairs in `…_repair.py`.
"""

from typing import Any

from standards.base import Standard
from standards.dcat_us_3_read import read
from standards.dcat_us_3_rules import RULES, check
from standards.dcat_us_3_schema import class_of
from standards.dcat_us_3_write import CONFORMS_TO, catalog, write

__all__ = ["CONFORMS_TO", "STANDARD", "catalog", "check", "read", "recognises", "write"]

# Names that 3.0 has and 1.1 has not; one of them beside a title is enough.
_NEW = frozenset(
    (
        "otherIdentifier", "inSeries", "supportedSchema", "liabilityStatement", "metadataDistribution", "purpose", "scopeNote",
        "hasQualityMeasurement", "qualifiedAttribution", "qualifiedRelation", "wasGeneratedBy", "isReferencedBy", "versionNotes",
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
    said = str(body.get("@context", ""))[:2000]
    if "@graph" in body or said:
        return "dcat-us" in said and class_of(body) in ("Dataset", "DataService", "DatasetSeries", "CatalogRecord")
    if "primaryTopic" in body:
        return "modified" in body
    return "title" in body and (not _NEW.isdisjoint(body) or _is_shaped(body))


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
    marks={
        "zh": "带 title，并且有 3.0 才有的字段（如 otherIdentifier、inSeries、endpointURL），或 landingPage、temporal 等写成对象",
        "en": "A title, with fields that only 3.0 has (otherIdentifier, inSeries, endpointURL …) or objects where 1.1 has words "
        "(landingPage, temporal …)",
    },
)
