"""The records of a JSON document on disk, one after another, in bounded memory.

A document is a catalogue (an object with a `dataset` list, Project Open Data schema v1.1 §"Catalog"), a list of records,
or JSON lines. Records before a break are given before the break is told, so a run keeps what it could read. Nesting and
the size of one record are limited: the streaming reader would take memory in the square of the depth.
"""

import tempfile
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, TypeVar, cast

import ijson
import orjson

from harvesters.json_text import TEMPLATE, failure_in, loads, refuse, tamed, unfilled
from harvesters.nesting import Nesting
from harvesters.splitting import Splitter
from harvesters.spool import Document, write
from metadata.errors import CatalogError, NotData, TooLarge

BUFFER = 1 << 16
RECORD_LIMIT = 16 << 20  # bytes; the largest real record met has a few
_MEND = "Ask the source to mend it."
T = TypeVar("T")

try:
    _json = ijson.get_backend("yajl2_c")
except ImportError:  # on a platform without it: the same answers, sixteen times slower
    _json = ijson


class Stumble(Exception):
    """The fast reader cannot go on after `count` records."""

    def __init__(self, count: int, why: str) -> None:
        super().__init__(why)
        self.count = count
        self.exact = "overflow" in why


def items(document: Document, alone: bool = False) -> Generator[Any, None, None]:
    """Every record of the document, parsed, or the text of a line that does not parse. No records is no error.

    With `alone`, an object that is no catalogue is itself the one record. Raises `NotData` or `TooLarge`.
    """
    head = document.head().decode("utf-8", "replace")
    refuse(head, document.place)
    start = head.lstrip("\ufeff \t\r\n\0")[0]
    if start == '"':
        yield from _inner(document, alone)
    elif start == "[":
        yield from stream(document, "item")
    elif _is_lines(document):
        yield from _lines(document)
    else:
        yield from _catalogue(document, alone)


