"""Sources and their runs."""

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from metadata import database, departments, sources, store
from metadata.errors import Conflict, Invalid, NotFound
from metadata.tables import FindingRow, RecordRow, Run
from tests.harvests import ask, entry, log, new_source, published, record, unreadable, visit


def test_a_source_is_made_and_changed_in_what_is_given(database_engine: Engine) -> None:
    name = new_source(database_engine, settings={"batch_size": 5}, schedule="0 3 * * *")
    with database.writing(database_engine) as session:
        row = sources.source(session, name)
        row.validators = {"https://x": {"etag": "1"}}
        session.add(row)
        changed = sources.put_source(session, name, retire_limit=0.5)
        assert (changed.id, changed.retire_limit, changed.settings, changed.schedule) == (
            row.id,
            0.5,
            {"batch_size": 5},
            "0 3 * * *",
        )
        assert changed.validators == {}  # a changed source is asked in full
        number = departments.organization(session, "transport").id
        assert sources.put_source(session, name, organization=number).organization == "transport"
        session.commit()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"admits": "all"}, Invalid),
        ({"retire_limit": 1.1}, Invalid),
        ({"retire_limit": -0.1}, Invalid),
        ({"organization": "nope"}, NotFound),
    ],
)
def test_a_source_that_cannot_be_is_refused(
    database_engine: Engine, given: dict[str, object], problem: type[Exception]
) -> None:
    with database.writing(database_engine) as session, pytest.raises(problem):
        sources.put_source(session, "x1", url="https://x", protocol="dcat_us", **given)
    with database.writing(database_engine) as session, pytest.raises(Invalid):
        sources.put_source(session, "X!", url="https://x", protocol="dcat_us")


def test_a_removed_source_takes_its_records_and_leaves_history(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record("a", "Bus lines"), record("b"), unreadable("c")])
    other = new_source(database_engine, "other")
    visit(database_engine, other, [record("o")])
    kept = entry(database_engine, name, "a")
    with database.writing(database_engine) as session:
        assert sources.remove_source(session, name, "tester") == 2
        session.commit()
        with pytest.raises(NotFound):
            sources.source(session, name)
        left = [session.exec(select(func.count()).select_from(table)).one() for table in (RecordRow, FindingRow, Run)]
        assert left[0] == 1 and left[2] == 1
        assert kept and [line.action for line in store.history(session, kept.id)] == ["retired", "added"]
        assert store.entries(session, [kept.id])[kept.id].source is None
    assert list(published(database_engine)) == ["o"]
    assert {line.actor for line in log(database_engine) if line.action == "retired"} == {"tester"}


def test_a_source_is_removed_and_added_again_under_its_name_many_times(database_engine: Engine) -> None:
    names = set()
    for _ in range(7):
        name = new_source(database_engine)
        run = visit(database_engine, name, [record("a", "Bus lines"), record("b")])
        assert (run.state, run.added) == ("done", 2), run.message
        found = entry(database_engine, name, "a")
        assert found
        names.add(found.name)
        with database.writing(database_engine) as session:
            assert sources.remove_source(session, name, "tester") == 2
            session.commit()
    assert len(names) == 7 and log(database_engine)


def test_a_source_being_harvested_is_neither_removed_nor_asked_again(database_engine: Engine) -> None:
    name = new_source(database_engine)
    number = ask(database_engine, name)
    with database.writing(database_engine) as session:
        with pytest.raises(Conflict, match=f"run {number} of this source is running"):
            sources.ask(session, sources.source(session, name))
        with pytest.raises(Conflict):
            sources.remove_source(session, name, "tester")


def test_what_a_department_registers_is_not_harvested(database_engine: Engine) -> None:
    new_source(database_engine)
    with database.writing(database_engine) as session:
        first = sources.registered(session, "transport")
        assert sources.registered(session, "transport").id == first.id and first.name == "transport-registered"
        with pytest.raises(Invalid):
            sources.ask(session, first)
        with pytest.raises(NotFound):
            sources.registered(session, "nope")


def test_runs_are_listed_newest_first_and_counted(database_engine: Engine) -> None:
    one, two = new_source(database_engine, "one"), new_source(database_engine, "two")
    for _ in range(3):
        visit(database_engine, one, [record("a")])
    visit(database_engine, two, [record("b")])
    with database.reading(database_engine) as session:
        first = sources.source(session, one)
        ids = [run.id or 0 for run in sources.runs(session)]
        assert ids == sorted(ids, reverse=True) and len(ids) == sources.count_runs(session) == 4
        assert [run.id for run in sources.runs(session, first.id, 2)] == ids[1:3]
        assert [run.id for run in sources.runs(session, first.id, 10, before=ids[2])] == ids[3:]
        assert sources.count_runs(session, first.id) == 3
        for wrong in (0, -1, 2**31, 2**70, 999):
            with pytest.raises(NotFound):
                sources.run(session, wrong)


def test_records_are_told_apart_by_state_and_rule(database_engine: Engine) -> None:
    name = new_source(database_engine, retire_limit=1.0)
    visit(database_engine, name, [record("a"), record("b", modified="-"), unreadable("c"), record("d")])
    run = visit(database_engine, name, [record("a"), record("b", modified="-"), unreadable("c")])
    with database.reading(database_engine) as session:
        number = sources.source(session, name).id
        assert [row.identifier for row in sources.records(session, number)] == ["a", "b", "c"]  # d is not listed any more
        assert [row.identifier for row in sources.records(session, number, state="failed")] == ["c"]
        assert [row.identifier for row in sources.records(session, number, after="a", limit=1)] == ["b"]
        by_rule = sources.findings_by_rule(session, run.id or 0)
        assert by_rule == run.findings_by_rule and list(by_rule.values()) == sorted(by_rule.values(), reverse=True)
        for rule in by_rule:
            assert sources.count_records(session, number, rule=rule) == len(sources.records(session, number, rule=rule)) > 0
