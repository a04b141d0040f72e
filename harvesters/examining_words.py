"""What the process that stores and the one that examines tell each other (`examiner.py`, `examining_process.py`)."""

from typing import Any

import msgspec

from metadata import identity
from metadata.packing import Packed
from metadata.reading import Said, Taken


class Note(msgspec.Struct, frozen=True, array_like=True):
    """A finding without its words: `metadata.reading.Noted`."""

    rule: str
    severity: str
    path: str
    value: str


class Question(msgspec.Struct, frozen=True, array_like=True):
    """A record to examine. `form` says what its bytes are: `json`, `text` or `bytes`."""

    standard: str
    form: str
    raw: bytes
    faults: tuple[Note, ...]


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """What became of a record; `record` is its bytes, compressed. Without `record` the examination broke: it has to be done
    again, where its error is seen."""

    findings: tuple[Note, ...] = ()
    said: Said | None = None
    description: Packed | None = None
    record: Packed | None = None


class Answers(msgspec.Struct, frozen=True, array_like=True):
    """Answers in the order of the questions, and the most memory that the answering process has had, in KiB."""

    answers: list[Answer]
    peak: int


_encoder = msgspec.msgpack.Encoder()
encode = _encoder.encode
questions = msgspec.msgpack.Decoder(list[Question]).decode
answers = msgspec.msgpack.Decoder(Answers).decode


def question(taken: Taken) -> Question:
    """What is asked of a record."""
    form = "bytes" if isinstance(taken.body, bytes) else "text" if isinstance(taken.body, str) else "json"
    return Question(taken.standard, form, taken.raw, tuple(map(note, taken.faults)))


def body(form: str, raw: bytes) -> Any:
    """The record that `metadata.identity.raw` made these bytes of."""
    if form == "json":
        return identity.parsed(raw)
    return raw if form == "bytes" else raw.decode("utf-8", "surrogatepass")


def note(found: Any) -> Note:
    """A finding as it is told."""
    return Note(found.rule, found.severity, _told(found.path), _told(found.value))


def _told(text: str) -> str:
    """Text that can be sent: a half of a surrogate pair becomes a question mark, as in the store."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
