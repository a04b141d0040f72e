"""The worker: runs asked for and due, cancelled and taken over; no run in two hands."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from catalog_api import harvesting, jobs
from catalog_api.harvesting import Harvesting, abandoned, begin, checked_settings
from catalog_api.jobs import Worker
from catalog_api.settings import Settings
from catalog_api.turns import ask_due, claim
from metadata import clock, database, sources, store
from metadata.errors import Conflict, Invalid, NotFound
from metadata.tables import Run, Source
from search.base import Query
from search.engines import open_engine
from tests.catalog_api.conftest import Site, settings_for
from tests.harvesters.test_kill import PER_PAGE, Portal
from tests.harvests import agrees, body, new_source
from tests.live import until
from tests.serving import Folder


@contextmanager
def working(engine: Engine, settings: Settings) -> Iterator[Worker]:
    """A worker that works in a thread of this process."""
    worker = Worker(engine, settings, open_engine(settings.search))
    thread = threading.Thread(target=worker.work)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()
        for one in worker.places.threads:
            one.join()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_for(tmp_path / "data", database_url)


@pytest.fixture
def department() -> Iterator[Folder]:
    with Folder({"/data.json": json.dumps({"dataset": [body(f"d{n}") for n in range(5)]})}) as made:
        yield made


def asked(engine: Engine, name: str) -> int:
    with database.writing(engine) as session:
        run = sources.ask(session, sources.source(session, name))
        session.commit()
        return run.id or 0


def state(engine: Engine, number: int) -> str:
    with database.reading(engine) as session:
        return sources.run(session, number).state


def test_a_run_that_is_asked_for_is_done_and_the_index_follows(
    database_engine: Engine, settings: Settings, department: Folder
) -> None:
    new_source(database_engine, url=f"{department.url}/data.json", internal=True)
    number = asked(database_engine, "roads")
    with working(database_engine, settings):
        until("the run is done", lambda: state(database_engine, number) == "done")
        until("the index follows", lambda: open_engine(settings.search).search(Query(words="Title")).total == 5)
    with database.reading(database_engine) as session:
        run = sources.run(session, number)
        agrees(run)
        assert (run.worker, run.lease, run.added) == (harvesting.me(), None, 5) and run.started and run.finished
        assert run.bytes > 0 and run.seconds > 0 and run.peak_memory_mib > 1


def test_a_source_whose_time_has_come_is_harvested_once(
    database_engine: Engine, settings: Settings, department: Folder
) -> None:
    past = "2020-01-01T00:00:00.000000Z"
    new_source(database_engine, url=f"{department.url}/data.json", internal=True, schedule="0 3 * * *", next_run=past)
    with working(database_engine, settings):
        until("it was harvested", lambda: _runs(database_engine) == ["done"])
    with database.writing(database_engine) as session:
        row = sources.source(session, "roads")
        assert row.next_run and row.next_run > clock.now() and row.next_run.endswith("T03:00:00.000000Z")
        assert ask_due(session) == 0
        row.next_run, row.schedule = past, None  # a schedule that was taken away meanwhile
        session.add(row)
        session.flush()
        assert ask_due(session) == 1 and row.next_run is None
        row.next_run = past
        session.add(row)
        session.flush()
        assert ask_due(session) == 0  # the run before is still open


def _runs(engine: Engine) -> list[str]:
    with database.reading(engine) as session:
        return [run.state for run in sources.runs(session)]


def test_a_source_that_gives_html_fails_its_run_and_keeps_the_records(
    database_engine: Engine, settings: Settings, department: Folder
) -> None:
    new_source(database_engine, url=f"{department.url}/data.json", internal=True)
    first = Harvesting(database_engine, settings, _begun(database_engine, "roads")).perform()
    assert first.state == "done"
    for answer in (
        "<!DOCTYPE html><html><body>Sorry</body></html>",
        "",
        '{"dataset": [{"title": "x"',
        "[]",
        '{"error": "down"}',
    ):
        department.answers["/data.json"] = answer
        run = Harvesting(database_engine, settings, _begun(database_engine, "roads")).perform()
        assert run.state in ("failed", "held") and run.message and "\n" not in run.message, (answer, run.state)
        with database.reading(database_engine) as session:
            assert store.count(session) == 5
    del department.answers["/data.json"]
    gone = Harvesting(database_engine, settings, _begun(database_engine, "roads")).perform()
    assert gone.state == "failed" and "404" in gone.message


def _begun(engine: Engine, name: str) -> int:
    with database.writing(engine) as session:
        run = harvesting.start(session, sources.source(session, name))
        session.commit()
        return run.id or 0


def test_a_wrong_source_fails_its_run_in_one_line(database_engine: Engine, settings: Settings) -> None:
    for number, given in enumerate(
        (
            {"protocol": "nope"},
            {"settings": {"nope": 1}},
            {"settings": {"batch_size": "many"}},
            {"standard": "nope"},
            {"url": "ftp://x.example/data.json"},
            {"url": "http://127.0.0.1:9/data.json"},  # private, and the source is not internal
            {"url": "not a url"},
            {"standard": "dcat_ap_3"},
        )
    ):
        name = new_source(database_engine, f"wrong-{number}", **given)
        run = Harvesting(database_engine, settings, _begun(database_engine, name)).perform()
        assert run.state == "failed" and run.message and "internal error" not in run.message, (given, run.message)
        assert run.finished and run.lease is None


@pytest.mark.parametrize(
    ("protocol", "given", "place"),
    [
        ("dcat_us", {"nope": 1}, "settings"),
        ("dcat_us", {"batch_size": 0}, "settings.batch_size"),
        ("ckan", {"page_size": "x"}, "settings.page_size"),
    ],
)
def test_settings_are_checked_by_their_protocol(protocol: str, given: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as told:
        checked_settings(protocol, given)
    assert told.value.place == place
    with pytest.raises(NotFound):
        checked_settings("nope", {})


def test_two_workers_never_take_the_same_run(database_engine: Engine, settings: Settings) -> None:
    """Two transactions claim at the same time; what one has, the other passes over (PostgreSQL) or waits for (SQLite)."""
    for number in range(6):
        asked(database_engine, new_source(database_engine, f"source-{number}", url=f"https://host-{number}.example/"))
    taken: list[int | None] = []
    barrier = threading.Barrier(2)

    def take() -> None:
        barrier.wait()
        while len([one for one in taken if one is not None]) < 6:
            with database.writing(database_engine) as session:
                run = claim(session)
                session.commit()
                taken.append(run.id if run else None)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [number for number in taken if number is not None]
    assert len(numbers) == len(set(numbers)) == 6


def test_a_second_worker_passes_over_what_is_being_claimed(postgres_url: str) -> None:
    engine = database.connect(postgres_url)
    for number in range(2):
        asked(engine, new_source(engine, f"source-{number}", url=f"https://host-{number}.example/"))
    with database.writing(engine) as first, database.writing(engine) as second:
        one = claim(first)
        assert one is not None and claim(second) is None  # all that waits is looked at by the first; the second does not wait
        first.commit()
        second.rollback()
        other = claim(second)
        assert other is not None and other.id != one.id
        second.commit()
    engine.dispose()


def test_a_lease_that_is_over_lets_another_take_the_run(database_engine: Engine) -> None:
    new_source(database_engine)
    number = _begun(database_engine, "roads")
    with database.writing(database_engine) as session:
        run = sources.run(session, number)
        assert not abandoned(run) and claim(session) is None
        run.worker, run.lease = "elsewhere:1", clock.later(60)
        session.add(run)
        session.flush()
        assert not abandoned(run) and claim(session) is None
        run.lease = clock.later(-1)
        session.add(run)
        session.flush()
        taken = claim(session)
        assert taken is not None and (taken.id, taken.resumed, taken.worker) == (number, 1, harvesting.me())


def test_a_process_that_lost_its_run_writes_nothing_more(
    database_engine: Engine, settings: Settings, department: Folder
) -> None:
    """It slept past its lease, and another has taken the run over: its next batch must not be counted beside the other's."""
    new_source(database_engine, url=f"{department.url}/data.json", internal=True, settings={"batch_size": 1})
    number = _begun(database_engine, "roads")
    steps = 0

    def lose(run: Run) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            with database.writing(database_engine) as session:
                begin(session, sources.run(session, number)).worker = "elsewhere:1"
                session.commit()

    Harvesting(database_engine, settings, number, progress=lose).perform()
    with database.reading(database_engine) as session:
        run = sources.run(session, number)
        assert (run.state, run.worker, run.received, run.resumed) == ("running", "elsewhere:1", 2, 1)
        assert store.count(session) == 2
    with database.writing(database_engine) as session:
        begin(session, sources.run(session, number))
        session.commit()
    done = Harvesting(database_engine, settings, number).perform()
    agrees(done)
    assert (done.state, done.received, done.added) == ("done", 5, 5)


