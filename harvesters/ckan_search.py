"""Walking CKAN's `package_search`: by position, and where a portal gives no more in that way, by identifier.

Pages come in a stable order (`sort=id asc`); `harvesters/listing.py` has the rules of the walk by position. Some portals answer
positions beyond a limit with an error, an empty page or the last page again, and some let `count` end at a round number. Where
rows came in the order of their ids, the walk goes on behind the last one (`fq=id:{"…" TO *}`), which no limit stops; it is
believed only when what it finds and what was passed make up the portal's own count.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from harvesters.base import Batch, Record
from harvesters.ckan_api import Api, lacks_action, page_of, result_of
from harvesters.ckan_filters import Filters, quoted
from harvesters.ckan_records import IN_BRIEF, records, standing
from harvesters.json_text import name_of
from harvesters.listing import MOST_ROWS, At, Listing, Page
from harvesters.web import Answer
from metadata.errors import NotData, SourceError

BY_ID = "id asc"
_ROUND = 1000  # a count that is a multiple of this may be a limit and not the number of datasets


@dataclass
class Point:
    """Where a walk is. `way`: position, id, resources, names. `last`: the last id or name given. `since`: only what changed
    from then on is asked for. `stamp`: what the next run is to ask from. `listing`: the walk by position. `ids`: the changes
    were given, and the walk is over the identifiers of all. `whole`: there is such a walk, so that nothing stands unlisted."""

    ids: bool = False
    whole: bool = False
    way: str = ""
    last: str = ""
    passed: int = 0
    since: str = ""
    stamp: str = ""
    listing: str = ""

    @classmethod
    def of(cls, resume: str | None) -> "Point":
        """The point that a cursor names; the beginning when it names none."""
        try:
            return cls(**json.loads(resume or "{}"))
        except (ValueError, TypeError):
            return cls()

    def begin_ids(self) -> None:
        """Turns to the walk over identifiers, unless it is there already."""
        if not self.ids:
            self.ids, self.way, self.last, self.passed, self.listing = True, "", "", 0, ""

    def cursor(self) -> str:
        """The point, as it is kept."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})


