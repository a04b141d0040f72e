"""What a visitor typed → what is looked for. Pure, and every text is valid.

Words must all be there, in any order. `"…"` (in either width, or 「…」) is a phrase: its words follow one another. A `-` before
a word or a phrase, after a blank or at the start, leaves out what has it. An open quote runs to the end. `*` and `*:*` alone
ask for everything; a text without a single letter or digit asks for nothing that could be found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from metadata.errors import Invalid
from search.analysis import Atom, atoms
from search.base import Range

LONGEST = 2_000
MOST = 64
_PIECE = re.compile(r'(?P<no>(?<!\S)[-－])?(?:["“”„＂「『](?P<phrase>[^"“”＂」』]*)["“”＂」』]?|(?P<word>[^\s"“”„＂「『]+))')
_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_EVERYTHING = {"", "*", "*:*"}


@dataclass(frozen=True)
class Wish:
    """One thing looked for. `kind`: `word`, `phrase` and `prefix` want all `atoms` (in `field`, one of `search.fields.TEXTS`,
    when it was said); `facet` wants one of `values` in the facet `field`, or, where `atoms` are given as well, these in the
    text fields they name; `range` wants the date or number `field` within `bounds`. `text` is what was typed for it."""

    kind: str
    text: str
    atoms: tuple[Atom, ...] = ()
    field: str | None = None
    values: tuple[str, ...] = ()
    bounds: Range = (None, None)


@dataclass(frozen=True)
class Clause:
    """One of `wishes` must be there; none of them when negated."""

    wishes: tuple[Wish, ...]
    negated: bool = False


@dataclass(frozen=True)
class Question:
    """What was understood; every clause must hold. `everything`: nothing was asked for. Without clauses, and not for
    everything, it finds nothing."""

    everything: bool
    clauses: tuple[Clause, ...] = ()

    @property
    def wanted(self) -> tuple[Atom, ...]:
        """Every atom that is asked for, those of all alternatives: what is marked in a hit."""
        return tuple(
            atom for clause in self.clauses if not clause.negated for wish in clause.wishes for atom in wish.atoms
        )


def question(words: str) -> Question:
    """What `words` ask for. Raises `Invalid` only when they are more than anyone types."""
    words = words.strip()
    if words in _EVERYTHING:
        return Question(everything=True)
    if len(words) > LONGEST:
        raise Invalid(f"this is {len(words)} characters", place="words", remedy=f"Use at most {LONGEST}.")
    clauses = tuple(_clauses(words))
    if sum(len(wish.atoms) for clause in clauses for wish in clause.wishes) > MOST:
        raise Invalid("these are too many words", place="words", remedy=f"Use at most {MOST}.")
    return Question(everything=False, clauses=clauses)


def _clauses(words: str) -> Iterator[Clause]:
    for piece in _PIECE.finditer(words):
        if piece["word"] is not None:
            wish = Wish("word", piece["word"], tuple(atoms(piece["word"])))
        else:
            wish = Wish("phrase", piece["phrase"], tuple(_phrase(piece["phrase"])))
        if wish.atoms:
            yield Clause((wish,), negated=bool(piece["no"]))


def _phrase(text: str) -> Iterator[Atom]:
    """One atom whose tokens follow one another. A single dense character among others is no token of the index (its run has
    bigrams), so such a phrase falls back to its atoms."""
    found = tuple(atoms(_GAP.sub("", text)))
    if len(found) < 2 or any(atom.single for atom in found):
        return iter(found)
    tokens = tuple(token for atom in found for token in atom.forms[0])
    return iter((Atom(text, (tokens,)),))