def test_cancelling_while_it_goes_on_and_before_it_begins(database_engine: Engine, settings: Settings) -> None:
    portal = Portal(held=2)
    portal.thread.start()
    try:
        new_source(database_engine, "slow", url=portal.url, protocol="ckan", internal=True, settings={"page_size": PER_PAGE})
        number = asked(database_engine, "slow")
        with working(database_engine, settings):
            assert portal.waiting.wait(60)
            with database.writing(database_engine) as session:
                run = sources.run(session, number)
                run.cancel = True
                session.add(run)
                session.commit()
            portal.release.set()
            until("the run has ended", lambda: state(database_engine, number) != "running")
    finally:
        portal.close()
    with database.reading(database_engine) as session:
        run = sources.run(session, number)
        agrees(run)
        assert run.state == "cancelled" and 20 <= run.received < 90 and run.retired == 0 and run.finished
        assert store.count(session) == run.received


def test_progress_can_be_watched_and_a_run_cancelled_through_the_api(any_site: Site) -> None:
    site = any_site
    portal = Portal(held=2)
    portal.thread.start()
    try:
        sent = {"url": portal.url, "protocol": "ckan", "internal": True, "settings": {"page_size": PER_PAGE}}
        assert site.client.put("/api/v1/sources/slow", json=sent, headers=site.headers()).status_code == 200
        begun = site.client.post("/api/v1/sources/slow/runs", headers=site.headers("harvest"))
        assert (begun.status_code, begun.json()["state"]) == (202, "queued")
        number = begun.json()["run"]
        watch = lambda: site.client.get(f"/api/v1/runs/{number}").json()  # noqa: E731
        with working(site.engine, site.settings):
            until("two pages are in", lambda: watch()["received"] == 2 * PER_PAGE)
            seen = watch()
            assert (seen["state"], seen["total"], seen["added"], seen["finished"]) == ("running", 90, 20, None) and seen[
                "started"
            ]
            assert site.client.post(f"/api/v1/runs/{number}/cancel", headers=site.headers("harvest")).status_code == 202
            portal.release.set()
            until("the run has ended", lambda: watch()["state"] != "running")
        assert watch()["state"] == "cancelled" and watch()["finished"]
        again = site.client.post(
            "/api/v1/sources/slow/runs", json={"accept_retire": True}, headers=site.headers("harvest")
        ).json()
        cancelled = site.client.post(f"/api/v1/runs/{again['run']}/cancel", headers=site.headers("harvest")).json()
        assert (cancelled["state"], cancelled["message"]) == ("cancelled", "cancelled before it began")
    finally:
        portal.close()


