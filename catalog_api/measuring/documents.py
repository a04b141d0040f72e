"""Documents for an index, made once, in as many processes as there are cores, and kept in a file: measuring an index then costs
no more than reading them back."""

import gc
import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
import orjson

from catalog_api.measuring.made_up import entry
from metadata.entry import Entry
from metadata.errors import CatalogError, Invalid
from metadata.text import best
from search.base import Document, Ready
from search.document import document
from standards.table import STANDARDS

_CHUNK = 500
_AHEAD = 6
_SIZE = 4
_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Document)


@dataclass(frozen=True)
class Store:
    """A file of `count` documents, which took `seconds` to make."""

    path: Path
    count: int
    seconds: float

    def read(self) -> Iterator[Document]:
        """All documents in order."""
        with self.path.open("rb", buffering=1 << 20) as file:
            while head := file.read(_SIZE):
                yield _decoder.decode(file.read(int.from_bytes(head, "big")))

    def first(self, count: int, make: Callable[[Document], Ready]) -> list[Ready]:
        """The first so many, made ready for an engine."""
        return [make(document) for document in islice(self.read(), count)]

    def ready(self, make: Callable[[Document], Ready]) -> Iterator[Ready]:
        """All documents in order, made ready for an engine by a second process, as in a rebuild."""
        waiting: list[Future[list[Ready]]] = []
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_settle) as pool:
            for place in self._places():
                waiting.append(pool.submit(_readied, self.path, place, make))
                if len(waiting) > _AHEAD:
                    yield from waiting.pop(0).result()
            for left in waiting:
                yield from left.result()

    def _places(self) -> list[int]:
        """Where in the file every so many documents begin."""
        places, number = [], 0
        with self.path.open("rb") as file:
            while head := file.read(_SIZE):
                if number % _CHUNK == 0:
                    places.append(file.tell() - _SIZE)
                file.seek(int.from_bytes(head, "big"), os.SEEK_CUR)
                number += 1
        return places


def store(path: Path, records: Path | None, count: int) -> Store:
    """A file of `count` documents at `path`: first those of a file of DCAT-US records, one a line, then made-up ones. One that
    is there from before is used again. Raises `Invalid` when the records cannot be read."""
    marks = path.with_suffix(".json")
    asked = {"records": str(records or ""), "count": count}
    if (
        path.is_file()
        and marks.is_file()
        and {**(told := orjson.loads(marks.read_bytes())), "seconds": 0} == {**asked, "seconds": 0}
    ):
        return Store(path, count, told["seconds"])
    started = perf_counter()
    with path.open("wb") as file:
        for frames in _made(records, count):
            file.write(frames)
    seconds = perf_counter() - started
    marks.write_bytes(orjson.dumps({**asked, "seconds": seconds}))
    return Store(path, count, seconds)


def _made(records: Path | None, count: int) -> Iterator[bytes]:
    """Frames of documents, in order."""
    waiting: list[Future[tuple[bytes, int]]] = []
    made = 0
    with ProcessPoolExecutor(_cores(), mp_context=get_context("spawn"), initializer=_settle) as pool:
        for lines in _chunks(_lines(records) if records else ()):
            if made >= count:
                break
            frames, number = pool.submit(_from_records, lines[: count - made], made).result()
            made += number
            yield frames
        for start in range(made, count, _CHUNK):
            waiting.append(pool.submit(_from_numbers, start, min(start + _CHUNK, count)))
            if len(waiting) > _AHEAD:
                yield waiting.pop(0).result()[0]
        for left in waiting:
            yield left.result()[0]


def _readied(path: Path, place: int, make: Callable[[Document], Ready]) -> list[Ready]:
    """So many documents from a place in a file on, made ready."""
    found: list[Ready] = []
    with path.open("rb") as file:
        file.seek(place)
        while len(found) < _CHUNK and (head := file.read(_SIZE)):
            found.append(make(_decoder.decode(file.read(int.from_bytes(head, "big")))))
    return found


def _settle() -> None:
    gc.set_threshold(100_000, 20, 100)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lines(records: Path) -> Iterator[bytes]:
    try:
        with records.open("rb") as file:
            yield from file
    except OSError as problem:
        raise Invalid(f"this file cannot be read: {problem.strerror}", place=str(records)) from problem


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    source = iter(lines)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk


def _from_numbers(start: int, end: int) -> tuple[bytes, int]:
    return b"".join(map(_frame, map(entry, range(start, end)))), end - start


def _from_records(lines: list[bytes], start: int) -> tuple[bytes, int]:
    entries = [found for number, line in enumerate(lines, start) if (found := _entry(line, number))]
    return b"".join(map(_frame, entries)), len(entries)


def _frame(one: Entry) -> bytes:
    body = _encode(document(one))
    return len(body).to_bytes(_SIZE, "big") + body


def _entry(line: bytes, number: int) -> Entry | None:
    """The dataset of a record; None when it cannot be read."""
    read = STANDARDS.get("dcat_us_1_1").read
    assert read is not None
    try:
        record: dict[str, Any] = {key: value for key, value in orjson.loads(line).items() if not key.startswith("_")}
        dataset = read(record)
    except (CatalogError, ValueError, AttributeError):
        return None
    publisher = best(dataset.publisher.name) if dataset.publisher else ""
    moment = f"2026-0{number % 6 + 1}-{number % 28 + 1:02}T08:00:00.000000Z"
    return Entry(
        id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{number}")),
        name=f"record-{number}",
        identifier=dataset.identifier,
        state="published",
        source="records",
        standard="dcat_us_1_1",
        organization=f"org-{blake2b(publisher.encode(), digest_size=4).hexdigest()}",
        organization_title={"und": publisher},
        created=moment,
        updated=moment,
        sequence=number + 1,
        errors=number % 3,
        warnings=number % 5,
        digest="",
        dataset=dataset,
        use=number % 97,
    )
