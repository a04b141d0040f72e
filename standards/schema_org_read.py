"""A schema.org Dataset (JSON-LD, or microdata as JSON-LD), read and written whole: https://schema.org/Dataset.

Written is only what the dataset says, in all its languages; for what a page's head holds see `schema_org_page`. A
DataCatalog with one dataset is that dataset; of several, `standards.html_pages.described` makes records of their own.
"""

from typing import Any

from metadata.model import Dataset, Distribution, InformationItem
from metadata.text import best
from standards import schema_terms, schema_values
from standards.base import Rule, Unreadable
from standards.html_pages import is_schema_org
from standards.json_members import Members, kept, listed, web, words
from standards.json_schema import cleaned, shown
from standards.schema_terms import node, nodes, texts, types
from standards.schema_values import one

_LINK = "https://schema.org/Dataset"
OBJECT = Rule(
    id="schema-org/object",
    severity="error",
    message={"zh": "这不是 schema.org 的数据集对象", "en": "This is no object that describes a Dataset with schema.org"},
    clause="schema.org, Dataset",
    fix={"zh": "给出 @type 为 Dataset 的 JSON-LD 对象", "en": "Give a JSON-LD object whose @type is Dataset"},
    link=_LINK,
)
UNNAMED = Rule(
    id="schema-org/name/required",
    severity="error",
    message={"zh": "缺少名称（name）", "en": "The name is missing"},
    clause="Google Search Central, Dataset structured data: name (required)",
    fix={"zh": "补充 name", "en": "Add `name`"},
    link="https://developers.google.com/search/docs/appearance/structured-data/dataset#dataset",
)
_TYPES = frozenset(("Dataset", "DataFeed"))


def recognises(body: Any) -> bool:
    """Whether it is a Dataset (or a DataCatalog of one) of schema.org. Croissant, which is that too, is asked first."""
    if not isinstance(body, dict) or "@context" not in body:
        return False
    try:
        own = dataset_of(body)
        return bool(own) and is_schema_org(body)
    except RecursionError:
        return False


def dataset_of(body: Any) -> dict[str, Any]:
    """The members of the dataset that a body is, or holds alone; {} when there is none."""
    own = node(body) if isinstance(body, dict) else {}
    if any(each in _TYPES for each in types(own)):
        return own
    inner = nodes(own["@graph"] if "@graph" in own else own.get("dataset"))
    found = [each for each in inner if any(kind in _TYPES for kind in types(each))]
    return found[0] if len(found) == 1 and len(inner) <= 50 else {}


def read(body: Any) -> Dataset:
    """The dataset that an object describes. Raises `Unreadable` when it is no Dataset, or has no name."""
    body = cleaned(body)
    own = dataset_of(body)
    if not own:
        raise Unreadable(OBJECT, "", shown(body))
    language = schema_terms.document_language(body)
    members = Members(own)
    title = members.take(lambda value: texts(value, language), "name") or texts(own.get("headline"), language)
    title = title or texts(own.get("alternateName"), language)
    if not title:
        raise Unreadable(UNNAMED, "/name")
    members.drop("@context", "@type")
    about = schema_terms.about(members, language)
    identifiers = members.take(schema_terms.identifiers, "identifier") or ()
    address = members.take(web, "@id")
    page = members.take(_link, "sameAs") or members.take(_link, "url")
    identifier = next(iter(identifiers), None) or address or web(own.get("url")) or best(title)
    return Dataset(
        identifier=identifier,
        title=title,
        uri=None,
        other_identifier=identifiers[1:],
        landing_page=page,
        is_part_of=members.take(_part, "isPartOf"),
        distribution=_distributions(members, language),
        information_item=_items(members, language),
        **about,
        extra=members.left(),
    )


def _link(value: Any) -> str | None:
    return web(next(iter(listed(value)), None))


def _part(value: Any) -> str | None:
    first = next(iter(listed(value)), None)
    return web(first) or (web(node(first).get("@id")) if isinstance(first, dict) else None)


def _distributions(members: Members, language: str) -> tuple[Distribution, ...]:
    found = members.take(lambda value: tuple(made for each in listed(value) if (made := _way(each, language))), "distribution")
    return tuple(found or ())


def _way(value: Any, language: str) -> Distribution | None:
    if web(value):
        return Distribution(download_url=web(value))
    if not isinstance(value, dict):
        return None
    own = Members(node(value))
    own.drop("@type", "@context")
    identifier = next(iter(own.take(schema_terms.identifiers, "identifier") or ()), None) or own.take(words, "@id")
    made = Distribution(identifier=identifier, **schema_terms.download(own, language), extra=own.left())
    return made if made != Distribution() else None


def _items(members: Members, language: str) -> tuple[InformationItem, ...]:
    def made(value: Any) -> tuple[InformationItem, ...]:
        return tuple(found for each in listed(value) if (found := schema_terms.variable(each, language)))

    return members.take(made, "variableMeasured") or ()


def whole(dataset: Dataset) -> dict[str, Any]:
    """The dataset as JSON-LD, in all its languages."""
    return {
        **dataset.extra,
        "@context": "https://schema.org/",
        "@type": "Dataset",
        **kept({"@id": dataset.uri}),
        **schema_values.written(dataset),
        **kept(
            {
                "isPartOf": dataset.is_part_of,
                "variableMeasured": one([_variable(each) for each in dataset.information_item]),
                "distribution": [_download(each) for each in dataset.distribution],
            }
        ),
    }


def _variable(item: InformationItem) -> dict[str, Any]:
    typed = (item.data_type.raw or item.data_type.code or best(item.data_type.label)) if item.data_type else None
    said = {"identifier": item.code, "description": schema_values.text_values(item.description), "valueType": typed}
    return {**item.extra, "@type": "PropertyValue", "name": schema_values.text_values(item.name), **kept(said)}


def _download(way: Distribution) -> dict[str, Any]:
    return {**way.extra, "@type": "DataDownload", **kept({"identifier": way.identifier}), **schema_values.download_value(way)}
