"""A Linked Data Event Stream, as DCAT-AP Feeds are: events on datasets, page by page, followed to the last state of each.

Rules of the walk:
- From the given address (the stream, a view, any root page) all pages are walked by `tree:relation`, each once; a page that
  cannot be had ends the run. Records are given when all pages were read, since a later event may change any of them.
- When every thing in the stream is a dataset (or catalogue), the next run asks only for what is new: pages that cannot change
  (`Cache-Control: immutable`, or 304) and relations that lead before the last event are passed over, and what it gives is
  `partial`; events of deletion retire. Where distributions or agents have events of their own, a new one may touch any dataset:
  then the next run looks for news in the same way, and reads all again when there are any.
- Every so many runs (`full_every`) all is read again. A stream that forgets old members is never taken for everything.
Sources: LDES 1.0, TREE hypermedia, DCAT-AP Feeds (DCAT-AP and LDES), RFC 8246 (immutable).
"""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field

from harvesters.address import mask
from harvesters.base import Batch, Found, NotModified, Seen
from harvesters.documents import grouped
from harvesters.ldes_page import ACCEPT, LDES, TREE, Page, Relation, read
from harvesters.ldes_state import State
from harvesters.rdf_pages import normal
from harvesters.rdf_recognition import is_rdf
from harvesters.since import Since
from harvesters.web import Web
from metadata.errors import TooLarge

_RELATIONS = "relations"  # with a page's validators: the pages it leads to, one a line
_FIXED = "immutable"
_PARTS = "parts:"  # with the address: things other than datasets have events of their own


class LdesSettings(BaseModel):
    """What an event stream lets one choose."""

    model_config = ConfigDict(extra="forbid")

    full_every: int = Field(default=7, ge=1, le=1000, title="Every so many runs, read all pages again")
    max_pages: int = Field(default=100_000, ge=1, le=10_000_000, title="Most pages")
    batch_size: int = Field(default=500, ge=1, le=10_000, title="Records in a batch")


