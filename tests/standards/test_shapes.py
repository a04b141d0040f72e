"""The SHACL engines give equal results, for our tables, the official shapes, every component; what may hang is refused."""

from pathlib import Path

import pytest

from metadata.errors import Invalid
from standards import dcat_3, dcat_ap_3_check, geodcat_ap, shapes, shapes_engines, shapes_table
from standards.base import Rule, Unreadable
from standards.dcat_ap_3 import write
from standards.rdf_document import parse
from standards.rdf_graph import Graph
from standards.shapes_words import rules_of
from tests.standards.rich import MESSY, RICH
from tests.standards.shacl_oracle import GENERATED

TABLES = {each.name: each for each in (dcat_ap_3_check.TABLE, dcat_3.TABLE, geodcat_ap.TABLE)}
ENGINES = ("shacl", "pyshacl")
HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <urn:x:> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
_DATA = f"""{HEAD}
:a a dcat:Dataset ; dct:title "One"@en , "Two"@en , "Drei"@de ; dct:issued "2020-02-01"^^xsd:date ;
  dct:modified "2020-01-01"^^xsd:date ; dct:identifier "A-1" ; dct:publisher :p ; dcat:keyword "x" , 5 ;
  dct:relation _:r ; dcat:byteSize 10 .
:b a dcat:Dataset ; dct:title "plain" ; dct:publisher [ dct:title "office" ] ; dct:identifier "b 2" ;
  dct:description "long enough" .
:p a :Office ; dct:title "Office"@en ; dct:isPartOf :p .
_:r a dcat:Dataset ; dct:title "x" .
"""
DATA = Graph(parse(_DATA.encode()).triples)


def shape(body: str) -> bytes:
    """Shapes with one for datasets."""
    return f"{HEAD}\n:s a sh:NodeShape ; sh:targetClass dcat:Dataset ; {body} .".encode()


needs_both = pytest.mark.skipif(len(shapes.engines()) < 2, reason="needs both engines: pip install pyshacl shacl")


@needs_both
@pytest.mark.parametrize(
    "body",
    [
        "sh:property [ sh:path dct:title ; sh:minCount 2 ; sh:maxCount 2 ]",
        "sh:property [ sh:path dct:title ; sh:uniqueLang true ]",
        'sh:property [ sh:path dct:title ; sh:languageIn ( "en" ) ]',
        "sh:property [ sh:path dct:publisher ; sh:class :Office ]",
        "sh:property [ sh:path dct:issued ; sh:lessThanOrEquals dct:modified ]",
        "sh:property [ sh:path dct:identifier ; sh:datatype xsd:date ]",
        "sh:property [ sh:path dct:relation ; sh:nodeKind sh:IRI ]",
        'sh:property [ sh:path dct:identifier ; sh:pattern "^[A-Z]-[0-9]+$" ]',
        'sh:property [ sh:path dct:identifier ; sh:in ( "A-1" "A-2" ) ]',
        'sh:property [ sh:path dct:identifier ; sh:hasValue "A-1" ]',
        "sh:property [ sh:path dct:title ; sh:minLength 4 ; sh:maxLength 4 ]",
        "sh:property [ sh:path dcat:byteSize ; sh:minInclusive 11 ; sh:maxExclusive 10 ]",
        "sh:property [ sh:path ( dct:publisher dct:title ) ; sh:minCount 1 ; sh:datatype xsd:string ]",
        "sh:property [ sh:path [ sh:inversePath dct:relation ] ; sh:maxCount 0 ]",
        "sh:property [ sh:path [ sh:alternativePath ( dct:title dct:description ) ] ; sh:maxCount 1 ]",
        "sh:property [ sh:path ( dct:publisher [ sh:zeroOrMorePath dct:isPartOf ] ) ; sh:nodeKind sh:BlankNode ]",
        "sh:or ( [ sh:property [ sh:path dct:issued ; sh:minCount 1 ] ] [ sh:nodeKind sh:Literal ] )",
        "sh:not [ sh:property [ sh:path dct:description ; sh:minCount 1 ] ]",
        "sh:and ( [ sh:nodeKind sh:IRI ] [ sh:property [ sh:path dct:issued ; sh:minCount 1 ] ] )",
        "sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:property [ sh:path dct:issued ; sh:minCount 1 ] ] )",
        "sh:property [ sh:path dct:publisher ; sh:node [ sh:property [ sh:path dct:title ; sh:datatype xsd:string ] ] ]",
        "sh:closed true ; sh:ignoredProperties ( dct:relation dct:title ) ; sh:property [ sh:path dct:issued ]",
        "sh:property [ sh:path dct:title ; sh:equals dct:description ]",
        "sh:property [ sh:path dct:title ; sh:disjoint dct:title ]",
        "sh:property [ sh:path dct:title ; sh:qualifiedValueShape [ sh:languageIn ( 'de' ) ] ; sh:qualifiedMinCount 1 ]",
        'sh:property [ sh:path dct:description ; sh:minCount 1 ; sh:severity sh:Info ; sh:message "No"@en , "无"@zh ]',
    ],
)
def test_both_engines_give_the_same_results(body: str) -> None:
    wanted = shapes.compiled(shape(body))
    by_shacl, by_pyshacl = (shapes.validate(DATA, wanted, engine) for engine in ENGINES)
    assert by_shacl == by_pyshacl and by_shacl


