"""Nodes of a plan on a real Elasticsearch against a plain reading of the documents, and how they are put to it."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from search.base import Document
from search.dates import instant
from search.elastic import ElasticEngine
from search.elastic_access import Access
from search.elastic_counting import asked
from search.elastic_mapping import ready
from search.elastic_query import scored, unscored
from search.fields import SETS, TEXTS
from search.geometry import coordinates, haversine
from search.order import Order
from search.plan import (
    AnyTerm,
    Bars,
    Begun,
    Between,
    Constant,
    Counting,
    Either,
    Everything,
    Lookup,
    Near,
    Node,
    Nothing,
    Phrase,
    Term,
    Together,
    Weighted,
)

BY_ID = Order("id", down=False)


def values(document: Document, field: str) -> list[str]:
    """What a document has in a field, one by one."""
    if field in ("exact", "completion", "rank"):
        return document.tokens.get(field, "").split("\n")
    if field in document.tokens or field in (*TEXTS, *SETS):
        return document.tokens.get(field, "").split()
    if field == "identifier" or field.startswith("facet_"):
        return list(document.facets[field.removeprefix("facet_")])
    return list(document.readers) if field == "readers" else [getattr(document, field)]


def number(document: Document, field: str) -> float | None:
    if field in document.dates:
        return instant(document.dates[field])
    names = ("west", "south", "east", "north", "longitude", "latitude")
    if field in names:
        return coordinates(document.box)[names.index(field)] if document.box else None
    return document.numbers.get(field)


def has(document: Document, node: Node) -> bool:
    """The plain reading."""
    match node:
        case Everything():
            return True
        case Nothing():
            return False
        case Term(field, value):
            return value in values(document, field)
        case AnyTerm(field, several):
            return not {*several}.isdisjoint(values(document, field))
        case Phrase(field, tokens):
            return f" {' '.join(tokens)} " in f" {' '.join(values(document, field))} "
        case Begun(field, start):
            return any(one.startswith(start) for one in values(document, field))
        case Between(field, low, high):
            one = number(document, field)
            return one is not None and (low is None or one >= low) and (high is None or one <= high)
        case Near(longitude, latitude, kilometres):
            return bool(document.box) and haversine(*coordinates(document.box)[-2:], longitude, latitude) <= kilometres
        case Together(must, _, never):
            return all(has(document, one) for one in must) and not any(has(document, one) for one in never)
        case Either(nodes):
            return any(has(document, one) for one in nodes)
        case Weighted(inner, _) | Constant(inner, _):
            return has(document, inner)
    raise AssertionError(node)


def trees(documents: list[Document], count: int) -> list[Node]:
    """Made-up trees of all nodes, over words and numbers that are there, the same every time."""
    chance = random.Random(11)

    def leaf() -> Node:
        document = chance.choice(documents)
        field = chance.choice([*TEXTS, *SETS, "facet_theme", "facet_keyword", "readers", "exact", "rank", "name", "identifier"])
        have = values(document, field) or ["nothing"]
        value, start = chance.choice(have), chance.randrange(len(have))
        kinds: list[Callable[[], Node]] = [
            lambda: Term(field, value),
            lambda: AnyTerm("facet_organization", tuple(values(chance.choice(documents), "facet_organization"))),
            lambda: Between(
                chance.choice(["modified", "updated", "use", "period_start", "west"]), None, chance.uniform(-50, 2e15)
            ),
            lambda: Between("size", chance.choice([0, 2_048]), None),
            lambda: Near(chance.uniform(-180, 180), chance.uniform(-90, 90), chance.choice([10, 3_000, 12_000])),
            Everything,
            Nothing,
        ]
        if field in TEXTS:
            kinds += [lambda: Phrase(field, tuple(have[start : start + 3])), lambda: Begun(field, value[:2])] * 2
        return chance.choice(kinds)()

    def tree(depth: int) -> Node:
        if not depth:
            return leaf()
        parts = tuple(tree(depth - 1) for _ in range(chance.randint(1, 3)))
        kinds: list[Callable[[], Node]] = [
            lambda: Together(parts[:1], parts[1:]),
            lambda: Together(parts[:1], never=parts[1:]),
            lambda: Together(parts),
            lambda: Either(parts, 0.1),
            lambda: Weighted(parts[0], 3.0),
            lambda: Constant(parts[0], chance.choice([0.0, 5.0])),
        ]
        return chance.choice(kinds)()

    return [tree(chance.randint(0, 3)) for _ in range(count)]


def ids(engine: ElasticEngine, node: Node, order: Order = BY_ID) -> set[str]:
    found = engine.look(Lookup(node, order, limit=1_000))
    assert found.total == len(found.rows)
    return {row.id for row in found.rows}


@pytest.mark.elasticsearch
def test_every_node_finds_what_a_plain_reading_finds(filled: ElasticEngine, documents: list[Document]) -> None:
    some = 0
    for node in trees(documents, 300):
        wanted = {one.id for one in documents if has(one, node)}
        assert ids(filled, node) == wanted, node
        assert ids(filled, node, Order("relevance", down=True)) == wanted, node
        some += 0 < len(wanted) < len(documents)
    assert some > 100


@pytest.mark.elasticsearch
@pytest.mark.parametrize("shards", [1, 3])
def test_facets_and_bars_count_documents_of_their_own(elasticsearch_index: str, documents: list[Document], shards: int) -> None:
    """However the documents of a facet are put: as the question less a condition, the question itself, something else."""
    engine = ElasticEngine(elasticsearch_index, access=Access(shards=shards))
    engine.write(documents, [], len(documents))
    trees_ = trees(documents, 60)
    for one, other, third in zip(trees_[::3], trees_[1::3], trees_[2::3], strict=True):
        words, condition, more = one, Constant(other), Constant(third)
        whole = Together((words, condition, more), may=(Constant(Term("rank", "2024"), 2.0),))
        nodes = [whole, Together((Constant(words), condition)), Together((more,)), Everything(), other]
        for node in nodes:
            facets = tuple(
                Counting(name, node, size, least, by_value)
                for name, size, least, by_value in [
                    ("keyword", 3, 1, False),
                    ("theme", 50, 2, True),
                    ("organization", 2, 1, False),
                ]
            )
            bars = (Bars("modified", node, "quarter"), Bars("issued", whole, "year"))
            found = engine.look(Lookup(whole, Order("relevance", down=True), limit=5, facets=facets, bars=bars))
            assert found.total == sum(has(document, whole) for document in documents)
            counted = [document for document in documents if has(document, node)]
            for facet in facets:
                assert found.facets[facet.facet] == counts(counted, facet), facet
            assert found.bars["modified"] == histogram(counted, "modified", 3)
            assert found.bars["issued"] == histogram([one for one in documents if has(one, whole)], "issued", 12)


def counts(documents: list[Document], facet: Counting) -> tuple[tuple[str, int], ...]:
    counted = Counter(value for document in documents for value in {*document.facets[facet.facet]})
    kept = [(value, count) for value, count in counted.items() if count >= facet.least]
    return tuple(sorted(kept, key=lambda one: (0 if facet.by_value else -one[1], one[0]))[: facet.size])


def histogram(documents: list[Document], field: str, months: int) -> tuple[tuple[str, int], ...]:
    dates = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at) for one in documents if (at := number(one, field))]
    begins = (at.replace(day=1, month=(at.month - 1) // months * months + 1).date().isoformat() for at in dates)
    return tuple(sorted(Counter(begins).items()))


MOMENTS = ["0001-01-01", "0001-12-31T23:59:59.999999", "1969-12-31", "2024-02-29T23:30:00-01:00", "9999-12-31T23:59:59.9"]
BEGINS = {
    "year": ["0001-01-01", "1969-01-01", "2024-01-01", "9999-01-01"],
    "quarter": ["0001-01-01", "0001-10-01", "1969-10-01", "2024-01-01", "9999-10-01"],
    "month": ["0001-01-01", "0001-12-01", "1969-12-01", "2024-03-01", "9999-12-01"],
    "day": ["0001-01-01", "0001-12-31", "1969-12-31", "2024-03-01", "9999-12-31"],
}


@pytest.mark.elasticsearch
def test_bars_reach_from_the_first_year_to_the_last(elastic: ElasticEngine, documents: list[Document]) -> None:
    rows = [replace(one, dates={"issued": moment}) for one, moment in zip(documents, MOMENTS, strict=False)]
    elastic.write(rows, [], 10)
    for interval, begins in BEGINS.items():
        found = elastic.look(Lookup(Everything(), BY_ID, bars=(Bars("issued", Everything(), interval),)))
        assert [day for day, _ in found.bars["issued"]] == begins
        assert sum(count for _, count in found.bars["issued"]) == len(MOMENTS)


def test_conditions_are_put_where_no_score_is_reckoned() -> None:
    words = Weighted(Either((Phrase("title", ("公共", "共交")), Term("other", "bus")), 0.1), 2.0)
    whole = Together((words, Constant(AnyTerm("readers", ("public",)))), may=(Constant(Term("exact", "x"), 9.0),))
    assert scored(whole) == {
        "bool": {
            "must": [
                {
                    "dis_max": {
                        "queries": [{"match_phrase": {"title": {"query": "公共 共交"}}}, {"term": {"other": "bus"}}],
                        "tie_breaker": 0.1,
                        "boost": 2.0,
                    }
                }
            ],
            "filter": [{"terms": {"readers": ("public",)}}],
            "should": [{"constant_score": {"filter": {"term": {"exact": "x"}}, "boost": 9.0}}],
        }
    }
    assert "dis_max" not in str(unscored(whole)) and "boost" not in str(unscored(whole))


def test_a_question_without_filters_is_counted_as_it_is() -> None:
    words, public = Term("title", "bus"), Constant(AnyTerm("readers", ("public",)))
    whole, silent = Together((words, public)), Together((Constant(words), public))
    plain = asked(Lookup(whole, BY_ID, facets=(Counting("theme", silent, 5), Counting("keyword", silent, 5))), sharded=False)
    assert plain.post_filter is None and set(plain.aggs) == {"facet theme", "facet keyword"}
    chosen = Constant(AnyTerm("facet_theme", ("TRAN",)))
    filtered = Together((words, public, chosen))
    facets = (Counting("theme", silent, 5), Counting("keyword", Together((Constant(words), public, chosen)), 5))
    parted = asked(Lookup(filtered, BY_ID, facets=facets), sharded=False)
    assert parted.query == scored(whole) and parted.post_filter == unscored(chosen)
    assert set(parted.aggs) == {"facet theme", "group 1"} and parted.aggs["group 1"]["filter"] == unscored(chosen)


def test_a_document_is_sent_with_all_it_has(documents: list[Document]) -> None:
    for document in documents[:50]:
        sent: dict[str, Any] = orjson.loads(ready(document).body)
        assert (sent["id"], sent["sequence"], sent["readers"]) == (document.id, document.sequence, list(document.readers))
        for field, tokens in document.tokens.items():
            assert not tokens or sent[field] == (
                tokens if field in (*TEXTS, *SETS, "pinyin", "initials") else tokens.split("\n")
            )
        assert ("centre" in sent) == ("west" in sent) == bool(document.box)
        assert {name for name in document.dates if f"{name}_moment" in sent} == set(document.dates)
