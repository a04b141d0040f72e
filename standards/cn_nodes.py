"""What a body of a Chinese catalogue says, whatever its form: JSON, one XML document, or a row of a table. Pure.

    root_of(body) -> Node                       raises Unreadable; JSON object, bytes of XML, or a body of `standards.tables`
    mended(body, {node.at: value, …}) -> body   a copy with these values in these places

A `Node` is a named value at a place: JSON members, elements, cells. Lists give one node for each element, under the
list's name. Two-line headers `共享属性/共享类型` give a node within a node, so that a row, an element and an object look
the same. The language of words comes from `xml:lang`, from an object of language tags (`{"zh": …, "en": …}`) or from the
header (`信息资源名称(en)`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from metadata.vocabulary import language_tag
from standards import tables
from standards.base import Rule, Unreadable
from standards.json_schema import Step, plain, pointer
from standards.xml_documents import body_of, every, local, parse

At = tuple[Any, ...]
"""Where a value can be put: steps in JSON, (row, cell) in a table, numbers of children in XML."""

OBJECT = Rule(
    id="cn/record/object",
    severity="error",
    message={
        "zh": "这条记录不是 JSON 对象、XML 文档或表格行",
        "en": "This record is no JSON object, XML document or table row",
    },
    clause="RFC 8259 §4; W3C XML 1.0; RFC 4180",
    fix={"zh": "每条信息资源提供一个对象、一个元素或一行", "en": "Give one object, one element or one row for each resource"},
)
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_HEADER_TAG = re.compile(r"(.+?)[(（]([a-z]{2,3}(?:-[A-Za-z0-9]{1,8})*|json)[)）]")
NAME, TYPE, JSON_TYPE = "名称", "类型", "json"
"""The attribute with a name that no element can have; the one that tells of JSON inside an element, and its value."""

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MOST_NODES = 200_000


class Node(NamedTuple):
    """One named value. `value` is a scalar, or what JSON or element stood there; `inner` what is within it."""

    name: str
    value: Any
    place: str
    at: At
    language: str = ""
    inner: tuple["Node", ...] = ()


def root_of(body: Any) -> Node:
    """The whole body as a node. Raises `Unreadable`."""
    if isinstance(body, bytes):
        if b"<" not in body[:400]:
            raise Unreadable(OBJECT, "", "bytes without an element")
        return _xml_root(body)
    if tables.is_row(body):
        return Node("", body, tables.place(body), (), inner=tuple(_cells(body)))
    if not isinstance(body, dict):
        raise Unreadable(OBJECT, "", type(body).__name__)
    return Node("", body, "", (), inner=tuple(_members(body, (), [_MOST_NODES])))


# JSON


def _members(value: dict[Any, Any], at: At, left: list[int]) -> Iterator[Node]:
    for name, inner in value.items():
        yield from _json(str(name), inner, (*at, name), left)


def _json(name: str, value: Any, at: At, left: list[int]) -> Iterator[Node]:
    left[0] -= 1
    if left[0] < 0 or len(at) > 12:
        return
    place = pointer(tuple(step if isinstance(step, int) else str(step) for step in at))
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from _json(name, each, (*at, number), left)
        if not value:
            yield Node(name, value, place, at)
    elif isinstance(value, dict) and is_text(value):
        for tag, words in value.items():
            numbered: list[tuple[int | None, Any]] = list(enumerate(words)) if isinstance(words, list) else [(None, words)]
            for turn, each in numbered:
                steps = (tag,) if turn is None else (tag, turn)
                yield Node(name, each, place + pointer(steps), (*at, *steps), tag)
    elif isinstance(value, dict):
        yield Node(name, value, place, at, inner=tuple(_members(value, at, left)))
    else:
        yield Node(name, plain(value), place, at)


def is_text(value: Any) -> bool:
    """Whether an object holds words by language: `{"zh": "…", "en": "…"}`."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(tag, str) and is_tag(tag) for tag in value)
        and all(isinstance(words, str) or _is_words(words) for words in value.values())
    )


@lru_cache(maxsize=1024)
def is_tag(tag: str) -> bool:
    """Whether this is the tag of a language we know, or `und`."""
    return tag == "und" or (_TAG.fullmatch(tag) is not None and language_tag(tag.partition("-")[0]) is not None)


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


# Tables


def _cells(body: tables.Body) -> Iterator[Node]:
    for row, cells in enumerate([body["cells"], *_more(body)]):
        for number, (address, header, value) in enumerate(cells):
            if header:
                # Items that came from another sheet have its name in their address.
                place = address if "!" in address else tables.place(body, address)
                yield _cell(header, value, place, (row, number))


