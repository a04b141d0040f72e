"""What is wrong with a Dublin Core record, and what of it can be mended mechanically.

DCMI requires no term and every value may be any text; what it recommends (a date in W3CDTF, a language tag, an IANA media type)
is a warning. Only elements that its namespaces do not have, and a record without a title, are errors.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

from metadata.text import Text
from metadata.vocabulary import format_of, language_tag, look_up
from standards import cross_field, repairs
from standards.base import Finding, Repair, Rule, Severity, Unreadable, finding
from standards.dublin_core_read import TITLE, read
from standards.dublin_core_terms import OBJECT, SPACES, Said, Statements, statements, term_of
from standards.json_schema import pointer
from standards.xml_characters import RULES as XML_RULES
from standards.xml_documents import body_of, local, parse, where, words

_TERMS = "http://purl.org/dc/terms/"
_PRACTICE = "OAI-PMH 2.0 §4.1 oai_dc; DCMI Metadata Terms, "


def _rule(name: str, severity: Severity, term: str, message: Text, fix: Text) -> Rule:
    return Rule(
        id=f"dublin-core/{name}",
        severity=severity,
        message=message,
        clause=f"DCMI Metadata Terms, {term}",
        fix=fix,
        link=f"{_TERMS}{term}",
    )


def _absent(name: str, severity: Severity, term: str, zh: str, en: str) -> Rule:
    fix = {"zh": f"填写 {name}（{zh}）", "en": f"Give the {en} in {name}"}
    return _rule(f"{name}/absent", severity, term, {"zh": f"没有{zh}", "en": f"There is no {en}"}, fix)


_NEEDS: tuple[tuple[Rule, tuple[str, ...]], ...] = (
    (_absent("identifier", "warning", "identifier", "标识符", "identifier"), ("identifier",)),
    (_absent("description", "warning", "description", "说明", "description"), ("description", "abstract")),
    (
        _absent("creator", "warning", "creator", "创建者或发布者", "creator or publisher"),
        ("creator", "publisher", "contributor"),
    ),
    (_absent("rights", "warning", "rights", "权利或许可说明", "rights or licence"), ("rights", "license", "accessRights")),
    (_absent("date", "warning", "date", "日期", "date"), ("date", "issued", "created", "modified", "available")),
    (_absent("subject", "info", "subject", "主题词", "subject"), ("subject",)),
    (_absent("type", "info", "type", "类型", "type"), ("type",)),
)
_DATE = _rule(
    "date/form",
    "warning",
    "date",
    {
        "zh": "日期不是 W3CDTF 的形式（YYYY、YYYY-MM、YYYY-MM-DD……）",
        "en": "The date is not in the form of W3CDTF (YYYY, YYYY-MM, YYYY-MM-DD …)",
    },
    {"zh": "改写为 ISO 8601 日期，例如 2016-04-14", "en": "Write it as an ISO 8601 date, such as 2016-04-14"},
)
_LANGUAGE = _rule(
    "language/form",
    "warning",
    "language",
    {"zh": "语种不是语言标签", "en": "The language is no language tag"},
    {"zh": "填写 BCP 47 标签，例如 zh、en、zh-Hant", "en": "Give a tag of BCP 47, such as zh, en, zh-Hant"},
)
_FORMAT = _rule(
    "format/form",
    "info",
    "format",
    {"zh": "格式不是 IANA 媒体类型", "en": "The format is no IANA media type"},
    {
        "zh": "填写媒体类型，例如 text/csv；尺寸、页数写入 extent",
        "en": "Give a media type, such as text/csv; sizes belong in extent",
    },
)
_TYPE = _rule(
    "type/list",
    "info",
    "type",
    {"zh": "类型不在 DCMI 类型词表中", "en": "The type is none of DCMI's types"},
    {"zh": "数据集填写 Dataset", "en": "Give Dataset for a dataset"},
)
_UNKNOWN = _rule(
    "element/unknown",
    "error",
    "",
    {"zh": "都柏林核心的名称空间中没有这个元素", "en": "The namespaces of Dublin Core have no such element"},
    {"zh": "核对元素名称的拼写（区分大小写）", "en": "Check the element's name; capitals count"},
)
_NAMESPACE = _rule(
    "element/namespace",
    "warning",
    "",
    {
        "zh": "元素不在都柏林核心的名称空间中，按同名元素读取",
        "en": "This element is in no namespace of Dublin Core; it is read as if it were",
    },
    {
        "zh": "使用前缀 dc: 或 dcterms: 并声明其名称空间",
        "en": "Write it with the prefix dc: or dcterms:, and declare its namespace",
    },
)
_EMPTY = _rule(
    "element/empty",
    "info",
    "",
    {"zh": "元素没有内容", "en": "This element is empty"},
    {"zh": "填写内容，或者删除该元素", "en": "Give its content, or leave the element out"},
)
_ADDRESS = _rule(
    "address/form",
    "warning",
    "references",
    {"zh": "应为网址", "en": "This should be a web address"},
    {"zh": "填写完整的网址", "en": "Give the whole address"},
)
RULES: dict[str, Rule] = {
    **XML_RULES,
    **cross_field.rules("dublin-core", {"dates", "future", "temporal", "spatial"}),
    **{
        rule.id: rule
        for rule in (
            OBJECT,
            TITLE,
            _DATE,
            _LANGUAGE,
            _FORMAT,
            _TYPE,
            _UNKNOWN,
            _NAMESPACE,
            _EMPTY,
            _ADDRESS,
            *(rule for rule, _ in _NEEDS),
        )
    },
}
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
    for rule, terms in _NEEDS:
        if not there & set(terms):
            yield finding(rule, top)
    yield from (finding(_EMPTY, place) for place in whole.empty)
    yield from _unknown(whole, body)
    for each in whole.said:
        yield from _value(each)
    if "title" in there:
        yield from _cross(whole, body)


def _value(said: Said) -> Iterator[Finding]:
    if said.term in _DATED and not _W3CDTF.fullmatch(said.words) and said.kind != "Period":
        yield finding(_DATE, said.place, said.words)
    elif said.term == "language" and not (_TAG.fullmatch(said.words) and language_tag(said.words)):
        yield finding(_LANGUAGE, said.place, said.words)
    elif said.term == "format" and "/" not in said.words:
        yield finding(_FORMAT, said.place, said.words)
    elif said.term == "type" and said.words.rpartition("/")[2] not in _TYPES:
        yield finding(_TYPE, said.place, said.words)
    elif said.kind == "URI" and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$", said.words):
        yield finding(_ADDRESS, said.place, said.words)


def _unknown(whole: Statements, body: Any) -> Iterator[Finding]:
    """Names that only look like DCMI's."""
    if whole.root is None:
        for name in whole.others if isinstance(body, dict) else ():
            if name.startswith(("dc:", "dcterms:", "dct:")) and not term_of(name):
                yield finding(_UNKNOWN, pointer((name,)), name)
        return
    stray = (each.element for each in whole.said if str(each.element.tag)[1:].partition("}")[0] not in SPACES)
    yield from (finding(_NAMESPACE, where(each), local(each)) for each in stray)
    for each in whole.root.iter():
        space = str(each.tag)[1:].partition("}")[0]
        if space in SPACES and not term_of(f"dc:{local(each)}") and local(each) != "URI":
            yield finding(_UNKNOWN, where(each), local(each))


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
        return _DATE.id, _date(value)
    if term == "language":
        return _LANGUAGE.id, _language(value)
    return (_FORMAT.id, _format(value)) if term == "format" else ("", None)


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
