"""Documents from strangers: their syntax is known, faults are mended or told with their line, and nothing is fetched."""

import json
import socket
import time
import tracemalloc
from pathlib import Path

import pytest

from standards import rdf_document, rdf_geometry
from standards.base import Unreadable
from standards.rdf import DCT
from standards.rdf_document import parse, sniff
from standards.rdf_rules import RULES
from standards.xml_characters import RULES as XML_RULES

TURTLE = b"""@prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<https://city.example/1> a dcat:Dataset ;
  dct:title "Stops"@en , "\xe7\xab\x99\xe7\x82\xb9"@zh .
"""
XML_HEAD = (
    '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dct="http://purl.org/dc/terms/" xmlns:dcat="http://www.w3.org/ns/dcat#">\n'
)
XML = (
    XML_HEAD + '<dcat:Dataset rdf:about="https://city.example/1"><dct:title>站点</dct:title></dcat:Dataset></rdf:RDF>'
).encode()
JSON_LD = json.dumps(
    {
        "@context": {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#"},
        "@id": "https://city.example/1",
        "@type": "dcat:Dataset",
        "dct:title": "Stops",
    }
).encode()
LINES = b'<https://city.example/1> <http://purl.org/dc/terms/title> "Stops" .\n'


def refusal(document: bytes, syntax: str | None = None) -> tuple[str, str]:
    """The rule and the place with which a document is refused."""
    with pytest.raises(Unreadable) as problem:
        parse(document, syntax)
    assert problem.value.finding.rule in {**RULES, **XML_RULES}
    return problem.value.finding.rule, problem.value.finding.path


@pytest.mark.parametrize(
    ("document", "syntax"),
    [
        (TURTLE, "turtle"), (b"\xef\xbb\xbf" + TURTLE, "turtle"), (TURTLE.decode().encode("utf-16"), "turtle"),
        (b"# a remark\nPREFIX dct: <http://purl.org/dc/terms/>\n<x> dct:title 1 .", "turtle"),
        (b"[] a <http://www.w3.org/ns/dcat#Dataset> .", "turtle"), (b"[ a <http://x/> ] <http://y/> 1 .", "turtle"),
        (b"<https://city.example/g> { <a> <b> <c> }", "turtle"), (b"_:a <http://y/> 1 .", "turtle"),
        (XML, "rdf"), (b"\n  " + XML, "rdf"), (XML.decode().encode("utf-16"), "rdf"), (b"<rdf:RDF xmlns:rdf='x'/>", "rdf"),
        (JSON_LD, "jsonld"), (b'[{"@id": "http://x/"}]', "jsonld"), (b"[]", "jsonld"),
        (LINES, "nt"), (b"_:b0 <http://x/y> _:b1 .\n", "nt"), (b"<urn:a> <urn:b> <urn:c> <urn:g> .\n", "nt"),
        (b"title,url\nStops,http://x\n", None), (b"", None), (b"no rdf here", None), (b"\x89PNG\r\n", None),
    ],
)  # fmt: skip
def test_the_syntax_is_known_by_the_first_characters(document: bytes, syntax: str | None) -> None:
    assert sniff(document) == syntax


@pytest.mark.parametrize("document", [TURTLE, XML, JSON_LD, LINES, TURTLE.decode().encode("utf-16"), b"\xef\xbb\xbf" + LINES])
def test_well_formed_documents_have_no_faults(document: bytes) -> None:
    parsed = parse(document)
    assert parsed.triples and not parsed.faults
    assert any(triple.predicate == DCT.title for triple in parsed.triples)


def test_a_named_syntax_goes_before_what_the_document_looks_like() -> None:
    assert parse(LINES, "ttl").syntax == "turtle" and parse(LINES, "nq").syntax == "nt"


def test_graphs_with_names_become_one() -> None:
    named = b"@prefix dct: <http://purl.org/dc/terms/> . <urn:g> { <urn:a> dct:title 'x' } <urn:h> { <urn:a> dct:title 'y' }"
    assert len(parse(named).triples) == 2


# --- faults that are mended ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "rule", "path", "triples"),
    [
        (TURTLE.replace(b"@prefix dct: <http://purl.org/dc/terms/> .", b""), "rdf/prefix/undeclared", "(line 4)", 3),
        (TURTLE.replace(b'"Stops"@en', b'"Stops"@en ; health:kind 5 ; dct:title "x"'), "rdf/prefix/undeclared", "(line 4)", 5),
        (TURTLE.replace(b"terms/> .", b"terms/>"), "rdf/syntax/mended", "(line 1)", 3),
        (TURTLE + b"@prefix e: <https://e.example/> .\ne:a/b a dcat:Dataset .", "rdf/syntax/mended", "(line 6)", 4),
        (
            TURTLE + b'<urn:a> dct:issued "2020-01-01"^^<<http://www.w3.org/2001/XMLSchema#date> .',
            "rdf/syntax/mended",
            "(line 5)",
            4,
        ),
        (TURTLE.replace(b"city.example/1>", b"city.example/a b>"), "rdf/iri/characters", "<https://city.example/a b>", 3),
        (TURTLE.replace(b"Stops", b"Sto\xffps"), "rdf/characters", "(line 4)", 3),
        (TURTLE + b"<urn:a> dct:title 'x' 'y' .\n<urn:a> dct:title 'x' .", "rdf/syntax/skipped", "(line 5)", 5),
        (LINES + b"<http://bad line> .\n" + LINES.replace(b"Stops", b"Lines"), "rdf/syntax/skipped", "(line 2)", 2),
        (XML.replace(b"<dct:title>", b'<dct:relation rdf:nodeID="1 a"/><dct:title>'), "rdf/node-id", "(line 3)", 3),
        (
            XML.replace(b"<dct:title>", b'<dct:relation rdf:resource="http://x/[1] 2"/><dct:title>'),
            "rdf/iri/characters",
            "<http://x/[1] 2>",
            3,
        ),
        (XML.replace(b"</dcat:Dataset></rdf:RDF>", b""), "rdf/syntax/cut", "(line 3)", 2),
    ],
)
def test_a_fault_is_mended_or_left_out_and_told_with_its_line(document: bytes, rule: str, path: str, triples: int) -> None:
    parsed = parse(document)
    assert [(each.rule, each.path) for each in parsed.faults] == [(rule, path)]
    assert len(parsed.triples) == triples
    assert all(each.message["zh"] and each.fix["zh"] for each in parsed.faults)


