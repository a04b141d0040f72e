"""Whose turn it is: which runs are asked for because their source is due, and which of those that wait begins next.

A run begins by its priority, then by its age; unless its source is to be left alone now (blackout), or another run is at the
same source, or as many as are allowed at the same host. A run that has to wait holds up no other.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlmodel import Session, col, func, select

from catalog_api.harvesting import abandoned, begin
from catalog_api.schedules import following, resting_until
from metadata import clock, sources
from metadata.errors import CatalogError
from metadata.tables import Run, Source

_LOCK = 0x6D756C75  # "mulu": PostgreSQL's advisory lock for choosing the next run
_log = structlog.get_logger("mulu.worker")


def ask_due(session: Session) -> int:
    """Puts a run in the queue for each source whose time has come. Returns how many."""
    due = session.exec(
        select(Source)
        .where(col(Source.next_run).is_not(None), col(Source.next_run) <= clock.now())
        .with_for_update(skip_locked=True)
    ).all()
    return sum(_ask(session, source) for source in due)


def _ask(session: Session, source: Source) -> bool:
    try:
        source.next_run = following(source)
    except CatalogError as problem:  # its schedule was written past the checks: it must not stop the others
        _log.warning("a source's schedule cannot be used", source=source.name, error=str(problem))
        source.next_run = None
    session.add(source)
    if sources.open_run(session, source.id):
        return False
    sources.ask(session, source)
    return True


def claim(session: Session, per_host: int = 1) -> Run | None:
    """Takes the run whose turn it is, one that waits or that a dead process left, and makes it this process's own. None when
    there is none, or while another process chooses."""
    if not _choose_alone(session):
        return None
    for run in startable(session, per_host):
        mine = session.get(Run, run.id, with_for_update={"skip_locked": True}, populate_existing=True)
        if mine is not None and (mine.state == "queued" or (mine.state == "running" and abandoned(mine))):
            return begin(session, mine)
    return None


def startable(session: Session, per_host: int = 4) -> Iterator[Run]:
    """The runs that may begin now, in their order."""
    waiting, hosts, at_work = [], Counter[str](), set[str]()
    for run, *place in _open(session):
        if run.state == "queued" or abandoned(run):
            waiting.append((run, *place))
        else:
            hosts[host_of(place[0])] += 1
            at_work.add(run.source_id)
    moment = datetime.now(UTC)
    for run, url, blackout, zone in waiting:
        if run.source_id in at_work or hosts[host_of(url)] >= per_host:
            continue
        if run.state == "queued" and blackout and _rests(blackout, zone, moment):
            continue
        yield run


def host_of(url: str) -> str:
    """The host and port that a source is at, by which runs are counted; one at no host (a folder) is a place of its own."""
    try:
        return urlsplit(url).netloc.lower() or url
    except ValueError:
        return url


def _open(session: Session) -> list[Any]:
    statement = (
        select(Run, Source.url, Source.blackout, Source.timezone)
        .join(Source, col(Source.id) == Run.source_id)
        .where(col(Run.state).in_(sources.OPEN_STATES))
        .order_by(col(Run.priority).desc(), col(Run.id))
    )
    return list(session.exec(statement))


def _rests(blackout: list[str], zone: str, moment: datetime) -> bool:
    try:
        return resting_until(blackout, zone, moment) is not None
    except CatalogError:  # written past the checks
        return False


def _choose_alone(session: Session) -> bool:
    """Whether this transaction is the only one that chooses. On SQLite it holds the write lock already."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.exec(select(func.pg_try_advisory_xact_lock(_LOCK))).one())
