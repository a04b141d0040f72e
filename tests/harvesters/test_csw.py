"""Catalogue services (CSW): negotiation, paging past every lie, odd records, changes only, a real pycsw."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harvesters import csw_walk
from harvesters.base import Batch, Record, Seen
from harvesters.csw import Csw, CswSettings
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, Unreachable
from standards.table import STANDARDS, detect
from tests.harvesters.catalogue_service import CSW, GMD, XML, Page, Service, document, exception, iso
from tests.hostile.server import Behaviour, Handler, Hostile, in_turn, redirects, says
from tests.pycsw import Pycsw, catalogue, virginia  # noqa: F401  # a fixture


def ids(*numbers: int) -> list[str | None]:
    return [f"id-{n:04}" for n in numbers]


def named(count: int) -> list[str]:
    return [f"id-{n:04}" for n in range(count)]


def walked(url: str, resume: str | None = None, web: Web | None = None, **settings: Any) -> list[Batch]:
    with web or Web(internal=True, retries=0, sleep=lambda _: None) as client:
        return list(Csw(url, CswSettings(**settings)).batches(client, resume))


def given(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def names(url: str, resume: str | None = None, **settings: Any) -> list[str | None]:
    return given(walked(url, resume, **settings))


def failure(url: str, **settings: Any) -> tuple[list[str | None], CatalogError | None]:
    met: list[str | None] = []
    try:
        with Web(internal=True, retries=0, sleep=lambda _: None) as web:
            for batch in Csw(url, CswSettings(**settings)).batches(web, None):
                met += [record.identifier for record in batch.records]
    except CatalogError as error:
        return met, error
    return met, None


# What it asks for, and what comes


def test_records_are_cut_out_with_their_namespaces_as_documents_of_their_own() -> None:
    with Service(named(2)) as service:
        (batch,) = walked(service.address)
    assert batch.total == 2
    for record in batch.records:
        assert record.standard == "iso_19139" and record.modified == "2024-05-01"
        assert detect(record.body) == STANDARDS.get("iso_19139")
        read = STANDARDS.get("iso_19139").read
        assert read and read(record.body).identifier == record.identifier


@pytest.mark.parametrize(
    ("schemas", "wanted", "asked"),
    [
        ((CSW, GMD), "", GMD),
        ((CSW, "http://www.w3.org/ns/dcat#"), "", "http://www.w3.org/ns/dcat#"),
        ((CSW, "http://standards.iso.org/iso/19115/-3/mdb/2.0"), "", "http://standards.iso.org/iso/19115/-3/mdb/2.0"),
        ((), "", CSW),
        ((CSW, GMD), "csw", CSW),
        ((CSW,), "gmd", GMD),
        ((CSW,), "http://schema.example/", "http://schema.example/"),
    ],
)
def test_the_output_schema_is_the_richest_offered_or_the_one_wanted(schemas: tuple[str, ...], wanted: str, asked: str) -> None:
    with Service(["a"], schemas=schemas) as service:
        walked(service.address, output_schema=wanted)
    assert service.queries[-1]["outputschema"] == asked and service.queries[-1]["elementsetname"] == "full"


@pytest.mark.parametrize("version", ["2.0.2", "3.0.0"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_both_versions_are_spoken_by_get_and_by_post(version: str, method: str) -> None:
    with Service(named(12), version=version) as service:
        assert names(service.address, page_size=5, method=method) == ids(*range(12))
    asked = [query for query in service.queries if query["request"] == "GetRecords"]
    assert len(asked) == 3 and all(query["version"] == version and query["sortby"] for query in asked)


def test_a_service_that_takes_documents_only_is_posted_to() -> None:
    with Service(named(3), gets=False) as service:
        assert names(service.address) == ids(0, 1, 2)
    with Service(named(3), gets=False, posts=False) as service:
        _, error = failure(service.address)
    assert isinstance(error, Unreachable) and "HTTP 405" in str(error)


def test_a_service_that_cannot_sort_is_asked_without() -> None:
    with Service(named(12), sorts=False) as service:
        assert names(service.address, page_size=5) == ids(*range(12))
    assert ["sortby" in query for query in service.queries].count(True) == 1


def test_a_capabilities_address_with_its_query_is_taken() -> None:
    with Service(named(3)) as service:
        url = f"{service.address}?SERVICE=CSW&REQUEST=GetCapabilities&map=/a.map"
        assert names(url) == ids(0, 1, 2)
    assert all("map=%2Fa.map" in path for path, _ in service.asked)


def test_a_constraint_reaches_the_service_in_either_language() -> None:
    with Service(["a"]) as service:
        walked(service.address, constraint="dc:title LIKE '%x%'")
        assert (
            service.queries[-1]["constraint"] == "dc:title LIKE '%x%'"
            and service.queries[-1]["constraintlanguage"] == "CQL_TEXT"
        )
        walked(service.address, constraint="<ogc:Filter xmlns:ogc='http://www.opengis.net/ogc'/>", type_names="gmd:MD_Metadata")
        assert service.queries[-1]["constraintlanguage"] == "FILTER" and service.queries[-1]["typenames"] == "gmd:MD_Metadata"


# Paging


def test_a_service_that_caps_its_pages_is_followed_at_its_pace() -> None:
    with Service(named(25), cap=4) as service:
        assert names(service.address, page_size=10) == ids(*range(25))


def lie(**claims: Any) -> Any:
    return lambda page: {**page, **claims}


@pytest.mark.parametrize(
    "tell",
    [
        lie(next=0),
        lie(next=None),
        lie(next=1),
        lie(next=99_999),
        lambda page: {**page, "next": page["start"]},
        lambda page: {**page, "next": page["start"] + page["asked"]},
        lie(returned=0),
        lie(returned=99),
        lie(matched=0),
        lie(matched=None, next=None, returned=None),
        lambda page: {**page, "matched": page["matched"] if page["start"] == 1 else 0},
        lambda page: {**page, "matched": len(page["rows"])},
        lie(matched=3),
    ],
    ids=lambda _: "",
)
def test_no_claim_hides_a_record(tell: Any) -> None:
    with Service(named(25), tell=tell) as service:
        assert names(service.address, page_size=10) == ids(*range(25))


@pytest.mark.parametrize("beyond", ["empty", "first", "exception"])
@pytest.mark.parametrize("matched", [0, 25, 7])
def test_the_end_is_found_however_a_service_answers_beyond_it(beyond: str, matched: int) -> None:
    with Service(named(25), beyond=beyond, tell=lie(matched=matched, next=99)) as service:
        assert names(service.address, page_size=5) == ids(*range(25))


def test_a_listing_that_ends_early_is_an_error() -> None:
    with Service(named(25), tell=lie(matched=40)) as service:
        met, error = failure(service.address, page_size=10)
    assert met == ids(*range(25)) and isinstance(error, NotData) and "ended early: 25 of 40" in str(error)


def test_an_empty_first_page_is_an_error_when_records_are_claimed() -> None:
    with Service([], tell=lie(matched=40)) as service:
        met, error = failure(service.address)
    assert met == [] and isinstance(error, NotData) and "ended early: 0 of 40" in str(error)


def test_a_service_without_records_gives_nothing() -> None:
    with Service([]) as service:
        assert walked(service.address) == []


def test_records_that_are_counted_and_not_given_are_told_one_by_one() -> None:
    hidden = {"id-0003", "id-0024"}
    with Service(named(25), hidden=hidden) as service:
        batches = walked(service.address, page_size=5)
    met = [name for name in given(batches) if name]
    assert sorted(met) == [name for name in named(25) if name not in hidden]


def test_a_page_that_is_left_out_whole_does_not_end_the_listing() -> None:
    hidden = set(named(25)[10:15])
    with Service(named(25), hidden=hidden) as service:
        batches = walked(service.address, page_size=5)
    odd = [record for batch in batches for record in batch.records if record.identifier is None]
    assert [name for name in given(batches) if name] == [name for name in named(25) if name not in hidden]
    assert [record.body.decode()[:15] for record in odd] == [f"Record {n} of 25" for n in range(11, 16)]


def test_records_that_move_forward_when_others_are_deleted_are_met() -> None:
    def lose(service: Service) -> None:
        if service.requests == 2:
            del service.rows.names[2:5]

    with Service(named(25), before=lose) as service:
        met = names(service.address, page_size=10)
    assert sorted(filter(None, met)) == ids(*range(25)) and len(met) == 25  # 2 to 4 were given before they went


def test_records_inserted_before_the_page_are_not_doubled() -> None:
    def insert(service: Service) -> None:
        if service.requests == 2:
            service.rows.names.insert(0, "id-")

    with Service(named(25), before=insert) as service:
        assert names(service.address, page_size=10) == ids(*range(25))


def test_a_service_that_changes_without_end_is_given_up() -> None:
    def shrink(page: Page) -> Page:
        return {**page, "matched": 100_000 if page["start"] % 2 else 60_000}

    with Service(named(25), tell=shrink) as service:
        _, error = failure(service.address, page_size=5)
    assert error is not None and "changes faster" in str(error)


def test_pages_that_go_round_in_a_circle_are_an_error() -> None:
    with Service(named(10), starts=False, tell=lie(matched=1000)) as service:
        met, error = failure(service.address, page_size=10)
    assert met == ids(*range(10)) and isinstance(error, NotData) and "circle" in str(error)


def test_a_service_that_makes_up_records_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csw_walk, "MOST_ROWS", 100)

    def invent(service: Service) -> None:
        service.rows.names = named(10 * service.requests + 10)

    with Service([], before=invent) as service:
        met, error = failure(service.address, page_size=10)
    assert isinstance(error, NotData) and "more than 100 records" in str(error) and len(met) <= 120


def test_records_without_identifiers_and_twice_the_same_identifier_are_given() -> None:
    rows = [iso("", "one"), iso("x", "two"), iso("x", "three")]
    body = document("GetRecordsResponse", f'<csw:SearchResults numberOfRecordsMatched="3">{"".join(rows)}</csw:SearchResults>')
    with service_saying(says(body, 200, XML)) as server:
        assert names(f"{server.url}/csw") == [None, "x", "x"]


# Odd records and odd answers


@pytest.mark.parametrize("number", [0, 1, 13, 24])
def test_a_record_that_breaks_its_page_is_isolated_and_had_by_its_identifier(number: int) -> None:
    with Service(named(25), broken={f"id-{number:04}"}, mends=True) as service:
        met = names(service.address, page_size=10)
    assert sorted(filter(None, met)) == ids(*range(25)) and len(met) == 25


@pytest.mark.parametrize("number", [0, 13, 24])
def test_a_record_that_cannot_be_had_is_one_failed_record(number: int) -> None:
    with Service(named(25), broken={f"id-{number:04}"}) as service:
        batches = walked(service.address, page_size=10)
    (odd,) = (record for batch in batches for record in batch.records if record.faults)
    assert odd.identifier == f"id-{number:04}" and odd.faults[0].rule == "record/xml/well-formed"
    assert sorted(filter(None, given(batches))) == ids(*range(25))


def test_a_service_that_breaks_altogether_is_an_error() -> None:
    with Service(named(25), broken=set(named(25))) as service:
        met, error = failure(service.address, page_size=10)
    assert met == [] and isinstance(error, NotData) and "cannot be read" in str(error)


def service_saying(records: Behaviour) -> Service:
    """A service whose capabilities are in order, and whose records are not."""
    return Service([], records)


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><csw:GetRecordsResponse xmlns:csw="c">&b;</csw:GetRecordsResponse>'
)


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (exception("InvalidParameterValue", "typeName", said="no such type"), NotData, "no such type"),
        (exception("NoApplicableCode", "", said="out of memory"), NotData, "out of memory"),
        (exception("NoApplicableCode", "", 500, "out of memory"), NotData, "out of memory"),
        (says(b"<!doctype html><title>Log in</title>"), NotData, "Log in"),
        (says(b""), NotData, "empty"),
        (says(b'{"a": 1}'), NotData, "not XML"),
        (says(b"oops", 500), Unreachable, "HTTP 500"),
        (says(b"<html>no</html>", 404), Unreachable, "HTTP 404"),
        (says(b"no", 403), Unreachable, "HTTP 403"),
        (says(BOMB, 200, XML), NotData, "DOCTYPE"),
        (says(document("Acknowledgement", ""), 200, XML), NotData, "Acknowledgement"),
        (says(document("GetRecordsResponse", "<csw:SearchResults>")[:-30], 200, XML), NotData, "cannot be read"),
    ],
)
def test_an_answer_that_is_no_page_says_why(behaviour: Behaviour, kind: type[CatalogError], words: str) -> None:
    with service_saying(behaviour) as server:
        met, error = failure(f"{server.url}/csw", page_size=4)
    assert met == [] and isinstance(error, kind) and words in str(error)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (says(b"<!doctype html><title>Welcome</title>"), "Welcome"),
        (exception("NoApplicableCode", "", said="asleep"), "asleep"),
        (says(b"<WMS_Capabilities/>"), "no capabilities document"),
        (says(b"", 404), "HTTP 404"),
    ],
)
def test_an_address_without_capabilities_says_why(behaviour: Behaviour, words: str) -> None:
    with Hostile({"/csw": behaviour}) as server:
        _, error = failure(f"{server.url}/csw")
    assert error is not None and words in str(error)


def test_an_answer_that_breaks_off_loses_nothing() -> None:
    """A body shorter than its length says is asked for again."""
    page = document("GetRecordsResponse", f'<csw:SearchResults numberOfRecordsMatched="1">{iso("a")}</csw:SearchResults>')
    short = says(page[:200], 200, XML, length=len(page))
    with service_saying(in_turn(short, says(page, 200, XML))) as server:
        met = given(walked(f"{server.url}/csw", web=Web(internal=True, retries=2, sleep=lambda _: None)))
    assert met == ["a"]


def test_a_busy_service_is_asked_again() -> None:
    page = document("GetRecordsResponse", f'<csw:SearchResults numberOfRecordsMatched="1">{iso("a")}</csw:SearchResults>')
    waits: list[float] = []
    behaviour = in_turn(says(b"", 503, {"Retry-After": "7"}), says(b"", 429), says(page, 200, XML))
    with service_saying(behaviour) as server:
        met = given(walked(f"{server.url}/csw", web=Web(internal=True, retries=3, sleep=waits.append)))
    assert met == ["a"] and sum(waits) >= 7


def test_pages_may_be_gzipped_and_in_another_character_set() -> None:
    page = document("GetRecordsResponse", f'<csw:SearchResults numberOfRecordsMatched="1">{iso("é")}</csw:SearchResults>')
    latin = page.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1")
    packed = says(gzip.compress(latin), 200, {**XML, "Content-Encoding": "gzip"})
    with service_saying(packed) as server:
        assert names(f"{server.url}/csw") == ["é"]


def test_a_redirect_to_another_place_is_followed_without_secrets() -> None:
    with Service(named(3)) as service, Hostile({"/csw": redirects("")}) as front:

        def lead(handler: Handler) -> None:
            redirects(f"{service.address}?{handler.path.partition('?')[2]}", 307)(handler)

        front.server.behaviours["/csw"] = lead
        web = Web(internal=True, retries=0, headers={"x-key": "secret"})
        assert given(walked(f"{front.url}/csw", web=web)) == ids(0, 1, 2)
        assert all("x-key" in headers for _, headers in front.asked)
        assert not any("x-key" in headers for _, headers in service.asked)


# DCAT


def dcat_page(*inner: str, matched: int) -> bytes:
    said = f'numberOfRecordsMatched="{matched}" numberOfRecordsReturned="{matched}" nextRecord="0"'
    return document("GetRecordsResponse", f"<csw:SearchResults {said}>{''.join(inner)}</csw:SearchResults>")


def dataset(number: int) -> str:
    return (
        '<dcat:Dataset xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:dct="http://purl.org/dc/terms/" '
        f'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about="http://city.example/{number}">'
        f"<dct:title>Title {number}</dct:title><dct:description>Words</dct:description></dcat:Dataset>"
    )


def wrapped(*inner: str) -> str:
    return f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{"".join(inner)}</rdf:RDF>'


@pytest.mark.parametrize(
    "page",
    [
        dcat_page(dataset(1), dataset(2), matched=2),
        dcat_page(wrapped(dataset(1)), wrapped(dataset(2)), matched=2),
        dcat_page(wrapped(dataset(1), dataset(2)), matched=2),
    ],
    ids=["bare", "one graph each", "one graph"],
)
def test_datasets_in_dcat_become_one_record_each(page: bytes) -> None:
    with service_saying(says(page, 200, XML)) as server:
        (batch,) = walked(f"{server.url}/csw", output_schema="dcat")
    assert [record.identifier for record in batch.records] == ["http://city.example/1", "http://city.example/2"]
    for record in batch.records:
        found = detect(record.body)
        assert found and found.read and found.read(record.body).title


# Going on, and changes only


@pytest.mark.parametrize("fault", [{}, {"broken": {"id-0007"}}, {"hidden": {"id-0012"}}, {"sorts": False}])
def test_a_run_goes_on_from_any_batch(fault: dict[str, Any]) -> None:
    with Service(named(25), **fault) as service:
        whole = walked(service.address, page_size=5)
        for point in range(len(whole)):
            rest = names(service.address, whole[point].resume, page_size=5)
            met = [*given(whole[: point + 1]), *rest]
            assert sorted(filter(None, set(met))) == sorted(filter(None, set(given(whole)))), point
            if not fault:
                assert met == given(whole)
    assert all(batch.again for batch in whole)


def incremental(service: Service, validators: dict[str, Any], resume: str | None = None) -> tuple[list[Batch], dict[str, Any]]:
    web = Web(internal=True, retries=0, validators=validators)
    with web:
        harvester = Csw(service.address, CswSettings(incremental=True, page_size=5, full_every=3, overlap_minutes=0))
        batches = list(harvester.batches(web, resume))
    return batches, web.fresh_validators


def test_a_later_run_asks_for_changes_only_and_every_third_for_everything() -> None:
    with Service(named(12)) as service:
        first, marks = incremental(service, {})
        assert not any(batch.partial for batch in first) and given(first) == ids(*range(12))
        service.rows.changed = dict.fromkeys(named(12)[3:10], "2999-01-01")
        second, marks = incremental(service, marks)
        assert given(second) == ids(*range(3, 10)) and all(batch.partial for batch in second)
        assert "dct:modified >= '" in service.queries[-1]["constraint"]
        for point in range(len(second)):
            rest, _ = incremental(service, marks, second[point].resume)
            assert given(second[: point + 1]) + given(rest) == given(second) and all(batch.partial for batch in rest)
        service.rows.changed = {}
        third, marks = incremental(service, marks)
        assert [batch.records for batch in third] == [()] and third[0].partial
        fourth, marks = incremental(service, marks)
        assert not any(batch.partial for batch in fourth) and given(fourth) == ids(*range(12))


def test_a_service_that_refuses_the_filter_is_asked_for_everything() -> None:
    with Service(named(12), filters=False) as service:
        _, marks = incremental(service, {})
        batches, marks = incremental(service, marks)
    assert given(batches) == ids(*range(12)) and not any(batch.partial for batch in batches)


def test_changes_join_a_filter_in_xml() -> None:
    wanted = "<ogc:Filter xmlns:ogc='http://www.opengis.net/ogc'><ogc:PropertyIsNull/></ogc:Filter>"
    settings = CswSettings(incremental=True, constraint=wanted, method="POST")
    with Service(named(2)) as service:
        with Web(internal=True) as web:
            list(Csw(service.address, settings).batches(web, None))
        with Web(internal=True, validators=web.fresh_validators) as web:
            list(Csw(service.address, settings).batches(web, None))
        assert b"<ogc:And><ogc:PropertyIsNull/><ogc:PropertyIsGreaterThanOrEqualTo>" in service.server.bodies[-1]


# Recognition


def seen(url: str, web: Web) -> Seen:
    answer = web.get(url)
    kind = answer.headers.get("content-type", "").partition(";")[0]
    return Seen(url, answer.url, answer.status, kind, answer.headers, answer.content[: 1 << 18], True)


def test_a_service_is_recognised_by_its_capabilities_wherever_they_are() -> None:
    with Service(named(2)) as service, Web(internal=True) as web:
        for probe in (*Csw.probes(service.address)[:1], *Csw.probes(service.url)[1:2]):
            found = Csw.recognises(seen(probe, web))
            assert found and found.sure == 100 and found.url == service.address
        page = f"{service.address}?service=CSW&request=GetRecords&outputSchema={GMD}"
        found = Csw.recognises(seen(page, web))
        assert found and found.url == service.address
        with Hostile({"/capabilities.xml": says(web.get(Csw.probes(service.address)[0]).content, 200, XML)}) as files:
            found = Csw.recognises(seen(f"{files.url}/capabilities.xml", web))
        assert found and found.url == "http://inside.example:8080/csw"


@pytest.mark.parametrize("body", [b"", b"{}", b"<html/>", b"<a", b"<WMS_Capabilities/>", b"\xff\xfe", iso("a").encode()])
def test_other_answers_are_not_recognised(body: bytes) -> None:
    assert Csw.recognises(Seen("http://a.example/", "http://a.example/", 200, "", {}, body, True)) is None


# Real answers, and a real server


def test_recorded_answers_are_read(corpora: Path) -> None:
    counts: Counter[str] = Counter()
    for path in sorted((corpora / "csw").rglob("*.xml")):
        with service_saying(says(path.read_bytes(), 200, XML)) as server:
            met, error = failure(f"{server.url}/csw", page_size=20)
        counts["records"] += len([name for name in met if name])
        counts[type(error).__name__] += 1
    assert counts["records"] > 150 and counts["NoneType"] > 30, counts


def records(url: str, **settings: Any) -> Iterator[Record]:
    for batch in walked(url, **settings):
        yield from batch.records


@pytest.mark.parametrize(
    ("settings", "standard"),
    [
        ({}, "iso_19139"),
        ({"version": "3.0.0", "page_size": 200}, "iso_19139"),
        ({"method": "POST", "page_size": 500}, "iso_19139"),
        ({"output_schema": "csw", "sort": "none"}, "dublin_core"),
        ({"output_schema": "mdb"}, "iso_19115_3"),
    ],
)
def test_a_real_server_gives_everything(virginia: Pycsw, settings: dict[str, Any], standard: str) -> None:  # noqa: F811
    met = list(records(virginia.csw, **settings))
    assert Counter(record.standard for record in met) == {standard: 1260}
    assert sorted(record.identifier or "" for record in met) == virginia.identifiers()


def test_a_real_server_is_found_from_its_address(virginia: Pycsw) -> None:  # noqa: F811
    with Web(internal=True) as web:
        found = Csw.recognises(seen(virginia.csw, web))
    assert found and found.url == virginia.csw and found.sure == 100


def test_real_records_without_identifiers_are_all_given(corpora: Path) -> None:
    files = sorted((corpora / "iso" / "ogm-geodisy").rglob("iso19139.xml"))[:45]
    with catalogue(files, page=20) as server:
        met = list(records(server.csw, page_size=20))
        total = len(server.identifiers())
    assert total == len(files) and {record.identifier for record in met} == {None}
    assert len({record.body for record in met}) == len({file.read_bytes() for file in files})


def test_a_real_server_tells_what_changed(corpora: Path) -> None:
    files = sorted((corpora / "iso" / "ogm-virginia").rglob("*.xml"))[:60]
    settings = CswSettings(incremental=True, page_size=20, full_every=5)
    with catalogue(files, page=20) as server:
        known = server.identifiers()
        with Web(internal=True) as web:
            assert len(given(list(Csw(server.csw, settings).batches(web, None)))) == len(known)
        for name in known[7:10]:
            server.touch(name, "2999-01-01T00:00:00Z")
        server.remove(known[0])
        with Web(internal=True, validators=web.fresh_validators) as web:
            batches = list(Csw(server.csw, settings).batches(web, None))
        assert sorted(filter(None, given(batches))) == known[7:10] and all(batch.partial for batch in batches)
        resume = json.loads(batches[-1].resume)
        assert resume["since"] and resume["over"]
