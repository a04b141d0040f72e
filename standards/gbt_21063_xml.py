"""Core metadata of GB/T 21063.3-2007 as XML: made of the JSON object, elements by their short names in the standard's order.

The standard's own XML form is not at hand: `<metadata>` around the elements is ours; reading takes any root.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from standards.cn_elements import put_other, put_text, serialised, wrapped
from standards.cn_nodes import is_text
from standards.gbt_21063_elements import short_name

ROOT, LIST = "metadata", "metadataList"


def element_body(record: dict[str, Any]) -> bytes:
    """One record as an XML document."""
    root = etree.Element(ROOT)
    for name, value in record.items():
        _put(root, name, value)
    return serialised(root)


def document(records: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A document of all the records, in pieces."""
    return wrapped(LIST, map(element_body, records))


def _put(parent: Any, name: str, value: Any) -> None:
    if short_name(name) != name:
        put_other(parent, name, value)
    elif isinstance(value, list):
        for each in value:
            _put(parent, name, each)
    elif is_text(value):
        for tag, words in value.items():
            for each in words if isinstance(words, list) else [words]:
                put_text(parent, name, each, tag)
    elif isinstance(value, dict):
        child = etree.SubElement(parent, name)
        for part, inner in value.items():
            _put(child, part, inner)
    else:
        put_text(parent, name, value)
