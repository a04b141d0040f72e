"""The records of a document in any form: JSON, XML, RDF, tables, HTML pages. Chosen by content, never by a file's name.

    for part in records(document): …      Part(body, place, faults)

What a body is, by form (`standards/base.py`): parsed JSON; one XML document; N-Triples of one dataset; a table row;
the JSON-LD or microdata objects of a page. A document that turns out to be broken or forbidden after its head gives a part
whose `faults` say where, so that a check of many files goes on and a clerk sees the line. Only what holds no records at all
(a picture, an empty answer, plain prose) raises `NotData`; too much of anything raises `TooLarge`.
"""

import os
import re
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import chain
from typing import Any, NamedTuple

from harvesters import front_matter, json_lists, xml_stream
from harvesters.documents import items
from harvesters.json_text import refuse
from harvesters.spool import Document
from metadata.errors import NotData, TooLarge
from standards import html_pages, rdf_document, rdf_graph, tables, workbooks
from standards.base import Finding, Unreadable
from standards.forms import own
from standards.table import detect

LIMIT = 256 << 20  # bytes of a document that cannot be read in pieces (RDF, workbooks, pages)

_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta|title)\b", re.IGNORECASE | re.DOTALL)
_LINE = re.compile(r"<[^<>\s\"]*>\s+(?:<[^<>\s\"]*>|a)\s")
_JSON = re.compile(r"[{\[]|\"(?:\s|\\[nrt])*[{\[]")
_PREFIXES = re.compile(rb"^\s*(?:@prefix\s|@base\s|prefix\s+[\w-]*:\s*<|base\s+<)", re.IGNORECASE | re.MULTILINE)
_HTML = frozenset(
    (
        *(
            "html",
            "body",
            "head",
            "meta",
            "script",
            "link",
            "main",
            "header",
            "footer",
            "section",
            "article",
            "nav",
            "div",
            "span",
        ),
        *("table", "tr", "td", "ul", "ol", "li", "p", "a", "h1", "h2", "h3", "form", "select", "option", "img", "br"),
    )
)
_PICTURES = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x1f\x8b": "compressed with gzip",
    b"SQLite": "an SQLite database",
}


class Part(NamedTuple):
    """One record of a document; `place` says where in it (`line 12`, `目录!A5`), `faults` what its form had wrong."""

    body: Any
    place: str = ""
    faults: tuple[Finding, ...] = ()


def records(document: Document) -> Iterator[Part]:
    """Every record. Raises `NotData` or `TooLarge`; records before a break are given first."""
    raw = os.pread(document.descriptor, 4096, 0)
    if workbooks.kind(raw if raw[:2] != b"PK" else document.whole()):
        yield from _told(document, _workbook(document))
        return
    _refuse_binary(raw, document.place)
    head = document.head()
    start = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n\0")
    if start.startswith("<") and not _LINE.match(start):
        yield from _markup(document, start)
    elif _JSON.match(start) and not _is_turtle(head):
        yield from _json(document)
    elif front_matter.begins(start):
        yield _front_matter(document)
    elif _is_turtle(head):
        yield from _told(document, _rdf(document))
    else:
        yield from _table(document, start)


def _is_turtle(head: bytes) -> bool:
    return (bool(_PREFIXES.search(head)) and head.lstrip()[:1] != b"{") or rdf_document.sniff(head) == "nt"


def _refuse_binary(raw: bytes, place: str) -> None:
    """Raises `NotData` for what is no text, naming it where its first bytes tell."""
    said = next((words for magic, words in _PICTURES.items() if raw.startswith(magic)), None)
    if said is None and raw.startswith(b"PK\x03\x04"):
        said = "a ZIP archive that is no workbook"
    if said:
        raise NotData(f"this is {said}, not data", place=place, remedy="Give the file with the descriptions.")


def _told(document: Document, parts: Iterator[Part]) -> Iterator[Part]:
    """The parts; where the form is broken or forbidden, a part that says so, in place of the rest."""
    try:
        yield from parts
    except Unreadable as problem:
        yield Part(document.head(1 << 16).decode("utf-8", "replace"), problem.finding.path, (problem.finding,))


def _workbook(document: Document) -> Iterator[Part]:
    return map(_row, _gathered(tables.rows(whole(document))))


