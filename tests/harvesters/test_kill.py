"""A harvest killed with SIGKILL in the middle: nothing is lost, nothing is doubled, whoever goes on with it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from catalog_api.catching_up import follow_once
from catalog_api.jobs import Worker
from catalog_api.settings import Settings
from metadata import database, ledger, sources, store
from metadata.tables import Run
from search.base import Query
from search.engines import open_engine
from search.sync import verify
from tests.harvests import agrees, body, new_source
from tests.live import environment_of, mulu, until
from tests.serving import Folder

COUNT, PER_PAGE = 90, 10


class Portal:
    """A CKAN portal with `COUNT` packages that holds back each page from number `held` on until `release` is set."""

    def __init__(self, held: int) -> None:
        self.release, self.waiting = threading.Event(), threading.Event()
        self.asked: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                start = int(self.path.partition("start=")[2].partition("&")[0] or 0)
                outer.asked.append(start)
                if start >= held * PER_PAGE and not outer.release.is_set():
                    outer.waiting.set()
                    outer.release.wait(120)
                outer.answer(self, start)

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None  # type: ignore[assignment]  # whoever asked may be dead
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, handler: BaseHTTPRequestHandler, start: int) -> None:
        found = [_package(n) for n in range(start, min(COUNT, start + PER_PAGE))]
        sent = json.dumps({"success": True, "result": {"count": COUNT, "results": found}}).encode()
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(sent)))
        handler.end_headers()
        handler.wfile.write(sent)

    def close(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def _package(number: int) -> dict[str, Any]:
    return {
        "id": f"id-{number:03}",
        "name": f"package-{number:03}",
        "title": f"Package {number:03}",
        "notes": "words",
        "resources": [],
    }


@pytest.fixture
def portal() -> Iterator[Portal]:
    made = Portal(held=3)
    made.thread.start()
    yield made
    made.close()


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data_dir=tmp_path / "data", database_url=database_url, _env_file=None)  # type: ignore[call-arg]


def environment(settings: Settings) -> dict[str, str]:
    return environment_of(settings.data_dir, {"MULU_DATABASE_URL": settings.database_url})


def killed(portal: Portal, settings: Settings, engine: Engine, *words: str) -> Run:
    """A real `mulu` process, killed while the portal holds a page back, after three batches were committed."""
    new_source(engine, "slow", url=portal.url, protocol="ckan", internal=True, settings={"page_size": PER_PAGE})
    process = mulu(*words, environment=environment(settings), cwd=settings.data_dir.parent)
    try:
        assert portal.waiting.wait(60), "the harvest never came so far"
        until("three batches are committed", lambda: _last(engine).received == 3 * PER_PAGE)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    run = _last(engine)
    assert (run.state, run.received, run.added, run.total) == ("running", 30, 30, COUNT)  # what could be seen while it went on
    portal.release.set()
    return run


def _last(engine: Engine) -> Run:
    with database.reading(engine) as session:
        return next(iter(sources.runs(session, None, 1)), Run(source_id="", source="", state="", asked="", received=0))


def whole(engine: Engine, settings: Settings, runs: int) -> None:
    """All is there once: datasets, lines of the log, and in the index."""
    with database.reading(engine) as session:
        assert store.count(session) == COUNT
        lines = store.changes(session, 0, 10_000)
        assert Counter(line.action for line in lines) == {"added": COUNT}
        assert len({line.dataset_id for line in lines}) == COUNT
        assert ledger.verify(session).ok
        assert len(sources.runs(session)) == runs
        index = open_engine(settings.search)
        assert verify(session, index).clean
        assert index.search(Query(words="Package")).total == COUNT


def ended(engine: Engine) -> Run:
    run = _last(engine)
    agrees(run)
    return run


def run_mulu(settings: Settings, *words: str) -> "subprocess.CompletedProcess[str]":
    process = mulu(*words, environment=environment(settings), cwd=settings.data_dir.parent)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def test_a_killed_harvest_goes_on_where_its_last_commit_was(portal: Portal, place: Settings, database_engine: Engine) -> None:
    before = killed(portal, place, database_engine, "harvest", "slow")
    asked = len(portal.asked)
    done = run_mulu(place, "harvest", "slow", "--resume", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["run"], report["state"], report["received"], report["added"], report["resumed"]) == (
        before.id,
        "done",
        COUNT,
        COUNT,
        1,
    )
    assert min(start for start in portal.asked[asked:] if start) >= 3 * PER_PAGE  # pages it had are not asked for again
    assert (ended(database_engine).resumed, ended(database_engine).retired) == (1, 0)
    whole(database_engine, place, runs=1)


def test_a_worker_takes_over_by_itself(portal: Portal, place: Settings, database_engine: Engine) -> None:
    before = killed(portal, place, database_engine, "harvest", "slow")
    worker = Worker(database_engine, place, open_engine(place.search))
    thread = threading.Thread(target=worker.work)
    thread.start()
    try:
        until("the run is done", lambda: _last(database_engine).state == "done")
        until("the index is there", lambda: open_engine(place.search).position() == COUNT)
    finally:
        worker.stop()
        thread.join()
    run = ended(database_engine)
    assert (run.id, run.resumed, run.received, run.added) == (before.id, 1, COUNT, COUNT)
    whole(database_engine, place, runs=1)


def test_a_killed_worker_is_followed_by_another(portal: Portal, place: Settings) -> None:
    engine = database.connect(place.database_url)
    new_source(engine, "slow", url=portal.url, protocol="ckan", internal=True, settings={"page_size": PER_PAGE})
    with database.writing(engine) as session:
        sources.ask(session, sources.source(session, "slow"))
        session.commit()
    before = killed(portal, place, engine, "work")
    second = mulu("work", environment=environment(place), cwd=place.data_dir.parent)
    try:
        until("the run is done", lambda: _last(engine).state == "done")
        until("the index is there", lambda: open_engine(place.search).position() == COUNT)
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(30) == 0  # a worker that is asked to end does so in order
        second.communicate()
    assert (ended(engine).id, ended(engine).resumed, ended(engine).received) == (before.id, 1, COUNT)
    whole(engine, place, runs=1)
    engine.dispose()


def test_a_plain_harvest_after_a_kill_starts_anew_and_doubles_nothing(
    portal: Portal, place: Settings, database_engine: Engine
) -> None:
    before = killed(portal, place, database_engine, "harvest", "slow")
    done = run_mulu(place, "harvest", "slow", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["received"], report["added"], report["unchanged"], report["resumed"]) == (COUNT, 60, 30, 0)
    with database.reading(database_engine) as session:
        left = sources.run(session, before.id or 0)
        assert (left.state, left.received) == ("failed", 30) and left.finished and "ended" in left.message
    whole(database_engine, place, runs=2)
    again = run_mulu(place, "harvest", "slow", "--resume")
    assert again.returncode == 2 and "no run to go on with" in again.stderr and "Traceback" not in again.stderr


def test_a_living_harvest_is_not_disturbed(portal: Portal, place: Settings, database_engine: Engine) -> None:
    new_source(database_engine, "slow", url=portal.url, protocol="ckan", internal=True, settings={"page_size": PER_PAGE})
    first = mulu("harvest", "slow", "--json", environment=environment(place), cwd=place.data_dir.parent)
    try:
        assert portal.waiting.wait(60)
        for words in (("harvest", "slow"), ("harvest", "slow", "--resume"), ("source", "remove", "slow")):
            refused = run_mulu(place, *words)
            assert refused.returncode == 2 and len(refused.stderr.strip().splitlines()) == 1, refused.stderr
        worker = Worker(database_engine, place, open_engine(place.search))
        worker._take_runs()
        assert worker.places.threads == []
    finally:
        portal.release.set()
        out, _ = first.communicate(timeout=120)
    assert json.loads(out)["added"] == COUNT and follow_once(database_engine, open_engine(place.search))
    whole(database_engine, place, runs=1)


def test_a_killed_data_json_is_gone_on_with_by_skipping_what_was_taken(
    tmp_path: Path, place: Settings, database_engine: Engine
) -> None:
    """Killed inside its own commit: the process ends itself when the second batch is about to be stored."""
    with Folder({"/data.json": json.dumps({"dataset": [body(f"d{n}") for n in range(COUNT)]})}) as department:
        new_source(database_engine, "slow", url=f"{department.url}/data.json", internal=True, settings={"batch_size": 20})
        program = (
            "import os, signal\n"
            "from metadata import placing\n"
            "kept, calls = placing.bodies.keep_packed, []\n"
            "def keep(session, bodies):\n"
            "    kept(session, bodies)\n"
            "    calls.append(1)\n"
            "    if len(calls) == 3: os.kill(os.getpid(), signal.SIGKILL)\n"
            "placing.bodies.keep_packed = keep\n"
            "from catalog_api.cli import main\n"
            "main(['harvest', 'slow', '--json'])\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment(place), capture_output=True, cwd=tmp_path, check=False
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        run = _last(database_engine)
        assert (run.state, run.received) == ("running", 40)
        assert run_mulu(place, "harvest", "slow", "--resume", "--json").returncode == 0
    with database.reading(database_engine) as session:
        assert store.count(session) == COUNT and ledger.verify(session).ok
        assert Counter(line.action for line in store.changes(session, 0, 1000)) == {"added": COUNT}
    assert (ended(database_engine).resumed, ended(database_engine).received, ended(database_engine).added) == (1, COUNT, COUNT)
