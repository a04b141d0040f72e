"""The embedded index on disk: other processes, swaps, locks, versions, kills."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from metadata.errors import Conflict, Invalid, Unavailable
from search import tantivy_folder
from search.base import Document, Query
from search.document import document
from search.engines import open_engine
from search.tantivy import TantivyEngine
from tests.search.catalogue import make

ROOT = Path(__file__).parents[2]
ENTRIES = make(60)
DOCUMENTS = [document(entry) for entry in ENTRIES]
EVERYONE = frozenset({"*"})

READER = """
import sys
from pathlib import Path
from search.base import Query
from search.tantivy import TantivyEngine
engine = TantivyEngine(Path(sys.argv[1]))
for _ in sys.stdin:
    print(engine.position(), engine.search(Query(readers=frozenset({"*"}))).total, flush=True)
"""

WRITER = """
import sys
from pathlib import Path
from search.document import document
from search.tantivy import TantivyEngine
from tests.search.catalogue import make
entries = make(60)
def slowly():
    for entry in entries[10:40]:
        yield document(entry)
    print("writing", flush=True)
    sys.stdin.readline()
TantivyEngine(Path(sys.argv[1])).write(slowly(), [], 99)
print("written", flush=True)
"""


class Other:
    """Another process that answers line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdin is not None and process.stdout is not None
        self._to: IO[str] = process.stdin
        self._from: IO[str] = process.stdout

    def ask(self) -> list[int]:
        self.tell()
        return [int(number) for number in self.hear().split()]

    def tell(self) -> None:
        self._to.write("\n")
        self._to.flush()

    def hear(self) -> str:
        return self._from.readline().strip()


