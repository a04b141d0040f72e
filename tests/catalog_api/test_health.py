"""How sources stand: the states, their order, the counts, as data, as a page and by command."""

import json
from pathlib import Path

import pytest

from catalog_api.health import settle, standings
from metadata import clock, database, departments, sources
from metadata.tables import Run
from tests.catalog_api.conftest import Site
from tests.catalog_api.test_access import run_mulu
from tests.harvests import new_source, record, unreadable, visit


def end(site: Site, name: str, state: str, message: str = "", **more: object) -> None:
    """A run of this source that ended so."""
    with database.writing(site.engine) as session:
        row = sources.source(session, name)
        moment = clock.now()
        run = Run(source_id=row.id, source=name, state=state, asked=moment, finished=moment, message=message, **more)
        session.add(run)
        session.flush()
        settle(session, row, run)
        session.commit()


@pytest.fixture
def sources_of_all_kinds(any_site: Site) -> Site:
    site = any_site
    late = {"schedule": "0 3 * * *", "next_run": "2020-01-01T00:00:00.000000Z"}
    for name, given in (("fine", {}), ("never", {}), ("late", late), ("held", {}), ("failing", {}), ("failing-more", {})):
        new_source(site.engine, name, **given)
    visit(site.engine, "fine", [record("a"), record("b"), unreadable("c")])
    for name in ("late", "held"):
        visit(site.engine, name, [record(f"{name}-{n}") for n in range(4)])
    visit(site.engine, "held", [record("held-0")])
    end(site, "failing", "done", total=9)
    end(site, "failing", "failed", "https://roads.example/data.json: it answered HTTP 500.")
    end(site, "failing", "cancelled")
    for _ in range(3):
        end(site, "failing-more", "failed", "no such host")
    return site


def test_those_in_trouble_come_first(sources_of_all_kinds: Site) -> None:
    site = sources_of_all_kinds
    with database.writing(site.engine) as session:
        sources.registered(session, departments.organization(session, "transport").name)  # is not harvested: not shown
        session.commit()
    answer = site.client.get("/api/v1/health/sources")
    assert answer.status_code == 200
    items = answer.json()["items"]
    shown = [(one["source"], one["state"], one["streak"], one["source_count"], one["catalogue_count"]) for one in items]
    assert shown == [
        ("failing-more", "failing", 3, None, 0),
        ("failing", "failing", 1, 9, 0),
        ("held", "held", 2, 4, 4),
        ("late", "late", 1, 4, 4),
        ("never", "never", 0, None, 0),
        ("fine", "fine", 1, 3, 2),
    ]
    failing = items[1]
    assert failing["failures"] == 1 and failing["last_good"] and "HTTP 500" in failing["why"]
    assert failing["last_state"] == "failed" and failing["next_run"] is None
    assert items[3]["next_run"] == "2020-01-01T00:00:00.000000Z" and "due" in items[3]["why"]


def test_an_incremental_run_does_not_say_how_much_a_source_has(site: Site) -> None:
    new_source(site.engine)
    visit(site.engine, "roads", [record("a"), record("b")])
    end(site, "roads", "done", partial=True, received=1, total=1)
    with database.reading(site.engine) as session:
        (one,) = standings(session)
    assert (one.state, one.streak, one.listed, one.published) == ("fine", 2, 2, 2)


@pytest.mark.parametrize(("tag", "words"), [("en", ["Failing", "Late", "Never harvested"]), ("zh", ["连续失败中", "已逾期"])])
def test_the_page_shows_them_in_that_order(sources_of_all_kinds: Site, tag: str, words: list[str]) -> None:
    page = sources_of_all_kinds.client.get(f"/health/sources?lang={tag}", headers={"Accept": "text/html"})
    assert page.status_code == 200 and all(word in page.text for word in words)
    places = [
        page.text.index(f'href="/source/{name}"') for name in ("failing-more", "failing", "held", "late", "never", "fine")
    ]
    assert places == sorted(places)
    assert "/health/sources" in sources_of_all_kinds.client.get("/source").text


def test_a_source_harvested_by_hand_is_forgiven(site: Site) -> None:
    new_source(site.engine, schedule="*/10 * * * *")
    for _ in range(6):
        end(site, "roads", "failed")
    before = site.client.get("/api/v1/sources/roads").json()
    assert before["failures"] == 6
    assert site.client.post("/api/v1/sources/roads/runs", headers=site.headers("harvest")).status_code == 202
    after = site.client.get("/api/v1/sources/roads").json()
    assert after["failures"] == 0 and after["next_run"] < before["next_run"]


def test_the_command_tells_and_its_status_says_whether_to_look(tmp_path: Path) -> None:
    empty = run_mulu(tmp_path, "source", "health")
    assert empty.returncode == 0 and "no sources" in empty.stdout
    run_mulu(tmp_path, "source", "add", "roads", "http://127.0.0.1:9/data.json", "--protocol", "dcat_us")
    never = run_mulu(tmp_path, "source", "health", "--json")
    assert never.returncode == 0 and json.loads(never.stdout)["items"][0]["state"] == "never"
    run_mulu(tmp_path, "harvest", "roads")  # a private address: it fails
    failing = run_mulu(tmp_path, "source", "health")
    assert failing.returncode == 1 and "failing" in failing.stdout and "roads" in failing.stdout
