"""A mapping of JSON of any shape to a dataset: fields of the model → paths of the record, as settings say it.

    {"title": "resTitle", "publisher": "officeName",
     "keyword": {"at": "tags", "split": "、,"},
     "theme": ["subjectName", "tradeName"],                          all of them
     "openness": {"at": "openLevel", "values": {"1": "有条件开放", "2": "无条件开放"}},
     "landing_page": "https://data.example.gov.cn/detail?id={resId}",
     "distribution": {"each": "files", "title": "name", "download_url": "url", "format": "suffix"},
     "information_item": {"each": "columns", "name": "cnName", "code": "enName", "data_type": "type"}}

Paths are those of `standards.json_map_paths`; in a sub-list they begin at its element, and `.` is the element itself.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from standards.json_map_paths import Way, WrongPath, found, ways, words

FIELDS: Mapping[str, str] = {
    "title": "title",
    "description": "description",
    "identifier": "the record's identifier",
    "publisher": "name of the publisher (提供方)",
    "publisher.code": "its 统一社会信用代码",
    "publisher.phone": "its telephone",
    "publisher.homepage": "its page",
    "contact.name": "whom to ask",
    "contact.phone": "telephone",
    "contact.email": "e-mail",
    "keyword": "keywords",
    "theme": "themes",
    "classification": "class in the catalogue (信息资源分类)",
    "issued": "date of publication",
    "modified": "date of the last change",
    "frequency": "how often it is updated",
    "license": "licence: name, identifier or address",
    "rights": "rights, in words",
    "access_rights": "access rights",
    "language": "language",
    "spatial": "names of places",
    "temporal": "a period, in words or ISO 8601",
    "temporal.start": "its beginning",
    "temporal.end": "its end",
    "landing_page": "address of the page",
    "page": "further pages",
    "provenance": "where it comes from",
    "version": "version",
    "other_identifier": "further identifiers",
    "sharing": "共享属性, in words",
    "sharing.condition": "its condition",
    "sharing.basis": "the legal basis where it is not shared",
    "openness": "开放属性, in words",
    "openness.condition": "its condition",
}
WAYS = frozenset(
    (
        "identifier",
        "title",
        "description",
        "access_url",
        "download_url",
        "format",
        "media_type",
        "byte_size",
        "issued",
        "modified",
    )
)
ITEMS = frozenset(("name", "code", "data_type", "length", "description", "required"))
LISTS: Mapping[str, frozenset[str]] = {"distribution": WAYS, "information_item": ITEMS}
_MOST = 500


class WrongMapping(ValueError):
    """A mapping that cannot be used; its words begin with the line's name."""


class Line(NamedTuple):
    """Where a field's words stand, what they mean here, and by which characters one text holds several."""

    paths: tuple[tuple[Way, ...], ...]
    values: Mapping[str, str] = {}
    split: str = ""

    def words(self, body: Any) -> tuple[str, ...]:
        """All words of the field, translated, each once."""
        said = [each for some in self.paths for each in words(body, some)]
        if self.split:
            said = [part.strip() for each in said for part in re.split(f"[{re.escape(self.split)}]+", each)]
        return tuple(dict.fromkeys(self.values.get(each, each) for each in said if each))

    def named(self) -> Iterator[str]:
        """The names of the record's members that it uses."""
        for way in (way for some in self.paths for way in some):
            holes = [part for part in way.template if not isinstance(part, str)]
            yield from (steps[0] for steps in (way.steps, *holes) if steps)


class Each(NamedTuple):
    """A sub-list, and the lines of its elements."""

    each: Line
    lines: Mapping[str, Line]

    def elements(self, body: Any) -> list[Any]:
        """The elements: objects, or words."""
        for some in self.each.paths:
            for way in some:
                if not way.words and not way.template and (elements := _elements(body, way, self.each)):
                    return elements
        return list(self.each.words(body))


class Mapped(NamedTuple):
    """A whole mapping."""

    lines: Mapping[str, Line] = {}
    lists: Mapping[str, Each] = {}

    def named(self) -> set[str]:
        """The members of the record that are understood."""
        some = [*self.lines.values(), *(each.each for each in self.lists.values())]
        return {name for line in some for name in line.named()}


def _elements(body: Any, way: Way, line: Line) -> list[Any]:
    flat: list[Any] = []
    for value in found(body, way.steps):
        flat += value if isinstance(value, list) else [value]
    return flat[:10_000] if not line.split and any(isinstance(each, dict) for each in flat) else []


def parsed(given: Any) -> Mapped:
    """The mapping that settings hold. Raises `WrongMapping`, naming the line."""
    if not isinstance(given, dict) or len(given) > _MOST:
        raise WrongMapping("mapping: it is no object of fields and paths")
    lines = {name: _line(said, name) for name, said in given.items() if name in FIELDS}
    lists = {name: _each(said, name) for name, said in given.items() if name in LISTS}
    if wrong := next((name for name in given if name not in FIELDS and name not in LISTS), None):
        raise WrongMapping(f"mapping.{wrong}: there is no such field; there are {', '.join((*FIELDS, *LISTS))}")
    return Mapped(lines, lists)


def _each(said: Any, name: str) -> Each:
    if not isinstance(said, dict) or "each" not in said:
        raise WrongMapping(f"mapping.{name}: it is no object with `each`, the path of the list")
    inner = {field: value for field, value in said.items() if field != "each"}
    if wrong := next((field for field in inner if field not in LISTS[name]), None):
        raise WrongMapping(f"mapping.{name}.{wrong}: there is no such field; there are {', '.join(sorted(LISTS[name]))}")
    return Each(_line(said["each"], f"{name}.each"), {field: _line(value, f"{name}.{field}") for field, value in inner.items()})


def _line(said: Any, name: str) -> Line:
    values: Any = {}
    split: Any = ""
    if isinstance(said, dict):
        if wrong := set(said) - {"at", "values", "split"}:
            raise WrongMapping(f"mapping.{name}: unknown member {sorted(wrong)[0]!r}; there are at, values, split")
        values, split, said = said.get("values", {}), said.get("split", ""), said.get("at")
    if not isinstance(values, dict) or not isinstance(split, str):
        raise WrongMapping(f"mapping.{name}: `values` is an object of words, `split` a text of characters")
    paths = [said] if isinstance(said, str) else said
    if not isinstance(paths, list) or not paths or not all(isinstance(path, str) for path in paths):
        raise WrongMapping(f"mapping.{name}: a path is a text, or a list of texts")
    try:
        made = tuple(ways(path) for path in paths)
    except WrongPath as error:
        raise WrongMapping(f"mapping.{name}: {error}") from None
    return Line(made, {str(key): str(value) for key, value in values.items()}, split)