def _more(body: tables.Body) -> list[list[list[str]]]:
    more = body.get("more")
    rows = more if isinstance(more, list) else []
    return [row if isinstance(row, list) and all(map(_is_cell, row)) else [] for row in rows]


def _is_cell(cell: Any) -> bool:
    return isinstance(cell, list) and len(cell) == 3 and all(isinstance(part, str) for part in cell)


def _cell(header: str, value: str, place: str, at: At) -> Node:
    tagged = _HEADER_TAG.fullmatch(header)
    name, language = (tagged[1], tagged[2]) if tagged else (header, "")
    whole = parsed(value) if language == JSON_TYPE else value
    language = "" if language == JSON_TYPE else language
    group, slash, lower = name.partition("/")
    if not slash:
        return Node(name, whole, place, at, language)
    return Node(group, None, place, at, inner=(Node(lower, whole, place, at, language),))


# XML


RECORDS = ("信息资源", "政务信息资源", "metadata", "Metadata", "record")
LISTS = ("政务信息资源目录", "信息资源目录", "目录", "catalog", "metadataList")
"""Names of elements that hold one record, and of those around many."""


def _xml_root(body: bytes) -> Node:
    return _element(_record(parse(body)), (), "")


def _record(root: Any) -> Any:
    return next((each for each in root.iter() if local(each) in RECORDS), root) if local(root) in LISTS else root


def _element(element: Any, at: At, step: str) -> Node:
    path = step or "/" + _step(element)
    inner = tuple(_children(element, at, path)) if len(at) < 60 else ()
    place = f"{path} (line {element.sourceline})" if element.sourceline else path
    value = None if inner else _value(element)
    return Node(element.get(NAME) or local(element), value, place, at, element.get(_LANG, ""), inner)


def _value(element: Any) -> Any:
    text = (element.text or "").strip()
    return parsed(text) if element.get(TYPE) == JSON_TYPE else text


def parsed(text: str) -> Any:
    """The JSON in a cell or element; the text itself when it is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _children(element: Any, at: At, path: str) -> Iterator[Node]:
    """The elements within one, numbered where several have the same name."""
    total = Counter(child.tag for child in element)
    seen: Counter[str] = Counter()
    for number, child in enumerate(element):
        seen[child.tag] += 1
        place = f"{path}/{_step(child)}" + (f"[{seen[child.tag]}]" if total[child.tag] > 1 else "")
        yield _element(child, (*at, number), place)


def _step(element: Any) -> str:
    return f"{element.prefix}:{local(element)}" if element.prefix else local(element)


def json_of(node: Node) -> Any:
    """A node as JSON, for what has no place of its own in the model."""
    if not node.inner:
        return plain(node.value)
    found: dict[str, Any] = {}
    for each in node.inner:
        value = json_of(each)
        if each.name in found:
            held = found[each.name]
            found[each.name] = [*held, value] if isinstance(held, list) else [held, value]
        else:
            found[each.name] = value
    return found


def records(body: bytes) -> Iterator[bytes]:
    """The records of an XML document with many of them, each as a body. Raises `Unreadable`."""
    root = parse(body)
    found = [each for each in every(root, "*") if local(each) in RECORDS] if local(root) in LISTS else []
    yield from map(body_of, found) if found else (body,)


# Values put in their places


def mended(body: Any, values: Mapping[At, Any]) -> Any:
    """A copy of a body with values put at the places of nodes; new members of a JSON object are made."""
    if not values:
        return body
    if isinstance(body, bytes):
        return _mended_xml(body, values)
    for at, value in values.items():
        body = _with(body, _cell_steps(at) if tables.is_row(body) else at, str(value) if tables.is_row(body) else value)
    return body


def _cell_steps(at: At) -> tuple[Step, ...]:
    row, cell = at
    return ("cells", cell, 2) if row == 0 else ("more", row - 1, cell, 2)


def _with(value: Any, at: tuple[Step, ...], new: Any) -> Any:
    """A copy along the way to a place, with a new value there; the rest is shared, however deep it is."""
    step, rest = at[0], at[1:]
    if isinstance(value, list):
        return [_with(each, rest, new) if rest and n == step else new if n == step else each for n, each in enumerate(value)]
    changed = dict(value) if isinstance(value, dict) else {}
    changed[step] = _with(changed.get(step), rest, new) if rest else new
    return changed


def _mended_xml(body: bytes, values: Mapping[At, Any]) -> bytes:
    root = parse(body)
    record = _record(root)
    for at, value in values.items():
        element = record
        for number in at:
            element = element[number]
        element.text = str(value)
    return body_of(root)