def _gathered(rows: Iterator[tables.Body]) -> Iterator[tables.Body]:
    """Sheets and rows that belong together, put together as the standard that recognises the first row does it."""
    first = next(rows, None)
    if first is None:
        return
    standard = detect(first)
    gather = own(standard, "gather") if standard else None
    every = chain((first,), rows)
    yield from gather(every) if gather else every


def _row(body: tables.Body) -> Part:
    return Part(body, tables.place(body))


def _table(document: Document, start: str) -> Iterator[Part]:
    """Delimited text; anything else is no data."""
    with document.open() as reader:
        sample = reader.read(1 << 16).decode("utf-8", "replace")
    if not start:
        refuse(start, document.place)
    if "\0" in sample or not tables.delimiter(sample):
        raise NotData(
            "this is none of the forms that are read (JSON, XML, RDF, a table, an HTML page)",
            place=document.place,
            value=" ".join(start[:80].split()),
            remedy="Check what was published there.",
        )
    with TextIOWrapper(document.open(), "utf-8", newline="") as lines:
        yield from _told(document, map(_row, _gathered(tables.text_rows(lines))))


def _front_matter(document: Document) -> Part:
    with document.open() as reader:
        return Part(front_matter.read(reader.read(front_matter.MOST).decode("utf-8", "replace"), document.place))


def _rdf(document: Document, syntax: str | None = None) -> Iterator[Part]:
    """One part per dataset; what was wrong with the document as a whole is told with the first."""
    parsed = rdf_document.parse(whole(document), syntax, _base(document.place))
    faults = parsed.faults
    for place, body in rdf_graph.cut(parsed):
        yield Part(body, place, faults)
        faults = ()
    if faults:
        yield Part(b"", "", faults)


def _base(place: str) -> str | None:
    return place if place.startswith(("http://", "https://")) else None


def _markup(document: Document, start: str) -> Iterator[Part]:
    if _PAGE.match(start) or xml_stream.root(document).rpartition("}")[2].lower() in _HTML:
        yield from _page(document)
        return
    if xml_stream.is_rdf(document):
        yield from _told(document, _rdf(document, "rdf"))
        return
    for body, place, embedded in _told_xml(document):
        if isinstance(embedded, Finding):
            yield Part(body, place, (embedded,))
        elif embedded:
            yield from _told(document, _inside(body, place, document.place))
        else:
            yield Part(body, place)


def _inside(body: bytes, place: str, address: str) -> Iterator[Part]:
    """The datasets of an `rdf:RDF` inside an answer."""
    for about, triples in rdf_graph.records(body, "rdf", _base(address)):
        yield Part(triples, f"{place}: {about}")


def _told_xml(document: Document) -> Iterator[tuple[bytes, str, bool | Finding]]:
    """`(body, place, whether it is RDF/XML inside)`; a break as a last one with its finding."""
    try:
        for body, place in xml_stream.elements(document):
            yield body, place, xml_stream.is_rdf_root(body)
    except Unreadable as problem:
        yield document.head(1 << 16), problem.finding.path, problem.finding


def _page(document: Document) -> Iterator[Part]:
    """The objects that an HTML page carries; one that carries none is what a site shows in place of data."""
    found = False
    for number, body in enumerate(html_pages.descriptions(whole(document))):
        found = True
        yield Part(body, f"object {number}")
    if not found:
        refuse(document.head().decode("utf-8", "replace"), document.place)
        raise NotData("this page describes no dataset", place=document.place, remedy="Check the URL.")


def _json(document: Document) -> Iterator[Part]:
    """JSON of any shape; a DCAT graph in JSON-LD is RDF."""
    if json_lists.is_graph(document):
        yield from _told(document, _rdf(document, "jsonld"))
        return
    key = json_lists.long_list(document)
    for body in json_lists.listed(document, key) if key else items(document, alone=True):
        yield from (Part(each) for each in json_lists.unwrapped(body))
    if not key:
        yield from (Part(body, place) for place, body in json_lists.beside(document))


def whole(document: Document) -> bytes:
    """All bytes of a document that cannot be read in pieces. Raises `TooLarge`."""
    if document.size > LIMIT:
        limit = f"this form is read whole, and has more than {LIMIT >> 20} MiB"
        raise TooLarge(limit, place=document.place, value=document.size, remedy="Ask the source to split it.")
    return document.whole()
