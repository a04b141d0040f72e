"""An XML element as JSON, for what the model has no place for: it survives in `extra` under its element's name.

value(element)          "words", or {"@type": "…", "part": …, "#text": "…"}; a repeated part becomes a list
gather(elements)        {"note": ["…", …], "classification": {…}} of several elements
"""

from collections.abc import Iterable
from typing import Any

from standards.xml_documents import Element, local

DEEPEST = 40
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"


def value(element: Element, depth: int = 0) -> Any:
    """The element's content; None when there is nothing in it."""
    found: dict[str, Any] = {
        f"@{_plain(name)}": said for name, said in element.attrib.items() if said.strip() and name != _SCHEMA
    }
    if depth < DEEPEST:
        found.update(gather(element, depth + 1))
    text = " ".join((element.text or "").split())
    if not found:
        return text or None
    inner = any(not name.startswith("@") for name in found)
    if not inner and not text:
        return None  # attributes of nothing
    return {**found, "#text": text} if text else found


def gather(elements: Iterable[Element], depth: int = 0) -> dict[str, Any]:
    """The values of elements by their local names."""
    found: dict[str, list[Any]] = {}
    for each in elements:
        said = value(each, depth)
        if said is not None:
            found.setdefault(local(each), []).append(said)
    return {name: some[0] if len(some) == 1 else some for name, some in found.items()}


def _plain(name: str) -> str:
    return str(name).rpartition("}")[2]
