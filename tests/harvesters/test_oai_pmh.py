"""OAI-PMH: everything is listed or the run fails; one odd record is one odd record."""

import gzip
import re
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Engine

from harvesters.base import Batch, Record, Seen
from harvesters.oai_pmh import OaiPmh, OaiPmhSettings
from harvesters.oai_pmh_answer import Answer
from harvesters.oai_pmh_record import Format, chosen
from harvesters.spool import write
from harvesters.web import Web
from metadata import database
from metadata.errors import CatalogError, Invalid, NotData, Unreachable
from standards.table import detect
from tests.contract.stages.oai_pmh import DC, Item, Repository, dublin_core, error, identifier, items, served
from tests.harvesters.visits import visit
from tests.harvests import new_source, published
from tests.hostile.server import Handler, Hostile, breaks, in_turn, redirects, says

GMD = "http://www.isotc211.org/2005/gmd"


def client(validators: Mapping[str, Mapping[str, str]] | None = None, retries: int = 0) -> Web:
    return Web(internal=True, retries=retries, sleep=lambda _: None, validators=validators)


def walk(url: str, resume: str | None = None, **settings: Any) -> list[Batch]:
    with client() as web:
        return list(OaiPmh(url, OaiPmhSettings(**settings)).batches(web, resume))


def harvest(repository: Repository, **settings: Any) -> list[Record]:
    with served(repository) as url:
        return [record for batch in walk(url, **settings) for record in batch.records]


def names(records: list[Record]) -> list[str | None]:
    return [record.identifier for record in records]


def all_names(count: int) -> list[str]:
    return [identifier(number) for number in range(count)]


def runs(repository: Repository, url: str, seen: Mapping[str, Mapping[str, str]], **settings: Any) -> tuple[list[Batch], Any]:
    """One run after another, as the main job does it: what it left is given to the next."""
    repository.asked.clear()
    with client(seen) as web:
        batches = list(OaiPmh(url, OaiPmhSettings(**settings)).batches(web, None))
        return batches, web.fresh_validators


def test_a_token_stands_alone_and_the_format_is_asked_for_once() -> None:
    repository = Repository(items(12))
    assert names(harvest(repository)) == all_names(12)
    assert [set(asked) for asked in repository.asked] == [
        {"verb"},
        {"verb"},
        {"verb", "metadataPrefix"},
        {"verb", "resumptionToken"},
        {"verb", "resumptionToken"},
    ]


def test_a_record_is_the_document_in_its_metadata() -> None:
    (record,) = harvest(Repository([Item("a", dublin_core("数据"), "2026-01-02T03:04:05Z")]))
    standard = detect(record.body)
    assert standard and standard.name == "dublin_core" == record.standard
    assert standard.read and standard.read(record.body).title == {"zh": "数据"}
    assert (record.modified, record.deleted) == ("2026-01-02T03:04:05Z", False) and b"of no interest" not in record.body


def test_deleted_records_are_told() -> None:
    met = harvest(Repository([Item("a", dublin_core("a")), Item("b", None)]))
    assert [(record.identifier, record.deleted, record.body is None) for record in met] == [
        ("a", False, False),
        ("b", True, True),
    ]


def test_prefixes_on_the_protocols_own_elements_do_not_matter() -> None:
    def spoil(_: dict[str, str], body: str) -> str:
        own = (
            "OAI-PMH|ListRecords|record|header|metadata|identifier|datestamp|resumptionToken|responseDate|Identify|granularity"
        )
        return re.sub(rf"<(/?)({own})\b", r"<\1o:\2", body).replace("xmlns=", "xmlns:o=")

    assert names(harvest(Repository(items(7), spoil=spoil))) == all_names(7)


