"""What an entry of a feed gives: the description embedded in it, documents that may describe it, or a record made of itself.

A record made of an entry is a schema.org Dataset, since that holds files (enclosures) as Dublin Core does not; it says what the
entry says, and nothing else. Rules: RFC 4287 §4.1–4.2, RFC 4946 (`rel=license`), RSS 2.0, GeoRSS Simple (OGC 17-002r1),
INSPIRE Technical Guidance for Download Services 3.1 (`describedby`), https://schema.org/Dataset.
"""

from typing import Any

from harvesters.atom_feed import ATOM, Entry, Link, named, text
from harvesters.xml_stream import RECORDS
from standards.table import detect
from standards.xml_documents import PREFIXES, body_of, local, words

MOST_TRIED = 3
"""Documents of an entry that are asked for before it is a record of its own."""

MOST_BYTES = 16 << 20
"""An enclosure that says to be larger is data, not metadata."""

_A = f"{{{ATOM}}}"
_DC = f"{{{PREFIXES['dc']}}}"
_GEORSS = "{http://www.georss.org/georss}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_RDF = f"{{{PREFIXES['rdf']}}}RDF"
_RELATIONS = ("describedby", "via", "alternate", "related", "enclosure")
_METADATA = frozenset(
    (
        "application/vnd.iso.19139+xml",
        "application/vnd.iso.19115-3+xml",
        "application/rdf+xml",
        "text/turtle",
        "application/x-turtle",
        "text/n3",
        "application/n-triples",
        "application/trig",
        "application/ld+json",
        "application/mods+xml",
        "application/vnd.datacite.datacite+xml",
        "application/vnd.datacite.datacite+json",
    )
)
_PERHAPS = frozenset(("application/xml", "text/xml", "application/json"))
_PAGES = frozenset(("text/html", "application/xhtml+xml"))


def candidates(entry: Entry, pages: bool) -> list[Link]:
    """The documents that may describe an entry, the likeliest first; with `pages`, HTML too."""
    found: list[tuple[int, int, Link]] = []
    for link in (*entry.links, *_sources(entry)):
        if link.relation not in _RELATIONS or not link.address.startswith(("http://", "https://")):
            continue
        rank = _rank(link, pages)
        if rank is not None:
            found.append((rank, _RELATIONS.index(link.relation), link))
    return [link for _, _, link in sorted(found, key=lambda each: each[:2])][:MOST_TRIED]


def _rank(link: Link, pages: bool) -> int | None:
    """0: metadata by its type; 1: perhaps; 2: a page; None: neither."""
    if link.media_type in _METADATA:
        return 0
    untyped = not link.media_type and link.relation in ("describedby", "via")
    if (link.media_type in _PERHAPS or untyped) and link.relation != "related" and link.length <= MOST_BYTES:
        return 1
    page = link.media_type in _PAGES or (not link.media_type and link.relation == "alternate")
    return 2 if pages and page and link.relation in ("alternate", "via") else None


def _sources(entry: Entry) -> list[Link]:
    """Content that is elsewhere (RFC 4287 §4.1.3.2), as a link."""
    inner = entry.element.find(f"{_A}content")
    address = inner.get("src", "") if inner is not None else ""
    kind = (inner.get("type") or "").split(";")[0].strip().lower() if inner is not None else ""
    return [Link(address.strip(), "describedby", kind, "", -1)] if address else []


def embedded(entry: Entry) -> bytes:
    """The description inside an entry, as a document: XML or JSON; b"" when there is none."""
    content = entry.element.find(f"{_A}content")
    if content is not None and "json" in (content.get("type") or "").lower():
        return "".join(content.itertext()).strip().encode("utf-8", "replace")
    inner = [each for each in (content if content is not None else ()) if isinstance(each.tag, str)]
    outer = [each for each in entry.element if isinstance(each.tag, str) and (each.tag in RECORDS or each.tag == _RDF)]
    for element in (*inner, *outer):
        body = body_of(element)
        if element.tag == _RDF or element.tag in RECORDS or _is_dcat(element) or detect(body) is not None:
            return body
    return b""


