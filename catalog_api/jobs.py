"""The worker: starts harvests that are due or asked for, takes over those of dead workers, and lets the index follow.

Any number of workers may share one PostgreSQL; on SQLite one worker is enough. Nothing lives in this process alone: a
run's state, cursor and lease are in its row (docs/decisions/0003-runs-are-the-queue.md). One of the workers leads: only it
writes the index, does the chores and sends alerts. Each of these goes on when another is slow or away, in a thread of its own.
"""

import threading
import time
from collections.abc import Callable

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from catalog_api.alerts import Alerts
from catalog_api.chores import Chores
from catalog_api.harvesting import Harvesting
from catalog_api.leadership import LEADS, Leadership
from catalog_api.places import Places
from catalog_api.settings import Settings
from catalog_api.telling import Telling
from catalog_api.turns import ask_due, claim, startable
from metadata import clock, database, store
from metadata.errors import CatalogError
from metadata.tables import Source
from search.base import SearchEngine
from search.sync import rebuild, sync

_log = structlog.get_logger("mulu.worker")
PAUSE_SECONDS = 0.3
CHORES_PAUSE_SECONDS = 3.0
TROUBLED_PAUSE_SECONDS = 1.0
ENDING_SECONDS = 8.0


class Worker:
    """One worker process: a loop that looks for work, and threads that do it. `stop` lets running batches end first."""

    def __init__(self, engine: Engine, settings: Settings, search: SearchEngine) -> None:
        self.engine, self.settings, self.search = engine, settings, search
        self.lead = Leadership(engine, LEADS)
        self.chores = Chores(engine, settings, search, self._leads)
        self.alerts = Alerts(engine, settings, search, self._leads)
        self.telling = Telling(engine, settings, self._leads)
        self._stop = threading.Event()
        self.places = Places(settings.runs_at_once)
        self._troubled: dict[str, float] = {}

    def stop(self) -> None:
        """Ends the loop. Runs that go on are left to their leases: the next worker goes on with them."""
        self._stop.set()

    def work(self) -> None:
        """Works until `stop`."""
        steps = (
            ("lease", self.lead.seek, PAUSE_SECONDS),
            ("index", self._follow, PAUSE_SECONDS),
            ("chores", self.chores.perform, CHORES_PAUSE_SECONDS),
            ("alerts", self.alerts.tell_due, CHORES_PAUSE_SECONDS),
            ("reports", self.telling.tell_due, CHORES_PAUSE_SECONDS),
        )
        beside = [threading.Thread(target=self._repeat, args=step, name=step[0], daemon=True) for step in steps]
        for thread in beside:
            thread.start()
        self._repeat("harvest", self._take_runs, PAUSE_SECONDS)
        for thread in beside:
            thread.join(ENDING_SECONDS)
        if not any(thread.is_alive() for thread in beside):
            self._attempt("lease", self.lead.release)

    def _leads(self) -> bool:
        return self.lead.held and not self._stop.is_set()

    def _repeat(self, what: str, step: Callable[[], object], pause: float) -> None:
        while not self._stop.is_set():
            fine = self._attempt(what, step)
            self._stop.wait(pause if fine else max(pause, TROUBLED_PAUSE_SECONDS))

    def _attempt(self, what: str, step: Callable[[], object]) -> bool:
        """One step; a part that is away is told once a minute and tried again. Whether all went well."""
        try:
            step()
        except (SQLAlchemyError, CatalogError, OSError) as problem:
            if time.monotonic() - self._troubled.get(what, float("-inf")) > 60:
                self._troubled[what] = time.monotonic()
                _log.warning("the worker cannot go on for now", part=what, error=str(problem).splitlines()[0])
            return False
        except Exception:
            _log.exception("a part of the worker broke", part=what)  # it must not end the others, nor be forgotten
            return False
        return True

    def _take_runs(self) -> None:
        while self.places.is_free and not self._stop.is_set() and self._pending():
            with database.writing(self.engine) as session:
                ask_due(session)
                run = claim(session, self.settings.runs_per_host)
                session.commit()
            if run is None:
                return
            harvesting = Harvesting(self.engine, self.settings, run.id or 0)
            thread = threading.Thread(target=self._harvest, args=(harvesting,), name=f"run {run.id}", daemon=True)
            self.places.take(thread, harvesting)
            thread.start()

    def _pending(self) -> bool:
        """Whether there may be something to take, asked without the write lock."""
        with database.reading(self.engine) as session:
            due = session.exec(select(Source.id).where(col(Source.next_run) <= clock.now()).limit(1)).first()
            return due is not None or next(startable(session, self.settings.runs_per_host), None) is not None

    def _harvest(self, harvesting: Harvesting) -> None:
        run = harvesting.perform()
        _log.info("run ended", source=run.source, run=run.id, state=run.state, received=run.received, seconds=run.seconds)

    def _follow(self) -> None:
        if not self._leads():
            return
        with database.reading(self.engine) as session:
            last, position = store.last_sequence(session), self.search.position()
            if position > last:  # the database was restored from a backup older than the index
                rebuild(session, self.search)
            elif position < last:
                sync(session, self.search)
