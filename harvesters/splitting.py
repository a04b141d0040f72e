"""The records of a long JSON list, cut out of its text by the hundred and parsed by the fastest parser there is (orjson).

orjson has to be told where to stop. Between two objects of one list stands `}`, a comma, `{`; whether that list is the outer
one, the square brackets around it tell, unless texts hold some. So a cut is a guess, but it proves itself: what was cut out
has to be whole JSON values (RFC 8259 §2), and no cut inside of a text, a list or an object leaves any. Where no cut does, the
streaming parser goes on from that place (`rest`).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from metadata.digits import has_long_integer

CHUNK = 1 << 17
_WINDOW = 1 << 20  # bytes in which a record has to end; a longer one is for the streaming parser
_TRIES = 40  # cuts tried for one record
_PATIENCE = 2  # cuts that may fail for each record that is found, on the average
_BETWEEN = re.compile(rb"\}\s*,\s*\{")
_BEGIN = re.compile(rb"\s*\[\s*(?=\{)")


class Splitter:
    """Cuts up the list at ijson's `prefix`: `item` when the document is the list, `name.item` when it is a member of it.
    Lists that lie deeper are left to the streaming parser."""

    def __init__(self, reader: BinaryIO, prefix: str, chunk: int = CHUNK) -> None:
        self._reader, self._chunk = reader, chunk
        self._opening, self._text = _opened(prefix, reader.read(chunk))
        self._found = self._failed = 0
        self._between = b"},{"  # as this document writes it
        self._doubt = False  # whether brackets did not tell in this text
        self._ended = not self._opening

    def records(self) -> Iterator[Any]:
        """The records, as far as cuts prove themselves."""
        while not self._ended:
            found = self._together() or self._single()
            self._found += len(found)
            yield from found
            if not found and (len(self._text) > _WINDOW or not self._read()):
                return

    def rest(self) -> tuple[bytes, BinaryIO]:
        """What was not cut up, as a document of its own: its first bytes, and the reader of those that follow."""
        return self._opening + self._text, self._reader

    def _together(self) -> list[Any]:
        """All records up to the last place between two objects before which all square brackets are closed."""
        if self._doubt:
            return []
        text, end = self._text, len(self._text)
        opened = text.count(b"[") - text.count(b"]")
        while (cut := text.rfind(self._between, 0, end)) >= 0:
            opened -= text.count(b"[", cut, end) - text.count(b"]", cut, end)
            if not opened:
                found = self._proved(cut, cut + len(self._between))
                self._doubt = not found
                return found
            end = cut + 1
        return []

    def _single(self) -> list[Any]:
        """The record up to the first place between two objects that proves to be its end, when brackets did not tell."""
        if not self._doubt and len(self._text) < self._chunk:
            return []
        for number, between in enumerate(_BETWEEN.finditer(self._text)):
            if number >= _TRIES or self._ended:
                break
            if found := self._proved(between.start(), between.end()):
                self._between = between.group()
                return found
        return []

    def _proved(self, cut: int, following: int) -> list[Any]:
        """The records up to the byte at `cut`, if one ends there; the next one begins with the byte before `following`."""
        text = b"[%b]" % self._text[: cut + 1]
        try:
            found: list[Any] = orjson.loads(text)
        except orjson.JSONDecodeError:
            self._failed += 1
            self._ended = self._failed > _PATIENCE * self._found + _TRIES
            return []
        if has_long_integer(text):
            self._ended = True
            return []
        self._text = self._text[following - 1 :]
        return found

    def _read(self) -> bool:
        """Reads on; False at the end of the document."""
        chunk = self._reader.read(self._chunk)
        self._text += chunk
        self._doubt = False
        return bool(chunk)


def _opened(prefix: str, text: bytes) -> tuple[bytes, bytes]:
    """The document up to its list, in short, and its text from the first record on; no opening when that cannot be told."""
    if prefix == "item":
        begin = _BEGIN.match(text)
        return (b"[", text[begin.end() :]) if begin else (b"", text)
    name = json.dumps(prefix.removesuffix(".item")).encode()
    begin = re.search(re.escape(name) + rb"\s*:\s*\[\s*(?=\{)", text)
    if begin is None or "." in prefix.removesuffix(".item"):
        return b"", text
    try:
        orjson.loads(text[: begin.start()] + name + b":[]}")  # proves that it is a member of the document itself
    except orjson.JSONDecodeError:
        return b"", text
    return b"{" + name + b":[", text[begin.end() :]
