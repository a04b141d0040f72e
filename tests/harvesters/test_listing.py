"""Walks over pages that cap, shrink, grow, repeat, lie and never end."""

from collections.abc import Callable
from typing import Any

import pytest

from harvesters import listing
from harvesters.listing import At, Listing, Page, Style
from metadata.errors import NotData, Unreachable

Ask = Callable[[At], Page]


def source(rows: list[int], style: Style, size: int = 10, counts: bool = True, first: int = 0) -> Ask:
    """A source that pages well."""

    def ask(at: At) -> Page:
        start = int(at or 0) if style != "page" else (int(at or 0) - first) * size
        following = str(start + size) if start + size < len(rows) else None
        return Page([{"n": row} for row in rows[start : start + size]], len(rows) if counts else None, following)

    return ask


def begun(style: Style, size: int = 10, first: int = 0, resume: str | None = None) -> Listing:
    return Listing("http://x", style, size, {"offset": 0, "page": first}.get(style), first).going_on(resume)


def met(ask: Ask, walk: Listing) -> list[int]:
    return [row["n"] for rows in walk.walk(ask) for row in rows]


@pytest.mark.parametrize("style", ["offset", "page", "token"])
@pytest.mark.parametrize("count", [0, 1, 9, 10, 20, 25])
@pytest.mark.parametrize("counts", [True, False])
def test_all_rows_are_met_once(style: Style, count: int, counts: bool) -> None:
    assert met(source(list(range(count)), style, counts=counts), begun(style)) == list(range(count))


@pytest.mark.parametrize("style", ["offset", "page", "token"])
def test_it_goes_on_from_every_page(style: Style) -> None:
    ask = source(list(range(25)), style, first=1)
    walk = begun(style, first=1)
    marks = [(len(rows), walk.resume) for rows in walk.walk(ask)]
    given = 0
    for count, resume in marks:
        given += count
        assert met(ask, begun(style, first=1, resume=resume)) == list(range(given, 25))


def test_a_page_capped_below_what_is_asked_is_followed() -> None:
    assert met(source(list(range(25)), "offset", size=7), begun("offset", size=100)) == list(range(25))


@pytest.mark.parametrize("style", ["offset", "page"])
def test_no_standing_row_is_missed_when_others_are_deleted(style: Style) -> None:
    rows, asked = list(range(60)), 0

    def ask(at: At) -> Page:
        nonlocal asked
        asked += 1
        if asked == 3:
            del rows[2:5]
        return source(rows, style)(at)

    found = met(ask, begun(style))
    assert len(found) == len(set(found)) and set(rows) <= set(found)


def test_rows_inserted_in_front_are_not_given_twice() -> None:
    rows, asked = list(range(30)), 0

    def ask(at: At) -> Page:
        nonlocal asked
        asked += 1
        if asked == 2:
            rows.insert(0, 99)
        return source(rows, "offset")(at)

    assert met(ask, begun("offset")) == list(range(30))


def test_the_last_page_over_again_is_the_end() -> None:
    def clamps(at: At) -> Page:
        return source(list(range(25)), "page")(min(int(at or 0), 2))

    assert met(clamps, begun("page")) == list(range(25))
    without = Page([{"n": 1}])
    assert met(lambda _: without, begun("page")) == [1]


def test_an_error_beyond_the_total_is_the_end() -> None:
    def refuses(at: At) -> Page:
        if int(at or 0) >= 20:
            raise Unreachable("it answered HTTP 404", place="http://x")
        return source(list(range(20)), "offset")(at)

    assert met(refuses, begun("offset")) == list(range(20))


def test_an_error_before_the_total_is_an_error() -> None:
    def refuses(at: At) -> Page:
        if int(at or 0) >= 10:
            raise Unreachable("it answered HTTP 404", place="http://x")
        return source(list(range(20)), "offset")(at)

    with pytest.raises(Unreachable):
        met(refuses, begun("offset"))


@pytest.mark.parametrize(
    ("ask", "style", "words"),
    [
        (lambda at: Page([{"n": 1}] * 10, 50), "offset", "circle"),
        (lambda at: Page([{"n": at}], None, "same"), "token", "circle"),
        (lambda at: Page([], None, f"{at}x"), "token", "without rows"),
        (lambda at: Page([], 5), "offset", "ended early: 0 of 5"),
        (lambda at: Page([{"n": at}], 50, None), "token", "ended early: 1 of 50"),
        (lambda at: Page([], None, None, last=False), "page", "before the last one"),
    ],
)
def test_what_cannot_be_everything_is_an_error(ask: Any, style: Style, words: str) -> None:
    with pytest.raises(NotData, match=words):
        met(ask, begun(style))


def test_a_source_that_makes_up_rows_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 100)
    with pytest.raises(NotData, match="more than 100 rows"):
        met(lambda at: Page([{"n": [at, n]} for n in range(10)]), begun("offset"))


def test_a_total_that_swings_without_end_is_given_up() -> None:
    asked = 0

    def ask(at: At) -> Page:
        nonlocal asked
        asked += 1
        return Page([{"n": [asked, n]} for n in range(10)], 100_000 if asked % 2 else 60_000)

    with pytest.raises(NotData, match="changes faster"):
        met(ask, begun("offset"))


def test_what_the_source_says_of_its_last_page_ends_the_walk() -> None:
    assert met(lambda at: Page([{"n": at}], last=at == 3), begun("page", first=1)) == [1, 2, 3]
