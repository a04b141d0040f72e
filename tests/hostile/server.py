"""A real HTTP server that misbehaves as told: one behaviour a path, on a free port.

A behaviour is a function of the request's handler (`handler.command`, `handler.body` of a POST); it writes what it likes to
the socket. `stop` is set when the test is
over, so that behaviours which would go on for ever end.
"""

import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"
    body: bytes = b""

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.bodies.append(self.body)
        self.do_GET()

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        behaviour = self.server.behaviours.get(self.path.partition("?")[0], says(b"not here", 404))
        behaviour(self)

    def raw(self, *parts: bytes) -> None:
        """Bytes on the socket, as they are; the connection ends afterwards."""
        self.close_connection = True
        for part in parts:
            self.wfile.write(part)
        self.wfile.flush()

    def log_message(self, *_: object) -> None: ...


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True

    def __init__(self, behaviours: Mapping[str, Behaviour]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviours = dict(behaviours)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.stop = threading.Event()

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what these tests are about."""


class Hostile:
    """`with Hostile({"/data.json": drips(b"…")}) as server: … server.url`."""

    def __init__(self, behaviours: Mapping[str, Behaviour]) -> None:
        self.server = Server(behaviours)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    @property
    def asked(self) -> list[tuple[str, dict[str, str]]]:
        return self.server.asked

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.server.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


def says(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None, length: int | None = None) -> Behaviour:
    """An ordinary answer; `length` is what it claims its length to be."""

    def behave(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | dict(headers or {})).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = length is not None

    return behave


def redirects(to: str, status: int = 302) -> Behaviour:
    """A redirect."""
    return says(b"", status, {"Location": to})


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One behaviour for the first request, the next for the second …, the last for all others."""
    rest = list(behaviours)

    def behave(handler: Handler) -> None:
        (rest.pop(0) if len(rest) > 1 else rest[0])(handler)

    return behave


def drips(start: bytes, drop: bytes, every: float = 0.01) -> Behaviour:
    """`start`, then a drop now and then, for ever."""

    def behave(handler: Handler) -> None:
        handler.raw(start)
        while not handler.server.stop.wait(every):
            handler.raw(drop)

    return behave


def stalls(start: bytes) -> Behaviour:
    """`start`, then silence."""

    def behave(handler: Handler) -> None:
        handler.raw(start)
        handler.server.stop.wait(30)

    return behave


def pours(start: bytes, chunk: bytes) -> Behaviour:
    """`start`, then the chunk again and again, as fast as it is taken, for ever."""

    def behave(handler: Handler) -> None:
        handler.raw(start)
        while not handler.server.stop.is_set():
            handler.raw(chunk)

    return behave


def breaks(start: bytes) -> Behaviour:
    """`start`, then the connection is reset."""

    def behave(handler: Handler) -> None:
        handler.raw(start)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    return behave


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