def grouped(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` values. When the values end in an error, those before it are given first."""
    group: list[T] = []
    failure: CatalogError | None = None
    try:
        for value in values:
            group.append(value)
            if len(group) == size:
                yield group
                group = []
    except CatalogError as error:
        failure = error
    if group:
        yield group
    if failure is not None:
        raise failure


def stream(document: Document, prefix: str) -> Iterator[Any]:
    """The values at ijson's `prefix`. Where the fast reader stumbles, a careful one goes on from there: it takes numbers of
    any size, gives the records just before a break, and says where the break is."""
    try:
        yield from _fast(document, prefix)
    except Stumble as stumble:
        given, exact = stumble.count, stumble.exact
    else:
        return
    yield from islice(_careful(document, prefix, exact), given, None)


def _fast(document: Document, prefix: str) -> Iterator[Any]:
    count = 0
    with document.open() as inner:
        splitter = Splitter(inner, prefix)
        for item in splitter.records():
            count += 1
            yield item
        reader = Measured(cast(BinaryIO, Rejoined(*splitter.rest())), document.place)
        try:
            for item in _json.items(reader, prefix, buf_size=BUFFER, use_float=True):
                count += 1
                reader.mark()
                yield item
        except ijson.JSONError as error:
            raise Stumble(count, str(error)) from None


def _careful(document: Document, prefix: str, exact: bool) -> Iterator[Any]:
    found = ijson.sendable_list()
    parser = _json.items_coro(found, prefix, use_float=not exact)
    count = 0
    with document.open() as inner:
        reader = Measured(inner, document.place)
        failure: ijson.JSONError | None = None
        while failure is None and (chunk := reader.read(BUFFER)):
            failure = _sent(parser, chunk)
            if found:
                count += len(found)
                reader.mark()
                yield from map(tamed, found)
                del found[:]
        if failure := failure or _sent(parser, b""):
            raise _broken(document, failure, count, reader.before)


def _sent(parser: Any, chunk: bytes) -> ijson.JSONError | None:
    """Gives the parser its next bytes, or the end (no bytes); the error it then has, if any."""
    try:
        parser.send(chunk) if chunk else parser.close()
    except ijson.JSONError as error:
        return error
    return None


class Rejoined:
    """A reader of some bytes, and then of what another reader still has."""

    def __init__(self, first: bytes, inner: BinaryIO) -> None:
        self._first, self._inner, self._at = first, inner, 0

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        if self._at >= len(self._first):
            return self._inner.read(size)
        self._at += size
        return self._first[self._at - size : self._at]


class Measured:
    """A reader that watches what the parser is fed: how deep it nests, and how much comes without a record."""

    def __init__(self, inner: BinaryIO, place: str) -> None:
        self._inner, self._place, self._nesting = inner, place, Nesting(place)
        self.offset = self.before = self._marked = 0

    def mark(self) -> None:
        """A record ended in the bytes read last."""
        self._marked = self.before

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises `TooLarge` when a record does not end."""
        chunk = self._inner.read(size)
        if self.offset - self._marked > RECORD_LIMIT + BUFFER:
            limit = f"{RECORD_LIMIT >> 20} MiB without the end of a record"
            raise TooLarge(limit, place=self._place, value=f"byte {self._marked}", remedy=_MEND)
        self._nesting.feed(chunk)
        if chunk:
            self.before, self.offset = self.offset, self.offset + len(chunk)
        return chunk


def _broken(document: Document, failure: ijson.JSONError, count: int, offset: int) -> NotData:
    """The error for JSON that stops making sense after `count` records, in the chunk that begins at `offset`."""
    why = str(failure).split("\n", 1)[0].strip()
    at = _byte(document, offset)
    shown = _shown(document, at)
    if TEMPLATE.match(shown) or TEMPLATE.match(shown[1:]):
        return unfilled(shown, document.place)
    early = "EOF" in why or "ncomplete" in why
    message = "the document ends too early" if early else "this is not valid JSON"
    value = why if early else f"{why.rstrip('.')}: {shown[1:]}"
    return NotData(f"{message}: after {count} records, at byte {at}", place=document.place, value=value, remedy=_MEND)


def _shown(document: Document, at: int) -> str:
    """The character before a place in the document, and some from there on, in one line."""
    with document.open() as reader:
        for _ in range(max(0, at - 1) // BUFFER):
            reader.read(BUFFER)
        reader.read(max(0, at - 1) % BUFFER)
        return " ".join(reader.read(60).decode("utf-8", "replace").split())


def _byte(document: Document, offset: int) -> int:
    """The byte where the document breaks: read again, whole chunks first, then byte by byte."""
    found = ijson.sendable_list()
    parser = _json.basic_parse_coro(found)
    at = 0
    with document.open() as reader:
        while chunk := reader.read(min(BUFFER, offset - at) if at < offset else 1):
            try:
                parser.send(chunk)
            except ijson.JSONError:
                return at
            del found[:]
            at += len(chunk)
    return at


def _catalogue(document: Document, alone: bool) -> Iterator[Any]:
    count = 0
    for item in stream(document, "dataset.item"):
        count += 1
        yield item
    if count:
        return
    with document.open() as reader:
        body = loads(reader.read().decode("utf-8", "replace"), document.place)
    if alone and isinstance(body, dict) and not isinstance(body.get("dataset"), list) and not failure_in(body):
        yield body
    else:
        explain(body, document.place)


def explain(body: Any, place: str) -> None:
    """Raises `NotData` that says why this object gave no records; returns when its `dataset` list is simply empty."""
    if said := failure_in(body):
        raise NotData("an error came instead of data", place=place, value=said, remedy="Ask the source, or try again later.")
    if "dataset" in body:
        if not isinstance(body["dataset"], list):
            raise NotData("`dataset` is not a list", place=place, value=type(body["dataset"]).__name__, remedy=_MEND)
        return
    if "dcat:dataset" in body or "@graph" in body:
        raise NotData(
            "this is a DCAT catalogue in JSON-LD, not DCAT-US",
            place=place,
            value=", ".join(body),
            remedy="Use a protocol that reads RDF.",
        )
    raise NotData(
        "there is no `dataset` list at the top level", place=place, value=", ".join(body) or "{}", remedy="Check the URL."
    )


def _inner(document: Document, alone: bool) -> Iterator[Any]:
    """JSON written into a JSON string: a document encoded twice."""
    if document.size > RECORD_LIMIT * 4:
        raise TooLarge(
            "the document is one JSON string, too large to open", place=document.place, value=document.size, remedy=_MEND
        )
    with document.open() as reader:
        text = loads(reader.read().decode("utf-8", "replace"), document.place)
    if not isinstance(text, str) or text.lstrip()[:1] not in ("{", "["):
        raise NotData("this is a JSON string, not a catalogue", place=document.place, value=text, remedy="Check the URL.")
    with tempfile.TemporaryFile() as file:
        yield from items(
            write([text.encode("utf-8", "replace")], cast(BinaryIO, file), document.place, RECORD_LIMIT * 8), alone
        )


def _is_lines(document: Document) -> bool:
    """Whether the first line is a whole object that is no catalogue, and another object follows."""
    if not _has_second_line(document):
        return False
    with document.open() as reader:
        first = next((line for line in iter(lambda: reader.readline(RECORD_LIMIT), b"") if line.strip()), b"")
        try:
            body = orjson.loads(first)
        except orjson.JSONDecodeError:
            return False
        return isinstance(body, dict) and "dataset" not in body


def _has_second_line(document: Document) -> bool:
    """Whether an object begins on a line of its own after the first line; told without holding that line, which may be all."""
    rest = b""
    with document.open() as reader:
        begun = False
        while chunk := reader.read(BUFFER):
            piece = chunk if begun else chunk.lstrip()
            begun = begun or bool(piece)
            _, found, rest = piece.partition(b"\n")
            if found:
                break
        while chunk and not rest.strip():
            rest = chunk = reader.read(BUFFER)
    return rest.lstrip().startswith(b"{")


def _lines(document: Document) -> Iterator[Any]:
    count = offset = 0
    with document.open() as reader:
        while line := reader.readline(RECORD_LIMIT + 1):
            if len(line) > RECORD_LIMIT:
                raise TooLarge(
                    f"a line has more than {RECORD_LIMIT >> 20} MiB", place=document.place, value=f"byte {offset}", remedy=_MEND
                )
            offset += len(line)
            if words := line.decode("utf-8", "replace").strip():
                try:
                    body = loads(words, document.place)
                except NotData as error:
                    if not line.endswith(b"\n"):
                        raise NotData(
                            f"the document ends too early: after {count} records, at byte {offset}",
                            place=document.place,
                            value=error.value,
                            remedy=_MEND,
                        ) from None
                    body = words
                count += 1
                yield body
