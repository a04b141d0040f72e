"""CKAN's Action API v3, and DKAN's likeness of it.

Three ways, the first that the portal has: `package_search` page by page (`ckan_search.py`); whole packages from
`current_package_list_with_resources`; each name of `package_list` by `package_show` (`ckan_lists.py`). A search is asked for
what changed since the last good run (`metadata_modified`), from some minutes before it began, because the search index of a
portal lags and clocks differ; what was deleted shows in the full listing that every so many runs ask for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from harvesters import ckan_recognition
from harvesters.address import mask
from harvesters.base import Batch, Found, Seen
from harvesters.ckan_api import Api
from harvesters.ckan_filters import Filters, resolved
from harvesters.ckan_lists import Lists
from harvesters.ckan_search import BY_ID, Identifiers, Point, Search
from harvesters.since import Since, earlier
from harvesters.web import Web
from metadata.errors import Invalid

_MOST_ROWS = 1000  # what CKAN gives at most, whatever is asked for
_API_TAIL = re.compile(r"/api(/\d)?(/action(/\w+)?)?/*$")


class CkanSettings(BaseModel):
    """What a CKAN source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", title="Search words")
    fq: str = Field(default="", title="Filter query (Solr)")
    organization: str = Field(default="", title="Only these organizations: names, separated by commas")
    group: str = Field(default="", title="Only these groups: names, separated by commas")
    listing: Literal["auto", "search", "lists"] = Field(default="auto", title="How the datasets are listed")
    incremental: bool = Field(default=True, title="Ask only for what changed since the last good run")
    overlap: int = Field(default=60, ge=0, le=10_080, title="Minutes before the last run from which changes are asked for")
    deletions: bool = Field(default=False, title="Ask every run for all identifiers too, so that deletions show at once")
    full_every: int = Field(default=7, ge=1, le=1000, title="Every so many runs list everything, so that deletions show")
    page_size: int = Field(default=100, ge=1, le=1000, title="Datasets asked for at a time")
    sort: str = Field(default="id asc", title="Order of the listing; it must be stable")
    api_path: str = Field(default="/api/3/action", pattern=r"^/", title="Path of the API under the site")
    token: str = Field(default="", repr=False, title="API token", json_schema_extra={"format": "password", "writeOnly": True})
    token_header: str = Field(default="Authorization", pattern=r"^[A-Za-z0-9-]+$", title="Header that carries the token")


class Ckan:
    """The harvester of CKAN portals, and of DKAN's likeness of it."""

    name: ClassVar[str] = "ckan"
    title: ClassVar[dict[str, str]] = {"zh": "CKAN 接口(Action API v3)", "en": "CKAN portal (Action API v3)"}
    standard: ClassVar[str] = "ckan"
    Settings: ClassVar[type[BaseModel]] = CkanSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.settings = CkanSettings.model_validate(settings.model_dump())
        if "?" in url or "#" in url:
            raise Invalid(
                "a CKAN source is the address of the site, without a query",
                place=mask(url),
                remedy="Use the settings q and fq.",
            )
        self.root = _API_TAIL.sub("", url.strip().rstrip("/"))

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """One batch a page. `resume` is JSON: which way the walk goes, and how far it came (`ckan_search.Point`)."""
        settings, point = self.settings, Point.of(resume)
        api = Api(web, f"{self.root}{settings.api_path.rstrip('/')}", self._headers())
        filters = resolved(api, settings.organization, settings.group, settings.q, settings.fq)
        since = self._since(web, filters)
        if not point.way:
            point.since = since.start or ""
        search = Search(api, filters, settings.page_size, settings.sort, point)
        if self._searches(search, point):
            yield from self._remembered(search, since)
        else:
            point.since = ""
            yield from Lists(api, filters, settings.page_size, point).batches()

    def _searches(self, search: Search, point: Point) -> bool:
        """Whether the walk is, or begins as, one over `package_search`."""
        if self.settings.listing == "lists" or point.way in ("resources", "names"):
            return False
        return bool(point.way) or search.begins() or self.settings.listing == "search"

    def _remembered(self, search: Search, since: Since) -> Iterator[Batch]:
        """The walk, and at its end what the next run is to ask from: the portal's own clock as the walk began."""
        point = search.point
        point.stamp = point.stamp or (earlier(search.api.clock, self.settings.overlap) if search.api.clock else "")
        every = Identifiers(search.api, search.filters, _MOST_ROWS, BY_ID, point)
        if not point.way:
            point.whole = self.settings.deletions and bool(point.since) and every.answers()
        if not point.ids:
            yield from search.batches()
        if point.whole:
            point.begin_ids()
            yield from every.batches()
        if self.settings.incremental and point.stamp:
            Since(since.web, since.key, point.since or None, since.runs).remember(point.stamp)

    def _since(self, web: Web, filters: Filters) -> Since:
        """What the last good run with the very same filters left."""
        full_every = self.settings.full_every if self.settings.incremental else 1
        return Since.of(web, f"{self.root} {filters.q} {filters.query()}", full_every)

    def _headers(self) -> Mapping[str, str]:
        return {self.settings.token_header: self.settings.token} if self.settings.token else {}

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """Where a CKAN or DKAN site tells its version, its count, or its names."""
        return ckan_recognition.probes(url)

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """The site, when this is an answer of its API or one of its pages."""
        return ckan_recognition.recognises(seen)
