"""Taking back what a run did, and emptying a source: new lines of the log, written from what it tells.

A run is taken back dataset by dataset, where nothing has happened to the dataset since: what the run added is retired, what it
changed gets its earlier description back, what it retired is there again, and an identifier that it joined is the earlier one
again where that can be told. The records lose their digests, so that the next harvest reads them anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from metadata import bodies, ledger, model, sources
from metadata.clock import now
from metadata.deciding import LONGEST_NOTE, locked
from metadata.errors import Conflict
from metadata.leaving import retire_rows
from metadata.model import Dataset
from metadata.tables import Alias, Change, DatasetRow, FindingRow, RecordRow, Run, Source
from metadata.text import best

BESIDE = ("linked", "unlinked")
"""Actions that say nothing of the description: they stand in nobody's way."""

_FROM = {"updated": "published", "published": "withheld"}
"""Actions that tell which state a dataset had before."""

KEPT_NAMES = 200
_PAGE = 500


@dataclass
class Undone:
    """How many datasets became what, and the names of those that were passed over, with why (the first 200 of each)."""

    retired: int = 0
    reverted: int = 0
    restored: int = 0
    renamed: int = 0
    skipped: int = 0
    passed_over: list[dict[str, str]] = field(default_factory=list)

    def skip(self, row: DatasetRow, why: str) -> None:
        """Notes a dataset that stays as it is; a withheld one by its id, for run reports are for everyone."""
        self.skipped += 1
        if len(self.passed_over) < KEPT_NAMES:
            self.passed_over.append({"name": row.id if row.state == "withheld" else row.name, "why": why})

    def as_json(self) -> dict[str, Any]:
        """As reports show it."""
        counts = {name: getattr(self, name) for name in ("retired", "reverted", "restored", "renamed", "skipped")}
        return {**counts, "passed_over": self.passed_over}


def undo(session: Session, number: int, actor: str, note: str = "") -> Undone:
    """Takes back what a run did, as this person's doing, and notes it in `Run.decision`. Raises `Conflict` while the source is
    being harvested, and when the run was undone before."""
    run = locked(session, number)
    source = session.get_one(Source, run.source_id)
    if going := sources.open_run(session, source.id):
        raise Conflict(
            f"run {going.id} of this source is {going.state}", place=source.name, remedy="Wait for its end, or cancel it."
        )
    if run.decision and run.decision["decided"] == "undone":
        raise Conflict("this run was undone already", place=f"run {run.id}", value=run.decision["at"])
    ledger.append(session, [])  # takes the turn: rows are touched in the order in which harvests touch them
    undone, after = Undone(), ""
    while page := _touched(session, run, after):
        _undo_some(session, source, run, page, actor, undone)
        after = page[-1]
    earlier = {"before": run.decision} if run.decision else {}
    said = {"decided": "undone", "by": actor, "at": now(), "note": note[:LONGEST_NOTE].strip()}
    run.decision = {**said, **undone.as_json(), **earlier}
    source.validators = {}  # what its server said of caching is of a state that is not here any more
    session.add_all((run, source))
    session.flush()
    return undone


def clear(session: Session, name: str, actor: str) -> int:
    """Retires all datasets of a source and forgets its records and what its server said about caching. The source stays, and
    so do names and histories: what it lists again comes back under them. Returns how many were retired."""
    row = sources.source(session, name)
    if going := sources.open_run(session, row.id):
        raise Conflict(f"run {going.id} of this source is {going.state}", place=name, remedy="Wait for its end, or cancel it.")
    retired = 0
    living = select(DatasetRow).where(DatasetRow.source_id == row.id, DatasetRow.state != "retired").limit(_PAGE)
    while page := session.exec(living).all():
        retired += retire_rows(session, page, actor)
        session.expunge_all()
    _forget(session, row.id)
    row = sources.source(session, name)
    row.validators = {}
    session.add(row)
    session.flush()
    return retired


