"""What must not happen, whatever breaks: a failed or empty answer during a rebuild, a change that the index never sees, a
question that keeps an engine busy."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metadata.errors import Invalid
from search.answer import answer
from search.base import Query
from search.habits import Habits
from tests.contract.engines import ENGINES
from tests.search.breaking import EVERYONE, Directory, cable, cut_off, directory, killed, rebuilt_under_load
from tests.search.catalogue import make

ENTRIES = make(200)


@pytest.fixture(params=list(ENGINES))
def search_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new index on each engine."""
    with ENGINES[request.param](tmp_path) as engine:
        yield f"tantivy://{tmp_path / 'index'}" if request.param == "tantivy" else engine.url  # type: ignore[attr-defined]


@pytest.fixture
def catalogue(tmp_path: Path, search_url: str) -> Iterator[Directory]:
    with directory(tmp_path, search_url, ENTRIES) as found:
        yield found


def test_a_rebuild_under_load_is_seen_by_nobody(catalogue: Directory) -> None:
    clients, batches = rebuilt_under_load(catalogue, 2, ENTRIES)
    assert not clients.wrong, clients.wrong.most_common(3)
    assert clients.answers >= 20 and batches > 0
    assert catalogue.follow() == catalogue.count() == len(ENTRIES)
    assert catalogue.verified().clean


@pytest.mark.parametrize("rebuilding", [False, True], ids=["following", "rebuilding"])
def test_a_killed_worker_leaves_nothing_undone(catalogue: Directory, rebuilding: bool) -> None:
    changed = killed(catalogue, 4, ENTRIES, rebuilding=rebuilding)
    assert changed > 100
    assert catalogue.follow() == len(ENTRIES)
    drift = catalogue.verified()
    assert drift.clean and drift.checked == len(ENTRIES)


def test_a_server_that_is_cut_off_under_load_loses_nothing(tmp_path: Path, elasticsearch_index: str) -> None:
    with cable(elasticsearch_index) as way, directory(tmp_path, way.url, ENTRIES[:60]) as catalogue:
        clients = cut_off(catalogue, way, ENTRIES, away=1.0)
        assert {problem.partition(":")[0] for problem in clients.wrong} == {"Unavailable"}
        assert catalogue.follow() == catalogue.count() == len(ENTRIES)
        assert catalogue.verified().clean


class Untouchable:
    """An index that nothing may be looked up in."""

    def __getattr__(self, name: str) -> Any:
        return self._asked

    def _asked(self, *given: object) -> None:
        raise AssertionError(f"the engine was asked: {given}"[:200])


HOSTILE = {
    "10 MB of words": Query(words="w " * 5_000_000),
    "10 MB in one word": Query(words="水" * 3_500_000),
    "10 MB of quotes": Query(words='"' * 10_000_000),
    "5,000 clauses": Query(words=" OR ".join(f"w{number}" for number in range(5_000))),
    "too many clauses": Query(words=" ".join(f"w{number}" for number in range(100))),
    "too many alternatives": Query(words="|".join(f"w{number}" for number in range(100))),
    "too many beginnings": Query(words=" ".join(f"{letter}*" for letter in "abcdefghijklm" * 6)),
    "deep nesting": Query(words="(" * 1_000_000 + "x" + ")" * 1_000_000),
    "10,000 facets": Query(facets=tuple(f"f{number}" for number in range(10_000))),
    "one facet 10,000 times": Query(facets=("keyword",) * 10_000),
    "10,000 values of a filter": Query(filters={"keyword": tuple(map(str, range(10_000)))}),
    "10,000 values left out": Query(excluded={"keyword": tuple(map(str, range(10_000)))}),
    "10,000 values required": Query(required={"keyword": tuple(map(str, range(10_000)))}),
    "10,000 filters": Query(filters={f"f{number}": ("x",) for number in range(10_000)}),
    "10,000 bounds": Query(ranges={f"f{number}": ("1", None) for number in range(10_000)}),
    "10,000 histograms": Query(histograms={f"f{number}": "day" for number in range(10_000)}),
    "a cursor of 10 MB": Query(after="A" * 10_000_000),
    "a page of a million": Query(limit=1_000_000),
    "facets of a million values": Query(facets=("keyword",), facet_size=1_000_000),
    "words of 10 MB within a facet": Query(facets=("keyword",), facet_words={"keyword": "x" * 10_000_000}),
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_question_never_reaches_an_engine(query: Query) -> None:
    with pytest.raises(Invalid) as caught:
        answer(Untouchable(), replace(query, readers=EVERYONE), Habits())  # type: ignore[arg-type]
    assert caught.value.remedy and len(str(caught.value.value or "")) < 500
