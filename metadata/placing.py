"""How a batch of records becomes rows: what is new, what is as before, what is listed twice, and the writing itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, select

from metadata import bodies, identity, ledger
from metadata.clock import now
from metadata.database import among, write_many
from metadata.packing import Packed
from metadata.reading import Outcome, Said, Taken, Tally
from metadata.tables import Alias, DatasetRow, FindingRow, RecordRow, Run, Source
from metadata.text import best

ANEW = "anew"
"""In place of `stable`: this record is to be read anew, whatever it says."""

REPEATED = "record/identifier/repeated"
_REPEATED_POSITION = 1000  # behind all findings of the checks, which are capped far below
_RECORD: Any = RecordRow.__table__  # type: ignore[attr-defined]
_DATASET: Any = DatasetRow.__table__  # type: ignore[attr-defined]
_ALIAS: Any = Alias.__table__  # type: ignore[attr-defined]
_FINDING: Any = FindingRow.__table__  # type: ignore[attr-defined]


@dataclass
class Sifted:
    """Records that have to be read, identifiers met more than once, and the tally of those that need nothing more."""

    fresh: list[Taken] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)


def sift(session: Session, run: Run, taken: Sequence[Taken], again: bool = False) -> Sifted:
    """Tells the records that have to be read from those whose bytes are as before (marked as seen), and from those whose
    identifier this run has met already (the first one counts). With `again`, what an earlier attempt of a resumed run
    has counted is not counted once more; should it have changed since, the next run will see it."""
    standing = _standing(session, run.source_id, [one.identifier for one in taken])
    misplaced = _misplaced(session, session.get_one(Source, run.source_id), standing.values())
    sifted, met, seen = Sifted(), set[str](), list[str]()
    number, attempt = run.id, run.resumed
    for one in taken:
        row = standing.get(one.identifier)
        met_before = one.identifier in met
        met.add(one.identifier)
        as_before = row and _is_as_before(row, one)
        if again and row and row.run == number and row.attempt < attempt and not met_before:
            seen.append(row.id)
        elif met_before or (row and row.run == number):
            sifted.repeated.add(one.identifier)
            sifted.tally.received += 1
            sifted.tally.duplicates += 1
        elif row and as_before and row.dataset_id not in misplaced:
            seen.append(row.id)
            _count_as_before(sifted.tally, row)
        else:
            sifted.fresh.append(one)
            sifted.tally.received += 1
    _mark_seen(session, run, seen)
    return sifted


def _is_as_before(row: Any, one: Taken) -> bool:
    """Whether a record says what it said, but for what its source calls volatile."""
    if row.gone or row.standard != one.standard or row.stable == ANEW:
        return False
    return bool(row.digest == one.digest or (one.stable and one.stable == row.stable))


def stand(session: Session, run: Run, identifiers: Sequence[str]) -> None:
    """Counts records as met and unchanged of which the source says that they are as at the last good run. Those that are not
    there (any more) are passed over; the next run finds them new."""
    standing = [row for row in _standing(session, run.source_id, identifiers).values() if row.run != run.id and not row.gone]
    tally = Tally()
    for row in standing:
        _count_as_before(tally, row)
    _mark_seen(session, run, [row.id for row in standing])
    tally.add_to(run)
    save(run, "http", len(standing))


def tell_gone(session: Session, run: Run, identifiers: Sequence[str]) -> None:
    """Marks records of which the source says that they are deleted; they leave when the run ends well."""
    standing = [row for row in _standing(session, run.source_id, identifiers).values() if not row.gone]
    statement = update(_RECORD).where(_RECORD.c.id == bindparam("key")).values(run=bindparam("run"))
    write_many(session, statement, [{"key": row.id, "run": -(run.id or 0)} for row in standing])


def save(run: Run, by: str, count: int) -> None:
    """Notes that so many records needed no reading, and what told so."""
    if count:
        run.saved = {**run.saved, by: run.saved.get(by, 0) + count}


def _count_as_before(tally: Tally, row: Any) -> None:
    tally.received += 1
    tally.warned += 1 if row.errors or row.warnings else 0
    if row.state == "failed":
        tally.failed += 1
    else:
        tally.unchanged += 1


def _misplaced(session: Session, source: Source, rows: Iterable[Any]) -> set[str]:
    """Those of the datasets of these records that are not where the source's settings, as they are now, put them: another
    department's, admitted otherwise, or retired by hand though the source lists them."""
    ids = [row.dataset_id for row in rows if row.dataset_id and row.state == "read" and not row.gone]
    if not ids:
        return set()
    kept = _DATASET.c.state == "published"
    if source.admits == "valid":
        kept = kept & (_DATASET.c.errors == 0) | (_DATASET.c.state == "withheld") & (_DATASET.c.errors > 0)
    elsewhere = _DATASET.c.organization.is_distinct_from(source.organization)
    return set(session.execute(select(_DATASET.c.id).where(among(session, _DATASET.c.id, ids), elsewhere | ~kept)).scalars())


