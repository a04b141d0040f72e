"""How datasets leave the directory, or turn out to be the same under another identifier.

Only a run that listed everything may call these (DESIGN §5.9). A retired dataset keeps its bodies, history and name, and
comes back with them when its source lists it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, update
from sqlmodel import Session, col, func, select

from metadata import ledger
from metadata.clock import now
from metadata.database import write_many
from metadata.renaming import pairs
from metadata.tables import Alias, DatasetRow, FindingRow, RecordRow, Run

_RECORD: Any = RecordRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Vanished:
    """A record that its source no longer lists."""

    id: str
    identifier: str
    dataset_id: str | None


def standing(session: Session, run: Run) -> int:
    """How many records with a dataset the source had before this run."""
    statement = (
        select(func.count()).select_from(RecordRow).where(RecordRow.source_id == run.source_id, col(RecordRow.gone).is_(False))
    )
    return session.exec(statement.where(RecordRow.first_run != run.id, col(RecordRow.dataset_id).is_not(None))).one()


def nameless(session: Session, run: Run) -> int:
    """How many records of this run could not be read and were never met before: any of them may be one that vanished."""
    statement = (
        select(func.count()).select_from(RecordRow).where(RecordRow.source_id == run.source_id, RecordRow.first_run == run.id)
    )
    return session.exec(statement.where(RecordRow.state == "failed")).one()


def vanished(session: Session, run: Run) -> list[Vanished]:
    """Records of the source that this run did not meet, in the order of their identifiers; of a run that lists only what
    changed, those of which it was told that they are deleted."""
    statement = select(RecordRow.id, RecordRow.identifier, RecordRow.dataset_id).where(unmet(run))
    return [Vanished(*row) for row in session.execute(statement.order_by(col(RecordRow.identifier)))]


def unmet(run: Run) -> Any:
    """What holds of a record that a run's source no longer lists."""
    left = col(RecordRow.run) == -(run.id or 0) if run.partial else col(RecordRow.run) != run.id
    return and_(col(RecordRow.source_id) == run.source_id, left, col(RecordRow.gone).is_(False))


def rename(session: Session, run: Run, gone: Sequence[Vanished]) -> list[Vanished]:
    """Joins each vanished record to the new one that is the same dataset (`metadata.renaming`). The dataset keeps its id, name
    and history and takes over the new record; its old identifier becomes an alias. Returns the vanished records that remain."""
    twins = pairs(session, run, [one.id for one in gone if one.dataset_id])
    for one in gone:
        if one.id in twins:
            _join(session, run, one, session.get_one(RecordRow, twins[one.id]))
    return [one for one in gone if one.id not in twins]


def retire(session: Session, run: Run, gone: Sequence[Vanished], actor: str = "") -> int:
    """Takes the datasets of these records out of the directory. Returns how many. `actor`: who decided it, if not the run."""
    ids = [one.dataset_id for one in gone if one.dataset_id]
    count = 0
    for start in range(0, len(ids), 500):
        rows = session.exec(select(DatasetRow).where(col(DatasetRow.id).in_(ids[start : start + 500]))).all()
        count += retire_rows(session, rows, actor or f"harvest:{run.source}", run.id)
    leaving = update(_RECORD).where(_RECORD.c.id == bindparam("key")).values(gone=bindparam("gone"))
    write_many(session, leaving, [{"key": one.id, "gone": True} for one in gone])
    return count


def retire_rows(session: Session, rows: Sequence[DatasetRow], actor: str, run_id: int | None = None) -> int:
    """Retires datasets, with a Change for each that was not retired yet. Returns how many."""
    leaving = [row for row in rows if row.state != "retired"]
    lines = [ledger.Line(actor, "retired", row.id, row.name, before=row.digest, run_id=run_id) for row in leaving]
    sequence = ledger.append(session, lines)
    moment = now()
    for place_in, row in enumerate(leaving):
        row.state, row.updated, row.sequence = "retired", moment, sequence + place_in
        session.add(row)
    session.flush()
    return len(leaving)


def _join(session: Session, run: Run, old: Vanished, new: RecordRow) -> None:
    dataset = session.get_one(DatasetRow, old.dataset_id)
    double = session.get_one(DatasetRow, new.dataset_id)
    actor, before, state = f"harvest:{run.source}", dataset.digest, double.state
    _alias(session, "identifier", run.source_id, old.identifier, dataset.id)
    retire_rows(session, [double], actor, run.id)
    _alias(session, "name", "", double.name, dataset.id)
    dataset.identifier, dataset.digest, dataset.standard = new.identifier, double.digest, double.standard
    dataset.title, dataset.modified, dataset.frequency = double.title, double.modified, double.frequency
    dataset.errors, dataset.warnings, dataset.updated = double.errors, double.warnings, now()
    dataset.state = state
    dataset.sequence = ledger.append(
        session, [ledger.Line(actor, "renamed", dataset.id, dataset.name, before, dataset.digest, run.id)]
    )
    new.dataset_id = dataset.id
    session.add_all((dataset, new))
    session.flush()
    session.execute(delete(FindingRow).where(col(FindingRow.record_id) == old.id))
    session.delete(session.get_one(RecordRow, old.id))
    run.added -= 1
    run.renamed += 1


def _alias(session: Session, kind: str, scope: str, value: str, dataset_id: str) -> None:
    session.merge(Alias(kind=kind, scope=scope, value=value, dataset_id=dataset_id))
