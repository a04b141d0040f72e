"""What a visitor typed → what is looked for. Pure, and every text is valid.

Words must all be there, in any order. `"…"` (in either width, or 「…」) is a phrase: its words follow one another, as they were
typed. `OR` in capitals, or `|`, stands between alternatives and binds its neighbours. A `-` before a word, a phrase, a field or
the first of alternatives leaves out what has it. `field:value` looks only there (`search.language_names`), `field:2023..2024`
bounds a date or a number (`search.language_bounds`), `gbt210*` takes what begins so. An open quote runs to the end. `*` and
`*:*` alone ask for everything; a text without a single letter or digit asks for nothing that could be found. Whatever is no
name, no bound, no value that there can be is words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from metadata.errors import Invalid
from search.analysis import Atom, atoms, fold, is_dense
from search.base import Range
from search.facets import FACETS
from search.fields import TEXTS
from search.language_bounds import bounds_of
from search.language_names import RANGES, field_of, values_of
from search.language_pieces import Piece, alternatives
from search.synonym_groups import NONE, Synonyms, phrase

LONGEST = 2_000
MOST = 64
_EACH = 6
"""Values of a facet that count as one word: its spellings."""

_STARS = "*＊"
_JOINTS = re.compile(r"[-/._'’]+")
_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_COMMA = re.compile("[,，、;；]")
_EVERYTHING = {"", "*", "＊", "*:*"}


@dataclass(frozen=True)
class Wish:
    """One thing looked for. `kind`: `word`, `phrase` and `prefix` want all `atoms` (in `field`, one of `search.fields.TEXTS`,
    when it was said); `facet` wants one of `values` in the facet `field`, or, where `atoms` are given as well, these in the
    text fields they name; `range` wants the date or number `field` within `bounds`. `text` is what was typed for it. `also`
    are the synonyms among the forms of its atoms; `added`: nobody typed it, a synonym or another reading gave it."""

    kind: str
    text: str
    atoms: tuple[Atom, ...] = ()
    field: str | None = None
    values: tuple[str, ...] = ()
    bounds: Range = (None, None)
    also: tuple[str, ...] = ()
    added: bool = False


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
        return tuple(atom for clause in self.clauses if not clause.negated for wish in clause.wishes for atom in wish.atoms)


def question(words: str, synonyms: Synonyms | None = None) -> Question:
    """What `words` ask for. Raises `Invalid` only when they are more than anyone types."""
    if len(words) > LONGEST:
        raise Invalid(f"this is {len(words)} characters", place="words", remedy=f"Use at most {LONGEST}.")
    words = words.strip()
    if words in _EVERYTHING:
        return Question(everything=True)
    clauses = tuple(_bounded(_clauses(words)))
    return Question(everything=False, clauses=tuple(_widened(clauses, synonyms or NONE)))


def _bounded(clauses: Iterator[Clause]) -> Iterator[Clause]:
    asked = 0
    for clause in clauses:
        asked += sum(max(1, len(wish.atoms), len(wish.values) // _EACH) for wish in clause.wishes)
        if asked > MOST:
            raise Invalid("these are too many words", place="words", remedy=f"Use at most {MOST}.")
        yield clause


def _clauses(words: str) -> Iterator[Clause]:
    for pieces in alternatives(words):
        wishes = tuple(filter(None, map(_wish, pieces)))
        if wishes:
            yield Clause(wishes, pieces[0].negated)


def _wish(piece: Piece) -> Wish | None:
    """What a piece asks for; None when there is nothing in it that could be found."""
    if piece.name and (found := _in_field(piece)):
        return found
    if not piece.name:
        return _words(piece)
    before = tuple(atoms(piece.name))
    wish = _words(piece)
    return Wish("word", f"{piece.name}:{piece.text}", (*before, *(wish.atoms if wish else ()))) if before or wish else None


def _in_field(piece: Piece) -> Wish | None:
    """A value in the field before the colon; None when that is no field of ours, or the value none that it can have."""
    field = field_of(piece.name)
    if not field or not piece.text.strip() or piece.text.startswith("//"):
        return None
    if field in RANGES and (bounds := bounds_of(field, piece.text)):
        return Wish("range", piece.text, field=field, bounds=bounds)
    if field in RANGES and field not in FACETS:
        return None
    if field in TEXTS:
        wish = _words(piece)
        return replace(wish, field=field) if wish else None
    return _of_facet(field, piece)


def _of_facet(field: str, piece: Piece) -> Wish | None:
    """One of the values of a facet. A department is also known by words of its name."""
    typed = " ".join(piece.text.split())
    parts = (typed,) if piece.quoted else (typed, *filter(None, map(str.strip, _COMMA.split(typed))))
    values = tuple(dict.fromkeys(chain.from_iterable(values_of(field, part) for part in parts)))
    wish = _words(piece) if field == "organization" else None
    within = tuple(replace(atom, fields=("publisher",)) for atom in wish.atoms) if wish else ()
    return Wish("facet", typed, within, field, values) if (values and typed[-1] not in _STARS) or within else None


def _words(piece: Piece) -> Wish | None:
    if piece.quoted:
        wish = Wish("phrase", piece.text, tuple(_phrase(piece.text)))
    elif piece.text[-1:] in _STARS and (begun := tuple(_begun(piece.text.rstrip(_STARS)))):
        wish = Wish("prefix" if begun[-1].begun else "word", piece.text.rstrip(_STARS), begun)
    else:
        wish = Wish("word", piece.text, tuple(islice(atoms(piece.text), MOST + 1)))
    return wish if wish.atoms else None


def _begun(text: str) -> Iterator[Atom]:
    """The atoms of a text whose last word only begins; a run of a dense script is found within others anyway. What has
    several parts is looked for in its joined form, so that `gbt210` begins `GB/T 21063`."""
    *before, last = tuple(atoms(text)) or (None,)
    yield from filter(None, before)
    if last is None:
        return
    if is_dense(last.text[0]):
        yield last
        return
    starts = (_JOINTS.sub("", last.text), *[form[0] for form in last.forms if len(form) == 1][:1])
    yield replace(last, forms=tuple((start,) for start in dict.fromkeys(starts)), begun=True)


def _phrase(text: str) -> Iterator[Atom]:
    """One atom whose tokens follow one another. A single dense character among others is no token of the index (its run has
    bigrams), so such a phrase falls back to its atoms."""
    found = tuple(atoms(_GAP.sub("", text)))
    if len(found) < 2 or any(atom.single for atom in found):
        return iter(found)
    tokens = tuple(token for atom in found for token in atom.forms[0])
    return iter((Atom(fold(text), (tokens,)),))


def _widened(clauses: tuple[Clause, ...], synonyms: Synonyms) -> Iterator[Clause]:
    """The clauses with what means the same. A name of several words (`geographic information system`) is met across clauses,
    which then become one."""
    place = 0
    while place < len(clauses):
        count, others = _named_together(clauses[place : place + synonyms.most], synonyms)
        if count:
            yield _either(clauses[place : place + count], others, synonyms)
        else:
            yield replace(clauses[place], wishes=tuple(_with_forms(wish, synonyms) for wish in clauses[place].wishes))
        place += count or 1


def _named_together(clauses: tuple[Clause, ...], synonyms: Synonyms) -> tuple[int, tuple[str, ...]]:
    """How many of the first clauses are together one name that has synonyms, and these; the longest name there is."""
    names: list[tuple[str, ...]] = []
    tokens: tuple[str, ...] = ()
    for clause in clauses:
        wish = clause.wishes[0]
        if len(clause.wishes) > 1 or clause.negated or wish.kind != "word" or wish.field:
            break
        tokens += tuple(token for atom in wish.atoms for token in atom.forms[0])
        names.append(tokens)
    for count in range(len(names), 0, -1):
        several = count > 1 or len(clauses[0].wishes[0].atoms) > 1
        if several and (others := synonyms.of_words(names[count - 1])):
            return count, others
    return 0, ()


def _either(clauses: tuple[Clause, ...], others: tuple[str, ...], synonyms: Synonyms) -> Clause:
    """All words of some clauses, or one of the names that mean the same."""
    typed = [clause.wishes[0] for clause in clauses]
    together = Wish("word", " ".join(wish.text for wish in typed), tuple(atom for wish in typed for atom in wish.atoms))
    added = (Wish("phrase", other, (Atom(other, (phrase(other),)),), added=True) for other in others)
    return Clause((_with_forms(together, synonyms), *added))


def _with_forms(wish: Wish, synonyms: Synonyms) -> Wish:
    if wish.kind not in ("word", "facet") or not wish.atoms:
        return wish
    widened = [synonyms.widened(atom) for atom in wish.atoms]
    also = tuple(dict.fromkeys(chain.from_iterable(words for _, words in widened)))
    return replace(wish, atoms=tuple(atom for atom, _ in widened), also=also) if also else wish
