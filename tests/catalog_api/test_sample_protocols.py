"""The sample departments that speak the newer protocols: found by their address, harvested whole, unchanged the second time."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from lxml import etree

from catalog_api.commands.console import catalogue
from catalog_api.commands.demonstrating import harvest_one
from catalog_api.rooms import Rooms
from catalog_api.sample_departments import Running, SampleSource, serve
from catalog_api.sample_departments.seeds import seeds
from catalog_api.sample_departments.workbooks import WRONG
from catalog_api.settings import Settings
from metadata import database, sources, store
from metadata.entry import Entry

_BY_NAME = {seed.name: seed for seed in seeds()}
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_COUNTS = {"geography": 24, "gulou": 14, "labour": 20, "library": 22, "open-data": 24}
_NAMES = sorted(_COUNTS)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serve(tmp_path_factory.mktemp("departments")) as up:
        yield up


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10) as opened:
        yield opened


def _source(running: Running, name: str) -> SampleSource:
    return next(source for source in running.sources if source.name == name)


class Harvested:
    """A catalogue into which the five were harvested twice: the runs' reports, and what the first one brought."""

    def __init__(self, rooms: Rooms, running: Running) -> None:
        self.rooms = rooms
        self.first = {name: harvest_one(rooms, _source(running, name), quiet=True) for name in _NAMES}
        with database.reading(rooms.database) as session:
            self.entries = {name: store.listing(session, organization=name, limit=1000) for name in _NAMES}
        self.second = {name: harvest_one(rooms, _source(running, name), quiet=True) for name in _NAMES}


@pytest.fixture(scope="module")
def harvested(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harvested]:
    folder: Path = tmp_path_factory.mktemp("catalogue")
    with catalogue(Settings(data_dir=folder, database_url="", search_url="")) as rooms:
        yield Harvested(rooms, running)


class TestHarvests:
    @pytest.mark.parametrize("name", _NAMES)
    def test_all_that_is_there_comes(self, harvested: Harvested, name: str) -> None:
        report = harvested.first[name]
        assert (report["state"], report["message"]) == ("done", "")
        assert report["added"] == report["received"] == _COUNTS[name] == len(_BY_NAME[name].rows)
        assert {entry.dataset.title["zh"] for entry in harvested.entries[name]} == {
            row.title["zh"] for row in _BY_NAME[name].rows
        }

    @pytest.mark.parametrize("name", _NAMES)
    def test_the_second_time_nothing_is_new(self, harvested: Harvested, name: str) -> None:
        report = harvested.second[name]
        assert report["state"] == "done"
        assert [report[part] for part in ("added", "updated", "retired", "renamed", "failed")] == [0] * 5
        assert report["unchanged"] == report["received"]
        with database.reading(harvested.rooms.database) as session:
            assert store.count(session, organization=name) == _COUNTS[name]

    @pytest.mark.parametrize("name", _NAMES)
    def test_the_protocol_is_found_from_the_address(self, harvested: Harvested, running: Running, name: str) -> None:
        with database.reading(harvested.rooms.database) as session:
            row = sources.source(session, name)
            assert (row.protocol, row.url, row.internal) == (_BY_NAME[name].protocol, _source(running, name).url, True)

    @pytest.mark.parametrize("name", sorted({*_NAMES} - {"labour"}))
    def test_both_languages_come_through(self, harvested: Harvested, name: str) -> None:
        titles = {row.title["zh"]: row.title["en"] for row in _BY_NAME[name].rows}
        for entry in harvested.entries[name]:
            assert entry.dataset.title["en"] == titles[entry.dataset.title["zh"]]
            assert set(entry.dataset.description) == {"zh", "en"} and entry.dataset.keyword["zh"]

    def test_two_cells_of_the_workbook_are_wrong_and_nothing_else(self, harvested: Harvested) -> None:
        faulty: dict[str, set[str]] = {}
        with database.reading(harvested.rooms.database) as session:
            for name in _NAMES:
                for entry in harvested.entries[name]:
                    errors = {one.rule for one in store.findings(session, entry.id) if one.severity == "error"}
                    if errors:
                        faulty[entry.dataset.title["zh"]] = errors
        titles = {row.name: row.title["zh"] for row in _BY_NAME["gulou"].rows}
        assert faulty == {titles["shops"]: {"cn-2017/share/known"}, titles["petitions"]: {"cn-2017/issued/date"}}
        assert set(WRONG) == {"shops", "petitions"}

    def test_what_the_guide_asks_for_comes_from_the_workbook(self, harvested: Harvested) -> None:
        found = {entry.dataset.title["zh"]: entry.dataset for entry in harvested.entries["gulou"]}
        lanes = found["老街巷名录"]
        assert [item.name["zh"] for item in lanes.information_item] == ["街巷名称", "长度", "始建年代", "保护等级"]
        assert lanes.identifier == "308001/0003" and lanes.publisher and lanes.publisher.code == "11990102MB1000280E"
        assert lanes.sharing and lanes.sharing.kind == "unconditional" and lanes.openness and lanes.openness.kind == "open"
        roster = found["应急值班安排"]
        assert roster.sharing and (roster.sharing.kind, set(roster.sharing.legal_basis)) == ("none", {"zh", "en"})

    def test_codes_of_the_older_portal_become_words(self, harvested: Harvested) -> None:
        found: dict[str, Entry] = {entry.dataset.title["zh"]: entry for entry in harvested.entries["labour"]}
        vacancies = found["公共招聘岗位"].dataset
        assert vacancies.accrual_periodicity and vacancies.accrual_periodicity.code == "DAILY"
        assert vacancies.openness and vacancies.openness.kind == "open"
        assert vacancies.publisher and vacancies.publisher.name == {"zh": "明川市人力资源和社会保障局"}
        assert vacancies.contact_point[0].phone == "+86-00-5550-2700"


