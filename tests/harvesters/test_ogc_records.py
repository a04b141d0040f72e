"""OGC API Records: services and static catalogues, paging, other forms of a record, changes only, a real pycsw."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from harvesters import listing
from harvesters.base import Batch, Seen
from harvesters.ogc_records import OgcRecords, OgcRecordsSettings
from harvesters.web import Web
from metadata.errors import CatalogError, Invalid, NotData, Unreachable
from standards.table import STANDARDS
from tests.harvesters.catalogue_service import iso
from tests.harvesters.records_service import Service, record
from tests.hostile.server import Behaviour, Handler, Hostile, in_turn, redirects, says
from tests.pycsw import Pycsw, virginia  # noqa: F401  # a fixture


def ids(*numbers: int) -> list[str | None]:
    return [f"id-{n:04}" for n in numbers]


def named(count: int) -> list[str]:
    return [f"id-{n:04}" for n in range(count)]


def walked(url: str, resume: str | None = None, web: Web | None = None, **settings: Any) -> list[Batch]:
    with web or Web(internal=True, retries=0, sleep=lambda _: None) as client:
        return list(OgcRecords(url, OgcRecordsSettings(**settings)).batches(client, resume))


def given(batches: list[Batch]) -> list[str | None]:
    return [each.identifier for batch in batches for each in batch.records]


def names(url: str, resume: str | None = None, **settings: Any) -> list[str | None]:
    return given(walked(url, resume, **settings))


def failure(url: str, **settings: Any) -> tuple[list[str | None], CatalogError | None]:
    met: list[str | None] = []
    try:
        with Web(internal=True, retries=0, sleep=lambda _: None) as web:
            for batch in OgcRecords(url, OgcRecordsSettings(**settings)).batches(web, None):
                met += [each.identifier for each in batch.records]
    except CatalogError as error:
        return met, error
    return met, None


# Where it begins


@pytest.mark.parametrize("path", ["", "/", "/collections", "/collections/main", "/collections/main/items?offset=20&f=json"])
def test_every_address_of_a_service_leads_to_its_records(path: str) -> None:
    with Service({"main": named(25)}) as service:
        batches = walked(service.url + path, page_size=10)
    assert given(batches) == ids(*range(25)) and {batch.total for batch in batches} == {25}
    assert {(each.standard, each.modified) for batch in batches for each in batch.records} == {("ogc_records", "2024-05-01")}


def test_all_collections_of_records_are_taken_and_no_others() -> None:
    both = {"a": named(3), "places": ["x"], "b": named(6)[3:]}
    with Service(both, kinds={"places": "feature"}) as service:
        assert names(service.url, page_size=2) == ids(*range(6))
        assert names(service.url, collections="b") == ids(3, 4, 5)
        assert names(service.url, collections=" places , b ") == ["x", *ids(3, 4, 5)]


def test_collections_that_are_not_there_are_told() -> None:
    with Service({"a": ["x"], "places": ["y"]}, kinds={"a": "feature", "places": "feature"}) as service:
        _, error = failure(service.url, collections="b")
        assert isinstance(error, Invalid) and "There are: a, places" in str(error)
        _, error = failure(service.url)
    assert isinstance(error, NotData) and "none of the collections is one of records" in str(error)


def test_a_page_for_people_is_asked_again_for_json() -> None:
    def landing(handler: Handler) -> None:
        page = b"<!doctype html><title>Catalogue</title>"
        body = json.dumps({"links": [{"rel": "data", "href": f"{service.url}/collections"}]}).encode()
        says(body if "f=json" in handler.path else page)(handler)

    with Service({"main": named(3)}) as service, Hostile({"/": landing}) as front:
        assert names(f"{front.url}/") == ids(0, 1, 2)


def test_settings_reach_the_service() -> None:
    with Service({"main": named(3)}) as service:
        walked(service.url, q="water", filter="type='dataset'", page_size=7)
        path = service.asked[-1][0]
    assert "limit=7" in path and "q=water" in path and "filter=type%3D%27dataset%27" in path and "filter-lang=cql2-text" in path


# Paging


def test_the_next_page_may_be_named_in_the_header() -> None:
    with Service({"main": named(25)}, header=True) as service:
        assert names(service.url, page_size=10) == ids(*range(25))


def test_a_service_that_calls_itself_by_an_inner_name_is_followed_where_it_was_asked() -> None:
    def page(handler: Handler) -> None:
        inner = "http://inner.example:8080/items"
        links = [{"rel": "self", "href": f"{inner}?page=1"}, {"rel": "next", "href": f"{inner}?page=2"}]
        first = "page=2" not in handler.path
        body = {"features": [record("a" if first else "b")], "links": links if first else [], "numberMatched": 2}
        says(json.dumps(body).encode())(handler)

    with Hostile({"/items": page}) as server:
        assert names(f"{server.url}/items") == ["a", "b"]


def test_a_service_that_caps_its_pages_is_followed_at_its_pace() -> None:
    with Service({"main": named(25)}, cap=4) as service:
        assert names(service.url, page_size=10) == ids(*range(25))


@pytest.mark.parametrize("matched", [None, 3])
def test_no_count_hides_a_record(matched: int | None) -> None:
    with Service({"main": named(25)}, tell=lambda page: {**page, "matched": matched}) as service:
        assert names(service.url, page_size=10) == ids(*range(25))


def test_a_listing_that_ends_early_is_an_error() -> None:
    with Service(
        {"main": named(25)}, tell=lambda page: {**page, "next": page["next"] if page["start"] < 10 else None}
    ) as service:
        met, error = failure(service.url, page_size=10)
    assert met == ids(*range(20)) and isinstance(error, NotData) and "ended early: 20 of 25" in str(error)


def test_links_that_go_round_in_a_circle_are_an_error() -> None:
    def circle(page: dict[str, Any]) -> dict[str, Any]:
        return {**page, "matched": 1000, "next": "/collections/main/items?limit=10&offset=0"}

    with Service({"main": named(25)}, tell=circle) as service:
        met, error = failure(service.url, page_size=10)
    assert met == ids(*range(10)) and isinstance(error, NotData) and "circle" in str(error)


def test_a_service_that_makes_up_records_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 100)

    def invent(service: Service) -> None:
        service.collections["main"] = named(10 * service.requests + 20)

    with Service({"main": []}, before=invent) as service:
        met, error = failure(service.url, page_size=10)
    assert isinstance(error, NotData) and "more than 100 rows" in str(error) and len(met) <= 110


def test_records_inserted_while_paging_are_not_doubled() -> None:
    def insert(service: Service) -> None:
        if service.requests == 2:
            service.collections["main"].insert(0, "id-")

    with Service({"main": named(25)}, before=insert) as service:
        assert names(service.url, page_size=10) == ids(*range(25))


def test_an_odd_record_is_given_as_it_is() -> None:
    with Service({"main": named(3)}, bodies={"id-0001": "odd"}) as service:
        (batch,) = walked(service.url)
    assert given([batch]) == ["id-0000", None, "id-0002"] and batch.records[1].body == "odd"


@pytest.mark.parametrize("collections", [{"main": named(25)}, {"a": named(7), "b": named(15)[7:], "c": []}])
def test_a_run_goes_on_from_any_batch(collections: dict[str, list[str]]) -> None:
    with Service(collections) as service:
        whole = walked(service.url, page_size=5)
        for point in range(len(whole)):
            rest = names(service.url, whole[point].resume, page_size=5)
            assert given(whole[: point + 1]) + rest == given(whole)
    assert all(batch.again for batch in whole)


def test_a_collection_that_went_away_meanwhile_is_an_error() -> None:
    with Service({"a": named(7), "b": named(9)[7:]}) as service:
        first = walked(service.url, page_size=5)[0]
        with pytest.raises(NotData, match="gone since the run began"):
            walked(service.url, first.resume, collections="b")


# Answers that are none


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (says(b"<!doctype html><title>Log in</title>"), NotData, "Log in"),
        (says(b""), NotData, "empty"),
        (says(b'{"code": "x", "description": "index is down"}'), NotData, "index is down"),
        (says(b'{"title": "Not found", "status": 404}', 404), Unreachable, "Not found"),
        (says(b'{"description": "bad filter"}', 400), Unreachable, "bad filter"),
        (says(b"oops", 500), Unreachable, "oops"),
        (says(b"[1]"), NotData, "no answer of OGC API Records"),
        (says(b'{"a": 1}'), NotData, "leads to no collection"),
        (says(b'{"features": [{"id"'), NotData, "not JSON"),
        (says(b"no", 403), Unreachable, "HTTP 403"),
    ],
)
def test_an_answer_that_is_none_says_why(behaviour: Behaviour, kind: type[CatalogError], words: str) -> None:
    with Hostile({"/records": behaviour}) as server:
        met, error = failure(f"{server.url}/records")
    assert met == [] and isinstance(error, kind) and words in str(error)


def test_an_error_in_the_middle_fails_the_run() -> None:
    body = {"features": [record("a")], "links": [{"rel": "next", "href": "/items?b"}], "numberMatched": 2}
    pages = [says(json.dumps(body).encode()), says(b'{"title": "down for a while"}')]
    with Hostile({"/items": in_turn(pages[0], *pages)}) as server:
        met, error = failure(f"{server.url}/items")
    assert met == ["a"] and isinstance(error, NotData) and "down for a while" in str(error)


def test_a_busy_service_is_asked_again_and_pages_may_be_gzipped() -> None:
    body = gzip.compress(json.dumps({"features": [record("é")]}).encode())
    page = says(body, 200, {"Content-Encoding": "gzip"})
    waits: list[float] = []
    with Hostile({"/items": in_turn(says(b"", 503, {"Retry-After": "7"}), says(b"", 429), page)}) as server:
        met = given(walked(f"{server.url}/items", web=Web(internal=True, retries=3, sleep=waits.append)))
    assert met == ["é"] and sum(waits) >= 7


def test_a_next_page_elsewhere_is_asked_without_secrets() -> None:
    with Service({"main": named(4)}) as service:
        leads = json.dumps({"features": [record("a")], "links": [{"rel": "next", "href": "/moved"}]}).encode()
        there = redirects(f"{service.url}/collections/main/items")
        with Hostile({"/items": says(leads), "/moved": there}) as front:
            web = Web(internal=True, retries=0, headers={"x-key": "secret"}, home=front.url)
            assert given(walked(f"{front.url}/items", web=web)) == ["a", *ids(*range(4))]
            assert all("x-key" in headers for _, headers in front.asked)
        assert not any("x-key" in headers for _, headers in service.asked)


# Changes only


def incremental(service: Service, validators: dict[str, Any], how: str) -> tuple[list[Batch], dict[str, Any]]:
    with Web(internal=True, retries=0, validators=validators) as web:
        settings = OgcRecordsSettings(incremental=how, page_size=5, full_every=3)
        batches = list(OgcRecords(service.url, settings).batches(web, None))
    return batches, web.fresh_validators


@pytest.mark.parametrize("how", ["filter", "datetime"])
def test_a_later_run_asks_for_changes_only_and_every_third_for_everything(how: str) -> None:
    with Service({"a": named(7), "b": named(12)[7:]}) as service:
        first, marks = incremental(service, {}, how)
        assert given(first) == ids(*range(12)) and not any(batch.partial for batch in first)
        service.changed = {"id-0003", "id-0009"}
        second, marks = incremental(service, marks, how)
        assert given(second) == ids(3, 9) and all(batch.partial for batch in second)
        service.changed = set()
        third, marks = incremental(service, marks, how)
        assert [(batch.records, batch.partial) for batch in third] == [((), True)]
        fourth, _ = incremental(service, marks, how)
        assert given(fourth) == ids(*range(12)) and not any(batch.partial for batch in fourth)


# Static catalogues


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@contextmanager
def files(folder: Path) -> Iterator[str]:
    """The folder, served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def catalogue(folder: Path, *links: tuple[str, str], **more: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    given_links = [{"rel": relation, "href": href, "type": "application/geo+json"} for relation, href in links]
    body = {"id": folder.name, "type": "Collection", "itemType": "record", "conformsTo": ["ogcapi-records"], **more}
    (folder / "catalog.json").write_text(json.dumps({**body, "links": given_links}))


def filed(folder: Path) -> None:
    """12 records in three catalogues that lead to each other in circles."""
    catalogue(
        folder, ("self", "catalog.json"), ("child", "a/catalog.json"), ("child", "./b/catalog.json"), ("item", "id-0000.json")
    )
    catalogue(folder / "a", ("child", "../catalog.json"), *(("item", f"id-{n:04}.json") for n in range(1, 6)))
    catalogue(
        folder / "b", *(("item", f"id-{n:04}.json#it") for n in range(6, 12)), ("item", "../a/id-0001.json"),
        ("child", "/a/catalog.json"), ("child", "catalog.json"),
    )  # fmt: skip
    for number in range(12):
        place = folder if not number else folder / "a" if number < 6 else folder / "b"
        (place / f"id-{number:04}.json").write_text(json.dumps(record(f"id-{number:04}")))


def test_a_static_catalogue_is_crawled_without_going_in_circles(tmp_path: Path) -> None:
    filed(tmp_path)
    with files(tmp_path) as url:
        whole = walked(f"{url}/catalog.json", page_size=5)
        assert given(whole) == ids(*range(12)) and [len(batch.records) for batch in whole] == [5, 5, 2]
        for point in range(len(whole)):
            assert given(whole[: point + 1]) + names(f"{url}/catalog.json", whole[point].resume, page_size=5) == given(whole)
        assert names(f"{url}/a/id-0003.json") == ids(3)


def test_a_record_that_is_missing_is_one_failed_record(tmp_path: Path) -> None:
    filed(tmp_path)
    (tmp_path / "a" / "id-0003.json").unlink()
    (tmp_path / "a" / "id-0004.json").write_text("<html>")
    with files(tmp_path) as url:
        (batch,) = walked(f"{url}/catalog.json")
    odd = [each.body for each in batch.records if each.identifier is None]
    assert [body["href"] for body in odd] == [f"{url}/a/id-0003.json", f"{url}/a/id-0004.json"] and "404" in odd[0]["problem"]
    assert len(batch.records) == 12


def test_a_catalogue_that_is_missing_fails_the_run(tmp_path: Path) -> None:
    filed(tmp_path)
    (tmp_path / "b" / "catalog.json").unlink()
    with files(tmp_path) as url:
        _, error = failure(f"{url}/catalog.json", page_size=2)
    assert isinstance(error, Unreachable) and "/b/catalog.json" in str(error)


def test_a_site_that_went_away_is_not_taken_for_odd_records(tmp_path: Path) -> None:
    catalogue(tmp_path, *(("item", f"id-{n:04}.json") for n in range(30)))
    with files(tmp_path) as url:
        _, error = failure(f"{url}/catalog.json")
    assert isinstance(error, Unreachable) and "404" in str(error)


# Other forms


def linked(identifier: str, *links: dict[str, str]) -> dict[str, Any]:
    return record(identifier, links=list(links))


def test_records_are_taken_in_iso_or_dcat_where_they_link_to_it() -> None:
    prefixes = b"@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
    turtle = prefixes + b"<http://city.example/b> a dcat:Dataset ; dct:title 'T'@en ."
    bodies = {
        "a": linked("a", {"rel": "alternate", "type": "text/html", "href": "/a.html"},
                    {"rel": "describedby", "type": "application/xml", "href": "/a.xml"}),
        "b": linked("b", {"rel": "alternate", "type": "text/turtle; charset=utf-8", "href": "/b.ttl"}),
        "c": linked("c", {"rel": "alternate", "type": "application/xml", "href": "/gone.xml"}),
    }  # fmt: skip
    with Service({"main": ["a", "b", "c"]}, bodies=bodies) as service:
        service.server.behaviours |= {
            "/a.xml": says(_iso_alone()),
            "/b.ttl": says(turtle, 200, {"Content-Type": "text/turtle"}),
        }
        assert [each.standard for each in walked(service.url)[0].records] == ["ogc_records"] * 3
        iso_first = walked(service.url, prefer="iso")[0].records
        dcat_first = walked(service.url, prefer="dcat")[0].records
    assert [each.standard for each in iso_first] == ["iso_19139", "ogc_records", "ogc_records"]
    assert [each.standard for each in dcat_first][0::2] == ["ogc_records", "ogc_records"]
    assert dcat_first[1].standard != "ogc_records" and isinstance(dcat_first[1].body, bytes)
    assert given([Batch(iso_first, "")]) == given([Batch(dcat_first, "")]) == ["a", "b", "c"]


def _iso_alone() -> bytes:
    spaces = 'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"'
    return iso("a").replace("<gmd:MD_Metadata>", f"<gmd:MD_Metadata {spaces}>").encode()


# Recognition


def seen(url: str, web: Web, limit: int = 1 << 18) -> Seen:
    answer = web.get(url)
    kind = answer.headers.get("content-type", "").partition(";")[0]
    return Seen(url, answer.url, answer.status, kind, answer.headers, answer.content[:limit], len(answer.content) <= limit)


@pytest.mark.parametrize("path", ["", "/collections", "/collections/main", "/collections/main/items?limit=5", "/conformance"])
def test_a_service_is_recognised_by_each_of_its_parts(path: str) -> None:
    with Service({"main": named(23)}) as service, Web(internal=True) as web:
        found = OgcRecords.recognises(seen(service.url + path, web))
        assert found and found.sure >= 90
        assert names(found.url, page_size=10) == ids(*range(23))


def test_a_long_page_is_recognised_by_its_beginning() -> None:
    with Service({"main": named(500)}) as service, Web(internal=True) as web:
        found = OgcRecords.recognises(seen(f"{service.url}/collections/main/items?limit=500&offset=3", web, 4096))
        assert found and found.url == f"{service.url}/collections/main/items"


def test_a_static_catalogue_is_recognised(tmp_path: Path) -> None:
    filed(tmp_path)
    with files(tmp_path) as url, Web(internal=True) as web:
        for path in ("/catalog.json", "/a/id-0001.json"):
            assert OgcRecords.recognises(seen(url + path, web))
        assert OgcRecords.recognises(seen(OgcRecords.probes(url)[-1], web))


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{", "<html/>", '{"features": []}', '{"features": [{"type": "Feature", "properties": {"name": "x"}}]}',
        '{"collections": [{"id": "places", "itemType": "feature"}]}', '{"links": 5, "conformsTo": [1]}',
        '{"type": "Catalog", "stac_version": "1.0.0", "links": [{"rel": "child", "href": "a"}]}', '{"dataset": []}',
    ],
)  # fmt: skip
def test_other_answers_are_not_recognised(body: str) -> None:
    for whole in (True, False):
        assert OgcRecords.recognises(Seen("http://a.example/", "http://a.example/", 200, "", {}, body.encode(), whole)) is None


# A real server


def test_a_real_server_gives_everything(virginia: Pycsw) -> None:  # noqa: F811
    standard = STANDARDS.get("ogc_records")
    assert standard.read and standard.check
    for url, settings in ((virginia.url, {}), (virginia.records, {"page_size": 200})):
        batches = walked(url, **settings)
        assert sorted(name or "" for name in given(batches)) == virginia.identifiers() and batches[0].total == 1260
    found: Counter[str] = Counter()
    for batch in batches:
        for each in batch.records:
            assert standard.read(each.body).identifier == each.identifier
            found.update(one.rule for one in standard.check(each.body))
    # pycsw leaves the licence out of some answers, and gives it in others.
    assert set(found) - {"ogc-records/license/absent"} == {
        "ogc-records/keywords/absent",
        "ogc-records/type/absent",
        "ogc-records/time/form",
    }


def test_a_real_server_is_recognised_at_each_of_its_addresses(virginia: Pycsw) -> None:  # noqa: F811
    with Web(internal=True) as web:
        for url in (virginia.url, f"{virginia.url}/collections", virginia.records, f"{virginia.records}/items"):
            found = OgcRecords.recognises(seen(url, web))
            assert found and found.sure >= 60, url
