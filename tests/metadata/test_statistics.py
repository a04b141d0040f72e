"""Statistics of the search on both databases: added up, bounded, words only when they are nobody's own."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from metadata import database, statistics
from metadata.errors import Invalid
from metadata.statistics import Asked
from metadata.tables import SearchTally

DAY = "2026-05-03"


def asked(words: str, searches: int = 1, empty: int = 0, slow: int = 0, worst: float = 5, total: float = 5) -> Asked:
    return Asked(f"k{words}", words, searches, empty, slow, worst, total)


def add(engine: Engine, *some: Asked, day: str = DAY) -> None:
    with database.writing(engine) as session:
        statistics.add_searches(session, day, some)
        session.commit()


def told(engine: Engine, kind: str, since: str = DAY, limit: int = 10) -> list[tuple[str | None, int, int, int, float, float]]:
    with Session(engine) as session:
        found = statistics.searches(session, kind, since, limit)
    return [(one.words, one.searches, one.empty, one.slow, one.worst, one.total) for one in found]


def test_what_several_processes_counted_is_added_up(database_engine: Engine) -> None:
    add(database_engine, asked("bus", 2, 1, 0, 10, 15), asked("air", 4, 0, 2, 900, 1500))
    add(database_engine, asked("bus", 3, 1, 1, 700, 705))
    assert told(database_engine, "top") == [("bus", 5, 2, 1, 700, 720), ("air", 4, 0, 2, 900, 1500)]
    assert told(database_engine, "zero") == [("bus", 5, 2, 1, 700, 720)]
    assert [one[0] for one in told(database_engine, "slow")] == ["air", "bus"]
    assert [one[0] for one in told(database_engine, "slow", limit=1)] == ["air"]
    with Session(database_engine) as session:
        assert statistics.all_searches(session, DAY) == Asked("", None, 9, 2, 3, 900, 2220)
        with pytest.raises(Invalid, match="no such statistic"):
            statistics.searches(session, "nope", DAY, 1)


def test_words_are_written_down_from_the_third_time_on(database_engine: Engine) -> None:
    add(database_engine, asked("my own secret"), day="2026-05-01")
    add(database_engine, asked("my own secret"))
    with Session(database_engine) as session:
        assert session.exec(select(SearchTally.words)).all() == [None, None]
        assert statistics.all_searches(session, "2026-05-01").searches == 2
    assert told(database_engine, "top") == []
    add(database_engine, asked("my own secret"))
    assert told(database_engine, "top", "2026-05-01") == [("my own secret", 3, 0, 0, 5, 15)]
    add(database_engine, asked("at once", 3))
    assert "at once" in [one[0] for one in told(database_engine, "top")]


def test_what_has_no_words_is_counted_and_never_told(database_engine: Engine) -> None:
    add(database_engine, Asked("", None, 9, 9, 9, 9, 9), asked("a", 3))
    add(database_engine, Asked("", None, 1, 0, 0, 1, 1))
    assert [one[0] for one in told(database_engine, "top")] == ["a"]
    with Session(database_engine) as session:
        assert statistics.all_searches(session, DAY).searches == 13


def test_a_day_has_a_bound(database_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MOST_A_DAY", 5)
    add(database_engine, *[asked(f"w{number}", 3) for number in range(4)])
    add(database_engine, *[asked(f"w{number}", 3) for number in range(9)])
    add(database_engine, asked("w0", 3), asked("late", 50))
    assert told(database_engine, "top")[0] == ("w0", 9, 0, 0, 5, 15)
    with Session(database_engine) as session:
        rows = session.exec(select(SearchTally.key).order_by(SearchTally.key)).all()
        assert rows == ["", "kw0", "kw1", "kw2", "kw3", "kw4"]
        assert statistics.all_searches(session, DAY).searches == 12 + 27 + 53
    add(database_engine, replace(asked("w1", 3)), day="2026-05-04")  # another day has room again
    assert told(database_engine, "top", "2026-05-04") == [("w1", 3, 0, 0, 5, 5)]


def test_old_days_are_forgotten(database_engine: Engine) -> None:
    add(database_engine, asked("a", 3), day="2026-01-01")
    add(database_engine, asked("b", 3))
    with database.writing(database_engine) as session:
        assert statistics.forget(session, "2026-05-01") == 1
        session.commit()
    assert [one[0] for one in told(database_engine, "top", "2020-01-01")] == ["b"]


def test_numbers_only_grow(database_engine: Engine) -> None:
    for _ in range(3):
        with database.writing(database_engine) as session:
            statistics.grow(session, {"a": 2, "b": 0.5, "c": 0})
            session.commit()
    with Session(database_engine) as session:
        assert statistics.numbers(session) == {"a": 6, "b": 1.5}
