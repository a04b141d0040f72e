"""Sequences of visits against a plain dict: whatever a source does, the directory holds what the dict holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from harvesters.base import Record
from metadata import database, ledger, store
from metadata.tables import Run
from metadata.text import best
from tests.harvests import Listing, agrees, ask, entry, go_on, log, new_source, record, unreadable

IDENTIFIERS = ("a", "b", "c", "d", "e/1", "号")
KINDS = ("one", "two", "flawed", "unreadable")
Item = tuple[str, str]


@dataclass
class Known:
    """What the model knows of one identifier."""

    title: str | None = None
    state: str = ""
    listed: bool = False


@dataclass(frozen=True)
class Visit:
    """What one visit lists, where it breaks or is killed, and what was allowed."""

    items: tuple[Item, ...]
    breaks: bool = False
    killed: int | None = None
    accept: bool = False
    limit: float = 1.0
    admits: str = "readable"


@dataclass
class Model:
    """The directory as a dict."""

    known: dict[str, Known] = field(default_factory=dict)

    def take(self, visit: Visit) -> str:
        """What the visit makes of it; the state the run ends in."""
        before = sum(1 for one in self.known.values() if one.listed and one.title)
        met: dict[str, str] = {}
        for identifier, kind in visit.items:
            met.setdefault(identifier, kind)
        nameless = any(kind == "unreadable" and name not in self.known for name, kind in met.items())
        for identifier, kind in met.items():
            self._place(self.known.setdefault(identifier, Known()), identifier, kind, visit.admits)
        if visit.breaks:
            return "failed"
        if not visit.items and not before:
            return "failed"
        gone = [one for name, one in self.known.items() if one.listed and name not in met]
        losing = sum(1 for one in gone if one.title)
        if losing and not visit.accept and (losing > before * visit.limit or nameless or not visit.items):
            return "held"
        for one in gone:
            one.listed, one.state = False, "retired" if one.title else ""
        return "done"

    @staticmethod
    def _place(known: Known, identifier: str, kind: str, admits: str) -> None:
        known.listed = True
        if kind != "unreadable":
            known.title = made(identifier, kind).body["title"]
            known.state = "withheld" if kind == "flawed" and admits == "valid" else "published"


def made(identifier: str, kind: str) -> Record:
    """A record of this kind: two good ones, one whose error still reads, one that is no dataset."""
    if kind == "unreadable":
        return unreadable(identifier)
    if kind == "flawed":
        return record(identifier, f"{identifier} flawed", contactPoint={"fn": "Desk", "hasEmail": "desk"}, accessLevel="open")
    return record(identifier, f"{identifier} {kind}")


def visits() -> st.SearchStrategy[list[Visit]]:
    item = st.tuples(st.sampled_from(IDENTIFIERS), st.sampled_from(KINDS))
    visit = st.builds(
        Visit,
        items=st.lists(item, max_size=8).map(tuple),
        breaks=st.integers(0, 5).map(lambda n: n == 0),
        killed=st.one_of(st.none(), st.integers(0, 4)),
        accept=st.booleans(),
        limit=st.sampled_from([0.0, 0.4, 1.0]),
        admits=st.sampled_from(["readable", "readable", "valid"]),
    )
    return st.lists(visit, min_size=1, max_size=6)


def perform(engine: Engine, visit: Visit) -> Run:
    """The visit, killed once on the way when it says so."""
    name = new_source(engine, "roads", retire_limit=visit.limit, admits=visit.admits)
    records = [made(*item) for item in visit.items]
    listing = Listing(records, batch=2, breaks_at=len(records) - len(records) % 2 if visit.breaks else None)
    if visit.breaks:
        listing.records = [*records, record("never reached")] if len(records) % 2 == 0 else records[:-1] + [record("never")] * 2
    run_id = ask(engine, name, accept_retire=visit.accept)
    if visit.killed is not None:
        left = go_on(engine, run_id, listing, stop_after=visit.killed)
        if left.state != "running":
            return left
    return go_on(engine, run_id, listing, again=visit.killed is not None)


def compare(engine: Engine, model: Model, ids: dict[str, tuple[str, str]]) -> None:
    """Store and dict agree; ids and names never change; the log leads to what is there."""
    for identifier, known in model.known.items():
        found = entry(engine, "roads", identifier)
        if known.title is None:
            assert found is None, identifier
            continue
        assert found is not None, identifier
        assert (best(found.dataset.title), found.state) == (known.title, known.state), identifier
        assert ids.setdefault(identifier, (found.id, found.name)) == (found.id, found.name)
    states = [one.state for one in model.known.values() if one.title]
    with database.reading(engine) as session:
        assert ledger.verify(session).ok
        assert store.count(session) == states.count("published")
        assert store.count(session, state="retired") == states.count("retired")
        assert len(list(store.ids(session))) == len(states) - states.count("retired")
    replay(engine)


def replay(engine: Engine) -> None:
    """Reading the log from its start gives the state and digest of each dataset."""
    last: dict[str, tuple[str, str | None, int]] = {}
    for line in log(engine):
        if line.action == "added":
            assert line.dataset_id not in last and line.before is None
        elif line.dataset_id in last:
            assert line.before == last[line.dataset_id][1] or line.action == "withheld"
        digest = line.before if line.action == "retired" else line.after
        last[line.dataset_id] = (line.action, digest, line.sequence)
    with database.reading(engine) as session:
        for dataset_id, found in store.entries(session, list(last)).items():
            action, digest, sequence = last[dataset_id]
            assert (found.digest, found.sequence) == (digest, sequence)
            assert (found.state == "retired") == (action == "retired")


def play(engine: Engine, sequence: Sequence[Visit]) -> None:
    model, ids = Model(), dict[str, tuple[str, str]]()
    for visit in sequence:
        met: dict[str, str] = {}
        trimmed = visit.items if not visit.breaks else visit.items[: len(visit.items) - len(visit.items) % 2]
        wanted = Visit(trimmed, visit.breaks, visit.killed, visit.accept, visit.limit, visit.admits)
        state = model.take(wanted)
        run = perform(engine, visit)
        agrees(run)
        assert run.state == state, (visit, run.message)
        for identifier, kind in trimmed:
            met.setdefault(identifier, kind)
        assert run.failed == sum(kind == "unreadable" for kind in met.values())
        compare(engine, model, ids)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=visits())
def test_any_sequence_of_visits_leaves_what_a_dict_would_hold(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, sequence: list[Visit]
) -> None:
    path = tmp_path_factory.mktemp("visits") / "mulu.db"
    copy(sqlite_template, path)
    engine = database.connect(f"sqlite:///{path}")
    try:
        play(engine, sequence)
    finally:
        engine.dispose()


def test_a_long_sequence_on_both_databases(database_engine: Engine) -> None:
    good, other = tuple((name, "one") for name in IDENTIFIERS), tuple((name, "two") for name in IDENTIFIERS)
    play(
        database_engine,
        [
            Visit(good),
            Visit((*good, *good), killed=2),
            Visit(other[:3], limit=0.4),
            Visit(other[:3], limit=0.4, accept=True),
            Visit((), accept=False),
            Visit((*good[:2], ("c", "unreadable"), ("d", "flawed")), breaks=True, admits="valid"),
            Visit((*good[:2], ("c", "unreadable"), ("d", "flawed")), admits="valid", killed=1),
            Visit(other, admits="valid"),
            Visit((), accept=True),
            Visit(good, killed=3),
        ],
    )
