"""The rules of data packages, their words made of part, field and fault: `datapackage/resource/path/pattern`.

Errors are those of the official profiles (`datapackage_check`); warnings, what the specification's text asks for besides:
https://datapackage.org/standard/data-package/, data-resource, table-schema.
"""

from collections.abc import Iterator
from typing import Any

from metadata.text import Text
from standards.base import Finding, Rule, Severity, finding
from standards.datapackage_fields import CONSTRAINTS, PARTS, SPECIFICATION, Field
from standards.json_schema import pointer, shown

_FAULTS: dict[str, tuple[str, str, str, str]] = {
    "required": ("缺少{zh}", "The {en} is missing", "补充 {name}", "Add `{name}`"),
    "type": (
        "{zh}的类型不对",
        "The {en} is of the wrong kind",
        "按规范改写 {name} 的值",
        "Give `{name}` in the form the specification has",
    ),
    "item": (
        "{zh}中有类型不对的值",
        "A value among the {en} is of the wrong kind",
        "逐项改为文字",
        "Give each of them as text",
    ),
    "minItems": (
        "{zh}是空的",
        "The list of {en} is empty",
        "填写至少一项，或者删去 {name}",
        "Give at least one, or take `{name}` out",
    ),
    "repeated": ("{zh}有重复", "The {en} repeats a value", "删去重复的值", "Take the repeated value out"),
    "enum": (
        "{zh}不是规范中的值",
        "The {en} is none of the values there are",
        "从规范所列的值中选择",
        "Choose one that the specification lists",
    ),
    "pattern": (
        "{zh}的写法不对",
        "The {en} is not written as it must be",
        "按规范改写 {name}",
        "Write `{name}` as the specification has it",
    ),
    "format": (
        "{zh}的格式不对",
        "The {en} has not the form it must have",
        "改为规范要求的格式",
        "Write it in the form that is asked for",
    ),
    "both": ("资源同时有 path 和 data", "The resource has both `path` and `data`", "只保留其中一个", "Keep one of the two"),
    "empty": ("{zh}没有内容", "The {en} says nothing", "填写内容，或者删去", "Say something, or take it out"),
}
_OF_KINDS: dict[str, tuple[str, ...]] = {
    "uri": ("type", "format"),
    "email": ("type", "format"),
    "date-time": ("type", "format"),
    "plain-name": ("type", "pattern"),
    "licence-name": ("type", "pattern"),
    "media-type": ("type", "pattern"),
    "hash": ("type", "pattern"),
    "table": ("type", "enum"),
    "path": ("type", "pattern"),
    "paths": ("type", "pattern", "minItems"),
    "item-type": ("type", "enum"),
    "field-type": ("enum",),
    "field-format": ("enum",),
    "key": ("type", "minItems", "repeated"),
    "keys": ("type", "minItems", "repeated"),
    "truth-words": ("type", "minItems"),
    "dialect": (),
    "schema": (),
    "resource": (),
    "constraints": ("type", *CONSTRAINTS),
}


def _faults(name: str, line: Field) -> Iterator[str]:
    for word in (line.one, line.two):
        if word.endswith("!"):
            yield "required"
        kind = word.rstrip("!").removesuffix("-1").removesuffix("-2")
        if kind.startswith("["):
            inner = kind.lstrip("[").removeprefix("1")
            yield "type"
            yield from (("minItems",) if kind.startswith("[1") else ())
            yield from ("item" if fault == "type" else fault for fault in _OF_KINDS.get(inner, ("type",)) if inner not in PARTS)
        elif kind:
            yield from _OF_KINDS.get(kind, ("type",))
    if name == "path":
        yield from ("required", "both")
    if name == "name":
        yield "required"


def _rule(part: str, name: str, fault: str, severity: Severity = "error") -> Rule:
    about = PARTS[part]
    line = about.fields.get(name, Field("", "", "", ""))
    words = {
        "zh": f"{about.zh}的{line.zh}" if name else about.zh,
        "en": f"{line.en} of the {about.en}" if name else about.en,
        "name": name,
    }
    if name == "constraints" and fault in CONSTRAINTS:
        told = _FAULTS["type"]
        words |= {"zh": f"字段约束 {fault}", "en": f"constraint `{fault}` of the field", "name": fault}
    else:
        told = _FAULTS[fault]
    zh, en, fix_zh, fix_en = (each.format(**words) for each in told)
    return Rule(
        id=f"datapackage/{part}/{name}/{fault}",
        severity=severity,
        message={"zh": zh, "en": en},
        clause=f"Data Package, {about.page.replace('-', ' ').title()}" + (f": {name}" if name else ""),
        fix={"zh": fix_zh, "en": fix_en},
        link=f"{SPECIFICATION}{about.page}/" + (f"#{name.lower().lstrip('$')}" if name else ""),
    )


def _own(rule: str, severity: Severity, page: str, clause: str, message: Text, fix: Text) -> Rule:
    link = f"{SPECIFICATION}{page}/#{clause.lower()}"
    return Rule(
        id=f"datapackage/{rule}", severity=severity, message=message, clause=f"Data Package v2, {clause}", fix=fix, link=link
    )


