"""Counted values of a facet → what is shown of them: their words, what stands above them, those that were asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from metadata.text import UNDETERMINED
from search.base import FacetCount, Query
from search.facets import facet_label, parent_of
from search.plan import Index

_MOST = 256
_Memory = dict[object, tuple[FacetCount, ...]]
_memories: "WeakKeyDictionary[Index, tuple[str, _Memory]]" = WeakKeyDictionary()


def labelled(index: Index, query: Query, facets: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, tuple[FacetCount, ...]]:
    """Counts with the words for their values: from the lists, else from a document that has the value, else the value
    itself. The same counts of one state of the index are put into words once."""
    memory = _memory(index) if facets else {}
    found: dict[str, tuple[FacetCount, ...]] = {}
    for name, counts in facets.items():
        key = (name, tuple(counts), query.facet_words.get(name), query.facet_under.get(name), query.facet_size)
        if key not in memory:
            if len(memory) >= _MOST:
                memory.clear()
            memory[key] = tuple(_labelled(index, query, name, counts))
        found[name] = memory[key]
    return found


def _memory(index: Index) -> _Memory:
    state = index.state()
    kept = _memories.get(index)
    if kept is None or kept[0] != state:
        kept = _memories[index] = (state, {})
    return kept[1]


def _labelled(index: Index, query: Query, name: str, counts: Sequence[tuple[str, int]]) -> Iterator[FacetCount]:
    unknown = [value for value, _ in counts if not facet_label(name, value)]
    told = index.samples(name, unknown) if unknown else {}
    chosen = _chosen(query, name, (_count(name, value, count, told.get(value, {})) for value, count in counts))
    return (one for one, _ in zip(chosen, range(query.facet_size), strict=False))


def _count(name: str, value: str, count: int, shown: Mapping[str, Any]) -> FacetCount:
    label = facet_label(name, value) or shown.get("labels", {}).get(name, {}).get(value) or {UNDETERMINED: value}
    return FacetCount(value, label, count, parent_of(name, value, shown.get("above", {}).get(name)))


def _chosen(query: Query, name: str, counts: Iterator[FacetCount]) -> Iterator[FacetCount]:
    """Those with all the words in them, and right under the value that was named (empty: those under none)."""
    words, under = query.facet_words.get(name, "").casefold().split(), query.facet_under.get(name)
    for one in counts:
        text = " ".join((one.value, *one.label.values())).casefold()
        if all(word in text for word in words) and (under is None or one.parent == (under or None)):
            yield one
