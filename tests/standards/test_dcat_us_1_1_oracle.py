"""Our verdicts against the official schemas: every record of every real catalogue at hand, and hand-made ones at the border.

The official schemas run in two engines: `jsonschema`, which the official harvester uses, on a sample, because it takes a
millisecond for a record; jsonschema-rs on all. Where the optional package that lets `jsonschema` judge `format: uri` is not
installed (it is in the official harvester), that one format is judged by jsonschema-rs for it; see docs/oracle-dcat-us.md.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from standards.dcat_us_1_1 import NON_FEDERAL, STANDARD
from standards.json_schema import MOST_ERRORS
from tests.standards import oracle
from tests.standards.records import GOOD, with_value, without

_SCHEMAS = "dcat-us-1.1/ckanext-datajson/ckanext/datajson/pod_schema"
_FILES = {"federal": "federal-v1.1/dataset.json", "non-federal": "non-federal-v1.1/dataset-non-federal.json"}
_STANDARDS = {"federal": STANDARD, "non-federal": NON_FEDERAL}
_SAMPLE = 40

Verdict = Callable[[Any], bool]


def _ours(profile: str) -> Verdict:
    check = _STANDARDS[profile].check
    assert check is not None
    return lambda body: not any(finding.severity == "error" for finding in check(body))


def _schema(official: Path, profile: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((official / _SCHEMAS / _FILES[profile]).read_text("utf-8"))
    return schema


def _reference(schema: dict[str, Any]) -> Verdict:
    return jsonschema.Draft4Validator(schema, format_checker=oracle.formats()).is_valid


def _fast(schema: dict[str, Any]) -> Verdict:
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True, offline=True).is_valid


_KEYWORDS = {"mailto": "pattern", "null": "type"}


def _faults(profile: str, body: Any) -> oracle.Faults:
    """Our errors as (place, keyword)."""
    check = _STANDARDS[profile].check
    assert check is not None
    found = [(one.path, one.rule.rpartition("/")[2]) for one in check(body) if one.severity == "error"]
    return frozenset((oracle.steps(place, body), _KEYWORDS.get(keyword, keyword)) for place, keyword in found)


def _records(corpora: Path) -> Iterator[tuple[str, Any]]:
    for file in sorted([*corpora.glob("dcatus/**/*.json"), *corpora.glob("bad/**/*.json")]):
        try:
            document = json.loads(file.read_text("utf-8-sig"))
        except ValueError:  # HTML, truncated files, other character sets: the harvester's matter, not a standard's
            continue
        if isinstance(document, dict) and isinstance(document.get("dataset"), list):
            for at, record in enumerate(document["dataset"]):
                yield f"{file.relative_to(corpora)}#{at}", record


@pytest.fixture(scope="module")
def records(corpora: Path) -> list[tuple[str, Any]]:
    found = list(_records(corpora))
    assert len(found) > 30_000
    return found


@pytest.mark.parametrize("profile", ["federal", "non-federal"])
def test_judges_every_real_record_as_the_official_schema(official: Path, records: list[tuple[str, Any]], profile: str) -> None:
    theirs, ours = _fast(_schema(official, profile)), _ours(profile)
    verdicts = [(place, theirs(record), ours(record)) for place, record in records]
    assert 1_000 < sum(official_says for _, official_says, _ in verdicts) < len(verdicts) - 1_000, "both verdicts should occur"
    assert [place for place, official_says, we_say in verdicts if official_says != we_say] == []


@pytest.mark.parametrize("profile", ["federal", "non-federal"])
def test_judges_a_sample_as_the_reference_engine(official: Path, records: list[tuple[str, Any]], profile: str) -> None:
    theirs, ours = _reference(_schema(official, profile)), _ours(profile)
    assert [place for place, record in records[::_SAMPLE] if theirs(record) != ours(record)] == []


_WAY: dict[str, Any] = {"@type": "dcat:Distribution", "downloadURL": "https://a.gov/x.csv", "mediaType": "text/csv"}
_HIDDEN = "[[REDACTED-EX B6]]"
_FIELDS = (
    *GOOD, "rights", "license", "issued", "temporal", "spatial", "theme", "language", "references", "isPartOf", "conformsTo",
    "describedBy", "describedByType", "dataQuality", "accrualPeriodicity", "systemOfRecords", "landingPage",
    "primaryITInvestmentUII", "@id",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, "", " ", 1, 1.0, True, [], {}, [""], ["a", "a"], ["a", "b"], [None], _HIDDEN, [_HIDDEN], "http://a b", "http://a",
    "urn:x", "a/b", "2015", "R/P1M", "irregular", "é", ["en"], ["http://a"], ["http://a", "http://a"], ["015:11"],
    ["015:11", "015:11"], ["x015:112"], ["015:001"], "023-000000001", "x" * 255, "x" * 256, {"name": "A"}, {"fn": "A"},
    {"type": "Point", "coordinates": [1, 2]},
)  # fmt: skip
_PUBLISHERS: tuple[Any, ...] = (
    {"name": "A", "@type": "org:Organization"}, {"name": "A", "@type": "x"}, {"name": 1}, {"name": ""}, {"name": None},
    {"name": "A", "subOrganizationOf": None}, {"name": "A", "subOrganizationOf": {}}, {"name": "A", "subOrganizationOf": "B"},
    {"name": "A", "subOrganizationOf": {"name": "B", "subOrganizationOf": {"name": "C"}}},
    {"name": "A", "subOrganizationOf": {"name": "B", "subOrganizationOf": {"nom": "C"}}}, {"name": _HIDDEN},
)  # fmt: skip
_ADDRESSES: tuple[Any, ...] = (
    None, "", "a@b.gov", "mailto:a@b.gov", "mailto:a@b", "mailto:null", "MAILTO:a@b.gov", "mailto:a b@c.gov", _HIDDEN,
    "mailto:a@b.gov\n", "mailto:josé@b.gov", 1, [],
)  # fmt: skip
_CARDS: tuple[Any, ...] = (
    *({"fn": "A", "hasEmail": address} for address in _ADDRESSES),
    {"fn": "A"}, {"hasEmail": "mailto:a@b.gov"}, {"fn": "A", "hasEmail": "mailto:a@b.gov", "@type": "vcard:contact"},
)  # fmt: skip
_WAY_FIELDS = (*_WAY, "accessURL", "format", "title", "description", "conformsTo", "describedBy", "describedByType", "other")
_WAY_VALUES: tuple[Any, ...] = (
    None, "", 1, [], {}, _HIDDEN, "http://a", "http://a b", "text/csv", "text/csv; x=y", "csv", "x",
)  # fmt: skip
_DISTRIBUTIONS: tuple[Any, ...] = (
    *([with_value(_WAY, field, value)] for field in _WAY_FIELDS for value in _WAY_VALUES),
    [without(_WAY, "mediaType")], [without(_WAY, "downloadURL")], [_WAY, _WAY], [{}], [_WAY, None], _WAY, [_HIDDEN], ["x"],
    [[_WAY]], [{"accessURL": "http://a", "mediaType": None}],
)  # fmt: skip
_BORDER: list[Any] = [
    *(None, [], "text", 5, {}, GOOD),
    *(without(GOOD, field) for field in GOOD),
    *(with_value(GOOD, field, value) for field in _FIELDS for value in _VALUES),
    *(with_value(GOOD, "publisher", value) for value in _PUBLISHERS),
    *(with_value(GOOD, "contactPoint", value) for value in _CARDS),
    *(with_value(GOOD, "distribution", value) for value in _DISTRIBUTIONS),
]


@pytest.mark.parametrize("profile", ["federal", "non-federal"])
def test_draws_the_border_where_the_official_schema_does(official: Path, profile: str) -> None:
    theirs, ours = _reference(_schema(official, profile)), _ours(profile)
    different = [(theirs(body), body) for body in _BORDER if theirs(body) != ours(body)]
    assert different == []
    assert sum(map(theirs, _BORDER)) > 100


@pytest.mark.parametrize("profile", ["federal", "non-federal"])
def test_says_of_every_real_record_what_the_official_schema_says(
    official: Path, records: list[tuple[str, Any]], profile: str
) -> None:
    official_schema = jsonschema_rs.Draft4Validator(_schema(official, profile), validate_formats=True, offline=True)
    different = []
    for place, record in records:
        theirs = oracle.collapsed(map(oracle.of_fast, official_schema.iter_errors(record)), record)
        ours = _faults(profile, record)
        if theirs != ours and not (len(ours) >= MOST_ERRORS and ours <= theirs):
            different.append((place, theirs ^ ours))
    assert different[:5] == []


@pytest.mark.parametrize("profile", ["federal", "non-federal"])
def test_says_at_the_border_what_the_reference_engine_says(
    official: Path, records: list[tuple[str, Any]], profile: str
) -> None:
    reference = jsonschema.Draft4Validator(_schema(official, profile), format_checker=oracle.formats())
    for body in [*_BORDER, *(record for _, record in records[:: _SAMPLE * 10])]:
        told = [each for error in reference.iter_errors(body) for each in oracle.of_reference(error)]
        assert oracle.collapsed(told, body) == _faults(profile, body), body
