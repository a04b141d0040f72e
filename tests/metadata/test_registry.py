"""Named things: a table, and what other packages add."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from metadata.errors import NotFound
from metadata.registry import Registry


def test_values_and_dotted_paths() -> None:
    registry: Registry[object] = Registry("thing", "mulu.nothing", {"value": 5, "path": "metadata.text:UNDETERMINED"})
    assert registry.get("value") == 5 and registry.get("path") == "und"
    assert list(registry) == ["value", "path"] and list(registry.values()) == [5, "und"] and len(registry) == 2
    assert "path" in registry and "else" not in registry
    assert dict(registry.items()) == {"value": 5, "path": "und"}


def test_an_unknown_name_is_told_with_those_there_are() -> None:
    registry: Registry[int] = Registry("thing", "mulu.nothing", {"a": 1, "b": 2})
    with pytest.raises(NotFound) as raised:
        registry.get("c")
    assert str(raised.value) == "there is no thing of this name (found: c). Known: a, b."


def test_a_lazy_line_is_imported_when_asked_for() -> None:
    sys.modules.pop("this", None)
    registry: Registry[object] = Registry("thing", "mulu.nothing", {"lazy": "colorsys:ONE_THIRD", "other": "no.such.module:X"})
    assert "other" in registry and registry.get("lazy") == pytest.approx(1 / 3)
    with pytest.raises(ModuleNotFoundError):
        registry.get("other")


def test_another_package_joins_by_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real distribution on the path: its metadata folder and its module."""
    (tmp_path / "neighbour.py").write_text("THING = 'theirs'\n", "utf-8")
    info = tmp_path / "neighbour-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: neighbour\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[mulu.testing]\nnew = neighbour:THING\nours = neighbour:THING\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry: Registry[str] = Registry("thing", "mulu.testing", {"ours": "colorsys:__doc__", "own": "x:y"})
    assert registry.get("new") == "theirs"
    assert list(registry) == ["ours", "own", "new"]
    assert registry.get("ours") != "theirs", "the table wins"
    assert EntryPoint("new", "neighbour:THING", "mulu.testing").load() == "theirs"
