"""A line to a real server that can be cut and mended: a proxy on a port of its own that only passes bytes on."""

import select
import socket
import threading
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit

_SIZE = 1 << 16


class Line:
    """`address` leads to the server behind `url` while the line is whole. Cut, nobody listens there and what was on its way is
    lost; held, connections are taken and nothing is passed on."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._ends: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._mutex = threading.Lock()
        self._flows = threading.Event()
        self._port = 0
        self.taken = 0
        self._listening: socket.socket | None = None
        self.mend()

    @property
    def address(self) -> str:
        """`http://127.0.0.1:port`."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.cut()
        for thread in self._threads:
            thread.join(timeout=10)

    def mend(self) -> None:
        """Listen, on the same port as before, and pass on."""
        self._flows.set()
        if self._listening is None:
            self._listening = socket.create_server(("127.0.0.1", self._port), backlog=128)
            self._port = self._listening.getsockname()[1]
            self._start(self._take, self._listening)

    def hold(self) -> None:
        """Take connections, and pass nothing on."""
        self._flows.clear()

    def cut(self) -> None:
        """Stop listening, and break all connections."""
        with self._mutex:
            listening, self._listening = self._listening, None
            ends, self._ends = self._ends, set()
        for end in (*ends, *([listening] if listening else [])):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._flows.set()

    def _take(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            self.taken += 1
            far = socket.create_connection(self._target)
            with self._mutex:
                if self._listening is not listening:
                    near.close()
                    far.close()
                    return
                self._ends |= {near, far}
            self._start(self._pass, near, far)

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, suppress(OSError, ValueError):
            while True:
                ready, _, _ = select.select([near, far], [], [], 5)
                self._flows.wait()
                for end in ready:
                    data = end.recv(_SIZE)
                    if not data:
                        return
                    (far if end is near else near).sendall(data)

    def _start(self, work: object, *given: socket.socket) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()
