"""What a harvest would do, without storing anything: the run itself, in a database of its own that is thrown away.

The database (SQLite, in the spool folder) is given what the catalogue knows of the source: its records and datasets, not their
bodies. So nothing is locked while a slow source is walked, and what is told is what the run would do.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import orjson
from sqlalchemy import Engine, inspect, text
from sqlmodel import Session, SQLModel, col, select

from catalog_api.access import web_for
from catalog_api.harvesting import begin, harvester, peak_memory_mib, standards_for
from catalog_api.rooms import Rooms
from catalog_api.routers.reply import finding_json
from catalog_api.run_fields import RUN_FIELDS
from harvesters.base import Batch, Harvester
from harvesters.run import Job, harvest
from harvesters.web import Web
from metadata import bodies, database, identity, leaving, model, sources, store
from metadata.tables import Change, DatasetRow, Organization, RecordRow, Run, Source

SHOWN = 20
_CHUNK = 2000
_EARLIER = {"run": 0, "first_run": 0, "attempt": 0}  # runs are counted anew here
_OUTCOMES = ("updated", "restored", "renamed", "withheld", "published", "retired", "added")


def preview(rooms: Rooms, name: str, limit: int | None = None, shown: int = SHOWN) -> dict[str, Any]:
    """The run report that a harvest of this source would give now, or of its first `limit` records, with what `shown` of them
    would become."""
    with database.reading(rooms.database) as session:
        source = sources.source(session, name)
    return rehearse(rooms, source, limit, shown)


def rehearse(
    rooms: Rooms, source: Source, limit: int | None = None, shown: int = SHOWN, cancelled: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    """The same for a source that need not be stored. With a limit nothing counts as vanished, since not all was listed."""
    started = time.monotonic()
    inner = harvester(source, rooms.settings)
    walk = _First(inner, limit)
    with _scratch(rooms, source) as session, web_for(rooms.settings, source, {}, cancelled) as web:
        copied = session.get_one(Source, source.id)
        run = begin(session, sources.ask(session, copied))
        job = Job(copied, walk, standards_for(inner), inner.standard, cancelled)
        for _ in harvest(session, web, job, run):
            session.commit()
            if walk.enough:
                break
            if run.complete and run.state == "running":
                _bring(rooms.database, session, run)
        if walk.enough:
            run.state, run.message = "done", f"only the first {limit} records were looked at"
            run.findings_by_rule = sources.findings_by_rule(session, run.id or 0)
        report = {field: getattr(run, field) for field in RUN_FIELDS}
        report["records"] = [_became(session, run, row) for row in _met(session, run, shown)]
        report["leaving"] = _leaving(session, run, shown)
    report |= {"seconds": round(time.monotonic() - started, 3), "peak_memory_mib": peak_memory_mib()}
    return {**report, "dry_run": True, "whole": not walk.enough, "run": None}


@dataclass
class _First:
    """A harvester that stops after so many records."""

    inner: Harvester
    limit: int | None
    enough: bool = False

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """The batches, the last one cut."""
        left = self.limit
        for batch in self.inner.batches(web, resume):
            if left is not None and len(batch.records) >= left:
                self.enough = True
                yield replace(batch, records=batch.records[:left])
                return
            left = None if left is None else left - len(batch.records)
            yield batch


@contextmanager
def _scratch(rooms: Rooms, source: Source) -> Iterator[Session]:
    rooms.settings.spool_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=rooms.settings.spool_dir, prefix="preview-") as folder:
        engine = database.connect(f"sqlite:///{Path(folder) / 'preview.db'}")
        try:
            SQLModel.metadata.create_all(engine)
            with database.writing(engine) as session:
                _copy(rooms.database, session, source)
                session.commit()
                yield session
        finally:
            engine.dispose()


def _copy(catalogue: Engine, session: Session, source: Source) -> None:
    """What the catalogue knows of this source, and of the departments."""
    with database.reading(catalogue) as reading:
        for row in reading.exec(select(Organization)):
            session.add(Organization(**{**row.model_dump(), "parent": None}))
        session.flush()
        session.add(Source(**source.model_dump()))
        session.flush()
        for table, own in ((DatasetRow, DatasetRow.source_id), (RecordRow, RecordRow.source_id)):
            columns: Any = inspect(table).local_table
            rows = reading.execute(select(columns).where(col(own) == source.id).execution_options(yield_per=_CHUNK))
            for some in rows.mappings().partitions(_CHUNK):
                session.execute(columns.insert(), [{**row, **_EARLIER} if table is RecordRow else dict(row) for row in some])


def _bring(catalogue: Engine, session: Session, run: Run) -> None:
    """The descriptions of what the source no longer lists, by which a dataset under another identifier is known again."""
    gone = [one.dataset_id for one in leaving.vanished(session, run) if one.dataset_id]
    with database.reading(catalogue) as reading:
        for start in range(0, len(gone), 500):
            some = session.exec(select(DatasetRow.digest).where(col(DatasetRow.id).in_(gone[start : start + 500]))).all()
            bodies.keep(session, bodies.fetch_all(reading, some))
    session.commit()


def _met(session: Session, run: Run, limit: int) -> list[RecordRow]:
    """The first records that the run met, as they came."""
    met = select(RecordRow).where(RecordRow.run == run.id, col(RecordRow.gone).is_(False))
    return list(session.exec(met.order_by(text("rowid")).limit(limit)))  # SQLite's own count of rows, as they were added


def _became(session: Session, run: Run, row: RecordRow) -> dict[str, Any]:
    """One record beside what it would become and what the checks say of it."""
    change = session.exec(
        select(Change).where(Change.dataset_id == row.dataset_id, Change.run_id == run.id).order_by(col(Change.sequence))
    ).first()
    outcome = "failed" if row.state == "failed" else change.action if change else "unchanged"
    dataset = session.get(DatasetRow, row.dataset_id) if row.dataset_id else None
    known = bodies.fetch_all(session, [dataset.digest]) if dataset else {}
    description = msgspec.to_builtins(model.decode(known[dataset.digest])) if dataset and known else None
    raw = bodies.fetch_all(session, [row.digest]).get(row.digest)
    return {
        "identifier": row.identifier,
        "standard": row.standard,
        "outcome": outcome,
        "title": dataset.title if dataset else None,
        "dataset": description,
        "findings": [finding_json(one) for one in store.findings_of(session, row.id)],
        "record": _shown(raw) if raw is not None else None,
    }


def _shown(raw: bytes) -> Any:
    """A raw record as JSON can hold it."""
    parsed = identity.parsed(raw)
    return parsed if isinstance(parsed, dict | list | str) else orjson.loads(orjson.dumps(parsed))


def _leaving(session: Session, run: Run, limit: int) -> list[dict[str, str]]:
    """Datasets that the run would retire; not the one that a rename added and took back."""
    added = select(Change.dataset_id).where(Change.run_id == run.id, Change.action == "added")
    gone = select(Change).where(Change.run_id == run.id, Change.action == "retired", col(Change.dataset_id).not_in(added))
    gone = gone.order_by(col(Change.sequence)).limit(limit)
    rows = [(change, session.get(DatasetRow, change.dataset_id)) for change in session.exec(gone)]
    return [{"name": change.name, "identifier": row.identifier, "title": row.title} for change, row in rows if row]
