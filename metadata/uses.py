"""Use: how often each dataset is looked at, by day. Anonymous: a number and a day, nothing of whoever looked.

Ranking goes by steps of use, so a dataset is `touched` (its document in the index is to be written anew) when its use reaches
or leaves a step, and once a day when it was looked at. Never commits.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, func, select

from metadata.database import write_many
from metadata.sums import add_up
from metadata.tables import DatasetRow, Touched, Use

STEPS = (1, 10, 100, 1_000, 10_000)
"""Visits from which on a dataset counts as used, and more used."""

KEPT_DAYS = 365
"""Days that count; older ones are forgotten."""

_CHUNK = 500


def today() -> str:
    """This day in UTC: `2026-05-03`."""
    return datetime.now(UTC).date().isoformat()


def days_ago(days: int) -> str:
    """The day so many days ago, in UTC."""
    return (datetime.now(UTC) - timedelta(days=days)).date().isoformat()


def uses(session: Session, dataset_ids: Sequence[str]) -> dict[str, int]:
    """Visits within the days that are kept, by dataset; those that were never looked at are left out."""
    found: dict[str, int] = {}
    for ids in _chunks(dataset_ids):
        statement = select(Use.dataset_id, func.sum(Use.count)).where(col(Use.dataset_id).in_(ids))
        rows = session.execute(statement.group_by(col(Use.dataset_id)))
        found.update((dataset_id, int(count)) for dataset_id, count in rows)
    return found


def by_day(session: Session, since: str, dataset_id: str | None = None) -> list[tuple[str, int]]:
    """`(day, visits)` since a day, the oldest first: of one dataset, or of all. Days without a visit are left out."""
    statement = select(Use.day, func.sum(Use.count)).where(Use.day >= since)
    if dataset_id is not None:
        statement = statement.where(Use.dataset_id == dataset_id)
    return [(day, int(count)) for day, count in session.execute(statement.group_by(Use.day).order_by(Use.day))]


def most_used(session: Session, since: str, limit: int) -> list[tuple[str, int]]:
    """`(dataset id, visits since a day)` of the published datasets that were looked at most."""
    visits = func.sum(Use.count)
    statement = (
        select(Use.dataset_id, visits)
        .join(DatasetRow, col(DatasetRow.id) == col(Use.dataset_id))
        .where(Use.day >= since, DatasetRow.state == "published")
        .group_by(col(Use.dataset_id))
        .order_by(visits.desc(), col(Use.dataset_id))
    )
    return [(dataset_id, int(count)) for dataset_id, count in session.execute(statement.limit(limit))]


def add(session: Session, counts: Mapping[str, int], day: str) -> None:
    """Adds visits of a day to what other processes counted, and touches the datasets that reach another step by it."""
    rows = [{"dataset_id": dataset_id, "day": day, "count": count} for dataset_id, count in counts.items() if count > 0]
    add_up(session, Use, rows, sums=["count"])
    after = uses(session, list(counts))
    touch(session, [one for one, count in counts.items() if _step(after.get(one, 0)) != _step(after.get(one, 0) - count)])


def forget(session: Session, before: str) -> int:
    """Takes away what was counted before a day, and touches the datasets whose use it lowers to another step. Returns how
    many rows went."""
    old = select(Use.dataset_id, func.sum(Use.count)).where(Use.day < before).group_by(col(Use.dataset_id))
    losing = {dataset_id: int(count) for dataset_id, count in session.execute(old)}
    had = uses(session, list(losing))
    touch(session, [one for one, count in losing.items() if _step(had[one]) != _step(had[one] - count)])
    return int(session.execute(delete(Use).where(col(Use.day) < before)).rowcount)  # type: ignore[attr-defined]


def touch_visited(session: Session, since: str) -> int:
    """Touches every dataset that was looked at since a day; how many that are."""
    visited = list(session.exec(select(Use.dataset_id).where(Use.day >= since).distinct()))
    touch(session, visited)
    return len(visited)


def touch(session: Session, dataset_ids: Iterable[str]) -> None:
    """Notes datasets whose documents in the index have to be written anew."""
    rows = [{"dataset_id": one} for one in sorted(set(dataset_ids))]
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    write_many(session, insert(Touched.__table__).on_conflict_do_nothing(), rows)  # type: ignore[attr-defined]


def touched(session: Session, limit: int) -> list[str]:
    """Some of the datasets that wait to be written anew."""
    return list(session.exec(select(Touched.dataset_id).order_by(Touched.dataset_id).limit(limit)))


def untouch(session: Session, dataset_ids: Sequence[str]) -> None:
    """Strikes out datasets that were written anew."""
    for ids in _chunks(dataset_ids):
        session.execute(delete(Touched).where(col(Touched.dataset_id).in_(ids)))


def _step(count: int) -> int:
    return bisect_right(STEPS, count)


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    return (list(ids[start : start + _CHUNK]) for start in range(0, len(ids), _CHUNK))
