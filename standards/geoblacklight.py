"""GeoBlacklight's documents: schema 1.0 (`dc_title_s`, `geoblacklight_version`) and OGM Aardvark (`dct_title_s`,
`gbl_mdVersion_s`). Read only.

Both are Solr documents: the ends of names tell types (`_s` one, `_sm` several). References are JSON inside text, from the
address of a relation to one or several links. Sources: opengeometadata.org, "OGM Aardvark" and "GeoBlacklight 1.0"; links by
"dct_references" of both.
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from metadata.model import Agent, Dataset, Distribution, Period, Place
from metadata.text import guess, text
from metadata.vocabulary import format_of, language_tag, look_up
from standards import cross_field, dates
from standards.base import Finding, Standard, Unreadable, finding
from standards.geoblacklight_rules import FIELDS, NEEDS, OBJECT, REFERENCES, RULES
from standards.needs import missing
from standards.portal_members import Members, is_address, keywords, licence, members, words
from standards.rdf_geometry import box_of, geometry_of

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises"]


_FORMATS = {
    "http://www.opengis.net/def/serviceType/ogc/wms": "WMS",
    "http://www.opengis.net/def/serviceType/ogc/wfs": "WFS",
    "http://www.opengis.net/def/serviceType/ogc/wcs": "WCS",
    "http://www.opengis.net/def/serviceType/ogc/wmts": "WMTS",
    "urn:x-esri:serviceType:ArcGIS#FeatureLayer": "Esri REST",
    "urn:x-esri:serviceType:ArcGIS#TiledMapLayer": "Esri REST",
    "urn:x-esri:serviceType:ArcGIS#DynamicMapLayer": "Esri REST",
    "urn:x-esri:serviceType:ArcGIS#ImageMapLayer": "Esri REST",
    "http://iiif.io/api/presentation#manifest": "IIIF",
    "http://iiif.io/api/image": "IIIF",
}
_PAGES = (
    "http://www.isotc211.org/schemas/2005/gmd/",
    "http://www.opengis.net/cat/csw/csdgm",
    "http://www.loc.gov/mods/v3",
    "http://www.w3.org/1999/xhtml",
)
_DOWNLOAD, _PAGE, _DICTIONARY = "http://schema.org/downloadUrl", "http://schema.org/url", "http://lccn.loc.gov/sh85035852"
_RANGE = re.compile(r"\[\s*(\S+)\s+TO\s+(\S+)\s*\]")


def recognises(body: Any) -> bool:
    """Whether it names its version, or has the title and the references or geometry in Solr's names."""
    if not isinstance(body, dict):
        return False
    if "gbl_mdVersion_s" in body or "geoblacklight_version" in body:
        return True
    others = ("dct_references_s", "solr_geom", "locn_geometry", "layer_slug_s", "dct_accessRights_s", "schema_provider_s")
    return ("dct_title_s" in body or "dc_title_s" in body) and any(name in body for name in others)


def read(body: Any) -> Dataset:
    """The dataset of a document. Raises `Unreadable`."""
    top = members(body, OBJECT)
    title = top.text("dct_title_s", "dc_title_s")
    if not title:
        raise Unreadable(RULES["geoblacklight/title/absent"], "/dct_title_s")
    form, rights = top.words("dct_format_s", "dc_format_s"), top.words("dct_accessRights_s", "dc_rights_s")
    others = [
        each for name in ("dct_identifier_sm", "dc_identifier_s", "layer_id_s", "layer_slug_s") for each in _several(top, name)
    ]
    identifier = top.words("id") or (others[-1] if others else next(iter(title.values())))
    said = "\n\n".join(top.many("dct_description_sm", "dc_description_s"))
    dataset: dict[str, Any] = {
        "identifier": identifier,
        "other_identifier": tuple(dict.fromkeys(each for each in others if each != identifier)),
        "title": title,
        "description": text(said, guess(said)),
        **_parties(top),
        "keyword": keywords([*top.many("dcat_keyword_sm"), *top.many("dct_subject_sm"), *top.many("dc_subject_sm")]),
        "theme": tuple(look_up("theme", each) for each in top.many("dcat_theme_sm")),
        "issued": top.date("dct_issued_s", "dct_issued_dt"),
        "modified": top.date("gbl_mdModified_dt", "layer_modified_dt"),
        "language": tuple(
            language_tag(each) or each for each in top.many("dct_language_sm", "dc_language_s", "dc_language_sm")
        ),
        "spatial": _places(top),
        "temporal": _periods(top),
        "access_rights": look_up("access-right", rights) if rights else None,
        "rights": text("\n".join(top.many("dct_rights_sm"))),
        "license": licence(*top.many("dct_license_sm")),
        **_relations(top),
        **_references(top, form),
    }
    return Dataset(**dataset, extra=top.left())


def _several(top: Members, name: str) -> tuple[str, ...]:
    return top.many(name)


def _parties(top: Members) -> dict[str, Any]:
    publishers, creators = (
        top.many("dct_publisher_sm", "dc_publisher_s", "dc_publisher_sm"),
        top.many("dct_creator_sm", "dc_creator_sm"),
    )
    name = publishers[0] if publishers else top.words("schema_provider_s", "dct_provenance_s")
    top.put_back("dct_publisher_sm", list(publishers[1:]))
    return {
        "publisher": Agent(name=text(name, guess(name))) if name else None,
        "creator": tuple(Agent(name=text(each, guess(each))) for each in creators),
    }


