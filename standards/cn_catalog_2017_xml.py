"""Records after the guide of 2017 as XML: made of the JSON record, in the same words. The guide itself sets no XML form.

    element_body(record) -> bytes            one <信息资源> document, a record's body
    document(records) -> Iterator[bytes]     <政务信息资源目录> around many, piece by piece

Groups are elements within; of 信息项信息, 挂接资源 and 联系方式 each entry is one (信息项, 资源, 联系). Lists repeat the
element, words in another language have `xml:lang`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from standards.cn_catalog_2017_names import NAMES, REPEATED
from standards.cn_elements import put_other, put_text, serialised, wrapped
from standards.cn_nodes import is_text

ROOT, RECORD = "政务信息资源目录", "信息资源"
_ENTRY = {"信息项信息": "信息项", "挂接资源": "资源", "联系方式": "联系"}
_KNOWN = {name.name for name in NAMES.values()} | {name.group for name in NAMES.values()}


def element_body(record: dict[str, Any]) -> bytes:
    """One record as an XML document."""
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
    return serialised(root)


def document(records: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A document of all the records, in pieces."""
    return wrapped(ROOT, map(element_body, records))


def _members(parent: Any, value: dict[str, Any]) -> None:
    for name, inner in value.items():
        _put(parent, name, inner)


def _put(parent: Any, name: str, value: Any) -> None:
    """An element for each value: of a list all, of words by language each."""
    if name not in _KNOWN:
        put_other(parent, name, value)
    elif is_text(value):
        for tag, words in value.items():
            for each in words if isinstance(words, list) else [words]:
                put_text(parent, name, each, tag)
    elif isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        for each in value:
            put_text(parent, name, each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        put_text(parent, name, value)
    else:
        put_other(parent, name, value)
