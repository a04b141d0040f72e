"""A second process that examines records (`examining_process.py`), as the first one holds it."""

import os
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import IO, cast

import structlog

from harvesters import examining_words as words

_PATIENCE = 2.0  # seconds that it has to end
_log = structlog.get_logger("mulu.harvest")
_peak = [0]


def peak_kib() -> int:
    """The most memory that such a process of this one has had, in KiB; 0 when there was none."""
    return _peak[0]


class Beside:
    """The process. It is asked one list of questions at a time, and ends with this one, however this one ends. Raises `OSError`
    when it cannot be started."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, sys.path))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "harvesters.examining_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._to = Connection(_own(self._process.stdin), readable=False)
        self._from = Connection(_own(self._process.stdout), writable=False)
        self._begun = False

    @property
    def is_ready(self) -> bool:
        """Whether it has started: before that it would have to be waited for."""
        if not self._begun and self._from.poll():
            with suppress(EOFError, OSError):
                self._begun = bool(self._from.recv_bytes())
        return self._begun

    def ask(self, questions: list[words.Question]) -> bool:
        """Gives it work; False when it is gone."""
        try:
            self._to.send_bytes(words.encode(questions))
        except OSError:
            return self._lost()
        return True

    def answers(self) -> list[words.Answer]:
        """Its answers, in the order of the questions; none when it is gone."""
        try:
            told = words.answers(self._from.recv_bytes())
        except (EOFError, OSError):
            self._lost()
            return []
        _peak[0] = max(_peak[0], told.peak)
        return told.answers

    def close(self) -> None:
        """Ends it."""
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _lost(self) -> bool:
        _log.warning("the process that examines records has ended; going on without it", code=self._process.poll())
        return False


def _own(pipe: IO[bytes] | None) -> int:
    """A descriptor of one's own of a pipe, which is closed."""
    held = cast(IO[bytes], pipe)
    with held:
        return os.dup(held.fileno())
