"""Held runs, undoing and clearing by API and command: who may, what is answered, what the pages show."""

import csv
import io
import json

import pytest

from catalog_api.rereading import reread
from metadata import database
from search.engines import open_engine
from search.sync import verify
from tests.catalog_api.conftest import Site
from tests.catalog_api.test_cli import Shell, add, shell  # noqa: F401  # a fixture
from tests.harvests import body, log, new_source, published, record, visit
from tests.serving import Folder


def held(site: Site) -> int:
    name = new_source(site.engine)
    visit(site.engine, name, [record(f"r{n}") for n in range(10)])
    return visit(site.engine, name, [record(f"r{n}") for n in range(4)]).id or 0


def test_what_a_held_run_would_retire_is_listed(any_site: Site) -> None:
    site = any_site
    run = held(site)
    page = site.client.get(f"/api/v1/runs/{run}/vanished?limit=4").json()
    assert (page["total"], page["next"], len(page["items"])) == (6, "r7", 4)
    rest = site.client.get(f"/api/v1/runs/{run}/vanished?limit=4&after=r7").json()
    assert [one["identifier"] for one in rest["items"]] == ["r8", "r9"] and rest["next"] is None
    assert {key: rest["items"][0][key] for key in ("name", "title", "state", "organization", "url")} == {
        "name": "title-r8",
        "title": "Title r8",
        "state": "published",
        "organization": "transport",
        "url": "http://catalogue.example/dataset/title-r8",
    }
    table = site.client.get(f"/api/v1/runs/{run}/vanished.csv")
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["identifier"] for row in rows] == [f"r{n}" for n in range(4, 10)] and rows[0]["name"] == "title-r4"
    assert site.client.get("/api/v1/runs/999/vanished").status_code == 404


def test_the_names_of_withheld_ones_are_for_those_who_may_see_them(site: Site) -> None:
    name = new_source(site.engine, admits="valid")
    visit(site.engine, name, [record("a", modified="no date"), record("b")])
    run = visit(site.engine, name, [record("b")]).id
    for path in (f"/api/v1/runs/{run}/vanished", f"/api/v1/runs/{run}/vanished.csv", f"/source/roads/runs/{run}"):
        assert "title-a" not in site.client.get(path).text
        assert "Title a" not in site.client.get(path).text
        assert "title-a" in site.client.get(path, headers=site.headers("department")).text, path


@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 401), ("other", 403), ("harvest", 403), ("department", 200), ("write", 200)]
)
def test_who_may_decide(site: Site, who: str, status: int) -> None:
    run = held(site)
    for path, sent in ((f"runs/{run}/decision", {"accept": True}), (f"runs/{run}/undo", {}), ("sources/roads/clear", None)):
        assert site.client.post(f"/api/v1/{path}", json=sent, headers=site.headers(who)).status_code == status, path
    assert (len(log(site.engine)) == 10) == (status != 200)


def test_accepting_and_undoing(any_site: Site) -> None:
    site = any_site
    run = held(site)
    site.follow()
    sent = {"accept": True, "note": "closed"}
    done = site.client.post(f"/api/v1/runs/{run}/decision", json=sent, headers=site.headers("department"))
    assert done.status_code == 200, done.text
    report = done.json()
    assert (report["state"], report["retired"], report["decision"]["decided"]) == ("done", 6, "accepted")
    assert (report["decision"]["by"], report["decision"]["note"]) == ("token:department", "closed")
    assert site.client.get("/api/v1/datasets/title-r9").status_code == 410
    again = site.client.post(f"/api/v1/runs/{run}/decision", json=sent, headers=site.headers("department"))
    assert again.status_code == 409
    undone = site.client.post(f"/api/v1/runs/{run}/undo", json={"note": "wrong"}, headers=site.headers("write")).json()
    assert (undone["undone"]["restored"], undone["decision"]["decided"], undone["decision"]["by"]) == (
        6,
        "undone",
        "token:write",
    )
    assert site.client.post(f"/api/v1/runs/{run}/undo", headers=site.headers("write")).status_code == 409
    assert len(published(site.engine)) == 10
    site.follow()
    assert site.client.get("/api/v1/datasets").json()["total"] == 10
    with database.reading(site.engine) as session:
        assert verify(session, open_engine(site.settings.search)).clean


def test_the_record_of_an_undone_run_is_a_page_still(site: Site) -> None:
    name = new_source(site.engine)
    visit(site.engine, name, [record("a", "Before")])
    run = visit(site.engine, name, [record("a", "After")]).id
    site.client.post(f"/api/v1/runs/{run}/undo", headers=site.headers("write"))
    found = site.client.get("/api/v1/sources/roads/records").json()["items"][0]
    raw = site.client.get(f"/api/v1/records/{found['id']}")
    assert raw.status_code == 200 and raw.json()["raw"] is None and raw.json()["digest"] == ""
    page = site.client.get(f"/record/{found['id']}?lang=en", headers={"Accept": "text/html"})
    assert page.status_code == 200 and "next harvest" in page.text
    assert reread(site.engine, "roads")["read"] == 0  # there is nothing to read until then
    assert visit(site.engine, "roads", [record("a", "After")]).updated == 1


