"""Every engine, one suite: what a question finds, counts, orders and pages, against a plain reading of a made-up catalogue."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from metadata.entry import Entry
from metadata.errors import Invalid
from search.base import Query, SearchEngine
from search.document import document
from search.facets import FACETS
from search.order import ORDERS
from search.tantivy import TantivyEngine
from tests.search import catalogue
from tests.search.catalogue import Has, says
from tests.search.questions import WORDS

ENGINES: dict[str, Callable[[Path], SearchEngine]] = {
    "tantivy": lambda folder: TantivyEngine(folder / "index"),
}
EVERYONE = frozenset({"*"})


@pytest.fixture(scope="module", params=list(ENGINES))
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], SearchEngine]:
    """A new, empty engine."""
    return lambda: ENGINES[request.param](tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return catalogue.make()


@pytest.fixture(scope="module")
def engine(make: Callable[[], SearchEngine], entries: list[Entry]) -> SearchEngine:
    """An engine with the catalogue in it, written in several commits and partly twice."""
    found = make()
    for start in range(0, len(entries), 70):
        found.write(map(document, entries[start : start + 90]), [], start)
    found.write([], [], len(entries))
    return found


@pytest.mark.parametrize(("words", "has"), WORDS, ids=[words or "(empty)" for words, _ in WORDS])
def test_words_find_what_has_them(engine: SearchEngine, entries: list[Entry], words: str, has: Has) -> None:
    query = Query(words=words, limit=1000, readers=EVERYONE)
    page = engine.search(query)
    assert {hit.id for hit in page.hits} == {entry.id for entry in catalogue.answer(entries, query, has)}
    assert page.total == len(page.hits) and page.next is None


def test_the_questions_are_worth_asking(entries: list[Entry]) -> None:
    found = [sum(map(has, entries)) for _, has in WORDS]
    assert sum(0 < count < len(entries) for count in found) >= 35


HOSTILE = [
    '"',
    "AND OR NOT",
    "title:(",
    "a^9~2",
    "[* TO *]",
    "\\",
    "-",
    "--",
    '-"',
    "a:b:c",
    "/.*/",
    "\x00\x01",
    "😀",
    "（）",
    "𠀀",
    "a" * 1900,
    "a b " * 30,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_anything_typed_is_a_question(engine: SearchEngine, words: str) -> None:
    assert engine.search(Query(words=words, highlight=True, facets=("keyword",))).total >= 0
    assert engine.suggest(words, 5) is not None


FILTERED: list[Query] = [
    Query(filters={"organization": ("transport",)}),
    Query(filters={"organization": ("transport", "water"), "format": ("CSV",)}),
    Query(filters={"theme": ("TRAN",)}, excluded={"theme": ("ENVI",)}),
    Query(filters={"keyword": ("Transit",)}, words="bus"),
    Query(filters={"keyword": ("transit",)}),
    Query(filters={"state": ("withheld",)}, readers=EVERYONE),
    Query(filters={"licence": ("CC-BY-4.0",), "openness": ("open", "conditional")}),
    Query(filters={"frequency": ("MONTHLY",)}, excluded={"language": ("en",), "source": ("portal-a",)}),
    Query(filters={"publisher": ("市政府",), "sharing": ("unconditional",), "standard": ("dcat_us_1_1",)}),
    Query(filters={"organization": ()}),
    Query(readers=frozenset({"organization:water"})),
    Query(readers=frozenset({"public", "organization:water"})),
    Query(readers=frozenset()),
    Query(readers=EVERYONE),
]


@pytest.mark.parametrize("query", FILTERED, ids=[str(number) for number in range(len(FILTERED))])
def test_filters_and_facets_count_as_a_plain_reading_does(engine: SearchEngine, entries: list[Entry], query: Query) -> None:
    asked = replace(query, facets=tuple(FACETS), limit=1000)
    has = says(r"\bbus\b") if query.words else (lambda _: True)
    wanted = catalogue.answer(entries, replace(asked, filters={n: v for n, v in query.filters.items() if v}), has)
    page = engine.search(asked)
    assert {hit.id for hit in page.hits} == {entry.id for entry in wanted}
    for name in FACETS:
        counted = {count.value: count.count for count in page.facets[name]}
        assert counted == catalogue.counts(wanted, name), name
        assert [(-one.count, one.value) for one in page.facets[name]] == sorted((-n, value) for value, n in counted.items())


def test_the_most_frequent_values_come_first_and_shared_places_go_by_value(engine: SearchEngine, entries: list[Entry]) -> None:
    for size in (0, 1, 2, 3, 5):
        page = engine.search(Query(facets=("keyword", "theme"), facet_size=size, readers=EVERYONE))
        wanted = sorted(catalogue.counts(entries, "keyword").items(), key=lambda count: (-count[1], count[0]))[:size]
        assert [(one.value, one.count) for one in page.facets["keyword"]] == wanted


def test_labels_come_from_lists_and_from_the_documents(engine: SearchEngine) -> None:
    page = engine.search(Query(facets=tuple(FACETS), readers=EVERYONE))
    labels = {name: {one.value: dict(one.label) for one in counted} for name, counted in page.facets.items()}
    assert labels["organization"]["water"] == {"zh": "水务局", "en": "Water Authority"}
    assert labels["publisher"]["市政府"]["en"] == "City Hall"
    assert labels["frequency"]["MONTHLY"]["en"].lower() == "monthly"
    assert labels["theme"]["parks"] == {"und": "parks"}
    assert labels["openness"]["open"].keys() == {"zh", "en"} == labels["state"]["withheld"].keys()
    assert labels["standard"]["dcat_us_1_1"]["en"]


RANGES = [
    ((None, "2021"), lambda date: date < "2022"),
    (("2021", None), lambda date: date >= "2021"),
    (("2021-03", "2021-05"), lambda date: "2021-03" <= date < "2021-06"),
    (("2020-02-10", "2020-12-31"), lambda date: "2020-02-10" <= date < "2021"),
    (("2022", "2021"), lambda date: False),
    ((None, None), lambda date: True),
]


def _bounds(value: object) -> str:
    return "" if callable(value) else str(value)


@pytest.mark.parametrize(("bounds", "within"), RANGES, ids=_bounds)
def test_ranges_take_in_the_whole_of_their_bounds(
    engine: SearchEngine, entries: list[Entry], bounds: tuple[str | None, str | None], within: Callable[[str], bool]
) -> None:
    page = engine.search(Query(ranges={"modified": bounds}, limit=1000, readers=EVERYONE))
    dates = {entry.id: catalogue._padded(entry.dataset.modified) for entry in entries}
    assert {hit.id for hit in page.hits} == {found for found, date in dates.items() if date and within(date)}


def test_a_date_as_a_filter_means_all_of_it(engine: SearchEngine, entries: list[Entry]) -> None:
    page = engine.search(Query(filters={"updated": ("2026-06-01", "2026-06-03")}, limit=1000, readers=EVERYONE))
    assert page.total == sum(not entry.updated.startswith("2026-06-02") for entry in entries) > 0


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("order", [order for order in ORDERS if order != "relevance"])
def test_orders_are_total_and_pages_follow_one_another(
    engine: SearchEngine, entries: list[Entry], order: str, sign: str
) -> None:
    query = Query(order=sign + order, limit=1000, readers=EVERYONE)
    wanted = catalogue.in_order(entries, sign + order)
    assert [hit.id for hit in engine.search(query).hits] == wanted
    assert [hit.id for hit in engine.search(replace(query, limit=7, offset=33)).hits] == wanted[33:40]
    assert list(walked(engine, replace(query, limit=23))) == wanted


@pytest.mark.parametrize("order", ["relevance", "-relevance"])
@pytest.mark.parametrize("words", ["bus", "交通", "水", "", "air -census"])
def test_relevance_pages_follow_one_another(engine: SearchEngine, words: str, order: str) -> None:
    whole = engine.search(Query(words=words, order=order, limit=1000, readers=EVERYONE))
    ids = [hit.id for hit in whole.hits]
    assert list(walked(engine, Query(words=words, order=order, limit=9, readers=EVERYONE))) == ids
    assert [hit.id for hit in engine.search(Query(words=words, order=order, limit=5, offset=11, readers=EVERYONE)).hits] == ids[
        11:16
    ]
    scores = [hit.score for hit in whole.hits]
    assert scores == sorted(scores, reverse=order == "relevance")


def test_equal_relevance_goes_by_update_then_id(engine: SearchEngine, entries: list[Entry]) -> None:
    hits = engine.search(Query(words="地图", limit=1000, readers=EVERYONE)).hits
    known = {entry.id: entry for entry in entries}
    for one, other in pairwise(hits):
        if one.score == other.score:
            newer, older = known[one.id].updated, known[other.id].updated
            assert newer > older or (newer == older and one.id < other.id)


def test_a_title_counts_more_than_a_description_and_a_whole_title_most(
    make: Callable[[], SearchEngine], entries: list[Entry]
) -> None:
    first, second, third = (replace(entry, state="published") for entry in entries[:3])

    def described(entry: Entry, title: str, about: str) -> Entry:
        changes = {"title": {"en": title}, "description": {"en": about}, "keyword": {}, "distribution": ()}
        return replace(entry, dataset=type(entry.dataset)(identifier=entry.identifier, **changes))  # type: ignore[arg-type]

    engine = make()
    rows = [
        described(first, "Something else", "harbour " * 40),
        described(second, "Harbour depths of the whole long coast", "x"),
        described(third, "Harbour!", "y"),
    ]
    engine.write(map(document, rows), [], 1)
    assert [hit.id for hit in engine.search(Query(words="harbour")).hits] == [third.id, second.id, first.id]


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
    left = catalogue.in_order(entries, "title")
    assert [hit.id for hit in second.hits] == left[40:80]
    assert second.total == len(entries) - 15
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


WRONG = [
    Query(facets=("colour",)),
    Query(filters={"colour": ("red",)}),
    Query(excluded={"colour": ("red",)}),
    Query(ranges={"colour": ("2020", None)}),
    Query(ranges={"modified": ("yesterday", None)}),
    Query(filters={"updated": ("yesterday",)}),
    Query(order="colour"),
    Query(order="--title"),
    Query(limit=-1),
    Query(limit=1001),
    Query(offset=-1),
    Query(facet_size=-1),
    Query(words="word " * 3000),
    Query(words=" ".join(f"w{number}" for number in range(70))),
    Query(filters={"name": tuple(map(str, range(1001)))}),
]


@pytest.mark.parametrize("query", WRONG, ids=[str(number) for number in range(len(WRONG))])
def test_what_cannot_be_asked_is_refused_with_a_remedy(engine: SearchEngine, query: Query) -> None:
    with pytest.raises(Invalid) as caught:
        engine.search(query)
    assert caught.value.place and caught.value.remedy


def test_a_limit_of_nothing_still_counts(engine: SearchEngine, entries: list[Entry]) -> None:
    page = engine.search(Query(limit=0, facets=("state",), readers=EVERYONE))
    assert (page.hits, page.total, page.next) == ((), len(entries), None)
    assert sum(one.count for one in page.facets["state"]) == len(entries)
    assert engine.search(Query(offset=10**9, readers=EVERYONE)).hits == ()


def test_hits_show_the_askers_language_and_mark_what_matched(engine: SearchEngine) -> None:
    page = engine.search(Query(words="bus", limit=1000, highlight=True, languages=("en", "zh"), readers=EVERYONE))
    titled = [hit for hit in page.hits if "bus" in hit.title.lower()]
    assert titled and all(hit.highlights["title"].startswith("<mark>Bus</mark> routes") for hit in titled)
    assert [
        hit for hit in page.hits if hit not in titled and "<mark>Bus</mark> routes" in hit.highlights.get("description", "")
    ]
    marked = engine.search(Query(words="食物环境", highlight=True, readers=EVERYONE)).hits
    titles = {
        re.sub("</?mark>", "", hit.highlights["title"]): hit.highlights["title"] for hit in marked if "title" in hit.highlights
    }
    assert titles["食物環境衞生資料"] == "<mark>食物環境</mark>衞生資料"


def test_suggestions_are_public_and_complete_what_was_begun(engine: SearchEngine, entries: list[Entry]) -> None:
    words = {suggestion.words for suggestion in engine.suggest("trans", 10)}
    assert "Transit" in words and "Transport Bureau" in words
    assert {suggestion.words for suggestion in engine.suggest("通局", 10)} >= {"交通局"}
    titled = [suggestion for suggestion in engine.suggest("bus ro", 10) if suggestion.name]
    public = {entry.name for entry in entries if entry.state == "published"}
    assert titled and all(suggestion.name in public for suggestion in titled)
    assert all("bus ro" in suggestion.words.lower() for suggestion in titled)
    assert [suggestion for suggestion in engine.suggest("公共交", 4) if suggestion.name]
    assert engine.suggest("", 5) == [] == engine.suggest("bus", 0)


def test_writing_again_changes_nothing_and_gone_is_gone(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    assert (engine.position(), engine.search(Query()).total, engine.suggest("b", 5)) == (0, 0, [])
    for _ in range(2):
        engine.write(map(document, entries[:20]), ["00000000-0000-4000-8000-000000000000"], 5)
    assert (engine.position(), engine.search(Query(readers=EVERYONE)).total) == (5, 20)
    renamed = replace(entries[0], name="renamed", sequence=900)
    engine.write([document(renamed)], [entries[1].id], 6)
    page = engine.search(Query(limit=100, readers=EVERYONE))
    assert (engine.position(), page.total) == (6, 19)
    assert "renamed" in {hit.name for hit in page.hits} and entries[0].name not in {hit.name for hit in page.hits}
    assert dict(engine.contents())[renamed.id] == 900  # type: ignore[attr-defined]


def test_a_failing_write_leaves_all_as_it_was(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    engine.write(map(document, entries[:5]), [], 1)

    def broken() -> Iterator[object]:
        yield document(entries[5])
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError, match="went away"):
        engine.write(broken(), [entries[0].id], 2)  # type: ignore[arg-type]
    assert (engine.position(), engine.search(Query(readers=EVERYONE)).total) == (1, 5)
    engine.write(map(document, entries[5:6]), [], 3)
    assert (engine.position(), engine.search(Query(readers=EVERYONE)).total) == (3, 6)


def test_a_fresh_index_is_built_beside_and_swapped_in(make: Callable[[], SearchEngine], entries: list[Entry]) -> None:
    engine = make()
    engine.write(map(document, entries[:10]), [], 10)
    beside = engine.fresh()
    assert beside.position() == 0
    beside.write(map(document, entries[10:40]), [], 40)
    assert (engine.position(), engine.search(Query(readers=EVERYONE)).total) == (10, 10)
    engine.replace(beside)
    assert (engine.position(), engine.search(Query(readers=EVERYONE)).total) == (40, 30)
    engine.write(map(document, entries[:10]), [], 50)
    assert (engine.position(), engine.search(Query(readers=EVERYONE)).total) == (50, 40)
    with pytest.raises(Invalid):
        engine.replace(engine)


def test_contents_are_all_there_is_in_the_order_of_ids(engine: SearchEngine, entries: list[Entry]) -> None:
    wanted = sorted((entry.id, entry.sequence) for entry in entries)
    assert list(engine.contents()) == wanted  # type: ignore[attr-defined]


def walked(engine: SearchEngine, query: Query) -> Iterator[str]:
    """Ids of all pages, by cursors."""
    while True:
        page = engine.search(query)
        yield from (hit.id for hit in page.hits)
        if page.next is None:
            return
        query = replace(query, after=page.next)
