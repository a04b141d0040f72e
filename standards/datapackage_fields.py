"""The parts of a data package and their fields, in both versions, as one table: what `datapackage_check` walks along.

A line is `field: (version 1, version 2, zh, en)`; the version's word is a kind (`KINDS` of `datapackage_check`, or a part in
`PARTS`), with `[` before it for a list, `[1` for a list that must not be empty, `!` behind it where the field is required, and
"" where the version does not know the field. Facts: Data Package v1 (https://specs.frictionlessdata.io/) and v2
(https://datapackage.org/), as their profiles 1.0 and 2.0 say them.
"""

from typing import NamedTuple

SPECIFICATION = "https://datapackage.org/standard/"


class Field(NamedTuple):
    """A field of a part: its kind in version 1 and 2, and its names for people."""

    one: str
    two: str
    zh: str
    en: str


class Part(NamedTuple):
    """A part of a package: its names, the page of the specification, its fields. `loose`: what is no object is let pass."""

    zh: str
    en: str
    page: str
    fields: dict[str, Field]
    loose: bool = False


_TITLED = {
    "title": Field("text", "text", "标题", "title"),
    "path": Field("path-1", "path-2", "路径", "path"),
    "email": Field("email", "email", "邮箱", "mail address"),
}
_ABOUT = {
    "title": Field("text", "text", "标题", "title"),
    "description": Field("text", "text", "描述", "description"),
    "homepage": Field("uri", "uri", "主页", "home page"),
    "sources": Field("[source", "[source", "来源", "sources"),
    "licenses": Field("[1licence", "[1licence", "许可", "licences"),
}
_SCHEMA = Field("text", "text", "规范版本", "profile")
PARTS: dict[str, Part] = {
    "package": Part(
        "数据包",
        "package",
        "data-package",
        {
            "resources": Field("[1resource!", "[1resource!", "资源", "resources"),
            "$schema": Field("", "text", "规范版本", "profile"),
            "profile": Field("text", "", "规范", "profile"),
            "name": Field("plain-name", "text", "名称", "name"),
            "id": Field("text", "text", "标识符", "identifier"),
            "version": Field("", "text", "版本", "version"),
            "created": Field("date-time", "date-time", "创建时间", "time of creation"),
            "contributors": Field("[1contributor", "[1contributor", "贡献者", "contributors"),
            "keywords": Field("[1text", "[1text", "关键词", "keywords"),
            "image": Field("text", "text", "图片", "image"),
            **_ABOUT,
        },
    ),
    "resource": Part(
        "资源",
        "resource",
        "data-resource",
        {
            "name": Field("plain-name!", "text!", "名称", "name"),
            "$schema": Field("", "text", "规范版本", "profile"),
            "profile": Field("text", "", "规范", "profile"),
            "path": Field("paths-1", "paths-2", "路径", "path"),
            "type": Field("", "table", "类型", "type"),
            "format": Field("text", "text", "格式", "format"),
            "mediatype": Field("media-type", "media-type", "媒体类型", "media type"),
            "encoding": Field("text", "text", "编码", "encoding"),
            "bytes": Field("integer", "integer", "字节数", "size"),
            "hash": Field("hash", "hash", "校验值", "hash"),
            "dialect": Field("dialect", "dialect", "方言", "dialect"),
            "schema": Field("schema", "schema", "表结构", "table schema"),
            **_ABOUT,
        },
    ),
    "contributor": Part(
        "贡献者",
        "contributor",
        "data-package",
        {
            **_TITLED,
            "title": Field("text!", "text", "姓名", "name"),
            "organization": Field("text", "text", "单位", "organization"),
            "givenName": Field("", "text", "名", "given name"),
            "familyName": Field("", "text", "姓", "family name"),
            "role": Field("text", "", "角色", "role"),
            "roles": Field("", "[1text", "角色", "roles"),
        },
        loose=True,
    ),
    "source": Part(
        "来源",
        "source",
        "data-package",
        {**_TITLED, "title": Field("text!", "text", "标题", "title"), "version": Field("", "text", "版本", "version")},
    ),
    "licence": Part(
        "许可",
        "licence",
        "data-package",
        {
            "name": Field("licence-name", "licence-name", "许可代号", "licence identifier"),
            "path": Field("path-1", "path-2", "路径", "path"),
            "title": Field("text", "text", "标题", "title"),
        },
    ),
    "dialect": Part(
        "方言",
        "dialect",
        "table-dialect",
        {
            "$schema": Field("", "text", "规范版本", "profile"),
            "csvddfVersion": Field("number", "", "版本", "version"),
            "header": Field("boolean", "boolean", "有无表头", "header"),
            "headerRows": Field("", "[row", "表头行", "header rows"),
            "headerJoin": Field("", "text", "表头连接符", "header join"),
            "commentRows": Field("", "[row", "注释行", "comment rows"),
            "commentChar": Field("text", "text", "注释符", "comment character"),
            "delimiter": Field("text!", "text", "分隔符", "delimiter"),
            "lineTerminator": Field("text", "text", "行结束符", "line terminator"),
            "quoteChar": Field("text", "text", "引号", "quote character"),
            "doubleQuote": Field("boolean!", "boolean", "双写引号", "double quote"),
            "escapeChar": Field("text", "text", "转义符", "escape character"),
            "nullSequence": Field("text", "text", "空值", "null sequence"),
            "skipInitialSpace": Field("boolean", "boolean", "略去行首空格", "skip initial space"),
            "caseSensitiveHeader": Field("boolean", "", "表头区分大小写", "case sensitive header"),
            "property": Field("", "text", "属性", "property"),
            "itemType": Field("", "item-type", "条目类型", "item type"),
            "itemKeys": Field("", "[text", "条目键", "item keys"),
            "sheetNumber": Field("", "row", "工作表序号", "sheet number"),
            "sheetName": Field("", "text", "工作表名称", "sheet name"),
            "table": Field("", "text", "表名", "table"),
        },
    ),
    "schema": Part(
        "表结构",
        "table schema",
        "table-schema",
        {
            "$schema": _SCHEMA._replace(one=""),
            "fields": Field("[1field!", "[1field!", "字段", "fields"),
            "fieldsMatch": Field("", "list", "字段匹配方式", "fields match"),
            "primaryKey": Field("key", "key", "主键", "primary key"),
            "uniqueKeys": Field("", "keys", "唯一键", "unique keys"),
            "foreignKeys": Field("[1foreign-key", "[1foreign-key", "外键", "foreign keys"),
            "missingValues": Field("[text", "labelled", "缺失值", "missing values"),
        },
    ),
    "field": Part(
        "字段",
        "field",
        "table-schema",
        {
            "name": Field("text!", "text!", "名称", "name"),
            "type": Field("field-type", "field-type", "类型", "type"),
            "format": Field("field-format", "field-format", "格式", "format"),
            "title": Field("text", "text", "标题", "title"),
            "description": Field("text", "text", "描述", "description"),
            "example": Field("text", "text", "示例", "example"),
            "rdfType": Field("text", "text", "RDF 类型", "RDF type"),
            "missingValues": Field("", "labelled", "缺失值", "missing values"),
            "categories": Field("", "categories", "取值", "categories"),
            "categoriesOrdered": Field("", "categories-ordered", "取值有序", "categories ordered"),
            "bareNumber": Field("number-boolean", "number-boolean", "纯数字", "bare number"),
            "decimalChar": Field("decimal-text", "decimal-text", "小数点", "decimal character"),
            "groupChar": Field("decimal-text", "group-text", "千位分隔符", "group character"),
            "trueValues": Field("truth-words", "truth-words", "真值", "true values"),
            "falseValues": Field("truth-words", "truth-words", "假值", "false values"),
            "constraints": Field("constraints", "constraints", "约束", "constraints"),
        },
    ),
    "foreign-key": Part(
        "外键",
        "foreign key",
        "table-schema",
        {
            "fields": Field("key-fields!", "key-fields!", "字段", "fields"),
            "reference": Field("reference-1!", "reference-2!", "引用", "reference"),
        },
    ),
}

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_TEXT, _LENGTHS = ("text",), ("minLength", "maxLength")


