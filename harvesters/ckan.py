"""CKAN's Action API v3: `package_search` page by page, or `package_list` with `package_show` where there is no search.

Rules of the walk:
- Pages are asked for in a stable order (`sort=id asc`). A portal may cap the page size: the next page begins after the rows
  that came, whatever was asked for.
- The walk is over when as many rows have passed as the *latest* page's `count` says, and a full page is followed by an
  empty one. An empty page before that is an early end, and an error: the run must not take the rest for deleted.
- `count` may change on the way, as the portal goes on working. When it grows, new rows are met now or next time. When it
  shrinks by k, rows after the deleted ones have moved forward by up to k: the walk goes on k rows before that page. Rows met
  again in that way, or because rows were inserted before them, are passed over.
- A page that repeats an earlier one is a loop, and an error.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from harvesters.address import mask
from harvesters.base import Batch, Record
from harvesters.json_text import failure_in, loads, name_of
from harvesters.web import Answer, Web
from metadata.errors import Invalid, NotData, Unreachable

_CLIENT_ERRORS = frozenset({400, 401, 403, 404, 405, 409, 422, 500, 501})
_NO_SUCH_ACTION = frozenset({400, 404, 405, 501})
_API_TAIL = re.compile(r"/api(/\d)?(/action(/\w+)?)?/*$")
MOST_ROWS = 5_000_000  # a portal that makes up rows for ever must not fill the disk
_REMEMBERED = 5000  # identifiers of recent rows: more than can move between two pages


class CkanSettings(BaseModel):
    """What a CKAN source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", title="Search words")
    fq: str = Field(default="", title="Filter query (Solr)")
    organization: str = Field(default="", title="Only this organization (its name)")
    page_size: int = Field(default=100, ge=1, le=1000, title="Datasets asked for at a time")
    sort: str = Field(default="id asc", title="Order of the listing; it must be stable")
    api_path: str = Field(default="/api/3/action", pattern=r"^/", title="Path of the API under the site")
    token: str = Field(default="", repr=False, title="API token", json_schema_extra={"format": "password", "writeOnly": True})
    token_header: str = Field(default="Authorization", pattern=r"^[A-Za-z0-9-]+$", title="Header that carries the token")

    def filter(self) -> str:
        """The whole filter query."""
        parts = [self.fq, f'organization:"{self.organization}"' if self.organization else ""]
        return " AND ".join(f"({part})" if len(list(filter(None, parts))) > 1 else part for part in parts if part)


@dataclass
class Walk:
    """Where the walk over the pages is: rows passed, rows the portal says it has, and what was met lately."""

    place: str
    position: int = 0
    count: int | None = None
    longest: int = 0
    stepped_back: int = 0
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    pages: set[int] = field(default_factory=set)

    def take(self, rows: list[Any], count: int | None) -> list[Any]:
        """Passes over the page's rows and gives those not met before. Raises `NotData` when the pages lead nowhere."""
        if self.repeats(rows):
            self._stop("the listing goes round in a circle")
        if self.position > MOST_ROWS:
            self._stop(f"the listing has more than {MOST_ROWS:,} rows")
        names = [name_of(row, "id", "name") for row in rows]
        known = set(self.recent)
        fresh = [row for row, name in zip(rows, names, strict=True) if name is None or name not in known]
        self.recent.extend(name for name in names if name and name not in known)
        self.longest = max(self.longest, len(rows))
        self._advance(rows, count)
        return fresh

    def repeats(self, rows: list[Any]) -> bool:
        """Whether this very page came before."""
        return _fingerprint(rows) in self.pages

    def complete(self, asked: int, rows: int, count: int | None) -> bool:
        """Whether a page that comes again means that the portal does not page, and has given all."""
        return rows < asked if count is None else self.position >= count

    def over(self, rows: int, asked: int) -> bool:
        """Whether the page of so many rows just taken was the last one."""
        if self.count is None:
            return rows > asked  # a portal that neither counts nor pages gives everything at once
        return self.position >= self.count and rows < self.longest

    def _advance(self, rows: list[Any], count: int | None) -> None:
        lost = 0 if count is None else max(0, (self.count or 0) - count)
        self.stepped_back += lost
        if self.stepped_back > max(_REMEMBERED, self.longest, count or 0):
            self._stop("the listing changes faster than it can be read")
        self.pages.add(_fingerprint(rows))
        if lost:
            self.pages.clear()  # after a step back a page may rightly come again
        # What moved forward past this page's beginning lies just before it.
        self.position, self.count = max(0, self.position - lost) if lost else self.position + len(rows), count

    def _stop(self, message: str) -> None:
        raise NotData(message, place=self.place, value=f"row {self.position}", remedy="Ask the source to mend its paging.")


