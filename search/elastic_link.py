"""The connection to Elasticsearch: the client, its errors as ours, and a fuse for the time it is away.

When the server cannot be reached, the next questions are refused at once for `PAUSE` seconds instead of waiting one by one;
then one of them may try, and the others still are refused until it came back.
"""

import json
import logging
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, ConflictError, Elasticsearch, NotFoundError, UnsupportedProductError
from elasticsearch.serializer import NdjsonSerializer, OrjsonSerializer

from metadata.errors import CatalogError, Invalid, Unavailable
from search.elastic_access import Access, Address

PAUSE = 2.0
"""Seconds for which a server that could not be reached is left alone."""

PATIENCE = 3
"""Answers in a row that took too long, after which it counts as away."""

CONNECTIONS = 64
"""Connections kept open by one process."""

logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # what goes wrong is told by the errors below, once
_BUSY = (429, 502, 503, 504)
T = TypeVar("T")


class _Json(OrjsonSerializer):
    """JSON by orjson. It refuses half a surrogate pair, which a visitor may type: escaped it passes, and is found nowhere."""

    def json_dumps(self, data: Any) -> bytes:
        try:
            return orjson.dumps(data)
        except TypeError:
            return json.dumps(data).encode("ascii")


class _Compatible(_Json):
    mimetype = "application/vnd.elasticsearch+json"


class _Lines(NdjsonSerializer):
    def json_dumps(self, data: Any) -> bytes:
        return _Json().json_dumps(data)


class _CompatibleLines(_Lines):
    mimetype = "application/vnd.elasticsearch+x-ndjson"


class Fuse:
    """Whether it is worth asking. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._closed_until: float | None = None
        self._late = 0

    def admits(self) -> bool:
        """Whether to ask now. After a pause the first one who asks this is let through, and the next after another pause."""
        if self._closed_until is None:
            return True
        with self._lock:
            moment = self._clock()
            if self._closed_until is None or moment < self._closed_until:
                return self._closed_until is None
            self._closed_until = moment + PAUSE
            return True

    def answered(self) -> None:
        """There was an answer, of whatever kind."""
        self._closed_until, self._late = None, 0

    def failed(self, *, late: bool) -> None:
        """There was none: no connection, or (`late`) not in time."""
        with self._lock:
            self._late += 1
            if not late or self._late >= PATIENCE or self._closed_until is not None:
                self._closed_until = self._clock() + PAUSE


class Link:
    """One server, asked through `ask`. Shared by all engines on it, in all threads."""

    def __init__(self, address: Address, access: Access) -> None:
        self.server = address.server
        self.access = access
        self.fuse = Fuse()
        self._client = client(address, access)

    def ask(self, question: Callable[[Elasticsearch], T]) -> T:
        """What the server answers. Raises `Unavailable` when it is away, too busy, or does not let us in, `Invalid` when it
        takes the question for malformed; `NotFoundError` and `ConflictError` of the client are left to the caller."""
        if not self.fuse.admits():
            raise self._away("does not answer at the moment")
        try:
            found = question(self._client)
        except (ApiError, TransportError) as problem:
            raise self._failed(problem) from problem
        self.fuse.answered()
        return found

    def _failed(self, problem: ApiError | TransportError) -> Exception:
        if isinstance(problem, NoConnection | ConnectionTimeout):
            self.fuse.failed(late=isinstance(problem, ConnectionTimeout))
            if isinstance(problem, TlsError):
                remedy = "See MULU_SEARCH_CA_FILE."
                return Unavailable(
                    "the search engine shows a certificate that is not trusted", place=self.server, remedy=remedy
                )
            return self._away("did not answer in time" if isinstance(problem, ConnectionTimeout) else "cannot be reached")
        self.fuse.answered()
        if isinstance(problem, NotFoundError | ConflictError):
            return problem
        if isinstance(problem, ApiError) and not isinstance(problem, UnsupportedProductError):
            return self._refusal(problem)
        return self._away("gives no answers of Elasticsearch")

    def _refusal(self, problem: ApiError) -> CatalogError:
        status = problem.meta.status
        if status in (401, 403):
            remedy = "See MULU_SEARCH_API_KEY, MULU_SEARCH_USER and MULU_SEARCH_PASSWORD, and what that user may do."
            return Unavailable("the search engine does not let us in", place=self.server, value=status, remedy=remedy)
        if status in _BUSY:
            return self._away("has too much to do")
        if status in (400, 413):
            remedy = "Ask for less at a time."
            return Invalid("the search engine does not take this question", value=reason(problem), remedy=remedy)
        return Unavailable("the search engine answered with an error", place=self.server, value=reason(problem))

    def _away(self, what: str) -> Unavailable:
        return Unavailable(f"the search engine {what}", place=self.server, remedy="Try again in a moment.")


@dataclass(frozen=True)
class Target:
    """Where a question goes: an index or an alias by its name; `sharded`: what is counted has to be put together from more than
    one shard."""

    link: Link
    name: str
    sharded: bool = False


def client(address: Address, access: Access) -> Elasticsearch:
    """The client for a server. It tries a broken connection once more, and leaves every other repetition to us. Raises
    `Invalid` when the certificate's file cannot be read."""
    given: dict[str, Any] = {}
    user, password = (access.user, access.password) if access.user else (address.user, address.password)
    if access.api_key:
        given["api_key"] = access.api_key
    elif user:
        given["basic_auth"] = (user, password)
    if address.server.startswith("https:"):
        given |= {"verify_certs": access.verify, "ssl_show_warn": False}
        if access.ca_file is not None:
            given["ca_certs"] = _readable(access.ca_file)
    return Elasticsearch(
        address.server,
        request_timeout=access.timeout,
        max_retries=1,
        retry_on_status=(),
        retry_on_timeout=False,
        connections_per_node=CONNECTIONS,
        serializers={one.mimetype: one for one in (_Json(), _Compatible(), _Lines(), _CompatibleLines())},
        **given,
    )


def _readable(path: Path) -> str:
    """The path of a file of certificates. Raises `Invalid` when it is none."""
    try:
        ssl.create_default_context(cafile=path)
    except OSError as problem:  # ssl.SSLError is one, too
        remedy = "Name a file of certificates in PEM."
        raise Invalid(f"these certificates cannot be read: {problem}", place="MULU_SEARCH_CA_FILE", remedy=remedy) from problem
    return str(path)


def reason(problem: ApiError) -> str:
    """What the server says is wrong: the kind of its error and the reason behind it."""
    error = problem.body.get("error") if isinstance(problem.body, dict) else None
    if not isinstance(error, dict):
        return f"{problem.meta.status}"
    cause = (error.get("root_cause") or [error])[0]
    return f"{cause.get('type')}: {cause.get('reason')}"
