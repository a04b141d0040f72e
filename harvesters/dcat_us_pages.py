"""Whether a data.json is only the first page of more, and where the next one is.

The schema (Project Open Data v1.1) knows no paging; some portals page all the same, and say so: by a `Link` header (RFC 8288),
by a member that names the next page (`next`, `nextPage`, a `links` list, `hydra:next`), or by the number of this page beside
the number of pages. Only what the document or its headers say counts: no address is made up otherwise.
"""

import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import httpx
import orjson

from harvesters.spool import Document

WHOLE = 8 << 20
"""Bytes up to which a document is looked at as a whole; of a longer one the head and the tail are."""

_EDGE = 1 << 14
_NAMES = ("next", "nextPage", "next_page", "nextLink", "next_link", "next_url", "nextUrl", "hydra:next", "hydra:nextPage")
_PARTS = ("pagination", "paging", "meta", "_links", "links", "page", "view", "hydra:view")
_NUMBER = ("page", "currentPage", "current_page", "pageNumber")
_PAGES = ("pages", "totalPages", "total_pages", "pageCount", "page_count", "lastPage", "last_page")
_TOTALS = ("totalItems", "total_items", "totalCount", "total_count", "total", "numberMatched", "hydra:totalItems")
_MEMBER = re.compile(rb"\"(?:" + b"|".join(name.encode() for name in _NAMES) + rb")\"\s*:\s*(\"(?:[^\"\\]|\\.){1,2000}\")")


@dataclass(frozen=True)
class Onward:
    """What a page says of the others: the address of the next one, and how many records all have. `paged`: it says that there
    are others at all."""

    following: str | None = None
    total: int | None = None
    paged: bool = False


def onward(document: Document, url: str) -> Onward:
    """What this page says of the others. `url` is where it was asked for; addresses are joined to it."""
    linked = _linked(document.headers.get("link", ""))
    if document.size > WHOLE:
        following = linked or _at_the_edges(document)
        return Onward(_joined(url, following), None, following is not None)
    top = _top(document)
    following = linked or _named(top)
    paged = following is not None or _paging(top)
    return Onward(_joined(url, following) or _numbered(top, url), _whole_number(top, _TOTALS) if paged else None, paged)


def _linked(header: str) -> str | None:
    """The target of `rel="next"`."""
    links = httpx.Response(200, headers={"link": header}).links if header else {}
    return links.get("next", {}).get("url")


def _top(document: Document) -> dict[str, Any]:
    """The members of the document's object besides its records; none when it is no such object."""
    if not document.head().lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"{"):
        return {}
    with document.open() as reader:
        try:
            body = orjson.loads(reader.read().decode("utf-8", "replace"))
        except orjson.JSONDecodeError:
            return {}
    if not isinstance(body, dict):
        return {}
    top = {name: value for name, value in body.items() if name != "dataset"}
    inner = {name: value for part in _PARTS if isinstance(top.get(part), dict) for name, value in top[part].items()}
    return inner | top


def _named(top: dict[str, Any]) -> str | None:
    """The address that a member names as the next page's."""
    for name in _NAMES:
        if address := _address(top.get(name)):
            return address
    links = top.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "next" and (address := _address(link)):
            return address
    return None


def _address(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("href") or value.get("url") or value.get("@id")
    return value if isinstance(value, str) and re.match(r"https?://|/|\?", value) else None


def _paging(top: dict[str, Any]) -> bool:
    """Whether a member speaks of pages at all, even where there is no next one."""
    return any(name in top for name in _NAMES) or _whole_number(top, _PAGES) is not None


def _numbered(top: dict[str, Any], url: str) -> str | None:
    """The next page by its number, when the document gives its own number and how many there are."""
    number, pages = _whole_number(top, _NUMBER), _whole_number(top, _PAGES)
    if number is None or pages is None or number >= pages:
        return None
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"page": str(number + 1)}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), ""))


def _whole_number(top: dict[str, Any], names: tuple[str, ...]) -> int | None:
    values = (top.get(name) for name in names)
    return next((value for value in values if isinstance(value, int) and not isinstance(value, bool)), None)


def _at_the_edges(document: Document) -> str | None:
    """A next page named before the first record or behind the last one of a long document."""
    head = document.head(_EDGE).partition(b'"dataset"')[0]
    tail = os.pread(document.descriptor, _EDGE, max(0, document.size - _EDGE))
    behind = tail[tail.rfind(b"}]") + 1 :] if b"}]" in tail else tail[-1024:]
    found = _MEMBER.search(head) or _MEMBER.search(behind)
    return _address(orjson.loads(found[1])) if found else None


def _joined(url: str, following: str | None) -> str | None:
    return urljoin(url, following) if following else None
