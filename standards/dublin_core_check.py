"""What is wrong with a Dublin Core record, and what of it can be mended mechanically.

DCMI requires no term and every value may be any text; what it recommends (a date in W3CDTF, a language tag, an IANA media type)
is a warning. Only elements that its namespaces do not have, and a record without a title, are errors.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

from metadata.vocabulary import format_of, language_tag, look_up
from standards import cross_field, repairs
from standards.base import Finding, Repair, Unreadable, finding
from standards.coordinates import edges_of_words
from standards.dublin_core_read import TITLE, read
from standards.dublin_core_rules import ADDRESS, DATE, EMPTY, FORMAT, LANGUAGE, NAMESPACE, NEEDS, RULES, TYPE, UNKNOWN
from standards.dublin_core_terms import SPACES, Said, Statements, statements, term_of
from standards.json_schema import pointer
from standards.xml_documents import body_of, local, parse, where, words

_DATED = ("date", "issued", "modified", "created", "available", "valid", "dateAccepted", "dateCopyrighted", "dateSubmitted")
_W3CDTF = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*|[xi](?:-[A-Za-z0-9]{1,8})+")
_TYPES = (
    "Collection", "Dataset", "Event", "Image", "InteractiveResource", "MovingImage", "PhysicalObject", "Service", "Software",
    "Sound", "StillImage", "Text",
)  # fmt: skip


def check(body: Any) -> Iterator[Finding]:
    """The findings on a record: pointers into JSON, XPaths with lines in XML. Never raises."""
    try:
        whole = statements(body)
    except Unreadable as problem:
        yield finding(
            RULES[problem.finding.rule],
            problem.finding.path if problem.finding.path.startswith("/") else "",
            problem.finding.value,
        )
        return
    top = where(whole.root) if whole.root is not None else ""
    there = {each.term for each in whole.said if each.text}
    if "title" not in there:
        yield finding(TITLE, top)
    for rule, terms in NEEDS:
        if not there & set(terms):
            yield finding(rule, top)
    yield from (finding(EMPTY, place) for place in whole.empty)
    yield from _unknown(whole, body)
    for each in whole.said:
        yield from _value(each)
    yield from _edges(whole)
    if "title" in there:
        yield from _cross(whole, body)


def _value(said: Said) -> Iterator[Finding]:
    if said.term in _DATED and not _W3CDTF.fullmatch(said.words) and said.kind != "Period":
        yield finding(DATE, said.place, said.words)
    elif said.term == "language" and not (_TAG.fullmatch(said.words) and language_tag(said.words)):
        yield finding(LANGUAGE, said.place, said.words)
    elif said.term == "format" and "/" not in said.words:
        yield finding(FORMAT, said.place, said.words)
    elif said.term == "type" and said.words.rpartition("/")[2] not in _TYPES:
        yield finding(TYPE, said.place, said.words)
    elif said.kind == "URI" and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$", said.words):
        yield finding(ADDRESS, said.place, said.words)


def _edges(whole: Statements) -> Iterator[Finding]:
    """Boxes that are outside the degrees, which are read as words."""
    for each in whole.said:
        edges = edges_of_words(each.words) if each.term in ("spatial", "coverage") else None
        if edges and cross_field.box_fault(edges):
            yield finding(RULES["dublin-core/cross/spatial"], each.place, each.words)


def _unknown(whole: Statements, body: Any) -> Iterator[Finding]:
    """Names that only look like DCMI's."""
    if whole.root is None:
        for name in whole.others if isinstance(body, dict) else ():
            if name.startswith(("dc:", "dcterms:", "dct:")) and not term_of(name):
                yield finding(UNKNOWN, pointer((name,)), name)
        return
    stray = (each.element for each in whole.said if str(each.element.tag)[1:].partition("}")[0] not in SPACES)
    yield from (finding(NAMESPACE, where(each), local(each)) for each in stray)
    for each in whole.root.iter():
        space = str(each.tag)[1:].partition("}")[0]
        if space in SPACES and not term_of(f"dc:{local(each)}") and local(each) != "URI":
            yield finding(UNKNOWN, where(each), local(each))


def _cross(whole: Statements, body: Any) -> Iterator[Finding]:
    terms = {
        "issued": ("issued", "date", "available"),
        "modified": ("modified",),
        "temporal": ("temporal", "coverage"),
        "spatial": ("spatial", "coverage"),
    }
    places = {}
    for name, some in terms.items():
        place = next((each.place for term in some for each in whole.said if each.term == term), None)
        if place is not None:
            places[name] = place
    try:
        dataset = read(body)
    except Unreadable:
        return
    yield from cross_field.check("dublin-core", dataset, places, RULES)


# Repairs


def _date(value: Any) -> str | None:
    return repairs.date(value)


def _language(value: Any) -> str | None:
    return repairs.language(value)


def _format(value: Any) -> str | None:
    """`CSV` → `text/csv`: only words that are a format by themselves."""
    if not isinstance(value, str) or "/" in value or not look_up("format", value).scheme:
        return None
    return format_of(value)[1]


def _mend(term: str, value: str) -> tuple[str, str | None]:
    """The rule that a term's value answers, and the mended value."""
    if term in _DATED:
        return DATE.id, _date(value)
    if term == "language":
        return LANGUAGE.id, _language(value)
    return (FORMAT.id, _format(value)) if term == "format" else ("", None)


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy, and what was done: dates, languages, formats. Never raises."""
    if isinstance(body, bytes):
        return _repaired_xml(body)
    mended = copy.deepcopy(body)
    done: list[Repair] = []
    for name in list(mended) if isinstance(mended, dict) else ():
        term = term_of(name, bare=not any(term_of(each) for each in mended))
        holder, keys = (mended[name], range(len(mended[name]))) if isinstance(mended[name], list) else (mended, (name,))
        for key in keys if term else ():
            value = holder[key]
            rule, after = _mend(term, value) if isinstance(value, str) else ("", None)
            if after is not None and after != value:
                holder[key] = after
                done.append(repairs.repair(rule, pointer((name, key) if holder is not mended else (name,)), value, after))
    return mended, done


def _repaired_xml(body: bytes) -> tuple[bytes, list[Repair]]:
    try:
        root = parse(body)
    except Unreadable:
        return body, []
    done = []
    for each in root.iter():
        space = str(each.tag)[1:].partition("}")[0]
        if space not in SPACES or len(each):
            continue
        rule, after = _mend(local(each), words(each))
        if after is not None and after != words(each):
            done.append(repairs.repair(rule, where(each), words(each), after))
            each.text = after
    return (body_of(root), done) if done else (body, [])
