"""Every engine, one suite: what a question finds, counts and puts first, against a plain reading of a made-up catalogue."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from metadata.entry import Entry
from metadata.errors import Invalid
from search.base import Page, Query, SearchEngine
from search.facets import FACETS
from tests.search.questions import EVERYONE, WORDS, Asked
from tests.search.questions_bounds import BOUNDS, HISTOGRAMS
from tests.search.questions_filters import COUNTED, FACETED, FILTERS, LOOKED_FOR, READERS
from tests.search.questions_language import LANGUAGE, PINYIN, READ_AS
from tests.search.reading import TAKEN, Catalogue

ALL = [*WORDS, *LANGUAGE, *READ_AS, *PINYIN, *FILTERS, *READERS, *FACETED, *BOUNDS]


def each(questions: Iterable[Asked]) -> pytest.MarkDecorator:
    """One test a question, named in the same way every time."""
    listed = list(questions)
    names = [f"{number:03} {asked.name}" for number, asked in enumerate(listed)]
    return pytest.mark.parametrize("asked", listed, ids=names)


def found(engine: SearchEngine, catalogue: Catalogue, asked: Asked) -> Page:
    """The whole answer, its hits and its total compared with the plain reading's."""
    page = engine.search(replace(asked.query, limit=1000))
    titles = {entry.id: entry.dataset.title for entry in catalogue.entries}
    wanted = {entry.id: entry.dataset.title for entry in catalogue.answer(asked.query, asked.has)}
    assert {hit.id: titles[hit.id] for hit in page.hits} == wanted
    assert (page.total, page.next, page.read_as) == (len(page.hits), None, asked.read_as)
    return page


@each([*WORDS, *LANGUAGE, *READ_AS, *PINYIN])
def test_words_find_what_has_them(engine: SearchEngine, catalogue: Catalogue, asked: Asked) -> None:
    page = found(engine, catalogue, asked)
    if asked.plain:
        whole, all_in = catalogue.titled(asked.query.words, asked.has)
        ranks = [0 if hit.id in whole else 1 if hit.id in all_in else 2 for hit in page.hits]
        assert ranks == sorted(ranks), "titles that are what was typed come first, then those that have all of it"


def test_the_questions_are_many_and_worth_asking(catalogue: Catalogue) -> None:
    counts = [len(catalogue.answer(asked.query, asked.has)) for asked in ALL]
    assert len(ALL) >= 400
    assert sum(0 < count < len(catalogue.entries) for count in counts) >= 0.75 * len(ALL)


@each([*FILTERS, *READERS, *FACETED])
def test_filters_and_facets_count_as_a_plain_reading_does(engine: SearchEngine, catalogue: Catalogue, asked: Asked) -> None:
    every = replace(asked, query=replace(asked.query, facets=tuple(FACETS), facet_size=500))
    page = found(engine, catalogue, every)
    assert list(page.facets) == list(FACETS)
    for name in FACETS:
        counted = [(one.value, one.count) for one in page.facets[name]]
        assert counted == _ordered(catalogue.counts(every.query, name, asked.has)), name


def test_the_plain_reading_knows_every_facet() -> None:
    assert set(FACETS) <= set(TAKEN)


def _ordered(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda count: (-count[1], count[0]))


@pytest.mark.parametrize("query", COUNTED, ids=[str(number) for number in range(len(COUNTED))])
def test_facets_are_cut_and_ordered_as_asked(engine: SearchEngine, catalogue: Catalogue, query: Query) -> None:
    page = engine.search(query)
    for name in query.facets:
        wanted = catalogue.counts(query, name)
        ordered = sorted(wanted.items()) if query.facet_order == "value" else _ordered(wanted)
        assert [(one.value, one.count) for one in page.facets[name]] == ordered[: query.facet_size], name


@pytest.mark.parametrize(("facet", "words"), LOOKED_FOR, ids=[f"{facet} {words}" for facet, words in LOOKED_FOR])
def test_a_facet_is_searched_by_its_values_and_labels(
    engine: SearchEngine, catalogue: Catalogue, facet: str, words: str
) -> None:
    whole = engine.search(Query(facets=(facet,), facet_size=500, readers=EVERYONE)).facets[facet]
    query = Query(facets=(facet,), facet_words={facet: words}, readers=EVERYONE)
    few = engine.search(replace(query, facet_size=1)).facets[facet]
    got = engine.search(query).facets[facet]
    texts = {one.value: " ".join((one.value, *one.label.values())).lower() for one in whole}
    wanted = [one for one in whole if all(word in texts[one.value] for word in words.lower().split())]
    assert list(got) == wanted and list(few) == wanted[:1]


TREES = {"organization": {None: {"city", "health", "statistics"}, "city": {"transport", "water"}, "water": {"waterworks"}}}


@pytest.mark.parametrize("facet", TREES)
def test_a_tree_is_walked_level_by_level(engine: SearchEngine, catalogue: Catalogue, facet: str) -> None:
    query = Query(facets=(facet,), readers=EVERYONE)
    counts = catalogue.counts(query, facet)
    for above, wanted in TREES[facet].items():
        level = engine.search(replace(query, facet_under={facet: above or ""})).facets[facet]
        assert {one.value for one in level} == wanted
        assert all((one.parent, one.count) == (above, counts[one.value]) for one in level)


@pytest.mark.parametrize(("field", "interval"), HISTOGRAMS, ids=[f"{field} by {interval}" for field, interval in HISTOGRAMS])
@pytest.mark.parametrize("words", ["", "交通"])
def test_histograms_count_by_interval(
    engine: SearchEngine, catalogue: Catalogue, field: str, interval: str, words: str
) -> None:
    asked = next(asked for asked in WORDS if asked.query.words == words)
    query = replace(asked.query, histograms={field: interval}, filters={"format": ("CSV",)}, limit=0)
    bars = engine.search(query).histograms[field]
    assert list(bars) == catalogue.bars(query, field, interval, asked.has) != []


