"""Atom feeds, read by a real reader: valid, public only, paged by cursor, conditional."""

import json
import re
import uuid
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import feedparser
import httpx
import pytest

from metadata import database, searches
from tests.catalog_api.conftest import SITE, Site
from tests.harvests import new_source, record, visit

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def filled(site: Site, count: int = 3, **more: Any) -> None:
    visit(site.engine, new_source(site.engine), [record(f"d{number}", f"Bus line {number}", **more) for number in range(count)])
    site.follow()


def valid(text: str) -> Element:
    """The feed, checked against RFC 4287 §4: what has to be there once, what may be there at most once, and in which form."""
    root = fromstring(text)
    assert root.tag == f"{ATOM}feed"
    for holder in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(f"{ATOM}{name}")) == 1, name
        for name in ("published", "summary", "generator", "subtitle", "rights"):
            assert len(holder.findall(f"{ATOM}{name}")) <= 1, name
        identifier = holder.findtext(f"{ATOM}id") or ""
        assert str(uuid.UUID(identifier.removeprefix("urn:uuid:"))) in identifier
        for name in ("updated", "published"):
            moment = holder.findtext(f"{ATOM}{name}")
            assert moment is None or TIME.fullmatch(moment), moment
        links = [(one.get("rel"), one.get("type")) for one in holder.findall(f"{ATOM}link")]
        assert len(links) == len(set(links))  # §4.1.1: no two alternates of one type and language
        for one in holder.findall(f"{ATOM}link"):
            assert urlsplit(one.get("href") or "").scheme in ("http", "https")
        for author in holder.findall(f"{ATOM}author"):
            assert len(author.findall(f"{ATOM}name")) == 1
        assert all(one.get("term") for one in holder.findall(f"{ATOM}category"))
    assert root.find(f"{ATOM}author") is not None  # §4.1.1: so that every entry has one
    identifiers = [one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")]
    assert len(identifiers) == len(set(identifiers))
    return root


def fetched(site: Site, path: str, **headers: str) -> httpx.Response:
    answer = site.client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    return answer


def linked(root: Element, relation: str) -> str | None:
    found = [one.get("href") for one in root.findall(f"{ATOM}link") if one.get("rel") == relation]
    return found[0] if found else None


def test_a_reader_understands_it(site: Site) -> None:
    filled(site, description="Zeiten & <b>Orte</b>")
    answer = fetched(site, "/feeds/datasets.atom?q=bus")
    valid(answer.text)
    told = feedparser.parse(answer.content)
    assert not told.bozo and told.version == "atom10"
    assert told.feed.title == "目录 Mulu: bus" and told.feed.author == "目录 Mulu"
    assert {entry.title for entry in told.entries} == {"Bus line 0", "Bus line 1", "Bus line 2"}
    first = told.entries[0]
    assert first.link.startswith(f"{SITE}/dataset/bus-line") and first.summary == "Zeiten & <b>Orte</b>"
    assert first.author == "交通局" and first.tags[0].term == "open data" and first.updated_parsed and first.published_parsed
    assert site.client.get(first.link.removeprefix(SITE)).status_code == 200


def test_an_empty_feed_and_one_of_everything(site: Site) -> None:
    root = valid(fetched(site, "/feeds/datasets.atom").text)
    assert root.findall(f"{ATOM}entry") == [] and root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    filled(site)
    assert len(valid(fetched(site, "/feeds/datasets.atom").text).findall(f"{ATOM}entry")) == 3
    assert len(valid(fetched(site, "/feeds/datasets.atom?q=nothingofthekind").text)) > 5


def test_filters_are_those_of_the_api(site: Site) -> None:
    visit(
        site.engine,
        new_source(site.engine),
        [record("a", "Alpha", keyword=["bus"]), record("b", "Beta", keyword=["air"]), record("c", "Gamma", keyword=["air"])],
    )
    site.follow()
    root = valid(fetched(site, "/feeds/datasets.atom?keyword=air&-name=gamma&sort=title&limit=1&facets=keyword").text)
    assert [one.findtext(f"{ATOM}title") for one in root.findall(f"{ATOM}entry")] == ["Beta"]
    refused = site.client.get("/feeds/datasets.atom?nonsense=1", headers={"Accept": "text/html"})
    assert refused.status_code == 400 and json.loads(refused.text)["value"] == "nonsense"
    assert site.client.get("/feeds/datasets.atom?after=nonsense").status_code == 400


def test_pages_hold_everything_once(site: Site) -> None:
    filled(site, 120)
    found: list[str] = []
    path: str | None = "/feeds/datasets.atom?q=bus"
    pages, feeds = 0, set()
    while path:
        root = valid(fetched(site, path).text)
        assert linked(root, "self") == SITE + path and linked(root, "first") == f"{SITE}/feeds/datasets.atom?q=bus"
        assert linked(root, "alternate") == f"{SITE}/search?q=bus"
        feeds.add(root.findtext(f"{ATOM}id"))
        found += [one.findtext(f"{ATOM}id") or "" for one in root.findall(f"{ATOM}entry")]
        following = linked(root, "next")
        path, pages = following.removeprefix(SITE) if following else None, pages + 1
    assert (pages, len(found), len(set(found)), len(feeds)) == (3, 120, 120, 1)


def test_the_latest_change_comes_first_and_keeps_its_id(site: Site) -> None:
    filled(site)
    before = {one.id: one.updated for one in feedparser.parse(fetched(site, "/feeds/datasets.atom").content).entries}
    described = [record(f"d{number}", f"Bus line {number}") for number in range(3)]
    described[1] = record("d1", "Bus line 1, corrected")
    visit(site.engine, "roads", described)
    site.follow()
    told = feedparser.parse(fetched(site, "/feeds/datasets.atom").content)
    assert told.entries[0].title == "Bus line 1, corrected" and told.feed.updated == told.entries[0].updated
    assert {one.id for one in told.entries} == set(before) and told.entries[0].updated > before[told.entries[0].id]


def test_what_is_withheld_is_not_in_a_feed(site: Site) -> None:
    new_source(site.engine, admits="valid")
    visit(site.engine, "roads", [record("good", "Good bus"), record("bad", "Withheld bus", description="")])
    site.follow()
    assert site.client.get("/api/v1/datasets", headers=site.headers()).json()["total"] == 2
    for headers in ({}, site.headers("admin"), site.headers("department")):
        text = site.client.get("/feeds/datasets.atom", headers=headers).text
        assert "Good bus" in text and "Withheld" not in text


def test_an_unchanged_feed_is_not_sent_again(site: Site) -> None:
    filled(site)
    first = fetched(site, "/feeds/datasets.atom?q=bus")
    same = site.client.get("/feeds/datasets.atom?q=bus", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert first.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("title", ["a\x0bb\x00c", "<script>alert(1)</script>", "￿ odd", "]]>", "交通 & 运输"])
def test_whatever_a_title_holds_the_feed_is_well_formed(site: Site, title: str) -> None:
    visit(site.engine, new_source(site.engine), [record("a", title, keyword=["\x01", "k\x02"], description="\x0c\x1f d")])
    site.follow()
    valid(fetched(site, "/feeds/datasets.atom").text)


def test_titles_in_the_language_that_is_asked_for(site: Site) -> None:
    filled(site, 1)
    zh, en = (fetched(site, f"/feeds/datasets.atom?lang={tag}").text for tag in ("zh", "en"))
    assert "交通局" in zh and "Transport" in en
    assert linked(valid(en), "self") == f"{SITE}/feeds/datasets.atom?lang=en"
    assert valid(en).findtext(f"{ATOM}id") != valid(zh).findtext(f"{ATOM}id")


def test_the_feed_of_a_saved_search(site: Site) -> None:
    filled(site)
    with database.writing(site.engine) as session:
        row = searches.save(session, "My buses", "q=bus&keyword=open+data", language="en")
        session.commit()
    root = valid(fetched(site, f"/searches/{row.id}/feed.atom").text)
    assert root.findtext(f"{ATOM}title") == "My buses" and len(root.findall(f"{ATOM}entry")) == 3
    assert linked(root, "self") == f"{SITE}/searches/{row.id}/feed.atom"
    assert linked(root, "alternate") == f"{SITE}/search?q=bus&keyword=open+data"
    assert site.client.get("/searches/nope/feed.atom").status_code == 404
