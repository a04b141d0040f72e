"""Dates as spans, orders, cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metadata.errors import Invalid
from search.base import Query
from search.cursor import Cursor, decode, encode
from search.dates import instant, span
from search.order import order, title_key

DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("date", "days"),
    [("2023", 365), ("2024", 366), ("2024-02", 29), ("2024-12", 31), ("2024-02-29", 1), ("20240229", 1), ("9999-12-31", 1)],
)
def test_a_date_spans_what_it_names(date: str, days: int) -> None:
    found = span(date)
    assert found is not None and found[1] - found[0] + 1 == days * DAY


def test_times_keep_their_zone_and_their_precision() -> None:
    assert span("1970-01-01T08:00:00+08:00") == (0, 999_999)
    assert span("1970-01-01T00:00Z") == (0, 59_999_999)
    assert span("1970-01-01T00:00:00.5") == (500_000, 500_000)
    assert instant("1970-01-02") == DAY


@pytest.mark.parametrize("date", ["", "-", "R/P1Y", "2024-13", "2024-02-30", "2016/04/14", "yesterday", "0000", "2024-1"])
def test_what_is_no_date_is_none(date: str) -> None:
    assert span(date) is None


def test_orders_have_a_natural_direction_that_can_be_turned() -> None:
    assert (order("modified", has_words=False).down, order("-modified", has_words=False).down) == (True, False)
    assert (order("title", has_words=False).down, order("-title", has_words=False).down) == (False, True)
    assert order("relevance", has_words=False).key == "updated"
    assert order("relevance", has_words=True).key == "relevance"
    with pytest.raises(Invalid, match="Use one of relevance, modified"):
        order("colour", has_words=True)
    assert order("distance", has_words=True, near=(120.0, 30.0)).point == (120.0, 30.0)
    with pytest.raises(Invalid, match="near=longitude,latitude,kilometres"):
        order("distance", has_words=True)


def test_titles_are_ordered_by_reading() -> None:
    titles = ["重庆市", "Zoo", "北京市", "上海市", "école", "Apple"]
    assert sorted(titles, key=title_key) == ["Apple", "北京市", "école", "上海市", "重庆市", "Zoo"]


@given(st.integers(0, 10**9), st.one_of(st.none(), st.integers(-(2**62), 2**63)), st.text(max_size=20))
def test_a_cursor_comes_back_as_it_went(offset: int, value: int | None, words: str) -> None:
    cursor = Cursor(offset, (value, words, "x"), "state")
    query = Query(words="bus", filters={"format": ("CSV",)})
    assert decode(query, encode(query, cursor)) == cursor


@given(st.text(max_size=80), st.integers(0, 60), st.characters())
def test_a_cursor_of_another_hand_is_refused(text: str, place: int, character: str) -> None:
    query = Query(words="bus")
    mine = encode(query, Cursor(40, (5, "a", "b")))
    changed = mine[:place] + character + mine[place + 1 :]
    for wrong in {text, changed} - {mine}:
        with pytest.raises(Invalid, match="cursor"):
            decode(query, wrong)


def test_a_cursor_is_for_one_question_whatever_the_page_shows() -> None:
    query = Query(words="bus", filters={"format": ("CSV", "JSON")}, order="title")
    text = encode(query, Cursor(20))
    same = Query(words="bus", filters={"format": ("JSON", "CSV")}, order="title", limit=50, facets=("theme",), highlight=True)
    assert decode(same, text).offset == 20
    with pytest.raises(Invalid, match="another question"):
        decode(Query(words="bus", filters={"format": ("CSV",)}, order="title"), text)
