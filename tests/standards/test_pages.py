"""The tables in docs/standards are what the code says; the command that fills them is in the message."""

import importlib.util
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
    known = {*loss.FIELDS, *(field.partition(".")[0] for field in loss.FIELDS), *loss.GIVEN_ANEW}
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


def test_the_markers_of_a_page_are_filled_and_the_rest_is_left() -> None:
    page = "before\n<!-- mulu:loss -->old<!-- /mulu:loss -->\nafter <!-- mulu:none -->x<!-- /mulu:none -->"
    filled = mapping.filled(page, {"loss": lambda: "new", "rules": lambda: "unused"})
    assert filled == "before\n<!-- mulu:loss -->\n\nnew\n\n<!-- /mulu:loss -->\nafter <!-- mulu:none -->x<!-- /mulu:none -->"
    assert mapping.filled(filled, {"loss": lambda: "new"}) == filled
    assert mapping.markdown(("a",), [("b|c",)]) == "| a |\n| --- |\n| b\\|c |"
