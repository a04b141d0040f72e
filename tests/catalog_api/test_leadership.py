"""One worker leads: the lease is taken, renewed, lost and taken over; chores are done by whoever leads."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog_api import chores as chores_module
from catalog_api import jobs, leadership
from catalog_api.chores import DAILY, DRIFT, Chores
from catalog_api.harvesting import me
from catalog_api.leadership import Leadership
from catalog_api.settings import Settings
from metadata import clock, database, identity, leases, marks, searches, statistics, store, uses
from metadata.errors import Unavailable
from metadata.statistics import Asked
from metadata.tables import DatasetRow, Lease, SearchTally, Use
from search.base import Document, Query, SearchEngine
from search.document import document
from search.engines import open_engine
from search.sync import sync, verify
from tests.catalog_api.conftest import Site, settings_for
from tests.catalog_api.test_jobs import working
from tests.harvests import new_source, record, visit
from tests.live import environment_of, until

EVERYONE = frozenset({"*"})


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_for(tmp_path / "data", database_url)


def held(engine: Engine) -> Lease | None:
    with Session(engine) as session:
        return leases.holder(session, "index")


def test_the_first_leads_until_it_gives_the_lease_back(database_engine: Engine) -> None:
    first, second = Leadership(database_engine, "index"), Leadership(database_engine, "index")
    for lead in (first, second):
        assert not lead.held
        lead.seek()
    assert first.held and not second.held
    second.release()  # not its own to give
    second.seek()
    assert first.held and not second.held
    first.release()
    assert not first.held and held(database_engine) is None
    second.seek()
    assert second.held


def test_a_lease_is_renewed_in_time_and_not_before(database_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = Leadership(database_engine, "index")
    lead.seek()
    before = held(database_engine)
    lead.seek()
    after = held(database_engine)
    assert before and after and before.until == after.until
    lead._renew = 0.0
    lead.seek()
    renewed = held(database_engine)
    assert renewed and renewed.until > before.until and lead.held


def test_a_lease_that_ran_out_is_lost_and_told(database_engine: Engine) -> None:
    lead = Leadership(database_engine, "index", seconds=-1)
    lead.seek()
    assert not lead.held
    other = Leadership(database_engine, "index")
    other.seek()
    assert other.held
    lead.seek()
    assert not lead.held


def test_the_lease_of_a_dead_process_of_this_machine_is_free_at_once(database_engine: Engine) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for holder, free in ((f"{me().partition(':')[0]}:{ended.pid}/x", True), ("elsewhere:1/x", False), (f"{me()}/x", False)):
        with database.writing(database_engine) as session:
            there = leases.holder(session, "index")
            if there:
                leases.release(session, "index", there.holder)
            assert leases.take(session, "index", holder, 30)
            session.commit()
        lead = Leadership(database_engine, "index")
        lead.seek()
        assert lead.held == free, holder


def test_of_two_workers_one_writes_the_index_and_the_other_takes_over(database_engine: Engine, settings: Settings) -> None:
    name = new_source(database_engine)
    with ExitStack() as first:
        one = first.enter_context(working(database_engine, settings))
        until("it leads", lambda: one.lead.held)
        with working(database_engine, settings) as other:
            visit(database_engine, name, [record("a")])
            until("the index follows", lambda: total(settings) == 1)
            assert not other.lead.held
            first.close()
            until("the other leads", lambda: other.lead.held)
            visit(database_engine, name, [record("a"), record("b")])
            until("the index follows", lambda: total(settings) == 2)
    assert held(database_engine) is None


def total(settings: Settings) -> int:
    return open_engine(settings.search).search(Query(words="Title", readers=EVERYONE)).total


def test_a_killed_worker_is_followed_by_the_next(tmp_path: Path, sqlite_url: str) -> None:
    """A real `mulu work` is killed while it leads; another leads and the index follows, long before the lease would be over."""
    environment = environment_of(tmp_path / "data", {"MULU_DATABASE_URL": sqlite_url})
    engine = database.connect(sqlite_url)
    chosen = settings_for(tmp_path / "data", sqlite_url)
    killed = subprocess.Popen(
        [sys.executable, "-m", "catalog_api.cli", "work"], env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL
    )
    try:
        until("it leads", lambda: (found := held(engine)) is not None and f":{killed.pid}/" in found.holder)
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        visit(engine, new_source(engine), [record("a")])
        with working(engine, chosen):
            until("the index follows", lambda: total(chosen) == 1, leadership.SECONDS / 2)
    finally:
        killed.kill()
        killed.wait()
        engine.dispose()


class Away:
    """The embedded engine, away while `gone` is set: what an engine over the network does when it is stopped."""

    def __init__(self, inner: SearchEngine, gone: threading.Event) -> None:
        self._inner, self._gone, self.asked = inner, gone, 0

    def __getattr__(self, name: str) -> object:
        self.asked += 1
        if self._gone.is_set():
            raise Unavailable("the search engine does not answer")
        return getattr(self._inner, name)


def test_harvests_go_on_while_the_index_is_away_and_it_catches_up(
    database_engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "TROUBLED_PAUSE_SECONDS", 0.05)
    gone = threading.Event()
    gone.set()
    away = Away(open_engine(settings.search), gone)
    worker = jobs.Worker(database_engine, settings, away)  # type: ignore[arg-type]
    thread = threading.Thread(target=worker.work)
    thread.start()
    try:
        visit(database_engine, new_source(database_engine), [record("a"), record("b")])
        until("the index was asked again and again", lambda: away.asked > 5)
        assert worker.lead.held
        gone.clear()
        until("the index has caught up", lambda: total(settings) == 2)
    finally:
        worker.stop()
        thread.join()


def test_a_part_that_breaks_does_not_end_the_others(database_engine: Engine, settings: Settings) -> None:
    search = open_engine(settings.search)
    worker = jobs.Worker(database_engine, settings, search)

    def broken() -> None:
        raise ZeroDivisionError

    assert worker._attempt("chores", broken) is False
    assert worker._attempt("chores", lambda: None) is True


# Chores


@pytest.fixture
def chores(database_engine: Engine, settings: Settings) -> Chores:
    return Chores(database_engine, settings, open_engine(settings.search), lambda: True)


def filled(engine: Engine, settings: Settings, count: int = 4) -> list[str]:
    """Ids of datasets that are in the index."""
    visit(engine, new_source(engine), [record(f"d{number}") for number in range(count)])
    with database.reading(engine) as session:
        sync(session, open_engine(settings.search))
        return list(session.exec(select(DatasetRow.id).order_by(DatasetRow.id)))


def test_touched_documents_are_written_anew_where_the_index_is(
    database_engine: Engine, settings: Settings, chores: Chores, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = filled(database_engine, settings)
    search = open_engine(settings.search)
    position = search.position()
    search.write([], ids[:2], position)  # as if what they show were old
    with database.writing(database_engine) as session:
        uses.add(session, {ids[0]: 1, ids[1]: 12, ids[2]: 0}, uses.today())
        session.commit()
    assert chores.refresh() == 2 and chores.refresh() == 0
    with database.reading(database_engine) as session:
        assert verify(session, search).clean and uses.touched(session, 9) == []
    assert search.position() == position


def test_what_is_visited_often_comes_first_when_use_is_asked_for(
    database_engine: Engine, settings: Settings, chores: Chores
) -> None:
    ids = filled(database_engine, settings)
    with database.writing(database_engine) as session:
        uses.add(session, {ids[2]: 100, ids[0]: 10, ids[1]: 1}, uses.today())
        session.commit()
    chores.refresh()
    hits = open_engine(settings.search).search(Query(order="use", readers=EVERYONE)).hits
    assert [hit.id for hit in hits] == [ids[2], ids[0], ids[1], ids[3]]
    with database.writing(database_engine) as session:
        uses.add(session, {ids[0]: 89}, uses.today())  # no step is reached: the day's chores bring it up
        session.commit()
    assert chores.refresh() == 0
    chores.tidy()
    assert chores.refresh() == 3


def test_what_cannot_be_written_waits(database_engine: Engine, settings: Settings) -> None:
    ids = filled(database_engine, settings)
    gone = threading.Event()
    chores = Chores(database_engine, settings, Away(open_engine(settings.search), gone), lambda: True)  # type: ignore[arg-type]
    with database.writing(database_engine) as session:
        uses.touch(session, ids)
        session.commit()
    gone.set()
    with pytest.raises(Unavailable):
        chores.refresh()
    with database.reading(database_engine) as session:
        assert uses.touched(session, 9) == ids
    gone.clear()
    assert chores.refresh() == len(ids)


def test_drift_is_found_mended_and_told(any_site: Site) -> None:
    site = any_site
    ids = filled(site.engine, site.settings)
    search = open_engine(site.settings.search)
    chores = Chores(site.engine, site.settings, search, lambda: True)
    chores.perform()
    told = site.client.get("/metrics").text
    assert 'mulu_index_drift{kind="missing"} 0.0' in told and "mulu_index_compared_timestamp_seconds" in told
    with database.reading(site.engine) as session:
        entries = store.entries(session, ids)
    stale = document(entries[ids[1]])
    stranger = Document(**{**vars(stale), "id": identity.new_id(), "name": "stranger"})
    search.write([Document(**{**vars(stale), "sequence": 0}), stranger], [ids[0]], search.position())
    chores.perform()  # a day has not gone by
    assert 'mulu_index_drift{kind="missing"} 0.0' in site.client.get("/metrics").text
    noted = chores.compare()
    assert {name: noted[name] for name in ("checked", "missing", "stale", "extra")} == {
        "checked": 4,
        "missing": 1,
        "stale": 1,
        "extra": 1,
    }
    told = site.client.get("/metrics").text
    assert all(f'mulu_index_drift{{kind="{kind}"}} 1.0' in told for kind in ("missing", "stale", "extra"))
    with database.reading(site.engine) as session:
        assert verify(session, search).clean
    assert chores.compare()["missing"] == 0


def test_what_the_index_has_not_read_yet_is_no_drift(database_engine: Engine, settings: Settings, chores: Chores) -> None:
    filled(database_engine, settings)
    visit(database_engine, "roads", [record("d0", "Other title"), record("new"), record("new too")], accept_retire=True)
    noted = chores.compare()
    assert (noted["missing"], noted["stale"], noted["extra"]) == (0, 0, 0)


def test_comparing_can_be_left_off(database_engine: Engine, settings: Settings) -> None:
    never = settings.model_copy(update={"verify_hours": 0})
    Chores(database_engine, never, open_engine(settings.search), lambda: True).perform()
    with Session(database_engine) as session:
        assert marks.mark(session, DRIFT) is None and marks.mark(session, DAILY) is not None


def test_who_does_not_lead_does_no_chores(database_engine: Engine, settings: Settings) -> None:
    Chores(database_engine, settings, open_engine(settings.search), lambda: False).perform()
    with Session(database_engine) as session:
        assert marks.mark(session, DAILY) is None


def test_an_index_that_is_far_behind_is_not_compared(
    database_engine: Engine, settings: Settings, chores: Chores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores_module, "_BEHIND", 1)
    visit(database_engine, new_source(database_engine), [record("a"), record("b")])
    chores.perform()
    with Session(database_engine) as session:
        assert marks.mark(session, DRIFT) is None
        sync(session, open_engine(settings.search))
    chores.perform()
    with Session(database_engine) as session:
        assert marks.mark(session, DRIFT) is not None


def test_what_is_old_is_taken_away(database_engine: Engine, settings: Settings, chores: Chores) -> None:
    with database.writing(database_engine) as session:
        uses.add(session, {"a": 1}, uses.days_ago(400))
        uses.add(session, {"b": 1}, uses.today())
        for day in (uses.days_ago(100), uses.today()):
            statistics.add_searches(session, day, [Asked("k", "w", 3, 0, 0, 1, 1)])
        for days, state in ((9, "pending"), (1, "pending"), (9, "active")):
            row = searches.save(session, f"{state} {days}", "q=bus", channel="mail", target="a@b.example", state=state)
            row.created = clock.later(-86_400 * days)
            session.add(row)
        session.commit()
    chores.tidy()
    with Session(database_engine) as session:
        assert [row.dataset_id for row in session.exec(select(Use))] == ["b"]
        assert [row.day for row in session.exec(select(SearchTally))] == [uses.today()]
        assert {row.name for row in searches.searches(session)} == {"pending 1", "active 9"}
        assert "a" in uses.touched(session, 9)
