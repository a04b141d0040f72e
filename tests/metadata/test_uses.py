"""Use: counted by day, added up over processes, forgotten in time; datasets that reach a step are touched."""

import threading

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from metadata import database, uses
from tests.harvests import entry, new_source, record, visit


def add(engine: Engine, counts: dict[str, int], day: str = "") -> None:
    with database.writing(engine) as session:
        uses.add(session, counts, day or uses.today())
        session.commit()


def waiting(engine: Engine) -> list[str]:
    """What is touched, struck out at once."""
    with database.writing(engine) as session:
        found = uses.touched(session, 1000)
        uses.untouch(session, found)
        session.commit()
        return found


def test_visits_are_added_up(database_engine: Engine) -> None:
    add(database_engine, {"b": 1, "a": 2})
    add(database_engine, {"a": 3, "c": 0})
    add(database_engine, {"a": 5}, uses.days_ago(3))
    with Session(database_engine) as session:
        assert uses.uses(session, ["a", "b", "c", "d"]) == {"a": 10, "b": 1}
        assert uses.uses(session, []) == {}
        assert uses.by_day(session, uses.days_ago(9), "a") == [(uses.days_ago(3), 5), (uses.today(), 5)]
        assert uses.by_day(session, uses.today()) == [(uses.today(), 6)]


def test_many_processes_lose_no_visit(database_engine: Engine) -> None:
    """Threads with sessions of their own stand for processes; they hand over the same datasets in different orders."""
    ids = [f"d{number}" for number in range(20)]
    barrier = threading.Barrier(4)

    def count(turn: int) -> None:
        barrier.wait()
        for _ in range(10):
            add(database_engine, dict.fromkeys(ids[turn * 5 :] + ids[: turn * 5], 1))

    threads = [threading.Thread(target=count, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(database_engine) as session:
        assert uses.uses(session, ids) == dict.fromkeys(ids, 40)
    assert waiting(database_engine) == sorted(ids)  # 1 and 10 were reached by each


def test_a_dataset_is_touched_when_its_use_reaches_a_step(database_engine: Engine) -> None:
    add(database_engine, {"a": 1, "b": 0})
    assert waiting(database_engine) == ["a"]
    add(database_engine, {"a": 8})
    assert waiting(database_engine) == []
    add(database_engine, {"a": 1, "b": 99})
    assert waiting(database_engine) == ["a", "b"]
    add(database_engine, {"a": 89, "b": 1})
    assert waiting(database_engine) == ["b"]
    add(database_engine, {"a": 9901, "b": 1})
    assert waiting(database_engine) == ["a"]
    add(database_engine, {"a": 50_000})
    assert waiting(database_engine) == []


def test_what_is_old_is_forgotten_and_lowers_the_step(database_engine: Engine) -> None:
    add(database_engine, {"a": 5, "b": 5, "c": 10}, "2020-01-01")
    add(database_engine, {"a": 5, "b": 20})
    waiting(database_engine)
    with database.writing(database_engine) as session:
        assert uses.forget(session, uses.days_ago(365)) == 3
        session.commit()
        assert uses.uses(session, ["a", "b", "c"]) == {"a": 5, "b": 20}
    assert waiting(database_engine) == ["a", "c"]


def test_what_was_visited_can_be_touched_again(database_engine: Engine) -> None:
    add(database_engine, {"a": 2})
    add(database_engine, {"b": 2}, uses.days_ago(5))
    waiting(database_engine)
    with database.writing(database_engine) as session:
        assert uses.touch_visited(session, uses.days_ago(1)) == 1
        uses.touch(session, ["a", "x", "a"])
        session.commit()
        assert uses.touched(session, 1) == ["a"]
    assert waiting(database_engine) == ["a", "x"]


def test_thousands_at_once(database_engine: Engine) -> None:
    ids = [f"d{number:05}" for number in range(3000)]
    add(database_engine, dict.fromkeys(ids, 2))
    with Session(database_engine) as session:
        assert uses.uses(session, ids) == dict.fromkeys(ids, 2)


def test_the_most_used_are_those_that_can_be_seen(database_engine: Engine) -> None:
    visit(database_engine, new_source(database_engine), [record("a"), record("b")])
    ids = {one: found.id for one in ("a", "b") if (found := entry(database_engine, "roads", one))}
    add(database_engine, {ids["a"]: 3, ids["b"]: 7, "nothing": 99})
    with Session(database_engine) as session:
        assert uses.most_used(session, uses.today(), 5) == [(ids["b"], 7), (ids["a"], 3)]
        assert uses.most_used(session, uses.today(), 1) == [(ids["b"], 7)]


@pytest.mark.parametrize("count", [-3, 0])
def test_nothing_is_counted_backwards(database_engine: Engine, count: int) -> None:
    add(database_engine, {"a": count})
    with Session(database_engine) as session:
        assert uses.uses(session, ["a"]) == {}
