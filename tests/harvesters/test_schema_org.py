"""Sites with schema.org: sitemaps, robots.txt, pages that change, break and mention each other."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harvesters.base import Batch, Record, Seen
from harvesters.schema_org import MOST_FAILING, SchemaOrg, SchemaOrgSettings
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, Refused, TooLarge, Unreachable
from tests.contract.stages.schema_org import dataset, page, sitemap
from tests.hostile.server import Behaviour, Hostile, breaks, in_turn, says

HTML = {"Content-Type": "text/html; charset=utf-8"}
XML = {"Content-Type": "application/xml"}
ROBOTS = says(b"User-agent: *\nAllow: /\n", headers={"Content-Type": "text/plain"})


def html(about: Any, head: str = "", **headers: str) -> Behaviour:
    return says(page(about, head), headers=HTML | headers)


@pytest.fixture
def site() -> Iterator[Hostile]:
    with Hostile({"/robots.txt": ROBOTS}) as server:
        yield server


def put(site: Hostile, behaviours: dict[str, Behaviour], *, changed: str = "", listed: list[str] | None = None) -> None:
    """Pages of the site, and a sitemap that lists them."""
    names = [site.url + path for path in (listed if listed is not None else behaviours)]
    site.server.behaviours.update({"/sitemap.xml": says(sitemap(*names, changed=changed), headers=XML), **behaviours})


def web(validators: dict[str, dict[str, str]] | None = None) -> Web:
    return Web(internal=True, retries=0, sleep=lambda _: None, validators=validators or {})


def walk(url: str, resume: str | None = None, **settings: Any) -> list[Batch]:
    with web() as client:
        return list(SchemaOrg(url, SchemaOrgSettings(**{"pause": 0, **settings})).batches(client, resume))


def names(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def broken(url: str, **settings: Any) -> tuple[list[Record], CatalogError]:
    """What a run gave until it failed, and how."""
    given: list[Record] = []
    harvester = SchemaOrg(url, SchemaOrgSettings(**{"pause": 0, **settings}))
    with web() as client, pytest.raises(CatalogError) as caught:
        given.extend(record for batch in harvester.batches(client, None) for record in batch.records)
    return given, caught.value


def visits(url: str, validators: dict[str, dict[str, str]], **settings: Any) -> tuple[list[Record], dict[str, dict[str, str]]]:
    """A run after an earlier one: its records, and what it leaves for the next."""
    with web(validators) as client:
        batches = list(SchemaOrg(url, SchemaOrgSettings(**{"pause": 0, **settings})).batches(client, None))
        return [record for batch in batches for record in batch.records], client.fresh_validators


def test_a_site_is_harvested_from_any_of_its_addresses(site: Hostile) -> None:
    put(site, {"/d/1": html(dataset("#it", "一")), "/d/2": html(dataset("urn:x:2", "二")), "/about": html(None)})
    site.server.behaviours |= {
        "/": html(None),
        "/robots.txt": says(f"Sitemap: {site.url}/sitemap.xml\n".encode(), headers={"Content-Type": "text/plain"}),
    }
    for address in ("/", "", "/robots.txt", "/sitemap.xml"):
        assert names(walk(site.url + address)) == [f"{site.url}/d/1#it", "urn:x:2"], address
    assert names(walk(f"{site.url}/d/2")) == ["urn:x:2"]


def test_a_site_without_robots_txt_is_asked_for_the_usual_sitemap(site: Hostile) -> None:
    del site.server.behaviours["/robots.txt"]
    put(site, {"/d/1": html(dataset("urn:x:1", "一"))})
    site.server.behaviours["/"] = html(None)
    assert names(walk(f"{site.url}/")) == ["urn:x:1"]


def test_indexes_compressed_and_plain_sitemaps_are_followed(site: Hostile) -> None:
    put(site, {f"/d/{n}": html(dataset(f"urn:x:{n}", f"数据 {n}")) for n in range(4)})
    inner = [f"{site.url}/{name}" for name in ("one.xml.gz", "two.txt", "index.xml", "one.xml.gz")]
    listed = "".join(f"<sitemap><loc> {each}\n</loc></sitemap>" for each in inner)
    site.server.behaviours |= {
        "/index.xml": says(f"<sitemapindex>{listed}</sitemapindex>".encode(), headers=XML),
        "/one.xml.gz": says(
            gzip.compress(sitemap(f"{site.url}/d/0", f"{site.url}/d/1")), headers={"Content-Type": "application/gzip"}
        ),
        "/two.txt": says(f"{site.url}/d/2\n{site.url}/d/3\n{site.url}/d/0\n".encode(), headers={"Content-Type": "text/plain"}),
    }
    assert names(walk(f"{site.url}/index.xml")) == [f"urn:x:{n}" for n in range(4)]


def test_ampersands_that_are_not_escaped_and_odd_prefixes_are_read(site: Hostile) -> None:
    body = (
        f'<?xml version="1.0"?><s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>/d?id=1&lang=zh'
        f"</s:loc></s:url><s:url><s:loc>{site.url}/d?id=2&amp;lang=zh</s:loc></s:url><s:url/></s:urlset>"
    )
    site.server.behaviours |= {"/map": says(body.encode(), headers=XML), "/d": html({**dataset("x", "一"), "@id": None})}
    walk(f"{site.url}/map")
    assert [path for path, _ in site.asked if path.startswith("/d")] == ["/d?id=1&lang=zh", "/d?id=2&lang=zh"]


@pytest.mark.parametrize("cut", [b"</urlset>", b"</loc></url></urlset>"])
def test_a_sitemap_that_ends_too_early_fails_the_run(site: Hostile, cut: bytes) -> None:
    put(site, {"/d/1": html(dataset("urn:x:1", "一"))})
    whole = sitemap(f"{site.url}/d/1")
    site.server.behaviours["/sitemap.xml"] = says(whole[: -len(cut)], headers=XML)
    assert "ends too early" in str(broken(f"{site.url}/sitemap.xml")[1])


def test_a_sitemap_of_many_that_cannot_be_read_fails_the_run_at_its_end(site: Hostile) -> None:
    put(site, {"/d/1": html(dataset("urn:x:1", "一"))})
    inner = "".join(f"<sitemap><loc>{site.url}/{name}</loc></sitemap>" for name in ("gone.xml", "page.xml", "sitemap.xml"))
    site.server.behaviours |= {
        "/index.xml": says(f"<sitemapindex>{inner}</sitemapindex>".encode(), headers=XML),
        "/page.xml": html(None),
    }
    given, problem = broken(f"{site.url}/index.xml")
    assert [record.identifier for record in given] == ["urn:x:1"]
    assert isinstance(problem, NotData) and "2 pages or sitemaps could not be read" in str(problem)


def test_entities_of_a_sitemap_are_not_opened(site: Hostile, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("/stolen")
    doctype = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    body = f"<?xml version='1.0'?>{doctype}<urlset><url><loc>{site.url}&x;</loc></url></urlset>"
    site.server.behaviours["/sitemap.xml"] = says(body.encode(), headers=XML)
    broken(f"{site.url}/sitemap.xml")
    assert not any("stolen" in path for path, _ in site.asked)


@pytest.mark.parametrize(
    "rules",
    [
        b"",
        b"\xff\xfe\x00junk",
        b"Crawl-delay: soon\nUser-agent: *\nDisallow\n",
        b"<html>not here</html>",
        b"User-agent: *\n" * 90_000,
    ],
)
def test_a_robots_txt_that_makes_no_sense_forbids_nothing(site: Hostile, rules: bytes) -> None:
    site.server.behaviours["/robots.txt"] = says(rules, headers={"Content-Type": "text/plain"})
    put(site, {"/d/1": html(dataset("urn:x:1", "一"))})
    assert names(walk(f"{site.url}/sitemap.xml")) == ["urn:x:1"]


def test_sitemaps_that_never_end_are_told(site: Hostile) -> None:
    count = 0

    def endless(handler: Any) -> None:
        nonlocal count
        count += 1
        says(f"<sitemapindex><sitemap><loc>/map?{count}</loc></sitemap></sitemapindex>".encode(), headers=XML)(handler)

    site.server.behaviours["/map"] = endless
    given, problem = broken(f"{site.url}/map")
    assert not given and isinstance(problem, TooLarge) and count < 20


def test_sitemaps_that_name_each_other_are_read_once(site: Hostile) -> None:
    put(site, {"/d/1": html(dataset("urn:x:1", "一"))})
    both = "".join(f"<sitemap><loc>/{name}</loc></sitemap>" for name in ("a.xml", "b.xml", "sitemap.xml"))
    site.server.behaviours |= {
        f"/{name}": says(f"<sitemapindex>{both}</sitemapindex>".encode(), headers=XML) for name in ("a.xml", "b.xml")
    }
    assert names(walk(f"{site.url}/a.xml")) == ["urn:x:1"]


def test_robots_txt_is_obeyed(site: Hostile) -> None:
    rules = b"User-agent: mulu\nDisallow: /private/\nCrawl-delay: 3\n\nUser-agent: *\nDisallow: /\n"
    site.server.behaviours["/robots.txt"] = says(rules, headers={"Content-Type": "text/plain"})
    put(site, {"/d/1": html(dataset("urn:x:1", "一")), "/private/2": html(dataset("urn:x:2", "二"))})
    with web() as client:
        batches = list(SchemaOrg(f"{site.url}/sitemap.xml", SchemaOrgSettings(pause=0)).batches(client, None))
        assert names(batches) == ["urn:x:1"] and client.pause == 3
    assert "/private/2" not in [path for path, _ in site.asked]


def test_a_robots_txt_that_cannot_be_had_forbids_all(site: Hostile) -> None:
    site.server.behaviours["/robots.txt"] = says(b"", 500)
    put(site, {"/d/1": html(dataset("urn:x:1", "一"))})
    given, problem = broken(f"{site.url}/sitemap.xml")
    assert not given and isinstance(problem, Unreachable) and "robots.txt" in problem.place


def test_a_pause_beyond_reason_is_told(site: Hostile) -> None:
    site.server.behaviours["/robots.txt"] = says(b"User-agent: *\nCrawl-delay: 86400\n", headers={"Content-Type": "text/plain"})
    put(site, {"/d/1": html(dataset("urn:x:1", "一"))})
    assert isinstance(broken(f"{site.url}/sitemap.xml")[1], Refused)


def test_patterns_and_hosts_choose_the_pages(site: Hostile) -> None:
    put(site, {f"/{part}/{n}": html(dataset(f"urn:x:{part}{n}", "一")) for part in ("d", "e") for n in (1, 2)})
    elsewhere = sitemap(f"{site.url}/d/1", "http://elsewhere.example/d/1", f"{site.url}/report.pdf")
    site.server.behaviours["/other.xml"] = says(elsewhere, headers=XML)
    url = f"{site.url}/sitemap.xml"
    assert names(walk(url, include="/d/*")) == ["urn:x:d1", "urn:x:d2"]
    assert names(walk(url, include="/d/* /e/1", exclude=f"{site.url}/*/2")) == ["urn:x:d1", "urn:x:e1"]
    assert names(walk(f"{site.url}/other.xml")) == ["urn:x:d1"]


def test_a_site_without_a_dataset_is_no_data(site: Hostile) -> None:
    put(site, {"/a": html(None), "/b": html({"@context": "https://schema.org", "@type": "Person", "name": "x"})})
    given, problem = broken(f"{site.url}/sitemap.xml")
    assert not given and isinstance(problem, NotData) and "none of 2 pages" in str(problem)


@pytest.mark.parametrize("fault", [says(b"oops", 500), breaks(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<html>")])
def test_a_page_that_fails_neither_stops_the_run_nor_lets_it_end_well(site: Hostile, fault: Behaviour) -> None:
    put(site, {f"/d/{n}": html(dataset(f"urn:x:{n}", "一")) if n != 2 else fault for n in range(5)})
    given, problem = broken(f"{site.url}/sitemap.xml", batch_size=1)
    assert [record.identifier for record in given] == [f"urn:x:{n}" for n in (0, 1, 3, 4)]
    assert "1 pages or sitemaps could not be read" in str(problem)


def test_a_page_that_is_gone_is_gone(site: Hostile) -> None:
    put(site, {"/d/1": html(dataset("urn:x:1", "一")), "/d/2": says(b"", 404), "/d/3": says(b"", 410)})
    assert names(walk(f"{site.url}/sitemap.xml")) == ["urn:x:1"]


def test_a_site_that_goes_down_is_left_alone(site: Hostile) -> None:
    put(site, {f"/d/{n}": says(b"", 500) for n in range(MOST_FAILING * 2)})
    assert "one after another" in str(broken(f"{site.url}/sitemap.xml")[1])
    assert sum(1 for path, _ in site.asked if path.startswith("/d/")) == MOST_FAILING


def test_json_ld_that_is_no_json_is_a_record_that_fails(site: Hostile) -> None:
    script = '<script type="application/ld+json">{"@type": "Dataset", "name": "say "hello""}</script>'
    put(site, {"/d/1": html(dataset("urn:x:1", "一")), "/d/2": html(None, script)})
    (record,) = (each for batch in walk(f"{site.url}/sitemap.xml") for each in batch.records if each.identifier != "urn:x:1")
    assert record.identifier == f"{site.url}/d/2" and "hello" in record.body


def test_the_canonical_address_is_the_identity(site: Hostile) -> None:
    nameless = {"@context": "https://schema.org/", "@type": "Dataset", "name": "一"}
    everywhere = {**nameless, "@id": f"{site.url}/#dataset"}
    link = f'<link rel="canonical" href="{site.url}/d/1">'
    put(
        site,
        {
            "/d/1?from=list": html(nameless, link),
            "/d/1": html(nameless, link),
            "/d/2": html({**everywhere, "name": "二"}),
            "/d/3": html({**everywhere, "name": "三", "url": f"{site.url}/d/3"}),
            "/d/4": html([nameless, {**nameless, "name": "四"}]),
        },
    )
    found = names(walk(f"{site.url}/sitemap.xml"))
    assert found == [f"{site.url}{path}" for path in ("/d/1", "/d/1", "/d/2", "/d/3", "/d/4#1", "/d/4#2")]


def test_what_a_list_names_is_taken_from_the_pages_and_only_the_rest_from_the_list(site: Hostile) -> None:
    stubs = [{"@type": "Dataset", "name": f"短 {n}", "url": f"/d/{n}"} for n in range(3)]
    catalogue = {"@context": "https://schema.org/", "@type": "DataCatalog", "name": "目录", "dataset": stubs}
    put(site, {"/": html(catalogue), "/d/0": html(dataset("#a", "长 0", description="…")), "/d/1": html(dataset("#a", "长 1"))})
    batches = walk(f"{site.url}/")
    titles = [record.body["name"] for batch in batches for record in batch.records]
    assert titles == ["长 0", "长 1", "短 2"] and names(batches)[2] == f"{site.url}/d/2"
    assert names(walk(f"{site.url}/sitemap.xml", include="/"))[0] == f"{site.url}/d/0"


def test_related_datasets_of_a_page_are_no_records_of_it(site: Hostile) -> None:
    about = [dataset("#it", "一"), dataset(f"{site.url}/d/9", "九")]
    put(site, {"/d/1": html(about)})
    assert names(walk(f"{site.url}/sitemap.xml")) == [f"{site.url}/d/1#it"]


def test_microdata_and_json_ld_documents_are_read(site: Hostile) -> None:
    micro = (
        b'<html><body itemscope itemtype="https://schema.org/Dataset" itemid="urn:x:m"><b itemprop="name">'
        + "微".encode("gb18030")
        + b"</b></body></html>"
    )
    put(
        site,
        {
            "/m": says(micro, headers={"Content-Type": "text/html; charset=gb18030"}),
            "/j": says(json.dumps(dataset("urn:x:j", "一")).encode(), headers={"Content-Type": "application/ld+json"}),
            "/p": says(b"%PDF-1.4", headers={"Content-Type": "application/octet-stream"}),
        },
    )
    batches = walk(f"{site.url}/sitemap.xml")
    assert names(batches) == ["urn:x:m", "urn:x:j"]
    assert batches[0].records[0].body["name"] == "微"


def test_pages_that_are_as_they_were_are_not_read_again(site: Hostile) -> None:
    asked: list[str] = []

    def conditional(body: bytes, tag: str) -> Behaviour:
        def behave(handler: Any) -> None:
            asked.append(handler.path)
            known = handler.headers.get("If-None-Match") == tag
            (says(b"", 304) if known else says(body, headers=HTML | {"ETag": tag}))(handler)

        return behave

    plain = html(dataset("urn:x:2", "二"))
    put(site, {"/d/1": conditional(page(dataset("urn:x:1", "一")), '"a"'), "/d/2": plain, "/about": html(None)})
    url = f"{site.url}/sitemap.xml"
    first, left = visits(url, {})
    assert [record.same for record in first] == [False, False]
    second, left = visits(url, left)
    assert [(record.identifier, record.same, record.body) for record in second] == [
        ("urn:x:1", True, None),
        ("urn:x:2", True, None),
    ]
    site.server.behaviours["/d/1"] = conditional(page(dataset("urn:x:1", "壹")), '"b"')
    third, _ = visits(url, left)
    assert [(record.identifier, record.same) for record in third] == [("urn:x:1", False), ("urn:x:2", True)]
    assert asked == ["/d/1"] * 3


def test_a_lastmod_that_stays_spares_the_page_until_the_full_run(site: Hostile) -> None:
    pages = {"/d/1": html(dataset("urn:x:1", "一"))}
    put(site, pages, changed="2024-05-01T10:00:00Z")
    url = f"{site.url}/sitemap.xml"
    asked: list[int] = []
    left: dict[str, dict[str, str]] = {}
    for _ in range(5):
        before = len(site.asked)
        records, left = visits(url, left, full_every=3)
        assert names([Batch(tuple(records), "")]) == ["urn:x:1"]
        asked.append(sum(1 for path, _ in site.asked[before:] if path == "/d/1"))
    assert asked == [1, 0, 0, 1, 0]
    put(site, pages, changed="2024-05-02T10:00:00Z")
    before = len(site.asked)
    visits(url, left, full_every=100)
    assert "/d/1" in [path for path, _ in site.asked[before:]]


def test_a_day_as_lastmod_is_believed_only_once_it_is_over(site: Hostile) -> None:
    put(site, {"/d/1": html(dataset("urn:x:1", "一"))}, changed="2999-01-01")
    _, left = visits(f"{site.url}/sitemap.xml", {})
    before = len(site.asked)
    visits(f"{site.url}/sitemap.xml", left)
    assert "/d/1" in [path for path, _ in site.asked[before:]]


def test_a_run_goes_on_after_its_last_page(site: Hostile) -> None:
    put(site, {f"/d/{n}": html(dataset(f"urn:x:{n}", "一")) for n in range(6)})
    url = f"{site.url}/sitemap.xml"
    whole = walk(url, batch_size=2)
    before = len(site.asked)
    assert names(walk(url, whole[1].resume, batch_size=2)) == ["urn:x:4", "urn:x:5"]
    assert [path for path, _ in site.asked[before:] if path.startswith("/d/")] == ["/d/4", "/d/5"]


def test_a_run_that_goes_on_in_another_sitemap_begins_anew(site: Hostile) -> None:
    pages = {f"/d/{n}": html(dataset(f"urn:x:{n}", "一")) for n in range(6)}
    put(site, pages)
    url = f"{site.url}/sitemap.xml"
    point = walk(url, batch_size=2)[1].resume
    put(site, pages, listed=[f"/d/{n}" for n in (5, 0, 1, 2, 3, 4)])
    rest = walk(url, point, batch_size=2)
    assert sorted(filter(None, names(rest))) == [f"urn:x:{n}" for n in range(6)] and all(batch.again for batch in rest)


def test_a_run_that_goes_on_still_knows_what_could_not_be_read(site: Hostile) -> None:
    fault = in_turn(says(b"", 500), html(dataset("urn:x:0", "一")))
    put(site, {"/d/0": fault, **{f"/d/{n}": html(dataset(f"urn:x:{n}", "一")) for n in range(1, 6)}})
    with web() as client:
        first = next(SchemaOrg(f"{site.url}/sitemap.xml", SchemaOrgSettings(pause=0, batch_size=2)).batches(client, None))
    with web() as client, pytest.raises(NotData, match="1 pages"):
        list(SchemaOrg(f"{site.url}/sitemap.xml", SchemaOrgSettings(pause=0)).batches(client, first.resume))


def test_a_run_that_goes_on_among_the_lists_gives_what_no_page_describes(site: Hostile) -> None:
    def catalogue(*numbers: int) -> Behaviour:
        stubs = [{"@type": "Dataset", "name": f"短 {n}", "url": f"/d/{n}"} for n in numbers]
        return html({"@context": "https://schema.org/", "@type": "DataCatalog", "name": "目录", "dataset": stubs})

    put(site, {"/list/1": catalogue(0, 1, 2), "/list/2": catalogue(2, 3), "/d/0": html(dataset("#a", "长 0"))})
    url = f"{site.url}/sitemap.xml"
    whole = walk(url, batch_size=1)
    assert names(whole) == [f"{site.url}/d/{name}" for name in ("0#a", "1", "2", "3")]
    rest = walk(url, whole[1].resume, batch_size=1)
    assert names(rest)[-1] == f"{site.url}/d/3" and all(batch.again for batch in rest)


def test_more_pages_than_allowed_are_told(site: Hostile) -> None:
    put(site, {f"/d/{n}": html(dataset(f"urn:x:{n}", "一")) for n in range(6)})
    assert isinstance(broken(f"{site.url}/sitemap.xml", max_pages=5)[1], TooLarge)


def test_a_redirect_to_a_private_address_is_not_followed(site: Hostile) -> None:
    put(site, {"/d/1": says(b"", 302, {"Location": "http://169.254.169.254/latest"}), "/d/2": html(dataset("urn:x:2", "一"))})
    given, problem = broken(f"{site.url}/sitemap.xml")
    assert [record.identifier for record in given] == ["urn:x:2"] and "169.254" in str(problem)


def seen(body: bytes, kind: str) -> Seen:
    return Seen("https://data.example/", "https://data.example/", 200, kind, {}, body, True)


@pytest.mark.parametrize(
    ("body", "kind", "sure"),
    [
        (sitemap("https://data.example/1"), "application/xml", 45),
        (b"User-agent: *\nDisallow:\n", "text/plain", 20),
        (b"User-agent: *\nSitemap: https://data.example/all.xml\n", "text/plain", 42),
        (json.dumps(dataset("urn:x:1", "一")).encode(), "application/ld+json", 50),
        (page(dataset("urn:x:1", "一")), "text/html", 50),
        (page(None), "text/html", 0),
        (b'{"a": 1}', "application/json", 0),
        (b"", "", 0),
    ],
)
def test_it_is_recognised_by_what_is_there(body: bytes, kind: str, sure: int) -> None:
    found = SchemaOrg.recognises(seen(body, kind))
    assert (found.sure if found else 0) == sure


def test_real_pages_without_datasets_are_passed_over(site: Hostile, corpora: Path) -> None:
    pages = sorted(path for path in (corpora / "chinese").rglob("*.html"))
    assert len(pages) >= 3
    put(
        site,
        {
            **{f"/{n}": says(path.read_bytes(), headers=HTML) for n, path in enumerate(pages)},
            "/d": html(dataset("urn:x:1", "一")),
        },
    )
    assert names(walk(f"{site.url}/sitemap.xml")) == ["urn:x:1"]


def test_real_json_ld_comes_back_from_pages_as_it_was(site: Hostile, corpora: Path) -> None:
    bodies: dict[str, Any] = {}
    for path in sorted((corpora / "schema-org").rglob("*.json*")):
        try:
            body = json.loads(path.read_text("utf-8"))
        except ValueError:
            continue
        kinds = body.get("@type") if isinstance(body, dict) else None
        if any(
            str(kind).rpartition(":")[2].rpartition("/")[2] == "Dataset"
            for kind in (kinds if isinstance(kinds, list) else [kinds])
        ):
            bodies[f"/{len(bodies)}"] = body
    assert len(bodies) > 50
    put(site, {path: html(body) for path, body in bodies.items()})
    records = [record for batch in walk(f"{site.url}/sitemap.xml") for record in batch.records]
    assert len(records) == len(bodies)
    for record, body in zip(records, bodies.values(), strict=True):
        assert record.body["name"] == body["name"] if "name" in body else True
    assert {record.standard for record in records} == {None, "croissant"}
