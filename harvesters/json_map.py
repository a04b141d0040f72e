"""Any JSON list API, by settings alone: how it is asked, how it pages, where the list is, and which field is which.

The walk and its judgement of completeness are those of `harvesters.listing`; the mapping is read by `standards.json_map`.
An item is the record as the source gave it; where details are asked for, they stand in it as `_detail`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel

from harvesters.address import mask
from harvesters.base import Batch, Found, Record, Seen
from harvesters.json_map_asking import details_of, following, number_at, page_of, parsed, rows_of
from harvesters.json_map_guess import guess
from harvesters.json_map_settings import JsonMapSettings, presets
from harvesters.json_text import name_of
from harvesters.listing import At, Listing, Page, Style
from harvesters.web import Web
from standards import json_map as standard
from standards.base import Standard
from standards.json_map_mapping import parsed as mapping_of
from standards.json_map_names import guessed

DETAIL = "_detail"
_REMEDY = "Check the settings of paging (`none`: the API gives everything at once), or try again."
_STYLES: Mapping[str, Style] = {"none": "page", "page": "page", "offset": "offset", "token": "token", "link": "token"}


class JsonMap:
    """The harvester of JSON list APIs that no other protocol fits."""

    name: ClassVar[str] = "json_map"
    title: ClassVar[dict[str, str]] = {"zh": "JSON 列表接口(按设置映射)", "en": "JSON list API (mapped by settings)"}
    standard: ClassVar[str] = "json_map"
    Settings: ClassVar[type[BaseModel]] = JsonMapSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        given = JsonMapSettings.model_validate(settings.model_dump())
        self.settings = given.filled()
        parts = urlsplit(url.strip())
        own = parts.path.strip("/") or parts.query
        self.url = url.strip() if own or not given.preset else urljoin(url.strip(), presets()[given.preset].path)
        self._success = self.settings.test()
        self._lines = self.settings.mapped().lines

    def standards(self) -> dict[str, Standard]:
        """The standard of this source's records, with its mapping as it is set now."""
        return {"json_map": standard.standard(self.settings.mapping)}

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """One batch a page. `resume` is JSON: where the walk is."""
        style = _STYLES[self.settings.paging]
        first = {"page": self.settings.first_page, "offset": 0}.get(style)
        size = self.settings.page_size if self.settings.size_param else 0
        listing = Listing(mask(self.url), style, size, first, first or 0, remedy=_REMEDY).going_on(resume)
        for rows in listing.walk(lambda at: self._page(web, at, listing)):
            records = tuple(self._record(web, row) for row in rows)
            yield Batch(records, listing.resume, listing.total, again=True)

    def _page(self, web: Web, at: At, listing: Listing) -> Page:
        answer = page_of(web, self.url, self.settings, at)
        place = mask(answer.url)
        body = parsed(answer, self._success)
        rows = rows_of(body, self.settings.list_at, place)
        total = number_at(body, self.settings.total_at, place)
        if self.settings.paging == "none":
            return Page(rows, total, last=True)
        if listing.style == "token":
            return Page(rows, total, following(answer, body, self.settings))
        pages = number_at(body, self.settings.pages_at, place)
        if pages is None or total is not None or not isinstance(at, int) or listing.style != "page":
            return Page(rows, total)
        return Page(rows, None, last=at - listing.first + 1 >= pages)

    def _record(self, web: Web, row: Any) -> Record:
        if isinstance(row, dict) and self.settings.detail_url:
            details = details_of(web, row, self.settings, self._success, self.url)
            row = {**row, DETAIL: details} if details is not None else row
        lines = self._lines or mapping_of(guessed(row)).lines
        said = {name: next(iter(lines[name].words(row)), None) for name in ("identifier", "modified") if name in lines}
        return Record(row, said.get("identifier") or name_of(row, "id"), "json_map", said.get("modified"))

    @staticmethod
    def probes(url: str) -> Sequence[str]:  # noqa: ARG004  # the seam's shape
        """None: nothing tells where such an API would be."""
        return []

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A JSON answer with a list of objects that look like descriptions: it could be read so."""
        return guess(seen)
