"""Writing to a real Elasticsearch: what is refused, what comes late, what is seen when, how one index follows another."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from metadata.errors import Conflict, Invalid, Unavailable
from search import elastic_bulk, elastic_index
from search.base import Document, Query
from search.elastic import ElasticEngine
from search.elastic_access import Access
from search.elastic_lock import Lock
from search.engines import open_engine

pytestmark = pytest.mark.elasticsearch
EVERYONE = frozenset({"*"})


def total(engine: ElasticEngine) -> int:
    return engine.search(Query(readers=EVERYONE)).total


def names(engine: ElasticEngine) -> dict[str, str]:
    return {hit.id: hit.name for hit in engine.search(Query(limit=1000, readers=EVERYONE)).hits}


def server(engine: ElasticEngine) -> Elasticsearch:
    return engine._link._client


def state_of(engine: ElasticEngine, setting: str) -> Any:
    found = server(engine).indices.get_settings(index=engine.name, flat_settings=True)
    ((_, one),) = found.body.items()
    return one["settings"].get(setting)


def test_a_url_opens_the_engine(elasticsearch_index: str, documents: list[Document]) -> None:
    engine = open_engine(elasticsearch_index)
    assert (engine.position(), engine.search(Query()).total, list(engine.contents()), engine.state()) == (0, 0, [], "")
    engine.write(documents[:3], [], 3)
    assert (engine.position(), len(list(engine.contents()))) == (3, 3)


def test_the_mapping_is_strict_and_a_refused_document_names_itself(elastic: ElasticEngine, documents: list[Document]) -> None:
    elastic.write(documents[:2], [], 2)
    wrong = replace(documents[2], tokens=documents[2].tokens | {"colour": "red"})
    half = replace(documents[3], shown=documents[3].shown | {"organization": "\ud800"})
    with pytest.raises(Invalid, match="refused 2 of the documents") as caught:
        elastic.write([wrong, half, *documents[4:7]], [documents[0].id], 7)
    assert wrong.id in caught.value.place and half.id in caught.value.place and "colour" in caught.value.message
    assert (total(elastic), elastic.position()) == (4, 2), "the others are written, and the same lines are read again"
    elastic.write(documents[2:7], [documents[0].id], 7)
    assert (total(elastic), elastic.position()) == (6, 7)


def test_a_late_write_undoes_nothing(elastic: ElasticEngine, documents: list[Document]) -> None:
    first, second, third = documents[:3]
    new = replace(first, name="new", sequence=20)
    elastic.write([new, replace(second, sequence=18), replace(third, sequence=19)], [], 20)
    elastic.write([replace(first, name="old", sequence=4)], [second.id], 15)
    assert names(elastic) == {first.id: "new", second.id: second.name, third.id: third.name}
    elastic.write([], [second.id], 30)
    elastic.write([replace(second, sequence=18)], [], 25)
    assert names(elastic) == {first.id: "new", third.id: third.name}
    elastic.write([replace(second, sequence=31)], [], 31)
    assert second.id in names(elastic)


def test_what_is_said_again_at_the_same_position_counts(elastic: ElasticEngine, documents: list[Document]) -> None:
    """A repair: the store's present state at the line that the index is at, whatever the index holds."""
    first, second, third = documents[:3]
    elastic.write([replace(first, sequence=90), second], [third.id], 50)
    elastic.write([replace(first, sequence=40, name="mended"), replace(third, sequence=3)], [second.id], 50)
    assert names(elastic) == {first.id: "mended", third.id: third.name}
    assert dict(elastic.contents()) == {first.id: 40, third.id: 3}
    elastic.write([replace(first, sequence=91, name="next"), replace(third, sequence=51, name="too")], [], 91)
    assert names(elastic) == {first.id: "next", third.id: "too"}


def test_a_broken_write_is_not_seen(elastic: ElasticEngine, documents: list[Document], monkeypatch: pytest.MonkeyPatch) -> None:
    elastic.write(documents[:5], [], 5)
    monkeypatch.setattr(elastic_bulk, "MOST", 10)

    def broken() -> Iterator[Document]:
        yield from documents[5:100]
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError, match="went away"):
        elastic.write(broken(), [documents[0].id], 100)
    assert (total(elastic), elastic.position()) == (5, 5)
    elastic.write(documents[5:100], [documents[0].id], 100)
    assert (total(elastic), elastic.position()) == (99, 100)


def test_bundles_go_over_several_lanes_and_all_arrive(
    elastic: ElasticEngine, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_bulk, "BUNDLE", 20_000)
    elastic.write(map(elastic.maker(), documents), [], len(documents))
    assert list(elastic.contents()) == sorted((one.id, one.sequence) for one in documents)


