"""ArcGIS Hub: feeds that are only a part, the two search APIs, and recorded answers."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from harvesters.arcgis_hub import FEED, ArcgisHub
from harvesters.base import NotModified, Seen
from harvesters.detection import detect
from metadata.errors import NotData, Unreachable
from standards.arcgis_hub import STANDARD
from tests.harvesters.listings import answers, asked, failure, hub_feed, hub_search, hub_v3, item, names, walk, web
from tests.hostile.server import Handler, Hostile, in_turn, says

SEARCH = "/api/search/v1/collections/dataset/items"
V3 = "/api/v3/datasets"


def ids(*numbers: int) -> list[str]:
    return [f"id-{number:04}" for number in numbers]


def rows(count: int = 23) -> list[dict[str, Any]]:
    return list(map(item, range(count)))


def feed(count: int = 23) -> Any:
    return answers(lambda _: hub_feed(rows(count)))


def test_the_feed_is_held_against_the_count_of_the_search() -> None:
    with Hostile({FEED: feed(), SEARCH: hub_search(rows(), claims=25)}) as server:
        batches = walk(ArcgisHub, server.url + "/search?q=x", {"batch_size": 10})
    assert names(batches) == ids(*range(23)) and batches[0].total == 25


def test_a_feed_that_lists_too_little_fails_and_says_what_helps() -> None:
    with Hostile({FEED: feed(5), SEARCH: hub_search(rows())}) as server:
        given, error = failure(ArcgisHub, server.url)
        assert names(walk(ArcgisHub, server.url, {"feed_share": 0})) == ids(*range(5))
    assert given == ids(*range(5)) and isinstance(error, NotData)
    assert "lists 5 datasets, the site's search counts 23" in str(error) and "by=search" in str(error)


@pytest.mark.parametrize(
    "search", [says(b"", 404), says(b"<html>no", 200), says(b'{"numberMatched": "many"}'), says(b"[]"), None]
)
def test_a_site_without_a_count_is_believed(search: Any) -> None:
    with Hostile({FEED: feed(), **({SEARCH: search} if search else {})}) as server:
        assert names(walk(ArcgisHub, server.url)) == ids(*range(23))


def test_a_count_at_the_end_of_its_window_tells_nothing() -> None:
    with Hostile({FEED: feed(), SEARCH: hub_search(rows(), claims=10_000)}) as server:
        assert len(names(walk(ArcgisHub, server.url))) == 23


def test_a_feed_that_stayed_is_not_read_again() -> None:
    with Hostile({FEED: feed(), SEARCH: hub_search(rows())}) as server:
        with web() as first:
            list(ArcgisHub(server.url, ArcgisHub.Settings()).batches(first, None))
        with web(validators=first.fresh_validators) as second, pytest.raises(NotModified):
            list(ArcgisHub(server.url, ArcgisHub.Settings()).batches(second, None))


def test_a_feed_that_changed_meanwhile_is_begun_anew() -> None:
    with Hostile({FEED: in_turn(feed(), feed(25)), SEARCH: says(b"", 404)}) as server:
        first = walk(ArcgisHub, server.url, {"batch_size": 10})[0]
        rest = walk(ArcgisHub, server.url, {"batch_size": 10}, first.resume)
    assert names(rest) == ids(*range(25)) and all(batch.again for batch in rest)


@pytest.mark.parametrize(("size", "cap"), [(10, 100), (100, 7), (23, 100)])
def test_the_search_is_walked_by_its_start(size: int, cap: int) -> None:
    with Hostile({SEARCH: hub_search(rows(), cap)}) as server:
        batches = walk(ArcgisHub, server.url, {"by": "search", "page_size": size, "filter": "access='public'"})
        assert names(batches) == ids(*range(23)) and "startindex=1&filter=access='public'" in asked(server)[0]
    assert {record.standard for batch in batches for record in batch.records} == {"arcgis_hub"}


def test_a_search_of_more_than_its_window_is_refused_whole() -> None:
    with Hostile({SEARCH: hub_search(rows(), claims=10_000)}) as server:
        given, error = failure(ArcgisHub, server.url, {"by": "search"})
    assert given == [] and "at most 10,000" in str(error) and "by=dcat_us" in str(error)


@pytest.mark.parametrize("by", ["search", "v3"])
def test_a_listing_that_ends_before_its_total_is_an_error(by: str) -> None:
    with Hostile({SEARCH: hub_search(rows(), claims=40), V3: hub_v3(rows(), claims=40)}) as server:
        given, error = failure(ArcgisHub, server.url, {"by": by})
    assert given == ids(*range(23)) and "ended early: 23 of 40" in str(error)


def test_the_older_api_is_walked_by_page_whatever_it_caps() -> None:
    with Hostile({V3: hub_v3(rows(49), cap=20)}) as server:
        batches = walk(ArcgisHub, server.url, {"by": "v3", "filter": "filter[openData]=true&catalog[groupIds]=any(abc)"})
        assert names(batches) == ids(*range(49)) and "filter[openData]=true" in asked(server)[0]
        for number, batch in enumerate(batches):
            rest = walk(ArcgisHub, server.url, {"by": "v3"}, batch.resume)
            assert names(batches[: number + 1]) + names(rest) == ids(*range(49))


def test_items_that_move_forward_when_others_are_deleted_are_met() -> None:
    held = rows(60)
    serve = hub_search(held, cap=10)

    def change(handler: Handler) -> None:
        if len(handler.server.asked) == 3:
            del held[2:6]
        serve(handler)

    with Hostile({SEARCH: change}) as server:
        met = names(walk(ArcgisHub, server.url, {"by": "search"}))
    assert len(met) == len(set(met)) and set(ids(*range(6, 60))) <= set(met)


def test_an_error_on_the_way_fails_the_run() -> None:
    for answer, kind, words in (
        (says(b'{"errors": [{"title": "query failed"}]}'), NotData, "query failed"),
        (says(b'{"features": 1}'), NotData, "no list `features`"),
        (says(b"<!doctype html><title>Hub is down</title>"), NotData, "Hub is down"),
        (says(b"", 429, {"Retry-After": "2"}), Unreachable, "429"),
    ):
        with Hostile({SEARCH: in_turn(hub_search(rows(), cap=10), answer)}) as server:
            given, error = failure(ArcgisHub, server.url, {"by": "search"})
        assert given == ids(*range(10)) and isinstance(error, kind) and words in str(error)


def seen(body: Any, url: str, kind: str = "application/json") -> Seen:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Seen(url, url, 200, kind, {}, content, True)


def test_it_recognises_its_feed_its_apis_and_its_front_page() -> None:
    site = "https://opendata.example.gov"
    feature = {"type": "FeatureCollection", "features": [{"id": "x", "properties": item(1)}]}
    probe = ArcgisHub.recognises(seen(feature, f"{site}{SEARCH}?limit=1"))
    assert probe and probe.sure == 100 and probe.url == site and probe.settings == {}
    given = ArcgisHub.recognises(seen(feature, f"{site}{SEARCH}"))
    assert given and given.settings == {"by": "search"}
    older = ArcgisHub.recognises(seen({"data": [{"id": "x", "attributes": item(1)}], "meta": {}}, f"{site}{V3}"))
    assert older and older.settings == {"by": "v3"}
    dataset = {"@type": "dcat:Dataset", "identifier": "https://www.arcgis.com/home/item.html?id=abc"}
    assert ArcgisHub.recognises(seen({"dataset": [dataset]}, f"{site}{FEED}"))
    page = b'<!doctype html><html><script src="https://hubcdn.arcgis.com/opendata-ui/assets/x.js"></script></html>'
    front = ArcgisHub.recognises(seen(page, f"{site}/", "text/html"))
    assert front and front.url == site and front.sure >= 50


def test_it_leaves_what_is_not_a_hub() -> None:
    site = "https://data.example.gov"
    features = {"type": "FeatureCollection", "features": [{"id": "x", "properties": {"name": "a road"}}]}
    others: list[Any] = [
        features,
        {"data": [{"title": "x"}]},
        {"data": []},
        [1],
        {"dataset": [{"identifier": "x"}]},
        b"<html>a site</html>",
    ]
    for body in others:
        assert ArcgisHub.recognises(seen(body, f"{site}/x")) is None


def test_a_recorded_page_that_is_a_part_fails_and_an_empty_site_lists_nothing(corpora: Path) -> None:
    folder = corpora / "dcatus" / "scotland-od-bods" / "arcgis"
    recorded = json.loads((folder / "moray.json").read_text())
    total = recorded["meta"]["stats"]["totalCount"]
    empty = says(json.dumps({**recorded, "data": []}).encode())
    with Hostile({V3: in_turn(says((folder / "moray.json").read_bytes()), empty)}) as server:
        given, error = failure(ArcgisHub, server.url, {"by": "v3", "page_size": 20})
    assert given == [row["id"] for row in recorded["data"]] and f"ended early: 20 of {total}" in str(error)
    assert STANDARD.read and all(STANDARD.read(row).title for row in recorded["data"])
    with Hostile({V3: says((folder / "south_ayrshire.json").read_bytes())}) as server:
        assert walk(ArcgisHub, server.url, {"by": "v3"}) == []


def test_recorded_feeds_in_dcat_ap_are_cut_into_datasets(corpora: Path) -> None:
    for name, count in (("edinburgh", 44), ("glasgow", 68)):
        body = (corpora / "dcatus" / "scotland-od-bods" / "dcat" / f"{name}.json").read_bytes()
        assert len(json.loads(body)["dcat:dataset"]) == count
        with Hostile({"/api/feed/dcat-ap/2.0.1.json": says(body)}) as server:
            batches = walk(ArcgisHub, server.url, {"by": "dcat_ap", "dcat_ap": "2.0.1", "batch_size": 10})
            assert len(names(batches)) == len(set(names(batches))) == count
            rest = walk(ArcgisHub, server.url, {"by": "dcat_ap", "dcat_ap": "2.0.1", "batch_size": 10}, batches[1].resume)
            assert names(batches[:2]) + names(rest) == names(batches)


def test_recorded_feeds_of_hubs_are_harvested_as_they_were(corpora: Path) -> None:
    paths = sorted((corpora / "dcatus" / "geobtaa-arcgis-latest").rglob("*.json"))[:20]
    assert len(paths) == 20
    for path in paths:
        listed = json.loads(path.read_text(encoding="utf-8-sig"))["dataset"]
        with Hostile({FEED: says(path.read_bytes()), SEARCH: hub_search(rows(1), claims=len(listed))}) as server:
            assert names(walk(ArcgisHub, server.url)) == [str(one["identifier"]) for one in listed]


def test_a_feed_may_be_packed_marked_or_in_another_character_set() -> None:
    body = json.dumps({"dataset": [{"identifier": "a", "title": "Bäume in der Stadt, größer"}]}, ensure_ascii=False)
    packed = says(gzip.compress(body.encode()), headers={"Content-Encoding": "gzip"})
    for answer in (packed, says(body.encode("utf-8-sig")), says(body.encode("cp1252"))):
        with Hostile({FEED: answer}) as server:
            (batch,) = walk(ArcgisHub, server.url)
        assert batch.records[0].body["title"] == "Bäume in der Stadt, größer"


def test_a_front_page_alone_is_enough() -> None:
    page = says(b"<!doctype html><html><head><title>Open data</title></head></html>", headers={"Content-Type": "text/html"})
    with Hostile({"/": page, FEED: feed(), SEARCH: hub_search(rows())}) as server, web() as client:
        best = detect(client, f"{server.url}/")[0]
        assert (best.protocol, best.found.url, best.found.settings) == ("arcgis_hub", server.url, {})
        assert names(list(ArcgisHub(best.found.url, ArcgisHub.Settings()).batches(client, None))) == ids(*range(23))
