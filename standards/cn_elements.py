"""XML elements of Chinese catalogues, made of values: what their XML forms share. Read back by `cn_nodes`."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from lxml import etree

from standards.cn_nodes import JSON_TYPE, NAME, TYPE

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PLAIN = re.compile(r"[A-Za-z_\u4e00-\u9fa5][\w\u4e00-\u9fa5.-]{0,99}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def put_text(parent: Any, name: str, value: Any, language: str = "") -> None:
    """An element with text, in a language where one is given."""
    child = etree.SubElement(parent, name)
    child.text = allowed(str(value))
    if language:
        child.set(_LANG, language)


def put_other(parent: Any, name: str, value: Any) -> None:
    """An element for what is none of the standard's: text as it is, the rest as JSON; a name that no element can have stands
    in an attribute of an element 扩展."""
    plain = _PLAIN.fullmatch(name) is not None
    child = etree.SubElement(parent, name if plain else "扩展")
    if not plain:
        child.set(NAME, allowed(name))
    if isinstance(value, str):
        child.text = allowed(value)
    else:
        child.set(TYPE, JSON_TYPE)
        child.text = allowed(orjson.dumps(value).decode())


def allowed(words: str) -> str:
    """Without the characters that no XML may hold (W3C XML 1.0 §2.2)."""
    return _FORBIDDEN.sub("\ufffd", words)


def serialised(element: Any) -> bytes:
    """One element as a document."""
    return bytes(etree.tostring(element, encoding="utf-8", pretty_print=True))


def wrapped(root: str, bodies: Iterable[bytes]) -> Iterator[bytes]:
    """A document of many, in pieces."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n'.encode()
    yield from bodies
    yield f"</{root}>\n".encode()