def test_one_statement_that_is_wrong_does_not_cost_the_others() -> None:
    document = TURTLE + b"".join(b"<urn:%d> dct:title 'x' .\n" % number for number in range(50)) + b"<urn:x> <urn:y .\n"
    parsed = parse(document)
    assert len(parsed.triples) == 53 and parsed.faults[0].path == "(line 55)"


def test_addresses_that_are_mended_are_valid_everywhere() -> None:
    parsed = parse(b'<urn:a> <urn:b> <http://x/a b[1]> , "1"^^<http://x/my type> .', "turtle")
    assert {str(each.object) for each in parsed.triples} == {"<http://x/a%20b%5B1%5D>", '"1"^^<http://x/my%20type>'}


def test_relative_addresses_are_resolved_against_the_document() -> None:
    document = XML.replace(b"https://city.example/1", b"datasets/1")
    assert parse(document, base="https://city.example/feed.rdf").triples[0].subject.value == "https://city.example/datasets/1"
    assert parse(document).triples[0].subject.value.startswith("http://relative.invalid/")


def test_plain_entities_of_namespaces_are_written_out() -> None:
    document = (
        b'<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [\n <!ENTITY dct "http://purl.org/dc/terms/">\n <!-- a > b -->\n'
        b" <!ENTITY r 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'> ]>\n"
        b'<rdf:RDF xmlns:rdf="&r;" xmlns:dct="&dct;"><rdf:Description rdf:about="&dct;x"><dct:title>&amp;dct;</dct:title>'
        b"</rdf:Description></rdf:RDF>"
    )
    (triple,) = parse(document).triples
    assert (triple.subject.value, triple.object.value) == ("http://purl.org/dc/terms/x", "&dct;")


