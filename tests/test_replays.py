"""Years of a portal, replayed: its dated states one after another, each count compared with a diff that shares no code.

The diff goes by plain JSON: identifiers before and after, and what each record says. It cannot know which vanished
identifier became which new one; it only says which have a possible counterpart (same title, or the same but for https).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from harvesters.dcat_us import DcatUs
from harvesters.run import Job, harvest
from harvesters.web import Web
from metadata import database, ledger, sources, store
from metadata.tables import Run, Source
from standards.table import STANDARDS
from tests.serving import Folder

pytestmark = pytest.mark.timeout(600)


@dataclass
class Shelf:
    """What a careful reader would have on the shelf after each state."""

    records: dict[str, str] = field(default_factory=dict)

    def compare(self, listed: list[dict[str, Any]]) -> dict[str, Any]:
        """What changed against the state before: identifiers, first record each, told apart by what they say."""
        now: dict[str, str] = {}
        bodies: dict[str, dict[str, Any]] = {}
        for record in listed:
            identifier = record["identifier"].strip()
            if identifier not in now:
                now[identifier] = json.dumps(record, sort_keys=True)
                bodies[identifier] = record
        before = self.records
        gone, new = before.keys() - now.keys(), now.keys() - before.keys()
        common = before.keys() & now.keys()
        fresh = set().union(*(_names(bodies[one]) for one in new))
        found = {
            "received": len(listed),
            "duplicates": len(listed) - len(now),
            "same": sum(before[one] == now[one] for one in common),
            "other": sum(before[one] != now[one] for one in common),
            "new": new,
            "gone": gone,
            "could_be_renamed": sum(not _names(json.loads(before[one])).isdisjoint(fresh) for one in gone),
        }
        self.records = now
        return found


def _names(record: dict[str, Any]) -> set[str]:
    """What a record may be known again by: its title, and its identifier without http or https."""
    return {str(record.get("title")).strip().lower(), record["identifier"].strip().partition("://")[2] or record["identifier"]}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = database.connect(f"sqlite:///{tmp_path}/replay.db")
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


def portals(corpora: Path) -> list[Path]:
    found = sorted(path for path in corpora.glob("dcatus/geobtaa-replay/*") if path.is_dir())
    assert len(found) >= 5
    return found


def visit(engine: Engine, folder: Folder, name: str, tmp_path: Path, accept: bool) -> Run:
    url = f"{folder.url}/data.json"
    with database.writing(engine) as session, Web(internal=True, spool_dir=tmp_path, validators=known(engine, name)) as web:
        rows = [row for row in sources.sources(session) if row.name == name]
        source = rows[0] if rows else sources.put_source(session, name, url=url, protocol="dcat_us", internal=True)
        run = sources.ask(session, source, accept_retire=accept)
        run.state = "running"
        session.commit()
        job = Job(session.get_one(Source, source.id), DcatUs(url, DcatUs.Settings()), STANDARDS.get, DcatUs.standard)
        for _ in harvest(session, web, job, run):
            session.commit()
        return run


def known(engine: Engine, name: str) -> dict[str, Any]:
    with database.reading(engine) as session:
        rows = [row for row in sources.sources(session) if row.name == name]
        return rows[0].validators if rows else {}


def published(engine: Engine, name: str) -> set[str]:
    with database.reading(engine) as session:
        return {entry.identifier for entry in store.listing(session, source=name, limit=100_000)}


def test_every_dated_state_gives_the_counts_of_an_independent_diff(corpora: Path, engine: Engine, tmp_path: Path) -> None:
    states = renamed = 0
    with Folder({}) as folder:
        for portal in portals(corpora):
            shelf, name = Shelf(), f"portal-{portal.name.lower()}"
            for path in sorted(portal.glob("*.json")):
                listed = json.loads(path.read_bytes().decode("utf-8-sig"))["dataset"]
                folder.answers["/data.json"] = path.read_bytes()
                seen = visit(engine, folder, name, tmp_path, accept=True)
                renamed += agrees(seen, shelf.compare(listed), path)
                assert published(engine, name) == set(shelf.records), path
                states += 1
    assert states > 100 and renamed > 500, (states, renamed)
    with database.reading(engine) as session:
        assert ledger.verify(session).ok


def agrees(run: Run, diff: dict[str, Any], path: Path) -> int:
    """The run's counters against the diff; how many were renamed."""
    assert (run.state, run.failed) == ("done", 0), (path, run.message)
    assert (run.received, run.duplicates) == (diff["received"], diff["duplicates"]), path
    # other bytes may say the same (the order of members): then nothing was changed
    assert run.unchanged >= diff["same"], path
    assert run.unchanged + run.updated == diff["same"] + diff["other"] + comebacks(run, diff), path
    assert run.renamed <= diff["could_be_renamed"], path
    assert run.retired + run.renamed == len(diff["gone"]), path
    return run.renamed


def comebacks(run: Run, diff: dict[str, Any]) -> int:
    """New identifiers that the catalogue had known before: restored, and counted as updated."""
    return len(diff["new"]) - run.added - run.renamed


def test_a_year_of_churn_is_held_where_a_person_should_look(corpora: Path, engine: Engine, tmp_path: Path) -> None:
    """Without leave, no state takes away more than a tenth; and nothing is taken away while a run is held."""
    held = 0
    with Folder({}) as folder:
        for portal in portals(corpora):
            name = f"held-{portal.name.lower()}"
            standing: set[str] = set()
            for path in sorted(portal.glob("*.json")):
                folder.answers["/data.json"] = path.read_bytes()
                run = visit(engine, folder, name, tmp_path, accept=False)
                now = published(engine, name)
                lost = standing - now
                assert run.state in ("done", "held"), (path, run.message)
                assert len(lost) == run.retired + run.renamed, path
                assert run.retired <= max(1, len(standing) * 0.1), path
                assert run.state == "done" or run.retired == 0, path
                held += run.state == "held"
                standing = now
    assert held > 0
