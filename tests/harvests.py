"""Visits of a source for tests: the real run, store and standards, with a harvester that lists what it is given.

source = new_source(engine, "roads")
run = visit(engine, source, [record("a"), record("b")])
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy import Engine
from sqlmodel import select

from catalog_api.harvesting import begin
from harvesters.base import Batch, Record
from harvesters.run import Job, harvest
from harvesters.web import Web
from metadata import database, departments, ledger, sources, store
from metadata.entry import Entry
from metadata.errors import NotData
from metadata.tables import Change, RecordRow, Run, Source
from metadata.text import best
from standards.table import STANDARDS

STANDARD = "dcat_us_1_1_non_federal"
SUMMED = ("added", "updated", "unchanged", "renamed", "failed", "duplicates")


class Nothing(BaseModel):
    """No settings."""


@dataclass
class Listing:
    """A harvester that lists these records, and breaks with a `SourceError` before record `breaks_at`."""

    name: ClassVar[str] = "listing"
    title: ClassVar[dict[str, str]] = {"en": "Listing"}
    standard: ClassVar[str] = STANDARD
    Settings: ClassVar[type[BaseModel]] = Nothing

    records: Sequence[Record]
    batch: int = 2
    breaks_at: int | None = None
    partial: bool = False
    given: list[int] = field(default_factory=list)

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of `batch` records; `resume` counts those given."""
        at = int(resume or 0)
        while at < len(self.records):
            if self.breaks_at is not None and at >= self.breaks_at:
                raise NotData("the document ends in the middle")
            some = tuple(self.records[at : at + self.batch])
            at += len(some)
            self.given.append(at)
            yield Batch(some, str(at), len(self.records), partial=self.partial)


def body(identifier: str, title: str | None = None, **more: Any) -> dict[str, Any]:
    """A DCAT-US description without faults; its words hold the identifier, so that no two are alike."""
    return {
        "@type": "dcat:Dataset",
        "identifier": identifier,
        "title": title or f"Title {identifier}",
        "description": f"About {identifier}.",
        "keyword": ["open data"],
        "modified": "2024-05-01",
        "publisher": {"@type": "org:Organization", "name": "City"},
        "contactPoint": {"@type": "vcard:Contact", "fn": "Desk", "hasEmail": "mailto:desk@city.example"},
        "accessLevel": "public",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        **more,
    }


def record(identifier: str, title: str | None = None, **more: Any) -> Record:
    """`body` as a harvester gives it."""
    return Record(body(identifier, title, **more), identifier)


def unreadable(identifier: str) -> Record:
    """A record that cannot be a dataset: no title."""
    return Record({"identifier": identifier, "description": "no title"}, identifier)


def new_source(engine: Engine, name: str = "roads", **given: Any) -> str:
    """A source of the department `transport`, or changes one; its name."""
    with database.writing(engine) as session:
        departments.put_organization(session, "transport", {"zh": "交通局", "en": "Transport"})
        defaults = {"url": "https://roads.example/data.json", "protocol": "dcat_us", "organization": "transport"}
        sources.put_source(session, name, **{**defaults, **given})
        session.commit()
    return name


def visit(
    engine: Engine,
    name: str,
    records: Sequence[Record],
    *,
    batch: int = 2,
    breaks_at: int | None = None,
    accept_retire: bool = False,
) -> Run:
    """One run to its end."""
    run = ask(engine, name, accept_retire=accept_retire)
    return go_on(engine, run, Listing(records, batch, breaks_at))


def ask(engine: Engine, name: str, *, accept_retire: bool = False) -> int:
    """A run that has begun."""
    with database.writing(engine) as session:
        run = begin(session, sources.ask(session, sources.source(session, name), accept_retire=accept_retire))
        session.commit()
        return run.id or 0


def go_on(engine: Engine, run_id: int, listing: Listing, *, stop_after: int | None = None, again: bool = False) -> Run:
    """Works at a run, committing after each step. `stop_after` steps the process is gone: what was not committed is lost.
    `again` takes up a run that was left so."""
    with database.writing(engine) as session, Web(internal=True, spool_dir=Path(gettempdir())) as web:
        run = sources.run(session, run_id)
        if again:
            begin(session, run)
            session.commit()
        job = Job(session.get_one(Source, run.source_id), listing, STANDARDS.get, STANDARD)
        for step, _ in enumerate(harvest(session, web, job, run)):
            if step == stop_after:
                session.rollback()
                return sources.run(session, run_id)
            session.commit()
        agrees(run)
        return run


def agrees(run: Run) -> None:
    """The counters of a run add up."""
    parts = {name: getattr(run, name) for name in SUMMED}
    assert run.received == sum(parts.values()), (run.received, parts)
    assert all(count >= 0 for count in parts.values()), parts
    assert 0 <= run.warned <= run.received - run.duplicates


def entry(engine: Engine, source: str, identifier: str) -> Entry | None:
    """What became of a record, in any state."""
    with database.reading(engine) as session:
        row = session.exec(
            select(RecordRow).where(
                RecordRow.source_id == sources.source(session, source).id, RecordRow.identifier == identifier
            )
        ).first()
        return store.entries(session, [row.dataset_id])[row.dataset_id] if row and row.dataset_id else None


def published(engine: Engine, source: str | None = None) -> dict[str, str]:
    """`identifier → title` of what is published."""
    with database.reading(engine) as session:
        return {one.identifier: best(one.dataset.title) for one in store.listing(session, source=source, limit=10_000)}


def log(engine: Engine) -> list[Change]:
    """The whole log, verified."""
    with database.reading(engine) as session:
        assert ledger.verify(session).ok
        return store.changes(session, 0, 100_000)
