"""Croissant 0.8, 1.0 and 1.1: read, written, checked; fields of record sets as information items."""

import json
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings

from metadata.model import Coded, Dataset, InformationItem
from standards.base import Unreadable
from standards.croissant import STANDARD, check, read, recognises, repair, write
from standards.croissant_check import ADVISED, ASKED
from standards.croissant_write import CONTEXT
from standards.json_members import listed
from standards.table import detect
from tests.standards.generated import back, datasets
from tests.standards.rich import RICH

CASES = sorted(Path(__file__).with_name("cases").joinpath("croissant").glob("*.json"))
NO_NAME = "huggingface-squad"
"""A real one without a name: the specification requires it, the reference implementation lets it pass."""

GOOD: dict[str, Any] = {
    "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "sc": "https://schema.org/"},
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.1",
    "name": "stops",
    "description": "Bus stops",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://x.example/",
    "creator": {"@type": "Organization", "name": "Office"},
    "version": "1",
    "datePublished": "2024-05-03",
    "keywords": ["bus"],
    "publisher": {"@type": "Organization", "name": "Office"},
    "citeAs": "Office",
    "distribution": [
        {
            "@type": "cr:FileObject",
            "@id": "a.zip",
            "name": "a.zip",
            "contentUrl": "https://x.example/a.zip",
            "sha256": "ab" * 32,
            "encodingFormat": "application/zip",
        },
        {
            "@type": "cr:FileSet",
            "@id": "rows",
            "containedIn": {"@id": "a.zip"},
            "encodingFormat": "text/csv",
            "includes": "*.csv",
        },
    ],
    "recordSet": [
        {
            "@type": "cr:RecordSet",
            "@id": "stop",
            "name": "stop",
            "key": {"@id": "stop/id"},
            "field": [
                {
                    "@type": "cr:Field",
                    "@id": "stop/id",
                    "name": "id",
                    "dataType": "sc:Integer",
                    "source": {"fileSet": {"@id": "rows"}},
                },
                {
                    "@type": "cr:Field",
                    "@id": "stop/name",
                    "name": "站名",
                    "dataType": ["sc:Text", "sc:name"],
                    "source": {"fileSet": {"@id": "rows"}, "extract": {"column": "name"}},
                },
            ],
        }
    ],
}
PLACES = ("distribution", "recordSet")


def changed(**members: Any) -> dict[str, Any]:
    return {**GOOD, **members}


def part(kind: str, place: int = 0, **members: Any) -> dict[str, Any]:
    inner = [dict(each) for each in GOOD[kind]]
    inner[place] |= members
    return changed(**{kind: inner})


def field(**members: Any) -> dict[str, Any]:
    return part("recordSet", field=[{**GOOD["recordSet"][0]["field"][0], **members}])


def rules(body: Any) -> set[str]:
    return {each.rule.removeprefix("croissant/") for each in check(body)}


BROKEN: dict[str, dict[str, Any]] = {
    "name/required": changed(name=""),
    "conformsTo/required": changed(conformsTo=None),
    **{f"{name}/required": changed(**{name: None}) for name in ASKED},
    **{f"{name}/recommended": changed(**{name: None}) for name in ADVISED},
    "distribution/type": part("distribution", 1, **{"@type": "sc:Thing"}),
    "id/required": part("distribution", 1, **{"@id": ""}),
    "id/blank": part("distribution", **{"@id": "a b", "containedIn": {"@id": "rows"}}),
    "contentUrl/required": part("distribution", contentUrl=None),
    "checksum/required": part("distribution", sha256=None),
    "encodingFormat/required": part("distribution", encodingFormat=None),
    "encodingFormat/form": part("distribution", encodingFormat="ZIP"),
    **{f"{name}/form": changed(**{name: "2024/5/3"}) for name in ("datePublished", "dateModified", "dateCreated")},
    "license/name": changed(license="CC BY 4.0"),
    "includes/required": part("distribution", 1, includes=[]),
    "containedIn/unknown": part("distribution", 1, containedIn={"@id": "gone"}),
    "recordSet/type": part("recordSet", **{"@type": "sc:Thing"}),
    "field/type": field(**{"@type": "sc:Thing"}),
    "source/required": part("recordSet", field=[{"@type": "cr:Field", "@id": "stop/id", "name": "id"}]),
    "source/unknown": field(source={"fileObject": {"@id": "gone"}}),
    "source/join": part(
        "recordSet",
        field=[
            GOOD["recordSet"][0]["field"][0],
            {"@type": "cr:Field", "@id": "stop/z", "name": "z", "source": {"fileObject": {"@id": "a.zip"}}},
        ],
    ),
    "cross/dates": changed(dateModified="2020-01-01"),
    "cross/future": changed(dateModified="2999-01-01"),
    "cross/temporal": changed(temporalCoverage="2020/2019"),
    "cross/media-type": part("distribution", contentUrl="https://x.example/a.csv", encodingFormat="application/json"),
}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    assert [[one.path, one.rule] for one in check(case["object"])] == case["findings"]
    found = read(case["object"])
    items = [[each.code, each.data_type.raw if each.data_type else None] for each in found.information_item]
    assert {"title": found.title, "items": items, "files": [each.download_url for each in found.distribution]} == case[
        "dataset"
    ]
    assert read(write(found)) == found or "croissant/id/blank" in str(case["findings"])


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_each_rule_finds_what_breaks_it(rule: str) -> None:
    also = {"containedIn/unknown", "source/unknown"} if rule in ("id/required", "id/blank") else set()
    assert rule in rules(BROKEN[rule]) and rules(BROKEN[rule]) <= {rule} | also


