"""The one HTTP client: guarded, patient, bounded.

Guarded: every address, of redirects too, is judged (`address.py`, `wire.py`). Patient: failures that pass are tried again
with growing waits, and `Retry-After` is heeded (RFC 9110 §10.2.3). Bounded: every answer has a size limit that counts
unpacked bytes, a time limit and a lowest speed. Headers given to the client, and how the source is entered (`access`), are
its secrets: they are sent to the source's own host only. Errors are values of `metadata.errors`, one clear line each.
"""

import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar, cast

import httpx

from harvesters.address import mask, same_site, vet
from harvesters.asking import GET, TURNS, Access, Ask, broken, conditions, target
from harvesters.base import NotModified, Seen
from harvesters.charset import decode
from harvesters.json_text import loads
from harvesters.patience import Cancelled, Passing, delay, retry_after, wait
from harvesters.spool import Spool, too_large, unpacked, write
from harvesters.wire import Pace, PinnedTransport
from metadata.errors import CatalogError, Refused, Unreachable

__all__ = ["Answer", "Cancelled", "Spool", "Web"]

MEMORY_LIMIT = 64 << 20
SPOOL_LIMIT = 8 << 30
LOOK_LIMIT = 256 << 10
MOST_REDIRECTS = 10
_REDIRECTS = {301, 302, 303, 307, 308}
_PASSING = {429, 502, 503, 504}
_NO_SECRETS = {"accept", "accept-language", "content-type", "if-none-match", "if-modified-since"}
_REMEDIES = {401: "Check the source's token.", 403: "Check the source's token.", 404: "Check the URL.", 410: "Check the URL."}
T = TypeVar("T")

# httpx logs whole URLs at INFO, and a URL may hold a token.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Answer:
    """An answer held in memory. `url` is where it came from, after redirects; header names are in lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The content as text, in its own character set."""
        return decode(self.content, self.headers.get("content-type"))


