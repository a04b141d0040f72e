"""Our faults against GSA's schemas 3.0.0: the official examples, every value at every place of them, and all real records at
hand."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import orjson
import pytest
import referencing

from standards.base import Unreadable
from standards.dcat_us_3 import STANDARD
from standards.dcat_us_3_rules import RULES, check_class
from standards.dcat_us_3_schema import class_of, classes
from tests.standards import oracle
from tests.standards.real import real_records

_FOLDER = "datagov-harvester/schemas/dcatus3.0/definitions"
_ID = "https://resources.data.gov/dcat-us/3.0.0/definitions/"
_KEYWORDS = {"iri": "format", "date": "format", "mailto": "pattern", "frequency": "pattern", "const": "enum"}
_NAMES = {_ID + name.lower(): name for name in classes()}
_MOST = 100
_ODD: tuple[Any, ...] = (
    None, "", 5, True, [], {}, [None], "http://a b", "https://a.gov/ü", "2024", "2024-13-01", "2024-02-30", "en", "eng",
    ["en", "zh"], "mailto:a@b.gov", "mailto:a@b", "R/P1M", "annual", "POINT(1 2)", {"@type": "x"}, {"type": "Point",
    "coordinates": [1, 2]},
    {"type": "Polygon", "coordinates": []}, {"prefLabel": "x"}, [{"fn": "A", "hasEmail": "mailto:a@b.gov"}],
)  # fmt: skip
_PYTHON = ("2024\n", "2024-05\n", "R/P1M\n", "R/P1\nM", "mailto:josé@b.gov", "mailto:a@b.gov\n", "２０２４")
"""What Python's expressions and JavaScript's judge differently; the official harvester is Python."""


@cache
def _schemas(folder: Path) -> dict[str, Any]:
    read = (json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json")))
    return {schema["$id"]: schema for schema in read}


@cache
def _fast(folder: Path, name: str) -> Any:
    registry = jsonschema_rs.Registry(list(_schemas(folder).items()))
    return jsonschema_rs.validator_for({"$ref": _ID + name.lower()}, registry=registry, validate_formats=True, offline=True)


@cache
def _reference(folder: Path, name: str) -> Any:
    resources = [(uri, referencing.Resource.from_contents(schema)) for uri, schema in _schemas(folder).items()]
    registry: Any = referencing.Registry().with_resources(resources)
    return jsonschema.Draft202012Validator({"$ref": _ID + name.lower()}, registry=registry, format_checker=oracle.formats())


def _theirs(folder: Path, body: Any, name: str) -> oracle.Faults:
    errors = [oracle.of_fast(error) for error in _fast(folder, name).iter_errors(body)]
    return oracle.collapsed(errors, body)


def _ours(body: Any, name: str) -> oracle.Faults:
    found = [one for one in check_class(name, body) if one.severity == "error"]
    return frozenset((oracle.steps(one.path, body), _keyword(one.rule)) for one in found)


def _keyword(rule: str) -> str:
    last = rule.rpartition("/")[2]
    return _KEYWORDS.get(last, last)


def _agree(folder: Path, bodies: Iterator[tuple[str, Any]]) -> tuple[int, int]:
    """How many were compared, and how many of them are valid. Fails at the first five that differ."""
    count, valid, different = 0, 0, []
    for place, body in bodies:
        name = _NAMES.get(place) or class_of(body)
        theirs, ours = _theirs(folder, body, name), _ours(body, name)
        count += 1
        valid += not theirs
        if theirs != ours and not (len(ours) >= _MOST and ours <= theirs):
            different.append((place, sorted(map(str, theirs - ours)), sorted(map(str, ours - theirs))))
    assert different[:5] == []
    return count, valid


@pytest.fixture(scope="module")
def schemas(official: Path) -> Path:
    return official / _FOLDER


def _examples(official: Path) -> Iterator[tuple[str, Any]]:
    """The examples of the schemas themselves, the complete one, and those of the draft that came before."""
    for file in sorted((official / "datagov-harvester/schemas/dcatus3.0/examples").rglob("*.json")):
        yield file.name, json.loads(file.read_text("utf-8"))
    for uri, schema in _schemas(official / _FOLDER).items():
        yield from ((uri, example) for example in schema.get("examples", ()) if isinstance(example, dict))
    for file in sorted([*(official / "dcat-us-3/docs/examples").rglob("*.json*")]):
        try:
            document = json.loads(file.read_text("utf-8"))
        except ValueError:
            continue
        for node in document.get("@graph", [document]):
            yield file.name, node


def test_examples(official: Path, schemas: Path) -> None:
    count, valid = _agree(schemas, _examples(official))
    assert count > 150 and valid > 30


def test_every_odd_value_at_every_place_of_the_complete_example(official: Path, schemas: Path) -> None:
    file = official / "datagov-harvester/schemas/dcatus3.0/examples/Dataset/good/complete_example.json"
    example = json.loads(file.read_text("utf-8"))
    count, valid = _agree(schemas, (("mutant", each) for each in oracle.mutants(example, _ODD)))
    assert count > 5_000 and 500 < valid < count - 500


_CATALOGUE: dict[str, Any] = {
    "@type": "Catalog", "title": "C", "dataset": [],
    "record": [{"@type": "CatalogRecord", "modified": "2024", "primaryTopic": "x", "issued": ["2024-05"],
    "description": ["d"]}],
    "service": [{"title": "S", "endpointURL": ["https://a.gov/api"], "publisher": {"name": "P"},
                 "contactPoint": [{"fn": "A", "hasEmail": "mailto:a@b.gov"}], "endpointDescription": ["https://a.gov/x"]}],
    "homepage": {"title": "H"}, "themeTaxonomy": [{"title": "T", "created": "2020"}],
    "conformsTo": {"title": "DCAT-US 3.0"}, "catalog": [{"dataset": []}],
}  # fmt: skip
_SERIES: dict[str, Any] = {
    "@type": "DatasetSeries", "title": "S", "description": "D", "accrualPeriodicity": "annual", "seriesMember": [],
    "issued": "1950",
    "spatial": [{"prefLabel": "X", "centroid": {"type": "Point", "coordinates": [1, 2]}, "geometry": {"type": "Point",
    "coordinates": []}}],
    "publisher": {"name": "P", "category": ["x", {"prefLabel": "y"}]},
}  # fmt: skip
_PARTS: dict[str, Any] = {
    "title": "T", "description": "D", "identifier": None, "contactPoint": {"fn": "A", "hasEmail": "mailto:a@b.gov"},
    "distribution": [{"accessRestriction": [{"restrictionStatus": "x"}],
    "useRestriction": [{"restrictionStatus": {"prefLabel": "x"}}],
                      "cuiRestriction": {"cuiBannerMarking": "CUI", "designationIndicator": "DOI",
                      "requiredIndicatorPerAuthority": ["x"]},
                      "checksum": {"algorithm": "sha256", "checksumValue": "00"}, "language": "en",
                      "image": "https://a.gov/x.png"}],
}  # fmt: skip


@pytest.mark.parametrize(
    "body", [_CATALOGUE, _SERIES, _CATALOGUE["record"][0], {**_CATALOGUE["service"][0], "@type": "DataService"}, _PARTS]
)
def test_every_odd_value_at_every_place_of_the_other_classes(schemas: Path, body: dict[str, Any]) -> None:
    count, valid = _agree(schemas, (("mutant", each) for each in oracle.mutants(body, _ODD)))
    assert count > 100 and valid > 10


def test_every_real_record(corpora: Path, schemas: Path) -> None:
    count, _ = _agree(schemas, real_records(corpora))
    assert count > 40_000


def test_a_sample_in_the_reference_engine(official: Path, corpora: Path, schemas: Path) -> None:
    file = official / "datagov-harvester/schemas/dcatus3.0/examples/Dataset/good/complete_example.json"
    bodies = [*oracle.mutants(json.loads(file.read_text("utf-8")), _ODD)][::37]
    bodies += [{**_PARTS, name: value} for name in ("issued", "accrualPeriodicity") for value in _PYTHON]
    bodies += [{**_PARTS, "contactPoint": {"fn": "A", "hasEmail": value}} for value in _PYTHON]
    bodies += [body for number, (_, body) in enumerate(real_records(corpora)) if number % 400 == 0]
    for body in bodies:
        errors = [
            told for error in _reference(schemas, class_of(body)).iter_errors(body) for told in oracle.of_reference(error)
        ]
        assert oracle.collapsed(errors, body) == _ours(body, class_of(body))


def test_every_rule_of_a_fault_has_its_keyword() -> None:
    assert {_keyword(rule) for rule in RULES} >= {"required", "type", "format", "pattern", "enum", "maxLength", "minLength"}


def test_real_records_are_read_and_mended_or_say_why(corpora: Path) -> None:
    read = 0
    for number, (place, body) in enumerate(real_records(corpora)):
        if number % 23:
            continue
        mended, _ = STANDARD.repair(body) if STANDARD.repair else (body, [])
        assert STANDARD.repair and STANDARD.repair(mended)[1] == [], place
        try:
            dataset = STANDARD.read(body) if STANDARD.read else None
        except Unreadable:
            continue
        assert dataset and STANDARD.write and orjson.dumps(STANDARD.write(dataset)), place
        read += 1
    assert read > 1_000
