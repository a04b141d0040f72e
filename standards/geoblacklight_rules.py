"""The rules about GeoBlacklight's documents, and the table of their fields. Source: opengeometadata.org, "OGM Aardvark"."""

from typing import Any

from standards import cross_field
from standards.base import Rule
from standards.needs import Need, no_object, rules

_LINK = "https://opengeometadata.org/ogm-aardvark/"


def _need(name: str, severity: Any, old: str, new: str, zh: str, en: str) -> Need:
    return Need(
        name,
        severity,
        ((new,), (old,)) if old else ((new,),),
        zh,
        en,
        f"OGM Aardvark {new}" + (f"; GeoBlacklight 1.0 {old}" if old else ""),
        _LINK,
    )


NEEDS: tuple[Need, ...] = (
    _need("title", "error", "dc_title_s", "dct_title_s", "标题", "title"),
    _need("id", "error", "layer_slug_s", "id", "标识符", "identifier"),
    _need("access", "error", "dc_rights_s", "dct_accessRights_s", "访问权限", "access rights"),
    _need("geometry", "warning", "solr_geom", "locn_geometry", "空间范围", "geometry"),
    _need("provider", "warning", "dct_provenance_s", "schema_provider_s", "提供机构", "provider"),
    _need("description", "warning", "dc_description_s", "dct_description_sm", "说明", "description"),
    _need("subject", "info", "dc_subject_sm", "dct_subject_sm", "主题词", "subject"),
    _need("references", "info", "", "dct_references_s", "引用链接", "reference to the data"),
)

OBJECT = no_object("geoblacklight", " GeoBlacklight 记录", "GeoBlacklight document", "OGM Aardvark", _LINK)

REFERENCES = Rule(
    id="geoblacklight/references/json",
    severity="error",
    message={"zh": "引用链接不是 JSON 对象", "en": "The references are no JSON object"},
    clause="OGM Aardvark dct_references_s",
    fix={"zh": "写成一个 JSON 对象：关系网址 → 链接", "en": "Write one JSON object: address of the relation → link"},
    link=_LINK,
)

RULES: dict[str, Rule] = {
    **rules("geoblacklight", NEEDS),
    **cross_field.rules("geoblacklight", {"dates", "future", "temporal", "spatial"}),
    OBJECT.id: OBJECT,
    REFERENCES.id: REFERENCES,
}

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "id, layer_slug_s", "in this order"),
    ("other_identifier", "dct_identifier_sm, dc_identifier_s, layer_id_s", ""),
    ("title", "dct_title_s, dc_title_s", ""),
    ("description", "dct_description_sm, dc_description_s", "several are put one below the other"),
    ("publisher.name", "dct_publisher_sm, dc_publisher_s", "without one the provider; further ones stay in `extra`"),
    ("creator.name", "dct_creator_sm, dc_creator_sm", ""),
    ("keyword", "dcat_keyword_sm, dct_subject_sm, dc_subject_sm", ""),
    ("theme", "dcat_theme_sm", ""),
    ("issued", "dct_issued_s", ""),
    ("modified", "gbl_mdModified_dt, layer_modified_dt", "of the record, which is all there is"),
    ("language", "dct_language_sm, dc_language_s", ""),
    ("spatial", "locn_geometry, dcat_bbox, solr_geom, dct_spatial_sm", "ENVELOPE(west, east, north, south) or WKT; names"),
    ("temporal", "gbl_dateRange_drsim, dct_temporal_sm", ""),
    ("access_rights", "dct_accessRights_s, dc_rights_s", ""),
    ("rights", "dct_rights_sm", ""),
    ("license", "dct_license_sm", ""),
    ("is_part_of", "dct_isPartOf_sm, pcdm_memberOf_sm", "the first"),
    ("relation", "dct_relation_sm, dct_source_sm, dc_source_sm", "with what is left of the parents"),
    ("landing_page", "dct_references_s http://schema.org/url", ""),
    ("page", "dct_references_s", "metadata in ISO, FGDC, MODS and HTML"),
    ("described_by", "dct_references_s http://lccn.loc.gov/sh85035852", "the data dictionary"),
    ("distribution", "dct_references_s", "downloads, services and the rest"),
)
