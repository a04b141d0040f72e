"""DCAT-US 3.0 read, checked, mended and written: cases, the official examples, and what must hold for every description."""

import json
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.model import DataService, Dataset, Series, decode, encode
from standards import dcat_3, rdf_graph
from standards.base import Unreadable
from standards.dcat_us_3 import STANDARD, catalog, check, read, recognises, repair, write
from standards.dcat_us_3_json_ld import CONTEXT
from standards.dcat_us_3_json_ld import document as json_ld
from standards.dcat_us_3_rules import RULES
from standards.dcat_us_3_schema import classes
from tests.standards import said
from tests.standards.rich import MESSY, RICH

_CASES = sorted((Path(__file__).parent / "cases" / "dcat_us_3").glob("*.json"))
_GOOD: dict[str, Any] = {
    "@type": "Dataset",
    "identifier": "bus-stops",
    "title": "Bus stops",
    "description": "Every stop of the city's buses.",
    "contactPoint": {"@type": "Kind", "fn": "Jo Rider", "hasEmail": "mailto:jo.rider@city.example"},
}


def _short(body: Any) -> list[list[str]]:
    return [[one.severity, one.rule.removeprefix("dcat-us-3/"), one.path] for one in check(body)]


@pytest.mark.parametrize("file", _CASES, ids=lambda file: file.stem)
def test_case(file: Path) -> None:
    case = json.loads(file.read_text("utf-8"))
    record = case["record"]
    assert recognises(record)
    assert _short(record) == case["findings"]
    dataset = read(record)
    assert msgspec.json.decode(encode(dataset)) == case["dataset"]
    assert decode(encode(dataset)) == dataset
    assert write(dataset) == case.get("written", record)
    mended, repairs = repair(record)
    assert [[one.rule.removeprefix("dcat-us-3/"), one.path, one.before, one.after, one.filled] for one in repairs] == case[
        "repairs"
    ]
    assert [one for one in _short(mended) if one[0] == "error"] == case.get("left", [])


