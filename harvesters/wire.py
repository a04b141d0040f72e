"""The sockets under the HTTP client: names resolved once and judged where the connection is made, and slow senders cut off.

Resolving, judging and connecting happen in one place, so a name that answers a public address to the check and a private
one to the connection (DNS rebinding) gains nothing; Host header, SNI and certificate stay those of the name. No proxy is
used: it would resolve the name again.
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from ipaddress import ip_address
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from harvesters.address import vet_address
from metadata.errors import Unreachable

_MOST_ADDRESSES = 4  # a name with dozens of dead addresses must not cost a connect timeout each

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
Resolver = Callable[[str, int], list[str]]  # host and port → addresses


class Pace:
    """Cuts off a sender that drips: under `floor` bytes a second over `window` seconds, or more than `total` seconds in all.

    A read timeout alone does not help: one byte before each timeout keeps a connection alive for ever.
    """

    def __init__(self, *, window: float, floor: int, total: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.window, self.floor, self.total, self.clock = window, floor, total, clock
        self.start("")

    def start(self, place: str) -> None:
        """A new piece of work begins; `place` is what an error names."""
        self.place = place
        self._began = self.clock()
        self.wait_over()

    def wait_over(self) -> None:
        """A new request begins: time spent waiting before it was ours, not the sender's."""
        self._mark, self._seen = self.clock(), 0

    def saw(self, count: int) -> None:
        """`count` bytes came in. Raises `Unreachable` when that is too slow."""
        now = self.clock()
        self._seen += count
        if now - self._began > self.total:
            raise Unreachable(
                f"this took longer than {self.total:.0f} seconds",
                place=self.place,
                remedy="Ask the source for a smaller or faster answer.",
            )
        if now - self._mark < self.window:
            return
        speed = self._seen / (now - self._mark)
        if speed < self.floor:
            raise Unreachable(
                "the answer only drips in", place=self.place, value=f"{speed:.0f} bytes a second", remedy="Try again later."
            )
        self._mark, self._seen = now, 0


class WatchedStream(httpcore.NetworkStream):
    """A connection whose reads are counted, headers included."""

    def __init__(self, inner: httpcore.NetworkStream, pace: Pace) -> None:
        self._inner, self._pace = inner, pace

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        got = self._inner.read(max_bytes, timeout)
        self._pace.saw(len(got))
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return WatchedStream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._pace)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was judged."""

    def __init__(self, internal: bool, pace: Pace, resolver: Resolver) -> None:
        self._internal, self._pace, self._resolve, self._inner = internal, pace, resolver, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolve(host, port)
        for address in addresses:
            vet_address(ip_address(address.split("%")[0]), self._internal, f"{host}:{port}")
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses[:_MOST_ADDRESSES]:
            try:
                stream = self._inner.connect_tcp(address, port, timeout, local_address, socket_options or ())
                return WatchedStream(stream, self._pace)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, in the resolver's order. An unknown name is `Unreachable`; a resolver that is away may pass."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise Unreachable("this is not a host name", place=host, remedy="Check the URL.") from None
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise httpcore.ConnectError(f"the name could not be resolved: {error.strerror}") from error
        raise Unreachable("no such host", place=host, value=error.strerror, remedy="Check the URL.") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@cache
def _tls() -> SSLContext:
    """Made once: reading the certificate store takes longer than many a request."""
    return httpx.create_ssl_context()


class PinnedTransport(httpx.BaseTransport):
    """httpx over connection pools of httpcore with `PinnedBackend` beneath; that for https is made when it is needed."""

    def __init__(self, internal: bool, pace: Pace, resolver: Resolver = resolve) -> None:
        self._backend = PinnedBackend(internal, pace, resolver)
        self._pools: dict[bool, httpcore.ConnectionPool] = {}

    def _pool(self, secure: bool) -> httpcore.ConnectionPool:
        if secure not in self._pools:
            self._pools[secure] = httpcore.ConnectionPool(
                ssl_context=_tls() if secure else None,
                max_connections=8,
                max_keepalive_connections=4,
                keepalive_expiry=5,
                network_backend=self._backend,
            )
        return self._pools[secure]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with translated():
            answer = self._pool(url.scheme == "https").handle_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()


class Body(httpx.SyncByteStream):
    """The bytes of an answer as they come in."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with translated():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        with translated():
            self._answer.close()


@contextmanager
def translated() -> Iterator[None]:
    """httpcore's exceptions as httpx's, so that any transport, ours or a test's, fails alike."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.ReadTimeout(str(error) or "no answer in time") from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise httpx.LocalProtocolError(str(error)) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ConnectionNotAvailable) as error:
        raise httpx.NetworkError(str(error) or type(error).__name__) from error
