"""The synonyms in use: those that come with Mulu and those of an operator's file, read again when it changes.

`synonyms.txt` beside this file holds names that public bodies shorten in writing; what the lines mean is told in
`search.synonym_groups`.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from time import monotonic

import structlog

from metadata.errors import Invalid
from search.synonym_groups import Synonyms, read

LARGEST = 4_000_000
"""Bytes of a file; a larger one is none of synonyms."""

_EVERY = 1.0
_SHIPPED = Path(__file__).with_name("synonyms.txt")
_log = structlog.get_logger()
_Stamp = tuple[int, int, int]


def synonyms(path: Path | None) -> Synonyms:
    """The synonyms as they are now; `path` is the operator's file."""
    return _file(path).now()


@cache
def _shipped() -> Synonyms:
    return read(_SHIPPED.read_text("utf-8"), str(_SHIPPED))[0]


@cache
def _file(path: Path | None) -> "SynonymFile":
    return SynonymFile(path)


class SynonymFile:
    """Looks at most once a second whether the file has changed. What is wrong with it is logged and kept in `problems`; when it
    cannot be read, what was read before stays. Safe between threads."""

    def __init__(self, path: Path | None, clock: Callable[[], float] = monotonic) -> None:
        self.problems: tuple[Invalid, ...] = ()
        self._path = path
        self._clock = clock
        self._lock = Lock()
        self._next = clock() if path else float("inf")
        self._stamp: _Stamp | str | None = ""
        self._synonyms = _shipped()

    def now(self) -> Synonyms:
        """The synonyms as they are now."""
        if self._path and self._clock() >= self._next and self._lock.acquire(blocking=False):
            try:
                self._look(self._path)
                self._next = self._clock() + _EVERY
            finally:
                self._lock.release()
        return self._synonyms

    def _look(self, path: Path) -> None:
        stamp = _stamp(path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            text = _text(path, stamp)
        except Invalid as problem:
            self.problems = (problem,)
        else:
            self._synonyms, self.problems = read(text, str(path), _shipped())
        for told in self.problems:
            _log.warning("synonyms", problem=str(told))


def _stamp(path: Path) -> _Stamp | None:
    """What changes when the file does; None when it is not there."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino


def _text(path: Path, stamp: _Stamp | None) -> str:
    if stamp and stamp[1] > LARGEST:
        raise Invalid(f"this is {stamp[1]} bytes", place=str(path), remedy=f"Use at most {LARGEST}.")
    try:
        return path.read_text("utf-8-sig")
    except OSError as problem:
        raise Invalid("this cannot be read", place=str(path), value=problem.strerror, remedy="Put a file there.") from None
    except UnicodeDecodeError:
        raise Invalid("this is no UTF-8", place=str(path), remedy="Save it as UTF-8.") from None
