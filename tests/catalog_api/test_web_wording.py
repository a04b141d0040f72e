"""How values are written for people."""

import pytest

from catalog_api.web import wording
from catalog_api.web.addresses import address, bounded, tidy
from catalog_api.web.asking import _usable
from catalog_api.web.tables import csv_answer
from catalog_api.web.translation import tongue
from metadata.model import Coded

ZH, EN = tongue("zh"), tongue("en")


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("2026-05-03", "2026年5月3日", "3 May 2026"),
        ("2026-05-03T08:00:00Z", "2026年5月3日", "3 May 2026"),
        ("2026-05", "2026年5月", "May 2026"),
        ("2026", "2026", "2026"),
        ("2026-13-40", "2026-13-40", "2026-13-40"),
        ("0000", "0000", "0000"),
        ("R/P1Y", "R/P1Y", "R/P1Y"),
        (None, "", ""),
    ],
)
def test_days_keep_their_precision(value: str | None, zh: str, en: str) -> None:
    assert (wording.day(value, ZH), wording.day(value, EN)) == (zh, en)


def test_markup_becomes_text() -> None:
    assert wording.without_markup("a < b and b > c") == "a < b and b > c"
    assert wording.without_markup("<p>One</p><p>Two &amp; three</p>") == "One\n\nTwo & three"
    assert wording.without_markup("<script>alert(1)</script>safe") == "safe"
    assert wording.paragraphs("<ul><li>One<li>Two</ul>") == ["One", "Two"]
    assert wording.without_markup("x&nbsp;y").split() == ["x", "y"]


def test_broken_markup_ends() -> None:
    assert isinstance(wording.without_markup("<p>" * 20_000 + "<![CDATA[" + "<!" * 1000), str)
    assert "</script" not in wording.without_markup("</script></style></script>text").lower()


def test_only_web_addresses_become_links() -> None:
    for bad in (
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//x.example",
        "http://",
        "http://[",
        "",
    ):
        assert "href" not in wording.linked(bad)
    assert wording.linked('https://x.example/?a=1&b="2"') == (
        '<a href="https://x.example/?a=1&amp;b=&#34;2&#34;" rel="nofollow noopener noreferrer">https://x.example/?a=1&amp;b=&#34;2&#34;</a>'
    )


def test_texts_tell_their_language_only_where_it_differs() -> None:
    assert wording.marked({"zh": "交通", "en": "Transport"}, EN) == "Transport"
    assert wording.marked({"zh": "交通"}, EN) == '<span lang="zh">交通</span>'
    assert wording.marked({"und": "交通"}, EN) == '<span lang="zh">交通</span>'
    assert wording.marked({"und": "交通"}, ZH) == "交通"
    assert wording.marked({"en": "a < b & c"}, ZH) == '<span lang="en">a &lt; b &amp; c</span>'
    assert wording.marked({}, ZH) == ""


def test_numbers_sizes_times() -> None:
    assert (wording.number(12345, EN), wording.number(12345, ZH), wording.number(None, EN)) == ("12,345", "12,345", "")
    assert [wording.size(one, EN) for one in (0, 999, 1000, 1_500_000, -1)] == ["0 B", "999 B", "1 kB", "1.5 MB", ""]
    assert [wording.duration(one, EN) for one in (0.44, 12.0, 185.0, 59.7)] == ["0.4 s", "12 s", "3 min 5 s", "1 min 0 s"]
    assert [wording.duration(one, ZH) for one in (12.0, 185.0)] == ["12 秒", "3 分 5 秒"]


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert [wording.percent(one, EN) for one in (0.999, 1.0, 0.0, None)] == ["99%", "100%", "0%", "–"]


def test_coded_values_fall_back_to_the_raw_word() -> None:
    assert wording.coded(Coded(scheme="x", code="A", label={"en": "Alpha", "zh": "甲"}), ZH) == "甲"
    assert wording.coded(Coded(raw="whatever"), ZH) == "whatever"
    assert wording.coded(None, ZH) == ""


def test_shortened_cuts_at_words() -> None:
    assert wording.shortened("one two three", 100) == "one two three"
    assert len(wording.shortened("word " * 100, 50)) <= 51
    assert wording.shortened("字" * 300, 240) == "字" * 240 + "…"


def test_odd_parameters_are_tamed() -> None:
    assert tidy("a\x00b\ud800\nc  ") == "a b c"
    assert [bounded(one, 1, 1, 9) for one in ("3", "abc", "", "-1", "99", "٣", "9" * 400)] == [3, 1, 1, 1, 9, 1, 1]
    assert address("/s", [("q", "公 交&"), ("empty", "")]) == "/s?q=%E5%85%AC+%E4%BA%A4%26"


def test_too_many_words_are_cut_to_what_can_be_asked() -> None:
    assert _usable("公共交通 -bus") == "公共交通 -bus"
    assert len(_usable(" ".join(f"w{number}" for number in range(500)))) < 500


def test_csv_opens_in_spreadsheets_and_runs_nothing() -> None:
    body = bytes(csv_answer("x.csv", ["标题"], [["=cmd()"], ['a "b", c'], [None], [-5]]).body)
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.decode("utf-8-sig") == '标题\r\n\'=cmd()\r\n"a ""b"", c"\r\n""\r\n-5\r\n'
