"""Secrets of sources: sealed at rest, opened for their own run only, never shown again, kept by `***`; wrong keys are told."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from catalog_api import harvesting
from catalog_api.access import MASK, access_of, scrubbed, sealed, settings_of
from catalog_api.harvesting import Harvesting
from catalog_api.sealing import is_sealed, seal, unseal
from catalog_api.settings import Settings
from metadata import database, sources
from metadata.errors import Invalid
from metadata.tables import Run, Source
from tests.catalog_api.conftest import Site, settings_for
from tests.harvests import body
from tests.hostile.server import Handler, Hostile, redirects, says
from tests.live import environment_of, mulu

SECRET, TOKEN = "correct-horse-battery", "ckan-api-token-123456"
LISTING = json.dumps({"dataset": [body(f"d{n}") for n in range(3)]}).encode()
READ_PATHS = (
    "/api/v1/sources", "/api/v1/sources/roads", "/api/v1/sources/roads/runs", "/api/v1/runs", "/api/v1/runs/1",
    "/api/v1/health/sources", "/api/v1/runs/1/records", "/api/v1/runs/1/report.csv", "/api/v1/changes", "/api/v1/findings",
    "/api/v1/sources/roads/records", "/source", "/source/roads", "/source/roads/runs/1", "/health/sources", "/metrics",
    "/data.json", "/api/3/action/organization_show?id=transport", "/api/v1/openapi.json",
)  # fmt: skip


def guarded(handler: Handler) -> None:
    """Answers only who knows the secret."""
    fits = handler.headers.get("X-Key") == SECRET
    says(LISTING if fits else b"who are you?", 200 if fits else 401)(handler)


@pytest.fixture
def department() -> Iterator[Hostile]:
    with Hostile({"/data.json": guarded}) as server:
        yield server


def given(server: Hostile, **more: Any) -> dict[str, Any]:
    entered = {"kind": "api_key", "name": "X-Key", "key": SECRET}
    url = f"{server.url}/data.json"
    return {"url": url, "protocol": "dcat_us", "internal": True, "organization": "transport", "access": entered, **more}


def put(site: Site, sent: dict[str, Any], name: str = "roads") -> dict[str, Any]:
    answer = site.client.put(f"/api/v1/sources/{name}", json=sent, headers=site.headers())
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def harvested(site: Site, name: str = "roads", settings: Settings | None = None) -> Run:
    with database.writing(site.engine) as session:
        run = harvesting.start(session, sources.source(session, name))
        session.commit()
    return Harvesting(site.engine, settings or site.settings, run.id or 0).perform()


def stored(site: Site, name: str = "roads") -> Source:
    with database.reading(site.engine) as session:
        return session.exec(select(Source).where(Source.name == name)).one()


def test_a_secret_is_sealed_used_and_shown_nowhere(
    any_site: Site, department: Hostile, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site = any_site
    ckan = {**given(department), "protocol": "ckan", "settings": {"token": TOKEN, "page_size": 10}}
    seen = [json.dumps(put(site, given(department))), json.dumps(put(site, ckan, "portal"))]
    assert put(site, given(department))["access"] == {"kind": "api_key", "name": "X-Key", "key": MASK}
    assert harvested(site).state == "done"
    assert is_sealed(stored(site).access["key"]) and is_sealed(stored(site, "portal").settings["token"])
    for who in ("nobody", "department", "write", "admin"):
        for path in READ_PATHS:
            answer = site.client.get(path, headers=site.headers(who))
            assert answer.status_code in (200, 404), (path, answer.status_code)
            seen.append(answer.text)
    assert site.client.get("/api/v1/sources/portal", headers=site.headers("write")).json()["settings"] == {
        "token": MASK, "page_size": 10,
    }  # fmt: skip
    for who in ("nobody", "department", "harvest"):
        assert (
            not {"access", "settings", "notify"}
            & site.client.get("/api/v1/sources/roads", headers=site.headers(who)).json().keys()
        )
    out, err = capfd.readouterr()
    for text in (*seen, out, err):
        assert SECRET not in text and TOKEN not in text
    for file in (one for one in tmp_path.rglob("*") if one.is_file()):  # the database's own files, when it is SQLite
        content = file.read_bytes()
        assert SECRET.encode() not in content and TOKEN.encode() not in content, file
    with site.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT access, settings FROM source").fetchall()
    assert SECRET not in str(rows) and TOKEN not in str(rows) and "sealed" in str(rows)


def test_a_secret_is_not_in_an_error_even_when_the_source_repeats_it(site: Site) -> None:
    def echoes(handler: Handler) -> None:
        said = handler.headers.get("X-Key", "")
        says(f"<html>{said}</html>".encode(), 302, {"Location": f"ftp://x.example/{said}"})(handler)

    with Hostile({"/data.json": echoes}) as server:
        put(site, given(server))
        run = harvested(site)
    assert run.state == "failed" and SECRET not in run.message
    assert scrubbed(site.settings, stored(site), f"so {SECRET}!") == f"so {MASK}!"


def test_a_source_behind_oauth_is_harvested_with_a_token(any_site: Site) -> None:
    site = any_site

    def lets_in(handler: Handler) -> None:
        fits = handler.headers.get("Authorization") == "Bearer t-1"
        says(LISTING if fits else b"no", 200 if fits else 401)(handler)

    with Hostile({"/data.json": lets_in, "/token": says(b'{"access_token": "t-1", "expires_in": 60}')}) as server:
        entered = {"kind": "oauth2", "token_url": f"{server.url}/token", "client_id": "mulu", "client_secret": SECRET}
        shown = put(site, given(server, access=entered))
        assert shown["access"] == {**entered, "client_secret": MASK}
        assert harvested(site).state == "done"
        server.server.behaviours["/token"] = says(b'{"error": "invalid_client"}', 401)
        refused = harvested(site)
    assert refused.state == "failed" and "invalid_client" in refused.message and SECRET not in refused.message


@pytest.mark.parametrize(
    "behaviour",
    [
        redirects("ftp://elsewhere.example/"),
        redirects("/data.json"),
        says(b"down", 500),
        says(b"no", 403),
        says(b"<html>who?</html>"),
        says(b'{"dataset": ['),
    ],
    ids=["refused", "circle", "500", "403", "html", "cut"],
)
def test_a_key_in_the_query_is_in_no_report(site: Site, behaviour: Any) -> None:
    def echoes(handler: Handler) -> None:
        handler.server.asked.append((handler.path, {}))
        behaviour(handler)

    with Hostile({"/data.json": echoes}) as server:
        put(site, given(server, access={"kind": "api_key", "name": "pass", "place": "query", "key": SECRET}))
        ended = harvested(site)
        assert SECRET in str(server.asked)
    assert ended.state == "failed" and ended.message and SECRET not in ended.message
    assert SECRET not in site.client.get("/api/v1/runs", headers=site.headers()).text


def test_a_secret_does_not_follow_a_redirect_to_another_site(site: Site) -> None:
    with (
        Hostile({"/data.json": says(LISTING)}) as other,
        Hostile({"/data.json": redirects(f"{other.url}/data.json")}) as server,
    ):
        put(site, given(server))
        assert harvested(site).state == "done"
        assert SECRET in str(server.asked) and SECRET not in str(other.asked) and other.asked


def test_three_stars_keep_a_secret_while_it_goes_to_the_same_site(site: Site, department: Hostile) -> None:
    shown = put(site, given(department))
    sent = given(department, retire_limit=0.5, access=shown["access"])
    assert put(site, sent)["access"]["key"] == MASK and harvested(site).state == "done"
    changed = site.client.request("PATCH", "/api/v1/sources/roads", json={"priority": 5}, headers=site.headers())
    assert (changed.status_code, changed.json()["priority"], changed.json()["retire_limit"]) == (200, 5, 0.5)
    assert harvested(site).state == "done"
    with Hostile({"/data.json": says(LISTING)}) as thief:
        for method in ("PUT", "PATCH"):
            moved = {**sent, "url": f"{thief.url}/data.json"}
            answer = site.client.request(
                method,
                "/api/v1/sources/roads",
                json=moved if method == "PUT" else {"url": moved["url"]},
                headers=site.headers(),
            )
            assert (answer.status_code, answer.json()["place"]) == (400, "access.key")
            assert "anew" in answer.json()["remedy"]
        moved["access"] = {**shown["access"], "key": "another"}
        put(site, moved)
        assert harvested(site).state == "done"
        assert SECRET not in str(thief.asked) and "another" in str(thief.asked)
    assert put(site, given(department, access={}))["access"] == {} and harvested(site).state == "failed"


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"access": {"kind": "api_key", "key": MASK}}, "access.key"),
        ({"protocol": "ckan", "settings": {"token": MASK}}, "settings.token"),
        ({"access": {"kind": "nope"}}, "access.kind"),
        ({"access": {"kind": "basic", "username": "x", "password": f"{SECRET}\n"}}, "access.password"),
        ({"access": {"kind": "api_key", "key": {"sealed": "v1.AAAA"}}}, "access.key"),
        ({"protocol": "ckan", "settings": {"token": {"sealed": "v1.AAAA"}}}, "settings.token"),
        ({"protocol": "ckan", "settings": {"token": [SECRET]}}, "settings.token"),
        ({"protocol": "folder", "url": "/tmp", "access": {"kind": "api_key", "key": SECRET}}, "access"),
    ],
)
def test_what_cannot_be_sealed_is_refused_by_its_place(
    site: Site, department: Hostile, sent: dict[str, Any], place: str
) -> None:
    answer = site.client.put("/api/v1/sources/fresh", json={**given(department, access={}), **sent}, headers=site.headers())
    assert (answer.status_code, answer.json()["place"]) == (400, place), answer.text
    assert SECRET not in answer.text
    assert site.client.get("/api/v1/sources/fresh").status_code == 404


def test_a_token_goes_no_further_when_its_issuer_changes(site: Site, department: Hostile) -> None:
    entered = {"kind": "oauth2", "token_url": f"{department.url}/token", "client_id": "m", "client_secret": SECRET}
    put(site, given(department, access=entered))
    away = {"access": {"token_url": "https://thief.example/token"}}
    answer = site.client.request("PATCH", "/api/v1/sources/roads", json=away, headers=site.headers())
    assert (answer.status_code, answer.json()["place"]) == (400, "access.client_secret")
    near = {"access": {"token_url": f"{department.url}/oauth/token", "scope": "read"}}
    kept = site.client.request("PATCH", "/api/v1/sources/roads", json=near, headers=site.headers())
    assert kept.status_code == 200 and kept.json()["access"]["scope"] == "read"
    assert settings_of(site.settings, stored(site)) == {}
    assert SECRET in json.dumps(access_of(site.settings, stored(site)).model_dump())  # type: ignore[union-attr]


def test_another_secret_key_is_one_clear_error(site: Site, department: Hostile) -> None:
    put(site, given(department))
    other = Settings(data_dir=site.settings.data_dir, secret_key="another key altogether", _env_file=None)  # type: ignore[call-arg]
    run = harvested(site, settings=other)
    assert run.state == "failed" and "roads" in run.message and "MULU_SECRET_KEY" in run.message and "key" in run.message
    assert SECRET not in run.message
    assert site.client.get("/api/v1/sources/roads", headers=site.headers()).json()["access"]["key"] == MASK
    assert harvested(site).state == "done"


def test_a_plain_secret_of_an_earlier_version_works_and_is_sealed_when_saved(site: Site, department: Hostile) -> None:
    put(site, {**given(department, access={}), "protocol": "ckan", "settings": {"token": TOKEN}})
    with database.writing(site.engine) as session:
        row = sources.source(session, "roads")
        row.settings = {"token": TOKEN, "page_size": 7}
        session.add(row)
        session.commit()
    assert settings_of(site.settings, stored(site)) == {"token": TOKEN, "page_size": 7}
    assert site.client.get("/api/v1/sources/roads", headers=site.headers()).json()["settings"] == {
        "token": MASK,
        "page_size": 7,
    }
    site.client.request("PATCH", "/api/v1/sources/roads", json={"priority": 1}, headers=site.headers())
    assert is_sealed(stored(site).settings["token"])
    assert settings_of(site.settings, stored(site)) == {"token": TOKEN, "page_size": 7}


def test_what_is_sealed_opens_in_its_place_only() -> None:
    one = seal("key", "source roads: access.key", "secret ☃ \ud800")
    assert unseal("key", "source roads: access.key", one) == "secret ☃ \ud800"
    assert seal("key", "source roads: access.key", "x") != seal("key", "source roads: access.key", "x")
    for key, place, value in (
        ("other", "source roads: access.key", one),
        ("key", "source health: access.key", one),
        ("key", "source roads: access.key", {"sealed": one["sealed"][:-4] + "AAAA"}),
        ("key", "source roads: access.key", {"sealed": "v1.!"}),
        ("key", "source roads: access.key", {"sealed": ""}),
    ):
        with pytest.raises(Invalid) as told:
            unseal(key, place, value)
        assert told.value.place == place
    assert sealed("key", "roads", "settings", "ckan", {"token": "", "q": "x"}) == {"token": "", "q": "x"}


def run_mulu(folder: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    process = mulu(*words, environment=environment_of(folder / "data"), cwd=folder)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def test_secrets_by_command_are_read_from_a_file_and_printed_masked(tmp_path: Path, department: Hostile) -> None:
    (tmp_path / "key").write_text(f"{SECRET}\n")
    added = run_mulu(
        tmp_path, "source", "add", "roads", f"{department.url}/data.json", "--protocol", "dcat_us", "--set", "internal=true",
        "--access", "kind=api_key", "--access", "name=X-Key", "--access", "key=@key", "--set", "timezone=Asia/Shanghai",
        "--set", "blackout=mon-fri 08:00-18:00; sat 09:00-12:00", "--set", "schedule=0 3 * * *", "--json",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    shown = json.loads(added.stdout)
    assert shown["access"] == {"kind": "api_key", "name": "X-Key", "key": MASK}
    assert shown["blackout"] == ["mon-fri 08:00-18:00", "sat 09:00-12:00"] and shown["next_run"].endswith("T19:00:00.000000Z")
    harvested = run_mulu(tmp_path, "harvest", "roads", "--json")
    assert harvested.returncode == 0 and json.loads(harvested.stdout)["received"] == 3
    changed = run_mulu(tmp_path, "source", "set", "roads", "--set", "jitter=30", "--set", "schedule=", "--json")
    assert changed.returncode == 0, changed.stderr
    assert json.loads(changed.stdout)["jitter"] == 30 and json.loads(changed.stdout)["schedule"] is None
    wrong = run_mulu(tmp_path, "source", "set", "roads", "--set", "timezone=Mars")
    assert wrong.returncode == 2 and "timezone" in wrong.stderr and "Mars" in wrong.stderr
    wrong_key = {**environment_of(tmp_path / "data"), "MULU_SECRET_KEY": "other"}
    process = mulu("harvest", "roads", "--json", environment=wrong_key, cwd=tmp_path)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1 and "another secret key" in json.loads(out)["message"]
    listed = run_mulu(tmp_path, "source", "list", "--json").stdout + run_mulu(tmp_path, "source", "show", "roads").stdout
    for text in (added.stdout, harvested.stdout, changed.stdout, changed.stderr, wrong.stderr, out, err, listed):
        assert SECRET not in text
    for root, _, files in os.walk(tmp_path / "data"):
        for file in files:
            assert SECRET.encode() not in (Path(root) / file).read_bytes(), file


def test_settings_for_is_a_key_of_its_own(tmp_path: Path) -> None:
    """Each catalogue makes a key of its own, kept in its data folder and readable by its owner only."""
    first, second = settings_for(tmp_path / "a"), settings_for(tmp_path / "b")
    assert first.key != second.key and (tmp_path / "a" / "secret_key").stat().st_mode & 0o077 == 0
