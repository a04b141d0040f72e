"""The sample departments: what they hold, and that each really answers what it should on a real port."""

import gc
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema
import pytest

from catalog_api.sample_departments import Running, SampleSource, departments, serve
from catalog_api.sample_departments.faults import FAULTS, LONG
from catalog_api.sample_departments.records import dataset_records
from catalog_api.sample_departments.seeds import Seed, read_seed, seeds
from catalog_api.sample_departments.words import AREAS, FORMATS, LICENCES, THEMES, description
from harvesters.table import PROTOCOLS
from harvesters.web import Web
from standards.base import Unreadable
from standards.table import STANDARDS

_DRAFT_4 = "dcat-us-1.1/ckanext-datajson/ckanext/datajson/pod_schema/non-federal-v1.1/dataset-non-federal.json"
_SENTENCE_END = re.compile(r"[。.](?=\s|$|[^\s\d])")
_HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,:;]")
_BY_NAME = {seed.name: seed for seed in seeds()}


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


def _words(seed: Seed) -> dict[str, str]:
    """Everything a search could find in each dataset, by its name."""
    return {
        row.name: " ".join((*row.title.values(), *row.note.values(), *row.keyword["zh"], *row.keyword["en"]))
        for row in seed.rows
    }


@pytest.fixture(scope="module")
def records() -> list[Any]:
    """The records of the department that keeps its catalogue badly."""
    return dataset_records(_BY_NAME["market"])


class TestWhatTheyHold:
    def test_there_are_enough_of_them_told_apart_by_protocol_and_quality(self) -> None:
        held = departments()
        assert len(held) == 19 and len({department.name for department in held}) == len(held)
        protocols = Counter(department.protocol for department in held)
        assert protocols["dcat_us"] >= 4 and protocols["ckan"] >= 3 and protocols["folder"] >= 2
        others = {"waf", "oai_pmh", "dcat_rdf", "spreadsheet", "json_map"}
        assert set(protocols) == {"dcat_us", "ckan", "folder"} | others and all(protocols[one] == 1 for one in others)
        qualities = Counter(department.quality for department in held)
        assert set(qualities) == {"excellent", "middling", "faulty", "away", "shrinking"}
        assert all(qualities[one] == 1 for one in ("excellent", "faulty", "away", "shrinking"))
        assert all(set(department.title) == set(department.description) >= {"en"} for department in held)

    def test_at_least_530_datasets_with_titles_of_their_own(self) -> None:
        rows = [row for seed in seeds() for row in seed.rows]
        assert len(rows) >= 530
        for language in ("zh", "en"):
            titles = [row.title[language].lower() for row in rows if language in row.title]
            assert [title for title, times in Counter(titles).items() if times > 1] == []
        assert sum("en" in row.title for row in rows) > 450
        assert sum("zh" in row.title or "zh-Hant" in row.title for row in rows) == len(rows)
        assert {seed.language for seed in seeds()} == {"zh", "en", "zh-Hant"}
        assert sum(seed.language == "en" for seed in seeds()) == 2

    def test_names_are_unique_and_facts_are_known_and_in_order(self) -> None:
        for seed in seeds():
            assert len({row.name for row in seed.rows}) == len(seed.rows), seed.name
            assert seed.licence in LICENCES
            for row in seed.rows:
                place = f"{seed.name}/{row.name}"
                assert date.fromisoformat(row.issued) <= date.fromisoformat(row.modified), place
                assert row.area in AREAS and row.theme in THEMES and set(row.formats) <= set(FORMATS), place
                assert re.fullmatch(r"[a-z0-9-]{2,100}", row.name), place
                assert row.keyword["zh"], place
                assert seed.language in row.note and set(row.note) <= set(row.title), place

    def test_descriptions_have_two_sentences_or_more_and_are_distinct(self) -> None:
        for seed in seeds():
            texts = [description(seed, row) for row in seed.rows]
            assert len(set(texts)) == len(texts)
            assert [text for text in texts if len(_SENTENCE_END.findall(text)) < 2] == []
            assert [text for text in texts if _HALF_WIDTH.search(text)] == []

    def test_no_more_than_a_third_of_the_titles_repeat_one_pattern_over_places(self) -> None:
        places = [word for words, _ in AREAS.values() for word in words.values()]
        named = [row for seed in seeds() for row in seed.rows if any(place in row.title.get("zh", "") for place in places)]
        assert len(named) * 3 < sum(len(seed.rows) for seed in seeds())

    @pytest.mark.parametrize(
        ("word", "at_least", "departments_at_least"),
        [("水", 20, 5), ("桥", 5, 4), ("公共交通", 8, 3), ("air quality", 5, 2), ("环境卫生", 4, 3), ("桥梁", 3, 3)],
    )
    def test_a_query_has_something_to_find(self, word: str, at_least: int, departments_at_least: int) -> None:
        found = [seed.name for seed in seeds() for words in _words(seed).values() if word in words.lower()]
        assert len(found) >= at_least and len(set(found)) >= departments_at_least

    def test_simplified_titles_answer_a_traditional_query(self) -> None:
        titles = [row.title.get("zh", "") for seed in seeds() for row in seed.rows]
        assert sum("环境卫生" in title for title in titles) >= 3
        assert not any("環境衛生" in title for title in titles)


