"""At which revision of the tables a database is, and which one this version needs: looked up by every command, and so without
alembic, which takes as long to load as many a command to run."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from metadata.errors import Unavailable

_PLACES = (Path(__file__).parent / "migrations", Path(__file__).parent.parent / "alembic")


@cache
def folder() -> Path:
    """Where the steps from one revision to the next are: in an installed package, or in the sources."""
    return next(place for place in _PLACES if (place / "env.py").exists())


def newest() -> str:
    """The revision that this version needs: the steps are in files whose names begin with their number."""
    return max(path.name.partition("_")[0] for path in (folder() / "versions").glob("[0-9]*_*.py"))


def current(engine: Engine) -> str | None:
    """The revision that a database is at; `None` for an empty one. Raises `Unavailable` when it cannot be reached."""
    with reached(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found) if found else None


@contextmanager
def reached(engine: Engine) -> Iterator[Connection]:
    """A connection. Raises `Unavailable` when the database cannot be reached."""
    try:
        connection = engine.connect()
    except OperationalError as problem:
        reason = str(problem.orig).strip().splitlines()[0] if problem.orig else "no answer"
        raise Unavailable(
            f"the database cannot be opened: {reason}", place="MULU_DATABASE_URL", remedy="Check that it runs, and the URL."
        ) from problem
    with connection:
        yield connection
