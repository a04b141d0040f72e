"""A catalogue whose Elasticsearch goes away: searches say so at once, all else goes on, and the index catches up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Engine

from catalog_api.app import create
from catalog_api.auth import create_token
from catalog_api.jobs import Worker
from catalog_api.settings import Settings
from metadata import database, departments
from metadata.errors import Unavailable
from search.elastic_link import Fuse
from search.engines import open_engine
from tests.asking import Client, asking
from tests.catalog_api.conftest import SITE
from tests.harvests import body
from tests.severed import Line

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def line(elasticsearch: str) -> Iterator[Line]:
    with Line(elasticsearch) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str, elasticsearch_index: str, line: Line) -> Settings:
    url = f"{line.address}/{elasticsearch_index.rpartition('/')[2]}"
    given = {"data_dir": tmp_path / "data", "database_url": sqlite_url, "site_url": SITE, "search_url": url}
    return Settings(**given, _env_file=None)  # type: ignore[arg-type, call-arg]


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create(settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[Client]:
    with asking(app, SITE) as made:
        yield made


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = database.connect(settings.database)
    yield made
    made.dispose()


def registered(client: Client, engine: Engine, name: str) -> None:
    """A department registers a dataset of this name."""
    with database.writing(engine) as session:
        departments.put_organization(session, "transport", {"en": "Transport"})
        token = create_token(session, f"for {name}", ["admin"], None)
        session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.put(f"/api/v1/organizations/transport/datasets/{name}", headers=headers, json=body(name, f"Bus {name}"))
    assert answer.status_code == 201, answer.text


def found(client: Client) -> int:
    answer = client.get("/api/v1/datasets?q=bus")
    assert answer.status_code == 200, answer.text
    total: int = answer.json()["total"]
    return total


def asked(client: Client, url: str) -> Response:
    machine = url.startswith(("/api", "/data.json", "/health", "/metrics"))
    return client.get(url, headers={} if machine else {"accept": "text/html"})


SEARCHES = [
    "/api/v1/datasets?q=stops",
    "/api/v1/suggest?q=sto",
    "/search?q=bus",
    "/api/3/action/package_search?q=stops",
]
OTHERS = [
    "/",
    "/organization",
    "/organization/transport",
    "/dataset/bus-stops",
    "/dataset/bus-stops.json",
    "/api/v1/datasets/bus-stops",
    "/api/v1/organizations",
    "/api/v1/changes?after=0",
    "/api/3/action/package_show?id=bus-stops",
    "/api/3/action/package_list",
    "/data.json",
    "/metrics",
    "/health/live",
    "/health/ready",
]


def test_searches_say_503_at_once_all_else_goes_on_and_the_index_catches_up(
    app: FastAPI, settings: Settings, client: Client, engine: Engine, line: Line
) -> None:
    worker = Worker(engine, settings, open_engine(settings.search, settings.habits, settings.search_access))
    worker.lead.seek()
    registered(client, engine, "stops")
    worker._follow()
    assert found(client) == 1
    line.cut()
    for url in SEARCHES * 2:
        answer = asked(client, url)
        assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5"), url
    for url in OTHERS:
        answer = asked(client, url)
        assert answer.status_code == 200, (url, answer.text)
    assert client.get("/health/ready").json()["status"] == "degraded"
    assert "mulu_index_up 0.0" in client.get("/metrics").text
    registered(client, engine, "lines")
    with pytest.raises(Unavailable):
        worker._follow()
    line.mend()
    for one in (worker.search, app.state.rooms.search):
        one._link.fuse = Fuse()  # as after the pause
    worker._follow()
    app.state.rooms.search._forget()
    assert found(client) == 2
