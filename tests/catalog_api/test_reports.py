"""Reports of runs, record by record: all of it, paged and as a table; raw failures for the source's owner only."""

import csv
import io
from typing import Any

import pytest

from catalog_api.reports import report_key
from metadata import database, sources, store
from tests.catalog_api.conftest import Site
from tests.harvests import new_source, record, unreadable, visit

MANY = 120
FILE = [{"@type": "dcat:Distribution", "downloadURL": "https://x.example/bus.csv", "mediaType": "text/csv"}]


def report(site: Site, run: int, who: str = "admin", **asked: Any) -> dict[str, Any]:
    answer = site.client.get(f"/api/v1/runs/{run}/records", params=asked, headers=site.headers(who))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def identifiers(site: Site, run: int, **asked: Any) -> list[str]:
    return [one["identifier"] for one in report(site, run, **asked)["items"]]


def table(site: Site, run: int, who: str = "admin", **asked: Any) -> list[dict[str, str]]:
    answer = site.client.get(f"/api/v1/runs/{run}/report.csv", params=asked, headers=site.headers(who))
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv"), answer.text
    assert f'filename="run-{run}.csv"' in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_all_failures_are_told_page_by_page(any_site: Site) -> None:
    site = any_site
    new_source(site.engine)
    run = visit(site.engine, "roads", [*(unreadable(f"f{n:03}") for n in range(MANY)), record("a")], batch=50).id or 0
    first = report(site, run, state="failed", limit=100)
    assert first["total"] == MANY and len(first["items"]) == 100
    rest = report(site, run, state="failed", limit=100, after=first["next"])
    assert rest["next"] is None
    met = [one["identifier"] for one in (*first["items"], *rest["items"])]
    assert met == [f"f{n:03}" for n in range(MANY)]
    for one in first["items"]:
        assert one["state"] == "failed" and one["record"] and one["findings"] and one["dataset"] is None
        assert {"rule", "severity", "path", "message", "fix"} <= one["findings"][0].keys()


def test_each_state_has_its_lines(any_site: Site) -> None:
    site = any_site
    new_source(site.engine, retire_limit=1.0)
    old = record("old", "The same", distribution=FILE)
    new = record("new", "The same", description="About old.", distribution=FILE)
    visit(site.engine, "roads", [record("a"), record("b"), record("c"), old, record("e")])
    second = visit(
        site.engine,
        "roads",
        [
            record("a", "Another title"),
            record("b"),
            new,
            record("f", modified="yesterday"),
            unreadable("x"),
        ],
        accept_retire=True,
    )
    run = second.id or 0
    assert (second.renamed, second.retired, second.failed) == (1, 2, 1), second
    assert identifiers(site, run, state="updated")[:1] == ["a"]
    assert identifiers(site, run, state="added") == ["f"]
    assert identifiers(site, run, state="renamed") == ["new"]
    retired = report(site, run, state="retired")
    assert sorted(one["dataset"] for one in retired["items"]) == ["title-c", "title-e"] and retired["total"] == 2
    assert "f" in identifiers(site, run, state="warned") and "x" in identifiers(site, run, state="warned")
    assert identifiers(site, run, state="read") == ["a", "b", "f", "new"]
    assert identifiers(site, run) == ["a", "b", "f", "new", "x"]
    page = site.client.get(f"/source/roads/runs/{run}", headers=site.headers())
    assert page.status_code == 200 and "report.csv" in page.text and "state=retired" in page.text
    for state, word in (("failed", "x"), ("added", "Title f"), ("retired", "title-c"), ("nonsense", "x")):
        shown = site.client.get(f"/source/roads/runs/{run}?state={state}", headers=site.headers())
        assert shown.status_code == 200 and word in shown.text
    third = visit(site.engine, "roads", [record("a", "Another title"), record("b"), record("f"), new])
    assert third.state == "done"
    assert identifiers(site, run, state="added") == ["f"]  # the log keeps it, though a later run has met the record
    assert report(site, run, state="failed")["items"] == [] or identifiers(site, run, state="failed") == ["x"]


def test_the_table_has_one_row_a_finding_and_no_formula(any_site: Site) -> None:
    site = any_site
    new_source(site.engine)
    danger = record("=cmd()", "=HYPERLINK(1)", modified="@yesterday", license="not a link")
    run = visit(site.engine, "roads", [danger, *(unreadable(f"f{n}") for n in range(7)), record("good")]).id or 0
    rows = table(site, run)
    assert {row["identifier"] for row in rows if row["state"] == "failed"} == {f"f{n}" for n in range(7)}
    assert [row["identifier"] for row in rows if row["state"] == "added"].count("good") == 1
    warned = [row for row in rows if row["state"] == "warned" and row["identifier"] == "'=cmd()"]
    findings = next(one for one in report(site, run, state="warned")["items"] if one["identifier"] == "=cmd()")["findings"]
    assert len(warned) == len(findings) >= 1 and all(row["rule"] and row["message"] for row in warned)
    assert all(not value.startswith(("=", "+", "@")) for row in rows for value in row.values())
    assert {row["state"] for row in table(site, run, state="failed")} == {"failed"}
    assert table(site, run, language="zh") != table(site, run, language="en")


