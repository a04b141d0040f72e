"""The Action API over HTTP: addresses, bodies, envelopes, and what each action answers."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlmodel import select

from catalog_api.ckan.table import READING, WRITING
from metadata.leaving import retire_rows
from metadata.tables import DatasetRow
from tests.catalog_api.ckan_site import Site, record, site

MEMBERS = {
    *("id", "name", "title", "notes", "url", "version", "author"),
    *("author_email", "maintainer", "maintainer_email", "license_id", "license_title", "license_url", "isopen"),
    *("owner_org", "organization", "private", "state", "type", "creator_user_id", "metadata_created"),
    *("metadata_modified", "num_resources", "num_tags", "resources", "tags", "groups", "extras"),
    *("relationships_as_subject", "relationships_as_object"),
}
RESOURCE = {
    *("id", "package_id", "name", "description", "url", "format", "mimetype"),
    *("mimetype_inner", "size", "hash", "created", "last_modified", "metadata_modified", "cache_url"),
    *("cache_last_updated", "position", "resource_type", "state", "url_type", "datastore_active"),
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    resources = [
        {"name": "Lines", "url": "https://data.example/1.csv", "format": "csv", "created": "2020-01-02T03:04:05"},
        {"name": "Again", "url": "https://data.example/1.csv", "format": "csv"},
        {"name": "Map", "url": "https://data.example/wms", "format": "WMS"},
    ]
    first = record(
        1,
        title="公共交通线路",
        title_translated={"zh": "公共交通线路", "en": "Bus lines"},
        tags=[{"name": "公交"}, {"name": "statistics"}],
        groups=[{"name": "tran", "title": "Transport"}],
        resources=resources,
        extras=[{"key": "frequency", "value": "monthly"}, {"key": "odd", "value": "x"}],
    )
    own = record(
        3, groups=[{"name": "my-group", "title": "My Group"}], license_id="own-terms", tags=[{"name": "water quality"}]
    )
    records = {
        "transport": [first, record(2, license_id="odc-by")],
        "water": [own, record(4), record(5), record(6, maintainer_email="none given")],
    }
    with site(tmp_path_factory.mktemp("ckan"), records) as found:
        with found.session() as session:
            rows = {row.identifier: row for row in session.exec(select(DatasetRow))}
            retire_rows(session, [rows["source-5"]], "test")
            session.commit()
        found.refresh()
        yield found


@pytest.fixture(scope="module")
def http(served: Site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url) as client:
        yield client


def result(http: httpx.Client, action: str, *, token: Any = "", **given: Any) -> Any:
    answer = http.post(f"/api/3/action/{action}", json=given, headers={"Authorization": token} if token else {})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["success"] is True and body["help"].endswith(f"/api/3/action/help_show?name={action}")
    return body["result"]


def error(http: httpx.Client, action: str, *, token: Any = "", **given: Any) -> tuple[int, dict[str, Any]]:
    answer = http.post(f"/api/3/action/{action}", json=given, headers={"Authorization": token} if token else {})
    body = answer.json()
    assert body["success"] is False and body["help"].startswith("http://")
    return answer.status_code, body["error"]


def names(http: httpx.Client, **given: Any) -> list[str]:
    return [package["name"] for package in result(http, "package_search", **given)["results"]]


def _brief(value: object) -> str:
    """Words that are the same in every process: a set's order is not."""
    shown = sorted(map(str, value)) if isinstance(value, set | frozenset) else value
    return str(shown)[:40]


# Addresses and bodies


@pytest.mark.parametrize(
    "path",
    [
        "/api/3/action/site_read",
        "/api/action/site_read",
        "/api/3/action/site_read/",
        "/api/action/site_read/",
        "/api/7/action/site_read",
    ],
)
def test_every_address_answers_without_a_redirect(http: httpx.Client, path: str) -> None:
    for answer in (http.get(path), http.post(path), http.post(path, content=b"", headers={"Content-Type": "application/json"})):
        assert answer.status_code == 200 and answer.json()["result"] is True
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-type"] == "application/json;charset=utf-8"