@each(BOUNDS)
def test_bounds_take_in_the_whole_of_their_ends(engine: SearchEngine, catalogue: Catalogue, asked: Asked) -> None:
    found(engine, catalogue, asked)


def test_several_questions_at_once_are_one_question(engine: SearchEngine, catalogue: Catalogue) -> None:
    query = Query(
        "数据 -图书馆",
        filters={"format": ("CSV", "JSON")},
        excluded={"organization": ("health",)},
        required={"language": ("zh",)},
        ranges={"modified": ("2019", "2025"), "use": ("1", None)},
        box=(70.0, 10.0, 140.0, 60.0),
        facets=("organization", "format"),
        histograms={"modified": "year"},
        readers=EVERYONE,
    )
    asked = next(one for one in WORDS if one.query.words == "数据")
    has = lambda seen: asked.has(seen) and not any("图书馆" in text for text in seen.of(()))  # noqa: E731
    page = found(engine, catalogue, Asked("all", query, has))
    assert page.total > 0
    for name in query.facets:
        assert {one.value: one.count for one in page.facets[name]} == catalogue.counts(query, name, has)
    assert list(page.histograms["modified"]) == catalogue.bars(query, "modified", "year", has)


def test_labels_come_from_lists_and_from_the_documents(engine: SearchEngine) -> None:
    page = engine.search(Query(facets=tuple(FACETS), facet_size=500, readers=EVERYONE))
    labels = {name: {one.value: dict(one.label) for one in counted} for name, counted in page.facets.items()}
    assert labels["organization"]["water"] == {"zh": "水务局", "en": "Water Authority"}
    assert labels["organization"]["city"] == {"zh": "市人民政府", "en": "Municipality"}
    assert labels["publisher"]["市政府"]["en"] == "City Hall"
    assert labels["frequency"]["MONTHLY"]["en"].lower() == "monthly"
    assert labels["theme"]["Playgrounds"] == {"und": "Playgrounds"}
    assert labels["openness"]["open"].keys() == {"zh", "en"} == labels["state"]["withheld"].keys()
    assert labels["standard"]["dcat_us_1_1"]["en"]


HOSTILE = [
    '"',
    "AND OR NOT",
    "OR OR OR",
    "title:(",
    "title:",
    ":",
    "modified:..",
    "modified:yesterday..",
    "modified:>",
    "organization:",
    "nosuchfield:x",
    "http://example.org/a?b=c",
    "a^9~2",
    "[* TO *]",
    "{1..2}",
    "\\",
    "-",
    "--",
    '-"',
    "***",
    "*a*",
    "a*b",
    "a:b:c",
    "/.*/",
    "(((((",
    "\x00\x01",
    "\ud800",
    "😀",
    "（）",
    "𠀀",
    "a" * 1900,
    "a b " * 30,
    "水" * 1000,
]


@pytest.mark.parametrize("words", HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_anything_typed_is_a_question(engine: SearchEngine, words: str) -> None:
    page = engine.search(Query(words=words, highlight=True, explain=True, facets=("keyword",)))
    assert page.total >= 0
    assert engine.suggest(words, 5) is not None


WRONG = [
    Query(facets=("colour",)),
    Query(facets=("keyword",) * 1_000),
    Query(facets=("keyword",), facet_order="colour"),
    Query(facet_words={"colour": "red"}),
    Query(facet_under={"colour": "red"}),
    Query(filters={"colour": ("red",)}),
    Query(excluded={"colour": ("red",)}),
    Query(required={"colour": ("red",)}),
    Query(ranges={"colour": ("2020", None)}),
    Query(ranges={"modified": ("yesterday", None)}),
    Query(ranges={"period": ("yesterday", None)}),
    Query(ranges={"size": ("much", None)}),
    Query(ranges={"size": ("nan", None)}),
    Query(ranges={"use": ("1e400", None)}),
    Query(filters={"updated": ("yesterday",)}),
    Query(histograms={"modified": "week"}),
    Query(histograms={"colour": "year"}),
    Query(box=(0.0, 10.0, 0.0, -10.0)),
    Query(box=(0.0, -91.0, 0.0, 10.0)),
    Query(box=(-400.0, 0.0, 10.0, 10.0)),
    Query(box=(float("nan"), 0.0, 10.0, 10.0)),
    Query(box=(0.0, 0.0, 1.0, 1.0), relation="touches"),
    Query(near=(0.0, 91.0, 1.0)),
    Query(near=(0.0, 0.0, -1.0)),
    Query(near=(0.0, 0.0, float("inf"))),
    Query(order="colour"),
    Query(order="--title"),
    Query(order="distance"),
    Query(limit=-1),
    Query(limit=1001),
    Query(offset=-1),
    Query(facet_size=-1),
    Query(words="word " * 3000),
    Query(words=" ".join(f"w{number}" for number in range(70))),
    Query(filters={"name": tuple(map(str, range(1001)))}),
    Query(required={"keyword": tuple(map(str, range(1001)))}),
    Query(excluded={"keyword": tuple(map(str, range(1001)))}),
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


def test_words_are_read_as_they_are_when_that_is_asked(engine: SearchEngine) -> None:
    for asked in (*READ_AS, *PINYIN):
        assert engine.search(replace(asked.query, literal=True)).total == 0
    assert engine.search(Query(words="*", literal=True, readers=EVERYONE)).total > 0
