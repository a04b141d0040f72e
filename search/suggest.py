"""Words begun → words that are there: keywords and publishers, and titles of datasets. Only what everyone may see, and the
same on every engine.

Keywords and publishers are lines of the field `completion` (`search.document`), found by how they begin: at their start, at
each character of a dense script, in pinyin and by its first letters. Titles are looked up: those that have all the words, the
last of them perhaps only begun; a dense script matches anywhere. So the index needs no line for each title, and where all
titles of a city begin alike no long list is walked.
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from metadata.text import best
from search.analysis import Atom, atoms, fold
from search.base import Suggestion
from search.document_completions import PARTED
from search.order import Order
from search.pinyin import streams
from search.plan import AnyTerm, Begun, Constant, Either, Index, Lookup, Node, Phrase, Row, Term, Together
from search.planning_words import atom
from search.ranking import Ranking
from search.syllables import SYLLABLES, cuts, initials

LIMIT = 50
PUBLIC = Constant(AnyTerm("readers", ("public",)))
_LONGEST = 100
_LETTERS = 3
_KINDS = {"k": "keyword", "p": "publisher"}
_EQUAL = Ranking()
_REMEMBERED = 5_000
_MEMORIES: WeakKeyDictionary[Index, tuple[str, dict[tuple[str, int], list[Suggestion]]]] = WeakKeyDictionary()


def suggest(index: Index, words: str, limit: int) -> list[Suggestion]:
    """At most `limit` completions: keywords and publishers, the more frequent first, then titles, which get at least half of
    the places when there are so many. What differs in case, width or script only is one."""
    words = " ".join(words[:_LONGEST].encode("utf-8", "replace").decode().split())  # half a surrogate pair is no text
    limit = min(limit, LIMIT)
    if not words or limit < 1:
        return []
    memory = _memory(index)
    if (words, limit) not in memory:
        memory[words, limit] = _suggested(index, words, limit)
    return list(memory[words, limit])


def _memory(index: Index) -> dict[tuple[str, int], list[Suggestion]]:
    """What was suggested since the last commit: many begin to type alike, and a single letter is the most work."""
    state = index.state()
    known = _MEMORIES.get(index)
    if known is None or known[0] != state or len(known[1]) >= _REMEMBERED:
        known = _MEMORIES[index] = (state, {})
    return known[1]


def _suggested(index: Index, words: str, limit: int) -> list[Suggestion]:
    terms = list(_terms(index, words, limit))
    if len(terms) == limit and _is_short(words):
        return terms
    titles = list(_titles(index, words, limit, {fold(term.words) for term in terms}))
    room = max(limit - len(titles), (limit + 1) // 2)
    return (terms[:room] + titles)[:limit]


def _is_short(words: str) -> bool:
    """Whether so little was typed that titles are found by chance."""
    return len(words) < (3 if words.isascii() else 2)


def _terms(index: Index, words: str, limit: int) -> Iterator[Suggestion]:
    """Keywords and publishers. A word has several lines, and more than one may begin so."""
    start = fold(words)
    lines = index.completions(start, 4 * limit)
    if " " in start and start.isascii():  # pinyin is kept without blanks
        lines += index.completions(start.replace(" ", ""), limit)
    seen: set[str] = set()
    for line, _ in lines:
        shown = line.split(PARTED)[1]
        if len(seen) < limit and (key := fold(shown[1:])) not in seen:
            seen.add(key)
            yield Suggestion(shown[1:], kind=_KINDS[shown[0]])


def _titles(index: Index, words: str, limit: int, seen: set[str]) -> Iterator[Suggestion]:
    """Datasets by their titles, those first that begin with the words; by pinyin only where there is room."""
    start = fold(words)
    found = [(row, _shown(row, start)) for row in _rows(index, list(atoms(words)), limit)]
    if len(found) + len(seen) < limit and start.isascii():
        found += _read(index, start.replace(" ", ""), limit)
    for row, title in sorted(found, key=lambda one: not fold(one[1]).startswith(start)):
        if (key := fold(title)) not in seen:
            seen.add(key)
            yield Suggestion(title, row.name, "title")


def _rows(index: Index, wanted: list[Atom], limit: int) -> tuple[Row, ...]:
    """Those that have all of it: short titles first, or where only the begin of a word is known the most visited."""
    if not wanted:
        return ()
    node = Together((*(atom(one, _EQUAL, ("title",)) for one in wanted[:-1]), _begun(wanted[-1]), PUBLIC))
    key = "use" if len(wanted) == 1 and _is_plain(wanted[0]) else "relevance"
    return index.look(Lookup(node, Order(key, down=True), limit=3 * limit)).rows  # some titles are the same


def _is_plain(wanted: Atom) -> bool:
    """Whether an atom is a word of a script with blanks."""
    return not wanted.single and wanted.text.isascii()


def _begun(wanted: Atom) -> Node:
    """Titles with a word that begins like the last one typed; of a code, the parts before it as they are."""
    whole = atom(wanted, _EQUAL, ("title",))
    if not _is_plain(wanted):
        return whole
    *before, last = wanted.forms[0]
    begun: Node = Begun("title", last)
    if before:
        begun = Together((_phrase("title", tuple(before)), begun))
    joined = wanted.forms[1:] if before else ()
    return Either((whole, begun, *(Begun("title", form[0]) for form in joined)))


def _phrase(field: str, tokens: tuple[str, ...]) -> Node:
    return Phrase(field, tokens) if len(tokens) > 1 else Term(field, tokens[0])


def _shown(row: Row, start: str) -> str:
    """The title in the language that it was typed in, as far as one has it."""
    titles = row.shown["title"]
    return next((title for title in titles.values() if start in fold(title)), best(titles) or row.name)


def _read(index: Index, letters: str, limit: int) -> Iterator[tuple[Row, str]]:
    """Titles that are read like this in pinyin, wholly or by first letters; the last syllable may be only begun."""
    wanted = list(_readings(letters)) if letters.isalpha() else []
    if not wanted:
        return
    node = Together((Either(tuple(node for node, _, _ in wanted)), PUBLIC))
    for row in index.look(Lookup(node, Order("updated", down=True), limit=4 * limit)).rows:
        for title in row.shown["title"].values():
            read = streams([title])
            if any(f" {sounds}" in f" {read[which]}" for _, which, sounds in wanted):
                yield row, title
                break


def _readings(letters: str) -> Iterator[tuple[Node, int, str]]:
    """Where a reading is looked for, and what one of `streams` must have: syllables, syllables and a begun one, letters."""
    for cut in cuts(letters)[:2]:
        yield _phrase("pinyin", cut), 0, " ".join(cut)
    for size in range(1, min(6, len(letters) - 1)):
        rest = letters[-size:]
        if any(syllable.startswith(rest) for syllable in SYLLABLES):
            for cut in cuts(letters[:-size])[:1]:
                first = Phrase("initials", tuple(syllable[0] for syllable in (*cut, rest)))
                yield Together((_phrase("pinyin", cut), first)), 0, " ".join((*cut, rest))
    if len(first_letters := initials(letters)) >= _LETTERS:
        yield Phrase("initials", first_letters), 1, " ".join(first_letters)
