"""What a visitor typed, cut into pieces: words, phrases, names before a colon, and which of them are alternatives. Pure.

Every text can be cut. The one pattern looks at each character a bounded number of times, so a long text takes no longer than
its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_QUOTES = '"“”„＂「『'
_PIECE = re.compile(
    rf"""[(（\[【]*                                        # brackets say nothing
    (?:(?P<bar>[|｜]+)
    |(?P<no>(?<![^\s(（\[【|｜])[-－−](?=[^\s|｜])[(（\[【]*)?
     (?:(?P<name>[^\s{_QUOTES}|｜:：]{{1,40}}[:：])?[{_QUOTES}](?P<phrase>[^"“”＂」』]*)["“”＂」』]?
     |(?P<word>[^\s{_QUOTES}|｜]+)))""",
    re.VERBOSE,
)  # fmt: skip
_COLON = re.compile("[:：]")
_OR = {"OR", "ＯＲ"}
_AND = {"AND", "ＡＮＤ"}
_CLOSING = ")）]】"


@dataclass(frozen=True)
class Piece:
    """`text` is what is between quotes (`quoted`), or a word, without the `name` before its colon. `joint`: an `OR`, `|` or
    `AND` that stood alone. `start` and `end` say where it was."""

    text: str
    start: int
    end: int
    name: str = ""
    quoted: bool = False
    negated: bool = False
    joint: str = ""


def alternatives(words: str) -> Iterator[tuple[Piece, ...]]:
    """The pieces of a text, those that `OR` binds together in one tuple. A `-` before the first of them is for all; a `-`
    before a later one begins anew, for "this, or not that" is nothing that anyone looks for."""
    group: list[Piece] = []
    bound = False
    for piece in _without_loose_joints(list(_pieces(words))):
        if piece.joint:
            bound = piece.joint == "OR"
            continue
        if group and not (bound and (group[0].negated or not piece.negated)):
            yield tuple(group)
            group = []
        group.append(piece)
        bound = False
    if group:
        yield tuple(group)


def _pieces(words: str) -> Iterator[Piece]:
    """Pieces in order. After a `|` without blanks a value has the name of the one before: `format:csv|json`."""
    before: tuple[Piece | None, Piece | None] = (None, None)
    for found in _PIECE.finditer(words):
        piece = _piece(found)
        first, bar = before
        if first and bar and bar.joint and not piece.name and first.end == bar.start and bar.end == piece.start:
            piece = replace(piece, name=first.name)
        yield piece
        before = bar, piece


def _piece(found: re.Match[str]) -> Piece:
    start, end = found.span()
    negated = bool(found["no"])
    if found["bar"]:
        return Piece("", start, end, joint="OR")
    if found["phrase"] is not None:
        return Piece(found["phrase"], start, end, (found["name"] or "")[:-1], True, negated)
    word = found["word"].rstrip(_CLOSING)
    if not negated and word in _OR | _AND:
        return Piece(word, start, end, joint="OR" if word in _OR else "AND")
    name, *rest = _COLON.split(word, maxsplit=1)
    return Piece(rest[0], start, end, name, negated=negated) if rest else Piece(word, start, end, negated=negated)


def _without_loose_joints(pieces: list[Piece]) -> Iterator[Piece]:
    """An `OR` or `AND` with nothing before or behind it is a word (Portland, OR); a `|` is nothing there."""
    for index, piece in enumerate(pieces):
        if not piece.joint or 0 < index < len(pieces) - 1:
            yield piece
        elif piece.text:
            yield replace(piece, joint="")
