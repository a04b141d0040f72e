"""Feeds: pages, archives, tombstones, entries with and without a description, and all that servers do wrong."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest

from catalog_api.settings import Settings
from harvesters.atom import MOST_FAILING, Atom, AtomSettings
from harvesters.base import Batch, NotModified, Record, Seen
from harvesters.examining import examine
from harvesters.schema_org import SchemaOrg, SchemaOrgSettings
from harvesters.web import Web
from metadata import database, store
from metadata.errors import CatalogError, NotData, TooLarge, Unreachable
from metadata.reading import Taken
from metadata.text import best
from standards.table import STANDARDS
from tests.contract.stages.atom import ATOM, entry, feed, link
from tests.harvests import new_source, record
from tests.harvests import visit as visit_source
from tests.hostile.server import Behaviour, Hostile, breaks, says
from tests.live import Live, until

XML = {"Content-Type": "application/xml"}
RSS = {"Content-Type": "application/rss+xml"}
ISO = """<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">
<gmd:fileIdentifier><gco:CharacterString>iso-1</gco:CharacterString></gmd:fileIdentifier>
<gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title>
<gco:CharacterString>道路</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation>
<gmd:abstract><gco:CharacterString>全部道路</gco:CharacterString></gmd:abstract>
</gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"
 xmlns:dct="http://purl.org/dc/terms/">
<dcat:Dataset rdf:about="https://x.example/d/1"><dct:title xml:lang="zh">一</dct:title></dcat:Dataset>
<dcat:Dataset rdf:about="https://x.example/d/2"><dct:title xml:lang="zh">二</dct:title></dcat:Dataset></rdf:RDF>"""


@pytest.fixture
def site() -> Iterator[Hostile]:
    with Hostile({}) as server:
        yield server


def put(site: Hostile, path: str, body: bytes, **headers: str) -> str:
    site.server.behaviours[path] = says(body, headers=ATOM | headers)
    return site.url + path


def web(validators: dict[str, dict[str, str]] | None = None) -> Web:
    return Web(internal=True, retries=0, sleep=lambda _: None, validators=validators or {})


def visit(
    url: str, left: dict[str, dict[str, str]] | None = None, **settings: Any
) -> tuple[list[Batch], dict[str, dict[str, str]]]:
    with web(left) as client:
        return list(Atom(url, AtomSettings(**settings)).batches(client, None)), client.fresh_validators


def walk(url: str, **settings: Any) -> list[Record]:
    return [record for batch in visit(url, **settings)[0] for record in batch.records]


def broken(url: str, **settings: Any) -> tuple[list[Record], CatalogError]:
    given: list[Record] = []
    harvester = Atom(url, AtomSettings(**settings))
    with web() as client, pytest.raises(CatalogError) as caught:
        given.extend(record for batch in harvester.batches(client, None) for record in batch.records)
    return given, caught.value


def names(records: list[Record]) -> list[str | None]:
    return [record.identifier for record in records]


def title(record: Record) -> str:
    """What the record's own standard reads as its title."""
    standard = STANDARDS.get(record.standard or "schema_org")
    assert standard.read is not None
    return best(standard.read(record.body).title)


def test_pages_are_followed_to_the_end(site: Hostile) -> None:
    put(site, "/2", feed(entry("c"), link("previous", "/1")))
    url = put(site, "/1", feed(entry("a") + entry("b"), link("next", "/2")))
    batches, _ = visit(url)
    assert names([record for batch in batches for record in batch.records]) == ["a", "b", "c"]
    assert not any(batch.partial for batch in batches)


def test_addresses_start_from_the_base_that_the_feed_and_the_entry_name(site: Hostile) -> None:
    base = f'<feed xml:base="{site.url}/deep/" '
    inner = link("enclosure", "1.csv", "text/csv")
    put(site, "/deep/2", feed(entry("b", inner=inner)).replace(b"<entry>", b'<entry xml:base="/other/">'))
    url = put(site, "/1", feed(entry("a", inner=inner), link("next", "2")).replace(b"<feed ", base.encode()))
    found = [record.body["distribution"][0]["contentUrl"] for record in walk(url)]
    assert found == [f"{site.url}/deep/1.csv", f"{site.url}/other/1.csv"]