# --- documents that are refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "rule", "path"),
    [
        (b"", "rdf/syntax/unknown", ""),
        (b"no rdf here", "rdf/syntax/unknown", ""),
        (b"\xff\xd8\xff\xe0", "rdf/syntax/unknown", ""),
        (b'{"title": "Stops", "resources": []}', "rdf/syntax/unknown", ""),
        (b"<rdf:RDF x='", "record/xml/well-formed", "(line 1)"),
        (XML_HEAD.encode() + b"</rdf:RDF>", "rdf/empty", ""),
        (b"@prefix a: <urn:a> .", "rdf/empty", ""),
        (JSON_LD[:-1] + b",}", "rdf/json-ld/json", "(line 1)"),
        (b"@prefix dct: <http://x> .\ndct:a dct:b .", "rdf/syntax", "(line 2)"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(document: bytes, rule: str, path: str) -> None:
    assert refusal(document) == (rule, path)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY % p "x">]>',
        f'<!DOCTYPE r [<!ENTITY a "{"a" * 600}">]>',
    ],
)
def test_entities_that_are_no_namespaces_are_refused(doctype: str) -> None:
    document = XML.replace(b"<rdf:RDF", doctype.encode() + b"<rdf:RDF", 1).replace("站点".encode(), b"&a;&b;&x;")
    assert refusal(document)[0] == "record/xml/doctype"


def test_bombs_are_refused_at_once_and_in_little_memory() -> None:
    depth = XML_HEAD.encode() + b"<dcat:Dataset><dct:relation>" * 100_000
    attribute = XML_HEAD.encode() + b'<dcat:Dataset rdf:about="' + b"x" * (20 << 20) + b'"/></rdf:RDF>'
    nested = b'{"@context":{},"@id":"urn:a","http://x":' + b'{"http://x":' * 100_000 + b"1" + b"}" * 100_001
    text = b"<urn:a> <urn:b> " + b"[ <urn:b> " * 100_000
    words = b'{"@id":"urn:a","http://x":"' + b"x" * (20 << 20) + b'"}'
    line = b'<urn:a> <urn:b> "' + b"x" * (20 << 20) + b'" .'
    bombs = ((depth, "rdf"), (attribute, "rdf"), (nested, "jsonld"), (text, "turtle"), (words, "jsonld"), (line, "nt"))
    for document, syntax in bombs:
        tracemalloc.start()
        began = time.perf_counter()
        with pytest.raises(Unreadable):
            parse(document, syntax)
        assert time.perf_counter() - began < 2
        assert tracemalloc.get_traced_memory()[1] < 40 * (1 << 20) + 14 * len(document)
        tracemalloc.stop()


def test_entities_may_not_swell_a_document() -> None:
    declared = b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 400 + b'">]>'
    document = XML.replace(b"<rdf:RDF", declared + b"<rdf:RDF", 1).replace("站点".encode(), b"&a;" * 200_000)
    assert refusal(document)[0] == "record/xml/doctype"


# --- JSON-LD contexts from elsewhere ------------------------------------------------------------------------------------------


