"""From one standard to another, and what was lost on the way."""

import json
from pathlib import Path

import pytest
import rdflib

from catalog_api.converting import Converted, convert_file, loss_report, losses, writer
from metadata.errors import CatalogError, Invalid, NotFound
from metadata.model import Agent, Dataset, Sharing
from standards import loss, xml_documents
from standards.table import STANDARDS
from tests.harvests import body
from tests.standards.rich import RICH

CATALOGUE = json.dumps({"dataset": [body("a", "Bus"), body("b", "Tram"), {"identifier": "bad"}]}).encode()


def converted(folder: Path, data: bytes, source: str | None, target: str) -> Converted:
    path = folder / "given.json"
    path.write_bytes(data)
    return convert_file(path, source, target)


@pytest.mark.parametrize("target", [name for name in STANDARDS if STANDARDS.get(name).write])
def test_a_catalogue_is_converted_to_every_standard_that_is_written(target: str, tmp_path: Path) -> None:
    done = converted(tmp_path, CATALOGUE, "dcat_us_1_1", target)
    assert (done.read, done.failed) == (2, 1) and b"Bus" in done.content and b"Tram" in done.content
    form = STANDARDS.get(target).form
    if form == "rdf":
        assert len(rdflib.Graph().parse(data=done.content, format="turtle")) > 10
    elif form == "xml" or done.content.startswith(b"<"):
        assert len(xml_documents.parse(done.content)) == 2
    elif target.startswith("dcat_us"):
        assert [one["title"] for one in json.loads(done.content)["dataset"]] == ["Bus", "Tram"]
    elif form == "json":
        assert len(done.content.splitlines()) == 2 or json.loads(done.content)


WRITTEN = [name for name in STANDARDS if STANDARDS.get(name).write and STANDARDS.get(name).read]


@pytest.mark.parametrize("target", WRITTEN)
def test_what_a_target_cannot_carry_is_told(target: str) -> None:
    """Whatever does not come back is told, and nothing that the standard's table does not name is kept back."""
    standard = STANDARDS.get(target)
    assert standard.read and standard.write
    lost = losses(RICH, standard)
    back = set(loss.used(standard.read(standard.write(RICH))))
    gone = [name for name in loss.used(RICH) if name not in back and name not in loss.GIVEN_ANEW]
    assert all(name in lost or name.partition(".")[0] in lost for name in gone), set(gone) - set(lost)
    assert not {"title", "identifier"} & set(lost)


def test_a_field_that_is_wholly_lost_is_one_line() -> None:
    sharing = Dataset(identifier="x", title={"en": "X"}, sharing=Sharing(kind="none", legal_basis={"zh": "某法"}))
    assert losses(sharing, STANDARDS.get("dcat_us_1_1")) == ["sharing"]
    publisher = Dataset(identifier="x", title={"en": "X"}, publisher=Agent(name={"en": "City"}, phone="1"))
    assert losses(publisher, STANDARDS.get("dcat_us_1_1")) == ["publisher.phone"]
    assert losses(publisher, STANDARDS.get("schema_org")) == []


def test_a_report_shows_the_values_that_are_lost() -> None:
    dataset = Dataset(
        identifier="x", title={"en": "X"}, issued="2024", sharing=Sharing(kind="none"), creator=(Agent(name={"en": "A"}),)
    )
    report = loss_report(dataset, STANDARDS.get("dcat_us_1_1"))
    assert report["to"] == "dcat_us_1_1" and set(report["carried"]) >= {"title", "issued"}
    values = {one["field"]: one["value"] for one in report["lost"]}
    assert json.loads(values["sharing"]) == {"kind": "none"} and "creator" in values


def test_what_cannot_be_converted_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        writer("nope")
    assert converted(tmp_path, CATALOGUE, "dcat_ap_3", "ckan").failed == 3
    with pytest.raises(Invalid, match=r"nope\.json"):
        convert_file(tmp_path / "nope.json", None, "ckan")
    for data in (b"", b"<html>", b"{"):
        with pytest.raises(CatalogError):
            converted(tmp_path, data, None, "ckan")
