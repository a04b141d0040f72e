"""Every protocol against every kind of bad server: the run fails in one clear line, in time, and every dataset stays."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from harvesters.run import Job, harvest
from harvesters.table import PROTOCOLS
from harvesters.web import Web
from metadata import database, ledger, sources
from metadata.tables import Run, Source
from standards.table import STANDARDS
from tests.harvests import ask, new_source, published, record, visit
from tests.hostile.server import OK, Behaviour, Hostile, breaks, drips, pours, redirects, says, stalls

AT_AN_ADDRESS = [name for name in PROTOCOLS if name not in ("folder",)]
PATIENCE = 60.0  # seconds before a run counts as hung; never a measure
_XML = {"Content-Type": "application/xml"}
_HTML = {"Content-Type": "text/html"}
_BOMB = b"".join(
    (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "', b"x" * 1000, b'"><!ENTITY c "', b"&b;" * 1000, b'">]><a>&c;</a>')
)


def _packed() -> bytes:
    return gzip.compress(b'{"dataset":[' + b" " * (24 << 20), 9)


BEHAVIOURS: dict[str, Behaviour] = {
    "an empty answer": says(b""),
    "only blanks": says(b"  \n \n"),
    "a page in place of data": says(b"<!DOCTYPE html><html><body><h1>Technical Difficulties</h1></body></html>", headers=_HTML),
    "a page that says it is JSON": says(b"<html><body>login</body></html>"),
    "an error inside 200": says(b'{"success": false, "error": {"message": "no such thing", "code": 500}}'),
    "an exception inside 200": says(
        b'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception exceptionCode="NoApplicableCode">'
        b"<ows:ExceptionText>out of order</ows:ExceptionText></ows:Exception></ows:ExceptionReport>",
        headers=_XML,
    ),
    "an empty object": says(b"{}"),
    "an empty list": says(b"[]"),
    "null": says(b"null"),
    "another kind of object": says(b'{"weather": {"temperature": 7}}'),
    "half of an answer": says(b'{"dataset": [{"identifier": "a", "title": "t"', length=5000),
    "JSON that breaks off": says(b'{"success": true, "result": {"count": 5, "results": [{"id": "a", "title": "x"'),
    "XML that breaks off": says(b'<?xml version="1.0"?><a><b>', headers=_XML),
    "an entity bomb": says(_BOMB, headers=_XML),
    "a gzip bomb": says(_packed(), headers={"Content-Encoding": "gzip"}),
    "bytes of no character set": says(bytes(range(128, 256)) * 40),
    "JSON nested without end": says(b"[" * 200_000),
    "a picture": says(b"\xff\xd8\xff\xe0" + b"\0" * 100, headers={"Content-Type": "image/jpeg"}),
    "a redirect to itself": redirects("?again"),
    "a redirect to a metadata address": redirects("http://169.254.169.254/latest/meta-data/"),
    "a redirect to a file": redirects("file:///etc/passwd"),
    "404": says(b"not here", 404),
    "500": says(b"broken", 500),
    "429 for ever": says(b"slow down", 429, {"Retry-After": "1"}),
    "503 for ever": says(b"later", 503),
    "a reset": breaks(OK + b'Content-Length: 500\r\n\r\n{"dataset": ['),
    "silence": stalls(b""),
    "a drip": drips(OK + b"\r\n[", b" "),
    "a flood": pours(OK + b"\r\n[", b'{"title": "x"},' * 1000),
}


class Everywhere(Hostile):
    """A server that behaves alike at every path."""

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__({})
        self.server.behaviours = _Alike(behaviour)


class _Alike(dict[str, Behaviour]):
    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__()
        self.behaviour = behaviour

    def get(self, key: str, default: object = None) -> Behaviour:  # type: ignore[override]
        return self.behaviour


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    made = database.connect(f"sqlite:///{tmp_path_factory.mktemp('hostile')}/hostile.db")
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def standing(engine: Engine) -> str:
    """A source that has given three datasets."""
    with database.reading(engine) as session:
        number = len(sources.sources(session))
    name = new_source(engine, f"source-{number}")
    visit(engine, name, [record(f"{name}-{n}") for n in range(3)])
    return name


def harvested(engine: Engine, name: str, protocol: str, url: str, folder: Path) -> Run:
    """One run by this protocol, impatient: no retries, a second without a byte is too long."""
    number = ask(engine, name)
    known = PROTOCOLS.get(protocol)
    web = Web(
        internal=True, retries=0, timeout=1, stall=1, floor=5_000, total=20, max_bytes=8 << 20, sleep=_no, spool_dir=folder
    )
    with database.writing(engine) as session, web:
        run = sources.run(session, number)
        job = Job(session.get_one(Source, run.source_id), known(url, known.Settings()), STANDARDS.get, known.standard)
        for _ in harvest(session, web, job, run):
            session.commit()
        return run


def _no(seconds: float) -> None: ...


@pytest.mark.timeout(PATIENCE)
@pytest.mark.parametrize("behaviour", list(BEHAVIOURS))
@pytest.mark.parametrize("protocol", AT_AN_ADDRESS)
def test_a_bad_server_costs_nothing(engine: Engine, standing: str, tmp_path: Path, protocol: str, behaviour: str) -> None:
    with Everywhere(BEHAVIOURS[behaviour]) as server:
        run = harvested(engine, standing, protocol, f"{server.url}/catalog", tmp_path)
    assert run.state in ("failed", "held"), (run.state, run.message, run.received)
    assert run.message and "\n" not in run.message and "Traceback" not in run.message
    assert run.retired == 0 and len(published(engine, standing)) >= 3
    with database.reading(engine) as session:
        assert ledger.verify(session).ok
    assert threading.active_count() < 50
