"""Mechanical repairs of a dataset's graph: what is meant is plain from what stands there, and only its spelling is wrong.

Words for a code become the code's address, an e-mail address gets its `mailto:`, a date its datatype, an address in quotes
becomes one, a misspelt or replaced property gets its name. A media type that the file's extension shows is filled in, and marked
as ours. Each repair answers a rule of `files/rdf/rules.json`; what is not plain stays as it is.
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
from standards.rdf_graph import Graph, canonical, graph_of
from standards.rdf_reading import day
from standards.rdf_terms import meant
from standards.rdf_write_parts import IANA

_ADDRESSES = (DCAT.accessURL, DCAT.downloadURL, DCAT.landingPage, DCAT.endpointURL, DCAT.endpointDescription, FOAF.page, FOAF.homepage)


class Change(NamedTuple):
    """A triple that is replaced (none, where one is added), by which, and the rule that this answers."""

    rule: str
    before: Triple | None
    after: Triple


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy, in the form that was given (bytes come back as sorted N-Triples), and what was done. Never raises."""
    if not isinstance(body, bytes | list | Graph):
        return body, []
    try:
        graph = graph_of(body)
    except (Unreadable, AttributeError, TypeError):
        return body, []
    changes = list(_changes(graph))
    if not changes:
        return body, []
    mended = _with(graph, changes)
    repairs = [_told(graph, change) for change in changes]
    return (canonical(mended) if isinstance(body, bytes) else mended), repairs


def _changes(graph: Graph) -> Iterator[Change]:
    for node in graph.said:
        for triple in graph.about(node):
            yield from _mended(graph, triple)
    for node in graph.of_class(DCAT.Distribution):
        yield from _filled(graph, node)


def _with(graph: Graph, changes: Iterable[Change]) -> list[Triple]:
    """The triples, mended."""
    replaced = {change.before: change.after for change in changes if change.before}
    added = [change.after for change in changes if change.before is None]
    return list(dict.fromkeys([*(replaced.get(triple, triple) for triple in graph.triples()), *added]))


def _told(graph: Graph, change: Change) -> Repair:
    before, after = change.before, change.after
    value = shown(before.object) if before else ""
    renamed = before is not None and before.predicate != after.predicate
    return Repair(
        rule=change.rule,
        path=place(graph, after.subject, before.predicate if before else after.predicate),
        before=before.predicate.value if before and renamed else value,
        after=after.predicate.value if renamed else shown(after.object),
        filled=before is None,
    )


def _mended(graph: Graph, triple: Triple) -> Iterator[Change]:
    """The one repair of a triple, if there is one; the name first."""
    renamed = _name(graph, triple)
    if renamed:
        yield Change("rdf/term/old" if triple.predicate in OLD else "rdf/term/unknown", triple, renamed)
        return
    for rule, mend in _MENDS:
        value = mend(triple.predicate, triple.object)
        if value is not None and value != triple.object:
            yield Change(rule, triple, Triple(triple.subject, triple.predicate, value))
            return


def _name(graph: Graph, triple: Triple) -> Triple | None:
    """The triple with its property (or class) by its right name, unless that is there already."""
    predicate: NamedNode = triple.predicate
    if predicate == RDF.type and isinstance(triple.object, NamedNode):
        kind = meant(triple.object.value)
        return Triple(triple.subject, predicate, NamedNode(kind)) if kind else None
    name = OLD.get(predicate) or meant(predicate.value)
    right = NamedNode(rdf.PREFIXES[name.split(":")[0]] + name.split(":")[1]) if predicate in OLD and name else NamedNode(name) if name else None
    if right is None or graph.objects(triple.subject, right) or predicate == DCT.hasVersion:
        return None
    return Triple(triple.subject, right, triple.object)


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
    return rdf.single(value.value.strip()) if value.value.strip().lower().startswith(("http://", "https://", "ftp://")) else None


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
        yield Change("rdf/format/absent", None, Triple(node, DCAT.mediaType, NamedNode(IANA + known)))