@pytest.mark.parametrize(
    ("formats", "best"),
    [
        ({"oai_dc": DC, "iso19139": GMD}, "iso19139"),
        ({"oai_dc": DC, "x": GMD, "iso": "http://standards.iso.org/iso/19115/-3/mdb/2.0"}, "iso"),
        ({"iso19139": GMD, "dcat_ap": "http://www.w3.org/ns/dcat#", "oai_dc": DC}, "dcat_ap"),
        ({"oai_dc": DC, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}, "rdf"),
        ({"oai_dc": DC, "mods": "http://www.loc.gov/mods/v3", "marc": "http://www.loc.gov/MARC21/slim"}, "mods"),
        ({"oai_dc": DC, "oai_datacite": "http://schema.datacite.org/oai/oai-1.1/"}, "oai_datacite"),
        ({"datacite": "http://datacite.org/schema/kernel-4", "oai_dc": DC}, "datacite"),
        ({"marc": "http://www.loc.gov/MARC21/slim", "oai_dc": DC}, "oai_dc"),
    ],
)
def test_the_richest_format_that_is_read_is_asked_for(formats: dict[str, str], best: str) -> None:
    repository = Repository(items(1), formats=formats)
    assert len(harvest(repository)) == 1
    assert repository.asked[-1]["metadataPrefix"] == best


def test_a_format_may_be_known_by_its_schema_alone() -> None:
    known = chosen([Format("fmt1", "http://www.isotc211.org/2005/gmd/gmd.xsd", ""), Format("oai_dc", "", DC)])
    assert known and known.prefix == "fmt1"


def test_a_repository_without_a_format_that_is_read_is_told() -> None:
    repository = Repository(items(1), formats={"marc21": "http://www.loc.gov/MARC21/slim"})
    with pytest.raises(Invalid, match=r"no format that is read .found: marc21"):
        harvest(repository)
    assert len(harvest(repository, prefix="marc21")) == 1


def test_sets_are_walked_one_after_another() -> None:
    found = [Item("a", dublin_core("a"), sets=("x",)), Item("b", dublin_core("b"), sets=("y",)), Item("c", dublin_core("c"))]
    repository = Repository(found)
    assert names(harvest(repository, sets="y, x, empty")) == ["b", "a"]
    assert [asked.get("set") for asked in repository.asked][-3:] == ["y", "x", "empty"]


def test_nothing_at_all_is_nothing_and_no_error() -> None:
    with served(Repository([])) as url:
        assert walk(url) == []


@pytest.mark.parametrize(
    ("code", "words", "kind", "said"),
    [
        ("badVerb", "no", NotData, "badVerb: no"),
        ("badArgument", "set", NotData, "badArgument: set"),
        ("cannotDisseminateFormat", "", Invalid, r"does not give the format oai_dc.*\bprefix\b"),
        ("noSetHierarchy", "", NotData, "Remove the setting `sets`"),
        ("undefined", "", NotData, "undefined"),
    ],
)
def test_an_error_inside_200_fails_with_its_words(code: str, words: str, kind: type[CatalogError], said: str) -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        return with_error(code, words) if arguments["verb"] == "ListRecords" else body

    with pytest.raises(kind, match=said):
        harvest(Repository(items(3), spoil=spoil))


def with_error(code: str, words: str = "") -> str:
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{error(code, words)}</OAI-PMH>'


def test_an_error_told_with_a_status_of_its_own_is_the_same() -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        return f"422!{with_error('noRecordsMatch')}" if arguments["verb"] == "ListRecords" else body

    assert harvest(Repository(items(3), spoil=spoil)) == []


def test_a_token_that_comes_again_is_a_circle() -> None:
    def spoil(_: dict[str, str], body: str) -> str:
        return re.sub(r">\d+\|oai_dc\|\|<", ">5|oai_dc||<", body)

    with pytest.raises(NotData, match=r"circle.*5\|oai_dc"):
        harvest(Repository(items(23), spoil=spoil))


def test_fresh_tokens_to_the_same_page_for_ever_are_a_circle() -> None:
    count = 0

    def spoil(arguments: dict[str, str], body: str) -> str:
        nonlocal count
        count += 1
        return re.sub(r"<resumptionToken.*?</resumptionToken>", f"<resumptionToken>0|oai_dc|||{count}</resumptionToken>", body)

    found = items(12)
    with served(Repository(found, spoil=spoil)) as url, pytest.raises(NotData, match="nothing new"):
        walk(url)
    assert count < 70


