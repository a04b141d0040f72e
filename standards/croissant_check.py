"""What Croissant asks of a description: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.

**The border.** An *error* is what the reference implementation (mlcroissant 1.1) refuses, and a missing name, which the
specification requires and that implementation lets pass; the other members that the specification requires of a dataset,
and those it recommends, are *warnings*, as they are there.
"""

from collections.abc import Iterator
from typing import Any

from metadata.text import Text
from standards import cross_field, repairs
from standards.base import Finding, Rule, Severity, Unreadable, finding
from standards.croissant_read import OBJECT, SPECIFICATION, UNNAMED, bare, dataset_of, kinds, read, version_of
from standards.dates import date_of
from standards.json_members import listed, words
from standards.json_schema import cleaned, shown
from standards.schema_terms import node, texts


def _rule(name: str, severity: Severity, clause: str, message: Text, fix: Text) -> Rule:
    return Rule(
        id=f"croissant/{name}",
        severity=severity,
        message=message,
        clause=f"Croissant 1.1, {clause}",
        fix=fix,
        link=SPECIFICATION,
    )


ASKED = {
    "description": ("描述", "description"),
    "license": ("许可", "licence"),
    "url": ("网址", "address"),
    "creator": ("创建者", "creator"),
    "datePublished": ("发布日期", "date of publication"),
}
ADVISED = {
    "version": ("版本", "version"),
    "keywords": ("关键词", "keywords"),
    "publisher": ("发布者", "publisher"),
    "citeAs": ("引用方式", "citation"),
}
DATES = ("datePublished", "dateModified", "dateCreated")
_DATASET = "Dataset-level information"
_RULES = (
    OBJECT,
    UNNAMED,
    *(
        _rule(
            f"{name}/required",
            "warning",
            f"{_DATASET}: {name} (required)",
            {"zh": f"缺少{zh}（{name}）", "en": f"The {en} (`{name}`) is missing"},
            {"zh": f"补充 {name}", "en": f"Add `{name}`"},
        )
        for name, (zh, en) in ASKED.items()
    ),
    *(
        _rule(
            f"{name}/recommended",
            "info",
            f"{_DATASET}: {name} (recommended)",
            {"zh": f"没有{zh}（{name}）", "en": f"There is no {en} (`{name}`)"},
            {"zh": f"补充 {name}", "en": f"Add `{name}`"},
        )
        for name, (zh, en) in ADVISED.items()
    ),
    _rule(
        "conformsTo/required",
        "warning",
        f"{_DATASET}: conformsTo (required)",
        {"zh": "没有说明所用的版本（conformsTo）", "en": "`conformsTo` does not name a version"},
        {"zh": "填写 http://mlcommons.org/croissant/1.1", "en": "Give http://mlcommons.org/croissant/1.1"},
    ),
    _rule(
        "distribution/type",
        "error",
        "Resources",
        {"zh": "分发既不是 FileObject 也不是 FileSet", "en": "A distribution is neither a FileObject nor a FileSet"},
        {"zh": "把 @type 改为 cr:FileObject 或 cr:FileSet", "en": "Make its `@type` cr:FileObject or cr:FileSet"},
    ),
    _rule(
        "id/required",
        "error",
        "IDs and references",
        {"zh": "缺少标识（@id，0.8 版为 name）", "en": "The id is missing (`@id`; `name` in version 0.8)"},
        {"zh": "补充 @id", "en": "Add an `@id`"},
    ),
    _rule(
        "id/blank",
        "error",
        "IDs and references",
        {"zh": "@id 中有空白", "en": "The `@id` has blanks in it"},
        {"zh": "用 - 或 _ 代替空白", "en": "Put - or _ in their place"},
    ),
    _rule(
        "contentUrl/required",
        "error",
        "FileObject: contentUrl",
        {"zh": "文件没有地址（contentUrl）", "en": "The file has no address (`contentUrl`)"},
        {"zh": "补充 contentUrl", "en": "Add `contentUrl`"},
    ),
    _rule(
        "checksum/required",
        "error",
        "FileObject: sha256",
        {"zh": "文件没有校验值，或者 sha256 和 md5 都有", "en": "The file has no checksum, or both `sha256` and `md5`"},
        {"zh": "补充 sha256", "en": "Add `sha256`"},
    ),
    _rule(
        "encodingFormat/required",
        "error",
        "FileObject, FileSet: encodingFormat",
        {"zh": "没有说明格式（encodingFormat）", "en": "The format (`encodingFormat`) is missing"},
        {"zh": "填写媒体类型，例如 text/csv", "en": "Give the media type, such as text/csv"},
    ),
    _rule(
        "encodingFormat/form",
        "warning",
        "FileObject, FileSet: encodingFormat",
        {"zh": "格式不是媒体类型（encodingFormat）", "en": "The format (`encodingFormat`) is not a media type"},
        {"zh": "填写媒体类型，例如 text/csv", "en": "Give the media type, such as text/csv"},
    ),
    *(
        _rule(
            f"{name}/form",
            "warning",
            f"{_DATASET}: {name}",
            {"zh": f"日期写法不对（{name}）", "en": f"`{name}` is no date of ISO 8601"},
            {"zh": "按 2024-05-03 的写法填写", "en": "Write it like 2024-05-03"},
        )
        for name in DATES
    ),
    _rule(
        "license/name",
        "info",
        f"{_DATASET}: license",
        {"zh": "许可写的是名称，它有通用网址", "en": "The licence is given by a name, and it has an address"},
        {"zh": "填写许可的网址", "en": "Give the licence's address"},
    ),
    _rule(
        "includes/required",
        "error",
        "FileSet: includes",
        {"zh": "文件集没有说明包含哪些文件（includes）", "en": "The file set does not say which files it includes"},
        {"zh": "填写文件名的样式，例如 *.csv", "en": "Give a pattern of file names, such as *.csv"},
    ),
    _rule(
        "containedIn/unknown",
        "error",
        "FileObject, FileSet: containedIn",
        {"zh": "containedIn 指向不存在的资源", "en": "`containedIn` names a resource there is not"},
        {"zh": "改为已有资源的 @id", "en": "Give the `@id` of one that there is"},
    ),
    _rule(
        "recordSet/type",
        "error",
        "RecordSet",
        {"zh": "记录集的 @type 不是 cr:RecordSet", "en": "The `@type` of a record set is not cr:RecordSet"},
        {"zh": "改为 cr:RecordSet", "en": "Make it cr:RecordSet"},
    ),
    _rule(
        "field/type",
        "error",
        "Field",
        {"zh": "字段的 @type 不是 cr:Field", "en": "The `@type` of a field is not cr:Field"},
        {"zh": "改为 cr:Field", "en": "Make it cr:Field"},
    ),
    _rule(
        "source/required",
        "error",
        "Field: source",
        {"zh": "字段没有说明来自哪个文件（source）", "en": "The field does not say which file it comes from (`source`)"},
        {"zh": "补充 source，或者给出 value", "en": "Add a `source`, or a `value`"},
    ),
    _rule(
        "source/unknown",
        "error",
        "DataSource",
        {"zh": "source 指向不存在的资源或字段", "en": "`source` names a resource or field there is not"},
        {"zh": "改为已有的 @id", "en": "Give the `@id` of one that there is"},
    ),
    _rule(
        "source/join",
        "error",
        "Joins",
        {"zh": "字段来自多个资源，却没有说明怎样连接", "en": "The fields come from several resources, and nothing joins these"},
        {"zh": "在连接字段上加 references", "en": "Add `references` to the field they are joined by"},
    ),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in _RULES} | cross_field.rules(
    "croissant", ("dates", "future", "temporal", "media-type")
)
_PLACES = {
    "issued": "/datePublished",
    "modified": "/dateModified",
    "temporal": "/temporalCoverage",
    "distribution": "/distribution",
}
_SAID = frozenset(("source", "value", "subField"))
_SOURCES = ("fileObject", "fileSet", "recordSet", "field", "distribution")


