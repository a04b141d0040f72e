"""GeoDCAT-AP: topics, reference systems, parties by role; what is written passes the official shapes of both profiles."""

from pathlib import Path

import msgspec
import pytest
import rdflib

from metadata.model import Agent, Coded, Contact, Dataset, Place
from standards import dcat_3, dcat_ap_3, geodcat_ap, rdf, rdf_graph
from standards.rdf import DCT, PREFIXES
from standards.rdf_document import parse
from standards.rdf_graph import Graph
from standards.table import detect
from tests.standards.rich import MESSY, RICH
from tests.standards.shacl_oracle import GENERATED, as_rdflib, geographic_shapes, official_shapes, theirs

TOPIC = Coded(uri="http://inspire.ec.europa.eu/metadata-codelist/TopicCategory/health", label={"en": "Health"})
CRS = "http://www.opengis.net/def/crs/EPSG/0/4490"
GEO = msgspec.structs.replace(
    RICH,
    theme=(*RICH.theme, TOPIC),
    conforms_to=(CRS, *RICH.conforms_to),
    spatial=(Place(box=(170.0, -10.0, -170.0, 10.0)), Place(geometry={"type": "Point", "coordinates": [105.2, 32.6]})),
)
HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix role: <http://inspire.ec.europa.eu/metadata-codelist/ResponsiblePartyRole/> .
@prefix geodcat: <http://data.europa.eu/930/> .
<urn:d> a dcat:Dataset ; dct:title "D" """


def test_topics_are_themes_here_and_subjects_there() -> None:
    written = geodcat_ap.write(GEO)
    assert [each.object.value for each in written if each.predicate == DCT.subject] == [TOPIC.uri]  # type: ignore[union-attr]
    assert TOPIC in geodcat_ap.read(written).theme and TOPIC not in dcat_ap_3.read(written).theme


def test_reference_systems_are_typed_and_come_back() -> None:
    written = geodcat_ap.write(GEO)
    assert (CRS, "http://inspire.ec.europa.eu/glossary/SpatialReferenceSystem") in {
        (each.subject.value, each.object.value)  # type: ignore[union-attr]
        for each in written
        if each.predicate == DCT.type
    }
    found = geodcat_ap.read(written)
    assert CRS in found.conforms_to and "rdf" not in found.extra


def test_a_box_across_the_date_line_comes_back() -> None:
    boxes = [place.box for place in geodcat_ap.read(geodcat_ap.write(GEO)).spatial]
    assert boxes == [(170.0, -10.0, -170.0, 10.0), None]


def attributed(role: str) -> str:
    who = f"[ foaf:name '{role}' ; foaf:mbox <mailto:a@c.example> ]"
    return f"; prov:qualifiedAttribution [ prov:agent {who} ; dcat:hadRole role:{role} ] "


@pytest.mark.parametrize(
    ("said", "field", "wanted"),
    [
        (attributed("pointOfContact"), "contact_point", (Contact(name={"und": "pointOfContact"}, email="a@c.example"),)),
        (attributed("author"), "creator", (Agent(name={"und": "author"}, email="a@c.example"),)),
        (attributed("publisher"), "publisher", Agent(name={"und": "publisher"}, email="a@c.example")),
        (attributed("owner"), "publisher", None),
        ("; geodcat:originator [ foaf:name 'O' ]", "creator", (Agent(name={"und": "O"}),)),
        (attributed("publisher") + "; dct:publisher [ foaf:name 'P' ]", "publisher", Agent(name={"und": "P"})),
    ],
)
def test_parties_by_role_take_a_place_that_is_free(said: str, field: str, wanted: object) -> None:
    dataset = geodcat_ap.read(f"{HEAD}{said} .".encode())
    assert getattr(dataset, field) == wanted
    if "prov:" in said:
        assert "qualifiedAttribution" in dataset.extra["rdf"]
        assert "qualifiedAttribution" in rdf.serialise(geodcat_ap.write(dataset), "nt").decode()


@pytest.mark.parametrize("dataset", [GEO, RICH, MESSY], ids=["geo", "rich", "messy"])
def test_what_is_written_passes_the_official_shapes(dataset: Dataset, official: Path) -> None:
    graph = as_rdflib(Graph(geodcat_ap.write(dataset)))
    assert theirs(graph, official_shapes(official / GENERATED)) == frozenset()
    assert theirs(graph, geographic_shapes(official)) == frozenset()


def test_a_high_value_dataset_passes_the_official_shapes_for_them(official: Path) -> None:
    shapes = official_shapes(official / "dcat-ap/releases/3.0.0-hvd/html/hvd-SHACL-base.ttl")
    found = theirs(as_rdflib(Graph(dcat_ap_3.write(RICH))), shapes)
    of_the_catalogue = {each for each in found if each[0] == str(rdf.iri(RICH.uri))}
    assert not {path for _, path, component in of_the_catalogue if component == "MinCount"}
    assert not [each.rule for each in dcat_ap_3.check(dcat_ap_3.write(RICH)) if each.rule.startswith("dcat-ap-3/hvd/")]


@pytest.mark.parametrize("standard", [geodcat_ap.STANDARD, dcat_3.STANDARD, dcat_ap_3.STANDARD], ids=lambda each: each.name)
@pytest.mark.parametrize(("syntax", "name"), [("turtle", "turtle"), ("rdf", "xml"), ("nt", "nt")])
def test_rdflib_reads_what_is_written(standard: object, syntax: str, name: str) -> None:
    written = standard.write(GEO)  # type: ignore[attr-defined]
    assert len(rdflib.Graph().parse(data=rdf.serialise(written, syntax), format=name)) == len(set(written))


def test_plain_dcat_has_nothing_of_dcat_ap() -> None:
    written = dcat_3.write(GEO)
    assert not [each for each in written if each.predicate.value.startswith(PREFIXES["dcatap"])]
    assert dcat_3.read(written).applicable_legislation == () and dcat_3.read(written).title == GEO.title
    assert not [each for each in dcat_3.check(written) if each.severity == "error"]


@pytest.mark.parametrize(
    ("dataset", "standard"), [(GEO, "geodcat_ap"), (RICH, "dcat_ap_3"), (Dataset(identifier="x", title={"en": "X"}), "dcat_3")]
)
def test_each_is_detected(dataset: Dataset, standard: str) -> None:
    for write in (geodcat_ap.write, dcat_ap_3.write):
        found = detect(rdf_graph.canonical(write(dataset)))
        assert found and found.name == standard


def test_every_official_example_is_read(official: Path) -> None:
    read = 0
    for path in sorted((official / "geodcat-ap/releases/2.0.0/examples").rglob("*.*")):
        graph = Graph(parse(path.read_bytes()).triples)
        for node in rdf_graph.datasets(graph):
            body = rdf_graph.body_of(graph, node)
            if b"dc/terms/title" in body:
                read += bool(geodcat_ap.read(body).title)
    assert read >= 3
