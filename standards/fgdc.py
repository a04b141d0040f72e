"""FGDC-STD-001-1998, Content Standard for Digital Geospatial Metadata (CSDGM), in XML: read and checked, not written.

The United States replaced it by ISO 19115, and portals still hold it. Reading in `fgdc_read`; rules in `files/fgdc/rules.json`.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from metadata.model import Dataset
from standards import cross_field, dates, fgdc_read
from standards.base import Finding, Rule, Standard, Unreadable, finding
from standards.fgdc_read import CITATION, EDGES
from standards.iso_extents import number
from standards.json_schema import schema_file
from standards.xml_characters import RULES as XML_RULES
from standards.xml_documents import Element, every, first, found, parse, root_name, where, words

PREFIX = "fgdc"
LINK = "https://www.fgdc.gov/standards/projects/metadata/base-metadata/v2_0698.pdf"
_CROSS = ("temporal", "spatial", "https", "media-type")
_OWN = {
    f"{PREFIX}/{name}": Rule(id=f"{PREFIX}/{name}", link=LINK, **about)
    for name, about in schema_file("fgdc", "rules.json").items()
}
RULES: dict[str, Rule] = _OWN | cross_field.rules(PREFIX, _CROSS) | XML_RULES
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "idinfo/datsetid, citeinfo/onlink", "else the title: the standard has no identifier"),
    ("title", "idinfo/citation/citeinfo/title", ""),
    ("description", "idinfo/descript/abstract", "purpose and supplemental information stay in `extra`"),
    ("publisher", "citeinfo/pubinfo/publish", "else the distributor"),
    ("creator", "citeinfo/origin", ""),
    ("contact_point", "idinfo/ptcontac/cntinfo", "else the distributor"),
    ("keyword", "idinfo/keywords", "themes, places, strata, times"),
    ("theme", "keywords of ISO 19115 topic categories", ""),
    ("issued", "citeinfo/pubdate", ""),
    ("accrual_periodicity", "idinfo/status/update", ""),
    ("spatial.box", "idinfo/spdom/bounding", ""),
    ("temporal", "idinfo/timeperd/timeinfo", "ranges and single dates"),
    ("access_rights", "idinfo/accconst", "None means that everyone has access"),
    ("rights", "idinfo/useconst", ""),
    ("license", "idinfo/useconst", "where it is a licence that is known"),
    ("landing_page", "citeinfo/onlink", "the first; further ones are pages"),
    ("provenance", "dataqual/lineage/procstep/procdesc", ""),
    ("version", "citeinfo/edition", ""),
    ("in_series", "citeinfo/serinfo/sername, lworkcit", ""),
    ("relation", "idinfo/crossref", ""),
    ("status", "idinfo/status/progress", ""),
    ("distribution", "distinfo/stdorder/digform//networkr", "with formname, formcont and transize"),
    ("information_item", "eainfo/detailed/attr", "attrlabl and attrdef"),
)
_NEEDED = (
    ("title", f"{CITATION}/title"), ("origin", f"{CITATION}/origin"), ("pubdate", f"{CITATION}/pubdate"),
    ("abstract", "idinfo/descript/abstract"), ("purpose", "idinfo/descript/purpose"), ("timeperd", "idinfo/timeperd"),
    ("progress", "idinfo/status/progress"), ("update", "idinfo/status/update"), ("bounding", "idinfo/spdom/bounding"),
    ("themekey", "idinfo/keywords/theme/themekey"), ("accconst", "idinfo/accconst"), ("useconst", "idinfo/useconst"),
    ("metd", "metainfo/metd"), ("metc", "metainfo/metc"), ("metstdn", "metainfo/metstdn"), ("metstdv", "metainfo/metstdv"),
)  # fmt: skip
_DAY = re.compile(r"\d{4}(?:\d\d(?:\d\d)?)?|unknown|present|unpublished material", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"]+|\\\\\S+", re.IGNORECASE)


def recognises(body: Any) -> bool:
    """Whether the root is `metadata` and `idinfo` stands in it. Never raises."""
    return root_name(body).rpartition("}")[2] == "metadata" and b"<idinfo" in body and b"<citeinfo" in body


def read(body: Any) -> Dataset:
    """The dataset that a record describes. Raises `Unreadable`."""
    return fgdc_read.read(_root(body), RULES["fgdc/title/required"], "/metadata")


def _root(body: Any) -> Element:
    if not isinstance(body, bytes):
        raise Unreadable(RULES["fgdc/root"], "", type(body).__name__)
    try:
        root = parse(body)
    except Unreadable as problem:
        path = problem.finding.path
        problem.finding = msgspec.structs.replace(problem.finding, path=f"/ {path}" if path else "")
        raise
    found_root = root if first(root, "idinfo") is not None else first(root, ".//idinfo/..")
    if found_root is None:
        raise Unreadable(RULES["fgdc/root"], "", root.tag)
    return found_root


def check(body: Any) -> Iterator[Finding]:
    """What is wrong with a record. Never raises."""
    try:
        root = _root(body)
    except Unreadable as problem:
        yield problem.finding
        return
    for name, place, value in (*_missing(root), *_values(root)):
        yield finding(RULES[f"{PREFIX}/{name}"], place, value)
    yield from _cross(root)


def _missing(root: Element) -> Iterator[tuple[str, str, str]]:
    for name, path in _NEEDED:
        if not found(root, path):
            yield f"{name}/required", _place(root, path), ""


def _place(root: Element, path: str) -> str:
    """Where it stands, or its nearest ancestor that is there."""
    while path:
        element = first(root, path)
        if element is not None:
            return where(element)
        path = path.rpartition("/")[0]
    return where(root)


def _values(root: Element) -> Iterator[tuple[str, str, str]]:
    for name in ("pubdate", "caldate", "begdate", "enddate", "metd"):
        for each in every(root, f"idinfo//{name}") + every(root, f"metainfo//{name}"):
            if words(each) and not (_DAY.fullmatch(words(each)) and (not words(each).isdigit() or dates.parse(words(each)))):
                yield "date/form", where(each), words(each)
    for box in every(root, "idinfo/spdom/bounding"):
        for edge in EDGES:
            if number(found(box, edge)) is None:
                yield "box/edges", _place(box, edge), found(box, edge) or edge
    progress = first(root, "idinfo/status/progress")
    if progress is not None and words(progress) and words(progress).lower() not in ("complete", "in work", "planned"):
        yield "progress/word", where(progress), words(progress)
    for path in (".//onlink", ".//networkr"):
        for each in every(root, path):
            if words(each) and not _ADDRESS.fullmatch(words(each)):
                yield "link/url", where(each), words(each)


def _cross(root: Element) -> Iterator[Finding]:
    try:
        dataset = fgdc_read.read(root, RULES["fgdc/title/required"], "")
    except Unreadable:
        return
    places = {
        "spatial": _place(root, "idinfo/spdom/bounding"),
        "temporal": _place(root, "idinfo/timeperd"),
        "landing_page": _place(root, f"{CITATION}/onlink"),
        "distribution": _place(root, "distinfo"),
    }
    for each in cross_field.check(PREFIX, dataset, places, RULES):
        yield msgspec.structs.replace(each, path=re.sub(r"(?<=\))/\d+$", "", each.path))


STANDARD = Standard(
    name="fgdc",
    title={"zh": "FGDC CSDGM（FGDC-STD-001-1998）数字地理空间元数据内容标准", "en": "FGDC CSDGM (FGDC-STD-001-1998)"},
    media_type="application/xml",
    version="1998",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    form="xml",
    marks={"zh": "根元素是 metadata，其中有 idinfo 和 citeinfo", "en": "its root is metadata, with idinfo and citeinfo inside"},
)
