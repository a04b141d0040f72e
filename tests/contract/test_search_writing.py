"""Every engine: writing, removing, building beside, and what is in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from metadata.entry import Entry
from metadata.errors import Invalid
from search.base import Query, SearchEngine
from search.document import document
from tests.search.questions import EVERYONE


def total(engine: SearchEngine) -> int:
    return engine.search(Query(readers=EVERYONE)).total


def test_writing_again_changes_nothing_and_gone_is_gone(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    assert (engine.position(), engine.search(Query()).total, engine.suggest("b", 5)) == (0, 0, [])
    for _ in range(2):
        engine.write(map(document, entries[:20]), ["00000000-0000-4000-8000-000000000000"], 5)
    assert (engine.position(), total(engine)) == (5, 20)
    renamed = replace(entries[0], name="renamed", sequence=900)
    engine.write([document(renamed)], [entries[1].id], 6)
    page = engine.search(Query(limit=100, readers=EVERYONE))
    assert (engine.position(), page.total) == (6, 19)
    assert "renamed" in {hit.name for hit in page.hits} and entries[0].name not in {hit.name for hit in page.hits}
    assert dict(engine.contents())[renamed.id] == 900


def test_a_write_of_nothing_moves_the_position(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    engine.write([], [], 41)
    assert (engine.position(), total(engine)) == (41, 0)
    engine.write(map(document, entries[:3]), [entries[0].id], 42)
    assert (engine.position(), total(engine)) == (42, 2)


def test_a_failing_write_leaves_all_as_it_was(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    engine.write(map(document, entries[:5]), [], 1)

    def broken() -> Iterator[object]:
        yield document(entries[5])
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError, match="went away"):
        engine.write(broken(), [entries[0].id], 2)  # type: ignore[arg-type]
    assert engine.position() == 1
    assert entries[0].id in dict(engine.contents())
    engine.write(map(document, entries[5:6]), [], 3)
    assert (engine.position(), total(engine)) == (3, 6)


def test_a_fresh_index_is_built_beside_and_swapped_in(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    engine.write(map(document, entries[:10]), [], 10)
    beside = engine.fresh()
    assert beside.position() == 0
    beside.write(map(document, entries[10:40]), [], 40)
    assert (engine.position(), total(engine)) == (10, 10)
    engine.replace(beside)
    assert (engine.position(), total(engine)) == (40, 30)
    engine.write(map(document, entries[:10]), [], 50)
    assert (engine.position(), total(engine)) == (50, 40)
    with pytest.raises(Invalid):
        engine.replace(engine)


def test_a_fresh_index_that_is_not_wanted_leaves_nothing(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    engine.write(map(document, entries[:10]), [], 10)
    beside = engine.fresh()
    beside.write(map(document, entries[10:40]), [], 40)
    beside.close()
    assert (engine.position(), total(engine)) == (10, 10)
    again = engine.fresh()
    again.write(map(document, entries[:3]), [], 11)
    engine.replace(again)
    assert (engine.position(), total(engine)) == (11, 3)


def test_contents_are_all_there_is_in_the_order_of_ids(engine: SearchEngine, entries: list[Entry]) -> None:
    assert list(engine.contents()) == sorted((entry.id, entry.sequence) for entry in entries)


def test_what_a_document_says_is_what_is_found(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    """A dataset that changes is found by its new words, dates and place only, and by who may see it now."""
    engine = make()
    old = replace(entries[0], state="published", use=5)
    new = replace(entries[1], id=old.id, state="withheld", organization="water", use=0, sequence=2)
    engine.write([document(old)], [], 1)
    assert engine.search(Query()).total == 1
    engine.write([document(new)], [], 2)
    assert engine.search(Query()).total == 0
    hits = engine.search(Query(readers=frozenset({"organization:water"}))).hits
    assert [(hit.id, hit.name, hit.organization) for hit in hits] == [(old.id, new.name, "water")]
    assert engine.search(Query(ranges={"use": ("1", None)}, readers=EVERYONE)).total == 0