class TestSeedFiles:
    def _file(self, folder: Path, row: str) -> Path:
        source = (Path(__file__).parents[2] / "catalog_api/sample_departments/seeds/emergency.toml").read_text("utf-8")
        path = folder / "odd.toml"
        path.write_text(source.replace('rows = ""', f"rows = '''\n{row}\n'''"), "utf-8")
        return path

    def test_a_good_line_is_read(self, tmp_path: Path) -> None:
        facts = "M csv,json 2020-01-02 2026-01-02 1 @old #society closed"
        line = f"sirens | 防空警报点 | Sirens | 位置。 | Places. | 警报 ; sirens | {facts}"
        (row,) = read_seed(self._file(tmp_path, line)).rows
        assert (row.title, row.formats, row.frequency) == ({"zh": "防空警报点", "en": "Sirens"}, ("csv", "json"), "M")
        assert (row.issued, row.modified, row.area, row.theme, row.access) == (
            "2020-01-02", "2026-01-02", "old", "society", "closed",
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            ("sirens | 防空警报点 | Sirens", "7 parts, this one 3"),
            ("sirens | 警报 | Sirens | 位置。 | Places. | 警报 ; sirens | M csv 2020-01-02 1", "lack modified"),
        ],
    )
    def test_a_bad_line_is_named(self, tmp_path: Path, line: str, says: str) -> None:
        with pytest.raises(ValueError, match=rf"odd\.toml: sirens .*{says}"):
            read_seed(self._file(tmp_path, line))


class TestSources:
    def test_every_department_has_a_source_that_can_be_registered(self, running: Running) -> None:
        assert [source.organization for source in running.sources] == list(departments())
        for source in running.sources:
            harvester = PROTOCOLS.get(source.organization.protocol)
            harvester(source.url, harvester.Settings.model_validate(source.settings))
            assert STANDARDS.get(source.organization.standard).read is not None
            assert source.protocol in ("", source.organization.protocol) and bool(source.standard) == bool(source.protocol)

    def test_four_are_given_by_their_address_alone(self, running: Running) -> None:
        alone = {source.organization.protocol for source in running.sources if not source.protocol and not source.settings}
        assert alone == {"waf", "oai_pmh", "dcat_rdf", "spreadsheet"}

    def test_ports_are_free_ones_of_this_machine(self, running: Running) -> None:
        roots = [urlsplit(source.url) for source in running.sources if source.organization.protocol != "folder"]
        assert {root.hostname for root in roots} == {"127.0.0.1"}
        assert len({root.port for root in roots}) == len(roots)

    def test_harvesters_list_everything_that_is_there(self, tmp_path: Path) -> None:
        with serve(tmp_path / "files") as up, Web(internal=True, spool_dir=tmp_path) as web:
            for source in up.sources:
                if source.organization.quality == "away":
                    continue
                harvester = PROTOCOLS.get(source.organization.protocol)
                made = harvester(source.url, harvester.Settings.model_validate(source.settings))
                listed = sum(not record.deleted for batch in made.batches(web, None) for record in batch.records)
                extra = 3 if source.organization.quality == "faulty" else 0
                assert listed == len(_BY_NAME[source.name].rows) + extra, source.name

    def test_links_lead_nowhere_real(self, running: Running, client: httpx.Client) -> None:
        texts = [client.get(_source(running, name).url).text for name in ("transport", "environment", "market")]
        texts.append(client.get(f"{_source(running, 'health').url}/api/3/action/package_search?rows=1000").text)
        hosts = {urlsplit(url).hostname or "" for text in texts for url in re.findall(r'"(https?://[^"]+)"', text)}
        known = {"project-open-data.cio.gov", "creativecommons.org", "publications.europa.eu"}
        assert {host for host in hosts - known if not host.endswith(".mingchuan.example")} == set()

    def test_nothing_answers_after_the_end(self, tmp_path: Path) -> None:
        with serve(tmp_path) as up:
            url = _source(up, "transport").url
            assert httpx.get(url).status_code == 200
        with pytest.raises(httpx.TransportError):
            httpx.get(url)
        gc.collect()  # an unclosed socket would warn here, and warnings are errors