def test_the_worker_goes_on_when_a_part_is_away_for_a_while(
    database_engine: Engine, settings: Settings, department: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_source(database_engine, url=f"{department.url}/data.json", internal=True)
    number = asked(database_engine, "roads")
    calls = 0
    right = jobs.claim

    def flaky(session: Any, per_host: int) -> Run | None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise OSError("disk away")
        return right(session, per_host)

    monkeypatch.setattr(jobs, "claim", flaky)
    with working(database_engine, settings):
        until("the run is done", lambda: state(database_engine, number) == "done")
    assert calls >= 2


def test_starting_and_going_on_refuse_what_makes_no_sense(database_engine: Engine) -> None:
    name = new_source(database_engine)
    with database.writing(database_engine) as session:
        source = session.exec(select(Source).where(Source.name == name)).one()
        with pytest.raises(Invalid, match="never harvested"):
            harvesting.resume(session, source)
        run = harvesting.start(session, source)
        with pytest.raises(Conflict):
            harvesting.start(session, source)
        with pytest.raises(Conflict):
            harvesting.resume(session, source)
        for ended in ("done", "held"):
            run.state = ended
            session.add(run)
            session.flush()
            with pytest.raises(Invalid, match=ended):
                harvesting.resume(session, source)
        for broken in ("failed", "cancelled", "queued"):
            run.state, run.lease = broken, None
            session.add(run)
            session.flush()
            assert harvesting.resume(session, source).id == run.id
            assert run.state == "running" and not run.cancel and not run.message