def _places(top: Members) -> tuple[Place, ...]:
    made: list[Any] = []
    for name in ("dcat_bbox", "locn_geometry", "solr_geom"):
        said = words(top.peek(name))
        shape = geometry_of(said) if said else None
        box = box_of(shape)
        if box and not made:
            top.take(name)
            made.append(Place(box=box, geometry=None if said.upper().startswith("ENVELOPE") else shape))
    return (*made, *(Place(name=text(each, guess(each))) for each in top.many("dct_spatial_sm")))


def _periods(top: Members) -> tuple[Period, ...]:
    made: list[Any] = []
    for each in top.many("gbl_dateRange_drsim"):
        span = _RANGE.fullmatch(each)
        start, end = (dates.parse(span[1]), dates.parse(span[2])) if span else (dates.parse(each), dates.parse(each))
        made.append(Period(start=start, end=end) if start or end else Period(raw=each))
    for each in top.many("dct_temporal_sm"):
        known = dates.parse_period(each)
        day = dates.parse(each)
        made.append(Period(start=known[0], end=known[1]) if known else Period(start=day, end=day) if day else Period(raw=each))
    return tuple(dict.fromkeys(made))


def _relations(top: Members) -> dict[str, Any]:
    parents = (*top.many("dct_isPartOf_sm"), *top.many("pcdm_memberOf_sm"))
    sources = (*top.many("dct_relation_sm"), *top.many("dct_source_sm"), *top.many("dc_source_sm"))
    return {"is_part_of": parents[0] if parents else None, "relation": tuple(dict.fromkeys((*parents[1:], *sources)))}


def _references(top: Members, form: str | None) -> dict[str, Any]:
    """Links by their relation; what is no JSON object stays in `extra`."""
    said = _parsed(top.peek("dct_references_s"))
    if said is None:
        top.put_back("dct_format_s", form)
        return {}
    top.take("dct_references_s")
    links = [(relation, url, label) for relation, value in said.items() for url, label in _links(value)]
    alone = form if sum(relation == _DOWNLOAD for relation, _, _ in links) == 1 else None
    ways = [_way(relation, url, label, alone) for relation, url, label in links if not _told_elsewhere(relation)]
    if form and not ways:
        ways = [Distribution(format=format_of(form)[0])]
    return {
        "landing_page": next((url for relation, url, _ in links if relation == _PAGE), None),
        "page": tuple(url for relation, url, _ in links if relation.startswith(_PAGES)),
        "described_by": next((url for relation, url, _ in links if relation == _DICTIONARY), None),
        "distribution": tuple(ways),
    }


def _told_elsewhere(relation: str) -> bool:
    return relation in (_PAGE, _DICTIONARY) or relation.startswith(_PAGES)


def _way(relation: str, url: str, label: str, form: str | None) -> Distribution:
    name = text(label, guess(label)) if label else {}
    if relation == _DOWNLOAD:
        # A label is a format where it is known as one; the record's format is that of its one download.
        known = label if label and look_up("format", label).scheme else form
        found, media_type = format_of(known, None, url)
        return Distribution(title=name, download_url=url, format=found, media_type=media_type, extra={"relation": relation})
    found, media_type = format_of(_FORMATS.get(relation), None, url)
    return Distribution(title=name, access_url=url, format=found, media_type=media_type, extra={"relation": relation})


def _links(value: Any) -> Iterator[tuple[str, str]]:
    """`(url, label)` of one address, or of a list of addresses or objects."""
    for each in value if isinstance(value, list) else [value]:
        url = words(each.get("url")) if isinstance(each, dict) else words(each)
        if is_address(url):
            yield url, words(each.get("label")) if isinstance(each, dict) else ""


def _parsed(value: Any) -> dict[str, Any] | None:
    """The references: JSON in text, or an object already."""
    if isinstance(value, dict):
        return value
    try:
        found = orjson.loads(value) if isinstance(value, str) else None
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def check(body: Any) -> Iterator[Finding]:
    """What a document lacks, references that are no JSON, and dates and boxes that cannot be. Never raises."""
    if not isinstance(body, dict):
        yield finding(OBJECT, "", type(body).__name__)
        return
    old = "geoblacklight_version" in body
    needs = [each._replace(paths=each.paths[::-1]) if old else each for each in NEEDS]
    yield from missing("geoblacklight", needs, body, RULES)
    references = body.get("dct_references_s")
    if references not in (None, "") and _parsed(references) is None:
        yield finding(REFERENCES, "/dct_references_s", references)
    try:
        dataset = read(body)
    except Unreadable:
        return
    given = next((name for name in ("dcat_bbox", "solr_geom", "locn_geometry") if body.get(name)), None)
    if given and not any(place.box for place in dataset.spatial):
        yield finding(RULES["geoblacklight/cross/spatial"], f"/{given}", body[given])
    places = {
        "issued": "/dct_issued_s",
        "modified": "/layer_modified_dt" if old else "/gbl_mdModified_dt",
        "temporal": "/gbl_dateRange_drsim",
        "spatial": "/solr_geom" if old else "/dcat_bbox",
    }
    yield from cross_field.check("geoblacklight", dataset, places, RULES)


STANDARD = Standard(
    name="geoblacklight",
    title={"zh": "GeoBlacklight 记录（1.0、Aardvark）", "en": "GeoBlacklight document (1.0, OGM Aardvark)"},
    media_type="application/json",
    version="Aardvark",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    marks={
        "zh": "有 gbl_mdVersion_s 或 geoblacklight_version，或者有 dct_title_s（dc_title_s）以及 Solr 字段名的几何或引用",
        "en": "it has gbl_mdVersion_s or geoblacklight_version, or the title with references or geometry in Solr's names",
    },
)
