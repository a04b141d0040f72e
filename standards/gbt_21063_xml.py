"""Core metadata of GB/T 21063.3-2007 as XML: made of the JSON object, elements by their short names in the standard's order.

The standard's own XML form is not at hand: `<metadata>` around the elements is ours; reading takes any root.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from lxml import etree

from standards.cn_nodes import JSON_TYPE, NAME, TYPE, is_text
from standards.gbt_21063_elements import short_name

ROOT, LIST = "metadata", "metadataList"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PLAIN = re.compile(r"[A-Za-z_\u4e00-\u9fa5][\w\u4e00-\u9fa5.-]{0,99}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element_body(record: dict[str, Any]) -> bytes:
    """One record as an XML document."""
    root = etree.Element(ROOT)
    for name, value in record.items():
        _put(root, name, value)
    return etree.tostring(root, encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]


def document(records: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A document of all the records, in pieces."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{LIST}>\n'.encode()
    for record in records:
        yield element_body(record)
    yield f"</{LIST}>\n".encode()


def _put(parent: Any, name: str, value: Any) -> None:
    if short_name(name) != name:
        _other(parent, name, value)
    elif isinstance(value, list):
        for each in value:
            _put(parent, name, each)
    elif is_text(value):
        for tag, words in value.items():
            for each in words if isinstance(words, list) else [words]:
                _text(parent, name, each).set(_LANG, tag)
    elif isinstance(value, dict):
        child = etree.SubElement(parent, name)
        for part, inner in value.items():
            _put(child, part, inner)
    else:
        _text(parent, name, value)


def _text(parent: Any, name: str, value: Any) -> Any:
    child = etree.SubElement(parent, name)
    child.text = _FORBIDDEN.sub("\ufffd", str(value))
    return child


def _other(parent: Any, name: str, value: Any) -> None:
    """What is no element of the standard: text, or JSON inside an element."""
    plain = _PLAIN.fullmatch(name) is not None
    child = etree.SubElement(parent, name if plain else "extension")
    if not plain:
        child.set(NAME, _FORBIDDEN.sub("\ufffd", name))
    if isinstance(value, str):
        child.text = _FORBIDDEN.sub("\ufffd", value)
    else:
        child.set(TYPE, JSON_TYPE)
        child.text = _FORBIDDEN.sub("\ufffd", orjson.dumps(value).decode())
