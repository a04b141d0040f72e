"""The tables in docs/standards are what the code says; the command that fills them is in the message."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from metadata.model import Dataset
from standards import loss, mapping
from standards.table import STANDARDS
from tests.standards.rich import RICH

FOLDER = Path(__file__).parent.parent.parent / "docs" / "standards"


def filler() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fill", FOLDER / "fill.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_the_tables_of_a_page_are_the_codes(page: Path) -> None:
    text = page.read_text("utf-8")
    assert mapping.filled(text, filler().makers(page.stem)) == text, "run: python docs/standards/fill.py"


@pytest.mark.parametrize("name", [name for name in STANDARDS if STANDARDS.is_built_in(name)])
def test_what_a_standard_carries_are_fields_of_the_model(name: str) -> None:
    known = {*loss.FIELDS, *(field.partition(".")[0] for field in loss.FIELDS), *loss.GIVEN_ANEW, "extra.rdf"}
    unknown = {each for each in STANDARDS.get(name).carries if each not in known and ".".join(each.split(".")[:2]) not in known}
    assert not unknown, f"{name} carries what no dataset has: {unknown}"


@pytest.mark.parametrize("name", [name for name in STANDARDS if STANDARDS.is_built_in(name)])
def test_the_fields_of_a_mapping_are_fields_of_the_model(name: str) -> None:
    if not importlib.util.find_spec(f"standards.{name}"):
        return
    known = {*loss.FIELDS, *(field.partition(".")[0] for field in loss.FIELDS)}
    for each in mapping.fields(f"standards.{name}"):
        models = [part.strip() for part in each.model.replace("·", ",").split(",")]
        assert all(".".join(model.split(".")[:2]) in known for model in models), each
        assert each.source


def test_the_names_of_fields_follow_the_model() -> None:
    assert {name.partition(".")[0] for name in loss.FIELDS} == set(Dataset.__struct_fields__) - loss.GIVEN_ANEW
    used = set(loss.used(RICH))
    assert {"title", "publisher.name", "distribution.media_type", "spatial.box", "license"} <= used <= set(loss.FIELDS)
    assert list(loss.used(Dataset(identifier="x", title={"en": "X"}))) == ["identifier", "title"]


def test_of_what_a_source_says_beside_the_model_only_what_does_not_come_back_is_lost() -> None:
    kept = {"rdf": '<https://x.example/d> <https://x.example/p> "a word" .\n'}
    dataset = Dataset(identifier="https://x.example/d", uri="https://x.example/d", title={"en": "X"}, extra=kept)
    for name in ("dcat_ap_3", "dcat_3", "geodcat_ap"):
        standard = STANDARDS.get(name)
        assert standard.read and standard.write
        assert loss.losses(dataset, standard) == [], name
        assert "a word" in standard.read(standard.write(dataset)).extra["rdf"]
        both = Dataset(identifier="d", title={"en": "X"}, extra=kept | {"bureauCode": ["015:11"]})
        assert loss.losses(both, standard) == ["extra.bureauCode"]
    assert loss.losses(dataset, STANDARDS.get("iso_19139")) == ["extra"]


@pytest.mark.parametrize("name", [name for name in STANDARDS if (FOLDER / f"{name}.md").exists()])
def test_a_page_says_all_that_is_asked_of_it(name: str) -> None:
    page = (FOLDER / f"{name}.md").read_text("utf-8")
    asked = ("## Example\n", "```", "<!-- mulu:fields -->", "<!-- mulu:rules -->", "<!-- mulu:loss -->")
    assert [each for each in asked if each not in page] == []
    (said,) = re.findall(r"^## (?:Oracle agreement|Agreement with .+)\n\n(.+)", page, re.MULTILINE)
    assert len(said) > 40
    assert {path.stem for path in FOLDER.glob("*.md")} >= set(STANDARDS) - {"dcat_ap_3_full", "dcat_us_1_1_non_federal"}


@pytest.mark.parametrize("name", [name for name in STANDARDS if STANDARDS.is_built_in(name)])
def test_clauses_have_no_numbers_that_nobody_can_look_up(name: str) -> None:
    """The texts of ISO, GB and the guide are not open, and drafts renumber DCAT: a clause names what it speaks of. Numbers
    stand where the text is open and its sections are fixed (RFCs, RDF 1.1, XML 1.0, CSDGM, DataCite, EU regulations)."""
    closed = r"(?:ISO|DCAT|GB)[^;]*(?:§|\b[A-D]\.\d|:\d{4} \d)|(?:指南|办法)[^;]*(?:第[一二三四五六七八九十]+条|\d\.\d|§)"
    vague = re.compile(closed)
    numbered = {each.clause for each in STANDARDS.get(name).rules.values() if vague.search(each.clause)}
    assert not numbered and all(each.clause.strip(" ,") == each.clause for each in STANDARDS.get(name).rules.values())


def test_the_markers_of_a_page_are_filled_and_the_rest_is_left() -> None:
    page = "before\n<!-- mulu:loss -->old<!-- /mulu:loss -->\nafter <!-- mulu:none -->x<!-- /mulu:none -->"
    filled = mapping.filled(page, {"loss": lambda: "new", "rules": lambda: "unused"})
    assert filled == "before\n<!-- mulu:loss -->\n\nnew\n\n<!-- /mulu:loss -->\nafter <!-- mulu:none -->x<!-- /mulu:none -->"
    assert mapping.filled(filled, {"loss": lambda: "new"}) == filled
    assert mapping.markdown(("a",), [("b|c",)]) == "| a |\n| --- |\n| b\\|c |"


def test_every_case_that_the_list_of_quirks_names_is_there() -> None:
    cases = Path(__file__).with_name("cases")
    root = cases.parent.parent.parent
    folder = ""
    for name in re.findall(r"`([\w/.-]+\.\w+)`", cases.joinpath("README.md").read_text("utf-8").partition("|---|")[2]):
        if name.startswith(".") or name in ("data.json", "README.md"):
            continue
        folder = str(Path(name).parent) if "/" in name else folder
        path = Path(name) if "/" in name else Path(folder) / name
        assert (root / path).exists() or (cases / path).exists(), path
