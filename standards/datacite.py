"""DataCite's metadata schema, kernel 4 (3 and 2.2 where they differ): XML, and the JSON of DataCite's API. Read only.

`datacite_xml` makes the JSON form of an XML record; `datacite_parts` reads the parts of it. The six mandatory properties are
errors, the recommended ones warnings. Source: schema.datacite.org/meta/kernel-4.6 and its documentation, sections 2 and 4.
"""

import re
from collections.abc import Iterator
from typing import Any

from metadata.model import Dataset
from metadata.vocabulary import language_tag, look_up
from standards import cross_field, datacite_xml
from standards.base import Finding, Rule, Standard, Unreadable, finding
from standards.datacite_parts import agent, contacts, dated, places, publisher, relations, rights, texts, ways
from standards.json_schema import cleaned
from standards.needs import Need, no_object, rules, there
from standards.portal_members import Members, is_address, keywords, words
from standards.xml_characters import RULES as XML_RULES
from standards.xml_documents import local, parse, root_name, where

_LINK = "https://datacite-metadata-schema.readthedocs.io/en/4.6/"


def _need(name: str, severity: Any, number: int, zh: str, en: str, *paths: tuple[str, ...]) -> Need:
    return Need(name, severity, paths, zh, en, f"DataCite Metadata Schema 4.6, property {number}", f"{_LINK}properties/")


