"""Which protocol an address speaks: told from what it answers, not from its spelling.

The address itself is looked at first, then what its page links as an alternate form, then the places where each protocol
would show itself under the same site. Every protocol says what it makes of each answer and how sure it is; the surest wins,
at a tie the more special one (the order of `PROTOCOLS`, with the catch-alls last).
"""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from harvesters.address import mask
from harvesters.base import Found, Seen
from harvesters.table import PROTOCOLS
from harvesters.web import Web
from metadata.errors import CatalogError, NotData

CERTAIN = 50  # from here on nothing else is asked: the address itself answers in this form
OF_A_PAGE = 80  # the same for a page: most say less of a site than its API does
MOST_PROBES = 60
LONGEST = 60.0  # seconds after which no further place is asked

_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(rel|type|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_FORMS = re.compile(r"rdf|turtle|n-triples|ld\+json|trig|atom|rss|\bjson\b|xml", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A protocol and what it found."""

    protocol: str
    found: Found


def detect(web: Web, url: str) -> list[Candidate]:
    """The protocols that could harvest this address, the surest first; at least one. Raises `NotData` when none could, and
    whatever keeps the address itself from answering."""
    first = web.look(url)
    candidates = _recognised(first)
    enough = OF_A_PAGE if "html" in first.media_type else CERTAIN
    if not candidates or candidates[0].found.sure < enough:
        for seen in _looked(web, url, first):
            candidates += _recognised(seen)
            if any(one.found.sure >= 100 for one in candidates):
                break
    if not candidates:
        raise NotData(
            "no protocol recognises what this address answers",
            place=mask(url),
            value=f"HTTP {first.status}, {first.media_type or 'no type'}: {' '.join(first.text[:80].split())}",
            remedy="Give the address of the catalogue itself (its API, file or feed), or name the protocol.",
        )
    return _ranked(candidates)


def _looked(web: Web, url: str, first: Seen) -> Iterator[Seen]:
    """What the other places of the site answer; places that do not are passed over."""
    until = time.monotonic() + LONGEST
    for address in _places(url, first):
        if time.monotonic() > until:
            return
        try:
            yield web.look(address)
        except CatalogError:
            continue


def _places(url: str, first: Seen) -> list[str]:
    """Where else to look: what the page links, then the protocols' own places."""
    asked = {url, first.url}
    found: dict[str, None] = {}
    for address in (*_linked(first), *_probes(first.url)):
        if address not in asked:
            found.setdefault(address)
    return list(found)[:MOST_PROBES]


def _linked(seen: Seen) -> Iterable[str]:
    """The alternate forms that a page links in its head (HTML §4.6.7.1)."""
    for link in _LINK.findall(seen.text):
        said = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(link)}
        kind = said.get("type", "")
        if {"alternate", "describedby", "search"} & set(said.get("rel", "").lower().split()) and _FORMS.search(kind):
            yield urljoin(seen.url, said.get("href", ""))


def _probes(url: str) -> Iterator[str]:
    for protocol in PROTOCOLS.values():
        probes = getattr(protocol, "probes", None)
        yield from (probes(url) if probes else ())


def _recognised(seen: Seen) -> list[Candidate]:
    found: list[Candidate] = []
    for name in PROTOCOLS:
        recognises = getattr(PROTOCOLS.get(name), "recognises", None)
        made = recognises(seen) if recognises else None
        if made is not None:
            found.append(Candidate(name, made))
    return _ranked(found)


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The surest first, each protocol and address once."""
    found: dict[tuple[str, str], Candidate] = {}
    for one in sorted(candidates, key=lambda each: -each.found.sure):
        found.setdefault((one.protocol, one.found.url), one)
    return list(found.values())