def _mark_seen(session: Session, run: Run, ids: Sequence[str]) -> None:
    statement = (
        update(_RECORD).where(_RECORD.c.id == bindparam("key")).values(run=bindparam("run"), attempt=bindparam("attempt"))
    )
    write_many(session, statement, [{"key": one, "run": run.id, "attempt": run.resumed} for one in ids])


def place(session: Session, source: Source, readings: Sequence[Outcome], actor: str, run_id: int, attempt: int = 0) -> Tally:
    """Writes what was read of some records of one source, each identifier at most once. Returns how many became what."""
    if not readings:
        return Tally()
    standing = _standing(session, source.id, [one.taken.identifier for one in readings])
    datasets = _datasets(session, [row.dataset_id for row in standing.values() if row.dataset_id])
    names = _taken_names(session, readings, source)
    writing = _Writing(source, actor, run_id, attempt, names, now())
    for one in readings:
        row = standing.get(one.taken.identifier)
        writing.add(one, row, datasets.get(row.dataset_id) if row and row.dataset_id else None)
    writing.flush(session)
    return writing.tally


@dataclass
class _Writing:
    """The rows of one batch, gathered so that each table is written once."""

    source: Source
    actor: str
    run_id: int
    attempt: int
    names: set[str]
    moment: str
    tally: Tally = field(default_factory=Tally)
    bodies: dict[str, Packed] = field(default_factory=dict)
    new_records: list[dict[str, Any]] = field(default_factory=list)
    old_records: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    new_datasets: list[dict[str, Any]] = field(default_factory=list)
    old_datasets: list[dict[str, Any]] = field(default_factory=list)
    lines: list[tuple[ledger.Line, dict[str, Any]]] = field(default_factory=list)

    def add(self, reading: Outcome, row: Any, old: Any) -> None:
        """Decides what one record becomes."""
        errors, warnings = _count(reading.findings)
        self.tally.warned += 1 if errors or warnings else 0
        dataset_id: str | None = row.dataset_id if row else None
        if reading.said is None or reading.description is None:
            self.tally.failed += 1
        else:
            self.bodies[reading.description.digest] = reading.description
            dataset_id = self._add_dataset(reading.taken, reading.said, reading.description.digest, old, errors, warnings)
        self.bodies[reading.record.digest] = reading.record
        self._add_record(reading, row, dataset_id, errors, warnings)

    def _add_dataset(self, taken: Taken, said: Said, digest: str, old: Any, errors: int, warnings: int) -> str:
        withheld = self.source.admits == "valid" and errors > 0
        columns = {
            "standard": taken.standard,
            "state": "withheld" if withheld else "published",
            "title": best(said.title)[:500],
            "modified": (said.modified or "")[:40] or None,
            "frequency": said.frequency,
            "errors": errors,
            "warnings": warnings,
            "digest": digest,
            "updated": self.moment,
            "organization": self.source.organization,
        }
        return self._add_new(taken, said.word, columns) if old is None else self._add_old(old, columns)

    def _add_new(self, taken: Taken, word: str, columns: dict[str, Any]) -> str:
        self.tally.added += 1
        name = identity.free_name(identity.names_for(word, _place(self.source, taken.identifier)), self.names)
        own = {"id": identity.new_id(), "name": name, "identifier": taken.identifier, "source_id": self.source.id}
        row = {**columns, **own, "created": self.moment}
        self.new_datasets.append(row)
        action = "added" if columns["state"] == "published" else "withheld"
        self.lines.append((self._line(action, row["id"], name, None, columns["digest"]), row))
        return str(row["id"])

    def _add_old(self, old: Any, columns: dict[str, Any]) -> str:
        changed = (old.digest, old.state, old.organization) != (columns["digest"], columns["state"], columns["organization"])
        if changed:
            self.tally.updated += 1
        else:
            self.tally.unchanged += 1
        if changed or (old.errors, old.warnings) != (columns["errors"], columns["warnings"]):
            row = {**columns, "key": old.id}
            self.old_datasets.append(row)
            action = _action(old.state, columns["state"]) if changed else "checked"
            self.lines.append((self._line(action, old.id, old.name, old.digest, columns["digest"]), row))
        return str(old.id)

    def _line(self, action: str, dataset_id: str, name: str, before: str | None, after: str) -> ledger.Line:
        return ledger.Line(self.actor, action, dataset_id, name, before, after, self.run_id or None)

    def _add_record(self, reading: Outcome, row: Any, dataset_id: str | None, errors: int, warnings: int) -> None:
        columns = {
            "standard": reading.taken.standard,
            "digest": reading.taken.digest,
            "stable": reading.taken.stable,
            "dataset_id": dataset_id,
            "state": "failed" if reading.said is None else "read",
            "errors": errors,
            "warnings": warnings,
            "run": self.run_id,
            "attempt": self.attempt,
            "gone": False,
        }
        key = row.id if row else identity.new_id()
        if row:
            self.old_records.append({**columns, "key": key})
        else:
            own = {"id": key, "source_id": self.source.id, "identifier": reading.taken.identifier, "first_run": self.run_id}
            self.new_records.append({**columns, **own})
        self.findings += [
            {
                "record_id": key,
                "position": n,
                "rule": one.rule,
                "severity": one.severity,
                "path": _storable(one.path),
                "value": _storable(one.value),
            }
            for n, one in enumerate(reading.findings[:_REPEATED_POSITION])
        ]

    def flush(self, session: Session) -> None:
        """Writes all that was gathered, each table in one statement."""
        bodies.keep_packed(session, self.bodies.values())
        first = ledger.append(session, [line for line, _ in self.lines])
        for place_in, (_, row) in enumerate(self.lines):
            row["sequence"] = first + place_in
        write_many(session, _DATASET.insert(), self.new_datasets)
        write_many(session, _change(_DATASET, self.old_datasets), self.old_datasets)
        write_many(session, _RECORD.insert(), self.new_records)
        write_many(session, _change(_RECORD, self.old_records), self.old_records)
        old = [{"key": row["key"]} for row in self.old_records]
        write_many(session, delete(_FINDING).where(_FINDING.c.record_id == bindparam("key")), old)
        write_many(session, _FINDING.insert(), self.findings)


