"""Every engine: in which order hits come, how pages follow one another, and what a score is made of."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from metadata.entry import Entry
from metadata.errors import Invalid
from search.base import Query, SearchEngine
from search.document import document
from search.order import ORDERS
from tests.search.places import kilometres
from tests.search.questions import EVERYONE
from tests.search.questions_bounds import POINTS
from tests.search.reading import Catalogue, box_of, in_order

SORTED = [order for order in ORDERS if order not in ("relevance", "distance")]


def ids(engine: SearchEngine, query: Query) -> list[str]:
    return [hit.id for hit in engine.search(query).hits]


def walked(engine: SearchEngine, query: Query) -> Iterator[str]:
    """Ids of all pages, by cursors."""
    while True:
        page = engine.search(query)
        yield from (hit.id for hit in page.hits)
        if page.next is None:
            return
        query = replace(query, after=page.next)


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("order", SORTED)
def test_orders_are_total_and_pages_follow_one_another(
    engine: SearchEngine, entries: list[Entry], order: str, sign: str
) -> None:
    query = Query(order=sign + order, limit=1000, readers=EVERYONE)
    wanted = in_order(entries, sign + order)
    assert ids(engine, query) == wanted
    assert ids(engine, replace(query, limit=7, offset=33)) == wanted[33:40]
    assert ids(engine, replace(query, limit=50, offset=len(wanted) - 3)) == wanted[-3:]
    assert ids(engine, replace(query, offset=len(wanted))) == []
    assert list(walked(engine, replace(query, limit=37))) == wanted


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("order", ["modified", "title", "size", "quality"])
def test_what_words_and_filters_find_is_in_order(engine: SearchEngine, catalogue: Catalogue, order: str, sign: str) -> None:
    for query in (
        Query(filters={"format": ("CSV",)}, order=sign + order),
        Query(ranges={"modified": ("2021", "2023")}, order=sign + order, readers=EVERYONE),
        Query(box=(100.0, 0.0, 140.0, 60.0), order=sign + order),
    ):
        wanted = in_order(catalogue.answer(query), sign + order)
        assert ids(engine, replace(query, limit=1000)) == wanted != []
        assert list(walked(engine, replace(query, limit=13))) == wanted


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("place", POINTS)
def test_distances_are_told_and_ordered(engine: SearchEngine, catalogue: Catalogue, place: str, sign: str) -> None:
    point = POINTS[place]
    query = Query(near=(*point, 20_100.0), order=sign + "distance", limit=1000, readers=EVERYONE)
    hits = engine.search(query).hits
    boxes = {entry.id: box_of(entry) for entry in catalogue.entries}
    far = {hit.id: kilometres(box, point) for hit in hits if (box := boxes[hit.id])}
    assert len(hits) == len(far) == len(catalogue.answer(query)) > 100
    assert all(hit.distance == pytest.approx(far[hit.id], rel=1e-6, abs=2e-3) for hit in hits)
    told = [round(far[hit.id], 2) for hit in hits]  # centimetres are lost in an index
    assert told == sorted(told, reverse=bool(sign))
    for box in set(boxes.values()):
        alike = [hit.id for hit in hits if boxes[hit.id] == box]
        assert alike == sorted(alike), "what is equally far goes by id"
    assert list(walked(engine, replace(query, limit=61))) == [hit.id for hit in hits]


@pytest.mark.parametrize("order", ["relevance", "-relevance"])
@pytest.mark.parametrize("words", ["bus", "交通", "水", "", "air -census", '"bus routes" 交通', "2015"])
def test_relevance_pages_follow_one_another(engine: SearchEngine, words: str, order: str) -> None:
    whole = engine.search(Query(words=words, order=order, limit=1000, readers=EVERYONE))
    all_ids = [hit.id for hit in whole.hits]
    assert len(set(all_ids)) == len(all_ids) == whole.total
    assert list(walked(engine, Query(words=words, order=order, limit=9, readers=EVERYONE))) == all_ids
    assert ids(engine, Query(words=words, order=order, limit=5, offset=11, readers=EVERYONE)) == all_ids[11:16]
    scores = [hit.score for hit in whole.hits]
    assert scores == sorted(scores, reverse=order == "relevance")


def test_without_words_the_last_changed_come_first(engine: SearchEngine, entries: list[Entry]) -> None:
    assert ids(engine, Query(limit=1000, readers=EVERYONE)) == in_order(entries, "updated")
    assert ids(engine, Query(words="-nothingofthekind", limit=1000, readers=EVERYONE)) == in_order(entries, "updated")


@pytest.mark.parametrize("words", ["地图", "format:csv", "class:3 -交通"])
def test_equal_relevance_goes_by_update_then_id(engine: SearchEngine, entries: list[Entry], words: str) -> None:
    hits = engine.search(Query(words=words, limit=1000, readers=EVERYONE)).hits
    known = {entry.id: entry for entry in entries}
    for one, other in pairwise(hits):
        if one.score == other.score:
            newer, older = known[one.id].updated, known[other.id].updated
            assert newer > older or (newer == older and one.id < other.id)


def described(entry: Entry, title: str, about: str, **changes: object) -> Entry:
    """The same entry, but for its words."""
    dataset = type(entry.dataset)(identifier=entry.identifier, title={"en": title}, description={"en": about})
    return replace(entry, state="published", dataset=dataset, **changes)  # type: ignore[arg-type]


def test_a_title_counts_more_than_a_description_and_a_whole_title_most(
    make: Callable[[], SearchEngine], entries: list[Entry]
) -> None:
    first, second, third, fourth = entries[:4]
    engine = make()
    rows = [
        described(first, "Something else", "harbour depths " * 40, use=4_000),
        described(second, "Harbour of the whole long coast with all its depths", "x"),
        described(third, "Harbour, depths!", "y", errors=9, use=0),
        described(fourth, "Harbour", "z depths"),
    ]
    engine.write(map(document, rows), [], 1)
    found = ids(engine, Query(words="harbour depths"))
    assert found[:2] == [third.id, second.id]
    assert set(found[2:]) == {first.id, fourth.id}


def test_freshness_quality_and_use_decide_between_equal_words(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    alike = [described(entry, "Harbour depths", "x", errors=9, warnings=0, use=0) for entry in entries[:4]]
    plain, used, clean, many = alike
    rows = [plain, replace(used, use=10), replace(clean, errors=0), replace(many, use=4_000)]
    engine.write(map(document, rows), [], 1)
    hits = engine.search(Query(words="harbour", explain=True)).hits
    assert [hit.id for hit in hits][-1] == plain.id
    assert [hit.id for hit in hits].index(many.id) < [hit.id for hit in hits].index(used.id)


@pytest.mark.parametrize(
    "words", ["bus", "交通", "水", "公共交通 数据", '"bus routes"', "air -census", "GB/T 21063", "bus OR 图书馆"]
)
def test_the_parts_of_a_score_add_up(engine: SearchEngine, words: str) -> None:
    plain = engine.search(Query(words=words, limit=60, readers=EVERYONE))
    hits = engine.search(Query(words=words, limit=60, explain=True, readers=EVERYONE)).hits
    assert [hit.id for hit in hits] == [hit.id for hit in plain.hits] and hits
    for hit, silent in zip(hits, plain.hits, strict=True):
        assert sum(hit.explained.values()) == pytest.approx(hit.score, rel=1e-4, abs=0.02)
        assert (hit.score, silent.explained) == (silent.score, {})
        assert any(name.startswith("words:") for name in hit.explained)


def test_a_cursor_survives_changes_and_refuses_what_is_not_its_own(
    make: Callable[[], SearchEngine], entries: list[Entry]
) -> None:
    engine = make()
    engine.write(map(document, entries), [], 1)
    query = Query(order="title", limit=40, readers=EVERYONE)
    first = engine.search(query)
    gone = {hit.id for hit in first.hits[:15]}
    engine.write([], gone, 2)
    second = engine.search(replace(query, after=first.next))
    assert [hit.id for hit in second.hits] == in_order(entries, "title")[40:80]
    assert first.next is not None
    for wrong in (
        first.next[:-2],
        "x" + first.next,
        "",
        "é",
        "AAAA",
        first.next[:-1] + ("A" if first.next[-1] != "A" else "B"),
    ):
        with pytest.raises(Invalid, match="cursor"):
            engine.search(replace(query, after=wrong))
    with pytest.raises(Invalid, match="another question"):
        engine.search(replace(query, after=first.next, words="bus"))
    with pytest.raises(Invalid):
        engine.search(replace(query, after=first.next, offset=5))


@pytest.mark.parametrize("order", ["relevance", "-modified", "title", "size", "distance"])
def test_a_walk_while_the_index_changes_repeats_and_skips_nothing(
    make: Callable[[], SearchEngine], entries: list[Entry], order: str
) -> None:
    """What is there all the time is met once, in order, whatever is written between two pages."""
    engine = make()
    engine.write(map(document, entries), [], 1)
    near = (116.4, 39.9, 20_100.0) if order == "distance" else None
    query = Query(words="数据", order=order, limit=11, near=near, readers=EVERYONE)
    before = ids(engine, replace(query, limit=1000))
    met, page, turn = [], engine.search(query), 1
    gone: set[str] = set()
    while True:
        met += [hit.id for hit in page.hits]
        if page.next is None:
            break
        gone |= {before[turn * 11 + 3]} if turn * 11 + 3 < len(before) else set()
        engine.write([], [before[turn], *gone], turn + 1)
        page = engine.search(replace(query, after=page.next))
        turn += 1
    assert turn > 3 and len(met) == len(set(met))
    assert [one for one in met if one not in gone] == [one for one in before if one not in gone]
