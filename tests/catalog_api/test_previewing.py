"""Detection and preview: what an address speaks, what its records would become, and that nothing of it is stored."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlmodel import func, select

from catalog_api.cli import main
from catalog_api.commands.console import catalogue
from catalog_api.detecting import completed
from catalog_api.harvesting import Harvesting, start
from catalog_api.previewing import preview, rehearse
from catalog_api.rooms import Rooms
from catalog_api.settings import Settings
from catalog_api.source_forms import SourceBody, change, draft, put_checked
from metadata import database, departments, sources
from metadata.errors import NotData, Unreachable
from metadata.tables import Body, Change, DatasetRow, Run
from tests.harvests import body, unreadable
from tests.serving import Folder


def listing(*identifiers: str, **more: Any) -> str:
    return json.dumps(
        {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [body(one, **more) for one in identifiers]}
    )


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with catalogue(Settings(data_dir=tmp_path / "data", database_url="", search_url="")) as found:
        yield found


@pytest.fixture
def site() -> Iterator[Folder]:
    with Folder({"/data.json": listing("a", "b", "c")}) as folder:
        yield folder


def add(rooms: Rooms, site: Folder, **more: Any) -> None:
    given, _ = completed(rooms.settings, SourceBody(url=f"{site.url}/data.json", internal=True, **more))
    with database.writing(rooms.database) as session:
        departments.put_organization(session, "city")
        put_checked(session, rooms.settings, "roads", given)
        session.commit()


def harvest(rooms: Rooms) -> Run:
    with database.writing(rooms.database) as session:
        run_id = start(session, sources.source(session, "roads")).id or 0
        session.commit()
    return Harvesting(rooms.database, rooms.settings, run_id).perform()


def stored(rooms: Rooms) -> dict[str, int]:
    with database.reading(rooms.database) as session:
        tables = {"runs": Run, "datasets": DatasetRow, "changes": Change, "bodies": Body}
        return {name: session.exec(select(func.count()).select_from(table)).one() for name, table in tables.items()}


def test_the_front_page_of_a_site_leads_to_its_data_json(rooms: Rooms, site: Folder) -> None:
    given, found = completed(rooms.settings, SourceBody(url=f"{site.url}/", internal=True))
    assert (given.protocol, given.url) == ("dcat_us", f"{site.url}/data.json")
    assert found[0].found.sure == 100 and "DCAT-US" in found[0].found.why


def test_a_protocol_that_is_named_is_not_asked_for(rooms: Rooms, site: Folder) -> None:
    named = SourceBody(url=f"{site.url}/", protocol="ckan", internal=True)
    assert completed(rooms.settings, named) == (named, []) and site.asked == []


def test_an_address_that_speaks_nothing_is_told_what_it_answered(rooms: Rooms) -> None:
    with Folder({"/": "just words"}) as folder, pytest.raises(NotData) as told:
        completed(rooms.settings, SourceBody(url=f"{folder.url}/", internal=True))
    assert "just words" in str(told.value) and "name the protocol" in told.value.remedy


def test_an_address_that_is_away_is_told(rooms: Rooms) -> None:
    with pytest.raises(Unreachable):
        completed(rooms.settings, SourceBody(url="http://127.0.0.1:9/", internal=True))


def test_a_private_address_is_not_asked_unless_it_is_internal(rooms: Rooms, site: Folder) -> None:
    with pytest.raises(Exception, match="internal"):
        completed(rooms.settings, SourceBody(url=site.url))
    assert site.asked == []


def test_a_source_that_is_not_there_is_shown_as_it_would_become(rooms: Rooms, site: Folder) -> None:
    site.answers["/data.json"] = json.dumps(
        {"dataset": [body("a"), unreadable("x").body, body("a"), body("b", modified="long ago")]}
    )
    before = stored(rooms)
    given, _ = completed(rooms.settings, SourceBody(url=f"{site.url}/data.json", internal=True))
    report = rehearse(rooms, draft(rooms.settings, "new", given))
    assert (report["state"], report["received"], report["added"], report["failed"], report["duplicates"]) == (
        "done",
        4,
        2,
        1,
        1,
    )
    shown = {one["identifier"]: one for one in report["records"]}
    assert shown["a"]["outcome"] == "added" and shown["a"]["dataset"]["title"] == {"und": "Title a"}
    assert shown["a"]["record"]["identifier"] == "a"
    assert shown["x"]["outcome"] == "failed" and shown["x"]["findings"]
    assert shown["b"]["findings"] and all("zh" in one["message"] for one in shown["b"]["findings"])
    assert stored(rooms) == before


def test_only_the_first_records_are_looked_at(rooms: Rooms, site: Folder) -> None:
    site.answers["/data.json"] = listing(*(f"r-{n}" for n in range(50)))
    add(rooms, site)
    report = preview(rooms, "roads", limit=7)
    assert (report["received"], report["whole"], len(report["records"])) == (7, False, 7)
    assert "first 7" in report["message"]


def test_a_dry_run_tells_what_a_harvest_then_does(rooms: Rooms, site: Folder) -> None:
    add(rooms, site, retire_limit=0.5)
    harvest(rooms)
    site.answers["/data.json"] = json.dumps({"dataset": [body("a"), body("b", "Other words"), body("d")]})
    before = stored(rooms)
    report = preview(rooms, "roads")
    assert stored(rooms) == before
    counters = ("received", "added", "updated", "unchanged", "retired", "renamed", "failed", "duplicates", "state")
    outcomes = {one["identifier"]: one["outcome"] for one in report["records"]}
    assert outcomes == {"a": "unchanged", "b": "updated", "d": "added"}
    assert [one["identifier"] for one in report["leaving"]] == ["c"] and report["whole"]
    run = harvest(rooms)
    assert {name: report[name] for name in counters} == {name: getattr(run, name) for name in counters}


def test_a_dry_run_tells_renames_too(rooms: Rooms, site: Folder) -> None:
    add(rooms, site)
    harvest(rooms)
    old, new = "http://city.example/a", "https://city.example/a"
    site.answers["/data.json"] = json.dumps({"dataset": [body(old), body("b"), body("c"), body("a")]})
    harvest(rooms)
    site.answers["/data.json"] = json.dumps({"dataset": [body(new), body("b"), body("c"), body("a")]})
    report = preview(rooms, "roads")
    assert (report["renamed"], report["added"], report["retired"], report["leaving"]) == (1, 0, 0, [])
    assert harvest(rooms).renamed == 1


def test_settings_that_say_how_records_are_read_are_used_for_records_as_before_too(rooms: Rooms) -> None:
    items = [{"id": f"i-{n}", "name": f"名称 {n}", "note": f"说明 {n}"} for n in range(3)]
    with Folder({"/list": json.dumps(items)}) as folder:
        mapping = {"title": "name", "identifier": "id"}
        settings = {"mapping": mapping, "paging": "none"}
        given = SourceBody(url=f"{folder.url}/list", protocol="json_map", internal=True, settings=settings)
        with database.writing(rooms.database) as session:
            put_checked(session, rooms.settings, "roads", given)
            session.commit()
        assert harvest(rooms).added == 3
        assert harvest(rooms).unchanged == 3
        with database.writing(rooms.database) as session:
            change(session, rooms.settings, "roads", {"settings": {"mapping": {**mapping, "description": "note"}}})
            session.commit()
        run = harvest(rooms)
        assert (run.updated, run.unchanged) == (3, 0)
        assert harvest(rooms).unchanged == 3


def test_the_command_adds_a_source_by_its_address_alone(site: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULU_DATA_DIR", str(tmp_path / "data"))
    runner = CliRunner()
    looked = runner.invoke(main, ["source", "preview", site.url, "--set", "internal=true", "--json"])
    assert looked.exit_code == 0 and json.loads(looked.output)["preview"]["added"] == 3
    added = runner.invoke(main, ["source", "add", "roads", site.url, "--set", "internal=true"])
    assert added.exit_code == 0 and "dcat_us" in added.output, added.output
    run = runner.invoke(main, ["harvest", "roads", "--json"])
    assert json.loads(run.output.splitlines()[-1])["added"] == 3