def test_empty_pages_that_name_a_next_one_do_not_go_on_for_ever() -> None:
    count = 0

    def spoil(arguments: dict[str, str], body: str) -> str:
        nonlocal count
        count += 1
        empty = f"<ListRecords><resumptionToken>0|oai_dc|||{count}</resumptionToken></ListRecords>"
        answer = f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{empty}</OAI-PMH>'
        return answer if arguments["verb"] == "ListRecords" else body

    with pytest.raises(NotData, match="circle"):
        harvest(Repository(items(1), spoil=spoil))


@pytest.mark.parametrize("size", [50, 23 + 5, 1000])
def test_a_list_that_ends_before_its_size_fails(size: int) -> None:
    def spoil(_: dict[str, str], body: str) -> str:
        return re.sub('completeListSize="23"', f'completeListSize="{size}"', body)

    with pytest.raises(NotData, match=f"ended early: 23 of {size}.*trust_size"):
        harvest(Repository(items(23), spoil=spoil))
    assert len(harvest(Repository(items(23), spoil=spoil), trust_size=False)) == 23


@pytest.mark.parametrize("size", ["25", "0", "-1", "many", "7"])
def test_a_size_that_is_an_estimate_is_no_error(size: str) -> None:
    def spoil(_: dict[str, str], body: str) -> str:
        return re.sub('completeListSize="23"', f'completeListSize="{size}"', body)

    assert len(harvest(Repository(items(23), spoil=spoil))) == 23


def test_a_list_whose_last_token_is_lost_fails() -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        lost = arguments.get("resumptionToken", "").startswith("10|")
        return re.sub(r"<resumptionToken.*?</resumptionToken>", "", body) if lost else body

    with pytest.raises(NotData, match="ended early: 15 of 23"):
        harvest(Repository(items(23), spoil=spoil))


def test_records_added_and_deleted_on_the_way_change_the_size_and_nothing_else() -> None:
    found = items(23)

    def spoil(arguments: dict[str, str], body: str) -> str:
        if arguments.get("resumptionToken", "").startswith("5|"):
            found.extend(Item(f"new-{number}", dublin_core("n")) for number in range(9))
        elif arguments.get("resumptionToken", "").startswith("15|"):
            del found[20:]
        return body

    met = names(harvest(Repository(found, spoil=spoil)))
    assert set(all_names(20)) <= set(met)


def test_an_expired_token_begins_the_list_again_without_doubling() -> None:
    repository = Repository(items(23), expired={"10|oai_dc||", "20|oai_dc||"})
    assert names(harvest(repository)) == all_names(23)


def test_tokens_that_always_expire_end_the_run() -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        return with_error("badResumptionToken", "gone") if "resumptionToken" in arguments else body

    repository = Repository(items(23), spoil=spoil)
    with pytest.raises(NotData, match="expired 4 times"):
        harvest(repository)
    assert sum("resumptionToken" in asked for asked in repository.asked) == 4


@pytest.mark.parametrize("status", ["400", "404", "410"])
def test_a_token_refused_by_its_status_begins_the_list_again(status: str) -> None:
    refused = [status]

    def spoil(arguments: dict[str, str], body: str) -> str:
        if arguments.get("resumptionToken", "").startswith("10|") and len(refused) < 3:
            refused.append(status)
            return f"{status}!no such token"
        return body

    assert names(harvest(Repository(items(23), spoil=spoil))) == all_names(23)


def test_a_run_that_goes_on_with_an_expired_token_begins_again_and_says_so() -> None:
    repository = Repository(items(23))
    with served(repository) as url:
        whole = walk(url)
        repository.expired = {"15|oai_dc||"}
        rest = walk(url, whole[2].resume)
    assert names([record for batch in rest for record in batch.records]) == all_names(23)
    assert all(batch.again for batch in rest)


def test_a_run_goes_on_from_every_batch_of_several_sets() -> None:
    found = [Item(identifier(number), dublin_core("x"), sets=("ab"[number % 2],)) for number in range(23)]
    with served(Repository(found, page=4)) as url:
        whole = walk(url, sets="b,a", batch_size=3)
        told = [[record.identifier for record in batch.records] for batch in whole]
        for point, batch in enumerate(whole):
            rest = walk(url, batch.resume, sets="b,a", batch_size=3)
            assert [[record.identifier for record in each.records] for each in rest] == told[point + 1 :]
    assert sorted(name for batch in told for name in batch if name) == all_names(23)


