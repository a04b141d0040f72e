"""A walk over the pages of a JSON listing: where it is, and whether it was everything.

    listing = Listing(place, "offset", 100).going_on(resume)
    for rows in listing.walk(ask):      ask(at) -> Page(rows, total, following)
        yield Batch(…, listing.resume, listing.total, again=True)

Three ways of paging: `offset` (rows before the page), `page` (its number), `token` (a word or link that the answer before gave,
none at the end). Rules, learnt from portals that cap, shrink, repeat and lie:
- A page may be shorter than asked for: the next one begins after the rows that came.
- It is over when as many rows have passed as the latest total says and no full page was the last; when there is no total, at an
  empty page. What a source answers beyond its own total, be it the last page again or an error, is the end.
- A total that shrinks by k means that rows moved forward by up to k: the walk steps back that far. Rows met again are left out.
- A page that comes again, a token that comes again, more rows than `MOST_ROWS`: an error. So is an end before the total.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from metadata.errors import NotData, SourceError

MOST_ROWS = 5_000_000  # a source that makes up rows for ever must not fill the disk
_REMEMBERED = 5000  # rows: more than can move between two pages
_MOST_EMPTY = 100  # empty pages in a row that still name a next one
Style = Literal["offset", "page", "token"]
At = int | str | None


@dataclass(frozen=True)
class Page:
    """What one answer held: its rows, how many the source says there are, what it names as the next page, and whether it says
    itself that it is the last page."""

    rows: list[Any]
    total: int | None = None
    following: str | None = None
    last: bool | None = None


@dataclass
class Listing:
    """A walk. `size` is how many rows are asked for at a time, `at` where the next page begins (an offset, a number, a token;
    None: the source's own beginning), `first` the number of the first page, `passed` how many rows came before it."""

    place: str
    style: Style
    size: int
    at: At = None
    first: int = 0
    passed: int = 0
    total: int | None = None
    longest: int = 0
    done: bool = False
    remedy: str = "Try again; if it stays, ask the source to mend its paging."
    _back: int = 0
    _empty: int = 0
    _recent: deque[int] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _pages: set[int] = field(default_factory=set)
    _tokens: set[str] = field(default_factory=set)

    @property
    def resume(self) -> str:
        """Enough to go on after the rows given last."""
        return json.dumps(
            {"at": self.at, "passed": self.passed, "total": self.total, "longest": self.longest, "done": self.done}
        )

    def going_on(self, resume: str | None) -> "Listing":
        """The walk, put where an earlier one was."""
        if resume:
            for name, value in json.loads(resume).items():
                setattr(self, name, value)
        return self

    def walk(self, ask: Callable[[At], Page]) -> Iterator[list[Any]]:
        """The rows of one page after another, those met before left out. Raises `NotData` when this cannot be everything."""
        while not self.done:
            page = self._asked(ask)
            if page is None or self._ends_before(page):
                self.done = True
                break
            fresh = self._take(page)
            self._move(page)
            if fresh:
                yield fresh
        if self.total is not None and self.passed < self.total:
            self._stop(f"the listing ended early: {self.passed} of {self.total}")

    def _asked(self, ask: Callable[[At], Page]) -> Page | None:
        try:
            return ask(self.at)
        except SourceError:
            if self.total is not None and self.passed >= self.total and self.passed:
                return None  # beyond the end
            raise

    def _ends_before(self, page: Page) -> bool:
        """Whether this page adds nothing: it is empty, or the last one over again. Raises `NotData` for a circle."""
        if page.total is not None and not page.rows and self.style != "token":
            self.total = page.total if page.total or not self.passed else self.total
        if not page.rows:
            self._empty += 1
            if self._empty > _MOST_EMPTY:
                self._stop("the listing goes on without rows")
            if page.last is False:
                self._stop("the listing ended early: an empty page came before the last one")
            return not (self.style == "token" and page.following)
        self._empty = 0
        if _print(page.rows) not in self._pages:
            return False
        if self._complete(page):
            return True
        self._stop("the listing goes round in a circle")
        return True

    def _complete(self, page: Page) -> bool:
        """Whether a page that comes again may be what the source gives beyond its end, or because it does not page at all."""
        known = self.total if page.total is None else page.total
        if known is not None:
            return self.passed >= known
        return self.style != "token" and len(page.rows) < max(self.size, self.longest)

    def _take(self, page: Page) -> list[Any]:
        keys = [_key(row) for row in page.rows]
        known = set(self._recent)
        fresh = [row for row, key in zip(page.rows, keys, strict=True) if key not in known]
        self._recent.extend(key for key in keys if key not in known)
        self._pages.add(_print(page.rows))
        self.longest = max(self.longest, len(page.rows))
        return fresh

    def _move(self, page: Page) -> None:
        """Goes past the page, or back a little where rows were deleted before it."""
        rows = len(page.rows)
        if self.passed + rows > MOST_ROWS:
            self._stop(f"the listing has more than {MOST_ROWS:,} rows")
        if self.style == "token":
            self._follow(page)
            return
        lost = 0 if page.total is None else max(0, (self.total or 0) - page.total)
        self.total = page.total if page.total is not None else self.total
        if lost:
            self._step_back(lost, rows)
        else:
            self.passed += rows
            self.at = self.passed if self.style == "offset" else _number(self.at) + 1
        self.done = (self._is_last(rows) if page.last is None else page.last) and not lost

    def _step_back(self, lost: int, rows: int) -> None:
        self._back += lost
        if self._back > max(_REMEMBERED, self.longest, self.total or 0):
            self._stop("the listing changes faster than it can be read")
        self._pages.clear()  # after a step back a page may rightly come again
        pages = min(-(-lost // max(1, rows)), _number(self.at) - self.first)
        self.passed = max(0, self.passed - (lost if self.style == "offset" else pages * rows))
        self.at = self.passed if self.style == "offset" else _number(self.at) - pages

    def _is_last(self, rows: int) -> bool:
        if self.total is None:
            return rows > self.size > 0  # a source that neither counts nor pages gives everything at once
        return self.passed >= self.total and rows < max(self.longest, self.size)

    def _follow(self, page: Page) -> None:
        self.passed += len(page.rows)
        if page.total is not None:  # what is inserted behind the walk is not met by it: the least said counts
            self.total = page.total if self.total is None else min(self.total, page.total)
        self.at, self.done = page.following, not page.following
        if page.following in self._tokens:
            self._stop("the listing goes round in a circle", page.following)
        self._tokens.add(page.following or "")

    def _stop(self, message: str, value: object = None) -> None:
        shown = f"row {self.passed}" if value is None else value
        raise NotData(message, place=self.place, value=shown, remedy=self.remedy)


def _number(at: At) -> int:
    return at if isinstance(at, int) else 0


def _key(row: Any) -> int:
    return hash(orjson.dumps(row, option=orjson.OPT_NON_STR_KEYS))


def _print(rows: list[Any]) -> int:
    return hash(tuple(map(_key, rows)))
