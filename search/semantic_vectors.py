"""Vectors of datasets in a file that only grows, beside an index; safe against kills and for many readers. Needs numpy.

A record is an id, a digest of the text behind the vector, and the vector (32-bit floats). The last record of an id counts;
one without a digest says that it is gone. `CURRENT` names the file, how many of its records are valid, and the position in
the log up to which they are complete; it is replaced in one step after the records are on the disk. What a kill left behind
the valid records is written over. Readers map the file, so that processes share its memory.
"""

import fcntl
import os
import threading
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy
import orjson

if TYPE_CHECKING:
    from search.semantic_embedder import Matrix

GONE = bytes(16)
_APART, _TOP = 2.0, 0.75
"""A text is near from so many standard deviations above the mean of all similarities on, or from so far on the way from the
mean to the best, whichever is less: similarities of most models are not around 0, and not spread alike; and where a fifth of
all texts are of one meaning, none of them stands out."""


@dataclass(frozen=True)
class _Pointer:
    file: str = ""
    records: int = 0
    position: int = 0


@dataclass(frozen=True)
class _Seen:
    """What a reader has mapped: records, where each id's last one is, which of them count."""

    pointer: _Pointer
    records: Any
    slots: dict[bytes, int]
    alive: Any


class Vectors:
    """The vectors in `folder`, each of `size` numbers."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self._type = numpy.dtype([("id", "V16"), ("digest", "V16"), ("vector", "<f4", (size,))])
        self._lock = threading.Lock()
        self._seen = self._nothing()

    def position(self) -> int:
        """The position in the log up to which there are vectors; 0 when there are none."""
        return self._pointer().position

    def state(self) -> str:
        """A word that is another when vectors were added or left out."""
        pointer = self._pointer()
        return f"{pointer.file[:8]}{pointer.records:x}"

    def digest(self, dataset_id: str) -> bytes:
        """The digest of the text behind a vector; `GONE` when there is none."""
        seen = self._look()
        slot = seen.slots.get(_bytes(dataset_id))
        return GONE if slot is None else bytes(seen.records["digest"][slot])

    def vector(self, dataset_id: str) -> "Matrix | None":
        """The vector of a dataset."""
        seen = self._look()
        slot = seen.slots.get(_bytes(dataset_id))
        return None if slot is None else seen.records["vector"][slot]

    def append(self, ids: Sequence[str], digests: Sequence[bytes], vectors: "Matrix", position: int | None = None) -> None:
        """Put vectors in the place of what there is for these ids. With `position` all up to there are complete."""
        added = numpy.zeros(len(ids), self._type)
        for number, (one, digest) in enumerate(zip(ids, digests, strict=True)):
            added[number]["id"], added[number]["digest"] = _bytes(one), digest
        added["vector"] = vectors
        with self._writing() as pointer:
            path = self.folder / (pointer.file or f"{uuid.uuid4().hex}.vectors")
            _write(path, added, pointer.records)
            position = pointer.position if position is None else position
            self._point(_Pointer(path.name, pointer.records + len(added), position))

    def commit(self, gone: Collection[str], position: int) -> None:
        """Take out what is gone, and set the position."""
        here = [one for one in gone if self.digest(one) != GONE]
        size = self._type["vector"].shape[0]
        self.append(here, [GONE] * len(here), numpy.zeros((len(here), size), numpy.float32), position)

    def nearest(self, wanted: "Matrix", most: int, least: float) -> list[tuple[str, float]]:
        """At most so many `(id, cosine)`, the nearest first: those that stand out among all, and have at least `least`."""
        seen = self._look()
        if not seen.slots:
            return []
        scores = numpy.where(seen.alive, seen.records["vector"] @ wanted, -2.0)
        valid = scores[seen.alive]
        mean = float(valid.mean())
        cut = max(least, mean + min(_APART * float(valid.std()), _TOP * (float(valid.max()) - mean)))
        count = min(most, len(scores))
        places = numpy.argpartition(-scores, count - 1)[:count]
        found = [(-float(scores[place]), bytes(seen.records["id"][place])) for place in places if scores[place] >= cut]
        return [(str(uuid.UUID(bytes=one)), -score) for score, one in sorted(found)]

    def compact(self, is_kept: Callable[[str], bool]) -> None:
        """Leave out records that do not count, and those of ids that are not kept, when they are many."""
        with self._writing():
            seen = self._look()
            kept = [slot for one, slot in seen.slots.items() if is_kept(str(uuid.UUID(bytes=one)))]
            if len(kept) * 5 > len(seen.records) * 4:
                return
            path = self.folder / f"{uuid.uuid4().hex}.vectors"
            _write(path, seen.records[sorted(kept)], 0)
            self._point(replace(seen.pointer, file=path.name, records=len(kept)))
            for old in self.folder.glob("*.vectors"):
                if old != path:
                    old.unlink()

    def _nothing(self) -> _Seen:
        return _Seen(_Pointer(), numpy.zeros(0, self._type), {}, numpy.zeros(0, bool))

    def _look(self) -> _Seen:
        """The records as of now; only what was added is read."""
        with self._lock:
            while (pointer := self._pointer()) != self._seen.pointer:
                with suppress(FileNotFoundError):  # compacted meanwhile: look again
                    self._seen = self._mapped(pointer)
            return self._seen

    def _mapped(self, pointer: _Pointer) -> _Seen:
        if not pointer.records:
            return replace(self._nothing(), pointer=pointer)
        before = self._seen if self._seen.pointer.file == pointer.file else self._nothing()
        records = numpy.memmap(self.folder / pointer.file, self._type, "r", shape=(pointer.records,))
        slots = dict(before.slots)
        alive = numpy.concatenate([before.alive, numpy.ones(len(records) - len(before.records), bool)])
        added = records[len(before.records) :]
        ids, digests = _sixteens(added["id"]), _sixteens(added["digest"])
        for slot, (one, digest) in enumerate(zip(ids, digests, strict=True), len(before.records)):
            if (last := slots.pop(one, None)) is not None:
                alive[last] = False
            if digest == GONE:
                alive[slot] = False
            else:
                slots[one] = slot
        return _Seen(pointer, records, slots, alive)

    def _pointer(self) -> _Pointer:
        """Nothing when the file that it names is not there whole: then all is made anew."""
        try:
            found = _Pointer(**orjson.loads((self.folder / "CURRENT").read_bytes()))
            whole = (self.folder / found.file).stat().st_size >= found.records * self._type.itemsize
        except (FileNotFoundError, ValueError, TypeError):
            return _Pointer()
        return found if whole else _Pointer()

    def _point(self, pointer: _Pointer) -> None:
        draft = self.folder / f"CURRENT.{os.getpid()}"
        with draft.open("wb") as file:
            file.write(orjson.dumps(pointer))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / "CURRENT")

    @contextmanager
    def _writing(self) -> Iterator[_Pointer]:
        """One writer at a time, in any process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "LOCK").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._pointer()


def _write(path: Path, records: Any, after: int) -> None:
    """Records at their place in a file; what lies behind them is cut off."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.truncate(after * records.dtype.itemsize)
        file.seek(0, os.SEEK_END)
        file.write(records.tobytes())
        file.flush()
        os.fsync(file.fileno())


def _sixteens(column: Any) -> Iterator[bytes]:
    whole = column.tobytes()
    return (whole[at : at + 16] for at in range(0, len(whole), 16))


def _bytes(dataset_id: str) -> bytes:
    return uuid.UUID(dataset_id).bytes