def test_after_a_good_run_only_changes_are_asked_for() -> None:
    repository = Repository(items(12))
    with served(repository) as url:
        first, seen = runs(repository, url, {})
        assert not any(batch.partial for batch in first)
        second, seen = runs(repository, url, seen)
        assert repository.asked[-1]["from"] == "2026-02-28T12:00:00Z"
        assert [(batch.records, batch.partial) for batch in second] == [((), True)]
        repository.date = "2026-03-05T12:00:00Z"
        repository.items[3] = Item(identifier(3), dublin_core("new"), "2026-03-04T13:00:00Z")
        repository.items[4] = Item(identifier(4), None, "2026-03-04T13:00:00Z")
        third, seen = runs(repository, url, seen)
        fourth, _ = runs(repository, url, seen, overlap=1)
    assert [(one.identifier, one.deleted) for batch in third for one in batch.records] == [
        ("id-0003", False),
        ("id-0004", True),
    ]
    assert all(batch.partial for batch in third) and len(fourth[0].records) == 2


def test_a_repository_of_days_is_asked_in_days() -> None:
    repository = Repository(items(3), granularity="YYYY-MM-DD")
    with served(repository) as url:
        _, seen = runs(repository, url, {})
        runs(repository, url, seen)
    assert repository.asked[-1]["from"] == "2026-02-28"


def test_a_repository_that_lies_about_its_granularity_is_asked_in_full() -> None:
    def spoil(_: dict[str, str], body: str) -> str:
        return body.replace("YYYY-MM-DD<", "YYYY-MM-DDThh:mm:ssZ<")

    repository = Repository(items(3), granularity="YYYY-MM-DD", spoil=spoil)
    with served(repository) as url:
        _, seen = runs(repository, url, {})
        again, _ = runs(repository, url, seen)
    assert len(again[0].records) == 3 and not again[0].partial


@pytest.mark.parametrize(
    ("deleted", "sets", "full"), [("no", "", 2), ("transient", "", 2), ("persistent", "", 0), ("persistent", "x", 2)]
)
def test_every_few_runs_ask_in_full_where_deletions_are_not_told(deleted: str, sets: str, full: int) -> None:
    repository = Repository([Item("a", dublin_core("a"), sets=("x",))], deleted=deleted)
    seen: Any = {}
    told = []
    with served(repository) as url:
        for _ in range(7):
            batches, seen = runs(repository, url, seen, full_every=3, sets=sets)
            told.append(batches[0].partial)
    assert told.count(False) == 1 + full, told


def test_a_change_of_settings_asks_in_full() -> None:
    repository = Repository([Item("a", dublin_core("a"), sets=("x",))])
    with served(repository) as url:
        _, seen = runs(repository, url, {})
        batches, _ = runs(repository, url, seen, sets="x")
    assert not batches[0].partial


def test_a_response_date_that_is_none_is_not_remembered() -> None:
    repository = Repository(items(1), date="now")
    with served(repository) as url:
        assert runs(repository, url, {})[1] == {}


def test_the_window_of_the_settings_is_asked_for() -> None:
    repository = Repository(items(1))
    harvest(repository, since="2025-01-01", until="2027-01-01T00:00:00Z")
    assert (repository.asked[-1]["from"], repository.asked[-1]["until"]) == ("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "odd",
    ["<x>&nosuch;</x>", "<x><y></x>", "<x a=1/>", "< x>", "<dc:title>unbound & odd</dc:title>"],
)
def test_a_record_that_is_not_well_formed_is_one_odd_record(odd: str) -> None:
    found = items(12)
    found[6] = Item(identifier(6), odd)
    repository = Repository(found)
    met = harvest(repository)
    assert names(met) == all_names(12)
    assert detect(met[6].body) is None and all(detect(met[number].body) for number in range(12) if number != 6)
    assert sum(asked["verb"] == "GetRecord" for asked in repository.asked) == 0