def test_archives_give_the_newest_version_of_an_entry(site: Hostile) -> None:
    archive = '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>'
    put(site, "/old", feed(entry("a", "旧") + entry("b", "乙"), "", archive))
    url = put(site, "/now", feed(entry("c", "丙") + entry("a", "新"), link("prev-archive", "/old")))
    batches, _ = visit(url)
    records = [record for batch in batches for record in batch.records]
    assert [(record.identifier, record.body["name"]) for record in records] == [("c", "丙"), ("a", "新"), ("b", "乙")]
    assert not batches[0].partial


def test_a_feed_of_its_latest_entries_retires_nothing(site: Hostile) -> None:
    url = put(site, "/feed", feed(entry("a")))
    assert visit(url)[0][0].partial
    assert not visit(url, listing="complete")[0][0].partial
    complete = '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>'
    assert not visit(put(site, "/whole", feed(entry("a"), "", complete)))[0][0].partial
    total = '<os:totalResults xmlns:os="http://a9.com/-/spec/opensearch/1.1/">{}</os:totalResults>'
    assert not visit(put(site, "/one", feed(entry("a"), "", total.format(1))))[0][0].partial
    assert visit(put(site, "/nine", feed(entry("a"), "", total.format(9))))[0][0].partial
    assert not visit(url, listing="complete")[0][0].partial


def test_tombstones_tell_what_is_gone_unless_it_came_back(site: Hostile) -> None:
    def stone(name: str, when: str) -> str:
        return f'<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="{name}" when="{when}"/>'

    stones = stone("a", "2024-06-01T00:00:00Z") + stone("b", "2024-06-01T00:00:00Z") + stone("c", "2023-01-01T00:00:00Z")
    url = put(site, "/feed", feed(stones + entry("a") + entry("c"), link("first", "/feed")))
    assert [(record.identifier, record.deleted) for record in walk(url)] == [("c", False), ("a", True), ("b", True)]


def test_an_entry_alone_becomes_what_it_says(site: Hostile) -> None:
    inner = (
        '<summary type="html">&lt;p&gt;全市公交&lt;/p&gt;</summary><published>2023-01-02T03:04:05Z</published>'
        '<author><name>交通局</name></author><category term="bus" label="公交"/><rights>CC BY</rights>'
        + link("alternate", "page.html", "text/html")
        + '<link rel="enclosure" href="/stops.csv" type="text/csv" length="1234" title="站点"/>'
        + link("license", "https://creativecommons.org/licenses/by/4.0/")
        + '<georss:polygon xmlns:georss="http://www.georss.org/georss">30 120 30 121 31 121 31 120 30 120</georss:polygon>'
    )
    url = put(site, "/x/feed", feed(entry("urn:x:1", "站点", inner=inner)))
    (record,) = walk(url)
    standard = STANDARDS.get("schema_org")
    assert record.standard == "schema_org" and standard.read is not None
    read = standard.read(record.body)
    (way,) = read.distribution
    assert (read.identifier, best(read.title), read.landing_page) == ("urn:x:1", "站点", f"{site.url}/x/page.html")
    assert (way.download_url, way.byte_size, way.media_type) == (f"{site.url}/stops.csv", 1234, "text/csv")
    assert read.spatial[0].box == (120, 30, 121, 31) and read.issued == "2023-01-02T03:04:05Z"
    assert best(read.creator[0].name) == "交通局" and read.keyword == {"zh": ("公交",)} and read.license


@pytest.mark.parametrize("relation", ["describedby", "via", "alternate", "enclosure"])
def test_a_linked_description_is_the_record(site: Hostile, relation: str) -> None:
    put(site, "/iso.xml", ISO.encode(), **XML)
    kind = "application/vnd.iso.19139+xml"
    url = put(
        site, "/feed", feed(entry("urn:x:1", inner=link(relation, "/iso.xml", kind) + link("alternate", "/p", "text/html")))
    )
    (record,) = walk(url)
    assert (record.identifier, record.standard, title(record)) == ("urn:x:1", "iso_19139", "道路")


