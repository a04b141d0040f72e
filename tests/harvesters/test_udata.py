"""udata sites that page, cap, change, lie; resources that come apart; recorded datasets of data.gouv.fr."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from harvesters.base import Batch
from harvesters.udata import Udata, UdataSettings
from harvesters.web import Web
from metadata.errors import CatalogError, Invalid, NotData, Unreachable
from standards.base import Unreadable
from standards.table import STANDARDS
from tests.harvesters.seeing import given, seen
from tests.harvesters.udata_site import Site, datasets
from tests.hostile.server import Behaviour, Hostile, in_turn, says

LIST = "/api/1/datasets/"


def walk(url: str, resume: str | None = None, retries: int = 0, **settings: Any) -> list[Batch]:
    with Web(internal=True, retries=retries, sleep=lambda _: None) as web:
        return list(Udata(url, UdataSettings(**settings)).batches(web, resume))


def names(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def bodies(batches: list[Batch]) -> list[Any]:
    return [record.body for batch in batches for record in batch.records]


def ids(*numbers: int) -> list[str]:
    return [f"id-{number:04}" for number in numbers]


def failure(url: str, **settings: Any) -> CatalogError:
    with pytest.raises(CatalogError) as caught:
        walk(url, **settings)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("tail", ["", "/", "/api", "/api/1", "/api/1/", "/api/1/datasets/", "/api/2/datasets/search/"])
def test_the_address_may_be_the_site_or_its_api(tail: str) -> None:
    with Site(datasets(3)) as site:
        assert names(walk(site.url + tail)) == ids(0, 1, 2)


def test_an_address_with_a_query_is_refused() -> None:
    with pytest.raises(Invalid, match="without a query"):
        Udata("https://data.example.org/api/1/datasets/?q=x", UdataSettings())


@pytest.mark.parametrize(("size", "cap", "requests"), [(10, 1000, 3), (5, 1000, 6), (1000, 7, 4), (1000, 1000, 1), (25, 25, 2)])
def test_every_dataset_is_met_once_whatever_the_page_size(size: int, cap: int, requests: int) -> None:
    with Site(datasets(25), cap=cap) as site:
        batches = walk(site.url, page_size=size)
        assert names(batches) == ids(*range(25)) and bodies(batches) == site.rows
        assert site.requests == requests and site.query()["sort"] == ["created"]
    assert batches[0].total == 25 and batches[0].records[0].modified == "2024-05-03T10:00:00"


@pytest.mark.parametrize("version", [1, 2])
def test_it_goes_on_from_any_page(version: int) -> None:
    with Site(datasets(23)) as site:
        whole = walk(site.url, page_size=5, version=version)
        for point in range(len(whole)):
            rest = walk(site.url, whole[point].resume, page_size=5, version=version)
            assert names(whole[: point + 1]) + names(rest) == ids(*range(23))


def test_resources_that_a_listing_only_links_to_are_fetched() -> None:
    with Site(datasets(23)) as site:
        assert bodies(walk(site.url, version=2)) == site.rows
        asked = Counter(path.partition("?")[0].count("/resources") for path, _ in site.asked)
    assert asked[1] == 6 + 6 + 2 * 5  # one page for one or two resources, two pages of two for three; none for none


def test_links_with_the_scheme_of_the_inside_are_followed_outside() -> None:
    with Site(datasets(8)) as site:
        site.inside = f"https://127.0.0.1:{site.port}"
        first = site.server.behaviours["/api/2/datasets/id-0003/resources/"]
        assert bodies(walk(site.url, version=1)) == site.rows
        site.inside = ""
        row = datasets(8)[3]
        pages = [
            {
                "data": row["resources"][:2],
                "next_page": "https://127.0.0.1:1/api/2/datasets/id-0003/resources/?page=2&page_size=2",
            }
        ]
        site.server.behaviours["/api/2/datasets/id-0003/resources/"] = in_turn(says(json.dumps(pages[0]).encode()), first)
        arrived = bodies(walk(site.url, version=2))
    assert arrived == site.rows


@pytest.mark.parametrize(
    "behaviour",
    [says(b"", 404), says(b"", 410)],
)
def test_a_dataset_that_goes_while_its_resources_are_asked_for_stops_nothing(behaviour: Behaviour) -> None:
    with Site(datasets(8)) as site:
        site.server.behaviours["/api/2/datasets/id-0003/resources/"] = behaviour
        assert names(walk(site.url, version=2)) == ids(*range(8))


def test_resources_that_go_round_in_a_circle_end() -> None:
    with Site(datasets(4)) as site:
        place = "/api/2/datasets/id-0003/resources/"
        page = {"data": [{"id": "r"}], "next_page": f"{site.url}{place}?page=1&page_size=2", "total": 9}
        site.server.behaviours[place] = says(json.dumps(page).encode())
        (last,) = [row for row in bodies(walk(site.url, version=2)) if row["id"] == "id-0003"]
    assert last["resources"] == [{"id": "r"}]


def test_filters_reach_the_site() -> None:
    rows = datasets(12)
    of = {"id": "534fff75a3a7292c64a77de4", "slug": "ministere", "name": "Ministère"}
    for row in rows[3:7]:
        row["organization"] = of
    with Site(rows) as site:
        assert names(walk(site.url, organization="ministere")) == ids(3, 4, 5, 6)
        assert site.query()["organization"] == [of["id"]]
        assert names(walk(site.url, organization=of["id"], tag="eau, air")) == ids(4, 6)
        assert site.query()["tag"] == ["eau", "air"]
        walk(site.url, q="rivière & lac")
        assert site.query()["q"] == ["rivière & lac"]
        error = failure(site.url, organization="ministry")
    assert isinstance(error, Invalid) and "no such organization" in str(error)


def test_private_and_deleted_datasets_are_left_out() -> None:
    rows = datasets(4)
    rows[1]["private"], rows[2]["deleted"] = True, "2024-01-01T00:00:00"
    with Site(rows) as site:
        assert names(walk(site.url)) == ids(0, 3)


def test_an_empty_site_gives_nothing() -> None:
    with Site([]) as site:
        assert walk(site.url) == []


def test_a_listing_that_ends_before_its_total_is_an_error() -> None:
    with Site(datasets(25), claims=40) as site:
        error = failure(site.url, page_size=10)
    assert isinstance(error, Unreachable) and "404" in str(error)


def test_rows_that_move_forward_when_others_are_deleted_are_met() -> None:
    def lose(site: Site) -> None:
        if site.requests == 2:
            del site.rows[2:5]

    with Site(datasets(25), before=lose) as site:
        met = names(walk(site.url, page_size=10))
        standing = [row["id"] for row in site.rows]
    assert set(standing) <= set(met) and len(met) == len(set(met))


def page(rows: list[Any], **more: Any) -> Behaviour:
    return says(json.dumps({"data": rows, "page": 1, "page_size": 50, "next_page": None, "total": len(rows)} | more).encode())


@pytest.mark.parametrize(
    ("behaviour", "kind", "words"),
    [
        (says(b"<!doctype html><title>Maintenance</title>"), NotData, "Maintenance"),
        (says(b""), NotData, "empty"),
        (says(b'{"data": [{"id"'), NotData, "not JSON"),
        (says(b'{"message": "no"}'), NotData, "no `data` list"),
        (says(b'{"success": false, "message": "down"}'), NotData, "down"),
        (says(b"[]"), NotData, "no `data` list"),
        (says(b'{"message": "Organization arg must be an identifier"}', 400), Unreachable, "must be an identifier"),
        (says(b"oops", 500), Unreachable, "HTTP 500"),
        (page(datasets(3), total=9), NotData, "circle"),
    ],
)
def test_an_answer_that_is_no_page_says_why(behaviour: Behaviour, kind: type[CatalogError], words: str) -> None:
    with Hostile({LIST: behaviour}) as server:
        error = failure(server.url)
    assert isinstance(error, kind) and words in str(error)


def test_odd_rows_are_given_and_stop_nothing() -> None:
    rows = [
        None,
        "text",
        7,
        {"title": "x"},
        {"id": 5, "resources": {"rel": "x"}},
        {"slug": "s", "resources": {"href": "/", "total": 0}},
    ]
    with Hostile({LIST: page(rows)}) as server:
        batches = walk(server.url)
    assert names(batches) == [None, None, None, None, "5", "s"]
    assert bodies(batches)[:5] == rows[:5] and bodies(batches)[5]["resources"] == []


def test_a_site_that_asks_to_wait_is_waited_for() -> None:
    with Site(datasets(5)) as site:
        listing = site.server.behaviours[LIST]
        site.server.behaviours[LIST] = in_turn(says(b"", 429, {"Retry-After": "1"}), says(b"", 503), listing)
        assert names(walk(site.url, retries=3)) == ids(*range(5))


def test_a_redirect_to_a_forbidden_address_is_refused() -> None:
    with Hostile({LIST: says(b"", 302, {"Location": "http://169.254.169.254/"})}) as server:
        assert "169.254" in str(failure(server.url))


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/api/1/datasets/", {}),
        ("/api/2/datasets/?page_size=5", {}),
        ("/api/1/datasets/?tag=eau&tag=air&q=z&page_size=3", {"tag": "eau,air", "q": "z"}),
    ],
)
def test_a_page_of_the_api_leads_to_the_site(address: str, wanted: dict[str, str]) -> None:
    with Site(datasets(9)) as site:
        found = Udata.recognises(seen(site.url + address))
        assert found and (found.url, found.sure, dict(found.settings)) == (site.url, 100, wanted)


def test_how_sure_it_is() -> None:
    with Site(datasets(3)) as site:
        probed = [Udata.recognises(seen(probe)) for probe in Udata.probes(f"{site.url}/fr/datasets/x/")]
    assert [each.sure for each in probed if each] == [90, 100] and {each.url for each in probed if each} == {site.url}
    cut = given('{"data": [{"id": "x", "last_modified": "2024", "descr', f"https://x.example{LIST}", whole=False)
    found = Udata.recognises(cut)
    assert found and (found.url, found.sure) == ("https://x.example", 90)
    described = Udata.recognises(
        given('{"swagger": "2.0", "info": {"title": "uData API"}}', "https://x.example/api/1/swagger.json")
    )
    assert described and described.sure == 95
    one = Udata.recognises(given(json.dumps(datasets(1)[0]), "https://x.example/api/1/datasets/slug-0000/"))
    assert one and (one.url, one.sure) == ("https://x.example", 60)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html></html>",
        "[]",
        "{}",
        '{"data": [], "meta": {}}',
        '{"data": [{"id": 1}], "next_page": null, "page": 1, "page_size": 20, "total": 1}',
        '{"data": [], "next_page": null, "page": 1, "page_size": 20, "total": 0}',
        '{"id": "x", "title": "y", "slug": "z", "metrics": {"datasets": 3}}',
        '{"success": true, "result": {"results": []}}',
    ],
)
def test_other_answers_show_nothing(text: str) -> None:
    assert Udata.recognises(given(text, "https://x.example/path")) is None


@pytest.fixture(scope="module")
def real(corpora: Path) -> list[dict[str, Any]]:
    """The newest recorded state of each dataset of data.gouv.fr, and those of udata's own fixtures."""
    found: dict[str, dict[str, Any]] = {}
    folder = corpora / "portal-json/datagouv-fr-indicator"
    for path in sorted(folder.rglob("datasets/*.json"), key=lambda path: path.parts[-3]):
        row = json.loads(path.read_text(encoding="utf-8"))
        found[row["id"]] = row
    fixtures = json.loads((corpora / "portal-json/udata-fixtures/udata/fixtures/results.json").read_text(encoding="utf-8"))
    for row in fixtures["datasets"]:
        dataset = row["dataset"] | {"resources": row["resources"], "organization": row["organization"]}
        found.setdefault(dataset.get("id") or dataset["slug"], {"id": dataset["slug"]} | dataset)
    assert len(found) > 150 and all(isinstance(row["resources"], list) for row in found.values())
    return list(found.values())


@pytest.mark.parametrize("version", [1, 2])
def test_every_recorded_dataset_arrives_as_it_was_recorded(real: list[dict[str, Any]], version: int) -> None:
    with Site(real) as site:
        rows, site.resources_at_once = site.rows, 50
        arrived = bodies(walk(site.url, version=version, page_size=100))
    wanted = [row for row in rows if not row.get("private") and not row.get("deleted")]
    assert arrived == wanted and len(arrived) > 150
    read = STANDARDS.get("udata").read
    assert read is not None
    failed = []
    for row in arrived:
        try:
            read(row)
        except Unreadable:
            failed.append(row["id"])
    assert failed == []


def test_recorded_datasets_are_recognised(real: list[dict[str, Any]]) -> None:
    with Site(real) as site:
        for address in (f"{site.url}{LIST}?page_size=20", f"{site.url}{LIST}?page_size=1000", f"{site.url}/api/2/datasets/"):
            found = Udata.recognises(seen(address))
            assert found and found.url == site.url and found.sure >= 90, address
