"""Engines and sessions."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from metadata import database
from metadata.errors import Invalid
from metadata.tables import Alias


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "http://x", "sqlite", "://", "oracle://u:secret@h/x"])
def test_a_url_of_no_database_we_know_is_told(url: str) -> None:
    with pytest.raises(Invalid) as told:
        database.connect(url)
    assert told.value.place == "MULU_DATABASE_URL" and told.value.remedy and "secret" not in str(told.value)


def test_sqlite_keeps_its_promises(tmp_path: Path) -> None:
    engine = database.connect(f"sqlite:///{tmp_path}/deep/er/x.db")
    with engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    engine.dispose()


def test_a_reader_never_waits_and_writers_wait_at_their_start(database_engine: Engine) -> None:
    with database.writing(database_engine) as writer:
        writer.add(Alias(kind="name", scope="", value="one", dataset_id="d"))
        writer.flush()
        with database.reading(database_engine) as reader:
            assert reader.exec(select(Alias)).all() == []
        done = threading.Event()

        def second() -> None:
            with database.writing(database_engine) as session:
                session.add(Alias(kind="name", scope="", value="two", dataset_id="d"))
                session.commit()
            done.set()

        thread = threading.Thread(target=second)
        thread.start()
        if database_engine.dialect.name == "sqlite":
            assert not done.wait(0.2)  # has to wait for its turn
        writer.commit()
        assert done.wait(30)
        thread.join()
    with database.reading(database_engine) as session:
        assert {row.value for row in session.exec(select(Alias))} == {"one", "two"}


def test_write_many_writes_rows_as_they_are(database_engine: Engine) -> None:
    statement = insert(Alias)
    rows = [{"dataset_id": f"d{n}", "value": f"{n}%s ' \" 号", "kind": "name", "scope": ""} for n in range(2500)]
    with database.writing(database_engine) as session:
        database.write_many(session, statement, [])
        database.write_many(session, statement, rows)
        session.commit()
        assert {(row.value, row.dataset_id) for row in session.exec(select(Alias))} == {
            (row["value"], row["dataset_id"]) for row in rows
        }


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is no database" * 100)
    engine = database.connect(f"sqlite:///{tmp_path}/x.db")
    with pytest.raises(Exception, match="not a database") as told, database.reading(engine) as session:
        session.exec(select(Alias)).all()
    assert not isinstance(told.value, OperationalError)
    engine.dispose()


@pytest.mark.parametrize("value", [{"zh": "\ud800"}, {"n": 10**30}])
def test_json_that_cannot_be_stored_is_told(database_engine: Engine, value: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="cannot be stored"):
        database_engine.dialect._json_serializer(value)  # type: ignore[attr-defined]
