"""Writing many documents: in bundles, over two connections, patiently, each with a version.

A version is a line of the log: the one a document's state is of, the position that was read up to for a removal. The server
refuses a version that is older than what it has (`external_gte`), so that a write which comes late undoes nothing; such a
refusal is no error. A document that the server cannot take is told at the end, when all others are written.
"""

import random
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from metadata.errors import Invalid, Unavailable
from search.base import Document, Ready
from search.elastic_index import WAIT, swapped, writing
from search.elastic_link import Link
from search.elastic_mapping import ready

BUNDLE = 4_000_000
"""Bytes sent at a time."""

MOST = 1_000
"""Documents sent at a time."""

LANES = 2
TRIES = 9
"""Times that something is sent while the server says that it is too busy; the pauses between add up to about a minute."""

_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 20.0
_BUSY = (429, 503)
_NAMED = 5  # documents that an error names


@dataclass(frozen=True)
class Operation:
    """One line or two of a bundle: what happens to the document of this id, in which version."""

    id: str
    version: int
    body: bytes | None

    def lines(self) -> bytes:
        """As the server takes it."""
        verb = "index" if self.body is not None else "delete"
        action = orjson.dumps({verb: {"_id": self.id, "version": self.version, "version_type": "external_gte"}})
        return action + b"\n" + (self.body + b"\n" if self.body is not None else b"")


@dataclass
class Outcome:
    """What became of a write: operations that were older than what is there, and `(id, why)` of documents refused."""

    late: list[Operation] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


class Load:
    """One write into one index. `add` and `finish` are for one thread."""

    def __init__(self, link: Link, index: str) -> None:
        self.link, self.index = link, index
        self.outcome = Outcome()
        self._bundle: list[Operation] = []
        self._bytes = 0
        self._lanes: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()

    def put(self, document: Document | Ready, least: int) -> None:
        """Writes a document, in the version of its sequence, but at least in this one."""
        try:
            made = document if isinstance(document, Ready) else ready(document)
        except TypeError as problem:  # half a surrogate pair: no JSON can hold it
            self.outcome.refused.append((document.id, str(problem)))
        else:
            self._add(Operation(made.id, max(made.sequence, least), made.body))

    def take_out(self, dataset_id: str, version: int) -> None:
        """Takes a document out."""
        self._add(Operation(dataset_id, version, None))

    def again(self, operation: Operation, version: int) -> None:
        """Writes what was written before, in another version."""
        self._add(replace(operation, version=version))

    def finish(self) -> Outcome:
        """Waits until all is written. Raises `Unavailable` and `Conflict`."""
        if self._bundle and self._lanes is None:
            self._send(self._bundle)
            self._bundle = []
        else:
            self._dispatch()
        while self._waiting:
            self._waiting.popleft().result()
        self.close()
        return self.outcome

    def close(self) -> None:
        """Waits for what is on its way, and forgets what is not."""
        if self._lanes is not None:
            self._lanes.shutdown(wait=True, cancel_futures=True)
            self._lanes = None

    def _add(self, operation: Operation) -> None:
        self._bundle.append(operation)
        self._bytes += len(operation.body or b"")
        if self._bytes >= BUNDLE or len(self._bundle) >= MOST:
            self._dispatch()

    def _dispatch(self) -> None:
        """Hands the bundle to a lane; waits for one when all are busy, so that no more than one bundle a lane is in memory."""
        if not self._bundle:
            return
        if self._lanes is None:
            self._lanes = ThreadPoolExecutor(LANES, thread_name_prefix="bulk")
        while len(self._waiting) >= LANES:
            self._waiting.popleft().result()
        self._waiting.append(self._lanes.submit(self._send, self._bundle))
        self._bundle, self._bytes = [], 0

    def _send(self, operations: list[Operation]) -> None:
        """Sends a bundle, and what the server was too busy for again, until it is done."""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(random.uniform(0.5, 1.0) * min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt))  # noqa: S311  no secret
            operations = self._sent(operations)
            if not operations:
                return
        raise Unavailable("the search engine has too much to do", place=self.link.server, remedy="The write is tried again.")

    def _sent(self, operations: list[Operation]) -> list[Operation]:
        """Sends a bundle once; what has to be sent again."""
        body = b"".join(operation.lines() for operation in operations)
        found = self.link.ask(lambda client: _bulk(client, writing(self.index), body))
        if found is None:
            return operations
        if not found["errors"]:
            return []
        again: list[Operation] = []
        for operation, item in zip(operations, found["items"], strict=True):
            (done,) = item.values()
            if error := done.get("error"):
                self._sort_out(operation, done["status"], error, again)
        return again

    def _sort_out(self, operation: Operation, status: int, error: dict[str, Any], again: list[Operation]) -> None:
        if status in _BUSY:
            again.append(operation)
        elif status == 409:
            self.outcome.late.append(operation)
        elif status == 404:
            raise swapped(self.index)
        else:
            self.outcome.refused.append((operation.id, f"{error.get('type')}: {error.get('reason')}"))


def refusal(refused: list[tuple[str, str]]) -> Invalid:
    """The error that names the documents which the server did not take."""
    told = "; ".join(f"{one}: {why}" for one, why in refused[:_NAMED])
    more = f" and {len(refused) - _NAMED} more" if len(refused) > _NAMED else ""
    message = f"the search engine refused {len(refused)} of the documents; the others are written ({told}{more})"
    remedy = "Nothing is skipped: the same lines of the log are read again until these documents are taken."
    return Invalid(message, place=", ".join(one for one, _ in refused[:_NAMED]), remedy=remedy)


def versions(link: Link, index: str, ids: Iterable[str]) -> dict[str, int]:
    """The versions of those documents that an index has."""
    wanted = list(ids)
    found = link.ask(lambda client: client.mget(index=index, ids=wanted, source=False).body)
    return {one["_id"]: one["_version"] for one in found["docs"] if one.get("found")}


def _bulk(client: Any, alias: str, body: bytes) -> Any:
    """One request; None when the server was too busy for all of it."""
    patient = client.options(request_timeout=WAIT, ignore_status=_BUSY)
    told = ("errors", "items.*.status", "items.*.error.type", "items.*.error.reason")
    found = patient.bulk(index=alias, operations=body, require_alias=True, filter_path=",".join(told))
    return None if found.meta.status in _BUSY else found.body
