"""`mulu searches` and `mulu statistics`, as an operator runs them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog_api.cli import main
from catalog_api.leadership import Leadership
from metadata import database, searches, statistics, uses
from metadata.statistics import Asked
from tests.harvests import entry, new_source, record, visit
from tests.hooks import Hook


@pytest.fixture
def folder(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MULU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MULU_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MULU_INTERNAL_WEBHOOKS", "true")
    monkeypatch.chdir(tmp_path)
    return sqlite_url


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_saved_searches_are_listed_told_and_ended(folder: str) -> None:
    assert "There are no saved searches" in run("searches", "list").output
    engine = database.connect(folder)
    new_source(engine)
    with Hook() as hook:
        with database.writing(engine) as session:
            row = searches.save(session, "Buses", "q=bus", owner="me", channel="webhook", target=hook.url)
            session.commit()
        visit(engine, "roads", [record("a", "Bus")])
        assert run("index", "sync").exit_code == 0
        assert json.loads(run("searches", "tell", "--json").output) == {"sent": 1}
        assert json.loads(run("searches", "tell", "--json").output) == {"sent": 0} and len(hook.taken) == 1
    listed = json.loads(run("searches", "list", "--json").output)
    assert (listed["total"], listed["items"][0]["owner"]) == (1, "me") and listed["items"][0]["sent"]
    assert "Buses" in run("searches", "list").output
    lead = Leadership(engine, "index")
    lead.seek()
    told = run("searches", "tell")
    assert told.exit_code == 2 and "a worker is at it" in told.output
    lead.release()
    assert run("searches", "remove", row.id).exit_code == 0
    assert run("searches", "remove", row.id).exit_code == 2
    engine.dispose()


def test_figures_are_printed(folder: str) -> None:
    assert "there are no words to show" in run("statistics", "searches").output
    assert "Nothing was counted yet" in run("statistics", "datasets").output
    engine = database.connect(folder)
    visit(engine, new_source(engine), [record("a", "Bus")])
    one = entry(engine, "roads", "a")
    assert one is not None
    with database.writing(engine) as session:
        uses.add(session, {one.id: 7}, uses.today())
        statistics.add_searches(session, uses.today(), [Asked("k", "nowhere", 4, 4, 1, 900, 1000)])
        session.commit()
    engine.dispose()
    told = json.loads(run("statistics", "searches", "--json").output)
    assert told["items"] == [{"words": "nowhere", "searches": 4, "empty": 4, "slow": 1, "worst_ms": 900.0, "mean_ms": 250.0}]
    assert told["all"]["searches"] == 4
    assert "nowhere" in run("statistics", "searches", "--kind", "slow", "--days", "1").output
    used = json.loads(run("statistics", "datasets", "--json").output)
    assert [(item["name"], item["use"]) for item in used["items"]] == [("bus", 7)]
    assert "Bus" in run("statistics", "datasets").output
