"""An engine for a URL, and sessions that read or write.

SQLite: write-ahead log, full synchronisation (a commit survives a power cut), foreign keys, and `BEGIN IMMEDIATE` for
writers, so that a writer waits for its turn at the start and never fails in the middle. PostgreSQL through psycopg 3.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import ARRAY, ColumnElement, Engine, Text, any_, create_engine, event, func, literal, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from metadata.errors import Invalid, Unavailable

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-4000",  # KiB: what a transaction changes is held beside it; the system caches the file anyway
    "PRAGMA wal_autocheckpoint=8000",  # pages: a checkpoint every few batches, not after each
)


def connect(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…`. Raises `Invalid` for a URL that is neither."""
    try:
        parsed = make_url(url)
    except ArgumentError as problem:
        raise Invalid(
            "the database URL cannot be read", place="MULU_DATABASE_URL", remedy="Write sqlite:///file or postgresql://…"
        ) from problem
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, parsed.database)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(url)
    raise Invalid(
        "this database is not supported",
        place="MULU_DATABASE_URL",
        value=parsed.get_backend_name(),
        remedy="Use sqlite:///file or postgresql://….",
    )


def reading(engine: Engine) -> Session:
    """A session for reading: never waits for a writer."""
    return Session(engine, expire_on_commit=False)


def writing(engine: Engine) -> Session:
    """A session for writing: on SQLite its transactions take the write lock at their start."""
    return Session(engine.execution_options(writes=True), expire_on_commit=False)


def among(session: Session, column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column of text has one of these values. However many they are, they are one parameter of one statement, which
    the database prepares once."""
    wanted = list(values)
    if session.get_bind().dialect.name == "postgresql":
        return cast(ColumnElement[bool], column == any_(literal(wanted, ARRAY(Text))))
    each = func.json_each(orjson.dumps(wanted).decode()).table_valued("value")
    return cast(ColumnElement[bool], column.in_(select(each.c.value)))


def write_many(session: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Executes an insert, update or delete once per row, as the driver does it fastest: the statement is compiled once for
    the columns of the first row, and rows are handed over as they are (values must be what the driver knows: no JSON)."""
    if not rows:
        return
    connection = session.connection()
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    names = compiled.positiontup
    given = [tuple([row[name] for name in names]) for row in rows] if names else [dict(row) for row in rows]
    connection.exec_driver_sql(str(compiled), given)


def _dumps(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError as problem:  # half a surrogate pair, an integer over 64 bits
        raise Invalid(f"a value cannot be stored: {problem}", remedy="Leave it out, or write it as plain text.") from None


def _sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        try:
            Path(path).expanduser().resolve().parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise Unavailable(f"the database's folder cannot be made: {problem.strerror}", place=path) from problem
    engine = create_engine(url, json_serializer=_dumps, json_deserializer=orjson.loads)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver opens no transactions of its own; _begin does
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: str) -> Engine:
    scheme, _, rest = url.partition("://")
    try:
        return create_engine(
            f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url,
            json_serializer=_dumps,
            json_deserializer=orjson.loads,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError as problem:
        raise Invalid(
            "the PostgreSQL driver is not installed", place="MULU_DATABASE_URL", remedy="Run: pip install 'mulu[postgres]'."
        ) from problem
