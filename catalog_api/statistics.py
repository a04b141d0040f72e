"""How searches fare, counted in this process until it is written down (`catalog_api/flusher.py`): words, not visitors.

Words that look like an address of mail, or hold digits as a telephone or identity card number does, are counted without
themselves; so is what comes after `MOST` different ones between two writings. What remains is written down in clear only
when it was asked several times (`metadata/statistics.py`); until then a keyed digest stands for it.
"""

import hashlib
import hmac
import re
import threading
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from metadata.statistics import OTHER, Asked
from search.analysis import fold

LONGEST = 100
"""Characters of the words that are kept."""

MOST = 2_000
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the histogram of search times, in seconds; the last one is open."""

SECONDS, EMPTY, BUCKET = "search_seconds_sum", "searches_empty", "search_seconds_bucket:"
_DATE = re.compile(r"(?<!\d)(19|20)\d\d([-/.年]?\d\d?){0,2}(?!\d)")
_PERSONAL = re.compile(r"\S+@\S+|(?:\d[\s().-]{0,2}){7,}")


@dataclass
class _Count:
    searches: int = 0
    empty: int = 0
    slow: int = 0
    worst: float = 0.0
    total: float = 0.0

    def add(self, other: "_Count") -> None:
        self.searches += other.searches
        self.empty += other.empty
        self.slow += other.slow
        self.worst = max(self.worst, other.worst)
        self.total += other.total


@dataclass
class _Notes:
    """What was counted since it was last taken: by words as typed, and by the time that searches took."""

    slow_ms: float = 500.0
    words: dict[str, _Count] = field(default_factory=dict)
    buckets: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


_notes = _Notes()


def call_slow(milliseconds: float) -> None:
    """From how many milliseconds on a search counts as slow."""
    _notes.slow_ms = milliseconds


def note(words: str, total: int, milliseconds: float) -> None:
    """A visitor's search was answered: what was typed, how many datasets were found, how long it took. To be called once for a
    question: not for its further pages."""
    one = _Count(1, int(total == 0), int(milliseconds >= _notes.slow_ms), milliseconds, milliseconds)
    key = words[: 2 * LONGEST]
    with _notes.lock:
        if key not in _notes.words and len(_notes.words) >= MOST:
            key = ""
        _notes.words.setdefault(key, _Count()).add(one)
        _notes.buckets[bisect_left(BUCKETS, milliseconds / 1000)] += 1


def take(secret: str) -> tuple[list[Asked], dict[str, float]]:
    """What was counted since the last call: by words, and as numbers that grow. `secret` keys the digests of words."""
    with _notes.lock:
        words, buckets = _notes.words, _notes.buckets
        _notes.words, _notes.buckets = {}, Counter()
    told: dict[str | None, _Count] = {}
    for typed, count in words.items():
        told.setdefault(plain(typed), _Count()).add(count)
    asked = [
        Asked(_key(secret, one), one, count.searches, count.empty, count.slow, count.worst, count.total)
        for one, count in told.items()
    ]
    return asked, _numbers(asked, buckets)


def plain(words: str) -> str | None:
    """Words as they are counted: folded, blanks made one, cut; None when there are none, or when they may be personal."""
    folded = " ".join(fold(words).split())[:LONGEST].strip()
    if not folded or _PERSONAL.search(_DATE.sub("", folded)):
        return None
    return "".join(letter for letter in folded if letter.isprintable())


def _key(secret: str, words: str | None) -> str:
    if words is None:
        return OTHER
    return hmac.new(secret.encode(), words.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def _numbers(asked: list[Asked], buckets: Counter[int]) -> dict[str, float]:
    bounds = [*map(str, BUCKETS), "+Inf"]
    found = {f"{BUCKET}{bounds[place]}": float(count) for place, count in buckets.items()}
    return {**found, SECONDS: sum(one.total for one in asked) / 1000, EMPTY: float(sum(one.empty for one in asked))}
