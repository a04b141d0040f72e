"""Curation by API: changes over what a source says, conflicts, copies; who may, and what is refused."""

from typing import Any

import pytest

from catalog_api import linking
from metadata import database
from search.engines import open_engine
from search.sync import verify
from tests.catalog_api.conftest import Site
from tests.harvests import body, log, new_source, record, visit

UUID = "6f0a6a9e-1d8a-4b7a-9d3b-2f6f1c9b7a11"
TITLE: dict[str, Any] = {"fields": {"title": {"zh": "公交线路", "en": "Bus lines"}}, "note": "as people say it"}


def harvested(site: Site) -> None:
    visit(site.engine, new_source(site.engine), [record("a", landingPage="https://roads.example/a"), record("b")])
    site.follow()


def change(site: Site, sent: dict[str, Any], who: str = "department", name: str = "title-a") -> Any:
    return site.client.request("PATCH", f"/api/v1/datasets/{name}", json=sent, headers=site.headers(who))


def test_a_change_shows_in_every_form_and_in_the_index(any_site: Site) -> None:
    site = any_site
    harvested(site)
    done = change(site, TITLE)
    assert done.status_code == 200, done.text
    assert (done.json()["changed"], done.json()["curated"], done.json()["title"]) == (
        ["title"],
        ["title"],
        TITLE["fields"]["title"],
    )
    site.follow()
    assert site.client.get("/api/v1/datasets?q=公交线路").json()["total"] == 1
    for path in (
        "/api/v1/datasets/title-a",
        "/dataset/title-a.ttl",
        "/dataset/title-a.jsonld",
        "/data.json",
        "/dataset/title-a",
    ):
        got = site.client.get(path, headers={"Accept": "*/*"})
        assert got.status_code == 200 and "公交线路" in got.text.encode().decode(
            "unicode_escape" if "\\u" in got.text else "utf-8"
        ), path
    action = site.client.get("/api/3/action/package_show?id=title-a").json()["result"]
    assert "公交线路" in str(action)
    with database.reading(site.engine) as session:
        assert verify(session, open_engine(site.settings.search)).clean
    history = site.client.get("/api/v1/datasets/title-a/changes").json()["items"]
    assert [(one["action"], one["actor"]) for one in history] == [("curated", "token:department"), ("added", "harvest:roads")]
    assert log(site.engine)


