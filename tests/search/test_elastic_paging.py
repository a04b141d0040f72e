"""Pages of a real Elasticsearch: to any depth, and the same answer to the end while the index changes."""

import base64
from collections.abc import Iterator
from dataclasses import replace

import orjson
import pytest

from metadata.entry import Entry
from metadata.errors import Invalid
from search import cursor as cursors
from search import elastic_contents, elastic_mapping, elastic_paging
from search.base import Document, Query
from search.cursor import Cursor
from search.elastic import ElasticEngine
from search.order import ORDERS, Order
from search.plan import Everything, Found, Lookup

pytestmark = pytest.mark.elasticsearch
EVERYONE = frozenset({"*"})
NEAR = (116.4, 39.9, 20_100.0)


def pages(engine: ElasticEngine, query: Query) -> Iterator[list[str]]:
    """Ids page by page."""
    while True:
        page = engine.search(query)
        yield [hit.id for hit in page.hits]
        if page.next is None:
            return
        query = replace(query, after=page.next)


@pytest.fixture
def shallow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that looks at 40 hits at once."""
    for module in (elastic_mapping, elastic_paging):
        monkeypatch.setattr(module, "WINDOW", 40)
    monkeypatch.setattr(elastic_paging, "STEP", 23)


@pytest.mark.usefixtures("shallow")
def test_any_offset_can_be_asked_for(full: ElasticEngine) -> None:
    for order in (*ORDERS, "-relevance", "-modified", "-distance"):
        near = NEAR if "distance" in order else None
        query = Query(words="数据 OR bus", order=order, near=near, readers=EVERYONE, limit=11)
        whole = [one for page in pages(full, query) for one in page]
        assert len(whole) == len(set(whole)) == full.search(query).total > 60
        for offset in (0, 29, 30, 40, 41, 63, len(whole) - 3, len(whole), len(whole) + 50, 1 << 40):
            page = full.search(replace(query, offset=offset, facets=("theme",)))
            assert [hit.id for hit in page.hits] == whole[offset : offset + 11], (order, offset)
            assert page.total == len(whole) and sum(one.count for one in page.facets["theme"]) > 0
            assert (page.next is None) == (offset + 11 >= len(whole))


@pytest.mark.parametrize("order", ["relevance", "title", "-size", "distance"])
def test_what_is_walked_stays_as_it_was(full: ElasticEngine, documents: list[Document], order: str) -> None:
    query = Query(words="数据", order=order, near=NEAR, readers=EVERYONE, limit=9)
    before = [one for page in pages(full, query) for one in page]
    walk = pages(full, query)
    met = [*next(walk), *next(walk)]
    full.write([], before[5::2], 1_000)
    full.write(
        [replace(one, sequence=2_000, numbers={"size": 1 << 40}) for one in documents if one.id in before[4::2]], [], 2_000
    )
    assert [*met, *(one for page in walk for one in page)] == before


@pytest.mark.parametrize("order", ["relevance", "-modified", "name"])
def test_a_state_that_is_gone_is_not_missed(full: ElasticEngine, order: str) -> None:
    """The server forgets points in time: after some minutes, and when it is started anew."""
    query = Query(words="数据", order=order, readers=EVERYONE, limit=9)
    before = [one for page in pages(full, query) for one in page]
    second = full.search(replace(query, after=full.search(query).next))
    assert second.next is not None
    third = replace(query, after=second.next)
    snapshot = cursors.decode(third, second.next).snapshot
    full._link.ask(lambda client: client.close_point_in_time(id=snapshot))
    full.write([], before[:18], 1_000)
    assert [hit.id for hit in full.search(third).hits] == before[18:27]
    full.replace(full.fresh())
    assert full.search(third).hits == ()


def test_the_end_lets_the_state_go(filled: ElasticEngine) -> None:
    def open_states() -> int:
        found = filled._link.ask(lambda client: client.indices.stats(index=filled.name, metric="search"))
        return int(found["_all"]["total"]["search"]["open_contexts"])

    query = Query(order="name", readers=EVERYONE, limit=50)
    before = open_states()
    assert sum(map(len, pages(filled, query))) == 240
    assert open_states() <= before
    assert filled.search(query).next is not None
    assert open_states() <= before, "a first page costs the server nothing that stays"


@pytest.mark.parametrize("snapshot", ["AAAA", "nonsense!", "x" * 300])
def test_a_forged_state_is_no_way_in(filled: ElasticEngine, snapshot: str) -> None:
    query = Query(order="name", readers=frozenset({"public"}), limit=10)
    first = filled.search(query)
    assert first.next is not None
    known = cursors.decode(query, first.next)
    forged = cursors.encode(query, replace(known, snapshot=snapshot))
    wanted = filled.search(replace(query, after=first.next))
    assert filled.search(replace(query, after=forged)).hits in (wanted.hits, ())


def test_a_key_that_does_not_fit_is_refused_or_passed_over(filled: ElasticEngine) -> None:
    def after(*key: object) -> Found:
        return filled.look(Lookup(Everything(), Order("modified", down=True), limit=5, after=Cursor(5, key)))  # type: ignore[arg-type]

    plain = filled.look(Lookup(Everything(), Order("modified", down=True), limit=5, offset=5))
    assert after().rows == plain.rows == after("x").rows
    with pytest.raises(Invalid):
        after("yesterday", "x")


def test_contents_are_read_in_steps(full: ElasticEngine, entries: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = sorted((entry.id, entry.sequence) for entry in entries)
    for step in (17, 60, 240, 1000):
        monkeypatch.setattr(elastic_contents, "STEP", step)
        assert list(full.contents()) == wanted
    reading = full.contents()
    first = [next(reading) for _ in range(10)]
    full.write([], [one for one, _ in wanted[5::2]], 500)
    assert [*first, *reading] == wanted, "as it was when the reading began"


def test_cursors_stay_short(filled: ElasticEngine) -> None:
    query = Query(order="title", readers=EVERYONE, limit=10)
    second = filled.search(replace(query, after=filled.search(query).next))
    assert second.next is not None and len(second.next) < 1_000
    assert orjson.loads(base64.urlsafe_b64decode(second.next + "==")[6:])
