"""The main job: one harvest of one source, from its first record to the last decision.

Read from top to bottom, this is what Mulu does. `harvest` yields after each step that may be committed; the caller
commits there, so a batch, its Changes and the run's cursor are there together or not at all, and a run whose process
died goes on after its last commit (DESIGN §5.9). Nothing leaves the directory before a run has listed everything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlmodel import Session

from harvesters.address import mask
from harvesters.ahead import ahead
from harvesters.base import Batch, JsonRecord, NotModified, Record, Walks
from harvesters.examiner import Examiner, Walked
from harvesters.volatile import steady
from harvesters.web import Cancelled, Web
from metadata import identity, leaving, sources, store
from metadata.errors import CatalogError, NotData
from metadata.reading import FORGOTTEN, Taken
from metadata.tables import Run, Source
from standards.base import Standard
from standards.table import detect

_DECIDE = "Someone has to accept that or to refuse it (`mulu run`), or to harvest anew with --accept-retire."
_CANCELLED = "cancelled: what was taken in until then is kept, nothing was retired"


@dataclass(frozen=True)
class Job:
    """What a harvest needs: the source, the protocol that walks it, and the standards its records may be in. `default` is the
    protocol's usual one; when it has none (empty), each record is recognised by itself."""

    source: Source
    harvester: Walks
    standard: Callable[[str], Standard]
    default: str
    cancelled: Callable[[], bool] = field(default=lambda: False)

    @cached_property
    def named(self) -> str | None:
        """The standard that the source's owner says its records are in."""
        return self.source.standard

    @cached_property
    def volatile(self) -> tuple[str, ...]:
        """Fields of its records whose change alone is no change."""
        return tuple(self.source.volatile)

    @property
    def waits(self) -> bool:
        """Whether the walk waits for the source again and again, so that fetching ahead is worth it."""
        return getattr(self.harvester, "waits", True)


def harvest(session: Session, web: Web, job: Job, run: Run) -> Iterator[Run]:
    """Harvests one source. Yields the run whenever it may be committed; its last state is `done`, `failed`, `held` or
    `cancelled`. Raises nothing that a source can cause."""
    try:
        yield from _walk(session, web, job, run)
        if run.state == "running":
            yield from _finish(session, web, job, run)
    except NotModified as told:
        session.rollback()
        _stand(session, web, job.source, run, told.by)
        yield run
    except Cancelled:
        session.rollback()
        _end(session, run, "cancelled", _CANCELLED)
        yield run
    except CatalogError as problem:
        session.rollback()
        _end(session, run, "failed", str(problem))
        yield run


def _walk(session: Session, web: Web, job: Job, run: Run) -> Iterator[Run]:
    """Takes in all that the source lists, batch by batch."""
    if run.complete:
        return
    batches = job.harvester.batches(web, run.resume)
    with Examiner(job.standard) as examiner:
        walk = (_walked(batch, job) for batch in (ahead(batches, job.cancelled) if job.waits else batches))
        for one in examiner.ahead(walk):
            _take_in(session, job, run, one, examiner)
            run.bytes = web.received
            if job.cancelled():
                _end(session, run, "cancelled", _CANCELLED)
            yield run
            if run.state == "cancelled":
                return
    run.complete = True
    yield run


def _take_in(session: Session, job: Job, run: Run, one: Walked, examiner: Examiner) -> None:
    """One batch: what is as before is passed over, the rest is checked, read and stored, with the cursor."""
    batch = one.batch
    run.partial = batch.partial
    sifted = store.fresh(session, run, one.taken, batch.again)
    readings = examiner.readings(sifted.fresh, of=len(one.taken))
    store.note(session, run, *_told(batch))
    store.put(session, job.source, run, readings, sifted, batch.resume)
    run.total = batch.total or run.total


def _walked(batch: Batch, job: Job) -> Walked:
    """A batch with its records as they are taken."""
    taken = [take(record, job) for record in batch.records if not (record.same or record.deleted)]
    return Walked(replace(batch, records=tuple(one for one in batch.records if one.same or one.deleted)), taken)


