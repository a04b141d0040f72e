"""Feeds: Atom with pages, archives and tombstones, and RSS 2.0.

Each entry is a record: the description embedded in it, else a document that it links to (ISO, RDF, JSON), else what the entry
itself says. A feed of pages or archives that was walked to its end, one that says to be complete, and an INSPIRE download
service list everything; any other shows its latest entries only, so what it no longer shows is not taken for gone. Later
runs ask for what changed since: pages until one has nothing new, documents whose entry has another date. Rules: RFC 4287,
RFC 5005, RFC 6721, RSS 2.0; parsing in `atom_feed`, entries in `atom_entry`.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, ClassVar, Literal, cast
from urllib.parse import urljoin

from lxml import etree, html
from pydantic import BaseModel, ConfigDict, Field

from harvesters import forms, spool
from harvesters.address import mask
from harvesters.atom_entry import candidates, embedded, own
from harvesters.atom_feed import Entry, Facts, entries, facts, kind
from harvesters.base import Batch, Found, NotModified, Record, Seen
from harvesters.json_text import name_of
from harvesters.since import Since
from harvesters.spool import Document
from harvesters.web import MEMORY_LIMIT, Web
from metadata.errors import CatalogError, NotData, TooLarge, Unreachable
from standards.table import detect

MOST_FAILING = 20
MOST_STALE = 3  # pages one after another without an entry that is new
OVERLAP = timedelta(hours=1)
SHOWN = 20
_OF_DATA = re.compile(
    r"dataset|数据集|資料集|开放数据|数据开放|開放資料|信息资源|open ?data|geoportal|inspire_dls"
    r"|rel=[\"']describedby|iso\.?19139|application/rdf\+xml|text/turtle|text/csv|opendocument\.spreadsheet|spreadsheetml|ms-excel|geo\+json|shapefile|geopackage",
    re.IGNORECASE,
)
"""What the start of a feed has when its entries are data rather than news."""

_FEEDS = ("application/atom+xml", "application/rss+xml")


class AtomSettings(BaseModel):
    """What a feed lets one choose."""

    model_config = ConfigDict(extra="forbid")

    follow: Literal["metadata", "pages", "nothing"] = Field(
        default="metadata", title="Which linked documents are read: metadata, pages of HTML too, or nothing"
    )
    listing: Literal["auto", "complete", "latest"] = Field(
        default="auto", title="Whether the feed lists everything (complete) or its latest entries only"
    )
    full_every: int = Field(default=7, ge=1, le=1000, title="Every how many runs all is asked for")
    max_pages: int = Field(default=10_000, ge=1, le=1_000_000, title="Pages at most")
    batch_size: int = Field(default=100, ge=1, le=10_000, title="Entries in a batch")


@dataclass
class Point:
    """Where the walk is: the page, its digest, entries behind it there; how many entries all in all, the newest, since when is
    asked, what could not be read, the feed's own total, and whether the run is partial."""

    url: str = ""
    digest: str = ""
    skip: int = 0
    pages: int = 0
    count: int = 0
    newest: str = ""
    start: str = ""
    unread: int = 0
    shown: list[str] = field(default_factory=list)
    total: int | None = None
    partial: bool = False
    documents: int = 0
    stale: int = 0


class Atom:
    """The harvester of feeds."""

    name: ClassVar[str] = "atom"
    title: ClassVar[dict[str, str]] = {"zh": "Atom 或 RSS 订阅源", "en": "Atom or RSS feed"}
    standard: ClassVar[str] = "schema_org"
    Settings: ClassVar[type[BaseModel]] = AtomSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url.strip()
        self.settings = AtomSettings.model_validate(settings.model_dump())

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of entries; `resume` is a `Point` as JSON."""
        yield from _Walk(self.url, self.settings, web, _point(resume)).batches(again=resume is not None)

    @staticmethod
    def probes(_url: str) -> Sequence[str]:
        """None: a feed is where a page says it is."""
        return ()

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A feed, or a page that names one in its head."""
        if seen.status != 200 or not seen.text.startswith("<"):
            return None
        sort = kind(seen.text[: 1 << 14])
        if sort:
            named = "an Atom feed" if sort == "atom" else "an RSS feed"
            if _OF_DATA.search(seen.text):
                return Found(seen.url, f"{named} of datasets", 90 if sort == "atom" else 85)
            return Found(seen.url, f"{named}, perhaps of news", 35)
        if seen.media_type == "text/html" and (address := _named(seen)):
            return Found(address, "a page that names a feed", 15)
        return None


