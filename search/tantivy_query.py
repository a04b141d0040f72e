"""Nodes of a plan → tantivy queries, built by hand: nothing that a visitor types is ever parsed by the engine."""

from collections.abc import Callable
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Query

from search import plan
from search.fields import COORDINATES, READINGS, TEXTS
from search.tantivy_folder import View
from search.tantivy_near import near
from search.tantivy_schema import POSITION, UNSIGNED

_SCORED = frozenset((*TEXTS, *READINGS))
_EDGE = 1 << 62
_TOP = (1 << 64) - 1


def translated(view: View, node: plan.Node) -> Query:
    """The query that finds and scores what `node` says."""
    return _TRANSLATIONS[type(node)](view, node)


def term(schema: tantivy.Schema, field: str, value: str) -> Query:
    """Documents with a value in a field that is not analysed."""
    return Query.term_query(schema, field, value, "basic")


def silent(query: Query) -> Query:
    """The same documents without a say in the score."""
    return Query.const_score_query(query, 0.0)


def everything(view: View) -> Query:
    """All documents: every row but the one that holds the position."""
    return Query.boolean_query([(Occur.Must, silent(Query.all_query())), (Occur.MustNot, term(view.schema, "id", POSITION))])


def _everything(view: View, _node: plan.Everything) -> Query:
    return everything(view)


def _nothing(_view: View, _node: plan.Nothing) -> Query:
    return Query.empty_query()


def _term(view: View, node: plan.Term) -> Query:
    option = "freq" if node.field in _SCORED else "basic"
    return Query.term_query(view.schema, node.field, node.value, option)


def _any_term(view: View, node: plan.AnyTerm) -> Query:
    if len(node.values) == 1:
        return term(view.schema, node.field, node.values[0])
    return Query.term_set_query(view.schema, node.field, list(node.values)) if node.values else Query.empty_query()


def _phrase(view: View, node: plan.Phrase) -> Query:
    return Query.phrase_query(view.schema, node.field, list(node.tokens))


def _begun(view: View, node: plan.Begun) -> Query:
    return Query.regex_query(view.schema, node.field, f"{'.*' if node.inside else ''}{_escaped(node.start)}.*")


def _between(view: View, node: plan.Between) -> Query:
    if node.field in COORDINATES:
        low: float = -1e9 if node.low is None else float(node.low)
        high: float = 1e9 if node.high is None else float(node.high)
        return Query.range_query(view.schema, node.field, FieldType.Float, low, high)
    if node.field in UNSIGNED:
        first, last = (0 if node.low is None else int(node.low)), (_TOP if node.high is None else int(node.high))
        if not 0 <= first <= last <= _TOP:
            return Query.empty_query()
        return Query.range_query(view.schema, node.field, FieldType.Unsigned, first, last)
    first, last = (-_EDGE if node.low is None else int(node.low)), (_EDGE if node.high is None else int(node.high))
    return Query.range_query(view.schema, node.field, FieldType.Integer, first, last)


def _together(view: View, node: plan.Together) -> Query:
    clauses = [(Occur.Must, translated(view, one)) for one in node.must]
    clauses += [(Occur.Should, translated(view, one)) for one in node.may]
    clauses += [(Occur.MustNot, translated(view, one)) for one in node.never]
    return clauses[0][1] if len(clauses) == 1 and node.must else Query.boolean_query(clauses)


def _either(view: View, node: plan.Either) -> Query:
    found = [translated(view, one) for one in node.nodes]
    return found[0] if len(found) == 1 else Query.disjunction_max_query(found, node.tie) if found else Query.empty_query()


def _weighted(view: View, node: plan.Weighted) -> Query:
    return Query.boost_query(translated(view, node.node), node.weight)


def _constant(view: View, node: plan.Constant) -> Query:
    return Query.const_score_query(translated(view, node.node), node.score)


def _escaped(text: str) -> str:
    return "".join(one if one.isalnum() else f"\\{one}" for one in text)


_TRANSLATIONS: dict[type, Callable[[View, Any], Query]] = {
    plan.Everything: _everything,
    plan.Nothing: _nothing,
    plan.Term: _term,
    plan.AnyTerm: _any_term,
    plan.Phrase: _phrase,
    plan.Begun: _begun,
    plan.Between: _between,
    plan.Near: near,
    plan.Together: _together,
    plan.Either: _either,
    plan.Weighted: _weighted,
    plan.Constant: _constant,
}
