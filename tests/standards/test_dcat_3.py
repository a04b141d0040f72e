"""Plain DCAT 3: the specification's own examples are read, the same from every syntax; what is written has no fillings."""

from pathlib import Path

from metadata.model import DataService, Dataset, Distribution, Series
from standards import dcat_3, rdf
from standards.base import Unreadable
from standards.rdf import DCAT, DCT
from standards.rdf_graph import records
from standards.table import detect


def found(file: Path) -> dict[str, Dataset]:
    """The datasets of a document that have an address and a title, by their places."""
    return {place: dataset for place, body in bodies(file) if place.startswith("<") and (dataset := read_or_none(body))}


def bodies(file: Path) -> list[tuple[str, bytes]]:
    """The records of a document; none where it describes no dataset."""
    try:
        return list(records(file.read_bytes()))
    except Unreadable:
        return []


def read_or_none(body: bytes) -> Dataset | None:
    """The dataset; None for a fragment without a title."""
    try:
        return dcat_3.read(body)
    except Unreadable:
        return None


def test_the_examples_of_the_specification_are_read_the_same_from_every_syntax(official: Path) -> None:
    folder = official / "w3c-dcat3/dcat/examples/vocab-dcat-3"
    compared = 0
    for file in sorted(folder.glob("*.ttl")):
        wanted = {place: (each.title, each.identifier, each.issued, each.keyword) for place, each in found(file).items()}
        for ending in (".rdf", ".jsonld"):
            other = file.with_suffix(ending)
            if not other.exists():
                continue
            said = {place: (each.title, each.identifier, each.issued, each.keyword) for place, each in found(other).items()}
            assert said == wanted, other
            compared += bool(wanted)
    assert compared >= 10


def test_nothing_is_filled_in() -> None:
    dataset = Dataset(
        identifier="x",
        title={"en": "X"},
        landing_page="https://c.example/",
        distribution=(Distribution(download_url="https://c.example/x.csv"),),
        service=(DataService(identifier="https://c.example/api", endpoint_url=("https://c.example/api?",)),),
        in_series=(Series(identifier="https://c.example/series", title={"en": "S"}),),
    )
    written = dcat_3.write(dataset)
    assert not [each for each in written if each.predicate == DCAT.accessURL]
    assert [each.object.value for each in written if each.predicate == DCT.title] == ["X", "S"]  # type: ignore[union-attr]
    assert dcat_3.read(written) == dataset


def test_it_takes_what_no_profile_claims() -> None:
    plain = rdf.serialise(dcat_3.write(Dataset(identifier="x", title={"en": "X"})), "nt")
    known = detect(plain)
    assert known and known.name == "dcat_3"
    assert not dcat_3.recognises(b'<urn:a> <http://purl.org/dc/terms/title> "x" .\n') and not dcat_3.recognises(
        {"@type": "dcat:Dataset"}
    )
    assert not dcat_3.recognises(
        b'<?xml version="1.0"?><gmd:MD_Metadata xmlns:gmd="x">http://www.w3.org/ns/dcat#</gmd:MD_Metadata>'
    )
