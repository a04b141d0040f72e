"""How well departments keep their descriptions: counted in the database, department by department.

- *Records* are what a department's sources list now. *Failed*: cannot be read as a dataset. *Flawed*: read, but a rule of
  severity error was broken. *Clean*: the rest.
- *Overdue*: a dataset declares how often it is updated (dct:accrualPeriodicity, 更新周期), and the end of the day, month or
  year it was last modified in lies further back than that. *Undeclared*: no frequency that promises an interval, or no date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, literal, or_
from sqlmodel import Session, col, func, select

from metadata.tables import DatasetRow, FindingRow, Organization, RecordRow, Run, Source
from metadata.text import Text
from metadata.vocabulary import interval_days, terms


@dataclass(frozen=True)
class Standing:
    """The figures of one department (or of all). Counts of records and datasets; shares are from 0 to 1, `None` of nothing."""

    organization: str
    title: Text
    records: int = 0
    failed: int = 0
    flawed: int = 0
    datasets: int = 0
    overdue: int = 0
    fresh: int = 0
    last_run: Run | None = None

    @property
    def clean_share(self) -> float | None:
        """The share of records that were read and broke no rule of severity error."""
        return (self.records - self.failed - self.flawed) / self.records if self.records else None

    @property
    def fresh_share(self) -> float | None:
        """The share of datasets not overdue, among those that declare a frequency and a date."""
        return self.fresh / (self.fresh + self.overdue) if self.fresh + self.overdue else None

    @property
    def undeclared(self) -> int:
        """Datasets whose freshness cannot be told."""
        return self.datasets - self.fresh - self.overdue


@dataclass(frozen=True)
class RuleCount:
    """How often a rule was broken, and by how many departments."""

    rule: str
    severity: str
    count: int
    departments: int


@dataclass(frozen=True)
class Late:
    """A dataset whose update is overdue. `frequency` is a code of the vocabulary."""

    name: str
    title: str
    frequency: str
    modified: str


def standings(session: Session, today: date | None = None) -> list[Standing]:
    """One line for each department that has sources or datasets, by name."""
    counts = _record_counts(session)
    freshness = _freshness(session, today or _today())
    runs = last_runs(session)
    lines = []
    for row in session.exec(select(Organization).order_by(Organization.name)):
        figures = {**counts.get(row.name, {}), **freshness.get(row.name, {})}
        if figures or row.name in runs:
            lines.append(Standing(row.name, row.title, **figures, last_run=runs.get(row.name)))
    return lines


def standing(session: Session, organization: Organization, today: date | None = None) -> Standing:
    """The line of one department, with zeros when it has nothing yet."""
    counts = _record_counts(session, organization.name).get(organization.name, {})
    freshness = _freshness(session, today or _today(), organization.name).get(organization.name, {})
    return Standing(
        organization.name, organization.title, **counts, **freshness, last_run=last_runs(session).get(organization.name)
    )


def total(lines: list[Standing]) -> Standing:
    """All departments together."""
    counted = [one.name for one in fields(Standing) if one.type in ("int", int)]
    return Standing("", {}, **{name: sum(getattr(line, name) for line in lines) for name in counted})


def rule_counts(
    session: Session, *, organization: str | None = None, source: str | None = None, limit: int = 500
) -> list[RuleCount]:
    """Findings by rule in what is listed now, most frequent first: of one department, of one source (by id), or of all."""
    count = func.count()
    severity = func.min(FindingRow.severity)
    statement: Any = (
        select(FindingRow.rule, severity, count, func.count(func.distinct(Source.organization)))
        .join(RecordRow, col(RecordRow.id) == FindingRow.record_id)
        .join(Source, col(Source.id) == RecordRow.source_id)
        .where(col(RecordRow.gone).is_(False))
    )
    if organization is not None:
        statement = statement.where(Source.organization == organization)
    if source is not None:
        statement = statement.where(RecordRow.source_id == source)
    found = session.execute(statement.group_by(FindingRow.rule).order_by(count.desc(), FindingRow.rule).limit(limit))
    return [RuleCount(*row) for row in found]


def late(session: Session, organization: str, today: date | None = None, limit: int = 100) -> list[Late]:
    """The overdue datasets of a department, the oldest date first."""
    statement: Any = select(DatasetRow.name, DatasetRow.title, DatasetRow.frequency, DatasetRow.modified).where(
        DatasetRow.organization == organization, DatasetRow.state == "published", _is_overdue(today or _today())
    )
    return [Late(*row) for row in session.execute(statement.order_by(DatasetRow.modified, DatasetRow.name).limit(limit))]


def last_runs(session: Session) -> dict[str, Run]:
    """The newest run of each department, over all its sources."""
    newest: Any = select(func.max(Run.id)).join(Source, col(Source.id) == Run.source_id).group_by(col(Source.organization))
    statement: Any = (
        select(Source.organization, Run).join(Source, col(Source.id) == Run.source_id).where(col(Run.id).in_(newest))
    )
    return {name: run for name, run in session.execute(statement) if name}


def _record_counts(session: Session, organization: str | None = None) -> dict[str, dict[str, int]]:
    failed = func.sum(case((col(RecordRow.state) == "failed", 1), else_=0))
    flawed = func.sum(case((and_(col(RecordRow.state) == "read", col(RecordRow.errors) > 0), 1), else_=0))
    statement: Any = (
        select(Source.organization, func.count(), failed, flawed)
        .join(RecordRow, col(RecordRow.source_id) == Source.id)
        .where(col(RecordRow.gone).is_(False), col(Source.organization).is_not(None))
        .group_by(col(Source.organization))
    )
    if organization is not None:
        statement = statement.where(Source.organization == organization)
    return {row[0]: {"records": row[1], "failed": int(row[2]), "flawed": int(row[3])} for row in session.execute(statement)}


def _freshness(session: Session, today: date, organization: str | None = None) -> dict[str, dict[str, int]]:
    overdue = _is_overdue(today)
    declared = and_(col(DatasetRow.frequency).in_(list(intervals())), col(DatasetRow.modified).is_not(None))
    statement: Any = (
        select(
            DatasetRow.organization,
            func.count(),
            func.sum(case((overdue, 1), else_=0)),
            func.sum(case((declared, 1), else_=0)),
        )
        .where(DatasetRow.state == "published", col(DatasetRow.organization).is_not(None))
        .group_by(col(DatasetRow.organization))
    )
    if organization is not None:
        statement = statement.where(DatasetRow.organization == organization)
    return {
        name: {"datasets": datasets, "overdue": int(overdue), "fresh": int(declared) - int(overdue)}
        for name, datasets, overdue, declared in session.execute(statement)
    }


def intervals() -> Mapping[str, float]:
    """Days between updates by frequency code, of the frequencies that promise an interval."""
    return {one.code: days for one in terms("frequency") if (days := interval_days(one.code)) is not None}


def _is_overdue(today: date) -> ColumnElement[bool]:
    """The condition in SQL: for each frequency, the last day of the date's precision lies before today minus the interval."""
    modified = col(DatasetRow.modified)
    last_day = case(
        (func.length(modified) == 4, modified + literal("-12-31")),
        (func.length(modified) == 7, modified + literal("-31")),
        else_=func.substr(modified, 1, 10),
    )
    late_ones = [
        and_(col(DatasetRow.frequency) == code, last_day < (today - timedelta(days=days)).isoformat())
        for code, days in intervals().items()
    ]
    return and_(modified.is_not(None), or_(false(), *late_ones))


def _today() -> date:
    return datetime.now(UTC).date()
