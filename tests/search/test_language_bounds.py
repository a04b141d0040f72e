"""Bounds as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.base import Range
from search.dates import span
from search.language import question
from search.language_bounds import bounds_of


@pytest.mark.parametrize(
    ("typed", "bounds"),
    [
        ("2024", ("2024", "2024")),
        ("2024-05", ("2024-05", "2024-05")),
        ("2024-5-3", ("2024-05-03", "2024-05-03")),
        ("20240503", ("2024-05-03", "2024-05-03")),
        ("2024/05/03", ("2024-05-03", "2024-05-03")),
        ("2024年", ("2024", "2024")),
        ("2024年5月", ("2024-05", "2024-05")),
        ("2024年12月31日", ("2024-12-31", "2024-12-31")),
        ("２０２４", ("2024", "2024")),
        ("2024..", ("2024", None)),
        ("..2020", (None, "2020")),
        ("2023..2024-06", ("2023", "2024-06")),
        ("2023．．2024", ("2023", "2024")),
        ("2023…2024", ("2023", "2024")),
        ("2023~2024", ("2023", "2024")),
        ("2023～2024", ("2023", "2024")),
        ("2023年至2024年", ("2023", "2024")),
        ("2024..2023", ("2023", "2024")),
        ("2023..*", ("2023", None)),
        (">2020", ("2021", None)),
        ("＞2020", ("2021", None)),
        (">=2020", ("2020", None)),
        ("<2020", (None, "2019")),
        ("<=2020", (None, "2020")),
        ("≤2020", (None, "2020")),
        (">2024-12", ("2025-01", None)),
        ("<2024-03-01", (None, "2024-02-29")),
        ("2024-05-03T10:00..", ("2024-05-03T10:00", None)),
        (">2024-05-03T10:00Z", ("2024-05-03T10:01:00.000000Z", None)),
        ("<2024-05-03T10:00:00Z", (None, "2024-05-03T09:59:59.999999Z")),
    ],
)
def test_dates(typed: str, bounds: Range) -> None:
    assert bounds_of("modified", typed) == bounds
    assert all(end is None or span(end) for end in bounds)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "..",
        "*..*",
        "soon",
        "24",
        "2024-13",
        "2024-02-30",
        "0000",
        ">",
        ">9999",
        "<0001",
        "2024..x",
        ">2020..",
        "1" * 100,
        "2024-0",
    ],
)
def test_what_is_no_date(typed: str) -> None:
    assert bounds_of("issued", typed) is None


@pytest.mark.parametrize(
    ("field", "typed", "bounds"),
    [
        ("size", "10MB..", ("10000000", None)),
        ("size", "1.5kb..2KiB", ("1500", "2048")),
        ("size", ">1G", ("1000000001", None)),
        ("size", "<1,000", (None, "999")),
        ("size", "999999999999999T..", (str(10**18), None)),
        ("quality", "80", ("80", "80")),
        ("quality", ">=79.5%", ("80", None)),
        ("quality", ">79.5", ("80", None)),
        ("quality", "<79.5", (None, "79")),
        ("quality", "90..60", ("60", "90")),
        ("use", ">1万", ("10001", None)),
        ("use", "..1.5万", (None, "15000")),
    ],
)
def test_numbers(field: str, typed: str, bounds: Range) -> None:
    assert bounds_of(field, typed) == bounds


@pytest.mark.parametrize(
    ("field", "typed"),
    [("size", "big"), ("size", "-1"), ("quality", "10MB"), ("use", "1e5"), ("use", ".."), ("size", "5 apples")],
)
def test_what_is_no_number(field: str, typed: str) -> None:
    assert bounds_of(field, typed) is None


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("修改:2024..", "modified"),
        ("发布日期：2024", "issued"),
        ("时间范围:2010~2012", "period"),
        ("访问量:>100", "use"),
        ("质量:80..", "quality"),
    ],
)
def test_ranges_have_names_in_chinese(words: str, field: str) -> None:
    (clause,) = question(words).clauses
    assert [(wish.kind, wish.field) for wish in clause.wishes] == [("range", field)]


@given(st.dates().map(str), st.sampled_from([4, 7, 10]))
def test_less_and_more_leave_out_the_whole_span(date: str, length: int) -> None:
    inner = span(date[:length])
    assert inner
    more, less = bounds_of("modified", f">{date[:length]}"), bounds_of("modified", f"<{date[:length]}")
    if more and (after := span(more[0] or "")):
        assert after[0] == inner[1] + 1
    if less and (before := span(less[1] or "")):
        assert before[1] == inner[0] - 1
