"""Sources by API: made, changed, shown, removed; what cannot be is refused, naming the field."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from metadata import database, sources
from tests.catalog_api.conftest import Site
from tests.harvests import new_source, record, visit

GOOD: dict[str, Any] = {"url": "https://x.example/data.json", "protocol": "dcat_us"}


def test_a_source_is_made_changed_shown_and_removed(any_site: Site) -> None:
    site = any_site
    sent = {
        **GOOD,
        "organization": "transport",
        "settings": {"batch_size": 5},
        "schedule": "0 3 * * *",
        "admits": "valid",
        "retire_limit": 0.5,
    }
    made = site.client.put("/api/v1/sources/roads", json=sent, headers=site.headers("write"))
    assert made.status_code == 200, made.text
    shown = made.json()
    assert {key: shown[key] for key in sent} == sent and shown["next_run"].endswith("T03:00:00.000000Z")
    assert "settings" not in site.client.get("/api/v1/sources/roads").json()
    again = site.client.put("/api/v1/sources/roads", json=GOOD, headers=site.headers("write")).json()
    assert (again["id"], again["schedule"], again["next_run"], again["admits"], again["organization"]) == (
        shown["id"],
        None,
        None,
        "readable",
        None,
    )
    visit(site.engine, "roads", [record("a"), record("b")])
    seen = site.client.get("/api/v1/sources/roads").json()
    assert (seen["datasets"], seen["last_run"]["state"], seen["last_run"]["received"]) == (2, "done", 2)
    assert [one["name"] for one in site.client.get("/api/v1/sources").json()["items"]] == ["roads"]
    assert site.client.delete("/api/v1/sources/roads", headers=site.headers("write")).status_code == 204
    assert site.client.get("/api/v1/sources/roads").status_code == 404
    assert site.client.get("/api/v1/datasets/title-a").status_code == 410
    (line,) = [one for one in site.client.get("/api/v1/datasets/title-a/changes").json()["items"] if one["action"] == "retired"]
    assert line["actor"] == "token:write"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"protocol": "nope"}, "protocol"),
        ({"protocol": "registered"}, "protocol"),
        ({"standard": "nope"}, "standard"),
        ({"organization": "nope"}, "organization"),
        ({"settings": {"nope": 1}}, "nope"),
        ({"settings": {"batch_size": 0}}, "batch_size"),
        ({"settings": {"batch_size": "\ud800"}}, "batch_size"),
        ({"admits": "all"}, "admits"),
        ({"retire_limit": 2}, "retire_limit"),
        ({"retire_limit": "x"}, "retire_limit"),
        ({"schedule": "daily"}, "schedule"),
        ({"schedule": "0 0 30 2 *"}, "schedule"),
        ({"url": "not a url"}, "address"),
        ({"url": "ftp://x.example"}, "ftp"),
        ({"url": "x" * 4001}, "url"),
        ({"url": ""}, "address"),
        ({"url": None}, "url"),
        ({"settings": []}, "settings"),
        ({"internal": "perhaps"}, "internal"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"jitter": -1}, "jitter"),
        ({"jitter": 1441}, "jitter"),
        ({"blackout": ["8-18"]}, "blackout"),
        ({"blackout": ["00:00-24:00"]}, "no time"),
        ({"blackout": ["01:00-02:00"] * 21}, "blackout"),
        ({"blackout": "08:00-18:00"}, "blackout"),
        ({"priority": 1001}, "priority"),
        ({"pause": -1}, "pause"),
        ({"pause": "NaN"}, "pause"),
        ({"volatile": "modified"}, "volatile"),
        ({"access": []}, "access"),
        ({"access": {"kind": "password"}}, "access.kind"),
        ({"notify": {"when": "sometimes"}}, "when"),
    ],
)
def test_what_cannot_be_a_source_is_refused(site: Site, given: dict[str, Any], says: str) -> None:
    sent = json.dumps({**GOOD, **given})
    answer = site.client.put("/api/v1/sources/s1", content=sent, headers={**site.headers(), "Content-Type": "application/json"})
    assert answer.status_code in (400, 404, 422) and says in answer.text.lower(), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert site.client.get("/api/v1/sources/s1").status_code == 404


def test_a_source_has_its_times(any_site: Site) -> None:
    site = any_site
    times = {
        "schedule": "30 2 * * *",
        "timezone": "Asia/Shanghai",
        "jitter": 20,
        "blackout": ["mon-fri 08:00-18:00"],
        "priority": 3,
        "pause": 0.5,
        "volatile": ["modified"],
    }
    shown = site.client.put("/api/v1/sources/roads", json={**GOOD, **times}, headers=site.headers("write")).json()
    assert {name: shown[name] for name in times} == times
    due = shown["next_run"][11:16]
    assert "18:30" <= due <= "18:50"  # 2:30 in Shanghai, and up to twenty minutes
    changed = site.client.request("PATCH", "/api/v1/sources/roads", json={"jitter": 0}, headers=site.headers("write")).json()
    assert changed["next_run"][11:16] == "18:30" and changed["blackout"] == times["blackout"]
    page = site.client.get("/source/roads?lang=en").text
    assert "30 2 * * *" in page and "Asia/Shanghai" in page and "mon-fri 08:00-18:00" in page


@pytest.mark.parametrize(
    ("body", "status"),
    [({"jitter": -1}, 422), ({"schedule": "daily"}, 400), ({"nope": 1}, 400), ({"internal": True}, 403), ([], 422), ({}, 200)],
)
def test_a_change_is_checked_as_the_whole_is(site: Site, body: Any, status: int) -> None:
    site.client.put("/api/v1/sources/roads", json=GOOD, headers=site.headers("write"))
    answer = site.client.request("PATCH", "/api/v1/sources/roads", json=body, headers=site.headers("write"))
    assert answer.status_code == status, answer.text
    assert site.client.request("PATCH", "/api/v1/sources/none", json={}, headers=site.headers("write")).status_code == 404
    assert site.client.request("PATCH", "/api/v1/sources/roads", json={}).status_code == 401
    assert site.client.request("PATCH", "/api/v1/sources/roads", json={}, headers=site.headers("harvest")).status_code == 403


def test_a_run_that_is_asked_for_in_a_blackout_says_until_when_it_waits(site: Site) -> None:
    now = datetime.now(UTC)
    window = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    site.client.put("/api/v1/sources/roads", json={**GOOD, "blackout": [window]}, headers=site.headers("write"))
    asked = site.client.post("/api/v1/sources/roads/runs", headers=site.headers("write"))
    assert asked.status_code == 202 and asked.json()["state"] == "queued"
    assert f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}" in asked.json()["message"] and "blackout" in asked.json()["message"]


@pytest.mark.parametrize("name", ["S1", "a b", "公交", "a%2Fb", "x", "a" * 101, "%00"])
def test_a_name_that_is_no_word_is_refused(site: Site, name: str) -> None:
    answer = site.client.put(f"/api/v1/sources/{name}", json=GOOD, headers=site.headers())
    assert answer.status_code in (400, 404), answer.text


def test_a_source_being_harvested_is_not_asked_or_removed(site: Site) -> None:
    new_source(site.engine)
    first = site.client.post("/api/v1/sources/roads/runs", json={"accept_retire": True}, headers=site.headers("department"))
    assert first.status_code == 202
    with database.reading(site.engine) as session:
        assert sources.run(session, first.json()["run"]).accept_retire
    assert site.client.post("/api/v1/sources/roads/runs", headers=site.headers()).status_code == 409
    assert site.client.delete("/api/v1/sources/roads", headers=site.headers()).status_code == 409
