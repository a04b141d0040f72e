"""The directory: datasets put in, looked up, listed and retired. Never commits.

Writing goes through one door, `put`: it compares digests, writes rows, appends Changes and leaves the run's cursor to the
same transaction. Statements are executemany over the columns of `tables.py`, about 1,000 records at a time.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from metadata import bodies, ledger, model
from metadata.entry import Entry
from metadata.errors import Gone, NotFound
from metadata.overlays import Curated, laid_over
from metadata.placing import Sifted, forget_repeated, note_repeated, place, save, sift, stand, tell_gone
from metadata.reading import Outcome, Taken
from metadata.tables import Alias, Change, DatasetRow, FindingRow, Organization, RecordRow, Run, Source
from metadata.text import Text
from metadata.uses import uses

body = bodies.fetch

_DATASET: Any = DatasetRow.__table__  # type: ignore[attr-defined]
_COLUMNS = tuple(_DATASET.c)  # plain rows: a mapped object for each would cost more than its description


def fresh(session: Session, run: Run, taken: Sequence[Taken], again: bool = False) -> Sifted:
    """Compares digests: which of these records have to be read, which are as before, which are listed twice. `again`: they may
    have been met by an earlier attempt of this run."""
    if run.received == 0 and not run.resumed:
        forget_repeated(session, run.source_id)
    return sift(session, run, taken, again)


def put(session: Session, source: Source, run: Run, readings: Sequence[Outcome], sifted: Sifted, resume: str) -> None:
    """Stores one batch of a run: records with their findings, the datasets they became, a Change for each dataset that is
    new, changed, withheld or back, and with them the run's counters and cursor, so that all of it is there or none."""
    placed = place(session, source, readings, f"harvest:{source.name}", run.id or 0, run.resumed)
    note_repeated(session, run, sifted.repeated)
    save(run, "record", sifted.tally.unchanged + sifted.tally.failed)
    sifted.tally.add_to(run)
    placed.add_to(run)
    run.resume = resume
    session.add(run)


def note(session: Session, run: Run, same: Sequence[str], deleted: Sequence[str]) -> None:
    """What a source says about records without giving them: that these are as they were, and that those are gone."""
    if same:
        stand(session, run, same)
    if deleted:
        tell_gone(session, run, deleted)


def get(session: Session, word: str) -> Entry:
    """The dataset of this name or id, or of one it had earlier. Raises `NotFound`, or `Gone` when it is retired."""
    entry = find(session, word)
    if entry is None:
        raise NotFound(
            "there is no dataset of this name", value=word, remedy="Search for it, or list them at /api/v1/datasets."
        )
    if entry.state == "retired":
        raise Gone("this dataset was retired", value=entry.name, remedy="Its history and last description are kept.")
    return entry


def find(session: Session, word: str) -> Entry | None:
    """The dataset of this name or id in any state, or of a name it had earlier; `None` when there never was one."""
    word = word.replace("\x00", "")
    row = _first(session, (_DATASET.c.name == word) | (_DATASET.c.id == word))
    if row is None or row.state == "retired":
        alias = session.exec(select(Alias).where(Alias.kind == "name", Alias.value == word)).first()
        row = _first(session, _DATASET.c.id == alias.dataset_id) if alias else row
    return _entries(session, [row])[0] if row else None


def find_identifier(session: Session, organization: str, identifier: str) -> Entry | None:
    """A department's dataset by its identifier, in any state; one that is published before others."""
    statement = select(*_COLUMNS).where(_DATASET.c.organization == organization, _DATASET.c.identifier == identifier)
    row = session.execute(statement.order_by(_DATASET.c.state, _DATASET.c.sequence.desc()).limit(1)).first()
    return _entries(session, [row])[0] if row else None


def entries(session: Session, ids: Sequence[str]) -> dict[str, Entry]:
    """Datasets by id, in any state; unknown ids are left out."""
    found: dict[str, Entry] = {}
    for start in range(0, len(ids), 500):
        rows = session.execute(select(*_COLUMNS).where(_DATASET.c.id.in_(list(ids[start : start + 500])))).all()
        found.update((entry.id, entry) for entry in _entries(session, rows))
    return found


def standing(session: Session, ids: Sequence[str]) -> dict[str, tuple[int, str | None]]:
    """The last Change and the department of datasets that are not retired, by id, without their descriptions."""
    statement = select(_DATASET.c.id, _DATASET.c.sequence, _DATASET.c.organization)
    rows = session.execute(statement.where(_DATASET.c.id.in_(list(ids)), _DATASET.c.state != "retired")).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def listing(
    session: Session,
    *,
    organization: str | None = None,
    source: str | None = None,
    state: str | None = "published",
    after: str | None = None,
    offset: int = 0,
    limit: int = 100,
) -> list[Entry]:
    """Datasets in the order of their names, those after the name `after`, or from place `offset` on."""
    statement = _narrowed(select(*_COLUMNS), organization, source, state)
    if after:
        statement = statement.where(_DATASET.c.name > after)
    return _entries(session, session.execute(statement.order_by(_DATASET.c.name).offset(offset).limit(limit)).all())


