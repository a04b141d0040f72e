"""The native API: lists, cursors, validators, and every door with a right and a wrong question."""

from collections.abc import Iterator
from typing import Any

import pytest

from metadata import database, ledger, store
from tests.catalog_api.conftest import Site
from tests.harvests import new_source, record, unreadable, visit


@pytest.fixture
def filled(any_site: Site) -> Site:
    """A filled catalogue on each database."""
    return fill(any_site)


def fill(any_site: Site) -> Site:
    """25 datasets of transport, one of health's, a failed record, a retired dataset."""
    name = new_source(any_site.engine, "roads", retire_limit=1.0)
    some = [record(f"r{n:02}", f"Road {n:02}", keyword=["road", f"k{n % 3}"]) for n in range(25)]
    visit(any_site.engine, name, [*some, record("gone", "Gone road")], batch=10)
    new_source(any_site.engine, "clinics", organization="health")
    visit(any_site.engine, "clinics", [record("c1", "诊所名录")])
    visit(any_site.engine, name, [*some, unreadable("bad")], batch=10, accept_retire=True)
    any_site.follow()
    return any_site


def pages(site: Site, path: str, limit: int, **headers: str) -> Iterator[dict[str, Any]]:
    """Every page of a list, from the first to the last."""
    after: Any = None
    sign = "&" if "?" in path else "?"
    for _ in range(200):
        mark = "" if after is None else f"&after={after}"
        page = site.client.get(f"{path}{sign}limit={limit}{mark}", headers=headers).json()
        yield page
        after = page["next"]
        if after is None:
            return
    raise AssertionError("the list has no end")


LISTS = [
    "/api/v1/datasets",
    "/api/v1/runs",
    "/api/v1/sources/roads/runs",
    "/api/v1/sources/roads/records",
    "/api/v1/findings",
    "/api/v1/changes",
]


MORE = ("datasets?sort=title", "datasets?sort=-modified", "findings?severity=error", "sources/roads/records?state=read")


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_cursors_lead_to_the_end_and_give_each_item_once(filled: Site, limit: int) -> None:
    for path in (*LISTS, *(f"/api/v1/{one}" for one in MORE)):
        found = [item for page in pages(filled, path, limit) for item in page["items"]]
        whole = filled.client.get(f"{path}{'&' if '?' in path else '?'}limit=1000").json()
        assert found == whole["items"] and whole["next"] is None, path
        assert len(found) == whole["total"] > 0, path
        keys = [str(sorted((key, str(value)) for key, value in item.items() if key != "score")) for item in found]
        assert len(set(keys)) == len(keys), path


def test_lists_agree_with_the_store(filled: Site) -> None:
    with database.reading(filled.engine) as session:
        names = store.names(session)
        head = ledger.head(session)
        lines = [line.model_dump() for line in store.changes(session, 0, 1000)]
    listed = filled.client.get("/api/v1/datasets?limit=1000&sort=name").json()
    assert sorted(item["name"] for item in listed["items"]) == sorted(names) and listed["total"] == 26
    assert filled.client.get("/api/v1/changes?limit=1000").json()["items"] == lines
    assert filled.client.get("/api/v1/ledger").json() == {
        "ok": True,
        "lines": head[0],
        "head": head[1],
        "first_bad": None,
        "message": "",
    }
    counted = {row["name"]: row["datasets"] for row in filled.client.get("/api/v1/organizations").json()["items"]}
    assert counted == {"transport": 25, "health": 1}


def test_a_dataset_is_shown_with_its_findings_and_history(filled: Site) -> None:
    shown = filled.client.get("/api/v1/datasets/road-07").json()
    assert (shown["identifier"], shown["state"], shown["source"], shown["organization"]["name"]) == (
        "r07",
        "published",
        "roads",
        "transport",
    )
    assert shown["url"] == "http://catalogue.example/dataset/road-07" and shown["dataset"]["title"] == {"und": "Road 07"}
    assert len(shown["findings"]) >= shown["errors"] + shown["warnings"]
    by_id = filled.client.get(f"/api/v1/datasets/{shown['id']}").json()
    assert by_id == shown
    (line,) = filled.client.get("/api/v1/datasets/road-07/changes").json()["items"]
    assert (line["action"], line["name"], line["after"]) == ("added", "road-07", line["after"])


def test_a_retired_dataset_is_gone_but_its_history_is_there(filled: Site) -> None:
    gone = filled.client.get("/api/v1/datasets/gone-road")
    assert (gone.status_code, gone.headers["content-type"]) == (410, "application/problem+json")
    actions = [line["action"] for line in filled.client.get("/api/v1/datasets/gone-road/changes").json()["items"]]
    assert actions == ["retired", "added"]
    assert filled.client.get("/api/v1/datasets?q=gone").json()["total"] == 0


