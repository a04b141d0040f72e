"""The datasets of a page, and who they are: JSON-LD and microdata of schema.org in HTML, or a document of JSON-LD.

A dataset is known by its `@id` or `url` where they are addresses (an `@id` that is the site's front page is none: some
software writes it on all pages), else by the page's canonical address (RFC 6596), with a number when a page has several.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from harvesters.web import Answer
from standards import html_pages
from standards.schema_terms import node, types
from standards.table import detect

PAGES = frozenset(("text/html", "application/xhtml+xml", "text/plain", ""))
_REFERENCE = re.compile(r"https?://|[/#?.]|[^:]*/", re.IGNORECASE)
_TOLD = re.compile("dataset|datafeed", re.IGNORECASE)
_LISTS = re.compile("DataCatalog|ItemList|CollectionPage|SearchResultsPage")
_URNS = ("urn:", "doi:", "info:", "hdl:", "ark:")


class Described(NamedTuple):
    """A dataset: its identity, the addresses it goes by (loosely written), whether another page of the site is about it, the
    object, and the standard that reads it ("" for schema.org's own)."""

    identifier: str
    known_by: tuple[str, ...]
    elsewhere: bool
    body: Any
    standard: str


class Page(NamedTuple):
    """What a page says: its datasets, its canonical address, and what in it was meant for machines and cannot be read."""

    datasets: tuple[Described, ...]
    canonical: str
    broken: str


def read(answer: Answer) -> Page:
    """The datasets of a page. Never raises."""
    kind = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    words = answer.text
    if kind.endswith("json") or (kind in PAGES and words.lstrip()[:1] in ("{", "[")):
        return _document(words, answer.url)
    if kind not in PAGES and not kind.endswith(("/xml", "+xml")):
        return Page((), answer.url, "")
    if not _TOLD.search(words):
        return Page((), answer.url, "")
    root = _root(words)
    canonical = _canonical(root, answer.url)
    bodies = list(html_pages.descriptions(words))
    # A page with one dataset is about it, whatever address that gives itself; a catalogue or a list names those of other pages.
    told = len(bodies) == 1 and _LISTS.search(words) is not None
    lists = len(bodies) > 1 or (told and any(_is_list(each) for each in html_pages.objects(words)))
    found = tuple(_described(bodies, canonical, answer.url, lists))
    return Page(found, canonical, "" if found else _broken(root))


def _document(words: str, address: str) -> Page:
    try:
        body = json.loads(words, strict=False)
    except (ValueError, RecursionError):
        return Page((), address, words[: 1 << 16] if "schema.org" in words and "Dataset" in words else "")
    return Page(tuple(_described(html_pages.described(body), address, address, False)), address, "")


def _is_list(each: Any) -> bool:
    return any(kind in ("DataCatalog", "ItemList", "CollectionPage", "SearchResultsPage") for kind in types(node(each)))


def _described(bodies: list[Any], canonical: str, address: str, lists: bool) -> Iterator[Described]:
    here = {loosely(canonical), loosely(address)}
    taken: set[str] = set()
    for number, body in enumerate(bodies, 1):
        names = _names(body, canonical)
        alone = canonical if len(bodies) == 1 else f"{address}#{number}"
        identifier = next((name for name in names if name not in taken), alone)
        taken.add(identifier)
        known_by = tuple(dict.fromkeys(loosely(name) for name in (*names, identifier)))
        yield Described(identifier, known_by, lists and _is_elsewhere(names, here, canonical), body, _standard(body))


def _standard(body: Any) -> str:
    found = detect(body)
    return found.name if found and found.name != "schema_org" else ""


def _names(body: Any, canonical: str) -> list[str]:
    """Addresses and names that a dataset gives itself, best first."""
    own = node(body) if isinstance(body, dict) else {}
    found = []
    for raw in (own.get("@id"), own.get("url")):
        for word in raw if isinstance(raw, list) else [raw]:
            said = word.get("@id") if isinstance(word, dict) else word
            if isinstance(said, str) and (name := _name(said.strip(), canonical)):
                found.append(name)
    return list(dict.fromkeys(found))


def _name(word: str, canonical: str) -> str:
    """A name as it is kept: absolute; "" for blank nodes, for the front page, and for a bare word (`None` is met)."""
    if not word or word.startswith("_:") or len(word) > 2000:
        return ""
    if word.lower().startswith(_URNS):
        return word
    if not _REFERENCE.match(word):
        return ""
    try:
        parts = urlsplit(urljoin(canonical, word))
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or (parts.path in ("", "/") and not parts.query):
        return ""
    return parts._replace(netloc=parts.netloc.lower()).geturl()


def loosely(address: str) -> str:
    """An address without what is written now so, now otherwise: scheme, `www.`, fragment, the last slash."""
    parts = urlsplit(address)
    return f"{host(address)}{parts.path.rstrip('/')}?{parts.query}" if parts.netloc else address


def host(address: str) -> str:
    """Host and port of an address, without `www.` and the usual ports; "" for none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    name = (parts.hostname or "").removeprefix("www.")
    return name if port in (None, 80, 443) else f"{name}:{port}"


def _is_elsewhere(names: list[str], here: set[str], canonical: str) -> bool:
    """Whether another page of this site is about the dataset: this one only mentions it."""
    pages = [name for name in names if name.startswith("http")]
    own_site = all(host(name) == host(canonical) for name in pages)
    return bool(pages) and own_site and not any(loosely(name) in here for name in pages)


def _root(words: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(words.replace("\0", " ").encode("utf-8", "replace") or b" ", parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _canonical(root: Any, address: str) -> str:
    """The page's own address, where it says one of the same site; else where it was found."""
    for link in root.iter("link") if root is not None else ():
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            name = _name(link.get("href").strip(), address)
            return name if name and host(name) == host(address) else address
    return address


def sitemaps(words: str, address: str) -> list[str]:
    """Sitemaps that a page names in its head."""
    root = _root(words)
    links = [link for link in (root.iter("link") if root is not None else ()) if link.get("href")]
    return [urljoin(address, link.get("href")) for link in links if (link.get("rel") or "").lower() == "sitemap"]


def _broken(root: Any) -> str:
    """JSON-LD about a dataset that is no JSON; "" when there is none."""
    for script in root.iter("script") if root is not None else ():
        words = script.text or ""
        about = (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json" and "Dataset" in words
        if about and not html_pages.objects(f'<script type="application/ld+json">{words}</script>'):
            return words[: 1 << 16]
    return ""
