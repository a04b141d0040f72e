"""The CKAN portals of the sample departments answer as CKAN does: envelope, paging, filters, facets, errors."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from catalog_api.sample_departments import Running, SampleSource, serve
from catalog_api.sample_departments.seeds import seeds
from catalog_api.sample_departments.words import LICENCES

_BY_NAME = {seed.name: seed for seed in seeds()}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serve(tmp_path_factory.mktemp("departments")) as up:
        yield up


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10) as opened:
        yield opened


def _source(running: Running, name: str) -> SampleSource:
    return next(source for source in running.sources if source.name == name)


def _call(client: httpx.Client, source: SampleSource, action: str, **params: Any) -> Any:
    answer = client.get(f"{source.url}/api/3/action/{action}", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.json()["success"] is True
    return answer.json()["result"]


@pytest.mark.parametrize("name", [seed.name for seed in seeds() if seed.protocol == "ckan"])
def test_paging_gives_every_package_once(running: Running, client: httpx.Client, name: str) -> None:
    source, cap = _source(running, name), _BY_NAME[name].site.get("rows_max", 1000)
    found: list[str] = []
    while True:
        page = _call(client, source, "package_search", rows=1000, start=len(found), sort="id asc")
        assert page["count"] == len(_BY_NAME[name].rows) and len(page["results"]) <= cap
        if not page["results"]:
            break
        found += [package["id"] for package in page["results"]]
    assert found == sorted(set(found)) and len(found) == page["count"]


def test_one_caps_its_pages_at_50(running: Running, client: httpx.Client) -> None:
    source = _source(running, "education")
    page = _call(client, source, "package_search", rows=100, sort="name asc")
    assert len(page["results"]) == 50 < page["count"]
    assert len(_call(client, source, "package_search")["results"]) == 10


def test_a_package_is_shown_by_name_and_by_id(running: Running, client: httpx.Client) -> None:
    source = _source(running, "health")
    package = _call(client, source, "package_show", id="hospitals")
    assert package == _call(client, source, "package_show", id=package["id"])
    assert package["title_translated"] == {"zh": "医院名录", "en": "Hospitals"}
    assert package["num_resources"] == len(package["resources"]) == 2
    assert {tag["name"] for tag in package["tags"]} == {"医院", "医疗机构", "hospitals", "beds"}
    assert package["organization"]["id"] == package["owner_org"]


def test_lists(running: Running, client: httpx.Client) -> None:
    source, seed = _source(running, "culture"), _BY_NAME["culture"]
    names = sorted(row.name for row in seed.rows)
    assert _call(client, source, "package_list") == names
    assert _call(client, source, "package_list", limit=5, offset=3) == names[3:8]
    units = Counter(row.unit.name for row in seed.rows)
    assert _call(client, source, "organization_list") == sorted(units)
    full = _call(client, source, "organization_list", all_fields="true")
    assert {one["name"]: one["package_count"] for one in full} == dict(units)
    assert _call(client, source, "organization_show", id="heritage")["title"] == "文物处"
    assert "博物馆" in _call(client, source, "tag_list")
    assert _call(client, source, "group_list") == sorted({row.theme for row in seed.rows})
    assert {one["id"] for one in _call(client, source, "license_list")} == set(LICENCES)
    assert _call(client, source, "status_show")["site_title"] == "明川市文化和旅游局"
    assert "name or id" in _call(client, source, "help_show", name="package_show")


@pytest.mark.parametrize(
    ("params", "is_found"),
    [
        ({"fq": "organization:disease-control"}, lambda package: package["organization"]["name"] == "disease-control"),
        ({"fq": "-organization:disease-control"}, lambda package: package["organization"]["name"] != "disease-control"),
        ({"fq": "+groups:water"}, lambda package: package["groups"][0]["name"] == "water"),
        ({"fq": "res_format:API"}, lambda package: any(one["format"] == "API" for one in package["resources"])),
        (
            {"fq": "metadata_modified:[2026-05-01T00:00:00Z TO *]"},
            lambda package: package["metadata_modified"] >= "2026-05-01",
        ),
        ({"fq": "groups:(water OR education)"}, lambda package: package["groups"][0]["name"] in ("water", "education")),
        ({"q": "水质"}, lambda package: "水质" in json.dumps(package, ensure_ascii=False)),
        (
            {"q": 'title:"医院" AND license_id:cc-zero'},
            lambda package: "医院" in package["title"] and package["license_id"],
        ),
        ({"q": "*:*"}, lambda package: True),
        ({"q": "no-such-word"}, lambda package: False),
    ],
)
def test_searching_agrees_with_looking_at_every_package(
    running: Running, client: httpx.Client, params: dict[str, str], is_found: Any
) -> None:
    source = _source(running, "health")
    everything = _call(client, source, "package_search", rows=1000)["results"]
    found = _call(client, source, "package_search", rows=1000, **params)
    wanted = {package["name"] for package in everything if is_found(package)}
    assert {package["name"] for package in found["results"]} == wanted
    assert found["count"] == len(wanted)


def test_facets_count_all_that_match(running: Running, client: httpx.Client) -> None:
    source = _source(running, "civil")
    everything = _call(client, source, "package_search", rows=1000)["results"]
    fields = '["organization", "groups", "res_format"]'
    page = _call(client, source, "package_search", rows=0, **{"facet.field": fields})
    assert page["results"] == []
    assert page["facets"]["organization"] == Counter(package["organization"]["name"] for package in everything)
    assert page["facets"]["groups"] == Counter(group["name"] for package in everything for group in package["groups"])
    items = page["search_facets"]["organization"]["items"]
    assert {item["name"]: item["display_name"] for item in items}["elderly"] == "养老服务处"


def test_sorting(running: Running, client: httpx.Client) -> None:
    source = _source(running, "civil")
    page = _call(client, source, "package_search", rows=1000, sort="metadata_modified desc, name asc")
    keys = [(package["metadata_modified"], package["name"]) for package in page["results"]]
    assert keys == sorted(sorted(keys, key=lambda key: key[1]), key=lambda key: key[0], reverse=True)


@pytest.mark.parametrize("body", [{"json": {"q": "医院", "rows": 3}}, {"data": {"q": "医院", "rows": "3"}}])
def test_reading_by_post(running: Running, client: httpx.Client, body: dict[str, Any]) -> None:
    answer = client.post(f"{_source(running, 'health').url}/api/action/package_search", **body)
    assert answer.json()["success"] is True and len(answer.json()["result"]["results"]) == 3


@pytest.mark.parametrize(
    ("call", "status", "kind"),
    [
        ("package_show?id=nothing", 404, "Not Found Error"),
        ("package_show", 409, "Validation Error"),
        ("organization_show?id=nothing", 404, "Not Found Error"),
        ("help_show?name=nothing", 404, "Not Found Error"),
        ("package_search?rows=many", 409, "Validation Error"),
        ("package_search?start=-1", 409, "Validation Error"),
        ("package_search?wrong=1", 400, "Search Query Error"),
        ("package_search?sort=colour asc", 400, "Search Query Error"),
        ("package_search?q=title:(", 409, "Search Error"),
        ("package_search?fq=colour:red", 409, "Search Error"),
        ('package_search?facet.field=["colour"]', 409, "Search Error"),
    ],
)
def test_errors_are_told_in_the_envelope(running: Running, client: httpx.Client, call: str, status: int, kind: str) -> None:
    answer = client.get(f"{_source(running, 'health').url}/api/3/action/{call}")
    assert (answer.status_code, answer.json()["success"], answer.json()["error"]["__type"]) == (status, False, kind)


@pytest.mark.parametrize(
    ("method", "call", "body"),
    [("GET", "package_burn", b""), ("POST", "package_search", b"{"), ("POST", "package_search", b"[1]")],
)
def test_bad_requests_are_400(running: Running, client: httpx.Client, method: str, call: str, body: bytes) -> None:
    url = f"{_source(running, 'health').url}/api/3/action/{call}"
    assert client.request(method, url, content=body, headers={"Content-Type": "application/json"}).status_code == 400


def test_the_root_says_its_version(running: Running, client: httpx.Client) -> None:
    url = _source(running, "health").url
    assert client.get(f"{url}/api/3").json() == {"version": 3}
    assert client.get(f"{url}/somewhere").status_code == 404