class Search:
    """One walk over what `package_search` finds, in pages of `size` rows."""

    def __init__(self, api: Api, filters: Filters, size: int, sort: str, point: Point) -> None:
        self.api, self.filters, self.size, self.sort, self.point = api, filters, size, sort, point
        self.place = api.address("package_search")
        self.total: int | None = None
        self._ordered = sort == BY_ID
        self._first: Answer | None = None
        self._given = False

    def begins(self) -> bool:
        """Asks for the first page. False when the portal has no `package_search` at all, and nothing but it could filter."""
        answer = self._page(0)
        if self.point.since and answer.status in (400, 409, 500):
            self.point.since = ""  # it cannot tell what changed: it is asked for everything
            answer = self._page(0)
        self._first = answer
        return not (lacks_action(answer) and not (self.filters.q or self.filters.fq))

    def batches(self) -> Iterator[Batch]:
        """Batches, until everything was listed. Raises `SourceError` when that cannot be."""
        if self.point.way == "id":
            yield from self._by_id(self._after(self.point.last))
        else:
            yield from self._by_position()
        if self.point.since and not self.point.whole and not self._given:
            yield self._batch([])

    def _by_position(self) -> Iterator[Batch]:
        self.point.way = "position"
        listing = Listing(self.place, "offset", self.size, at=0).going_on(self.point.listing)
        try:
            for rows in listing.walk(self._asked):
                self.point.passed, self.total, self.point.listing = listing.passed, listing.total, listing.resume
                yield self._batch(rows)
        except SourceError as problem:
            page = self._way_out(listing, problem)
        else:
            page = self._beyond(listing)
        yield from self._by_id(page)

    def _asked(self, at: At) -> Page:
        start = at if isinstance(at, int) else 0
        answer = self._first if start == 0 and self._first else self._page(start)
        self._first = None
        rows, count = page_of(result_of(answer), self.place)
        if rows and start and not self._given and self._ordered and not self._reaches(rows):
            self._stop("the page that the walk goes on with was given before")
        self._note(rows)
        return Page(rows, count)

    def _reaches(self, rows: list[Any]) -> bool:
        """Whether any row is one behind the last id."""
        return any((name_of(row, "id") or "") > self.point.last for row in rows)

    def _note(self, rows: list[Any]) -> None:
        """Remembers the last id, and whether the rows come in the order of their ids at all."""
        ids = [name_of(row, "id") for row in rows]
        known = [one for one in ids if one]
        self._ordered = self._ordered and len(known) == len(ids) and known == sorted(known)
        self.point.last = max([self.point.last, *known])

    def _way_out(self, listing: Listing, problem: SourceError) -> Page:
        """The rows behind the last one, when they and those passed make up the portal's count; else raises the problem."""
        if not (self._ordered and self.point.last and listing.passed and listing.total):
            raise problem
        try:
            page, count = self._after(self.point.last), self._count()
        except SourceError:
            raise problem from None
        least = min(listing.total, listing.total if count is None else count)
        if page.total is None or listing.passed + page.total < least or not self._follows(page.rows):
            raise problem
        return page

    def _beyond(self, listing: Listing) -> Page:
        """What comes behind the end of a listing whose count may be a limit; nothing where the portal cannot be asked so."""
        if not (self._ordered and self.point.last and listing.total and listing.total % _ROUND == 0):
            return Page([])
        try:
            page = self._after(self.point.last)
        except SourceError:
            return Page([])
        return page if self._follows(page.rows) else Page([])

    def _by_id(self, page: Page) -> Iterator[Batch]:
        """The page, and all that come behind it."""
        while page.rows:
            if not self._follows(page.rows):
                self._stop("rows come that were asked to be left out")
            if self.point.passed > MOST_ROWS:
                self._stop(f"the listing has more than {MOST_ROWS:,} rows")
            self.point.way, self.point.listing = "id", ""
            self.point.last = name_of(page.rows[-1], "id") or ""
            self.point.passed += len(page.rows)
            left = max(0, (page.total or 0) - len(page.rows))
            self.total = self.point.passed + left
            yield self._batch(page.rows)
            page = self._after(self.point.last)
            if left and not page.rows and (count := self._count()) and count > self.point.passed:
                self._stop(f"the listing ended early: {self.point.passed} of {count}")

    def _follows(self, rows: list[Any]) -> bool:
        """Whether rows are in order behind the last id."""
        ids = [name_of(row, "id") or "" for row in rows]
        return ids == sorted(set(ids)) and (not ids or ids[0] > self.point.last)

    def _after(self, last: str) -> Page:
        rows, count = page_of(result_of(self._page(0, f"id:{{{quoted(last)} TO *}}")), self.place)
        return Page(rows, count)

    def _count(self) -> int | None:
        """How many rows there are by now, as the portal says."""
        return page_of(result_of(self._page(0, rows=0)), self.place)[1]

    def _page(self, start: int, behind: str = "", rows: int | None = None) -> Answer:
        params: dict[str, str | int] = {"rows": self.size if rows is None else rows, "start": start, "sort": self.sort}
        given = {"q": self.filters.q, "fq": self.filters.query(self._wanted(), behind)} | self._fields()
        return self.api.ask("package_search", params | {name: value for name, value in given.items() if value})

    def _wanted(self) -> str:
        """What rows must fulfil besides the source's own filters."""
        return f"metadata_modified:[{self.point.since} TO *]" if self.point.since else ""

    def _fields(self) -> dict[str, str]:
        return {}

    def _batch(self, rows: list[Any]) -> Batch:
        self._given = True
        return Batch(self._made(rows), self.point.cursor(), self.total, again=True, partial=self._partial)

    @property
    def _partial(self) -> bool:
        return bool(self.point.since) and not self.point.whole

    def _made(self, rows: list[Any]) -> tuple[Record, ...]:
        return records(rows, self._partial)

    def _stop(self, message: str) -> None:
        remedy = "Try again; if it stays, ask the source to mend its paging."
        raise NotData(message, place=self.place, value=f"behind {self.point.last}", remedy=remedy)


class Identifiers(Search):
    """One walk over the identifiers of everything (`fl`), which tells what is gone: what changed was given before."""

    def answers(self) -> bool:
        """Whether the portal can be asked so."""
        return self._page(0, rows=1).status < 400

    def _wanted(self) -> str:
        return ""

    def _fields(self) -> dict[str, str]:
        return {"fl": ",".join(sorted(IN_BRIEF))}

    def _made(self, rows: list[Any]) -> tuple[Record, ...]:
        return standing(rows)
