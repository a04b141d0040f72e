"""The index follows the log: sync, rebuild, verify, with a real store."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from sqlmodel import Session, SQLModel, select

from metadata import database, identity, leaving, sources, store
from metadata.entry import Entry
from metadata.placing import place
from metadata.reading import Reading, Taken
from metadata.tables import DatasetRow, Source
from search.base import Query
from search.document import document
from search.sync import Drift, rebuild, sync, verify
from search.tantivy import TantivyEngine
from tests.search.catalogue import make

EVERYONE = frozenset({"*"})
ENTRIES = make(120)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = database.connect(f"sqlite:///{tmp_path}/mulu.db")
    SQLModel.metadata.create_all(engine)
    with database.writing(engine) as found:
        sources.put_source(found, "portal", url="https://portal.example.org/data.json", protocol="dcat_us")
        yield found
    engine.dispose()


@pytest.fixture
def index(tmp_path: Path) -> TantivyEngine:
    return TantivyEngine(tmp_path / "index")


def put(session: Session, entries: list[Entry], note: str = "") -> None:
    """Store entries as a run would; another note makes another record of the same dataset."""
    source = session.exec(select(Source)).one()
    readings = []
    for entry in entries:
        title = {language: words + note for language, words in entry.dataset.title.items()}
        dataset = type(entry.dataset)(identifier=entry.identifier, title=title)
        raw = orjson.dumps([entry.identifier, note])
        readings.append(Reading(Taken(entry.identifier, "ckan", raw, identity.digest(raw), {}), dataset, []))
    place(session, source, readings, "test", 1)
    session.commit()


def total(index: TantivyEngine, words: str = "") -> int:
    return index.search(Query(words=words, readers=EVERYONE)).total


def test_the_index_follows_what_is_added_changed_and_retired(session: Session, index: TantivyEngine) -> None:
    assert (sync(session, index), index.position()) == (0, 0)
    put(session, ENTRIES[:50])
    assert (sync(session, index), total(index), index.position()) == (50, 50, store.last_sequence(session))
    put(session, ENTRIES[40:60], " renewed")
    assert (sync(session, index), total(index), total(index, "renewed")) == (20, 60, 20)
    row = session.exec(select(DatasetRow)).first()
    assert row is not None
    leaving.retire_rows(session, [row], "test")
    session.commit()
    assert (sync(session, index), total(index), sync(session, index)) == (1, 59, 0)
    assert verify(session, index) == Drift((), (), (), 59)


def test_a_limit_bounds_one_turn_and_the_next_goes_on(session: Session, index: TantivyEngine) -> None:
    put(session, ENTRIES[:5])
    sync(session, index)
    put(session, ENTRIES[5:30])
    assert [sync(session, index, limit=10) for _ in range(4)] == [10, 10, 5, 0]
    assert total(index) == 30


def test_an_index_that_was_set_back_catches_up_without_harm(session: Session, index: TantivyEngine) -> None:
    put(session, ENTRIES[:20])
    sync(session, index)
    put(session, ENTRIES[:20], " renewed")
    sync(session, index)
    index.write([], [], 3)
    sync(session, index)
    assert (total(index), total(index, "renewed"), verify(session, index).clean) == (20, 20, True)


def test_a_rebuild_takes_in_what_changed_while_it_ran(
    session: Session, index: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(session, ENTRIES[:30])
    ids = store.ids

    def meanwhile(asked: Session) -> Iterator[tuple[str, int]]:
        yield from list(ids(asked))
        put(asked, ENTRIES[30:35])

    monkeypatch.setattr(store, "ids", meanwhile)
    assert (rebuild(session, index), total(index), index.position()) == (35, 35, store.last_sequence(session))


def test_a_rebuild_that_breaks_off_leaves_the_live_index(
    session: Session, index: TantivyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(session, ENTRIES[:30])
    sync(session, index)

    def broken(asked: Session) -> Iterator[tuple[str, int]]:
        yield from []
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patched:
        patched.setattr(store, "ids", broken)
        with pytest.raises(RuntimeError, match="went away"):
            rebuild(session, index)
    assert total(index) == 30
    assert (rebuild(session, index), total(index)) == (30, 30)


def test_verify_names_every_kind_of_drift_and_repairs_it(session: Session, index: TantivyEngine) -> None:
    put(session, ENTRIES[:40])
    sync(session, index)
    ids = [row.id for row in session.exec(select(DatasetRow).order_by(DatasetRow.id))]
    stored = store.entries(session, ids)
    stranger = document(ENTRIES[100])
    older = document(next(iter(stored.values())))
    index.write([stranger, type(older)(**{**vars(older), "sequence": 0})], ids[5:8], index.position())
    wanted = Drift(tuple(ids[5:8]), (older.id,), (stranger.id,), 40)
    assert verify(session, index) == wanted and not wanted.clean
    assert verify(session, index, repair=True) == wanted
    assert verify(session, index) == Drift((), (), (), 40)
    assert (total(index), index.position()) == (40, store.last_sequence(session))


def test_an_outdated_index_is_rebuilt_by_the_next_sync(session: Session, index: TantivyEngine) -> None:
    put(session, ENTRIES[:10])
    sync(session, index)
    (live,) = index.root.glob("v*-*")
    live.rename(index.root / "v0-old")
    (index.root / "CURRENT").write_text("v0-old")
    assert (sync(session, index), total(index), index.position()) == (10, 10, 10)
