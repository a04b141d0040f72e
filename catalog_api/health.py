"""The health of sources: what a run's end means for its source, and how each one stands.

A source is `failing` when its last run failed, `held` when that waits for a decision, `late` when its time has passed and no
run has begun, `never` when none has ended, else `fine`. Lists are sorted by trouble.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, case, col, func, select

from catalog_api.schedules import following
from metadata import clock, sources
from metadata.errors import CatalogError
from metadata.tables import DatasetRow, Run, Source

STATES = ("failing", "held", "late", "never", "fine")
"""How a source may stand, worst first."""

GRACE = timedelta(minutes=15)
"""So long after its time a source is not late yet: workers may be busy."""

ENDED = ("done", "held", "failed")
"""States of runs that came to an end of their own."""


@dataclass(frozen=True)
class Standing:
    """How a source stands. `streak`: runs in a row that ended as the last one did (well, or not). `listed`: what the source
    said it has at its last good run in full, or what that run received; `published`: what the catalogue lists of it."""

    source: Source
    state: str
    last: Run | None
    streak: int
    listed: int | None
    published: int
    why: str = ""

    @property
    def is_trouble(self) -> bool:
        """Whether someone should look."""
        return self.state in ("failing", "held", "late")


def settle(session: Session, source: Source, run: Run) -> None:
    """Notes at its source how a run ended: one that failed counts, and after several the next one comes later; one that is
    `done` ends the row. A `held` run is no fault of its source, a cancelled one says nothing of it."""
    session.flush()
    session.refresh(source)  # it may have been changed while the run went on
    before = source.failures
    if run.state == "failed":
        source.failures += 1
    elif run.state in ("done", "held"):
        source.failures = 0
    if run.state == "done":
        source.last_good = run.finished
    if source.failures or before:
        source.next_run = _following(source)
    session.add(source)


def forgive(session: Session, source: Source) -> None:
    """Forgets a source's failures, as when someone harvests it by hand: it is due again when its schedule says."""
    if source.failures:
        source.failures = 0
        source.next_run = _following(source)
        session.add(source)


def _following(source: Source) -> str | None:
    try:
        return following(source)
    except CatalogError:  # a schedule that was written past the checks; that is told where runs are asked for
        return None


def standings(session: Session) -> list[Standing]:
    """How all harvested sources stand, those in trouble first, then by name."""
    published, streaks = _published(session), _streaks(session)
    last = _newest(session, col(Run.state).in_(ENDED))
    whole = _newest(session, Run.state == "done", col(Run.partial).is_(False))
    found = []
    for row in sources.sources(session):
        if row.protocol != sources.REGISTERED:
            state, why = _state(row, last.get(row.id))
            counts = (_listed(whole.get(row.id)), published.get(row.id, 0))
            found.append(Standing(row, state, last.get(row.id), streaks.get(row.id, 0), *counts, why))
    return sorted(found, key=lambda one: (STATES.index(one.state), -one.streak if one.is_trouble else 0, one.source.name))


def _listed(run: Run | None) -> int | None:
    if run is None:
        return None
    return run.received if run.total is None else run.total


def _state(row: Source, last: Run | None) -> tuple[str, str]:
    if last is not None and last.state == "failed":
        return "failing", last.message
    if last is not None and last.state == "held" and not last.decision:
        return "held", last.message
    if row.next_run and clock.parse(row.next_run) + GRACE < datetime.now(UTC):
        return "late", f"it was due at {row.next_run[:16].replace('T', ' ')} UTC; is a worker running?"
    return ("fine", "") if last else ("never", "")


def _newest(session: Session, *where: Any) -> dict[str, Run]:
    """The newest of these runs of each source."""
    newest = select(func.max(Run.id)).where(*where).group_by(col(Run.source_id))
    return {run.source_id: run for run in session.exec(select(Run).where(col(Run.id).in_(newest)))}


def _streaks(session: Session) -> dict[str, int]:
    """How many runs of each source ended, since one last ended the other way."""
    bad = func.max(case((col(Run.state) == "failed", col(Run.id)), else_=0))
    good = func.max(case((col(Run.state) == "failed", 0), else_=col(Run.id)))
    ended = col(Run.state).in_(ENDED)
    ends: Any = select(col(Run.source_id).label("source"), bad.label("bad"), good.label("good")).where(ended)
    ends = ends.group_by(col(Run.source_id)).subquery()
    other = case((ends.c.bad < ends.c.good, ends.c.bad), else_=ends.c.good)
    counted: Any = select(Run.source_id, func.count()).join(ends, ends.c.source == Run.source_id)
    return dict(session.execute(counted.where(ended, col(Run.id) > other).group_by(col(Run.source_id))).all())


def _published(session: Session) -> dict[str | None, int]:
    counted = select(DatasetRow.source_id, func.count()).where(DatasetRow.state == "published")
    return dict(session.exec(counted.group_by(col(DatasetRow.source_id))).all())
