"""The figures of compliance, against a plain count over all records and datasets."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from catalog_api import compliance
from metadata import database, departments, store
from metadata.tables import DatasetRow, FindingRow, RecordRow, Source
from metadata.vocabulary import interval_days
from tests.browser.stage import fill

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    settings = fill(tmp_path_factory.mktemp("compliance"))
    engine = database.connect(settings.database)
    with database.writing(engine) as made:
        yield made
        made.rollback()
    engine.dispose()


def last_day(modified: str) -> str:
    return modified[:10] if len(modified) > 7 else f"{modified}-31" if len(modified) == 7 else f"{modified}-12-31"


def counted(session: Session, name: str, today: date) -> tuple[int, int, int, int, int, int]:
    sources = {one.id for one in session.exec(select(Source)) if one.organization == name}
    records = [one for one in session.exec(select(RecordRow)) if one.source_id in sources and not one.gone]
    failed = sum(one.state == "failed" for one in records)
    flawed = sum(one.state == "read" and one.errors > 0 for one in records)
    datasets = [one for one in session.exec(select(DatasetRow)) if one.organization == name and one.state == "published"]
    told = [(one, days) for one in datasets if one.modified and (days := interval_days(one.frequency or "")) is not None]
    late = sum(last_day(one.modified or "") < (today - timedelta(days=days)).isoformat() for one, days in told)
    return len(records), failed, flawed, len(datasets), late, len(told) - late


def test_figures_agree_with_a_plain_count(session: Session) -> None:
    lines = compliance.standings(session)
    today = compliance._today()
    assert [line.organization for line in lines] == ["archive", "market", "strict", "transport"]
    for line in lines:
        figures = (line.records, line.failed, line.flawed, line.datasets, line.overdue, line.fresh)
        assert figures == counted(session, line.organization, today), line.organization
        one = compliance.standing(session, departments.organization(session, line.organization))
        assert one == line
    assert compliance.total(lines).records == sum(line.records for line in lines) > 30
    market = next(line for line in lines if line.organization == "market")
    assert (market.failed, market.flawed) == (2, 2) and market.clean_share == pytest.approx(1 / 5)


def test_findings_by_rule_agree_with_a_plain_count(session: Session) -> None:
    rules = compliance.rule_counts(session)
    gone = {one.id for one in session.exec(select(RecordRow)) if one.gone}
    found = [one.rule for one in session.exec(select(FindingRow)) if one.record_id not in gone]
    assert {one.rule: one.count for one in rules} == {rule: found.count(rule) for rule in set(found)}
    assert [one.count for one in rules] == sorted((one.count for one in rules), reverse=True)
    only = compliance.rule_counts(session, organization="market")
    assert sum(one.count for one in only) < sum(one.count for one in rules) and all(one.departments == 1 for one in only)


def test_the_last_run_is_the_newest_of_all_sources(session: Session) -> None:
    runs = compliance.last_runs(session)
    assert {name: run.state for name, run in runs.items()} == {
        "transport": "done",
        "market": "done",
        "strict": "held",
        "archive": "running",
    }


@pytest.mark.parametrize(
    ("frequency", "modified", "overdue"),
    [
        ("DAILY", "2026-11-23", False),
        ("DAILY", "2026-11-22", True),
        ("DAILY", "2026-11-23T23:59:59Z", False),
        ("MONTHLY", "2026-10-25", False),
        ("MONTHLY", "2026-10-20", True),
        ("MONTHLY", "2026-10", False),
        ("MONTHLY", "2026-09", True),
        ("ANNUAL", "2025", False),
        ("ANNUAL", "2024", True),
        ("IRREG", "1990", False),
        (None, "1990", False),
        ("MONTHLY", None, False),
        ("NO-SUCH", "1990", False),
    ],
)
def test_overdue_by_frequency_and_precision(
    session: Session, frequency: str | None, modified: str | None, overdue: bool
) -> None:
    row = session.exec(select(DatasetRow).where(DatasetRow.organization == "transport")).first()
    assert row is not None
    row.frequency, row.modified = frequency, modified
    session.add(row)
    session.flush()
    names = [one.name for one in compliance.late(session, "transport", TODAY)]
    assert (row.name in names) == overdue
    standing = next(line for line in compliance.standings(session, TODAY) if line.organization == "transport")
    assert standing.overdue == len(names)
    assert standing.fresh + standing.overdue + standing.undeclared == standing.datasets


def test_nothing_gives_zeros(tmp_path: Path) -> None:
    engine = database.connect(f"sqlite:///{tmp_path}/empty.db")
    from catalog_api.upgrade import upgrade

    upgrade(engine)
    with database.writing(engine) as session:
        row = departments.put_organization(session, "none", {"en": "None"})
        line = compliance.standing(session, row)
        assert (line.records, line.clean_share, line.fresh_share, line.undeclared, line.last_run) == (0, None, None, 0, None)
        assert compliance.standings(session) == [] and compliance.total([]).records == 0
        assert store.count(session) == 0
        session.rollback()
    engine.dispose()
