"""Every engine: suggestions, other words, similar datasets, marks, and how words were understood."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from metadata.entry import Entry
from search.base import Query, SearchEngine
from tests.search.questions import EVERYONE
from tests.search.reading import Catalogue, plain

DENSE = re.compile(r"[\u4e00-\u9fff]")


def public(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.state == "published"]


def _words(entry: Entry) -> set[str]:
    """Keywords and publishers."""
    dataset = entry.dataset
    keywords = {word for words in dataset.keyword.values() for word in words}
    names = set(dataset.publisher.name.values()) if dataset.publisher else set()
    return keywords | names | set(entry.organization_title.values())


READ = {
    "交通": "jiao tong",
    "环境": "huan jing",
    "地图": "di tu",
    "统计": "tong ji",
    "臺北": "tai bei",
    "市政府": "shi zheng fu",
    "交通局": "jiao tong ju",
    "水务局": "shui wu ju",
    "卫生健康委员会": "wei sheng jian kang wei yuan hui",
    "统计局": "tong ji ju",
    "自来水厂": "zi lai shui chang",
    "市人民政府": "shi ren min zheng fu",
}
"""How the Chinese keywords and publishers of the catalogue are read."""


def _completes(start: str, word: str) -> bool:
    """Whether a word goes on as begun: at its start, at any Chinese character, in its syllables or their first letters."""
    begun, whole, syllables = plain(start), plain(word), READ.get(word, "").split()
    ways = [whole, "".join(syllables), "".join(syllable[0] for syllable in syllables)]
    ways += [whole[place:] for place in range(len(whole)) if DENSE.match(whole[place])]
    return any(way.startswith(begun) for way in ways)


BEGUN = [
    "trans",
    "TRANS",
    "t",
    "city",
    "City H",
    "交",
    "交通",
    "通局",
    "水",
    "市",
    "市政",
    "局",
    "台北",
    "臺",
    "北",
    "环",
    "卫生",
    "健康委",
    "w",
]


@pytest.mark.parametrize("start", BEGUN)
def test_keywords_and_publishers_are_completed(engine: SearchEngine, entries: list[Entry], start: str) -> None:
    counts = Counter(word for entry in public(entries) for word in _words(entry))
    wanted = {plain(word) for word in counts if _completes(start, word)}
    got = [one for one in engine.suggest(start, 50) if one.name is None]
    assert {plain(one.words) for one in got} == wanted != set()
    assert {one.kind for one in got} <= {"keyword", "publisher"}


@pytest.mark.parametrize(
    "start", ["bus ro", "Bus", "air q", "公共交", "公共", "圖書", "图书馆", "real-ti", "zoning ma", "gbt21", "2024年"]
)
def test_titles_are_completed_and_only_public_ones(engine: SearchEngine, entries: list[Entry], start: str) -> None:
    titles = {entry.name: [plain(title) for title in entry.dataset.title.values()] for entry in public(entries)}
    got = [one for one in engine.suggest(start, 20) if one.name]
    assert got and all(one.kind == "title" and one.name in titles for one in got)
    assert any(plain(start).replace("real-ti", "real") in title for one in got for title in titles[one.name or ""])


def test_suggestions_of_nothing_are_nothing(engine: SearchEngine) -> None:
    assert engine.suggest("", 5) == [] == engine.suggest("bus", 0)
    assert engine.suggest("   ", 5) == [] == engine.suggest("nothingofthekind", 5)
    for limit in (1, 3, 10):
        assert len(engine.suggest("b", limit)) <= limit
        assert len(engine.suggest("公", limit)) <= limit


def test_what_only_some_may_see_is_never_suggested(engine: SearchEngine, entries: list[Entry]) -> None:
    hidden = {entry.name for entry in entries if entry.state != "published"}
    for start in (*BEGUN, "bus", "公共交通", "air", "图书馆"):
        assert hidden.isdisjoint({one.name for one in engine.suggest(start, 50)})


def test_similar_datasets_have_words_in_common(engine: SearchEngine, catalogue: Catalogue) -> None:
    titles = {entry.id: entry for entry in catalogue.entries}
    asked = next(entry for entry in catalogue.entries if entry.dataset.title == {"zh": "北京市空气质量监测站点数据"})
    hits = engine.similar(asked.id, 10, EVERYONE)
    assert 0 < len(hits) <= 10 and asked.id not in {hit.id for hit in hits}
    assert titles[hits[0].id].dataset.title == asked.dataset.title or "空气质量" in "".join(hit.title for hit in hits[:3])
    assert len({hit.id for hit in hits}) == len(hits)


def test_similar_datasets_are_those_the_asker_may_see(engine: SearchEngine, catalogue: Catalogue) -> None:
    readers = {entry.id: set(entry.readers) for entry in catalogue.entries}
    for entry in catalogue.entries[:20]:
        for labels in (frozenset({"public"}), frozenset({"organization:water"})):
            assert all(readers[hit.id] & labels for hit in engine.similar(entry.id, 5, labels))
        assert engine.similar(entry.id, 0, EVERYONE) == ()
    assert engine.similar("00000000-0000-4000-8000-000000000000", 5, EVERYONE) == ()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("trafic", "traffic"),
        ("censsu", "census"),
        ("qualty air", "quality air"),
        ("ridershp", "ridership"),
        ("montraal", "montreal"),
    ],
)
def test_a_slip_is_put_right(engine: SearchEngine, words: str, meant: str) -> None:
    page = engine.search(Query(words=words))
    assert page.total == 0 and any(meant in plain(offer) for offer in page.did_you_mean)
    assert all(engine.search(Query(words=offer)).total for offer in page.did_you_mean)


@pytest.mark.parametrize("words", ["bus", "交通", "图书馆", "", "-bus", "nothingofthekind", "!!!"])
def test_nothing_else_is_offered_when_much_is_found_or_nothing_is_like_it(engine: SearchEngine, words: str) -> None:
    assert engine.search(Query(words=words)).did_you_mean == ()


def test_hits_show_the_askers_language_and_mark_what_matched(engine: SearchEngine) -> None:
    page = engine.search(Query(words="bus", limit=1000, highlight=True, languages=("en", "zh"), readers=EVERYONE))
    titled = [hit for hit in page.hits if "bus" in hit.title.lower()]
    assert titled and all(hit.highlights["title"].startswith("<mark>Bus</mark>") for hit in titled)
    assert any("<mark>Bus</mark> routes" in hit.highlights.get("description", "") for hit in page.hits if hit not in titled)
    marked = engine.search(Query(words="食物环境", highlight=True, readers=EVERYONE)).hits
    titles = {
        re.sub("</?mark>", "", hit.highlights["title"]): hit.highlights["title"] for hit in marked if "title" in hit.highlights
    }
    assert titles["食物環境衞生資料"] == "<mark>食物環境</mark>衞生資料"


def test_marks_never_let_markup_through(engine: SearchEngine) -> None:
    page = engine.search(Query(words="stops places", limit=1000, highlight=True, readers=EVERYONE))
    texts = [text for hit in page.hits for text in hit.highlights.values()]
    assert texts
    for text in texts:
        assert not re.search(r"<(?!/?mark>)", text)


def test_how_words_were_understood_is_told(engine: SearchEngine) -> None:
    def kinds(words: str) -> list[tuple[str, bool]]:
        return [(one.kind, one.negated) for one in engine.search(Query(words=words, limit=0)).understood]

    assert kinds("公共交通 bus") == [("word", False), ("word", False)]
    assert kinds('"bus routes" -水') == [("phrase", False), ("word", True)]
    assert kinds("traf*") == [("prefix", False)]
    assert kinds("modified:2024..") == [("range", False)]
    assert kinds("title:bus") in ([("field", False)], [("word", False)])
    assert kinds("") == [("everything", False)] == kinds("*")
    assert kinds("!!!") == [("nothing", False)]


def test_a_page_with_marks_is_the_same_page(engine: SearchEngine) -> None:
    query = Query(words="公共交通", limit=30, readers=EVERYONE)
    bare, marked = engine.search(query), engine.search(replace(query, highlight=True))
    assert [hit.id for hit in bare.hits] == [hit.id for hit in marked.hits]
    assert all(not hit.highlights for hit in bare.hits) and all(hit.highlights for hit in marked.hits)
