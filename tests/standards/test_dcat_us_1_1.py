"""DCAT-US 1.1 read, checked and written: cases after quirks of real catalogues, and what must hold for every record."""

import json
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.model import Openness, Place, decode, encode
from standards.base import Finding, Unreadable
from standards.dcat_us_1_1 import NON_FEDERAL, STANDARD, read, write
from standards.dcat_us_1_1_rules import RULES
from standards.json_schema import schema_file
from tests.standards.records import GOOD, with_value, without

_CASES = sorted((Path(__file__).parent / "cases" / "dcat_us_1_1").glob("*.json"))


def _findings(body: Any, standard: Any = NON_FEDERAL) -> list[Finding]:
    assert standard.check is not None
    return list(standard.check(body))


def _short(findings: list[Finding]) -> list[list[str]]:
    return [[each.severity, each.rule.removeprefix("dcat-us-1.1/"), each.path] for each in findings]


@pytest.mark.parametrize("file", _CASES, ids=lambda file: file.stem)
def test_case(file: Path) -> None:
    case = json.loads(file.read_text("utf-8"))
    record = case["record"]
    assert _short(_findings(record, STANDARD)) == case["findings"]["federal"]
    assert _short(_findings(record, NON_FEDERAL)) == case["findings"]["non_federal"]
    dataset = read(record)
    assert msgspec.json.decode(encode(dataset)) == case["dataset"]
    assert decode(encode(dataset)) == dataset
    assert write(dataset) == case["written"]


# --- reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (None, "record/unreadable"), ([], "record/unreadable"), ("title", "record/unreadable"), (3, "record/unreadable"),
        ({}, "record/untitled"), ({"title": ""}, "record/untitled"), ({"title": " \x00"}, "record/untitled"),
        ({"title": None}, "record/untitled"), ({"title": ["a"]}, "record/untitled"), ({"title": {"en": ""}}, "record/untitled"),
        ({"title": True}, "record/untitled"),
    ],
)  # fmt: skip
def test_only_what_is_no_object_or_has_no_title_is_unreadable(body: Any, rule: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read(body)
    assert raised.value.finding.rule == f"dcat-us-1.1/{rule}"
    assert not STANDARD.recognises(body) or "title" in body


def test_a_long_description_is_kept_whole() -> None:
    words = "x" * 65_280
    assert read(with_value(GOOD, "description", words)).description == {"und": words}


def test_what_cannot_be_stored_is_taken_out() -> None:
    deep: Any = "bottom"
    for _ in range(500):
        deep = {"down": [deep]}
    odd = {**GOOD, "title": "Bus\x00 \ud800stops", "count": 10**30, "deep": deep, "\ud83d\ude8c": "bus", "notes": ["a\x00b"]}
    dataset = read(odd)
    assert dataset.title == {"und": "Bus �stops"}
    assert dataset.extra["count"] == str(10**30)
    assert dataset.extra["\U0001f68c"] == "bus"
    assert dataset.extra["notes"] == ["ab"]
    assert decode(encode(dataset)) == dataset
    assert json.dumps(dataset.extra["deep"]).count("down") < 40
    assert ["warning", "record/not-storable", ""] in _short(_findings(odd))


def test_one_language_makes_the_words_language_and_two_do_not() -> None:
    assert read({**GOOD, "language": ["es"]}).title == {"es": "Bus stops"}
    assert read({**GOOD, "language": ["es", "en"]}).title == {"und": "Bus stops"}
    assert read({**GOOD, "language": "us-EN"}).extra["language"] == "us-EN"


def test_access_level_is_openness_and_says_nothing_of_sharing() -> None:
    dataset = read(with_value(GOOD, "accessLevel", "restricted public"))
    assert dataset.openness == Openness(kind="conditional", raw="restricted public")
    assert dataset.access_rights is not None and dataset.access_rights.code == "RESTRICTED"
    assert dataset.sharing is None


def test_an_interval_as_modified_is_a_frequency_unless_one_is_named() -> None:
    dataset = read(with_value(GOOD, "modified", "R/P1D"))
    assert dataset.modified is None and dataset.accrual_periodicity is not None
    assert dataset.accrual_periodicity.code == "DAILY"
    named = read({**GOOD, "modified": "R/P1D", "accrualPeriodicity": "R/P1Y"})
    assert named.accrual_periodicity is not None and named.accrual_periodicity.code == "ANNUAL"
    assert write(named)["modified"] == "R/P1D" and write(named)["accrualPeriodicity"] == "R/P1Y"


@pytest.mark.parametrize(
    ("spatial", "place"),
    [
        ("-90.5,40,-89,41", Place(box=(-90.5, 40.0, -89.0, 41.0))),
        ("-90.5 40 -89 41", Place(box=(-90.5, 40.0, -89.0, 41.0), raw="-90.5 40 -89 41")),
        ("ENVELOPE(-90,-89,41,40)", Place(box=(-90.0, 40.0, -89.0, 41.0), raw="ENVELOPE(-90,-89,41,40)")),
        ("170,-20,-170,-10", Place(box=(170.0, -20.0, -170.0, -10.0))),
        ("500,0,1,1", Place(raw="500,0,1,1")),
        ("1e999,0,1,1", Place(raw="1e999,0,1,1")),
        ("Ohio", Place(name={"und": "Ohio"})),
        ("湖北省", Place(name={"zh": "湖北省"})),
        ("https://sws.geonames.org/5165418/", Place(uri="https://sws.geonames.org/5165418/")),
        ("{not json", Place(name={"und": "{not json"})),
        ({"type": "envelope", "coordinates": [[-90, 41], [-89, 40]]}, Place(
            box=(-90.0, 40.0, -89.0, 41.0), geometry={"type": "envelope", "coordinates": [[-90, 41], [-89, 40]]})),
        ([[-90, 40], [-89, 41]], Place(box=(-90.0, 40.0, -89.0, 41.0))),
        ({"type": "Point", "coordinates": [500, 1]}, Place(geometry={"type": "Point", "coordinates": [500, 1]})),
    ],
)  # fmt: skip
def test_spatial(spatial: Any, place: Place) -> None:
    record = {key: value for key, value in GOOD.items() if key not in ("description", "publisher")}
    found = read({**record, "spatial": spatial, "description": "湖北" if place.name.get("zh") else "Places"}).spatial
    assert found == (place,)


@pytest.mark.parametrize("spatial", [7, {"what": 1}, [1, [2]], True])
def test_a_place_not_understood_is_kept_as_it_came(spatial: Any) -> None:
    dataset = read(with_value(GOOD, "spatial", spatial))
    assert dataset.spatial == () and dataset.extra["spatial"] == spatial == write(dataset)["spatial"]


def test_a_feature_keeps_its_properties_in_extra() -> None:
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"fips": "39"}}
    dataset = read(with_value(GOOD, "spatial", feature))
    assert dataset.spatial[0].box == (1.0, 2.0, 1.0, 2.0) and dataset.extra["spatial"] == feature