def test_a_linked_document_of_several_datasets_gives_them_all(site: Hostile) -> None:
    put(site, "/all.rdf", RDF.encode(), **{"Content-Type": "application/rdf+xml"})
    url = put(site, "/feed", feed(entry("urn:x:1", inner=link("alternate", "/all.rdf", "application/rdf+xml"))))
    records = walk(url)
    assert [title(record) for record in records] == ["一", "二"] and len(set(names(records))) == 2


def test_an_answer_of_an_api_is_unwrapped(site: Hostile) -> None:
    package = {
        "id": "p-1",
        "name": "roads",
        "title": "道路",
        "resources": [],
        "metadata_modified": "2024-01-01",
        "type": "dataset",
    }
    put(
        site,
        "/api",
        json.dumps({"help": "", "success": True, "result": package}).encode(),
        **{"Content-Type": "application/json"},
    )
    url = put(site, "/feed", feed(entry("urn:x:1", inner=link("enclosure", "/api", "application/json"))))
    (record,) = walk(url)
    assert record.standard == "ckan" and title(record) == "道路"


@pytest.mark.parametrize(
    ("body", "status"), [(b'{"type": "FeatureCollection"}', 200), (b"<html><p>x</p></html>", 200), (b"", 404), (b"<wfs/>", 200)]
)
def test_a_linked_document_that_describes_nothing_leaves_the_entry(site: Hostile, body: bytes, status: int) -> None:
    site.server.behaviours["/x"] = says(body, status)
    url = put(site, "/feed", feed(entry("urn:x:1", "数据", inner=link("enclosure", "/x", "application/json"))))
    (record,) = walk(url)
    assert record.body["name"] == "数据"


def test_pages_are_read_when_asked_for(site: Hostile) -> None:
    script = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Dataset","name":"页"}</script>'
    site.server.behaviours["/p"] = says(f"<html><head>{script}</head></html>".encode(), headers={"Content-Type": "text/html"})
    url = put(site, "/feed", feed(entry("urn:x:1", "数据", inner=link("alternate", "/p"))))
    assert walk(url)[0].body["name"] == "数据"
    assert walk(url, follow="pages")[0].body["name"] == "页"


@pytest.mark.parametrize(
    ("content", "standard"),
    [
        (f'<content type="application/xml">{ISO}</content>', "iso_19139"),
        (ISO, "iso_19139"),
        (
            '<content type="application/json">{"@context": "https://schema.org", "@type": "Dataset", "name": "道路"}</content>',
            "schema_org",
        ),
    ],
)
def test_an_embedded_description_is_the_record(site: Hostile, content: str, standard: str) -> None:
    (record,) = walk(put(site, "/feed", feed(entry("urn:x:1", inner=content))))
    assert (record.standard, title(record)) == (standard, "道路")


def test_embedded_rdf_gives_its_datasets(site: Hostile) -> None:
    records = walk(put(site, "/feed", feed(entry("urn:x:1", inner=f'<content type="application/rdf+xml">{RDF}</content>'))))
    assert [title(record) for record in records] == ["一", "二"]


def test_a_broken_linked_description_is_a_record_that_fails(site: Hostile) -> None:
    put(site, "/iso.xml", ISO.encode()[:-30], **XML)
    url = put(
        site, "/feed", feed(entry("urn:x:1", inner=link("describedby", "/iso.xml", "application/xml")) + entry("urn:x:2"))
    )
    first, second = walk(url)
    assert first.identifier == "urn:x:1" and not isinstance(first.body, dict) and second.identifier == "urn:x:2"


def test_rss_is_read(site: Hostile) -> None:
    item = (
        "<item><title>公交 &amp;amp; 地铁</title><link>https://x.example/d/1</link><guid isPermaLink='false'>g-1</guid>"
        "<description>站点</description><pubDate>Wed, 01 May 2024 08:00:00 +0800</pubDate><category>交通</category>"
        '<enclosure url="https://x.example/1.csv" length="10" type="text/csv"/><author>a@x.example (交通局)</author></item>'
        "<item><title>无标识</title><link>https://x.example/d/2</link></item>"
    )
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>目录</title><language>zh-cn</language>{item}</channel></rss>'
    )
    site.server.behaviours["/rss"] = says(body.encode(), headers=RSS)
    first, second = walk(f"{site.url}/rss")
    assert (first.identifier, second.identifier) == ("g-1", "https://x.example/d/2")
    assert first.body["dateModified"] == "2024-05-01T00:00:00Z" and first.body["creator"] == ["交通局"]
    assert first.body["distribution"][0]["contentUrl"] == "https://x.example/1.csv" and title(first) == "公交 &amp; 地铁"


