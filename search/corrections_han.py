"""Runs of Chinese that are like one that was typed: read alike, or with one character wrong, missing or too many."""

from collections import Counter
from collections.abc import Iterator
from operator import add

from rapidfuzz.distance import OSA

from search.analysis import runs
from search.document_completions import PARTED
from search.order import Order
from search.pinyin import Syllables, han_runs, readings
from search.plan import Either, Index, Lookup, Node, Phrase, Row, Term, Together
from search.suggest import PUBLIC

_ROWS = 100
_LONGEST = 12
"""Characters of a run that is compared."""

_SURE = 3
"""Characters that have to be right around one that is not."""


def by_sound(index: Index, run: str) -> Iterator[str]:
    """Runs that are read alike, the most frequent in titles first; then those of keywords and publishers."""
    if han_runs(run) != [run] or not 2 <= len(run) <= _LONGEST:
        return
    sounds = [read for read in readings(run) if len(read) == len(run)]
    if not sounds:
        return
    titles = Counter(_alike(_titles(index, Either(tuple(Phrase("pinyin", read) for read in sounds))), sounds, run))
    yield from (other for other, _ in titles.most_common())
    lines = index.completions("".join(sounds[0]), 20)
    yield from _alike((line.split(PARTED)[1][1:] for line, _ in lines), sounds, run)


def by_characters(index: Index, run: str) -> Iterator[str]:
    """Runs that differ by one character, or by two neighbours that changed places, the most frequent first. A difference inside
    is likelier than one at an end, and both than a character too many: only the likeliest are given."""
    if not _SURE <= len(run) <= _LONGEST:
        return
    nodes = tuple(dict.fromkeys(_around(left, right) for left, right in _sides(run) if len(left) + len(right) >= _SURE))
    if not nodes:
        return
    found = Counter(other for title in _titles(index, Either(nodes)) for other in _near(title, run))
    likeliest = min((_unlikely(run, other) for other in found), default=0)
    yield from sorted(
        (other for other in found if _unlikely(run, other) == likeliest), key=lambda other: (-found[other], other)
    )


def _alike(texts: Iterator[str], sounds: list[Syllables], run: str) -> Iterator[str]:
    """The parts of texts that are read like this, other than the run itself."""
    size = len(run)
    for text in texts:
        for part in han_runs(text):
            for read in readings(part):
                if len(read) == len(part):
                    yield from (
                        part[at : at + size]
                        for at in range(len(part) - size + 1)
                        if read[at : at + size] in sounds and part[at : at + size] != run
                    )


def _sides(run: str) -> Iterator[tuple[str, str]]:
    """What stands before and behind a character that is wrong or too many, one that is missing, two that changed places."""
    for place in range(len(run)):
        yield run[:place], run[place + 1 :]
        if place:
            yield run[:place], run[place:]
        if place < len(run) - 1:
            yield run[:place], run[place + 2 :]


def _around(left: str, right: str) -> Node:
    sides = tuple(_has(side) for side in (left, right) if side)
    return sides[0] if len(sides) == 1 else Together(sides)


def _has(part: str) -> Node:
    """Titles that have some characters side by side."""
    if len(part) == 1:
        return Term("title_characters", part)
    pairs = tuple(map(add, part, part[1:]))
    return Phrase("title", pairs) if len(pairs) > 1 else Term("title", pairs[0])


def _near(title: str, run: str) -> set[str]:
    """The parts of a title that are one edit away."""
    found = set[str]()
    for part in runs(title):
        for size in (len(run) - 1, len(run), len(run) + 1):
            for other in (part[at : at + size] for at in range(len(part) - size + 1)):
                if run not in other and OSA.distance(run, other, score_cutoff=1) == 1:
                    found.add(other)
    return found


def _unlikely(run: str, other: str) -> int:
    """0 for a difference inside, 1 for one at an end, 2 for a character too many."""
    if len(other) < len(run):
        return 2
    return int(run[0] != other[0] or run[-1] != other[-1])


def _titles(index: Index, node: Node) -> Iterator[str]:
    rows = index.look(Lookup(Together((node, PUBLIC)), Order("relevance", down=True), limit=_ROWS)).rows
    return (title for row in rows for title in _all_titles(row))


def _all_titles(row: Row) -> list[str]:
    return list(row.shown["title"].values())