class TestDataJson:
    @pytest.mark.parametrize("name", ["transport", "environment", "urban", "weather", "market"])
    def test_it_is_served_with_its_headers(self, running: Running, client: httpx.Client, name: str) -> None:
        seed, answer = _BY_NAME[name], client.get(_source(running, name).url)
        charset = seed.site.get("charset", "utf-8")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == f"application/json; charset={charset}"
        assert re.fullmatch(r'"[0-9a-f]{20}"', answer.headers["ETag"])
        assert answer.headers["Last-Modified"].endswith(" GMT")
        catalog = json.loads(answer.content.decode(charset).removeprefix("\ufeff"))
        assert catalog["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
        assert len(catalog["dataset"]) == len(seed.rows) + (3 if name == "market" else 0)

    def test_one_is_written_in_gb18030_and_one_begins_with_a_mark(self, running: Running, client: httpx.Client) -> None:
        chinese = client.get(_source(running, "urban").url).content
        assert "环境卫生".encode("gb18030") in chinese and "环境卫生".encode() not in chinese
        assert client.get(_source(running, "weather").url).content.startswith(b"\xef\xbb\xbf{")

    def test_what_the_asker_holds_is_not_sent_again(self, running: Running, client: httpx.Client) -> None:
        url = _source(running, "transport").url
        first = client.get(url)
        tag, moment = first.headers["ETag"], first.headers["Last-Modified"]
        for headers in ({"If-None-Match": tag}, {"If-None-Match": f'"other", W/{tag}'}, {"If-None-Match": "*"}):
            again = client.get(url, headers=headers)
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(url, headers={"If-Modified-Since": moment}).status_code == 304
        for headers in (
            {"If-None-Match": '"other"'},
            {"If-None-Match": '"other"', "If-Modified-Since": moment},
            {"If-Modified-Since": "Mon, 01 Jan 2018 00:00:00 GMT"},
            {"If-Modified-Since": "yesterday"},
        ):
            assert client.get(url, headers=headers).status_code == 200

    def test_head_has_the_headers_alone(self, running: Running, client: httpx.Client) -> None:
        url = _source(running, "transport").url
        head, got = client.head(url), client.get(url)
        assert head.content == b"" and head.headers["ETag"] == got.headers["ETag"]
        assert int(head.headers["Content-Length"]) == len(got.content)

    def test_other_paths_are_pages_or_not_found(self, running: Running, client: httpx.Client) -> None:
        root = _source(running, "transport").url.removesuffix("/data.json")
        assert "Mingchuan Transport Bureau" in client.get(f"{root}/").text
        assert client.get(f"{root}/nothing").status_code == 404

    def test_one_answers_a_page_instead_of_data(self, running: Running, client: httpx.Client) -> None:
        answer = client.get(_source(running, "emergency").url)
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.text.startswith("<!DOCTYPE html>") and "系统维护" in answer.text


class TestShrinking:
    def test_the_second_visit_gives_an_empty_catalogue(self, tmp_path: Path, client: httpx.Client) -> None:
        with serve(tmp_path) as up:
            url = _source(up, "statistics").url
            assert client.head(url).status_code == 200  # looking is no visit
            first = client.get(url)
            assert len(first.json()["dataset"]) == 40
            held = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
            second = client.get(url, headers=held)
            assert (second.status_code, second.json()["dataset"]) == (200, [])
            assert second.json()["conformsTo"] == first.json()["conformsTo"]
            assert client.get(url).json()["dataset"] == []

    def test_it_is_whole_again_after_a_new_start(self, tmp_path: Path, client: httpx.Client) -> None:
        for _ in range(2):
            with serve(tmp_path) as up:
                assert len(client.get(_source(up, "statistics").url).json()["dataset"]) == 40


class TestExcellent:
    def test_the_official_schema_has_nothing_to_say(self, official: Path) -> None:
        schema = json.loads((official / _DRAFT_4).read_text("utf-8"))
        validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
        records = dataset_records(_BY_NAME["transport"])
        assert [error.message for record in records for error in validator.iter_errors(record)] == []
        spoiled = dataset_records(_BY_NAME["market"])
        assert sum(not validator.is_valid(record) for record in spoiled) >= 15

    def test_our_own_checks_have_nothing_to_say(self) -> None:
        check = STANDARDS.get("dcat_us_1_1_non_federal").check
        assert check is not None
        assert [found for record in dataset_records(_BY_NAME["transport"]) for found in check(record)] == []


class TestFaulty:
    def test_every_fault_has_its_dataset(self) -> None:
        assert set(FAULTS) <= {row.name for row in _BY_NAME["market"].rows}

    def test_the_faults_are_there(self, records: list[Any]) -> None:
        objects = [record for record in records if isinstance(record, dict)]
        assert len(records) - len(objects) == 1
        assert any(record.get("title") == 300.21 for record in objects)
        assert any(record.get("keyword") == [""] for record in objects)
        assert sum("title" not in record for record in objects) == 1
        assert any("description" not in record for record in objects)
        assert any("<p>" in record.get("description", "") for record in objects)
        assert [len(record["description"]) for record in objects if len(record.get("description", "")) > 10_000] == [LONG]
        assert {"-", "2016/04/14"} <= {record.get("modified") for record in objects}
        assert any(record.get("issued") == "R/P1Y" for record in objects)
        assert {None, ""} <= {record.get("license") for record in objects}
        assert any("name" not in record["publisher"] for record in objects)
        emails = [record["contactPoint"]["hasEmail"] for record in objects if "contactPoint" in record]
        assert any(not email.startswith("mailto:") for email in emails)
        assert any(record.get("language") == ["中文", "english_us"] for record in objects)

    def test_an_identifier_comes_twice_with_different_words(self, records: list[Any]) -> None:
        counted = Counter(str(record["identifier"]) for record in records if isinstance(record, dict))
        (repeated,) = [identifier for identifier, times in counted.items() if times > 1]
        first, second = [record for record in records if isinstance(record, dict) and record["identifier"] == repeated]
        assert first != second

    def test_two_records_cannot_be_read_and_all_others_can(self, records: list[Any]) -> None:
        read = STANDARDS.get("dcat_us_1_1_non_federal").read
        assert read is not None
        failed = 0
        for record in records:
            try:
                read(record)
            except Unreadable:
                failed += 1
        assert failed == 2


class TestFolders:
    @pytest.mark.parametrize("name", [seed.name for seed in seeds() if seed.protocol == "folder"])
    def test_one_file_per_dataset(self, running: Running, name: str) -> None:
        source = _source(running, name)
        root = Path(urlsplit(source.url).path)
        bodies = [json.loads(path.read_text("utf-8")) for path in sorted(root.glob(source.settings["pattern"]))]
        assert len(bodies) == len(_BY_NAME[name].rows)
        standard = STANDARDS.get(source.standard)
        assert standard.read is not None
        assert all(standard.recognises(body) for body in bodies)
        read = [standard.read(body) for body in bodies]
        assert len({dataset.identifier for dataset in read}) == len(bodies)

    def test_the_traditional_department_is_tagged_as_such(self, running: Running) -> None:
        path = next(Path(urlsplit(_source(running, "bay").url).path).rglob("mangroves.json"))
        record = json.loads(path.read_text("utf-8"))
        assert (record["title"], record["language"]) == ("紅樹林分佈", ["zh-Hant"])