_OBJECT = _own(
    "object",
    "error",
    "data-package",
    "Descriptor",
    {"zh": "数据包不是一个 JSON 对象", "en": "The package is no JSON object"},
    {"zh": "提交 datapackage.json 的内容", "en": "Give the contents of a datapackage.json"},
)
_UNTITLED = _own(
    "untitled",
    "error",
    "data-package",
    "title",
    {"zh": "数据包没有标题、名称和标识符", "en": "The package has no title, name or identifier"},
    {"zh": "填写 title", "en": "Add a `title`"},
)
_WARNINGS = (
    _own(
        "name/recommended",
        "warning",
        "data-package",
        "name",
        {"zh": "数据包没有名称", "en": "The package has no name"},
        {"zh": "填写 name：小写字母、数字和 - . _", "en": "Add a `name`: lower-case letters, digits, - . _"},
    ),
    _own(
        "licenses/recommended",
        "warning",
        "data-package",
        "licenses",
        {"zh": "没有说明许可", "en": "No licence is given"},
        {"zh": "填写 licenses", "en": "Add `licenses`"},
    ),
    _own(
        "description/recommended",
        "info",
        "data-package",
        "description",
        {"zh": "没有描述", "en": "There is no description"},
        {"zh": "填写 description", "en": "Add a `description`"},
    ),
    _own(
        "resource/name/repeated",
        "warning",
        "data-resource",
        "name",
        {"zh": "多个资源同名", "en": "Several resources have this name"},
        {"zh": "为每个资源取不同的名称", "en": "Name each resource differently"},
    ),
    _own(
        "schema/field/repeated",
        "warning",
        "table-schema",
        "name",
        {"zh": "表结构中有同名字段", "en": "Several fields of the schema have this name"},
        {"zh": "为每个字段取不同的名称", "en": "Name each field differently"},
    ),
    _own(
        "schema/primaryKey/unknown",
        "warning",
        "table-schema",
        "primaryKey",
        {"zh": "主键不是表中的字段", "en": "The primary key is no field of the schema"},
        {"zh": "改为已有字段的名称", "en": "Name a field that there is"},
    ),
    _own(
        "schema/foreignKeys/unknown",
        "warning",
        "table-schema",
        "foreignKeys",
        {"zh": "外键引用了没有的资源", "en": "A foreign key refers to a resource there is not"},
        {"zh": "改为已有资源的名称", "en": "Name a resource that there is"},
    ),
)


def _made() -> dict[str, Rule]:
    found = [_OBJECT, _UNTITLED, *_WARNINGS]
    for part, about in PARTS.items():
        found += [_rule(part, "", fault) for fault in ("type", "empty")]
        for name, line in about.fields.items():
            found += [_rule(part, name, fault) for fault in dict.fromkeys(_faults(name, line))]
    return {rule.id: rule for rule in found}


RULES = _made()


def warnings(package: dict[str, Any]) -> Iterator[Finding]:
    """What the text of the specification asks for, beyond the profile."""
    for name in ("name", "licenses", "description"):
        if not package.get(name):
            yield finding(RULES[f"datapackage/{name}/recommended"], f"/{name}")
    listed = package.get("resources")
    resources = [
        (number, each) for number, each in enumerate(listed if isinstance(listed, list) else []) if isinstance(each, dict)
    ]
    names = [each.get("name") for _, each in resources]
    for at, (number, each) in enumerate(resources):
        if isinstance(each.get("name"), str) and each["name"] in names[:at]:
            yield finding(RULES["datapackage/resource/name/repeated"], f"/resources/{number}/name", each["name"])
        if isinstance(each.get("schema"), dict):
            yield from _of_schema(each["schema"], number, names)


def _of_schema(schema: dict[str, Any], number: int, resources: list[Any]) -> Iterator[Finding]:
    listed = schema.get("fields")
    fields = [each.get("name") if isinstance(each, dict) else None for each in (listed if isinstance(listed, list) else [])]
    for at, name in enumerate(fields):
        if isinstance(name, str) and name in fields[:at]:
            yield finding(RULES["datapackage/schema/field/repeated"], f"/resources/{number}/schema/fields/{at}/name", name)
    key = schema.get("primaryKey")
    for name in [key] if isinstance(key, str) else key if isinstance(key, list) else []:
        if isinstance(name, str) and name not in fields:
            yield finding(RULES["datapackage/schema/primaryKey/unknown"], f"/resources/{number}/schema/primaryKey", shown(name))
    keys = schema.get("foreignKeys")
    for at, each in enumerate(keys if isinstance(keys, list) else []):
        reference = each.get("reference") if isinstance(each, dict) else None
        named = reference.get("resource") if isinstance(reference, dict) else None
        if isinstance(named, str) and named and named not in resources:
            path = ("resources", number, "schema", "foreignKeys", at, "reference", "resource")
            yield finding(RULES["datapackage/schema/foreignKeys/unknown"], pointer(path), named)
