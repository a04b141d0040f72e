"""XML documents of any size, cut into records: one ISO record, a CSW or OAI-PMH answer, a list that a department made.

Elements that are records wherever they stand are given one by one, and forgotten; what is around them is not kept. A document
that has none of them is itself one record, or a list of whatever a standard recognises in it. Sources: OGC CSW 2.0.2 §10.8,
OAI-PMH 2.0 §3, ISO/TS 19139, ISO/TS 19115-3, FGDC CSDGM, MODS 3, DataCite 4.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from harvesters.spool import Document
from metadata.errors import TooLarge
from standards import xml_documents
from standards.base import Unreadable
from standards.table import detect
from standards.xml_characters import DOCTYPE, MALFORMED, REFUSED, without_doctype
from standards.xml_documents import PREFIXES, body_of, first, parse, root_name, where, words

WHOLE = xml_documents.MOST_BYTES
LONGEST = 12 << 20
"""Bytes from one `<` to the next: a tag with its attributes and the text behind it, each of which libxml2 ends at 10 MB."""

_STEP = 1 << 16
_CONTROLS = bytes(32 if byte < 32 and byte not in (9, 10, 13) else byte for byte in range(256))
_RDF = f"{{{PREFIXES['rdf']}}}RDF"
_CSW = ("Record", "SummaryRecord", "BriefRecord")
RECORDS = frozenset(
    (
        f"{{{PREFIXES['gmd']}}}MD_Metadata",
        f"{{{PREFIXES['gmi']}}}MI_Metadata",
        f"{{{PREFIXES['mdb']}}}MD_Metadata",
        f"{{{PREFIXES['mdb1']}}}MD_Metadata",
        f"{{{PREFIXES['oai_dc']}}}dc",
        f"{{{PREFIXES['mods']}}}mods",
        *(f"{{{PREFIXES[prefix]}}}{name}" for prefix in ("csw", "csw3") for name in _CSW),
        *(f"{{http://datacite.org/schema/kernel-{version}}}resource" for version in ("2.2", "3", "4")),
    )
)
"""Elements that are one record each, wherever they stand; `rdf:RDF` inside an answer too."""

EMPTY = frozenset(
    (
        *(
            f"{{{PREFIXES[prefix]}}}{name}"
            for prefix in ("csw", "csw3")
            for name in ("GetRecordsResponse", "GetRecordByIdResponse")
        ),
        f"{{{PREFIXES['oai']}}}OAI-PMH",
        f"{{{PREFIXES['mods']}}}modsCollection",
    )
)
"""Answers and lists that hold nothing when no record is in them."""

_EXCEPTIONS = frozenset(f"{{http://www.opengis.net/ows{version}}}ExceptionReport" for version in ("", "/1.1", "/2.0"))
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "encoding": "utf-8"}


def root(document: Document) -> str:
    """`{namespace}local` of the root element; "" for none."""
    return root_name(document.head(_STEP))


def is_rdf(document: Document) -> bool:
    """Whether the root is `rdf:RDF`."""
    return root(document) == _RDF


def is_rdf_root(body: bytes) -> bool:
    """The same of an element that was cut out."""
    return root_name(body) == _RDF


def elements(document: Document) -> Iterator[tuple[bytes, str]]:
    """`(body, place)` of every record. Raises `Unreadable` where the document breaks, `TooLarge` for one record too large."""
    if root(document) in RECORDS:
        yield _whole(document), ""
        return
    count = 0
    try:
        for body, line in _streamed(document):
            count += 1
            yield body, f"line {line}"
    except Unreadable:
        if count or document.size > WHOLE:
            raise
    if not count:
        yield from _looked_for(_whole(document))


def _whole(document: Document) -> bytes:
    if document.size > WHOLE:
        limit = f"one XML record has more than {WHOLE >> 20} MiB"
        raise TooLarge(limit, place=document.place, value=document.size, remedy="Ask the source to mend it.")
    return document.whole()


class _Reader:
    """UTF-8 for the parser: control characters as blanks, a look at the prolog, and an end to what holds no record."""

    def __init__(self, inner: BinaryIO, place: str) -> None:
        self._inner, self._place = inner, place
        self._first = True
        self._since = self._run = 0

    def mark(self) -> None:
        """A record ended."""
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._inner.read(_STEP if size < 0 else size).translate(_CONTROLS)
        self._since += len(chunk)
        last = chunk.rfind(b"<")  # which no attribute may hold: a long one cannot hide behind it
        self._run = self._run + len(chunk) if last < 0 else len(chunk) - last
        if self._since > WHOLE:
            self._refuse(f"more than {WHOLE >> 20} MiB of XML without the end of a record")
        if self._run > LONGEST:
            self._refuse(f"an attribute or a text of more than {LONGEST >> 20} MiB")
        if self._first:
            chunk = without_doctype(chunk.lstrip())
            self._first = False
        return chunk

    def _refuse(self, limit: str) -> None:
        raise TooLarge(limit, place=self._place, remedy="Ask the source to mend it.")


def _streamed(document: Document) -> Iterator[tuple[bytes, int]]:
    with document.open() as inner:
        reader = _Reader(inner, document.place)
        depth = 0
        try:
            for event, element in etree.iterparse(reader, ("start", "end"), tag=(*RECORDS, _RDF), **_SAFE):
                depth += 1 if event == "start" else -1
                if event == "start":
                    _refuse_declarations(element)
                elif depth == 0:
                    yield body_of(element), element.sourceline or 0
                    reader.mark()
                    _forget(element)
        except etree.XMLSyntaxError as problem:
            raise _broken(problem) from None


def _refuse_declarations(element: Any) -> None:
    declared = element.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise Unreadable(DOCTYPE, "")


def _broken(problem: Any) -> Unreadable:
    line, _ = problem.position
    return Unreadable(MALFORMED, f"(line {line})", str(problem.msg))


def _forget(element: Any) -> None:
    """Lets go of a record, and of what stands before it and before what is around it."""
    element.clear(keep_tail=False)
    for each in (element, *element.iterancestors()):
        around = each.getparent()
        while around is not None and each.getprevious() is not None:
            del around[0]


def _looked_for(body: bytes) -> Iterator[tuple[bytes, str]]:
    """The document itself when a standard knows it, else the elements inside that one does, else the document itself; of a
    document that the strict parser broke on, its records."""
    if detect(body) is not None:
        yield body, ""
        return
    top = parse(body)
    failure = top if str(top.tag) in _EXCEPTIONS else first(top, "oai:error")
    if failure is not None and failure.get("code") != "noRecordsMatch":
        raise Unreadable(REFUSED, where(failure), words(failure) or failure.get("code"))
    known = dict.fromkeys(RECORDS, True)
    count = 0
    for element in _inside(top, known):
        count += 1
        yield body_of(element), f"line {element.sourceline or 0}"
    if not count and str(top.tag) not in EMPTY:
        yield body, ""


def _inside(top: Any, known: dict[str, bool]) -> Iterator[Any]:
    """The outermost elements, up to four levels down, whose name is known to be a record's; a name is looked at once."""
    level = [top]
    for _ in range(4):
        inner = []
        for element in (child for parent in level for child in parent):
            name = str(element.tag)
            if name not in known:
                known[name] = len(element) > 0 and detect(body_of(element)) is not None
            if known[name]:
                yield element
            else:
                inner.append(element)
        level = inner
