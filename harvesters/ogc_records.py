"""OGC API Records: a service's record collections, page by page, or a catalogue of static files, link by link.

From whatever address is given (landing page, collections, one collection, its items, a catalogue file) the walk finds the
record collections and follows `next`. A catalogue without items of its own is crawled: `child` links lead to catalogues, `item`
links to records. Where a record links to itself in ISO XML or in DCAT, that can be taken instead.
Rules: OGC 20-004r1 (OGC API Records, part 1), "Records API", "Crawlable catalog"; OGC 17-069r4 §7.15 (paging); RFC 8288.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field

from harvesters.address import mask
from harvesters.base import Batch, Found, Record, Seen
from harvesters.documents import grouped
from harvesters.listing import At, Listing, Page
from harvesters.ogc_records_crawl import Crawl
from harvesters.ogc_records_links import (
    Collection,
    Told,
    answer_of,
    collections_of,
    complaint,
    following,
    holds_records,
    linked,
    other_form,
    read_json,
    record_of,
)
from harvesters.since import Since, earlier, present
from harvesters.web import Web
from metadata.errors import NotData
from standards.ogc_records import recognises

_FEATURES = re.compile(r'"features"\s*:\s*\[\s*\{')
_PLACES = frozenset({"offset", "startindex", "startIndex", "page"})
"""Parameters of an address that tell where a page begins."""


class OgcRecordsSettings(BaseModel):
    """What a source of OGC API Records lets one choose."""

    model_config = ConfigDict(extra="forbid")

    collections: str = Field(default="", title="Only these collections (ids, separated by commas)")
    q: str = Field(default="", title="Search words")
    filter: str = Field(default="", title="Filter in CQL2 text")
    page_size: int = Field(default=100, ge=1, le=10_000, title="Records asked for at a time")
    prefer: Literal["", "iso", "dcat"] = Field(default="", title="Take records in this form where they link to it")
    incremental: Literal["", "filter", "datetime"] = Field(
        default="", title="Ask only for what changed: by a filter on `updated`, or by `datetime` (empty: for everything)"
    )
    overlap_minutes: int = Field(default=1440, ge=0, le=525_600, title="Minutes to ask for once more")
    full_every: int = Field(default=7, ge=1, le=1000, title="Every so many runs everything is asked for")

    def chosen(self) -> frozenset[str]:
        """The ids of the collections wanted; none means all."""
        return frozenset(each.strip() for each in self.collections.split(",") if each.strip())


class OgcRecords:
    """The harvester of OGC API Records."""

    name: ClassVar[str] = "ogc_records"
    title: ClassVar[dict[str, str]] = {"zh": "OGC API Records(接口或静态目录)", "en": "OGC API Records (service or files)"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = OgcRecordsSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url
        self.settings = OgcRecordsSettings.model_validate(settings.model_dump())

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """One batch a page. `resume` is JSON: the collection and where its walk is; for a crawl, how many records came."""
        state = json.loads(resume) if resume else {}
        top = read_json(web, self.url)
        found = collections_of(web, top, self.settings.chosen())
        if found:
            yield from self._served(web, found, state)
        else:
            yield from self._crawled(web, top, int(state.get("given", 0)))

    def _served(self, web: Web, found: list[Collection], state: dict[str, Any]) -> Iterator[Batch]:
        since = Since.of(web, self._key(), self.settings.full_every if self.settings.incremental else 1)
        start = earlier(since.start, self.settings.overlap_minutes) if since.start else ""
        if state:
            start = str(state.get("since", ""))
        stamp = str(state.get("stamp") or present())
        names = [each.name for each in found]
        if state and state.get("collection") not in names:
            raise NotData("a collection is gone since the run began", place=mask(self.url), value=state.get("collection"))
        given = bool(state)
        for collection in found[names.index(state["collection"]) if state else 0 :]:
            listing = Listing(mask(collection.items), "token", self.settings.page_size)
            listing.going_on(state.pop("listing", None))
            for rows in listing.walk(partial(self._page, web, collection, start)):
                given = True
                kept = {"collection": collection.name, "listing": listing.resume, "since": start, "stamp": stamp}
                records = tuple(self._record(web, record_of(row), collection.items) for row in rows)
                yield Batch(records, json.dumps(kept), self._total(found, listing), again=True, partial=bool(start))
        if start and not given:
            yield Batch((), json.dumps({}), partial=True)
        if self.settings.incremental:
            Since(web, since.key, start or None, since.runs).remember(stamp)

    def _total(self, found: list[Collection], listing: Listing) -> int | None:
        return listing.total if len(found) == 1 else None

    def _page(self, web: Web, collection: Collection, start: str, at: At) -> Page:
        url = at if isinstance(at, str) else self._first(collection.items, start)
        answer = answer_of(web, url)
        return Page(_features(answer), _count(answer.body), following(answer))

    def _first(self, items: str, start: str) -> str:
        """The address of the first page: the items', with what is asked for."""
        settings = self.settings
        asked: dict[str, str] = {"limit": str(settings.page_size), "q": settings.q, "filter": settings.filter}
        if start and settings.incremental == "datetime":
            asked["datetime"] = f"{start}/.."
        elif start:
            newer = f"updated >= TIMESTAMP('{start}')"
            asked["filter"] = f"({settings.filter}) AND {newer}" if settings.filter else newer
        if asked["filter"]:
            asked["filter-lang"] = "cql2-text"
        parts = urlsplit(items)
        kept = [
            (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in {*asked, *_PLACES}
        ]
        query = urlencode([*kept, *((name, value) for name, value in asked.items() if value)])
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))

    def _record(self, web: Web, record: Record, base: str) -> Record:
        """The record, or its other form where that is wanted and can be had."""
        prefer = self.settings.prefer
        return (other_form(web, record.body, prefer, base) or record) if prefer else record

    def _crawled(self, web: Web, top: Told, given: int) -> Iterator[Batch]:
        """The records of a static catalogue, in the order of its links; a run that goes on passes over those it gave."""
        made = islice(Crawl(web).walk(top), given, None)
        for some in grouped(made, self.settings.page_size):
            given += len(some)
            records = tuple(self._record(web, record, base) for record, base in (make() for make in some))
            yield Batch(records, json.dumps({"given": given}), again=True)

    def _key(self) -> str:
        settings = self.settings
        return f"{self.url} {settings.collections} {settings.q} {settings.filter}"

    @staticmethod
    def probes(url: str) -> list[str]:
        """The address asked for JSON, and the parts of a service beside it."""
        site = url.partition("?")[0].partition("#")[0].rstrip("/")
        return [f"{site}?f=json", f"{site}/collections?f=json", f"{site}/conformance?f=json", f"{site}/catalog.json"]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A landing page, collections, items or a catalogue of records."""
        return _recognised(seen)


def _features(told: Told) -> list[Any]:
    body = told.body
    if isinstance(body, dict) and isinstance(body.get("features"), list):
        return list(body["features"])
    said = complaint(body) or type(body).__name__
    remedy = "Check the URL and the settings."
    raise NotData("this is no page of records: it has no `features`", place=told.place, value=said, remedy=remedy)


def _count(body: dict[str, Any]) -> int | None:
    count = body.get("numberMatched")
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None


def _recognised(seen: Seen) -> Found | None:
    body = seen.json
    if not isinstance(body, dict):
        cut = not seen.whole and recognises(_first_feature(seen.text))
        return Found(_items(seen.url), "it is a page of records (OGC API Records)", 90) if cut else None
    told = Told(seen.url, "", body)
    classes = body.get("conformsTo")
    of_records = isinstance(classes, list) and any("ogcapi-records" in str(each) for each in classes)
    if isinstance(body.get("features"), list):
        rows = [row for row in body["features"][:20] if isinstance(row, dict)]
        if rows and all(map(recognises, rows)):
            return Found(_items(seen.url), "it is a page of records (OGC API Records)", 90)
        return None
    if isinstance(body.get("collections"), list):
        some = any(isinstance(each, dict) and holds_records(each) for each in body["collections"])
        return Found(_plain(seen.url), "it lists collections of records (OGC API Records)", 95) if some else None
    if of_records and not linked(told, "data", "items", "child", "item"):
        return Found(_plain(seen.url).removesuffix("/conformance"), "it conforms to OGC API Records", 100)
    return _described(seen, told, of_records)


def _first_feature(text: str) -> Any:
    """The first feature of a page that is cut off."""
    start = _FEATURES.search(text)
    if not start:
        return None
    try:
        return json.JSONDecoder().raw_decode(text, start.end() - 1)[0]
    except (ValueError, RecursionError):
        return None


def _described(seen: Seen, told: Told, of_records: bool) -> Found | None:
    """A landing page, a collection, a catalogue file or a single record."""
    body = told.body
    if "stac_version" in body:
        return None
    if recognises(body):
        return Found(seen.url, "it is a record of OGC API Records", 60)
    if linked(told, "items", "child", "item", "data") and (of_records or holds_records(body)):
        return Found(_plain(seen.url), "it is a catalogue of OGC API Records", 95)
    if linked(told, "data") and linked(told, "conformance") and linked(told, "child"):
        return Found(_plain(seen.url), "it is a landing page of an OGC API with catalogues", 70)
    return None


def _plain(url: str) -> str:
    """An address without the choice of a form (`f=json`)."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "f"]
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") or "/", urlencode(kept), ""))


def _items(url: str) -> str:
    """The address of the first page of items."""
    parts = urlsplit(_plain(url))
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in {"limit", *_PLACES}]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))
