"""CKAN packages mended, and what comes back of what is written."""

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given, settings

from metadata.model import Agent, Contact, Dataset, Place
from standards.ckan import STANDARD, check, read, recognises, repair, write
from standards.ckan_check import RULES
from standards.ckan_read import openness_of
from standards.ckan_repair import MENDS
from tests.standards import said
from tests.standards.real import real_records

_GOOD: dict[str, Any] = {
    "name": "bus-stops",
    "title": "Bus stops",
    "notes": "Every stop",
    "license_id": "cc-by",
    "owner_org": "city",
    "resources": [{"url": "https://a.example/x.csv", "format": "CSV"}],
    "tags": [{"name": "bus"}],
}


@pytest.mark.parametrize(
    ("change", "rule", "path", "after"),
    [
        ({"name": "Bus Stops!"}, "name/form", "/name", "bus-stops"),
        ({"maintainer_email": "mailto:a@b.example"}, "email/form", "/maintainer_email", "a@b.example"),
        ({"metadata_modified": "2016/04/14"}, "date/form", "/metadata_modified", "2016-04-14"),
        ({"resources": [{"url": "http://a.example/a b.csv", "format": "CSV", "size": "1,024"}]}, "resources/size",
        "/resources/0/size", 1024),
        ({"resources": [{"url": "http://a.example", "format": "X", "created": "14.04.2016"}]}, "resources/date",
        "/resources/0/created",
         "2016-04-14"),
        ({"tags": [{"name": "环保、水质（地表）"}]}, "tags/form", "/tags/0/name", "环保-水质-地表"),
        ({"tags": "bus, stop"}, "tags/list", "/tags", [{"name": "bus"}, {"name": "stop"}]),
        ({"tags": ["bus"]}, "tags/list", "/tags/0", {"name": "bus"}),
        ({"extras": {"spatial": {"type": "Point"}, "a": "b"}}, "extras/list", "/extras",
         [{"key": "spatial", "value": '{"type":"Point"}'}, {"key": "a", "value": "b"}]),
        ({"groups": ["Transport"]}, "groups/list", "/groups/0", {"name": "transport", "title": "Transport"}),
    ],
)  # fmt: skip
def test_what_is_mechanical_is_mended(change: dict[str, Any], rule: str, path: str, after: Any) -> None:
    package = {**_GOOD, **change}
    mended, repairs = repair(package)
    told = {one.rule: (one.path, one.filled) for one in repairs}
    assert told[f"ckan/{rule}"] == (path, False)
    assert orjson.dumps(after) in orjson.dumps(mended)
    assert f"ckan/{rule}" not in {one.rule for one in check(mended)}
    assert repair(mended) == (mended, []) and package == {**_GOOD, **change}


def test_a_format_from_the_extension_is_marked_as_filled_in() -> None:
    mended, repairs = repair({**_GOOD, "resources": [{"url": "https://a.example/x.xlsx"}]})
    assert mended["resources"][0]["format"] == "XLSX" and [one.filled for one in repairs] == [True]


def test_what_is_right_stays_and_envelopes_are_taken_off() -> None:
    assert repair(_GOOD) == (_GOOD, [])
    assert repair([_GOOD])[0] == _GOOD and repair({"success": True, "result": _GOOD})[0] == _GOOD
    assert [repair(each)[1] for each in (None, [], 5, "x")] == [[], [], [], []]


def test_which_of_two_values_is_meant_is_not_decided() -> None:
    package = {**_GOOD, "extras": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}
    assert repair(package) == (package, [])


def test_every_mend_answers_a_rule() -> None:
    assert MENDS.keys() <= RULES.keys()


def test_real_packages_are_mended(corpora: Path) -> None:
    before, after = Counter[str](), Counter[str]()
    for _, package in real_records(corpora, ("ckan",)):
        if recognises(package):
            mended, _ = repair(package)
            before.update(one.rule for one in check(package) if one.severity == "error")
            after.update(one.rule for one in check(mended) if one.severity == "error")
            assert repair(mended)[1] == []
    assert sum(after.values()) <= sum(before.values()) and not after.keys() - before.keys()


# --- what comes back -----------------------------------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(said.datasets(said.CKAN))
def test_what_it_carries_comes_back(dataset: Dataset) -> None:
    assert said.differences(dataset, read(write(dataset)), STANDARD.carries) == []


@settings(max_examples=60, deadline=None)
@given(said.datasets(said.CKAN))
def test_what_is_written_has_no_errors_and_every_extra_is_text(dataset: Dataset) -> None:
    package = write(dataset)
    assert [one for one in check(package) if one.severity == "error" and one.rule != "ckan/email/form"] == []
    assert all(isinstance(one["value"], str) for one in package["extras"])


def test_words_in_several_languages_come_back() -> None:
    words = {"zh": "市交通局", "en": "Transport Bureau"}
    dataset = Dataset(
        identifier="1",
        title=words,
        publisher=Agent(name=words, code="11510822MB1234567X"),
        contact_point=(Contact(name=words, email="a@b.example", organization=words),),
        spatial=(Place(name=words), Place(name={"und": "Ohio"})),
        rights=words,
    )
    again = read(write(dataset))
    same = ("identifier", "title", "publisher", "contact_point", "spatial", "rights")
    assert [getattr(again, name) for name in same] == [getattr(dataset, name) for name in same]


def test_an_openness_of_its_own_comes_back() -> None:
    dataset = read({**_GOOD, "license_id": "cc-by"})
    assert dataset.openness == openness_of(dataset.access_rights, dataset.license)
    closed = msgspec.structs.replace(dataset, openness=msgspec.convert({"kind": "none"}, type(dataset.openness)))
    assert read(write(closed)).openness == closed.openness


def test_a_repeat_of_ckanext_scheming_is_read_as_objects() -> None:
    """Repeating subfields are lists of objects at the top level; the legacy form of ckanext-dcat has them in extras."""
    modern = {**_GOOD, "contact": [{"name": "Jo", "email": "jo@a.example"}], "publisher": [{"name": "City",
    "identifier": "https://a.example"}],
              "spatial_coverage": [{"text": "Ohio", "bbox": '{"type":"Point","coordinates":[1,2]}'}],
              "temporal_coverage": [{"start": "2019", "end": "2020"}]}  # fmt: skip
    legacy = {**_GOOD, "extras": [
        {"key": "contact_name", "value": "Jo"}, {"key": "contact_email", "value": "jo@a.example"},
        {"key": "publisher_name", "value": "City"}, {"key": "publisher_uri", "value": "https://a.example"},
        {"key": "spatial_coverage", "value": '[{"text": "Ohio", "bbox": "{\\"type\\":\\"Point\\",\\"coordinates\\":[1,2]}"}]'},
        {"key": "temporal_start", "value": "2019"}, {"key": "temporal_end", "value": "2020"},
    ]}  # fmt: skip
    one, other = read(modern), read(legacy)
    for name in ("contact_point", "publisher", "spatial", "temporal"):
        assert getattr(one, name) == getattr(other, name) != ()
