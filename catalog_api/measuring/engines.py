"""One engine measured: filling it, asking it, and the same work done by the bare engine in the same run."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter
from typing import Any

from catalog_api.measuring.asked import PAGE, Words, faceted
from catalog_api.measuring.bare import Bare, bare
from catalog_api.measuring.documents import Store
from catalog_api.measuring.times import at_once, marks, ratio, side_by_side, timed
from metadata.errors import CatalogError
from search.base import Page, Query, Ready, SearchEngine

FLOOR = 20_000
"""Documents that both ways of filling an index are measured with."""

DEEP = 10_000
"""The page that a cursor goes on from, of 20 hits each."""

CLIENTS, EACH = 50, 20
_TURNS, _WARM, _FRESH = 2, 30, 20
_WALK = 1_000
_HOSTILE = {
    "10 MB of words": Query(words="x" * 10_000_000),
    "5,000 words": Query(words=" OR ".join(f"w{number}" for number in range(5_000))),
    "65 prefixes": Query(words=" ".join(f"{letter}*" for letter in "abcdefghijklm" * 5)),
    "deep brackets": Query(words="(" * 1_000 + "x" + ")" * 900),
    "a pattern": Query(words="/(a+)+$/"),
    "10,000 facets": Query(facets=tuple(f"f{number}" for number in range(10_000))),
    "5,000 values": Query(filters={"name": tuple(map(str, range(5_000)))}),
}


def figures(again: Callable[[], SearchEngine], documents: Store, asked: Words, tell: Callable[[str], None]) -> dict[str, Any]:
    """All figures of one engine, which `again` opens; `tell` hears what is being measured."""
    engine = again()
    alone = bare(engine)
    tell("filling the index")
    found = filled(engine, alone, documents)
    tell("asking")
    found |= searched(engine, alone, asked, again)
    tell("paging")
    found["cursor_page"] = paged(engine, documents.count)
    tell(f"{CLIENTS} clients at once")
    found["at_once"] = at_once(engine.search, [faceted(pair) for pair in asked.pairs], CLIENTS, EACH)
    found["hostile"] = {name: refused(engine, query) for name, query in _HOSTILE.items()}
    return found


def filled(engine: SearchEngine, alone: Bare, documents: Store) -> dict[str, Any]:
    """How fast an index is built beside and swapped in, and how large it is."""
    started = perf_counter()
    beside = engine.fresh()
    try:
        beside.write(documents.ready(engine.maker()), (), documents.count)
        engine.replace(beside)
    finally:
        beside.close()
    seconds = perf_counter() - started
    some = documents.first(min(FLOOR, documents.count), engine.maker())
    mine, floor = zip(*((_written(engine, some), alone.load(some)) for _ in range(_TURNS)), strict=True)
    return {
        "index_documents_per_second": round(documents.count / seconds),
        "write_documents_per_second": round(len(some) / min(mine)),
        "bare_documents_per_second": round(len(some) / min(floor)),
        "share_of_bare": round(min(floor) / min(mine), 3),
        "bytes_per_document": round(alone.bytes_on_disk() / documents.count),
    }


def _written(engine: SearchEngine, some: list[Ready]) -> float:
    """Seconds that documents which were made ready take to be written beside."""
    beside = engine.fresh()
    try:
        started = perf_counter()
        beside.write(some, (), 1)
        return perf_counter() - started
    finally:
        beside.close()


def searched(engine: SearchEngine, alone: Bare, asked: Words, again: Callable[[], SearchEngine]) -> dict[str, Any]:
    """How long questions take, and how many times as long as in the bare engine. `again` opens the same index as another
    process would: it remembers nothing."""
    warm, rest = [faceted(pair) for pair in asked.pairs[:_WARM]], [faceted(pair) for pair in asked.pairs[_WARM:]]
    timed(engine.search, warm)
    timed(lambda start: engine.suggest(start, 10), asked.begun[:_WARM])
    first = timed(lambda fresh: fresh.search(faceted("")), [again() for _ in range(_FRESH)])
    everything, everything_bare = _compared(engine, alone, [faceted("")] * len(rest))
    mine, other = _compared(engine, alone, rest)
    return {
        "everything_first": marks(first),
        "everything": marks(everything),
        "everything_over_bare": ratio(everything, everything_bare),
        "two_words": marks(mine),
        "two_words_bare": marks(other),
        "two_words_over_bare": ratio(mine, other),
        "two_words_marked": marks(timed(again().search, [replace(one, highlight=True) for one in rest])),
        "suggest": marks(timed(lambda start: engine.suggest(start, 10), asked.begun[_WARM:])),
    }


def _compared(engine: SearchEngine, alone: Bare, asked: list[Query]) -> tuple[list[float], list[float]]:
    """What questions take here and in the bare engine. Nothing is asked again that the engine could remember: the bare one
    goes after ours, or before, by turns."""
    works = {id(query): alone.prepared(query) for query in asked}
    return side_by_side(engine.search, lambda query: works[id(query)](), asked)


def paged(engine: SearchEngine, count: int) -> dict[str, Any]:
    """How long a page takes that a cursor goes on to from deep within everything there is, by date."""
    page = min(DEEP, max(1, count // PAGE - 110))
    query = Query(order="modified", limit=PAGE)
    after = _after(engine, query, page * PAGE)
    taken = []
    for following in _pages(engine, replace(query, after=after)):
        taken.append(following)
        if len(taken) == 100:
            break
    return {"page": page, **marks(taken or [0.0])}


def _after(engine: SearchEngine, query: Query, hits: int) -> str | None:
    """The cursor behind so many hits, walked to in large steps."""
    after: str | None = None
    while hits > 0:
        found = engine.search(replace(query, after=after, limit=min(_WALK, hits)))
        hits -= len(found.hits)
        after = found.next
        if after is None:
            break
    return after


def _pages(engine: SearchEngine, query: Query) -> Iterator[float]:
    while True:
        pages: list[Page] = []
        yield timed(lambda one: pages.append(engine.search(one)), [query])[0]  # noqa: B023
        if pages[0].next is None:
            return
        query = replace(query, after=pages[0].next)


def refused(engine: SearchEngine, query: Query) -> dict[str, Any]:
    """What a hostile question gets, and how soon."""
    started = perf_counter()
    try:
        engine.search(query)
        answer = "answered"
    except CatalogError as error:
        answer = error.message
    return {"ms": round((perf_counter() - started) * 1000, 2), "answer": answer}
