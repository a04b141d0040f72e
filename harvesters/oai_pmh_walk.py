"""The walk over the lists of an OAI-PMH repository: where it is, and whether it was everything. Rules: see `oai_pmh.py`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, NoReturn

from harvesters.base import Batch, Record
from harvesters.oai_pmh_answer import Answer, Broken, Odd
from harvesters.oai_pmh_record import header, records
from harvesters.oai_pmh_repository import Expired, Repository
from metadata.errors import CatalogError, NotData

MOST_RECORDS = 5_000_000  # in one list; a repository that makes up records must not fill the disk
MOST_RESTARTS = 3
MOST_STALE = 50  # pages in a row that bring nothing new
MOST_ODD = 20  # records in a row that cannot be had one by one
_REMEMBERED = 500_000  # identifiers given, to be passed over when a list is begun again
_FEW = 10  # records less than a completeListSize, which may be an estimate
_MEND = "Try again; if it stays, ask the source to mend its OAI-PMH."


class Refused(Exception):
    """The repository does not take the arguments (badArgument), and nothing was given yet."""


class Lonely(Exception):
    """The repository does not take a token that stands alone, against the rules."""


@dataclass(frozen=True)
class Point:
    """Where the walk is. `number` counts the sets that are done; `token` is that of the page, "" for the first; `skip` records
    of it were given. `count`, `size`, `longest`: records before the page, the least completeListSize, the longest page.
    `alone`: records are asked for one by one. `partial`: only what changed from `start` on is asked for. `beside`: the
    repository wants the first page's arguments beside a token."""

    prefix: str
    start: str = ""
    until: str = ""
    partial: bool = False
    number: int = 0
    alone: bool = False
    token: str = ""
    skip: int = 0
    count: int = 0
    size: int | None = None
    longest: int = 0
    restarts: int = 0
    beside: bool = False


def spelled(point: Point) -> str:
    """The point as a cursor."""
    return json.dumps({name: value for name, value in asdict(point).items() if value})


def read(cursor: str | None) -> Point | None:
    """The point of a cursor; None for none, or for one of another kind."""
    try:
        return Point(**json.loads(cursor)) if cursor else None
    except (ValueError, TypeError):
        return None


