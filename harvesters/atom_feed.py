"""Feeds as documents: Atom (RFC 4287) and RSS 2.0, read entry by entry, whatever their size.

    facts(document, address) -> Facts                what the feed says of itself: its pages, its total, its tombstones
    entries(document, facts) -> Iterator[Entry]      in the feed's order

Rules: RFC 4287, RFC 5005 (paging, archives, complete feeds), RFC 6721 (tombstones), RSS 2.0.11, OpenSearch 1.1 (totalResults).
A feed that breaks off is told as such after the entries before the break.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urljoin

from lxml import etree

from harvesters.spool import Document
from metadata.errors import NotData, TooLarge
from standards.base import Unreadable
from standards.xml_characters import without_doctype
from standards.xml_documents import local, words

ATOM = "http://www.w3.org/2005/Atom"
_A = f"{{{ATOM}}}"
_AT = "{http://purl.org/atompub/tombstones/1.0}"
_FH = "{http://purl.org/syndication/history/1.0}"
_OS = ("{http://a9.com/-/spec/opensearch/1.1/}", "{http://a9.com/-/spec/opensearchrss/1.0/}")
_XML = "{http://www.w3.org/XML/1998/namespace}"
_INSPIRE = "inspire.ec.europa.eu/schemas/inspire_dls"
_ENTRY_LIMIT = 16 << 20  # bytes between the ends of two entries
_STEP = 1 << 16
_CONTROLS = bytes(32 if byte < 32 and byte not in (9, 10, 13) else byte for byte in range(256))
_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "encoding": "utf-8",
    "remove_comments": True,
    "remove_pis": True,
}
_MEND = "Ask the source to mend it."


class Link(NamedTuple):
    """A link: absolute address, relation, media type in lower case, title, and its length in bytes (-1: not said)."""

    address: str
    relation: str
    media_type: str
    title: str
    length: int


@dataclass(frozen=True)
class Entry:
    """One entry: `element` holds it as it came; texts are plain or HTML, dates ISO 8601 where they can be read."""

    identifier: str
    updated: str
    published: str
    title: str
    language: str
    links: tuple[Link, ...]
    element: Any
    rss: bool


@dataclass
class Facts:
    """What a feed says of itself. `base`: what relative addresses start from; `gone`: when entries went, by their ids."""

    rss: bool
    base: str
    links: dict[str, str] = field(default_factory=dict)
    complete: bool = False
    archive: bool = False
    inspire: bool = False
    total: int | None = None
    language: str = ""
    count: int = 0
    gone: dict[str, str] = field(default_factory=dict)

    @property
    def following(self) -> str:
        """The address of the page (RFC 5005 §3) or archive (§4) that goes on; "" at the end."""
        return self.links.get("next") or self.links.get("prev-archive", "")

    @property
    def paged(self) -> bool:
        """Whether the feed is one of pages or archives, so that all of them are the whole of it."""
        return bool({"first", "last", "previous", "next", "prev-archive", "current"} & set(self.links)) or self.archive


def kind(start: str) -> str:
    """`atom`, `rss` or "": what a document begins as."""
    try:
        reader = etree.XMLPullParser(("start",), recover=True, resolve_entities=False, no_network=True, encoding="utf-8")
        reader.feed(without_doctype(start.encode("utf-8", "replace")))
        root = next((element for _, element in reader.read_events()), None)
    except (etree.XMLSyntaxError, Unreadable, ValueError):
        return ""
    if root is None:
        return ""
    name = str(root.tag)
    return "atom" if name in (f"{_A}feed", f"{_A}entry") else "rss" if name == "rss" else ""


def facts(document: Document, address: str) -> Facts:
    """What a feed says of itself. Raises `NotData` for what is no feed, or breaks off."""
    start = document.head(1 << 14).decode("utf-8", "replace").lstrip("\ufeff \t\r\n\0")
    sort = kind(start)
    if not sort:
        shown = " ".join(start[:80].split()) or "nothing"
        raise NotData("this is neither an Atom feed nor RSS", place=document.place, value=shown, remedy="Check the URL.")
    found = Facts(sort == "rss", address, inspire=_INSPIRE in start)
    for element in _elements(document, _TOLD):
        _learn(found, element)
    return found


def _learn(found: Facts, element: Any) -> None:
    parent = element.getparent()
    name, around = str(element.tag), str(parent.tag) if parent is not None else ""
    if name in (f"{_A}entry", "item"):
        found.count += 1
    if parent is None:
        found.base = urljoin(found.base, element.get(f"{_XML}base", ""))
        found.language = element.get(f"{_XML}lang", "") or found.language
    if around not in (f"{_A}feed", "channel"):
        return
    if name == f"{_A}link" and element.get("href"):
        base = urljoin(found.base, parent.get(f"{_XML}base", ""))  # the feed itself is told of when it ends
        found.links.setdefault(_relation(element), urljoin(base, element.get("href", "").strip()))
    elif name == f"{_FH}complete":
        found.complete = True
    elif name == f"{_FH}archive":
        found.archive = True
    elif name == "language":
        found.language = words(element)
    elif name == f"{_AT}deleted-entry" and element.get("ref", "").strip():
        found.gone[element.get("ref").strip()] = element.get("when", "").strip()
    elif any(name == f"{space}totalResults" for space in _OS) and words(element).isdecimal():
        found.total = int(words(element)[:12])


def entries(document: Document, about: Facts) -> Iterator[Entry]:
    """The entries of a feed, each good until the next is asked for. Raises `NotData` where it breaks off."""
    for element in _elements(document, _INNER):
        if str(element.tag) == f"{_A}entry":
            yield _atom(element, urljoin(about.base, element.get(f"{_XML}base", "")), about.language)
        elif str(element.tag) == "item":
            yield _rss(element, about)


class _Reader:
    """UTF-8 for the parser, with an end to entries that have none."""

    def __init__(self, inner: BinaryIO, place: str) -> None:
        self._inner, self._place, self._first, self.since = inner, place, True, 0

    def read(self, _size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._inner.read(_STEP).translate(_CONTROLS)
        self.since += len(chunk)
        if self.since > _ENTRY_LIMIT:
            limit = f"more than {_ENTRY_LIMIT >> 20} MiB without the end of an entry"
            raise TooLarge(limit, place=self._place, remedy=_MEND)
        if self._first:
            chunk, self._first = without_doctype(chunk.lstrip()), False
        return chunk


_INNER = (f"{_A}entry", "item")
_TOLD = (
    *_INNER,
    *(f"{_A}feed", f"{_A}link", "rss", "channel", "language", f"{_FH}complete", f"{_FH}archive", f"{_AT}deleted-entry"),
    *(f"{space}totalResults" for space in _OS),
)
"""Elements that say something of the feed."""


def _elements(document: Document, names: tuple[str, ...]) -> Iterator[Any]:
    """Every element of these names that ends outside an entry, and every entry, which is forgotten once it was given."""
    inside = 0
    with document.open() as inner:
        reader = _Reader(inner, document.place)
        try:
            for event, element in etree.iterparse(reader, ("start", "end"), tag=names, **_SAFE):
                entry = str(element.tag) in _INNER
                if event == "start":
                    inside += entry
                    continue
                inside -= entry
                if inside == 0:
                    yield element
                    if entry:
                        reader.since = 0
                        _forget(element)
        except (etree.XMLSyntaxError, Unreadable) as problem:
            raise NotData("the feed breaks off", place=document.place, value=problem, remedy=_MEND) from None


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    around = element.getparent()
    while around is not None and element.getprevious() is not None and str(element.getprevious().tag) in _INNER:
        around.remove(element.getprevious())


def _relation(element: Any) -> str:
    """RFC 4287 §4.2.7.2: a link without a relation is `alternate`."""
    return (element.get("rel") or "alternate").strip().lower().removeprefix("http://www.iana.org/assignments/relation/")


def _link(element: Any, base: str) -> Link:
    length = element.get("length", "")
    return Link(
        urljoin(base, element.get("href", element.get("url", "")).strip()),
        _relation(element),
        (element.get("type") or "").split(";")[0].strip().lower(),
        (element.get("title") or "").strip(),
        int(length[:15]) if length.isdecimal() else -1,
    )


def _atom(element: Any, base: str, language: str) -> Entry:
    links = tuple(_link(each, base) for each in element.findall(f"{_A}link") if each.get("href"))
    return Entry(
        text(element, f"{_A}id"),
        text(element, f"{_A}updated"),
        text(element, f"{_A}published"),
        text(element, f"{_A}title"),
        element.get(f"{_XML}lang", "") or language,
        links,
        element,
        rss=False,
    )


def _rss(element: Any, about: Facts) -> Entry:
    page = text(element, "link")
    guid = text(element, "guid")
    links = [_link(each, about.base) for each in element.findall(f"{_A}link") if each.get("href")]
    if page:
        links.append(Link(urljoin(about.base, page), "alternate", "text/html", "", -1))
    links += [
        _link(each, about.base)._replace(relation="enclosure") for each in element.findall("enclosure") if each.get("url")
    ]
    stamp = moment(text(element, "pubDate") or text(element, "{http://purl.org/dc/elements/1.1/}date"))
    return Entry(guid or page, stamp, stamp, text(element, "title"), about.language, tuple(links), element, rss=True)


def moment(said: str) -> str:
    """A date of RFC 822 as ISO 8601; anything else as it is."""
    try:
        found: datetime = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError):
        return said
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if found.tzinfo else found.isoformat()


def text(element: Any, name: str) -> str:
    """The words of a child; "" for none."""
    return words(element.find(name))


def named(element: Any, name: str) -> list[Any]:
    """The children of this local name, in any namespace."""
    return [each for each in element if isinstance(each.tag, str) and local(each) == name]
