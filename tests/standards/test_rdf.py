"""Terms are always valid, and the four syntaxes hold the same graph, whatever the words are."""

import json

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Literal, NamedNode, Quad, Triple
from pyoxigraph import Dataset as Quads
from rdflib.compare import to_isomorphic

from metadata.errors import Invalid
from standards import rdf
from standards.rdf import DCAT, DCT, FOAF, RDF, RDFS, SKOS, XSD, Statements, Triples

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # rdflib's own JSON-LD reader
RDFLIB = {"turtle": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}
A, B = NamedNode("http://example.org/a"), NamedNode("http://example.org/b")


def graph(triples: Triples) -> Quads:
    """The graph with its blank nodes named alike, so that two of them can be compared."""
    quads = Quads([Quad(each.subject, each.predicate, each.object) for each in triples])
    quads.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return quads


def assert_same_everywhere(triples: Triples) -> None:
    """All four syntaxes read back to these triples, with pyoxigraph and with rdflib."""
    wanted = graph(triples)
    by_rdflib = None
    for syntax, name in RDFLIB.items():
        body = rdf.serialise(triples, syntax)
        assert graph(rdf.read(body, syntax)) == wanted, syntax
        other = to_isomorphic(rdflib.Graph().parse(data=body, format=name))
        assert len(other) == len(wanted), syntax
        by_rdflib = by_rdflib or other
        assert other == by_rdflib, syntax


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (" https://example.org/a ", "https://example.org/a"),
        ("http://example.org/a b|c", "http://example.org/a%20b%7Cc"),
        ('http://example.org/<x>"y"{z}\\^`', "http://example.org/%3Cx%3E%22y%22%7Bz%7D%5C%5E%60"),
        ("http://example.org/a%zz%20", "http://example.org/a%25zz%20"),
        ("http://example.org/a[1]#b#c", "http://example.org/a%5B1%5D#b%23c"),
        ("http://[::1]:80/a[1]", "http://[::1]:80/a%5B1%5D"),
        ("http://example.org/目录?词=公交", "http://example.org/目录?词=公交"),
        ("http://example.org/a http://example.org/b", "http://example.org/a%20http://example.org/b"),
        ("http://example.org/\n\x00\ud800", "http://example.org/%0A%00%3F"),
        ("www.example.org/path", "http://www.example.org/path"),
        ("ftp://example.org/x", "ftp://example.org/x"),
        ("urn:uuid:1234", "urn:uuid:1234"),
        ("doi:10.1234/x", "doi:10.1234/x"),
    ],
)
def test_addresses_become_valid(raw: str, address: str) -> None:
    assert rdf.iri(raw) == NamedNode(address)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "-",
        "N/A",
        "暂无",
        "example.org",
        "/path",
        "dct:title",
        "javascript:alert(1)",
        "http://host:port/",
        "http://[bad",
        "http:",
    ],
)
def test_what_is_no_address_is_none(raw: str | None) -> None:
    assert rdf.iri(raw) is None


@pytest.mark.parametrize(
    ("raw", "value", "kind"),
    [
        ("2016", "2016", XSD.gYear),
        ("2016-04", "2016-04", XSD.gYearMonth),
        ("2016-04-14", "2016-04-14", XSD.date),
        ("2016-04-14T09:37:39Z", "2016-04-14T09:37:39Z", XSD.dateTime),
        ("2016-04-14T09:37:39.123+08:00", "2016-04-14T09:37:39.123+08:00", XSD.dateTime),
        ("2016-04-14T09:37", "2016-04-14T09:37:00", XSD.dateTime),
        ("2016-13", "2016-13", XSD.string),
        ("2015-02-29", "2015-02-29", XSD.string),
        ("2016-04-14T25:00:00Z", "2016-04-14T25:00:00Z", XSD.string),
        ("2016/04/14", "2016/04/14", XSD.string),
        ("R/P1Y", "R/P1Y", XSD.string),
        ("0000", "0000", XSD.string),
        ("２０１６", "２０１６", XSD.string),
    ],
)
def test_dates_keep_their_precision(raw: str, value: str, kind: NamedNode) -> None:
    assert rdf.moment(raw) == Literal(value, datatype=kind)


