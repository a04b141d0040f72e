"""A small real HTTP server: a thread, a port the system chose, and a function that answers.

Entity tags and dates are compared as RFC 9110 §13 has it: `If-None-Match` (weak comparison) goes before
`If-Modified-Since`, and a match is answered 304 without a body. Every answer closes its connection, so that nothing
is left open when the server stops.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request. `query` holds every value of every parameter; `body` is empty unless it was posted; `host` is what the asker
    calls this server (RFC 9110 §7.2)."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    media_type: str
    body: bytes
    host: str = ""


@dataclass(frozen=True)
class Answer:
    """A response. `modified` (UTC) becomes Last-Modified, and the body's digest its ETag, when it is given."""

    body: bytes
    content_type: str
    status: int = 200
    modified: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


Site = Callable[[Asked], Answer]


@contextmanager
def served(site: Site) -> Iterator[str]:
    """The address, without a slash at its end, at which `site` answers for as long as the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.site = site
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    # Answers are short: waiting for them at the end closes every socket.
    daemon_threads = False
    block_on_close = True
    site: Site


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "SampleDepartment/1.0"
    timeout = 5

    def do_GET(self) -> None:
        self._answer(b"")

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        self._answer(self.rfile.read(int(length)) if length.isdigit() else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Quiet: what a harvest does is told by its run report."""

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        media_type = self.headers.get_content_type() if body else ""
        query = parse_qs(parts.query, keep_blank_values=True)
        asked = Asked(self.command, parts.path, query, media_type, body, self.headers.get("Host", ""))
        answer = self.server.site(asked)
        headers = validators(answer) | dict(answer.headers)
        fresh = answer.status == 200 and self.command != "POST" and unchanged(dict(self.headers.items()), headers)
        self.send_response(304 if fresh else answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if not fresh:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if not fresh and self.command != "HEAD":
            self.wfile.write(answer.body)


def validators(answer: Answer) -> dict[str, str]:
    """ETag and Last-Modified of an answer that has a date, else nothing."""
    if answer.modified is None:
        return {}
    tag = hashlib.sha256(answer.body).hexdigest()[:20]
    return {"ETag": f'"{tag}"', "Last-Modified": format_datetime(answer.modified, usegmt=True)}


def unchanged(asked: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Does the asker hold this answer already? A date that cannot be read counts as not given (RFC 9110 §13.1.3)."""
    given = {name.lower(): value for name, value in asked.items()}
    tags, since = given.get("if-none-match"), given.get("if-modified-since")
    if tags is not None and "ETag" in headers:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return "*" in known or headers["ETag"] in known
    if since is None or "Last-Modified" not in headers:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return parsedate_to_datetime(headers["Last-Modified"]) <= moment
