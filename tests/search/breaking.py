"""What an index depends on, broken on purpose: a worker that is killed, a server that is cut off, an index that is rebuilt
under load. Used by `test_unbreakable.py` with few turns, by `benchmarks/unbreakable.py` with many."""

import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import orjson
from sqlalchemy import Engine
from sqlmodel import SQLModel
from sqlmodel import select as chosen

from metadata import database, identity, sources, store
from metadata.entry import Entry
from metadata.errors import CatalogError
from metadata.placing import place
from metadata.reading import Reading, Taken
from metadata.tables import Source
from search.base import Query, SearchEngine
from search.engines import open_engine
from search.sync import Drift, rebuild, sync, verify

ROOT = Path(__file__).parents[2]
EVERYONE = frozenset({"*"})
PATIENCE = 120.0


@dataclass(frozen=True)
class Directory:
    """A store on SQLite, and the address of its index."""

    database_url: str
    search_url: str
    engine: Engine

    def harvest(self, entries: list[Entry], note: str) -> None:
        """Store entries as a run would; another note makes another record of the same dataset."""
        with database.writing(self.engine) as session:
            source = session.exec(chosen(Source)).one()
            place(session, source, [_reading(entry, note) for entry in entries], "test", 1)
            session.commit()

    def follow(self) -> int:
        """The index taken up to the log, in an engine as another process has one; how many datasets it holds."""
        with database.reading(self.engine) as session, _opened(self.search_url) as index:
            sync(session, index)
            return index.search(Query(limit=0, readers=EVERYONE)).total

    def verified(self) -> Drift:
        """How index and store differ."""
        with database.reading(self.engine) as session, _opened(self.search_url) as index:
            return verify(session, index)

    def count(self) -> int:
        """Datasets in the store."""
        with database.reading(self.engine) as session:
            return store.count(session, state=None)


@contextmanager
def directory(folder: Path, search_url: str, entries: list[Entry]) -> Iterator[Directory]:
    """A directory with these datasets, indexed."""
    url = f"sqlite:///{folder / 'mulu.db'}"
    engine = database.connect(url)
    SQLModel.metadata.create_all(engine)
    with database.writing(engine) as session:
        sources.put_source(session, "portal", url="https://portal.example.org/data.json", protocol="dcat_us")
        session.commit()
    found = Directory(url, search_url, engine)
    try:
        found.harvest(entries, "")
        found.follow()
        yield found
    finally:
        engine.dispose()


