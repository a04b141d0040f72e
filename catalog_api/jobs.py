"""The worker: starts harvests that are due or asked for, takes over those of dead workers, and lets the index follow.

Any number of workers may share one PostgreSQL; on SQLite one worker is enough. Nothing lives in this process alone: a
run's state, cursor and lease are in its row (docs/decisions/0003-runs-are-the-queue.md). One of the workers leads: only it
writes the index, does the chores and sends alerts. Each of these goes on when another is slow or away, in a thread of its own.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from croniter import CroniterError, croniter
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, or_, select

from catalog_api.alerts import Alerts
from catalog_api.chores import Chores
from catalog_api.harvesting import Harvesting, abandoned, begin
from catalog_api.leadership import LEADS, Leadership
from catalog_api.settings import Settings
from metadata import clock, database, sources, store
from metadata.errors import CatalogError, Conflict, Invalid
from metadata.tables import Run, Source
from search.base import SearchEngine
from search.building import WORTH_A_PROCESS
from search.sync import rebuild, sync

_log = structlog.get_logger("mulu.worker")
PAUSE_SECONDS = 0.3
CHORES_PAUSE_SECONDS = 3.0
TROUBLED_PAUSE_SECONDS = 1.0
ENDING_SECONDS = 8.0


def next_time(schedule: str, after: datetime | None = None) -> str:
    """When a cron line is due next, in UTC. Raises `Invalid` for a line that cannot be read."""
    try:
        return clock.stamp(croniter(schedule, after or datetime.now(UTC)).get_next(datetime))
    except (CroniterError, ValueError) as problem:  # no cron line, or one that is never due (30 February)
        remedy = "Write five fields, for example `0 3 * * *` (every day at 3:00 UTC)."
        raise Invalid("this is no cron line", place="schedule", value=schedule, remedy=remedy) from problem


def ask_due(session: Session) -> int:
    """Puts a run in the queue for each source whose time has come. Returns how many."""
    moment, asked = clock.now(), 0
    due = session.exec(select(Source).where(col(Source.next_run).is_not(None), col(Source.next_run) <= moment)).all()
    for source in due:
        source.next_run = next_time(source.schedule) if source.schedule else None
        session.add(source)
        if not sources.open_run(session, source.id):
            sources.ask(session, source)
            asked += 1
    return asked


def claim(session: Session) -> Run | None:
    """Takes the oldest run that waits, or that a dead process left, and makes it this process's own."""
    statement = select(Run).where(or_(col(Run.state) == "queued", col(Run.state) == "running")).order_by(col(Run.id))
    for run in session.exec(statement.with_for_update(skip_locked=True)).all():
        if run.state == "queued" or abandoned(run):
            return begin(session, run)
    return None


class Worker:
    """One worker process: a loop that looks for work, and threads that do it. `stop` lets running batches end first."""

    def __init__(self, engine: Engine, settings: Settings, search: SearchEngine) -> None:
        self.engine, self.settings, self.search = engine, settings, search
        self.lead = Leadership(engine, LEADS)
        self.chores = Chores(engine, settings, search, self._leads)
        self.alerts = Alerts(engine, settings, search, self._leads)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
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
        self._threads = [one for one in self._threads if one.is_alive()]
        if len(self._threads) >= self.settings.runs_at_once or not self._pending():
            return
        with database.writing(self.engine) as session:
            ask_due(session)
            run = claim(session)
            session.commit()
        if run is not None:
            thread = threading.Thread(target=self._harvest, args=(run.id,), name=f"run {run.id}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pending(self) -> bool:
        """Whether there may be something to take, asked without the write lock."""
        with database.reading(self.engine) as session:
            waiting = session.exec(select(Run.id).where(col(Run.state) == "queued").limit(1)).first()
            due = session.exec(select(Source.id).where(col(Source.next_run) <= clock.now()).limit(1)).first()
            going = session.exec(select(Run).where(col(Run.state) == "running")).all()
            return waiting is not None or due is not None or any(abandoned(run) for run in going)

    def _harvest(self, run_id: int) -> None:
        run = Harvesting(self.engine, self.settings, run_id).perform()
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


def follow_once(engine: Engine, search: SearchEngine) -> bool:
    """Brings the index up to date, unless a worker owns it (it will). Returns whether it was done here. Much is left to a
    process of its own, so that the memory of a harvest and that of the index do not add up."""
    with database.reading(engine) as session:
        behind = store.last_sequence(session) - search.position()
    if behind > WORTH_A_PROCESS:
        command = [sys.executable, "-m", "catalog_api.cli", "index", "sync"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    try:
        with database.reading(engine) as session:
            sync(session, search)
    except Conflict:
        return False
    return True
