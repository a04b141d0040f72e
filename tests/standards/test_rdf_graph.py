"""A document is cut into one record for each dataset, and a record is the same bytes however its source was written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from standards import rdf, rdf_graph
from standards.base import Unreadable
from standards.rdf import DCAT, DCT
from standards.rdf_document import parse
from standards.rdf_graph import Graph, canonical, cut, records

HEAD = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix : <https://c.example/> .
"""
CATALOGUE = f"""{HEAD}
:catalog a dcat:Catalog ; dct:title "All" ; dcat:dataset :a , :b ; dcat:record :record ; dct:publisher :office .
:record a dcat:CatalogRecord ; foaf:primaryTopic :a ; dct:modified "2024-01-01" .
:a a dcat:Dataset ; dct:title "A" ; dct:publisher :office ; dcat:distribution :a1 ; dct:relation :b ; dcat:theme :bus ;
  dcat:contactPoint [ a vcard:Kind ; vcard:fn "Desk" ; vcard:hasAddress [ vcard:locality "Town" ] ] ; dcat:inSeries :s .
:b dct:title "B" ; dcat:inSeries :s ; dcat:distribution [ a dcat:Distribution ; dcat:accessURL :b1 ; dcat:accessService :api ] .
:a1 a dcat:Distribution ; dcat:accessURL <https://c.example/a.csv> .
:api a dcat:DataService ; dct:title "API" ; dcat:servesDataset :a , :b , :c .
:s a dcat:DatasetSeries ; dct:title "S" ; dcat:seriesMember :a , :b .
:office a foaf:Agent ; foaf:name "Office" .
:bus a skos:Concept ; skos:prefLabel "bus" ; skos:inScheme :scheme ; skos:narrower :tram .
:scheme a skos:ConceptScheme ; dct:title "Scheme" .
:nobody a foaf:Agent ; foaf:name "Nobody" .
""".encode()


def bodies(document: bytes) -> dict[str, str]:
    """The records of a document by their places, with short names."""
    return {
        place.replace("https://c.example/", ""): body.decode().replace("https://c.example/", "")
        for place, body in records(document)
    }


def test_one_record_for_each_dataset_also_for_one_that_only_the_catalogue_calls_one() -> None:
    assert list(bodies(CATALOGUE)) == ["<a>", "<b>"]


def test_a_record_holds_all_that_a_dataset_leads_to_and_what_points_at_it() -> None:
    first, second = bodies(CATALOGUE).values()
    for name in ("<a1>", "Office", "Desk", "Town", '"bus"', '"S"', "<record>", '"API"'):
        assert name in first, name
    assert '"API"' in second and '"A"' not in second and "<record>" not in second


def test_what_has_a_life_of_its_own_is_named_and_not_followed() -> None:
    first, second = bodies(CATALOGUE).values()
    assert "<a> <http://purl.org/dc/terms/relation> <b> ." in first and '"B"' not in first
    assert '"All"' not in first + second and '"Scheme"' not in first + second and "Nobody" not in first + second
    assert "<api> <http://www.w3.org/ns/dcat#servesDataset> <a> ." in first and "servesDataset> <c>" not in first + second
    assert "seriesMember> <b>" not in first and "<tram>" not in first


def test_a_record_of_a_record_is_the_same() -> None:
    for _, body in records(CATALOGUE):
        ((_, again),) = records(body)
        assert again == body


@pytest.mark.parametrize("syntax", ["turtle", "rdf", "jsonld", "nt"])
def test_records_are_the_same_bytes_in_every_syntax(syntax: str) -> None:
    triples = parse(CATALOGUE).triples
    assert {body for _, body in records(rdf.serialise(triples, syntax))} == {body for _, body in records(CATALOGUE)}


