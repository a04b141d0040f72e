"""Socrata's Discovery API: scrolling, totals, kinds, the data.json beside it, and 177 real portals."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from harvesters.base import NotModified, Seen
from harvesters.socrata import Socrata
from metadata.errors import NotData, Unreachable
from standards.socrata import STANDARD
from tests.harvesters.listings import answers, asked, failure, names, query, socrata, view, walk, web
from tests.hostile.server import Behaviour, Handler, Hostile, in_turn, redirects, says

API = "/api/catalog/v1"


def links(*numbers: int) -> list[str]:
    return [f"https://data.example.gov/d/aaaa-{number:04}" for number in numbers]


@pytest.mark.parametrize(("size", "cap"), [(10, 10_000), (7, 10_000), (1000, 6), (23, 10_000)])
def test_every_dataset_is_met_once_whatever_the_page_size(size: int, cap: int) -> None:
    with Hostile({API: socrata(list(map(view, range(23))), cap)}) as server:
        assert names(walk(Socrata, server.url, {"page_size": size})) == links(*range(23))
        first = asked(server)[0]
    assert f"domains=127.0.0.1:{server.port}" in first and "only=dataset" in first and "scroll_id=" in first


def test_maps_and_filters_come_only_when_asked_for() -> None:
    rows = [view(0), view(1, kind="map"), view(2, kind="filter"), view(3, kind="href")]
    with Hostile({API: socrata(rows)}) as server:
        assert names(walk(Socrata, server.url)) == links(0)
        assert names(walk(Socrata, server.url, {"types": "dataset, map"})) == links(0, 1)
        assert names(walk(Socrata, server.url, {"types": "all"})) == links(0, 1, 2, 3)


def test_what_is_inserted_and_deleted_on_the_way_moves_nothing() -> None:
    rows = [view(number) for number in range(10, 40)]
    serve = socrata(rows)

    def change(handler: Handler) -> None:
        if len(handler.server.asked) == 2:
            rows.insert(0, view(1))  # behind the walk: next time
            del rows[5]  # already met
            rows.remove(view(38))
        serve(handler)

    with Hostile({API: change}) as server:
        met = names(walk(Socrata, server.url, {"page_size": 10}))
    assert met == links(*(number for number in range(10, 40) if number != 38))


def test_a_count_of_what_is_left_is_understood() -> None:
    rows = list(map(view, range(23)))

    def make(given: dict[str, str]) -> Any:
        rest = [row for row in rows if row["resource"]["id"] > given.get("scroll_id", "")]
        return {"results": rest[:10], "resultSetSize": len(rest)}

    with Hostile({API: answers(make)}) as server:
        batches = walk(Socrata, server.url, {"page_size": 10})
    assert names(batches) == links(*range(23)) and {batch.total for batch in batches} == {23}


def test_a_listing_that_ends_before_its_total_is_an_error() -> None:
    with Hostile({API: socrata(list(map(view, range(23))), claims=40)}) as server:
        given, error = failure(Socrata, server.url, {"page_size": 10})
    assert len(given) == 23 and isinstance(error, NotData) and "ended early: 23 of 40" in str(error)


def test_an_api_that_ignores_scrolling_is_told_from_one_that_is_small() -> None:
    rows = list(map(view, range(5)))
    with Hostile({API: answers(lambda _: {"results": rows, "resultSetSize": 5})}) as server:
        assert names(walk(Socrata, server.url)) == links(*range(5))
    with Hostile({API: answers(lambda _: {"results": rows, "resultSetSize": 50})}) as server:
        given, error = failure(Socrata, server.url, {"page_size": 5})
    assert given == links(*range(5)) and "circle" in str(error)


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (says(b"<!doctype html><title>Sign in</title>"), NotData, "Sign in"),
        (says(b'{"error": "rate limit exceeded"}'), NotData, "rate limit"),
        (says(b'{"results": {}}'), NotData, "no `results`"),
        (says(b'{"results": [{"resource"'), NotData, "not JSON"),
        (says(b"", 503, {"Retry-After": "1"}), Unreachable, "503"),
        (says(b"", 500), Unreachable, "500"),
        (says(b'{"results": [{"resource": {"name": "no id"}}], "resultSetSize": 23}'), NotData, "no id"),
    ],
)
def test_an_answer_that_is_no_page_says_why(behaviour: Behaviour, kind: type[Exception], words: str) -> None:
    with Hostile({API: in_turn(socrata(list(map(view, range(23)))), behaviour)}) as server:
        given, error = failure(Socrata, server.url, {"page_size": 10})
    assert given == links(*range(10)) and isinstance(error, kind) and words in str(error)


def test_an_odd_result_is_given_as_it_is() -> None:
    rows: list[Any] = [{"resource": None}, "text", view(0)]
    pages = [{"results": rows, "resultSetSize": 3}, {"results": [], "resultSetSize": 3}]
    with Hostile({API: in_turn(*(says(json.dumps(page).encode()) for page in pages))}) as server:
        batches = walk(Socrata, server.url)
    assert names(batches) == [None, None, *links(0)] and batches[0].records[1].body == "text"


def test_where_the_api_is_off_the_data_json_is_read() -> None:
    feed = says(json.dumps({"dataset": [{"identifier": f"id-{number}"} for number in range(5)]}).encode())
    with Hostile({"/data.json": feed}) as server:
        batches = walk(Socrata, server.url, {"page_size": 2})
        assert names(batches) == [f"id-{number}" for number in range(5)]
        assert names(walk(Socrata, server.url, {"page_size": 2}, batches[0].resume)) == ["id-2", "id-3", "id-4"]
    assert {record.standard for batch in batches for record in batch.records} == {"dcat_us_1_1_non_federal"}


def test_by_setting_the_one_or_the_other_is_read() -> None:
    feed = says(json.dumps({"dataset": [{"identifier": "x"}]}).encode())
    with Hostile({"/data.json": feed, API: socrata([view(0)])}) as server:
        assert names(walk(Socrata, server.url, {"by": "data_json"})) == ["x"]
        assert names(walk(Socrata, server.url, {"by": "api"})) == links(0)
    with Hostile({"/data.json": feed}) as server:
        _, error = failure(Socrata, server.url, {"by": "api"})
    assert isinstance(error, Unreachable) and "404" in str(error)


def test_a_redirect_to_another_host_is_followed_to_the_end_of_its_listing() -> None:
    with (
        Hostile({API: socrata([view(0)])}) as other,
        Hostile({API: redirects(f"{other.url}{API}?limit=1&only=dataset")}) as server,
    ):
        assert names(walk(Socrata, server.url)) == links(0)


def seen(body: bytes, url: str = "https://data.example.gov/x", kind: str = "application/json", whole: bool = True) -> Seen:
    return Seen(url, url, 200, kind, {}, body, whole)


def test_it_recognises_its_api_and_nothing_else() -> None:
    found = Socrata.recognises(seen(json.dumps({"results": [view(0)], "resultSetSize": 1}).encode()))
    assert found and found.sure == 100 and found.url == "https://data.example.gov"
    long = json.dumps({"results": [view(0)] * 3})[:-40].encode()
    assert Socrata.recognises(seen(long, whole=False))
    others: list[Any] = [{"results": [], "resultSetSize": 0}, {"results": [{"id": "x"}]}, {"dataset": []}, [1], "x"]
    for other in others:
        assert Socrata.recognises(seen(json.dumps(other).encode())) is None
    assert Socrata.recognises(seen(b"<html></html>", kind="text/html")) is None


def test_real_portals_are_listed_whole(corpora: Path) -> None:
    by_domain: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted((corpora / "portal-json" / "socrata-all-2022").glob("*.jsonl")):
        if not path.name.endswith(".stats.jsonl"):
            # One portal was caught twice with one id, which its index cannot hold.
            rows = {row["resource"]["id"]: row for row in map(json.loads, path.read_text().splitlines())}
            by_domain[path.name.removesuffix(".jsonl")] = list(rows.values())
    assert len(by_domain) > 150

    def serve(handler: Handler) -> None:
        socrata(by_domain[query(handler)["domains"]], cap=100)(handler)

    read = failed = 0
    with Hostile({API: serve}) as server, web() as client:
        for domain, listed in by_domain.items():
            batches = Socrata(server.url, Socrata.Settings(domain=domain, types="all")).batches(client, None)
            records = [record for batch in batches for record in batch.records]
            assert sorted(record.body["resource"]["id"] for record in records) == sorted(
                row["resource"]["id"] for row in listed
            )
            for record in records:
                dataset = STANDARD.read(record.body) if STANDARD.read else None
                failed += dataset is None or dataset.identifier != record.identifier
                read += 1
    assert read > 8_000 and failed == 0


def test_the_next_run_is_spared_a_data_json_that_stayed() -> None:
    feed = says(json.dumps({"dataset": [{"identifier": "x"}]}).encode())
    with Hostile({"/data.json": feed}) as server:
        with web() as first:
            list(Socrata(server.url, Socrata.Settings(by="data_json")).batches(first, None))
            kept = first.fresh_validators
        with web(validators=kept) as second, pytest.raises(NotModified):
            list(Socrata(server.url, Socrata.Settings(by="data_json")).batches(second, None))


def test_scrolling_goes_beyond_ten_thousand() -> None:
    with Hostile({API: socrata([view(number) for number in range(10_500)])}) as server:
        batches = walk(Socrata, server.url, {"page_size": 5000})
    assert len(set(names(batches))) == 10_500 and len(batches) == 3 and batches[0].total == 10_500