def _forget(session: Session, source_id: str) -> None:
    """Of a record that became a dataset only that remains, so that the dataset comes back with it."""
    own = col(RecordRow.source_id) == source_id
    session.execute(delete(FindingRow).where(col(FindingRow.record_id).in_(select(RecordRow.id).where(own))))
    session.execute(delete(RecordRow).where(own, col(RecordRow.dataset_id).is_(None)))
    blank = {"digest": "", "stable": "", "errors": 0, "warnings": 0, "gone": True}
    session.execute(update(RecordRow).where(own).values(**blank).execution_options(synchronize_session=False))


def _touched(session: Session, run: Run, after: str) -> list[str]:
    """The next datasets that a run's lines tell of, by id."""
    statement = select(Change.dataset_id).where(Change.run_id == run.id, Change.dataset_id > after).distinct()
    return list(session.exec(statement.order_by(Change.dataset_id).limit(_PAGE)))


@dataclass(frozen=True)
class _Case:
    """A dataset that a run touched: its row, the run's first line of it, what all its lines did, what was said before the run,
    and its record where it has one."""

    row: DatasetRow
    first: Change
    actions: frozenset[str]
    said: Dataset | None
    record: RecordRow | None


def _undo_some(session: Session, source: Source, run: Run, ids: Sequence[str], actor: str, undone: Undone) -> None:
    last, lines = _last_lines(session, ids), _lines(session, run, ids)
    rows = []
    for row in session.exec(select(DatasetRow).where(col(DatasetRow.id).in_(list(lines))).order_by(DatasetRow.id)):
        if last[row.id] != lines[row.id][-1].sequence:
            undone.skip(row, "changed since")
        elif row.source_id != source.id:
            undone.skip(row, "no longer of this source")
        else:
            rows.append(row)
    cases = _cases(session, source, rows, lines)
    _retire(session, [one for one in cases if _was_away(one.first)], actor, undone)
    _bring_back(session, source, [one for one in cases if not _was_away(one.first)], actor, undone)


def _cases(session: Session, source: Source, rows: Sequence[DatasetRow], lines: Mapping[str, list[Change]]) -> list[_Case]:
    records = _records(session, source.id, [row.id for row in rows])
    wanted = [before for row in rows if (before := lines[row.id][0].before)]
    said = {digest: model.decode(body) for digest, body in bodies.fetch_all(session, wanted).items()}
    return [
        _Case(
            row,
            lines[row.id][0],
            frozenset(one.action for one in lines[row.id]),
            said.get(lines[row.id][0].before or ""),
            records.get(row.id),
        )
        for row in rows
    ]


def _was_away(first: Change) -> bool:
    """Whether the dataset was not in the directory before the run."""
    return first.before is None or first.action == "restored"


def _retire(session: Session, cases: Sequence[_Case], actor: str, undone: Undone) -> None:
    undone.retired += retire_rows(session, [one.row for one in cases], actor)
    for one in cases:
        _describe(one)
        if one.record is not None:
            one.record.digest, one.record.stable, one.record.gone = "", "", True
            session.add(one.record)
    session.flush()


def _bring_back(session: Session, source: Source, cases: Sequence[_Case], actor: str, undone: Undone) -> None:
    """Descriptions and states as they were before the run."""
    lines, changed = [], []
    states = _states_before(session, source, cases)
    for one in cases:
        row, before = one.row, one.row.digest
        state = states[row.id]
        if (one.first.before, state) == (row.digest, row.state):
            continue  # checked again, or given to another department: the next harvest decides that anew
        if "renamed" in one.actions:
            _rename_back(session, source, one, undone)
        if row.state == "retired":
            undone.restored += 1
        else:
            undone.reverted += 1
        lines.append(
            ledger.Line(actor, "restored" if row.state == "retired" else "reverted", row.id, row.name, before, one.first.before)
        )
        _describe(one)
        row.state = state
        _reopen(session, one)
        changed.append(row)
    sequence, moment = ledger.append(session, lines), now()
    for place, row in enumerate(changed):
        row.sequence, row.updated = sequence + place, moment
        session.add(row)
    session.flush()


