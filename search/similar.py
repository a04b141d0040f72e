"""Datasets that are about the same as one: those that share its rarest words. The same on every engine."""

from collections.abc import Iterator

from metadata.text import best
from search.analysis import BAR, stream
from search.base import Hit
from search.order import Order
from search.plan import Constant, Counting, Either, Index, Lookup, Node, Row, Term, Together, Weighted
from search.planning import readers as may_see

LIMIT = 50
_WORDS = 60
"""Words of a dataset that are weighed."""

_RAREST = 12
"""Words that are looked for: the rarest say most, and common ones cost most."""

_LEAST = 0.25
"""A dataset has to share so much of what the words weigh in the first one."""

_KEYWORDS = 10
_BY_SCORE = Order("relevance", down=True)


def similar(index: Index, dataset_id: str, limit: int, readers: frozenset[str]) -> tuple[Hit, ...]:
    """At most `limit` datasets that `readers` may see, the most alike first; none when they may not see the dataset."""
    limit = min(limit, LIMIT)
    own = Together((Term("id", dataset_id), Constant(may_see(readers))))
    first = index.look(Lookup(Constant(own), _BY_SCORE, limit=1, facets=(Counting("keyword", own, _KEYWORDS),)))
    if not first.rows or limit < 1:
        return ()
    words = tuple(_words(first.rows[0], [value for value, _ in first.facets.get("keyword", ())]))
    weights = _weights(index, own, words)
    chosen = sorted(weights, key=lambda node: (-weights[node], words.index(node)))[:_RAREST]
    if not chosen:
        return ()
    shares = {node: weights[node] / weights[chosen[0]] for node in chosen}
    alike = Either(tuple(Weighted(node, share) for node, share in shares.items()), tie=1.0)
    others = Together((alike, Constant(may_see(readers))), never=(Term("id", dataset_id),))
    rows = index.look(Lookup(others, _BY_SCORE, limit=limit)).rows
    least = _LEAST * sum(weights[node] * share for node, share in shares.items())
    return tuple(_hit(row) for row in rows if row.score >= least)


def _words(row: Row, keywords: list[str]) -> Iterator[Node]:
    """The words of the title and the keywords, the first ones first; each counts where it stands in either."""
    titles = [token for title in row.shown["title"].values() for token in stream(title).split(" ")]
    others = [token for keyword in keywords for token in stream(keyword).split(" ")]
    for token in list(dict.fromkeys((*titles, *others)))[:_WORDS]:
        if token and token != BAR:
            yield Either((Term("title", token), Term("keyword", token)))


def _weights(index: Index, own: Node, words: tuple[Node, ...]) -> dict[Node, float]:
    """What each word adds to the score of the dataset itself: the rarer, the more."""
    named = tuple((str(number), node) for number, node in enumerate(words))
    rows = index.look(Lookup(Constant(own), _BY_SCORE, limit=1, parts=named)).rows
    parts = rows[0].parts if rows else {}
    return {node: parts[name] for name, node in named if parts.get(name, 0.0) > 0}


def _hit(row: Row) -> Hit:
    return Hit(row.id, row.name, best(row.shown["title"]), row.shown["organization"], round(row.score, 4))
