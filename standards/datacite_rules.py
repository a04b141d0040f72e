"""The rules about DataCite's descriptions, and the table of their fields. Source: DataCite Metadata Schema 4.6."""

from typing import Any

from standards import cross_field
from standards.base import Rule
from standards.needs import Need, no_object, rules
from standards.xml_characters import RULES as XML_RULES

_LINK = "https://datacite-metadata-schema.readthedocs.io/en/4.6/"


def _need(name: str, severity: Any, number: int, zh: str, en: str, *paths: tuple[str, ...]) -> Need:
    return Need(name, severity, paths, zh, en, f"DataCite Metadata Schema 4.6, property {number}", f"{_LINK}properties/")


NEEDS: tuple[Need, ...] = (
    _need("identifier", "error", 1, "标识符", "identifier", ("doi",), ("identifiers", "identifier"), ("identifier",), ("id",)),
    _need(
        "creators",
        "error",
        2,
        "创建者",
        "creator",
        ("creators", "name"),
        ("creators", "familyName"),
        ("creators", "creatorName"),
    ),
    _need("titles", "error", 3, "题名", "title", ("titles", "title")),
    _need("publisher", "error", 4, "发布者", "publisher", ("publisher",)),
    _need("publicationYear", "error", 5, "发布年份", "year of publication", ("publicationYear",)),
    _need(
        "resourceType",
        "error",
        10,
        "资源类型",
        "general type of resource",
        ("types", "resourceTypeGeneral"),
        ("resourceType", "resourceTypeGeneral"),
    ),
    _need("subjects", "warning", 6, "主题", "subject", ("subjects", "subject")),
    _need("contributors", "warning", 7, "贡献者", "contributor", ("contributors", "name"), ("contributors", "familyName")),
    _need("dates", "warning", 8, "日期", "date", ("dates", "date")),
    _need(
        "relatedIdentifiers",
        "warning",
        12,
        "相关标识符",
        "related identifier",
        ("relatedIdentifiers", "relatedIdentifier"),
        ("relatedItems",),
    ),
    _need("descriptions", "warning", 17, "说明", "description", ("descriptions", "description")),
    _need("geoLocations", "warning", 18, "地理位置", "geographic location", ("geoLocations",)),
    _need("rights", "info", 16, "许可协议", "licence", ("rightsList", "rightsUri"), ("rightsList", "rights")),
)

OBJECT = no_object("datacite", " DataCite 记录", "DataCite record", "DataCite Metadata Schema 4.6", _LINK)

YEAR = Rule(
    id="datacite/publicationYear/form",
    severity="error",
    message={"zh": "发布年份不是四位数字", "en": "The year of publication has not got four digits"},
    clause="DataCite Metadata Schema 4.6, property 5",
    fix={"zh": "填写四位数字的年份，如 2024", "en": "Give a year of four digits, such as 2024"},
    link=f"{_LINK}properties/publicationyear/",
)

DOI = Rule(
    id="datacite/identifier/doi",
    severity="error",
    message={"zh": "DOI 的形式不正确", "en": "This is not the form of a DOI"},
    clause="DataCite Metadata Schema 4.6, property 1; ISO 26324",
    fix={
        "zh": "填写以 10. 开头、含前缀和后缀的 DOI，不带网址部分",
        "en": "Give the DOI itself: prefix 10.…, a slash, suffix; without an address",
    },
    link=f"{_LINK}properties/identifier/",
)

RULES: dict[str, Rule] = {
    **XML_RULES,
    **rules("datacite", NEEDS),
    **cross_field.rules("datacite", {"dates", "future", "temporal", "spatial"}),
    **{rule.id: rule for rule in (OBJECT, YEAR, DOI)},
}

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "identifier", "a DOI without the address before it"),
    ("other_identifier", "alternateIdentifiers", "`identifiers` in JSON"),
    ("title", "titles/title", "main and translated titles by language; subtitles and alternative ones stay in `extra`"),
    ("description", "descriptions/description", "of types Abstract and none; the others stay in `extra`"),
    ("provenance", "descriptions/description", "of type Methods"),
    ("creator", "creators/creator", "name, first identifier, first affiliation as parent"),
    ("publisher", "publisher", "name and identifier"),
    ("contact_point", "contributors/contributor", "of type ContactPerson"),
    ("keyword", "subjects/subject", "those with a scheme or an address too"),
    ("issued", "dates/date Issued", "else publicationYear"),
    ("modified", "dates/date Updated", ""),
    ("temporal", "dates/date Coverage", ""),
    ("language", "language", ""),
    ("spatial", "geoLocations/geoLocation", "place, box, point, polygon"),
    ("license", "rightsList/rights", "the first known one; rightsIdentifier, rightsURI, the words"),
    ("rights", "rightsList/rights", "the words"),
    ("landing_page", "url", "JSON only; else the DOI as an address"),
    ("version", "version", ""),
    ("is_part_of", "relatedIdentifiers IsPartOf", ""),
    ("page", "relatedIdentifiers IsDocumentedBy", ""),
    ("relation", "relatedIdentifiers", "the others; DOIs as addresses"),
    ("distribution", "formats, contentUrl, sizes", "one size in bytes"),
)