@dataclass
class _Walk:
    """One run through a feed."""

    url: str
    settings: AtomSettings
    web: Web
    point: Point
    given: set[bytes] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    failing: int = 0

    def batches(self, again: bool) -> Iterator[Batch]:
        """All batches; raises at the end when something could not be read."""
        self.since = Since.of(self.web, self.url, self.settings.full_every)
        if not again:
            self.point.url, self.point.start = self.url, self.since.start or ""
        try:
            yield from self._pages(again)
        except NotModified:
            self.web.fresh_validators |= {address: dict(mark) for address, mark in self.web.validators.items()}
            if self.web.validators.get(self.url, {}).get("plain"):
                raise
            self.point.newest = self.point.start
            self.point.partial = True
            yield Batch((), self._resume(), again=again, partial=True)
        self._conclude()

    def _resume(self) -> str:
        return json.dumps(asdict(self.point))

    def _pages(self, again: bool) -> Iterator[Batch]:
        # Without a run before, or at every so many, all is asked for; a plain feed has nothing else to say.
        old = self.web.validators.get(self.url, {})
        conditional = not again and (bool(self.point.start) or bool(old.get("plain")))
        address = self.point.url
        nothing = True
        while address:
            self._enter(address)
            first = self.point.pages == 0
            with self.web.spool(address, conditional=conditional and first) as document:
                about = facts(document, address)
                self._begin(document, about, first)
                for records in self._entries(document, about):
                    nothing = False
                    yield Batch(tuple(records), self._resume(), self.point.total, again, self.point.partial)
            address = self._following(about)
            self.point.url, self.point.skip, self.point.digest = address, 0, ""
            self.point.pages += 1
            if first:
                self._leave_mark(document, alone=not address and about.count == self.point.count)
        if nothing and self.point.partial:
            yield Batch((), self._resume(), self.point.total, again, True)

    def _enter(self, address: str) -> None:
        if address in self.visited:
            raise NotData("the feed's pages go round in a circle", place=mask(address), remedy="Ask the source to mend it.")
        self.visited.add(address)
        if self.point.pages >= self.settings.max_pages:
            limit = f"the feed has more than {self.settings.max_pages:,} pages"
            raise TooLarge(limit, place=mask(address), remedy="Raise `max_pages`, or ask for less.")

    def _begin(self, document: Document, about: Facts, first: bool) -> None:
        """Before the entries of a page: whether it is the one the run was in, and what the first one says of all."""
        if document.digest != self.point.digest:
            self.point.digest, self.point.skip = document.digest, 0
        if first and not self.point.skip:
            self.point.total = about.total
            whole = about.complete or about.paged or about.inspire or (about.total or -1) == about.count
            complete = self.settings.listing == "complete" or (self.settings.listing == "auto" and whole)
            self.point.partial = not complete or bool(self.point.start and about.following)

    def _leave_mark(self, document: Document, alone: bool) -> None:
        """How the next run asks for the first page. A feed of one page that needs no other document is `plain`: as long as its
        bytes are the same, all is."""
        found = {"etag": document.headers.get("etag", ""), "last_modified": document.headers.get("last-modified", "")}
        plain = {"plain": "1"} if alone and not self.point.documents else {}
        known = {name: value for name, value in found.items() if value}
        self.web.fresh_validators[self.url] = {**known, "digest": document.digest, **plain}

    def _entries(self, document: Document, about: Facts) -> Iterator[list[Record]]:
        """The records of the page, in groups; entries behind the point are passed over."""
        held: list[Record] = []
        before, self.behind = self.point.count, 0
        self.newest_here, self.falling, self.last = "", True, ""
        for number, entry in enumerate(entries(document, about), 1):
            self._date(entry)
            if number <= self.point.skip:
                self.given.add(_key(entry.identifier))
                continue
            self.point.skip = number
            held.extend(self._records(entry, about))
            if number % self.settings.batch_size == 0 and held:
                yield held
                held = []
        held.extend(self._gone(about))
        self.point.skip = about.count
        self.point.stale = 0 if self.point.count > before else self.point.stale + 1
        if held:
            yield held

    def _date(self, entry: Entry) -> None:
        """Keeps the newest date, and whether the page goes from new to old."""
        if not (at := instant(entry.updated)):
            self.falling = False
            return
        self.falling = self.falling and (not self.last or at <= _sure(self.last))
        self.last = entry.updated
        if not self.newest_here or at > _sure(self.newest_here):
            self.newest_here = entry.updated
        if not self.point.newest or at > _sure(self.point.newest):
            self.point.newest = entry.updated

    def _following(self, about: Facts) -> str:
        """The page that goes on; "" when there is none, or nothing on it can be new. Raises when pages repeat themselves."""
        address = about.following
        if not address:
            return ""
        archive = "next" not in about.links
        if self.point.stale >= MOST_STALE and not archive:
            said = f"{self.point.stale} pages of the feed one after another list nothing new, and it goes on"
            raise NotData(said, place=mask(address), remedy="Ask the source to mend it.")
        start = instant(self.point.start)
        if start and self.point.partial and (self.falling or archive) and self.newest_here:
            return "" if _sure(self.newest_here) < start - OVERLAP else address
        return address

    def _records(self, entry: Entry, about: Facts) -> list[Record]:
        """What one entry gives; nothing for one that was given already in a later version, or is gone."""
        key = _key(entry.identifier)
        when = about.gone.get(entry.identifier)
        if entry.identifier and (key in self.given or (when is not None and not _after(entry.updated, when))):
            return []
        self.given.add(key)
        self.point.count += 1
        if (inner := embedded(entry)) and (found := _parts(entry, inner, {}, mask(self.url))):
            return found
        if self.settings.follow != "nothing":
            for link in candidates(entry, self.settings.follow == "pages"):
                linked = self._linked(entry, link.address)
                if linked is not None:
                    return linked
        return [Record(own(entry), entry.identifier or None, "schema_org", entry.updated or None)]

    def _linked(self, entry: Entry, address: str) -> list[Record] | None:
        """The records of a linked document; None when it describes nothing, an empty list when it cannot be read."""
        old = self.web.validators.get(address, {})
        self.point.documents += 1
        if "ids" in old and self.point.start and entry.updated and old.get("updated") == entry.updated:
            self.web.fresh_validators[address] = dict(old)
            return _same(old)
        try:
            answer = self.web.get(address, conditional=not old or "ids" in old, tolerate=(404, 410))
        except NotModified:
            self.web.fresh_validators[address] |= {"ids": old["ids"], "updated": entry.updated}
            return _same(old)
        except CatalogError as problem:
            self._failed(problem)
            return []
        self.failing = 0
        found = _parts(entry, answer.content, answer.headers, mask(answer.url)) if answer.status == 200 else []
        if not found:
            self.web.fresh_validators.pop(address, None)
            return None
        mark = {"ids": json.dumps([each.identifier for each in found], ensure_ascii=False), "updated": entry.updated}
        self.web.fresh_validators.setdefault(address, {}).update(mark)
        return found

    def _failed(self, problem: CatalogError) -> None:
        self.point.unread += 1
        self.point.shown = [*self.point.shown, str(problem)][:SHOWN]
        self.failing += 1
        if self.failing >= MOST_FAILING:
            said = f"{self.failing} documents one after another could not be read"
            raise Unreachable(said, place=mask(self.url), value=problem, remedy="Check that the source is up.") from problem

    def _gone(self, about: Facts) -> list[Record]:
        """The tombstones of a page, but for entries that came back."""
        names = [name for name in about.gone if _key(name) not in self.given]
        self.given.update(map(_key, names))
        return [Record(None, name, deleted=True) for name in names]

    def _conclude(self) -> None:
        """Raises when something is missing; else leaves what the next run needs."""
        point = self.point
        if point.unread:
            said = f"{point.unread} documents that the feed links to could not be read; all others were taken in"
            remedy = "Harvest again when they are there, or set `follow` to nothing."
            raise NotData(said, place=mask(self.url), value=point.shown[0], remedy=remedy)
        if point.total is not None and not point.partial and point.count < point.total:
            said = f"the feed says that it has {point.total} entries, and its pages list {point.count}"
            raise NotData(said, place=mask(self.url), remedy="Harvest again; if it stays so, ask the source to mend it.")
        if point.partial:
            for address, mark in self.web.validators.items():
                self.web.fresh_validators.setdefault(address, dict(mark))
        if point.newest:
            self.since.remember(point.newest)


