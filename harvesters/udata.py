"""udata's API, as of data.gouv.fr: `/api/1/datasets/` page by page, or `/api/2/datasets/`.

A page is `{data, next_page, page, page_size, total}`; beyond the last one the answer is 404. Rows are asked for in the order in
which they were made, so that what is new comes last. The first version gives each dataset whole; the second gives the resources
of a dataset as a link with a total, and they are fetched from there. Source: udata's API,
`udata/core/dataset/api.py`, `apiv2.py`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from harvesters import udata_recognition
from harvesters.address import mask
from harvesters.base import Batch, Found, Record, Seen
from harvesters.json_text import failure_in, loads, name_of
from harvesters.listing import Listing, Page
from harvesters.udata_resources import completed
from harvesters.web import Answer, Web
from metadata.errors import Invalid, NotData, Unreachable

_TOLERATED = frozenset({400, 404, 410})
_API_TAIL = re.compile(r"/api(/[12](/datasets(/search)?)?)?/*$")
_OBJECT_ID = re.compile(r"[0-9a-f]{24}")


class UdataSettings(BaseModel):
    """What a udata source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", title="Search words")
    organization: str = Field(default="", title="Only this organization: its identifier or its name in the site's addresses")
    tag: str = Field(default="", title="Only datasets with all of these tags, separated by commas")
    page_size: int = Field(default=50, ge=1, le=1000, title="Datasets asked for at a time")
    version: int = Field(default=1, ge=1, le=2, title="Version of the API: 1 or 2")
    sort: str = Field(default="created", title="Order of the listing; it must be stable")


class Udata:
    """The harvester of sites built on udata."""

    name: ClassVar[str] = "udata"
    title: ClassVar[dict[str, str]] = {"zh": "udata 接口(data.gouv.fr)", "en": "udata site (data.gouv.fr)"}
    standard: ClassVar[str] = "udata"
    Settings: ClassVar[type[BaseModel]] = UdataSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.settings = UdataSettings.model_validate(settings.model_dump())
        if "?" in url or "#" in url:
            remedy = "Use the settings q, organization and tag."
            raise Invalid("a udata source is the address of the site, without a query", place=mask(url), remedy=remedy)
        self.root = _API_TAIL.sub("", url.strip().rstrip("/"))

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """One batch a page; `resume` is the walk's (`harvesters/listing.py`)."""
        settings = self.settings
        place = f"{self.root}/api/{settings.version}/datasets/"
        query = self._query(web)
        listing = Listing(mask(place), "page", settings.page_size, at=1, first=1).going_on(resume)
        for rows in listing.walk(lambda at: _asked(web, place, query | {"page": at if isinstance(at, int) else 1})):
            records = (_record(completed(web, row)) for row in rows if not _is_hidden(row))
            yield Batch(tuple(records), listing.resume, listing.total, again=True)

    def _query(self, web: Web) -> dict[str, Any]:
        settings = self.settings
        tags = [tag.strip() for tag in settings.tag.replace("，", ",").split(",") if tag.strip()]
        organization = self._organization(web, settings.organization.strip())
        given = {"q": settings.q, "organization": organization, "tag": tags, "sort": settings.sort}
        return {"page_size": settings.page_size} | {name: value for name, value in given.items() if value}

    def _organization(self, web: Web, word: str) -> str:
        """The identifier of an organization; the API takes no other word for a filter, and finds nothing for a wrong one."""
        if not word:
            return ""
        place = f"{self.root}/api/1/organizations/{word}/"
        answer = web.get(place, tolerate=_TOLERATED)
        if answer.status in _TOLERATED:
            remedy = "Give its identifier, or the last part of its page's address."
            raise Invalid("the site has no such organization", place=mask(place), value=word, remedy=remedy)
        body = loads(answer.text, mask(answer.url))
        found = name_of(body, "id")
        if not found:
            raise NotData("this is no organization", place=mask(place), value=failure_in(body), remedy="Check the URL.")
        return found

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """Where a udata site tells of itself, and of its datasets."""
        return udata_recognition.probes(url)

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """The site, when this is an answer of its API."""
        return udata_recognition.recognises(seen)


def _asked(web: Web, place: str, query: dict[str, Any]) -> Page:
    """One page. Raises `Unreachable` for an error, `NotData` for what is no page."""
    answer = web.get(place, query, tolerate=_TOLERATED)
    if answer.status >= 400:
        raise _refused(answer)
    where = mask(answer.url)
    body = loads(answer.text, where)
    if said := failure_in(body):
        raise NotData(
            "an error came instead of data", place=where, value=said, remedy="Check the settings, or try again later."
        )
    if not isinstance(body, dict) or not isinstance(body.get("data"), list):
        found = ", ".join(body) if isinstance(body, dict) else type(body).__name__
        raise NotData("this is no page of udata: it has no `data` list", place=where, value=found, remedy="Check the URL.")
    total = body.get("total")
    return Page(body["data"], total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None)


def _refused(answer: Answer) -> Unreachable:
    try:
        body = loads(answer.text, "")
    except NotData:
        body = None
    said = name_of(body, "message", "error")
    remedy = "Check the URL and the settings."
    return Unreachable(f"it answered HTTP {answer.status}", place=mask(answer.url), value=said, remedy=remedy)


def _is_hidden(row: Any) -> bool:
    """Whether a dataset is private or deleted; those asked for with a key may be."""
    return isinstance(row, dict) and (row.get("private") is True or bool(row.get("deleted") or row.get("deleted_at")))


def _record(row: Any) -> Record:
    modified = row.get("last_modified") if isinstance(row, dict) else None
    return Record(row, name_of(row, "id", "slug"), modified=modified if isinstance(modified, str) else None)
