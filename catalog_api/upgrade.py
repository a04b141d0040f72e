"""Brings a database to this version's tables (alembic), on SQLite and PostgreSQL alike."""

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Engine

from alembic import command
from catalog_api.revision import folder, reached
from metadata.errors import Unavailable


def upgrade(engine: Engine, revision: str = "head") -> str | None:
    """Upgrades to `revision` and returns the one the database is at now. Raises `Unavailable` when it cannot be reached."""
    return _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> str | None:
    """Goes back to `revision` (`base`: no tables at all)."""
    return _run(engine, command.downgrade, revision)


def _run(engine: Engine, move: object, revision: str) -> str | None:
    settings = _settings()
    with reached(engine.execution_options(writes=True)) as connection:
        settings.attributes["connection"] = connection
        try:
            move(settings, revision)  # type: ignore[operator]
        except CommandError as problem:
            remedy = "Use the version of Mulu that made it, or a later one."
            raise Unavailable(f"the database has tables of another version: {problem}", remedy=remedy) from problem
        connection.commit()
        return MigrationContext.configure(connection).get_current_revision()


def _settings() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(folder()))
    return settings
