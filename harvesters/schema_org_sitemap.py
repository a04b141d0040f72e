"""The pages of a site: its robots.txt, and its sitemaps of any number, read as they come.

Rules: RFC 9309 (robots.txt), sitemaps.org protocol 0.9 (sitemaps, indexes, plain lists of addresses). A robots.txt that is not
there (4xx) allows all; one that cannot be had (5xx, no answer) forbids all, so the run fails (RFC 9309 §2.3.1.3, §2.3.1.4).
Sitemaps are read with their common faults: ampersands that are not escaped, elements without a namespace, compressed files,
indexes within indexes. What ends in the middle is not taken for a whole sitemap.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree
from protego import Protego

from harvesters.address import mask
from harvesters.spool import Document
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, Refused, TooLarge
from standards.base import Unreadable
from standards.xml_characters import without_doctype

AGENT = "Mulu"
LONGEST_PAUSE = 120.0  # seconds between requests that a robots.txt may ask for
MOST_SITEMAPS = 50_000
DEEPEST = 6
SHOWN = 20
_ROBOTS = 512 << 10  # bytes that are read of a robots.txt (RFC 9309 §2.5)
_LONGEST = 2048 * 4  # characters of one address
_STEP = 1 << 16
_CONTROLS = bytes(32 if byte < 32 and byte not in (9, 10, 13) else byte for byte in range(256))
_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_END = re.compile(rb"</(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>")
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "encoding": "utf-8"}
_LINE = re.compile(r"^\s*(?:user-agent|sitemap)\s*:", re.IGNORECASE | re.MULTILINE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(urlset|sitemapindex)[\s>/]")


class Place(NamedTuple):
    """A page, or a sitemap of an index: its address and when it changed last, as the sitemap says."""

    address: str
    changed: str
    nested: bool


def is_sitemap(start: str) -> bool:
    """Whether a document begins as a sitemap or an index of them."""
    return start.startswith("<") and _ROOT.search(start[:4096]) is not None


def is_robots(start: str) -> bool:
    """Whether a text is a robots.txt: it has a line that only such a file has."""
    return (
        bool(re.search(r"^\s*(?:user-agent|sitemap)\s*:", start[:4096], re.IGNORECASE | re.MULTILINE)) and "<" not in start[:1]
    )


@dataclass
class Robots:
    """What sites allow: robots.txt of each host, asked for once."""

    web: Web
    known: dict[str, Any] = field(default_factory=dict)

    def of(self, address: str) -> Any:
        """The rules of an address's host. Raises `Unreachable` when they cannot be had, `Refused` for a pause beyond reason."""
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.known:
            answer = self.web.get(f"{origin}/robots.txt", tolerate=range(400, 500))
            words = answer.text[:_ROBOTS] if answer.status < 400 else ""
            self.known[origin] = Protego.parse("" if words.lstrip().startswith("<") else words)
            self._slow_down(origin)
        return self.known[origin]

    def allow(self, address: str) -> bool:
        """Whether a page may be asked for."""
        return bool(self.of(address).can_fetch(address, AGENT))

    def _slow_down(self, origin: str) -> None:
        pause = self.known[origin].crawl_delay(AGENT) or 0.0
        if pause > LONGEST_PAUSE:
            raise Refused(
                f"the site asks for {pause:g} seconds between two requests, more than {LONGEST_PAUSE:g}",
                place=mask(f"{origin}/robots.txt"),
                value=f"Crawl-delay: {pause:g}",
                remedy="Ask the site for a catalogue in one document.",
            )
        self.web.pause = max(self.web.pause, pause)


@dataclass
class Sitemaps:
    """A walk through sitemaps. `unread` tells, once it is over, which could not be read: the pages they list are unknown."""

    web: Web
    unread: list[str] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)

    def pages(self, addresses: list[str]) -> Iterator[Place]:
        """Every page of these sitemaps and of those they name. Raises for the first one when it cannot be read."""
        for number, address in enumerate(addresses):
            yield from self._pages(address, 0, must=number == 0 and len(addresses) == 1)

    def _pages(self, address: str, depth: int, must: bool) -> Iterator[Place]:
        if address in self._met:
            return
        self._met.add(address)
        if depth > DEEPEST or len(self._met) > MOST_SITEMAPS:
            limit = f"sitemaps lead more than {DEEPEST} levels down, or are more than {MOST_SITEMAPS:,}"
            raise TooLarge(limit, place=mask(address), remedy="Give the address of one of them.")
        nested: list[str] = []
        try:
            with self.web.spool(address, conditional=False) as document:
                for place in places(document, address):
                    if place.nested:
                        nested.append(place.address)
                    else:
                        yield place
        except CatalogError as problem:
            if must:
                raise
            self.unread.append(str(problem))
        for inner in nested:
            yield from self._pages(inner, depth + 1, must=False)


def places(document: Document, address: str) -> Iterator[Place]:
    """What one sitemap lists. Raises `NotData` for what is none, or ends too early."""
    start = document.head().decode("utf-8", "replace").lstrip("\ufeff \t\r\n\0")
    if is_sitemap(start):
        yield from _xml(document, address)
    elif start and all(line.strip().startswith(("http://", "https://")) for line in start.splitlines()[:3] if line.strip()):
        yield from _lines(document)
    else:
        shown = " ".join(start[:80].split())
        raise NotData("this is no sitemap", place=document.place, value=shown or "nothing", remedy="Check the URL.")


def _lines(document: Document) -> Iterator[Place]:
    with document.open() as reader:
        for line in iter(lambda: reader.readline(_LONGEST), b""):
            word = line.decode("utf-8", "replace").strip()
            if word.startswith(("http://", "https://")):
                yield Place(word, "", False)


class _Reader:
    """A sitemap's bytes for the parser, its ampersands mended; `tail` is how it ends."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner, self._first, self._held, self.tail = inner, True, b"", b""

    def read(self, _size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._inner.read(_STEP)
        whole = self._held + chunk.translate(_CONTROLS)
        # An ampersand at the end may begin an entity that the next bytes end.
        cut = whole.rfind(b"&", max(0, len(whole) - 12)) if chunk else -1
        self._held, whole = (whole[cut:], whole[:cut]) if cut > 0 else (b"", whole)
        if self._first and whole:
            whole, self._first = without_doctype(whole.lstrip()), False
        self.tail = (self.tail + whole)[-1024:]
        return _AMPERSAND.sub(b"&amp;", whole)


def _xml(document: Document, address: str) -> Iterator[Place]:
    with document.open() as inner:
        reader = _Reader(inner)
        try:
            for _, element in etree.iterparse(reader, ("end",), tag=("{*}url", "{*}sitemap"), recover=True, **_SAFE):
                if place := _place(element, address):
                    yield place
                _forget(element)
        except (etree.XMLSyntaxError, Unreadable) as problem:
            raise NotData("this sitemap is broken", place=document.place, value=problem, remedy=_MEND) from None
        if not _END.search(reader.tail):
            raise NotData("this sitemap ends too early", place=document.place, value=f"{document.size} bytes", remedy=_MEND)


_MEND = "Ask the site to mend it."


def _place(element: Any, address: str) -> Place | None:
    said = {str(child.tag).rpartition("}")[2]: (child.text or "").strip() for child in element if isinstance(child.tag, str)}
    where = said.get("loc", "")
    if not where or len(where) > _LONGEST:
        return None
    try:
        return Place(urljoin(address, where), said.get("lastmod", ""), str(element.tag).endswith("sitemap"))
    except ValueError:
        return None


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    around = element.getparent()
    while around is not None and element.getprevious() is not None:
        del around[0]
