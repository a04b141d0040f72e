"""What matched, marked. Pure.

Matches are found in the folded text and marked in the text as it is, so that a traditional, full-width or accented word is
marked by its simplified, narrow or plain form. The result is HTML: everything else is escaped.
"""

from collections.abc import Iterable, Iterator
from html import escape

from search.analysis import Atom, fold, fold_with_offsets, runs, words

WINDOW = 200
_BEFORE = 40


def highlight(text: str, wanted: Iterable[Atom], window: int | None = None) -> str | None:
    """`text` with `<mark>` around what any of `wanted` matches, None when nothing does; with `window`, about that many
    characters around the first match."""
    folded, offsets = fold_with_offsets(text)
    found = sorted((offsets[start], _after(text, offsets[end - 1])) for start, end in _found(folded, tuple(wanted)))
    if not found:
        return None
    start, end = (0, len(text)) if window is None else _window(text, found[0][0], window)
    marked = "".join(_pieces(text, found, start, end))
    return f"{'…' if start else ''}{marked}{'…' if end < len(text) else ''}"


def _found(folded: str, wanted: tuple[Atom, ...]) -> Iterator[tuple[int, int]]:
    """Places in the folded text: of dense runs by their characters, of words by their tokens."""
    tokens: set[str] = set()
    for atom in wanted:
        for run in runs(atom.text):
            yield from _places(folded, run)
        tokens.update(token for form in atom.forms for token in form if token.isascii() or len(form) == 1)
    for start, end, given in words(folded):
        if given & tokens:
            yield start, end


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
