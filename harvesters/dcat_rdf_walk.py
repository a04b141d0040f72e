"""Where the walk over a catalogue in RDF is, what it has met, and whether that was everything.

What is kept for a run that goes on (`resume`) is small: the page, how many of its records were given, the catalogues still to
walk. What is kept for the run itself are digests of what was met, eight bytes each, and the addresses still to be asked for.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b

from pyoxigraph import BlankNode

from harvesters.address import mask
from harvesters.rdf_dump import Dump
from harvesters.rdf_pages import Page, is_last, normal
from metadata.errors import NotData, TooLarge

MOST_LINKS = 1_000_000
MOST_CATALOGS = 2_000
_ASK = "Ask the source to mend its paging."


@dataclass(frozen=True)
class Cursor:
    """A place in the walk. `at`: the page (None: all pages were given); `skip`: how many of its records were given, when its
    digest is still `digest`; `before`: the page before it, when a dataset of that one goes on here; `number`: pages read;
    `count`: what this catalogue has listed so far; `queue`: catalogues to walk after this one, `known`: all that were met;
    `links`: whether datasets were listed by address only; `after`: the last of these that was given."""

    at: str | None
    skip: int = 0
    digest: str = ""
    before: str = ""
    number: int = 0
    count: int = 0
    queue: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    links: bool = False
    after: str = ""

    def __str__(self) -> str:
        start = Cursor(None)
        said = {name: value for name, value in asdict(self).items() if value != getattr(start, name)}
        return json.dumps(said, ensure_ascii=False)

    @classmethod
    def of(cls, resume: str) -> "Cursor":
        """The place that was kept."""
        said = json.loads(resume)
        return cls(**({"at": None} | said | {name: tuple(said.get(name, ())) for name in ("queue", "known")}))


@dataclass
class Walk:
    """The walk itself. `most_pages` bounds it; `checks_total`: an end before `hydra:totalItems` is an error."""

    cursor: Cursor
    most_pages: int
    checks_total: bool = True
    follows: bool = True
    visited: set[str] = field(default_factory=set)
    listed: dict[str, None] = field(default_factory=dict)
    _described: set[bytes] = field(default_factory=set)
    _members: set[bytes] = field(default_factory=set)
    _prints: set[int] = field(default_factory=set)
    _total: int | None = None
    _first: int | None = None
    _base: int = 0

    def __post_init__(self) -> None:
        self._base = self.cursor.count

    def see(self, page: Page) -> Page:
        """A page that has just come. Raises `NotData` when it came before, or when there are more pages than there may be."""
        self.visited.add(normal(page.url))
        told = fingerprint(page)
        if told is not None and told in self._prints:
            raise NotData("the pages go round in a circle: this one came before", place=page.place, remedy=_ASK)
        if told is not None:
            self._prints.add(told)
        following = page.paging.following
        if following and normal(following) in self.visited:
            raise NotData("the pages go round in a circle", place=page.place, value=mask(following), remedy=_ASK)
        return page

    def take(self, page: Page) -> None:
        """Notes what a page describes and lists."""
        self.note(page)
        if page.paging.total is not None:
            self._total = page.paging.total
            self._first = self._total if self._first is None else self._first
        self.listed.update(dict.fromkeys(page.links))
        cursor = self.cursor
        fresh = [each for each in page.catalogs if normal(each) not in self.visited and each not in cursor.known]
        if len(self.listed) > MOST_LINKS or len(cursor.known) + len(fresh) > MOST_CATALOGS:
            limit = f"more than {MOST_LINKS:,} links to datasets, or {MOST_CATALOGS:,} catalogues"
            raise TooLarge(limit, place=page.place, remedy="Harvest its parts as sources of their own.")
        self.cursor = replace(
            cursor,
            number=cursor.number + 1,
            links=cursor.links or bool(page.links),
            queue=(*cursor.queue, *fresh) if self.follows else (),
            known=(*cursor.known, *fresh),
        )
        if self.cursor.number > self.most_pages:
            raise TooLarge(
                f"more than {self.most_pages:,} pages",
                place=page.place,
                remedy="Raise max_pages if the catalogue is that large.",
            )

    def note(self, page: Page) -> None:
        """Notes what a page describes."""
        self._described.update(map(_digest, map(str, page.datasets)))
        self._members.update(map(_digest, page.members))

    def is_new(self, node: object) -> bool:
        """Whether a dataset was described on no page so far."""
        return _digest(str(node)) not in self._described

    def early(self, page: Page) -> NotData | None:
        """What is to be said when the page without a next one was not the end."""
        met = self._count()
        # What was added meanwhile may stand on pages that were read before.
        total = None if self._total is None else min(self._total, self._first or 0)
        if total is not None and met < total and self.checks_total:
            remedy = "Try again; if it stays, ask the source, or set check_total to false."
            return NotData(f"the listing ended early: {met} of {total}", place=page.place, remedy=remedy)
        if (total is None or met < total) and not is_last(page):
            last = mask(page.paging.last or "")
            return NotData("the listing ended before its last page", place=page.place, value=last, remedy=_ASK)
        return None

    def behind(self, page: Page, following: Page | None, shared: Collection[object]) -> Cursor:
        """The place behind a page: the next one, or the next catalogue."""
        if following is not None:
            before = page.url if shared else ""
            return replace(self.cursor, at=following.url, skip=0, digest="", before=before, count=self._count())
        queue = [each for each in self.cursor.queue if normal(each) not in self.visited]
        return replace(self.cursor, at=next(iter(queue), None), skip=0, digest="", before="", count=0, queue=tuple(queue[1:]))

    def turn(self) -> None:
        """The next catalogue counts anew."""
        self._members.clear()
        self._prints.clear()
        self._total, self._first, self._base = None, None, 0

    def _count(self) -> int:
        return self._base + len(self._members)

    def pending(self) -> Iterator[str]:
        """The datasets that were listed and not described, in the order of their addresses."""
        for link in sorted(self.listed):
            if link > self.cursor.after and _digest(f"<{link}>") not in self._described:
                yield link


def _digest(words: str) -> bytes:
    return blake2b(words.encode("utf-8", "replace"), digest_size=8).digest()


def fingerprint(page: Page) -> int | None:
    """A number that is the same for pages that say the same of the same datasets; None when they are on disk."""
    if isinstance(page.graph, Dump) or not page.datasets:
        return None
    said = page.graph.said
    return hash(
        frozenset(
            (_known(node), predicate, _known(value))
            for node in page.datasets
            for predicate, values in said[node].items()
            for value in values
        )
    )


def _known(term: object) -> object:
    return "" if isinstance(term, BlankNode) else term
