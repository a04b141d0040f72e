"""What is written as DCAT-AP passes the official 3.0.1 shapes, holds every field, and is the same graph in every syntax."""

import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pyshacl
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib.namespace import SH

from metadata.model import Agent, Checksum, Coded, DataService, Dataset, Distribution, Openness, Place, Series, decode, encode
from metadata.vocabulary import look_up
from standards import dcat_ap_3, dcat_us_1_1, rdf
from standards.base import Unreadable
from standards.dcat_ap_3 import CatalogPage, CatalogRecord
from standards.dcat_ap_3_catalog import catalog
from standards.rdf import ADMS, DCAT, DCATAP, DCT, FOAF, GEOSPARQL, HYDRA, LOCN, RDF, SPDX, VCARD, XSD, Triples
from tests.standards.rich import API, DESK, MESSY, OFFICE, RICH, YEARLY
from tests.standards.test_rdf import assert_same_everywhere, graph

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # rdflib's own JSON-LD reader

CASES = Path(__file__).parent / "cases" / "dcat_ap_3"
SHAPES = "dcat-ap/releases/3.0.1/shacl/dcat-ap-SHACL.ttl"
EU = "http://publications.europa.eu/resource/authority/"
# What DCAT-AP has no property for: the columns, and sharing between departments.
NOT_IN_DCAT_AP = {"information_item", "sharing", "described_by_type", "extra"}


def objects(triples: Triples, subject: object, predicate: NamedNode) -> list[object]:
    """What is said of a subject."""
    return [each.object for each in triples if each.subject == subject and each.predicate == predicate]


@pytest.fixture(scope="module")
def shapes(official: Path) -> rdflib.Graph:
    """The official generated shapes, without two links to property shapes that the file does not hold."""
    found = rdflib.Graph().parse(official / SHAPES)
    for shape, rule in list(found.subject_objects(SH.property)):
        if (rule, SH.path, None) not in found:
            found.remove((shape, SH.property, rule))
    return found