class Web:
    """One client for one run. `received` counts bytes as they came over the wire; `fresh_validators` holds, by URL, ETag,
    Last-Modified and digest of documents asked for conditionally in this run, and what a harvester wants remembered; it is
    given as `validators` to the next run if this one ends well.

    `home` is the source's address: `headers` and `access` are sent to its own site only. `pause`: least seconds between two
    requests to a host; a harvester may raise it.

    `internal`: may reach private addresses. `timeout`: seconds without a byte. `stall`: seconds over which fewer than
    `floor` bytes a second end the answer (default: twice the timeout, at least 60). `total`: seconds for one document, tries
    and waits included. `cancelled` is asked while downloading and waiting; when true, `Cancelled` is raised.
    """

    def __init__(
        self,
        *,
        internal: bool = False,
        timeout: float = 30,
        max_bytes: int = SPOOL_LIMIT,
        retries: int = 4,
        user_agent: str = "Mulu/0.1 (open data catalogue)",
        headers: Mapping[str, str] | None = None,
        home: str = "",
        access: Access | None = None,
        pause: float = 0.0,
        validators: Mapping[str, Mapping[str, str]] | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        cancelled: Callable[[], bool] = lambda: False,
        spool_dir: Path | None = None,
        stall: float | None = None,
        floor: int = 64,
        total: float = 6 * 3600,
    ) -> None:
        self.internal, self.max_bytes, self.retries, self.spool_dir = internal, max_bytes, retries, spool_dir
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.home = vet(home, internal) if home else None
        self.access, self.pause, self._entering = access, pause, False
        self.validators = dict(validators or {})
        self.fresh_validators: dict[str, dict[str, str]] = {}
        self.received = 0
        self._sleep, self._cancelled = sleep, cancelled
        self._pace = Pace(window=max(60.0, 2 * timeout) if stall is None else stall, floor=floor, total=total)
        self._client = httpx.Client(
            transport=transport or PinnedTransport(internal, self._pace),
            trust_env=False,  # a proxy from the environment would resolve names again, past the guard
            timeout=timeout,
            headers={"user-agent": user_agent, "accept-encoding": "gzip, deflate"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        conditional: bool = False,
        tolerate: Collection[int] = (),
    ) -> Answer:
        """The answer, in memory (at most 64 MiB). A status of 400 or more is `Unreachable` unless it is in `tolerate`.
        With `conditional`, raises `NotModified` when it is as at the last good run."""
        return self._held(GET, self._whole(url, params), headers, conditional, tolerate)

    def post(
        self,
        url: str,
        *,
        form: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        tolerate: Collection[int] = (),
    ) -> Answer:
        """The answer to a question that is sent as a body: a form, JSON, or bytes (give their Content-Type as a header). It is
        asked again when it fails in a way that may pass, so it must be one that changes nothing."""
        ask = Ask("POST", form, json, content)
        return self._held(ask, self._whole(url, params), headers, False, tolerate)

    def _whole(self, url: str, params: Mapping[str, str | int] | None) -> str:
        return str(vet(url, self.internal).copy_merge_params(dict(params))) if params else url

    def _held(
        self, ask: Ask, url: str, headers: Mapping[str, str] | None, conditional: bool, tolerate: Collection[int]
    ) -> Answer:
        def load() -> Answer:
            with self._answered(ask, url, headers, conditional, tolerate) as answer:
                content = b"".join(self._body(answer, min(MEMORY_LIMIT, self.max_bytes)))
                if conditional:
                    self._remember(url, answer, hashlib.sha256(content).hexdigest())
                return Answer(answer.status_code, self._shown(answer), dict(answer.headers), content)

        return self._tried(url, load)

    def look(self, url: str, headers: Mapping[str, str] | None = None) -> Seen:
        """The beginning of an answer of any status, for recognising what it is."""

        def load() -> Seen:
            with self._answered(GET, url, headers, False, range(400, 600)) as answer:
                content, whole = _beginning(self._body(answer, self.max_bytes))
                kind = answer.headers.get("content-type", "")
                if b"\0" not in content[:512]:  # a workbook stays as it is
                    content = decode(content, kind).encode("utf-8", "replace")
                plain = kind.partition(";")[0].strip().lower()
                return Seen(url, self._shown(answer), answer.status_code, plain, dict(answer.headers), content, whole)

        return self._tried(url, load)

    def json(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The parsed JSON of an answer, or `NotData` that says what it is instead."""
        answer = self.get(url, params, headers)
        return loads(answer.text, mask(answer.url))

    @contextmanager
    def spool(self, url: str, headers: Mapping[str, str] | None = None, conditional: bool = True) -> Iterator[Spool]:
        """The document, downloaded whole to a nameless file on disk. With `conditional`, raises `NotModified` when the source
        says so (304), or when the same bytes came as at the last good run."""
        with tempfile.TemporaryFile(dir=self.spool_dir) as file:

            def download() -> Spool:
                with self._answered(GET, url, headers, conditional) as answer:
                    body = self._body(answer, self.max_bytes)
                    spool = write(body, cast(BinaryIO, file), mask(self._shown(answer)), self.max_bytes, dict(answer.headers))
                    if conditional:
                        self._remember(url, answer, spool.digest)
                    return spool

            yield self._tried(url, download)

    def _tried(self, url: str, work: Callable[[], T]) -> T:
        """`work`, again and again while it fails in a way that may pass."""
        self._pace.start(mask(url))
        for attempt in range(self.retries + 1):
            if self._cancelled():
                raise Cancelled
            try:
                return work()
            except Passing as failure:
                if attempt == self.retries:
                    raise failure.error from failure
                # At once only the first time: a server that says so, or just closed an idle connection, may be in trouble.
                after = failure.after if failure.after or attempt == 0 else None
                wait(delay(attempt, after), self._sleep, self._cancelled)
        raise AssertionError("unreachable: the last try returns or raises")

    @contextmanager
    def _answered(
        self, ask: Ask, url: str, headers: Mapping[str, str] | None, conditional: bool, tolerate: Collection[int] = ()
    ) -> Iterator[httpx.Response]:
        """The answer after redirects, its body still to come."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if conditional:
            sent |= conditions(self.validators.get(url, {}))
        self._pace.wait_over()
        try:
            answer = self._followed(ask, url, self._entrance(url) | sent)
            if answer.status_code == 401 and (renewed := self._entrance(url, fresh=True)):
                answer.close()
                answer = self._followed(ask, url, renewed | sent)
            try:
                self._judge(url, answer, conditional, tolerate)
                yield answer
            finally:
                answer.close()
        except (httpx.LocalProtocolError, UnicodeEncodeError):  # its words would show a secret
            raise Unreachable("the request cannot be sent", place=mask(url), remedy="Check the source's headers.") from None
        except httpx.TransportError as error:
            raise broken(url, error) from error

    def _entrance(self, url: str, fresh: bool = False) -> dict[str, str]:
        """The headers that let one in at this address: none at another site than the source's own. With `fresh`, only what was
        made anew."""
        if self.home is not None and not same_site(self.home, vet(url, self.internal)):
            return {}
        given = {} if fresh else dict(self.headers)
        if self.access is None or self._entering:
            return given
        self._entering = True  # asking for a token is a request too
        try:
            entered = self.access.headers(self, fresh)
        finally:
            self._entering = False
        return given | {name.lower(): value for name, value in entered.items()}

    def _shown(self, answer: httpx.Response) -> str:
        """Where an answer came from, without what let one in."""
        url = answer.url
        for name in self.access.query if self.access else ():
            url = url.copy_remove_param(name)
        return str(url)

    def _followed(self, ask: Ask, url: str, sent: dict[str, str]) -> httpx.Response:
        """The first answer that is not a redirect. Each step is vetted; secrets do not leave the source's own host."""
        here = vet(url, self.internal)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._sent(ask, here, sent)
            if answer.status_code not in _REDIRECTS:
                return answer
            answer.close()
            there = target(here, answer, self.internal)
            ask = ask.redirected(answer.status_code)
            if ask.method != "GET" and not same_site(here, there):
                raise Refused(
                    "it redirects a question with a body to another host",
                    place=mask(url),
                    value=mask(str(there)),
                    remedy="Use the new URL.",
                )
            if set(sent) - _NO_SECRETS and not same_site(here, there):
                if (here.scheme, there.scheme) == ("https", "http"):
                    raise Refused(
                        "it redirects from https to http, and credentials were sent",
                        place=mask(url),
                        value=mask(str(there)),
                        remedy="Use the new URL.",
                    )
                sent = {name: value for name, value in sent.items() if name in _NO_SECRETS}
            here = there
        raise Unreachable(
            f"it redirects more than {MOST_REDIRECTS} times", place=mask(url), value=mask(str(here)), remedy="Check the URL."
        )

    def _sent(self, ask: Ask, here: httpx.URL, sent: dict[str, str]) -> httpx.Response:
        TURNS.wait(here.host, self.pause, self._sleep, self._cancelled)
        if self.access and self.access.query and (self.home is None or same_site(self.home, here)):
            here = here.copy_merge_params(dict(self.access.query))
        try:
            request = self._client.build_request(
                ask.method, here, headers=sent, data=ask.form, json=ask.json, content=ask.content
            )
            return self._client.send(request, stream=True, follow_redirects=False)
        except CatalogError as error:
            if "://" not in error.place:  # the socket knows host and port only
                error.place = mask(str(here))
            raise

    def _judge(self, url: str, answer: httpx.Response, conditional: bool, tolerate: Collection[int]) -> None:
        """Raises for a status that is no answer."""
        status = answer.status_code
        if status == 304 and conditional and self.validators.get(url):
            self.fresh_validators[url] = dict(self.validators[url])
            raise NotModified(mask(url), "http")
        if 200 <= status < 300 or status in tolerate:
            return
        remedy = _REMEDIES.get(
            status, "Try again later." if status >= 500 or status == 429 else "Check the URL and the settings."
        )
        error = Unreachable(
            f"it answered HTTP {status} {answer.reason_phrase}".rstrip(), place=mask(self._shown(answer)), remedy=remedy
        )
        if status in _PASSING:
            raise Passing(error, retry_after(answer.headers.get("retry-after")))
        raise error

    def _body(self, answer: httpx.Response, limit: int) -> Iterator[bytes]:
        """The unpacked body, at most `limit` bytes of it, and of what comes over the wire."""
        place = mask(self._shown(answer))
        declared = answer.headers.get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > limit:
            raise too_large(limit, place)
        size = 0
        for chunk in unpacked(self._raw(answer, limit, place), answer.headers.get("content-encoding", ""), place):
            size += len(chunk)
            if size > limit:
                raise too_large(limit, place)
            yield chunk

    def _raw(self, answer: httpx.Response, limit: int, place: str) -> Iterator[bytes]:
        size = 0
        for chunk in cast(httpx.SyncByteStream, answer.stream):
            if self._cancelled():
                raise Cancelled
            self.received += len(chunk)
            size += len(chunk)
            if size > limit:
                raise too_large(limit, place)
            yield chunk

    def _remember(self, url: str, answer: httpx.Response, digest: str) -> None:
        """Keeps what makes the next visit conditional (RFC 9110 §13.1). Raises `NotModified` when the same bytes came."""
        if answer.status_code != 200:
            return
        found = {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified"), "digest": digest}
        self.fresh_validators[url] = {name: value for name, value in found.items() if value}
        if self.validators.get(url, {}).get("digest") == digest:
            raise NotModified(mask(url), "document")


def _beginning(chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    """The first bytes, and whether they are all."""
    content = b""
    for chunk in chunks:
        content += chunk
        if len(content) > LOOK_LIMIT:
            return content[:LOOK_LIMIT], False
    return content, True