def test_the_versions_and_the_older_addresses(http: httpx.Client) -> None:
    for path in ("/api", "/api/", "/api/3", "/api/3/"):
        assert http.get(path).json() == {"version": 3}
    assert http.get("/api/util/status").json()["site_title"] == http.get("/api/2/util/status").json()["site_title"] != ""
    tags = http.get("/api/2/util/tag/autocomplete", params={"incomplete": "stat"}).json()
    assert tags == {"ResultSet": {"Result": [{"Name": "statistics"}]}}
    assert http.get("/api/2/util/resource/format_autocomplete?incomplete=cs").json() == {
        "ResultSet": {"Result": [{"Format": "csv"}]}
    }
    assert http.get("/api/2/util/organization/autocomplete?incomplete=wat").json()[0]["name"] == "water"
    assert http.get("/api/2/util/group/autocomplete?incomplete=tr").json()[0]["name"] == "tran"
    found = http.get("/api/2/util/dataset/autocomplete?incomplete=公共").json()["ResultSet"]["Result"]
    assert [one["title"] for one in found] == ["公共交通线路"]
    assert http.get("/api/2/util/nothing/autocomplete?incomplete=a").status_code == 404
    assert http.get("/api/2/util/tag/autocomplete?incomplete=a&limit=x").status_code == 409
    assert http.get("/api/2/action/site_read").status_code == 400


