"""Our evaluator of SHACL Core against pySHACL: every component on small graphs, and official shapes on real files."""

import warnings
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Triple

from standards.base import Unreadable
from standards.rdf import Term
from standards.rdf_document import parse
from standards.rdf_graph import graph_of
from standards.shacl_core import Checker, compare
from standards.shacl_shapes import OWL_IMPORTS, parsed
from standards.shacl_shapes import Path as ShapePath

pyshacl = pytest.importorskip("pyshacl")
Result = tuple[str, str, str]

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix x: <http://x.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"""
DATA = (
    PREFIXES
    + """
x:a a x:Thing ; x:word "abc", "ä"@de, "b"@de, "c"@en ; x:number 5, 7.5, "x" ; x:date "2024-01-02"^^xsd:date ;
    x:to x:b, x:c ; x:blank [ x:word "in" ] ; x:other "abc" ; x:bad "2024-13-40"^^xsd:date .
x:b a x:Special ; x:word "b" ; x:to x:d ; x:number 1 .
x:Special rdfs:subClassOf x:Thing .
x:c x:word "c" ; x:to x:a .
x:d a x:Thing .
"""
)
SHAPES = [
    "sh:property [ sh:path x:word ; sh:minCount 2 ; sh:maxCount 3 ]",
    "sh:property [ sh:path x:to ; sh:class x:Thing ; sh:nodeKind sh:IRI ]",
    "sh:property [ sh:path x:blank ; sh:nodeKind sh:IRI ] , [ sh:path x:word ; sh:nodeKind sh:BlankNodeOrIRI ]",
    "sh:property [ sh:path x:date ; sh:datatype xsd:date ] , [ sh:path x:bad ; sh:datatype xsd:date ]",
    "sh:property [ sh:path x:word ; sh:datatype rdf:langString ]",
    "sh:property [ sh:path x:number ; sh:minInclusive 5 ; sh:maxExclusive 7.5 ]",
    "sh:property [ sh:path x:number ; sh:minExclusive 5 ; sh:maxInclusive 7.5 ]",
    'sh:property [ sh:path x:date ; sh:minInclusive "2024-02-01"^^xsd:date ]',
    "sh:property [ sh:path x:word ; sh:minLength 2 ; sh:maxLength 2 ]",
    'sh:property [ sh:path x:word ; sh:pattern "^[A-B]" ; sh:flags "i" ] , [ sh:path x:to ; sh:pattern "example/b" ]',
    'sh:property [ sh:path x:word ; sh:languageIn ( "en" "fr" ) ; sh:uniqueLang true ]',
    'sh:property [ sh:path x:word ; sh:in ( "abc" "b"@de ) ; sh:hasValue "abc" ]',
    "sh:property [ sh:path x:word ; sh:equals x:other ] , [ sh:path x:other ; sh:disjoint x:word ]",
    "sh:property [ sh:path x:number ; sh:lessThan x:number ] , [ sh:path x:number ; sh:lessThanOrEquals x:number ]",
    "sh:property [ sh:path x:to ; sh:node [ sh:property [ sh:path x:word ; sh:minCount 1 ] ] ]",
    "sh:property [ sh:path x:to ; sh:property [ sh:path x:to ; sh:minCount 1 ; "
    "sh:property [ sh:path x:word ; sh:maxCount 1 ] ] ]",
    "sh:or ( [ sh:class x:Special ] [ sh:property [ sh:path x:date ; sh:minCount 1 ] ] )",
    "sh:and ( [ sh:class x:Special ] [ sh:nodeKind sh:IRI ] ) ; sh:not [ sh:class x:Special ]",
    "sh:xone ( [ sh:class x:Thing ] [ sh:class x:Special ] )",
    "sh:closed true ; sh:ignoredProperties ( rdf:type x:word ) ; sh:property [ sh:path x:number ]",
    "sh:property [ sh:path x:to ; sh:qualifiedValueShape [ sh:class x:Thing ] ; "
    "sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 0 ]",
    "sh:property [ sh:path ( x:to x:to ) ; sh:maxCount 0 ] , [ sh:path [ sh:inversePath x:to ] ; sh:minCount 1 ]",
    "sh:property [ sh:path [ sh:alternativePath ( x:word x:other ) ] ; sh:maxCount 1 ]",
    "sh:property [ sh:path [ sh:zeroOrMorePath x:to ] ; sh:maxCount 1 ] , "
    "[ sh:path [ sh:oneOrMorePath x:to ] ; sh:minCount 4 ]",
    "sh:property [ sh:path [ sh:zeroOrOnePath x:to ] ; sh:maxCount 2 ]",
    "sh:property [ sh:path x:word ; sh:minCount 9 ; sh:deactivated true ]",
    "sh:nodeKind sh:BlankNode ; sh:class x:Special",
]
TARGETS = ["sh:targetClass x:Thing", "sh:targetNode x:b, x:none", "sh:targetSubjectsOf x:to", "sh:targetObjectsOf x:to"]


