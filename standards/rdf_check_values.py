"""Checks of values, whatever the profile: dates and their order, periods, boxes, e-mail addresses, web addresses, spelling.

Each yields (rule, node, property, value); the rules are in `files/rdf/rules.json`, each with its clause.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date as calendar_day
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode

from metadata import vocabulary
from standards.rdf import ADMS, DCAT, DCT, FOAF, LOCN, OWL, RDF, SCHEMA, SKOS, VCARD, XSD, Node, Term
from standards.rdf_geometry import around, geometry_of, is_box, is_rectangle
from standards.rdf_graph import Graph
from standards.rdf_lexical import DATES, is_valid
from standards.rdf_read_places import within
from standards.rdf_reading import day
from standards.rdf_terms import is_unknown
from standards.rdf_write_parts import IANA

Odd = tuple[str, Node, NamedNode | None, str]

_DATED = (DCT.issued, DCT.modified, DCT.created, DCAT.startDate, DCAT.endDate, SCHEMA.startDate, SCHEMA.endDate)
OLD = {
    SCHEMA.startDate: "dcat:startDate",
    SCHEMA.endDate: "dcat:endDate",
    OWL.versionInfo: "dcat:version",
    DCT.isVersionOf: "dcat:isVersionOf",
    DCT.hasVersion: "dcat:hasVersion",
    ADMS.version: "dcat:version",
    DCAT.size: "dcat:byteSize",
    DCAT.granularity: "dcat:spatialResolutionInMeters",
}
CODED = {
    DCT.accrualPeriodicity: "frequency",
    DCT.language: "language",
    DCT.license: "licence",
    DCT.format: "format",
    DCT.accessRights: "access-right",
    DCAT.theme: "theme",
    DCAT.mediaType: "media-type",
    DCAT.compressFormat: "media-type",
    DCAT.packageFormat: "media-type",
}
"""Properties whose values are addresses of codes, and the list in which words for them are looked up."""
_WEB = re.compile(r"(?:https?|ftps?|sftp|s3|gs|file)://[^\s/]", re.IGNORECASE)
_OPENED = (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL, DCAT.landingPage, FOAF.page, FOAF.homepage)
_ONE_IN_A_LANGUAGE = (DCT.title, DCT.description)
_CONCEPTS = (SKOS.Concept, SKOS.ConceptScheme)


def check_values(graph: Graph) -> Iterator[Odd]:
    """All that is odd about the values of a graph."""
    for node, said in graph.said.items():
        kinds = said.get(RDF.type, {})
        for check in _CHECKS:
            yield from check(node, said)
        yield from _identity(node, kinds)


def _dates(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for predicate in _DATED:
        for value in said.get(predicate, ()):
            if isinstance(value, Literal) and is_no_date(value):
                yield "rdf/date/form", node, predicate, value.value


def is_no_date(value: Literal) -> bool:
    """Whether a literal is no date that fits its datatype, or is one without its datatype in another spelling than ISO 8601."""
    kind = value.datatype.value
    if kind in DATES:
        return not is_valid(value.value, kind)
    if value.datatype == XSD.string or value.language:
        return day(value) != value.value.strip()
    return True


def _order(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for rule, first, last in (
        ("rdf/date/order", DCT.issued, DCT.modified),
        ("rdf/period/order", DCAT.startDate, DCAT.endDate),
        ("rdf/period/order", SCHEMA.startDate, SCHEMA.endDate),
    ):
        early, late = _one_day(said.get(first)), _one_day(said.get(last))
        if early and late and _ends_before(late, early):
            yield rule, node, last, f"{early} > {late}"


def _one_day(values: dict[Term, None] | None) -> str | None:
    return day(next(iter(values))) if values and len(values) == 1 else None


def _ends_before(late: str, early: str) -> bool:
    """Whether the later date, with the precision it has, is over before the earlier one begins."""
    size = min(len(late), len(early), 10)
    try:
        calendar_day.fromisoformat(f"{early[:10]}-01-01"[:10])
    except ValueError:
        return False
    return late[:size] < early[:size]


def _boxes(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for predicate in (DCAT.bbox, DCAT.centroid, LOCN.geometry):
        for value in said.get(predicate, ()):
            if not isinstance(value, Literal):
                continue
            geometry = geometry_of(value.value)
            box = around(geometry) if geometry else None
            if box is None:
                if not re.match(r"\s*<[^>]*EPSG[^>]*>|\s*SRID=", value.value) and "srsName" not in value.value:
                    yield "rdf/box/form", node, predicate, value.value
            elif not is_box(within(box) if geometry and is_rectangle(geometry) else box):
                yield "rdf/box/range", node, predicate, value.value


def _mails(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for predicate in (VCARD.hasEmail, FOAF.mbox):
        for value in said.get(predicate, ()):
            if isinstance(value, Literal) or (
                isinstance(value, NamedNode) and not re.match(r"mailto:[^@\s]+@[^@\s]+$", value.value, re.IGNORECASE)
            ):
                yield "rdf/email/mailto", node, predicate, value.value


def _links(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for predicate in _OPENED:
        for value in said.get(predicate, ()):
            if isinstance(value, NamedNode) and not _WEB.match(value.value):
                yield "rdf/address/form", node, predicate, value.value


def _quoted(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for predicate in _OPENED:
        for value in said.get(predicate, ()):
            if isinstance(value, Literal) and _WEB.match(value.value.strip()):
                yield "rdf/address/literal", node, predicate, value.value


def _codes(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for predicate in CODED:
        for value in said.get(predicate, ()):
            if isinstance(value, Literal) and code_of(predicate, value):
                yield "rdf/code/words", node, predicate, value.value


def code_of(predicate: NamedNode, value: Term) -> str | None:
    """The address of the code that words stand for, where the property's list knows them."""
    scheme = CODED.get(predicate)
    if scheme is None or not isinstance(value, Literal):
        return None
    if scheme == "media-type":
        known = vocabulary.media_type_of(value.value)
        return IANA + known if known else None
    return vocabulary.look_up(scheme, value.value.strip()).uri