def _parts(entry: Entry, content: bytes, headers: Mapping[str, str], place: str) -> list[Record]:
    """The records of a document that describes an entry; none when no standard knows it."""
    with tempfile.TemporaryFile() as file:
        document = spool.write((content,), cast(BinaryIO, file), place, MEMORY_LIMIT, dict(headers))
        try:
            parts = list(forms.records(document))
        except (NotData, TooLarge):
            return []
    known = [(part, detect(part.body)) for part in parts]
    good = [(part, standard.name if standard else None) for part, standard in known if standard or part.faults]
    found = []
    for number, (part, name) in enumerate(good, 1):
        inner = name_of(part.body, "identifier", "id", "@id") or part.place or str(number)
        identifier = entry.identifier if len(good) == 1 else f"{entry.identifier}#{inner}"
        found.append(Record(part.body, identifier or None, name, entry.updated or None, faults=part.faults))
    return found


def _same(old: Mapping[str, str]) -> list[Record]:
    return [Record(None, str(name), same=True) for name in json.loads(old["ids"])]


def instant(said: str) -> datetime | None:
    """The moment of an RFC 3339 date; None for none."""
    try:
        found = datetime.fromisoformat(said.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _sure(said: str) -> datetime:
    return instant(said) or datetime.min.replace(tzinfo=UTC)


def _after(one: str, other: str) -> bool:
    return _sure(one) > _sure(other)


def _named(seen: Seen) -> str:
    """The feed that a page names in its head."""
    try:
        root = html.document_fromstring(seen.text)
    except (etree.ParserError, ValueError):
        return ""
    for link in root.iter("link"):
        if (link.get("type") or "").lower() in _FEEDS and "alternate" in (link.get("rel") or "").lower() and link.get("href"):
            return str(urljoin(seen.url, link.get("href")))
    return ""


def _key(word: str) -> bytes:
    return hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=12).digest()


def _point(resume: str | None) -> Point:
    try:
        return Point(**json.loads(resume or "{}"))
    except (ValueError, TypeError):
        return Point()