@contextmanager
def _opened(url: str) -> Iterator[SearchEngine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.close()


def _reading(entry: Entry, note: str) -> Reading:
    title = {language: words + note for language, words in entry.dataset.title.items()}
    dataset = type(entry.dataset)(identifier=entry.identifier, title=title, keyword={"zh": ("目录",)})
    raw = orjson.dumps([entry.identifier, note])
    return Reading(Taken(entry.identifier, "ckan", raw, identity.digest(raw), {}), dataset, [])


@dataclass
class Clients:
    """People who search all the time: `answers` counts good answers, `wrong` what else they got."""

    search: Callable[[Query], int]
    least: int
    count: int = 20
    answers: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator["Clients"]:
        """They search as long as the block runs."""
        threads = [threading.Thread(target=self._work, args=(number,)) for number in range(self.count)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _work(self, number: int) -> None:
        queries = [
            Query(words="目录", facets=("keyword", "source"), readers=EVERYONE),
            Query(readers=EVERYONE, order="title"),
            Query(words=f"目录 -nothing{number}", limit=5, offset=number, readers=EVERYONE),
        ]
        turn = number
        while not self._stop.is_set():
            try:
                total = self.search(queries[turn % len(queries)])
                problem = "" if total >= self.least else f"{total} datasets instead of {self.least}"
            except Exception as error:  # whatever it is, it is what someone who searches would see
                problem = f"{type(error).__name__}: {error}"
            with self._lock:
                self.answers += not problem
                if problem:
                    self.wrong[problem] += 1
            turn += 1


@dataclass
class Work:
    """A thread that does one thing again and again; what it raises in the end is raised where it is stopped."""

    do: Callable[[int], None]
    turns: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _failure: list[BaseException] = field(default_factory=list)

    @contextmanager
    def under_way(self) -> Iterator["Work"]:
        """It goes on as long as the block runs."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()
        if self._failure:
            raise self._failure[0]

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self.do(self.turns)
                self.turns += 1
        except BaseException as error:
            self._failure.append(error)


def rebuilt_under_load(catalogue: Directory, times: int, entries: list[Entry]) -> tuple[Clients, int]:
    """The index is rebuilt so many times while 20 clients search, a harvest writes and a worker follows; what the clients saw,
    and how many batches were harvested."""
    asked = open_engine(catalogue.search_url)
    clients = Clients(lambda query: asked.search(query).total, least=catalogue.count())

    def harvest(turn: int) -> None:
        start = turn * 37 % max(1, len(entries) - 40)
        catalogue.harvest(entries[start : start + 40], f" {turn}")
        with suppress(CatalogError):  # swapped while it was written to: the next turn reads the same lines again
            catalogue.follow()

    with clients.at_work(), Work(harvest).under_way() as harvesting:
        for _ in range(times):
            with database.reading(catalogue.engine) as session, _opened(catalogue.search_url) as index:
                rebuild(session, index)
        _until(lambda: harvesting.turns > 0 and clients.answers >= clients.count)
    asked.close()
    return clients, harvesting.turns


def _until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


FOLLOWER = """
import random, sys, time
from metadata import database
from metadata.errors import CatalogError
from search.engines import open_engine
from search.sync import rebuild, sync
engine = database.connect(sys.argv[1])
index = open_engine(sys.argv[2])
chance = random.Random(int(sys.argv[3]))
print("at work", flush=True)
while True:
    with database.reading(engine) as session:
        try:
            if sys.argv[4] == "rebuild" and chance.random() < 0.3:
                rebuild(session, index)
            else:
                sync(session, index, 25)
        except CatalogError as error:
            print(error, flush=True)
    time.sleep(0.002)
"""


def killed(catalogue: Directory, times: int, entries: list[Entry], *, rebuilding: bool, seed: int = 1) -> int:
    """A process that follows the log, killed (SIGKILL) so many times, at moments of chance, while datasets change; how many
    changes were made. What it was doing is left as it was."""
    chance = random.Random(seed)
    changed = 0
    for turn in range(times):
        words = (catalogue.database_url, catalogue.search_url, str(seed + turn), "rebuild" if rebuilding else "sync")
        process = subprocess.Popen(
            [sys.executable, "-c", FOLLOWER, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        deadline = time.monotonic() + chance.uniform(0.02, 0.6)
        while time.monotonic() < deadline:
            some = chance.sample(entries, 30)
            catalogue.harvest(some, f" {turn}.{changed}")
            changed += len(some)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return changed


@dataclass
class Cable:
    """A way to a server that can be cut: `url` leads to it. While it is cut, connections are refused and those that were open
    are closed."""

    target: tuple[str, int]
    url: str = ""
    _listener: socket.socket | None = None
    _port: int = 0
    _open: set[socket.socket] = field(default_factory=set)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def mend(self) -> None:
        """Connections go through again."""
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=128, reuse_port=False)
        self._port = self._listener.getsockname()[1]
        thread = threading.Thread(target=self._accept, args=(self._listener,))
        thread.start()
        self._threads.append(thread)

    def cut(self) -> None:
        """From now on the server is away."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._carry, args=(near,))
            thread.start()
            self._threads.append(thread)

    def _carry(self, near: socket.socket) -> None:
        with suppress(OSError), near, socket.create_connection(self.target, timeout=10) as far:
            with self._lock:
                self._open |= {near, far}
                gone = self._listener is None
            try:
                while not gone:
                    for one in select.select([near, far], [], [])[0]:
                        if not (sent := one.recv(65_536)):
                            return
                        (far if one is near else near).sendall(sent)
            finally:
                with self._lock:
                    self._open -= {near, far}


@contextmanager
def cable(url: str) -> Iterator[Cable]:
    """A way to the server of a URL."""
    parts = urlsplit(url)
    assert parts.hostname
    found = Cable((parts.hostname, parts.port or 9200))
    found.mend()
    found.url = urlunsplit(parts._replace(netloc=f"127.0.0.1:{found._port}"))
    try:
        yield found
    finally:
        found.cut()


def cut_off(catalogue: Directory, way: Cable, entries: list[Entry], away: float, count: int = 20) -> Clients:
    """The server is cut off for so many seconds while clients search, a harvest writes and a worker follows; what the clients
    saw. It is mended in the end."""
    asked = open_engine(catalogue.search_url)
    clients = Clients(lambda query: asked.search(query).total, least=catalogue.count(), count=count)

    def harvest(turn: int) -> None:
        catalogue.harvest(entries[turn % 20 * 10 :][:10], f" {turn}")
        with suppress(CatalogError):  # it is away: the next turn reads the same lines again
            catalogue.follow()

    with clients.at_work(), Work(harvest).under_way() as harvesting:
        _until(lambda: clients.answers > count)
        way.cut()
        before, since = harvesting.turns, time.monotonic()
        _until(
            lambda: clients.wrong.total() > count and harvesting.turns > before + 5 and time.monotonic() > since + away,
            PATIENCE + away,
        )
        way.mend()
        again = clients.answers
        _until(lambda: clients.answers > again + count and harvesting.turns > len(entries) // 10)  # each was written by then
    asked.close()
    return clients