def test_an_index_that_goes_away_while_it_is_written_to_is_not_made_again(
    full: ElasticEngine, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic_bulk, "MOST", 20)
    live = elastic_index.find(full._link, full.name)
    assert live is not None

    def meanwhile() -> Iterator[Document]:
        yield from documents[:50]
        server(full).indices.delete(index=live.name)
        yield from documents[50:]

    with pytest.raises(Conflict, match="swapped while it was written to"):
        full.write(meanwhile(), [], len(documents) + 1)
    assert full.position() == 0 and not server(full).indices.exists(index=live.name)


def test_an_index_of_another_version_is_left_for_a_new_one(
    full: ElasticEngine, documents: list[Document], monkeypatch: pytest.MonkeyPatch, another: Callable[[], ElasticEngine]
) -> None:
    monkeypatch.setattr(elastic_index, "VERSION", 77)
    newer = another()
    assert newer.position() == 0
    with pytest.raises(Unavailable, match="another version"):
        newer.search(Query())
    newer.write(documents[:3], [], 9)
    assert (newer.position(), total(newer)) == (9, 3)
    assert len(elastic_index.behind(newer._link, newer.alias)) == 1
    newer.replace(newer.fresh())
    assert len(server(newer).indices.get(index=f"{newer.alias}-v*").body) == 1


def test_an_index_built_beside_gets_its_settings_when_it_is_swapped_in(
    elasticsearch_index: str, documents: list[Document]
) -> None:
    engine = ElasticEngine(elasticsearch_index, access=Access(replicas=2, shards=3))
    beside = engine.fresh()
    assert state_of(beside, "index.number_of_replicas") == "0" and state_of(beside, "index.translog.durability") == "async"
    beside.write(documents, [], 240)
    engine.replace(beside)
    assert state_of(engine, "index.auto_expand_replicas") == "0-2" and state_of(engine, "index.number_of_shards") == "3"
    assert state_of(engine, "index.translog.durability") == "request"
    assert (engine.position(), total(engine), beside.position()) == (240, 240, 240)


def test_only_one_may_build(full: ElasticEngine, another: Callable[[], ElasticEngine]) -> None:
    beside = full.fresh()
    with pytest.raises(Conflict, match="being rebuilt"):
        another().fresh()
    beside.close()
    assert not server(full).indices.exists(index=beside.name)
    another().fresh().close()


def test_who_was_killed_while_building_gives_way(full: ElasticEngine, documents: list[Document]) -> None:
    full.lease = 0.4
    killed = full.fresh()
    assert killed._lock is not None
    killed._lock._released.set()  # as the end of its process would: nobody says any more that it is there
    until = threading.Event()
    while True:
        try:
            beside = full.fresh()
            break
        except Conflict:
            until.wait(0.05)
    with pytest.raises(Conflict):
        full.replace(killed)
    beside.write(documents[:7], [], 240)
    full.replace(beside)
    assert total(full) == 7
    beside.close()
    full.fresh().close()


def test_a_lock_is_kept_for_as_long_as_it_is_needed(full: ElasticEngine) -> None:
    first, second = Lock(full._link, full.alias, lease=1.5), Lock(full._link, full.alias, lease=1.5)
    first.take()
    waiting = threading.Event()
    for _ in range(30):
        with pytest.raises(Conflict):
            second.take()
        waiting.wait(0.1)
    first.check()
    first.release()
    second.take()
    second.release()


def test_an_index_is_swapped_while_it_is_searched_and_nobody_notices(
    full: ElasticEngine, documents: list[Document], another: Callable[[], ElasticEngine]
) -> None:
    answers: list[object] = []
    done = threading.Event()

    def search(engine: ElasticEngine) -> None:
        while not done.is_set():
            try:
                page = engine.search(Query(limit=5, facets=("theme", "organization"), readers=EVERYONE))
                answers.append((page.total, len(page.hits)))
            except Exception as problem:
                answers.append(problem)

    searchers = [threading.Thread(target=search, args=(another(),)) for _ in range(4)]
    for one in searchers:
        one.start()
    try:
        for turn in range(5):
            beside = full.fresh()
            beside.write(documents, [], 300 + turn)
            full.replace(beside)
    finally:
        done.set()
        for one in searchers:
            one.join()
    assert len(answers) > 20 and set(answers) == {(240, 5)}


def test_the_state_changes_with_every_write_and_swap(full: ElasticEngine, documents: list[Document]) -> None:
    states = [full.state()]
    full.write(documents[:1], [], 240)
    states.append(full.state())
    full.replace(full.fresh())
    states.append(full.state())
    assert len(set(states)) == 3 and full.state() == states[-1]


def test_a_holder_that_ended_on_this_machine_gives_way_at_once(full: ElasticEngine) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    killed = Lock(full._link, full.alias)
    killed.holder = f"{socket.gethostname()}:{ended.pid}:x"
    killed.take()
    second = Lock(full._link, full.alias)
    second.take()
    with pytest.raises(Conflict):
        killed.check()
    for holder in ("elsewhere:1:x", f"{socket.gethostname()}:1:x"):
        second.holder = holder
        second.check()
        with pytest.raises(Conflict):
            Lock(full._link, full.alias).take()
    second.release()
    killed.release()
