"""Examined in a second process or in this one, a run comes to the same, whatever happens to that process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete
from sqlmodel import select

from harvesters import examiner, examining_words
from harvesters.base import Batch, Record
from harvesters.examiner import Examiner
from harvesters.examining_beside import Beside
from metadata import database, identity, store
from metadata.reading import Taken
from metadata.tables import DatasetRow, FindingRow, RecordRow, Run
from standards.base import Standard
from standards.table import STANDARDS
from tests.harvests import STANDARD, new_source, record, unreadable, visit

BATCH = 20


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Beside]:
    """The second processes that were begun; each is begun with the first record that is read, and waited for."""
    found: list[Beside] = []

    class Watched(Beside):
        def __init__(self) -> None:
            super().__init__()
            found.append(self)
            assert self._from.poll(60), "the second process did not start"

    monkeypatch.setattr(examiner, "Beside", Watched)
    monkeypatch.setattr(examiner, "_cores", lambda: 2)
    monkeypatch.setattr(Examiner.__init__, "__defaults__", (1,))
    return found


def odd_records() -> list[Record]:
    """Records good and bad, with what JSON can say and what it should not."""
    good = [record(f"good-{number}", keyword=[]) for number in range(70)]
    bad: list[Record] = [unreadable(f"bad-{number}") for number in range(10)]
    odd = [
        record("long", size=2**70),
        record("half", note="\ud83d"),
        record("faults", distribution=[{"@type": "dcat:Distribution", "downloadURL": n} for n in range(300)]),
        record("twice"),
        record("twice", "another title"),
        Record([1, 2], "list"),
        Record("just a text", "text"),
        Record(b"just bytes", "bytes"),
        Record(None, "nothing"),
        Record(3.5, "number"),
    ]
    mixed: list[Record] = []
    for place, one in enumerate(good):
        mixed.append(one)
        mixed.extend(([*bad, *odd])[place // 3 : place // 3 + 1] if place % 3 == 0 else [])
    return mixed


def contents(engine: Engine) -> list[Any]:
    """All that a run stores, but for ids and times."""
    with database.reading(engine) as session:
        names = {row.id: row.identifier for row in session.exec(select(RecordRow))}
        records = [
            (row.identifier, row.standard, row.digest, row.state, row.errors, row.warnings, store.body(session, row.digest))
            for row in session.exec(select(RecordRow))
        ]
        findings = [
            (names[row.record_id], row.position, row.rule, row.severity, row.path, row.value)
            for row in session.exec(select(FindingRow))
        ]
        datasets = [
            (row.identifier, row.name, row.title, row.modified, row.frequency, row.digest, store.body(session, row.digest))
            for row in session.exec(select(DatasetRow))
        ]
        return [sorted(records), sorted(findings), sorted(datasets)]


def figures(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in ("state", "received", "added", "failed", "warned", "duplicates")}


def test_a_second_process_makes_no_difference(
    database_engine: Engine, begun: list[Beside], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same records, findings and datasets in two sources, of which only one was examined beside."""
    beside = visit(database_engine, new_source(database_engine), odd_records(), batch=BATCH)
    assert len(begun) == 1
    there = contents(database_engine)
    assert figures(beside)["state"] == "done" and figures(beside)["failed"] > 10
    with database.writing(database_engine) as session:
        for table in (FindingRow, RecordRow, DatasetRow):
            session.execute(delete(table))
        session.commit()
    monkeypatch.setattr(examiner, "_cores", lambda: 1)
    alone = visit(database_engine, new_source(database_engine), odd_records(), batch=BATCH)
    assert len(begun) == 1
    assert contents(database_engine) == there and figures(alone) == figures(beside)


