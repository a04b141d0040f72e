"""Other readings of a question, for when nothing is found as it was typed. Pure.

`gonggong jiaotong` and `ggjt` are taken for Mandarin in letters; a long run of Chinese is cut in parts that must all be there,
though not side by side. What was typed stays an alternative, so a reading never finds less.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, combinations, islice, pairwise, product

from search.analysis import Atom, atoms, runs
from search.language import Clause, Question, Wish
from search.syllables import MOST, cuts, initials
from search.synonym_groups import NONE, Synonyms

WAYS = 30
"""Ways of cutting one run."""

_SHORTEST = 2
_LONGEST = 60
_Reader = Callable[[Wish], Iterator[Wish]]


def as_pinyin(question: Question) -> Question | None:
    """The question with words of plain letters read as Mandarin too: as syllables, or as their first letters where they are
    no syllables. None when no word can be read so."""
    return _reread(question, _in_pinyin)


def in_parts(question: Question, parts: int, synonyms: Synonyms = NONE) -> Question | None:
    """The question with its runs of at least `2 * parts` characters cut into so many parts of at least two characters, in each
    way, at most `WAYS`. Phrases stay whole. None when there is nothing to cut."""
    return _reread(question, lambda wish: _cut(wish, parts, synonyms))


def _reread(question: Question, read: _Reader) -> Question | None:
    clauses = tuple(clause if clause.negated else _with_readings(clause, read) for clause in question.clauses)
    return None if clauses == question.clauses else replace(question, clauses=clauses)


def _with_readings(clause: Clause, read: _Reader) -> Clause:
    return Clause(tuple(dict.fromkeys(found for wish in clause.wishes for found in (wish, *islice(read(wish), WAYS)))))


def _in_pinyin(wish: Wish) -> Iterator[Wish]:
    """The reading of one wish, if it has one. What it names a field for cannot be read: readings have none."""
    if wish.field or wish.added or wish.kind not in ("word", "phrase"):
        return
    read = _phrase_read(wish) if wish.kind == "phrase" else tuple(map(_word_read, wish.atoms, _letters(wish)))
    if read != wish.atoms:
        words = " ".join(" ".join(atom.forms[0]) if atom.fields else atom.text for atom in read)
        yield replace(wish, text=words, atoms=read, also=(), added=True)


def _letters(wish: Wish) -> Iterator[str]:
    """For each atom what was typed for it; folding has made `u` of `ü`."""
    written = wish.text if len(wish.atoms) == 1 else ""
    return (_plain(written or atom.text) for atom in wish.atoms)


def _plain(word: str) -> str:
    """A word in plain small letters, `ü` as `v`, without tones."""
    parted = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).lower()).replace("u\u0308", "v")
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def _word_read(atom: Atom, letters: str) -> Atom:
    """An atom as syllables, else as first letters, else as it is."""
    if found := cuts(letters):
        return Atom(atom.text, found, fields=("pinyin",))
    return Atom(atom.text, (begin,), fields=("initials",)) if (begin := initials(letters)) else atom


def _phrase_read(wish: Wish) -> tuple[Atom, ...]:
    """A phrase all of whose words are syllables; any other as it is."""
    ways = [cuts(word) for word in _plain(wish.text).split()]
    if not all(ways):
        return wish.atoms
    forms = tuple(tuple(chain.from_iterable(way)) for way in islice(product(*ways), MOST))
    return (Atom(wish.text, forms, fields=("pinyin",)),)


def _cut(wish: Wish, parts: int, synonyms: Synonyms) -> Iterator[Wish]:
    """A wish with its first long run in parts."""
    if wish.kind != "word" or wish.added:
        return
    for place, atom in enumerate(wish.atoms):
        if 2 * parts <= len(atom.text) <= _LONGEST and runs(atom.text) == [atom.text] and not atom.fields:
            for way in _ways(atom.text, parts):
                cut = tuple(synonyms.widened(part)[0] for piece in way for part in atoms(piece))
                text = " ".join(one.text for one in (*wish.atoms[:place], *cut, *wish.atoms[place + 1 :]))
                yield replace(wish, text=text, atoms=(*wish.atoms[:place], *cut, *wish.atoms[place + 1 :]), also=(), added=True)
            return


def _ways(run: str, parts: int) -> list[tuple[str, ...]]:
    """The cuts of a run into parts of two characters and more, the most even ones first; at most `WAYS`."""
    places = range(_SHORTEST, len(run) - _SHORTEST + 1)
    ends = ((0, *chosen, len(run)) for chosen in combinations(places, parts - 1))
    ways = (way for way in ends if all(right - left >= _SHORTEST for left, right in pairwise(way)))
    even = sorted(ways, key=lambda way: max(right - left for left, right in pairwise(way)))[:WAYS]
    return [tuple(run[left:right] for left, right in pairwise(way)) for way in even]
