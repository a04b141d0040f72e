"""Answers to searches that everyone may see, remembered for as long as nothing has changed: one middleware around all doors.

An answer stands for a question (address, parameters, what the client accepts, the site it was asked at) at one state of the
catalogue: that of the database, of the index, and the day (freshness is measured from it). Whoever shows a token, sends a
body or asks conditionally is answered anew. So a remembered answer is never another than a new one would be; on PostgreSQL,
what another process wrote is seen after at most `GRACE` seconds.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalog_api import statistics
from metadata.errors import CatalogError

PATHS = ("/api/v1/datasets", "/api/v1/suggest", "/api/3/action/package_search", "/api/action/package_search")
MOST_BYTES = 64 * 1024 * 1024
LARGEST = 1024 * 1024
GRACE = 0.2
_notes: ContextVar[list[tuple[str, int]] | None] = ContextVar("notes", default=None)
"""`(words, total)` of the visitor's searches that the present answer holds, to be counted each time it is given."""

_BEARING = (b"authorization", b"x-ckan-api-key", b"if-none-match", b"if-modified-since", b"range", b"cookie")
_TOLD = (b"accept", b"accept-language", b"host", b"accept-encoding", b"x-forwarded-proto", b"x-forwarded-host")


@dataclass
class _Answer:
    start: Message
    body: bytes
    notes: list[tuple[str, int]]


@dataclass
class _Memory:
    """The answers of one state, the latest used last."""

    state: object = None
    answers: OrderedDict[object, _Answer] = field(default_factory=OrderedDict)
    size: int = 0

    def at(self, state: object) -> "_Memory":
        """This memory, emptied when the state is another than before."""
        if state != self.state:
            self.state, self.size = state, 0
            self.answers.clear()
        return self

    def put(self, key: object, answer: _Answer) -> None:
        self.answers[key] = answer
        self.size += len(answer.body)
        while self.size > MOST_BYTES:
            _, oldest = self.answers.popitem(last=False)
            self.size -= len(oldest.body)


class Remembering:
    """Answers from memory what was asked before and has not changed. `following` tells the catalogue's state."""

    def __init__(self, app: ASGIApp, following: "Callable[[Scope], Following]") -> None:
        self.app, self.following = app, following
        self.memory = _Memory()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        state = self.following(scope).state() if key else None
        if key is None or state is None:
            await self.app(scope, receive, send)
            if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
                self.following(scope).forget()
            return
        memory = self.memory.at((state, datetime.now(UTC).date()))
        answer = memory.answers.get(key)
        if answer is None:
            await self._answered(key, memory.state, scope, receive, send)
            return
        began = time.perf_counter()
        memory.answers.move_to_end(key)
        await send(answer.start)
        await send({"type": "http.response.body", "body": answer.body})
        for words, total in answer.notes:
            statistics.note(words, total, (time.perf_counter() - began) * 1000)

    async def _answered(self, key: object, state: object, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers anew, and remembers it when it is a whole, good and not too large one."""
        start: Message = {}
        parts: list[bytes] = []
        notes: list[tuple[str, int]] = []
        size = 0

        async def listening(message: Message) -> None:
            nonlocal start, size
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
                if size <= LARGEST:
                    parts.append(message.get("body", b""))
                if not message.get("more_body") and start.get("status") == 200 and size <= LARGEST:
                    self._remember(key, state, _Answer(start, b"".join(parts), list(notes)))
            await send(message)

        token = _notes.set(notes)
        try:
            await self.app(scope, receive, listening)
        finally:
            _notes.reset(token)

    def _remember(self, key: object, state: object, answer: _Answer) -> None:
        if self.memory.state == state:  # nothing has changed while it was made
            self.memory.put(key, answer)


class Following:
    """The state of a catalogue: of its database (`version`) and its index. Asked at most every `grace` seconds, where asking
    costs a way over the network."""

    def __init__(self, version: Callable[[], object | None], index: Callable[[], object], grace: float) -> None:
        self.version, self.index, self.grace = version, index, grace
        self._told: tuple[float, object | None] = (-1e9, None)

    def state(self) -> object | None:
        """Two equal answers mean that nothing was written between; None when it cannot be told."""
        now = time.monotonic()
        if now - self._told[0] >= self.grace:
            self._told = (now, self._asked())
        return self._told[1]

    def forget(self) -> None:
        """Ask again the next time: something was written here."""
        self._told = (-1e9, None)

    def _asked(self) -> object | None:
        try:
            version = self.version()
            return None if version is None else (version, self.index())
        except CatalogError:
            return None


def _key(scope: Scope) -> object | None:
    """What an answer is remembered under; None for what has to be answered anew."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"] not in PATHS:
        return None
    told = []
    for name, value in scope["headers"]:
        if name in _BEARING or (name == b"content-length" and value != b"0"):
            return None
        if name in _TOLD:
            told.append((name, value))
    return scope["method"], scope.get("scheme"), scope["path"], scope["query_string"], tuple(told)


def note(words: str, total: int, milliseconds: float) -> None:
    """A visitor's search was answered: counted now, and again each time the answer is given from memory."""
    statistics.note(words, total, milliseconds)
    if (notes := _notes.get()) is not None:
        notes.append((words, total))
