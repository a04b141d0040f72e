"""Whose turn it is: priority, age, hosts, blackout windows; no slow source holds up another; failing ones are asked less."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from catalog_api import harvesting, places
from catalog_api.harvesting import Harvesting, begin
from catalog_api.places import Places
from catalog_api.schedules import BACK_OFF_AFTER
from catalog_api.settings import Settings
from catalog_api.turns import ask_due, claim, host_of
from metadata import clock, database, sources
from metadata.errors import Conflict
from metadata.tables import Run, Source
from tests.catalog_api.conftest import settings_for
from tests.catalog_api.test_jobs import asked, working
from tests.harvests import body, new_source
from tests.hostile.server import OK, Hostile, drips, says, stalls
from tests.live import until
from tests.serving import Folder

PAST = "2020-01-01T00:00:00.000000Z"
LISTING = json.dumps({"dataset": [body(f"d{n}") for n in range(3)]})


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_for(tmp_path / "data", database_url).model_copy(update={"runs_at_once": 1})


@pytest.fixture
def department() -> Iterator[Folder]:
    with Folder({"/data.json": LISTING}) as made:
        yield made


def source(engine: Engine, name: str, host: str | None = None, **given: object) -> int:
    """A source at a host of its own (or the one given), with a run that waits; the run's number."""
    return asked(engine, new_source(engine, name, url=f"https://{host or name}.example/data.json", **given))


def claimed(engine: Engine, per_host: int = 1) -> str | None:
    """The source whose turn it is; it is begun."""
    with database.writing(engine) as session:
        run = claim(session, per_host)
        session.commit()
        return run.source if run else None


def ended(engine: Engine, name: str, state: str = "done") -> None:
    with database.writing(engine) as session:
        (run,) = sources.runs(session, sources.source(session, name).id, 1)
        run.state, run.lease = state, None
        session.add(run)
        session.commit()


def test_runs_begin_by_priority_then_by_age(database_engine: Engine) -> None:
    for name, priority in (("old", 0), ("older", -5), ("urgent", 10), ("young", 0), ("urgent-too", 10)):
        source(database_engine, name, priority=priority)
    assert [claimed(database_engine) for _ in range(6)] == ["urgent", "urgent-too", "old", "young", "older", None]


def test_one_run_at_a_host_at_a_time_holds_up_no_other_host(database_engine: Engine) -> None:
    for name, host in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a")):
        source(database_engine, name, host, priority=1 if host == "a" else 0)
    assert [claimed(database_engine) for _ in range(3)] == ["a1", "b1", None]
    assert claimed(database_engine, per_host=2) == "a2"
    ended(database_engine, "a1")
    assert claimed(database_engine) is None  # a2 is still at that host
    ended(database_engine, "a2", "failed")
    assert [claimed(database_engine) for _ in range(2)] == ["a3", None]
    assert host_of("https://A.example/x?y") == host_of("http://a.example/z")
    assert host_of("/srv/files") == "/srv/files" and host_of("http://[bad") == "http://[bad"


def test_a_dead_run_holds_no_host_and_goes_on_in_its_turn(database_engine: Engine) -> None:
    first = source(database_engine, "a1", "a")
    source(database_engine, "a2", "a")
    assert claimed(database_engine) == "a1"
    with database.writing(database_engine) as session:
        run = sources.run(session, first)
        run.worker, run.lease = "elsewhere:1", clock.later(-1)
        session.add(run)
        session.commit()
    assert [claimed(database_engine) for _ in range(2)] == ["a1", None]
    with database.reading(database_engine) as session:
        assert sources.run(session, first).resumed == 1


def _hours(start: float, end: float) -> str:
    """A window of today's hours, in UTC, relative to now."""
    now = datetime.now(UTC)
    return f"{(now + timedelta(hours=start)):%H:%M}-{(now + timedelta(hours=end)):%H:%M}"


def test_a_run_waits_for_the_end_of_a_blackout_and_others_do_not(database_engine: Engine) -> None:
    resting = source(database_engine, "resting", blackout=[_hours(-2, 2)], priority=100)
    source(database_engine, "awake", blackout=[_hours(2, 4)])
    assert [claimed(database_engine) for _ in range(2)] == ["awake", None]
    with database.writing(database_engine) as session:
        row = sources.source(session, "resting")
        row.blackout = ["this is no window"]  # written past the checks: it must not hold up the queue
        session.add(row)
        session.commit()
    assert claimed(database_engine) == "resting"
    with database.writing(database_engine) as session:  # a run that goes on, or is taken over, is not stopped by a window
        row = sources.source(session, "resting")
        row.blackout = [_hours(-2, 2)]
        run = sources.run(session, resting)
        run.worker, run.lease = "elsewhere:1", clock.later(-1)
        session.add_all((row, run))
        session.commit()
    assert claimed(database_engine) == "resting"


