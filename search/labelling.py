"""Counted values of a facet → what is shown of them: their words, what stands above them, those that were asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from weakref import WeakKeyDictionary

from metadata.text import UNDETERMINED
from search.base import FacetCount, Query
from search.facets import facet_label, parent_of
from search.plan import Index

_MOST = 256
_MOST_WORDS = 100_000


@dataclass
class _Memory:
    """What was put into words for one state of an index: whole answers, and single values with what is above them."""

    state: str = ""
    facets: dict[object, tuple[FacetCount, ...]] = field(default_factory=dict)
    values: dict[tuple[str, str], tuple[Mapping[str, str], str | None]] = field(default_factory=dict)


_memories: "WeakKeyDictionary[Index, _Memory]" = WeakKeyDictionary()


def labelled(index: Index, query: Query, facets: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, tuple[FacetCount, ...]]:
    """Counts with the words for their values: from the lists, else from a document that has the value, else the value
    itself. What was put into words for one state of the index is kept."""
    memory = _memory(index) if facets else _Memory()
    found: dict[str, tuple[FacetCount, ...]] = {}
    for name, counts in facets.items():
        key = (name, tuple(counts), query.facet_words.get(name), query.facet_under.get(name), query.facet_size)
        if key not in memory.facets:
            if len(memory.facets) >= _MOST:
                memory.facets.clear()
            memory.facets[key] = _labelled(index, memory, query, name, counts)
        found[name] = memory.facets[key]
    return found


def _memory(index: Index) -> _Memory:
    state = index.state()
    kept = _memories.get(index)
    if kept is None or kept.state != state:
        kept = _memories[index] = _Memory(state)
    return kept


def _labelled(
    index: Index, memory: _Memory, query: Query, name: str, counts: Sequence[tuple[str, int]]
) -> tuple[FacetCount, ...]:
    values = memory.values
    if len(values) >= _MOST_WORDS:
        values.clear()
    if new := [value for value, _ in counts if (name, value) not in values]:
        _learn(index, memory, name, new)
    words = ((value, count, *values[name, value]) for value, count in counts)
    every: Iterator[FacetCount] = (FacetCount(value, label, count, parent) for value, count, label, parent in words)
    if name in query.facet_words or name in query.facet_under:
        every = _chosen(query, name, every)
    return tuple(islice(every, query.facet_size))


def _learn(index: Index, memory: _Memory, name: str, new: Sequence[str]) -> None:
    """Finds the words for values, and what is above them."""
    unknown = [value for value in new if not facet_label(name, value)]
    told = index.samples(name, unknown) if unknown else {}
    for value in new:
        shown = told.get(value, {})
        label = facet_label(name, value) or shown.get("labels", {}).get(name, {}).get(value) or {UNDETERMINED: value}
        memory.values[name, value] = label, parent_of(name, value, shown.get("above", {}).get(name))


def _chosen(query: Query, name: str, counts: Iterator[FacetCount]) -> Iterator[FacetCount]:
    """Those with all the words in them, and right under the value that was named (empty: those under none)."""
    words, under = query.facet_words.get(name, "").casefold().split(), query.facet_under.get(name)
    for one in counts:
        text = " ".join((one.value, *one.label.values())).casefold()
        if all(word in text for word in words) and (under is None or one.parent == (under or None)):
            yield one
