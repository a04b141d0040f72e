"""A run taken back, a source emptied: new lines of the log, and a next harvest that begins where it should."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from metadata import database, deciding, overlays, sources, store, undoing
from metadata.errors import Conflict
from metadata.tables import FindingRow, RecordRow, Run
from metadata.undoing import Undone
from tests.harvests import ask, entry, log, new_source, published, record, unreadable, visit
from tests.metadata.test_store import linked

NOTHING = {"retired": 0, "reverted": 0, "restored": 0, "renamed": 0, "skipped": 0}


def undo(engine: Engine, run: Run, actor: str = "token:ada", note: str = "") -> Undone:
    with database.writing(engine) as session:
        undone = undoing.undo(session, run.id or 0, actor, note)
        session.commit()
        return undone


def counts(undone: Undone) -> dict[str, int]:
    return {name: count for name, count in undone.as_json().items() if name in NOTHING and count}


def clear(engine: Engine, name: str) -> int:
    with database.writing(engine) as session:
        retired = undoing.clear(session, name, "token:ada")
        session.commit()
        return retired


def test_what_a_run_added_changed_and_retired_is_taken_back(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("kept"), record("changed", "Before", modified="2020-01-01"), record("gone")])
    before = published(database_engine)
    bad = visit(database_engine, name, [record("kept"), record("changed", "After"), record("new")])
    assert (bad.added, bad.updated, bad.retired) == (1, 1, 1)
    lines = len(log(database_engine))
    undone = undo(database_engine, bad, note=" a test catalogue ")
    assert counts(undone) == {"retired": 1, "reverted": 1, "restored": 1}
    assert published(database_engine) == before
    told = {(one.name, one.action, one.actor, one.run_id) for one in log(database_engine)[lines:]}
    assert told == {
        ("title-new", "retired", "token:ada", None),
        ("before", "reverted", "token:ada", None),
        ("title-gone", "restored", "token:ada", None),
    }
    changed = entry(database_engine, name, "changed")
    assert changed and changed.dataset.modified == "2020-01-01"
    with database.reading(database_engine) as session:
        decision = sources.run(session, bad.id or 0).decision
        assert decision and (decision["decided"], decision["by"], decision["note"]) == (
            "undone",
            "token:ada",
            "a test catalogue",
        )
        assert decision["reverted"] == 1 and sources.source(session, name).validators == {}


def test_the_next_harvest_reads_anew_what_was_taken_back(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a", "Before"), record("b")])
    bad = visit(database_engine, name, [record("a", "After"), record("c")])
    undo(database_engine, bad)
    again = visit(database_engine, name, [record("a", "After"), record("c")])  # the source has not mended anything
    assert (again.state, again.updated, again.retired, again.unchanged) == ("done", 2, 1, 0)
    assert published(database_engine) == {"a": "After", "c": "Title c"}
    mended = visit(database_engine, name, [record("a", "Before"), record("b")])
    assert (mended.state, mended.updated, mended.retired) == ("done", 2, 1)
    assert published(database_engine) == {"a": "Before", "b": "Title b"}
    back = entry(database_engine, name, "b")
    assert back and back.name == "title-b"


def test_an_undone_run_leaves_nothing_to_a_source_that_was_mended(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    first = [record("a", "Before"), record("b")]
    visit(database_engine, name, first)
    undo(database_engine, visit(database_engine, name, [record("a", "After"), record("c")]))
    run = visit(database_engine, name, first)
    assert (run.state, run.unchanged, run.retired, run.added, run.updated) == ("done", 2, 0, 0, 0)


def test_only_what_nothing_happened_to_since_is_taken_back(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a"), record("b"), record("c")])
    bad = visit(database_engine, name, [record("a", "A2"), record("b", "B2"), record("c", "C2")])
    visit(database_engine, name, [record("a", "A3"), record("b", "B2"), record("c", "C2")])
    mine = entry(database_engine, name, "b")
    assert mine
    with database.writing(database_engine) as session:
        overlays.put(session, mine.id, {"title": {"en": "Mine"}}, "token:bob")
        session.commit()
    undone = undo(database_engine, bad)
    assert counts(undone) == {"reverted": 1, "skipped": 2}
    assert {one["name"]: one["why"] for one in undone.passed_over} == {"title-a": "changed since", "title-b": "changed since"}
    assert published(database_engine) == {"a": "A3", "b": "Mine", "c": "Title c"}


def test_an_identifier_that_was_joined_is_the_earlier_one_again(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [linked("old", "Roads", "https://roads.example/a.csv"), record("b")])
    first = entry(database_engine, name, "old")
    bad = visit(
        database_engine, name, [linked("new", "Roads", "https://roads.example/a.csv", modified="2025-01-01"), record("b")]
    )
    assert bad.renamed == 1
    assert counts(undo(database_engine, bad)) == {"reverted": 1, "renamed": 1}
    now = entry(database_engine, name, "old")
    assert first and now and (now.id, now.name, now.dataset) == (first.id, first.name, first.dataset)
    assert now.identifier == "old" and entry(database_engine, name, "new") is None
    run = visit(
        database_engine, name, [linked("new", "Roads", "https://roads.example/a.csv", modified="2025-01-01"), record("b")]
    )
    assert (run.state, run.renamed, run.retired) == ("done", 1, 0)
    again = entry(database_engine, name, "new")
    assert again and (again.id, again.name) == (first.id, first.name)


def test_datasets_that_a_run_brought_back_go_again(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a", "First"), record("b")])
    visit(database_engine, name, [record("b")])
    bad = visit(database_engine, name, [record("a", "Second"), record("b")])
    assert counts(undo(database_engine, bad)) == {"retired": 1}
    gone = entry(database_engine, name, "a")
    assert gone and gone.state == "retired" and gone.dataset.title == {"und": "First"}


def test_what_was_withheld_is_never_shown_by_it(database_engine: Engine) -> None:
    name = new_source(database_engine, admits="valid")
    flawed = {"modified": "not a date"}
    visit(database_engine, name, [record("hidden", **flawed), record("shown"), record("turned")])
    bad = visit(database_engine, name, [record("hidden"), record("shown", "Other"), record("turned", **flawed)])
    states = {one: entry(database_engine, name, one) for one in ("hidden", "shown", "turned")}
    assert [one.state for one in states.values() if one] == ["published", "published", "withheld"]
    assert counts(undo(database_engine, bad)) == {"reverted": 3}
    now = {one: entry(database_engine, name, one) for one in states}
    assert [one.state for one in now.values() if one] == ["withheld", "published", "published"]


def test_a_run_is_taken_back_once_and_not_while_another_goes_on(database_engine: Engine) -> None:
    name = new_source(database_engine)
    run = visit(database_engine, name, [record("a")])
    ask(database_engine, name)
    with pytest.raises(Conflict, match="is running"):
        undo(database_engine, run)
    with database.writing(database_engine) as session:
        going = sources.open_run(session, run.source_id)
        assert going
        going.state = "cancelled"
        session.add(going)
        session.commit()
    assert counts(undo(database_engine, run)) == {"retired": 1}
    with pytest.raises(Conflict, match="undone already"):
        undo(database_engine, run)
    assert published(database_engine) == {}


def test_an_accepted_run_is_taken_back_with_what_it_retired(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record(f"r{n}") for n in range(10)])
    run = visit(database_engine, name, [record(f"r{n}") for n in range(4)])
    with database.writing(database_engine) as session:
        deciding.decide(session, run.id or 0, True, "token:ada")
        session.commit()
    assert counts(undo(database_engine, run, "token:bob")) == {"restored": 6}
    assert len(published(database_engine)) == 10
    with database.reading(database_engine) as session:
        decision = sources.run(session, run.id or 0).decision
        assert decision and decision["before"]["decided"] == "accepted"


def test_more_than_a_page_is_taken_back(database_engine: Engine) -> None:
    name = new_source(database_engine)
    run = visit(database_engine, name, [record(f"r{n}") for n in range(1203)], batch=500)
    assert counts(undo(database_engine, run)) == {"retired": 1203}
    assert published(database_engine) == {} and len(log(database_engine)) == 2406


def test_a_cleared_source_forgets_its_records_and_keeps_names_and_histories(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a"), record("b", modified="not a date"), unreadable("c")])
    first = entry(database_engine, name, "a")
    assert clear(database_engine, name) == 2
    assert published(database_engine) == {}
    with database.reading(database_engine) as session:
        row = sources.source(session, name)
        assert row.validators == {} and sources.count_records(session, row.id) == 0
        assert session.exec(select(FindingRow)).all() == []
        assert [one.digest for one in session.exec(select(RecordRow))] == ["", ""]
        assert len(sources.runs(session, row.id)) == 1
    assert [(one.action, one.actor) for one in log(database_engine)][-2:] == [("retired", "token:ada")] * 2
    run = visit(database_engine, name, [record("a"), record("d")])
    assert (run.state, run.added, run.updated, run.retired) == ("done", 1, 1, 0)
    back = entry(database_engine, name, "a")
    assert first and back and (back.id, back.name, back.state) == (first.id, first.name, "published")
    with database.reading(database_engine) as session:
        assert [one.action for one in store.history(session, back.id)] == ["restored", "retired", "added"]


def test_a_source_that_is_being_harvested_is_not_cleared(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a")])
    ask(database_engine, name)
    with pytest.raises(Conflict, match="is running"):
        clear(database_engine, name)
    assert published(database_engine) == {"a": "Title a"}
