"""JSON of any shape, read by a mapping that the source's settings hold; without one, by the names that portals use.

    standard({"title": "resTitle", …})     the standard of one source
    STANDARD                               the same without a mapping: every record's own names are looked up

A record may come wrapped with its mapping, `{"mapping": {…}, "item": {…}}`; the standard of a source heeds its own mapping
instead, so that records are read anew when the mapping is mended. What is not mapped stays in `extra` under its own name.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from metadata.model import Dataset
from standards import cross_field
from standards.base import Finding, Standard, Unreadable, finding
from standards.json_map_mapping import Mapped, WrongMapping, parsed
from standards.json_map_names import guessed
from standards.json_map_read import dataset_of
from standards.json_map_rules import FIELDS, NEEDS, OBJECT, RULES
from standards.json_schema import cleaned

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises", "standard", "wrapped"]

_WRAP = frozenset(("mapping", "item"))


def recognises(body: Any) -> bool:
    """Whether it is a record wrapped with its mapping; plain records have to be named."""
    return isinstance(body, dict) and set(body) == _WRAP and all(isinstance(body[name], dict) for name in _WRAP)


def wrapped(item: Any, mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A record that carries its mapping with it."""
    return {"mapping": dict(mapping), "item": item}


def read(body: Any, mapping: Mapped | None = None) -> Dataset:
    """The dataset of a record. Raises `Unreadable`."""
    if not isinstance(body, dict):
        raise Unreadable(OBJECT, "", type(body).__name__)
    item, own = _apart(cleaned(body))
    return dataset_of(item, mapping or own)


def _apart(body: dict[str, Any]) -> tuple[dict[str, Any], Mapped]:
    """The record, and the mapping it is read by: the one it carries, else one made of its names."""
    item = body["item"] if recognises(body) else body
    given = body["mapping"] if recognises(body) else {}
    try:
        return item, parsed(given) if given else parsed(guessed(item))
    except WrongMapping:
        return item, parsed(guessed(item))


def check(body: Any, mapping: Mapped | None = None) -> Iterator[Finding]:
    """What a record lacks as it is mapped, and dates that cannot be. Never raises."""
    if not isinstance(body, dict):
        yield finding(OBJECT, "", type(body).__name__)
        return
    item, own = _apart(cleaned(body))
    mapping = mapping or own
    for need in NEEDS:
        if not _said(item, mapping, need.name):
            yield finding(RULES[f"json-map/{need.name}/absent"], "", "" if need.name in mapping.lines else "not mapped")
    try:
        dataset = dataset_of(item, mapping)
    except Unreadable:
        return
    yield from cross_field.check("json-map", dataset, {"issued": "", "modified": ""}, RULES)


def _said(item: Any, mapping: Mapped, name: str) -> bool:
    line = mapping.lines.get(name)
    return line is not None and bool(line.words(item))


def standard(mapping: Mapping[str, Any]) -> Standard:
    """The standard of a source with this mapping. Raises `WrongMapping`, naming the line."""
    fixed = parsed(mapping) if mapping else None
    return Standard(
        name="json_map",
        title={"zh": "JSON 接口条目（按字段映射）", "en": "JSON record, read by a field mapping"},
        media_type="application/json",
        version="1",
        recognises=recognises,
        read=lambda body: read(body, fixed),
        check=lambda body: check(body, fixed),
        rules=RULES,
        marks={
            "zh": "没有自身标志：由来源的设置 mapping 说明各字段在哪里",
            "en": "nothing of its own: the source's setting `mapping` says where each field stands",
        },
    )


STANDARD = standard({})
