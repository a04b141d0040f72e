"""A downloaded or local document: bytes on disk, read as UTF-8 as often as needed, and never whole in memory.

A spool file has no name: whatever ends the process, the disk space comes back. Compressed bodies (RFC 1952, RFC 1950) are
opened in small steps, so a small body that swells to gigabytes meets the size limit and not the end of the memory.
"""

import hashlib
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from harvesters.charset import SAMPLE, Utf8Reader, Utf8Watch, detect
from metadata.errors import NotData, TooLarge, Unavailable

STEP = 1 << 16
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Document:
    """Bytes of an open file; `open()` reads them as UTF-8 without a byte-order mark. `digest` is their SHA-256, in hex."""

    descriptor: int
    place: str
    size: int
    charset: str
    digest: str
    headers: dict[str, str] = field(default_factory=dict)

    def open(self) -> BinaryIO:
        """A fresh reader from the start; several may be open at a time."""
        offset = 0

        def take(size: int) -> bytes:
            nonlocal offset
            chunk = os.pread(self.descriptor, size, offset)
            offset += len(chunk)
            return chunk

        raw = Utf8Reader(take, self.charset)
        return cast(BinaryIO, io.BufferedReader(raw, STEP))

    def head(self, size: int = 4096) -> bytes:
        """The first bytes, as UTF-8."""
        with self.open() as reader:
            return reader.read(size)

    def whole(self) -> bytes:
        """The bytes as they are on disk, in their own character set."""
        return os.pread(self.descriptor, self.size, 0)


Spool = Document


def write(chunks: Iterable[bytes], file: BinaryIO, place: str, limit: int, headers: dict[str, str] | None = None) -> Document:
    """Writes the chunks to the emptied file and describes what is there. Raises `TooLarge` above `limit` bytes."""
    file.seek(0)
    file.truncate(0)
    watch, digest, size = Utf8Watch(), hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise too_large(limit, place)
        watch.feed(chunk)
        digest.update(chunk)
        try:
            file.write(chunk)
        except OSError as error:
            raise Unavailable(
                "there is no room for the download", place=place, value=error.strerror, remedy="Free disk space."
            ) from error
    watch.feed(b"", final=True)
    file.flush()
    return _described(file.fileno(), place, size, digest.hexdigest(), watch, headers or {})


def local(file: BinaryIO, place: str) -> Document:
    """A document over a file that is already on disk."""
    watch, digest, size = Utf8Watch(), hashlib.sha256(), 0
    while chunk := file.read(STEP):
        size += len(chunk)
        watch.feed(chunk)
        digest.update(chunk)
    watch.feed(b"", final=True)
    return _described(file.fileno(), place, size, digest.hexdigest(), watch, {})


def _described(descriptor: int, place: str, size: int, digest: str, watch: Utf8Watch, headers: dict[str, str]) -> Document:
    sample = b""
    if watch.broken_at is not None:
        sample = os.pread(descriptor, SAMPLE, max(0, watch.broken_at - SAMPLE // 4))
    charset = detect(os.pread(descriptor, 8, 0), sample, headers.get("content-type"), watch)
    # Valid UTF-8 without a mark needs no decoding at all.
    plain = charset == "utf-8" and watch.broken_at is None
    return Document(descriptor, place, size, "utf-8-plain" if plain else charset, digest, headers)


def too_large(limit: int, place: str) -> TooLarge:
    """What is said about more than `limit` bytes."""
    shown = f"{limit / (1 << 20):,.0f} MiB" if limit >= 1 << 20 else f"{limit:,} bytes"
    return TooLarge(
        f"the answer is larger than the limit of {shown}", place=place, remedy="Ask for less, or raise the source's limit."
    )


def unpacked(chunks: Iterable[bytes], encoding: str, place: str) -> Iterator[bytes]:
    """The body without its Content-Encoding, and without gzip that is the file itself (`data.json.gz`)."""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip()]
    for name in reversed(names):
        if name in ("gzip", "x-gzip", "deflate"):
            chunks = inflated(chunks, place, name == "deflate")
        elif name != "identity":
            raise NotData(
                "the answer is compressed in a way that is not read", place=place, value=name, remedy="Ask the source for gzip."
            )
    return _peeled(chunks, place)


def _peeled(chunks: Iterable[bytes], place: str) -> Iterator[bytes]:
    rest = iter(chunks)
    first = b""
    while len(first) < len(GZIP) and (chunk := next(rest, None)) is not None:
        first += chunk
    whole = _rejoined(first, rest)
    yield from inflated(whole, place, False) if first.startswith(GZIP) else whole


def _rejoined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def inflated(chunks: Iterable[bytes], place: str, deflate: bool) -> Iterator[bytes]:
    """gzip members one after another, or one zlib or raw deflate stream, in pieces of at most 64 KiB."""
    packed, ended = None, False
    for chunk in chunks:
        if ended and packed is None and not (chunk := chunk.lstrip(b"\0")).startswith(GZIP[: len(chunk)]):
            return  # what follows the last member is padding
        while chunk:
            packed = packed or _unpacker(chunk, deflate)
            try:
                piece = packed.decompress(chunk, STEP)
            except zlib.error as error:
                raise NotData(
                    "the compressed answer is broken", place=place, value=str(error), remedy="Ask the source to mend it."
                ) from None
            chunk = packed.unconsumed_tail
            if piece:
                yield piece
            if packed.eof:
                chunk, packed, ended = packed.unused_data.lstrip(b"\0"), None, True
                if deflate or not chunk.startswith(GZIP[: len(chunk)]):
                    return
    if packed is not None:
        yield from _rest(packed, place)


def _rest(packed: "zlib._Decompress", place: str) -> Iterator[bytes]:
    while piece := packed.decompress(packed.unconsumed_tail, STEP):
        yield piece
    if not packed.eof:
        raise NotData("the compressed answer ends too early", place=place, remedy="Try again, or ask the source to mend it.")


def _unpacker(start: bytes, deflate: bool) -> "zlib._Decompress":
    if not deflate:
        return zlib.decompressobj(wbits=31)
    # RFC 9110 §8.4.1.2 means zlib's format; some servers send raw deflate. A zlib header is a multiple of 31 (RFC 1950 §2.2).
    header = int.from_bytes(start[:2], "big")
    return zlib.decompressobj(wbits=15 if len(start) > 1 and header % 31 == 0 and start[0] & 15 == 8 else -15)