def test_words_and_numbers() -> None:
    assert rdf.literal("a\x00b\x0b\r\nc\rd") == Literal("ab\nc\nd")
    assert rdf.literal(" \x1f ") is None
    assert rdf.literal("words", "zh-Hant") == Literal("words", language="zh-hant")
    assert rdf.literal("words", "not a tag") == Literal("words")
    assert rdf.literals({"zh": "词", "und": "word", "en": ""}) == [Literal("词", language="zh"), Literal("word")]
    assert rdf.literals({"en": ("a", "b")}) == [Literal("a", language="en"), Literal("b", language="en")]
    assert rdf.decimal(5e-7) == Literal("0.0000005", datatype=XSD.decimal)
    assert rdf.decimal(30.0) == Literal("30.0", datatype=XSD.decimal)
    assert [rdf.decimal(number) for number in (None, float("inf"), float("nan"))] == [None] * 3
    assert rdf.duration("P1Y2M3DT4H5M6.7S") is not None
    assert [rdf.duration(raw) for raw in ("P", "PT", "P1W", "R/P1Y", "monthly", None)] == [None] * 6


def test_mail_and_telephone() -> None:
    assert rdf.mail("mailto:a@example.org") == rdf.mail(" a@example.org ") == NamedNode("mailto:a@example.org")
    assert [rdf.mail(raw) for raw in ("a at example", "a@b@c", "", None)] == [None] * 4
    assert rdf.telephone("+86 (839) 555-0100") == NamedNode("tel:+86-839-555-0100")
    assert rdf.telephone("暂无") is None


@given(st.text(max_size=40))
def test_no_string_breaks_a_term(raw: str) -> None:
    for made in (
        rdf.iri(raw),
        rdf.iri("http://example.org/" + raw),
        rdf.iri("http://" + raw),
        rdf.mail(raw),
        rdf.telephone(raw),
    ):
        assert made is None or NamedNode(made.value) == made
    rdf.moment(raw)
    rdf.literal(raw, raw)
    rdf.duration(raw)


TERMS = st.one_of(
    st.text(max_size=20).map(lambda raw: rdf.literal(raw) or B),
    st.text(max_size=20).map(lambda raw: rdf.literal(raw, "zh") or B),
    st.text(max_size=20).map(lambda raw: rdf.iri("http://example.org/" + raw) or B),
    st.sampled_from(["2016", "2016-04", "2016-04-14", "2016-04-14T09:37:39Z"]).map(lambda raw: rdf.moment(raw) or B),
    st.integers(-5, 10**18).map(lambda number: Literal(str(number), datatype=XSD.nonNegativeInteger)),
    st.sampled_from(["012", "+1", "１", ""]).map(lambda digits: Literal(digits, datatype=XSD.nonNegativeInteger)),
    st.sampled_from([BlankNode("x"), BlankNode("y"), BlankNode("z"), A, B]),
)
SUBJECTS = st.sampled_from([A, B, BlankNode("x"), BlankNode("y")])
PREDICATES = st.sampled_from(
    [DCT.title, DCT.issued, DCT.relation, DCAT.byteSize, RDFS.seeAlso, FOAF.page, DCT.identifier, SKOS.note]
)


@given(st.lists(st.builds(Triple, SUBJECTS, PREDICATES, TERMS), max_size=12, unique=True))
def test_every_graph_reads_back_the_same_in_all_syntaxes(triples: Triples) -> None:
    for syntax in rdf.MEDIA_TYPES:
        assert graph(rdf.read(rdf.serialise(triples, syntax), syntax)) == graph(triples), syntax


