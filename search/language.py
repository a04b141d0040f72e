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

LONGEST = 2_000
MOST = 64
_PIECE = re.compile(r'(?P<no>(?<!\S)[-－])?(?:["“”„＂「『](?P<phrase>[^"“”＂」』]*)["“”＂」』]?|(?P<word>[^\s"“”„＂「『]+))')
_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_EVERYTHING = {"", "*", "*:*"}


@dataclass(frozen=True)
class Clause:
    """One thing that must be there, or must not. All `atoms` must match."""

    atoms: tuple[Atom, ...]
    negated: bool = False


@dataclass(frozen=True)
class Question:
    """What was understood. `everything`: nothing was asked for; `wanted` and `unwanted`: the atoms that must and must not be
    there."""

    everything: bool
    clauses: tuple[Clause, ...] = ()

    @property
    def wanted(self) -> tuple[Atom, ...]:
        return tuple(atom for clause in self.clauses if not clause.negated for atom in clause.atoms)

    @property
    def unwanted(self) -> tuple[Clause, ...]:
        return tuple(clause for clause in self.clauses if clause.negated)


def question(words: str) -> Question:
    """What `words` ask for. Raises `Invalid` only when they are more than anyone types."""
    words = words.strip()
    if words in _EVERYTHING:
        return Question(everything=True)
    if len(words) > LONGEST:
        raise Invalid(f"this is {len(words)} characters", place="words", remedy=f"Use at most {LONGEST}.")
    clauses = tuple(clause for clause in _clauses(words) if clause.atoms)
    if sum(len(clause.atoms) for clause in clauses) > MOST:
        raise Invalid("these are too many words", place="words", remedy=f"Use at most {MOST}.")
    return Question(everything=False, clauses=clauses)


def _clauses(words: str) -> Iterator[Clause]:
    for piece in _PIECE.finditer(words):
        found = atoms(piece["word"]) if piece["word"] is not None else _phrase(piece["phrase"])
        yield Clause(tuple(found), negated=bool(piece["no"]))


def _phrase(text: str) -> Iterator[Atom]:
    """One atom whose tokens follow one another. A single dense character among others is no token of the index (its run has
    bigrams), so such a phrase falls back to its atoms."""
    found = tuple(atoms(_GAP.sub("", text)))
    if len(found) < 2 or any(atom.single for atom in found):
        return iter(found)
    tokens = tuple(token for atom in found for token in atom.forms[0])
    return iter((Atom(text, (tokens,)),))
