"""Table Schema fields and 信息项 (information items), both ways: https://datapackage.org/standard/table-schema/.

    items(schema, resource) -> tuple[InformationItem, ...]       resource: its name where a package has several tables, else ""
    schema(items, rest) -> dict | None                           `rest`: what the schema said besides its fields

The data types of the guide of 2017 (C, N, D …) become Table Schema types and the other way round; a field's own members that
the model has no place for stay in the item's `extra`.
"""

from collections.abc import Sequence
from typing import Any

from metadata.model import Coded, InformationItem
from standards.json_members import Members, coded, integer, kept, listed, plain, said, shown, word_of, words

TYPES = {
    "string": ("字符型", "C"),
    "number": ("数值型", "N"),
    "integer": ("整型", "I"),
    "boolean": ("逻辑型", "L"),
    "date": ("日期型", "D"),
    "datetime": ("日期时间型", "T"),
    "time": ("日期时间型", "T"),
    "object": ("", ""),
    "array": ("", ""),
    "list": ("", ""),
    "year": ("", ""),
    "yearmonth": ("", ""),
    "duration": ("", ""),
    "geopoint": ("", ""),
    "geojson": ("", ""),
    "any": ("", ""),
}
_OF_CODES = {code: name for name, (_, code) in reversed(TYPES.items()) if code} | {
    "Y": "number",
    "M": "string",
    "G": "any",
    "B": "any",
    "F": "number",
}
_OF_WORDS = {zh: name for name, (zh, _) in reversed(TYPES.items()) if zh}
RESOURCE = "resource"
"""The member of an item's `extra` that names the table it belongs to, where there are several."""


def items(schema: Any, resource: str = "") -> tuple[InformationItem, ...]:
    """The information items of a schema; none when it is an address, or wrong."""
    fields = schema.get("fields") if isinstance(schema, dict) else None
    keys = set(listed(schema.get("primaryKey"))) if isinstance(schema, dict) and _are_words(schema.get("primaryKey")) else set()
    found = (_item(each, keys, resource) for each in (fields if isinstance(fields, list) else []))
    return tuple(each for each in found if each)


def _are_words(value: Any) -> bool:
    return all(isinstance(each, str) for each in listed(value))


def _item(given: Any, keys: set[str], resource: str) -> InformationItem | None:
    if not isinstance(given, dict):
        return None
    field = Members(given)
    code = field.take(words, "name")
    unnamed = given.get("code") == ""
    title = field.take(said, "title_translated") or field.take(said, "title")
    field.drop(*(("title",) if title and "title" in given else ()))
    if not code and not title:
        return None
    described = field.take(said, "description_translated") or field.take(said, "description")
    field.drop("description")
    kind = field.take(words, "type")
    constraints = given.get("constraints")
    rest = dict(constraints) if isinstance(constraints, dict) else {}
    required = rest.pop("required") if isinstance(rest.get("required"), bool) else None
    length = integer(rest.get("maxLength"))
    if length is not None:
        rest.pop("maxLength")
    if isinstance(constraints, dict):
        field.drop("constraints")
        field.put("constraints", rest)
    if resource:
        field.put(RESOURCE, resource)
    return InformationItem(
        name=title or said(code),
        code=None if unnamed else code,
        data_type=_type(kind, field),
        length=length,
        precision=field.take(integer, "precision"),
        description=described or {},
        required=required,
        key=True if code in keys else None,
        extra=field.left(),
    )


def _type(kind: str | None, field: Members) -> Coded | None:
    own = field.take(coded(""), "data_type")
    return own or (Coded(raw=kind, label=said(kind)) if kind else None)


def schema(columns: Sequence[InformationItem], rest: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """A Table Schema; None when there is nothing to say."""
    if not columns:
        return rest or None
    fields = [_field(each, number) for number, each in enumerate(columns, 1)]
    keys = [field["name"] for field, each in zip(fields, columns, strict=True) if each.key]
    return kept({**(rest or {}), "fields": fields, "primaryKey": keys[0] if len(keys) == 1 else keys})


def _field(each: InformationItem, number: int) -> dict[str, Any]:
    name = each.code or shown(each.name) or f"column-{number}"
    typed = each.data_type
    kind = next((found for word in _words_for(typed) if (found := type_of(word))), "")
    extra = {word: value for word, value in each.extra.items() if word not in (RESOURCE, "constraints")}
    rules = each.extra.get("constraints")
    constraints = kept({**(rules if isinstance(rules, dict) else {}), "maxLength": each.length})
    if each.required is not None:
        constraints["required"] = each.required
    titled = not (each.code and each.name == said(each.code))
    marked = {} if each.code else {"code": ""}
    return marked | kept(
        {
            **extra,
            "name": name,
            "type": kind,
            "data_type": None if typed and typed == Coded(raw=kind, label=said(kind)) else word_of(typed, ""),
            "title": shown(each.name) if titled else None,
            "title_translated": None if plain(each.name) else each.name,
            "description": shown(each.description),
            "description_translated": None if plain(each.description) else each.description,
            "precision": each.precision,
            "constraints": constraints,
        }
    )


def _words_for(value: Coded | None) -> tuple[str, ...]:
    return (value.raw or "", value.code, *value.label.values()) if value else ()


def type_of(raw: str) -> str:
    """The Table Schema type that a data type's word means; `""` when none is known."""
    word = raw.strip()
    return word if word in TYPES else _OF_CODES.get(word.upper()) or _OF_WORDS.get(word) or _COMMON.get(word.lower(), "")


_COMMON = {
    "text": "string",
    "varchar": "string",
    "char": "string",
    "str": "string",
    "字符": "string",
    "文本": "string",
    "字符串": "string",
    "int": "integer",
    "bigint": "integer",
    "整数": "integer",
    "整数型": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "numeric": "number",
    "数值": "number",
    "数字": "number",
    "浮点型": "number",
    "bool": "boolean",
    "布尔": "boolean",
    "布尔型": "boolean",
    "timestamp": "datetime",
    "日期": "date",
    "时间": "time",
    "日期时间": "datetime",
    "货币型": "number",
}