def _reopen(session: Session, one: _Case) -> None:
    """The record stands again; unless it is as it was, the next harvest reads it anew."""
    if one.record is None:
        return
    one.record.gone = False
    if one.actions != {"retired"}:
        one.record.digest = one.record.stable = ""
    session.add(one.record)


def _rename_back(session: Session, source: Source, one: _Case, undone: Undone) -> None:
    """The earlier identifier, where the log and the aliases tell which one it was."""
    known = select(Alias).where(Alias.kind == "identifier", Alias.scope == source.id, Alias.dataset_id == one.row.id)
    aliases = {alias.value: alias for alias in session.exec(known)}
    earlier = next(iter(aliases)) if len(aliases) == 1 else one.said.identifier if one.said else ""
    taken = session.exec(select(RecordRow.id).where(RecordRow.source_id == source.id, RecordRow.identifier == earlier)).first()
    if earlier not in aliases or one.record is None or taken:
        undone.skip(one.row, "its description is back, its earlier identifier cannot be told")
        return
    session.delete(aliases[earlier])
    one.row.identifier = one.record.identifier = earlier
    undone.renamed += 1


def _describe(one: _Case) -> None:
    """Lets a row tell of what was said before. What the checks find in it is told again by the next harvest."""
    row, said = one.row, one.said
    if said is None or one.first.before is None:
        return
    row.digest, row.title = one.first.before, best(said.title)[:500]
    row.modified = (said.modified or "")[:40] or None
    row.frequency = (said.accrual_periodicity.code or None) if said.accrual_periodicity else None


def _states_before(session: Session, source: Source, cases: Sequence[_Case]) -> dict[str, str]:
    """Which state each dataset had before the run. Where its source admits everything, none was withheld; else the lines of the
    log tell, and where they do not, it is withheld rather than shown: the next harvest decides."""
    if source.admits != "valid":
        return {one.row.id: "published" for one in cases}
    return {one.row.id: _state_before(session, one) for one in cases}


def _state_before(session: Session, one: _Case) -> str:
    if one.first.action in _FROM:
        return _FROM[one.first.action]
    if one.first.action == "checked" and one.row.state != "retired":
        return one.row.state
    statement = select(Change.action).where(Change.dataset_id == one.row.id, Change.sequence < one.first.sequence)
    telling = statement.where(col(Change.action).not_in(("checked", "curated", *BESIDE)))
    last = session.exec(telling.order_by(col(Change.sequence).desc()).limit(1)).first()
    return "published" if last in ("added", "updated", "published") else "withheld"


def _last_lines(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """The last line that tells of each dataset's description."""
    statement = select(Change.dataset_id, func.max(Change.sequence)).where(col(Change.dataset_id).in_(ids))
    return dict(session.exec(statement.where(col(Change.action).not_in(BESIDE)).group_by(Change.dataset_id)).all())


def _lines(session: Session, run: Run, ids: Sequence[str]) -> dict[str, list[Change]]:
    """What a run did to each dataset, in order."""
    statement = select(Change).where(Change.run_id == run.id, col(Change.dataset_id).in_(ids))
    found: dict[str, list[Change]] = {}
    for line in session.exec(statement.where(col(Change.action).not_in(BESIDE)).order_by(col(Change.sequence))):
        found.setdefault(line.dataset_id, []).append(line)
    return found


def _records(session: Session, source_id: str, ids: Sequence[str]) -> dict[str, RecordRow]:
    statement = select(RecordRow).where(RecordRow.source_id == source_id, col(RecordRow.dataset_id).in_(ids))
    return {row.dataset_id or "": row for row in session.exec(statement)}
