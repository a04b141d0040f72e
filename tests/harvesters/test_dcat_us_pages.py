"""data.json in pages, gzipped, unchanged; and which answers show one."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harvesters import dcat_us_pages
from harvesters.base import Batch, NotModified
from harvesters.dcat_us import DcatUs, DcatUsSettings
from harvesters.web import Web
from metadata.errors import NotData, SourceError
from tests.harvesters.seeing import given, seen
from tests.hostile.server import Behaviour, Handler, Hostile, redirects, says

Marks = Mapping[str, Mapping[str, str]]
SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


def walk(url: str, resume: str | None = None, marks: Marks | None = None, size: int = 4) -> tuple[list[Batch], Marks]:
    with Web(internal=True, retries=0, sleep=lambda _: None, validators=marks) as web:
        return list(DcatUs(url, DcatUsSettings(batch_size=size)).batches(web, resume)), web.fresh_validators


def names(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def rows(start: int, end: int) -> list[dict[str, Any]]:
    return [{"identifier": f"d-{n}", "title": f"数据 {n}", "accessLevel": "public"} for n in range(start, end)]


def wanted(count: int) -> list[str]:
    return [f"d-{n}" for n in range(count)]


class Pages(Hostile):
    """23 records in pages of ten. `style` says how a page names the next one."""

    def __init__(self, style: str, total: int | None = None) -> None:
        super().__init__({"/data.json": self._page})
        self.style, self.total, self.rows, self.etag = style, total, rows(0, 23), ""

    def _page(self, handler: Handler) -> None:
        number = int(handler.path.partition("page=")[2] or 1)
        part = self.rows[(number - 1) * 10 : number * 10]
        following = f"{self.url}/data.json?page={number + 1}" if number * 10 < len(self.rows) else None
        body, headers = self._said(number, following)
        if self.total is not None:
            body["total"] = self.total
        if self.etag:
            headers["ETag"] = self.etag
        says(json.dumps({"conformsTo": SCHEMA, "dataset": part} | body).encode(), headers=headers)(handler)

    def _said(self, number: int, following: str | None) -> tuple[dict[str, Any], dict[str, str]]:
        if self.style == "Link":
            return {}, {"Link": f'<{following}>; rel="next", </data.json>; rel="first"'} if following else {}
        if self.style == "links":
            return {"links": [{"rel": "self", "href": "x"}, {"rel": "next", "href": following}]}, {}
        if self.style == "pagination":
            return {"pagination": {"next": {"href": following and "?" + following.partition("?")[2]}}}, {}
        if self.style == "number":
            return {"page": number, "totalPages": 3}, {}
        return {self.style: following}, {}


STYLES = ["Link", "links", "pagination", "number", "next", "nextPage", "next_page", "hydra:next"]


@pytest.mark.parametrize("style", STYLES)
def test_pages_are_followed_when_the_document_says_so(style: str) -> None:
    with Pages(style) as server:
        batches, _ = walk(f"{server.url}/data.json")
        assert names(batches) == wanted(23) and len(server.asked) == 3
        for point in range(len(batches)):
            rest, _ = walk(f"{server.url}/data.json", batches[point].resume)
            assert names(batches[: point + 1]) + names(rest) == wanted(23)
            assert not any(batch.again for batch in rest)


def test_a_document_that_names_no_next_page_is_everything() -> None:
    body = json.dumps({"dataset": rows(0, 3), "next": None, "page": 1, "pages": 1, "links": [{"rel": "self", "href": "/x"}]})
    with Hostile({"/data.json": says(body.encode())}) as server:
        assert names(walk(f"{server.url}/data.json")[0]) == wanted(3) and len(server.asked) == 1


def test_what_a_record_says_is_not_what_the_document_says() -> None:
    records = [row | {"next": "/data.json?page=2", "page": 1, "pages": 9} for row in rows(0, 3)]
    with Hostile({"/data.json": says(json.dumps({"dataset": records}).encode())}) as server:
        assert names(walk(f"{server.url}/data.json")[0]) == wanted(3) and len(server.asked) == 1


@pytest.mark.parametrize("place", ["before", "behind"])
def test_a_long_page_is_looked_at_at_its_edges(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dcat_us_pages, "WHOLE", 100)
    records = [row | {"next": "https://elsewhere.example/"} for row in rows(0, 20)]
    onward, end = {"next": "/more.json"}, {"dataset": rows(20, 23)}
    first = onward | {"dataset": records} if place == "before" else {"dataset": records} | onward
    with Hostile({"/data.json": says(json.dumps(first).encode()), "/more.json": says(json.dumps(end).encode())}) as server:
        assert names(walk(f"{server.url}/data.json")[0]) == wanted(23)
        assert [path for path, _ in server.asked] == ["/data.json", "/more.json"]


def page(following: str | None, count: int = 3, **more: Any) -> Behaviour:
    return says(json.dumps({"dataset": rows(0, count), "next": following} | more).encode())


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"/data.json": page("/data.json")}, "circle"),
        ({"/data.json": page("/b"), "/b": page("/c", 2), "/c": page("/b", 1)}, "circle"),
        ({"/data.json": page("/b"), "/b": page("/b?again=1")}, "comes again"),
        ({"/data.json": page("/b"), "/b": says(b"<html><title>Down</title></html>")}, "Down"),
        ({"/data.json": page("/b"), "/b": says(b"", 404)}, "404"),
        ({"/data.json": page("/b"), "/b": says(b'{"error": "database down"}')}, "database down"),
        ({"/data.json": page(None, total=4)}, "ended early: 3 of 4"),
        ({"/data.json": page("/b"), "/b": page(None, 2, total=9)}, "ended early: 5 of 9"),
        ({"/data.json": page("/b"), "/b": redirects("http://169.254.169.254/")}, "169.254"),
        ({"/data.json": page("http://169.254.169.254/latest")}, "169.254"),
    ],
)
def test_pages_that_lead_nowhere_are_errors(answers: dict[str, Behaviour], words: str) -> None:
    with Hostile(answers) as server, pytest.raises(SourceError) as caught:
        walk(f"{server.url}/data.json")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_page_that_breaks_off_gives_what_came_before() -> None:
    whole = json.dumps({"dataset": rows(10, 20)}).encode()
    answers = {"/data.json": page("/b", 10), "/b": says(whole[: len(whole) // 2])}
    met: list[str | None] = []
    with Hostile(answers) as server, Web(internal=True, retries=0) as web:
        batches = DcatUs(f"{server.url}/data.json", DcatUsSettings(batch_size=1)).batches(web, None)
        with pytest.raises(NotData, match="ends too early"):
            met.extend(name for batch in batches for name in names([batch]))
    assert wanted(10) == met[:10] and 10 < len(met) < 20


def test_a_total_is_told_with_every_batch() -> None:
    with Pages("next", total=23) as server:
        batches, _ = walk(f"{server.url}/data.json")
    assert {batch.total for batch in batches} == {23}


def test_a_run_that_goes_on_in_a_changed_page_starts_again() -> None:
    with Pages("next") as server:
        first, _ = walk(f"{server.url}/data.json")
        del server.rows[0]
        rest, _ = walk(f"{server.url}/data.json", first[4].resume)
    assert names(rest) == wanted(23)[1:] and all(batch.again for batch in rest)


def test_pages_are_not_told_unchanged_by_their_first() -> None:
    with Pages("next") as server:
        server.etag = '"v1"'
        _, marks = walk(f"{server.url}/data.json")
        server.rows[22] = server.rows[22] | {"title": "new"}
        batches, marks = walk(f"{server.url}/data.json", marks=marks)
        assert names(batches) == wanted(23) and batches[-1].records[-1].body["title"] == "new"
        batches, _ = walk(f"{server.url}/data.json", marks=marks)
        assert names(batches) == wanted(23)


def test_the_same_bytes_are_not_read_again() -> None:
    with Hostile({"/data.json": page(None)}) as server:
        _, marks = walk(f"{server.url}/data.json")
        with pytest.raises(NotModified) as caught:
            walk(f"{server.url}/data.json", marks=marks)
        assert caught.value.by == "document"


@pytest.mark.parametrize("kind", ["application/gzip", "application/json"])
def test_a_gzipped_file_is_opened(kind: str) -> None:
    packed = gzip.compress(json.dumps({"conformsTo": SCHEMA, "dataset": rows(0, 9)}).encode())
    with Hostile({"/data.json.gz": says(packed, headers={"Content-Type": kind})}) as server:
        assert names(walk(f"{server.url}/data.json.gz")[0]) == wanted(9)
        found = [DcatUs.recognises(seen(probe)) for probe in DcatUs.probes(server.url)]
    assert [each.url for each in found if each] == [f"{server.url}/data.json.gz"]


US_3 = {"@type": "Dataset", "title": "x", "description": "y", "identifier": {"@type": "Identifier", "schemaAgency": "z"}}


@pytest.mark.parametrize(
    ("body", "sure"),
    [
        ({"conformsTo": SCHEMA, "dataset": []}, 100),
        ({"@context": f"{SCHEMA}/catalog.jsonld", "@type": "dcat:Catalog", "dataset": rows(0, 2)}, 100),
        ({"dataset": rows(0, 2)}, 80),
        (rows(0, 2), 40),
    ],
)
def test_a_data_json_is_recognised_by_its_content(body: Any, sure: int) -> None:
    found = DcatUs.recognises(given(json.dumps(body), "https://data.example.org/x"))
    assert found and (found.url, found.sure, dict(found.settings)) == ("https://data.example.org/x", sure, {})


def test_one_that_is_cut_off_is_recognised_too() -> None:
    text = json.dumps({"dataset": rows(0, 500)})[:20_000]
    found = DcatUs.recognises(given(text, whole=False))
    assert found and found.sure == 80
    lines = DcatUs.recognises(given("\n".join(map(json.dumps, rows(0, 3)))))
    assert lines and lines.sure == 40


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "<html></html>",
        "{}",
        "[]",
        "[1]",
        '{"dataset": []}',
        '{"dataset": [{"name": "x", "resources": [], "owner_org": "y"}]}',
        '{"good": "json"}',
        '{"data": [], "meta": {}}',
        '{"@context": {"dct": "http://purl.org/dc/terms/"}, "@type": "dcat:Catalog", "dcat:dataset": [{"dct:title": "x"}]}',
        '{"@context": {"dct": "http://purl.org/dc/terms/"}, "dataset": [{"@id": "x", "dct:title": "x"}]}',
        '{"success": true, "result": {"results": []}}',
    ],
)
def test_other_json_shows_nothing(text: str) -> None:
    assert DcatUs.recognises(given(text)) is None


def test_an_error_shows_nothing() -> None:
    assert DcatUs.recognises(given(json.dumps({"dataset": rows(0, 2)}), status=500)) is None


def test_dkans_search_leads_to_its_data_json() -> None:
    text = '{"total":"317","results":{"dkan_dataset\\/0ab9":{"@type":"dcat:Dataset","title":"x"}},"facets":[]}'
    found = DcatUs.recognises(given(text, "https://data.example.org/site/api/1/search?page-size=1"))
    assert found and found.url == "https://data.example.org/site/data.json"


def test_probes_lie_beside_the_address_and_at_the_front() -> None:
    assert DcatUs.probes("https://a.example.org/open/data?x=1") == [
        "https://a.example.org/open/data.json",
        "https://a.example.org/data.json",
        "https://a.example.org/data.json.gz",
    ]


def test_recorded_files_are_recognised(corpora: Path) -> None:
    count = 0
    for folder in ("federal-agencies-2025", "geobtaa-arcgis-latest", "geobtaa-socrata"):
        for path in sorted((corpora / "dcatus" / folder).rglob("*.json")):
            found = DcatUs.recognises(given(path.read_bytes()[: 256 << 10].decode("utf-8", "replace"), whole=False))
            assert found and found.sure >= 80, path
            count += 1
    assert count > 50
    for path in (corpora / "dcatus/scotland-od-bods").rglob("*.json"):
        assert DcatUs.recognises(given(path.read_text(encoding="utf-8"))) is None, path


def test_recorded_files_are_harvested_as_a_plain_reading_has_them(corpora: Path) -> None:
    for path in sorted((corpora / "dcatus/federal-agencies-2025").rglob("*.json")):
        content = path.read_bytes()
        plain = json.loads(content)["dataset"]
        with Hostile({"/data.json": says(gzip.compress(content))}) as server:
            batches, _ = walk(f"{server.url}/data.json", size=500)
        assert [record.body for batch in batches for record in batch.records] == plain
