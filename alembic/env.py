"""Runs migrations on the connection it is given, or on `MULU_DATABASE_URL`."""

import os

from sqlmodel import SQLModel

import metadata.tables  # noqa: F401  (fills SQLModel.metadata)
from alembic import context
from metadata.database import connect


def _migrate(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _migrate(given)
else:
    with connect(os.environ["MULU_DATABASE_URL"]).connect() as opened:
        _migrate(opened)
        opened.commit()
