"""The log: whatever is altered, removed, put in or moved is found; what was written down must still be there."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, update
from sqlmodel import col

from metadata import database, ledger
from metadata.ledger import Line
from metadata.tables import Change
from tests.harvests import new_source, record, visit

FIELDS = ("sequence", "at", "actor", "action", "dataset_id", "name", "run_id", "before", "after", "previous", "hash")


def chain(count: int) -> list[Change]:
    """A log as `append` would write it, without a database."""
    previous, lines = ledger.FIRST, []
    for number in range(1, count + 1):
        row = ledger._row(
            number, f"2026-01-01T00:00:00.{number:06d}Z", Line("x", "added", f"d{number}", f"n{number}"), previous
        )
        previous = row["hash"] = ledger._hash(row)
        lines.append(Change.model_validate(row))
    return lines


def copied(lines: list[Change]) -> list[Change]:
    return [Change.model_validate(line.model_dump()) for line in lines]


def resealed(line: Change) -> Change:
    """The line with a hash that fits its words, as a forger would make it."""
    line.hash = ledger._hash(line.model_dump())
    return line


def test_an_empty_log_is_whole() -> None:
    assert ledger.check([]) == ledger.Verification(True, 0, ledger.FIRST)


@given(st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_altered_line_is_found(data: st.DataObject) -> None:
    lines = chain(data.draw(st.integers(1, 6)))
    assert ledger.check(lines).ok
    at = data.draw(st.integers(0, len(lines) - 1))
    field = data.draw(st.sampled_from(FIELDS))
    other = data.draw(st.integers(-3, 99) if field in ("sequence", "run_id") else st.text(max_size=5))
    before = getattr(lines[at], field)
    setattr(lines[at], field, other)
    assert ledger.check(lines).ok == (before == other)


@given(st.data())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_any_line_removed_put_in_or_moved_is_found(data: st.DataObject) -> None:
    lines = chain(data.draw(st.integers(2, 7)))
    head = (len(lines), lines[-1].hash)
    at = data.draw(st.integers(0, len(lines) - 1))
    what = data.draw(st.sampled_from(["remove", "insert", "move", "double"]))
    forged = copied(lines)
    if what == "move":
        to = data.draw(st.integers(0, len(lines) - 1).filter(lambda n: n != at))
        forged.insert(to, forged.pop(at))
    elif what == "remove":
        del forged[at]
    elif what == "double":
        forged.insert(at, copied([lines[at]])[0])
    else:
        forged.insert(at, resealed(Change.model_validate({**lines[at].model_dump(), "actor": "forger"})))
    found = ledger.check(forged, head)
    assert not found.ok and found.first_bad and found.message


def test_a_tail_cut_off_is_found_only_by_what_was_written_down() -> None:
    lines = chain(5)
    assert ledger.check(lines[:3]).ok  # nothing inside it tells
    cut = ledger.check(lines[:3], (5, lines[4].hash))
    assert (cut.ok, cut.first_bad, "ends before line 5" in cut.message) == (False, 4, True)
    assert ledger.check(lines, (3, lines[2].hash)).ok


def test_a_log_rewritten_from_a_line_on_is_found_only_by_what_was_written_down() -> None:
    lines = chain(5)
    written = (4, lines[3].hash)
    previous = lines[1].hash
    for line in lines[2:]:
        line.actor, line.previous = "forger", previous
        previous = resealed(line).hash
    assert ledger.check(lines).ok
    found = ledger.check(lines, written)
    assert (found.ok, found.first_bad) == (False, 4) and "rewritten" in found.message


def test_the_log_is_checked_where_it_lies_and_where_it_was_exported(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record(str(n)) for n in range(7)])
    visit(database_engine, name, [record(str(n), f"New {n}") for n in range(7)])
    with database.reading(database_engine) as session:
        assert ledger.head(session)[0] == 14
        exported = [json.dumps(line.model_dump()) for line in ledger.lines(session)]
        assert [json.loads(line)["sequence"] for line in exported] == list(range(1, 15))
        assert [line.sequence for line in ledger.lines(session, 12)] == [13, 14]
        head = ledger.head(session)
        assert ledger.verify(session, head).ok
    again = ledger.check((Change.model_validate_json(line) for line in exported), head)
    assert (again.ok, again.lines, again.head) == (True, 14, head[1])


@pytest.mark.parametrize(
    ("harm", "first_bad"),
    [
        (update(Change).where(col(Change.sequence) == 3).values(actor="nobody"), 3),
        (update(Change).where(col(Change.sequence) == 1).values(at="2020-01-01T00:00:00.000000Z"), 1),
        (update(Change).where(col(Change.sequence) == 2).values(hash="0" * 64), 2),
        (update(Change).where(col(Change.sequence) == 5).values(sequence=9), 5),
        (delete(Change).where(col(Change.sequence) == 4), 4),
        (delete(Change).where(col(Change.sequence) == 1), 1),
    ],
)
def test_harm_done_in_the_database_is_found(database_engine: Engine, harm: object, first_bad: int) -> None:
    visit(database_engine, new_source(database_engine), [record(str(n)) for n in range(5)])
    with database.writing(database_engine) as session:
        assert ledger.verify(session).ok
        session.execute(harm)  # type: ignore[call-overload]
        session.commit()
        found = ledger.verify(session)
    assert (found.ok, found.first_bad) == (False, first_bad)


def test_what_is_rolled_back_leaves_no_gap(database_engine: Engine) -> None:
    line = Line("x", "added", "d", "n")
    with database.writing(database_engine) as session:
        assert ledger.append(session, [line, line]) == 1
        session.rollback()
        assert ledger.append(session, []) == 1
        assert ledger.append(session, [line]) == 1
        session.commit()
        assert ledger.append(session, [line]) == 2
        session.commit()
        assert ledger.verify(session) == ledger.Verification(True, 2, ledger.head(session)[1])
