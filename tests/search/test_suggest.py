"""What is suggested while someone types, on every engine."""

import pytest

from search.base import SearchEngine, Suggestion
from tests.search.invented import Filled, filled, invented

__all__ = ["filled"]

BUREAU = "交通局"
ENTRIES = [
    invented("公共交通线路", keywords=["公共交通", "公交"], publisher=BUREAU),
    invented("城市公共交通客运量", keywords=["公共交通"], publisher=BUREAU),
    invented("圖書館分佈", keywords=["文化"], publisher="文化局"),
    invented("Bus routes", keywords=["Transit", "Buses"], publisher="Transport Bureau", use=3),
    invented("Bus stops", keywords=["Transit"], publisher="Transport Bureau", use=90),
    invented("bus stops", keywords=["transit"]),
    invented("Accessible bus shelters"),
    invented("GB/T 21063 directories"),
    invented("Secret bus depots", keywords=["Secret buses"], publisher="Hidden Bureau", state="withheld"),
]


@pytest.fixture(scope="module")
def engine(filled: Filled) -> SearchEngine:
    return filled(ENTRIES)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("trans", [("Transit", "keyword"), ("Transport Bureau", "publisher")]),
        ("公共交", [("公共交通", "keyword"), ("公共交通线路", "title"), ("城市公共交通客运量", "title")]),
        ("通局", [("交通局", "publisher")]),
        ("图书", [("圖書館分佈", "title")]),
        ("ＢＵＳ st", [("Bus stops", "title")]),
        ("routes bu", [("Bus routes", "title")]),
        ("gb/t210", [("GB/T 21063 directories", "title")]),
        ("shelt", [("Accessible bus shelters", "title")]),
        ("bureau", [("Transport Bureau", "publisher")]),
        ("gonggongjiaot", [("公共交通", "keyword"), ("公共交通线路", "title"), ("城市公共交通客运量", "title")]),
        ("gong gong jiao", [("公共交通", "keyword"), ("公共交通线路", "title"), ("城市公共交通客运量", "title")]),
        ("ggjt", [("公共交通", "keyword"), ("公共交通线路", "title"), ("城市公共交通客运量", "title")]),
        ("tushuguan", [("圖書館分佈", "title")]),
        ("jtj", [("交通局", "publisher")]),
        ("secret", []),
        ("hidden", []),
        ("xyzzy", []),
        ("", []),
        (" \x00\x1f", []),
    ],
)
def test_what_is_begun_is_completed(engine: SearchEngine, typed: str, found: list[tuple[str, str]]) -> None:
    suggested = [(one.words, one.kind) for one in engine.suggest(typed, 8)]
    assert sorted(suggested) == sorted(found)
    assert [kind == "title" for _, kind in suggested] == sorted(kind == "title" for _, kind in suggested)


def test_frequent_words_visited_titles_and_beginnings_come_first(engine: SearchEngine) -> None:
    assert engine.suggest("公", 3)[0] == Suggestion("公共交通", None, "keyword")
    titles = [one for one in engine.suggest("bus", 8) if one.kind == "title"]
    assert [one.words for one in titles] == ["Bus stops", "Bus routes", "Accessible bus shelters"]
    assert titles[0].name in {ENTRIES[4].name, ENTRIES[5].name} and titles[1].name == ENTRIES[3].name
    assert engine.suggest("bus", 0) == [] and len(engine.suggest("bus", 2)) == 2


def test_titles_have_room_among_many_keywords(filled: Filled) -> None:
    keywords = [f"water {letter}" for letter in "abcdefghij"]
    entries = [invented(f"Water {letter}", keywords=keywords) for letter in "klmn"]
    kinds = [one.kind for one in filled(entries).suggest("water", 8)]
    assert kinds == ["keyword"] * 4 + ["title"] * 4


def test_what_is_gone_is_suggested_no_more(filled: Filled) -> None:
    engine = filled(ENTRIES)
    assert [one.words for one in engine.suggest("图书", 8)] == ["圖書館分佈"] and engine.suggest("文化", 8)
    engine.write([], [ENTRIES[2].id], 2)
    assert engine.suggest("图书", 8) == [] == engine.suggest("文化", 8)