def _told(batch: Batch) -> tuple[list[str], list[str]]:
    """Identifiers of records that are as they were, and of those that are gone, as the source says."""
    same = [identity.clean(one.identifier or "") for one in batch.records if one.same]
    return same, [identity.clean(one.identifier or "") for one in batch.records if one.deleted]


def _finish(session: Session, web: Web, job: Job, run: Run) -> Iterator[Run]:
    """Everything was listed: joins renamed datasets, retires the vanished ones, or stops and asks."""
    standing = leaving.standing(session, run)
    run.bytes = max(run.bytes, web.received)
    if run.received == 0 and not standing and not run.partial:
        raise NotData(
            "the source lists no datasets",
            place=mask(job.source.url),
            remedy="Check the address, and whether the source has published yet.",
        )
    gone = leaving.rename(session, run, leaving.vanished(session, run))
    losing = sum(1 for one in gone if one.dataset_id)
    doubt = "" if run.accept_retire or not losing else _doubt(session, job.source, run, losing, standing)
    if doubt:
        _end(session, run, "held", f"{doubt}: nothing was retired. {_DECIDE}")
    else:
        run.retired += leaving.retire(session, run, gone)
        # A run that was gone on with may have met two states of the source: the next one asks in full.
        job.source.validators = {} if run.resumed else dict(web.fresh_validators)
        session.add(job.source)
        _end(session, run, "done", "")
    yield run


def _doubt(session: Session, source: Source, run: Run, losing: int, standing: int) -> str:
    """Why datasets that are no longer listed should not be retired without being asked; empty when nothing is against it."""
    if run.received == 0 and not run.partial:
        return f"the source lists nothing any more, and had {standing} datasets"
    if losing > standing * source.retire_limit:
        return f"{losing} of {standing} datasets are no longer listed, more than the limit of {source.retire_limit:.0%}"
    if nameless := leaving.nameless(session, run):
        return f"{losing} datasets are no longer listed, and {nameless} new records could not be read: they may be the same"
    return ""


def _stand(session: Session, web: Web, source: Source, run: Run, by: str) -> None:
    """The source says that nothing has changed: what its last good run met stands, and counts as met."""
    last = next((one for one in sources.runs(session, run.source_id) if one.state == "done" and one.id != run.id), None)
    if last:
        run.received, run.failed, run.duplicates, run.warned = last.received, last.failed, last.duplicates, last.warned
        run.unchanged = run.received - run.failed - run.duplicates
        run.findings_by_rule = dict(last.findings_by_rule)
    run.saved, run.bytes = {by: run.received}, web.received
    why = "HTTP 304" if by == "http" else "the same bytes came"
    run.state, run.message = "done", f"not modified since the last run ({why})"
    source.validators = dict(web.fresh_validators)
    session.add_all((run, source))


def _end(session: Session, run: Run, state: str, message: str) -> None:
    run.state, run.message = state, message
    session.flush()
    run.findings_by_rule = sources.findings_by_rule(session, run.id or 0)
    session.add(run)


def take(record: Record, job: Job) -> Taken:
    """A record with its identity, the bytes it is kept as, and its standard: what the source's owner says, else what the
    protocol says of it or of all its records, else the one that recognises it (none: empty). A record without an
    identifier is known by its digest."""
    raw, body = (record.raw, FORGOTTEN) if isinstance(record, JsonRecord) else (identity.raw(record.body), record.body)
    digest = identity.digest(raw)
    identifier = identity.clean(record.identifier or "") or f"urn:sha256:{digest}"
    standard = job.named or record.standard or job.default or recognised(record.body)
    stable = steady(record.body, raw, job.volatile) if job.volatile else ""
    return Taken(identifier, standard, raw, digest, body, stable, record.faults)


def recognised(body: Any) -> str:
    """The name of the standard that recognises a record; empty when none does."""
    found = detect(body)
    return found.name if found else ""
