"""The client against servers that loop, lie, stall, drip, bomb and pour."""

import gzip
import shutil
import ssl
import subprocess
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from time import time

import pytest

from harvesters.base import NotModified
from harvesters.patience import retry_after
from harvesters.web import Cancelled, Web
from metadata.errors import CatalogError, NotData, TooLarge, Unreachable
from tests.hostile.server import OK, Behaviour, Hostile, breaks, drips, in_turn, pours, redirects, says, stalls

MIB = 1 << 20


@contextmanager
def source(behaviour: Behaviour) -> Iterator[tuple[Hostile, str]]:
    with Hostile({"/data.json": behaviour}) as server:
        yield server, f"{server.url}/data.json"


def failure(behaviour: Behaviour, web: Web) -> CatalogError:
    """What the client raises when it downloads from such a source."""
    with source(behaviour) as (_, url), web, pytest.raises(CatalogError) as caught, web.spool(url):
        pass
    assert caught.value.place.startswith("http://127.0.0.1") and "\n" not in str(caught.value)
    return caught.value


def test_redirects_that_loop_end() -> None:
    with source(redirects("/data.json")) as (server, url), Web(internal=True) as web:
        with pytest.raises(Unreachable, match="more than 10 times"):
            web.get(url)
        assert len(server.asked) == 11


@pytest.mark.parametrize("location", ["", "http://[", "http://exa mple:port/"])
def test_a_redirect_to_nowhere_is_told(location: str) -> None:
    assert failure(redirects(location), Web(internal=True, retries=0)).message


def test_a_body_shorter_than_claimed_fails() -> None:
    error = failure(says(b'{"dataset":[', length=1000), Web(internal=True, retries=0))
    assert isinstance(error, Unreachable) and "connection failed" in error.message


def test_a_claimed_length_above_the_limit_is_not_even_read() -> None:
    web = Web(internal=True, max_bytes=MIB)
    error = failure(says(b"x", length=5 << 30), web)
    assert isinstance(error, TooLarge) and "1 MiB" in error.message and web.received == 0


def test_an_endless_body_is_cut_at_the_limit(tmp_path: Path) -> None:
    web = Web(internal=True, max_bytes=4 * MIB, spool_dir=tmp_path)
    tracemalloc.start()
    error = failure(pours(OK + b"\r\n", b"x" * 65536), web)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(error, TooLarge) and 4 * MIB < web.received <= 4 * MIB + 65536
    assert peak < 2 * MIB and list(tmp_path.iterdir()) == []


def test_an_answer_for_the_memory_has_its_own_limit() -> None:
    web = Web(internal=True, max_bytes=MIB)
    with source(pours(OK + b"\r\n", b"x" * 65536)) as (_, url), web, pytest.raises(TooLarge):
        web.get(url)


def bomb(mebibytes: int) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(mebibytes)) + packer.flush()


@pytest.mark.parametrize("headers", [{"Content-Encoding": "gzip"}, {"Content-Type": "application/gzip"}])
def test_a_small_body_that_swells_is_cut_at_the_limit(headers: dict[str, str]) -> None:
    packed = bomb(128)
    assert len(packed) < MIB
    tracemalloc.start()
    error = failure(says(packed, headers=headers), Web(internal=True, max_bytes=8 * MIB))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(error, TooLarge) and peak < 2 * MIB


@pytest.mark.parametrize(
    "start", [b"", OK, OK + b"Content-Length: 100\r\n\r\n{"], ids=["nothing", "half a head", "half a body"]
)
def test_silence_ends(start: bytes) -> None:
    error = failure(stalls(start), Web(internal=True, retries=0, timeout=0.2))
    assert isinstance(error, Unreachable) and error.message == "no answer in time"


