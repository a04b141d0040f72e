"""Lists of descriptions inside JSON answers: which member holds them, and whether the JSON is a graph of RDF.

Shapes: CKAN (`result`, `result.results`), Socrata's and OpenDataSoft's catalogues (`results`), ArcGIS Hub and data.gouv.fr
(`data`), OGC API Records (`features`), Magda (`dataSets`), and plain `datasets`, `items`, `records`. A catalogue of DCAT-US 3.0
lists services, series, catalogue records and further catalogues beside its datasets. Sources: the APIs' and standards' pages.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, cast

import ijson

from harvesters.documents import BUFFER, Measured, items, stream
from harvesters.spool import Document
from metadata.errors import NotData, TooLarge
from standards import rdf_contexts
from standards.dcat_us_3_graph import split
from standards.dcat_us_3_schema import class_of
from standards.html_pages import described, is_schema_org
from standards.table import detect

WHOLE = 64 << 20
"""Bytes up to which an answer is looked at as a whole; a larger one is read list by list."""

_KEYS = ("results", "data", "features", "datasets", "dataSets", "items", "records", "packages", "dataset")
_PATHS = frozenset((*_KEYS, "result", "result.results", "result.records"))
_GRAPH_SIGNS = ("dcat:", "dct:", "dcterms:", "http://www.w3.org/ns/dcat#", '"@graph"')
_BESIDE = ("service", "datasetSeries", "record")
_INSIDE = "catalog"
_MEMBERS = re.compile(rb'"(service|datasetSeries|record|catalog)"\s*:\s*[\[{]')
_REMOTE = re.compile(r'"@context"\s*:\s*"([^"]{1,500})"')


def unwrapped(body: Any) -> Iterable[Any]:
    """The descriptions in one parsed answer; any other JSON as it is."""
    if not isinstance(body, dict):
        return [body]
    result = body.get("result")
    if isinstance(result, dict) and isinstance(result.get("results"), list):
        return cast(list[Any], result["results"])
    if body.get("success") is True and "result" in body:
        return result if isinstance(result, list) else [result]
    if "@context" in body or "@graph" in body:
        return described(body) or (split(body) if detect(body) else [body])
    if is_catalogue(body) and not _is_list(body.get("dataset")):
        return members(body) or [body]
    for key in _KEYS:
        if _is_list(body.get(key)) and not _is_record(body):
            return cast(list[Any], body[key])
    inner = body.get("data")
    return [inner] if isinstance(inner, dict) and _is_record(inner) and not _is_record(body) else [body]


def members(catalogue: dict[str, Any]) -> list[Any]:
    """What a catalogue of DCAT-US 3.0 lists, its own first, then what is in the catalogues inside it; of one of those that
    lists nothing, itself."""
    own = [each for name in ("dataset", *_BESIDE) for each in _listed(catalogue.get(name))]
    inner = [each for one in _objects(catalogue.get(_INSIDE)) for each in (members(one) or [one])]
    return [*own, *inner]


def replaced(catalogue: dict[str, Any], records: Iterator[Any]) -> None:
    """Puts other records where the datasets of a catalogue are, and what it lists besides, in the order of `forms.records`.
    Raises `StopIteration` when there are too few."""
    datasets = catalogue.get("dataset")
    if isinstance(datasets, list):
        datasets[:] = [next(records) for _ in datasets]
    for name in _BESIDE:
        _replace(catalogue, name, records)
    for one in _objects(catalogue.get(_INSIDE)):
        if members(one):
            replaced(one, records)
        else:
            fresh = next(records)
            one.clear()
            one.update(fresh)


def _replace(catalogue: dict[str, Any], name: str, records: Iterator[Any]) -> None:
    value = catalogue.get(name)
    if isinstance(value, list):
        value[:] = [next(records) for _ in value]
    elif isinstance(value, dict):
        catalogue[name] = next(records)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in _listed(value) if isinstance(each, dict)]


def is_catalogue(body: Any) -> bool:
    """Whether it lists datasets, or says that it is a catalogue and lists something else."""
    if not isinstance(body, dict) or "@graph" in body:
        return False
    named = class_of(body, "") == "Catalog" and any(_objects(body.get(name)) for name in (*_BESIDE, _INSIDE))
    return isinstance(body.get("dataset"), list) or named


def beside(document: Document) -> Iterator[tuple[str, Any]]:
    """What a catalogue that was read dataset by dataset lists besides, each with its place (`/service/0`): services, series,
    catalogue records, and what is in the catalogues inside it. Nothing of any other document."""
    named = _named(document)
    if not named or not _is_one_catalogue(document):
        return
    for name in named:
        for number, each in enumerate(chain(stream(document, f"{name}.item"), _alone(document, name))):
            found = members(each) or [each] if name == _INSIDE and isinstance(each, dict) else [each]
            yield from ((f"/{name}/{number}", one) for one in found)


def _alone(document: Document, name: str) -> Iterator[Any]:
    """A member that is one object, and no list."""
    return (each for each in stream(document, name) if isinstance(each, dict))


def _named(document: Document) -> list[str]:
    """Which of those members there may be: a look at the bytes."""
    found: set[bytes] = set()
    kept = b""
    with document.open() as reader:
        while chunk := reader.read(1 << 20):
            found.update(match[1] for match in _MEMBERS.finditer(kept + chunk))
            kept = chunk[-100:]
    return [name for name in (*_BESIDE, _INSIDE) if name.encode() in found]


def _is_one_catalogue(document: Document) -> bool:
    """Whether the document is one object with a list of datasets; the first of several lines is none."""
    with document.open() as reader:
        try:
            for path, event, _ in ijson.parse(Measured(reader, document.place), buf_size=BUFFER):
                if (path, event) == ("dataset", "start_array"):
                    return True
                if path == "" and event in ("end_map", "start_array"):
                    return False
        except ijson.JSONError:  # what is broken was told when the datasets were read
            return False
    return False


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _is_record(body: dict[str, Any]) -> bool:
    return detect(body) is not None


def is_graph(document: Document) -> bool:
    """Whether the document is a DCAT graph in JSON-LD: prefixed names, or a context that brings them, and no plain record."""
    head = document.head(1 << 16).decode("utf-8", "replace")
    if '"@' not in head and '"dcat:' not in head:
        return False
    told = any(sign in head for sign in _GRAPH_SIGNS) or _has_known_context(head)
    return told and document.size <= WHOLE and _is_graph(document)


def _has_known_context(head: str) -> bool:
    """Whether the context is given by an address for which one of ours stands in."""
    given = _REMOTE.search(head)
    return given is not None and any(pattern.fullmatch(given[1].strip()) for pattern, _ in rdf_contexts.contexts())


def _is_graph(document: Document) -> bool:
    """Whether the first record (or the one object that the document is) is no JSON of another standard, and speaks RDF."""
    parts = items(document, alone=True)
    try:
        first = next(parts, None)
    except NotData:
        return False
    finally:
        parts.close()
    if not isinstance(first, dict) or is_schema_org(first) or isinstance(first.get("dataset"), list):
        return False
    if not any(name[:1] == "@" or ":" in name for name in first):
        return False
    some = list(islice(unwrapped(first), 3))
    return bool(some) and not any(isinstance(each, dict) and detect(each) for each in some)


def long_list(document: Document) -> str:
    """Of a document too large to be looked at as a whole: the path of its first list of objects; "" for a small one, a list, a
    catalogue or JSON lines, which `documents.items` reads. Raises `TooLarge` when there is no such list."""
    if document.size <= WHOLE or not document.head().lstrip().startswith(b"{"):
        return ""
    with document.open() as reader:
        measured = Measured(reader, document.place)
        for path, event, _ in ijson.parse(measured, buf_size=BUFFER, use_float=True):
            if event == "start_array" and path in _PATHS:
                return "" if path == "dataset" else path
            if event == "end_map" and path == "" and measured.offset < document.size - BUFFER:
                return ""  # the first of many lines
    limit = f"one JSON object of more than {WHOLE >> 20} MiB without a list of records"
    raise TooLarge(limit, place=document.place, value=document.size, remedy="Ask the source to split it.")


def listed(document: Document, path: str) -> Iterator[Any]:
    """The values of the list at `path`."""
    return stream(document, f"{path}.item")
