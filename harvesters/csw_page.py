"""An answer of GetRecords, cut into its records: each as the bytes of a document of its own, with the namespaces it needs.

What a service says against a question (an exception report, with status 200 too) is a `Complaint`; an answer whose XML breaks
is a `Broken` one, and the walk asks for less. Rules: OGC 07-006r1 (CSW 2.0.2) §10.8.5, OGC 12-176r7 (CSW 3.0) §7.3.6; OGC
06-121r3 and 06-121r9 (exception reports).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harvesters.base import Record
from harvesters.json_text import refuse
from harvesters.rdf_pages import identifier as identifier_in
from harvesters.rdf_pages import modified
from metadata.errors import NotData, SourceError, Unreachable
from standards import rdf_document, rdf_graph
from standards.base import Finding, Unreadable
from standards.xml_characters import DOCTYPE
from standards.xml_documents import PREFIXES, Element, body_of, found, local, name, parse, words

_RDF = f"{{{PREFIXES['rdf']}}}RDF"
_DATASET = f"{{{PREFIXES['dcat']}}}Dataset"
_STANDARDS = {
    **{
        f"{{{PREFIXES[prefix]}}}{record}": "iso_19139" for prefix in ("gmd", "gmi") for record in ("MD_Metadata", "MI_Metadata")
    },
    **{f"{{{PREFIXES[prefix]}}}MD_Metadata": "iso_19115_3" for prefix in ("mdb", "mdb1")},
    **{
        f"{{{PREFIXES[prefix]}}}{record}": "dublin_core"
        for prefix in ("csw", "csw3")
        for record in ("Record", "SummaryRecord", "BriefRecord")
    },
}
_IDENTIFIERS = {
    "iso_19139": ("{*}fileIdentifier",),
    "iso_19115_3": ("{*}metadataIdentifier/{*}MD_Identifier/{*}code",),
    "dublin_core": ("dc:identifier",),
}
_CHANGED = {"iso_19139": ("{*}dateStamp",), "dublin_core": ("dct:modified", "dc:date")}


_REPORTS = ("ExceptionReport", "ServiceExceptionReport")


class Complaint(Exception):
    """What a service says against a question. `error` is how a run tells it; `beyond`: the question was for records after the
    last; `final`: it is about the question itself, whatever records it is for."""

    final = False

    def __init__(self, error: SourceError, code: str = "", locator: str = "", body: bytes = b"") -> None:
        super().__init__(str(error))
        self.error, self.code, self.body = error, code, body
        self.beyond = code in ("InvalidParameterValue", "OptionNotSupported") and "start" in locator.lower()


class Broken(Exception):
    """An answer whose XML breaks. `error` is how a run tells it, `finding` what is wrong, `body` what came."""

    def __init__(self, error: SourceError, finding: Finding | None, body: bytes) -> None:
        super().__init__(str(error))
        self.error, self.finding, self.body = error, finding, body


@dataclass(frozen=True)
class Page:
    """`rows`: how many records the answer holds, by counting them; `matched` and `following` are what it claims (0 is
    no claim)."""

    records: tuple[Record, ...]
    rows: int
    matched: int
    following: int


def opened(content: bytes, status: int, place: str) -> Element:
    """The root of an answer that is XML and no exception report. Raises `Complaint`, `Broken`, and `NotData` for HTML, JSON, an
    empty answer, and XML that is not read for safety."""
    if status >= 400:
        raise _against(content, status, place)
    start = content[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if not start.startswith(b"<") or start[:14].lower().startswith((b"<!doctype html", b"<html")):
        refuse(start.decode("utf-8", "replace"), place)
        raise NotData("this is not XML", place=place, value=start[:80].decode("utf-8", "replace"), remedy="Check the URL.")
    try:
        top = parse(content)
    except Unreadable as problem:
        told = problem.finding
        why = f"the answer cannot be read: {told.message['en']} {told.path}".rstrip()
        error = NotData(why, place=place, value=told.value, remedy="Ask the source to mend it.")
        if told.rule == DOCTYPE.id:
            raise error from None
        raise Broken(error, told, content) from None
    if local(top) in _REPORTS:
        raise _complaint(top, content, place)
    if local(top).lower() in ("html", "body"):
        raise NotData("this is an HTML page, not data", place=place, value=words(top), remedy="Check the URL.")
    return top


def _against(content: bytes, status: int, place: str) -> Complaint:
    """What an answer with an error status says: its exception report, or its status."""
    try:
        top = parse(content)
        if local(top) in _REPORTS:
            return _complaint(top, content, place)
    except Unreadable:
        pass
    return Complaint(_refused(status, content, place), str(status), body=content)


def _refused(status: int, content: bytes, place: str) -> SourceError:
    value = " ".join(content[:200].decode("utf-8", "replace").split())
    return Unreachable(f"it answered HTTP {status}", place=place, value=value, remedy="Check the URL and the settings.")


def _complaint(top: Element, content: bytes, place: str) -> Complaint:
    """OWS reports have a code in an attribute; older ones say `code`."""
    told = next((each for each in top.iter() if isinstance(each.tag, str) and local(each).endswith("Exception")), top)
    code = told.get("exceptionCode") or told.get("code") or ""
    locator = told.get("locator") or ""
    said = ": ".join(part for part in (" ".join(filter(None, (code, locator))), words(told)) if part)
    remedy = "Check the settings, or ask the source."
    error = NotData("the service answered with an error", place=place, value=said or "no reason given", remedy=remedy)
    return Complaint(error, code, locator, content)


def page(content: bytes, status: int, place: str) -> Page:
    """The records of an answer of GetRecords. Raises as `opened` does, and `NotData` for XML that is no such answer."""
    top = opened(content, status, place)
    results = next((each for each in top.iter() if isinstance(each.tag, str) and local(each) == "SearchResults"), None)
    if results is None:
        if local(top) == "GetRecordsResponse":
            return Page((), 0, 0, 0)
        remedy = "Check the URL and the settings."
        raise NotData("this is no list of records", place=place, value=local(top), remedy=remedy)
    children = [each for each in results if isinstance(each.tag, str)]
    matched, claimed = _number(results.get("numberOfRecordsMatched")), _number(results.get("numberOfRecordsReturned"))
    records = tuple(record for child in children for record in recorded(child, place))
    together = len(children) == 1 and name(children[0]) == _RDF  # all datasets in one graph
    rows = max(1, claimed) if together else len(children)
    return Page(records, rows, matched, _number(results.get("nextRecord")))


def one(content: bytes, status: int, place: str) -> tuple[Record, ...]:
    """The record of an answer of GetRecordById: inside a response, or bare."""
    top = opened(content, status, place)
    inside = [each for each in top if isinstance(each.tag, str)] if local(top) == "GetRecordByIdResponse" else [top]
    return tuple(record for child in inside for record in recorded(child, place))


def recorded(element: Element, place: str) -> Iterator[Record]:
    """The record that an element is; the datasets of one that is RDF."""
    if name(element) in (_RDF, _DATASET):
        yield from _datasets(element, place)
        return
    standard = _STANDARDS.get(name(element)) or ("iso_19139" if local(element).endswith("MD_Metadata") else None)
    identifier, changed = _said(element, _IDENTIFIERS, standard), _said(element, _CHANGED, standard)
    yield Record(body_of(element), identifier, standard, changed)


def _said(element: Element, paths: Mapping[str, tuple[str, ...]], standard: str | None) -> str | None:
    """The first words at the paths for this standard."""
    return next((said for path in paths.get(standard or "", ()) if (said := found(element, path))), None)


def _datasets(element: Element, place: str) -> Iterator[Record]:
    body = body_of(element)
    if name(element) == _DATASET:
        body = b'<rdf:RDF xmlns:rdf="%s">%s</rdf:RDF>' % (PREFIXES["rdf"].encode(), body)
    try:
        parsed = rdf_document.parse(body, "rdf", place if place.startswith("http") else None)
    except Unreadable as problem:
        about = next((each.get(f"{{{PREFIXES['rdf']}}}about") for each in element.iter(_DATASET)), None)
        yield Record(body, about, "dcat_3", faults=(problem.finding,))
        return
    graph, faults = rdf_graph.Graph(parsed.triples), parsed.faults
    nodes = rdf_graph.datasets(graph)
    for node in nodes:
        changed = modified(graph, node)
        yield Record(rdf_graph.body_of(graph, node), identifier_in(graph, node), modified=changed, faults=faults)
        faults = ()
    if not nodes:
        yield Record(body, None, "dcat_3", faults=faults)


def _number(said: str | None) -> int:
    """A count as it is written; 0 when it is none."""
    return int(said) if said and said.strip().isdecimal() and len(said) < 12 else 0
