"""Our tables against the official shapes: every (focus node, path, component) is the same, over all real RDF at hand.

`docs/oracle-dcat-ap.md` says what is compared and where our findings differ from these results on purpose.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode

from metadata import vocabulary
from standards import dcat_ap_3_check, geodcat_ap, shapes_table
from standards.base import Unreadable
from standards.rdf_document import parse
from standards.rdf_graph import Graph, canonical, records
from standards.shapes_table import CORE
from tests.standards.shacl_oracle import (
    GENERATED,
    LISTS,
    RECOMMENDED,
    as_rdflib,
    geographic_shapes,
    official_shapes,
    ours,
    theirs,
)

TABLE = dcat_ap_3_check.TABLE
FOLDERS = ("dcat-ap", "geodcat-ap", "w3c-dcat3/dcat/examples")


def real_graphs(corpora: Path, official: Path) -> Iterator[tuple[Path, Graph]]:
    """Every different real RDF document, blank nodes named by what is said of them."""
    seen: set[bytes] = set()
    folders = [corpora / "dcat-rdf", corpora / "bad", *(official / name for name in FOLDERS)]
    for path in (path for folder in folders for path in sorted(folder.rglob("*"))):
        try:
            body = canonical(parse(path.read_bytes()).triples) if path.is_file() else b""
        except Unreadable:
            continue
        if body and body not in seen:
            seen.add(body)
            yield path, Graph(parse(body, "nt").triples)


@pytest.fixture(scope="module")
def shapes(official: Path) -> dict[str, rdflib.Graph]:
    """The official shapes: generated (mandatory, ranges), recommended, controlled lists."""
    return {name: official_shapes(official / name) for name in (GENERATED, RECOMMENDED, LISTS)}


def test_mandatory_cardinality_kind_class_and_datatype(corpora: Path, official: Path, shapes: dict[str, rdflib.Graph]) -> None:
    files = results = 0
    for path, graph in real_graphs(corpora, official):
        wanted = theirs(as_rdflib(graph), shapes[GENERATED])
        assert ours(graph, TABLE, CORE) == wanted, path
        files, results = files + 1, results + len(wanted)
    assert files > 350 and results > 6000, (files, results)


def test_recommended(corpora: Path, official: Path, shapes: dict[str, rdflib.Graph]) -> None:
    results = 0
    for path, graph in real_graphs(corpora, official):
        wanted = theirs(as_rdflib(graph), shapes[RECOMMENDED])
        assert ours(graph, TABLE, shapes_table.ADVISED) == wanted, path
        results += len(wanted)
    assert results > 5000, results


_GEOGRAPHIC = ("prov#", "locn#", "vcard/ns#hasAddress", "dqv#", "data.europa.eu/930/", "terms/created")


def test_geodcat_ap(corpora: Path, official: Path) -> None:
    wanted_shapes, results = geographic_shapes(official), 0
    for path, graph in real_graphs(corpora, official):
        if any(focus in str(predicate) for said in graph.said.values() for predicate in said for focus in _GEOGRAPHIC):
            wanted = theirs(as_rdflib(graph), wanted_shapes)
            assert ours(graph, geodcat_ap.TABLE, CORE) == wanted, path
            results += len(wanted)
    assert results > 40, results


def test_records_cut_out_of_a_document_too(corpora: Path, shapes: dict[str, rdflib.Graph]) -> None:
    """The record that is harvested is judged as the official shapes judge it."""
    for name in ("it-alessandria/catalog.rdf", "udata-dcat/catalog.xml", "sweden-dcat-ap-se", "w3c-dxwg-examples"):
        for path in sorted((corpora / "dcat-rdf").glob(f"{name}*")):
            for file in [path] if path.is_file() else sorted(path.rglob("*.ttl")):
                for _, body in _records(file):
                    graph = Graph(parse(body).triples)
                    assert ours(graph, TABLE, CORE) == theirs(as_rdflib(graph), shapes[GENERATED]), file


def _records(file: Path) -> list[tuple[str, bytes]]:
    try:
        return list(records(file.read_bytes()))
    except Unreadable:
        return []


# --- controlled lists ------------------------------------------------------------------------------------------------------

_IN = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#inScheme")
_TABLES = "http://publications.europa.eu/resource/authority/"
_COMPARED = {
    "language", "accrualPeriodicity", "format", "mediaType", "compressFormat", "packageFormat", "status", "availability",
    "theme", "accessRights",
}  # fmt: skip


def background(graph: Graph) -> rdflib.Graph:
    """The controlled lists as triples: our vocabulary's members, and every address that starts as one of a long list does."""
    found = rdflib.Graph()
    named = {
        value.value
        for said in graph.said.values()
        for values in said.values()
        for value in values
        if isinstance(value, NamedNode)
    }
    for name, wanted in shapes_table.lists().items():
        if wanted.start.startswith(_TABLES):
            members = shapes_table.members(name) or {each for each in named if each.startswith(wanted.start)}
            for member in members:
                found.add((rdflib.URIRef(member), _IN, rdflib.URIRef(wanted.start.rstrip("/"))))
            found.add((rdflib.URIRef(wanted.start.rstrip("/")), rdflib.RDF.type, rdflib.SKOS.ConceptScheme))
    return found


def test_controlled_lists(corpora: Path, official: Path, shapes: dict[str, rdflib.Graph]) -> None:
    results = 0
    for path, graph in real_graphs(corpora, official):
        if len(graph) > 6000:
            continue
        data = as_rdflib(graph) + background(graph)
        wanted = {(focus, path, "list") for focus, path, _ in theirs(data, shapes[LISTS]) if _short(path) in _COMPARED}
        found = {
            (focus, path, "list") for focus, path, _ in ours(graph, TABLE, shapes_table.LISTS) if _short(path) in _COMPARED
        }
        assert found == wanted, path
        results += len(wanted)
    assert results > 300, results


def _short(path: str) -> str:
    return path.strip("<>").replace("#", "/").rpartition("/")[2]


def test_the_lists_know_their_members() -> None:
    assert shapes_table.is_listed(NamedNode(f"{_TABLES}frequency/MONTHLY"), "frequency")
    assert not shapes_table.is_listed(NamedNode(f"{_TABLES}frequency/SOMETIMES"), "frequency")
    assert not shapes_table.is_listed(NamedNode("http://purl.org/cld/freq/monthly"), "frequency")
    assert not shapes_table.is_listed(Literal("monthly"), "frequency")
    assert shapes_table.is_listed(NamedNode("http://www.iana.org/assignments/media-types/text/csv"), "media-type")
    assert len(shapes_table.members("data-theme")) >= 13 and vocabulary.terms("theme")