def test_the_answer_to_a_cached_question_changes_with_it(site: Site) -> None:
    harvested(site)
    before = site.client.get("/api/v1/datasets/title-a")
    assert site.client.get("/api/v1/datasets/title-a", headers={"If-None-Match": before.headers["etag"]}).status_code == 304
    change(site, TITLE)
    after = site.client.get("/api/v1/datasets/title-a", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200 and after.headers["etag"] != before.headers["etag"]


def test_a_conflict_is_told_and_decided(any_site: Site) -> None:
    site = any_site
    harvested(site)
    change(site, TITLE)
    run = visit(site.engine, "roads", [record("a", "Theirs", landingPage="https://roads.example/a"), record("b")])
    listed = site.client.get("/api/v1/datasets/title-a/overlays").json()
    assert listed["total"] == 1
    layer = listed["items"][0]
    assert (layer["field"], layer["value"], layer["base"], layer["source"], layer["conflict"]) == (
        "title",
        TITLE["fields"]["title"],
        {"und": "Title a"},
        {"und": "Theirs"},
        True,
    )
    assert (layer["author"], layer["note"]) == ("token:department", "as people say it") and layer["at"]
    found = site.client.get(f"/api/v1/runs/{run.id}/conflicts").json()
    assert [(one["dataset"], one["field"]) for one in found["items"]] == [("title-a", "title")]
    decide = "/api/v1/datasets/title-a/overlays/title/decision"
    kept = site.client.post(decide, json={"keep": "mine"}, headers=site.headers("department")).json()
    assert (kept["title"], kept["overlays"][0]["conflict"]) == (TITLE["fields"]["title"], False)
    assert site.client.get(f"/api/v1/runs/{run.id}/conflicts").json()["total"] == 0
    theirs = site.client.post(decide, json={"keep": "source"}, headers=site.headers("department")).json()
    assert (theirs["title"], theirs["overlays"]) == ({"und": "Theirs"}, [])
    assert site.client.post(decide, json={"keep": "mine"}, headers=site.headers("department")).status_code == 404


def test_a_change_is_taken_away(site: Site) -> None:
    harvested(site)
    change(site, {"fields": {"landing_page": None}})
    assert "landing_page" not in site.client.get("/api/v1/datasets/title-a").json()["dataset"]
    path = "/api/v1/datasets/title-a/overlays/landing_page"
    assert site.client.delete(path, headers=site.headers("write")).status_code == 204
    assert site.client.delete(path, headers=site.headers("write")).status_code == 404
    assert site.client.get("/api/v1/datasets/title-a").json()["dataset"]["landing_page"] == "https://roads.example/a"


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 401), ("other", 403), ("harvest", 403), ("department", 200), ("write", 200)]
)
def test_who_may_change(site: Site, who: str, status: int) -> None:
    harvested(site)
    assert change(site, TITLE, who).status_code == status
    put = site.client.put("/api/v1/datasets/title-a/copy-of", json={"canonical": "title-b"}, headers=site.headers(who))
    assert put.status_code == status
    assert (len(log(site.engine)) == 2) == (status != 200)


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({"fields": {}}, 422, "fields"),
        ({"title": {"zh": "x"}}, 422, "fields"),
        ({"fields": {"identifier": "x"}}, 400, "identifier"),
        ({"fields": {"nope": "x"}}, 400, "nope"),
        ({"fields": {"title": "x"}}, 400, "title"),
        ({"fields": {"distribution": [{"acces_url": "x"}]}}, 400, "acces_url"),
        ({"fields": {"title": {"zh": "x"}}, "note": "x" * 2001}, 422, "note"),
    ],
)
def test_what_cannot_be_a_change_is_refused(site: Site, sent: dict[str, Any], status: int, says: str) -> None:
    harvested(site)
    refused = change(site, sent)
    assert refused.status_code == status and says in refused.text, refused.text
    assert len(log(site.engine)) == 2


def test_only_what_is_there_and_harvested_is_changed(site: Site) -> None:
    harvested(site)
    own = site.client.put(
        "/api/v1/organizations/transport/datasets/mine?standard=dcat_us_1_1_non_federal",
        json=body("mine"),
        headers=site.headers("write"),
    )
    assert own.status_code == 201, own.text
    refused = change(site, TITLE, name=own.json()["name"])
    assert refused.status_code == 409 and "registered" in refused.text
    assert change(site, TITLE, name="nope").status_code == 404
    visit(site.engine, "roads", [record("b")], accept_retire=True)
    assert change(site, TITLE).status_code == 410


def test_a_withheld_dataset_is_not_told_of(site: Site) -> None:
    visit(site.engine, new_source(site.engine, admits="valid"), [record("a", modified="no date"), record("b")])
    assert change(site, TITLE, "other").status_code == 404
    assert site.client.get("/api/v1/datasets/title-a/overlays").status_code == 404
    assert change(site, TITLE, "department").status_code == 200


def gathered(site: Site) -> None:
    """A city's dataset, and the state's copy of it."""
    visit(site.engine, new_source(site.engine, "city", url="https://city.example/data.json"), [record(UUID, "Bus")])
    came = {"harvest_source_url": "https://city.example/data.json?key=secret", "harvest_source_title": "City portal"}
    state = new_source(site.engine, "state", url="https://state.example/data.json", organization="health")
    visit(site.engine, state, [record("1", "Buses", guid=UUID, **came), record("2", "Trams")])
    assert linking.follow(site.engine) == 4  # three datasets, one link
    site.follow()


