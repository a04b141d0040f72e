"""The report of a run, record by record: what failed, what has findings, and what became of each.

What failed or was warned of is told by the records that the run was the last to meet; what was added, updated, retired or
renamed by the log, which keeps it for every run. Records of withheld datasets are for their department only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlmodel import Session, case, col, func, or_, select

from catalog_api.auth import Asker
from catalog_api.searches import key, require_key
from catalog_api.settings import Settings
from metadata.errors import Invalid
from metadata.tables import Change, DatasetRow, FindingRow, RecordRow, Run, Source
from standards.base import Finding
from standards.table import explain

MET = ("all", "failed", "warned", "read")
"""States of records that the run was the last to meet."""

LOGGED = ("added", "updated", "renamed", "retired", "restored", "withheld", "published", "checked")
"""What the log says the run did."""

STATES = (*MET, *LOGGED)
PAGE = 500


@dataclass(frozen=True)
class Line:
    """One record of a report: what it was, what became of it, what the checks say. `after` is where the next page begins."""

    record: RecordRow | None
    identifier: str
    action: str
    dataset: str | None
    title: str
    findings: tuple[Finding, ...]
    after: str


def is_owner(asker: Asker, source: Source) -> bool:
    """Whether a source's raw failures are for this asker: an operator, or the department that it belongs to."""
    if asker.scopes & {"admin", "write"}:
        return True
    return asker.organization is not None and asker.organization == source.organization


def report_key(settings: Settings, source: Source) -> str:
    """The key in the addresses that those who hear of a source's runs are sent; another one as soon as others hear of them."""
    return key(settings, "report", _readers(source))


def _readers(source: Source) -> str:
    notify = source.notify or {}
    return orjson.dumps([source.id, sorted(notify.get("mail", [])), notify.get("webhook", "")]).decode()


def keyed(settings: Settings, source: Source, asker: Asker, given: str) -> Asker:
    """Whoever asks; with the key that a source's mails carry, as one who may see all of its reports (and nothing else: what is
    made of this must be about this source only). Raises `NotAllowed` for a wrong key."""
    if not given:
        return asker
    require_key(settings, "report", _readers(source), given)
    return Asker("report", frozenset({"admin"}))


def lines(session: Session, run: Run, source: Source, asker: Asker, state: str, after: str, limit: int) -> list[Line]:
    """A page of a run's report. Raises `Invalid` for a state or a cursor that is none."""
    if state not in STATES:
        raise Invalid("there is no such state", place="state", value=state, remedy=f"Choose from {', '.join(STATES)}.")
    if state in LOGGED:
        return _logged(session, run, source, asker, state, _number(after), limit)
    rows = session.exec(
        _met(select(RecordRow), run, source, asker, state)
        .where(RecordRow.identifier > after)
        .order_by(RecordRow.identifier)
        .limit(limit)
    ).all()
    datasets = _datasets(session, [row.dataset_id for row in rows if row.dataset_id])
    findings = findings_of(session, [row.id for row in rows])
    return [_met_line(row, datasets, findings) for row in rows]


def count(session: Session, run: Run, source: Source, asker: Asker, state: str) -> int:
    """How many lines the report has in this state."""
    if state in LOGGED:
        statement: Any = _changes(select(func.count()).select_from(Change), run, source, asker).where(Change.action == state)
    else:
        statement = _met(select(func.count()).select_from(RecordRow), run, source, asker, state)
    return int(session.execute(statement).scalar_one())


def counts(session: Session, run: Run, source: Source, asker: Asker) -> dict[str, int]:
    """How many lines the report has in each state that it has some in."""
    warned = func.sum(case((RecordRow.errors + RecordRow.warnings > 0, 1), else_=0))
    failed = func.sum(case((col(RecordRow.state) == "failed", 1), else_=0))
    total, lost, flawed = session.execute(_met(select(func.count(), failed, warned), run, source, asker, "all")).one()
    found = {"all": total, "failed": int(lost or 0), "warned": int(flawed or 0), "read": total - int(lost or 0)}
    logged = _changes(select(Change.action, func.count()), run, source, asker).group_by(Change.action)
    found |= {action: number for action, number in session.execute(logged) if action in LOGGED}
    return {state: number for state, number in found.items() if number}