def test_every_rule_is_tried() -> None:
    assert {each.removeprefix("croissant/") for each in STANDARD.rules} == {*BROKEN, "object"}
    assert rules(GOOD) == set() and rules([]) == {"object"}


def _real(corpora: Path) -> list[Path]:
    return sorted((corpora / "schema-org" / "croissant").rglob("metadata.json"))


def test_verdicts_on_real_and_on_bad_descriptions(corpora: Path) -> None:
    """Those of the reference implementation: its own bad graphs are refused, its examples are not."""
    paths = _real(corpora)
    assert len(paths) == 60
    for path in paths:
        errors = [each.rule for each in check(json.loads(path.read_text("utf-8"))) if each.severity == "error"]
        bad = "graphs" in path.parts or path.parent.name == NO_NAME
        assert bool(errors) == bad, (path.parent.name, errors)


def test_every_real_description_reads_and_comes_back(corpora: Path) -> None:
    for path in _real(corpora):
        body = json.loads(path.read_text("utf-8"))
        if path.parent.name in (NO_NAME, "metadata_bad_type"):
            with pytest.raises(Unreadable):
                read(body)
            continue
        found = detect(body)
        assert recognises(body) and found is not None and found.name == "croissant"
        dataset = read(body)
        fields = [each for one in body.get("recordSet", ()) for each in listed(one.get("field"))]
        assert len(dataset.information_item) == len(fields)
        if path.parent.name != "distribution_bad_id":
            assert read(write(dataset)) == dataset


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(datasets())
def test_what_it_carries_comes_back(dataset: Dataset) -> None:
    assert back(STANDARD, dataset) == []


def test_it_is_json_ld() -> None:
    quads = list(
        pyoxigraph.parse(json.dumps(write(RICH)).encode(), format=pyoxigraph.RdfFormat.JSON_LD, base_iri="https://x.example/")
    )
    objects = {quad.object for quad in quads}
    assert pyoxigraph.NamedNode("http://mlcommons.org/croissant/FileObject") in objects
    assert pyoxigraph.NamedNode("http://mlcommons.org/croissant/Field") in objects


def test_its_terms_are_those_of_croissant(official: Path) -> None:
    known = (official / "croissant/docs/croissant.ttl").read_text("utf-8")
    terms = {name for name, meaning in CONTEXT.items() if meaning == f"cr:{name}"}
    unknown = {name for name in terms if f"croissant:{name} " not in known}
    # Four that its contexts and examples use and the vocabulary file does not list.
    assert len(terms) > 25 and unknown == {"isArray", "path", "replace", "samplingRate"}


def test_data_types_of_the_guide_become_types_of_schema_org() -> None:
    items = tuple(
        InformationItem(name={"en": code}, code=code, data_type=Coded(raw=code)) for code in ("C", "N", "I", "D", "T", "L", "B")
    )
    written = write(Dataset(identifier="a", title={"en": "t"}, information_item=items))["recordSet"][0]["field"]
    assert [each.get("dataType") for each in written] == [
        "sc:Text",
        "sc:Float",
        "sc:Integer",
        "sc:Date",
        "sc:DateTime",
        "sc:Boolean",
        None,
    ]


def test_fields_keep_their_sources() -> None:
    dataset = read(GOOD)
    first, second = dataset.information_item
    assert (first.code, first.key, first.data_type) == ("id", True, Coded(raw="sc:Integer", label={"und": "sc:Integer"}))
    assert second.name == {"zh": "站名"} and second.extra["source"]["extract"] == {"column": "name"}
    again = write(dataset)
    assert again["recordSet"][0]["field"][1]["source"] == GOOD["recordSet"][0]["field"][1]["source"]
    assert again["recordSet"][0]["key"] == {"@id": "stop/id"} and again["distribution"][1] == {
        **GOOD["distribution"][1],
        "name": "rows",
    }


def test_repairs_what_is_mechanical_and_says_what_it_filled_in() -> None:
    body = json.loads(json.dumps(changed(conformsTo=None, datePublished="2024/5/3", license="CC BY 4.0")))
    body["distribution"][0] |= {"contentUrl": "https://x.example/a.csv", "encodingFormat": None}
    body["distribution"][1]["encodingFormat"] = "CSV"
    mended, done = repair(body)
    assert mended["conformsTo"] == "http://mlcommons.org/croissant/1.1" and mended["datePublished"] == "2024-05-03"
    assert mended["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert [each["encodingFormat"] for each in mended["distribution"]] == ["text/csv", "text/csv"]
    assert {one.path for one in done if one.filled} == {"/conformsTo", "/distribution/0/encodingFormat"}
    assert rules(mended) == set() and repair(mended) == (mended, [])


def test_a_version_is_not_filled_in_where_it_would_not_hold() -> None:
    by_name = json.loads(CASES[[path.stem for path in CASES].index("version_0_8_by_name")].read_text("utf-8"))["object"]
    mended, done = repair(by_name)
    assert "conformsTo" not in mended and not [one for one in done if one.rule.endswith("conformsTo/required")]
    assert repair(part("distribution", sha256=None))[1] == [] and repair([]) == ([], []) and repair(None) == (None, [])


def test_neighbours_are_not_taken_for_croissant() -> None:
    plain = {"@context": "https://schema.org/", "@type": "Dataset", "name": "x", "distribution": []}
    assert not recognises(plain) and not recognises({}) and not recognises(None)
    assert not recognises({**plain, "conformsTo": "https://www.w3.org/TR/vocab-dcat-3/"})