def test_a_browser_may_ask_from_another_site(http: httpx.Client) -> None:
    answer = http.options("/api/3/action/package_search", headers={"Origin": "https://other.example"})
    assert answer.status_code == 204 and "Authorization" in answer.headers["access-control-allow-headers"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def test_every_kind_of_body_says_the_same(http: httpx.Client) -> None:
    path = "/api/3/action/package_show"
    name = result(http, "package_list")[0]
    json_key = json.dumps({"id": name})
    answers = [
        http.get(path, params={"id": name}),
        http.get(path, params={"name_or_id": name}),
        http.post(path, json={"id": name}),
        http.post(path, content=json_key.encode()),
        http.post(path, data={"id": name}),
        http.post(path, data={json_key: ""}),
        http.post(path, data={json_key: "1"}),
        http.post(path, content=json_key.encode(), headers={"Content-Type": "application/x-www-form-urlencoded"}),
        http.post(path, files={"id": (None, name)}),
        http.post(path, params={"id": name}, json={"id": "not this"}),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert {answer.json()["result"]["name"] for answer in answers} == {name}


def test_flat_and_repeated_and_json_parameters(http: httpx.Client) -> None:
    path = "/api/3/action/package_search"
    asked: list[dict[str, Any]] = [
        {"fq_list": ["tags:公交", "organization:transport"]},
        {"fq_list": '["tags:公交", "organization:transport"]'},
        {"fq": "tags:公交 +organization:transport"},
    ]
    assert [http.get(path, params=one).json()["result"]["count"] for one in asked] == [1, 1, 1]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[1]", "other than a dict"),
        (b'"x"', "other than a dict"),
        (b"{bad", "Error decoding JSON"),
        (b"\xff", "Error decoding JSON"),
    ],
)
def test_a_body_that_is_no_object_is_a_plain_string(http: httpx.Client, body: bytes, words: str) -> None:
    answer = http.post("/api/3/action/package_show", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and answer.json().startswith("Bad request: ") and words in answer.json()


def test_a_broken_form_is_a_plain_string(http: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data"}  # without its boundary
    answer = http.post("/api/3/action/package_show", content=b"--x\r\n", headers=headers)
    assert answer.status_code == 400 and "form cannot be read" in answer.json()


def test_an_unknown_action_and_a_written_one_by_get(http: httpx.Client) -> None:
    answer = http.get("/api/3/action/foo")
    assert (answer.status_code, answer.json()) == (400, "Bad request: Action name not known: foo")
    answer = http.get("/api/3/action/package_create")
    assert answer.status_code == 400
    assert answer.json() == "Bad request: JSON Error: Invalid request. Please use POST method for your request"


def test_writing_exists_and_is_refused(http: httpx.Client, served: Site) -> None:
    assert {
        "package_create",
        "resource_update",
        "organization_patch",
        "group_delete",
        "dataset_purge",
        "api_token_create",
    } <= WRITING
    for action in sorted(WRITING):
        status, told = error(http, action, token=served.tokens["admin"])
        assert (status, told["__type"]) == (403, "Authorization Error") and told["message"].startswith("Access denied: ")


def test_jsonp_is_anonymous_and_takes_only_names(http: httpx.Client, served: Site) -> None:
    answer = http.get(
        "/api/3/action/user_list", params={"callback": "jQuery.cb_1[2]"}, headers={"Authorization": served.tokens["admin"]}
    )
    assert answer.headers["content-type"].startswith("application/javascript")
    assert answer.text.startswith("jQuery.cb_1[2]({") and answer.text.endswith("});")
    assert json.loads(answer.text[len("jQuery.cb_1[2](") : -2])["result"] == []
    failed = http.get("/api/3/action/package_show?callback=cb")
    assert failed.status_code == 409 and failed.text.startswith('cb({"help"')
    for bad in ("alert(1)//", "a b", "<script>", "a.b.", "", "x" * 101):
        answer = http.get("/api/3/action/site_read", params={"callback": bad})
        assert answer.status_code == 400 and answer.headers["content-type"].startswith("application/json")


def test_a_token_comes_in_either_header(http: httpx.Client, served: Site) -> None:
    for header in ("Authorization", "X-CKAN-API-Key"):
        answer = http.get("/api/3/action/user_show", headers={header: served.tokens["department"]})
        assert answer.json()["result"]["name"] == "clerk"


# Datasets


def test_a_package_has_every_member(http: httpx.Client) -> None:
    package = (
        result(http, "package_show", id="gong-gong-jiao-tong-xian-lu")
        if False
        else result(http, "package_search", q="公共交通")["results"][0]
    )
    assert set(package) >= MEMBERS and all(set(one) >= RESOURCE for one in package["resources"])
    assert result(http, "package_show", id=package["name"]) == package == result(http, "package_show", id=package["id"])
    assert TIME.fullmatch(package["metadata_created"]) and TIME.fullmatch(package["metadata_modified"])
    assert package["resources"][0]["created"] == "2020-01-02T03:04:05.000000"
    assert (package["num_resources"], package["num_tags"], package["isopen"], package["license_id"]) == (3, 2, True, "cc-by")
    assert package["title_translated"] == {"zh": "公共交通线路", "en": "Bus lines"}
    assert [one["position"] for one in package["resources"]] == [0, 1, 2]
    assert {one["package_id"] for one in package["resources"]} == {package["id"]}
    organization = package["organization"]
    assert (
        package["owner_org"] == organization["id"]
        and organization["title"] == "transport局"
        and organization["is_organization"]
    )
    assert [one["name"] for one in package["tags"]] == ["statistics", "公交"] and [
        one["name"] for one in package["groups"]
    ] == ["tran"]
    extras = {one["key"]: one["value"] for one in package["extras"]}
    assert len(extras) == len(package["extras"])
    assert (extras["identifier"], extras["odd"], extras["harvest_source_title"]) == ("source-1", "x", "transport-portal")


def test_a_resource_is_found_by_its_own_id(http: httpx.Client) -> None:
    resources = result(http, "package_search", q="公共交通")["results"][0]["resources"]
    assert len({one["id"] for one in resources}) == 3
    for one in resources:
        assert result(http, "resource_show", id=one["id"]) == one
    for missing in ("nothing", resources[0]["id"][:-1] + ("0" if resources[0]["id"][-1] != "0" else "1")):
        assert error(http, "resource_show", id=missing)[0] == 404


def test_what_was_retired_or_withheld(http: httpx.Client, served: Site) -> None:
    status, told = error(http, "package_show", id="dataset-5")
    assert (status, told["__type"]) == (403, "Authorization Error")
    unknown = error(http, "package_show", id="nothing")
    assert error(http, "package_show", id="dataset-6") == unknown and unknown[0] == 404  # nobody learns that it is there
    assert result(http, "package_show", token=served.tokens["admin"], id="dataset-5")["state"] == "deleted"
    assert result(http, "package_show", token=served.tokens["admin"], id="dataset-6")["private"] is True
    assert result(http, "package_list") == ["bus-lines", "dataset-2", "dataset-3", "dataset-4"]


def test_lists_of_datasets(http: httpx.Client) -> None:
    assert result(http, "package_list", limit=2, offset=1) == ["dataset-2", "dataset-3"]
    listed = [result(http, "current_package_list_with_resources", limit=3, page=page) for page in (1, 2)]
    assert [len(page) for page in listed] == [3, 1] and all(package["resources"] for page in listed for package in page)
    assert result(http, "current_package_list_with_resources", limit=1, offset=3) == listed[1]
    assert error(http, "package_list", limit="x") == (409, {"__type": "Validation Error", "limit": ["Invalid integer"]})
    assert error(http, "package_list", offset=-1)[1]["offset"] == ["Must be a natural number"]


# package_search


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"q": "公共交通"}, {"1"}),
        ({"q": "bus"}, {"1"}),
        ({"q": "公交 organization:transport"}, {"1"}),
        ({"q": "*:*", "fq": "organization:transport"}, {"1", "2"}),
        ({"fq": "-organization:transport"}, {"3", "4"}),
        ({"fq": "+organization:transport +license_id:odc-by"}, {"2"}),
        ({"fq": "tags:公交 tags:statistics"}, {"1"}),
        ({"fq": 'tags:"water quality"'}, {"3"}),
        ({"fq": 'tags:(公交 OR "water quality")'}, {"1", "3"}),
        ({"fq": 'tags:"water quality" tags:statistics'}, set()),
        ({"fq": "tags:stat*"}, {"1", "2", "4"}),
        ({"fq": "(groups:tran OR groups:my-group)"}, {"1", "3"}),
        ({"fq": "groups:nothing"}, set()),
        ({"fq": "res_format:wms"}, {"1"}),
        ({"fq": "license_id:own-terms"}, {"3"}),
        ({"fq": "frequency:MONTHLY"}, {"1"}),
        ({"fq": "extras_identifier:source-4"}, {"4"}),
        ({"fq": "harvest_source_title:water-portal"}, {"3", "4"}),
        ({"fq": "metadata_modified:[NOW-1HOUR TO *]"}, {"1", "2", "3", "4"}),
        ({"fq": "metadata_modified:[* TO 2015-10-23T14:51:13Z]"}, set()),
        ({"fq": "private:true"}, set()),
        ({"fq": "type:harvest"}, set()),
        ({"fq_list": ["organization:water", "tags:statistics"]}, {"4"}),
        ({"q": "name:dataset-4"}, {"4"}),
    ],
    ids=_brief,
)
def test_questions_find_the_right_datasets(http: httpx.Client, given: dict[str, Any], found: set[str]) -> None:
    answer = result(http, "package_search", **given)
    numbers = {one["value"][-1] for package in answer["results"] for one in package["extras"] if one["key"] == "identifier"}
    assert numbers == found and answer["count"] == len(found)


