"""Rows that are added up: what many processes count, each for itself, becomes one number in the database.

One statement does it (`INSERT … ON CONFLICT DO UPDATE`, on SQLite and PostgreSQL alike), so that two processes that add at the
same moment lose nothing. Rows are handed over in the order of their keys: two that meet never wait for one another in a ring.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from metadata.database import write_many


def add_up(
    session: Session,
    model: Any,
    rows: Sequence[Mapping[str, Any]],
    *,
    sums: Sequence[str],
    peaks: Sequence[str] = (),
    filled: Sequence[str] = (),
) -> None:
    """Insert rows of a table, or add them to those of the same key: `sums` are added, of `peaks` the larger one stays,
    `filled` take the new value where there is one."""
    if not rows:
        return
    table = model.__table__
    keys = [column.name for column in table.primary_key]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table)
    new = statement.excluded
    changed: dict[str, Any] = {name: table.c[name] + new[name] for name in sums}
    changed |= {name: case((new[name] > table.c[name], new[name]), else_=table.c[name]) for name in peaks}
    changed |= {name: func.coalesce(new[name], table.c[name]) for name in filled}
    ordered = sorted(rows, key=lambda row: tuple(str(row[name]) for name in keys))
    write_many(session, statement.on_conflict_do_update(index_elements=keys, set_=changed), ordered)
