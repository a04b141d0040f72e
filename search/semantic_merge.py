"""Two rankings of one question, by words and by meaning, as one answer. Pure but for what the engine is asked.

Merged by reciprocal rank (Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion", SIGIR 2009; k = 60): a dataset scores
1 / (60 + its place) in each ranking that has it. Merged are the first `WINDOW` by words, and those near in meaning that the
filters leave; behind them the others follow by words. Everything is counted once: the engine is asked for those that are near
(N), and for those that have the words and are not among N; totals, facets and histograms are the sums of both.

What a page costs: four look-ups in place of one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from metadata.errors import Invalid
from search import cursor as cursors
from search.base import FacetCount, Hit, Page, Query, SearchEngine
from search.cursor import Cursor

K = 60
WINDOW = 200
_MARK = "semantic"
_MOST_IDS = 1_000


def merged(engine: SearchEngine, query: Query, found: Sequence[tuple[str, float]]) -> Page:
    """The answer to a question whose vector is near those `found` (`(id, cosine)`, the nearest first)."""
    after = _after(query)
    nearby = Nearby(engine, query, dict(found))
    excluded = (*query.excluded.get("id", ()), *nearby.order)
    strange = query.after is not None and after is None
    if not nearby.order or len(excluded) > _MOST_IDS or strange or (query.after and query.offset):
        return engine.search(query)
    words = replace(query, excluded={**query.excluded, "id": excluded}, after=None, offset=0, facet_least=1)
    return _Merging(engine, query, words, nearby).page(after or Cursor(query.offset, ("",), _MARK))


def reciprocal(*rankings: Sequence[str]) -> dict[str, float]:
    """The score of everything in some rankings, the best first; equal ones by id."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for place, one in enumerate(ranking, 1):
            scores[one] = scores.get(one, 0.0) + 1 / (K + place)
    return dict(sorted(scores.items(), key=lambda one: (-one[1], one[0])))


@dataclass(frozen=True)
class Nearby:
    """Those of `cosines` that a query's filters, bounds and readers leave."""

    engine: SearchEngine
    query: Query
    cosines: Mapping[str, float]

    @cached_property
    def page(self) -> Page:
        """Their hits, and what is counted of them."""
        wanted = self.query.filters.get("id")
        ids = tuple(one for one in self.cosines if wanted is None or not wanted or one in wanted)
        if not ids:
            return Page(0, ())
        filters = {**self.query.filters, "id": ids}
        asked = replace(self.query, words="", filters=filters, order="id", limit=len(ids), offset=0, after=None, facet_least=1)
        return self.engine.search(replace(asked, highlight=False, explain=False))

    @cached_property
    def hits(self) -> dict[str, Hit]:
        """Hit by id."""
        return {hit.id: hit for hit in self.page.hits}

    @cached_property
    def order(self) -> list[str]:
        """Ids, the nearest first."""
        return sorted(self.hits, key=lambda one: (-self.cosines[one], one))


@dataclass(frozen=True)
class _Merging:
    """`words`: the query for those that have the words and are not near."""

    engine: SearchEngine
    query: Query
    words: Query
    nearby: Nearby

    def page(self, after: Cursor) -> Page:
        """The page that begins behind `after`."""
        first = self.engine.search(replace(self.words, limit=WINDOW, highlight=False, explain=False))
        scores = reciprocal(self._by_words(first), self.nearby.order)
        hits = self._in_window(first, scores)[after.offset : after.offset + self.query.limit]
        hits, inner = self._marked(hits), first.next
        if (left := self.query.limit - len(hits)) and after.offset + len(hits) >= len(scores) and inner:
            behind = self._behind(after.offset + len(hits) - len(scores), str(after.key[0]), inner, left)
            hits, inner = hits + behind.hits, behind.next
        total = first.total + self.nearby.page.total
        end = after.offset + len(hits)
        following = Cursor(end, (inner or "" if end > len(scores) else "",), _MARK)
        return replace(
            first,
            total=total,
            hits=hits,
            facets={name: self._counts(name, first) for name in first.facets},
            histograms={name: _bars(first, self.nearby.page, name) for name in first.histograms},
            next=cursors.encode(self.query, following) if hits and end < total else None,
            did_you_mean=first.did_you_mean if total == first.total else (),
        )

    def _by_words(self, first: Page) -> list[str]:
        """Those that have the words, the near ones among them."""
        both = self.engine.search(self._only(self.nearby.order, highlight=False))
        hits = (*first.hits, *(() if both.read_as else both.hits))
        return [hit.id for hit in sorted(hits, key=lambda hit: -hit.score)]

    def _in_window(self, first: Page, scores: Mapping[str, float]) -> tuple[Hit, ...]:
        hits = {**self.nearby.hits, **{hit.id: hit for hit in first.hits}}
        return tuple(replace(hits[one], score=round(score, 6)) for one, score in scores.items())

    def _marked(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """The hits with what is marked in them, and what their scores are made of."""
        if not hits or not (self.query.highlight or self.query.explain):
            return hits
        marked = {hit.id: hit for hit in self.engine.search(self._only([hit.id for hit in hits], highlight=True)).hits}
        return tuple(self._told(hit, marked.get(hit.id)) for hit in hits)

    def _told(self, hit: Hit, by_words: Hit | None) -> Hit:
        explained = {**(by_words.explained if by_words else {}), "cosine": self.nearby.cosines.get(hit.id, 0.0)}
        return replace(
            hit,
            highlights=by_words.highlights if by_words else {},
            explained={name: round(value, 4) for name, value in explained.items() if value} if self.query.explain else {},
        )

    def _only(self, ids: Iterable[str], *, highlight: bool) -> Query:
        """The question among some datasets."""
        filters = {**self.query.filters, "id": tuple(ids)}
        asked = replace(self.query, filters=filters, limit=len(filters["id"]), offset=0, after=None, facets=(), histograms={})
        return replace(
            asked, highlight=highlight and self.query.highlight, explain=highlight and self.query.explain, literal=True
        )

    def _behind(self, offset: int, inner: str, first: str, limit: int) -> Page:
        """What follows behind the window by words alone."""
        asked = replace(self.words, limit=limit, facets=(), histograms={})
        if offset == 0:
            return self.engine.search(replace(asked, after=first))
        if inner:
            try:
                return self.engine.search(replace(asked, after=inner))
            except Invalid:  # other datasets are near by now
                pass
        return self.engine.search(replace(asked, offset=WINDOW + offset))

    def _counts(self, name: str, first: Page) -> tuple[FacetCount, ...]:
        """A facet's counts of both; where the engine cut a list short, rare values may miss what the near ones add."""
        found = {one.value: one for one in first.facets[name]}
        for one in self.nearby.page.facets.get(name, ()):
            more = found[one.value].count if one.value in found else 0
            found[one.value] = FacetCount(one.value, one.label, one.count + more, one.parent)
        counts = [one for one in found.values() if one.count >= self.query.facet_least]
        counts.sort(key=lambda one: (0 if self.query.facet_order == "value" else -one.count, one.value))
        return tuple(counts[: self.query.facet_size])


def _bars(one: Page, other: Page, name: str) -> tuple[tuple[str, int], ...]:
    counts = dict(one.histograms[name])
    for begin, count in other.histograms.get(name, ()):
        counts[begin] = counts.get(begin, 0) + count
    return tuple(sorted(counts.items()))


def _after(query: Query) -> Cursor | None:
    """Where a cursor of ours goes on; None for one of the engine's. Raises `Invalid` for one of another question."""
    if query.after is None:
        return None
    found = cursors.decode(query, query.after)
    return found if found.snapshot == _MARK else None
