"""Visits and searches: counted in memory, written down now and then, told in figures and on the index."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog_api import statistics, visits
from catalog_api.app import create
from catalog_api.flusher import Flusher
from metadata import database, uses
from metadata import statistics as kept
from metadata.tables import SearchTally, Use
from tests.asking import asking
from tests.catalog_api.conftest import SITE, Site, opened
from tests.harvests import entry, new_source, record, visit


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    visits.take()
    statistics.take("x")


def filled(site: Site, *identifiers: str) -> dict[str, str]:
    """A few published datasets, in the index: identifier → id."""
    visit(site.engine, new_source(site.engine), [record(one) for one in identifiers])
    site.follow()
    return {one: found.id for one in identifiers if (found := entry(site.engine, "roads", one))}


def name_of(site: Site, identifier: str) -> str:
    found = entry(site.engine, "roads", identifier)
    assert found is not None
    return found.name


def test_every_door_to_a_dataset_counts(site: Site) -> None:
    ids = filled(site, "a", "b")
    name = name_of(site, "a")
    site.client.get(f"/dataset/{name}", headers={"Accept": "text/html"})
    site.client.get(f"/dataset/{name}.ttl")
    site.client.get(f"/api/v1/datasets/{name}")
    site.client.get(f"/api/3/action/package_show?id={name}")
    site.client.get("/dataset/nope")
    site.client.get(
        f"/dataset/{name}", headers={"Accept": "text/html", "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}
    )
    site.client.get("/api/v1/datasets?q=Title")
    assert visits.take() == {ids["a"]: 4}


@pytest.mark.parametrize(
    ("agent", "counted"),
    [
        (None, True),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36", True),
        ("curl/8.5", True),
        ("python-requests/2.32", True),
        ("Mozilla/5.0 (Macintosh) Cubot/1.0", False),
        ("bingbot/2.0", False),
        ("Baiduspider/2.0", False),
        ("some-crawler", False),
        ("Uptime-Kuma/1.23", False),
        ("x" * 100_000, True),
    ],
)
def test_robots_that_say_so_do_not_count(agent: str | None, counted: bool) -> None:
    visits.note("d", agent)
    assert visits.take() == ({"d": 1} if counted else {})


def test_what_is_counted_is_written_down_once(site: Site) -> None:
    ids = filled(site, "a")
    flusher = Flusher(site.engine, "secret")
    flusher.flush()
    with Session(site.engine) as session:
        assert session.exec(select(Use)).all() == []
    for _ in range(3):
        visits.note(ids["a"])
    statistics.note("公交", 0, 12.5)
    flusher.flush()
    flusher.flush()
    with Session(site.engine) as session:
        assert uses.uses(session, [ids["a"]]) == {ids["a"]: 3}
        assert kept.all_searches(session, uses.today()).searches == 1
        numbers = kept.numbers(session)
    assert numbers == {"search_seconds_bucket:0.025": 1, "search_seconds_sum": 0.0125, "searches_empty": 1}


def test_nothing_is_lost_while_the_database_is_away(site: Site, tmp_path: Path) -> None:
    engine = database.connect(f"sqlite:///{tmp_path}/empty.db")  # no tables there yet
    flusher = Flusher(engine, "secret")
    visits.note("d")
    flusher._attempt()
    visits.note("d")
    flusher._engine = site.engine
    flusher._attempt()
    flusher._attempt()
    engine.dispose()
    with Session(site.engine) as session:
        assert uses.uses(session, ["d"]) == {"d": 2}


def test_the_application_writes_down_the_rest_when_it_ends(tmp_path: Path, sqlite_url: str) -> None:
    for site in opened(tmp_path / "data", sqlite_url):
        ids = filled(site, "a")
        site.client.get(f"/api/v1/datasets/{name_of(site, 'a')}")
        assert any(thread.name == "flusher" for thread in threading.enumerate())
    assert not any(thread.name == "flusher" for thread in threading.enumerate())
    engine = database.connect(sqlite_url)
    with Session(engine) as session:
        assert uses.uses(session, list(ids.values())) == {ids["a"]: 1}
    engine.dispose()


def test_words_are_folded_and_what_may_be_personal_is_left_out() -> None:
    same = ("公共　交通", " 公共 交通", "公共 交通")
    assert {statistics.plain(one) for one in same} == {"公共 交通"}
    assert statistics.plain("ＧＢ/T 21063") == "gb/t 21063"
    assert statistics.plain("Bus  ROUTES") == "bus routes"
    assert len(statistics.plain("交" * 500) or "") == statistics.LONGEST
    for personal in (
        "",
        "   ",
        "zhang.san@example.cn",
        "张三 13800138000",
        "138 0013 8000",
        "+86-138-0013-8000",
        "11010119900307231X",
        "身份证110101199003072316",
        "tel (0571) 8765 4321",
    ):
        assert statistics.plain(personal) is None, personal
    for plain in ("2024-05-01", "20240501", "2020..2024 人口", "GB/T 21063.1", "COVID-19", "PM2.5 2023年5月", "330100"):
        assert statistics.plain(plain), plain


def test_words_that_nobody_may_read_are_counted_all_the_same() -> None:
    statistics.note("13800138000", 0, 3)
    statistics.note("", 5, 3)
    statistics.note("bus", 5, 600)
    statistics.note("BUS ", 0, 9000)
    asked, numbers = statistics.take("secret")
    assert {one.words: (one.searches, one.empty, one.slow, one.worst) for one in asked} == {
        None: (2, 1, 0, 3),
        "bus": (2, 1, 2, 9000),
    }
    assert next(one for one in asked if one.words is None).key == ""
    assert numbers["search_seconds_bucket:+Inf"] == 1 and numbers["search_seconds_bucket:1.0"] == 1
    statistics.note("bus", 0, 1)
    (again,), _ = statistics.take("another secret")
    assert again.key != next(one for one in asked if one.words == "bus").key and "bus" not in again.key


def test_memory_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MOST", 3)
    for number in range(10):
        statistics.note(f"words {number}", 1, 1)
    asked, _ = statistics.take("s")
    assert sum(one.searches for one in asked) == 10
    assert sorted(str(one.words) for one in asked) == ["None", "words 0", "words 1", "words 2"]


def test_many_threads_lose_nothing() -> None:
    def count() -> None:
        for number in range(2000):
            visits.note("d")
            statistics.note(f"w{number % 7}", number % 2, 1)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked, numbers = statistics.take("s")
    assert visits.take() == {"d": 8000}
    assert sum(one.searches for one in asked) == 8000 and numbers["searches_empty"] == 4000


def test_no_trace_of_a_visitor_is_stored(any_site: Site, tmp_path: Path) -> None:
    """The whole database after a visit, read as text: neither address nor agent nor words asked once."""
    site = any_site
    filled(site, "a")
    agent = "Mozilla/5.0 unmistakable-agent"
    site.client.get(f"/dataset/{name_of(site, 'a')}", headers={"Accept": "text/html", "User-Agent": agent})
    statistics.note("unmistakable words", 0, 1)
    Flusher(site.engine, "secret").flush()
    written = "".join(_everything(site.engine))
    assert "unmistakable" not in written and "127.0.0.1" not in written
    with Session(site.engine) as session:
        assert len(session.exec(select(SearchTally)).all()) == 1


def _everything(engine: Engine) -> list[str]:
    from sqlmodel import SQLModel

    with engine.connect() as connection:
        tables = [table for table in SQLModel.metadata.sorted_tables if table.name != "body"]
        return [str(row) for table in tables for row in connection.execute(table.select())]


def test_figures_over_the_api(site: Site) -> None:
    ids = filled(site, "a", "b")
    visits.note(ids["b"])
    visits.note(ids["b"])
    visits.note(ids["a"])
    for _ in range(3):
        statistics.note("没有的词", 0, 10)
        statistics.note("slow words", 5, 2000)
    Flusher(site.engine, "secret").flush()
    used = site.client.get("/api/v1/statistics/datasets").json()
    assert [(one["name"], one["use"]) for one in used["items"]] == [(name_of(site, "b"), 2), (name_of(site, "a"), 1)]
    assert used["by_day"] == [{"day": uses.today(), "use": 3}]
    url = "/api/v1/statistics/searches"
    assert site.client.get(url).status_code == 401
    assert site.client.get(url, headers=site.headers("write")).status_code == 403
    zero = site.client.get(url, headers=site.headers()).json()
    assert [(one["words"], one["searches"], one["empty"]) for one in zero["items"]] == [("没有的词", 3, 3)]
    assert zero["all"] == {"searches": 6, "empty": 3, "slow": 3, "worst_ms": 2000.0, "mean_ms": 1005.0}
    slow = site.client.get(f"{url}?kind=slow", headers=site.headers()).json()["items"]
    assert [(one["words"], one["worst_ms"], one["mean_ms"]) for one in slow] == [("slow words", 2000.0, 2000.0)]
    assert len(site.client.get(f"{url}?kind=top&limit=1", headers=site.headers()).json()["items"]) == 1
    assert site.client.get(f"{url}?kind=nope", headers=site.headers()).status_code == 422


def test_the_page_of_figures_tells_words_to_administrators_only(site: Site) -> None:
    ids = filled(site, "a")
    page = {"Accept": "text/html"}
    assert site.client.get("/statistics", headers=page).status_code == 200  # before anything was counted
    visits.note(ids["a"])
    for _ in range(3):
        statistics.note("nowhere to be found", 0, 10)
    Flusher(site.engine, "secret").flush()
    everyone = site.client.get("/statistics", headers=page).text
    assert "Title a" in everyone and "nowhere" not in everyone
    for language in ("zh", "en"):
        told = site.client.get(f"/statistics?days=7&lang={language}", headers={**page, **site.headers()})
        assert told.status_code == 200 and "nowhere to be found" in told.text
    assert site.client.get("/statistics?days=nonsense", headers=page).status_code == 200


def test_metrics_are_the_same_in_every_process(site: Site) -> None:
    filled(site, "a")
    statistics.note("bus", 0, 30)
    statistics.note("bus", 3, 70)
    Flusher(site.engine, "secret").flush()
    told = site.client.get("/metrics").text
    assert 'mulu_search_seconds_bucket{le="0.025"} 0.0' in told
    assert 'mulu_search_seconds_bucket{le="0.05"} 1.0' in told
    assert 'mulu_search_seconds_bucket{le="+Inf"} 2.0' in told
    assert "mulu_search_seconds_count 2.0" in told and "mulu_search_seconds_sum 0.1" in told
    assert "mulu_searches_empty_total 1.0" in told
    assert "mulu_index_behind 0.0" in told and "mulu_index_up 1.0" in told
    assert 'mulu_datasets{state="published"} 1.0' in told and "mulu_runs_open 0.0" in told
    with asking(create(site.settings), SITE) as other:
        assert "mulu_searches_empty_total 1.0" in other.get("/metrics").text
