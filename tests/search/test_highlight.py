"""What matched, marked."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import highlight as highlighting
from search.analysis import fold_with_offsets
from search.highlight import highlight
from search.language import question
from search.rereading import as_pinyin, in_parts
from search.synonyms import synonyms


def marked(text: str, words: str, window: int | None = None) -> str | None:
    return highlight(text, question(words, synonyms(None)).wanted, window)


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("食物環境衞生署", "环境卫生", "食物<mark>環境衞生</mark>署"),
        ("ＢＵＳ routes", "bus", "<mark>ＢＵＳ</mark> routes"),
        ("Cafe\u0301s & bars", "café", "<mark>Cafe\u0301s</mark> &amp; bars"),
        ("<b>Bus</b>", "bus", "&lt;b&gt;<mark>Bus</mark>&lt;/b&gt;"),
        ("GB/T 21063", "gbt21063", "<mark>GB/T</mark> <mark>21063</mark>"),
        ("PM2.5 today", "pm25", "<mark>PM2.5</mark> today"),
        ("饮用水水质", "水", "饮用<mark>水水</mark>质"),
        ("公共交通交通", "公共交通 交通", "<mark>公共交通交通</mark>"),
        ("Bus stops", '"bus stop"', "<mark>Bus</mark> <mark>stops</mark>"),
        ("5G基站與機場", '"５G 基站"', "<mark>5G基站</mark>與機場"),
        ("the stop of a bus", '"bus stop"', None),
        ("Transport & transit", "trans*", "<mark>Transport</mark> &amp; <mark>transit</mark>"),
        ("GB/T 21063 and GB/T 3", "gbt210*", "<mark>GB/T</mark> <mark>21063</mark> and GB/T 3"),
        ("surveying the land", "surveys", "<mark>surveying</mark> the land"),
        ("城市公共交通线路", "公交线路", "城市<mark>公共交通线路</mark>"),
        ("公交線路與公共交通", "公共交通", "<mark>公交</mark>線路與<mark>公共交通</mark>"),
        ("细颗粒物浓度", "PM2.5", "<mark>细颗粒物</mark>浓度"),
        ("PM2.5浓度", "细颗粒物浓度", "<mark>PM2.5浓度</mark>"),
        ("A geographic information system", "gis", "A <mark>geographic</mark> <mark>information</mark> <mark>system</mark>"),
        ("information about a system", "gis", None),
        ("title: bus", "title:bus", "title: <mark>bus</mark>"),
        ("a bus, no tram", "bus -tram", "a <mark>bus</mark>, no tram"),
        ("bus or tram", "bus OR tram", "<mark>bus</mark> or <mark>tram</mark>"),
        ("nothing here", "bus", None),
        ("", "bus", None),
    ],
)
def test_marks(text: str, words: str, shown: str | None) -> None:
    assert marked(text, words) == shown


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("城市公共交通线路", "gonggong", "城市<mark>公共</mark>交通线路"),
        ("城市公共交通線路", "gonggong jiaotong", "城市<mark>公共交通</mark>線路"),
        ("城市公共交通线路", "ggjt", "城市<mark>公共交通</mark>线路"),
        ("西安地铁", "xian", "<mark>西安</mark>地铁"),
        ("绿色食品", "lvse", "<mark>绿色</mark>食品"),
        ("gong gong", "gonggong", None),
    ],
)
def test_what_was_read_as_pinyin_is_marked_in_chinese(text: str, words: str, shown: str | None) -> None:
    asked = as_pinyin(question(words))
    assert asked and highlight(text, asked.wanted) == shown


def test_parts_of_a_run_are_marked_one_by_one() -> None:
    asked = in_parts(question("公交分布"), 2)
    assert asked and highlight("公交车站点分布图", asked.wanted) == "<mark>公交</mark>车站点<mark>分布</mark>图"


def test_a_window_is_around_the_first_match() -> None:
    text = "word " * 100 + "target " + "tail " * 100
    shown = marked(text, "target", 120)
    assert shown is not None and shown.startswith("…") and shown.endswith("…") and "<mark>target</mark>" in shown
    assert 100 < len(re.sub("<.*?>", "", shown)) < 130


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_the_text_the_html_is_clean_and_nothing_is_lost(text: str, words: str) -> None:
    shown = marked(text, words)
    if shown is not None:
        assert "<" not in shown.replace("<mark>", "").replace("</mark>", "")
        assert unescape(re.sub("</?mark>", "", shown)) == text


@given(st.text(max_size=40))
def test_the_quick_way_of_folding_is_the_same(text: str) -> None:
    folded, offsets = highlighting._folded(text)
    assert (folded, list(offsets)) == fold_with_offsets(text)
