"""Findings of what is listed now, across sources: what an auditor asks for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from metadata.errors import Invalid
from metadata.tables import DatasetRow, FindingRow, RecordRow, Source


@dataclass(frozen=True)
class Asked:
    """Which findings: of a source, of a department, of a rule, of a severity; all when nothing is named."""

    source: str | None = None
    organization: str | None = None
    rule: str | None = None
    severity: str | None = None


@dataclass(frozen=True)
class Evidence:
    """One finding, the name of its source, and of the dataset its record became (none for a failed one)."""

    finding: FindingRow
    source: str
    dataset: str | None

    @property
    def cursor(self) -> str:
        """Where to go on after this one."""
        return f"{self.finding.record_id}.{self.finding.position}"


def findings(session: Session, asked: Asked, after: str = "", limit: int = 100) -> list[Evidence]:
    """Findings in the order of records, those after the cursor `after`. Withheld datasets are left out."""
    statement = _asked(select(FindingRow, Source.name, DatasetRow.name), asked)
    if after:
        record, position = _cursor(after)
        later = (FindingRow.record_id > record) | ((FindingRow.record_id == record) & (FindingRow.position > position))
        statement = statement.where(later)
    statement = statement.order_by(col(FindingRow.record_id), col(FindingRow.position)).limit(limit)
    return [Evidence(*row) for row in session.execute(statement)]


def count(session: Session, asked: Asked) -> int:
    """How many findings there are in all."""
    return session.execute(_asked(select(func.count()).select_from(FindingRow), asked)).scalar_one()  # type: ignore[no-any-return]


def withheld(session: Session, ids: Collection[str]) -> set[str]:
    """Those of these datasets that are withheld now."""
    return set(session.exec(select(DatasetRow.id).where(col(DatasetRow.id).in_(ids), DatasetRow.state == "withheld")))


def _asked(statement: Any, asked: Asked) -> Any:
    statement = (
        statement.join(RecordRow, RecordRow.id == FindingRow.record_id)
        .join(Source, Source.id == RecordRow.source_id)
        .outerjoin(DatasetRow, DatasetRow.id == RecordRow.dataset_id)
        .where(col(RecordRow.gone).is_(False), (col(DatasetRow.state).is_(None)) | (DatasetRow.state != "withheld"))
    )
    wanted = ((Source.name, asked.source), (Source.organization, asked.organization), (FindingRow.rule, asked.rule))
    for column, value in (*wanted, (FindingRow.severity, asked.severity)):
        statement = statement if value is None else statement.where(column == value)
    return statement


def _cursor(after: str) -> tuple[str, int]:
    record, _, position = after.rpartition(".")
    if not record or not (position.isascii() and position.isdigit()) or len(position) > 9:
        raise Invalid(
            "this cursor was not given by an earlier page", place="after", value=after, remedy="Leave it out to start anew."
        )
    return record, int(position)
