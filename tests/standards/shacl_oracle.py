"""pySHACL with the official shapes, as the oracle of our tables: results as (focus node, path, component).

The graph is given to rdflib term by term, so that blank nodes keep their names and literals their words.
"""

import logging
from pathlib import Path
from typing import Any

import pyshacl
import rdflib
from pyoxigraph import BlankNode, NamedNode
from rdflib.namespace import SH

from standards.rdf_graph import Graph
from standards.shapes_table import Table, evaluate

Told = frozenset[tuple[str, str, str]]

GENERATED = "dcat-ap/releases/3.0.1/shacl/dcat-ap-SHACL.ttl"
RECOMMENDED = "dcat-ap/releases/3.0.1/html/shacl/shapes_recommended.ttl"
LISTS = "dcat-ap/releases/3.0.1/html/shacl/mdr-vocabularies.shape.ttl"
GEOGRAPHIC = "geodcat-ap/releases/2.0.0/geodcat-ap.shacl.ttl"
_DATES = rdflib.URIRef("http://data.europa.eu/r5r#DateOrDateTimeDataType_Shape")


def official_shapes(file: Path) -> rdflib.Graph:
    """The shapes of a file, without links to property shapes that the file does not hold."""
    found = rdflib.Graph().parse(file)
    for shape, rule in list(found.subject_objects(SH.property)):
        if (rule, SH.path, None) not in found:
            found.remove((shape, SH.property, rule))
    return found


def geographic_shapes(official: Path) -> rdflib.Graph:
    """GeoDCAT-AP's shapes, with the one shape of DCAT-AP that they refer to: what is a date."""
    found = official_shapes(official / GEOGRAPHIC)
    waiting: list[Any] = [_DATES]
    source = rdflib.Graph().parse(official / RECOMMENDED)
    while waiting:
        node = waiting.pop()
        for triple in source.triples((node, None, None)):
            found.add(triple)
            if isinstance(triple[2], rdflib.BNode):
                waiting.append(triple[2])
    return found


def as_rdflib(graph: Graph) -> rdflib.Graph:
    """The graph for rdflib."""
    found = rdflib.Graph()
    for triple in graph.triples():
        found.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    return found


def _term(node: Any) -> Any:
    if isinstance(node, BlankNode):
        return rdflib.BNode(node.value)
    if isinstance(node, NamedNode):
        return rdflib.URIRef(node.value)
    if node.language:
        return rdflib.Literal(node.value, lang=node.language)
    plain = node.datatype.value.endswith("XMLSchema#string")
    return rdflib.Literal(node.value, datatype=None if plain else rdflib.URIRef(node.datatype.value))


def theirs(data: rdflib.Graph, shapes: rdflib.Graph, background: rdflib.Graph | None = None) -> Told:
    """What pySHACL says of a graph."""
    logging.getLogger("rdflib").setLevel(logging.CRITICAL)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=background)
    results = report.subjects(rdflib.RDF.type, SH.ValidationResult)
    return frozenset(
        (
            _name(report.value(each, SH.focusNode)),
            _name(report.value(each, SH.resultPath)),
            str(report.value(each, SH.sourceConstraintComponent)).rpartition("#")[2].removesuffix("ConstraintComponent"),
        )
        for each in results
    )


def _name(node: Any) -> str:
    return "" if node is None else f"_:{node}" if isinstance(node, rdflib.BNode) else f"<{node}>"


def ours(graph: Graph, table: Table, *layers: str) -> Told:
    """What our evaluator says of it."""
    return frozenset(
        (str(each.focus), str(each.path) if each.path else "", each.component) for each in evaluate(graph, table, layers)
    )
