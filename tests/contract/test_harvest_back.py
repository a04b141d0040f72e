"""Every protocol that Mulu serves, harvested by another Mulu from its address alone: the same datasets come back.

A real `mulu serve` in its own process holds datasets in Chinese and English; for each of its doors a second catalogue is told
the address, nothing else, finds the protocol, harvests, and is compared.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from catalog_api.catching_up import follow_once
from catalog_api.commands.console import catalogue
from catalog_api.detecting import completed
from catalog_api.harvesting import Harvesting, start
from catalog_api.rooms import Rooms
from catalog_api.settings import Settings
from catalog_api.source_forms import SourceBody, put_checked
from metadata import database, sources, store
from metadata.tables import Run
from metadata.text import Text
from tests.harvests import new_source, record, visit
from tests.live import Live, served

COUNT = 30
DOORS = {
    "/": {"ckan", "dcat_us", "dcat_rdf"},
    "/data.json": {"dcat_us"},
    "/catalog.ttl": {"dcat_rdf"},
    "/catalog.rdf": {"dcat_rdf"},
    "/catalog.jsonld": {"dcat_rdf"},
    "/catalog.nt": {"dcat_rdf"},
    "/api/3/action/package_search": {"ckan"},
    "/feeds/datasets.atom": {"atom"},
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("served")
    with served(folder, "--no-worker") as live:
        engine = database.connect(f"sqlite:///{live.data_dir / 'mulu.db'}")
        _fill(engine)
        engine.dispose()
        _index(live)
        yield live


def _fill(engine: Engine) -> None:
    new_source(engine, "roads")
    records = [
        record(
            f"r-{n:03}",
            f"公共交通线路 {n}" if n % 2 else f"Bus lines {n}",
            distribution=[{"@type": "dcat:Distribution", "downloadURL": f"https://data.city.example/{n}.csv", "format": "CSV"}],
            theme=["交通"],
            spatial="123.1,41.7,123.6,42.0",
            issued="2023-01-02",
        )
        for n in range(COUNT)
    ]
    assert visit(engine, "roads", records, batch=10).added == COUNT


def _index(live: Live) -> None:
    with catalogue(Settings(data_dir=live.data_dir, database_url="", search_url="")) as rooms:
        assert follow_once(rooms.database, rooms.search)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Rooms]:
    with catalogue(Settings(data_dir=tmp_path / "other", database_url="", search_url="")) as rooms:
        yield rooms


def harvested(rooms: Rooms, url: str) -> tuple[str, Run]:
    body, found = completed(rooms.settings, SourceBody(url=url, internal=True))
    assert found, url
    with database.writing(rooms.database) as session:
        run_id = start(session, put_checked(session, rooms.settings, "back", body)).id or 0
        session.commit()
    return body.protocol, Harvesting(rooms.database, rooms.settings, run_id).perform()


def said(engine: Engine, source: str | None) -> dict[str, dict[str, Any]]:
    """What every dataset says, by title: the parts that every door carries."""
    with database.reading(engine) as session:
        return {words(one.dataset.title): _parts(one.dataset) for one in store.listing(session, source=source, limit=1000)}


def words(text: Text) -> str:
    return next(iter(text.values()))


def _parts(dataset: Any) -> dict[str, Any]:
    return {
        "description": words(dataset.description),
        "links": sorted(one.download_url or one.access_url or "" for one in dataset.distribution),
        "publisher": words(dataset.publisher.name) if dataset.publisher else None,
    }


@pytest.mark.parametrize("door", DOORS)
def test_what_a_door_serves_comes_back(site: Live, other: Rooms, door: str) -> None:
    protocol, run = harvested(other, f"{site.url}{door}")
    assert protocol in DOORS[door]
    assert (run.state, run.received, run.added, run.failed) == ("done", COUNT, COUNT, 0), run.message
    here = database.connect(f"sqlite:///{site.data_dir / 'mulu.db'}")
    first, second = said(here, "roads"), said(other.database, "back")
    here.dispose()
    assert first.keys() == second.keys()
    for title, parts in first.items():
        assert second[title]["description"] == parts["description"], title
        if protocol != "atom":
            assert second[title]["links"] == parts["links"], title
            assert second[title]["publisher"] == parts["publisher"], title
    with database.reading(other.database) as session:
        assert sources.source(session, "back").organization is None
