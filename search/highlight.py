"""What matched, marked. Pure.

Matches are found in the folded text and marked in the text as it is, so that a traditional, full-width or accented word is
marked by its simplified, narrow or plain form, a synonym as well as what was typed, and Chinese by its pinyin. The result is
HTML: everything else is escaped.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise

from search.analysis import Atom, fold, fold_with_offsets, is_dense, runs, words
from search.pinyin import han_runs, readings

WINDOW = 200
_BEFORE = 40


def highlight(text: str, wanted: Iterable[Atom], window: int | None = None) -> str | None:
    """`text` with `<mark>` around what any of `wanted` matches, None when nothing does; with `window`, about that many
    characters around the first match."""
    folded, offsets = _folded(text)
    found = sorted((offsets[start], _after(text, offsets[end - 1])) for start, end in _found(folded, tuple(wanted)))
    if not found:
        return None
    start, end = (0, len(text)) if window is None else _window(text, found[0][0], window)
    marked = "".join(_pieces(text, found, start, end))
    return f"{'…' if start else ''}{marked}{'…' if end < len(text) else ''}"


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The folded text and where each of its characters comes from; quickly where each character stays one."""
    return (fold(text), range(len(text))) if all(map(_stays_one, set(text))) else fold_with_offsets(text)


@lru_cache(maxsize=50_000)
def _stays_one(character: str) -> bool:
    return len(fold(character)) == 1


@dataclass(frozen=True)
class _Sought:
    """What atoms can match: `runs` of dense scripts, words by a token (`tokens`), by how it begins (`begun`), several words by
    tokens in a row (`rows`); Chinese by its `syllables`, or the first letters of these (`initials`)."""

    runs: tuple[str, ...]
    tokens: frozenset[str]
    begun: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    syllables: tuple[tuple[str, ...], ...]
    initials: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=500)
def _sought(wanted: tuple[Atom, ...]) -> _Sought:
    typed = [atom for atom in wanted if not _is_read(atom)]
    forms = [form for atom in typed if not atom.begun for form in atom.forms]
    found = [*(run for atom in typed for run in runs(atom.text)), *(run for form in forms for run in _runs(form))]
    return _Sought(
        tuple(dict.fromkeys(found)),
        frozenset(token for form in forms if len(form) == 1 or _runs(form) for token in form if not is_dense(token[0])),
        tuple(form[0] for atom in typed if atom.begun for form in atom.forms),
        tuple(form for form in forms if len(form) > 1 and not _runs(form)),
        tuple(form for atom in wanted if "pinyin" in atom.fields for form in atom.forms),
        tuple(form for atom in wanted if "initials" in atom.fields for form in atom.forms),
    )


def _is_read(atom: Atom) -> bool:
    return "pinyin" in atom.fields or "initials" in atom.fields


def _runs(form: tuple[str, ...]) -> list[str]:
    """The runs of dense scripts that a phrase of tokens was made of: neighbouring pairs share a character."""
    found: list[str] = []
    before = ""
    for token in form:
        if is_dense(token[0]) and before and before[-1] == token[0]:
            found[-1] += token[1:]
        elif is_dense(token[0]):
            found.append(token)
        before = token if is_dense(token[0]) else ""
    return found


def _found(folded: str, wanted: tuple[Atom, ...]) -> Iterator[tuple[int, int]]:
    """Places in the folded text: of dense runs by their characters, of words by their tokens."""
    sought = _sought(wanted)
    for run in (*sought.runs, *_read(folded, sought)):
        yield from _places(folded, run)
    if not (sought.tokens or sought.begun or sought.rows):
        return
    there = list(words(folded))
    for start, end, given in there:
        if given & sought.tokens or (sought.begun and any(token.startswith(sought.begun) for token in given)):
            yield start, end
    if sought.begun:
        yield from _standards(folded, there, sought.begun)
    for row in sought.rows:
        yield from _in_a_row(there, row)


def _standards(folded: str, there: list[tuple[int, int, frozenset[str]]], begun: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Names of standards that begin so in their joined form: `GB/T 21063` by `gbt210`."""
    for (start, end, _), (left, right, _) in pairwise(there):
        letters = folded[start:end]
        if "/" in letters and (letters.replace("/", "") + folded[left:right]).startswith(begun):
            yield from ((start, end), (left, right))


def _in_a_row(there: list[tuple[int, int, frozenset[str]]], row: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Words that follow one another and give all tokens of a row, in order."""
    for first, (_, _, given) in enumerate(there):
        if row[0] not in given:
            continue
        met, place = 0, first
        while place < len(there) and met < len(row) and row[met] in there[place][2]:
            while met < len(row) and row[met] in there[place][2]:
                met += 1
            place += 1
        if met == len(row):
            yield from ((start, end) for start, end, _ in there[first:place])


def _read(folded: str, sought: _Sought) -> Iterator[str]:
    """Parts of Han runs that are read as is asked for."""
    if not (sought.syllables or sought.initials):
        return
    for run in dict.fromkeys(han_runs(folded)):
        for reading in readings(run):
            if len(reading) == len(run):
                yield from _parts_read(run, reading, sought.syllables)
                yield from _parts_read(run, tuple(syllable[0] for syllable in reading), sought.initials)


def _parts_read(run: str, reading: tuple[str, ...], forms: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    for form in forms:
        for place in range(len(reading) - len(form) + 1):
            if reading[place : place + len(form)] == form:
                yield run[place : place + len(form)]


def _places(folded: str, run: str) -> Iterator[tuple[int, int]]:
    place = folded.find(run)
    while place >= 0:
        yield place, place + len(run)
        place = folded.find(run, place + len(run))


def _after(text: str, last: int) -> int:
    """Where a match ends whose last character is at `last`: behind it and behind the accents that follow it."""
    end = last + 1
    while end < len(text) and not fold(text[end]):
        end += 1
    return end


def _window(text: str, first: int, size: int) -> tuple[int, int]:
    start = max(0, first - _BEFORE)
    if start:
        blank = text.rfind(" ", start, first)
        start = blank + 1 if blank > 0 else start
    return start, min(len(text), start + size)


def _pieces(text: str, found: list[tuple[int, int]], start: int, end: int) -> Iterator[str]:
    place = start
    for left, right in _merged(found):
        left, right = max(left, start), min(right, end)
        if left >= right or left < place:
            continue
        yield escape(text[place:left])
        yield f"<mark>{escape(text[left:right])}</mark>"
        place = right
    yield escape(text[place:end])


def _merged(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    left, right = found[0]
    for start, end in found[1:]:
        if start > right:
            yield left, right
            left, right = start, end
        else:
            right = max(right, end)
    yield left, right
