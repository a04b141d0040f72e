"""Nodes of a plan → Elasticsearch's query language, as values: nothing that a visitor types is ever parsed by the server. Pure.

`scored` keeps what a node adds to the score; `unscored` finds the same documents and leaves scores out, which is cheaper and
can be remembered by the server. What only filters goes where no score is reckoned at all.
"""

import re
from collections.abc import Callable
from typing import Any

from search.plan import (
    AnyTerm,
    Begun,
    Between,
    Constant,
    Either,
    Everything,
    Near,
    Node,
    Nothing,
    Phrase,
    Term,
    Together,
    Weighted,
)

Json = dict[str, Any]

SLACK_METRES = 0.02
"""Added to a distance asked for: the server keeps points to about a centimetre."""

NOTHING: Json = {"match_none": {}}
EVERYTHING: Json = {"match_all": {}}


def scored(node: Node, boost: float = 1.0) -> Json:
    """The documents that `node` finds, with its score times `boost`."""
    if isinstance(node, Weighted):
        return scored(node.node, boost * node.weight)
    if isinstance(node, Constant):
        return _constant(node, boost)
    if isinstance(node, Together):
        return _together(node, boost)
    if isinstance(node, Either):
        return _either(node, boost)
    if isinstance(node, Everything):
        return {"bool": {"filter": EVERYTHING}}
    return _LEAVES[type(node)](node, {} if boost == 1.0 else {"boost": boost})


def unscored(node: Node) -> Json:
    """The documents that `node` finds."""
    if isinstance(node, Weighted | Constant):
        return unscored(node.node)
    if isinstance(node, Together):
        must, never = [unscored(one) for one in node.must], [unscored(one) for one in node.never]
        if len(must) == 1 and not never:
            return must[0]
        return {"bool": {"filter": must or EVERYTHING} | ({"must_not": never} if never else {})}
    if isinstance(node, Either):
        found = [unscored(one) for one in node.nodes]
        return found[0] if len(found) == 1 else {"bool": {"should": found}} if found else NOTHING
    return EVERYTHING if isinstance(node, Everything) else _LEAVES[type(node)](node, {})


def silent(node: Node) -> bool:
    """Whether a node adds nothing to the score."""
    return isinstance(node, Constant) and node.score == 0


def bare(node: Node) -> Node:
    """A node without what only says how it scores: two that find the same for the same reason are equal then."""
    while isinstance(node, Constant | Weighted):
        node = node.node
    return node


def _constant(node: Constant, boost: float) -> Json:
    if node.score * boost == 0:
        return {"bool": {"filter": unscored(node.node)}}
    return {"constant_score": {"filter": unscored(node.node), "boost": node.score * boost}}


def _together(node: Together, boost: float) -> Json:
    scoring = [one for one in node.must if not silent(one)]
    filtering = [unscored(one) for one in node.must if silent(one)]
    if len(scoring) == 1 and not (filtering or node.may or node.never):
        return scored(scoring[0], boost)
    parts: Json = {"must": [scored(one) for one in scoring]} if scoring else {}
    if filtering or not scoring:
        parts["filter"] = filtering or EVERYTHING
    if node.may:
        parts["should"] = [scored(one) for one in node.may]
    if node.never:
        parts["must_not"] = [unscored(one) for one in node.never]
    return {"bool": parts if boost == 1.0 else parts | {"boost": boost}}


def _either(node: Either, boost: float) -> Json:
    if len(node.nodes) < 2:
        return scored(node.nodes[0], boost) if node.nodes else NOTHING
    found: Json = {"queries": [scored(one) for one in node.nodes], "tie_breaker": node.tie}
    return {"dis_max": found if boost == 1.0 else found | {"boost": boost}}


def _nothing(_node: Nothing, _boost: Json) -> Json:
    return NOTHING


def _term(node: Term, boost: Json) -> Json:
    return {"term": {node.field: {"value": node.value, **boost} if boost else node.value}}


def _any_term(node: AnyTerm, boost: Json) -> Json:
    return {"terms": {node.field: node.values, **boost}} if node.values else NOTHING


def _phrase(node: Phrase, boost: Json) -> Json:
    """The analyzer parts the words at blanks again, so the tokens of the phrase are ours."""
    return {"match_phrase": {node.field: {"query": " ".join(node.tokens), **boost}}}


def _begun(node: Begun, boost: Json) -> Json:
    if node.inside:
        escaped = re.sub(r"([*?\\])", r"\\\1", node.start)
        return {"wildcard": {node.field: {"value": f"*{escaped}*", **boost}}}
    return {"prefix": {node.field: {"value": node.start, **boost}}}


def _between(node: Between, boost: Json) -> Json:
    bounds = {"gte": node.low, "lte": node.high}
    return {"range": {node.field: {name: bound for name, bound in bounds.items() if bound is not None} | boost}}


def _near(node: Near, boost: Json) -> Json:
    distance = f"{node.kilometres * 1_000 + SLACK_METRES:.3f}m"
    return {"geo_distance": {"distance": distance, "centre": [node.longitude, node.latitude], **boost}}


_LEAVES: dict[type, Callable[[Any, Json], Json]] = {
    Nothing: _nothing,
    Term: _term,
    AnyTerm: _any_term,
    Phrase: _phrase,
    Begun: _begun,
    Between: _between,
    Near: _near,
}
