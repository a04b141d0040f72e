"""GeoDCAT-AP 2.0.0 and 3.0: DCAT-AP for spatial data, as INSPIRE and ISO 19115 catalogues give it.

Beside what DCAT-AP has, it says topic categories (dct:subject, INSPIRE's code list), reference systems (dct:conformsTo with
an address of a coordinate reference system), lineage (dct:provenance), who is responsible in which role
(prov:qualifiedAttribution, geodcat:custodian …), bounding boxes and geometries in WKT, GML and GeoJSON, and the types of
services. The clauses are those of https://semiceu.github.io/GeoDCAT-AP/releases/2.0.0/; what is asked of each property is in
`files/geodcat_ap/shapes.json`, beside DCAT-AP's table, on which it builds.
"""

from collections.abc import Iterator
from typing import Any

from standards import rdf_check, rdf_recognition, shapes_table
from standards.base import Finding, Standard
from standards.geodcat_ap_parts import read, write
from standards.rdf_carries import CARRIES
from standards.rdf_carries import FIELDS as DCAT_FIELDS
from standards.rdf_repair import repair
from standards.rdf_rules import RULES as RDF_RULES
from standards.shapes_words import rules_of
from standards.xml_characters import RULES as XML_RULES

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises", "write"]

FIELDS = (
    ("theme", "dct:subject", "INSPIRE's topic categories, beside dcat:theme"),
    ("contact_point", "prov:qualifiedAttribution", "of role pointOfContact, where there is no dcat:contactPoint"),
    ("creator", "prov:qualifiedAttribution", "of roles author and originator, where there is no dct:creator"),
    ("publisher", "prov:qualifiedAttribution", "of role publisher, where there is no dct:publisher"),
    ("conforms_to", "dct:conformsTo", "reference systems too, of type INSPIRE SpatialReferenceSystem"),
    *DCAT_FIELDS,
)
"""What GeoDCAT-AP says of its own, then what DCAT-AP says too."""

TABLE = shapes_table.table("geodcat_ap/shapes.json")
BASE = shapes_table.table("dcat_ap_3/shapes.json")
RULES = {**RDF_RULES, **XML_RULES, **rules_of(BASE), **rules_of(TABLE)}


def recognises(body: Any) -> bool:
    """Whether a body is DCAT that uses GeoDCAT-AP's terms, INSPIRE's code lists, or an OGC reference system."""
    return rdf_recognition.is_dcat(body) and rdf_recognition.mentions(body, rdf_recognition.GEOGRAPHIC)


def check(body: Any) -> Iterator[Finding]:
    """All findings of a body. Never raises."""
    return rdf_check.findings(body, (BASE, TABLE), RULES)


STANDARD = Standard(
    name="geodcat_ap",
    title={"en": "GeoDCAT-AP 2.0.0", "zh": "欧盟地理数据目录应用规范 GeoDCAT-AP 2.0.0"},
    media_type="text/turtle",
    version="2.0.0",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    form="rdf",
    marks={
        "en": "RDF with a dcat:Dataset that uses GeoDCAT-AP's terms, INSPIRE's code lists or OGC reference systems",
        "zh": "RDF，含 dcat:Dataset，并使用 GeoDCAT-AP 的属性、INSPIRE 代码表或 OGC 坐标系",
    },
)
