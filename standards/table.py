"""The standards that are built in, one line each, and what is asked of all of them. Others join through `mulu.standards`."""

from functools import cache
from typing import Any

from metadata.registry import Registry
from standards.base import Finding, Rule, Severity, Standard
from standards.rdf_rules import RULES as RDF_RULES
from standards.records import RULES as RECORD_RULES
from standards.workbooks import RULES as TABLE_RULES
from standards.xml_characters import RULES as XML_RULES

STANDARDS: Registry[Standard] = Registry(
    "standard",
    "mulu.standards",
    {
        "dcat_us_3": "standards.dcat_us_3:STANDARD",
        "dcat_us_1_1": "standards.dcat_us_1_1:STANDARD",
        "dcat_us_1_1_non_federal": "standards.dcat_us_1_1:NON_FEDERAL",
        "cn_catalog_2017": "standards.cn_catalog_2017:STANDARD",
        "gbt_21063": "standards.gbt_21063:STANDARD",
        "datapackage": "standards.datapackage:STANDARD",
        "socrata": "standards.socrata:STANDARD",
        "opendatasoft": "standards.opendatasoft:STANDARD",
        "arcgis_hub": "standards.arcgis_hub:STANDARD",
        "udata": "standards.udata:STANDARD",
        "jkan": "standards.jkan:STANDARD",
        "geoblacklight": "standards.geoblacklight:STANDARD",
        "ogc_records": "standards.ogc_records:STANDARD",
        "datacite": "standards.datacite:STANDARD",
        "mods": "standards.mods:STANDARD",
        "dublin_core": "standards.dublin_core:STANDARD",
        "ckan": "standards.ckan:STANDARD",
        "iso_19139": "standards.iso_19139:STANDARD",
        "iso_19115_3": "standards.iso_19115_3:STANDARD",
        "fgdc": "standards.fgdc:STANDARD",
        "geodcat_ap": "standards.geodcat_ap:STANDARD",
        "dcat_ap_3": "standards.dcat_ap_3:STANDARD",
        "dcat_ap_3_full": "standards.dcat_ap_3:FULL",
        "dcat_3": "standards.dcat_3:STANDARD",
        "croissant": "standards.croissant:STANDARD",
        "schema_org": "standards.schema_org:STANDARD",
        "spreadsheet": "standards.spreadsheet:STANDARD",
        "json_map": "standards.json_map:STANDARD",
    },
)


def get(name: str) -> Standard:
    """The standard of this name. Raises `metadata.errors.NotFound`, naming those there are."""
    return STANDARDS.get(name)


def detect(body: Any) -> Standard | None:
    """The first standard that recognises a parsed record; a DCAT-US record without codes of federal offices is non-federal."""
    return next((standard for standard in STANDARDS.values() if standard.recognises(body)), None)


def rule(rule_id: str) -> Rule | None:
    """The words of a rule by its id, or None when no standard has it (any more)."""
    return _rules().get(rule_id)


def explain(rule_id: str, path: str, value: str, severity: Severity) -> Finding:
    """A stored finding with its words again; without words when its rule is gone."""
    words = rule(rule_id)
    if words is None:
        return Finding(rule=rule_id, severity=severity, path=path, value=value)
    return Finding(
        rule=rule_id,
        severity=severity,
        path=path,
        value=value,
        message=words.message,
        clause=words.clause,
        fix=words.fix,
        link=words.link,
    )


def forget_rules() -> None:
    """Looks the rules up anew: standards were brought or removed."""
    _rules.cache_clear()


@cache
def _rules() -> dict[str, Rule]:
    shared = {**RECORD_RULES, **XML_RULES, **TABLE_RULES, **RDF_RULES}
    return {**shared, **{rule_id: words for standard in STANDARDS.values() for rule_id, words in standard.rules.items()}}