# --- reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (None, "unreadable"), ([], "unreadable"), (3, "unreadable"), ({}, "untitled"), ({"title": ""}, "untitled"),
        ({"title": [None]}, "untitled"), ({"dataset": []}, "no-dataset"), ({"@type": "dcat:Catalog", "title": "C"},
        "no-dataset"),
        ({"modified": "2024", "primaryTopic": "x"}, "no-dataset"),
    ],
)  # fmt: skip
def test_what_is_no_dataset_says_why(body: Any, rule: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read(body)
    assert raised.value.finding.rule == f"dcat-us-3/record/{rule}"


def test_a_service_is_read_as_one_and_goes_out_as_one() -> None:
    body = {
        "@type": "dcat:DataService",
        "title": "Stops API",
        "endpointURL": ["https://api.city.example/stops"],
        "contactPoint": [_GOOD["contactPoint"]],
        "publisher": {"@type": "Agent", "name": "City"},
        "servesDataset": [_GOOD],
    }
    dataset = read(body)
    assert dataset.service == (
        DataService(
            title={"und": "Stops API"},
            endpoint_url=("https://api.city.example/stops",),
            contact_point=dataset.contact_point,
            publisher=dataset.publisher,
            extra={"servesDataset": [_GOOD]},
        ),
    )
    assert write(dataset) == body
    assert [one for one in _short(write(dataset)) if one[0] == "error"] == []


def test_a_series_goes_out_as_one() -> None:
    body = {
        "@type": "DatasetSeries",
        "title": "Census",
        "description": "Every ten years",
        "seriesMember": [],
        "modified": "2020",
    }
    assert write(read(body)) == body


def test_a_document_with_references_is_put_together() -> None:
    office = {"@id": "https://city.example", "@type": "org:Organization", "name": "City"}
    node = {
        "@id": "https://city.example/stops",
        "@type": "dcat:Dataset",
        "title": "Stops",
        "titleMap": {"es": "Paradas"},
        "publisher": "https://city.example",
        "issued": {"@value": "2021-04-26", "@type": "xsd:date"},
        "dcat:version": "2",
        "inSeries": {"@id": "https://city.example/series"},
    }
    series = {
        "@id": "https://city.example/series",
        "@type": "dcat:DatasetSeries",
        "title": "All stops",
        "first": "https://city.example/stops",
    }
    document = {"@context": "https://raw.example/context/dcat-us-3.0.jsonld", "@graph": [office, node, series]}
    assert recognises(document)
    dataset = read(document)
    assert dataset.title == {"und": "Stops", "es": "Paradas"} and dataset.issued == "2021-04-26" and dataset.version == "2"
    assert dataset.publisher and dataset.publisher.name == {"und": "City"}
    assert [one.title for one in dataset.in_series] == [{"und": "All stops"}]
    assert "dcat-us-3/Dataset/contactPoint/required" in [one.rule for one in check(document)]


def test_references_in_a_circle_end() -> None:
    first = {"@id": "a:1", "@type": "dcat:Dataset", "title": "A", "source": "a:2"}
    second = {"@id": "a:2", "@type": "dcat:Dataset", "title": "B", "source": ["a:1", {"@id": "a:1"}]}
    assert read({"@context": "dcat-us", "@graph": [first, second]}).title == {"und": "A"}


def test_coordinates_are_read_from_geojson_and_wkt() -> None:
    square = "POLYGON((-125 24, -66 24, -66 50, -125 50, -125 24))"
    for where in (
        {"bbox": square},
        {"geometry": square},
        {"bbox": {"type": "Polygon", "coordinates": [[[-125, 24], [-66, 50]]]}},
    ):
        assert [one.box for one in read({**_GOOD, "spatial": where}).spatial] == [(-125, 24, -66, 50)]
    assert read({**_GOOD, "spatial": "Ohio"}).spatial[0].name == {"und": "Ohio"}


# --- writing -------------------------------------------------------------------------------------------------------------


def test_the_complete_official_example_comes_back_as_it_was(official: Path) -> None:
    folder = official / "datagov-harvester/schemas/dcatus3.0/examples/Dataset/good"
    for file in folder.glob("*.json"):
        example = json.loads(file.read_text("utf-8"))
        assert write(decode(encode(read(example)))) == example


def test_every_official_example_comes_back_unless_it_is_put_together(official: Path) -> None:
    count = 0
    for file in sorted((official / "dcat-us-3/docs/examples").rglob("*.json*")):
        try:
            body = json.loads(file.read_text("utf-8"))
            dataset = read(body)
        except (ValueError, Unreadable):
            continue
        count += 1
        again = read(write(dataset))
        assert msgspec.structs.replace(again, extra={}) == msgspec.structs.replace(dataset, extra={}), file
    assert count > 50


def test_an_edit_is_not_undone_by_the_old_words() -> None:
    record = {**_GOOD, "landingPage": {"@type": "Document", "title": "Stops", "accessURL": "https://a.example/1"}}
    dataset = read(record)
    assert write(dataset)["landingPage"] == record["landingPage"]
    moved = msgspec.structs.replace(dataset, landing_page="https://a.example/2")
    assert write(moved)["landingPage"]["accessURL"] == "https://a.example/2"
    assert "landingPage" not in write(msgspec.structs.replace(dataset, landing_page=None))


def test_a_collection_becomes_a_series_and_a_licence_goes_to_the_distributions() -> None:
    written = write(RICH)
    assert [one["title"] for one in written["inSeries"]][-1] == RICH.is_part_of
    assert written["distribution"][1]["license"] == "https://creativecommons.org/licenses/by/4.0"
    assert written["distribution"][0]["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_a_time_without_a_zone_is_written_as_its_day() -> None:
    dataset = Dataset(identifier="1", title={"en": "t"}, issued="2024-11-20T09:37:39", modified="2024-11-20T09:37+08:00")
    written = write(dataset)
    assert (written["issued"], written["modified"]) == ("2024-11-20", "2024-11-20T09:37:00+08:00")


def test_what_is_written_of_anything_can_be_sent_and_read() -> None:
    for dataset in (RICH, MESSY, Dataset(identifier="", title={"zh": "x"})):
        written = write(dataset)
        assert orjson.loads(orjson.dumps(written)) == written
        assert read(written).title


def test_a_catalogue_is_valid_and_its_services_stand_apart() -> None:
    service = write(read({"@type": "DataService", "title": "API", "endpointURL": ["https://a.example"]}))
    whole = orjson.loads(b"".join(catalog([_GOOD, service, _GOOD])))
    assert len(whole["dataset"]) == 2 and [one["title"] for one in whole["service"]] == ["API"]
    assert {path for severity, _, path in _short(whole) if severity == "error"} == {
        "/service/0/contactPoint",
        "/service/0/publisher",
    }
    assert orjson.loads(b"".join(catalog([])))["dataset"] == []


@settings(max_examples=120, deadline=None)
@given(said.datasets(said.DCAT_US_3))
def test_what_it_carries_comes_back(dataset: Dataset) -> None:
    assert said.differences(dataset, read(write(dataset)), STANDARD.carries) == []


@settings(max_examples=60, deadline=None)
@given(said.datasets(said.DCAT_US_3))
def test_what_is_written_is_valid(dataset: Dataset) -> None:
    errors = [one for one in check(write(dataset)) if one.severity == "error"]
    assert {one.rule.split("/")[-1] for one in errors} <= {"required"}, errors


# --- checking and mending ------------------------------------------------------------------------------------------------


def test_a_good_record_has_only_recommendations() -> None:
    assert {one.rule.rsplit("/", 1)[1] for one in check(_GOOD)} == {"recommended"}


@pytest.mark.parametrize(
    ("change", "rule", "path"),
    [
        ({"keyword": ["Bus", "bus"]}, "keyword/repeated", "/keyword/1"),
        ({"description": "<p>x</p>"}, "description/html", "/description"),
        ({"created": "2024-02", "issued": "2024-01"}, "dates/order", "/created"),
        ({"issued": "2025", "modified": "2024"}, "dates/order", "/issued"),
        ({"temporal": [{"startDate": "2020", "endDate": "2019"}]}, "temporal/reversed", "/temporal/0"),
        ({"spatialResolutionInMeters": "10 m"}, "spatialResolutionInMeters/number", "/spatialResolutionInMeters"),
        ({"temporalResolution": "daily"}, "temporalResolution/duration", "/temporalResolution"),
        ({"distribution": [{"byteSize": "5 MB", "accessURL": "https://a.example"}]}, "byteSize/number",
        "/distribution/0/byteSize"),
        ({"distribution": [{"mediaType": "csv", "accessURL": "https://a.example"}]}, "mediaType/form",
        "/distribution/0/mediaType"),
        ({"distribution": [{"title": "x"}]}, "distribution/no-url", "/distribution/0"),
        ({"language": ["zz"]}, "language/unknown", "/language/0"),
        ({"contactPoint": {**_GOOD["contactPoint"], "tel": "call us"}}, "tel/form", "/contactPoint/tel"),
        ({"contactPoint": {**_GOOD["contactPoint"], "address": [{}]}}, "address/empty", "/contactPoint/address/0"),
        ({"accessRights": "restricted public"}, "accessRights/legacy", "/accessRights"),
        ({"spatial": {}}, "spatial/unresolvable", "/spatial"),
        ({"spatial": {"bbox": "1,2,3,4", "prefLabel": "x"}}, "spatial/unresolvable", "/spatial"),
        ({"accessRights": "non-public", "distribution": [{"accessURL": "https://a.example", "accessRights": "non-public"}]},
         "Distribution/accessRestriction/recommended", "/distribution/0/accessRestriction"),
    ],
)  # fmt: skip
def test_warnings(change: dict[str, Any], rule: str, path: str) -> None:
    assert ["warning", rule, path] in _short({**_GOOD, **change})


def test_a_warning_is_silent_where_there_is_an_error() -> None:
    record = {**_GOOD, "language": ["english"], "temporal": [{"startDate": "x", "endDate": "2019"}], "spatial": [5]}
    assert not [one for one in _short(record) if one[1].startswith(("language/", "temporal/", "spatial/"))]


def test_very_many_errors_are_cut() -> None:
    found = list(check({**_GOOD, "keyword": [5] * 500}))
    assert len(found) < 130 and found[100].rule == "dcat-us-3/record/more"


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*_GOOD, "temporal", "spatial", "distribution", "@id", "title"]), inner, max_size=4
            )
        ),
        max_leaves=10,
    )
)
def test_nothing_makes_a_repair_raise_or_add_errors(body: Any) -> None:
    before = len([one for one in check(body) if one.severity == "error"])
    mended, repairs = repair(body)
    assert orjson.dumps(mended) and all(one.rule in RULES for one in repairs)
    assert repair(mended)[1] == []
    assert before or not [one for one in check(mended) if one.severity == "error"]


