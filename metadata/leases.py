"""Leases: what only one process may do at a time. Whoever takes one has it for some seconds, and renews it while it lives.

One statement decides (`INSERT … ON CONFLICT DO UPDATE … WHERE`), on both databases, so that of two who ask at the same moment
one gets it. Times are the machines' own: their clocks must not differ by more than a few seconds. Never commits.
"""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from metadata import clock
from metadata.tables import Lease


def take(session: Session, name: str, holder: str, seconds: float) -> bool:
    """Takes a lease that is free or over, or renews one's own, until `seconds` from now. Whether it is one's own now."""
    table: Any = Lease.__table__  # type: ignore[attr-defined]
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(name=name, holder=holder, until=clock.later(seconds))
    new = statement.excluded
    free = (table.c.holder == holder) | (table.c.until < clock.now())
    mine: Any = statement.on_conflict_do_update(
        index_elements=["name"], set_={"holder": new.holder, "until": new.until}, where=free
    )
    return session.execute(mine.returning(table.c.name)).first() is not None


def holder(session: Session, name: str) -> Lease | None:
    """Who has a lease, or had it last."""
    return session.exec(select(Lease).where(Lease.name == name)).first()


def release(session: Session, name: str, holder: str) -> None:
    """Gives a lease back; nothing happens when it is another's."""
    session.execute(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))
