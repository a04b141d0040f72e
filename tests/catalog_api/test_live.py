"""The real server in its own process: what only shows on the wire, and the whole way through HTTP."""

import json
import socket
from urllib.parse import urlsplit

import httpx

from tests.harvests import body
from tests.live import Live, until
from tests.serving import Folder


def raw(live: Live, request: bytes) -> bytes:
    """What the server answers to these bytes."""
    parts = urlsplit(live.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
        connection.sendall(request)
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
        return b"".join(pieces)


def test_a_source_is_added_harvested_and_found_over_http(live_server: Live) -> None:
    described = [body(f"d{n}", f"Bus line {n}") for n in range(4)]
    with (
        Folder({"/data.json": json.dumps({"dataset": described})}) as department,
        httpx.Client(base_url=live_server.url) as web,
    ):
        sent = {"url": f"{department.url}/data.json", "protocol": "dcat_us", "internal": True}
        assert web.put("/api/v1/sources/roads", json=sent, headers=live_server.headers).status_code == 200
        run = web.post("/api/v1/sources/roads/runs", headers=live_server.headers).json()["run"]
        until("the worker has done it", lambda: web.get(f"/api/v1/runs/{run}").json()["state"] == "done")
        until("the index follows", lambda: web.get("/api/v1/datasets?q=bus").json()["total"] == 4)
        assert web.get("/api/v1/ledger").json()["lines"] == 4
        assert len(web.get("/data.json").json()["dataset"]) == 4


def test_odd_bytes_on_the_wire_get_a_4xx(live_server: Live) -> None:
    for path in (
        b"/api/v1/datasets/%00",
        b"/api/v1/datasets/%FF%FE",
        b"/dataset/%ED%A0%80",
        b"/api/v1/organizations/\xff",
        b"/%2e%2e/%2e%2e/etc/passwd",
    ):
        answer = raw(live_server, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 4"), (path, answer[:200])
        assert b"Traceback" not in answer
    for query in (b"q=%ED%A0%80", b"q=\xff\xfe", b"q=%", b"&&&=&", b"organization=%00"):
        answer = raw(live_server, b"GET /api/v1/datasets?" + query + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer[9:12] in (b"200", b"400", b"422"), (query, answer[:200])
    length = b"9" * 5000
    answer = raw(
        live_server,
        b"PUT /api/v1/organizations/x1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + length + b"\r\n\r\n",
    )
    assert not answer or answer.startswith(b"HTTP/1.1 4"), answer[:200]


def test_too_much_is_refused_before_it_is_all_read(live_server: Live) -> None:
    head = b"POST /api/v1/check HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 99999999999\r\n\r\n{"
    assert raw(live_server, head).startswith(b"HTTP/1.1 413")


def test_the_server_is_alive_after_all_this(live_server: Live) -> None:
    assert httpx.get(f"{live_server.url}/health/ready").json()["status"] == "ok"