class TestWebFolder:
    def test_folders_list_files_that_hold_what_is_told(self, running: Running, client: httpx.Client) -> None:
        root = _source(running, "geography").url
        page = etree.HTML(client.get(root).text)
        units = [href for href in page.xpath("//a/@href") if href != "../"]
        files = [
            f"{root}{unit}{href}"
            for unit in units
            for href in etree.HTML(client.get(f"{root}{unit}").text).xpath("//a/@href")
            if href != "../"
        ]
        assert len(files) == 24 and len(units) == 4
        answer = client.get(files[0])
        assert answer.headers["Content-Type"] == "application/xml" and b"gmd:MD_Metadata" in answer.content[:400]
        assert client.get(files[0], headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        assert client.get(f"{root}nothing/").status_code == 404


class TestRepository:
    def _ask(self, running: Running, client: httpx.Client, **arguments: str) -> Any:
        answer = client.get(_source(running, "library").url, params=arguments)
        assert answer.status_code == 200
        return etree.fromstring(answer.content)

    @pytest.mark.parametrize(("verb", "place"), [("ListRecords", "record/{*}header"), ("ListIdentifiers", "header")])
    def test_tokens_lead_through_all_pages(self, running: Running, client: httpx.Client, verb: str, place: str) -> None:
        page = self._ask(running, client, verb=verb, metadataPrefix="oai_dc")
        headers, pages = page.findall(f"{_OAI}{verb}/{{*}}{place}"), 1
        while token := page.findtext(f".//{_OAI}resumptionToken"):
            page, pages = self._ask(running, client, verb=verb, resumptionToken=token), pages + 1
            headers += page.findall(f"{_OAI}{verb}/{{*}}{place}")
        names = [header.findtext(f"{_OAI}identifier") for header in headers]
        assert (len(names), len(set(names)), pages) == (23, 23, 4)
        assert [header.get("status") for header in headers].count("deleted") == 1
        assert page.find(f".//{_OAI}resumptionToken").get("completeListSize") == "23"

    def test_only_what_changed_since_and_until(self, running: Running, client: httpx.Client) -> None:
        days = sorted(row.modified for row in _BY_NAME["library"].rows)
        page = self._ask(running, client, verb="ListIdentifiers", metadataPrefix="oai_dc", **{"from": days[-1]})
        stamps = [one.text for one in page.iter(f"{_OAI}datestamp")]
        assert len(stamps) == days.count(days[-1]) + 1 and all(stamp[:10] == days[-1] for stamp in stamps)
        page = self._ask(running, client, verb="ListIdentifiers", metadataPrefix="oai_dc", until=days[0])
        assert [one.text[:10] for one in page.iter(f"{_OAI}datestamp")] == [days[0]] * days.count(days[0])

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ({"verb": "Nothing"}, "badVerb"),
            ({}, "badVerb"),
            ({"verb": "ListRecords"}, "badArgument"),
            ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
            ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
            ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2999-01-01"}, "noRecordsMatch"),
            ({"verb": "ListSets"}, "noSetHierarchy"),
            ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "x"}, "idDoesNotExist"),
        ],
    )
    def test_errors_are_those_of_the_protocol(
        self, running: Running, client: httpx.Client, arguments: dict[str, str], code: str
    ) -> None:
        assert self._ask(running, client, **arguments).find(f"{_OAI}error").get("code") == code

    def test_a_record_by_itself(self, running: Running, client: httpx.Client) -> None:
        name = "oai:data.library.mingchuan.example:old-maps"
        page = self._ask(running, client, verb="GetRecord", metadataPrefix="oai_dc", identifier=name)
        titles = [one.text for one in page.iter("{http://purl.org/dc/elements/1.1/}title")]
        assert titles == ["老地图", "Old maps"]


class TestOthers:
    def test_pages_of_the_catalogue_link_one_another(self, running: Running, client: httpx.Client) -> None:
        root = _source(running, "open-data").url
        first, third = client.get(root), client.get(root, params={"page": 3})
        assert first.headers["Content-Type"] == "text/turtle; charset=utf-8"
        assert f"{root}?page=2" in first.text and f"{root}?page=2" in third.text and "?page=4" not in third.text
        assert client.get(root, params={"page": 4}).status_code == client.get(root, params={"page": "x"}).status_code == 404

    def test_the_workbook_opens_and_shows_the_wrong_cells(self, running: Running, client: httpx.Client) -> None:
        book = openpyxl.load_workbook(BytesIO(client.get(_source(running, "gulou").url).content))
        cells = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
        assert {content for _, _, content in WRONG.values()} <= cells
        book.close()

    def test_the_form_gives_pages_and_nothing_else_is_answered(self, running: Running, client: httpx.Client) -> None:
        url = f"{_source(running, 'labour').url}/datagov-ops/data/getDataSetByWhere"
        last = client.post(url, data={"pageNo": "3", "pageSize": "8"}).json()
        assert (len(last["smcDataSetList"]), last["allPage"]) == (4, 3)
        assert len(client.post(url, data={"pageNo": "x", "pageSize": "-1"}).json()["smcDataSetList"]) == 15
        assert client.get(url).status_code == client.post(url, json={"pageNo": 1}).status_code == 405

    @pytest.mark.parametrize("name", _NAMES)
    def test_each_has_a_front_page_with_its_door(self, running: Running, client: httpx.Client, name: str) -> None:
        root = httpx.URL(_source(running, name).url).join("/")
        page = client.get(root)
        assert _BY_NAME[name].title["en"] in page.text
        door = etree.HTML(page.text).xpath("//a/@href")[0]
        assert client.get(root.join(door)).status_code == 200
