"""Fields whose change alone is no change: a record's digest without them.

Some portals stamp every record anew each night. A source names such fields, and a record that differs in nothing else counts as
unchanged. A name is a member of a JSON object at any depth, or a dotted path from the top (`extras.harvested`; lists are
passed through); in XML an element's or attribute's local name; in RDF the last part of a property's IRI, or the whole IRI;
in a table row the column's header.
"""

import re
from collections.abc import Collection
from typing import Any

import orjson

from metadata import identity


def steady(body: Any, raw: bytes, names: Collection[str]) -> str:
    """The digest (SHA-256, hex) of a record without the fields of these names."""
    wanted = frozenset(names)
    if isinstance(body, dict) and isinstance(body.get("cells"), list) and "row" in body:
        return identity.digest(orjson.dumps([cell for cell in body["cells"] if not _is_column(cell, wanted)], default=str))
    if isinstance(body, dict | list):
        return identity.digest(identity.raw(_without(body, wanted, "")))
    if raw.lstrip()[:1] == b"<" and not _TRIPLE.match(raw):
        return identity.digest(_without_elements(raw, wanted))
    return identity.digest(b"\n".join(line for line in raw.splitlines() if not _is_property(line, wanted)))


_TRIPLE = re.compile(rb"\s*(?:<[^<>\s]*>|_:\S+)\s+<([^<>\s]*)>\s")


def _is_column(cell: Any, names: Collection[str]) -> bool:
    return isinstance(cell, list) and len(cell) > 1 and cell[1] in names


def _without(body: Any, names: Collection[str], path: str) -> Any:
    if isinstance(body, dict):
        return {
            name: _without(value, names, f"{path}{name}.")
            for name, value in body.items()
            if name not in names and f"{path}{name}" not in names
        }
    return [_without(each, names, path) for each in body] if isinstance(body, list) else body


def _is_property(line: bytes, names: Collection[str]) -> bool:
    found = _TRIPLE.match(line)
    if not found:
        return False
    iri = found[1].decode("utf-8", "replace")
    return iri in names or re.split(r"[/#]", iri)[-1] in names


def _without_elements(raw: bytes, names: Collection[str]) -> bytes:
    """XML without these elements (with what is in them) and attributes. By their spelling, not by parsing: a digest needs no
    tree, and a record whose XML is broken has one too."""
    for name in names:
        word = re.escape(name.encode())
        element = rb"<((?:[\w.-]+:)?" + word + rb")(?:\s[^<>]*)?(?:/>|(?<!/)>.*?</\1\s*>)"
        raw = re.sub(element, b"", raw, flags=re.DOTALL)
        raw = re.sub(rb"\s(?:[\w.-]+:)?" + word + rb"\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')", b"", raw)
    return raw