@pytest.mark.parametrize(
    ("given", "status", "kind", "words"),
    [
        ({"foo": 1, "bar": 2}, 400, "Search Query Error", "Invalid search parameters: ['bar', 'foo']"),
        ({"sort": "nothing asc"}, 400, "Search Query Error", 'Invalid "sort" parameter'),
        ({"q": "tags:a OR type:showcase"}, 400, "Search Query Error", "could not be answered exactly"),
        ({"q": "maintainer:bus"}, 400, "Search Query Error", "maintainer cannot be asked by itself"),
        ({"ext_bbox": "1,2,3"}, 400, "Search Query Error", "no box"),
        ({"facet.field": ["tags"] * 51}, 400, "Search Query Error", "51 facets"),
        ({"fq_list": ["tags:a"] * 101}, 400, "Search Query Error", "102 parts"),
        ({"fq": "nonsense:x"}, 400, "Search Query Error", "undefined field nonsense"),
        ({"fq": "tags:("}, 400, "Search Query Error", "hold nothing"),
        ({"q": "x" * 3000}, 400, "Search Query Error", "3000 characters"),
        ({"start": 10**15}, 400, "Search Query Error", "out of bounds"),
        ({"facet.field": ["nonsense"]}, 400, "Search Query Error", "no facet"),
        ({"q": "{!func}x"}, 409, "Search Error", "local parameters"),
        ({"rows": "x"}, 409, "Validation Error", "Invalid integer"),
        ({"rows": -1}, 409, "Validation Error", "Must be a natural number"),
        ({"q": {"a": 1}}, 409, "Validation Error", "Must be a single value"),
        ({"fq_list": [["a"]]}, 409, "Validation Error", "Must be a list of strings"),
        ({"facet.field": "[bad"}, 409, "Validation Error", "Could not parse as valid JSON"),
    ],
    ids=_brief,
)
def test_questions_that_cannot_be_asked(http: httpx.Client, given: dict[str, Any], status: int, kind: str, words: str) -> None:
    found, told = error(http, "package_search", **given)
    assert (found, told["__type"]) == (status, kind) and words in json.dumps(told).replace('\\"', '"')