@pytest.mark.parametrize("address", ["jo@city.example", "mailto:jo@city.example", "MAILTO: jo@city.example "])
def test_an_address_with_and_without_mailto(address: str) -> None:
    contact = read(with_value(GOOD, "contactPoint", {"fn": "Jo", "hasEmail": address})).contact_point[0]
    assert contact.email == "jo@city.example"


def test_a_long_licence_is_no_name_of_a_licence() -> None:
    licence = read(with_value(GOOD, "license", "All of this is ours. " * 30)).license
    assert licence is not None and licence.label == {} and licence.scheme == ""


# --- checking ------------------------------------------------------------------------------------------------------------


def test_a_good_record_has_no_findings() -> None:
    assert _findings(GOOD, STANDARD) == [] == _findings(GOOD, NON_FEDERAL)


@pytest.mark.parametrize(
    ("change", "rule", "path"),
    [
        ({"issued": "2024-05-04"}, "issued/after-modified", "/issued"),
        ({"temporal": "2020/2019"}, "temporal/reversed", "/temporal"),
        ({"description": "Stops<br/>of buses"}, "description/html", "/description"),
        ({"description": "Bus stops"}, "description/same-as-title", "/description"),
        ({"keyword": ["a", "b", "a"]}, "keyword/repeated", "/keyword/2"),
        ({"distribution": []}, "distribution/missing", "/distribution"),
        ({"distribution": [{"title": "t"}]}, "distribution/no-url", "/distribution/0"),
        ({"spatial": "41,-95,40,-89.5"}, "spatial/out-of-range", "/spatial"),
        ({"title": "Bus\x00 stops"}, "record/not-storable", ""),
    ],
)
def test_warnings_beyond_the_schema(change: dict[str, Any], rule: str, path: str) -> None:
    assert _short(_findings({**GOOD, **change})) == [["warning", rule, path]]


@pytest.mark.parametrize(
    "change",
    [
        {"issued": "2024-05"}, {"issued": "2024"}, {"temporal": "2019/2020"}, {"description": "a < b and c > d"},
        {"spatial": "10,20,30,40"}, {"distribution": [], "landingPage": "https://a.example"}, {"keyword": ["a", "A"]},
    ],
)  # fmt: skip
def test_no_warning_without_a_reason(change: dict[str, Any]) -> None:
    assert _findings({**GOOD, **change}) == []


def test_no_warning_tells_of_a_value_that_is_an_error() -> None:
    assert _short(_findings({**GOOD, "keyword": ["", ""]})) == [
        ["error", "keyword/item/minLength", f"/keyword/{at}"] for at in (0, 1)
    ]


