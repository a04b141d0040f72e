"""Checking a dataset's graph: what a profile's tables ask, and what holds for RDF whatever its profile.

`findings` puts results into words with their place: `<focus node> dct:title`, and where the focus node is blank the way to it
from a node that has an address. Three kinds of results are taken back, since they tell a clerk nothing: that the class of
something described elsewhere is not said here, that a node is of a class below the wanted one (foaf:Organization for
foaf:Agent), and that words are not of a class where it was said already that they should be no words. `full` leaves all in,
as the official validator would, and adds the controlled lists.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from standards.base import Finding, Rule, Unreadable, finding
from standards.rdf import DCAT, PREFIXES, RDF, Node, Term
from standards.rdf_check_values import check_values
from standards.rdf_graph import Graph
from standards.rdf_read import first_dataset, graph_for
from standards.rdf_rules import RULES
from standards.shapes_table import LAYERS, LISTS, Result, Table, evaluate, is_described

MOST_FINDINGS = 500
"""Of one record; a catalogue of faults is a fault of the mapping, not of so many fields."""

_BELOW = {
    "foaf:Agent": "foaf:Organization foaf:Person foaf:Group org:Organization org:FormalOrganization org:OrganizationalUnit "
    "prov:Organization prov:Person prov:Agent schema:Organization rov:RegisteredOrganization",
    "prov:Agent": "foaf:Agent foaf:Organization foaf:Person foaf:Group prov:Organization prov:Person prov:SoftwareAgent "
    "org:Organization",
    "vcard:Kind": "vcard:Organization vcard:Individual vcard:Group vcard:Location vcard:VCard",
    "dcat:Resource": "dcat:Dataset dcat:DataService dcat:Catalog dcat:DatasetSeries",
    "dcat:Dataset": "dcat:Catalog dcat:DatasetSeries",
    "dct:MediaTypeOrExtent": "dct:MediaType dct:FileFormat dct:SizeOrDuration dct:IMT",
    "dct:RightsStatement": "dct:LicenseDocument",
    "dct:Standard": "skos:Concept prov:Plan",
    "dcat:Role": "skos:Concept",
    "locn:Geometry": "geosparql:Geometry geosparql:Feature",
    "foaf:Document": "schema:WebPage foaf:Image",
}


def _term(short: str) -> NamedNode:
    prefix, _, name = short.partition(":")
    return NamedNode({**PREFIXES, "rov": "http://www.w3.org/ns/regorg#"}[prefix] + name)


BELOW: dict[str, frozenset[NamedNode]] = {kind: frozenset(map(_term, names.split())) for kind, names in _BELOW.items()}


def findings(body: object, tables: Iterable[Table], rules: Mapping[str, Rule], *, full: bool = False) -> Iterator[Finding]:
    """All findings of a body, in the order of the tables, in the words of their rules. Never raises."""
    try:
        graph = graph_for(body)
    except Unreadable as problem:
        yield problem.finding
        return
    seen: set[tuple[str, str]] = set()
    for each in _all(graph, tables, rules, full):
        if (each.rule, each.path) not in seen and len(seen) < MOST_FINDINGS:
            seen.add((each.rule, each.path))
            yield each


def _all(graph: Graph, tables: Iterable[Table], rules: Mapping[str, Rule], full: bool) -> Iterator[Finding]:
    dataset = first_dataset(graph)
    if dataset is None:
        yield finding(RULES["rdf/dataset/absent"], "")
    elif DCAT.Dataset not in graph.classes(dataset):
        yield finding(RULES["rdf/dataset/class"], place(graph, dataset, RDF.type))
    for shapes in tables:
        for result in evaluate(graph, shapes, (*LAYERS, LISTS) if full else LAYERS):
            if full or not _tells_nothing(graph, result, shapes):
                yield finding(rules[result.rule], place(graph, result.focus, result.path), shown(result.value))
    for rule, node, predicate, value in check_values(graph):
        yield finding(RULES[rule], place(graph, node, predicate), value)


def _tells_nothing(graph: Graph, result: Result, shapes: Table) -> bool:
    """See the module's words."""
    if result.component != "Class" or result.value is None:
        return False
    if isinstance(result.value, Literal):
        return shapes.kinds
    if not is_described(graph, result.value):
        return True
    return not BELOW.get(result.wanted, frozenset()).isdisjoint(graph.classes(result.value))


def place(graph: Graph, node: Node, predicate: NamedNode | None) -> str:
    """`<focus> dct:title`; for a blank focus node `<dataset> dcat:contactPoint/vcard:hasEmail (_:b3)`."""
    steps = [short(predicate)] if predicate else []
    at, seen = node, set[Node]()
    while isinstance(at, BlankNode) and at not in seen:
        seen.add(at)
        above = next(iter(graph.pointing(at)), None)
        if above is None:
            break
        at = above[0]
        steps.insert(0, short(above[1]))
    way = "/".join(steps)
    return f"{at} {way}{f' ({node})' if node != at else ''}".strip()


def short(predicate: NamedNode) -> str:
    """`dct:title`, or the whole address in angle brackets."""
    for prefix, start in PREFIXES.items():
        if predicate.value.startswith(start):
            return f"{prefix}:{predicate.value[len(start) :]}"
    return str(predicate)


def shown(value: Term | None) -> str:
    """A value as people read it."""
    return "" if value is None else value.value if isinstance(value, Literal | NamedNode) else str(value)
