"""Copies follow the log: what a harvest changed is compared with what other sources have (`metadata/copies.py`)."""

from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from metadata import copies, database
from metadata.tables import Run

LINES = 2_000
"""Lines of the log that are read in one transaction while nobody waits for the lock."""

FEW = 300


def follow(engine: Engine, go_on: Callable[[], bool] = lambda: True, lines: int = LINES) -> int:
    """Reads the log to its end, a transaction for each so many lines, as long as `go_on`. Returns how many lines were read.
    Looks first without the lock for writing: most often there is nothing to read."""
    read = 0
    while go_on() and _is_behind(engine):
        with database.writing(engine) as session:
            count = copies.follow(session, lines)
            session.commit()
        read += count
        if not count:
            break
    return read


def follow_a_little(engine: Engine, leads: Callable[[], bool]) -> int:
    """As `follow`, but one step only while harvests go on, which are not to wait for it."""
    steps = iter((True, False))
    with database.reading(engine) as session:
        busy = _is_busy(session)
    return follow(engine, lambda: leads() and (not busy or next(steps, False)), FEW)


def _is_behind(engine: Engine) -> bool:
    with database.reading(engine) as session:
        return copies.behind(session) > 0


def _is_busy(session: Session) -> bool:
    return session.exec(select(Run.id).where(col(Run.state) == "running").limit(1)).first() is not None
