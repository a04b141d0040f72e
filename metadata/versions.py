"""Whether a catalogue is as it was when one last looked: a word for all that an answer to a search can hold.

A cheap sign tells first whether anything at all was committed; only then are the few rows read that matter, so that counts of
visits and the like, which are written all the time, change nothing.
"""

import hashlib
import sqlite3
import threading
from typing import Protocol

import orjson
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from metadata import ledger
from metadata.tables import Organization, Source

_SNAPSHOT = text("SELECT pg_current_snapshot()::text")


class Sign(Protocol):
    """Results of two calls differ when something was committed between them; None while the database is away."""

    def __call__(self) -> str | int | None: ...
    def close(self) -> None: ...


class Version:
    """A word that is another when datasets, departments or sources have changed; None while the database is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sign = sign_of(engine)
        self._told: tuple[object, str | None] = (None, None)

    def __call__(self) -> str | None:
        """The word for now."""
        sign = self._sign()
        if sign is None:
            return None
        if sign != self._told[0]:
            self._told = (sign, self._read())
        return self._told[1]

    def close(self) -> None:
        """Let go of what the sign is told by."""
        self._sign.close()

    def _read(self) -> str | None:
        try:
            with Session(self._engine) as session:
                rows = [list(row) for row in session.execute(select(*Organization.__table__.c)).all()]  # type: ignore[attr-defined]
                rows += [list(row) for row in session.execute(select(Source.id, Source.name, Source.url)).all()]
                body = orjson.dumps([ledger.head(session), sorted(rows, key=str)], default=str)
        except SQLAlchemyError:
            return None
        return hashlib.blake2b(body, digest_size=16).hexdigest()


def sign_of(engine: Engine) -> Sign:
    """How a database tells that something was committed. SQLite counts for each connection what others have committed (`PRAGMA
    data_version`), so one is kept for this alone; PostgreSQL tells which transactions a new one would see
    (`pg_current_snapshot`)."""
    return _SQLiteSign(str(engine.url.database)) if engine.dialect.name == "sqlite" else _PostgreSQLSign(engine)


class _SQLiteSign:
    """One connection that only looks."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def __call__(self) -> int | None:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = sqlite3.connect(self._path, check_same_thread=False)
                return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error:
                self.close()
                return None

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _PostgreSQLSign:
    """A question on one of the engine's connections."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self) -> str | None:
        try:
            with self._engine.connect() as connection:
                return str(connection.execute(_SNAPSHOT).scalar_one())
        except SQLAlchemyError:
            return None

    def close(self) -> None:
        """Nothing to let go of: the engine has its connections."""