def check(body: Any) -> Iterator[Finding]:
    """Findings with JSON pointers. Any input."""
    body = cleaned(body)
    own = dataset_of(body)
    if not own:
        yield finding(OBJECT, "", shown(body))
        return
    yield from _dataset(own)
    old = version_of(own) == "0.8"
    known = _known(own, old)
    live = own.get("isLiveDataset") in (True, "true")
    for path, each in _members(own.get("distribution"), "/distribution"):
        yield from _resource(each, path, known, old, live)
    for path, each in _members(own.get("recordSet"), "/recordSet"):
        yield from _record_set(each, path, known, old)
    try:
        yield from cross_field.check("croissant", read(body), _PLACES, RULES)
    except Unreadable:
        return


def _told(rule: str, path: str, value: object = "") -> Finding:
    return finding(RULES[f"croissant/{rule}"], path, value)


def _dataset(own: dict[str, Any]) -> Iterator[Finding]:
    if not texts(own.get("name")):
        yield finding(UNNAMED, "/name")
    if not any(
        "mlcommons.org/croissant/" in (words(each) or words(node(each).get("@id"))) for each in listed(own.get("conformsTo"))
    ):
        yield _told("conformsTo/required", "/conformsTo", shown(own.get("conformsTo", "")))
    for names, what in ((ASKED, "required"), (ADVISED, "recommended")):
        for name in names:
            if own.get(name) in (None, "", [], {}) and not (name == "citeAs" and own.get("citation")):
                yield _told(f"{name}/{what}", f"/{name}")

    yield from _spelled(own)


