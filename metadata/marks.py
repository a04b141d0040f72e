"""Marks: small facts that one process finds and every process shows, such as how the index stood when it was last checked."""

from typing import Any

from sqlmodel import Session

from metadata import clock
from metadata.tables import Mark


def put_mark(session: Session, name: str, value: dict[str, Any]) -> None:
    """Notes a fact as of now, in place of what was noted under this name. Never commits."""
    session.merge(Mark(name=name, value=value, at=clock.now()))
    session.flush()


def mark(session: Session, name: str) -> Mark | None:
    """The fact of this name, with when it was found."""
    return session.get(Mark, name)
