"""A Dataset, written as Croissant 1.1: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html.

Information items become the fields of the record set they came from, else of one record set. Nothing is invented: where the
dataset has no checksum, size or creator, none is written, and `croissant_check` says what Croissant asks for. The fields
of a dataset with a single file have their source there.
"""

from typing import Any

from metadata.model import Coded, Dataset, Distribution, InformationItem
from metadata.text import best
from standards import schema_values
from standards.croissant_read import CARRIER, SET, SOURCED, TITLE, source_of
from standards.json_members import kept, listed, plain, words

CONFORMS = "http://mlcommons.org/croissant/1.1"
_TERMS = (
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "excludes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
    "value",
)
CONTEXT: dict[str, Any] = {
    "@language": "und",  # the reference implementation wants one; plain words are in the language that their script shows
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "mulu": "urn:mulu:",
    "conformsTo": "dct:conformsTo",
    **{name: f"cr:{name}" for name in _TERMS},
    "data": {"@id": "cr:data", "@type": "@json"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
}
_OF_CODES = {
    "C": "sc:Text",
    "M": "sc:Text",
    "N": "sc:Float",
    "Y": "sc:Float",
    "F": "sc:Float",
    "I": "sc:Integer",
    "D": "sc:Date",
    "T": "sc:DateTime",
    "L": "sc:Boolean",
    "STRING": "sc:Text",
    "NUMBER": "sc:Float",
    "INTEGER": "sc:Integer",
    "DATE": "sc:Date",
    "DATETIME": "sc:DateTime",
    "BOOLEAN": "sc:Boolean",
    "字符型": "sc:Text",
    "数值型": "sc:Float",
    "整型": "sc:Integer",
    "日期型": "sc:Date",
    "日期时间型": "sc:DateTime",
    "逻辑型": "sc:Boolean",
}


def write(dataset: Dataset) -> dict[str, Any]:
    """The description as JSON-LD, in all languages of the dataset."""
    names = _names(dataset.distribution)
    return {
        **{name: value for name, value in dataset.extra.items() if name != "recordSet"},
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS,
        **{name: value for name, value in schema_values.written(dataset).items() if name != "sameAs"},
        **kept(
            {
                "url": dataset.landing_page,
                "distribution": [_file(way, name) for way, name in zip(dataset.distribution, names, strict=True)],
                "recordSet": _sets(dataset),
            }
        ),
    }


def _names(ways: tuple[Distribution, ...]) -> list[str]:
    """The ids of files; one that stands twice, or has blanks, is given anew."""
    found: list[str] = []
    for number, way in enumerate(ways, 1):
        own = way.identifier
        found.append(own if own and own not in found and not any(each.isspace() for each in own) else f"file-{number}")
    return found


def _file(way: Distribution, name: str) -> dict[str, Any]:
    """A file; its name is one word in Croissant, in several languages it stands beside."""
    said = {each: value for each, value in schema_values.download_value(way).items() if each != "name"}
    own = {} if plain(way.title) else {TITLE: schema_values.text_values(way.title)}
    return {"@type": "cr:FileObject", **way.extra, "@id": name, "name": best(way.title) or name, **own, **said}


def _sets(dataset: Dataset) -> list[Any]:
    given = [each for each in listed(dataset.extra.get("recordSet")) if isinstance(each, dict)]
    own: dict[str, dict[str, Any]] = {words(each.get("@id")) or words(each.get("name")): dict(each) for each in given}
    only = _names(dataset.distribution)[0] if len(dataset.distribution) == 1 else ""
    for item in dataset.information_item:
        named = item.extra.get(SET)
        name = named if isinstance(named, str) and named else CARRIER
        made = own.setdefault(name, {"@type": "cr:RecordSet", "@id": name, "name": name})
        number = len(made.get("field", ())) + 1
        made["field"] = [*made.get("field", ()), _field(item, name, number, only)]
        if item.key:
            made["key"] = schema_values.one([*listed(made.get("key")), {"@id": made["field"][-1]["@id"]}])
    return list(own.values())


def _field(item: InformationItem, record_set: str, number: int, file: str) -> dict[str, Any]:
    code = item.code or f"field-{number}"
    extra = {name: value for name, value in item.extra.items() if name != SET}
    if file and not SOURCED & set(extra):
        extra["source"] = source_of(file, code)
    return {
        "@type": "cr:Field",
        **extra,
        "@id": f"{record_set}/{code}",
        "name": schema_values.text_values(item.name),
        **kept({"description": schema_values.text_values(item.description)}),
        **({} if "dataType" in extra else kept({"dataType": data_type(item.data_type)})),
        **({} if item.code else {"mulu:unnamed": "true"}),
    }


def data_type(value: Coded | None) -> str | None:
    """A type of schema.org for a data type; what is an address or a prefixed name stays."""
    if value is None:
        return None
    raw = value.raw or value.code or best(value.label)
    return raw if ":" in raw else _OF_CODES.get(raw.upper())