def test_the_page_of_an_older_held_run_leads_to_the_newer_one(site: Site) -> None:
    run = held(site)
    newer = visit(site.engine, "roads", [record(f"r{n}") for n in range(10)]).id
    page = site.client.get(f"/source/roads/runs/{run}?lang=en", headers={"Accept": "text/html"}).text
    assert f"/source/roads/runs/{newer}" in page and "harvested again" in page and "mulu run accept" not in page
    refused = site.client.post(f"/api/v1/runs/{run}/decision", json={"accept": True}, headers=site.headers("write"))
    assert refused.status_code == 409 and f"run {newer}" in refused.text


def test_clearing(any_site: Site) -> None:
    site = any_site
    held(site)
    answer = site.client.post("/api/v1/sources/roads/clear", headers=site.headers("write"))
    assert answer.json() == {"cleared": "roads", "retired": 10}
    assert site.client.get("/api/v1/sources/roads").json()["datasets"] == 0
    assert site.client.get("/api/v1/sources/roads/records").json()["total"] == 0
    assert site.client.post("/api/v1/sources/nope/clear", headers=site.headers("write")).status_code == 404


def test_the_page_of_a_held_run_shows_the_list_and_the_commands(site: Site) -> None:
    run = held(site)
    for lang, words in (("en", "Would be retired"), ("zh", "将要注销")):
        page = site.client.get(f"/source/roads/runs/{run}?lang={lang}", headers={"Accept": "text/html"}).text
        assert words in page and 'href="/dataset/title-r4"' in page
        assert f"mulu run accept {run}" in page and f"mulu run refuse {run}" in page
        assert f"/api/v1/runs/{run}/vanished.csv" in page
    site.client.post(f"/api/v1/runs/{run}/decision", json={"accept": False, "note": "no!"}, headers=site.headers("write"))
    page = site.client.get(f"/source/roads/runs/{run}?lang=en", headers={"Accept": "text/html"}).text
    assert "Refused" in page and "token:write" in page and "no!" in page and "mulu run accept" not in page
    source = site.client.get("/source/roads?lang=en", headers={"Accept": "text/html"}).text
    assert "mulu source clear roads" in source


def test_the_page_of_a_run_counts_conflicts_and_says_how_it_is_undone(site: Site) -> None:
    name = new_source(site.engine)
    visit(site.engine, name, [record("a")])
    sent = {"fields": {"title": {"en": "Mine"}}}
    site.client.request("PATCH", "/api/v1/datasets/title-a", json=sent, headers=site.headers("write"))
    run = visit(site.engine, name, [record("a", "Theirs")]).id
    page = site.client.get(f"/source/roads/runs/{run}?lang=en", headers={"Accept": "text/html"}).text
    assert "1 conflict" in page and f"/api/v1/runs/{run}/conflicts" in page and f"mulu run undo {run}" in page
    dataset = site.client.get("/dataset/title-a?lang=en", headers={"Accept": "text/html"}).text
    assert "Changed by people" in dataset and "Theirs" in dataset and "token:write" in dataset and "title" in dataset


def test_the_commands(shell: Shell) -> None:  # noqa: F811
    described = [body(f"d{n}") for n in range(10)]
    with Folder({"/data.json": json.dumps({"dataset": described})}) as folder:
        add(shell, folder, "roads", "--organization", "transport")
        shell.json("harvest", "roads")
        folder.answers["/data.json"] = json.dumps({"dataset": described[:4]})
        assert shell.json("harvest", "roads", status=1)["state"] == "held"
        assert shell.json("run", "vanished", "2")["total"] == 6
        assert "d9" in shell("run", "vanished", "2")
        assert shell.json("run", "refuse", "2", "--note", "wait")["decision"]["note"] == "wait"
        assert "does not wait" in shell.refused("run", "accept", "2")
        assert shell.json("harvest", "roads", status=1)["state"] == "held"
        assert "6 datasets are retired" in shell("run", "accept", "3")
        assert shell.json("search")["total"] == 4
        undone = shell.json("run", "undo", "3")
        assert (undone["undone"]["restored"], undone["decision"]["by"]) == (6, "operator")
        assert shell.json("search")["total"] == 10
        told = shell("run", "undo", "1")  # of which six were touched since
        assert "4 retired" in told and "6 skipped" in told and "changed since" in told
        assert shell.json("search")["total"] == 6
        assert shell.json("source", "clear", "roads")["retired"] == 6
        assert "0 datasets" in shell("source", "clear", "roads")
        shell.refused("run", "undo", "99")
        shell.refused("source", "clear", "nope")


def test_the_commands_for_copies(shell: Shell) -> None:  # noqa: F811
    with Folder({"/data.json": json.dumps({"dataset": [body("a"), body("b")]})}) as folder:
        add(shell, folder)
        shell.json("harvest", "roads")
    linked = shell.json("dataset", "link", "title-a", "title-b")
    assert (linked["copy_of"]["name"], linked["copy_of"]["rule"]) == ("title-b", "person")
    assert [one["name"] for one in shell.json("dataset", "show", "title-b")["copies"]] == ["title-a"]
    assert "title-b (person)" in shell("dataset", "show", "title-a")
    assert shell.json("dataset", "unlink", "title-a")["decided_by_person"]
    assert not shell.json("dataset", "unlink", "title-a", "--rules")["decided_by_person"]
    shell.refused("dataset", "link", "title-a", "title-a")
    shell.refused("dataset", "link", "nope", "title-a")
    shell.refused("dataset", "unlink", "title-a", "--rules")