def test_a_service_of_many_datasets_does_not_swell_their_records() -> None:
    served = [Triple(NamedNode("urn:s"), DCAT.servesDataset, NamedNode(f"urn:{number}")) for number in range(2000)]
    sets = [
        Triple(NamedNode(f"urn:{number}"), each, Literal("x")) for number in range(2000) for each in (DCT.title, DCAT.keyword)
    ]
    kinds = [Triple(NamedNode(f"urn:{number}"), rdf.RDF.type, DCAT.Dataset) for number in range(2000)]
    found = list(records(rdf.serialise([*served, *sets, *kinds], "nt")))
    assert len(found) == 2000 and max(len(body) for _, body in found) < 600


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (f"{HEAD} :a a foaf:Agent ; foaf:name 'x' .", "rdf/dataset/absent"),
        (f"{HEAD} :c a dcat:Catalog , dcat:Dataset ; dct:title 'x' .", "rdf/dataset/absent"),
        (f"{HEAD} :s a dcat:DatasetSeries ; dct:title 'x' . :c dcat:dataset :s .", "rdf/dataset/absent"),
        (f"{HEAD} :c a dcat:Catalog ; dcat:dataset :d . :d a dcat:Dataset .", "rdf/dataset/absent"),
        ("no rdf", "rdf/syntax/unknown"),
    ],
)
def test_a_document_without_a_dataset_says_so(document: str, rule: str) -> None:
    with pytest.raises(Unreadable) as problem:
        list(records(document.encode()))
    assert problem.value.finding.rule == rule


# --- canonical bytes ------------------------------------------------------------------------------------------------------

_NODES = [BlankNode(f"n{number}") for number in range(5)]
_TRIPLES = st.lists(
    st.builds(
        Triple,
        st.sampled_from([*_NODES, NamedNode("urn:a")]),
        st.sampled_from([NamedNode("urn:p"), NamedNode("urn:q")]),
        st.sampled_from([*_NODES, NamedNode("urn:a"), Literal("x"), Literal("y")]),
    ),
    max_size=12,
)


@given(_TRIPLES, st.permutations(range(5)), st.randoms())
def test_the_same_graph_is_the_same_bytes_whatever_its_nodes_are_called(
    triples: list[Triple], order: list[int], chance: object
) -> None:
    names = {node: BlankNode(f"other{order[number]}") for number, node in enumerate(_NODES)}
    renamed = [rdf_graph.renamed(each, names) for each in triples]
    chance.shuffle(renamed)  # type: ignore[attr-defined]
    if _told_apart(triples):
        assert canonical(renamed) == canonical(triples)
    assert len(canonical(renamed).splitlines()) == len(set(triples))


def _told_apart(triples: list[Triple]) -> bool:
    """Whether the words said of each blank node are said of no other."""
    blank = {node for each in triples for node in (each.subject, each.object) if isinstance(node, BlankNode)}
    said = {node: frozenset((each.predicate, each.object) for each in triples if each.subject == node) for node in blank}
    words = [frozenset(pair for pair in pairs if isinstance(pair[1], Literal)) for pairs in said.values()]
    return len(set(words)) == len(words)


def test_likes_keep_what_is_theirs() -> None:
    """Two contacts that are alike, each with an address that is alike: nothing tells them apart, and the bytes are the same."""
    contact = "dcat:contactPoint [ vcard:fn 'Desk' ; vcard:hasAddress [ vcard:locality 'Town' ; vcard:note [ vcard:fn 'x' ] ] ]"
    document = f"{HEAD} :d a dcat:Dataset ; dct:title 'D' ; {contact} , {contact.removeprefix('dcat:contactPoint')} .".encode()
    assert len({canonical(parse(document).triples) for _ in range(20)}) == 1


def test_chains_and_circles_of_blank_nodes_end() -> None:
    chain = [Triple(BlankNode(f"c{number}"), DCT.relation, BlankNode(f"c{number + 1}")) for number in range(3000)]
    circle = [*chain, Triple(BlankNode("c3000"), DCT.relation, BlankNode("c0"))]
    assert canonical(reversed(chain)).count(b"\n") == 3000 and canonical(circle).count(b"\n") == 3001


def test_quoted_triples_are_passed_over() -> None:
    inner = Triple(NamedNode("urn:a"), DCT.title, Literal("x"))
    assert len(Graph([Triple(NamedNode("urn:b"), DCT.relation, inner)])) == 0


def test_every_real_file_is_cut_into_records_that_stay_the_same(corpora: Path) -> None:
    cuts = 0
    for path in sorted((corpora / "dcat-rdf").rglob("*")):
        try:
            found = list(cut(parse(path.read_bytes()))) if path.is_file() else []
        except Unreadable:
            continue
        for _, body in found[:10]:
            cuts += 1
            assert [again for _, again in records(body)] == [body], path
    assert cuts > 300
