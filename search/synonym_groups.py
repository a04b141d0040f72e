"""Words that mean the same: what is asked for in one of them is found in the others. Pure.

A line is one group: `公交=公共交通`, or with commas or tabs; `a, b => c` goes one way only: who types `a` finds `c` too. What
follows a `#` is a remark. A name in Chinese is met within a run (公交线路 also finds 公共交通线路), others as whole words, also
several of them. Width, case, traditional characters and plurals do not matter. A line that cannot be used is told, and the
others are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, product

from metadata.errors import Invalid
from search.analysis import Atom, atoms, fold, runs

FORMS = 8
"""Forms of one atom, with the one that was typed."""

_LONGEST_TERM, _LONGEST_RUN, _MOST_TERMS = 60, 60, 20
_ARROW = re.compile(r"=>|＝＞|⇒")
_PARTED = re.compile(r"[=＝,，、\t;；]")


@dataclass(frozen=True)
class Synonyms:
    """`within`: a run of a dense script → what means the same; `named`: the tokens of other names → the same. `sizes` are the
    lengths of the keys of `within`, longest first; `most` words has the longest name."""

    within: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()
    most: int = 1

    def of_words(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """What means the same as a whole name, by its tokens."""
        return self.named.get(tokens, ())

    def widened(self, atom: Atom) -> tuple[Atom, tuple[str, ...]]:
        """The atom with further forms, and the words these stand for. At most `FORMS` in all."""
        others = self.of_words(atom.forms[0]) or self._of_run(atom)
        forms = {form: words for words in others if (form := phrase(words)) and form not in atom.forms}
        kept = dict(islice(forms.items(), max(0, FORMS - len(atom.forms))))
        return (replace(atom, forms=(*atom.forms, *kept)), tuple(kept.values())) if kept else (atom, ())

    def _of_run(self, atom: Atom) -> tuple[str, ...]:
        """A run with what it holds replaced: the fewer replacements the earlier."""
        if not self.sizes or not self.sizes[-1] <= len(atom.text) <= _LONGEST_RUN or runs(atom.text) != [atom.text]:
            return ()
        pieces = list(self._pieces(atom.text))
        if len(pieces) < 2 and len(pieces[0]) < 2:
            return ()
        ways = sorted(islice(product(*map(range, map(len, pieces))), 8 * FORMS), key=lambda way: sum(map(bool, way)))
        return tuple("".join(piece[one] for piece, one in zip(pieces, way, strict=True)) for way in ways[1 : 2 * FORMS])

    def _pieces(self, run: str) -> Iterator[tuple[str, ...]]:
        """A run cut into names, each with what means the same, and what lies between them; leftmost and longest first."""
        place = between = 0
        while place < len(run):
            size = next((size for size in self.sizes if run[place : place + size] in self.within), 0)
            if size:
                if place > between:
                    yield (run[between:place],)
                yield run[place : place + size], *self.within[run[place : place + size]]
                between = place + size
            place += size or 1
        if between < len(run):
            yield (run[between:],)


NONE = Synonyms()


@lru_cache(maxsize=20_000)
def phrase(words: str) -> tuple[str, ...]:
    """The tokens of a text as a phrase; none when one of its parts is a single character of a dense script, which the index
    does not know as a token."""
    found = tuple(atoms(words))
    return () if any(atom.single for atom in found) else tuple(token for atom in found for token in atom.forms[0])


def read(text: str, place: str = "synonyms", base: Synonyms | None = None) -> tuple[Synonyms, tuple[Invalid, ...]]:
    """The groups of a file, with those of `base`, and what is wrong with its lines."""
    pairs: list[tuple[str, str]] = []
    problems: list[Invalid] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        try:
            pairs += _pairs(line.partition("#")[0].strip())
        except Invalid as problem:
            told = Invalid(problem.message, place=f"{place}, line {number}", value=problem.value, remedy=problem.remedy)
            problems.append(told)
    return _of_pairs(pairs, base or NONE), tuple(problems)


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """What is typed, and what is found too. Raises `Invalid`."""
    if not line:
        return
    sides = [_terms(side) for side in _ARROW.split(line)]
    if len(sides) > 2 or not all(sides) or (len(sides) == 1 and len(sides[0]) < 2):
        raise Invalid("this is no group", value=line, remedy="Write a=b, or a, b, c, or a => b.")
    yield from ((one, other) for one in sides[0] for other in sides[-1] if one != other)


def _terms(side: str) -> list[str]:
    terms = list(dict.fromkeys(" ".join(fold(term).split()) for term in _PARTED.split(side) if term.strip()))
    if len(terms) > _MOST_TERMS:
        raise Invalid(f"these are {len(terms)} names", value=side, remedy=f"Use at most {_MOST_TERMS} in one group.")
    for term in terms:
        if len(term) > _LONGEST_TERM:
            raise Invalid("this name is too long", value=term, remedy=f"Use at most {_LONGEST_TERM} characters.")
        if not phrase(term):
            remedy = "Use names of at least two characters, each part of them too."
            raise Invalid("this cannot stand for something else", value=term, remedy=remedy)
    return terms


def _of_pairs(pairs: Iterable[tuple[str, str]], base: Synonyms) -> Synonyms:
    within = {key: dict.fromkeys(others) for key, others in base.within.items()}
    named = {key: dict.fromkeys(others) for key, others in base.named.items()}
    for one, other in pairs:
        if runs(one) == [one]:
            within.setdefault(one, {})[other] = None
        else:
            named.setdefault(phrase(one), {})[other] = None
    return Synonyms(
        {key: tuple(others) for key, others in within.items()},
        {key: tuple(others) for key, others in named.items()},
        tuple(sorted(set(map(len, within)), reverse=True)),
        max(map(len, named), default=1),
    )
