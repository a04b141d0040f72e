"""DCAT-US 1.1 mended, its collections, its warnings, and what comes back of what is written."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.model import Dataset
from standards.base import Standard
from standards.dcat_us_1_1 import NON_FEDERAL, STANDARD, across, read, write
from standards.dcat_us_1_1_repair import MENDS
from standards.dcat_us_1_1_rules import RULES
from tests.standards import said
from tests.standards.real import real_records
from tests.standards.records import GOOD, with_value, without


def _mended(record: Any, standard: Standard = STANDARD) -> tuple[Any, list[list[Any]]]:
    assert standard.repair is not None
    body, repairs = standard.repair(record)
    return body, [[one.rule.removeprefix("dcat-us-1.1/"), one.path, one.before, one.after, one.filled] for one in repairs]


def _errors(record: Any, standard: Standard = STANDARD) -> list[str]:
    assert standard.check is not None
    return [one.rule for one in standard.check(record) if one.severity == "error"]


_WAY = {"@type": "dcat:Distribution", "downloadURL": "https://a.gov/x.csv"}


@pytest.mark.parametrize(
    ("field", "before", "after", "rule", "path"),
    [
        ("contactPoint", {"fn": "A", "hasEmail": "a@b.gov"}, "mailto:a@b.gov", "contactPoint/hasEmail/mailto",
        "/contactPoint/hasEmail"),
        ("contactPoint", {"fn": "A", "hasEmail": "MAILTO: a@b.gov?subject=x y"}, "mailto:a@b.gov",
        "contactPoint/hasEmail/mailto",
         "/contactPoint/hasEmail"),
        ("modified", "2016/04/14", "2016-04-14", "modified/pattern", "/modified"),
        ("modified", "２０１６年４月", "2016-04", "modified/pattern", "/modified"),
        ("issued", "April 14, 2016", "2016-04-14", "issued/pattern", "/issued"),
        ("temporal", "2015-01-1/2015-12-31", "2015-01-01/2015-12-31", "temporal/pattern", "/temporal"),
        ("accrualPeriodicity", "每月", "R/P1M", "accrualPeriodicity/pattern", "/accrualPeriodicity"),
        ("accrualPeriodicity", "annually", "R/P1Y", "accrualPeriodicity/pattern", "/accrualPeriodicity"),
        ("license", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/", "license/format", "/license"),
        ("license", '<a href="https://creativecommons.org/licenses/by/4.0/">terms</a>',
        "https://creativecommons.org/licenses/by/4.0/",
         "license/format", "/license"),
        ("license", "None", None, "license/format", "/license"),
        ("accessLevel", "Public", "public", "accessLevel/enum", "/accessLevel"),
        ("keyword", "bus, stop；timetable", ["bus", "stop", "timetable"], "keyword/type", "/keyword"),
        ("keyword", ["bus", ""], ["bus"], "keyword/item/minLength", "/keyword/1"),
        ("language", ["en_US"], ["en-US"], "language/item/pattern", "/language/0"),
        ("bureauCode", "021:00", ["021:00"], "bureauCode/type", "/bureauCode"),
        ("programCode", ["０２１:００１"], ["021:001"], "programCode/item/pattern", "/programCode/0"),
        ("publisher", "City", {"@type": "org:Organization", "name": "City"}, "publisher/type", "/publisher"),
        ("title", 300.21, "300.21", "title/type", "/title"),
        ("identifier", 17, "17", "identifier/type", "/identifier"),
        ("spatial", "", None, "spatial/minLength", "/spatial"),
        ("theme", [], None, "theme/minItems", "/theme"),
        ("references", ["https://a.gov", "https://a.gov"], ["https://a.gov"], "references/uniqueItems", "/references"),
        ("landingPage", "https://a.gov/a b", "https://a.gov/a%20b", "landingPage/format", "/landingPage"),
        ("@type", "Dataset", "dcat:Dataset", "@type/enum", "/@type"),
        ("distribution", {"accessURL": "https://a.gov"}, [{"accessURL": "https://a.gov"}], "distribution/type",
        "/distribution"),
        ("distribution", [{"accessURL": 'https://a.gov/x?y={"z":1}'}], "https://a.gov/x?y=%7B%22z%22:1%7D",
         "distribution/accessURL/format", "/distribution/0/accessURL"),
        ("distribution", [{**_WAY, "mediaType": "CSV"}], "text/csv", "distribution/mediaType/pattern",
        "/distribution/0/mediaType"),
    ],
)  # fmt: skip
def test_what_is_mechanical_is_mended(field: str, before: Any, after: Any, rule: str, path: str) -> None:
    record = with_value(GOOD, field, before)
    assert _errors(record)
    body, repairs = _mended(record)
    assert [(one[0], one[1], one[4]) for one in repairs] == [(rule, path, False)]
    assert _errors(body) == [] and (field in body) == (after is not None)
    assert after is None or orjson.dumps(after) in orjson.dumps(body)
    assert record == with_value(GOOD, field, before), "the record given stays as it was"


def test_a_media_type_from_the_extension_is_marked_as_filled_in() -> None:
    for way in (_WAY, {**_WAY, "mediaType": None}):
        body, repairs = _mended(with_value(GOOD, "distribution", [way]))
        assert body["distribution"][0]["mediaType"] == "text/csv" and repairs[0][2:] == ["", "text/csv", True]
    unknown = with_value(GOOD, "distribution", [{**_WAY, "downloadURL": "https://a.gov/download"}])
    assert _mended(unknown)[1] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contactPoint", {"fn": "A", "hasEmail": "ask at the desk"}), ("modified", "last week"), ("modified", "2015-02-30"),
        ("license", "Ask us first"), ("accrualPeriodicity", "whenever"), ("description", ""), ("bureauCode", ["unknown"]),
        ("modified", "20160414"), ("publisher", {}),
    ],
)  # fmt: skip
def test_what_would_be_a_guess_is_left(field: str, value: Any) -> None:
    record = with_value(GOOD, field, value)
    body, repairs = _mended(record)
    assert body == record and repairs == []


def test_only_what_is_wrong_is_touched() -> None:
    right = {**GOOD, "modified": "20160414T10", "license": "https://a.gov/CC BY".replace(" ", "%20"), "language": ["EN-us"]}
    assert _errors(right) == [] and _mended(right) == (right, [])


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([*GOOD, "license", "temporal", "spatial", "theme", "references", "language", "rights"]),
    st.sampled_from([None, "", " ", 5, [], [""], {}, [None], "x, y", "http://a b", {"name": ""}, [{}], [[]], "2016/1/1", True]),
)
def test_a_repair_settles_and_adds_no_error(field: str, value: Any) -> None:
    record = with_value(GOOD, field, value)
    for standard in (STANDARD, NON_FEDERAL):
        body, _ = _mended(record, standard)
        assert _mended(body, standard) == (body, [])
        new = set(_errors(body, standard)) - set(_errors(record, standard))
        assert all(rule.startswith(f"dcat-us-1.1/{field}/") for rule in new), "a repair may uncover the next fault of its field"
        assert len(_errors(body, standard)) <= len(_errors(record, standard)) + 1


def test_every_mend_answers_a_rule() -> None:
    assert MENDS.keys() <= RULES.keys()


def test_real_records_are_mended_and_read_as_before(corpora: Path) -> None:
    errors = Counter[str]()
    for number, (_, record) in enumerate(real_records(corpora, ("dcatus",))):
        if number % 40 or not isinstance(record, dict):
            continue
        body, repairs = _mended(record, NON_FEDERAL)
        errors["before"] += len(_errors(record, NON_FEDERAL))
        errors["after"] += len(_errors(body, NON_FEDERAL))
        errors["repairs"] += len(repairs)
    assert errors["repairs"] > 300 and errors["after"] < errors["before"] - 250


# --- collections ---------------------------------------------------------------------------------------------------------


def test_collections_are_compared_within_the_catalogue() -> None:
    bodies = [
        {"identifier": "all"}, {"identifier": "a", "isPartOf": "all"}, {"identifier": "b", "isPartOf": "a"}, "no record",
        {"identifier": "c", "isPartOf": "elsewhere"}, {"identifier": "d", "isPartOf": "d"}, {"identifier": 5},
        {"isPartOf": "5"},
    ]  # fmt: skip
    assert [(number, one.rule.rpartition("/")[2], one.value) for number, one in across(bodies)] == [
        (2, "nested", "a"), (4, "no-parent", "elsewhere"),
    ]  # fmt: skip


def test_the_collections_of_the_official_harvester(corpora: Path) -> None:
    for name, parts in (("collection-1-parent-2-children", 0), ("collection-2-parent-4-children", 0)):
        file = next(corpora.glob(f"dcatus/gsa-ckanext-datajson-samples/**/{name}*.json"))
        datasets = orjson.loads(file.read_bytes())["dataset"]
        assert len(list(across(datasets))) == parts
        children = [one for one in datasets if one.get("isPartOf")]
        assert children and list(across(children)) != []
        assert {read(one).is_part_of for one in children} == {one["isPartOf"] for one in children}


# --- warnings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "severity", "rule", "path"),
    [
        ({"modified": "R/P1Y"}, "info", "modified/interval", "/modified"),
        ({"modified": "2999-01-01"}, "warning", "cross/future", "/modified"),
        ({"accessLevel": "non-public"}, "warning", "rights/missing", "/rights"),
        ({"describedByType": "text/csv"}, "warning", "describedByType/alone", "/describedByType"),
        ({"landingPage": "http://a.gov/x"}, "info", "cross/https", "/landingPage"),
        ({"publisher": {"name": "A", "subOrganizationOf": {"name": "B", "subOrganizationOf": {"name": "A"}}}}, "warning",
         "publisher/below-itself", "/publisher/subOrganizationOf/subOrganizationOf/name"),
        ({"distribution": [{"downloadURL": "https://a.gov/x.csv", "mediaType": "application/pdf"}]}, "warning",
        "cross/media-type",
         "/distribution/0/mediaType"),
    ],
)  # fmt: skip
def test_further_warnings(change: dict[str, Any], severity: str, rule: str, path: str) -> None:
    assert STANDARD.check is not None
    found = [(one.severity, one.rule, one.path) for one in STANDARD.check({**GOOD, **change})]
    assert found == [(severity, f"dcat-us-1.1/{rule}", path)]


def test_a_good_record_is_silent() -> None:
    assert STANDARD.check is not None
    for change in ({}, {"modified": "2016-04"}, {"modified": "2016"}, {"landingPage": "https://a.gov"}):
        assert list(STANDARD.check({**GOOD, **change})) == []
    assert list(STANDARD.check({**without(GOOD, "distribution"), "landingPage": "https://a.gov"})) == []


# --- writing -------------------------------------------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(said.datasets(said.DCAT_US_1_1))
def test_what_it_carries_comes_back(dataset: Dataset) -> None:
    assert said.differences(dataset, read(write(dataset)), STANDARD.carries) == []


def test_what_a_standard_does_not_carry_is_noticed() -> None:
    """The comparison itself: a field that is not written is a difference."""
    dataset = Dataset(identifier="1", title={"en": "t"}, version="2", language=("en",))
    assert [name for name, *_ in said.differences(dataset, read(write(dataset)), {"version", "title"})] == ["version"]