def test_one_fault_gives_one_finding() -> None:
    """The official schema says `anyOf` here, and tells of every branch that fails."""
    found = _findings(with_value(GOOD, "accrualPeriodicity", "monthly"))
    assert _short(found) == [["error", "accrualPeriodicity/pattern", "/accrualPeriodicity"]]
    assert found[0].value == "monthly" and "R/P1M" in found[0].fix["en"]


def test_findings_are_capped() -> None:
    findings = _findings(with_value(GOOD, "keyword", [""] * 5_000))
    assert len(findings) == 100


def test_values_are_cut() -> None:
    finding = _findings(with_value(GOOD, "license", "no address " * 500))[0]
    assert len(finding.value) == 200


def test_the_federal_rules_ask_for_more() -> None:
    bare = {name: value for name, value in GOOD.items() if name not in ("bureauCode", "programCode", "keyword", "modified")}
    assert _findings(bare) == []
    assert {finding.path for finding in _findings(bare, STANDARD)} == {"/bureauCode", "/programCode", "/keyword", "/modified"}


def test_a_missing_value_is_told_at_the_place_where_it_is_missing() -> None:
    record = with_value(GOOD, "distribution", [{"downloadURL": "https://a.example/b"}])
    assert _short(_findings(record)) == [["error", "distribution/mediaType/required", "/distribution/0/mediaType"]]


def _schema_faults(schema: dict[str, Any], definitions: dict[str, Any], field: str) -> set[tuple[str, str]]:
    """Every (field, keyword) that can fail, found by walking the schema."""
    found: set[tuple[str, str]] = set()
    for keyword, value in schema.items():
        if keyword == "$ref" and not (
            value.endswith("/organization") and field.endswith("subOrganizationOf/subOrganizationOf")
        ):
            found |= _schema_faults(definitions[value.rsplit("/", 1)[-1]], definitions, field)
        elif keyword == "properties":
            for name, inner in value.items():
                found |= _schema_faults(inner, definitions, f"{field}/{name}".lstrip("/"))
        elif keyword == "required":
            found |= {(f"{field}/{name}".lstrip("/"), "required") for name in value}
        elif keyword == "items":
            inner = value.get("else", value)
            found |= {(f"{field}/item", "type")} if "$ref" in inner else set()
            found |= _schema_faults(inner, definitions, field if "$ref" in inner and "type" not in inner else f"{field}/item")
        elif keyword in ("else", "dependentSchemas"):
            for inner in [value] if keyword == "else" else value.values():
                found |= _schema_faults(inner, definitions, field)
        elif keyword in ("type", "enum", "pattern", "format", "not", "minLength", "maxLength", "minItems", "uniqueItems"):
            found.add((field, keyword))
    return found


def test_every_way_to_fail_has_a_rule() -> None:
    schema, federal = schema_file("dcat_us_1_1", "record.json"), schema_file("dcat_us_1_1", "federal.json")
    names = ("date", "modified", "temporal", "frequency", "media-type", "mailto", "language", "bureau", "program", "investment")
    definitions = {**schema["$defs"], **federal["$defs"], **{name: {"pattern": ""} for name in names}}
    ways = _schema_faults({**schema, "required": federal["required"]}, definitions, "")
    ways = {(field.replace("subOrganizationOf/subOrganizationOf", "subOrganizationOf"), keyword) for field, keyword in ways}
    ways -= {("distribution", "not")}
    named = {("contactPoint/hasEmail", "pattern"): "mailto", ("distribution/mediaType", "not"): "null"}
    rules = {f"dcat-us-1.1/{field or 'record'}/{named.get((field, keyword), keyword)}" for field, keyword in ways}
    assert len(rules) > 100
    assert rules - RULES.keys() == set()


_ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.sampled_from(["", "R/P1Y", "-", "\ud800",
    "http://a b"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from([*GOOD, "name", "fn",
    "x"]), inner, max_size=4)),
    max_leaves=8,
)  # fmt: skip
_FIELDS = (
    *GOOD,
    "issued",
    "temporal",
    "spatial",
    "theme",
    "language",
    "references",
    "license",
    "rights",
    "landingPage",
    "isPartOf",
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(_ODD, st.dictionaries(st.sampled_from(_FIELDS), _ODD, max_size=6).map(lambda odd: {**GOOD, **odd})))
def test_nothing_makes_it_raise(body: Any) -> None:
    for finding in (*_findings(body, STANDARD), *_findings(body, NON_FEDERAL)):
        assert finding.rule in RULES
    try:
        dataset = read(body)
    except Unreadable:
        return
    assert encode(decode(encode(dataset))) == encode(dataset)
    orjson.dumps(write(dataset))


def test_without_what_is_required_it_still_reads() -> None:
    for name in GOOD:
        if name != "title":
            assert read(without(GOOD, name)).title == {"und": "Bus stops"}
