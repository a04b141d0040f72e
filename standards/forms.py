"""The forms of records, and how records of one standard are put together into a document.

    json   parsed JSON: one object alone, or JSON lines; DCAT-US as its catalogue
    xml    one document, or a `records` element around several
    rdf    N-Triples of one dataset each: as Turtle, RDF/XML, JSON-LD, N-Triples or TriG
    table  rows under their header, as CSV with a byte-order mark, which spreadsheet programs read as UTF-8

A standard's module may bring `document(bodies) -> Iterator[bytes]` (or `catalog`) for what its readers expect instead, `gather`
(rows that belong together as one) and `across` (what is wrong between the records of a file). Other forms of a standard, by the
end of a file's name, are in `OTHERS`. Rules: RFC 4180, RDF 1.1, W3C XML 1.0.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from typing import Any

import msgspec
import orjson
import pyoxigraph

from standards import rdf
from standards.base import Standard

FORMS = ("json", "xml", "rdf", "table")
EXTENSIONS = {"json": ".json", "xml": ".xml", "rdf": ".ttl", "table": ".csv"}
EXTENSIONS_OF_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/ld+json": ".jsonld",
    "text/turtle": ".ttl",
}

_BOM = b"\xef\xbb\xbf"


OTHERS: dict[tuple[str, str], str] = {
    ("cn_catalog_2017", ".xlsx"): "standards.cn_catalog_2017_workbook:workbook",
    ("cn_catalog_2017", ".csv"): "standards.cn_catalog_2017_table:csv_text",
    ("cn_catalog_2017", ".xml"): "standards.cn_catalog_2017_xml:document",
    ("dcat_us_3", ".jsonld"): "standards.dcat_us_3_json_ld:document",
    ("gbt_21063", ".xml"): "standards.gbt_21063_xml:document",
    ("dublin_core", ".json"): "standards.forms:json_document",
    ("dublin_core", ".xml"): "standards.dublin_core_xml:document",
    ("spreadsheet", ".xlsx"): "standards.spreadsheet_write:workbook",
}
"""Functions from records to a document in another form."""
SYNTAXES = {".ttl": "turtle", ".rdf": "rdf", ".xml": "rdf", ".jsonld": "jsonld", ".nt": "nt"}


def joined(bodies: Iterable[Any], standard: Standard, end: str = "") -> Iterator[bytes]:
    """A document of these bodies, in pieces; `end` is how the file's name ends, where a standard has several forms."""
    end = end.lower()
    if (standard.name, end) in OTHERS:
        module, _, name = OTHERS[standard.name, end].partition(":")
        return _pieces(getattr(import_module(module), name)(iter(bodies)), end)
    if standard.form == "rdf" and end in SYNTAXES:
        return rdf_document(iter(bodies), SYNTAXES[end])
    made = own(standard, "document") or own(standard, "catalog")
    return made(bodies) if made else _JOINED[standard.form](iter(bodies))


def _pieces(made: Any, end: str) -> Iterator[bytes]:
    """Bytes, or pieces of bytes or text; text for spreadsheets with a byte-order mark."""
    if isinstance(made, bytes):
        yield made
        return
    if end == ".csv":
        yield _BOM
    yield from (piece.encode() if isinstance(piece, str) else piece for piece in made)


def own(standard: Standard, word: str) -> Callable[..., Any] | None:
    """A function of the module that the standard's `write`, `read` or `recognises` is in, or of its public module."""
    parts = (standard.write, standard.read, standard.recognises)
    names = dict.fromkeys((*(getattr(each, "__module__", "") for each in parts), f"standards.{standard.name}"))
    ours = (import_module(name) for name in names if name.startswith("standards.") and find_spec(name))
    return next((found for module in ours if callable(found := getattr(module, word, None))), None)


def extension(standard: Standard) -> str:
    """The usual end of a file's name in this standard."""
    return EXTENSIONS_OF_TYPES.get(standard.media_type) or EXTENSIONS.get(standard.form, "")


def media_type(standard: Standard, content: bytes) -> str:
    """The media type of a document of a standard, where it is not in the standard's usual form."""
    if standard.form == "json" and content.lstrip(_BOM)[:1] == b"<":
        return "application/xml"
    if content.startswith(b"PK"):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return "text/csv" if content.startswith(_BOM) else standard.media_type


def as_json(body: Any) -> bytes:
    """One body as JSON; model structs inside it too."""
    return orjson.dumps(body, default=msgspec.to_builtins)


def json_document(bodies: Iterator[Any]) -> Iterator[bytes]:
    """JSON lines; one body alone is one line."""
    for body in bodies:
        yield as_json(body) + b"\n"


def xml_document(bodies: Iterator[Any]) -> Iterator[bytes]:
    """The one document, or a `records` element with all of them."""
    first, second = next(bodies, None), next(bodies, None)
    if first is None or second is None:
        yield first or b""
        return
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
    for body in chain((first, second), bodies):
        yield _bare(body) + b"\n"
    yield b"</records>\n"


def _bare(body: bytes) -> bytes:
    """Without its declaration."""
    text = body.lstrip(_BOM).lstrip()
    return text[text.find(b"?>") + 2 :].lstrip() if text.startswith(b"<?xml") else text


def rdf_document(bodies: Iterator[Any], syntax: str = "turtle") -> Iterator[bytes]:
    """All triples in one syntax: `turtle`, `nt`, `rdf`, `jsonld`, `trig`."""
    if syntax == "nt":
        yield from bodies
        return
    # Blank nodes of different records have the same names: each record's are set apart.
    yield rdf.serialise([each for number, body in enumerate(bodies) for each in _set_apart(body, number)], syntax)


def _set_apart(body: Any, number: int) -> Iterator[Any]:
    if not isinstance(body, bytes):
        yield from body
        return
    renamed = body.replace(b"_:b", b"_:r%db" % number) if number else body
    for each in pyoxigraph.parse(renamed, format=pyoxigraph.RdfFormat.N_TRIPLES):
        yield pyoxigraph.Triple(each.subject, each.predicate, each.object)


def table_document(bodies: Iterator[Any]) -> Iterator[bytes]:
    """CSV: the headers of the first row, then a line for each row and for each that belongs to it."""
    first = next(bodies, None)
    if first is None:
        return
    names = [cell[1] for cell in first["cells"]]
    yield _BOM + _line(names)
    for body in chain((first,), bodies):
        for cells in (body["cells"], *body.get("more", ())):
            held = {cell[1]: cell[2] for cell in reversed(cells)}
            yield _line([held.get(name, "") for name in names])


def _line(values: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue().encode("utf-8", "replace")


_JOINED: dict[str, Callable[[Iterator[Any]], Iterator[bytes]]] = {
    "json": json_document,
    "xml": xml_document,
    "rdf": rdf_document,
    "table": table_document,
}
