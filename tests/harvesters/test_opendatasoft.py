"""Opendatasoft: the export, its pages with their window, version 1, filters."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from harvesters.base import Seen
from harvesters.opendatasoft import Opendatasoft
from metadata.errors import NotData, Unreachable
from standards.opendatasoft import STANDARD
from tests.harvesters.listings import answers, asked, failure, names, ods, ods_old, ods_pages, walk
from tests.hostile.server import Handler, Hostile, breaks, in_turn, says

EXPORT = "/api/explore/v2.1/catalog/exports/json"
PAGES = "/api/explore/v2.1/catalog/datasets"
OLD = "/api/datasets/1.0/search"


def ids(*numbers: int) -> list[str]:
    return [f"id-{number:04}" for number in numbers]


def rows(count: int = 23) -> list[dict[str, Any]]:
    return list(map(ods, range(count)))


def export(count: int = 23) -> Any:
    return answers(lambda _: rows(count))


def test_the_export_is_read_whole_and_compared_with_the_count() -> None:
    with Hostile({EXPORT: export(), PAGES: ods_pages(rows())}) as server:
        batches = walk(Opendatasoft, server.url + "/explore/", {"batch_size": 10})
    assert names(batches) == ids(*range(23)) and batches[0].total == 23
    assert STANDARD.read and STANDARD.read(batches[0].records[0].body).identifier == "id-0000"


def test_an_export_that_ends_early_is_an_error() -> None:
    with Hostile({EXPORT: export(5), PAGES: ods_pages(rows())}) as server:
        given, error = failure(Opendatasoft, server.url)
    assert given == ids(*range(5)) and isinstance(error, NotData) and "ended early: 5 of 23" in str(error)


def test_a_dataset_that_is_deleted_meanwhile_is_no_early_end() -> None:
    held = rows(24)
    serve = ods_pages(held)

    def shrink(handler: Handler) -> None:
        serve(handler)
        held[:] = rows(23) if len(handler.server.asked) > 1 else held

    with Hostile({EXPORT: export(23), PAGES: shrink}) as server:
        assert len(names(walk(Opendatasoft, server.url))) == 23


def test_a_broken_export_fails_and_is_not_taken_for_less() -> None:
    body = json.dumps(rows())[:-300].encode()
    with Hostile({EXPORT: says(body), PAGES: ods_pages(rows())}) as server:
        given, error = failure(Opendatasoft, server.url, {"batch_size": 5})
    assert len(given) >= 20 and isinstance(error, NotData) and "too early" in str(error)


def test_where_the_export_is_off_pages_are_read() -> None:
    with Hostile({EXPORT: says(b"", 403), PAGES: ods_pages(rows())}) as server:
        batches = walk(Opendatasoft, server.url, {"page_size": 5})
        assert names(batches) == ids(*range(23)) and len(batches) == 5
        rest = walk(Opendatasoft, server.url, {"page_size": 5}, batches[2].resume)
        assert names(batches[:3]) + names(rest) == names(batches)
        _, error = failure(Opendatasoft, server.url, {"by": "export"})
    assert isinstance(error, Unreachable) and "403" in str(error)


@pytest.mark.parametrize("by", ["pages", "v1"])
def test_pages_that_end_at_ten_thousand_are_refused_whole(by: str) -> None:
    old = answers(lambda _: {"nhits": 10_001, "datasets": []})
    with Hostile({PAGES: ods_pages(rows(), claims=10_001), OLD: old}) as server:
        given, error = failure(Opendatasoft, server.url, {"by": by})
    assert given == [] and "10,000" in str(error) and "by=export" in str(error)


def test_an_old_site_is_read_by_version_1() -> None:
    with Hostile({OLD: ods_old(rows())}) as server:
        batches = walk(Opendatasoft, server.url, {"page_size": 10, "refine": "publisher:Ville de Paris", "where": "arbres"})
        assert names(batches) == ids(*range(23))
        assert "refine.publisher=Ville+de+Paris&q=arbres" in asked(server)[-1]
    assert STANDARD.read and STANDARD.read(batches[0].records[0].body).title


def test_filters_reach_the_export_and_its_count() -> None:
    with Hostile({EXPORT: export(), PAGES: ods_pages(rows())}) as server:
        walk(Opendatasoft, server.url, {"where": "theme = 'x'", "refine": "publisher:Ville; theme:Eau"})
        for path in asked(server):
            if "exports" in path or "limit=1" in path:
                assert "where=theme+=+'x'&refine=publisher:Ville&refine=theme:Eau" in path


def test_a_facet_without_a_value_is_refused_when_saved() -> None:
    with pytest.raises(ValidationError, match="field:value"):
        Opendatasoft.Settings(refine="publisher")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (says(b'{"error_code": "ODSQLError", "message": "ODSQL query is malformed"}'), "malformed"),
        (says(b'{"total_count": 3}'), "no list of datasets"),
        (says(b"<html><title>Maintenance</title></html>"), "Maintenance"),
        (says(b"[1]"), "no answer of the Explore API"),
        (breaks(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), "connection"),
    ],
)
def test_an_error_in_place_of_a_page_fails_the_run(answer: Any, words: str) -> None:
    with Hostile({PAGES: in_turn(ods_pages(rows()), answer)}) as server:
        given, error = failure(Opendatasoft, server.url, {"by": "pages", "page_size": 10})
    assert given == ids(*range(10)) and words in str(error)


def test_a_listing_that_ends_before_its_total_is_an_error() -> None:
    with Hostile({PAGES: ods_pages(rows(), claims=40)}) as server:
        given, error = failure(Opendatasoft, server.url, {"by": "pages"})
    assert len(given) == 23 and "ended early: 23 of 40" in str(error)


def seen(body: Any, whole: bool = True) -> Seen:
    content = json.dumps(body).encode()
    return Seen("https://data.example.fr/x", "https://data.example.fr/x", 200, "application/json", {}, content, whole)


def test_it_recognises_every_version_and_nothing_else() -> None:
    newer = Opendatasoft.recognises(seen({"total_count": 1, "results": [ods(1)]}))
    assert newer and newer.sure == 100 and newer.url == "https://data.example.fr" and newer.settings == {}
    wrapped = {"total_count": 1, "datasets": [{"links": [], "dataset": ods(1)}]}
    assert Opendatasoft.recognises(seen(wrapped))
    old = Opendatasoft.recognises(seen({"nhits": 1, "datasets": [{"datasetid": "x", "metas": {}}]}))
    assert old and old.settings == {"by": "v1"}
    assert Opendatasoft.recognises(seen([ods(1)]))
    assert Opendatasoft.recognises(seen([ods(1), ods(2)], whole=False))
    for other in ({"results": [{"id": "x"}]}, {"total_count": 0, "results": []}, [], [1], {"datasets": "x"}):
        assert Opendatasoft.recognises(seen(other)) is None


def test_an_export_may_be_larger_than_the_window_of_pages() -> None:
    listed = rows(10_500)
    with Hostile({EXPORT: answers(lambda _: listed), PAGES: ods_pages(listed)}) as server:
        batches = walk(Opendatasoft, server.url, {"batch_size": 5000})
    assert len(set(names(batches))) == 10_500 and batches[0].total == 10_500
