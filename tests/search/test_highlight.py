"""What matched, marked."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import highlight
from search.language import question


def marked(text: str, words: str, window: int | None = None) -> str | None:
    return highlight(text, question(words).wanted, window)


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
        ("nothing here", "bus", None),
        ("", "bus", None),
    ],
)
def test_marks(text: str, words: str, shown: str | None) -> None:
    assert marked(text, words) == shown


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