def test_rdflib_reads_the_same_graph() -> None:
    shared, alone = BlankNode("shared"), BlankNode("alone")
    said = Statements()
    said.say(A, DCT.title, [Literal("公交", language="zh"), Literal("plain"), Literal("2016", datatype=XSD.gYear)])
    said.say(A, DCT.publisher, shared)
    said.say(B, DCT.publisher, shared)
    said.say(shared, FOAF.name, Literal('Office "of" <buses> & trams\n\ttwo'))
    said.say(A, DCT.spatial, alone)
    said.say(A, DCAT.byteSize, Literal("12", datatype=XSD.nonNegativeInteger))
    said.say(B, DCT.relation, [A, B, NamedNode("http://example.org/a?x=1&y='2'")])
    said.typed(B, DCAT.Dataset)
    said.typed(A, RDFS.Resource)
    assert_same_everywhere(said.triples())


def test_numbers_keep_their_digits() -> None:
    odd = [Triple(A, DCAT.byteSize, Literal(digits, datatype=XSD.nonNegativeInteger)) for digits in ("12", "012", "+1", "x")]
    for syntax in rdf.MEDIA_TYPES:
        assert graph(rdf.read(rdf.serialise(odd, syntax), syntax)) == graph(odd)


def test_nodes_that_refer_to_each_other_are_all_written() -> None:
    x, y = BlankNode("x"), BlankNode("y")
    assert_same_everywhere([Triple(x, DCT.relation, y), Triple(y, DCT.relation, x), Triple(A, DCT.relation, A)])


def test_an_address_that_looks_short_is_not_expanded() -> None:
    odd = [Triple(A, DCT.relation, NamedNode("dct:title")), Triple(A, DCT.title, Literal("a"))]
    assert_same_everywhere(odd)


def test_json_ld_nests_and_brings_only_the_context_it_needs() -> None:
    said = Statements()
    said.typed(A, DCAT.Dataset)
    said.say(A, DCT.title, Literal("公交", language="zh"))
    said.say(A, DCT.publisher, said.typed(BlankNode("o"), FOAF.Agent))
    said.say(BlankNode("o"), FOAF.name, Literal("Office"))
    document = json.loads(rdf.serialise(said.triples(), "jsonld"))
    assert document["@graph"] == [
        {
            "@id": "http://example.org/a",
            "@type": "Dataset",
            "title": {"zh": "公交"},
            "publisher": {"@type": "Agent", "name": {"@none": "Office"}},
        }
    ]
    assert set(document["@context"]) == {"@version", "dcat", "dct", "foaf", "Dataset", "Agent", "title", "name", "publisher"}


def test_the_same_graph_gives_the_same_bytes() -> None:
    said = Statements()
    for predicate in (DCT.title, FOAF.name, SKOS.prefLabel, RDFS.label, DCAT.keyword, RDF.value):
        said.say(A, predicate, Literal("word"))
    said.say(A, DCT.title, Literal("word"))
    assert len(said.triples()) == 6
    for syntax in rdf.MEDIA_TYPES:
        assert len({rdf.serialise(said.triples(), syntax) for _ in range(30)}) == 1
    turtle = rdf.serialise(said.triples(), "turtle").decode()
    assert [line.split()[1] for line in turtle.splitlines() if line.startswith("@prefix")] == [
        "dcat:",
        "dct:",
        "foaf:",
        "rdf:",
        "rdfs:",
        "skos:",
    ]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'


@pytest.mark.parametrize("body", [BOMB.encode(), BOMB.encode("utf-16"), BOMB.replace("<!DOCTYPE", "<!doctype").encode()])
def test_entities_are_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="document type declaration"):
        rdf.read(body, "rdf")


@pytest.mark.parametrize(
    ("body", "syntax"),
    [
        (b"<html><body>Not found", "rdf"),
        (b"<a> <b> .", "turtle"),
        (b'{"@context": "https://example.org/context.jsonld", "@id": "http://example.org/a", "name": "x"}', "jsonld"),
        (b'{"@graph": [', "jsonld"),
        (b"\xff\xfe", "nt"),
    ],
)
def test_what_is_not_well_formed_is_told(body: bytes, syntax: str) -> None:
    with pytest.raises(Invalid, match="not well-formed"):
        rdf.read(body, syntax)
