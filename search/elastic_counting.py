"""Facets and histograms beside the hits, in one request. Pure.

Each facet is counted over documents of its own: all that the question finds, without the facet's own filter. So the question is
asked without the conditions that some facet leaves out, those are laid on the hits afterwards (`post_filter`), and on each
facet as far as they are its own. Where a facet's documents cannot be put like that, it is counted apart from the question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from search.elastic_mapping import moment_field
from search.elastic_query import Json, bare, scored, silent, unscored
from search.fields import facet_field
from search.plan import Bars, Counting, Everything, Lookup, Node, Together

EVERY = (1 << 31) - 1
"""Values that a shard tells the others of: all it has, so that the sums are exact."""

_FACET, _BARS = "facet ", "bars "
Counted = tuple[Mapping[str, tuple[tuple[str, int], ...]], Mapping[str, tuple[tuple[str, int], ...]]]


@dataclass(frozen=True)
class Asked:
    """The parts of a request: `query` with scores, `post_filter` for the hits alone, `aggs`."""

    query: Json
    post_filter: Json | None
    aggs: Json


def asked(lookup: Lookup, *, sharded: bool) -> Asked:
    """How to ask for the hits and counts of a lookup. `sharded`: whether the index has more than one shard."""
    countings: list[Counting | Bars] = [*lookup.facets, *lookup.bars]
    whole, rests = _parted(lookup.node, countings)
    if whole is None:
        inside = {one: unscored(one.node) for one in countings}
        return Asked(scored(lookup.node), None, {"all": {"global": {}, "aggs": _grouped(inside, sharded=sharded)}})
    filters = {one: _all(rest) for one, rest in zip(countings, rests, strict=True)}
    left = _left_out(lookup.node, whole)
    return Asked(scored(whole), _all(left), _grouped(filters, sharded=sharded))


def counted(aggregations: Mapping[str, Any]) -> Counted:
    """Values by facet and intervals by histogram, from what the server counted."""
    facets: dict[str, tuple[tuple[str, int], ...]] = {}
    bars: dict[str, tuple[tuple[str, int], ...]] = {}
    for name, found in aggregations.items():
        if name.startswith(_FACET):
            facets[name.removeprefix(_FACET)] = tuple((one["key"], one["doc_count"]) for one in found["buckets"])
        elif name.startswith(_BARS):
            bars[name.removeprefix(_BARS)] = tuple((one["key_as_string"], one["doc_count"]) for one in found["buckets"])
        elif isinstance(found, dict):
            more_facets, more_bars = counted(found)
            facets |= more_facets
            bars |= more_bars
    return facets, bars


def _parted(node: Node, countings: Sequence[Counting | Bars]) -> tuple[Node | None, list[list[Node]]]:
    """The question without what some facet leaves out, and for each facet what it has beyond that. None when a facet has
    something that the question has not, or the score depends on what is left out."""
    wanted = [_conditions(one.node) for one in countings]
    if not isinstance(node, Together):
        same = all(conditions == _conditions(node) for conditions in wanted)
        return (node, [[] for _ in wanted]) if same else (None, [])
    own = _conditions(node)
    if node.never or any(one not in own for conditions in wanted for one in conditions):
        return None, []
    kept = [one for one in node.must if all(_is_among(bare(one), conditions) for conditions in wanted)]
    if any(not silent(one) for one in node.must if one not in kept):
        return None, []
    shared = [bare(one) for one in kept]
    return replace(node, must=tuple(kept)), [[one for one in conditions if one not in shared] for conditions in wanted]


def _left_out(node: Node, whole: Node) -> list[Node]:
    if not isinstance(node, Together) or not isinstance(whole, Together):
        return []
    return [one for one in node.must if one not in whole.must]


def _conditions(node: Node) -> list[Node]:
    """What has to be so, one by one."""
    node = bare(node)
    parts = [bare(one) for one in node.must] if isinstance(node, Together) and not node.never else [node]
    return [one for one in parts if not isinstance(one, Everything)]


def _is_among(node: Node, conditions: Sequence[Node]) -> bool:
    return isinstance(node, Everything) or node in conditions


def _all(nodes: Sequence[Node]) -> Json | None:
    return unscored(Together(tuple(nodes))) if nodes else None


def _grouped(filters: Mapping[Counting | Bars, Json | None], *, sharded: bool) -> Json:
    """Aggregations, those with the same filter together, so that it is applied once."""
    groups: list[tuple[Json | None, Json]] = []
    for one, condition in filters.items():
        inside = next((inside for known, inside in groups if known == condition), None)
        if inside is None:
            groups.append((condition, inside := {}))
        inside.update(_counting(one, sharded=sharded))
    return dict(_named(groups))


def _named(groups: Iterable[tuple[Json | None, Json]]) -> Iterable[tuple[str, Json]]:
    for number, (condition, inside) in enumerate(groups):
        if condition is None:
            yield from inside.items()
        else:
            yield f"group {number}", {"filter": condition, "aggs": inside}


def _counting(one: Counting | Bars, *, sharded: bool) -> Json:
    if isinstance(one, Bars):
        days: Json = {"field": moment_field(one.field), "calendar_interval": one.interval, "min_doc_count": 1}
        return {f"{_BARS}{one.field}": {"date_histogram": days | {"format": "uuuu-MM-dd"}}}
    order = [{"_key": "asc"}] if one.by_value else [{"_count": "desc"}, {"_key": "asc"}]
    values: Json = {"field": facet_field(one.facet), "size": one.size, "min_doc_count": max(1, one.least), "order": order}
    if sharded:
        values["shard_size"] = EVERY
    return {f"{_FACET}{one.facet}": {"terms": values}}
