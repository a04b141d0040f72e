"""What is asked over HTTP, how a source is entered, whose turn it is at a host, and what redirects and failures mean."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from harvesters.address import mask, vet
from harvesters.patience import Passing, wait
from metadata.errors import Refused, Unreachable

if TYPE_CHECKING:
    from harvesters.web import Web


@dataclass(frozen=True)
class Ask:
    """A request's method and body; one of `form`, `json`, `content` at most."""

    method: str = "GET"
    form: Mapping[str, Any] | None = None
    json: Any = None
    content: bytes | None = None

    def redirected(self, status: int) -> "Ask":
        """What is asked at the place that a redirect names: after 301, 302 and 303 it is a GET (RFC 9110 §15.4)."""
        return replace(GET, method="GET") if status in (301, 302, 303) else self


GET = Ask()
_IDLE = "disconnected without sending"  # as httpcore says it of a connection that the server had closed while it was idle


class Access(Protocol):
    """How a source is entered. `query` are parameters of every request (an API key that goes there)."""

    @property
    def query(self) -> Mapping[str, str]: ...

    def headers(self, web: "Web", fresh: bool) -> Mapping[str, str]:
        """The headers of every request; `fresh` when the source has just refused those given before (401)."""
        ...


class Turns:
    """Least seconds between two requests to a host, kept by all runs of this process together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._next: dict[str, float] = {}

    def wait(self, host: str, pause: float, sleep: Callable[[float], None], cancelled: Callable[[], bool]) -> None:
        """Returns when this request may go out. Raises `Cancelled` when asked to stop meanwhile."""
        if pause <= 0:
            return
        with self._lock:
            now = self._clock()
            start = max(now, self._next.get(host, now))
            self._next[host] = start + pause
        wait(start - now, sleep, cancelled)


TURNS = Turns()


def conditions(known: Mapping[str, str]) -> dict[str, str]:
    names = {"etag": "if-none-match", "last_modified": "if-modified-since"}
    return {names[name]: value for name, value in known.items() if name in names and value}


def target(here: httpx.URL, answer: httpx.Response, internal: bool) -> httpx.URL:
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


def broken(url: str, error: httpx.TransportError) -> Exception:
    """A connection that failed: most such failures pass, a certificate that does not fit does not."""
    words = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in words:
        return Unreachable("its certificate is not valid", place=mask(url), value=words, remedy="Ask the source to mend it.")
    late = isinstance(error, httpx.TimeoutException)
    message = "no answer in time" if late else "the connection failed"
    failure = Unreachable(message, place=mask(url), value=words, remedy="Check that the source is up, and try again.")
    return Passing(failure, 0.0 if _IDLE in words else None)