def ours(triples: Iterable[Triple], shapes: Iterable[Triple]) -> set[Result]:
    found = Checker(parsed(shapes), graph_of(triples)).results()
    return {(_node(one.focus), _path(one.path), one.component) for one in found}


def _node(node: Term) -> str:
    return "_" if isinstance(node, BlankNode) else str(getattr(node, "value", ""))


def _path(path: ShapePath | None) -> str:
    return "" if path is None else str(path[1][0].value) if path[0] == "predicate" else "?"


def theirs(triples: Iterable[Triple], shapes: rdflib.Graph) -> set[Result]:
    data = rdflib.Graph().parse(data="\n".join(f"{triple} ." for triple in triples), format="nt")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    sh = rdflib.SH
    found = set()
    for result in report.objects(None, sh.result):
        focus, path = report.value(result, sh.focusNode), report.value(result, sh.resultPath)
        shown = "" if path is None else str(path) if isinstance(path, rdflib.URIRef) else "?"
        component = str(report.value(result, sh.sourceConstraintComponent)).partition("#")[2]
        found.add(("_" if isinstance(focus, rdflib.BNode) else str(focus), shown, component))
    return found


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_component_answers_as_pyshacl_does(shape: str, target: str) -> None:
    text = f"{PREFIXES} x:S a sh:NodeShape ; {target} ; {shape} ."
    triples = parse(DATA.encode()).triples
    assert ours(triples, parse(text.encode()).triples) == theirs(triples, rdflib.Graph().parse(data=text, format="turtle"))


def test_what_cannot_be_compared_is_not() -> None:
    one, word, day = parse(f'{PREFIXES} x:a x:b 1, "1", "2024-01-01"^^xsd:date .'.encode()).triples
    assert compare(one.object, one.object) == 0 and compare(one.object, word.object) is None
    assert compare(day.object, day.object) == 0 and compare(word.object, one.subject) is None


@pytest.mark.parametrize("shapes", ["2.1.1/dcat-ap_2.1.1_shacl_shapes.ttl", "3.0.0-hvd/html/hvd-SHACL-full.ttl"])
def test_official_shapes_on_real_files_answer_as_pyshacl_does(shapes: str, official: Path, corpora: Path) -> None:
    path = official / "dcat-ap/releases" / shapes
    triples = parse(path.read_bytes()).triples
    theirs_shapes = rdflib.Graph().parse(path, format="turtle")
    theirs_shapes.remove((None, rdflib.OWL.imports, None))
    found = (each for each in sorted((corpora / "dcat-rdf").rglob("*")) if each.suffix in (".ttl", ".rdf"))
    files = [each for each in found if each.stat().st_size < 30_000]
    compared = 0
    for each in files[::9]:
        try:
            data = parse(each.read_bytes()).triples
        except Unreadable:
            continue
        compared += 1
        own = ours(data, (triple for triple in triples if triple.predicate != OWL_IMPORTS))
        assert own == theirs(data, theirs_shapes), each.name
    assert compared > 20
