"""Did you mean: what was typed, with words that are hardly anywhere in the place of which stand words that are. The same on
every engine.

Words of scripts with blanks are compared by spelling: one edit up to five letters, two beyond; the first letter stays. Runs of
Chinese are compared by sound (空汽 for 空气) and by characters (one is wrong, missing or too many among others that are right).
Only what everyone may see is offered, and only what finds more than was found.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, islice, product

from rapidfuzz.distance import OSA

from search.analysis import Atom, atoms, fold, fold_with_offsets, is_dense
from search.analysis import words as words_of
from search.analysis_words import singular
from search.corrections_han import by_characters, by_sound
from search.language import Question, question
from search.language_pieces import alternatives
from search.order import Order
from search.plan import Index, Lookup, Node, Together
from search.planning_words import atom
from search.planning_words import words as words_node
from search.ranking import Ranking
from search.suggest import PUBLIC

FEW = 3
"""A word that fewer datasets have may be a slip."""

MOST = 3
"""Other wordings that are offered."""

_PLACES = 6
_TRIED = 8
_SHORTEST, _SHORT, _LIKE = 3, 5, 20
_LETTERS = re.compile(r"[^\W\d_]+")
_EQUAL = Ranking()
_FIRST_FIELDS, _SECOND_FIELDS = ("title", "keyword", "publisher"), ("description", "column")

Place = tuple[int, int, str]
"""Where a word or run stands in what was typed, and it folded."""


def did_you_mean(index: Index, asked: Question, total: int, words: str) -> tuple[str, ...]:
    """At most `MOST` other wordings of `words`, which found `total` datasets, the likeliest first. Fields, quotes, and what is
    left out stay as they were typed."""
    if asked.everything or not asked.clauses:
        return ()
    others = [(place, found) for place in islice(_places(words), _PLACES) if (found := tuple(_others(index, place[2])))]
    if not others:
        return ()
    candidates = dict.fromkeys(text for text in _wordings(words, others) if fold(text) != fold(words))
    return tuple(islice((text for text in islice(candidates, _TRIED) if _total(index, text) > total), MOST))


def _places(words: str) -> Iterator[Place]:
    """The words and runs that were typed and have to be there, without those in a field."""
    for piece in (piece for group in alternatives(words) for piece in group):
        if piece.negated or piece.name or not piece.text:
            continue
        start = words.index(piece.text, piece.start)
        folded, offsets = fold_with_offsets(piece.text)
        for first, end in sorted((*_runs(folded), *_words(folded))):
            yield start + offsets[first], start + offsets[end - 1] + 1, folded[first:end]


def _runs(folded: str) -> Iterator[tuple[int, int]]:
    for dense, group in groupby(range(len(folded)), key=lambda place: is_dense(folded[place])):
        places = list(group)
        if dense:
            yield places[0], places[-1] + 1


def _words(folded: str) -> Iterator[tuple[int, int]]:
    """The parts of words that are letters only."""
    for start, end, _ in words_of(folded):
        yield from (part.span() for part in _LETTERS.finditer(folded, start, end))


def _others(index: Index, word: str) -> Iterator[str]:
    """What may stand for a word or run that is hardly anywhere, the likeliest first."""
    wanted = next(atoms(word), None)
    if wanted is None or wanted.single or wanted.text != word:
        return iter(())
    dense = is_dense(word[0])
    if not dense and len(word) < _SHORTEST:
        return iter(())
    count = _count(index, wanted)
    if count >= FEW:
        return iter(())
    if not dense:
        return islice(_by_spelling(index, wanted, count), MOST)
    return islice(tuple(by_sound(index, word)) or by_characters(index, word), MOST)


def _by_spelling(index: Index, wanted: Atom, count: int) -> Iterator[str]:
    """Words that are spelt nearly so and are more frequent, with as few edits as there are; the most frequent first."""
    typed, token = wanted.text, wanted.forms[0][0]
    found: dict[str, int] = {}
    for fields in (_FIRST_FIELDS, _SECOND_FIELDS):
        for field, spelt in product(fields, dict.fromkeys((token, typed))):
            for other, number in index.terms_like(field, spelt, 1 if len(typed) <= _SHORT else 2, _LIKE):
                if number > count and other.isalpha() and other != token:
                    found[other] = max(number, found.get(other, 0))
        if found:
            break
    edits = {other: min(OSA.distance(typed, other), OSA.distance(token, other)) for other in found}
    nearest = (other for other in found if edits[other] == min(edits.values()))
    for other in sorted(nearest, key=lambda other: (-found[other], other)):
        yield other + "s" if typed != token and singular(other + "s") == other else other


def _wordings(words: str, others: Sequence[tuple[Place, tuple[str, ...]]]) -> Iterator[str]:
    """The likeliest of everything, then each of the less likely in its place."""
    best = [found[0] for _, found in others]
    yield _replaced(words, others, best)
    for number, (_, found) in enumerate(others):
        for other in found[1:]:
            yield _replaced(words, others, [*best[:number], other, *best[number + 1 :]])


def _replaced(words: str, others: Sequence[tuple[Place, tuple[str, ...]]], chosen: Sequence[str]) -> str:
    for (start, end, _), other in sorted(zip((place for place, _ in others), chosen, strict=True), reverse=True):
        words = words[:start] + other + words[end:]
    return words


def _count(index: Index, wanted: Atom) -> int:
    return _found(index, atom(wanted, _EQUAL))


def _total(index: Index, words: str) -> int:
    return _found(index, words_node(question(words), _EQUAL))


def _found(index: Index, node: Node) -> int:
    return index.look(Lookup(Together((node, PUBLIC)), Order("id", down=False), limit=0)).total
