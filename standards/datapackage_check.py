"""What a data package's profile says of it: https://datapackage.org/ (v2) and https://specs.frictionlessdata.io/ (v1).

**The border.** An *error* is what the official JSON profile of the package's version refuses (formats asserted), no more and no
less, but for the field type `list`, which the text of version 2 has and its profile forgot. The version is what `$schema` says;
without one it is 1.0, as the specification has it. A *warning* is what the text asks for and the profile lets pass.
One wrong place is told once: of a value that may be of several kinds, the kind that its JSON type shows.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs

from standards import datapackage_rules as rules
from standards.base import Finding, finding
from standards.datapackage_fields import BOUNDS, CONSTRAINTS, PARTS, SORTS, Part, Sort
from standards.json_schema import MOST_ERRORS, Step, cleaned, pointer, shown

Path = tuple[Step, ...]
Found = Iterator[tuple[Path, str, str, str, Any]]
"""Path, part, field, fault, value."""

_V1_NAME = re.compile(r"[-a-z0-9._/]+")
LICENCE = re.compile(r"[-a-zA-Z0-9._]+")
_HASH = re.compile(r"(?:[^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32}|)")
MEDIA = re.compile(r".+/.+")
_ADDRESS = re.compile(r"(?:http|ftp)s?://.*")


def version_of(body: Any) -> int:
    """1 or 2: the version whose profile a package names; without a name 1 (Data Package v2, "$schema")."""
    named = body.get("$schema") if isinstance(body, dict) else None
    return 2 if isinstance(named, str) and re.search(r"/profiles/2(?:\.\d+)*/", named) else 1


def check(body: Any) -> Iterator[Finding]:
    """Findings with JSON pointers. Any input."""
    body = cleaned(body)
    if not isinstance(body, dict):
        yield finding(rules.RULES["datapackage/object"], "", shown(body))
        return
    for path, part, field, fault, value in islice(_part(body, (), "package", version_of(body)), MOST_ERRORS):
        yield finding(rules.RULES[f"datapackage/{part}/{field}/{fault}"], pointer(path), shown(value))
    yield from rules.warnings(body)


def _part(value: Any, path: Path, name: str, version: int) -> Found:
    """The faults of an object that is this part."""
    part = PARTS[name]
    if not isinstance(value, dict):
        if not part.loose:
            yield path, name, "", "type", value
        return
    yield from _missing(value, path, name, part, version)
    for field, line in part.fields.items():
        kind = (line.one, line.two)[version - 1].rstrip("!")
        if kind and field in value:
            yield from _value(value, field, kind, (*path, field), name, version)


def _missing(value: dict[str, Any], path: Path, name: str, part: Part, version: int) -> Found:
    for field, line in part.fields.items():
        if (line.one, line.two)[version - 1].endswith("!") and field not in value:
            yield (*path, field), name, field, "required", ""
    if name == "resource" and ("path" in value) == ("data" in value):
        yield (*path, "path"), name, "path", "both" if "path" in value else "required", ""
    if name == "licence" and "name" not in value and "path" not in value:
        yield (*path, "name"), name, "name", "required", ""
    if not value and version == 2 and name in ("source", "contributor"):
        yield path, name, "", "empty", value


def _value(parent: dict[str, Any], field: str, kind: str, path: Path, name: str, version: int) -> Found:
    value = parent[field]
    if kind.startswith("["):
        yield from _list(value, kind.lstrip("[").removeprefix("1"), kind.startswith("[1"), path, name, field, version)
    elif kind in ("dialect", "schema"):
        if not (isinstance(value, str) and (kind == "schema" or version == 1)):
            yield from _part(value, path, kind, version)
    elif kind == "constraints":
        yield from _constraints(value, _sort(parent), path, version)
    else:
        fault = _KINDS[kind](value, parent)
        if fault:
            yield path, name, field, fault, value


def _list(value: Any, kind: str, filled: bool, path: Path, name: str, field: str, version: int) -> Found:
    if not isinstance(value, list):
        yield path, name, field, "type", value
    elif filled and not value:
        yield path, name, field, "minItems", value
    else:
        for number, each in enumerate(value):
            if kind in PARTS:
                yield from _part(each, (*path, number), kind, version)
            elif fault := _KINDS[kind](each, {}):
                yield (*path, number), name, field, "item" if fault == "type" else fault, each


# --- kinds: a value → the fault, or "" -----------------------------------------------------------------------------------


def _is(kind: str, value: Any) -> bool:
    if kind == "integer":
        return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, _TYPES[kind])


_TYPES: dict[str, Any] = {"text": str, "boolean": bool, "object": dict, "list": list, "any": object}


def _typed(kind: str) -> Callable[[Any, Any], str]:
    return lambda value, _: "" if _is(kind, value) else "type"


def _matching(accepts: Callable[[str], Any], fault: str = "pattern") -> Callable[[Any, Any], str]:
    return lambda value, _: ("" if accepts(value) else fault) if isinstance(value, str) else "type"


@cache
def _format(name: str) -> Any:
    return jsonschema_rs.validator_for({"format": name}, validate_formats=True, offline=True)


def is_format(name: str, value: str) -> bool:
    """Whether text has a format of JSON Schema (`uri`, `email`, `date-time`)."""
    return bool(_format(name).is_valid(value))


def _formatted(name: str) -> Callable[[Any, Any], str]:
    return _matching(lambda value: is_format(name, value), "format")


def safe_path(value: str, version: int) -> bool:
    """Whether a path is a web address, or one inside the package (no parent, no absolute path)."""
    if "\n" in value:
        return False
    inside = value[:1] not in ("", ".", "/", "~")
    if version == 1:
        return inside and ".." not in value
    forbidden = ("/../", "\\", "://")
    return bool(_ADDRESS.fullmatch(value)) or (
        inside and not value.startswith("file:") and not any(mark in value for mark in forbidden)
    )


def _path(version: int) -> Callable[[Any, Any], str]:
    return _matching(lambda words: safe_path(words, version))


def _paths(version: int) -> Callable[[Any, Any], str]:
    one = _path(version)

    def fault(value: Any, _: Any) -> str:
        if not isinstance(value, list):
            return one(value, {})
        return next((found for each in value if (found := one(each, {}))), "") if value else "minItems"

    return fault


def _unique(values: list[Any]) -> bool:
    return jsonschema_rs.is_valid({"uniqueItems": True}, values) if values else True


def _key(value: Any, _: Any) -> str:
    if isinstance(value, str):
        return ""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return "type"
    return "minItems" if not value else "" if _unique(value) else "repeated"


def _keys(value: Any, _: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(each, list) for each in value):
        return "type"
    inner = next((fault for each in value if (fault := _key(each, {}))), "")
    return inner or ("minItems" if not value else "" if _unique(value) else "repeated")


def _key_fields(value: Any, _: Any) -> str:
    return "" if isinstance(value, str) or _all(value, "text") else "type"


def _all(value: Any, kind: str) -> bool:
    return isinstance(value, list) and all(_is(kind, each) for each in value)


def _labelled(value: Any, kind: str = "text") -> str:
    """Values, or values with labels; not mixed."""
    objects = isinstance(value, list) and all(
        isinstance(each, dict) and _is(kind, each.get("value")) and isinstance(each.get("label", ""), str) for each in value
    )
    return "" if _all(value, kind) or objects else "type"


def _sort(parent: dict[str, Any]) -> tuple[str, Sort]:
    name = parent.get("type", "string")
    return (name, SORTS[name]) if isinstance(name, str) and name in SORTS else ("", SORTS["any"])


def _field_type(value: Any, _: Any) -> str:
    return "" if isinstance(value, str) and value in SORTS else "enum"


def _field_format(value: Any, parent: dict[str, Any]) -> str:
    formats = _sort(parent)[1].formats
    return "" if not formats or (isinstance(value, str) and value in formats) else "enum"


def _only(sorts: tuple[str, ...], kind: Callable[[Any, Any], str]) -> Callable[[Any, Any], str]:
    """A kind that only fields of these types have; of others anything goes."""
    return lambda value, parent: kind(value, parent) if _sort(parent)[0] in sorts else ""


def _categories(value: Any, parent: dict[str, Any]) -> str:
    name = _sort(parent)[0]
    return _labelled(value, {"string": "text", "integer": "integer"}[name]) if name in ("string", "integer") else ""


def _reference(version: int) -> Callable[[Any, Any], str]:
    def fault(value: Any, parent: dict[str, Any]) -> str:
        if not isinstance(value, dict) or "fields" not in value or not isinstance(value.get("resource", ""), str):
            return "type"
        ours, theirs = parent.get("fields"), value["fields"]
        if version == 1 and "resource" not in value:
            return "type"
        if isinstance(ours, str):
            return "" if isinstance(theirs, str) else "type"
        return "" if not isinstance(ours, list) or (_all(theirs, "text") and theirs and _unique(theirs)) else "type"

    return fault


_NUMBERS = ("number", "integer")
_WORDS = _typed("text")
_KINDS: dict[str, Callable[[Any, Any], str]] = {
    **{kind: _typed(kind) for kind in ("text", "boolean", "integer", "number", "list", "object")},
    "uri": _formatted("uri"),
    "email": _formatted("email"),
    "date-time": _formatted("date-time"),
    "plain-name": _matching(_V1_NAME.fullmatch),
    "licence-name": _matching(LICENCE.fullmatch),
    "media-type": _matching(MEDIA.fullmatch),
    "hash": _matching(_HASH.fullmatch),
    "path-1": _path(1),
    "path-2": _path(2),
    "paths-1": _paths(1),
    "paths-2": _paths(2),
    "table": _matching(lambda value: value == "table", "enum"),
    "item-type": _matching(lambda value: value in ("array", "object"), "enum"),
    "row": lambda value, _: "" if _is("integer", value) and value >= 1 else "type",
    "key": _key,
    "keys": _keys,
    "key-fields": _key_fields,
    "reference-1": _reference(1),
    "reference-2": _reference(2),
    "labelled": lambda value, _: _labelled(value),
    "field-type": _field_type,
    "field-format": _field_format,
    "categories": _categories,
    "categories-ordered": _only(("string", "integer"), _typed("boolean")),
    "number-boolean": _only(_NUMBERS, _typed("boolean")),
    "decimal-text": _only(("number",), _WORDS),
    "group-text": _only(_NUMBERS, _WORDS),
    "truth-words": _only(
        ("boolean",), lambda value, _: "" if _all(value, "text") and value else "minItems" if value == [] else "type"
    ),
}


def _constraints(value: Any, named: tuple[str, Sort], path: Path, version: int) -> Found:
    _, sort = named
    if not isinstance(value, dict):
        yield path, "field", "constraints", "type", value
        return
    for rule in CONSTRAINTS:
        if rule in value and _constraint_wrong(rule, value[rule], sort, version):
            yield (*path, rule), "field", "constraints", f"{rule}", value[rule]


def _constraint_wrong(rule: str, value: Any, sort: Sort, version: int) -> bool:
    if rule == "required" or (rule == "unique" and rule in sort.more):
        return not isinstance(value, bool)
    if rule == "enum":
        return not (value and any(_all(value, kind) for kind in sort.values) and _unique(value))
    if rule in BOUNDS:
        later = rule.startswith("exclusive") and version == 1
        return bool(sort.bounds) and not later and not any(_is(kind, value) for kind in sort.bounds)
    if rule not in sort.more or (rule == "jsonSchema" and version == 1):
        return False
    return not _is({"pattern": "text", "jsonSchema": "object"}.get(rule, "integer"), value)