@dataclass(frozen=True)
class Cursor:
    """A place in the walk: the last thing given; from when on events were asked for; whether that was not everything."""

    after: str = ""
    since: str | None = None
    partial: bool = False

    def __str__(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


class Ldes:
    """The harvester of event streams."""

    name: ClassVar[str] = "ldes"
    title: ClassVar[dict[str, str]] = {"zh": "LDES 事件流(DCAT-AP Feeds)", "en": "Event stream (LDES, DCAT-AP Feeds)"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = LdesSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url.strip()
        self.settings = LdesSettings.model_validate(settings.model_dump())

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """Where streams usually are."""
        return [urljoin(url, "/ldes"), urljoin(url, "/feed")]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """RDF that speaks of a stream or of a page of one."""
        if is_rdf(seen) is None:
            return None
        if f"{LDES}" in seen.text and ("EventStream" in seen.text or "member" in seen.text):
            return Found(seen.asked, "a Linked Data Event Stream", 100)
        if TREE in seen.text and ("member" in seen.text or "relation" in seen.text or "view" in seen.text):
            return Found(seen.asked, "a page of TREE hypermedia", 90)
        return None

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records, when all pages were read; `resume` is a `Cursor`."""
        cursor = Cursor(**json.loads(resume)) if resume else None
        since = Since.of(web, self.url, self.settings.full_every)
        start = cursor.since if cursor else since.start
        walk, state = self._followed(web, start)
        if start and state.known and (state.has_parts or _PARTS + self.url in web.validators):
            start = None
            walk, state = self._followed(web, None)
        self._remember(web, since, state, start)
        partial = cursor.partial if cursor else start is not None or walk.loses
        given = False
        for group in grouped(state.records(cursor.after if cursor else "", partial), self.settings.batch_size):
            given = True
            records = tuple(record for _, record in group if record is not None)
            yield Batch(records, str(Cursor(group[-1][0], start, partial)), again=cursor is not None, partial=partial)
        if partial and not given and cursor is None:
            yield Batch((), str(Cursor("", start, True)), partial=True)

    def _followed(self, web: Web, start: str | None) -> "tuple[Walk, State]":
        walk = Walk(web, self.url, self.settings.max_pages, datetime.fromisoformat(start) if start else None)
        return walk, walk.followed()

    def _remember(self, web: Web, since: Since, state: State, start: str | None) -> None:
        """Leaves for the next run from when on it has to ask, and whether it can take the news for themselves."""
        latest = min(state.latest, datetime.now(UTC)).isoformat() if state.latest else ""  # one from the future hides the next
        stamps = [stamp for stamp in (latest, since.start) if stamp]
        if stamps:
            since.remember(max(stamps))
        if state.has_parts or (start and _PARTS + self.url in web.validators):
            web.fresh_validators[_PARTS + self.url] = {"parts": "1"}


class Walk:
    """The walk over the pages of a stream; with `start`, over those that may hold events from then on."""

    def __init__(self, web: Web, url: str, most: int, start: datetime | None) -> None:
        self._web, self._url, self._most, self._start = web, url, most, start
        self.loses = False

    def followed(self) -> State:
        """The state that the events lead to. Raises `SourceError`, `TooLarge`."""
        state = State(mask(self._url), self._web.spool_dir)
        waiting, met = deque([self._url]), {normal(self._url)}
        number = 0
        while waiting:
            number += 1
            if number > self._most:
                raise TooLarge(f"more than {self._most:,} pages", place=mask(self._url), remedy="Raise max_pages.")
            for relation in self._page(waiting.popleft(), state):
                if normal(relation.url) not in met and not self._is_over(relation):
                    met.add(normal(relation.url))
                    waiting.append(relation.url)
        return state

    def _is_over(self, relation: Relation) -> bool:
        return self._start is not None and relation.before is not None and relation.before < self._start

    def _page(self, url: str, state: State) -> list[Relation]:
        """Takes a page's events in, and gives the pages it leads to."""
        known = self._web.validators.get(url, {})
        if self._start is not None and _FIXED in known:
            self._web.fresh_validators[url] = dict(known)
            return _kept(known)
        try:
            with self._web.spool(url, {"accept": ACCEPT}, self._start is not None and _RELATIONS in known) as document:
                page = read(document, url)
                self._remember(page, document.headers, document.digest)
        except NotModified:
            self._web.fresh_validators[url] = dict(known) | self._web.fresh_validators.get(url, {})
            return _kept(known)
        self.loses = self.loses or page.loses
        for member in page.members:
            if self._start is None or member.stamp is None or member.stamp >= self._start:
                state.take(member)
        return self._leads_to(page)

    def _leads_to(self, page: Page) -> list[Relation]:
        """The relations; from the stream itself, the first of its views."""
        here = normal(page.url)
        if not page.relations and not page.members and page.views and here not in map(normal, page.views):
            return [Relation(urljoin(page.url, page.views[0]))]
        if not page.relations and page.views and here == normal(self._url) and here not in map(normal, page.views):
            return [Relation(urljoin(page.url, page.views[0]))]
        return [Relation(urljoin(page.url, each.url), each.before) for each in page.relations]

    def _remember(self, page: Page, headers: dict[str, str], digest: str) -> None:
        """Leaves for the next run what makes it pass this page over."""
        kept = {"digest": digest, _RELATIONS: "\n".join(each.url for each in self._leads_to(page))}
        if page.immutable:
            kept[_FIXED] = "1"
        for name, header in (("etag", "etag"), ("last_modified", "last-modified")):
            if headers.get(header):
                kept[name] = headers[header]
        self._web.fresh_validators[page.url] = kept


def _kept(known: Mapping[str, str]) -> list[Relation]:
    """The pages that a page led to when it was read."""
    return [Relation(each) for each in known.get(_RELATIONS, "").splitlines() if each]
