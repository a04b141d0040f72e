"""The log that nobody can quietly rewrite.

Each Change carries the SHA-256 of its own line, which covers the hash of the line before: whoever alters, removes or
inserts a line breaks every hash after it. An auditor who wrote down the newest hash (`head`) can prove later that
nothing before it was touched.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import text
from sqlmodel import Session, col, select

from metadata.clock import now
from metadata.database import write_many
from metadata.tables import Change

FIRST = "0" * 64
_LOCK = 77_001_063  # any number, the same everywhere: GB/T 21063


@dataclass(frozen=True)
class Line:
    """What a change says, before it has its place in the log."""

    actor: str
    action: str
    dataset_id: str
    name: str
    before: str | None = None
    after: str | None = None
    run_id: int | None = None


@dataclass(frozen=True)
class Verification:
    """`ok` when every line fits; else `first_bad` is the first sequence that does not, and `message` says how."""

    ok: bool
    lines: int
    head: str
    first_bad: int | None = None
    message: str = ""


def append(session: Session, lines: Sequence[Line]) -> int:
    """Adds lines at the end of the log, in the caller's transaction. Returns the sequence of the first one (or of the next
    line to come, when there are none)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})  # numbers become visible in order
    sequence, previous = head(session)
    first, at = sequence + 1, now()
    rows = []
    for line in lines:
        sequence += 1
        row = _row(sequence, at, line, previous)
        previous = row["hash"] = _hash(row)
        rows.append(row)
    write_many(session, Change.__table__.insert(), rows)  # type: ignore[attr-defined]
    return first


def head(session: Session) -> tuple[int, str]:
    """`(sequence, hash)` of the newest line; `(0, FIRST)` when the log is empty."""
    newest = session.execute(select(Change.sequence, Change.hash).order_by(col(Change.sequence).desc()).limit(1)).first()
    return (newest[0], newest[1]) if newest else (0, FIRST)


def lines(session: Session, after: int = 0) -> Iterator[Change]:
    """The log from the line after `after` on, in order, in bounded memory."""
    while True:
        page = session.exec(select(Change).where(Change.sequence > after).order_by(col(Change.sequence)).limit(2000)).all()
        if not page:
            return
        yield from page
        after = page[-1].sequence
        session.expunge_all()


def verify(session: Session, since: tuple[int, str] | None = None) -> Verification:
    """Reads the whole log and tells whether each line's hash fits its words and the line before. `since` is a head that was
    written down earlier: that line must still carry that hash."""
    return check(lines(session), since)


def check(log: Iterable[Change], since: tuple[int, str] | None = None) -> Verification:
    """`verify` over any log, such as an exported one."""
    previous, count = FIRST, 0
    for change in log:
        count += 1
        problem = _fault(change, count, previous, since)
        if problem:
            return Verification(False, count - 1, previous, count, problem)
        previous = change.hash
    if since and since[0] > count:
        return Verification(False, count, previous, count + 1, f"the log ends before line {since[0]}, which was there")
    return Verification(True, count, previous)


def _fault(change: Change, expected: int, previous: str, since: tuple[int, str] | None) -> str:
    row = change.model_dump()
    if change.sequence != expected:
        return f"line {expected} is missing: the next one is {change.sequence}"
    if change.previous != previous:
        return f"line {expected} does not follow the line before it: one of them was replaced"
    if _hash(row) != change.hash:
        return f"line {expected} was altered: its words do not give its hash"
    if since and since[0] == expected and since[1] != change.hash:
        return f"line {expected} is not the one that was written down: the log was rewritten"
    return ""


def _row(sequence: int, at: str, line: Line, previous: str) -> dict[str, object]:
    return {
        "sequence": sequence,
        "at": at,
        "actor": line.actor,
        "action": line.action,
        "dataset_id": line.dataset_id,
        "name": line.name,
        "run_id": line.run_id,
        "before": line.before,
        "after": line.after,
        "previous": previous,
    }


_COVERED = ("sequence", "at", "actor", "action", "dataset_id", "name", "run_id", "before", "after", "previous")


def _hash(row: dict[str, object]) -> str:
    return hashlib.sha256(orjson.dumps([row[field] for field in _COVERED])).hexdigest()
