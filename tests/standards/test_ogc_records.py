"""Records of OGC API Records: each case reads and is checked as written down, nothing raises, the official example is read."""

import json
from pathlib import Path
from typing import Any

import pytest

from metadata.model import Dataset, decode, encode
from standards.base import Unreadable
from standards.mapping import fields
from standards.ogc_records import STANDARD, check, read, recognises
from standards.table import STANDARDS, detect
from tests.standards.oracle import mutants

CASES = sorted(Path(__file__).with_name("cases").joinpath("ogc_records").glob("*.json"))
ODD: tuple[Any, ...] = (None, "", 7, "x", [], [1, None], {"a": []})


def case(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_reads_and_is_checked_as_written_down(path: Path) -> None:
    body, told = case(path)["body"], case(path)
    assert json.loads(encode(read(body))) == told["dataset"]
    assert [[one.rule, one.path] for one in check(body)] == told["findings"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_is_recognised_by_this_standard_alone(path: Path) -> None:
    body = case(path)["body"]
    assert recognises(body)
    assert detect(body) is STANDARD
    assert [name for name in STANDARDS if STANDARDS.get(name).recognises(body)] == ["ogc_records"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_no_odd_value_anywhere_makes_it_raise(path: Path) -> None:
    for mutant in mutants(case(path)["body"], ODD):
        assert recognises(mutant) in (True, False)
        for one in check(mutant):
            assert one.rule in STANDARD.rules and (not one.path or one.path.startswith("/"))
        found = either(mutant)
        if isinstance(found, Unreadable):
            assert found.finding.rule in STANDARD.rules
        else:
            assert decode(encode(found)).identifier == found.identifier != ""


def either(body: Any) -> Dataset | Unreadable:
    try:
        return read(body)
    except Unreadable as problem:
        return problem


def test_what_no_field_has_room_for_survives() -> None:
    body = case(CASES[0])["body"]
    body["nobody_knows_this"] = body["properties"]["nor_this"] = {"deep": [1, "x"]}
    extra = read(body).extra
    assert extra["nobody_knows_this"] == extra["properties"]["nor_this"] == {"deep": [1, "x"]}


def test_each_rule_is_found_in_some_case() -> None:
    seen = {rule for path in CASES for rule, _ in case(path)["findings"]}
    seen |= {one.rule for body in (7, {}) for one in check(body)}
    assert set(STANDARD.rules) == seen


def test_every_rule_has_a_clause_and_a_link_and_every_field_is_one_of_the_model() -> None:
    assert all(rule.clause and rule.link.startswith("https://") for rule in STANDARD.rules.values())
    assert {line.model.partition(".")[0] for line in fields("standards.ogc_records")} <= set(Dataset.__struct_fields__)


@pytest.mark.parametrize(
    "body",
    [
        None,
        7,
        [],
        {},
        {"type": "Feature"},
        {"type": "Feature", "properties": {"title": "t"}},
        {"type": "Feature", "properties": {"name": "River", "description": "a feature", "created": "2024-01-01"}},
        {"type": "Feature", "stac_version": "1.0.0", "properties": {"title": "t", "license": "x", "created": "2024"}},
        {"type": "Feature", "properties": {"title": "t", "description": "d", "created": 1, "typeKeywords": [], "orgId": "x"}},
    ],
)
def test_other_features_are_not_recognised(body: Any) -> None:
    assert not recognises(body)


def test_the_official_example_is_read(official: Path) -> None:
    folder = official / "ogcapi-records" / "core" / "examples" / "json"
    body = json.loads((folder / "record.json").read_text("utf-8"))
    assert recognises(body) and not list(check(body))
    found = read(body)
    assert found.identifier == body["id"] and len(found.theme) == 13 and found.temporal_resolution == "P1D"
    assert {way.format.code for way in found.distribution if way.format} >= {"CSV", "SHP", "KML", "GEOJSON", "ZIP"}
