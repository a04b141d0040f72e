"""What a real Elasticsearch tells of words, against a plain reading of the documents."""

from collections import Counter

import pytest

from search.base import Document
from search.elastic import ElasticEngine
from search.elastic_words import AT_ONCE

pytestmark = pytest.mark.elasticsearch


def lines(documents: list[Document]) -> Counter[str]:
    public = [one for one in documents if "public" in one.readers]
    return Counter(line for one in public for line in {*one.tokens.get("completion", "").split("\n")} if line)


def ordered(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def test_lines_are_completed(filled: ElasticEngine, documents: list[Document]) -> None:
    known = lines(documents)
    starts = sorted({line[:length] for line in known for length in (1, 2, 5)})
    assert len(starts) > 20
    for start in starts:
        wanted = ordered({line: count for line, count in known.items() if line.startswith(start)})
        assert filled.completions(start, 500) == wanted, start
        assert filled.completions(start, 2) == wanted[:2]
    assert filled.completions("", 500) == ordered(known)
    for nothing in (".*", "a.", "[a-z]", "(", "\\", "“", "~#@&<1-2>", "\x00"):
        wanted = ordered({line: count for line, count in known.items() if line.startswith(nothing)})
        assert filled.completions(nothing, 500) == wanted


def near(one: str, other: str) -> int:
    """Edits between two words: insert, delete, replace, swap neighbours."""
    rows = [list(range(len(other) + 1))]
    for place, letter in enumerate(one, 1):
        row = [place]
        for at, its in enumerate(other, 1):
            best = min(rows[-1][at] + 1, row[-1] + 1, rows[-1][at - 1] + (letter != its))
            if place > 1 and at > 1 and letter == other[at - 2] and its == one[place - 2]:
                best = min(best, rows[-2][at - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@pytest.mark.parametrize("term", ["rotues", "qualty", "parkng", "sation", "x", "wa", "公供", "共通", "2104", "trafic", "bus"])
@pytest.mark.parametrize("edits", [1, 2])
def test_tokens_that_are_alike_are_told(filled: ElasticEngine, documents: list[Document], term: str, edits: int) -> None:
    for field in ("title", "description"):
        known = Counter(token for one in documents for token in {*one.tokens.get(field, "").split()})
        wanted = {token: count for token, count in known.items() if token[0] == term[0] and 0 < near(term, token) <= edits}
        found = [one for one in filled.terms_like(field, term, edits, 1_000) if one[0] != term]
        assert found == ordered(wanted)
        assert filled.terms_like(field, term, edits, 1) == found[:1]


def test_replaced_documents_do_not_count(full: ElasticEngine, documents: list[Document]) -> None:
    before = dict(full.terms_like("title", "rotues", 2, 10))
    with_it = [one.id for one in documents if "route" in one.tokens["title"].split()]
    assert before["route"] == len(with_it) > 3
    full.write([], with_it[:3], 1_000)
    assert dict(full.terms_like("title", "rotues", 2, 10))["route"] == len(with_it) - 3


def test_a_document_is_shown_for_each_value(filled: ElasticEngine, documents: list[Document]) -> None:
    known = {value for one in documents for value in one.facets["keyword"]}
    found = filled.samples("keyword", [*known, "no such", *(f"none {number}" for number in range(2 * AT_ONCE))])
    assert found.keys() == known
    for value, shown in found.items():
        assert any(value in one.facets["keyword"] and one.shown["title"] == shown["title"] for one in documents)
    assert filled.samples("keyword", []) == {}


def test_samples_are_remembered_until_the_index_changes(full: ElasticEngine, documents: list[Document]) -> None:
    (value, *_) = documents[0].facets["source"] or documents[1].facets["source"]
    first = full.samples("source", [value])
    assert full.samples("source", [value])[value] is first[value]
    having = [one.id for one in documents if value in one.facets["source"]]
    full.write([], having, 1_000)
    assert full.samples("source", [value]) == {}
