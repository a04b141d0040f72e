"""Runs one harvest and commits after each of its steps: the hand that turns `harvesters/run.py`.

A run belongs to one process at a time: `worker` names it (`host:pid`), `lease` says until when it is believed alive. A
run whose process died is gone on with, from its cursor, by whoever takes it over.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from catalog_api import profiles
from catalog_api.access import scrubbed, settings_of, web_for
from catalog_api.health import settle
from catalog_api.settings import Settings
from harvesters import examining_beside
from harvesters.access import secrets_of
from harvesters.base import Harvester
from harvesters.run import Job, harvest
from harvesters.table import PROTOCOLS
from harvesters.web import Web
from metadata import clock, database, memory, sources
from metadata.errors import CatalogError, Conflict, Invalid
from metadata.tables import Run, Source
from standards.base import Standard
from standards.table import STANDARDS

LEASE_SECONDS = 30.0
LOOK_SECONDS = 0.5
STUCK_SECONDS = 0.5
"""A run that was cancelled and does not stop by itself within this time is ended without its thread."""

CANCELLED = "cancelled: what was taken in until then is kept, nothing was retired"
_log = structlog.get_logger("mulu.harvest")

Progress = Callable[[Run], None]


def peak_memory_mib() -> float:
    """The most memory that this process has had, with the one that examines records for it, in MiB."""
    return round((memory.peak_kib() + examining_beside.peak_kib()) / 1024, 1)


def me() -> str:
    """This process, as `worker` of a run: `host:pid`."""
    return f"{socket.gethostname()}:{os.getpid()}"


def harvester(source: Source, settings: Settings) -> Harvester:
    """The harvester of a source, its settings checked and their secrets open. Raises `Invalid` or `NotFound`, naming the
    setting."""
    protocol = PROTOCOLS.get(source.protocol)
    return protocol(source.url, checked_settings(source.protocol, settings_of(settings, source)))


def checked_settings(protocol: str, given: dict[str, Any]) -> BaseModel:
    """The settings of a protocol from what was given. Raises `Invalid` naming the one that cannot be used."""
    model = PROTOCOLS.get(protocol).Settings
    unknown = sorted(set(given) - set(model.model_fields))
    if unknown:
        known = ", ".join(sorted(model.model_fields)) or "none"
        raise Invalid(
            f"the protocol {protocol} has no such setting", place="settings", value=unknown[0], remedy=f"It has: {known}."
        )
    try:
        return model.model_validate(given)
    except ValidationError as problem:
        first = problem.errors()[0]
        place = "settings." + ".".join(str(part) for part in first["loc"])
        hidden = first["loc"] and str(first["loc"][0]) in secrets_of(model)
        shown = None if hidden else first.get("input")
        raise Invalid(f"this setting cannot be used: {first['msg']}", place=place, value=shown) from None


def standards_for(walk: Harvester) -> Callable[[str], Standard]:
    """Standards by name for the records of a source. A protocol whose settings say how a record is read (`standards()`)
    brings its own, made from the settings as they are now."""
    own: dict[str, Standard] = walk.standards() if hasattr(walk, "standards") else {}
    return lambda name: own[name] if name in own else STANDARDS.get(name)


class Lost(Exception):
    """Another process has taken this run over: nothing more of it may be written here."""


@dataclass
class Harvesting:
    """One run in this process: what it works on, and when it began."""

    engine: Engine
    settings: Settings
    run_id: int
    progress: Progress = lambda _: None
    started: float = field(default_factory=time.monotonic)
    steps: int = 0
    _web: Web | None = None
    _asked: float = 0.0
    _cancelled: bool = False
    _attempt: int = 0

    def perform(self) -> Run:
        """Harvests to the end of the run and returns it. Raises only what is not the source's fault."""
        with database.writing(self.engine) as session:
            run = sources.run(session, self.run_id)
            self._attempt, before = run.resumed, run.seconds
            session.commit()
            try:
                with self._heartbeat():
                    self._work(session, run, before)
            except Lost:
                session.rollback()
                session.refresh(run)
                if run.state == "running":
                    _log.warning("another process has taken this run over", source=run.source, run=run.id, worker=run.worker)
            return run

    @property
    def received(self) -> int:
        """Bytes that came over the wire so far."""
        return self._web.received if self._web else 0

    def _work(self, session: Session, run: Run, before: float) -> None:
        try:
            for step in self._steps(session, run):
                self._commit(session, step, before)
        except Lost:
            raise
        except CatalogError as problem:
            self._fail(session, run, str(problem), before)
        except Exception as problem:
            _log.exception("harvest broke", source=run.source, run=run.id)
            message = f"an internal error ended this run: {type(problem).__name__}; what was stored is kept"
            self._fail(session, run, message, before)

    def _steps(self, session: Session, run: Run) -> Iterator[Run]:
        profiles.refresh(self.settings)
        source = session.get_one(Source, run.source_id)
        if source.url.startswith("upload://"):
            from catalog_api import uploads  # here: it brings all that reads tables

            uploads.bring(session, self.settings, source.url)
        walk = harvester(source, self.settings)
        job = Job(source, walk, standards_for(walk), walk.standard, self.cancelled)
        if source.standard:
            STANDARDS.get(source.standard)
        # "not modified" may only be believed when the last run took everything in and came to its end
        last = next((one for one in sources.runs(session, source.id, 2) if one.id != run.id), None)
        validators = source.validators if last and last.state == "done" else {}
        session.commit()
        with web_for(self.settings, source, validators, self.cancelled) as self._web:
            yield from harvest(session, self._web, job, run)

    def _commit(self, session: Session, run: Run, before: float) -> None:
        self._hold(session)
        run.seconds = round(before + time.monotonic() - self.started, 3)
        run.peak_memory_mib = peak_memory_mib()
        run.lease = clock.later(LEASE_SECONDS)
        if run.state not in sources.OPEN_STATES:
            self._close(session, run)
        session.add(run)
        session.commit()
        self.steps += 1
        self.progress(run)

    def _close(self, session: Session, run: Run) -> None:
        run.finished, run.lease = clock.now(), None
        source = session.get_one(Source, run.source_id)
        run.message = scrubbed(self.settings, source, run.message)
        settle(session, source, run)

    def _hold(self, session: Session) -> None:
        """Makes sure that the run is still this process's own (a lease can end while a machine sleeps), and hears on the way
        whether someone asked to cancel it."""
        own = select(Run.worker, Run.resumed, Run.cancel).where(Run.id == self.run_id).with_for_update()
        with session.no_autoflush:
            worker, attempt, cancel = session.execute(own).one()
        if (worker, attempt) != (me(), self._attempt):
            raise Lost
        self._cancelled = self._cancelled or cancel

    def _fail(self, session: Session, run: Run, message: str, before: float) -> None:
        session.rollback()
        run.state, run.message = "failed", message
        self._commit(session, run, before)

    def cancelled(self) -> bool:
        """Whether someone asked to cancel this run; looked up at each commit, and twice a second at most between them."""
        moment = time.monotonic()
        if not self._cancelled and moment - self._asked > LOOK_SECONDS:
            self._asked = moment
            with database.reading(self.engine) as session:
                self._cancelled = bool(session.exec(select(Run.cancel).where(Run.id == self.run_id)).first())
        return self._cancelled

    @contextmanager
    def _heartbeat(self) -> Iterator[None]:
        """Keeps the lease while a long download brings no batch."""
        over = threading.Event()
        thread = threading.Thread(target=self._beat, args=(over,), name=f"lease of run {self.run_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _beat(self, over: threading.Event) -> None:
        renewed, asked = time.monotonic(), 0.0
        while not over.wait(LOOK_SECONDS):
            now = time.monotonic()
            if now - renewed >= LEASE_SECONDS / 3:
                self._renew()
                renewed = now
            if self.cancelled():
                asked = asked or now
                if now - asked >= STUCK_SECONDS:
                    self._give_up()
                    return

    def _renew(self) -> None:
        with database.writing(self.engine) as session:
            session.execute(update(Run).where(*self._own()).values(lease=clock.later(LEASE_SECONDS)))
            session.commit()

    def _give_up(self) -> None:
        """Ends a cancelled run whose thread hangs in a system call (a silent socket, a name that is not resolved). When it
        comes back it finds that the run is not its own any more, and writes nothing."""
        with database.writing(self.engine) as session:
            run = session.exec(select(Run).where(*self._own()).with_for_update()).first()
            if run is not None:
                run.state, run.message, run.worker = "cancelled", CANCELLED, None
                run.findings_by_rule = sources.findings_by_rule(session, self.run_id)
                self._close(session, run)
                session.add(run)
            session.commit()

    def _own(self) -> tuple[Any, ...]:
        mine = (col(Run.worker) == me(), col(Run.resumed) == self._attempt)
        return (col(Run.id) == self.run_id, col(Run.state) == "running", *mine)


def begin(session: Session, run: Run) -> Run:
    """Makes a run this process's own: running, leased, and one more time resumed when it had begun before."""
    if run.started:
        run.resumed += 1
    run.state, run.worker, run.cancel, run.message, run.finished = "running", me(), False, "", None
    run.started, run.lease = run.started or clock.now(), clock.later(LEASE_SECONDS)
    session.add(run)
    session.flush()
    return run


def start(session: Session, source: Source, *, accept_retire: bool = False) -> Run:
    """A new run of a source in this process. A run left behind by a dead process is closed; a living one is a `Conflict`."""
    left = sources.open_run(session, source.id)
    if left is not None and left.state == "running" and abandoned(left):
        left.state, left.finished, left.lease, left.worker = "failed", clock.now(), None, None
        left.message = "its process ended, and a new run was started instead of going on with it"
        session.add(left)
        session.flush()
    return begin(session, sources.ask(session, source, accept_retire=accept_retire))


def resume(session: Session, source: Source) -> Run:
    """Goes on with the source's last run where its last commit was. Raises `Conflict` when its process still works at it,
    `Invalid` when that run came to its end."""
    last = next(iter(sources.runs(session, source.id, 1)), None)
    if last is None or last.state in ("done", "held"):
        state = f"the last run ended: {last.state}" if last else "it was never harvested"
        raise Invalid(
            "there is no run to go on with", place=source.name, value=state, remedy=f"Start one: `mulu harvest {source.name}`."
        )
    if last.state == "running" and not abandoned(last):
        raise Conflict(
            f"run {last.id} goes on in process {last.worker}", place=source.name, remedy="Wait for its end, or cancel it."
        )
    return begin(session, last)


def abandoned(run: Run) -> bool:
    """Whether the process of a running run is gone: its lease is over, or it was on this machine and has ended."""
    if run.lease is None or run.lease < clock.now():
        return True
    return ended(run.worker or "")


def ended(process: str) -> bool:
    """Whether a process (`host:pid`) was on this machine and is gone; of other machines nothing is known."""
    host, _, pid = process.rpartition(":")
    return host == socket.gethostname() and not _lives(int(pid))


def _lives(pid: int) -> bool:
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False