class Sort(NamedTuple):
    """A type of field: its formats (none given: any), what its `enum` may hold (one of these kinds), the kinds that bounds are,
    and which further constraints it has."""

    formats: tuple[str, ...] = ("default",)
    values: tuple[str, ...] = _TEXT
    bounds: tuple[str, ...] = ()
    more: tuple[str, ...] = ("unique",)


_WHOLE = ("text", "integer")
SORTS: dict[str, Sort] = {
    "string": Sort(("default", "email", "uri", "binary", "uuid"), more=("unique", "pattern", *_LENGTHS)),
    "number": Sort(values=("text", "number"), bounds=("text", "number")),
    "integer": Sort(values=_WHOLE, bounds=_WHOLE),
    "boolean": Sort(values=("boolean",), more=()),
    "object": Sort(values=("text", "object"), more=("unique", *_LENGTHS, "jsonSchema")),
    "array": Sort(values=("text", "list"), more=("unique", *_LENGTHS, "jsonSchema")),
    "list": Sort(values=("text", "list"), more=("unique", *_LENGTHS)),
    "datetime": Sort((), bounds=_TEXT),
    "date": Sort((), bounds=_TEXT),
    "time": Sort((), bounds=_TEXT),
    "year": Sort(values=_WHOLE, bounds=_WHOLE),
    "yearmonth": Sort(bounds=_TEXT),
    "duration": Sort(bounds=_TEXT),
    "geopoint": Sort(("default", "array", "object"), values=("text", "list", "object")),
    "geojson": Sort(("default", "topojson"), values=("text", "object"), more=("unique", *_LENGTHS)),
    "any": Sort((), values=("any",)),
}
CONSTRAINTS = ("required", "unique", "pattern", "enum", *_LENGTHS, *BOUNDS, "jsonSchema")