@pytest.mark.parametrize(("start", "drop"), [(OK + b"\r\n", b"x"), (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")], ids=["body", "head"])
def test_a_sender_that_drips_is_cut_off(start: bytes, drop: bytes) -> None:
    error = failure(drips(start, drop), Web(internal=True, retries=0, timeout=5, stall=0.3, floor=100_000))
    assert isinstance(error, Unreachable) and "drips" in error.message


def test_all_tries_together_have_a_time_limit() -> None:
    error = failure(drips(OK + b"\r\n", b"x" * 1000), Web(internal=True, timeout=5, floor=1, total=0.3))
    assert isinstance(error, Unreachable) and "took longer" in error.message


@pytest.mark.parametrize(
    "start",
    [b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 300_000],
    ids=["ssh", "status", "endless head"],
)
def test_what_is_not_http_is_told(start: bytes) -> None:
    assert isinstance(failure(breaks(start), Web(internal=True, retries=0)), Unreachable)


def test_a_connection_that_breaks_is_tried_again() -> None:
    waits: list[float] = []
    with source(in_turn(breaks(OK + b"Content-Length: 9\r\n\r\n{"), says(b'{"a": 1}'))) as (server, url):
        with Web(internal=True, sleep=waits.append) as web, web.spool(url) as spool:
            assert spool.whole() == b'{"a": 1}'
        assert len(server.asked) == 2 and 1 <= sum(waits) <= 1.5


def test_retry_after_is_heeded_and_capped() -> None:
    waits: list[float] = []
    later = formatdate(time() + 3600, usegmt=True)
    turns = in_turn(
        says(b"", 503, {"Retry-After": "2"}),
        says(b"", 429, {"Retry-After": "99999"}),
        says(b"", 503, {"Retry-After": later}),
        says(b"[]"),
    )
    with source(turns) as (server, url), Web(internal=True, sleep=waits.append) as web:
        assert web.json(url) == []
    assert sum(waits) == 2 + 120 + 120 and len(server.asked) == 4


def test_retry_after_is_read_in_both_forms() -> None:
    assert retry_after("7") == 7
    assert retry_after("Fri, 31 Dec 1999 23:59:59 GMT", lambda: 946684790.0) == 9
    assert retry_after("Fri, 31 Dec 1999 23:59:59 GMT") == 0
    assert retry_after("soon") is None and retry_after(None) is None and retry_after("-5") is None and retry_after("²") is None


def test_waits_grow_and_tries_end() -> None:
    waits: list[float] = []
    with source(says(b"", 503)) as (server, url), Web(internal=True, sleep=waits.append, retries=3) as web:
        with pytest.raises(Unreachable, match="HTTP 503"):
            web.get(url)
        assert len(server.asked) == 4 and 1 + 2 + 4 <= sum(waits) <= 10.5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 500])
def test_an_error_that_stays_is_not_tried_again(status: int) -> None:
    with source(says(b"no", status)) as (server, url), Web(internal=True) as web:
        with pytest.raises(Unreachable, match=f"HTTP {status}"):
            web.get(url)
        assert len(server.asked) == 1
        assert web.get(url, tolerate={status}).text == "no"


def test_nobody_listening_is_told_after_the_last_try() -> None:
    with Hostile({}) as server:
        url = f"{server.url}/data.json"
    waits: list[float] = []
    with (
        Web(internal=True, retries=1, sleep=waits.append) as web,
        pytest.raises(Unreachable, match="connection failed") as caught,
    ):
        web.get(url)
    assert sum(waits) >= 1 and "refused" in str(caught.value)


def test_a_certificate_that_is_not_valid_is_told_and_not_tried_again(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not at hand: install it to test certificates")
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", "key.pem", "-out", "cert.pem"], cwd=tmp_path, check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    waits: list[float] = []
    with Hostile({"/": says(b"[]")}) as server, Web(internal=True, sleep=waits.append) as web:
        server.server.socket = tls.wrap_socket(server.server.socket, server_side=True)
        with pytest.raises(Unreachable, match="certificate is not valid"):
            web.get(f"https://localhost:{server.port}/")
    assert waits == [] and server.asked == []


def test_an_unknown_host_is_told() -> None:
    with Web(retries=0) as web, pytest.raises(Unreachable):
        web.get("http://no-such-host.invalid/")


def test_not_modified_is_told_and_what_is_known_is_kept() -> None:
    def behave(handler: object) -> None:
        known = server.asked[-1][1].get("if-none-match")
        answer = (
            says(b"", 304)
            if known == '"v1"'
            else says(b"[1]", headers={"ETag": '"v1"', "Last-Modified": "Tue, 03 May 2022 10:00:00 GMT"})
        )
        answer(handler)  # type: ignore[arg-type]

    with source(behave) as (server, url):
        with Web(internal=True) as web, web.spool(url) as spool:
            assert spool.whole() == b"[1]" and web.fresh_validators[url]["etag"] == '"v1"'
        with Web(internal=True, validators=web.fresh_validators) as again:
            with pytest.raises(NotModified), again.spool(url):
                pass
            assert again.fresh_validators == web.fresh_validators
            with again.spool(url, conditional=False) as spool:
                assert spool.whole() == b"[1]"
    assert server.asked[1][1]["if-modified-since"] == "Tue, 03 May 2022 10:00:00 GMT"


def test_not_modified_without_being_asked_is_an_error() -> None:
    assert isinstance(failure(says(b"", 304), Web(internal=True)), Unreachable)


def test_a_cancelled_download_stops() -> None:
    seen: list[int] = []

    def cancelled() -> bool:
        seen.append(1)
        return len(seen) > 5

    with source(pours(OK + b"\r\n", b"x" * 1024)) as (_, url), Web(internal=True, cancelled=cancelled) as web:
        with pytest.raises(Cancelled), web.spool(url):
            pass
        assert web.received < MIB


def test_a_cancelled_wait_stops() -> None:
    waits: list[float] = []
    web = Web(internal=True, sleep=waits.append, cancelled=lambda: len(waits) > 2)
    with source(says(b"", 503, {"Retry-After": "100"})) as (_, url), web, pytest.raises(Cancelled):
        web.get(url)
    assert len(waits) == 3


PLAIN = b'{"dataset": []}' * 1000


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(PLAIN, mtime=0), "gzip"),
        (gzip.compress(PLAIN, mtime=0), "x-gzip"),
        (gzip.compress(PLAIN[:50], mtime=0) + gzip.compress(PLAIN[50:], mtime=0) + bytes(8), "gzip"),
        (zlib.compress(PLAIN), "deflate"),
        (zlib.compress(PLAIN)[2:-4], "deflate"),
        (gzip.compress(PLAIN, mtime=0), ""),
        (gzip.compress(gzip.compress(PLAIN, mtime=0), mtime=0), "gzip"),
        (gzip.compress(zlib.compress(PLAIN), mtime=0), "deflate, gzip"),
        (PLAIN, "identity"),
    ],
)
def test_compressed_bodies_are_opened(body: bytes, encoding: str) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    with source(says(body, headers=headers)) as (_, url), Web(internal=True) as web, web.spool(url) as spool:
        assert spool.whole() == PLAIN and web.received == len(body)


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (gzip.compress(PLAIN, mtime=0)[:-20], "gzip", "too early"),
        (b"\x1f\x8b\x08 nonsense", "gzip", "broken"),
        (b"plain text", "gzip", "broken"),
        (b"x", "br", "not read"),
    ],
)
def test_broken_compression_is_told(body: bytes, encoding: str, words: str) -> None:
    error = failure(says(body, headers={"Content-Encoding": encoding}), Web(internal=True))
    assert isinstance(error, NotData) and words in error.message


@pytest.mark.parametrize("secret", ["two\nlines", "密钥"])
def test_a_header_that_cannot_be_sent_is_told_without_showing_it(secret: str) -> None:
    error = failure(says(b"[]"), Web(internal=True, headers={"Authorization": secret}))
    assert isinstance(error, Unreachable) and secret[:2] not in str(error)