def violations(triples: Triples, shapes: rdflib.Graph) -> Counter[tuple[str, str]]:
    """(path, constraint) of every result, counted."""
    data = rdflib.Graph().parse(data=rdf.serialise(triples, "nt"), format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    results = report.subjects(rdflib.RDF.type, SH.ValidationResult)
    return Counter((str(report.value(each, SH.resultPath)), str(report.value(each, SH.sourceShape))) for each in results)


def page(*datasets: Dataset) -> CatalogPage:
    """A page in the middle of a catalogue."""
    return CatalogPage(
        uri="https://data.qingchuan.example/catalog",
        page="https://data.qingchuan.example/catalog.ttl?page=2",
        title={"zh": "青川数据目录"},
        description={"en": "All there is"},
        publisher=OFFICE,
        datasets=datasets,
        total=250,
        items_per_page=100,
        first="https://data.qingchuan.example/catalog.ttl?page=1",
        last="https://data.qingchuan.example/catalog.ttl?page=3",
        next="https://data.qingchuan.example/catalog.ttl?page=3",
        previous="https://data.qingchuan.example/catalog.ttl?page=1",
        homepage="https://data.qingchuan.example/",
        language=("zh", "en"),
        license=look_up("licence", "CC0"),
        issued="2025-01-01",
        modified="2026-05-03T08:00:00Z",
        records=tuple(
            CatalogRecord(
                uri=f"{each.uri}#record",
                about=each.uri,
                modified="2026-05-03",
                issued="2026-01-01",
            )
            for each in datasets
            if each.uri
        ),
    )


def test_the_standard_is_a_value() -> None:
    assert (dcat_ap_3.STANDARD.name, dcat_ap_3.STANDARD.version) == ("dcat_ap_3", "3.0.1")
    assert dcat_ap_3.STANDARD.media_type == rdf.MEDIA_TYPES["turtle"]
    assert dcat_ap_3.STANDARD.write is dcat_ap_3.write
    assert dcat_ap_3.STANDARD.recognises(rdf.serialise(dcat_ap_3.write(RICH), "turtle"))
    assert dcat_ap_3.FULL.name == "dcat_ap_3_full" and not dcat_ap_3.FULL.recognises(rdf.serialise(dcat_ap_3.write(RICH), "nt"))


@pytest.mark.parametrize("dataset", [RICH, MESSY, Dataset(identifier="", title={})], ids=["rich", "messy", "empty"])
def test_all_syntaxes_hold_the_same_graph(dataset: Dataset) -> None:
    assert_same_everywhere(dcat_ap_3.write(dataset))
    assert_same_everywhere(catalog(page(dataset)))


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld", "nt"])
def test_written_as_the_case_says(ending: str) -> None:
    dataset = decode((CASES / "stops.json").read_bytes())
    written = rdf.serialise(dcat_ap_3.write(dataset), ending)
    assert written.decode() == (CASES / f"stops.{ending}").read_text(encoding="utf-8")


@pytest.mark.parametrize("dataset", [RICH, MESSY], ids=["rich", "messy"])
def test_hand_made_datasets_pass_the_official_shapes(dataset: Dataset, shapes: rdflib.Graph) -> None:
    assert violations(dcat_ap_3.write(dataset), shapes) == {}
    assert violations(catalog(page(dataset)), shapes) == {}


def test_the_shapes_do_see_faults(shapes: rdflib.Graph) -> None:
    """The oracle is awake: without its mandatory content a dataset fails, once for each."""
    found = violations(dcat_ap_3.write(Dataset(identifier="x", title={}, service=(DataService(title={"en": "x"}),))), shapes)
    assert Counter(path for path, _ in found) == {str(DCT.title.value): 1, DCT.description.value: 1, DCAT.endpointURL.value: 1}


def _real_datasets(corpora: Path, wanted: int) -> list[Dataset]:
    """Real records that have what DCAT-AP makes mandatory, a few of each file, under addresses of their own."""
    found: list[Dataset] = []
    for path in sorted((corpora / "dcatus").rglob("*.json")):
        try:
            listed = json.loads(path.read_bytes())["dataset"]
        except (ValueError, TypeError, KeyError):
            continue
        for record in listed[: max(1, len(listed) // 40)] if isinstance(listed, list) else []:
            try:
                read = dcat_us_1_1.STANDARD.read(record) if dcat_us_1_1.STANDARD.read else None
            except Unreadable:
                continue
            if read and any(words.strip() for words in read.description.values()):
                found.append(msgspec.structs.replace(read, uri=f"https://data.example/dataset/{len(found)}"))
    return found[:: max(1, len(found) // wanted)][:wanted]


def test_real_datasets_pass_the_official_shapes(corpora: Path, shapes: rdflib.Graph) -> None:
    datasets = _real_datasets(corpora, 220)
    assert len(datasets) >= 200
    assert violations(catalog(page(*datasets)), shapes) == {}


def test_real_datasets_are_the_same_graph_in_all_syntaxes(corpora: Path) -> None:
    for dataset in _real_datasets(corpora, 220):
        written = dcat_ap_3.write(dataset)
        for syntax in rdf.MEDIA_TYPES:
            assert graph(rdf.read(rdf.serialise(written, syntax), syntax)) == graph(written), (dataset.identifier, syntax)


def _without(made: Any, name: str) -> Any:
    """The same struct, with one field set back to nothing."""
    (field,) = [each for each in msgspec.structs.fields(made) if each.name == name]
    if field.default is not msgspec.NODEFAULT:
        return msgspec.structs.replace(made, **{name: field.default})
    empty = "" if field.default_factory is msgspec.NODEFAULT and field.type is str else {}
    return msgspec.structs.replace(made, **{name: empty})


def _said(made: Any) -> list[str]:
    """The fields of a struct that DCAT-AP has properties for."""
    return [field.name for field in msgspec.structs.fields(made) if field.name not in NOT_IN_DCAT_AP]


PARTS = [("distribution", RICH.distribution[0]), ("service", API), ("contact_point", DESK), ("in_series", YEARLY)]


@pytest.mark.parametrize("name", [name for name in _said(RICH) if name != "openness"])
def test_every_field_of_a_dataset_is_said(name: str) -> None:
    lone = msgspec.structs.replace(RICH, openness=None)
    assert set(dcat_ap_3.write(_without(lone, name))) != set(dcat_ap_3.write(lone))


@pytest.mark.parametrize(("place", "made", "name"), [(place, made, name) for place, made in PARTS for name in _said(made)])
def test_every_field_of_its_parts_is_said(place: str, made: Any, name: str) -> None:
    few = Dataset(identifier="x", title={"en": "x"}, landing_page="https://example.org/")
    full, less = (dcat_ap_3.write(msgspec.structs.replace(few, **{place: (part,)})) for part in (made, _without(made, name)))
    assert {(each.predicate, type(each.object) is BlankNode or each.object) for each in full} != {
        (each.predicate, type(each.object) is BlankNode or each.object) for each in less
    }


@pytest.mark.parametrize("name", _said(OFFICE))
def test_every_field_of_an_agent_is_said(name: str) -> None:
    office = msgspec.structs.replace(OFFICE, identifier="https://qingchuan.example/id/office")
    full, less = (dcat_ap_3.write(Dataset(identifier="x", title={}, publisher=who)) for who in (office, _without(office, name)))
    assert {each.object for each in full} != {each.object for each in less}


def test_codes_carry_the_addresses_of_the_eu_tables() -> None:
    triples = dcat_ap_3.write(RICH)
    node = NamedNode(str(RICH.uri))
    first = objects(triples, node, DCAT.distribution)[0]
    assert objects(triples, node, DCT.accrualPeriodicity) == [NamedNode(f"{EU}frequency/MONTHLY")]
    assert NamedNode(f"{EU}language/ZHO") in objects(triples, node, DCT.language)
    assert NamedNode(f"{EU}data-theme/TRAN") in objects(triples, node, DCAT.theme)
    assert objects(triples, node, DCT.accessRights) == [NamedNode(f"{EU}access-right/PUBLIC")]
    assert objects(triples, first, DCT.format) == [NamedNode(f"{EU}file-type/CSV")]
    assert objects(triples, first, DCAT.mediaType) == [NamedNode("https://www.iana.org/assignments/media-types/text/csv")]
    assert objects(triples, first, DCAT.compressFormat) == [
        NamedNode("https://www.iana.org/assignments/media-types/application/gzip")
    ]
    assert objects(triples, first, DCAT.byteSize) == [Literal("123456", datatype=XSD.nonNegativeInteger)]
    (checksum,) = objects(triples, first, SPDX.checksum)
    assert objects(triples, checksum, SPDX.algorithm) == [SPDX.checksumAlgorithm_sha256]


def test_a_distribution_always_has_an_access_url() -> None:
    ways = (
        Distribution(download_url="https://example.org/a.csv"),
        Distribution(access_url="http://host:port/broken", download_url="https://example.org/b.csv"),
        Distribution(title={"en": "nothing"}),
    )
    dataset = Dataset(identifier="x", title={"en": "x"}, landing_page="https://example.org/x", distribution=ways)
    for landing, last in (("https://example.org/x", "https://example.org/x"), (None, "urn:mulu:")):
        triples = dcat_ap_3.write(msgspec.structs.replace(dataset, landing_page=landing))
        reached = [each.object.value for each in triples if each.predicate == DCAT.accessURL]
        assert reached[:2] == ["https://example.org/a.csv", "https://example.org/b.csv"]
        assert reached[2].startswith(last)


def test_distributions_that_point_to_the_same_file_stay_two() -> None:
    same = Distribution(download_url="https://example.org/a.csv")
    triples = dcat_ap_3.write(Dataset(identifier="x", title={"en": "x"}, distribution=(same, same)))
    assert len({each.subject for each in triples if each.object == DCAT.Distribution}) == 2


def test_the_licence_holds_for_distributions_that_name_none() -> None:
    ways = (
        Distribution(access_url="https://example.org/a"),
        Distribution(access_url="https://example.org/b", license=look_up("licence", "CC0")),
    )
    triples = dcat_ap_3.write(Dataset(identifier="x", title={}, license=look_up("licence", "cc-by-4.0"), distribution=ways))
    said = [
        objects(triples, way, DCT.license)
        for way in objects(triples, dcat_ap_3.address(Dataset(identifier="x", title={})), DCAT.distribution)
    ]
    assert said == [
        [NamedNode("https://creativecommons.org/licenses/by/4.0/")],
        [NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")],
    ]


@pytest.mark.parametrize(("kind", "code"), [("open", "PUBLIC"), ("conditional", "RESTRICTED"), ("none", "NON_PUBLIC")])
def test_openness_gives_the_access_rights(kind: str, code: str) -> None:
    openness = msgspec.convert({"kind": kind}, Openness)
    triples = dcat_ap_3.write(Dataset(identifier="x", title={}, openness=openness))
    assert [each.object for each in triples if each.predicate == DCT.accessRights] == [NamedNode(f"{EU}access-right/{code}")]


def test_words_without_an_address_become_labelled_nodes() -> None:
    value = Coded(raw="whenever", label={"und": "whenever"})
    triples = dcat_ap_3.write(Dataset(identifier="x", title={}, accrual_periodicity=value, license=value))
    for kind in (DCT.Frequency, DCT.LicenseDocument):
        (node,) = [each.subject for each in triples if each.predicate == RDF.type and each.object == kind]
        assert objects(triples, node, NamedNode(rdf.PREFIXES["rdfs"] + "label")) == [Literal("whenever")]


def test_place_has_box_and_geometry() -> None:
    where = Place(box=(-180.0, -90.0, 180.0, 90.0), geometry={"type": "Point", "coordinates": [1.5, 2]})
    triples = dcat_ap_3.write(Dataset(identifier="x", title={}, spatial=(where,)))
    (node,) = [each.object for each in triples if each.predicate == DCT.spatial]
    corners = "POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90))"
    assert objects(triples, node, DCAT.bbox) == [Literal(corners, datatype=GEOSPARQL.wktLiteral)]
    (shape,) = objects(triples, node, LOCN.geometry)
    (words,) = objects(triples, shape, GEOSPARQL.asGeoJSON)
    assert isinstance(words, Literal) and json.loads(words.value) == where.geometry


def test_contacts() -> None:
    triples = dcat_ap_3.write(MESSY)
    contacts = objects(triples, dcat_ap_3.address(MESSY), DCAT.contactPoint)
    said = [objects(triples, node, VCARD.hasEmail) + objects(triples, node, VCARD.note) for node in contacts]
    assert said == [[Literal("no mail here")], [NamedNode("mailto:a.b@example.org")]]


def test_publisher_under_its_own_address_or_as_one_blank_node() -> None:
    for identifier, known in (("https://example.org/id/office", True), ("11510822MB1234567X", False)):
        office = Agent(name={"en": "Office"}, identifier=identifier)
        triples = dcat_ap_3.write(Dataset(identifier="x", title={}, publisher=office, creator=(office,)))
        nodes = {each.object for each in triples if each.predicate in (DCT.publisher, DCT.creator)}
        assert len(nodes) == 1
        assert isinstance(nodes.pop(), NamedNode) == known
        assert [each.object for each in triples if each.predicate == FOAF.name] == [Literal("Office", language="en")]


def test_high_value_datasets_pass_their_marks_on() -> None:
    triples = dcat_ap_3.write(RICH)
    law = NamedNode("http://data.europa.eu/eli/reg_impl/2023/138/oj")
    of_kind = {
        kind: [each.subject for each in triples if each.object == kind] for kind in (DCAT.Distribution, DCAT.DataService)
    }
    for subjects in of_kind.values():
        assert subjects
        assert all(objects(triples, subject, DCATAP.applicableLegislation) == [law] for subject in subjects)


def test_mandatory_words_that_are_missing_are_borrowed() -> None:
    """A series is described by its title, a service called by its address, or by the dataset it serves."""
    services = (
        DataService(endpoint_url=("https://api.example.org/",)),
        DataService(endpoint_description=("https://example.org/",)),
    )
    dataset = Dataset(identifier="x", title={"en": "Stops"}, in_series=(Series(title={"en": "All stops"}),), service=services)
    triples = dcat_ap_3.write(dataset)
    assert [each.object for each in triples if each.predicate == DCT.description] == [Literal("All stops", language="en")]
    nodes = [each.subject for each in triples if each.object == DCAT.DataService]
    titles = [objects(triples, node, DCT.title) for node in nodes]
    assert titles == [[Literal("https://api.example.org/")], [Literal("Stops", language="en")]]


def test_what_is_not_sound_is_left_out() -> None:
    ways = (Distribution(access_url="https://example.org/a", checksum=Checksum(algorithm="md5", value="xyz"), byte_size=-5),)
    triples = dcat_ap_3.write(Dataset(identifier="x", title={}, distribution=ways, spatial_resolution_in_meters=float("nan")))
    said = {each.predicate for each in triples}
    assert not said & {SPDX.checksum, DCAT.byteSize, DCAT.spatialResolutionInMeters, ADMS.status}


def test_addresses_without_a_catalogue_follow_from_the_identifier() -> None:
    first, again, other = (Dataset(identifier=name, title={"en": "x"}) for name in ("a", "a", "b"))
    assert dcat_ap_3.address(first) == dcat_ap_3.address(again) != dcat_ap_3.address(other)
    assert dcat_ap_3.address(first).value.startswith("urn:mulu:")
    assert dcat_ap_3.address(RICH) == NamedNode(str(RICH.uri))


def test_a_page_of_the_catalogue_is_paged_in_both_dialects() -> None:
    triples = catalog(page(RICH, MESSY))
    view = NamedNode("https://data.qingchuan.example/catalog.ttl?page=2")
    start = "https://data.qingchuan.example/catalog.ttl?page="
    assert set(objects(triples, view, RDF.type)) == {HYDRA.PartialCollectionView, HYDRA.PagedCollection}
    for name, number in (("first", 1), ("previous", 1), ("next", 3), ("last", 3)):
        for predicate in (getattr(HYDRA, name), getattr(HYDRA, f"{name}Page")):
            assert objects(triples, view, predicate) == [NamedNode(f"{start}{number}")]
    assert objects(triples, view, HYDRA.totalItems) == [Literal("250", datatype=XSD.integer)]
    assert objects(triples, view, HYDRA.itemsPerPage) == [Literal("100", datatype=XSD.integer)]
    catalogue = NamedNode("https://data.qingchuan.example/catalog")
    assert objects(triples, catalogue, DCAT.dataset) == [dcat_ap_3.address(RICH), dcat_ap_3.address(MESSY)]
    assert objects(triples, catalogue, DCAT.service) == [NamedNode(str(API.identifier))]
    assert objects(triples, catalogue, DCAT.record) == [NamedNode(f"{RICH.uri}#record")]


def test_the_last_page_has_no_next() -> None:
    triples = catalog(dataclasses.replace(page(RICH), next=None))
    assert not [each for each in triples if each.predicate in (HYDRA.next, HYDRA.nextPage)]


def test_writing_does_not_depend_on_decoding() -> None:
    assert set(dcat_ap_3.write(decode(encode(RICH)))) == set(dcat_ap_3.write(RICH))
