"""Records are examined in a second process, while this one stores those before them.

To check a record and read it costs more than to store it, and Python does one thing at a time: two processes take a
quarter to a third off a first harvest. The second one is started when a run has read many records anew, one at a time for all
runs of a process. It is given records of the next batch before it is known which of them have to be read: that many do is
guessed from
the batch before. Whatever it cannot do (a standard made from settings, a record on which it broke, its own end) is done here.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType

from harvesters import examining_words as words
from harvesters.base import Batch
from harvesters.examining import examine
from harvesters.examining_beside import Beside
from metadata.packing import Packed
from metadata.reading import FORGOTTEN, Noted, Outcome, Said, Taken
from standards.base import Standard
from standards.table import STANDARDS

WORTH = 1_000
"""Records read anew in one run from which on a second process saves more than its start costs."""

_LARGEST = 32 << 20  # bytes of records that are given away at once
_only = threading.Lock()


@dataclass(frozen=True)
class Walked:
    """A batch, and its records as they were taken; of the records in the batch itself only those without a body remain."""

    batch: Batch
    taken: list[Taken]


@dataclass(frozen=True)
class _Read:
    """A record that was examined elsewhere: `metadata.reading.Outcome`."""

    taken: Taken
    findings: Sequence[Noted]
    said: Said | None
    description: Packed | None
    record: Packed


class Examiner:
    """Examines the records of one run. Used in a `with` block, with `ahead` around the walk."""

    def __init__(self, standard: Callable[[str], Standard], worth: int = WORTH) -> None:
        self._standard, self._worth = standard, worth
        self._beside: Beside | None = None
        self._next: list[Taken] = []  # the batch after the one that was given
        self._away: list[tuple[Taken, str]] = []  # what is examined there, and its form
        self._share = _Share()
        self._expecting = False  # whether most records of the next batch will have to be read
        self._able: dict[str, bool] = {}

    def __enter__(self) -> "Examiner":
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None) -> None:
        self._let_go()

    def ahead(self, walk: Iterator[Walked]) -> Iterator[Walked]:
        """The same batches, each given when the next one is there already, if there is a second process to examine that one
        meanwhile. What the walk raises is raised after the batches before it."""
        failures: list[Exception] = []
        held: Walked | None = None
        for one in _up_to(walk, failures):
            if held is not None:
                self._next = one.taken
                yield held
                held = one
            elif self._beside is not None and self._beside.is_ready:
                self._give_away(one.taken)
                held = one
            else:
                yield one
        self._next = []
        if held is not None:
            yield held
        if failures:
            raise failures[0]

    def readings(self, fresh: Sequence[Taken], of: int) -> list[Outcome]:
        """What became of these records, in their order; they are those to be read `of` so many in the batch given last."""
        told = self._told()
        self._expecting = 2 * len(fresh) > of
        self._worth -= len(fresh)
        if self._next:
            self._give_away(self._next)
        elif self._worth <= 0 and self._beside is None:
            self._start()
        return [self._outcome(one, told) for one in fresh]

    def _outcome(self, taken: Taken, told: dict[int, words.Answer]) -> Outcome:
        answer = told.get(id(taken))
        if answer is not None and answer.record is not None:
            record = Packed(taken.digest, answer.record.size, answer.record.data)
            return _Read(taken, answer.findings, answer.said, answer.description, record)
        return examine(taken, self._standard(taken.standard) if taken.standard else None)

    def _give_away(self, taken: Sequence[Taken]) -> None:
        """Has a share of these records examined beside, if most of them will have to be."""
        if not self._expecting or self._beside is None:
            return
        able = [one for one in taken if self._is_able(one.standard)]
        able = able[: int(len(able) * self._share.size)]
        if not able or sum(len(one.raw) for one in able) > _LARGEST:
            return
        questions = [words.question(one) for one in able]
        if self._beside.ask(questions):
            self._away = [(one, asked.form) for one, asked in zip(able, questions, strict=True)]
            for one in able:
                one.body = FORGOTTEN
        else:
            self._let_go()

    def _told(self) -> dict[int, words.Answer]:
        """The answers to what was given away, by the record's `id`. Where there is none, the record has its body again."""
        if not self._away or self._beside is None:
            return {}
        with self._share.waiting():
            answers = self._beside.answers()
        if not answers:
            self._let_go()
            answers = [words.Answer()] * len(self._away)
        for (taken, form), answer in zip(self._away, answers, strict=True):
            if answer.record is None:
                taken.body = words.body(form, taken.raw)
        told = {id(taken): answer for (taken, _), answer in zip(self._away, answers, strict=True)}
        self._away = []
        return told

    def _is_able(self, name: str) -> bool:
        """Whether the other process has this standard too."""
        if name not in self._able:
            self._able[name] = bool(name) and STANDARDS.is_built_in(name) and self._standard(name) is STANDARDS.get(name)
        return self._able[name]

    def _start(self) -> None:
        self._worth = WORTH  # when it cannot be started now, later perhaps
        if _cores() < 2 or not _only.acquire(blocking=False):
            return
        try:
            self._beside = Beside()
        except OSError:  # no more processes, no memory
            _only.release()

    def _let_go(self) -> None:
        if self._beside is not None:
            self._beside.close()
            self._beside = None
            _only.release()


class _Share:
    """Which part of a batch is given away: as much as is done when this process comes to fetch it."""

    def __init__(self) -> None:
        self.size = 0.8
        self._since = time.monotonic()

    def waiting(self) -> "_Share":
        """A `with` block around waiting for the other process."""
        return self

    def __enter__(self) -> None:
        self._begun = time.monotonic()

    def __exit__(self, *_: object) -> None:
        ended = time.monotonic()
        waited = (ended - self._begun) / max(ended - self._since, 1e-9)
        self.size = max(0.3, self.size - 0.03) if waited > 0.04 else min(1.0, self.size + 0.01)
        self._since = ended


def _up_to(walk: Iterator[Walked], failures: list[Exception]) -> Iterator[Walked]:
    """The batches before the walk fails; the failure is left in the list."""
    try:
        yield from walk
    except Exception as problem:
        failures.append(problem)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