def _sizes(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for value in said.get(DCAT.byteSize, ()):
        if isinstance(value, Literal) and (value.datatype != XSD.nonNegativeInteger or not value.value.isdecimal()):
            yield "rdf/size/form", node, DCAT.byteSize, value.value


def size_of(value: Term) -> int | None:
    """A number of bytes that is spelled as another number."""
    try:
        number = Decimal(value.value.strip()) if isinstance(value, Literal) else None
        return int(number) if number is not None and number == int(number) and 0 <= number < 2**63 else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


def _formats(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    if DCAT.downloadURL in said and DCAT.mediaType not in said and DCT.format not in said:
        yield "rdf/format/absent", node, DCAT.mediaType, ""


def _spelling(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    for predicate in said:
        if predicate in OLD and not (predicate == DCT.hasVersion and DCAT.Dataset not in said.get(RDF.type, ())):
            yield "rdf/term/old", node, predicate, OLD[predicate]
        elif is_unknown(predicate.value):
            yield "rdf/term/unknown", node, predicate, predicate.value
    for kind in said.get(RDF.type, ()):
        if isinstance(kind, NamedNode) and is_unknown(kind.value):
            yield "rdf/term/unknown", node, RDF.type, kind.value


def _twice(node: Node, said: dict[NamedNode, dict[Term, None]]) -> Iterator[Odd]:
    if any(kind in said.get(RDF.type, ()) for kind in _CONCEPTS):
        return
    for predicate in _ONE_IN_A_LANGUAGE:
        seen: dict[str, str] = {}
        for value in said.get(predicate, ()):
            if isinstance(value, Literal) and seen.setdefault(value.language or "", value.value) != value.value:
                yield "rdf/language/twice", node, predicate, value.value


def _identity(node: Node, kinds: dict[Term, None]) -> Iterator[Odd]:
    if DCAT.Dataset in kinds and DCAT.CatalogRecord in kinds:
        yield "rdf/record/identity", node, RDF.type, str(node)
    if DCAT.Dataset in kinds and isinstance(node, BlankNode):
        yield "rdf/blank/dataset", node, None, str(node)


_CHECKS: tuple[Callable[[Node, dict[NamedNode, dict[Term, None]]], Iterator[Odd]], ...] = (
    _dates, _order, _boxes, _mails, _links, _quoted, _codes, _sizes, _formats, _spelling, _twice,
)  # fmt: skip