def test_a_result_tells_all_of_it() -> None:
    said = '"No description"@en , "没有说明"@zh'
    body = f"sh:property [ sh:path dct:description ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message {said} ]"
    for engine in shapes.engines():
        first, second = shapes.validate(DATA, shapes.compiled(shape(body)), engine)
        assert first[:4] == ("<urn:x:a>", "<http://purl.org/dc/terms/description>", "MinCount", "")
        assert first[4:] == ("warning", {"en": "No description", "zh": "没有说明"}, "urn:x:s")
        assert second.focus.startswith("_:")


def test_paths_that_are_no_single_property_are_in_sparql() -> None:
    body = "sh:property [ sh:path ( dct:publisher [ sh:inversePath dct:relation ] ) ; sh:minCount 1 ]"
    paths = {each.path for engine in shapes.engines() for each in shapes.validate(DATA, shapes.compiled(shape(body)), engine)}
    assert paths == {"(<http://purl.org/dc/terms/publisher>/^<http://purl.org/dc/terms/relation>)"}


@needs_both
@pytest.mark.parametrize("name", TABLES)
def test_our_tables_as_shacl_say_what_our_evaluator_says(name: str) -> None:
    as_shacl = shapes.compiled(shapes_table.as_shacl(TABLES[name]))
    for dataset in (RICH, MESSY):
        graph = Graph(write(dataset)[::2])  # every other triple: much is missing, and of no class
        results = [each for each in shapes_table.evaluate(graph, TABLES[name]) if each.path]
        told = {(str(each.focus), str(each.path), each.component) for each in results}
        for engine in ENGINES:
            said = shapes.validate(graph, as_shacl, engine)
            assert {(each.focus, each.path, each.component) for each in said} == told


@needs_both
def test_the_official_shapes_on_real_files(corpora: Path, official: Path) -> None:
    wanted = shapes.compiled((official / GENERATED).read_bytes(), "turtle")
    files = 0
    for path in sorted((corpora / "dcat-rdf").rglob("*"))[::5]:
        try:
            graph = Graph(parse(path.read_bytes()).triples) if path.is_file() else Graph()
        except Unreadable:
            continue
        by_shacl, by_pyshacl = (shapes.validate(graph, wanted, engine) for engine in ENGINES)
        assert by_shacl == by_pyshacl, path
        files += len(by_shacl) > 0
    assert files > 20