@pytest.mark.parametrize("odd", ["a\x0bb", "a&#x1;b", "a\udcffb", "a&nbsp;b"])
def test_characters_that_no_xml_may_hold_are_mended(odd: str) -> None:
    found = items(7)
    found[2] = Item(identifier(2), dublin_core("TITLE").replace("TITLE", odd))
    met = harvest(Repository(found))
    assert names(met) == all_names(7)
    standard = detect(met[2].body)
    assert standard and standard.read and standard.read(met[2].body).title


def test_a_page_that_breaks_off_is_asked_for_again() -> None:
    spoilt: list[str] = []

    def spoil(arguments: dict[str, str], body: str) -> str:
        if arguments.get("resumptionToken", "").startswith("5|") and not spoilt:
            spoilt.append(body)
            return body[: len(body) // 2]
        return body

    repository = Repository(items(12), spoil=spoil)
    assert names(harvest(repository)) == all_names(12) and spoilt
    assert all(asked["verb"] != "ListIdentifiers" for asked in repository.asked)


@pytest.mark.parametrize("how", ["500!<h1>NullPointerException</h1>", "", "<OAI-PMH"])
def test_a_page_that_a_record_brings_down_is_walked_record_by_record(how: str) -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        hit = "id-0007" in body and arguments["verb"] in ("ListRecords", "GetRecord")
        return (how if how[:1] != "<" and how else body[: body.index("id-0007") + 60]) if hit else body

    repository = Repository(items(12), spoil=spoil)
    met = harvest(repository)
    assert sorted(names(met), key=str) == all_names(12)
    odd = [record.identifier for record in met if detect(record.body) is None]
    assert odd == ["id-0007"]


def test_a_run_goes_on_record_by_record() -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        return "500!down" if arguments["verb"] == "ListRecords" and "resumptionToken" in arguments else body

    with served(Repository(items(12), spoil=spoil)) as url:
        whole = walk(url, batch_size=2)
        assert names([record for batch in whole for record in batch.records]) == all_names(12)
        rest = walk(url, whole[3].resume, batch_size=2)
    assert names([record for batch in (*whole[:4], *rest) for record in batch.records]) == all_names(12)


def test_a_repository_that_gives_no_record_at_all_ends_the_run() -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        return "500!down" if arguments["verb"] in ("ListRecords", "GetRecord") else body

    with pytest.raises(NotData, match="in a row cannot be had"):
        harvest(Repository(items(40), spoil=spoil))


def test_a_record_that_is_gone_by_the_time_it_is_asked_for_is_left_out() -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        if arguments["verb"] == "ListRecords":
            return "500!down"
        return with_error("idDoesNotExist") if arguments.get("identifier") == "id-0001" else body

    assert names(harvest(Repository(items(3), spoil=spoil))) == ["id-0000", "id-0002"]


@pytest.mark.parametrize(
    "answer",
    [
        "<!DOCTYPE html><html><head><title>Maintenance</title></head></html>",
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Maintenance</title></head></html>',
        "",
        '{"error": "x"}',
        "<rss/>",
    ],
)
def test_what_is_no_oai_pmh_fails(answer: str) -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        return answer if "resumptionToken" in arguments else body

    with pytest.raises(NotData):
        harvest(Repository(items(12), spoil=spoil))


def test_a_page_in_place_of_identify_is_named() -> None:
    page = says(b"<html><title>Welcome</title></html>", headers={"Content-Type": "text/html"})
    with Hostile({"/": page}) as server, pytest.raises(NotData, match=r"HTML page.*Welcome"):
        walk(server.url + "/")


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

    def spoil(arguments: dict[str, str], body: str) -> str:
        return body.replace("?>\n", f"?>\n{bomb}") if arguments["verb"] == "ListRecords" else body

    with pytest.raises(NotData, match="entities"):
        harvest(Repository(items(3), spoil=spoil))


def test_a_record_without_metadata_is_an_odd_record() -> None:
    found = items(3)
    found[1] = Item("b", "")
    found[2] = Item("", None)
    met = harvest(Repository(found))
    assert names(met) == ["id-0000", "b", None] and not any(record.deleted for record in met)
    assert b"<identifier>b<" in met[1].body


def test_metadata_written_as_text_and_metadata_in_a_wrapper_are_found() -> None:
    text = dublin_core("文本").replace("&", "&amp;").replace("<", "&lt;")
    mods = '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>x</title></titleInfo></mods>'
    wrapped = f'<mets xmlns="http://www.loc.gov/METS/"><dmdSec><mdWrap><xmlData>{mods}</xmlData></mdWrap></dmdSec></mets>'
    met = harvest(Repository([Item("a", text), Item("b", wrapped)]))
    found = [detect(record.body) for record in met]
    assert [standard and standard.name for standard in found] == ["dublin_core", "mods"]


def rdf(*titles: str) -> str:
    about = "".join(
        f'<dcat:Dataset rdf:about="http://example.org/{title}"><dct:title>{title}</dct:title></dcat:Dataset>'
        for title in titles
    )
    spaces = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" '
        'xmlns:dct="http://purl.org/dc/terms/"'
    )
    return f"<rdf:RDF {spaces}>{about}</rdf:RDF>"


