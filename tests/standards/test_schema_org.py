"""schema.org/Dataset: what search engines ask for, in the language of the page, safe inside a page."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph
import pytest
from hypothesis import HealthCheck, given, settings

from metadata.model import Dataset, Distribution, InformationItem, Period, encode
from metadata.vocabulary import look_up
from standards import html_pages, schema_org, schema_org_check
from standards.base import Unreadable
from tests.standards.generated import back, datasets
from tests.standards.rich import MESSY, RICH


def test_words_are_in_the_language_of_the_page() -> None:
    zh, en = schema_org.write(RICH), schema_org.write(RICH, ["en"])
    assert (zh["name"], en["name"]) == ("公共交通站点", "Public transport stops")
    assert en["publisher"]["name"] == "Qingchuan Transport Bureau"
    assert "公共交通站点" in en["alternateName"]
    assert (zh["about"][0], en["about"][0]) == ("运输", "Transport")


def test_what_a_dataset_search_asks_for() -> None:
    document = schema_org.write(RICH)
    assert document["@context"] == "https://schema.org/" and document["@type"] == "Dataset"
    assert document["url"] == document["@id"] == RICH.uri
    assert document["identifier"] == ["307001/000123", "doi:10.1234/stops", "QC-17"]
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert document["isAccessibleForFree"] is True
    assert document["keywords"] == ["公交", "站点", "bus", "GTFS"]
    assert document["temporalCoverage"] == ["2020-01/2024-12-31", "近五年"]
    assert document["spatialCoverage"][0]["geo"] == {"@type": "GeoShape", "box": "32.2 104.6 32.9 105.6"}
    assert document["variableMeasured"]["name"] == "站名"
    first = document["distribution"][0]
    assert (first["@type"], first["encodingFormat"], first["contentSize"]) == ("DataDownload", "text/csv", "123456 B")
    assert first["contentUrl"] == "https://jt.qingchuan.example/files/stops.csv?x=1&y=%3C2%3E"
    assert [each["contentUrl"] for each in document["distribution"]][-1] == "https://api.qingchuan.example/stops"


def test_a_short_description_is_filled_and_a_long_one_cut() -> None:
    short = schema_org.description(RICH)
    assert short.startswith("全市公交站点的位置。") and "青川市交通运输局" in short and short.endswith("每月")
    long = msgspec.structs.replace(RICH, description={"en": "x" * 65_280})
    assert len(schema_org.description(long, ["en"])) == 5000
    exact = msgspec.structs.replace(RICH, description={"en": "y" * 60})
    assert schema_org.description(exact, ["en"]) == "y" * 60


@pytest.mark.parametrize(
    ("period", "interval"),
    [
        (Period(start="2020"), "2020/.."),
        (Period(end="2020"), "../2020"),
        (Period(start="2020", end="2020"), "2020"),
        (Period(start="2020", end="2021"), "2020/2021"),
    ],
)
def test_intervals(period: Period, interval: str) -> None:
    assert schema_org.write(Dataset(identifier="x", title={"en": "x"}, temporal=(period,)))["temporalCoverage"] == interval


def _empty(value: Any) -> bool:
    if isinstance(value, dict):
        return not value or any(_empty(each) for each in value.values())
    if isinstance(value, list):
        return len(value) < 2 or any(_empty(each) for each in value)
    return value in ("", None)


@pytest.mark.parametrize("dataset", [RICH, MESSY], ids=["rich", "messy"])
def test_nothing_empty_is_written(dataset: Dataset) -> None:
    assert not _empty(schema_org.write(dataset))
    assert set(schema_org.write(Dataset(identifier="x", title={"en": "x"}))) == {
        "@context",
        "@type",
        "name",
        "description",
        "identifier",
    }


def test_closed_data_is_not_called_free() -> None:
    closed = Dataset(identifier="x", title={"en": "x"}, license=look_up("licence", "other-closed"))
    assert "isAccessibleForFree" not in schema_org.write(closed)


def test_nothing_in_it_can_end_the_script() -> None:
    trap = "</script><!-- ]]> &amp; \u2028 <script>alert(1)</script>"
    item = InformationItem(name={"en": trap})
    way = Distribution(access_url=f"https://example.org/{trap}", title={"en": trap})
    dataset = Dataset(identifier=trap, title={"en": trap}, information_item=(item,), distribution=(way,))
    written = schema_org.script(schema_org.write(dataset))
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written)["name"] == trap


def test_its_terms_are_those_of_schema_org(official: Path) -> None:
    vocabulary = json.loads((official / "schemaorg/schemaorg-current-https.jsonld").read_bytes())
    known = {each["@id"].removeprefix("schema:") for each in vocabulary["@graph"]}

    def used(value: Any) -> set[str]:
        if isinstance(value, list):
            return set().union(*map(used, value))
        if not isinstance(value, dict):
            return set()
        names = {name for name in value if not name.startswith("@")} | {value["@type"]}
        return names.union(*map(used, value.values()))

    assert len(used(schema_org.write(RICH))) > 40
    assert used(schema_org.write(RICH)) - known == set()


def test_it_is_json_ld() -> None:
    document = schema_org.write(RICH) | {"@context": {"@vocab": "https://schema.org/"}}
    quads = list(pyoxigraph.parse(json.dumps(document).encode(), format=pyoxigraph.RdfFormat.JSON_LD))
    assert pyoxigraph.NamedNode("https://schema.org/DataDownload") in {quad.object for quad in quads}


# --- reading, checking, writing whole ------------------------------------------------------------------------------------

CASES = sorted(Path(__file__).with_name("cases").joinpath("schema_org").glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    bodies = list(html_pages.descriptions(case["page"])) if "page" in case else [case["object"]]
    assert [json.loads(encode(schema_org.read(each))) for each in bodies] == case["datasets"]
    assert [[[one.path, one.rule] for one in schema_org.check(each)] for each in bodies] == case["findings"]
    assert all(schema_org.recognises(each) for each in bodies)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(datasets())
def test_what_it_carries_comes_back(dataset: Dataset) -> None:
    assert back(schema_org.STANDARD, dataset) == []


def test_every_real_description_reads(corpora: Path) -> None:
    found = [
        each
        for file in sorted((corpora / "schema-org").rglob("*.json*"))
        for each in html_pages.described(json.loads(file.read_text("utf-8", "replace").lstrip("\ufeff")))
    ]
    assert len(found) > 60
    unnamed = 0
    for each in found:
        list(schema_org.check(each))
        if isinstance(each.get("name"), str | list):
            assert schema_org.read(each).title
        else:
            with pytest.raises(Unreadable, match="name"):
                schema_org.read(each)
            unnamed += 1
    assert unnamed == 14  # fragments, frames and deliberate mistakes, which name nothing


_GOOD: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "Dataset",
    "name": "Bus stops of the city",
    "description": "x" * 60,
    "creator": {"@type": "Organization", "name": "Office"},
    "identifier": "s",
    "keywords": ["bus"],
    "license": "https://x.example/l",
    "distribution": [{"@type": "DataDownload", "contentUrl": "https://x.example/a.csv", "encodingFormat": "text/csv"}],
    "spatialCoverage": "Wuhan",
    "temporalCoverage": "2019/2020",
    "variableMeasured": "stop",
    "version": "1",
    "isAccessibleForFree": True,
}
_BROKEN: dict[str, dict[str, Any]] = {
    "name/required": {"name": ""},
    "description/required": {"description": None},
    "description/length": {"description": "short"},
    "datePublished/form": {"datePublished": "2016/04/14"},
    "dateModified/form": {"dateModified": "last week"},
    "dateCreated/form": {"dateCreated": {"@value": "soon"}},
    "url/form": {"url": "our site"},
    "sameAs/form": {"sameAs": ["x"]},
    "contentUrl/form": {"distribution": {"@type": "DataDownload"}},
    "distribution/form": {"distribution": ["https://x.example/a.csv"]},
    "box/form": {"spatialCoverage": {"@type": "Place", "geo": {"@type": "GeoShape", "box": "1 2 3"}}},
    "cross/dates": {"datePublished": "2020-01-01", "dateModified": "2019-01-01"},
    "cross/future": {"dateModified": "2999-01-01"},
    "cross/temporal": {"temporalCoverage": "2020/2019"},
    "cross/spatial": {"spatialCoverage": {"geo": {"box": "60 10 50 20"}}},
    "cross/media-type": {"distribution": [{"contentUrl": "https://x.example/a.csv", "encodingFormat": "application/json"}]},
    **{f"{name}/recommended": {name: None} for name in schema_org_check.RECOMMENDED},
}


@pytest.mark.parametrize("rule", sorted(_BROKEN))
def test_each_rule_finds_what_breaks_it_and_nothing_else(rule: str) -> None:
    assert {each.rule for each in schema_org.check(_GOOD | _BROKEN[rule])} == {f"schema-org/{rule}"}


def test_every_rule_is_tried() -> None:
    assert {each.removeprefix("schema-org/") for each in schema_org.STANDARD.rules} == {*_BROKEN, "object"}
    assert list(schema_org.check(_GOOD)) == [] and [each.rule for each in schema_org.check([])] == ["schema-org/object"]


def test_dates_are_mended() -> None:
    mended, done = schema_org.repair(_GOOD | {"datePublished": "2016/04/14", "dateCreated": "April 14, 2016"})
    assert (mended["datePublished"], mended["dateCreated"]) == ("2016-04-14", "2016-04-14")
    assert [each.before for each in done] == ["2016/04/14", "April 14, 2016"] and not done[0].filled


def test_prefixes_roles_and_catalogues() -> None:
    body = {
        "@context": {"schema": "https://schema.org/", "@language": "fr"},
        "@type": "schema:DataCatalog",
        "schema:dataset": {
            "@type": "schema:Dataset",
            "schema:name": "Arrêts",
            "schema:creator": {
                "@type": "schema:Role",
                "schema:creator": {"@type": "schema:Person", "schema:givenName": "Ada", "schema:familyName": "L"},
            },
        },
    }
    assert schema_org.recognises(body)
    found = schema_org.read(body)
    assert found.title == {"fr": "Arrêts"} and found.creator[0].name == {"und": "Ada L"}
    assert not schema_org.recognises({"@context": "https://schema.org/", "@type": "Person", "name": "x"})
    assert not schema_org.recognises({"@type": "Dataset", "name": "x"})