def count(
    session: Session, *, organization: str | None = None, source: str | None = None, state: str | None = "published"
) -> int:
    """How many datasets `listing` would list in all."""
    statement = _narrowed(select(func.count()).select_from(DatasetRow), organization, source, state)
    return session.exec(statement).one()  # type: ignore[no-any-return]


def names(session: Session, *, limit: int | None = None, offset: int = 0) -> list[str]:
    """Names of published datasets, in order."""
    statement = select(DatasetRow.name).where(DatasetRow.state == "published").order_by(col(DatasetRow.name)).offset(offset)
    return list(session.exec(statement.limit(limit) if limit is not None else statement))


def ids(session: Session) -> Iterator[tuple[str, int]]:
    """`(id, sequence)` of every dataset that belongs in the index, in the order of ids, in bounded memory."""
    after = ""
    while True:
        rows: Any = session.execute(
            select(DatasetRow.id, DatasetRow.sequence)
            .where(DatasetRow.id > after, DatasetRow.state != "retired")
            .order_by(col(DatasetRow.id))
            .limit(5000)
        ).all()
        if not rows:
            return
        yield from ((row[0], row[1]) for row in rows)
        after = rows[-1][0]


def changes(session: Session, after: int, limit: int) -> list[Change]:
    """The log after line `after`, at most `limit` lines, oldest first."""
    return list(session.exec(select(Change).where(Change.sequence > after).order_by(col(Change.sequence)).limit(limit)))


def history(session: Session, dataset_id: str, limit: int = 200) -> list[Change]:
    """What happened to one dataset, newest first."""
    statement = select(Change).where(Change.dataset_id == dataset_id).order_by(col(Change.sequence).desc())
    return list(session.exec(statement.limit(limit)))


def last_sequence(session: Session) -> int:
    """The newest line of the log; 0 when it is empty."""
    return ledger.head(session)[0]


def record(session: Session, dataset_id: str) -> RecordRow | None:
    """The record that a dataset was read from."""
    statement = (
        select(RecordRow).where(RecordRow.dataset_id == dataset_id).order_by(col(RecordRow.gone), col(RecordRow.run).desc())
    )
    return session.exec(statement).first()


def findings(session: Session, dataset_id: str) -> list[FindingRow]:
    """What the checks said of the record that a dataset was read from."""
    found = record(session, dataset_id)
    return findings_of(session, found.id) if found else []


def findings_of(session: Session, record_id: str) -> list[FindingRow]:
    """What the checks said of one record."""
    return list(session.exec(select(FindingRow).where(FindingRow.record_id == record_id).order_by(col(FindingRow.position))))


def _narrowed(statement: Any, organization: str | None, source: str | None, state: str | None) -> Any:
    if organization is not None:
        statement = statement.where(DatasetRow.organization == organization)
    if source is not None:
        statement = statement.where(DatasetRow.source_id == select(Source.id).where(Source.name == source).scalar_subquery())
    return statement if state is None else statement.where(DatasetRow.state == state)


def _first(session: Session, condition: Any) -> Any:
    return session.execute(select(*_COLUMNS).where(condition)).first()


def _entries(session: Session, rows: Sequence[Any]) -> list[Entry]:
    found = bodies.fetch_all(session, [row.digest for row in rows])
    sources = {one: name for one, name in session.execute(select(Source.id, Source.name))}
    organizations = session.execute(select(Organization.name, Organization.title, col(Organization.parent)))
    departments = {name: (title, parent) for name, title, parent in organizations}
    lines = {name: _above(name, departments) for name in {row.organization for row in rows} if name}
    visits = uses(session, [row.id for row in rows])
    curated = laid_over(session, {row.id: model.decode(found[row.digest]) for row in rows})
    return [_entry(row, curated[row.id], sources, lines.get(row.organization or "", ()), visits.get(row.id, 0)) for row in rows]


def _above(name: str, departments: Mapping[str, tuple[Text, str | None]]) -> tuple[tuple[str, Text], ...]:
    """A department and those over it with their titles, the nearest first."""
    found: dict[str, Text] = {}
    one: str | None = name
    while one is not None and one not in found and one in departments:
        found[one], one = departments[one]
    return tuple(found.items())


def _entry(row: Any, said: Curated, sources: Mapping[str, str], line: Sequence[tuple[str, Text]], visits: int) -> Entry:
    """`said`: the description, with what people changed of it; `line`: the department and those over it."""
    return Entry(
        id=row.id,
        name=row.name,
        identifier=row.identifier,
        state=row.state,
        source=sources.get(row.source_id or ""),
        standard=row.standard,
        organization=row.organization,
        organization_title=line[0][1] if line else {},
        created=row.created,
        updated=row.updated,
        sequence=row.sequence,
        errors=row.errors,
        warnings=row.warnings,
        digest=row.digest,
        dataset=said.dataset,
        above=tuple(line[1:]),
        use=visits,
        copy_of=row.copy_of,
        copy_rule=row.copy_rule or "",
        curated=said.fields,
    )