def test_a_copy_says_of_what_and_why_and_where_it_comes_from(any_site: Site) -> None:
    site = any_site
    gathered(site)
    copy = site.client.get("/api/v1/datasets/buses").json()
    assert copy["is_copy"] and copy["state"] == "published"
    told = copy["copy_of"]
    assert (told["name"], told["rule"], told["source"]) == ("bus", "same-identifier", "city") and set(told["why"]) == {
        "zh",
        "en",
    }
    assert copy["provenance"] == [
        {"source": "state", "title": "", "url": "https://state.example/data.json"},
        {"source": "city", "title": "City portal", "url": copy["provenance"][1]["url"]},
    ]
    assert "secret" not in str(copy["provenance"])
    own = site.client.get("/api/v1/datasets/bus").json()
    assert (own["copy_of"], own["is_copy"]) == (None, False)
    assert [(one["name"], one["rule"]) for one in own["copies"]] == [("buses", "same-identifier")]
    assert site.client.get("/api/v1/datasets").json()["total"] == 3
    page = site.client.get("/dataset/buses?lang=en", headers={"Accept": "text/html"}).text
    assert 'href="/dataset/bus"' in page and "same global identifier" in page and "City portal" in page
    canonical = site.client.get("/dataset/bus?lang=zh", headers={"Accept": "text/html"}).text
    assert 'href="/dataset/buses"' in canonical and "全局标识符" in canonical
    with database.reading(site.engine) as session:
        assert verify(session, open_engine(site.settings.search)).clean


def test_a_person_decides_of_what_a_dataset_is_a_copy(any_site: Site) -> None:
    site = any_site
    gathered(site)
    path = "/api/v1/datasets/{}/copy-of"
    who = site.headers("write")
    gone = site.client.delete(path.format("buses"), headers=who).json()
    assert (gone["copy_of"], gone["decided_by_person"]) == (None, True)
    assert site.client.delete(path.format("buses"), headers=who).status_code == 409
    visit(site.engine, "state", [record("1", "Buses!", guid=UUID), record("2", "Trams")])
    linking.follow(site.engine)
    assert site.client.get("/api/v1/datasets/buses").json()["copy_of"] is None
    back = site.client.delete(path.format("buses") + "?rules=true", headers=who).json()
    assert (back["copy_of"]["name"], back["decided_by_person"]) == ("bus", False)
    put = site.client.put(path.format("trams"), json={"canonical": "buses"}, headers=who).json()
    assert (put["copy_of"]["name"], put["copy_of"]["rule"]) == ("bus", "person")
    assert site.client.put(path.format("bus"), json={"canonical": "bus"}, headers=who).status_code == 400
    assert site.client.put(path.format("bus"), json={"canonical": "nope"}, headers=who).status_code == 404
    actors = {one.actor for one in log(site.engine) if one.action in ("linked", "unlinked")}
    assert actors == {"rules", "token:write"}


def test_a_copy_of_what_the_asker_may_not_see_keeps_it_to_itself(site: Site) -> None:
    visit(site.engine, new_source(site.engine, "city", admits="valid"), [record("x", "Hidden", modified="no date")])
    visit(site.engine, new_source(site.engine, "state", organization="health"), [record("1", "Shown")])
    put = site.client.put("/api/v1/datasets/shown/copy-of", json={"canonical": "hidden"}, headers=site.headers("admin"))
    assert put.status_code == 200 and put.json()["copy_of"]["name"] == "hidden"
    assert site.client.get("/api/v1/datasets/shown").json()["copy_of"] is None
    page = site.client.get("/dataset/shown?lang=en", headers={"Accept": "text/html"}).text
    assert "/dataset/hidden" not in page and "Hidden" not in page
    own = site.client.get("/dataset/shown?lang=en", headers={"Accept": "text/html", **site.headers("department")}).text
    assert "/dataset/hidden" in own
