"""Atom feeds of what is new (RFC 4287), paged (RFC 5005 §3): of every question that `/api/v1/datasets` can be asked, and of
saved searches. A feed shows what everyone may see, the latest changed dataset first."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from catalog_api.deps import EngineDep, SessionDep, SettingsDep
from catalog_api.routers.reply import After, tagged
from catalog_api.searches import kept, wanted
from catalog_api.settings import Settings
from metadata import searches, store
from metadata.entry import Entry
from metadata.text import UNDETERMINED, best, chosen, every
from search.base import Page, SearchEngine

router = APIRouter(tags=["exchange"])
PER_PAGE = 50
MEDIA_TYPE = "application/atom+xml"
SUMMARY = 1_000
CATEGORIES = 20
ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2
_NEVER = "1970-01-01T00:00:00Z"
register_namespace("", ATOM)

Language = Annotated[str | None, Query(description="The language of titles, where there are several.", max_length=20)]


@dataclass(frozen=True)
class Feed:
    """What a feed is of: its own address, its question, its title, and the address that a reader is sent to."""

    address: str
    query: str
    title: str
    languages: tuple[str, ...]


@router.get("/feeds/datasets.atom")
def datasets_feed(
    request: Request,
    session: SessionDep,
    engine: EngineDep,
    settings: SettingsDep,
    lang: Language = None,
    after: After = None,
) -> Response:
    """New and changed datasets as an Atom feed. It takes the words, filters and bounds that `/api/v1/datasets` takes."""
    languages = _languages(settings, lang)
    query = kept(wanted(request.url.query, languages))
    words = request.query_params.get("q", "")
    title = f"{settings.site_title}: {words}" if words else settings.site_title
    address = f"{settings.site_url}/feeds/datasets.atom"
    return _answer(request, session, engine, settings, Feed(address, query, title, languages), after)


@router.get("/searches/{search_id}/feed.atom")
def saved_feed(
    search_id: str, request: Request, session: SessionDep, engine: EngineDep, settings: SettingsDep, after: After = None
) -> Response:
    """What a saved search finds, as an Atom feed."""
    row = searches.saved(session, search_id)
    languages = _languages(settings, row.language)
    address = f"{settings.site_url}/searches/{quote(row.id)}/feed.atom"
    return _answer(request, session, engine, settings, Feed(address, row.query, row.name, languages), after)


def _languages(settings: Settings, first: str | None) -> tuple[str, ...]:
    rest = settings.languages
    return (first, *(one for one in rest if one != first)) if first in rest else rest


def _answer(
    request: Request, session: Session, engine: SearchEngine, settings: Settings, feed: Feed, after: str | None
) -> Response:
    page = engine.search(wanted(feed.query, feed.languages, limit=PER_PAGE, after=after))
    found = store.entries(session, [hit.id for hit in page.hits])
    entries = [found[hit.id] for hit in page.hits if hit.id in found and found[hit.id].state == "published"]
    body = tostring(_feed(settings, feed, page, entries, after), encoding="utf-8", xml_declaration=True)
    return tagged(request, body, MEDIA_TYPE)


def _feed(settings: Settings, feed: Feed, page: Page, entries: list[Entry], after: str | None) -> Element:
    root = Element(f"{{{ATOM}}}feed", {_LANGUAGE: feed.languages[0]})
    own = _own(settings, feed)
    _add(root, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, own)}")
    _add(root, "title", feed.title)
    _add(root, "updated", max((entry.updated for entry in entries), default=_NEVER))
    _link(root, "self", _with(own, after), MEDIA_TYPE)
    _link(root, "first", own, MEDIA_TYPE)
    if page.next is not None:
        _link(root, "next", _with(own, page.next), MEDIA_TYPE)
    _link(root, "alternate", f"{settings.site_url}/search?{feed.query}", "text/html")
    author = _add(root, "author")
    _add(author, "name", settings.site_title)
    _add(author, "uri", settings.site_url)
    _add(root, "generator", "Mulu")
    for entry in entries:
        _entry(root, settings, feed, entry)
    return root


def _own(settings: Settings, feed: Feed) -> str:
    """The address of the feed's first page: the question is part of it, unless the feed is of a saved search."""
    if not feed.address.endswith("/datasets.atom"):
        return feed.address
    language = f"lang={feed.languages[0]}" if feed.languages[0] != settings.languages[0] else ""
    query = "&".join(filter(None, (feed.query, language)))
    return f"{feed.address}?{query}" if query else feed.address


def _with(address: str, after: str | None) -> str:
    return f"{address}{'&' if '?' in address else '?'}after={quote(after, safe='')}" if after else address


def _entry(root: Element, settings: Settings, feed: Feed, entry: Entry) -> None:
    data = entry.dataset
    made = _add(root, "entry")
    _add(made, "id", f"urn:uuid:{entry.id}")
    _add(made, "title", *_spoken(data.title, feed.languages, entry.name))
    _add(made, "updated", entry.updated)
    _add(made, "published", entry.created)
    own = f"{settings.site_url}/dataset/{quote(entry.name)}"
    _link(made, "alternate", own, "text/html")
    _link(made, "related", f"{own}.jsonld", "application/ld+json")
    publisher = best(data.publisher.name, feed.languages) if data.publisher else ""
    if name := best(entry.organization_title, feed.languages) or publisher:
        _add(_add(made, "author"), "name", name)
    for word in filter(None, (_plain(one).strip() for one in every(data.keyword)[:CATEGORIES])):
        SubElement(made, f"{{{ATOM}}}category", {"term": word})
    if data.description:
        words, language = _spoken(data.description, feed.languages, "")
        _add(made, "summary", words[:SUMMARY], language)


def _spoken(words: Mapping[str, str], languages: tuple[str, ...], otherwise: str) -> tuple[str, str | None]:
    """The words in the best language there is, and which that is, where it is known."""
    tag, text = chosen(words, languages)
    return text or otherwise, None if tag == UNDETERMINED else tag


def _add(parent: Element, name: str, text: str | None = None, language: str | None = None) -> Element:
    made = SubElement(parent, f"{{{ATOM}}}{name}", {_LANGUAGE: language} if language else {})
    made.text = None if text is None else _plain(text)
    return made


def _link(parent: Element, relation: str, address: str, media_type: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": address, "type": media_type})


def _plain(text: str) -> str:
    """Text without what XML cannot hold."""
    return _NO_XML.sub("", text)
