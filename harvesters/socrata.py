"""Socrata portals: the Discovery API on the portal's own domain, and its data.json where that API is off.

The API gives at most 10,000 results by offset; with `scroll_id` (the id of the last result of the page before) it gives all, in
the order of ids, so that what is inserted or deleted meanwhile moves nothing. `resultSetSize` tells how many there are.
Sources: dev.socrata.com, "Discovery API" (domains, only, limit, scroll_id); DCAT-US 1.1 §"Catalog" for data.json.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from harvesters.address import mask
from harvesters.base import Batch, Found, Record, Seen
from harvesters.documents import grouped, items
from harvesters.json_text import failure_in, loads, name_of
from harvesters.listing import At, Listing, Page
from harvesters.web import Answer, Web
from metadata.errors import NotData

_API = "/api/catalog/v1"
_OFF = frozenset({400, 401, 403, 404, 405, 410, 501})
_FEED_STANDARD = "dcat_us_1_1_non_federal"
_TYPES = r"^[a-z_]+( *, *[a-z_]+)*$"


class SocrataSettings(BaseModel):
    """What a Socrata source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    by: Literal["auto", "api", "data_json"] = Field(default="auto", title="Discovery API, or the data.json file")
    types: str = Field(default="dataset", pattern=_TYPES, title="Kinds of assets (dataset, map, filter, file, href …), or all")
    domain: str = Field(default="", title="Domain whose assets are listed (the portal's own when empty)")
    category: str = Field(default="", title="Only this category of the portal")
    page_size: int = Field(default=1000, ge=1, le=10_000, title="Assets asked for at a time")


class Socrata:
    """The harvester of Socrata portals."""

    name: ClassVar[str] = "socrata"
    title: ClassVar[dict[str, str]] = {"zh": "Socrata 门户(Discovery API)", "en": "Socrata portal (Discovery API)"}
    standard: ClassVar[str] = "socrata"
    Settings: ClassVar[type[BaseModel]] = SocrataSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.settings = SocrataSettings.model_validate(settings.model_dump())
        self.root = _root(url)
        self._types: set[str] = (
            set() if self.settings.types == "all" else {each.strip() for each in self.settings.types.split(",")}
        )
        self.domain = self.settings.domain or urlsplit(self.root).netloc

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """One batch a page. `resume` is JSON: where the walk is; or, in the data.json, how many records were given."""
        state = json.loads(resume) if resume else {}
        if self.settings.by == "data_json" or "skip" in state:
            yield from self._listed(web, state)
            return
        listing = Listing(f"{self.root}{_API}", "token", self.settings.page_size).going_on(resume)
        first = self._first(web) if not resume and self.settings.by == "auto" else None
        if first is not None and first.status in _OFF:
            yield from self._listed(web, state)
            return
        given = [first] if first is not None else []
        for rows in listing.walk(lambda at: self._page(given.pop() if given else self._asked(web, at), listing)):
            if kept := [row for row in rows if len(self._types) < 2 or _kind(row) in self._types]:
                total = listing.total if len(self._types) < 2 else None
                yield Batch(tuple(map(_record, kept)), listing.resume, total, again=True)

    def _first(self, web: Web) -> Answer:
        return web.get(f"{self.root}{_API}", self._query(None), tolerate=_OFF)

    def _asked(self, web: Web, at: At) -> Answer:
        return web.get(f"{self.root}{_API}", self._query(at))

    def _query(self, at: At) -> dict[str, str | int]:
        settings = self.settings
        asked: dict[str, str | int] = {"domains": self.domain, "search_context": self.domain, "limit": settings.page_size}
        if len(self._types) == 1:  # how the API would be asked for several is not written down: those are picked out here
            asked["only"] = next(iter(self._types))
        if settings.category:
            asked["categories"] = settings.category
        return {**asked, "scroll_id": "" if at is None else at}

    def _page(self, answer: Answer, listing: Listing) -> Page:
        """The results of an answer, and the id to scroll on from; also a page shorter than asked for may be followed by one."""
        place = mask(answer.url)
        body = loads(answer.text, place)
        if said := failure_in(body):
            raise NotData("an error came instead of results", place=place, value=said, remedy="Check the settings.")
        rows = body.get("results") if isinstance(body, dict) else None
        if not isinstance(rows, list):
            found = ", ".join(body) if isinstance(body, dict) else type(body).__name__
            raise NotData(
                "this is no answer of the Discovery API: no `results`", place=place, value=found, remedy="Check the URL."
            )
        total = body.get("resultSetSize")
        total = total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None
        if total is not None and listing.total is not None and total == listing.total - listing.passed:
            total = listing.total  # it counts what is left
        return Page(rows, total, self._following(rows, total, listing, place))

    def _following(self, rows: list[Any], total: int | None, listing: Listing, place: str) -> str | None:
        if not rows:
            return None
        last = _id(rows[-1])
        if last is None and total is not None and listing.passed + len(rows) < total:
            raise NotData("the last result of a page has no id, so the listing cannot go on", place=place, value=rows[-1])
        return last

    def _listed(self, web: Web, state: dict[str, Any]) -> Iterator[Batch]:
        """The records of data.json."""
        with web.spool(f"{self.root}/data.json", conditional=not state) as document:
            given = state["skip"] if state.get("digest") == document.digest else 0
            again = bool(state) and not given
            for bodies in grouped(islice(items(document), given, None), self.settings.page_size):
                given += len(bodies)
                records = tuple(Record(body, name_of(body, "identifier"), _FEED_STANDARD) for body in bodies)
                yield Batch(records, json.dumps({"skip": given, "digest": document.digest}), again=again)

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """The Discovery API under the site, asked for one dataset."""
        root = _root(url)
        domain = urlsplit(root).netloc
        return [f"{root}{_API}?{urlencode({'domains': domain, 'search_context': domain, 'only': 'dataset', 'limit': 1})}"]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """An answer of the Discovery API that lists something of this domain, or one asked for by hand."""
        body = seen.json
        if not isinstance(body, dict) or not isinstance(body.get("results"), list) or "resultSetSize" not in body:
            return _long_answer(seen)
        if not body["results"]:
            return None
        sure = 100 if any(_id(row) for row in body["results"]) else 0
        return Found(_root(seen.url), "it answers as Socrata's Discovery API", sure) if sure else None


def _long_answer(seen: Seen) -> Found | None:
    """An answer longer than what was looked at, which begins as one of the Discovery API."""
    start = seen.text[:400].replace(" ", "").replace("\n", "")
    begins = start.startswith('{"results":[{"resource":{"') and '"columns_' in seen.text
    return (
        Found(_root(seen.url), "it begins as an answer of Socrata's Discovery API", 90) if begins and not seen.whole else None
    )


def _root(url: str) -> str:
    parts = urlsplit(url.strip())
    return f"{parts.scheme}://{parts.netloc}"


def _id(row: Any) -> str | None:
    return name_of(row.get("resource"), "id") if isinstance(row, dict) else None


def _kind(row: Any) -> str | None:
    return name_of(row.get("resource"), "type") if isinstance(row, dict) else None


def _record(row: Any) -> Record:
    """A result, known by its permalink, which names the domain too: copies of an asset keep its id."""
    resource = row.get("resource") if isinstance(row, dict) else None
    return Record(row, name_of(row, "permalink") or _id(row), modified=name_of(resource, "updatedAt"))
