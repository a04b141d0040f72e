"""Data packages v1 and v2: read, written, checked against the official profiles, mended."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metadata.model import Dataset
from standards.base import Unreadable
from standards.datapackage import STANDARD, check, read, recognises, repair, write
from standards.datapackage_check import version_of
from tests.standards.generated import back, datasets
from tests.standards.real import documents
from tests.standards.rich import MESSY, RICH

CASES = sorted(Path(__file__).with_name("cases").joinpath("datapackage").glob("*.json"))
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE = {"name": "stops", "path": "stops.csv"}


def _errors(body: Any) -> list[str]:
    return [each.rule for each in check(body) if each.severity == "error"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    assert recognises(case["package"])
    found = json.loads(json.dumps({each.rule: each.path for each in check(case["package"])}))
    assert found == case["findings"]
    dataset = read(case["package"])
    said = {"title": dataset.title, "identifier": dataset.identifier, "items": [each.code for each in dataset.information_item]}
    assert said == case["dataset"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(datasets())
def test_what_it_carries_comes_back(dataset: Dataset) -> None:
    assert back(STANDARD, dataset) == []
    assert _errors(write(dataset)) == []


@pytest.mark.parametrize("dataset", [RICH, MESSY], ids=["rich", "messy"])
def test_what_is_written_is_valid(dataset: Dataset, official: Path) -> None:
    profile = json.loads((official / "datapackage-v2/public/profiles/2.0/datapackage.json").read_bytes())
    package = write(dataset)
    assert jsonschema_rs.validator_for(profile, validate_formats=True).is_valid(package)
    assert [each.path for each in check(package) if each.severity == "error"] == []


def _oracles(official: Path) -> dict[int, Any]:
    folder = official / "datapackage-v2/public/profiles"
    return {
        version: jsonschema_rs.validator_for(
            json.loads((folder / f"{version}.0/datapackage.json").read_bytes()), validate_formats=True
        )
        for version in (1, 2)
    }


ODD: list[Any] = [
    None,
    True,
    1,
    2.5,
    "",
    "x",
    "../x",
    "/x",
    "~x",
    "file:///x",
    "http://x.example",
    "a/../b",
    "a..b",
    "a\\b",
    "x\n",
    [],
    [1],
    ["a"],
    ["a", "a"],
    [["a"], ["a"]],
    [{}],
    {},
    {"value": "a"},
    [{"value": "a"}],
    [{"value": 1}],
    [1, 1.0],
    [True, 1],
    "2020-01-01",
    "a@b.c",
    "text/",
    "text/csv",
    "md5:xyz",
    "abcd" * 8,
    "array",
    {"fields": ["a"]},
    {"fields": "a", "resource": 1},
    "number",
    "integer",
    "any",
    "string",
    "uuid",
    {"name": "x"},
    {"title": "x"},
]
FULL: dict[str, Any] = {
    "name": "x",
    "id": "i",
    "title": "t",
    "homepage": "https://x.example/",
    "version": "1",
    "created": "2020-01-01T00:00:00Z",
    "contributors": [
        {"title": "a", "email": "a@b.example", "roles": ["author"], "role": "author", "path": "https://x.example"}
    ],
    "keywords": ["a"],
    "licenses": [{"name": "CC0-1.0"}, {"path": "https://x.example"}],
    "sources": [{"title": "s", "path": "a/b.csv"}],
    "resources": [
        {
            "name": "r",
            "path": "a.csv",
            "mediatype": "text/csv",
            "bytes": 12,
            "hash": "sha256:abcd",
            "dialect": {"delimiter": ";", "doubleQuote": True, "headerRows": [1]},
            "schema": {
                "fields": [
                    {"name": "a"},
                    {
                        "name": "n",
                        "type": "number",
                        "bareNumber": True,
                        "groupChar": ".",
                        "constraints": {"minimum": 1, "enum": [1, 2]},
                    },
                    {
                        "name": "i",
                        "type": "integer",
                        "categories": [1],
                        "groupChar": ",",
                        "constraints": {"exclusiveMaximum": 2},
                    },
                    {"name": "b", "type": "boolean", "trueValues": ["y"], "constraints": {"enum": [True]}},
                    {
                        "name": "s",
                        "type": "string",
                        "format": "email",
                        "missingValues": ["-"],
                        "constraints": {"pattern": "a", "minLength": 1},
                    },
                ],
                "primaryKey": ["a"],
                "uniqueKeys": [["a"]],
                "missingValues": [""],
                "foreignKeys": [{"fields": ["a"], "reference": {"resource": "r", "fields": ["b"]}}],
            },
        },
        {"name": "q", "path": ["a.csv", "b.csv"]},
        {"name": "z", "data": [1], "type": "table"},
    ],
}


def places(value: Any) -> list[tuple[Any, Any]]:
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    return [(value, key) for key, _ in pairs] + [place for _, inner in pairs for place in places(inner)]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.sampled_from((1, 2)))
def test_verdicts_on_packages_with_something_wrong(official: Path, data: st.DataObject, version: int) -> None:
    package = json.loads(json.dumps(FULL)) | {"$schema": f"https://datapackage.org/profiles/{version}.0/datapackage.json"}
    parent, key = data.draw(st.sampled_from(places({**package, "$schema": None} and package)))
    if key != "$schema":
        parent[key] = data.draw(st.sampled_from(ODD))
    assert (_errors(package) == []) == _ORACLES(official)[version].is_valid(package)


_KNOWN: dict[Path, dict[int, Any]] = {}


def _ORACLES(official: Path) -> dict[int, Any]:
    if official not in _KNOWN:
        _KNOWN[official] = _oracles(official)
    return _KNOWN[official]


def test_every_real_package_reads(corpora: Path) -> None:
    every = [outcome(body) for _, body in documents(corpora, ("datapackage",))]
    assert len(every) >= 8 and set(every) <= {"read", "datapackage/untitled", "datapackage/object"}
    assert every.count("read") >= 6


def outcome(body: Any) -> str:
    try:
        read(body)
    except Unreadable as problem:
        return problem.finding.rule
    return "read"


def test_versions_are_told_apart() -> None:
    assert version_of({"$schema": V2}) == 2 and version_of({}) == 1 and version_of({"$schema": 5}) == 1
    long_name = {"$schema": V2, "resources": [{"name": "With Blanks", "path": "x.csv"}]}
    assert _errors(long_name) == []
    assert _errors({**long_name, "$schema": ""}) == ["datapackage/resource/name/pattern"]


def test_table_schemas_become_information_items_and_back() -> None:
    fields = [
        {"name": "id", "type": "integer", "constraints": {"required": True, "maximum": 9}},
        {"name": "名称", "type": "string"},
    ]
    package = {"$schema": V2, "name": "a", "resources": [{**RESOURCE, "schema": {"fields": fields, "primaryKey": "id"}}]}
    dataset = read(package)
    first = dataset.information_item[0]
    assert (first.code, first.required, first.key, first.extra) == ("id", True, True, {"constraints": {"maximum": 9}})
    assert dataset.information_item[1].name == {"zh": "名称"}
    written = write(dataset)["resources"][0]["schema"]
    assert written == {"fields": fields, "primaryKey": "id"}


def test_items_of_several_tables_go_back_to_their_own() -> None:
    tables = [{"name": name, "path": f"{name}.csv", "schema": {"fields": [{"name": f"{name}_id"}]}} for name in ("one", "two")]
    again = write(read({"name": "a", "resources": tables}))["resources"]
    assert [(each["name"], each["path"], each["schema"]["fields"][0]["name"]) for each in again] == [
        ("one", "one.csv", "one_id"),
        ("two", "two.csv", "two_id"),
    ]


def test_repairs_what_is_mechanical() -> None:
    body = {
        "$schema": V2,
        "keywords": "公交、站点",
        "licenses": {"name": "CC0-1.0"},
        "contributors": [],
        "resources": [{**RESOURCE, "mediatype": "CSV", "schema": {"fields": [{"name": "a", "type": "字符型"}]}}],
    }
    mended, done = repair(body)
    assert _errors(mended) == [] and len(_errors(body)) == len(done) == 5
    assert mended["keywords"] == ["公交", "站点"] and "contributors" not in mended
    assert mended["resources"][0]["mediatype"] == "text/csv"
    assert mended["resources"][0]["schema"]["fields"][0]["type"] == "string"
    assert not any(each.filled for each in done)


def test_neighbours_are_not_taken_for_packages() -> None:
    assert not recognises({"name": "x", "resources": [{"url": "https://x.example/a.csv"}]})
    assert not recognises({"@context": "https://schema.org", "resources": [RESOURCE]})
    assert not recognises({"resources": []}) and not recognises([RESOURCE]) and not recognises(None)