@contextmanager
def other(program: str, root: Path) -> Iterator[Other]:
    command = [sys.executable, "-c", program, str(root)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Other(process)
        finally:
            process.kill()


def total(engine: TantivyEngine) -> int:
    return engine.search(Query(readers=EVERYONE)).total


def test_readers_in_another_process_follow_commits_and_swaps(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path / "index")
    with other(READER, tmp_path / "index") as reader:
        assert reader.ask() == [0, 0]
        engine.write(DOCUMENTS[:10], [], 10)
        assert reader.ask() == [10, 10]
        engine.write([], [ENTRIES[0].id], 11)
        assert reader.ask() == [11, 9]
        for count in (20, 30, 40):
            beside = engine.fresh()
            beside.write(DOCUMENTS[:count], [], count)
            engine.replace(beside)
            assert reader.ask() == [count, count]
        engine.write(DOCUMENTS[40:45], [], 45)
        assert reader.ask() == [45, 45]


def test_a_second_writer_waits_and_then_says_why_it_cannot(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path, patience=0.2)
    engine.write(DOCUMENTS[:5], [], 5)
    with other(WRITER, tmp_path) as writer:
        assert writer.hear() == "writing"
        with pytest.raises(Conflict, match="another process is writing"):
            engine.write(DOCUMENTS[5:6], [], 6)
        assert (engine.position(), total(engine)) == (5, 5)
        engine.patience = 30
        ended = threading.Timer(0.1, writer.tell)
        ended.start()
        engine.write(DOCUMENTS[5:6], [], 100)
        ended.join()
        assert writer.hear() == "written"
    assert (engine.position(), total(engine)) == (100, 36)


def test_a_killed_writer_loses_only_what_was_not_committed(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.write(DOCUMENTS[:5], [], 5)
    with other(WRITER, tmp_path) as writer:
        assert writer.hear() == "writing"
        writer.process.kill()
        writer.process.wait()
    assert (engine.position(), total(engine)) == (5, 5)
    engine.write(DOCUMENTS[:50], [], 50)
    assert (engine.position(), total(engine)) == (50, 50)


def test_one_rebuild_at_a_time_and_an_abandoned_one_leaves_nothing(tmp_path: Path) -> None:
    engine, second = TantivyEngine(tmp_path), TantivyEngine(tmp_path)
    engine.write(DOCUMENTS[:5], [], 5)
    beside = engine.fresh()
    beside.write(DOCUMENTS, [], 60)
    with pytest.raises(Conflict, match="being rebuilt"):
        second.fresh()
    beside.close()
    again = second.fresh()
    assert len(list(tmp_path.glob("v*-*"))) == 2
    second.replace(again)
    assert [folder.name for folder in tmp_path.glob("v*-*")] == [(tmp_path / "CURRENT").read_text()]
    assert (engine.position(), total(engine)) == (0, 0)


def test_searching_never_stops_while_indexes_are_swapped(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.write(DOCUMENTS, [], 60)
    ended = threading.Event()

    def ask() -> set[int]:
        reader = TantivyEngine(tmp_path)
        seen = set()
        while not ended.is_set():
            seen.add(total(reader))
            reader.search(Query(words="水", facets=("keyword", "organization"), highlight=True))
        return seen

    with ThreadPoolExecutor(2) as pool:
        askers = [pool.submit(ask) for _ in range(2)]
        for _ in range(5):
            beside = engine.fresh()
            beside.write(DOCUMENTS, [], 60)
            engine.replace(beside)
            engine.write(DOCUMENTS[:1], [], 61)
        ended.set()
        assert [asker.result() for asker in askers] == [{60}] * 2


def test_a_write_that_a_swap_overtakes_is_told_and_can_be_done_again(tmp_path: Path) -> None:
    engine, second = TantivyEngine(tmp_path), TantivyEngine(tmp_path)
    engine.write(DOCUMENTS[:5], [], 5)

    def overtaken() -> Iterator[Document]:
        yield DOCUMENTS[5]
        beside = second.fresh()
        beside.write(DOCUMENTS[:5], [], 5)
        second.replace(beside)

    with pytest.raises(Conflict, match="sync again"):
        engine.write(overtaken(), [], 6)
    assert (engine.position(), total(engine)) == (5, 5)
    engine.write(DOCUMENTS[5:6], [], 6)
    assert (engine.position(), total(engine), second.position(), total(second)) == (6, 6, 6, 6)


def test_an_index_of_another_version_is_told_and_replaced(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    engine.write(DOCUMENTS[:5], [], 5)
    live = tantivy_folder.current(tmp_path)
    assert live is not None
    live.rename(tmp_path / "v0-old")
    (tmp_path / "CURRENT").write_text("v0-old")
    assert engine.position() == 0
    with pytest.raises(Unavailable, match="another version"):
        engine.search(Query())
    beside = engine.fresh()
    beside.write(DOCUMENTS[:7], [], 7)
    engine.replace(beside)
    assert (engine.position(), total(engine), (tmp_path / "v0-old").exists()) == (7, 7, False)


def test_a_damaged_index_is_told_with_a_remedy_and_can_be_rebuilt(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path, patience=0)
    engine.write(DOCUMENTS[:5], [], 5)
    live = tantivy_folder.current(tmp_path)
    assert live is not None
    (live / "meta.json").write_text("{")
    for act in (lambda: engine.search(Query()), lambda: engine.write(DOCUMENTS[:1], [], 6)):
        with pytest.raises(Unavailable, match="mulu index rebuild"):
            act()
    assert engine.position() == 0
    beside = engine.fresh()
    beside.write(DOCUMENTS[:7], [], 7)
    engine.replace(beside)
    assert total(engine) == 7


def test_facets_are_counted_once_for_each_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = TantivyEngine(tmp_path)
    engine.write(DOCUMENTS[:50], [], 50)
    asked = Query(facets=("keyword", "format"), readers=EVERYONE)
    first = engine.search(asked).facets
    second = engine.search(Query(facets=("keyword", "format"), readers=EVERYONE, limit=3, order="title")).facets
    assert second == first and second["keyword"] is first["keyword"]
    engine.write(DOCUMENTS[50:], [], 60)
    again = engine.search(asked).facets
    counted = [sum(one.count for one in page["format"]) for page in (first, again)]
    assert again["format"] is not first["format"] and counted[1] > counted[0]


def test_an_id_that_is_none_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    bad = Document("not-a-uuid", "x", 1, ("public",), {}, {}, {}, {"title": {}, "description": {}, "organization": ""})
    with pytest.raises(ValueError, match="invalid literal"):
        engine.write([DOCUMENTS[0], bad], [], 3)
    assert (engine.position(), total(engine)) == (0, 0)


def test_the_url_chooses_the_engine(tmp_path: Path) -> None:
    engine = open_engine(f"tantivy://{tmp_path}/a%20b")
    engine.write(DOCUMENTS[:1], [], 1)
    assert (tmp_path / "a b" / "CURRENT").exists()
    for wrong in ("", "tantivy://", "tantivy://relative/path", "sqlite:///x", "/srv/index", "http:/"):
        with pytest.raises((Invalid, Unavailable)):
            open_engine(wrong)