def test_facets_and_filters_agree_with_brute_force(filled: Site) -> None:
    counted = filled.client.get("/api/v1/datasets?facets=keyword,organization,source&limit=1").json()["facets"]
    with database.reading(filled.engine) as session:
        entries = store.listing(session, limit=1000)
    for facet, of in (("organization", lambda one: [one.organization]), ("source", lambda one: [one.source])):
        brute: dict[str, int] = {}
        for one in entries:
            for value in of(one):
                brute[value] = brute.get(value, 0) + 1
        assert {one["value"]: one["count"] for one in counted[facet]} == brute
    found = filled.client.get("/api/v1/datasets?keyword=k1&organization=transport&limit=100").json()
    assert found["total"] == 8 and {item["name"] for item in found["items"]} == {
        f"road-{n:02}" for n in range(25) if n % 3 == 1
    }
    assert filled.client.get("/api/v1/datasets?-keyword=k1&limit=1").json()["total"] == 18
    assert filled.client.get("/api/v1/datasets?keyword=k1&keyword=k2").json()["total"] == 16


def test_records_show_what_the_source_said_beside_what_it_became(filled: Site) -> None:
    (failed,) = filled.client.get("/api/v1/sources/roads/records?state=failed").json()["items"]
    shown = filled.client.get(f"/api/v1/records/{failed['id']}", headers=filled.headers("department")).json()
    assert shown["raw"] == {"identifier": "bad", "description": "no title"}
    assert (shown["dataset"], shown["state"]) == (None, "failed") and shown["findings"]
    for finding in shown["findings"]:
        assert set(finding) == {"rule", "severity", "path", "value", "message", "clause", "fix", "link"}
        assert {"zh", "en"} <= finding["message"].keys() and {"zh", "en"} <= finding["fix"].keys()
    rule = shown["findings"][0]["rule"]
    by_rule = filled.client.get(
        "/api/v1/findings", params={"rule": rule, "source": "roads", "organization": "transport"}
    ).json()
    assert failed["id"] in {item["record"] for item in by_rule["items"]}
    assert filled.client.get("/api/v1/sources/roads/records", params={"rule": rule}).json()["total"] == by_rule["total"]


GETS = [
    *LISTS,
    "/api/v1",
    "/api/v1/organizations",
    "/api/v1/organizations/transport",
    "/api/v1/sources",
    "/api/v1/sources/roads",
    "/api/v1/runs/1",
    "/api/v1/datasets/road-01",
    "/api/v1/datasets/road-01/changes",
    "/api/v1/standards",
    "/api/v1/facets",
    "/api/v1/suggest?q=roa",
    "/api/v1/ledger",
    "/api/v1/organizations/transport/datasets/r01",
    "/api/v1/datasets?q=road&facets=keyword",
    "/dataset/road-01.ttl",
    "/dataset/road-01.json",
    "/data.json",
    "/catalog.ttl",
]


def test_what_an_asker_has_already_is_not_sent_again(filled: Site) -> None:
    for path in GETS:
        first = filled.client.get(path)
        assert first.status_code == 200, path
        tag = first.headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = filled.client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
        assert filled.client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_an_etag_changes_with_what_it_stands_for(filled: Site) -> None:
    before = {
        path: filled.client.get(path).headers["etag"] for path in ("/api/v1/datasets/road-01", "/data.json", "/catalog.ttl")
    }
    visit(filled.engine, "clinics", [record("c1", "诊所名录"), record("c2", "药店名录")])
    visit(filled.engine, "roads", [record("r01", "Road 01 again")], accept_retire=True)
    for path, tag in before.items():
        again = filled.client.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 200 and again.headers["etag"] != tag, path


def test_every_answer_carries_its_guards(site: Site) -> None:
    for path in ("/api/v1/datasets", "/api/v1/nope", "/data.json", "/"):
        headers = site.client.get(path).headers
        assert (
            headers["x-content-type-options"] == "nosniff" and "frame-ancestors 'none'" in headers["content-security-policy"]
        ), path
    assert site.client.get("/api/v1/datasets").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in site.client.get("/").headers


def test_health_and_metrics_tell_how_it_stands(filled: Site) -> None:
    assert filled.client.get("/health/live").json() == {"status": "ok"}
    assert filled.client.get("/health/ready").json()["status"] == "ok"
    text = filled.client.get("/metrics").text
    assert 'mulu_datasets{state="published"} 26.0' in text and "mulu_index_behind 0.0" in text
    visit(filled.engine, "clinics", [record("c1"), record("c2")])
    assert "mulu_index_behind 2.0" in filled.client.get("/metrics").text
