"""CKAN package dicts: cases, real portals' answers, and what is written back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata import model
from metadata.model import Coded, Dataset, Distribution, Openness
from metadata.text import every
from standards.base import Unreadable
from standards.ckan import STANDARD, check, read, recognises, write
from standards.ckan_check import RULES
from standards.ckan_write import CATALOGUE
from tests.standards.rich import RICH

CASES = sorted(Path(__file__).with_name("cases").joinpath("ckan").glob("*.json"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = sorted(
    CATALOGUE
    | {"spatial", "theme", "language", "contact", "publisher", "bbox", "temporal", "issued", "spatial_coverage", "hash", "url"}
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_reads_and_is_checked_as_written_down(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    found = read(case["package"])
    assert json.loads(model.encode(found)) == case["dataset"]
    assert model.decode(model.encode(found)) == found
    assert [[one.rule, one.path] for one in check(case["package"])] == case["findings"]
    assert recognises(case["package"])


@pytest.mark.parametrize(
    "body", [None, 7, "text", [], [1, 2], {}, {"title": "  ", "name": None}, {"title": {}, "resources": []}]
)
def test_what_cannot_be_a_dataset_is_unreadable_and_says_why(body: Any) -> None:
    with pytest.raises(Unreadable) as raised:
        read(body)
    assert raised.value.finding.rule in ("ckan/object", "ckan/title")
    assert raised.value.finding.message["zh"] and raised.value.finding.fix["en"]
    assert any(one.severity == "error" for one in check(body))


def test_a_name_stands_in_for_a_title_and_a_number_is_a_title() -> None:
    assert read({"name": "bus-stops"}).title == {"und": "bus-stops"}
    assert read({"name": "x1", "title": 300.21}).title == {"und": "300.21"}


def test_strange_characters_and_numbers_are_mended() -> None:
    found = read({"name": "x1", "title": "a\ud800b\x00", "extras": [{"key": "big", "value": 2**70}], "deep": _nested(500)})
    assert found.title == {"und": "a?b"} and found.extra["big"] == str(2**70)
    assert model.decode(model.encode(found)) == found


def _nested(depth: int) -> Any:
    body: Any = "x"
    for _ in range(depth):
        body = [body]
    return body


@pytest.mark.parametrize(
    ("resource", "access", "download"),
    [
        ({"url": "https://x.example/a.csv", "format": "CSV"}, None, "https://x.example/a.csv"),
        ({"url": "https://x.example/a.csv"}, None, "https://x.example/a.csv"),
        ({"url": "https://x.example/page", "format": "HTML"}, "https://x.example/page", None),
        ({"url": "https://x.example/a.json", "format": "JSON", "resource_type": "api"}, "https://x.example/a.json", None),
        ({"url": "https://x.example/page"}, "https://x.example/page", None),
        ({"url": "https://x.example/up", "resource_type": "file.upload"}, None, "https://x.example/up"),
        ({"url": "u", "access_url": "a", "download_url": "d"}, "a", "d"),
        (
            {"url": "https://x.example/a.csv", "access_url": "https://x.example/"},
            "https://x.example/",
            "https://x.example/a.csv",
        ),
    ],
)
def test_an_address_is_for_download_when_it_is_a_file(
    resource: dict[str, Any], access: str | None, download: str | None
) -> None:
    (found,) = read({"name": "x1", "resources": [resource]}).distribution
    assert (found.access_url, found.download_url) == (access, download)


def test_the_licence_is_found_by_id_address_or_title() -> None:
    for given_ in ({"license_id": "cc-by"}, {"license_title": "cc-by"}, {"license_id": "other-custom", "license": "CC-BY"}):
        assert read({"name": "x1", **given_}).license.code == "CC-BY"  # type: ignore[union-attr]
    own = read(
        {"name": "x1", "license_id": "own", "license_title": "Own terms", "license_url": "https://x.example/terms"}
    ).license
    assert own == Coded(raw="own", uri="https://x.example/terms", label={"und": "Own terms"})


def _rule(body: dict[str, Any]) -> set[str]:
    sound = {"name": "x1", "title": "X", "notes": "N", "license_id": "cc-by", "owner_org": "o"}
    sound["resources"] = [{"url": "https://x.example/a.csv", "format": "CSV"}]  # type: ignore[assignment]
    assert not list(check(sound))
    return {one.rule for one in check({**sound, **body})}


BROKEN: dict[str, dict[str, Any]] = {
    "ckan/title/absent": {"title": " "},
    "ckan/title": {"title": "", "name": ""},
    "ckan/name/absent": {"name": None},
    "ckan/name/form": {"name": "Bus Stops"},
    "ckan/name/reserved": {"name": "new"},
    "ckan/notes/absent": {"notes": ""},
    "ckan/license/absent": {"license_id": ""},
    "ckan/owner_org/absent": {"owner_org": None},
    "ckan/private/organization": {"owner_org": None, "private": True},
    "ckan/private/boolean": {"private": "maybe"},
    "ckan/version/length": {"version": "1" * 101},
    "ckan/email/form": {"author_email": "someone at example"},
    "ckan/url/form": {"url": "www.example.org"},
    "ckan/date/form": {"metadata_created": "mar, 10/12/2019"},
    "ckan/resources/list": {"resources": [{"url": "https://x.example/a", "format": "x"}, "https://x.example/b"]},
    "ckan/resources/absent": {"resources": []},
    "ckan/resources/url": {"resources": [{"format": "CSV"}]},
    "ckan/resources/url/form": {"resources": [{"url": "C:\\data.csv", "format": "CSV"}]},
    "ckan/resources/format/absent": {"resources": [{"url": "https://x.example/a"}]},
    "ckan/resources/size": {"resources": [{"url": "https://x.example/a", "format": "x", "size": "42 octets"}]},
    "ckan/resources/date": {"resources": [{"url": "https://x.example/a", "format": "x", "created": "yesterday"}]},
    "ckan/resources/id/repeated": {"resources": [{"url": "https://x.example/a", "format": "x", "id": "1"}] * 2},
    "ckan/tags/list": {"tags": "a,b"},
    "ckan/tags/length": {"tags": [{"name": "a"}]},
    "ckan/tags/form": {"tags": [{"name": "供水、排水"}]},
    "ckan/groups/list": {"groups": [{"title": "no name"}]},
    "ckan/extras/list": {"extras": {"a": "b"}},
    "ckan/extras/key": {"extras": [{"key": "", "value": "v"}]},
    "ckan/extras/repeated": {"extras": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]},
}


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_each_rule_finds_what_breaks_it_and_nothing_else(rule: str) -> None:
    also = {"ckan/name/absent"} if rule == "ckan/title" else set()
    assert _rule(BROKEN[rule]) == {rule} | also


def test_every_rule_is_tested_and_says_it_in_both_languages() -> None:
    assert set(RULES) == {*BROKEN, "ckan/object"} and STANDARD.rules is RULES
    for rule in RULES.values():
        assert set(rule.message) == set(rule.fix) == {"zh", "en"} and rule.clause


def test_chinese_tags_are_fine() -> None:
    assert not {one for one in _rule({"tags": [{"name": "公共交通"}, {"name": "bus-stops_2.0"}]}) if "tags" in one}


def test_recognises_packages_and_not_their_neighbours() -> None:
    assert recognises({"title": "x", "resources": []}) and recognises({"success": True, "result": {"name": "x", "notes": ""}})
    assert not recognises({"title": "x", "distribution": [], "accessLevel": "public"})
    assert not recognises({"@type": "Dataset", "name": "x", "license_id": "y"})
    assert not recognises({"profile": "data-package", "name": "x", "resources": []})
    assert not recognises([{"name": "x", "notes": ""}] * 2) and not recognises("text") and not recognises({"name": "x"})


def test_what_is_written_reads_back_the_same() -> None:
    dataset = msgspec.structs.replace(RICH, uri=None)
    package = write(dataset)
    keys = [one["key"] for one in package["extras"]]
    assert len(keys) == len(set(keys)) and not set(keys) & CATALOGUE
    assert all(isinstance(one["value"], str) and one["value"] for one in package["extras"])
    again = read({**package, "id": dataset.identifier})
    for name in (
        "title",
        "description",
        "keyword",
        "issued",
        "modified",
        "language",
        "landing_page",
        "page",
        "version",
        "conforms_to",
    ):
        assert getattr(again, name) == getattr(dataset, name), name
    for name in (
        "sharing",
        "openness",
        "information_item",
        "classification",
        "hvd_category",
        "in_series",
        "applicable_legislation",
    ):
        assert getattr(again, name) == getattr(dataset, name), name
    assert [one.download_url or one.access_url for one in again.distribution] == [
        one.download_url or one.access_url for one in dataset.distribution
    ]
    assert again.accrual_periodicity.code == dataset.accrual_periodicity.code  # type: ignore[union-attr]
    assert again.license.code == dataset.license.code  # type: ignore[union-attr]
    nowhere = sum(not (one.download_url or one.access_url or one.access_service) for one in dataset.distribution)
    errors = [one.rule for one in check({**package, "owner_org": "o"}) if one.severity == "error"]
    assert errors == ["ckan/resources/url"] * nowhere


def test_writing_twice_gives_the_same_package() -> None:
    for path in CASES:
        once = write(read(json.loads(path.read_text("utf-8"))["package"]))
        identifier = next(one["value"] for one in once["extras"] if one["key"] == "identifier")
        assert write(read({**once, "id": identifier})) == once, path.stem


def test_the_smallest_dataset_is_written() -> None:
    package = write(Dataset(identifier="i", title={"zh": "水"}, openness=Openness(kind="none"), distribution=(Distribution(),)))
    assert (package["title"], package["name"], package["notes"], package["resources"][0]["url"]) == ("水", "shui", "", "")
    assert {"key": "openness", "value": '{"kind":"none"}'} in package["extras"]


def test_a_collision_of_names_never_makes_an_extra_twice() -> None:
    package = write(
        Dataset(identifier="i", title={"und": "x"}, issued="2020", extra={"issued": "R/P1Y", "title": "no", "mine": [1]})
    )
    assert [one["key"] for one in package["extras"]] == ["issued", "identifier", "mine"]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(MEMBERS), JSON, max_size=6), JSON)
def test_no_json_makes_read_raise_anything_else(members: dict[str, Any], extras: Any) -> None:
    body = {**members, "extras": [{"key": "spatial", "value": extras}, {"key": "temporal", "value": extras}, extras]}
    list(check(body))
    recognises(body)
    try:
        found = read(body)
    except Unreadable:
        return
    assert model.decode(model.encode(found)) == found
    json.dumps(write(found), allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_no_body_makes_check_raise(body: Any) -> None:
    assert all(one.rule in RULES for one in check(body))


def _packages(body: Any) -> Iterator[dict[str, Any]]:
    if isinstance(body, dict) and isinstance(body.get("resources"), list) and ("title" in body or "name" in body):
        yield body
    elif isinstance(body, (dict, list)):
        for one in body.values() if isinstance(body, dict) else body:
            yield from _packages(one)


def _documents(path: Path) -> Iterator[Any]:
    text = path.read_text("utf-8", "replace")
    for part in [text, *text.splitlines()]:
        try:
            yield json.loads(part)
        except ValueError:
            continue
        if part is text:
            return


def test_every_package_of_real_portals_reads(corpora: Path) -> None:
    paths = [path for path in (corpora / "ckan").rglob("*") if path.suffix in (".json", ".jsonl") and path.is_file()]
    packages = [package for path in paths for document in _documents(path) for package in _packages(document)]
    assert len(packages) >= 100
    for package in packages:
        found = read(package)
        assert model.decode(model.encode(found)) == found
        assert len(found.distribution) == len([one for one in package["resources"] if one])
        assert len(every(found.keyword)) >= len(
            {str(tag.get("name")) for tag in package.get("tags") or [] if isinstance(tag, dict)}
        )
        assert recognises(package)
        list(check(package))
        json.dumps(write(found))