@pytest.fixture
def listener() -> socket.socket:
    """A real server that would notice being asked."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    yield server
    server.close()


@pytest.mark.parametrize("place", ["document", "list", "node", "import", "term"])
def test_a_context_from_elsewhere_is_never_fetched(listener: socket.socket, place: str) -> None:
    remote = f"http://127.0.0.1:{listener.getsockname()[1]}/context.jsonld"
    wholes = {
        "document": {"@context": remote, "@id": "urn:a", "title": "x"},
        "list": {"@context": [{"a": "urn:a"}, remote], "@id": "urn:a"},
        "node": {"@id": "urn:a", "http://x/y": {"@context": remote, "@id": "urn:b"}},
        "import": {"@context": {"@version": 1.1, "@import": remote}, "@id": "urn:a"},
        "term": {"@context": {"t": {"@id": "urn:t", "@context": remote}}, "@id": "urn:a", "t": {"x": 1}},
    }
    rule, _ = refusal(json.dumps(wholes[place]).encode())
    assert rule == "rdf/json-ld/context"
    with pytest.raises(TimeoutError):
        listener.accept()


def test_our_context_stands_in_for_that_of_dcat_ap() -> None:
    body = {
        "@context": "https://semiceu.github.io/DCAT-AP/releases/3.0.1/context/dcat-ap.jsonld",
        "@id": "https://city.example/1",
        "@type": "Dataset",
        "title": {"en": "Stops", "zh": "站点"},
        "geographicalCoverage": "http://publications.europa.eu/resource/authority/country/CHN",
        "datasetDistribution": [{"@id": "urn:d", "@type": "Distribution", "accessUrl": "https://city.example/1.csv"}],
    }
    said = {
        (each.predicate.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1], str(each.object))
        for each in parse(json.dumps(body).encode()).triples
    }
    assert said == {
        ("type", "<http://www.w3.org/ns/dcat#Dataset>"), ("title", '"Stops"@en'), ("title", '"站点"@zh'),
        ("spatial", "<http://publications.europa.eu/resource/authority/country/CHN>"), ("distribution", "<urn:d>"),
        ("type", "<http://www.w3.org/ns/dcat#Distribution>"), ("accessURL", "<https://city.example/1.csv>"),
    }  # fmt: skip
    body["title"] = [{"@value": "Stops", "@language": "en"}]
    assert '"Stops"@en' in {str(each.object) for each in parse(json.dumps(body).encode()).triples}


# --- geometries ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "box"),
    [
        ("POLYGON((1 2,3 2,3 4,1 4,1 2))", (1, 2, 3, 4)), (" polygon (( 1 2, 3 2, 3 4, 1 4, 1 2 )) ", (1, 2, 3, 4)),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(1 2)", (1, 2, 1, 2)), ("POINT Z (1 2 3)", (1, 2, 1, 2)),
        ("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(2 1)", (1, 2, 1, 2)), ("SRID=4326;POINT(1 2)", (1, 2, 1, 2)),
        ("MULTIPOINT((1 2),(3 4))", (1, 2, 3, 4)), ("MULTIPOINT(1 2,3 4)", (1, 2, 3, 4)), ("ENVELOPE(1,3,4,2)", (1, 2, 3, 4)),
        ("MULTIPOLYGON(((1 2,3 2,3 4,1 2)),((5 6,7 6,7 8,5 6)))", (1, 2, 7, 8)), ("LINESTRING(1 2,3e0 4)", (1, 2, 3, 4)),
        ("GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(3 4,5 6))", (1, 2, 5, 6)),
        ('{"type":"Point","coordinates":[1,2]}', (1, 2, 1, 2)),
        ('{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}', (1, 2, 1, 2)),
        ('<gml:Envelope srsName="http://www.opengis.net/def/crs/OGC/1.3/CRS84"><gml:lowerCorner>1 2</gml:lowerCorner>'
         "<gml:upperCorner>3 4</gml:upperCorner></gml:Envelope>", (1, 2, 3, 4)),
        ('<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>2 1</gml:lowerCorner>'
         "<gml:upperCorner>4 3</gml:upperCorner></gml:Envelope>", (1, 2, 3, 4)),
        ('<gml:Polygon xmlns:gml="http://www.opengis.net/gml"><gml:exterior><gml:LinearRing><gml:posList>1 2 3 2 3 4 1 2'
         "</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>", (1, 2, 3, 4)),
    ],
)  # fmt: skip
def test_geometries_in_three_languages(words: str, box: tuple[float, ...]) -> None:
    assert rdf_geometry.around(rdf_geometry.geometry_of(words)) == box


@pytest.mark.parametrize(
    "words",
    ["", "Bavaria", "POLYGON((1 2,3", "POLYGON(1 2)", "POINT(1)", "POINT(a b)", "POLYGON EMPTY", "CIRCLE(1 2)", "{}", "[1,2]",
     '{"type":"Point"}', "<gml:Point>1 2</gml:Point>", "<http://www.opengis.net/def/crs/EPSG/0/3035> POINT(4321000 3210000)",
     "POINT(1 2) POINT(3 4)", "(" * 10_000, "GEOMETRYCOLLECTION(" * 5_000, "<" * 1000, "SRID=3857;POINT(1 2)"],
)  # fmt: skip
def test_what_is_no_geometry_in_degrees_is_none(words: str) -> None:
    assert rdf_geometry.geometry_of(words) is None


# --- real files --------------------------------------------------------------------------------------------------------------


def test_every_real_document_is_read_or_refused_with_a_rule(corpora: Path, official: Path) -> None:
    folders = [corpora / "dcat-rdf", corpora / "bad", official / "dcat-ap", official / "geodcat-ap", official / "w3c-dcat3"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    read = 0
    for path in files:
        parsed, refusal = _parsed(path.read_bytes())
        read += parsed is not None
        assert parsed is None or (parsed.triples and all(each.rule in RULES for each in parsed.faults)), path
        assert refusal is None or refusal.finding.message["en"], path
    assert len(files) > 800 and read > 700


def _parsed(document: bytes) -> tuple[rdf_document.Parsed | None, Unreadable | None]:
    try:
        return rdf_document.parse(document), None
    except Unreadable as refusal:
        return None, refusal
