"""data.json over HTTP: every quirk met in the wild, by a server of our own."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from harvesters.base import Batch, NotModified
from harvesters.dcat_us import DcatUs, DcatUsSettings
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, Unreachable
from tests.hostile.server import OK, Behaviour, Hostile, breaks, in_turn, says


@contextmanager
def catalogue(behaviour: Behaviour) -> Iterator[str]:
    with Hostile({"/data.json": behaviour}) as server:
        yield f"{server.url}/data.json"


def harvest(url: str, resume: str | None = None, size: int = 2, web: Web | None = None) -> list[Batch]:
    with web or Web(internal=True, retries=0) as client:
        return list(DcatUs(url, DcatUsSettings(batch_size=size)).batches(client, resume))


def body(count: int) -> bytes:
    return json.dumps(
        {"dataset": [{"identifier": f"d-{n}", "title": f"公共交通线路 {n}"} for n in range(count)]}, ensure_ascii=False
    ).encode()


def names(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def test_records_come_in_batches_with_their_identifiers() -> None:
    records = [{"identifier": "a", "title": 300.21}, {"identifier": 7}, {"identifier": ""}, {"title": "b"}, "text", None]
    with catalogue(says(json.dumps({"dataset": records}).encode())) as url:
        batches = harvest(url, size=4)
    assert [len(batch.records) for batch in batches] == [4, 2]
    assert names(batches) == ["a", "7", None, None, None, None]
    assert [record.body for batch in batches for record in batch.records] == records


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_character_sets_and_compression_change_nothing(charset: str, packed: bool) -> None:
    content = body(30).decode().encode(charset)
    with catalogue(says(gzip.compress(content) if packed else content, headers={"Content-Type": "application/json"})) as url:
        batches = harvest(url, size=30)
    assert batches[0].records[29].body["title"] == "公共交通线路 29"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html><title>Technical Difficulties</title>", "Technical Difficulties"),
        (b"", "empty"),
        (b'{"error": "database down"}', "database down"),
        (b'{"title": "no list"}', "`dataset`"),
    ],
)
def test_what_is_no_catalogue_fails_the_run(content: bytes, words: str) -> None:
    with catalogue(says(content)) as url, pytest.raises(NotData, match=words) as caught:
        harvest(url)
    assert caught.value.place == url


def test_an_empty_list_is_no_error_here() -> None:
    with catalogue(says(b'{"dataset": []}')) as url:
        assert harvest(url) == []


def test_a_cut_file_gives_its_records_and_then_the_error() -> None:
    given: list[Batch] = []
    with catalogue(says(body(5)[:-20])) as url, Web(internal=True) as web, pytest.raises(NotData, match="after 4 records"):
        given.extend(DcatUs(url, DcatUsSettings(batch_size=3)).batches(web, None))
    assert names(given) == ["d-0", "d-1", "d-2", "d-3"]


def test_a_download_that_breaks_gives_nothing_and_is_tried_again() -> None:
    half = OK + b"Content-Length: 10000\r\n\r\n" + body(5)[:-20]
    with catalogue(breaks(half)) as url, pytest.raises(Unreachable):
        harvest(url)
    with catalogue(in_turn(breaks(half), says(body(5)))) as url:
        assert len(names(harvest(url, web=Web(internal=True, sleep=lambda seconds: None)))) == 5


def test_a_run_goes_on_where_it_stopped_only_in_the_same_document() -> None:
    with catalogue(in_turn(says(body(6)), says(body(6)), says(body(7)))) as url:
        first = harvest(url)[0]
        assert names(harvest(url, first.resume)) == ["d-2", "d-3", "d-4", "d-5"]
        assert names(harvest(url, first.resume)) == [f"d-{n}" for n in range(7)]


@pytest.mark.parametrize("resume", ["", "x", "[]", "{}", '{"skip": "y", "digest": 1}'])
def test_a_resume_that_says_nothing_starts_again(resume: str) -> None:
    with catalogue(says(body(3))) as url:
        assert len(names(harvest(url, resume))) == 3


def test_an_unchanged_document_is_not_modified_unless_a_run_goes_on() -> None:
    with Hostile({}) as server:
        url = f"{server.url}/data.json"
        same = says(b"", 304)
        full = says(body(3), headers={"ETag": '"v1"'})
        server.server.behaviours["/data.json"] = lambda handler: (same if "if-none-match" in server.asked[-1][1] else full)(
            handler
        )
        with Web(internal=True) as web:
            (first, *_) = harvest(url, web=web)
        with pytest.raises(NotModified):
            harvest(url, web=Web(internal=True, validators=web.fresh_validators))
        assert names(harvest(url, first.resume, web=Web(internal=True, validators=web.fresh_validators))) == ["d-2"]


def test_an_error_is_one_line() -> None:
    with catalogue(says(b"\n<html>\n<title>a\nb</title>")) as url, pytest.raises(CatalogError) as caught:
        harvest(url)
    assert "\n" not in str(caught.value)