def test_the_body_given_stays_as_it_was() -> None:
    record = {**_GOOD, "keyword": "a, b"}
    before = orjson.dumps(record)
    mended, _ = repair(record)
    assert orjson.dumps(record) == before and mended["keyword"] == ["a", "b"]


def test_a_series_without_anything_is_none() -> None:
    assert read({**_GOOD, "inSeries": [{}, None, {"title": "S"}]}).in_series == (Series(title={"und": "S"}, description={}),)


# --- JSON-LD -------------------------------------------------------------------------------------------------------------


def test_the_json_ld_is_dcat(official: Path) -> None:
    """What is written is read as RDF by the DCAT reader, without any network, and says the same."""
    folder = official / "datagov-harvester/schemas/dcatus3.0/examples/Dataset/good"
    bodies = [json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")]
    bodies += [json.loads(file.read_text("utf-8"))["record"] for file in _CASES if file.stem in ("bus_stops", "chinese")]
    records = list(rdf_graph.records(b"".join(json_ld(map(write, map(read, bodies)))), "jsonld"))
    assert len(records) == 4 and len(bodies) == 3  # the complete example tells of an earlier version
    found = {dataset.title[next(iter(dataset.title))]: dataset for _, body in records for dataset in [dcat_3.read(body)]}
    for body in bodies:
        one, other = read(body), found[body["title"]]
        assert (one.issued, one.modified, one.landing_page) == (other.issued, other.modified, other.landing_page)
        assert [each.email for each in one.contact_point] == [each.email for each in other.contact_point]
        assert [each.geometry or each.box for each in one.spatial] == [each.geometry or each.box for each in other.spatial]
        assert [(each.start, each.end) for each in one.temporal] == [(each.start, each.end) for each in other.temporal]
        ways = {(each.download_url, each.media_type, each.byte_size, each.issued) for each in one.distribution}
        assert ways == {(each.download_url, each.media_type, each.byte_size, each.issued) for each in other.distribution}
        assert one.language == other.language and set(sum(one.keyword.values(), ())) == set(sum(other.keyword.values(), ()))


def test_every_field_is_in_the_context() -> None:
    assert {name for fields in classes().values() for name in fields} - {"@id", "@type"} <= CONTEXT.keys()
    assert classes().keys() <= CONTEXT.keys()
