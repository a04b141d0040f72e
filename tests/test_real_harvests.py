"""Every real data.json file that is at hand harvests to an honest report: its counts agree with an independent reading."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from harvesters.dcat_us import DcatUs
from harvesters.run import Job, harvest
from harvesters.web import Web
from metadata import database, sources, store
from metadata.tables import Run
from standards.table import STANDARDS
from tests.serving import Folder

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = database.connect(f"sqlite:///{tmp_path}/real.db")
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


def files(corpora: Path) -> list[Path]:
    found = sorted([*corpora.glob("dcatus/**/*.json"), *corpora.glob("bad/**/*.json")])
    assert len(found) > 100
    return found


def listing(path: Path) -> list[Any] | None:
    """The records of a file by plain `json`, or nothing when it is no data.json."""
    try:
        body = json.loads(path.read_bytes().decode("utf-8-sig"))
    except ValueError:
        return None
    records = body.get("dataset") if isinstance(body, dict) else None
    return records if isinstance(records, list) else None


def run_of(engine: Engine, folder: Folder, name: str, tmp_path: Path) -> Run:
    url = f"{folder.url}/data.json"
    with database.writing(engine) as session, Web(internal=True, spool_dir=tmp_path) as web:
        known = [row for row in sources.sources(session) if row.name == name]
        source = known[0] if known else sources.put_source(session, name, url=url, protocol="dcat_us")
        run = sources.ask(session, source)
        run.state = "running"
        session.commit()
        job = Job(source, DcatUs(url, DcatUs.Settings()), STANDARDS.get, "dcat_us_1_1_non_federal")
        for _ in harvest(session, web, job, run):
            session.commit()
        return run


def agree(run: Run, records: list[Any]) -> None:
    """The run's counters against the file's own."""
    titled = [one for one in records if isinstance(one, dict) and str(one.get("title") or "").strip()]
    identifiers = Counter(str(one.get("identifier")) for one in records if isinstance(one, dict) and one.get("identifier"))
    repeated = sum(count - 1 for count in identifiers.values())
    nameless = len(records) - sum(identifiers.values())
    assert run.received == len(records)
    assert run.received == run.added + run.updated + run.unchanged + run.renamed + run.failed + run.duplicates
    assert repeated <= run.duplicates <= repeated + nameless
    assert run.failed <= len(records) - len(titled)
    assert run.added >= len(titled) - run.duplicates - 1


def test_every_file_gives_an_honest_report(corpora: Path, engine: Engine, tmp_path: Path) -> None:
    read = refused = 0
    with Folder({}) as folder:
        for number, path in enumerate(files(corpora)):
            if path.stat().st_size > 3_000_000:
                continue  # the large ones have a test of their own
            folder.answers["/data.json"] = path.read_bytes()
            run = run_of(engine, folder, f"file-{number}", tmp_path)
            records = listing(path)
            if records:
                read += 1
                assert run.state == "done", (path, run.message)
                agree(run, records)
            elif records == [] or path.suffix != ".json":
                assert run.state == "failed" and run.message, path
            else:
                refused += run.state == "failed"
                assert run.state == "done" or run.message, path
    assert read > 80 and refused > 5


def test_a_large_file_gives_the_same_report_and_is_passed_over_the_second_time(
    corpora: Path, engine: Engine, tmp_path: Path
) -> None:
    path = max(corpora.glob("dcatus/**/*.json"), key=lambda one: one.stat().st_size)
    records = listing(path)
    assert records
    with Folder({"/data.json": path.read_bytes()}) as folder:
        first = run_of(engine, folder, "large", tmp_path)
        second = run_of(engine, folder, "large", tmp_path)
    agree(first, records)
    assert (second.state, second.added, second.updated, second.retired) == ("done", 0, 0, 0)
    assert (second.received, second.failed, second.duplicates) == (first.received, first.failed, first.duplicates)


def test_html_instead_of_data_fails_the_run_and_keeps_the_records(corpora: Path, engine: Engine, tmp_path: Path) -> None:
    good = max(
        (path for path in corpora.glob("dcatus/**/*.json") if path.stat().st_size < 500_000 and listing(path)),
        key=lambda one: len(listing(one) or []),
    )
    page = "<!DOCTYPE html><html><head><title>Technical Difficulties</title></head><body>" + "sorry " * 3000 + "</body></html>"
    with Folder({"/data.json": good.read_bytes()}) as folder:
        first = run_of(engine, folder, "portal", tmp_path)
        folder.answers["/data.json"] = page
        second = run_of(engine, folder, "portal", tmp_path)
        folder.answers["/data.json"] = good.read_bytes()[: good.stat().st_size // 2]
        third = run_of(engine, folder, "portal", tmp_path)
    assert (first.state, second.state, third.state) == ("done", "failed", "failed")
    assert "HTML" in second.message and "Technical Difficulties" in second.message
    with database.reading(engine) as session:
        assert store.count(session) == first.added