def _fingerprint(rows: list[Any]) -> int:
    return hash(tuple(name_of(row, "id", "name") or repr(row) for row in rows))


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
        """One batch a page. `resume` is the row to go on at and the count known then, or `after:NAME` when walking
        `package_list`."""
        if resume is not None and resume.startswith("after:"):
            yield from self._listed(web, resume.removeprefix("after:"))
            return
        walk = self._walk(resume)
        first = self._search(web, walk.position)
        if first is None:
            yield from self._listed(web, "")
        else:
            yield from self._paged(web, walk, first)

    def _walk(self, resume: str | None) -> Walk:
        place = self._action("package_search")
        position, _, count = (resume or "0/").partition("/")
        return Walk(place, int(position) if position.isdigit() else 0, int(count) if count.isdigit() else None)

    def _paged(self, web: Web, walk: Walk, result: Any) -> Iterator[Batch]:
        asked = self.settings.page_size
        while True:
            rows, count = _page(result, walk.place)
            if not rows or (walk.repeats(rows) and walk.complete(asked, len(rows), count)):
                break
            if fresh := walk.take(rows, count):
                yield Batch(tuple(map(_record, fresh)), f"{walk.position}/{'' if count is None else count}", count, again=True)
            if walk.over(len(rows), asked):
                return
            result = self._search(web, walk.position)
        if count is not None and walk.position < count:
            ended = f"the listing ended early: {walk.position} of {count}"
            value = f"no rows at {walk.position}"
            raise NotData(ended, place=walk.place, value=value, remedy="Try again; if it stays, ask the source.")

    def _search(self, web: Web, start: int) -> Any:
        """The result of one page; None when the portal has no `package_search` at all."""
        settings = self.settings
        params: dict[str, str | int] = {"rows": settings.page_size, "start": start, "sort": settings.sort}
        params |= {name: value for name, value in (("q", settings.q), ("fq", settings.filter())) if value}
        answer = self._asked(web, "package_search", params)
        may_lack = start == 0 and not (settings.q or settings.filter())
        if may_lack and answer.status in _NO_SUCH_ACTION and not _is_complaint(answer):
            return None
        return _result(answer)

    def _listed(self, web: Web, after: str) -> Iterator[Batch]:
        """Every name of `package_list`, in order, each shown by itself. One that is gone by then was deleted meanwhile."""
        names = _result(self._asked(web, "package_list", {}))
        if not isinstance(names, list):
            raise NotData("package_list gives no list", place=self._action("package_list"), value=type(names).__name__)
        rest = sorted({str(name) for name in names if str(name) > after})
        for start in range(0, len(rest), self.settings.page_size):
            part = rest[start : start + self.settings.page_size]
            answers = [self._asked(web, "package_show", {"id": name}) for name in part]
            shown = [_unwrapped(_result(answer)) for answer in answers if answer.status != 404]
            yield Batch(tuple(map(_record, shown)), f"after:{part[-1]}", len(names), again=True)

    def _asked(self, web: Web, action: str, params: dict[str, str | int]) -> Answer:
        headers = {self.settings.token_header: self.settings.token} if self.settings.token else {}
        return web.get(self._action(action), params, headers, tolerate=_CLIENT_ERRORS)

    def _action(self, action: str) -> str:
        return f"{self.root}{self.settings.api_path.rstrip('/')}/{action}"


def _record(row: Any) -> Record:
    modified = row.get("metadata_modified") if isinstance(row, dict) else None
    return Record(row, name_of(row, "id", "name"), modified=modified if isinstance(modified, str) else None)


def _result(answer: Answer) -> Any:
    """The `result` inside CKAN's envelope. Raises `Unreachable` for an error status, `NotData` for an error inside 200."""
    place = mask(answer.url)
    if answer.status >= 400:
        remedy = "Check the source's token." if answer.status in (401, 403) else "Check the URL and the settings."
        raise Unreachable(f"it answered HTTP {answer.status}", place=place, value=_complaint(answer), remedy=remedy)
    body = loads(answer.text, place)
    if said := failure_in(body):
        raise NotData(
            "an error came instead of data", place=place, value=said, remedy="Check the settings, or try again later."
        )
    if not isinstance(body, dict) or "result" not in body:
        found = ", ".join(body) if isinstance(body, dict) else type(body).__name__
        raise NotData(
            "this is not CKAN's envelope: it has no `result`",
            place=place,
            value=found,
            remedy="Check the URL and the API path.",
        )
    return body["result"]


def _complaint(answer: Answer) -> str | None:
    """What CKAN says about an error; None when the answer is not CKAN's."""
    try:
        body = loads(answer.text, "")
    except NotData:
        return None
    return body if isinstance(body, str) else failure_in(body)


def _is_complaint(answer: Answer) -> bool:
    """Whether CKAN itself refuses the question, rather than not knowing the action (which it says in a plain string)."""
    try:
        return isinstance(loads(answer.text, ""), dict) and answer.status != 404
    except NotData:
        return False


def _page(result: Any, place: str) -> tuple[list[Any], int | None]:
    """The rows of a page, and how many the portal says there are. DKAN wraps rows in one more list, and does not count."""
    if isinstance(result, dict) and isinstance(result.get("results"), list):
        count = result.get("count")
        return result["results"], count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None
    if isinstance(result, list):
        inner = result[0] if len(result) == 1 and isinstance(result[0], list) else result
        return inner, None
    raise NotData("package_search gives no list of results", place=place, value=type(result).__name__, remedy="Check the URL.")


def _unwrapped(shown: Any) -> Any:
    """DKAN's package_show gives a list of one."""
    return shown[0] if isinstance(shown, list) and len(shown) == 1 else shown
