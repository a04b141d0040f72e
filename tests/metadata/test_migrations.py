"""Tables are made by migrations: up, down and up again, and what they make is what the models say, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

import metadata.tables  # noqa: F401  (fills SQLModel.metadata)
from catalog_api.revision import current, newest
from catalog_api.upgrade import downgrade, upgrade
from metadata import database
from metadata.errors import Unavailable
from tests.harvests import log, new_source, record, visit


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def test_the_migrated_tables_are_those_of_the_models(database_engine: Engine) -> None:
    assert current(database_engine) == newest() is not None
    assert differences(database_engine) == []


def test_down_to_nothing_and_up_again(database_engine: Engine) -> None:
    visit(database_engine, new_source(database_engine), [record("a"), record("b")])
    assert downgrade(database_engine, "base") is None
    assert set(inspect(database_engine).get_table_names()) <= {"alembic_version"}
    if database_engine.dialect.name == "postgresql":
        with database_engine.connect() as connection:  # nothing else is left behind: types, sequences
            left = connection.execute(
                text("SELECT count(*) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace")
            )
            assert left.scalar() == 0
    assert upgrade(database_engine) == newest()
    assert differences(database_engine) == []
    visit(database_engine, new_source(database_engine), [record("a")])
    assert len(log(database_engine)) == 1


def test_an_upgrade_that_is_not_needed_changes_nothing(database_engine: Engine) -> None:
    visit(database_engine, new_source(database_engine), [record("a")])
    assert upgrade(database_engine) == newest()
    assert len(log(database_engine)) == 1


def test_an_empty_database_has_no_revision(tmp_path: object) -> None:
    engine = database.connect(f"sqlite:///{tmp_path}/new.db")
    assert current(engine) is None
    engine.dispose()


@pytest.mark.parametrize(
    "url", ["sqlite:////proc/nope/x.db", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2", "sqlite:////"]
)
def test_a_database_that_cannot_be_opened_is_told_in_one_line(url: str) -> None:
    def reach() -> None:
        engine = database.connect(url)
        try:
            upgrade(engine)
        finally:
            engine.dispose()

    with pytest.raises(Unavailable) as told:
        reach()
    assert "\n" not in str(told.value)
