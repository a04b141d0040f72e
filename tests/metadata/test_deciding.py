"""Held runs: the list of what would be retired, and what a person decides of it."""

import pytest
from sqlalchemy import Engine

from harvesters.base import Record
from metadata import database, deciding, ledger, sources
from metadata.errors import Conflict
from metadata.tables import Run
from tests.harvests import Listing, ask, entry, go_on, log, new_source, published, record, visit


def held(engine: Engine, kept: int = 4, of: int = 10) -> Run:
    """A run that stopped: its source lists `kept` of the `of` records that it had."""
    name = new_source(engine)
    visit(engine, name, [record(f"r{n}") for n in range(of)])
    run = visit(engine, name, [record(f"r{n}") for n in range(kept)])
    assert run.state == "held"
    return run


def decide(engine: Engine, run: Run, accept: bool, actor: str = "token:ada", note: str = "") -> Run:
    with database.writing(engine) as session:
        decided = deciding.decide(session, run.id or 0, accept, actor, note)
        session.commit()
        return decided


def names_left(engine: Engine, run: Run) -> list[str]:
    with database.reading(engine) as session:
        kept = sources.run(session, run.id or 0)
        found = list(deciding.every_vanished(session, kept))
        assert deciding.count_vanished(session, kept) == len(found)
        return [one.identifier for one in found]


def test_a_held_run_keeps_the_list_of_what_would_leave(database_engine: Engine) -> None:
    run = held(database_engine)
    assert names_left(database_engine, run) == [f"r{n}" for n in range(4, 10)]
    with database.reading(database_engine) as session:
        page = deciding.vanished(session, sources.run(session, run.id or 0), "r6", 2)
    assert [(one.identifier, one.title, one.state) for one in page] == [
        ("r7", "Title r7", "published"),
        ("r8", "Title r8", "published"),
    ]
    assert page[0].name == "title-r7" and page[0].organization == "transport"


def test_accepting_retires_exactly_these_as_the_persons_doing(database_engine: Engine) -> None:
    run = held(database_engine)
    before = len(log(database_engine))
    decided = decide(database_engine, run, True, note="  the office was closed ")
    assert (decided.state, decided.message, decided.retired) == ("done", "", 6)
    assert decided.decision is not None and decided.decision["at"]
    assert {key: decided.decision[key] for key in ("decided", "by", "note", "retired")} == {
        "decided": "accepted",
        "by": "token:ada",
        "note": "the office was closed",
        "retired": 6,
    }
    lines = log(database_engine)[before:]
    assert [(one.actor, one.action, one.run_id) for one in lines] == [("token:ada", "retired", run.id)] * 6
    assert sorted(published(database_engine)) == ["r0", "r1", "r2", "r3"]
    assert names_left(database_engine, run) == []
    with pytest.raises(Conflict, match="does not wait"):
        decide(database_engine, run, True)
    again = visit(database_engine, "roads", [record(f"r{n}") for n in range(4)])
    assert (again.state, again.unchanged, again.retired) == ("done", 4, 0)


def test_refusing_keeps_all_and_is_remembered(database_engine: Engine) -> None:
    run = held(database_engine)
    decided = decide(database_engine, run, False, "token:bob")
    assert decided.state == "held" and decided.decision and decided.decision["decided"] == "refused"
    assert len(published(database_engine)) == 10
    with pytest.raises(Conflict, match="refused"):
        decide(database_engine, run, True)
    assert visit(database_engine, "roads", [record(f"r{n}") for n in range(4)]).state == "held"  # and asks again


def test_a_newer_run_takes_the_decision_away(database_engine: Engine) -> None:
    run = held(database_engine)
    newer = ask(database_engine, "roads")
    with pytest.raises(Conflict, match=f"run {newer}"):
        decide(database_engine, run, True)
    go_on(database_engine, newer, Listing([record(f"r{n}") for n in range(10)]))
    with pytest.raises(Conflict, match="harvested again"):
        decide(database_engine, run, True)
    assert names_left(database_engine, run) == []
    assert len(published(database_engine)) == 10


def test_a_run_that_was_cancelled_before_it_began_is_no_newer_one(database_engine: Engine) -> None:
    run = held(database_engine)
    with database.writing(database_engine) as session:
        asked = sources.ask(session, sources.source(session, "roads"))
        asked.state = "cancelled"
        session.add(asked)
        session.commit()
    assert decide(database_engine, run, True).retired == 6


@pytest.mark.parametrize("state", ["done", "failed"])
def test_only_a_held_run_waits_for_a_decision(database_engine: Engine, state: str) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a"), record("b"), record("c")])
    run = visit(database_engine, name, [record("a"), record("b"), record("c")], breaks_at=2 if state == "failed" else None)
    assert run.state == state
    assert names_left(database_engine, run) == []
    with pytest.raises(Conflict):
        decide(database_engine, run, True)


def test_what_an_accepted_run_retired_comes_back_when_it_is_listed_again(database_engine: Engine) -> None:
    run = held(database_engine)
    first = entry(database_engine, "roads", "r9")
    decide(database_engine, run, True)
    back = visit(database_engine, "roads", [record(f"r{n}") for n in range(10)])
    assert (back.state, back.updated, back.unchanged) == ("done", 6, 4)
    now = entry(database_engine, "roads", "r9")
    assert first and now and (now.id, now.name, now.state) == (first.id, first.name, "published")
    assert [one.action for one in log(database_engine) if one.dataset_id == now.id] == ["added", "retired", "restored"]


def test_what_the_server_said_of_an_earlier_state_is_forgotten(database_engine: Engine) -> None:
    run = held(database_engine)
    with database.writing(database_engine) as session:
        row = sources.source(session, "roads")
        row.validators, row.failures = {"https://roads.example/data.json": {"etag": "of ten"}}, 3
        session.add(row)
        session.commit()
    decide(database_engine, run, True)
    with database.reading(database_engine) as session:
        row = sources.source(session, "roads")
        assert (row.validators, row.failures) == ({}, 0) and row.last_good


def test_a_partial_run_lists_what_it_was_told_is_deleted(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record(f"r{n}") for n in range(6)])
    told = [Record(None, f"r{n}", deleted=True) for n in range(4)]
    listing = Listing([*told, record("r5", "Another title")])
    listing.partial = True
    run = go_on(database_engine, ask(database_engine, name), listing)
    assert (run.state, run.partial) == ("held", True)
    assert names_left(database_engine, run) == ["r0", "r1", "r2", "r3"]
    assert decide(database_engine, run, True).retired == 4
    assert sorted(published(database_engine)) == ["r4", "r5"]
    with database.reading(database_engine) as session:
        assert ledger.verify(session).ok
