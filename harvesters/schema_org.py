"""Sites whose pages describe datasets with schema.org: robots.txt, sitemaps, pages, JSON-LD and microdata.

The address is a site's front page, a robots.txt, a sitemap or an index of sitemaps, or one page. Pages are asked for one after
another with a pause, as robots.txt allows. A page whose `lastmod` or validators are as at the last good run is not read again.
Pages without a dataset are passed over. A page (or a sitemap of several) that cannot be read ends the run in an error once all
others were read: what it described is unknown, and must not be taken for deleted. Rules: sitemaps.org 0.9, RFC 9309, RFC 6596,
schema.org Dataset and DataCatalog.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from harvesters import schema_org_page
from harvesters.address import mask
from harvesters.base import Batch, Found, NotModified, Record, Seen
from harvesters.schema_org_page import Described, Page, host, loosely
from harvesters.schema_org_sitemap import SHOWN, Place, Robots, Sitemaps, is_robots, is_sitemap
from harvesters.since import Since, present
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, TooLarge, Unreachable
from standards import html_pages

MOST_FAILING = 20
"""Pages that fail one after another: the site is down."""

MOST_REMEMBERED = 50_000
"""Pages whose validators are kept for the next run; of a larger site the others are read each time."""

MOST_LISTS = 5_000
"""Pages that only name datasets of other pages."""

_FILES = re.compile(
    r"\.(?:7z|avi|bz2|css|csv|docx?|dwg|dxf|epub|geojson|gif|gml|gpkg|gz|ico|jpe?g|js|km[lz]|mdb|mp[34]|od[ts]|parquet|pdf|png"
    r"|pptx?|rar|sh[px]|dbf|sql|svg|tar|tgz|tiff?|tsv|txt|webp|xlsx?|xz|zip)$",
    re.IGNORECASE,
)
"""What is no page, by the end of its path."""


class SchemaOrgSettings(BaseModel):
    """What a site lets one choose."""

    model_config = ConfigDict(extra="forbid")

    include: str = Field(default="", title="Only these pages: patterns of path or address, separated by blanks")
    exclude: str = Field(default="", title="Not these pages: patterns of path or address, separated by blanks")
    hosts: str = Field(default="", title="Further hosts whose pages are read, separated by blanks")
    pause: float = Field(default=0.25, ge=0, le=120, title="Seconds between two requests, at least")
    trust_lastmod: bool = Field(default=True, title="Pass over pages whose lastmod is as it was")
    full_every: int = Field(default=7, ge=1, le=1000, title="Every how many runs all pages are asked for")
    max_pages: int = Field(default=200_000, ge=1, le=5_000_000, title="Pages at most")
    batch_size: int = Field(default=20, ge=1, le=1000, title="Pages in a batch")


@dataclass
class Point:
    """Where the walk is: pages behind it and a digest of their addresses, how many described a dataset, what could not be read,
    and pages that only name datasets of other pages: they are read again at the end (`lists` of them behind it)."""

    pages: int = 0
    chain: str = ""
    described: int = 0
    unread: int = 0
    shown: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    lists: int = 0
    full: bool = False

    def failed(self, problem: str) -> None:
        """One more page that could not be read."""
        self.unread += 1
        self.shown = [*self.shown, problem][:SHOWN]


class SchemaOrg:
    """The harvester of sites whose pages carry schema.org."""

    name: ClassVar[str] = "schema_org"
    title: ClassVar[dict[str, str]] = {"zh": "网站页面(schema.org)", "en": "Pages of a site (schema.org)"}
    standard: ClassVar[str] = "schema_org"
    Settings: ClassVar[type[BaseModel]] = SchemaOrgSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url.strip()
        self.settings = SchemaOrgSettings.model_validate(settings.model_dump())

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of the datasets of some pages; `resume` is a `Point` as JSON."""
        yield from _Walk(self.url, self.settings, web, _point(resume)).batches(again=resume is not None)

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """Where a site tells of its pages."""
        return (urljoin(url, "/robots.txt"), urljoin(url, "/sitemap.xml"))

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A sitemap, a robots.txt, or a page that describes a dataset."""
        if seen.status != 200:
            return None
        if is_sitemap(seen.text):
            # The usual place is only a guess where robots.txt names others; any other place was given.
            sure = 40 if urlsplit(seen.url).path == "/sitemap.xml" else 45
            return Found(seen.url, "a sitemap: its pages may describe datasets with schema.org", sure)
        if is_robots(seen.text) and seen.media_type in ("text/plain", ""):
            return Found(seen.url, "a robots.txt: the pages of its sitemaps may describe datasets", _sure_of(seen.text))
        if "schema.org" not in seen.text:
            return None
        if seen.text.startswith("<"):
            count = sum(1 for _ in html_pages.descriptions(seen.text))
        else:
            count = len(html_pages.described(seen.json)) if seen.json else 0
        if count:
            return Found(seen.url, f"a page that describes {count} datasets with schema.org", 50)
        return Found(seen.url, "a page with schema.org", 20) if "DataCatalog" in seen.text else None


def _sure_of(robots: str) -> int:
    """A robots.txt that names sitemaps is a better start than a guessed one."""
    return 42 if re.search(r"^\s*sitemap\s*:", robots, re.IGNORECASE | re.MULTILINE) else 20


@dataclass
class _Walk:
    """One run: what was met, and what is still to be given."""

    url: str
    settings: SchemaOrgSettings
    web: Web
    point: Point
    robots: Robots = field(init=False)
    sitemaps: Sitemaps = field(init=False)
    given: set[bytes] = field(default_factory=set)
    passed: dict[str, int] = field(default_factory=lambda: {"host": 0, "pattern": 0, "robots": 0})
    alone: bool = False
    failing: int = 0

    def __post_init__(self) -> None:
        self.robots, self.sitemaps = Robots(self.web), Sitemaps(self.web)
        self.web.pause = max(self.web.pause, self.settings.pause)
        self.since = Since.of(self.web, self.url, self.settings.full_every)
        self.hosts = {host(self.url), *(host(f"http://{word}") for word in self.settings.hosts.split())}

    def batches(self, again: bool) -> Iterator[Batch]:
        """All batches. Raises once they were given when something could not be read."""
        began = present()
        if not again:
            self.point.full = self.since.start is None
        yield from self._grouped(again)
        self._conclude()
        self.since.remember(began)

    def _grouped(self, again: bool) -> Iterator[Batch]:
        held: list[Record] = []
        pages = 0
        for records in self._read():
            held.extend(records)
            pages += 1
            if pages % self.settings.batch_size == 0 and (held or pages >= 10 * self.settings.batch_size):
                yield Batch(tuple(held), json.dumps(asdict(self.point)), again=again)
                held, pages = [], 0
        if held:
            yield Batch(tuple(held), json.dumps(asdict(self.point)), again=again)

    def _read(self) -> Iterator[list[Record]]:
        """The records of each page, `point` moving along."""
        first = self._start()
        for place in self._rest(first):
            self.point.pages += 1
            self.point.chain = _chained(self.point.chain, place.address)
            yield self._page(place)
        for problem in self.sitemaps.unread:
            self.point.failed(problem)
        while self.point.lists < len(self.point.later):
            address = self.point.later[self.point.lists]
            self.point.lists += 1
            yield self._list(address)

    def _start(self) -> list[str]:
        """The sitemaps to begin with; none when the address is one page."""
        with self.web.spool(self.url, conditional=False) as document:
            start = document.head(1 << 18).decode("utf-8", "replace").lstrip("\ufeff \t\r\n\0")
        if is_sitemap(start) or (start.startswith(("http://", "https://")) and "<" not in start):
            return [self.url]
        if is_robots(start):
            return self._named() or self._guessed(must=True)
        if urlsplit(self.url).path in ("", "/"):
            return self._named() or schema_org_page.sitemaps(start, self.url) or self._guessed(must=False)
        return []

    def _named(self) -> list[str]:
        """The sitemaps that robots.txt names."""
        return list(dict.fromkeys(urljoin(self.url, each) for each in self.robots.of(self.url).sitemaps))

    def _guessed(self, must: bool) -> list[str]:
        address = urljoin(self.url, "/sitemap.xml")
        answer = None if must else self.web.get(address, tolerate=range(400, 500))
        return [address] if must or (answer and answer.status == 200 and is_sitemap(answer.text.lstrip())) else []

    def _rest(self, sitemaps: list[str]) -> Iterator[Place]:
        """The pages to read that were not read yet. Where the site lists others now than before, all of them."""
        self.alone = not sitemaps
        if not self.point.pages:
            yield from self._wanted(sitemaps)
            return
        behind, chain = self._wanted(sitemaps), ""
        for _, place in zip(range(self.point.pages), behind, strict=False):
            chain = _chained(chain, place.address)
        if chain != self.point.chain:
            self.point = Point(full=self.point.full)
            self.sitemaps = Sitemaps(self.web)
            behind = self._wanted(sitemaps)
        yield from behind

    def _wanted(self, sitemaps: list[str]) -> Iterator[Place]:
        """The pages of the sitemaps, each once, that are on the site's hosts, named by the patterns and allowed."""
        places = self.sitemaps.pages(sitemaps) if sitemaps else iter((Place(self.url, "", False),))
        met: set[bytes] = set()
        self.passed = dict.fromkeys(self.passed, 0)
        for place in places:
            key = _key(place.address)
            if key in met:
                continue
            met.add(key)
            if len(met) > self.settings.max_pages:
                raise TooLarge(
                    f"the sitemaps list more than {self.settings.max_pages:,} pages",
                    place=mask(self.url),
                    remedy="Name some of them in `include`, or raise `max_pages`.",
                )
            if why := self._unwanted(place.address):
                self.passed[why] += 1
            else:
                yield place

    def _unwanted(self, address: str) -> str:
        parts = urlsplit(address)
        if not self.alone and host(address) not in self.hosts:
            return "host"
        words = (address, parts.path + (f"?{parts.query}" if parts.query else ""))
        chosen, not_chosen = self.settings.include.split(), self.settings.exclude.split()
        if (chosen and not _matches(words, chosen)) or _matches(words, not_chosen):
            return "pattern"
        if not self.alone and _FILES.search(parts.path):
            return "pattern"
        return "" if self.robots.allow(address) else "robots"

    def _page(self, place: Place) -> list[Record]:
        """The records of one page; none of one that cannot be read, which is noted."""
        old = self.web.validators.get(place.address, {})
        if self._stands(place, old):
            self.web.fresh_validators[place.address] = dict(old)
            return self._same(place.address, old)
        try:
            answer = self.web.get(place.address, conditional=not old or "ids" in old, tolerate=(404, 410))
        except NotModified:
            self.web.fresh_validators[place.address] |= _mark(place, json.loads(old["ids"]), old.get("later", ""))
            return self._same(place.address, old)
        except CatalogError as problem:
            self._failed(problem)
            return []
        self.failing = 0
        if answer.status != 200:
            return []
        page = schema_org_page.read(answer)
        return self._described(place, page, answer.headers)

    def _stands(self, place: Place, old: Mapping[str, str]) -> bool:
        """Whether the sitemap itself says that a page is as it was."""
        if not self.settings.trust_lastmod or self.point.full or "ids" not in old or not place.changed:
            return False
        # A day without a time may have seen another change after the page was read.
        told = len(place.changed) > 10 or place.changed < old.get("at", "")[:10]
        return told and old.get("lastmod") == place.changed

    def _failed(self, problem: CatalogError) -> None:
        self.point.failed(str(problem))
        self.failing += 1
        if self.failing >= MOST_FAILING:
            message = f"{self.failing} pages one after another could not be read"
            raise Unreachable(
                message, place=mask(self.url), value=str(problem), remedy="Check that the site is up."
            ) from problem

    def _same(self, address: str, old: Mapping[str, str]) -> list[Record]:
        """What is said of a page that is as it was: its datasets stand."""
        names = [str(name) for name in json.loads(old["ids"])]
        self._note(address, (loosely(address), *map(loosely, names)), old.get("later") == "1")
        self.point.described += bool(names)
        return [Record(None, name, same=True) for name in names]

    def _described(self, place: Place, page: Page, headers: Mapping[str, str]) -> list[Record]:
        own = [each for each in page.datasets if self.alone or not each.elsewhere]
        later = not own and bool(page.datasets)
        if page.broken:
            old = self.web.validators.get(place.address, {})
            name = next(iter(json.loads(old.get("ids", "[]"))), page.canonical)
            self.point.described += 1
            return [Record(page.broken, name)]
        self.point.described += bool(own)
        self._note(place.address, (loosely(page.canonical), *(word for each in own for word in each.known_by)), later)
        self._remember(place, [each.identifier for each in own], "1" if later else "", headers)
        return [_record(each, place.changed) for each in own]

    def _remember(self, place: Place, names: list[str], later: str, headers: Mapping[str, str]) -> None:
        found = {"etag": headers.get("etag"), "last_modified": headers.get("last-modified")}
        known = self.web.fresh_validators.pop(place.address, None) or {name: value for name, value in found.items() if value}
        if len(self.web.fresh_validators) < MOST_REMEMBERED:
            self.web.fresh_validators[place.address] = known | _mark(place, names, later)

    def _note(self, address: str, words: tuple[str, ...], later: bool) -> None:
        self.given.update(map(_key, words))
        if later:
            self.point.later.append(address)
        if len(self.point.later) > MOST_LISTS:
            limit = f"more than {MOST_LISTS:,} pages only name datasets that other pages describe"
            raise TooLarge(limit, place=mask(self.url), remedy="Leave such pages out with `exclude`.")

    def _list(self, address: str) -> list[Record]:
        """The datasets that a page names and no page describes."""
        try:
            page = schema_org_page.read(self.web.get(address))
        except CatalogError as problem:
            self._failed(problem)
            return []
        left = [each for each in page.datasets if not self.given.intersection(map(_key, each.known_by))]
        self.given.update(_key(word) for each in left for word in each.known_by)
        self.point.described += bool(left)
        return [_record(each, "") for each in left]

    def _conclude(self) -> None:
        """Raises when nothing was described, or something could not be read."""
        if self.point.unread:
            said = f"{self.point.unread} pages or sitemaps could not be read; all others were taken in, and nothing was retired"
            raise NotData(said, place=mask(self.url), value=self.point.shown[0], remedy="Harvest again when the site is well.")
        if not self.point.described:
            left = ", ".join(f"{count} by {_WHY[why]}" for why, count in self.passed.items() if count)
            raise NotData(
                f"none of {self.point.pages} pages describes a dataset with schema.org",
                place=mask(self.url),
                value=f"left out: {left}" if left else "",
                remedy="Check the address, and the settings `include`, `exclude` and `hosts`.",
            )


_WHY = {"host": "their host", "pattern": "their address", "robots": "robots.txt"}


def _record(each: Described, changed: str) -> Record:
    return Record(each.body, each.identifier, each.standard or None, changed or None)


def _mark(place: Place, names: list[str], later: str) -> dict[str, str]:
    mark = {"ids": json.dumps(names, ensure_ascii=False), "lastmod": place.changed, "at": present(), "later": later}
    return {name: value for name, value in mark.items() if value}


def _matches(words: tuple[str, ...], patterns: list[str]) -> bool:
    return any(fnmatchcase(word, pattern) for word in words for pattern in patterns)


def _key(word: str) -> bytes:
    return hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=12).digest()


def _chained(chain: str, address: str) -> str:
    return hashlib.blake2b(f"{chain}\n{address}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _point(resume: str | None) -> Point:
    try:
        return Point(**json.loads(resume or "{}"))
    except (ValueError, TypeError):
        return Point()
