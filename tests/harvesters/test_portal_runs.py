"""CKAN, data.json and udata through the real run and store: what a year of visits does to the directory."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from sqlalchemy import Engine

from harvesters.base import Harvester
from harvesters.ckan import Ckan, CkanSettings
from harvesters.dcat_us import DcatUs, DcatUsSettings
from harvesters.run import Job, harvest
from harvesters.udata import Udata, UdataSettings
from harvesters.web import Web
from metadata import database, sources
from metadata.tables import Run, Source
from standards.table import STANDARDS
from tests.harvesters.portal import Portal, packages
from tests.harvesters.udata_site import Site
from tests.harvests import agrees, ask, new_source, published
from tests.hostile.server import Hostile, says


def visit(
    engine: Engine, name: str, harvester: Harvester, *, accept_retire: bool = False, stop_after: int | None = None
) -> Run:
    """One run to its end, with what the last one left."""
    return go_on(engine, ask(engine, name, accept_retire=accept_retire), harvester, stop_after)


def go_on(engine: Engine, run_id: int, harvester: Harvester, stop_after: int | None = None, resumed: int = 0) -> Run:
    with database.writing(engine) as session:
        run = sources.run(session, run_id)
        run.resumed += resumed
        source = session.get_one(Source, run.source_id)
        marks: Mapping[str, Any] = dict(source.validators)
        with Web(internal=True, retries=0, validators=marks, spool_dir=Path(gettempdir())) as web:
            for step, _ in enumerate(harvest(session, web, Job(source, harvester, STANDARDS.get, harvester.standard), run)):
                if step == stop_after:
                    session.rollback()
                    return sources.run(session, run_id)
                session.commit()
        agrees(run)
        return run


def counts(run: Run) -> dict[str, int]:
    names = ("received", "added", "updated", "unchanged", "retired", "failed", "duplicates")
    return {name: getattr(run, name) for name in names if getattr(run, name)}


def test_an_incremental_run_leaves_what_it_does_not_list(database_engine: Engine) -> None:
    name = new_source(database_engine, protocol="ckan", retire_limit=0.5)
    with Portal(packages(25)) as portal:
        ckan = Ckan(portal.url, CkanSettings(page_size=10, full_every=4))
        assert counts(visit(database_engine, name, ckan)) == {"received": 25, "added": 25}
        portal.rows[3] |= {"title": "Changed", "metadata_modified": "2999-01-01T00:00:00"}
        portal.rows[4] |= {"private": True, "metadata_modified": "2999-01-01T00:00:00"}
        del portal.rows[7]
        second = visit(database_engine, name, ckan)
        assert (second.state, counts(second)) == ("done", {"received": 1, "updated": 1, "retired": 1})
        assert len(published(database_engine)) == 24 and published(database_engine)["id-0003"] == "Changed"
        portal.rows[3]["metadata_modified"] = portal.rows[4]["metadata_modified"] = "2001-01-01T00:00:00"
        third = visit(database_engine, name, ckan)
        assert (third.state, counts(third)) == ("done", {})
        visit(database_engine, name, ckan)
        fifth = visit(database_engine, name, ckan)
        assert (fifth.state, fifth.received, fifth.retired) == ("done", 23, 1)  # the full run misses the deleted one
        assert len(published(database_engine)) == 23


def test_deletions_show_at_once_when_all_identifiers_are_asked_for(database_engine: Engine) -> None:
    name = new_source(database_engine, protocol="ckan")
    with Portal(packages(25)) as portal:
        ckan = Ckan(portal.url, CkanSettings(page_size=10, deletions=True))
        visit(database_engine, name, ckan)
        portal.rows[3] |= {"title": "Changed", "metadata_modified": "2999-01-01T00:00:00"}
        del portal.rows[7]
        run = visit(database_engine, name, ckan)
        assert (run.state, counts(run)) == ("done", {"received": 24, "updated": 1, "unchanged": 23, "retired": 1})
    assert len(published(database_engine)) == 24 and published(database_engine)["id-0003"] == "Changed"


def test_a_run_killed_in_the_middle_goes_on_incrementally(database_engine: Engine) -> None:
    name = new_source(database_engine, protocol="ckan")
    with Portal(packages(25)) as portal:
        ckan = Ckan(portal.url, CkanSettings(page_size=4))
        visit(database_engine, name, ckan)
        for row in portal.rows[5:20]:
            row |= {"title": "Changed", "metadata_modified": "2999-01-01T00:00:00"}
        left = visit(database_engine, name, ckan, stop_after=2)
        assert left.received == 8
        whole = go_on(database_engine, left.id or 0, ckan, resumed=1)
        assert (whole.state, counts(whole)) == ("done", {"received": 15, "updated": 15})
    assert list(published(database_engine).values()).count("Changed") == 15 and len(published(database_engine)) == 25


def test_an_empty_or_broken_portal_wipes_nothing(database_engine: Engine) -> None:
    name = new_source(database_engine, protocol="ckan")
    with Portal(packages(25)) as portal:
        ckan = Ckan(portal.url, CkanSettings(full_every=1))
        visit(database_engine, name, ckan)
        portal.claims, portal.rows = 25, portal.rows[:20]
        assert visit(database_engine, name, ckan).state == "failed"
        portal.claims, portal.rows = None, []
        assert visit(database_engine, name, ckan).state == "held"
    assert len(published(database_engine)) == 25


def test_an_unchanged_data_json_is_not_read_and_a_paged_one_is(database_engine: Engine) -> None:
    name = new_source(database_engine)
    rows = [{"identifier": f"d-{n}", "title": f"Title {n}", "accessLevel": "public"} for n in range(6)]
    first, second = {"dataset": rows[:3], "next": "/b"}, {"dataset": rows[3:]}
    with Hostile({"/data.json": says(json.dumps({"dataset": rows}).encode())}) as server:
        dcat = DcatUs(f"{server.url}/data.json", DcatUsSettings())
        assert counts(visit(database_engine, name, dcat)) == {"received": 6, "added": 6}
        again = visit(database_engine, name, dcat)
        assert counts(again) == {"received": 6, "unchanged": 6} and "same bytes" in again.message
        server.server.behaviours |= {"/data.json": says(json.dumps(first).encode()), "/b": says(json.dumps(second).encode())}
        for _ in range(2):
            run = visit(database_engine, name, dcat)
            assert (counts(run), run.message) == ({"received": 6, "unchanged": 6}, "")


@pytest.mark.parametrize("portal", ["www.data.gouv.fr", "next.data.gouv.fr"])
def test_recorded_states_of_a_udata_site_replayed_in_order(database_engine: Engine, corpora: Path, portal: str) -> None:
    name = new_source(database_engine, protocol="udata", retire_limit=1.0)
    known: set[str] = set()
    ever: set[str] = set()
    folder = corpora / "portal-json/datagouv-fr-indicator" / portal
    for state in sorted(path for path in folder.iterdir() if (path / "datasets").is_dir()):
        rows = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((state / "datasets").glob("*.json"))]
        now = {row["id"]: row for row in rows if not row.get("deleted") and not row.get("private")}
        with Site(rows) as site:
            run = visit(database_engine, name, Udata(site.url, UdataSettings()), accept_retire=True)
        assert (run.state, run.received, run.failed) == ("done", len(now), 0), run.message
        assert run.added + run.renamed == len(now.keys() - ever) and run.retired == len(known - now.keys()) - run.renamed, state
        assert set(published(database_engine)) == set(now)
        known, ever = set(now), ever | now.keys()
    assert known
