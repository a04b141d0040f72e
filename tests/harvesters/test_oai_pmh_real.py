"""OAI-PMH as real repositories speak it: recorded answers served again, and a running pycsw."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml

from harvesters.base import Record
from harvesters.oai_pmh import OaiPmh, OaiPmhSettings
from harvesters.web import Web
from metadata.errors import NotData
from standards.base import Unreadable
from standards.table import detect
from tests.contract.stages.oai_pmh import Repository
from tests.hostile.server import Handler, Hostile, says
from tests.pycsw import Pycsw, virginia  # noqa: F401  # a fixture

XML = {"Content-Type": "text/xml"}
Answers = Callable[[dict[str, str]], bytes]


def harvest(answers: Answers, **settings: Any) -> list[Record]:
    def behave(handler: Handler) -> None:
        says(answers(dict(parse_qsl(urlsplit(handler.path).query))), headers=XML)(handler)

    with Hostile({"/oai": behave}) as server, Web(internal=True, retries=0) as web:
        return [
            one for batch in OaiPmh(f"{server.url}/oai", OaiPmhSettings(**settings)).batches(web, None) for one in batch.records
        ]


def kinds(records: list[Record]) -> Counter[str]:
    """How many records of which standard can be read; the others are `failed`."""
    return Counter("deleted" if record.deleted else _kind(record) for record in records)


def _kind(record: Record) -> str:
    standard = detect(record.body)
    try:
        assert standard and standard.read
        standard.read(record.body)
    except (AssertionError, Unreadable):
        return "failed"
    return standard.name


def own(arguments: dict[str, str]) -> bytes:
    """What a repository says of itself where the recordings do not."""
    return Repository([], granularity="YYYY-MM-DD").answer(arguments).encode()


def test_a_clients_own_sample_answers(corpora: Path) -> None:
    """Tokens, deleted records, one of them without an identifier; three pages that hold the same records."""
    folder = corpora / "oai" / "sickle" / "sickle" / "tests" / "sample_data"

    def answers(arguments: dict[str, str]) -> bytes:
        return (folder / arguments.get("resumptionToken", f"{arguments['verb']}.xml")).read_bytes()

    assert kinds(harvest(answers)) == {"deleted": 3, "dublin_core": 4, "failed": 1}


@pytest.mark.parametrize(
    "name", ["badArgument", "cannotDisseminateFormat", "noSetHierarchy", "undefinedError", "badResumptionToken"]
)
def test_a_clients_own_sample_errors(name: str, corpora: Path) -> None:
    folder = corpora / "oai" / "sickle" / "sickle" / "tests" / "sample_data"
    with pytest.raises(Exception, match=name):
        harvest(lambda asked: (folder / f"{name if asked['verb'] == 'ListRecords' else asked['verb']}.xml").read_bytes())


def test_what_a_dspace_answered(corpora: Path) -> None:
    recorded: dict[frozenset[tuple[str, str]], bytes] = {}
    for path in (corpora / "oai" / "mit-cassettes").rglob("*.yaml"):
        for exchange in yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]:
            body = exchange["response"]["body"]["string"]
            asked = frozenset(parse_qsl(urlsplit(exchange["request"]["uri"]).query))
            recorded[asked] = body.encode() if isinstance(body, str) else body
    lists = [dict(asked) for asked in recorded if ("verb", "ListRecords") in asked]
    assert len(lists) == 3
    met = {
        asked.get("set", asked.get("from", "")): kinds(
            harvest(
                lambda question: recorded.get(frozenset(question.items())) or own(question),
                prefix=asked["metadataPrefix"],
                sets=asked.get("set", ""),
                since=asked.get("from", ""),
                until=asked.get("until", ""),
            )
        )
        for asked in lists
    }
    assert met == {"2017-12-14": {"deleted": 1}, "com_1721.1_100263": {}, "com_1721.1_140587": {"dublin_core": 58}}


@pytest.mark.parametrize(
    ("name", "count", "kind"),
    [
        ("api_all_records", 680, "dublin_core"),
        ("hixson_all_records", 95, "dublin_core"),
        ("hixson_mods_records", 95, "mods"),
        ("sheetmaps_all_records", 176, "dublin_core"),
        ("ucm_all_records", 100, "dublin_core"),
    ],
)
def test_what_an_islandora_answered(name: str, count: int, kind: str, corpora: Path) -> None:
    """Its answers were put one after another in one file; here they are pages of fifty again."""
    text = next((corpora / "oai" / "iowa-digital-library").rglob(f"{name}.xml")).read_bytes()
    found = re.search(rb"<AllRecords([^>]*)>", text)
    assert found
    records = re.findall(rb"<ns0:record>.*?</ns0:record>", text, re.DOTALL)

    def answers(arguments: dict[str, str]) -> bytes:
        if arguments["verb"] != "ListRecords":
            return own(arguments)
        start = int(arguments.get("resumptionToken", 0))
        following = b"%d" % (start + 50) if start + 50 < len(records) else b""
        token = b'<ns0:resumptionToken completeListSize="%d">%b</ns0:resumptionToken>' % (len(records), following)
        listed = b"<ns0:ListRecords>" + b"".join(records[start : start + 50]) + token + b"</ns0:ListRecords>"
        return b"<ns0:OAI-PMH" + found[1] + b">" + listed + b"</ns0:OAI-PMH>"

    met = harvest(answers)
    assert kinds(met) == {kind: count} and len({record.identifier for record in met}) == count


@pytest.mark.parametrize("prefix", ["iso19139", "oai_dc", "datacite"])
def test_what_a_pycsw_was_expected_to_answer(prefix: str, corpora: Path) -> None:
    """One page over and over, as there is one recorded: its records are read, and the circle is seen."""
    folder = corpora / "csw" / "pycsw-expected" / "oaipmh" / "expected"

    def answers(arguments: dict[str, str]) -> bytes:
        name = arguments["verb"] + (f"_{prefix}" if arguments["verb"] == "ListRecords" else "")
        return (folder / f"get_{name}.xml").read_bytes()

    with pytest.raises(NotData, match="circle"):
        harvest(answers, prefix=prefix)


def test_a_real_pycsw_gives_all_it_has(virginia: Pycsw) -> None:  # noqa: F811
    """It wants the prefix beside a token, and its headers hold neither identifier nor datestamp."""
    with Web(internal=True, retries=0) as web:
        batches = list(OaiPmh(virginia.oai, OaiPmhSettings()).batches(web, None))
        assert not web.fresh_validators  # without datestamps the next run asks for everything too
        met = [record for batch in batches for record in batch.records]
        assert sorted(record.identifier or "" for record in met) == virginia.identifiers()
        assert {record.standard for record in met} == {"iso_19139"} and len(batches) > 3
        rest = list(OaiPmh(virginia.oai, OaiPmhSettings()).batches(web, batches[2].resume))
    assert [record.identifier for batch in (*batches[:3], *rest) for record in batch.records] == [one.identifier for one in met]


def test_a_real_pycsw_in_dublin_core(virginia: Pycsw) -> None:  # noqa: F811
    with Web(internal=True, retries=0) as web:
        batches = OaiPmh(virginia.oai, OaiPmhSettings(prefix="oai_dc")).batches(web, None)
        met = [record for batch in batches for record in batch.records]
    assert len(met) == 1260 and {record.identifier for record in met} == set(virginia.identifiers())
