"""Opendatasoft (Huwise) portals: the Explore API v2.1's export of the whole catalogue, its pages, or version 1's search.

The export has no limit and comes as one stream. Pages end at 10,000 datasets (offset + limit), in v1 too; a catalogue that has
more is an error there, never a part. What came is held against `total_count`.
Sources: help.opendatasoft.com, "Explore API v2.1"
(catalog/exports, catalog/datasets: limit ≤ 100, where, refine) and "Dataset search API v1" (rows, start, nhits, refine.*).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from harvesters.address import mask
from harvesters.base import Batch, Found, Record, Seen
from harvesters.documents import grouped, items
from harvesters.json_text import failure_in, loads, name_of
from harvesters.listing import Listing, Page
from harvesters.web import Answer, Web
from metadata.errors import NotData, Unreachable

_PAGES = "/api/explore/v2.1/catalog/datasets"
_EXPORT = "/api/explore/v2.1/catalog/exports/json"
_OLD = "/api/datasets/1.0/search"
_WINDOW = 10_000
_MISSING = frozenset({400, 403, 404, 405, 410, 501})
Ask = Callable[[Web, int], Page]


class OpendatasoftSettings(BaseModel):
    """What an Opendatasoft source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    by: Literal["auto", "export", "pages", "v1"] = Field(default="auto", title="Export, pages of v2.1, or search of v1")
    where: str = Field(default="", title="Filter in ODSQL (v2.1); search words in v1")
    refine: str = Field(default="", title="Facets as field:value, separated by semicolons")
    page_size: int = Field(default=100, ge=1, le=100, title="Datasets asked for at a time")
    batch_size: int = Field(default=500, ge=1, le=10_000, title="Datasets of an export in a batch")

    @field_validator("refine")
    @classmethod
    def _named(cls, value: str) -> str:
        if wrong := next((part for part in value.split(";") if part.strip() and not part.partition(":")[2].strip()), None):
            raise ValueError(f"a facet is written field:value, not {wrong.strip()!r}")
        return value

    def facets(self) -> list[tuple[str, str]]:
        """The facets, as fields and values."""
        pairs = (part.partition(":") for part in self.refine.split(";") if part.strip())
        return [(field.strip(), value.strip()) for field, _, value in pairs]