NEEDS: tuple[Need, ...] = (
    _need("identifier", "error", 1, "标识符", "identifier", ("doi",), ("identifiers", "identifier"), ("identifier",), ("id",)),
    _need("creators", "error", 2, "创建者", "creator", ("creators", "name"), ("creators", "familyName"), ("creators", "creatorName")),
    _need("titles", "error", 3, "题名", "title", ("titles", "title")),
    _need("publisher", "error", 4, "发布者", "publisher", ("publisher",)),
    _need("publicationYear", "error", 5, "发布年份", "year of publication", ("publicationYear",)),
    _need("resourceType", "error", 10, "资源类型", "general type of resource", ("types", "resourceTypeGeneral"), ("resourceType", "resourceTypeGeneral")),
    _need("subjects", "warning", 6, "主题", "subject", ("subjects", "subject")),
    _need("contributors", "warning", 7, "贡献者", "contributor", ("contributors", "name"), ("contributors", "familyName")),
    _need("dates", "warning", 8, "日期", "date", ("dates", "date")),
    _need("relatedIdentifiers", "warning", 12, "相关标识符", "related identifier", ("relatedIdentifiers", "relatedIdentifier"), ("relatedItems",)),
    _need("descriptions", "warning", 17, "说明", "description", ("descriptions", "description")),
    _need("geoLocations", "warning", 18, "地理位置", "geographic location", ("geoLocations",)),
    _need("rights", "info", 16, "许可协议", "licence", ("rightsList", "rightsUri"), ("rightsList", "rights")),
)
_OBJECT = no_object("datacite", " DataCite 记录", "DataCite record", "DataCite Metadata Schema 4.6", _LINK)
_YEAR = Rule(
    id="datacite/publicationYear/form",
    severity="error",
    message={"zh": "发布年份不是四位数字", "en": "The year of publication has not got four digits"},
    clause="DataCite Metadata Schema 4.6, property 5",
    fix={"zh": "填写四位数字的年份，如 2024", "en": "Give a year of four digits, such as 2024"},
    link=f"{_LINK}properties/publicationyear/",
)
_DOI = Rule(
    id="datacite/identifier/doi",
    severity="error",
    message={"zh": "DOI 的形式不正确", "en": "This is not the form of a DOI"},
    clause="DataCite Metadata Schema 4.6, property 1; ISO 26324",
    fix={"zh": "填写以 10. 开头、含前缀和后缀的 DOI，不带网址部分", "en": "Give the DOI itself: prefix 10.…, a slash, suffix; without an address"},
    link=f"{_LINK}properties/identifier/",
)
RULES: dict[str, Rule] = {
    **XML_RULES,
    **rules("datacite", NEEDS),
    **cross_field.rules("datacite", {"dates", "future", "temporal", "spatial"}),
    **{rule.id: rule for rule in (_OBJECT, _YEAR, _DOI)},
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
_TELLING = ("creators", "titles", "publicationYear", "rightsList", "relatedIdentifiers", "geoLocations", "descriptions", "schemaVersion")
_DOI_FORM = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_BEFORE_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def recognises(body: Any) -> bool:
    """Whether it is a `resource` of DataCite's kernel, or JSON with titles, creators and one more of its members."""
    if isinstance(body, bytes):
        namespace, _, name = root_name(body).rpartition("}")
        return name == "resource" and (namespace.startswith("{http://datacite.org/schema/kernel-") or (not namespace and b"datacite.org/schema" in body[:2000]))
    inner = _attributes(body)
    if not isinstance(inner, dict) or not isinstance(inner.get("titles"), list) or "@context" in inner:
        return False
    return "creators" in inner and sum(name in inner for name in _TELLING) >= 3


def _attributes(body: Any) -> Any:
    """The description in an answer of the API (JSON:API)."""
    for _ in range(2):
        inner = next((body[name] for name in ("data", "attributes") if isinstance(body.get(name), dict)), None) if isinstance(body, dict) else None
        if inner is None:
            break
        body = inner
    return body


def _object(body: Any) -> dict[str, Any]:
    if isinstance(body, bytes):
        root = parse(body)
        if local(root) != "resource":
            raise Unreadable(_OBJECT, where(root), local(root))
        found = datacite_xml.members(root)
    else:
        found = _attributes(body)
    if not isinstance(found, dict):
        raise Unreadable(_OBJECT, "", type(body).__name__)
    whole = cleaned(found)
    return whole if isinstance(whole, dict) else {}


def read(body: Any) -> Dataset:
    """The dataset of a record. Raises `Unreadable`."""
    top = Members(_object(body))
    said = top.words("language")
    tag = language_tag(said) if said else ""
    titles = top.items("titles")
    title = texts(titles, "title", tag or "", ("", "TranslatedTitle"), "titleType") or texts(titles, "title", tag or "", ("AlternativeTitle", "Other", "Subtitle"), "titleType")
    if not title:
        raise Unreadable(RULES["datacite/titles/absent"], "/titles")
    title = {name: words_.split("\n\n")[0] for name, words_ in title.items()}
    top.put_back("titles", [each for each in titles if words(each.get("titleType")) not in ("", "TranslatedTitle")])
    dataset = {**_identified(top, next(iter(title.values()))), "title": title, **_described(top, tag or ""), **_people(top), **dated(top)}
    given = top.items("rightsList")
    permitted, words_of_rights = rights(given)
    related = relations(top.items("relatedIdentifiers"))
    return Dataset(
        **dataset,
        **related,
        language=(tag or said,) if said else (),
        spatial=places(top),
        license=permitted,
        rights=words_of_rights,
        version=top.words("version"),
        distribution=ways(top),
        extra=top.left(),
    )


def _identified(top: Members, title: str) -> dict[str, Any]:
    """A DOI without its address; the other identifiers; the page."""
    doi = top.words("doi")
    listed = [words(each.get("identifier")) for each in top.items("identifiers")]
    others = [*listed, *(words(each.get("alternateIdentifier")) for each in top.items("alternateIdentifiers"))]
    plain = top.words("identifier", "id")
    found = next((each for each in (doi, plain, *others) if each), None) or title
    bare = _BEFORE_DOI.sub("", found)
    bare = bare if _DOI_FORM.fullmatch(bare) else found
    page = top.address("url") or (f"https://doi.org/{bare}" if _DOI_FORM.fullmatch(bare) else found if is_address(found) else None)
    rest = dict.fromkeys(each for each in (plain, *others) if each and _BEFORE_DOI.sub("", each) != bare and each != found)
    return {"identifier": bare, "other_identifier": tuple(rest), "landing_page": page}


def _described(top: Members, tag: str) -> dict[str, Any]:
    given = top.items("descriptions")
    subjects = top.items("subjects")
    made = {
        "description": texts(given, "description", tag, ("", "Abstract"), "descriptionType"),
        "provenance": texts(given, "description", tag, ("Methods",), "descriptionType"),
        "keyword": keywords((words(each.get("subject")) for each in subjects), ""),
    }
    top.put_back("descriptions", [each for each in given if words(each.get("descriptionType")) not in ("", "Abstract", "Methods")])
    schemes = [each for each in subjects if len(each) > 1 + ("lang" in each)]
    top.put_back("subjects", schemes)
    access = next((found for each in subjects if (found := look_up("theme", words(each.get("valueUri")))).scheme), None)
    return {**made, "theme": (access,) if access else ()}


def _people(top: Members) -> dict[str, Any]:
    others = top.items("contributors")
    top.put_back("contributors", [each for each in others if each.get("contributorType") != "ContactPerson"])
    return {
        "creator": tuple(found for each in top.items("creators") if (found := agent(each))),
        "publisher": publisher(top),
        "contact_point": contacts(others),
    }


def check(body: Any) -> Iterator[Finding]:
    """What the schema asks for; pointers into the JSON, paths of elements in XML. Never raises."""
    try:
        found = _object(body)
    except Unreadable as problem:
        yield finding(RULES[problem.finding.rule], problem.finding.path if problem.finding.path.startswith("/") else "", problem.finding.value)
        return
    at = "/resource" if isinstance(body, bytes) else ""
    for need in NEEDS:
        if not any(there(found, path) for path in need.paths):
            path = need.paths[0] if need.name != "identifier" or not at else ("identifier",)
            yield finding(RULES[f"datacite/{need.name}/absent"], f"{at}/{path[0]}")
    year = words(found.get("publicationYear"))
    if year and not re.fullmatch(r"\d{4}", year):
        yield finding(_YEAR, f"{at}/publicationYear", year)
    doi = words(found.get("doi"))
    if doi and not _DOI_FORM.fullmatch(doi):
        yield finding(_DOI, f"{at}/identifier" if at else "/doi", doi)
    try:
        dataset = read(body)
    except Unreadable:
        return
    places_ = {"issued": f"{at}/dates", "modified": f"{at}/dates", "temporal": f"{at}/dates", "spatial": f"{at}/geoLocations"}
    yield from cross_field.check("datacite", dataset, places_, RULES)


STANDARD = Standard(
    name="datacite",
    title={"zh": "DataCite 元数据（XML、JSON）", "en": "DataCite Metadata Schema (XML, JSON)"},
    media_type="application/vnd.datacite.datacite+xml",
    version="4.6",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    form="xml",
    marks={
        "zh": "根元素是 DataCite 内核的 resource，或者 JSON 中有 titles、creators 和另一个 DataCite 字段",
        "en": "its root is resource of DataCite's kernel, or the JSON has titles, creators and one more of its members",
    },
)
