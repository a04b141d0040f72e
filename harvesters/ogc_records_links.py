"""Answers of OGC API Records and the links in them: collections of records, the next page, other forms of a record.

A link may stand in the body or in the header `Link`, be relative, and lead to HTML as well as to JSON. Rules: OGC 20-004r1,
"Record collection" (`itemType`), "Record links"; OGC 17-069r4 §7.12, §7.15; RFC 8288 §3; RFC 3986 §5.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import orjson

from harvesters import forms
from harvesters.address import mask
from harvesters.base import Record
from harvesters.json_text import loads, name_of
from harvesters.web import Answer, Web
from metadata.errors import CatalogError, Invalid, NotData, Unreachable
from standards.ogc_records import recognises
from standards.table import detect

ACCEPT = {"accept": "application/geo+json, application/ogc-catalog+json, application/json;q=0.9, */*;q=0.1"}
_TOLERATED = frozenset({400, 404, 406, 410, 415, 422, 500, 501})
_MOST_PAGES = 1000  # of the list of collections
_HEADER = re.compile(r'<([^<>]{1,4000})>\s*((?:;\s*[\w*-]+\s*=\s*(?:"[^"]{0,500}"|[^;,"\s]{0,500})\s*)*)')
_REL = re.compile(r';\s*rel\s*=\s*"?([^";,]+)"?', re.IGNORECASE)
_FORMS = {
    "iso": ("application/vnd.iso.19139+xml", "application/vnd.iso.19115-3+xml", "application/vnd.iso.19115+xml",
            "application/xml", "text/xml"),
    "dcat": ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"),
}  # fmt: skip
_OTHERS = frozenset({"alternate", "describedby", "describes", "canonical", "via", "item", "original"})


@dataclass(frozen=True)
class Told:
    """A parsed answer: where it came from, for asking and for showing, and its header `Link`."""

    url: str
    place: str
    body: Any
    header: str = ""


@dataclass(frozen=True)
class Collection:
    """A record collection and the address of its items."""

    name: str
    items: str


def answer_of(web: Web, url: str) -> Told:
    """The parsed answer at an address. Raises `NotData` for what is no JSON, `Unreachable` with what the service says."""
    return _told(web.get(url, headers=ACCEPT, tolerate=_TOLERATED))


def read_json(web: Web, url: str) -> Told:
    """The same at the address that was given for the source: a page for people is asked again, for JSON."""
    answer = web.get(url, headers=ACCEPT, tolerate=_TOLERATED)
    if answer.content.lstrip()[:1] == b"<" and "f=" not in urlsplit(url).query:
        answer = web.get(url, {"f": "json"}, ACCEPT, tolerate=_TOLERATED)
    return _told(answer)


def _told(answer: Answer) -> Told:
    place = mask(answer.url)
    if answer.status >= 400:
        said = complaint(answer.content) or " ".join(answer.text[:200].split())
        remedy = "Check the URL and the settings."
        raise Unreachable(f"it answered HTTP {answer.status}", place=place, value=said, remedy=remedy)
    return Told(answer.url, place, loads(answer.text, place), answer.headers.get("link", ""))


def complaint(body: Any) -> str:
    """What an exception (RFC 9457, or OGC 17-069r4 §7.5.1) says; "" for anything else."""
    if isinstance(body, bytes):
        try:
            body = orjson.loads(body)
        except orjson.JSONDecodeError:
            return ""
    names = ("description", "detail", "title", "message", "code")
    return next((str(body[name]) for name in names if body.get(name)), "") if isinstance(body, dict) else ""


def links_of(told: Told) -> Iterator[tuple[str, str, str]]:
    """`(relation, address, media type)` of each link of an answer, in its order. Where a service calls itself by another host
    than it was asked at (an inner name), its links lead to where it was asked."""
    given = told.body.get("links") if isinstance(told.body, dict) else None
    links = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    found = [
        (_word(link, "rel"), urljoin(told.url, href.strip()), _word(link, "type"))
        for link in links
        if isinstance(href := link.get("href"), str) and href.strip()
    ]
    own = next((address for relation, address, _ in found if relation == "self"), "")
    for relation, address, kind in found:
        yield relation, _led_back(address, own, told.url), kind


def _word(link: dict[str, Any], name: str) -> str:
    return str(link.get(name) or "").lower()


def _led_back(address: str, own: str, url: str) -> str:
    there, inner, here = (urlsplit(each) for each in (address, own, url))
    if not here.netloc or not inner.netloc or there[:2] != inner[:2] or inner[:2] == here[:2]:
        return address
    return urlunsplit((here.scheme, here.netloc, *there[2:]))


def linked(told: Told, *relations: str) -> str | None:
    """The address at one of these relations, JSON before anything else; never a page for people."""
    wanted = [(each, kind) for rel, each, kind in links_of(told) if rel in relations or rel.rpartition("/")[2] in relations]
    json_ones = [each for each, kind in wanted if "json" in kind]
    return next(iter([*json_ones, *(each for each, kind in wanted if "html" not in kind)]), None)


def following(told: Told) -> str | None:
    """The address of the next page, from the body or from the header."""
    if found := linked(told, "next"):
        return found
    for address, parameters in _HEADER.findall(told.header):
        relation = _REL.search(parameters)
        if relation and "next" in relation[1].lower().split():
            return str(urljoin(told.url, address.strip()))
    return None


def collections_of(web: Web, top: Told, chosen: frozenset[str]) -> list[Collection]:
    """The record collections that an answer leads to; none when it is a static catalogue or a record."""
    body = top.body
    if not isinstance(body, dict):
        raise NotData(
            "this is no answer of OGC API Records", place=top.place, value=type(body).__name__, remedy="Check the URL."
        )
    if isinstance(body.get("features"), list):
        return [Collection("", top.url)]
    if isinstance(body.get("collections"), list):
        return _chosen(list(_every(web, top)), chosen, top)
    if items := linked(top, "items"):
        return [Collection(str(body.get("id") or ""), items)]
    if data := linked(top, "data", "collections"):
        listed = answer_of(web, data)
        if isinstance(listed.body, dict) and isinstance(listed.body.get("collections"), list):
            return _chosen(list(_every(web, listed)), chosen, listed)
    if body.get("type") == "Feature" or linked(top, "child", "item"):
        return []
    said = complaint(body) or ", ".join(map(str, body))[:200]
    raise NotData("this leads to no collection of records", place=top.place, value=said, remedy="Check the URL.")


def _every(web: Web, told: Told) -> Iterator[tuple[Told, dict[str, Any]]]:
    """The collections, of all pages of their list."""
    seen = {told.url}
    for _ in range(_MOST_PAGES):
        given = told.body.get("collections") if isinstance(told.body, dict) else None
        if not isinstance(given, list):
            raise NotData("this is no list of collections", place=told.place, remedy="Check the URL.")
        yield from ((told, each) for each in given if isinstance(each, dict))
        after = following(told)
        if after is None:
            return
        if after in seen:
            break
        seen.add(after)
        told = answer_of(web, after)
    raise NotData("the list of collections goes round in a circle", place=told.place, remedy="Ask the source to mend it.")


def _chosen(given: list[tuple[Told, dict[str, Any]]], chosen: frozenset[str], top: Told) -> list[Collection]:
    names = [str(each.get("id")) for _, each in given]
    if unknown := sorted(chosen - set(names)):
        remedy = f"There are: {', '.join(names)}."[:500]
        raise Invalid("there is no such collection", place=top.place, value=", ".join(unknown), remedy=remedy)
    wanted = [(told, each) for told, each in given if (str(each.get("id")) in chosen if chosen else holds_records(each))]
    if not wanted:
        remedy = "Name the collections that are wanted."
        raise NotData("none of the collections is one of records", place=top.place, value=", ".join(names), remedy=remedy)
    return [_collection(told, each) for told, each in wanted]


def holds_records(collection: Mapping[str, Any]) -> bool:
    """Whether a collection says that its items are records."""
    kind = collection.get("itemType")
    if kind is not None:
        return "record" in kind if isinstance(kind, list | str) else False
    classes = collection.get("conformsTo")
    told = isinstance(classes, list) and any("ogcapi-records" in str(each) for each in classes)
    return told or str(collection.get("type")).lower() == "catalog"


def _collection(told: Told, body: dict[str, Any]) -> Collection:
    name = str(body.get("id"))
    items = linked(Told(told.url, told.place, body), "items")
    return Collection(name, items or f"{told.url.partition('?')[0].rstrip('/')}/{name}/items")


def record_of(row: Any) -> Record:
    """A record as it is, with its identifier, and its standard when it is one of this protocol's."""
    properties = row.get("properties") if isinstance(row, dict) else None
    changed = properties.get("updated") if isinstance(properties, dict) else None
    found = detect(row) if isinstance(row, dict) and not recognises(row) else None
    standard = found.name if found else "ogc_records"
    return Record(row, name_of(row, "id"), standard, changed if isinstance(changed, str) else None)


def other_form(web: Web, row: Any, prefer: str, base: str) -> Record | None:
    """The record in another form that it links to; None when there is none, or when it cannot be had."""
    identifier = name_of(row, "id")
    offered = [(kind.partition(";")[0].strip(), each) for rel, each, kind in links_of(Told(base, "", row)) if rel in _OTHERS]
    for wanted in _FORMS[prefer]:
        for kind, address in offered:
            if kind == wanted and (record := _read_other(web, address, identifier)):
                return record
    return None


def _read_other(web: Web, address: str, identifier: str | None) -> Record | None:
    try:
        with web.spool(address, conditional=False) as document:
            for part in forms.records(document):
                found = detect(part.body)
                if found is not None:
                    return Record(part.body, identifier, found.name, faults=part.faults)
    except CatalogError:
        return None
    return None