# --- what may not be in uploaded shapes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        'sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?o }" ]',
        'sh:js [ sh:jsFunctionName "f" ]',
        "sh:rule [ a sh:TripleRule ]",
        "sh:property [ sh:path dct:title ; sh:expression [ sh:path dct:title ] ]",
        "sh:property :p . :p sh:path dct:title . :o owl:imports :o",
        'sh:property [ sh:path dct:title ; sh:pattern "(a+)+$" ]',
        'sh:property [ sh:path dct:title ; sh:pattern "(" ]',
        'sh:property [ sh:path dct:title ; sh:pattern "(a*)*" ]',
        'sh:property [ sh:path dct:title ; sh:pattern "' + "a" * 600 + '" ]',
        'sh:property [ sh:path dct:title ; sh:pattern "(?=x)" ]',
        "sh:node :s",
        "sh:node :t . :t sh:property [ sh:path dct:title ; sh:node :s ]",
        "sh:not [ sh:or ( [ sh:node :s ] ) ]",
        "sh:target [ a sh:SPARQLTarget ]",
        "sh:property :q . :f a sh:SPARQLFunction",
        "sh:property :q . :c a sh:ConstraintComponent",
    ],
)
def test_what_could_run_fetch_or_hang_is_refused(body: str) -> None:
    with pytest.raises(Invalid) as problem:
        shapes.compiled(shape(body))
    assert problem.value.remedy


@pytest.mark.parametrize(
    "document", [b"", b"no shapes", b"<urn:a> <urn:b> 1 .", HEAD.encode() + b":s a sh:NodeShape ; x:y 1 .", b"{" * 5]
)
def test_what_holds_no_shapes_is_refused(document: bytes) -> None:
    with pytest.raises(Invalid):
        shapes.compiled(document)


def test_too_large_a_profile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MOST_BYTES", 100)
    with pytest.raises(Invalid, match="more than"):
        shapes.compiled(shape("sh:nodeKind sh:IRI") + b" " * 100)


def test_without_an_engine_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes_engines, "is_installed", lambda _: False)
    with pytest.raises(Invalid, match="pyshacl"):
        shapes.validate(DATA, shapes.compiled(shape("sh:nodeKind sh:IRI")))


@pytest.mark.parametrize("engine", [engine for engine in ENGINES if engine in shapes.engines()])
def test_a_body_that_is_no_rdf_is_unreadable(engine: shapes.Engine) -> None:
    with pytest.raises(Unreadable):
        shapes.validate(b"no rdf", shapes.compiled(shape("sh:nodeKind sh:IRI")), engine)


# --- the tables ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_rule_of_a_table_has_words_and_a_place_to_read(name: str) -> None:
    rules = rules_of(TABLES[name])
    listed = sum(
        (each.min > 0) + each.recommended + (each.max is not None) + bool(each.leads_to) + bool(each.datatypes or each.date)
        for target in TABLES[name].shapes
        for each in target.properties
    )
    assert len(rules) >= listed
    for rule_id, rule in rules.items():
        assert isinstance(rule, Rule) and rule_id.startswith(f"{name}/") and rule.link.startswith("https://")
        assert all(rule.message[language] and rule.fix[language] for language in ("zh", "en"))
        assert "None" not in rule.message["en"] + rule.fix["en"]


_FAULTY = {"dcat-ap-3": "dcat_ap_3/version_1_1", "dcat-3": "dcat_3/words_for_resources", "geodcat-ap": "geodcat_ap/faulty"}


@pytest.mark.parametrize("name", TABLES)
def test_every_result_has_its_rule(name: str) -> None:
    rules = rules_of(TABLES[name])
    faulty = (Path(__file__).parent / "cases" / f"{_FAULTY[name]}.ttl").read_bytes()
    layers = (*shapes_table.LAYERS, shapes_table.LISTS)
    results = list(shapes_table.evaluate(Graph(parse(faulty).triples), TABLES[name], layers))
    assert results and all(each.severity == rules[each.rule].severity for each in results)


def test_subclasses_that_the_graph_declares_count() -> None:
    said = f"{HEAD} @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . :Kind rdfs:subClassOf dcat:Dataset . :x a :Kind ."
    found = list(shapes_table.evaluate(Graph(parse(said.encode()).triples), dcat_ap_3_check.TABLE, ("core",)))
    assert {each.rule for each in found} == {"dcat-ap-3/Dataset/title/minCount", "dcat-ap-3/Dataset/description/minCount"}
