"""MODS 3, the Library of Congress's Metadata Object Description Schema, as libraries give it over OAI-PMH. Read only.

Source: www.loc.gov/standards/mods, "MODS Elements and Attributes" (version 3.8). MODS requires nothing but one element; what
its user guidelines recommend is checked. Parts of the reading in `mods_parts`.
"""

from collections.abc import Iterator
from typing import Any

from metadata.model import Dataset
from metadata.text import Text
from standards import cross_field
from standards.base import Finding, Rule, Standard, Unreadable, finding
from standards.coordinates import edges_of_words
from standards.mods_parts import dates_said, description, identifiers, places, relations, terms, titles, topics, who
from standards.xml_characters import RULES as XML_RULES
from standards.xml_documents import PREFIXES, Element, every, first, found, local, parse, root_name, where, words
from standards.xml_values import gather

_LINK = "https://www.loc.gov/standards/mods/userguide/"
_ROOT = f"{{{PREFIXES['mods']}}}mods"


def _rule(name: str, severity: Any, element: str, message: Text, fix: Text) -> Rule:
    clause = f"MODS User Guidelines, {element}"
    return Rule(
        id=f"mods/{name}",
        severity=severity,
        message=message,
        clause=clause,
        fix=fix,
        link=_LINK + f"{element.split('/')[0].lower()}.html",
    )


def _absent(name: str, severity: Any, element: str, zh: str, en: str) -> Rule:
    fix = {"zh": f"在 {element} 中填写{zh}", "en": f"Give the {en} in {element}"}
    return _rule(f"{name}/absent", severity, element, {"zh": f"没有{zh}", "en": f"There is no {en}"}, fix)


_OBJECT = _rule(
    "object",
    "error",
    "mods",
    {"zh": "这不是 MODS 记录", "en": "This is no MODS record"},
    {"zh": "根元素应为 MODS 3 名称空间中的 mods", "en": "Its root should be mods in the namespace of MODS 3"},
)
_NEEDS: tuple[tuple[Rule, str], ...] = (
    (_absent("title", "error", "titleInfo/title", "题名", "title"), "mods:titleInfo/mods:title"),
    (_absent("identifier", "warning", "identifier", "标识符", "identifier"), "mods:identifier"),
    (_absent("abstract", "warning", "abstract", "摘要", "abstract"), "mods:abstract"),
    (_absent("rights", "warning", "accessCondition", "使用条件", "condition of use"), "mods:accessCondition"),
    (_absent("origin", "info", "originInfo", "出版信息（出版者、日期）", "publisher or date"), "mods:originInfo"),
    (_absent("subject", "info", "subject", "主题", "subject"), "mods:subject"),
    (_absent("language", "info", "language", "语种", "language"), "mods:language"),
)
_URL = _rule(
    "location/url",
    "warning",
    "location/url",
    {"zh": "位置不是网址", "en": "This location is no web address"},
    {"zh": "填写以 https:// 开头的完整网址", "en": "Give the whole address, beginning with https://"},
)
RULES: dict[str, Rule] = {
    **XML_RULES,
    **{rule.id: rule for rule, _ in _NEEDS},
    **cross_field.rules("mods", {"dates", "temporal", "spatial"}),
    _OBJECT.id: _OBJECT,
    _URL.id: _URL,
}
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "identifier", "a DOI or other address first, then any; else recordInfo/recordIdentifier, the title"),
    ("other_identifier", "identifier", "the others"),
    ("title", "titleInfo", "nonSort, title, subTitle and parts together; translated ones by their language"),
    ("description", "abstract", ""),
    ("publisher.name", "originInfo/publisher", "else a name with the role publisher"),
    ("creator.name", "name", "roles creator, author, cartographer, or none; the others stay in `extra`"),
    ("keyword", "subject/topic", "with the parts of names and titles that are subjects"),
    ("issued", "originInfo/dateIssued", "else copyrightDate, dateCreated"),
    ("modified", "originInfo/dateModified", "else recordInfo/recordChangeDate"),
    ("accrual_periodicity", "originInfo/frequency", ""),
    ("version", "originInfo/edition", ""),
    ("language", "language/languageTerm", ""),
    ("spatial", "subject/geographic, hierarchicalGeographic, cartographics/coordinates", ""),
    ("temporal", "subject/temporal", ""),
    ("rights", "accessCondition", "the words"),
    ("license", "accessCondition", "where its words or its address are those of a known licence"),
    ("access_rights", 'accessCondition type="restriction on access"', ""),
    ("landing_page", "location/url", "primary display or object in context first"),
    ("distribution", 'location/url access="raw object", physicalDescription/internetMediaType', ""),
    ("is_part_of", 'relatedItem type="host"', "identifier or title"),
    ("in_series", 'relatedItem type="series"', ""),
    ("relation", "relatedItem", "identifiers and addresses of the others"),
)
_TAKEN = frozenset(("titleInfo", "abstract", "identifier", "language", "accessCondition"))


