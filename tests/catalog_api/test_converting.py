"""From one standard to another, and what was lost on the way."""

import json
from pathlib import Path

import pytest
import rdflib

from catalog_api.converting import Converted, convert_file, losses, writer
from metadata.errors import CatalogError, Invalid, NotFound
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
    if STANDARDS.get(target).media_type == "text/turtle":
        assert len(rdflib.Graph().parse(data=done.content, format="turtle")) > 10
    elif target.startswith("dcat_us_1_1"):
        assert [one["title"] for one in json.loads(done.content)["dataset"]] == ["Bus", "Tram"]
    else:
        assert len([json.loads(line) for line in done.content.splitlines()]) == 2


def test_what_a_target_cannot_carry_is_told() -> None:
    for target in ("ckan", "dcat_us_1_1"):
        standard = STANDARDS.get(target)
        assert standard.read and standard.write
        lost = losses(RICH, standard)
        back = standard.read(standard.write(RICH))
        assert set(lost) == {name for name in RICH.__struct_fields__ if getattr(RICH, name) and not getattr(back, name)}
        assert "title" not in lost and "identifier" not in lost


def test_what_cannot_be_converted_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        writer("nope")
    with pytest.raises(Invalid, match="only written"):
        converted(tmp_path, CATALOGUE, "dcat_ap_3", "ckan")
    with pytest.raises(Invalid, match=r"nope\.json"):
        convert_file(tmp_path / "nope.json", None, "ckan")
    for data in (b"", b"<html>", b"{"):
        with pytest.raises(CatalogError):
            converted(tmp_path, data, None, "ckan")
