"""data.json: one document that lists every dataset of an agency (Project Open Data, DCAT-US 1.1 and 3), or pages of one.

The document is downloaded to disk, then read record by record. When it says that it is a page of more (`dcat_us_pages.py`), the
others are followed; a page that comes again, and a total that the pages do not make up, are errors. A run that goes on after an
interruption skips the records it has seen if the page is the same, and starts again from the first page if it has changed.
"""

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from harvesters import dcat_us_recognition
from harvesters.address import mask
from harvesters.base import Batch, Found, JsonRecord, Record, Seen
from harvesters.dcat_us_pages import Onward, onward
from harvesters.documents import grouped, items
from harvesters.json_lists import beside
from harvesters.json_text import name_of
from harvesters.spool import Document
from harvesters.web import Web
from metadata.errors import NotData
from standards.table import get

MOST_PAGES = 100_000
_PAGED = "pages of "


class DcatUsSettings(BaseModel):
    """What a data.json source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    batch_size: int = Field(default=500, ge=1, le=10_000, title="Records in a batch")


@dataclass
class Point:
    """Where a run is: the page's address, how many of its records were given, its digest, and how many before it."""

    page: str
    skip: int = 0
    digest: str = ""
    before: int = 0
    pages: set[str] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)

    def cursor(self) -> str:
        """The point, as it is kept."""
        return json.dumps({"page": self.page, "skip": self.skip, "digest": self.digest, "before": self.before})


class DcatUs:
    """The harvester of data.json."""

    name: ClassVar[str] = "dcat_us"
    title: ClassVar[dict[str, str]] = {"zh": "data.json 目录文件(DCAT-US)", "en": "data.json file (DCAT-US)"}
    standard: ClassVar[str] = "dcat_us_1_1_non_federal"
    Settings: ClassVar[type[BaseModel]] = DcatUsSettings
    waits: ClassVar[bool] = False

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url
        self.settings = DcatUsSettings.model_validate(settings.model_dump())

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records; `resume` is JSON: the page, how many of its records were given, its digest."""
        point = _point(resume, self.url)
        again = False
        while True:
            with web.spool(point.page, conditional=self._may_stand(web, resume)) as document:
                if point.digest not in ("", document.digest):  # the source changed meanwhile
                    point, again = Point(self.url), True
                    if document.place != mask(self.url):
                        continue
                onwards = yield from self._page(document, point, again)
            if not self._goes_on(point, onwards):
                return
            web.fresh_validators[_PAGED + self.url] = {"pages": str(len(point.pages) + 1)}

    def _may_stand(self, web: Web, resume: str | None) -> bool:
        """Whether the document may be told to be as it was: not one that is gone on with, whose rest would stay unread, and not
        the first of several pages, of which the others may have changed."""
        return resume is None and _PAGED + self.url not in web.validators and _PAGED + self.url not in web.fresh_validators

    def _page(self, document: Document, point: Point, again: bool) -> Generator[Batch, None, Onward]:
        """The records of one page from the point on; gives what the page says of the others."""
        if document.digest in point.digests:
            raise self._circle(point, "a page comes again")
        point.digest = document.digest
        onwards = onward(document, point.page)
        for records in grouped(map(_record, islice(_listed(document), point.skip, None)), self.settings.batch_size):
            point.skip += len(records)
            yield Batch(tuple(records), point.cursor(), onwards.total, again=again)
        return onwards

    def _goes_on(self, point: Point, onwards: Onward) -> bool:
        """Moves to the next page. Raises `NotData` when this cannot be everything."""
        point.before += point.skip
        point.pages.add(point.page)
        point.digests.add(point.digest)
        if onwards.following is None:
            if onwards.total is not None and onwards.total > point.before:
                ended = f"the pages ended early: {point.before} of {onwards.total}"
                raise NotData(ended, place=mask(point.page), value=onwards.total, remedy="Try again, or ask the source.")
            return False
        if onwards.following in point.pages or len(point.pages) >= MOST_PAGES:
            raise self._circle(point, "the pages go round in a circle")
        point.page, point.skip, point.digest = onwards.following, 0, ""
        return True

    @staticmethod
    def _circle(point: Point, message: str) -> NotData:
        value = f"page {len(point.pages) + 1}"
        return NotData(message, place=mask(point.page), value=value, remedy="Ask the source to mend its paging.")

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """Where a data.json lies by custom."""
        return dcat_us_recognition.probes(url)

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A document of this kind, or DKAN 2's search, beside which one lies."""
        return dcat_us_recognition.recognises(seen)


def _record(body: Any) -> Record:
    identifier = name_of(body, "identifier")
    return JsonRecord(body, identifier) if isinstance(body, dict) else Record(body, identifier)


def _listed(document: Document) -> Iterator[Any]:
    """The records of a document. A catalogue of DCAT-US 3 (or one without datasets) may list services, series and catalogue
    records beside its datasets: those follow."""
    first: Any = None
    for body in items(document):
        first = body if first is None else first
        yield body
    if first is None or get("dcat_us_3").recognises(first):
        yield from (body for _, body in beside(document))


def _point(resume: str | None, url: str) -> Point:
    """The point that a cursor names; the beginning when it names none."""
    try:
        told = json.loads(resume or "{}")
        return Point(str(told.get("page") or url), int(told["skip"]), str(told["digest"]), int(told.get("before", 0)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Point(url)