def recognises(body: Any) -> bool:
    """Whether the root is MODS. Never raises."""
    return root_name(body) == _ROOT


def read(body: Any) -> Dataset:
    """The dataset of a record. Raises `Unreadable`."""
    root = _root(body)
    title = titles(root)
    if not title:
        raise Unreadable(RULES["mods/title/absent"], where(root))
    named, left_names = who(root)
    known = identifiers(root)
    dataset: dict[str, Any] = {
        "identifier": known[0] if known else next(iter(title.values())),
        "other_identifier": known[1:],
        "title": title,
        "description": description(root),
        **named,
        **topics(root),
        **dates_said(root),
        "spatial": places(root),
        **terms(root),
        **relations(root),
    }
    rest = (
        *left_names,
        *(each for each in root if local(each) not in (*_TAKEN, "name", "subject", "relatedItem", "location", "originInfo")),
    )
    return Dataset(**dataset, extra={**gather(rest), **_rest_of_origin(root), **_rest_of_subjects(root)})


def _root(body: Any) -> Element:
    if not isinstance(body, bytes):
        raise Unreadable(_OBJECT, "", type(body).__name__)
    root = parse(body)
    if str(root.tag) != _ROOT:
        raise Unreadable(_OBJECT, where(root), local(root))
    return root


_OF_SUBJECTS = ("topic", "occupation", "name", "titleInfo", "geographic", "hierarchicalGeographic", "temporal", "coordinates")


def _rest_of_subjects(root: Element) -> dict[str, Any]:
    """Scales and projections, codes of places, genres."""
    parts = [each for one in every(root, "mods:subject") for each in one]
    inner = [each for part in parts for each in (part if local(part) == "cartographics" else (part,))]
    rest = gather(each for each in inner if local(each) not in _OF_SUBJECTS)
    others = [each for each in every(root, "mods:relatedItem") if each.get("type") not in ("host", "series")]
    return {**({"subject": rest} if rest else {}), **gather(others)}


def _rest_of_origin(root: Element) -> dict[str, Any]:
    taken = ("publisher", "dateIssued", "frequency", "edition")
    rest = gather(each for origin in every(root, "mods:originInfo") for each in origin if local(each) not in taken)
    held = gather(each for place in every(root, "mods:location") for each in place if local(each) != "url")
    return {name: value for name, value in (("originInfo", rest), ("location", held)) if value}


def check(body: Any) -> Iterator[Finding]:
    """What a record lacks, and dates, periods and boxes that cannot be. Never raises."""
    try:
        root = _root(body)
    except Unreadable as problem:
        yield finding(
            RULES[problem.finding.rule],
            problem.finding.path if problem.finding.path.startswith("/") else "",
            problem.finding.value,
        )
        return
    for rule, path in _NEEDS:
        if not any(words(each) for each in every(root, path)):
            yield finding(rule, where(first(root, path) if first(root, path) is not None else root))
    for each in every(root, "mods:location/mods:url"):
        if words(each) and not words(each).lower().startswith(("http://", "https://", "ftp://")):
            yield finding(_URL, where(each), words(each))
    for each in every(root, "mods:subject/mods:cartographics/mods:coordinates"):
        edges = edges_of_words(words(each))
        if edges and cross_field.box_fault(edges):
            yield finding(RULES["mods/cross/spatial"], where(each), words(each))
    if found(root, "mods:titleInfo/mods:title"):
        yield from _cross(root, body)


def _cross(root: Element, body: bytes) -> Iterator[Finding]:
    at = {"issued": "mods:originInfo", "modified": "mods:originInfo", "temporal": "mods:subject", "spatial": "mods:subject"}
    places = {name: where(element) for name, path in at.items() if (element := first(root, path)) is not None}
    try:
        dataset = read(body)
    except Unreadable:
        return
    yield from cross_field.check("mods", dataset, places, RULES)


STANDARD = Standard(
    name="mods",
    title={"zh": "MODS 3 书目元数据", "en": "MODS 3 (Metadata Object Description Schema)"},
    media_type="application/mods+xml",
    version="3.8",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    form="xml",
    marks={"zh": "根元素是 http://www.loc.gov/mods/v3 中的 mods", "en": "its root is mods in http://www.loc.gov/mods/v3"},
)
