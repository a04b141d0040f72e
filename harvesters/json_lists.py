"""Lists of descriptions inside JSON answers: which member holds them, and whether the JSON is a graph of RDF.

Shapes: CKAN (`result`, `result.results`), Socrata's and OpenDataSoft's catalogues (`results`), ArcGIS Hub and data.gouv.fr
(`data`), OGC API Records (`features`), Magda (`dataSets`), and plain `datasets`, `items`, `records`. Sources: the APIs' pages.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, cast

import ijson

from harvesters.documents import BUFFER, Measured, items, stream
from harvesters.spool import Document
from metadata.errors import NotData, TooLarge
from standards import rdf_contexts
from standards.html_pages import described, is_schema_org
from standards.table import detect

WHOLE = 64 << 20
"""Bytes up to which an answer is looked at as a whole; a larger one is read list by list."""

_KEYS = ("results", "data", "features", "datasets", "dataSets", "items", "records", "packages", "dataset")
_PATHS = frozenset((*_KEYS, "result", "result.results", "result.records"))
_GRAPH_SIGNS = ("dcat:", "dct:", "dcterms:", "http://www.w3.org/ns/dcat#", '"@graph"')
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
        return described(body) or [body]
    for key in _KEYS:
        if _is_list(body.get(key)) and not _is_record(body):
            return cast(list[Any], body[key])
    inner = body.get("data")
    return [inner] if isinstance(inner, dict) and _is_record(inner) and not _is_record(body) else [body]


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
