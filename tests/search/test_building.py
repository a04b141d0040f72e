"""Documents for a whole directory are the same whether one process makes them or two."""

from sqlalchemy import Engine

from metadata import database, store
from search.building import CHUNK, documents
from search.tantivy_schema import ready
from tests.harvests import new_source, record, visit


def test_two_processes_make_what_one_makes(database_engine: Engine) -> None:
    name = new_source(database_engine)
    visit(database_engine, name, [record(f"r{number}", f"公交 {number}") for number in range(CHUNK * 7 + 3)])
    with database.reading(database_engine) as session:
        alone = {one.id: one for one in documents(session, ready, 10**9)}
        together = list(documents(session, ready, 0))
        assert len(alone) == len(together) == store.count(session) == CHUNK * 7 + 3
        assert {one.id: one for one in together} == alone


def test_an_empty_directory_has_no_documents(database_engine: Engine) -> None:
    with database.reading(database_engine) as session:
        assert list(documents(session, ready, 0)) == []