class Opendatasoft:
    """The harvester of Opendatasoft portals."""

    name: ClassVar[str] = "opendatasoft"
    title: ClassVar[dict[str, str]] = {"zh": "Opendatasoft 门户(Explore API)", "en": "Opendatasoft portal (Explore API)"}
    standard: ClassVar[str] = "opendatasoft"
    Settings: ClassVar[type[BaseModel]] = OpendatasoftSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.settings = OpendatasoftSettings.model_validate(settings.model_dump())
        self.root = _root(url)

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of datasets. `resume` is JSON: how many of which export were given, or where in which pages the walk is."""
        state = json.loads(resume) if resume else {}
        by = state.pop("by", "") or self._way(web)
        if by == "v1":
            yield from self._paged(by, self._old, web, state)
        elif by == "pages":
            yield from self._paged(by, self._page, web, state)
        else:
            yield from self._exported(web, state)

    def _way(self, web: Web) -> str:
        """How to read this site: as set, or v1 where version 2.1 is not known."""
        if self.settings.by != "auto":
            return self.settings.by
        answer = web.get(f"{self.root}{_PAGES}?{self._query({'limit': 1})}", tolerate=_MISSING)
        return "v1" if answer.status in (404, 405, 410, 501) else "export"

    # The export

    def _exported(self, web: Web, state: dict[str, Any]) -> Iterator[Batch]:
        expected = self._counted(web)
        begun = bool(state)
        try:
            for batch in self._streamed(web, state, expected):
                begun = True
                yield batch
        except Unreachable:
            # Sites may switch the export off; their pages are as good up to the window.
            if begun or self.settings.by == "export":
                raise
            yield from self._paged("pages", self._page, web, {})

    def _streamed(self, web: Web, state: dict[str, Any], expected: int | None) -> Iterator[Batch]:
        with web.spool(f"{self.root}{_EXPORT}?{self._query({})}", conditional=not state) as document:
            given = state.get("skip", 0) if state.get("digest") == document.digest else 0
            again = bool(state) and not given
            for rows in grouped(islice(items(document), given, None), self.settings.batch_size):
                given += len(rows)
                marks = json.dumps({"by": "export", "skip": given, "digest": document.digest})
                yield Batch(tuple(map(_record, rows)), marks, expected, again=again)
            if expected is not None and given < expected and given < (self._counted(web) or 0):
                remedy = "Try again; if it stays, set by=pages."
                raise NotData(
                    f"the export ended early: {given} of {expected}", place=document.place, value=given, remedy=remedy
                )

    def _counted(self, web: Web) -> int | None:
        """`total_count` of what is asked for; None when the site does not say."""
        answer = web.get(f"{self.root}{_PAGES}?{self._query({'limit': 1})}", tolerate=_MISSING)
        if answer.status >= 400:
            return None
        body = loads(answer.text, mask(answer.url))
        return _count(body.get("total_count")) if isinstance(body, dict) else None

    def _query(self, paging: dict[str, int]) -> str:
        asked: list[tuple[str, str | int]] = [("where", self.settings.where)] if self.settings.where else []
        asked += [("refine", f"{field}:{value}") for field, value in self.settings.facets()]
        return urlencode([*asked, *paging.items()])

    # Pages

    def _paged(self, by: str, ask: Ask, web: Web, state: dict[str, Any]) -> Iterator[Batch]:
        place = f"{self.root}{_OLD if by == 'v1' else _PAGES}"
        listing = Listing(place, "offset", self.settings.page_size, 0).going_on(json.dumps(state))
        for rows in listing.walk(lambda at: ask(web, int(at or 0))):
            marks = json.dumps({"by": by, **json.loads(listing.resume)})
            yield Batch(tuple(map(_record, rows)), marks, listing.total, again=True)

    def _page(self, web: Web, start: int) -> Page:
        limit = min(self.settings.page_size, _WINDOW - start)
        if limit <= 0:
            return Page([])
        query = self._query({"limit": limit, "offset": start})
        answer = web.get(f"{self.root}{_PAGES}?{query}&order_by=dataset_id")
        body = _object(answer)
        rows = body.get("results", body.get("datasets"))
        return _checked(rows, _count(body.get("total_count")), answer)

    def _old(self, web: Web, start: int) -> Page:
        rows = min(self.settings.page_size, _WINDOW - start)
        if rows <= 0:
            return Page([])
        asked = [
            ("rows", str(rows)),
            ("start", str(start)),
            *((f"refine.{name}", value) for name, value in self.settings.facets()),
        ]
        asked += [("q", self.settings.where)] if self.settings.where else []
        answer = web.get(f"{self.root}{_OLD}?{urlencode(asked)}")
        body = _object(answer)
        return _checked(body.get("datasets"), _count(body.get("nhits")), answer)

    # Recognition

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """The catalogue of v2.1 and the search of v1 under the site."""
        root = _root(url)
        return [f"{root}{_PAGES}?limit=1", f"{root}{_OLD}?rows=1"]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """An answer of the API's catalogue, in any of its versions."""
        body = seen.json
        if isinstance(body, list):
            known = bool(body) and _known(body[0])
            return Found(_root(seen.url), "it is an Opendatasoft export", 100) if known else _begins(seen)
        if not isinstance(body, dict):
            return _begins(seen)
        rows: list[Any] = next((body[name] for name in ("results", "datasets") if isinstance(body.get(name), list)), [])
        if not rows or not _known(rows[0]):
            return None
        return Found(_root(seen.url), "it answers as Opendatasoft's Explore API", 100, {"by": "v1"} if "nhits" in body else {})


def _checked(rows: Any, total: int | None, answer: Answer) -> Page:
    place = mask(answer.url)
    if not isinstance(rows, list):
        raise NotData("this is no answer of the Explore API: no list of datasets", place=place, remedy="Check the URL.")
    if total is not None and total > _WINDOW:
        remedy = "Set by=export, or narrow it by where and refine."
        raise NotData(f"pages end at {_WINDOW:,} datasets, and there are more", place=place, value=total, remedy=remedy)
    return Page(rows, total)


def _object(answer: Answer) -> dict[str, Any]:
    place = mask(answer.url)
    body = loads(answer.text, place)
    said = failure_in(body) or (body.get("message") if isinstance(body, dict) and body.get("error_code") else None)
    if said:
        raise NotData("an error came instead of datasets", place=place, value=said, remedy="Check the filters.")
    if not isinstance(body, dict):
        raise NotData("this is no answer of the Explore API", place=place, value=type(body).__name__, remedy="Check the URL.")
    return body


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _entry(row: Any) -> Any:
    inner = row.get("dataset") if isinstance(row, dict) else None
    return inner if isinstance(inner, dict) else row


def _known(row: Any) -> bool:
    entry = _entry(row)
    return isinstance(entry, dict) and ("dataset_id" in entry or "datasetid" in entry) and "metas" in entry


def _begins(seen: Seen) -> Found | None:
    """An export that is longer than what was looked at."""
    start = seen.text[:4000]
    begins = not seen.whole and start.startswith("[") and '"dataset_id"' in start
    return Found(_root(seen.url), "it begins as an Opendatasoft export", 90) if begins else None


def _record(row: Any) -> Record:
    entry = _entry(row)
    metas = entry.get("metas") if isinstance(entry, dict) else None
    default = metas.get("default", metas) if isinstance(metas, dict) else None
    return Record(row, name_of(entry, "dataset_id", "datasetid"), modified=name_of(default, "modified", "data_processed"))


def _root(url: str) -> str:
    parts = urlsplit(url.strip())
    return f"{parts.scheme}://{parts.netloc}"
