"""What DCAT-AP 3.0.1 asks of a description, property by property, and what its annex asks of high-value datasets.

The properties are a table of our own, `files/dcat_ap_3/shapes.json`, after the classes' sections in
https://semiceu.github.io/DCAT-AP/releases/3.0.1/: mandatory is an error, recommended a warning. High-value datasets:
https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/, by Commission Implementing Regulation (EU) 2023/138. How our results
agree with the official shapes is in `docs/oracle-dcat-ap.md`.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from standards import rdf_check, shapes_table
from standards.base import Finding, Unreadable, finding
from standards.rdf import DCAT, DCATAP, FOAF, Node, Term
from standards.rdf_graph import Graph, graph_of
from standards.rdf_read import graph_for
from standards.rdf_rules import RULES as RDF_RULES
from standards.rdf_rules import rules_of as rules_in
from standards.shapes_words import rules_of
from standards.xml_characters import RULES as XML_RULES

TABLE = shapes_table.table("dcat_ap_3/shapes.json")
_HVD = rules_in("dcat_ap_3/rules.json")
RULES = {**RDF_RULES, **XML_RULES, **rules_of(TABLE), **_HVD}

_REGULATION = "eli/reg_impl/2023/138"


def check(body: Any, full: bool = False) -> Iterator[Finding]:
    """All findings of a body: bytes in any syntax, or triples. Never raises."""
    try:
        graph = graph_for(body)
    except Unreadable as problem:
        yield problem.finding
        return
    yield from rdf_check.findings(graph, (TABLE,), RULES, full=full)
    yield from _high_value(graph)


def results(body: bytes | Iterable[Triple] | Graph, layers: Iterable[str] = shapes_table.LAYERS) -> list[shapes_table.Result]:
    """All results of the table, as a SHACL engine gives them for the official shapes. Raises `Unreadable`."""
    return list(shapes_table.evaluate(graph_of(body), TABLE, layers))


def _high_value(graph: Graph) -> Iterator[Finding]:
    """A dataset that names a category, or the regulation, is a high-value one."""
    for node in graph.of_class(DCAT.Dataset):
        said = graph.said[node]
        regulated = _is_regulated(said.get(DCATAP.applicableLegislation, ()))
        if DCATAP.hvdCategory not in said and not regulated:
            continue
        if DCATAP.hvdCategory not in said:
            yield _found(graph, "dcat-ap-3/hvd/category", node, DCATAP.hvdCategory)
        if not regulated:
            yield _found(graph, "dcat-ap-3/hvd/legislation", node, DCATAP.applicableLegislation)
        if DCAT.distribution not in said:
            yield _found(graph, "dcat-ap-3/hvd/distribution", node, DCAT.distribution)
        for way in said.get(DCAT.distribution, ()):
            if isinstance(way, Literal) or way not in graph.said:
                continue
            if not _is_regulated(graph.objects(way, DCATAP.applicableLegislation)):
                yield _found(graph, "dcat-ap-3/hvd/distribution/legislation", way, DCATAP.applicableLegislation)
        yield from _services(graph, node)


def _services(graph: Graph, dataset: Node) -> Iterator[Finding]:
    for service, predicate in graph.pointing(dataset):
        if predicate != DCAT.servesDataset:
            continue
        for wanted, rule in (
            (DCATAP.applicableLegislation, "legislation"),
            (DCAT.contactPoint, "contact"),
            (FOAF.page, "page"),
        ):
            if not graph.objects(service, wanted):
                yield _found(graph, f"dcat-ap-3/hvd/service/{rule}", service, wanted)


def _is_regulated(values: Iterable[Term]) -> bool:
    return any(isinstance(value, NamedNode) and _REGULATION in value.value for value in values)


def _found(graph: Graph, rule: str, node: Node, predicate: NamedNode) -> Finding:
    return finding(_HVD[rule], rdf_check.place(graph, node, predicate))