def whole(session: Session, run: Run, source: Source, asker: Asker, states: Sequence[str]) -> Iterator[tuple[str, Line]]:
    """All lines of these states, page by page, so that a report of any size fits."""
    for state in states:
        after = ""
        while page := lines(session, run, source, asker, state, after, PAGE):
            yield from ((state, line) for line in page)
            after = page[-1].after


def findings_of(session: Session, ids: Sequence[str]) -> dict[str, tuple[Finding, ...]]:
    """The findings of some records, by record, in their rules' words."""
    rows = session.exec(
        select(FindingRow).where(col(FindingRow.record_id).in_(ids)).order_by(FindingRow.record_id, col(FindingRow.position))
    )
    found: dict[str, list[Finding]] = {}
    for row in rows:
        found.setdefault(row.record_id, []).append(explain(row.rule, row.path, row.value, row.severity))  # type: ignore[arg-type]
    return {record: tuple(some) for record, some in found.items()}


def _met_line(row: RecordRow, datasets: dict[str, tuple[str, str]], findings: dict[str, tuple[Finding, ...]]) -> Line:
    name, title = datasets.get(row.dataset_id or "", (None, ""))
    return Line(row, row.identifier, row.state, name, title, findings.get(row.id, ()), row.identifier)


def _logged(session: Session, run: Run, source: Source, asker: Asker, action: str, after: int, limit: int) -> list[Line]:
    statement = _changes(select(Change), run, source, asker).where(Change.action == action, col(Change.sequence) > after)
    changes = list(session.exec(statement.order_by(col(Change.sequence)).limit(limit)))
    ids = [one.dataset_id for one in changes]
    datasets = _datasets(session, ids)
    rows = session.exec(select(RecordRow).where(RecordRow.source_id == source.id, col(RecordRow.dataset_id).in_(ids)))
    records = {row.dataset_id: row for row in rows}
    findings = findings_of(session, [row.id for row in records.values()])
    made = []
    for change in changes:
        row = records.get(change.dataset_id)
        name, title = datasets.get(change.dataset_id, (change.name, ""))
        own = findings.get(row.id, ()) if row else ()
        made.append(Line(row, row.identifier if row else "", action, name, title, own, str(change.sequence)))
    return made


def _met(statement: Any, run: Run, source: Source, asker: Asker, state: str) -> Any:
    statement = statement.where(RecordRow.source_id == source.id, RecordRow.run == run.id)
    if state == "warned":
        statement = statement.where(RecordRow.errors + RecordRow.warnings > 0)
    elif state != "all":
        statement = statement.where(RecordRow.state == state)
    if (hidden := _hidden(source, asker)) is None:
        return statement
    return statement.where(or_(col(RecordRow.dataset_id).is_(None), col(RecordRow.dataset_id).not_in(hidden)))


def _changes(statement: Any, run: Run, source: Source, asker: Asker) -> Any:
    """Lines of the log; without those of datasets that turned out, at the end of the run, to be others renamed."""
    met = select(Change.dataset_id).where(Change.run_id == run.id, col(Change.action).in_(("added", "withheld")))
    joined = select(Change.dataset_id).where(
        Change.run_id == run.id, Change.action == "retired", col(Change.dataset_id).in_(met)
    )
    statement = statement.where(Change.run_id == run.id, col(Change.dataset_id).not_in(joined))
    hidden = _hidden(source, asker)
    return statement if hidden is None else statement.where(col(Change.dataset_id).not_in(hidden))


def _hidden(source: Source, asker: Asker) -> Any:
    """The datasets of a source that are withheld from this asker; None when nothing is."""
    if "*" in asker.readers or (asker.organization is not None and asker.organization == source.organization):
        return None
    return select(DatasetRow.id).where(
        DatasetRow.state == "withheld", col(DatasetRow.organization).is_distinct_from(asker.organization or "")
    )


def _datasets(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    rows = session.exec(select(DatasetRow.id, DatasetRow.name, DatasetRow.title).where(col(DatasetRow.id).in_(ids)))
    return {found: (name, title) for found, name, title in rows}


def _number(after: str) -> int:
    if not after:
        return 0
    if not (after.isascii() and after.isdigit()) or len(after) > 18:
        raise Invalid("this cursor was not given by an earlier page", place="after", value=after)
    return int(after)