def test_a_feed_in_another_character_set_is_read(site: Hostile) -> None:
    body = feed(entry("a", "公共交通线路信息")).decode().replace('encoding="utf-8"', 'encoding="gb2312"').encode("gb18030")
    site.server.behaviours["/feed"] = says(body, headers={"Content-Type": "application/atom+xml"})
    assert walk(f"{site.url}/feed")[0].body["name"] == "公共交通线路信息"


@pytest.mark.parametrize("body", [b"<html><title>Down</title></html>", b"", b'{"error": 1}', b"<urlset/>"])
def test_what_is_no_feed_is_told(site: Hostile, body: bytes) -> None:
    given, problem = broken(put(site, "/feed", body))
    assert not given and isinstance(problem, NotData)


def test_a_feed_that_breaks_off_fails_the_run(site: Hostile) -> None:
    whole = feed(entry("a") + entry("b"), link("first", "/feed"))
    assert "breaks off" in str(broken(put(site, "/feed", whole[:-20]))[1])
    put(site, "/2", feed(entry("c"))[:-3])
    given, problem = broken(put(site, "/1", feed(entry("a"), link("next", "/2"))))
    assert names(given) == ["a"] and "breaks off" in str(problem)
    site.server.behaviours["/2"] = breaks(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<feed>")
    assert isinstance(broken(f"{site.url}/1")[1], Unreachable)


def test_entities_are_not_opened(site: Hostile, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("stolen")
    doctype = f'<!DOCTYPE feed [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    body = feed(entry("a", "&x;")).replace(b"<feed", doctype.encode() + b"<feed", 1)
    given, problem = broken(put(site, "/feed", body))
    assert not given and "stolen" not in str(problem)


def test_pages_in_a_circle_are_told(site: Hostile) -> None:
    put(site, "/2", feed(entry("b"), link("next", "/1")))
    url = put(site, "/1", feed(entry("a"), link("next", "/2")))
    assert "circle" in str(broken(url)[1])


def test_pages_that_never_end_are_told(site: Hostile) -> None:
    count = 0

    def endless(new: bool) -> Behaviour:
        def behave(handler: Any) -> None:
            nonlocal count
            count += 1
            name = f"e{count}" if new else "a"
            says(feed(entry(name), link("next", f"/feed?page={count}")), headers=ATOM)(handler)

        return behave

    site.server.behaviours["/feed"] = endless(new=False)
    assert "nothing new" in str(broken(f"{site.url}/feed")[1]) and count < 10
    site.server.behaviours["/feed"] = endless(new=True)
    assert isinstance(broken(f"{site.url}/feed", max_pages=20)[1], TooLarge)


def test_a_total_that_is_not_met_fails_the_run(site: Hostile) -> None:
    total = '<os:totalResults xmlns:os="http://a9.com/-/spec/opensearch/1.1/">4</os:totalResults>'
    put(site, "/2", feed(entry("b"), "", total))
    given, problem = broken(put(site, "/1", feed(entry("a"), link("next", "/2"), total)))
    assert names(given) == ["a", "b"] and "4 entries" in str(problem)


def test_entries_that_come_or_go_while_paging(site: Hostile) -> None:
    """Pages by offset, two entries each, of a feed that says its total; before the second page something happens."""

    def offsets(before: str, after: str) -> str:
        def behave(handler: Any) -> None:
            start = int(handler.path.partition("?start=")[2] or 0)
            names = before if start == 0 else after
            total = f'<os:totalResults xmlns:os="http://a9.com/-/spec/opensearch/1.1/">{len(names)}</os:totalResults>'
            more = link("next", f"/feed?start={start + 2}") if start + 2 < len(names) else ""
            says(feed("".join(map(entry, names[start : start + 2])), more, total), headers=ATOM)(handler)

        site.server.behaviours["/feed"] = behave
        return f"{site.url}/feed"

    assert names(walk(offsets("abcdef", "abcdef"))) == list("abcdef")
    assert names(walk(offsets("abcdef", "xabcdef"))) == list("abcdef")  # what is new comes with the next run
    given, problem = broken(offsets("abcdef", "bcdef"))  # c was never shown
    assert names(given) == list("abdef") and "6 entries" in str(problem)


def test_odd_entries_are_records_and_the_others_are_taken_in(site: Hostile) -> None:
    odd = "<entry/>" + "<entry><id>no title</id></entry>" + entry("x", "") + entry("y", updated="yesterday") + entry("y")
    records = walk(put(site, "/feed", feed(odd + entry("z"))))
    assert names(records) == [None, "no title", "x", "y", "z"]
    taken = [Taken(str(one.identifier), "schema_org", b"{}", "", one.body) for one in records]
    readable = [examine(one, STANDARDS.get("schema_org")).dataset is not None for one in taken]
    assert readable == [False, False, False, True, True]


def test_a_real_feed_gives_what_feedparser_reads(site: Hostile, corpora: Path) -> None:
    raw = (corpora / "iso/owslib/tests/resources/owc_atom_examples/csw_10entries.xml").read_bytes()
    records = walk(put(site, "/feed", raw), follow="nothing")
    read = feedparser.parse(raw)
    assert names(records) == [each.id for each in read.entries] and len(records) == 10
    assert [record.body["name"] for record in records] == [each.title for each in read.entries]
    assert [record.modified for record in records] == [each.updated for each in read.entries]


def test_documents_that_fail_fail_the_run_once_all_was_read(site: Hostile) -> None:
    site.server.behaviours["/x"] = says(b"", 500)
    inner = link("describedby", "/x", "application/xml")
    given, problem = broken(put(site, "/feed", feed(entry("a", inner=inner) + entry("b"))))
    assert names(given) == ["b"] and "1 documents" in str(problem)
    many = "".join(entry(f"e{n}", inner=link("describedby", f"/x?{n}", "application/xml")) for n in range(MOST_FAILING + 5))
    assert "one after another" in str(broken(put(site, "/many", feed(many)))[1])


def test_a_run_goes_on_in_the_middle_of_a_page(site: Hostile) -> None:
    put(site, "/2", feed(entry("d") + entry("e")))
    url = put(site, "/1", feed("".join(map(entry, "abc")), link("next", "/2")))
    whole, _ = visit(url, batch_size=2)
    for point, batch in enumerate(whole):
        with web() as client:
            rest = list(Atom(url, AtomSettings(batch_size=2)).batches(client, batch.resume))
        found = [record for each in (*whole[: point + 1], *rest) for record in each.records]
        assert names(found) == ["a", "b", "c", "d", "e"]


def test_a_feed_that_is_as_it_was_ends_the_run_at_once(site: Hostile) -> None:
    url = put(site, "/feed", feed(entry("a")))
    _, left = visit(url)
    with web(left) as client, pytest.raises(NotModified):
        list(Atom(url, AtomSettings()).batches(client, None))


def test_later_runs_read_the_pages_with_something_new(site: Hostile) -> None:
    def day(n: int) -> str:
        return f"2024-05-{n:02}T00:00:00Z"

    put(site, "/3", feed(entry("a", updated=day(1))))
    put(site, "/2", feed(entry("b", updated=day(2)), link("next", "/3")))
    url = put(site, "/1", feed(entry("c", updated=day(3)), link("next", "/2")))
    _, left = visit(url)
    put(site, "/1", feed(entry("d", updated=day(4)), link("next", "/2")))
    put(site, "/2", feed(entry("c", updated=day(3)), link("next", "/3")))
    before = len(site.asked)
    batches, left = visit(url, left)
    assert all(batch.partial for batch in batches) and names(list(batches[0].records)) == ["d"]
    assert [path for path, _ in site.asked[before:]] == ["/1", "/2", "/3"]


def test_a_first_page_that_is_as_it_was_says_that_nothing_changed(site: Hostile) -> None:
    put(site, "/2", feed(entry("b")))
    url = put(site, "/1", feed(entry("a"), link("next", "/2")))
    left: dict[str, dict[str, str]] = {}
    counts = []
    for _ in range(4):
        batches, left = visit(url, left, full_every=3)
        counts.append((batches[0].partial, sum(len(batch.records) for batch in batches)))
    assert counts == [(False, 2), (True, 0), (True, 0), (False, 2)]


def test_documents_of_entries_with_the_same_date_are_not_asked_for(site: Hostile) -> None:
    put(site, "/iso.xml", ISO.encode(), **XML)
    inner = link("describedby", "/iso.xml", "application/xml")
    url = put(site, "/feed", feed(entry("a", inner=inner), link("first", "/feed")))
    _, left = visit(url)
    put(site, "/feed", feed(entry("a", inner=inner) + entry("b", updated="2024-05-02T00:00:00Z"), link("first", "/feed")))
    before = len(site.asked)
    batches, left = visit(url, left)
    first, second = batches[0].records
    assert first.same and first.identifier == "a" and second.body["name"] == "数据"
    assert "/iso.xml" not in [path for path, _ in site.asked[before:]]
    put(site, "/feed", feed(entry("a", updated="2024-05-03T00:00:00Z", inner=inner), link("first", "/feed")))
    batches, _ = visit(url, left)
    assert batches[0].records[0].same and "/iso.xml" in [path for path, _ in site.asked[before:]]


@pytest.mark.parametrize(
    ("body", "kind", "sure"),
    [
        (feed(entry("https://x.example/dataset/1")), "application/atom+xml", 90),
        (feed(entry("a", inner=link("describedby", "/1.xml", "application/xml"))), "", 90),
        (feed(entry("a", "新闻")), "application/atom+xml", 35),
        (b'<?xml version="1.0"?><!-- x --><rss version="2.0"><channel/></rss>', "text/xml", 35),
        (b'<rss version="2.0"><channel><item><enclosure type="text/csv"/></item></channel></rss>', "text/xml", 85),
        (b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>', "text/html", 15),
        (b"<html><head></head></html>", "text/html", 0),
        (b"<urlset/>", "text/xml", 0),
        (b"{}", "application/json", 0),
    ],
)
def test_it_is_recognised_by_what_is_there(body: bytes, kind: str, sure: int) -> None:
    found = Atom.recognises(Seen("https://x.example/a", "https://x.example/a", 200, kind, {}, body, True))
    assert (found.sure if found else 0) == sure
    assert sure != 15 or (found and found.url == "https://x.example/rss")


def test_our_own_feed_comes_back_as_it_was(live_server: Live) -> None:
    engine = database.connect(Settings(data_dir=live_server.data_dir, _env_file=None).database)
    given = {f"d-{n:03}": f"公交站点 {n}" for n in range(60)}  # more than a page of the feed
    source = new_source(engine)
    visit_source(engine, source, [record(identifier, title) for identifier, title in given.items()], batch=100)
    total = lambda: httpx.get(f"{live_server.url}/api/v1/datasets", params={"limit": 1}).json()["total"]  # noqa: E731
    until("the index has them all", lambda: total() == len(given))
    url = f"{live_server.url}/feeds/datasets.atom"
    batches, left = visit(url)
    found = [each for batch in batches for each in batch.records]
    assert not any(batch.partial for batch in batches) and len({each.identifier for each in found}) == len(given)
    read = [standard.read(each.body) for each in found if (standard := STANDARDS.get(each.standard or "")).read]
    assert {each.identifier: best(each.title) for each in read} == given
    assert {each.standard for each in found} <= {"dcat_3", "dcat_ap_3", "geodcat_ap", "dcat_us_3", "schema_org"}
    again, _ = visit(url, left)
    assert [(batch.partial, batch.records) for batch in again] == [(True, ())]
    with database.reading(engine) as session:
        name = store.listing(session, limit=1)[0].name
    with web() as client:
        (batch,) = SchemaOrg(f"{live_server.url}/dataset/{name}", SchemaOrgSettings(pause=0)).batches(client, None)
    assert [given[each.body["identifier"]] for each in batch.records] == [batch.records[0].body["name"]]
    engine.dispose()
