"""Records after the guide of 2017 as XML: made of the JSON record, in the same words. The guide itself sets no XML form.

    element_body(record) -> bytes            one <信息资源> document, a record's body
    document(records) -> Iterator[bytes]     <政务信息资源目录> around many, piece by piece

Groups are elements within; of 信息项信息, 挂接资源 and 联系方式 each entry is one (信息项, 资源, 联系). Lists repeat the
element, words in another language have `xml:lang`. A name that no element can have stands in the attribute 名称 of an
element 扩展.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from lxml import etree

from standards.cn_catalog_2017_names import NAMES, REPEATED
from standards.cn_nodes import JSON_TYPE, NAME, TYPE, is_text

ROOT, RECORD = "政务信息资源目录", "信息资源"
_ENTRY = {"信息项信息": "信息项", "挂接资源": "资源", "联系方式": "联系"}
_KNOWN = {name.name for name in NAMES.values()} | {name.group for name in NAMES.values()}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PLAIN = re.compile(r"[A-Za-z_\u4e00-\u9fa5][\w\u4e00-\u9fa5.-]{0,99}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element_body(record: dict[str, Any]) -> bytes:
    """One record as an XML document."""
    return etree.tostring(_element(record), encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]


def document(records: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A document of all the records, in pieces."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT}>\n'.encode()
    for record in records:
        yield element_body(record)
    yield f"</{ROOT}>\n".encode()


def _element(record: dict[str, Any]) -> Any:
    root = etree.Element(RECORD)
    for name, value in record.items():
        if name in REPEATED.values() and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            around = etree.SubElement(root, name)
            for entry in value:
                _members(etree.SubElement(around, _ENTRY[name]), entry)
        elif name in _KNOWN and isinstance(value, dict) and not is_text(value):
            _members(etree.SubElement(root, name), value)
        else:
            _put(root, name, value)
    return root


def _members(parent: Any, value: dict[str, Any]) -> None:
    for name, inner in value.items():
        _put(parent, name, inner)


def _put(parent: Any, name: str, value: Any) -> None:
    """An element for each value: of a list all, of words by language each."""
    if name in _KNOWN and is_text(value):
        for tag, words in value.items():
            for each in words if isinstance(words, list) else [words]:
                _child(parent, name, each).set(_LANG, tag)
    elif name in _KNOWN and isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        for each in value:
            _child(parent, name, each)
    elif name in _KNOWN and isinstance(value, int | float) and not isinstance(value, bool):
        _child(parent, name, str(value))
    else:
        _child(parent, name, value)


def _child(parent: Any, name: str, value: Any) -> Any:
    """One element; what is no text is JSON inside it."""
    plain = _PLAIN.fullmatch(name) is not None
    child = etree.SubElement(parent, name if plain else "扩展")
    if not plain:
        child.set(NAME, _FORBIDDEN.sub("\ufffd", name))
    if isinstance(value, str):
        child.text = _FORBIDDEN.sub("\ufffd", value)
    else:
        child.set(TYPE, JSON_TYPE)
        child.text = _FORBIDDEN.sub("\ufffd", orjson.dumps(value).decode())
    return child