def test_parameters_that_are_taken_and_change_nothing(http: httpx.Client) -> None:
    plain = result(http, "package_search")
    given: dict[str, Any] = {
        "ext_bbox_srs": "4326",
        "use_default_schema": True,
        "defType": "edismax",
        "qf": "title^2",
        "mm": "1",
        "include_deleted": True,
    }
    assert result(http, "package_search", **given) == plain
    assert (plain["count"], plain["sort"], plain["facets"], plain["search_facets"]) == (
        4,
        "score desc, metadata_modified desc",
        {},
        {},
    )


def test_pages_and_sorts(http: httpx.Client) -> None:
    for sort in (
        "id asc",
        "name asc",
        "title_string asc",
        "metadata_modified desc",
        "metadata_created desc",
        "name desc, id asc",
    ):
        whole = names(http, sort=sort)
        assert [name for start in range(4) for name in names(http, sort=sort, rows=1, start=start)] == whole and len(whole) == 4
    assert names(http, sort="name asc") == sorted(names(http)) == names(http, sort="name desc")[::-1]
    assert result(http, "package_search", rows=0)["results"] == [] and names(http, rows=5000, start=4) == []
    assert result(http, "package_search", fl="id,name", rows=1)["results"][0].keys() == {"id", "name"}


def test_facets_are_counted_and_sorted_as_ckan_does(http: httpx.Client) -> None:
    fields = ["organization", "groups", "tags", "res_format", "license_id", "owner_org"]
    found = result(http, "package_search", rows=0, **{"facet.field": json.dumps(fields)})
    assert set(found["facets"]) == set(found["search_facets"]) == set(fields)
    assert found["facets"]["tags"] == {"statistics": 3, "公交": 1, "water quality": 1}
    assert found["facets"]["license_id"] == {"cc-by": 2, "odc-by": 1, "own-terms": 1} and found["facets"]["groups"] == {
        "tran": 1,
        "my-group": 1,
    }
    assert found["facets"]["res_format"]["CSV"] == 4 and sorted(found["facets"]["owner_org"].values()) == [2, 2]
    for name, facet in found["search_facets"].items():
        shown = [item["display_name"] for item in facet["items"]]
        assert facet["title"] == name and shown == sorted(shown, reverse=True)
        assert {item["name"]: item["count"] for item in facet["items"]} == found["facets"][name]
    for name in ("tags", "license_id", "res_format", "organization", "groups", "owner_org"):
        for value, count in found["facets"][name].items():
            assert result(http, "package_search", rows=0, fq=f'{name}:"{value}"')["count"] == count, (name, value)


def test_facet_limit_mincount_and_off(http: httpx.Client) -> None:
    asked: dict[str, Any] = {"rows": 0, "facet.field": ["tags"]}
    assert len(result(http, "package_search", **asked, **{"facet.limit": 1})["facets"]["tags"]) == 1
    assert len(result(http, "package_search", **asked, **{"facet.limit": -1})["facets"]["tags"]) == 3
    assert result(http, "package_search", **asked, **{"facet.mincount": 2})["facets"]["tags"] == {"statistics": 3}
    assert result(http, "package_search", **asked, facet="false")["facets"] == {}
    assert result(http, "package_search", **asked, fq="groups:nothing")["search_facets"] == {
        "tags": {"title": "tags", "items": []}
    }


def test_withheld_datasets_are_for_those_who_may_see_them(http: httpx.Client, served: Site) -> None:
    asked: dict[str, Any] = {"fq": "organization:water", "include_private": True}
    assert result(http, "package_search", **asked)["count"] == 2
    assert (
        result(http, "package_search", token=served.tokens["department"], **asked)["count"] == 2
    )  # another department's token


# The rest


def test_organizations(http: httpx.Client, served: Site) -> None:
    assert result(http, "organization_list") == ["transport", "water"]
    assert result(http, "organization_list", sort="name desc") == ["water", "transport"]
    assert (
        result(http, "organization_list", organizations=["water"])
        == ["water"]
        == result(http, "organization_list", offset=1, limit=1)
    )
    shown = result(http, "organization_list", all_fields=True)
    first = shown[0]
    assert (first["name"], first["display_name"], first["package_count"]) == ("transport", "transport局", 2)
    assert "users" not in shown[0] and "users" in result(http, "organization_list", all_fields=True, include_users=True)[0]
    water = result(http, "organization_show", id="water", include_datasets=True)
    assert {one["name"] for one in water["packages"]} == {"dataset-3", "dataset-4"} and water["package_count"] == 2
    assert result(http, "organization_show", id=water["id"])["name"] == "water"
    assert result(http, "organization_autocomplete", q="Water")[0]["name"] == "water"
    assert error(http, "organization_show", id="nothing")[0] == 404 and error(http, "organization_list", sort="foo")[0] == 409
    assert result(http, "organization_list_for_user") == []
    assert len(result(http, "organization_list_for_user", token=served.tokens["admin"])) == 2


