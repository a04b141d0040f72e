"""`mulu serve`, `mulu work` and `mulu db`."""

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import click

from catalog_api.commands.console import as_json, catalogue, screen, show
from catalog_api.jobs import Worker
from catalog_api.settings import read_settings
from catalog_api.upgrade import upgrade
from metadata import database
from metadata.errors import Unavailable

_KEEPER = "MULU_KEEPER"  # the process that started this worker; not a setting


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-worker", is_flag=True, help="Only the web processes; harvests and the index are left to `mulu work`.")
def serve(host: str, port: int, no_worker: bool) -> None:
    """Serves the API and the portal, and a worker beside it."""
    with catalogue() as rooms:
        workers = rooms.settings.workers
    keeper = None if no_worker else Keeper()
    try:
        listen(host, port, workers)
    finally:
        if keeper:
            keeper.stop()


def listen(host: str, port: int, workers: int = 1) -> None:
    """Serves until interrupted. Raises `Unavailable` when the port is taken."""
    import socket

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            remedy = "Choose another with --port, or end the program that has it."
            raise Unavailable(
                f"this port cannot be used: {problem.strerror}", place="--port", value=f"{host}:{port}", remedy=remedy
            ) from problem
    server: Any = Granian(
        "catalog_api.app:create",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        log_level=LogLevels.warning,
        blocking_threads=None,
    )
    server.serve()


class Keeper:
    """Keeps one worker process alive beside the web processes, and ends it with them."""

    def __init__(self) -> None:
        self._over = threading.Event()
        self._process = self._spawn()
        self._thread = threading.Thread(target=self._watch, name="keeper of the worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the worker and waits for it."""
        self._over.set()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, _KEEPER: str(os.getpid())}
        return subprocess.Popen([sys.executable, "-m", "catalog_api.cli", "work"], env=environment)

    def _watch(self) -> None:
        while not self._over.wait(1):
            if self._process.poll() is not None and not self._over.wait(2):
                self._process = self._spawn()


@click.command()
def work() -> None:
    """Works: harvests that are due or asked for, and the index. Runs left by a dead worker go on."""
    with catalogue() as rooms:
        worker = Worker(rooms.database, rooms.settings, rooms.search)
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stop())
        _follow_keeper(worker)
        worker.work()


def _follow_keeper(worker: Worker) -> None:
    """A worker that `mulu serve` started ends with it, even when it was killed: nobody else would stop it."""
    keeper = os.environ.get(_KEEPER)

    def watch() -> None:
        while os.getppid() == int(keeper or 0):
            time.sleep(1)
        worker.stop()

    if keeper:
        threading.Thread(target=watch, name="keeper's end", daemon=True).start()


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@as_json
def upgrade_(json_: bool) -> None:
    """Brings the database to this version's tables."""
    settings = read_settings()
    if not settings.database_url:
        settings.folder()
    engine = database.connect(settings.database)
    revision = upgrade(engine)
    engine.dispose()
    if json_:
        show({"revision": revision})
    else:
        screen.print(f"The database is at revision {revision}.")
