"""Mechanical repairs of a dataset's graph: what is meant is plain from what stands there, and only its spelling is wrong.

Words for a code become the code's address, an e-mail address gets its `mailto:`, a date its datatype, an address in quotes
becomes one, a misspelt or replaced property gets its name. A media type that the file's extension shows is filled in, and
marked as ours. Each repair answers a rule of `files/rdf/rules.json`; what is not plain stays as it is.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from metadata import vocabulary
from standards import rdf
from standards.base import Repair, Unreadable
from standards.rdf import DCAT, DCT, FOAF, RDF, VCARD, XSD, Node, Term
from standards.rdf_check import place, shown
from standards.rdf_check_values import OLD, code_of, is_no_date, size_of
from standards.rdf_graph import Graph, canonical
from standards.rdf_read import graph_for
from standards.rdf_reading import day
from standards.rdf_terms import meant
from standards.rdf_write_parts import IANA
from standards.shapes_table import term

_ADDRESSES = (
    DCAT.accessURL,
    DCAT.downloadURL,
    DCAT.landingPage,
    DCAT.endpointURL,
    DCAT.endpointDescription,
    FOAF.page,
    FOAF.homepage,
)


Said = tuple[Node, NamedNode, Term]


class Change(NamedTuple):
    """What is said that is replaced (None where something is added), by what, and the rule that this answers."""

    rule: str
    before: Said | None
    after: Said


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy, in the form that was given (bytes come back as sorted N-Triples), and what was done. Never raises."""
    try:
        graph = graph_for(body)
    except Unreadable:
        return body, []
    changes = list(_changes(graph))
    if not changes:
        return body, []
    mended = _with(graph, changes)
    repairs = [_told(graph, change) for change in changes]
    return (canonical(mended) if isinstance(body, bytes) else mended), repairs


def _said(graph: Graph) -> Iterator[Said]:
    for node, said in graph.said.items():
        for predicate, values in said.items():
            for value in values:
                yield node, predicate, value


def _changes(graph: Graph) -> Iterator[Change]:
    for said in _said(graph):
        yield from _mended(graph, *said)
    for node in graph.of_class(DCAT.Distribution):
        yield from _filled(graph, node)


def _with(graph: Graph, changes: Iterable[Change]) -> list[Triple]:
    """The triples, mended."""
    replaced = {change.before: change.after for change in changes if change.before}
    added = [change.after for change in changes if change.before is None]
    return [Triple(*said) for said in dict.fromkeys([*(replaced.get(each, each) for each in _said(graph)), *added])]


def _told(graph: Graph, change: Change) -> Repair:
    node, predicate, value = change.after
    if change.before is None:
        return Repair(rule=change.rule, path=place(graph, node, predicate), before="", after=shown(value), filled=True)
    _, old, before = change.before
    renamed = old != predicate
    return Repair(
        rule=change.rule,
        path=place(graph, node, old),
        before=old.value if renamed else shown(before),
        after=predicate.value if renamed else shown(value),
    )


def _mended(graph: Graph, node: Node, predicate: NamedNode, value: Term) -> Iterator[Change]:
    """The one repair of what is said, if there is one; the name first."""
    before = node, predicate, value
    name = _name(graph, node, predicate)
    if name:
        yield Change("rdf/term/old" if predicate in OLD else "rdf/term/unknown", before, (node, name, value))
        return
    kind = meant(value.value) if predicate == RDF.type and isinstance(value, NamedNode) else None
    if kind:
        yield Change("rdf/term/unknown", before, (node, predicate, NamedNode(kind)))
        return
    for rule, mend in _MENDS:
        found = mend(predicate, value)
        if found is not None and found != value:
            yield Change(rule, before, (node, predicate, found))
            return


def _name(graph: Graph, node: Node, predicate: NamedNode) -> NamedNode | None:
    """A property's right name, unless it is right, or the node says that already."""
    if predicate == DCT.hasVersion:
        return None
    name = meant(predicate.value)
    right = term(OLD[predicate]) if predicate in OLD else NamedNode(name) if name else None
    return None if right is None or graph.objects(node, right) else right


def _mail(predicate: NamedNode, value: Term) -> Term | None:
    if predicate not in (VCARD.hasEmail, FOAF.mbox):
        return None
    return rdf.mail(value.value) if isinstance(value, Literal | NamedNode) and not value.value.startswith("mailto:") else None


def _date(predicate: NamedNode, value: Term) -> Term | None:
    if predicate not in (DCT.issued, DCT.modified, DCT.created, DCAT.startDate, DCAT.endDate):
        return None
    found = day(value) if isinstance(value, Literal) and is_no_date(value) else None
    return rdf.moment(found) if found else None


def _code(predicate: NamedNode, value: Term) -> Term | None:
    found = code_of(predicate, value)
    return rdf.iri(found) if found else None


def _address(predicate: NamedNode, value: Term) -> Term | None:
    if predicate not in _ADDRESSES or not isinstance(value, Literal):
        return None
    return (
        rdf.single(value.value.strip()) if value.value.strip().lower().startswith(("http://", "https://", "ftp://")) else None
    )


def _size(predicate: NamedNode, value: Term) -> Term | None:
    size = size_of(value) if predicate == DCAT.byteSize else None
    return Literal(str(size), datatype=XSD.nonNegativeInteger) if size is not None else None


_MENDS: tuple[tuple[str, Callable[[NamedNode, Term], Term | None]], ...] = (
    ("rdf/email/mailto", _mail),
    ("rdf/date/form", _date),
    ("rdf/code/words", _code),
    ("rdf/address/literal", _address),
    ("rdf/size/form", _size),
)


def _filled(graph: Graph, node: Node) -> Iterator[Change]:
    """The media type that the extension of a file shows, where neither it nor the format is said."""
    said = graph.said[node]
    link = next(iter(said.get(DCAT.downloadURL, ())), None)
    if DCAT.mediaType in said or DCT.format in said or not isinstance(link, NamedNode):
        return
    known = vocabulary.format_of(None, None, link.value)[1]
    if known:
        yield Change("rdf/format/absent", None, (node, DCAT.mediaType, NamedNode(IANA + known)))