def note_repeated(session: Session, run: Run, identifiers: Iterable[str]) -> None:
    """Leaves a finding with each record whose identifier its source used more than once in this run."""
    wanted = sorted(identifiers)
    standing = _standing(session, run.source_id, wanted)
    keys = [row.id for row in standing.values()]
    at = _FINDING.c.position == _REPEATED_POSITION
    known = (
        {row[0] for row in session.execute(select(_FINDING.c.record_id).where(_FINDING.c.record_id.in_(keys), at))}
        if keys
        else set()
    )
    rows = [
        {
            "record_id": standing[one].id,
            "position": _REPEATED_POSITION,
            "rule": REPEATED,
            "severity": "warning",
            "path": "",
            "value": one[:200],
        }
        for one in wanted
        if one in standing and standing[one].id not in known
    ]
    write_many(session, _FINDING.insert(), rows)


def forget_repeated(session: Session, source_id: str) -> None:
    """Takes back what `note_repeated` left in earlier runs: each run says anew what it met."""
    own = select(_RECORD.c.id).where(_RECORD.c.source_id == source_id)
    session.execute(delete(_FINDING).where(_FINDING.c.rule == REPEATED, _FINDING.c.record_id.in_(own)))


def _action(before: str, after: str) -> str:
    if before == "retired":
        return "restored"
    if after == "withheld":
        return "withheld"
    return "published" if before == "withheld" else "updated"


def _storable(text: str) -> str:
    """Text that every database takes: no NUL, no half of a surrogate pair (a record may hold both)."""
    return text.replace("\x00", "") if text.isascii() else text.replace("\x00", "").encode("utf-8", "replace").decode()


def _count(findings: Sequence[Any]) -> tuple[int, int]:
    errors = sum(1 for one in findings if one.severity == "error")
    return errors, sum(1 for one in findings if one.severity == "warning")


def _place(source: Source, identifier: str) -> str:
    return f"{source.name}\n{identifier}"


def _change(table: Any, rows: Sequence[dict[str, Any]]) -> Any:
    """An update of the columns that these rows have, by `key`."""
    values: dict[str, Any] = {name: bindparam(name) for name in (rows[0] if rows else {}) if name != "key"}
    return update(table).where(table.c.id == bindparam("key")).values(values)


def _standing(session: Session, source_id: str, identifiers: Sequence[str]) -> dict[str, Any]:
    columns = (
        "id",
        "identifier",
        "digest",
        "stable",
        "standard",
        "dataset_id",
        "state",
        "errors",
        "warnings",
        "run",
        "attempt",
        "gone",
    )
    statement = select(*[_RECORD.c[name] for name in columns]).where(_RECORD.c.source_id == source_id)
    rows = session.execute(statement.where(among(session, _RECORD.c.identifier, identifiers))).all()
    return {row.identifier: row for row in rows}


def _datasets(session: Session, ids: Sequence[str]) -> dict[str, Any]:
    columns = [_DATASET.c[name] for name in ("id", "name", "digest", "state", "organization", "errors", "warnings")]
    return {row.id: row for row in session.execute(select(*columns).where(among(session, _DATASET.c.id, ids)))} if ids else {}


def _taken_names(session: Session, readings: Sequence[Outcome], source: Source) -> set[str]:
    """Those of the names these datasets could get that someone has, or had. A further one than the best is only asked for where
    those before it are taken, or wanted twice."""
    wanted = [identity.names_for(one.said.word, _place(source, one.taken.identifier)) for one in readings if one.said]
    taken: set[str] = set()
    while wanted:
        times = Counter(names[0] for names in wanted)
        had = _had(session, sorted(times))
        taken |= had
        wanted = [names[1:] for names in wanted if names[1:] and (names[0] in had or times[names[0]] > 1)]
    return taken


def _had(session: Session, wanted: Sequence[str]) -> set[str]:
    """Those of these names that a dataset has, or had."""
    names = select(_DATASET.c.name).where(among(session, _DATASET.c.name, wanted))
    earlier = select(_ALIAS.c.value).where(_ALIAS.c.kind == "name", among(session, _ALIAS.c.value, wanted))
    return {*session.execute(names).scalars(), *session.execute(earlier).scalars()}