def test_groups_are_themes(http: httpx.Client) -> None:
    assert result(http, "group_list") == ["my-group", "tran"]
    shown = result(http, "group_list", all_fields=True)
    assert {(one["name"], one["package_count"], one["is_organization"]) for one in shown} == {
        ("tran", 1, False),
        ("my-group", 1, False),
    }
    tran = result(http, "group_show", id="tran", include_datasets=True)
    assert [one["title"] for one in tran["packages"]] == ["公共交通线路"] and result(http, "group_show", id=tran["id"])[
        "name"
    ] == "tran"
    assert [one["name"] for one in result(http, "group_package_show", id="my-group")] == ["dataset-3"]
    assert [one["name"] for one in result(http, "group_autocomplete", q="运输")] == ["tran"]
    assert error(http, "group_show", id="nothing")[0] == 404 and result(http, "group_list_authz") == []


def test_tags_formats_and_licences(http: httpx.Client) -> None:
    assert result(http, "tag_list") == ["statistics", "water quality", "公交"] and result(http, "tag_list", query="WATER") == [
        "water quality"
    ]
    tag = result(http, "tag_show", id="公交", include_datasets=True)
    assert (
        tag["display_name"] == "公交"
        and len(tag["packages"]) == 1
        and result(http, "tag_list", all_fields=True)[2]["id"] == tag["id"]
    )
    assert result(http, "tag_show", id=tag["id"])["name"] == "公交"
    assert result(http, "tag_search", query="t", limit=1) == {
        "count": 2,
        "results": result(http, "tag_list", all_fields=True)[:1],
    }
    assert result(http, "tag_autocomplete", q="q") == ["water quality"] and result(http, "format_autocomplete", q="cs") == [
        "csv"
    ]
    assert error(http, "tag_show", id="nothing")[0] == 404 and error(http, "tag_list", vocabulary_id="x")[0] == 404
    licences = {one["id"]: one for one in result(http, "license_list")}
    assert (
        licences["cc-by"]["od_conformance"] == "approved" and licences["cc-by"]["url"] and result(http, "vocabulary_list") == []
    )


def test_resources_are_searched(http: httpx.Client) -> None:
    found = result(http, "resource_search", query="name:line")
    assert (found["count"], found["results"][0]["name"]) == (1, "Lines")
    assert result(http, "resource_search", query=["url:1.csv", "name:again"])["count"] == 1
    many = result(http, "resource_search", query="format:csv", order_by="name", limit=2, offset=1)
    assert many["count"] == 5 and [one["name"] for one in many["results"]] == ["Lines", "Table"]
    for bad in ({}, {"query": "csv"}, {"query": "nothing:x"}, {"query": "name:x", "order_by": "nothing"}):
        assert error(http, "resource_search", **bad)[0] == 409


def test_completions(http: httpx.Client) -> None:
    (found,) = result(http, "package_autocomplete", q="公共")
    assert found == {
        "name": found["name"],
        "title": "公共交通线路",
        "match_field": "title",
        "match_displayed": f"公共交通线路 ({found['name']})",
    }
    assert len(result(http, "package_autocomplete", q="dataset", limit=2)) == 2
    assert result(http, "package_autocomplete", q="dataset-4")[0]["name"] == "dataset-4"
    assert result(http, "package_autocomplete", q='"(:*') == []


def test_help_and_site(http: httpx.Client) -> None:
    for action in READING:
        assert result(http, "help_show", name=action).strip()
    assert "not supported" in result(http, "help_show", name="package_create")
    assert error(http, "help_show", name="foo")[0] == 404 and error(http, "help_show")[1]["name"] == ["Missing value"]
    status = result(http, "status_show")
    assert {
        "ckan_version",
        "site_title",
        "site_description",
        "site_url",
        "error_emails_to",
        "locale_default",
        "extensions",
    } <= set(status)
    assert result(http, "site_read") is True and result(http, "resource_view_list", id="x") == []
    assert error(http, "user_show", id="root")[0] == 404
