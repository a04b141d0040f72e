"""ArcGIS Hub (Open Data) sites: a DCAT feed, the OGC search API, or the older v3 search API.

The DCAT-US feed is the default: one document with everything the site shows. A site makes it in the background, and may serve a
part while it does; so the feed is held against the count of the search API, and a feed that lists too little fails the run. The
search API gives at most 10,000 results, and its count stops there too. Hub renames identifiers now and then (`/datasets/…`
became `/maps/…`): they are kept as given, and the run recognises what is the same dataset.
Sources: developers.arcgis.com/hub, "Search API" (OGC API Records: limit, startindex, numberMatched) and "Feeds"; the v3 API
follows JSON:API (page[size], page[number], meta.stats.totalCount, meta.next).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from harvesters import forms
from harvesters.address import mask
from harvesters.base import Batch, Found, Record, Seen
from harvesters.documents import grouped, items
from harvesters.json_text import failure_in, loads, name_of
from harvesters.listing import At, Listing, Page
from harvesters.spool import Document
from harvesters.web import Answer, Web
from metadata.errors import CatalogError, NotData

FEED = "/api/feed/dcat-us/1.1.json"
_DCAT_AP = "/api/feed/dcat-ap/{}.json"
_SEARCH = "/api/search/v1/collections/{}/items"
_V3 = "/api/v3/datasets"
_WINDOW = 10_000
_REFUSED = frozenset({400, 401, 403, 404, 405, 410, 500, 501})
_OWN_SIGNS = ("hubcdn.arcgis.com", "/opendata-ui/", "arcgis-hub-site")
_SIGNS = ("opendata.arcgis.com", "hub.arcgis.com")  # other sites link these


class ArcgisHubSettings(BaseModel):
    """What a Hub site lets one choose."""

    model_config = ConfigDict(extra="forbid")

    by: Literal["dcat_us", "dcat_ap", "search", "v3"] = Field(default="dcat_us", title="Feed or API that is read")
    dcat_ap: str = Field(default="2.1.1", pattern=r"^\d+(\.\d+)*$", title="Version of the DCAT-AP feed")
    collection: str = Field(
        default="dataset", pattern=r"^[\w-]+$", title="Collection of the search API (dataset, document, all)"
    )
    filter: str = Field(default="", title="Filter: CQL for the search API; filter[…]=… for v3, joined with &")
    feed_share: float = Field(default=0.9, ge=0, le=1, title="Least share of the search API's count that a feed must list")
    page_size: int = Field(default=100, ge=1, le=100, title="Items asked for at a time")
    batch_size: int = Field(default=500, ge=1, le=10_000, title="Records of a feed in a batch")


class ArcgisHub:
    """The harvester of ArcGIS Hub sites."""

    name: ClassVar[str] = "arcgis_hub"
    title: ClassVar[dict[str, str]] = {"zh": "ArcGIS Hub 门户", "en": "ArcGIS Hub site"}
    standard: ClassVar[str] = "dcat_us_1_1_non_federal"
    Settings: ClassVar[type[BaseModel]] = ArcgisHubSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.settings = ArcgisHubSettings.model_validate(settings.model_dump())
        self.root = _root(url)

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records. `resume` is JSON: how many records of which document were given, or where the walk is."""
        by = self.settings.by
        if by in ("dcat_us", "dcat_ap"):
            yield from self._feed(web, json.loads(resume) if resume else {})
        elif by == "search":
            place = f"{self.root}{_SEARCH.format(self.settings.collection)}"
            listing = Listing(place, "offset", self.settings.page_size, 0)
            yield from _walked(listing.going_on(resume), lambda at: self._found(web, place, at))
        else:
            place = f"{self.root}{_V3}"
            listing = Listing(place, "page", self.settings.page_size, 1, 1)
            yield from _walked(listing.going_on(resume), lambda at: self._older(web, place, at))

    # Feeds

    def _feed(self, web: Web, state: dict[str, Any]) -> Iterator[Batch]:
        """The records of a feed. The next run may be spared it when the same bytes come again."""
        with web.spool(f"{self.root}{self._path()}", conditional=not state) as document:
            total = self._expected(web)
            given = state.get("skip", 0) if state.get("digest") == document.digest else 0
            again = bool(state) and not given
            for records in grouped(islice(self._records(document), given, None), self.settings.batch_size):
                given += len(records)
                yield Batch(tuple(records), json.dumps({"skip": given, "digest": document.digest}), total, again=again)
            self._compare(given, total, document.place)

    def _path(self) -> str:
        return FEED if self.settings.by == "dcat_us" else _DCAT_AP.format(self.settings.dcat_ap)

    def _records(self, document: Document) -> Iterator[Record]:
        if self.settings.by == "dcat_us":
            return (Record(body, name_of(body, "identifier"), modified=name_of(body, "modified")) for body in items(document))
        parts = forms.records(document)
        return (Record(part.body, part.place or None, "dcat_ap_3", faults=part.faults) for part in parts if part.body)

    def _expected(self, web: Web) -> int | None:
        """How many items the search API counts; None when it does not say, or its count has reached its window."""
        if not self.settings.feed_share:
            return None
        try:
            answer = web.get(f"{self.root}{_SEARCH.format('dataset')}", {"limit": 1}, tolerate=_REFUSED)
            count = loads(answer.text, "").get("numberMatched") if answer.status < 400 else None
        except (CatalogError, AttributeError):
            return None
        return count if isinstance(count, int) and 0 < count < _WINDOW else None

    def _compare(self, given: int, total: int | None, place: str) -> None:
        if total is not None and given < total * self.settings.feed_share:
            raise NotData(
                f"the feed lists {given} datasets, the site's search counts {total}: it is being made anew, or is only a part",
                place=place,
                value=given,
                remedy="Try again in some minutes; if it stays, set by=search or a lower feed_share.",
            )

    # The search APIs

    def _found(self, web: Web, place: str, at: At) -> Page:
        """A page of the OGC API; `startindex` counts from 1."""
        asked: dict[str, str | int] = {"limit": self.settings.page_size, "startindex": int(at or 0) + 1}
        if self.settings.filter:
            asked["filter"] = self.settings.filter
        answer = web.get(place, asked)
        body = _object(answer, "features")
        total = _count(body.get("numberMatched"))
        if total is not None and total >= _WINDOW:
            raise NotData(
                f"the search API shows at most {_WINDOW:,} items, and there are more",
                place=mask(answer.url),
                value=total,
                remedy="Set by=dcat_us, or a filter.",
            )
        return Page(body["features"], total)

    def _older(self, web: Web, place: str, at: At) -> Page:
        """A page of v3."""
        asked: dict[str, str | int] = dict(parse_qsl(self.settings.filter, keep_blank_values=True))
        asked |= {"page[size]": self.settings.page_size, "page[number]": int(at or 1)}
        body = _object(web.get(place, asked), "data")
        meta = body.get("meta")
        stats = meta.get("stats") if isinstance(meta, dict) else None
        total = _count(stats.get("totalCount")) if isinstance(stats, dict) else None
        return Page(body["data"], _count(meta.get("totalCount")) if total is None and isinstance(meta, dict) else total)

    # Recognition

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """The search API and the feed under the site."""
        root = _root(url)
        return [f"{root}{_SEARCH.format('dataset')}?{urlencode({'limit': 1})}", f"{root}{FEED}"]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A Hub's front page, an answer of its search APIs, or its feed, told by what is in them."""
        return next(filter(None, (judge(seen) for judge in (_as_answer, _as_feed, _as_page))), None)