@pytest.mark.parametrize("moment", range(5))
def test_the_run_goes_on_when_the_second_process_is_killed(
    database_engine: Engine, begun: list[Beside], moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a question, after one, or while it is waited for."""
    asked: list[int] = []
    plain = Beside.ask

    def ask(self: Beside, questions: list[examining_words.Question]) -> bool:
        asked.append(len(questions))
        if len(asked) == moment + 1:
            os.kill(self._process.pid, signal.SIGKILL)
            if moment % 2:
                self._process.wait()
        return plain(self, questions)

    monkeypatch.setattr(Beside, "ask", ask)
    run = visit(database_engine, new_source(database_engine), [record(f"r{n}") for n in range(8 * BATCH)], batch=BATCH)
    assert (run.state, run.added) == ("done", 8 * BATCH) and len(asked) > moment
    with database.reading(database_engine) as session:
        assert store.count(session) == 8 * BATCH


def test_what_the_walk_raises_comes_after_the_batches_before_it(database_engine: Engine, begun: list[Beside]) -> None:
    """A document that breaks off keeps what was read of it, the batch that was waiting included."""
    name = new_source(database_engine)
    run = visit(database_engine, name, [record(f"r{n}") for n in range(9 * BATCH)], batch=BATCH, breaks_at=7 * BATCH)
    assert begun and (run.state, run.received, run.added) == ("failed", 7 * BATCH, 7 * BATCH)


def test_an_unchanged_source_gives_nothing_away(
    database_engine: Engine, begun: list[Beside], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is examined that will be passed over; one changed record does not begin a process."""
    name = new_source(database_engine)
    records = [record(f"r{n}") for n in range(6 * BATCH)]
    visit(database_engine, name, records, batch=BATCH)
    monkeypatch.setattr(Beside, "ask", lambda self, questions: pytest.fail("something was given away"))
    records[30] = record("r30", "Changed")
    run = visit(database_engine, name, records, batch=BATCH)
    assert (run.unchanged, run.updated) == (6 * BATCH - 1, 1)


def test_a_standard_that_only_this_process_knows_is_examined_here(begun: list[Beside]) -> None:
    """One made from a source's settings, even under the name of one that is built in."""
    seen: list[Any] = []

    def read(body: Any) -> Any:
        seen.append(os.getpid())
        return STANDARDS.get(STANDARD).read(body)  # type: ignore[misc]

    own = Standard(STANDARD, {}, "application/json", "1", lambda body: True, read=read)
    assert _examined(lambda name: own, 60) == 60
    assert seen == [os.getpid()] * 60 and begun


def test_only_one_run_of_a_process_has_a_second_one(begun: list[Beside]) -> None:
    """Others go on alone, and the next one may have it again."""
    with Examiner(STANDARDS.get, 1) as first:
        first.readings(_taken(5), of=5)
        assert len(begun) == 1
        assert _examined(STANDARDS.get, 30) == 30 and len(begun) == 1
    assert _examined(STANDARDS.get, 30) == 30 and len(begun) == 2


def test_the_second_process_ends_with_the_first() -> None:
    """Even when that one is killed: nothing is left behind."""
    program = (
        "import sys, time\n"
        "from harvesters.examining_beside import Beside\n"
        "beside = Beside()\n"
        "assert beside._from.poll(60)\n"
        "print(beside._process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as first:
        assert first.stdout
        second = int(first.stdout.readline())
        first.kill()
    assert _ends(second), "the process that examined is still there"


def _ends(pid: int) -> bool:
    """Whether a process of which nobody here is the parent ends within a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def _taken(count: int) -> list[Taken]:
    bodies = [record(f"r{number}").body for number in range(count)]
    return [Taken(body["identifier"], STANDARD, identity.raw(body), "", body) for body in bodies]


def _examined(standard: Any, count: int) -> int:
    """How many of so many records can be read, in batches of ten."""

    def walk() -> Iterator[examiner.Walked]:
        taken = _taken(count)
        for start in range(0, count, 10):
            yield examiner.Walked(Batch((), ""), taken[start : start + 10])

    with Examiner(standard, 1) as one:
        outcomes: Sequence[Any] = [each for met in one.ahead(walk()) for each in one.readings(met.taken, of=10)]
    return sum(outcome.said is not None for outcome in outcomes)
