"""Brings a database to this version's tables (alembic), on SQLite and PostgreSQL alike."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from alembic import command
from metadata.errors import Unavailable

_PLACES = (Path(__file__).parent / "migrations", Path(__file__).parent.parent / "alembic")


def upgrade(engine: Engine, revision: str = "head") -> str | None:
    """Upgrades to `revision` and returns the one the database is at now. Raises `Unavailable` when it cannot be reached."""
    return _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> str | None:
    """Goes back to `revision` (`base`: no tables at all)."""
    return _run(engine, command.downgrade, revision)


def newest() -> str | None:
    """The revision that this version needs."""
    return ScriptDirectory.from_config(_settings()).get_current_head()


def current(engine: Engine) -> str | None:
    """The revision that a database is at; `None` for an empty one."""
    with _reached(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _run(engine: Engine, move: object, revision: str) -> str | None:
    settings = _settings()
    with _reached(engine.execution_options(writes=True)) as connection:
        settings.attributes["connection"] = connection
        try:
            move(settings, revision)  # type: ignore[operator]
        except CommandError as problem:
            remedy = "Use the version of Mulu that made it, or a later one."
            raise Unavailable(f"the database has tables of another version: {problem}", remedy=remedy) from problem
        connection.commit()
        return MigrationContext.configure(connection).get_current_revision()


def _reached(engine: Engine):  # type: ignore[no-untyped-def]
    try:
        return engine.connect()
    except OperationalError as problem:
        reason = str(problem.orig).strip().splitlines()[0] if problem.orig else "no answer"
        raise Unavailable(
            f"the database cannot be opened: {reason}", place="MULU_DATABASE_URL", remedy="Check that it runs, and the URL."
        ) from problem


def _settings() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(next(place for place in _PLACES if (place / "env.py").exists())))
    return settings
