"""The one HTTP client: guarded, patient, bounded.

Guarded: every address, of redirects too, is judged (`address.py`, `wire.py`). Patient: failures that pass are tried again
with growing waits, and `Retry-After` is heeded (RFC 9110 §10.2.3). Bounded: every answer has a size limit that counts
unpacked bytes, a time limit and a lowest speed. Headers given to the client are the source's secrets: they are sent to the
source's own host only. Errors are values of `metadata.errors`, one clear line each.
"""

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
from harvesters.base import NotModified
from harvesters.charset import decode
from harvesters.json_text import loads
from harvesters.patience import Cancelled, Passing, delay, retry_after, wait
from harvesters.spool import Spool, too_large, unpacked, write
from harvesters.wire import Pace, PinnedTransport
from metadata.errors import CatalogError, Refused, Unreachable

__all__ = ["Answer", "Cancelled", "Spool", "Web"]

MEMORY_LIMIT = 64 << 20
SPOOL_LIMIT = 8 << 30
MOST_REDIRECTS = 10
_REDIRECTS = {301, 302, 303, 307, 308}
_PASSING = {429, 502, 503, 504}
_NO_SECRETS = {"accept", "accept-language", "if-none-match", "if-modified-since"}
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
    """One client for one run. `received` counts bytes as they came over the wire; `fresh_validators` holds, by URL, the
    ETag and Last-Modified of documents fetched in this run, to be given as `validators` to the next one if this run ends well.

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
        """The answer, in memory (at most 64 MiB). A status of 400 or more is `Unreachable` unless it is in `tolerate`."""
        whole = str(vet(url, self.internal).copy_merge_params(dict(params))) if params else url

        def load() -> Answer:
            with self._answered(whole, headers, conditional, tolerate) as answer:
                content = b"".join(self._body(answer, min(MEMORY_LIMIT, self.max_bytes)))
                self._remember(whole, answer)
                return Answer(answer.status_code, str(answer.url), dict(answer.headers), content)

        return self._tried(whole, load)

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
        """The document, downloaded whole to a nameless file on disk. Raises `NotModified` when the source says so (304)."""
        with tempfile.TemporaryFile(dir=self.spool_dir) as file:

            def download() -> Spool:
                with self._answered(url, headers, conditional) as answer:
                    body = self._body(answer, self.max_bytes)
                    spool = write(body, cast(BinaryIO, file), mask(str(answer.url)), self.max_bytes, dict(answer.headers))
                    self._remember(url, answer)
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
                wait(delay(attempt, failure.after), self._sleep, self._cancelled)
        raise AssertionError("unreachable: the last try returns or raises")

    @contextmanager
    def _answered(
        self, url: str, headers: Mapping[str, str] | None, conditional: bool, tolerate: Collection[int] = ()
    ) -> Iterator[httpx.Response]:
        """The answer after redirects, its body still to come."""
        sent = self.headers | {name.lower(): value for name, value in (headers or {}).items()}
        if conditional:
            sent |= _conditions(self.validators.get(url, {}))
        self._pace.wait_over()
        try:
            answer = self._followed(url, sent)
            try:
                self._judge(url, answer, conditional, tolerate)
                yield answer
            finally:
                answer.close()
        except (httpx.LocalProtocolError, UnicodeEncodeError):  # its words would show a secret
            raise Unreachable("the request cannot be sent", place=mask(url), remedy="Check the source's headers.") from None
        except httpx.TransportError as error:
            raise _broken(url, error) from error

    def _followed(self, url: str, sent: dict[str, str]) -> httpx.Response:
        """The first answer that is not a redirect. Each step is vetted; secrets do not leave the source's own host."""
        here = vet(url, self.internal)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._sent(here, sent)
            if answer.status_code not in _REDIRECTS:
                return answer
            answer.close()
            there = _target(here, answer, self.internal)
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

    def _sent(self, here: httpx.URL, sent: dict[str, str]) -> httpx.Response:
        try:
            return self._client.send(self._client.build_request("GET", here, headers=sent), stream=True, follow_redirects=False)
        except CatalogError as error:
            if "://" not in error.place:  # the socket knows host and port only
                error.place = mask(str(here))
            raise

    def _judge(self, url: str, answer: httpx.Response, conditional: bool, tolerate: Collection[int]) -> None:
        """Raises for a status that is no answer."""
        status = answer.status_code
        if status == 304 and conditional and self.validators.get(url):
            self.fresh_validators[url] = dict(self.validators[url])
            raise NotModified(mask(url))
        if 200 <= status < 300 or status in tolerate:
            return
        remedy = _REMEDIES.get(
            status, "Try again later." if status >= 500 or status == 429 else "Check the URL and the settings."
        )
        error = Unreachable(
            f"it answered HTTP {status} {answer.reason_phrase}".rstrip(), place=mask(str(answer.url)), remedy=remedy
        )
        if status in _PASSING:
            raise Passing(error, retry_after(answer.headers.get("retry-after")))
        raise error

    def _body(self, answer: httpx.Response, limit: int) -> Iterator[bytes]:
        """The unpacked body, at most `limit` bytes of it, and of what comes over the wire."""
        place = mask(str(answer.url))
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

    def _remember(self, url: str, answer: httpx.Response) -> None:
        """Keeps what makes the next visit conditional (RFC 9110 §13.1)."""
        found = {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified")}
        kept = {name: value for name, value in found.items() if value}
        if kept and answer.status_code == 200:
            self.fresh_validators[url] = kept


def _conditions(known: Mapping[str, str]) -> dict[str, str]:
    names = {"etag": "if-none-match", "last_modified": "if-modified-since"}
    return {names[name]: value for name, value in known.items() if name in names and value}


def _target(here: httpx.URL, answer: httpx.Response, internal: bool) -> httpx.URL:
    """Where a redirect leads, vetted."""
    location = answer.headers.get("location")
    if not location:
        raise Unreachable(
            "it redirects without saying where", place=mask(str(here)), value=answer.status_code, remedy="Check the URL."
        )
    try:
        joined = str(here.join(location))
    except (httpx.InvalidURL, ValueError):
        joined = location
    try:
        return vet(joined, internal)
    except Refused as error:
        raise Refused(
            f"it redirects: {error.message}", place=mask(str(here)), value=mask(joined), remedy="Check the URL."
        ) from None


def _broken(url: str, error: httpx.TransportError) -> Exception:
    """A connection that failed: most such failures pass, a certificate that does not fit does not."""
    words = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in words:
        return Unreachable("its certificate is not valid", place=mask(url), value=words, remedy="Ask the source to mend it.")
    late = isinstance(error, httpx.TimeoutException)
    message = "no answer in time" if late else "the connection failed"
    return Passing(Unreachable(message, place=mask(url), value=words, remedy="Check that the source is up, and try again."))