@dataclass
class Walk:
    """A walk over several lists (`sets`; one empty name stands for the whole repository). `point` moves along.
    `stamped`: every header had a datestamp."""

    repository: Repository
    sets: Sequence[str]
    size: int
    trusting: bool
    point: Point
    given: set[int] = field(default_factory=set)
    stamped: bool = True
    _tokens: set[str] = field(default_factory=set)
    _pages: set[int] = field(default_factory=set)
    _asked: set[tuple[int, str]] = field(default_factory=set)
    _stale: int = 0
    _odd: int = 0

    def batches(self) -> Iterator[Batch]:
        """All records from the point on."""
        while self.point.number < len(self.sets):
            try:
                yield from self._page()
            except Expired as problem:
                self._begin_again(str(problem))
            except Broken as problem:
                self._meet_broken(str(problem))
            except Lonely:
                self.point = replace(self.point, beside=True)

    def _page(self) -> Iterator[Batch]:
        """The batches of one page; the point is then at the next one."""
        pending: list[Record] = []
        failure: Exception | None = None
        seen, skip, said = 0, self.point.skip, 0
        with self.repository.page(self._arguments()) as answer:
            try:
                for seen, entry in enumerate(answer.entries(), 1):
                    head = header(entry)
                    said = hash((said, *head))
                    if seen <= skip:
                        continue
                    self.stamped = self.stamped and (isinstance(entry, Odd) or head[1] is not None)
                    found = self._found(entry, head[0], head[2])
                    if pending and len(pending) + len(found) > self.size:
                        yield self._batch(pending)
                        pending = []
                    pending += found
                    self.point = replace(self.point, skip=seen)
                self._move(answer, seen, said)
            except (Broken, Expired, CatalogError) as problem:
                failure = problem  # what came before it counts
        if pending:
            yield self._batch(pending)
        if failure is not None:
            raise failure

    def _batch(self, found: list[Record]) -> Batch:
        total = self.point.size if len(self.sets) == 1 and not self.point.partial else None
        return Batch(tuple(found), spelled(self.point), total, again=True, partial=self.point.partial)

    def _arguments(self) -> dict[str, str]:
        """A token stands alone (§3.5), unless the repository does not know that."""
        point = self.point
        verb = {"verb": "ListIdentifiers" if point.alone else "ListRecords"}
        token = {"resumptionToken": point.token} if point.token else {}
        if token and not point.beside:
            return verb | token
        named = {"from": point.start, "until": point.until, "set": self.sets[point.number]}
        return verb | {"metadataPrefix": point.prefix} | {name: value for name, value in named.items() if value} | token

    def _found(self, entry: Any, identifier: str | None, deleted: bool) -> list[Record]:
        """What an entry stands for; nothing when it was given before this list was begun again."""
        if identifier and not deleted and (self.point.restarts or self.point.alone) and hash(identifier) in self.given:
            return []
        if self.point.alone and not deleted and identifier:
            found = self._alone(identifier)
        else:
            found = records(entry, self.repository.place)
        if identifier and len(self.given) < _REMEMBERED:
            self.given.add(hash(identifier))
        return found

    def _alone(self, identifier: str) -> list[Record]:
        found, fine = self.repository.one(identifier, self.point.prefix)
        self._odd = 0 if fine else self._odd + 1
        if self._odd > MOST_ODD:
            self._stop(f"{MOST_ODD} records in a row cannot be had", identifier)
        return found

    def _move(self, answer: Answer, seen: int, said: int) -> None:
        """Goes past a page: to the next one, or to the next list. Raises what the page's errors mean."""
        self._judge(answer)
        self._watch(seen, said)
        point = self.point
        sizes = [size for size in (point.size, answer.size) if size is not None]
        moved = replace(
            point,
            token=answer.token or "",
            skip=0,
            count=point.count + seen,
            size=min(sizes) if sizes else None,
            longest=max(point.longest, seen),
        )
        if answer.token:
            if answer.token in self._tokens:
                self._stop("the listing goes round in a circle: a resumption token came again", answer.token)
            self._tokens.add(answer.token)
            self.point = moved
        else:
            self._finish(moved)

    def _judge(self, answer: Answer) -> None:
        for code, said in answer.errors:
            if code == "badResumptionToken" and self.point.token:
                raise Expired(said or code)
            if code == "badArgument" and self.point.token and not self.point.beside:
                raise Lonely(said or code)
            if code == "badArgument" and self.point.partial and not (self.point.token or self.point.number):
                raise Refused(said or code)
            if code != "noRecordsMatch":
                raise self.repository.explain(code, said, self.point.prefix)

    def _watch(self, seen: int, said: int) -> None:
        """Raises when pages lead nowhere."""
        self._stale = self._stale + 1 if said in self._pages or not seen else 0
        self._pages.add(said)
        if self._stale > MOST_STALE:
            self._stop(f"the listing goes round in a circle: {MOST_STALE} pages brought nothing new", self.point.token)
        if self.point.count + seen > MOST_RECORDS:
            self._stop(f"the listing has more than {MOST_RECORDS:,} records", self.point.token)

    def _finish(self, point: Point) -> None:
        """The end of a list; an error when it came too early."""
        missing = (point.size or 0) - point.count
        if self.trusting and missing > 0 and (missing >= point.longest or missing > max(_FEW, (point.size or 0) / 10)):
            raise NotData(
                f"the listing ended early: {point.count} of {point.size}",
                place=self.repository.place,
                value=self.sets[point.number] or None,
                remedy="Try again; if its completeListSize is wrong, set `trust_size` to false.",
            )
        self._forget_pages()
        self.point = replace(point, number=point.number + 1, token="", count=0, size=None, longest=0, alone=False)

    def _begin_again(self, why: str) -> None:
        """The token is not taken: the list from its beginning."""
        if self.point.restarts >= MOST_RESTARTS:
            self._stop(f"its resumption tokens expired {MOST_RESTARTS + 1} times before the list was read", why)
        self._forget_pages()
        self.point = replace(self.point, token="", skip=0, count=0, size=None, restarts=self.point.restarts + 1)

    def _meet_broken(self, why: str) -> None:
        """An answer that cannot be read is asked for once more; then the list is walked record by record."""
        here = (self.point.number, self.point.token)
        if here not in self._asked:
            self._asked.add(here)
            return
        if self.point.alone:
            self._stop("an answer cannot be read", why)
        self._forget_pages()
        self.point = replace(self.point, alone=True, token="", skip=0, count=0, size=None, longest=0)

    def _forget_pages(self) -> None:
        self._tokens.clear()
        self._pages.clear()
        self._asked.clear()
        self._stale = 0

    def _stop(self, message: str, value: object) -> NoReturn:
        raise NotData(message, place=self.repository.place, value=value, remedy=_MEND)
