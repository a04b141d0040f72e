"""Writes down what a web process has counted: visits and searches, at most every ten seconds, in a thread of its own.

A request only adds to numbers in memory. What cannot be written (the database is away) is kept and tried again; what was
counted since then waits in memory.
"""

import threading
import time

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from catalog_api import statistics, visits
from metadata import database, uses
from metadata.statistics import Asked, add_searches, grow

SECONDS = 10.0
_log = structlog.get_logger("mulu.flusher")
_Counted = tuple[str, dict[str, int], list[Asked], dict[str, float]]


class Flusher:
    """One per process. `start` begins, `stop` ends it after a last writing. `secret` keys the digests of words."""

    def __init__(self, engine: Engine, secret: str, seconds: float = SECONDS) -> None:
        self._engine, self._secret, self._seconds = engine, secret, seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="flusher", daemon=True)
        self._waiting: _Counted | None = None
        self._troubled = 0.0

    def start(self) -> None:
        """Begins to write down what is counted."""
        self._thread.start()

    def stop(self) -> None:
        """Writes down the rest and ends."""
        self._over.set()
        self._thread.join()

    def flush(self) -> None:
        """Writes down what was counted. Raises `SQLAlchemyError` when the database cannot; then nothing is lost."""
        if self._waiting is None:
            self._waiting = (uses.today(), visits.take(), *statistics.take(self._secret))
        day, seen, asked, numbers = self._waiting
        if seen or asked:
            with database.writing(self._engine) as session:
                uses.add(session, seen, day)
                add_searches(session, day, asked)
                grow(session, numbers)
                session.commit()
        self._waiting = None

    def _repeat(self) -> None:
        while not self._over.wait(self._seconds):
            self._attempt()
        self._attempt()

    def _attempt(self) -> None:
        try:
            self.flush()
        except SQLAlchemyError as problem:
            if time.monotonic() - self._troubled > 60:
                self._troubled = time.monotonic()
                _log.warning("what was counted cannot be written down for now", error=str(problem).splitlines()[0])