def test_a_source_is_asked_once_however_many_ask(database_engine: Engine) -> None:
    new_source(database_engine)
    barrier, told = threading.Barrier(4), []

    def ask() -> None:
        barrier.wait()
        try:
            with database.writing(database_engine) as session:
                sources.ask(session, sources.source(session, "roads"))
                session.commit()
            told.append("asked")
        except Conflict:
            told.append("refused")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["asked", "refused", "refused", "refused"]


def test_a_schedule_that_cannot_be_read_stops_no_other(database_engine: Engine) -> None:
    new_source(database_engine, "broken", schedule="nonsense", next_run=PAST)
    new_source(database_engine, "fine", schedule="0 3 * * *", timezone="Asia/Shanghai", jitter=0, next_run=PAST)
    with database.writing(database_engine) as session:
        assert ask_due(session) == 2
        session.commit()
        assert sources.source(session, "broken").next_run is None
        assert (sources.source(session, "fine").next_run or "").endswith("T19:00:00.000000Z")


def test_hung_and_dripping_sources_hold_up_no_other(
    database_engine: Engine, settings: Settings, department: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One place only, and the sources with the highest priority never answer: the others are harvested all the same."""
    monkeypatch.setattr(places, "QUIET_SECONDS", 0.3)
    bad = {
        "/silent.json": stalls(b""),
        "/half.json": stalls(OK + b'\r\n{"dataset": ['),
        "/drips.json": drips(OK + b"\r\n", b" "),
    }
    settings = settings.model_copy(update={"runs_per_host": 3})
    with Hostile(bad) as hostile:
        for number, path in enumerate(bad):
            new_source(database_engine, f"bad-{number}", url=f"{hostile.url}{path}", internal=True, priority=9)
            asked(database_engine, f"bad-{number}")
        for number in range(5):
            url = f"{department.url}/data.json".replace("127.0.0.1", "localhost")
            new_source(database_engine, f"good-{number}", url=url, internal=True)
            asked(database_engine, f"good-{number}")
        with working(database_engine, settings):
            until("the good ones are done", lambda: _states(database_engine, "good") == ["done"] * 5, 30)
            assert _states(database_engine, "bad") == ["running"] * 3
            with database.writing(database_engine) as session:
                for run in sources.runs(session):
                    run.cancel = True
                    session.add(run)
                session.commit()
            until("the bad ones are cancelled", lambda: _states(database_engine, "bad") == ["cancelled"] * 3, 10)
            hostile.server.stop.set()


def _states(engine: Engine, prefix: str) -> list[str]:
    with database.reading(engine) as session:
        return sorted(run.state for run in sources.runs(session) if run.source.startswith(prefix))


class Pulse:
    """A harvest that moves when told."""

    steps = received = 0


def test_a_harvest_that_waits_gives_its_place_and_takes_it_back() -> None:
    moment, over = [0.0], threading.Event()
    taken = Places(2, now=lambda: moment[0])
    slow, quick = Pulse(), Pulse()
    threads = [threading.Thread(target=over.wait, daemon=True) for _ in range(2)]
    for thread, pulse in zip(threads, (slow, quick), strict=True):
        thread.start()
        assert taken.is_free
        taken.take(thread, pulse)
    assert not taken.is_free
    moment[0] += places.QUIET_SECONDS
    quick.steps += 1
    slow.received += 100  # a drip is no progress
    assert taken.is_free
    slow.received += places.FAIR_BYTES
    assert not taken.is_free
    moment[0] += places.QUIET_SECONDS
    assert taken.is_free
    over.set()
    for thread in threads:
        thread.join()
    assert taken.is_free and taken.threads == []


def test_waiting_harvests_are_not_without_end() -> None:
    over, moment = threading.Event(), [0.0]
    taken = Places(1, now=lambda: moment[0])
    while taken.is_free:
        thread = threading.Thread(target=over.wait, daemon=True)
        thread.start()
        taken.take(thread, Pulse())
        moment[0] += places.QUIET_SECONDS
    assert len(taken.threads) == 1 + places.MOST_WAITING
    over.set()


def run_once(engine: Engine, settings: Settings, name: str) -> Run:
    with database.writing(engine) as session:
        run = harvesting.start(session, sources.source(session, name))
        session.commit()
    return Harvesting(engine, settings, run.id or 0).perform()


def row_of(engine: Engine, name: str) -> Source:
    with database.reading(engine) as session:
        return sources.source(session, name)


def test_failures_are_counted_and_move_the_next_run_out(
    database_engine: Engine, settings: Settings, department: Folder
) -> None:
    new_source(database_engine, url=f"{department.url}/data.json", internal=True, schedule="*/10 * * * *")
    assert run_once(database_engine, settings, "roads").state == "done"
    good = row_of(database_engine, "roads")
    assert good.failures == 0 and good.last_good and good.next_run is None  # its time is set when it is asked for
    department.answers["/data.json"] = "<html>Sorry</html>"
    waits = []
    for number in range(1, BACK_OFF_AFTER + 3):
        assert run_once(database_engine, settings, "roads").state == "failed"
        row = row_of(database_engine, "roads")
        assert (row.failures, row.last_good) == (number, good.last_good)
        waits.append((clock.parse(row.next_run or "") - datetime.now(UTC)).total_seconds() / 60)
    assert max(waits[: BACK_OFF_AFTER - 1]) <= 10 < waits[-3] < waits[-2] < waits[-1] <= 130, waits
    department.answers["/data.json"] = LISTING
    assert run_once(database_engine, settings, "roads").state == "done"
    row = row_of(database_engine, "roads")
    assert row.failures == 0 and (row.last_good or "") > (good.last_good or "")
    assert (clock.parse(row.next_run or "") - datetime.now(UTC)).total_seconds() <= 600


def test_a_held_run_is_no_failure_and_a_cancelled_one_changes_nothing(
    database_engine: Engine, settings: Settings, department: Folder
) -> None:
    new_source(database_engine, url=f"{department.url}/data.json", internal=True)
    run_once(database_engine, settings, "roads")
    good = row_of(database_engine, "roads").last_good
    with database.writing(database_engine) as session:
        row = sources.source(session, "roads")
        row.failures = 2
        session.add(row)
        run = begin(session, sources.ask(session, row))
        session.commit()
        run.cancel = True
        session.add(run)
        session.commit()
    assert Harvesting(database_engine, settings, run.id or 0).perform().state == "cancelled"
    assert row_of(database_engine, "roads").failures == 2
    department.answers["/data.json"] = json.dumps({"dataset": [body("d0")]})
    assert run_once(database_engine, settings, "roads").state == "held"
    row = row_of(database_engine, "roads")
    assert (row.failures, row.last_good) == (0, good)


@pytest.mark.parametrize(
    "behaviour",
    [
        stalls(b""),
        stalls(OK + b'\r\n{"dataset": ['),
        drips(OK + b"\r\n", b" ", 0.2),
        says(b"later", 503, {"Retry-After": "100"}),
        says(b"later", 429, {"Retry-After": "3600"}),
    ],
    ids=["silent", "half", "drips", "503", "429"],
)
def test_a_cancelled_run_ends_within_three_seconds(database_engine: Engine, settings: Settings, behaviour: object) -> None:
    """Whatever it waits for: an answer that does not come, one that does not end, or the time after which it may ask again."""
    with Hostile({"/data.json": behaviour}) as hostile:  # type: ignore[dict-item]
        new_source(database_engine, url=f"{hostile.url}/data.json", internal=True)
        number = asked(database_engine, "roads")
        with working(database_engine, settings):
            until("it asked", lambda: hostile.asked)
            with database.writing(database_engine) as session:
                run = sources.run(session, number)
                run.cancel = True
                session.add(run)
                session.commit()
            began = datetime.now(UTC)
            until("it is cancelled", lambda: _states(database_engine, "roads") == ["cancelled"], 10)
            assert (datetime.now(UTC) - began).total_seconds() < 3
            with database.reading(database_engine) as session:
                run = sources.run(session, number)
                assert run.finished and run.lease is None and run.retired == 0 and run.message.startswith("cancelled")
            assert run_after(database_engine, settings)  # the source is free for another run at once
            hostile.server.stop.set()
    with database.reading(database_engine) as session:
        assert sources.run(session, number).state == "cancelled"  # what hung wrote nothing when it came back


def run_after(engine: Engine, settings: Settings) -> bool:
    with database.writing(engine) as session:
        run = sources.ask(session, sources.source(session, "roads"))
        run.state = "cancelled"
        session.add(run)
        session.commit()
        return run.id is not None
