"""A small directory behind the Action API, served over real HTTP on a free port: for the tests of `catalog_api.ckan`."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server
from sqlmodel import Session, SQLModel

from catalog_api.app import create
from catalog_api.auth import create_token
from catalog_api.rooms import Rooms
from catalog_api.settings import Settings
from harvesters.base import Record
from harvesters.examining import examine
from harvesters.run import Job, take
from metadata import database, departments, sources, store
from search.engines import open_engine
from search.sync import sync
from standards.table import STANDARDS
from tests.harvests import Listing


@dataclass(frozen=True)
class Site:
    """Where it is served, its application, and tokens by scope."""

    url: str
    app: FastAPI
    tokens: dict[str, str]

    @property
    def rooms(self) -> Rooms:
        return self.app.state.rooms  # type: ignore[no-any-return]

    def session(self) -> Session:
        return database.writing(self.rooms.database)

    def refresh(self) -> None:
        with self.session() as session:
            sync(session, self.rooms.search)


def record(number: int, **given: Any) -> dict[str, Any]:
    """A package dict as a portal gives it."""
    return {
        "id": f"source-{number}",
        "name": f"dataset-{number}",
        "title": f"Dataset {number}",
        "notes": "What is counted.",
        "license_id": "cc-by",
        "resources": [{"id": f"r{number}", "name": "Table", "url": f"https://data.example/{number}.csv", "format": "CSV"}],
        "tags": [{"name": "statistics"}],
        "groups": [],
        "extras": [],
        **given,
    }


def put(session: Session, department: str, records: Sequence[dict[str, Any]]) -> None:
    """Takes package dicts in as a source of the department would that admits valid ones only: the others are withheld."""
    given = {"protocol": "ckan", "standard": "ckan", "organization": department, "admits": "valid"}
    source = sources.put_source(session, f"{department}-portal", url="http://127.0.0.1/", **given)
    run = sources.ask(session, source)
    run.state = "running"
    job = Job(source, Listing([]), STANDARDS.get, "ckan")
    taken = [take(Record(body, body["id"], "ckan"), job) for body in records]
    sifted = store.fresh(session, run, taken)
    readings = [examine(one, STANDARDS.get("ckan")) for one in sifted.fresh]
    store.put(session, source, run, readings, sifted, "")
    run.state = "done"
    session.add(run)
    session.commit()


@contextmanager
def site(folder: Path, departments_and_records: Mapping[str, Sequence[dict[str, Any]]]) -> Iterator[Site]:
    """The directory of these departments, indexed and served until the block ends."""
    settings = Settings(_env_file=None, data_dir=folder)  # type: ignore[call-arg]
    engine = database.connect(settings.database)
    SQLModel.metadata.create_all(engine)
    tokens: dict[str, str] = {}
    with database.writing(engine) as session:
        for name, records in departments_and_records.items():
            departments.put_organization(session, name, {"zh": f"{name}局", "en": f"{name.title()} Office"})
            put(session, name, records)
        tokens["admin"] = create_token(session, "root", ["admin"])
        tokens["department"] = create_token(session, "clerk", ["department"], next(iter(departments_and_records)))
        session.commit()
    index = open_engine(settings.search)
    with database.writing(engine) as session:
        sync(session, index)
    app = create(settings)
    with _served(app) as url:
        yield Site(url, app, tokens)
    engine.dispose()


@contextmanager
def _served(app: FastAPI) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_run, args=(loop, server), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    _wait(url)
    yield url
    loop.call_soon_threadsafe(server.stop)
    thread.join(20)


def _run(loop: asyncio.AbstractEventLoop, server: Server) -> None:
    asyncio.set_event_loop(loop)
    loop.run_until_complete(server.serve())
    loop.close()


def _wait(url: str) -> None:
    deadline = time.monotonic() + 30
    with httpx.Client() as client:
        while time.monotonic() < deadline:
            try:
                client.get(f"{url}/api/3")
            except httpx.TransportError:
                time.sleep(0.02)
            else:
                return
    raise TimeoutError(url)
