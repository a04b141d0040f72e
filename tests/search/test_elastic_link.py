"""The connection to Elasticsearch: addresses, who asks, and what happens while the server is away."""

import base64
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from metadata.errors import Invalid, Unavailable
from search.base import Query
from search.elastic import ElasticEngine
from search.elastic_access import Access, address, redacted
from search.elastic_link import PATIENCE, PAUSE, Fuse, client
from search.engines import open_engine
from tests.serving import Folder
from tests.severed import Line


def test_an_address_has_a_server_and_an_index() -> None:
    assert vars(address("http://localhost")) == {"server": "http://localhost:9200", "index": "mulu", "user": "", "password": ""}
    found = address("https://me:p%40ss@search.example.org/es/city-2")
    assert (found.server, found.index) == ("https://search.example.org:443/es", "city-2")
    assert (found.user, found.password) == ("me", "p@ss")
    assert address("http://[::1]:9200/").server == "http://[::1]:9200"


@pytest.mark.parametrize(
    "wrong", ["http://", "http://host:port", "http://host/Index", "http://host/_all", "http://host/a*", "http://host/a?b=c"]
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        open_engine(wrong)
    assert caught.value.place == "MULU_SEARCH_URL" and caught.value.remedy


def test_no_secret_is_ever_shown() -> None:
    secret = "hush-hush"
    engine = ElasticEngine(f"http://me:{secret}@127.0.0.1:9/index", access=Access(api_key="kept-close", password=secret))
    with pytest.raises(Unavailable) as caught:
        engine.search(Query())
    told = [str(caught.value), repr(caught.value.__cause__), repr(engine.access), repr(address(engine.url))]
    told += [redacted(engine.url), redacted(f"ftp://me:{secret}@x")]
    assert not [one for one in told if secret in one or "kept-close" in one]
    for wrong in (f"http://me:{secret}@host/No", f"elastic://me:{secret}@host"):
        with pytest.raises(Invalid) as refused:
            open_engine(wrong)
        assert secret not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "access", "wanted"),
    [
        ("http://host", Access(api_key="a2V5"), "ApiKey a2V5"),
        ("http://host", Access(user="me", password="x:y"), "Basic " + base64.b64encode(b"me:x:y").decode()),
        ("http://you:z@host", Access(), "Basic " + base64.b64encode(b"you:z").decode()),
        ("http://you:z@host", Access(user="me", password="x"), "Basic " + base64.b64encode(b"me:x").decode()),
        ("http://host", Access(), None),
    ],
)
def test_who_asks_is_told_in_the_header(url: str, access: Access, wanted: str | None) -> None:
    assert client(address(url), access)._headers.get("authorization") == wanted


class Secured:
    """An HTTPS server with a certificate of its own, that answers as an Elasticsearch without indices."""

    def __init__(self, folder: Path) -> None:
        self.certificate, key = folder / "certificate.pem", folder / "key.pem"
        names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        made = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-keyout",
            key,
            "-out",
            self.certificate,
        ]
        subprocess.run([*made, *names], check=True, capture_output=True)
        self.asked_by: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked_by.append(self.headers["Authorization"])
                self.send_response(404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None: ...

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None: ...  # who does not trust the certificate hangs up

        self.server = Quiet(("127.0.0.1", 0), Handler)
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(self.certificate, key)
        self.server.socket = secure.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Secured]:
    made = Secured(tmp_path)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_certificates_are_checked_unless_that_is_given_up(secured: Secured, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="not trusted"):
        ElasticEngine(secured.url, access=Access(api_key="a2V5")).position()
    assert secured.asked_by == []
    trusting = Access(api_key="a2V5", ca_file=secured.certificate)
    assert ElasticEngine(secured.url, access=trusting).position() == 0
    assert ElasticEngine(secured.url, access=Access(verify=False)).position() == 0
    assert secured.asked_by == ["ApiKey a2V5", None]
    with pytest.raises(Invalid, match="MULU_SEARCH_CA_FILE"):
        ElasticEngine(secured.url, access=Access(ca_file=tmp_path / "missing.pem"))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_fuse_lets_one_try_after_each_pause() -> None:
    clock = Clock()
    fuse = Fuse(clock)
    assert fuse.admits() and fuse.admits()
    fuse.failed(late=False)
    assert not fuse.admits()
    clock.now += PAUSE
    assert [fuse.admits(), fuse.admits()] == [True, False]
    fuse.failed(late=False)
    assert not fuse.admits()
    clock.now += PAUSE
    assert fuse.admits()
    fuse.answered()
    assert fuse.admits() and fuse.admits()


def test_slow_answers_blow_the_fuse_only_when_there_are_several() -> None:
    fuse = Fuse(Clock())
    for _ in range(PATIENCE - 1):
        fuse.failed(late=True)
        assert fuse.admits()
    fuse.answered()
    for _ in range(PATIENCE):
        assert fuse.admits()
        fuse.failed(late=True)
    assert not fuse.admits()


def test_a_server_of_another_kind_is_told() -> None:
    with Folder({"/mulu/_mapping": '{"mulu": {}}'}) as folder, pytest.raises(Unavailable, match="no answers of Elasticsearch"):
        ElasticEngine(folder.url).position()


@pytest.fixture
def line(elasticsearch: str) -> Iterator[Line]:
    with Line(elasticsearch) as made:
        yield made


@pytest.fixture
def engine(elasticsearch_index: str, line: Line) -> ElasticEngine:
    """An engine on an index of its own, over a line that can be cut."""
    name = elasticsearch_index.rpartition("/")[2]
    found = ElasticEngine(f"{line.address}/{name}")
    found.write([], [], 7)
    return found


def asked(engine: ElasticEngine) -> tuple[str, float]:
    began = time.monotonic()
    try:
        engine.search(Query(words="bus"))
    except Unavailable as problem:
        return problem.message, time.monotonic() - began
    return "answered", time.monotonic() - began


@pytest.mark.elasticsearch
def test_a_server_that_is_away_is_told_at_once_and_asked_again_when_it_is_back(engine: ElasticEngine, line: Line) -> None:
    clock = Clock()
    engine._link.fuse = Fuse(clock)
    assert asked(engine)[0] == "answered"
    line.cut()
    assert "cannot be reached" in asked(engine)[0]
    taken = line.taken
    answers = [asked(engine) for _ in range(200)]
    assert all("does not answer at the moment" in message for message, _ in answers)
    assert sum(seconds for _, seconds in answers) < 0.5 and line.taken == taken
    with pytest.raises(Unavailable):
        engine.position()
    with pytest.raises(Unavailable):
        engine.write([], [], 8)
    line.mend()
    assert asked(engine)[0] != "answered"
    clock.now += PAUSE
    assert asked(engine)[0] == "answered" and engine.position() == 7
    engine.write([], [], 8)
    assert engine.position() == 8


@pytest.mark.elasticsearch
def test_a_server_that_hangs_is_left_alone_after_a_few(engine: ElasticEngine, line: Line) -> None:
    clock = Clock()
    engine._link.fuse = Fuse(clock)
    patient, engine._link._client = engine._link._client, client(address(engine.url), Access(timeout=0.3))
    line.hold()
    for _ in range(PATIENCE):
        assert "did not answer in time" in asked(engine)[0]
    message, seconds = asked(engine)
    assert "does not answer at the moment" in message and seconds < 0.1
    line.mend()
    engine._link._client = patient
    clock.now += PAUSE
    assert asked(engine)[0] == "answered"