def _spelled(own: dict[str, Any]) -> Iterator[Finding]:
    """Dates that are not written as ISO 8601 has them, and the name of a licence that has an address."""
    for name in DATES:
        value = own.get(name)
        told = words(value.get("@value")) if isinstance(value, dict) else words(value)
        if value not in (None, "", [], {}) and (not told or date_of(told) != told):
            yield _told(f"{name}/form", f"/{name}", shown(value))
    if repairs.licence_uri(own.get("license")):
        yield _told("license/name", "/license", own["license"])


def _members(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    for number, each in enumerate(listed(value)):
        yield (f"{path}/{number}" if isinstance(value, list) else path), bare(each) if isinstance(each, dict) else each


def _id(own: dict[str, Any], old: bool) -> str:
    return words(own.get("@id")) or (words(own.get("name")) if old else "")


def _known(own: dict[str, Any], old: bool) -> set[str]:
    """All ids of resources, record sets and fields; in version 0.8 by name, fields under their set."""
    found = {_id(each, old) for _, each in _members(own.get("distribution"), "") if isinstance(each, dict)}
    for _, each in _members(own.get("recordSet"), ""):
        if isinstance(each, dict):
            name = _id(each, old)
            found.add(name)
            found |= set(_fields(each, name, old))
    return found - {""}


def _fields(parent: dict[str, Any], name: str, old: bool, depth: int = 0) -> Iterator[str]:
    for key in ("field", "subField"):
        for _, each in _members(parent.get(key), ""):
            if isinstance(each, dict) and depth < 6:
                own = _id(each, old)
                yield own
                yield f"{name}/{own}"
                yield from _fields(each, f"{name}/{own}", old, depth + 1)


def _resource(own: Any, path: str, known: set[str], old: bool, live: bool) -> Iterator[Finding]:
    types = kinds(own)
    if not {"FileObject", "FileSet"} & set(types):
        yield _told("distribution/type", path, shown(own.get("@type") if isinstance(own, dict) else own))
        return
    yield from _identified(own, path, old)
    if own.get("encodingFormat") in (None, "", []):
        yield _told("encodingFormat/required", f"{path}/encodingFormat")
    elif isinstance(own["encodingFormat"], str) and "/" not in own["encodingFormat"]:
        yield _told("encodingFormat/form", f"{path}/encodingFormat", own["encodingFormat"])
    if "FileSet" in types:
        if own.get("includes") in (None, "", []):
            yield _told("includes/required", f"{path}/includes")
    elif own.get("containedIn") in (None, "", []):
        if own.get("contentUrl") in (None, "", []):
            yield _told("contentUrl/required", f"{path}/contentUrl")
        if not live and (bool(own.get("sha256")) == bool(own.get("md5"))):
            yield _told("checksum/required", f"{path}/sha256")
    for name in _names(own.get("containedIn")):
        if name not in known:
            yield _told("containedIn/unknown", f"{path}/containedIn", name)


def _identified(own: dict[str, Any], path: str, old: bool) -> Iterator[Finding]:
    name = _id(own, old)
    if not name:
        yield _told("id/required", f"{path}/{'name' if old else '@id'}")
    elif not old and any(each.isspace() for each in name):
        yield _told("id/blank", f"{path}/@id", name)


def _names(value: Any) -> list[str]:
    """The ids that a reference names."""
    return [found for each in listed(value) if (found := words(each).lstrip("#") or words(node(each).get("@id")))]


def _record_set(own: Any, path: str, known: set[str], old: bool) -> Iterator[Finding]:
    if "RecordSet" not in kinds(own):
        yield _told("recordSet/type", path, shown(own.get("@type") if isinstance(own, dict) else own))
        return
    yield from _identified(own, path, old) if old else ()
    fields = [(at, each) for at, each in _members(own.get("field"), f"{path}/field")]
    for at, each in fields:
        if "Field" not in kinds(each):
            yield _told("field/type", at, shown(each.get("@type") if isinstance(each, dict) else each))
            continue
        if not _SAID & set(each) and "data" not in own:
            yield _told("source/required", f"{at}/source")
        for key in ("source", "references"):
            for name in _sources(each.get(key)):
                if name not in known:
                    yield _told("source/unknown", f"{at}/{key}", name)
    yield from _join([each for _, each in fields if isinstance(each, dict)], path, own)


def _sources(value: Any) -> list[str]:
    own = bare(node(value))
    return [name for key in _SOURCES for name in _names(own.get(key))]


def _join(fields: list[dict[str, Any]], path: str, own: dict[str, Any]) -> Iterator[Finding]:
    files = {
        name
        for each in fields
        for key in _SOURCES[:2] + _SOURCES[4:]
        for name in _names(bare(node(each.get("source"))).get(key))
    }
    joined = any("references" in each or "parentField" in each for each in fields)
    if len(files) > 1 and not joined and "data" not in own:
        yield _told("source/join", f"{path}/field", ", ".join(sorted(files)))