def _is_dcat(element: Any) -> bool:
    return str(element.tag).startswith(f"{{{PREFIXES['dcat']}}}")


def own(entry: Entry) -> dict[str, Any]:
    """A record of the entry itself: a schema.org Dataset."""
    made = {
        "@context": {"@vocab": "https://schema.org/", "@language": entry.language} if entry.language else "https://schema.org/",
        "@type": "Dataset",
        "identifier": _identifiers(entry),
        "name": entry.title,
        "description": _description(entry),
        "url": next((link.address for link in entry.links if link.relation == "alternate" and _is_page(link)), ""),
        "datePublished": entry.published,
        "dateModified": entry.updated,
        "creator": _people(entry, "author", "creator"),
        "publisher": _people(entry, "publisher")[:1],
        "keywords": _keywords(entry),
        "inLanguage": text(entry.element, f"{_DC}language"),
        "usageInfo": text(entry.element, f"{_A}rights") or text(entry.element, f"{_DC}rights"),
        "license": next((link.address for link in entry.links if link.relation == "license"), ""),
        "spatialCoverage": _spatial(entry.element),
        "distribution": [_file(link) for link in entry.links if link.relation in ("enclosure", "section")],
    }
    return {name: value for name, value in made.items() if value not in ("", [], {}, None)}


def _identifiers(entry: Entry) -> list[str]:
    inner = [words(each) for name in ("identifier", "spatial_dataset_identifier_code") for each in named(entry.element, name)]
    return list(dict.fromkeys(each for each in (entry.identifier, *inner) if each))


def _description(entry: Entry) -> str:
    """The longest of summary and content, which may be HTML."""
    names = ("description", _CONTENT) if entry.rss else (f"{_A}summary", f"{_A}content", f"{_DC}description")
    said = [words(each) for name in names for each in entry.element.findall(name)]
    return max(said, key=len, default="")


def _is_page(link: Link) -> bool:
    return link.media_type in _PAGES or not link.media_type


def _people(entry: Entry, *names: str) -> list[str]:
    """Names of people or offices: Atom's persons, Dublin Core's words, RSS's `mail (name)`."""
    found = []
    for element in (each for name in names for each in named(entry.element, name)):
        name = next((words(each) for each in element if local(each) == "name"), "") or words(element)
        mail, _, inside = name.partition("(")
        found.append(inside.rstrip(") ") if "@" in mail and inside else name)
    return list(dict.fromkeys(each for each in found if each))


def _keywords(entry: Entry) -> list[str]:
    found = [
        (each.get("label") or each.get("term") or words(each)).strip()
        for name in ("category", "subject")
        for each in named(entry.element, name)
    ]
    return list(dict.fromkeys(each for each in found if each))


def _file(link: Link) -> dict[str, Any]:
    size = str(link.length) if link.length > 0 else ""
    made = {
        "@type": "DataDownload",
        "name": link.title,
        "contentUrl": link.address,
        "encodingFormat": link.media_type,
        "contentSize": size,
    }
    return {name: value for name, value in made.items() if value}


def _spatial(element: Any) -> dict[str, Any]:
    """GeoRSS, whose order is latitude, longitude, as in schema.org; a polygon as its box."""
    box, point = text(element, f"{_GEORSS}box"), text(element, f"{_GEORSS}point").replace(",", " ").split()
    if not box and (polygon := _numbers(text(element, f"{_GEORSS}polygon"))):
        latitudes, longitudes = polygon[::2], polygon[1::2]
        edges = (min(latitudes), min(longitudes), max(latitudes), max(longitudes))
        box = " ".join(f"{each:g}" for each in edges)
    if box:
        return {"@type": "Place", "geo": {"@type": "GeoShape", "box": box}}
    if len(point) == 2:
        return {"@type": "Place", "geo": {"@type": "GeoCoordinates", "latitude": point[0], "longitude": point[1]}}
    return {}


def _numbers(said: str) -> list[float]:
    """The coordinates of a polygon; none when they are no pairs of numbers."""
    try:
        found = [float(word) for word in said.replace(",", " ").split()]
    except ValueError:
        return []
    return found if len(found) >= 6 and len(found) % 2 == 0 else []
