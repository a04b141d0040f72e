"""Mechanical repairs: what is mended, what is left, and what is marked as filled in."""

from typing import Any

import pytest

from standards import repairs
from standards.base import Repair
from standards.repairs import Step, repaired


@pytest.mark.parametrize(
    ("mend", "value", "mended"),
    [
        (repairs.mail_address, "a.b@x.example", "mailto:a.b@x.example"),
        (repairs.mail_address, " MAILTO: a@x.example ", "mailto:a@x.example"),
        (repairs.mail_address, "ａ＠ｘ．ｅｘａｍｐｌｅ", "mailto:a@x.example"),
        (repairs.mail_address, "mailto:a@x.example", None),
        (repairs.mail_address, "a@x.example, b@x.example", None),
        (repairs.mail_address, "ask us", None),
        (repairs.mail_address, 5, None),
        (repairs.date, "2016/04/14", "2016-04-14"),
        (repairs.date, "２０１６年４月", "2016-04"),
        (repairs.date, "2016-04-14", None),
        (repairs.date, "soon", None),
        (repairs.date, "2016-02-31", None),
        (repairs.period, "2015-01-1/2015-12-31", "2015-01-01/2015-12-31"),
        (repairs.period, "2015/2016", None),
        (repairs.licence_uri, "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        (repairs.licence_uri, "https://x.example/licence", None),
        (repairs.licence_uri, "our own", None),
        (repairs.media_type, "CSV", "text/csv"),
        (repairs.media_type, ".csv", "text/csv"),
        (repairs.media_type, "text/CSV; charset=utf-8", "text/csv"),
        (repairs.media_type, "text/csv", None),
        (repairs.media_type, "something", None),
        (repairs.half_width, "ＡＢ１２３", "AB123"),
        (repairs.half_width, "AB123", None),
        (repairs.half_width, "公交", None),
        (repairs.language, "en_us", "en-US"),
        (repairs.language, "en-US", None),
        (repairs.trimmed, " x ", "x"),
        (repairs.trimmed, "  ", None),
        (repairs.address, " http://x.example/a b ", "http://x.example/a%20b"),
        (repairs.address, "x.example", None),
        (repairs.frequency("dcat-us-1.1"), "Monthly", "R/P1M"),
        (repairs.frequency("dcat-us-1.1"), "R/P1M", None),
        (repairs.frequency("cn-2017"), "R/P1M", "每月"),
        (repairs.frequency("cn-2017"), "now and then", None),
    ],
)
def test_values_are_mended_or_left(mend: repairs.Mend, value: Any, mended: Any) -> None:
    assert mend(value) == mended


BODY = {
    "contact": {"mail": "a@x.example"},
    "modified": "2016/04/14",
    "files": [{"url": "https://x.example/a.csv"}, {"url": "https://x.example/b", "type": "XLSX"}, "nothing"],
    "words": ["２０１６", "x"],
}
STEPS = (
    Step("s/mail", ("contact", "mail"), repairs.mail_address),
    Step("s/modified", ("modified",), repairs.date),
    Step("s/type", ("files", "*", "type"), repairs.media_type, repairs.from_extension("url")),
    Step("s/format", ("files", "*", "format"), None, repairs.format_from_extension("url")),
    Step("s/words", ("words", "*"), repairs.half_width),
    Step("s/none", ("nothing", "here"), repairs.date),
)


def test_steps_reach_into_lists_and_say_what_they_did() -> None:
    before = repr(BODY)
    mended, done = repaired(BODY, STEPS)
    assert repr(BODY) == before
    assert (
        mended["contact"]["mail"] == "mailto:a@x.example"
        and mended["modified"] == "2016-04-14"
        and mended["words"] == ["2016", "x"]
    )
    assert mended["files"][0] == {"url": "https://x.example/a.csv", "type": "text/csv", "format": "CSV"}
    assert mended["files"][1]["type"].endswith("spreadsheetml.sheet") and "format" not in mended["files"][1]
    assert Repair(rule="s/type", path="/files/0/type", before="", after="text/csv", filled=True) in done
    assert {one.path: one.filled for one in done} == {
        "/contact/mail": False,
        "/modified": False,
        "/files/0/type": True,
        "/files/1/type": False,
        "/files/0/format": True,
        "/words/0": False,
    }


def test_a_list_of_one_may_be_written_without_its_brackets() -> None:
    assert repaired({"words": "２０"}, STEPS)[0] == {"words": "20"}
    assert repaired({"files": {"url": "https://x.example/a.csv"}}, STEPS)[0]["files"]["type"] == "text/csv"


def test_mending_again_changes_nothing() -> None:
    mended, _ = repaired(BODY, STEPS)
    assert repaired(mended, STEPS) == (mended, [])


@pytest.mark.parametrize(
    "body", [None, 5, "x", [], {}, {"contact": []}, {"contact": {"mail": {}}}, {"files": [None, [], {"url": 5}]}]
)
def test_any_body_is_taken(body: Any) -> None:
    mended, done = repaired(body, STEPS)
    assert mended == body and done == []
