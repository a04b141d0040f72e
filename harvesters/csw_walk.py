"""Where a walk over the pages of a catalogue service is, and whether it was everything.

What services do (all seen): say that nothing follows while more is there, name a next record that lies behind or far ahead,
count too few, too many, none, or otherwise on each page, give fewer records than asked for, leave out those that they cannot
show in the schema asked for, answer beyond the end with the first page or with an error. So:
- Records are counted as they come; the next page begins after them, whatever the service calls the next record.
- It is over when as many came as it claims to have and no page that was full says that more follow; without a claim, at an
  empty page. An empty page before that is looked into record by record: one that is left out is told of, as long as others
  follow it (or hardly any are missing at the end); else the listing ended early, which is an error.
- A claim that shrinks by k means that records moved forward by up to k: the walk steps back that far.
- A page that comes again before the end is a loop, and an error.
"""

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from harvesters.base import Record
from harvesters.csw_page import Page
from metadata.errors import NotData, SourceError

MOST_ROWS = 5_000_000  # a service that makes up records for ever must not fill the disk
_REMEMBERED = 5000  # records: more than can move between two pages
_MOST_ODD = 10  # records in a row that cannot be had
_MOST_ODD_FIRST = 3  # before any other record was had
_MOST_REPEATS = 50  # pages of one record that come again


@dataclass
class Walk:
    """`position`: the next record to be asked for, 1 is the first. `asked`: the page size wished for; `size`: the one in use.
    `since`: the moment from which changes are asked for, empty for everything. `manner`: how the service wants to be asked."""

    place: str
    asked: int
    position: int = 1
    matched: int = 0
    longest: int = 0
    since: str = ""
    manner: int = 0
    stamp: str = ""
    over: bool = False
    size: int = 0
    _lost: int = 0
    _odd: int = 0
    _pending: list[Record] = field(default_factory=list)
    _repeats: int = 0
    _first: int = 0
    _recent: deque[int] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _pages: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.size = self.size or self.asked

    @property
    def resume(self) -> str:
        """Enough to go on after the records given last."""
        names = ("position", "matched", "longest", "since", "manner", "stamp", "over")
        return json.dumps({name: getattr(self, name) for name in names})

    def going_on(self, resume: str | None) -> "Walk":
        """The walk, put where an earlier one was."""
        for name, value in json.loads(resume or "{}").items():
            setattr(self, name, value)
        return self

    @property
    def beyond(self) -> bool:
        """Whether all that the service claims to have was passed."""
        return bool(self.matched) and self.position > self.matched

    def take(self, page: Page) -> list[Record]:
        """Passes over a page that has records, and gives those not met before. Raises `NotData` when it leads nowhere."""
        keys = [hash((record.identifier, record.body)) for record in page.records]
        if self._comes_again(keys, page):
            return []
        known = set(self._recent)
        fresh = [record for record, key in zip(page.records, keys, strict=True) if key not in known]
        self._recent.extend(key for key in keys if key not in known)
        self.longest = max(self.longest, page.rows)
        self._move(page)
        if self.position > MOST_ROWS:
            self.stop(f"the listing has more than {MOST_ROWS:,} records")
        self._odd, self.size = 0, min(self.asked, self.size * 2)
        return self.release() + fresh

    def _comes_again(self, keys: list[int], page: Page) -> bool:
        """Whether this very page came before, and was the end. Raises `NotData` for a circle."""
        print_ = hash(tuple(keys))
        if print_ not in self._pages:
            self._pages.add(print_)
            self._first = self._first or print_
            return False
        self._repeats += 1
        begins_again = print_ == self._first and len(self._pages) > 1
        if self.beyond or (not (self.matched or page.matched) and (begins_again or page.rows < self.size)):
            self.over = True  # beyond the end some begin again, and some do not page at all
            return True
        if len(keys) > 1 or self._repeats > _MOST_REPEATS:
            self.stop("the listing goes round in a circle")
        return False

    def _move(self, page: Page) -> None:
        lost = max(0, self.matched - page.matched) if page.matched else 0
        self.matched = page.matched or self.matched
        if not lost:
            self.position += page.rows
            more = page.rows >= min(self.size, self.longest) and page.following >= self.position
            self.over = self.beyond and not more
            return
        self._lost += lost
        if self._lost > max(_REMEMBERED, self.longest, self.matched):
            self.stop("the listing changes faster than it can be read")
        self._pages.clear()  # after a step back a page may rightly come again
        self.position = max(1, self.position - lost)

    def pass_empty(self, page: Page) -> None:
        """Takes note of a page without records: the end, or a record that the service counts and does not give."""
        self.matched = page.matched or self.matched
        if self.beyond or not self.matched:
            self.over = True
        elif self.size > 1:
            self.size = 1  # look at each by itself
        else:
            said = f"Record {self.position} of {self.matched} is counted by the service, and was not given by it."
            self.pass_odd([Record(said.encode())], None)

    def pass_odd(self, instead: Iterable[Record], error: SourceError | None) -> None:
        """Passes over one record that cannot be had; what came instead is kept until it is clear that the listing goes on.
        Raises the error, or `NotData`, when there are too many of them."""
        self._odd += 1
        if self._odd > _MOST_ODD or (not self.longest and self._odd > _MOST_ODD_FIRST):
            self._end_early(error)
        self._pending += instead
        self.position += 1
        self.over = self.beyond
        if self.over and error is None and self._odd > self.matched // 100 + 1:
            self._end_early(None)

    def release(self) -> list[Record]:
        """What came instead of records that cannot be had."""
        given, self._pending = self._pending, []
        return given

    def _end_early(self, error: SourceError | None) -> None:
        if error is not None:
            raise error
        given = self.position - self._odd
        self.stop(f"the listing ended early: {given} of {self.matched}", f"no record at {given + 1}")

    def shrink(self) -> bool:
        """Asks for half as many from now on; False when it is one already."""
        smaller = self.size > 1
        self.size = max(1, self.size // 2)
        return smaller

    def stop(self, message: str, value: str = "") -> None:
        """Raises `NotData`: this cannot be everything."""
        remedy = "Try again; if it stays, ask the source to mend its paging."
        raise NotData(message, place=self.place, value=value or f"record {self.position}", remedy=remedy)
