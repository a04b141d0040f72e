"""A query and an index → a page: what every engine has in common.

The words are looked for as they were typed. Only when nothing is found, and the asker did not forbid it, are they read in
another way (`search.rereading`): as pinyin, then in parts. What was done is told in the page.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from metadata.errors import Invalid
from metadata.text import best
from search import cursor as cursors
from search.analysis import Atom
from search.base import Hit, Page, Query
from search.corrections import did_you_mean
from search.facets import FACETS
from search.geometry import haversine
from search.habits import Habits
from search.highlight import WINDOW, highlight
from search.labelling import labelled
from search.language import Question, question
from search.order import order
from search.plan import Found, Index, Lookup, Row
from search.planning import bars, conditions, countings, parts
from search.planning_bounds import known
from search.rereading import as_pinyin, in_parts
from search.synonym_groups import Synonyms
from search.synonyms import synonyms
from search.understood import understood

LIMIT = 1_000
"""Hits of one page."""

FACET_SIZE = 10_000
"""Values of one facet."""

FACET_WORDS = 200
"""Characters of the words that are looked for within a facet."""

FEW = 3
"""Fewer hits than this, and other words are offered."""

_READINGS: tuple[tuple[str, Callable[[Question, Synonyms], Question | None]], ...] = (
    ("pinyin", lambda asked, _known: as_pinyin(asked)),
    ("parts", lambda asked, known: in_parts(asked, 2, known)),
    ("parts", lambda asked, known: in_parts(asked, 3, known)),
)


def answer(index: Index, query: Query, habits: Habits) -> Page:
    """The answer to a question. Raises `Invalid` for what cannot be asked, `Unavailable` when the index cannot be read."""
    _vet(query)
    asked = question(query.words, synonyms(habits.synonyms))
    read_as, used, found = "", asked, _looked_up(index, query, asked, habits)
    if found.total == 0 and asked.clauses and not query.literal:
        read_as, used, found = _read_otherwise(index, query, asked, habits, found)
    hits = tuple(_hit(row, query, used) for row in found.rows)
    return Page(
        found.total,
        hits,
        labelled(index, query, {name: found.facets.get(name, ()) for name in query.facets}),
        cursors.encode(query, found.next) if found.next else None,
        found.bars,
        understood(used),
        read_as,
        _other_words(index, query, asked, found.total),
    )


def _looked_up(index: Index, query: Query, asked: Question, habits: Habits) -> Found:
    has_words = any(not clause.negated for clause in asked.clauses)
    today = datetime.now(UTC).date().isoformat()
    found = conditions(query, asked, habits.ranking, today)
    return index.look(
        Lookup(
            node=found.whole,
            order=order(query.order, has_words=has_words, near=query.near[:2] if query.near else None),
            offset=query.offset,
            limit=query.limit,
            after=None if query.after is None else cursors.decode(query, query.after),
            facets=countings(query, found, _facet_size(query)) if query.facet_size else (),
            bars=bars(query, found),
            parts=parts(query, asked, habits.ranking, today) if query.explain else (),
        )
    )


def _read_otherwise(index: Index, query: Query, asked: Question, habits: Habits, nothing: Found) -> tuple[str, Question, Found]:
    """The first other reading of the words that finds something; else the question as it was."""
    for name, read in _READINGS:
        other = read(asked, synonyms(habits.synonyms))
        if other is None:
            continue
        found = _looked_up(index, query, other, habits)
        if found.total:
            return name, other, found
    return "", asked, nothing


def _other_words(index: Index, query: Query, asked: Question, total: int) -> tuple[str, ...]:
    if total >= FEW or not asked.clauses or query.literal or query.offset or query.after is not None:
        return ()
    return did_you_mean(index, asked, total, query.words)


def _hit(row: Row, query: Query, asked: Question) -> Hit:
    title = best(row.shown["title"], query.languages)
    marks = _highlights(row.shown, title, query, asked.wanted) if query.highlight and asked.wanted else {}
    explained = {name: round(score, 4) for name, score in row.parts.items() if score}
    score = round(row.score or sum(row.parts.values()), 4)
    return Hit(row.id, row.name, title, row.shown["organization"], score, marks, explained, _distance(row, query))


def _distance(row: Row, query: Query) -> float | None:
    centre = row.shown.get("centre")
    if query.near is None or centre is None:
        return None
    return round(haversine(query.near[0], query.near[1], centre[0], centre[1]), 3)


def _highlights(shown: Mapping[str, Any], title: str, query: Query, wanted: tuple[Atom, ...]) -> dict[str, str]:
    """The title in the asker's language and the description in the first language that matches, the asker's before others."""
    marks = {"title": highlight(title, wanted)}
    texts = list(shown["description"].values())
    preferred = best(shown["description"], query.languages)
    for text in sorted(texts, key=lambda words: words != preferred):
        if found := highlight(text, wanted, WINDOW):
            marks["description"] = found
            break
    return {field: marked for field, marked in marks.items() if marked}


def _facet_size(query: Query) -> int:
    """How many values to ask for: all, where they are chosen by their words or by what stands above them."""
    return FACET_SIZE if query.facet_words or query.facet_under else query.facet_size


def _vet(query: Query) -> None:
    for name in (*query.facets, *query.facet_words, *query.facet_under):
        known(name, FACETS, "facet")
    known(query.facet_order, ("count", "value"), "facet order")
    numbers = (("limit", query.limit, LIMIT), ("facet_size", query.facet_size, FACET_SIZE), ("offset", query.offset, 1 << 40))
    for what, number, most in numbers:
        if not 0 <= number <= most:
            raise Invalid("this number is out of bounds", place=what, value=number, remedy=f"Use 0 to {most}.")
    if any(len(words) > FACET_WORDS for words in query.facet_words.values()):
        raise Invalid("these words are too long", place="facet_words", remedy=f"Use at most {FACET_WORDS} characters.")
    if len(query.facets) > len(FACETS):
        raise Invalid("these are too many facets", place="facets", value=len(query.facets), remedy="Name each once.")
    if query.after is not None and query.offset:
        remedy = "Leave one of them out."
        raise Invalid("a page has either an offset or a cursor", place="offset", value=query.offset, remedy=remedy)
