"""A question → what an engine has to look up for it. Pure, and the same for every engine.

Conditions that only filter never score. The score is the words' (`search.planning_words`) and steps that do not depend on
where the words were found (`search.steps`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from metadata.errors import Invalid
from search.base import Query
from search.facets import FACETS
from search.fields import DATES
from search.language import Question
from search.plan import AnyTerm, Bars, Constant, Counting, Either, Everything, Node, Together
from search.planning_bounds import known, places, ranges_of, within
from search.planning_words import clause_node, filter_field, title_steps, words
from search.ranking import Ranking
from search.steps import steps

FILTERS = (*FACETS, "name", "id", "identifier", *DATES)
"""Names that filters may use."""

INTERVALS = ("year", "quarter", "month", "day")
MOST = 1_000
"""Values of one filter."""


@dataclass(frozen=True)
class Conditions:
    """What a query asks for, taken apart: the words with their score, conditions that belong to no facet, and those of each
    facet, so that a facet can be counted without its own."""

    words: Node
    steps: tuple[Node, ...]
    others: tuple[Node, ...]
    facets: Mapping[str, tuple[Node, ...]]

    @property
    def whole(self) -> Node:
        """Everything together, with its score."""
        filters = tuple(node for nodes in self.facets.values() for node in nodes)
        return Together((self.words, *_silent((*self.others, *filters))), may=self.steps)

    def without(self, facet: str) -> Node:
        """Everything but the conditions of one facet; without scores."""
        filters = (node for name, nodes in self.facets.items() if name != facet for node in nodes)
        return Together(_silent((self.words, *self.others, *filters)))


def conditions(query: Query, question: Question, ranking: Ranking, today: str) -> Conditions:
    """What `query` asks for, its words being `question`. `today` is a date (freshness is measured from it). Raises
    `Invalid` for filters, ranges and boxes that cannot be."""
    others = [readers(query.readers), *ranges_of(query.ranges), *places(query)]
    facets: dict[str, tuple[Node, ...]] = {}
    for name in dict.fromkeys((*query.filters, *query.excluded, *query.required)):
        nodes = tuple(_filters(query, name))
        if nodes:
            facets[name] = nodes
    scored = any(not clause.negated for clause in question.clauses)
    more = (*title_steps(query.words, question, ranking), *steps(ranking, today)) if scored else ()
    return Conditions(words(question, ranking), tuple(node for _, node in more), tuple(others), facets)


def parts(query: Query, question: Question, ranking: Ranking, today: str) -> tuple[tuple[str, Node], ...]:
    """The named parts whose sum is the score of a hit."""
    clauses = [clause for clause in question.clauses if not clause.negated]
    if not clauses:
        return ()
    named = [("words: " + " OR ".join(wish.text for wish in clause.wishes), clause_node(clause, ranking)) for clause in clauses]
    return (*named, *title_steps(query.words, question, ranking), *steps(ranking, today))


def countings(query: Query, found: Conditions, size: int) -> tuple[Counting, ...]:
    """How the facets of a query are counted."""
    whole = found.without("") if query.facet_within or len(found.facets) < len(query.facets) else None
    return tuple(
        Counting(
            name,
            found.without(name) if name in found.facets and not query.facet_within else whole or found.without(""),
            size,
            max(1, query.facet_least),
            query.facet_order == "value",
        )
        for name in query.facets
    )


def bars(query: Query, found: Conditions) -> tuple[Bars, ...]:
    """The histograms of a query. Raises `Invalid`."""
    for name, interval in query.histograms.items():
        known(name, DATES, "histogram")
        known(interval, INTERVALS, "interval")
    return tuple(Bars(name, found.without(""), interval) for name, interval in query.histograms.items())


def readers(labels: frozenset[str]) -> Node:
    """What an asker may see; `*` may see everything."""
    return Everything() if "*" in labels else AnyTerm("readers", tuple(sorted(labels)))


def _silent(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(Constant(node) for node in nodes if not isinstance(node, Everything)) or (Constant(Everything()),)


def _filters(query: Query, name: str) -> Iterable[Node]:
    known(name, FILTERS, "filter")
    if values := query.filters.get(name, ()):
        yield _any(name, values)
    if values := query.excluded.get(name, ()):
        yield Together((Everything(),), never=(_any(name, values),))
    yield from (_any(name, (value,)) for value in _few(name, query.required.get(name, ())))


def _any(name: str, values: tuple[str, ...]) -> Node:
    if name in DATES:
        return Either(tuple(node for value in _few(name, values) for node in within(name, (value, value))))
    return AnyTerm(filter_field(name), tuple(dict.fromkeys(_few(name, values))))


def _few(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) > MOST:
        raise Invalid(f"these are {len(values)} values", place=f"filter {name}", remedy=f"Use at most {MOST}.")
    return values
