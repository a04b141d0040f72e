"""Whether anything was written to a database since one last looked, told without reading a table."""

import sqlite3
import threading
from typing import Protocol

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

_SNAPSHOT = text("SELECT pg_current_snapshot()::text")


class Version(Protocol):
    """Results of two calls differ when something was committed between them; None while the database is away."""

    def __call__(self) -> str | int | None: ...
    def close(self) -> None: ...


def version_of(engine: Engine) -> Version:
    """How to tell of a database. SQLite counts for each connection what others have committed (`PRAGMA data_version`), so one
    is kept for this alone; PostgreSQL tells which transactions a new one would see (`pg_current_snapshot`)."""
    return _SQLiteVersion(str(engine.url.database)) if engine.dialect.name == "sqlite" else _PostgreSQLVersion(engine)


class _SQLiteVersion:
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


class _PostgreSQLVersion:
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