def test_a_table_is_sent_while_it_is_read(site: Site) -> None:
    new_source(site.engine)
    run = visit(site.engine, "roads", [unreadable(f"f{n:04}") for n in range(1200)], batch=400).id or 0
    rows = table(site, run, state="failed")
    assert len({row["identifier"] for row in rows}) == 1200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/runs/99/records", 404),
        ("/api/v1/runs/1/records?state=nope", 400),
        ("/api/v1/runs/1/records?state=added&after=x", 400),
        ("/api/v1/runs/1/records?limit=0", 422),
        ("/api/v1/runs/1/records?key=wrong", 403),
        ("/api/v1/runs/1/report.csv?state=nope", 400),
        ("/api/v1/runs/99/report.csv", 404),
        ("/api/v1/runs/1/report.csv?key=wrong", 403),
        ("/source/roads/runs/1?key=wrong", 403),
    ],
)
def test_wrong_questions_are_told(site: Site, path: str, status: int) -> None:
    new_source(site.engine)
    visit(site.engine, "roads", [record("a")])
    assert site.client.get(path).status_code == status
    assert site.client.get("/source/roads/runs/1?state=added&after=made-up").status_code == 200


RAW = "kept from strangers"


@pytest.fixture
def guarded(any_site: Site) -> Site:
    """A source of the department `transport`: one record failed, one was withheld, one is published."""
    site = any_site
    new_source(site.engine, admits="valid")
    failed = unreadable("failed")
    failed.body["note"] = RAW
    flawed = record("flawed", "Flawed title", note=RAW)
    del flawed.body["description"]
    visit(site.engine, "roads", [failed, flawed, record("good")])
    return site


def ids(site: Site) -> dict[str, str]:
    with database.reading(site.engine) as session:
        rows = sources.records(session, sources.source(session, "roads").id)
        return {row.identifier: row.id for row in rows}


def test_strangers_see_the_summary_and_no_raw_failures(guarded: Site) -> None:
    site, known = guarded, ids(guarded)
    run = site.client.get("/api/v1/runs/1").json()
    assert (run["received"], run["failed"]) == (3, 1) and run["findings_by_rule"]  # the summary is public
    with database.reading(site.engine) as session:
        assert store.count(session, state="withheld") == 1
    for who in ("nobody", "other", "harvest"):
        seen = []
        failed = site.client.get(f"/api/v1/records/{known['failed']}", headers=site.headers(who))
        assert failed.status_code == 200 and failed.json()["raw"] is None and failed.json()["raw_hidden"]
        assert failed.json()["findings"]
        assert site.client.get(f"/api/v1/records/{known['flawed']}", headers=site.headers(who)).status_code == 404
        assert site.client.get(f"/record/{known['flawed']}", headers=site.headers(who)).status_code == 404
        for path in (
            f"/record/{known['failed']}", "/api/v1/runs/1/records?limit=100", "/api/v1/runs/1/records?state=withheld",
            "/api/v1/runs/1/report.csv", "/source/roads/runs/1", "/source/roads/runs/1?state=withheld", "/source/roads/records",
        ):  # fmt: skip
            answer = site.client.get(path, headers=site.headers(who))
            assert answer.status_code == 200, path
            seen.append(answer.text)
        assert not any(RAW in text or "Flawed title" in text or "flawed-title" in text for text in seen), who
        assert "failed" in identifiers(site, 1, who=who) and "flawed" not in identifiers(site, 1, who=who)


def test_the_owner_sees_its_own_in_full_and_nothing_of_others(guarded: Site) -> None:
    site, known = guarded, ids(guarded)
    for who in ("department", "admin"):
        assert RAW in site.client.get(f"/api/v1/records/{known['failed']}", headers=site.headers(who)).text
        withheld = site.client.get(f"/api/v1/records/{known['flawed']}", headers=site.headers(who)).json()
        assert withheld["raw"]["note"] == RAW and withheld["became"]["title"] and withheld["findings"]
        assert RAW in site.client.get(f"/record/{known['failed']}", headers=site.headers(who)).text
        assert identifiers(site, 1, who=who) == ["failed", "flawed", "good"]
        assert {"failed", "flawed"} <= {row["identifier"] for row in table(site, 1, who=who)}
        assert "Flawed title" in site.client.get("/source/roads/runs/1?state=withheld", headers=site.headers(who)).text
    new_source(site.engine, "clinics", organization="health")
    other = visit(site.engine, "clinics", [unreadable("theirs")]).id or 0
    (theirs,) = report(site, other, who="department")["items"]
    assert site.client.get(f"/api/v1/records/{theirs['record']}", headers=site.headers("department")).json()["raw"] is None


def test_the_key_of_a_mail_opens_one_sources_reports(guarded: Site) -> None:
    site, known = guarded, ids(guarded)
    with database.reading(site.engine) as session:
        opened = report_key(site.settings, sources.source(session, "roads"))
    page = site.client.get(f"/source/roads/runs/1?key={opened}")
    assert page.status_code == 200 and f"/record/{known['failed']}?key=" in page.text
    assert RAW in site.client.get(f"/record/{known['failed']}?key={opened}").text
    assert site.client.get(f"/api/v1/records/{known['flawed']}?key={opened}").json()["raw"]["note"] == RAW
    assert {row["identifier"] for row in table(site, 1, who="nobody", key=opened)} == {"failed", "flawed", "good"}
    new_source(site.engine, "clinics", organization="health")
    other = visit(site.engine, "clinics", [unreadable("theirs")]).id or 0
    (theirs,) = report(site, other, who="nobody")["items"]
    for path in (f"/api/v1/records/{theirs['record']}", f"/source/clinics/runs/{other}", f"/api/v1/runs/{other}/records"):
        assert site.client.get(f"{path}?key={opened}").status_code == 403
    new_source(site.engine, "roads", notify={"mail": ["successor@city.example"]})
    assert site.client.get(f"/source/roads/runs/1?key={opened}").status_code == 403  # who hears of it now is someone else