def test_rdf_is_given_as_the_triples_of_its_datasets() -> None:
    found = [Item("a", rdf("one")), Item("b", rdf("two", "three")), Item("c", rdf())]
    met = harvest(Repository(found, formats={"dcat": "http://www.w3.org/ns/dcat#"}))
    assert names(met) == ["a", "b#http://example.org/two", "b#http://example.org/three", "c"]
    assert b'<http://example.org/one> <http://purl.org/dc/terms/title> "one" .' in met[0].body
    assert met[3].body.startswith(b"<rdf:RDF")


def test_a_page_of_any_length_is_given_in_batches_and_gone_on_within() -> None:
    with served(Repository(items(2000), page=5000)) as url:
        whole = walk(url, batch_size=300)
        rest = walk(url, whole[3].resume, batch_size=300)
    assert [len(batch.records) for batch in whole] == [300] * 6 + [200]
    assert sum(len(batch.records) for batch in rest) == 2000 - 4 * 300


def test_an_answer_in_another_character_set_is_read() -> None:
    identify = Repository([]).answer({"verb": "Identify"})
    formats = Repository([]).answer({"verb": "ListMetadataFormats"})
    listed = Repository([Item("a", dublin_core("公共交通线路信息"))]).answer(
        {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    )
    page = f'<?xml version="1.0" encoding="GBK"?>{listed}'
    behaviour = in_turn(says(identify.encode()), says(formats.encode()), says(page.encode("gbk")))
    with Hostile({"/oai": behaviour}) as server:
        (batch,) = walk(f"{server.url}/oai")
    assert "公共交通线路信息".encode() in batch.records[0].body


def test_503_with_retry_after_is_waited_for() -> None:
    repository = Repository(items(7))
    busy = says(b"", 503, {"Retry-After": "7"})
    slept: list[float] = []
    behaviour = in_turn(busy, repository.behave, busy, busy, repository.behave, busy, repository.behave)
    with Hostile({"/oai": behaviour}) as server, Web(internal=True, retries=3, sleep=slept.append) as web:
        batches = list(OaiPmh(f"{server.url}/oai", OaiPmhSettings()).batches(web, None))
    assert names([record for batch in batches for record in batch.records]) == all_names(7) and sum(slept) == 28


def test_a_connection_that_is_cut_fails_the_run() -> None:
    repository = Repository(items(12))
    behaviour = in_turn(*[repository.behave] * 3, breaks(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<OAI"))
    with Hostile({"/oai": behaviour}) as server, pytest.raises(Unreachable):
        walk(f"{server.url}/oai")


def test_a_redirect_to_another_port_is_followed() -> None:
    repository = Repository(items(7))
    with served(repository) as there:

        def away(handler: Handler) -> None:
            redirects(f"{there}?{handler.path.partition('?')[2]}")(handler)

        with Hostile({"/old": away}) as server:
            (first, second) = walk(f"{server.url}/old")
    assert names([*first.records, *second.records]) == all_names(7)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/oai?verb=Identify", "/oai"),
        ("/oai?verb=ListRecords&metadataPrefix=oai_dc#top", "/oai"),
        ("/x?mode=oaipmh&verb=ListSets", "/x?mode=oaipmh"),
    ],
)
def test_the_endpoint_is_what_remains_without_arguments(given: str, kept: str) -> None:
    assert OaiPmh(f"http://example.org{given}", OaiPmhSettings()).base == f"http://example.org{kept}"


def test_an_answer_of_oai_pmh_is_recognised_and_no_other() -> None:
    def seen(body: str, media_type: str = "text/xml") -> Seen:
        return Seen("http://e.org/o?verb=X", "http://e.org/o?verb=X", 200, media_type, {}, body.encode(), True)

    found = OaiPmh.recognises(seen(with_error("badVerb")))
    assert found and (found.url, found.sure, found.settings) == ("http://e.org/o", 100, {})
    listed = "http://e.org/o?verb=ListRecords&metadataPrefix=mods&set=a:b&from=2020-01-01&until=never"
    found = OaiPmh.recognises(Seen(listed, listed, 200, "text/xml", {}, with_error("noRecordsMatch").encode(), True))
    assert found and found.settings == {"prefix": "mods", "sets": "a:b", "since": "2020-01-01"}
    assert OaiPmh.recognises(seen("<html>OAI-PMH</html>")) is None
    assert OaiPmh.recognises(seen('{"OAI-PMH": 1}')) is None
    assert "http://e.org/oai?verb=Identify" in OaiPmh.probes("http://e.org/") and len(OaiPmh.probes("http://e.org")) <= 5


def test_answers_hold_no_more_than_a_record_in_memory() -> None:
    """A reader of a large page forgets what it gave: what stays under the root is not what passed."""
    body = Repository(items(5000), page=5000).answer({"verb": "ListRecords", "metadataPrefix": "oai_dc"}).encode()
    with tempfile.TemporaryFile() as file:
        answer = Answer(write([body], cast(BinaryIO, file), "x", 1 << 30))
        left = [len(list(element.getparent())) for element in answer.entries()]
    assert len(left) == 5000 == answer.count and max(left) < 500


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    made = database.connect(sqlite_url)
    yield made
    made.dispose()


def test_runs_of_the_main_job_take_in_changes_and_deletions_and_keep_the_rest(engine: Engine) -> None:
    repository = Repository(items(40), page=15)
    source = new_source(engine, protocol="oai_pmh")
    with served(repository) as url:
        harvester = OaiPmh(url, OaiPmhSettings(batch_size=10))
        first = visit(engine, source, harvester)
        repository.items[1] = Item(identifier(1), None, "2026-03-01T13:00:00Z")
        repository.items[2] = Item(identifier(2), dublin_core("新"), "2026-03-01T13:00:00Z")
        repository.items.append(Item("fresh", dublin_core("fresh"), "2026-03-01T13:00:00Z"))
        second = visit(engine, source, harvester)
        third = visit(engine, source, harvester)
    assert (first.state, first.added) == ("done", 40)
    assert (second.state, second.received, second.added, second.updated, second.retired) == ("done", 2, 1, 1, 1)
    assert (third.state, third.added, third.updated, third.retired) == ("done", 0, 0, 0)
    met = published(engine)
    assert len(met) == 40 and met["id-0002" if "id-0002" in met else "新"] == "新" and "数据 1" not in met.values()


def test_an_expired_token_loses_and_doubles_nothing_in_the_catalogue(engine: Engine) -> None:
    repository = Repository(items(40), page=10, expired={"20|oai_dc||"})
    source = new_source(engine, protocol="oai_pmh")
    with served(repository) as url:
        run = visit(engine, source, OaiPmh(url, OaiPmhSettings()))
    assert (run.state, run.received, run.added, run.duplicates) == ("done", 40, 40, 0)


def test_a_repository_that_turns_empty_or_to_a_page_keeps_its_datasets(engine: Engine) -> None:
    repository = Repository(items(12), deleted="no")
    source = new_source(engine, protocol="oai_pmh")
    with served(repository) as url:
        harvester = OaiPmh(url, OaiPmhSettings(full_every=1))
        visit(engine, source, harvester)
        repository.items.clear()
        held = visit(engine, source, harvester)
        repository.spoil = lambda _, __: "<html><title>Moved</title></html>"
        failed = visit(engine, source, harvester)
    assert held.state == "held" and failed.state == "failed" and "Moved" in failed.message
    assert len(published(engine)) == 12


def test_a_repository_that_wants_the_prefix_beside_a_token_gets_it() -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        if "resumptionToken" not in arguments:
            return body
        if "metadataPrefix" not in arguments:
            return with_error("badArgument", "Missing metadataPrefix parameter")
        return f'<?xml version="1.0"?>{repository.answer({name: arguments[name] for name in ("verb", "resumptionToken")})}'

    found = [Item(identifier(number), dublin_core("x"), sets=("s",)) for number in range(13)]
    repository = Repository(found, spoil=spoil)
    with served(repository) as url:
        whole = walk(url, sets="s")
        assert names([record for batch in whole for record in batch.records]) == all_names(13)
        assert sum("resumptionToken" in asked for asked in repository.asked) == 3
        assert repository.asked[-1] == {
            "verb": "ListRecords",
            "metadataPrefix": "oai_dc",
            "set": "s",
            "resumptionToken": "10|oai_dc||s",
        }
        assert len(walk(url, whole[0].resume, sets="s")) == 2


def test_headers_without_identifiers_and_datestamps_are_made_up_for() -> None:
    iso = (
        f'<gmd:MD_Metadata xmlns:gmd="{GMD}" xmlns:gco="http://www.isotc211.org/2005/gco"><gmd:fileIdentifier>'
        "<gco:CharacterString>NAME</gco:CharacterString></gmd:fileIdentifier><gmd:identificationInfo><gmd:MD_DataIdentification>"
        "<gmd:citation><gmd:CI_Citation><gmd:title><gco:CharacterString>t</gco:CharacterString></gmd:title></gmd:CI_Citation>"
        "</gmd:citation></gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata>"
    )
    found = [Item("", iso.replace("NAME", name), "") for name in ("a", "b")]
    repository = Repository(found, formats={"iso19139": GMD})
    with served(repository) as url:
        batches, seen = runs(repository, url, {})
    assert names(list(batches[0].records)) == ["a", "b"] and seen == {}


def test_a_compressed_page_is_read() -> None:
    repository = Repository(items(7))

    def packed(handler: Handler) -> None:
        body = repository.answer(dict(parse_qsl(urlsplit(handler.path).query)))
        says(gzip.compress(body.encode()), headers={"Content-Encoding": "gzip"})(handler)

    with Hostile({"/oai": packed}) as server:
        assert sum(len(batch.records) for batch in walk(f"{server.url}/oai")) == 7


def test_entities_in_one_record_asked_for_alone_are_one_odd_record() -> None:
    def spoil(arguments: dict[str, str], body: str) -> str:
        if arguments["verb"] == "ListRecords":
            return "500!down"
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
        return body.replace("?>\n", f"?>\n{bomb}") if arguments.get("identifier") == "id-0001" else body

    met = harvest(Repository(items(3), spoil=spoil))
    assert names(met) == all_names(3) and [detect(record.body) is None for record in met] == [False, True, False]


@pytest.mark.parametrize("depth", [300, 5000])
def test_a_record_nested_too_deep_is_one_odd_record(depth: int) -> None:
    found = items(7)
    found[3] = Item(identifier(3), "<a>" * depth + "</a>" * depth)
    met = harvest(Repository(found))
    assert sorted(names(met), key=str) == all_names(7)
    assert [record.identifier for record in met if detect(record.body) is None] == ["id-0003"]


@pytest.mark.parametrize("cursor", ["", "12", "null", '{"prefix": "oai_dc", "unknown": 1}', "after:x", "{}"])
def test_a_cursor_of_another_kind_begins_anew(cursor: str) -> None:
    with served(Repository(items(3))) as url:
        assert sum(len(batch.records) for batch in walk(url, cursor)) == 3


def test_the_usual_places_are_looked_at() -> None:
    assert list(OaiPmh.probes("http://e.org/dspace/"))[:3] == [
        "http://e.org/dspace/?verb=Identify",
        "http://e.org/dspace/oai?verb=Identify",
        "http://e.org/oai?verb=Identify",
    ]