def _walked(listing: Listing, ask: Callable[[At], Page]) -> Iterator[Batch]:
    for rows in listing.walk(ask):
        yield Batch(tuple(map(_record, rows)), listing.resume, listing.total, again=True)


def _record(row: Any) -> Record:
    said = (
        next((row[name] for name in ("attributes", "properties") if isinstance(row.get(name), dict)), row) if _is(row) else {}
    )
    return Record(row, name_of(row, "id") or name_of(said, "id"), "arcgis_hub", name_of(said, "modified"))


def _is(row: Any) -> bool:
    return isinstance(row, dict)


def _object(answer: Answer, name: str) -> dict[str, Any]:
    """The object in an answer, which has this list. Raises `NotData`."""
    place = mask(answer.url)
    body = loads(answer.text, place)
    if said := failure_in(body):
        raise NotData(
            "an error came instead of items", place=place, value=said, remedy="Check the settings, or try again later."
        )
    if not isinstance(body, dict) or not isinstance(body.get(name), list):
        found = ", ".join(body) if isinstance(body, dict) else type(body).__name__
        raise NotData(
            f"this is no answer of the search API: no list `{name}`", place=place, value=found, remedy="Check the URL."
        )
    return body


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _as_answer(seen: Seen) -> Found | None:
    body = seen.json
    if not isinstance(body, dict):
        return None
    rows = body.get("features") if body.get("type") == "FeatureCollection" else body.get("data")
    if not isinstance(rows, list) or not rows or not _is(rows[0]):
        return None
    said = rows[0].get("attributes") or rows[0].get("properties")
    if not _is(said) or sum(name in said for name in ("hubType", "typeKeywords", "orgId", "groupIds", "typeCategories")) < 2:
        return None
    by = "v3" if "data" in body else "search"
    way = {} if _SEARCH.format("dataset") in seen.url and "limit=1" in seen.url else {"by": by}
    return Found(_root(seen.url), "it answers as ArcGIS Hub's search API", 100, way)


def _as_feed(seen: Seen) -> Found | None:
    """A data.json whose datasets come from a Hub; a plain data.json is another protocol's."""
    start = seen.text[:20_000]
    if not start.startswith("{") or "dcat:Dataset" not in start or "arcgis.com" not in start:
        return None
    if urlsplit(seen.url).path.startswith("/api/feed/dcat-us/"):
        return Found(_root(seen.url), "it is an ArcGIS Hub's DCAT-US feed", 100)
    if urlsplit(seen.url).path.startswith("/api/feed/dcat-ap/"):
        return Found(_root(seen.url), "it is an ArcGIS Hub's DCAT-AP feed", 100, {"by": "dcat_ap"})
    return None


def _as_page(seen: Seen) -> Found | None:
    start = seen.text[:500].lower()
    if "<html" not in start and "<!doctype html" not in start:
        return None
    own, signs = (next((sign for sign in some if sign in seen.text), "") for some in (_OWN_SIGNS, _SIGNS))
    if not own and not signs:
        return None
    return Found(_root(seen.url), f"its front page is an ArcGIS Hub's ({own or signs})", 80 if own else 40)


def _root(url: str) -> str:
    parts = urlsplit(url.strip())
    return f"{parts.scheme}://{parts.netloc}"
