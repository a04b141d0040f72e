"""Portal JSON, library and repository formats: each case reads and is checked as written down, nothing raises, real files read.

Hand-made cases stand in `cases/<standard>/`: `body` or `xml`, the dataset, the findings (rule, path).
"""

import gzip
import importlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harvesters import forms, spool
from metadata.errors import NotData
from metadata.model import Dataset, decode, encode
from standards.base import Standard, Unreadable
from standards.mapping import fields
from standards.table import STANDARDS, detect
from standards.xml_documents import body_of, parse
from tests.standards.oracle import mutants
from tests.standards.real import documents

NAMES = ("socrata", "opendatasoft", "arcgis_hub", "udata", "jkan", "geoblacklight", "datacite", "mods", "dublin_core")
CASES = sorted(path for name in NAMES for path in Path(__file__).with_name("cases").joinpath(name).glob("*.json"))
ODD: tuple[Any, ...] = (None, "", 7, "x", [], [1, None], {"a": []})


def _case(path: Path) -> tuple[Standard, Any, dict[str, Any]]:
    case = json.loads(path.read_text("utf-8"))
    return STANDARDS.get(path.parent.name), case["xml"].encode() if "xml" in case else case["body"], case


def _read(standard: Standard, body: Any) -> Dataset | Unreadable:
    assert standard.read
    try:
        return standard.read(body)
    except Unreadable as unreadable:
        return unreadable


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_reads_and_is_checked_as_written_down(path: Path) -> None:
    standard, body, case = _case(path)
    assert standard.read and standard.check
    assert json.loads(encode(standard.read(body))) == case["dataset"]
    assert [[one.rule, one.path] for one in standard.check(body)] == case["findings"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_is_taken_by_its_own_standard_and_no_other_of_these(path: Path) -> None:
    _, body, _ = _case(path)
    found = detect(body)
    assert found is not None and found.name == path.parent.name
    assert [name for name in NAMES if STANDARDS.get(name).recognises(body)] == [path.parent.name]


@pytest.mark.parametrize(
    "path", [path for path in CASES if "xml" not in json.loads(path.read_text())], ids=lambda path: path.stem
)
def test_no_odd_value_anywhere_makes_it_raise(path: Path) -> None:
    standard, body, _ = _case(path)
    assert standard.read and standard.check
    for mutant in mutants(body, ODD):
        assert standard.recognises(mutant) in (True, False)
        for finding in standard.check(mutant):
            assert finding.rule in standard.rules and (not finding.path or finding.path.startswith("/"))
        found = _read(standard, mutant)
        if isinstance(found, Unreadable):
            assert found.finding.rule in standard.rules
        else:
            assert decode(encode(found)).identifier == found.identifier != ""


@pytest.mark.parametrize("name", NAMES)
def test_what_no_field_has_room_for_survives(name: str) -> None:
    for path in (each for each in CASES if each.parent.name == name):
        standard, body, _ = _case(path)
        assert standard.read
        if isinstance(body, dict) and name != "dublin_core":
            inside = next((body[key] for key in ("data", "dataset") if isinstance(body.get(key), dict)), body)
            inside = inside.get("attributes", inside) if name == "datacite" else inside
            inside["nobody_knows_this"] = {"deep": [1, "x"]}
            assert standard.read(body).extra["nobody_knows_this"] == {"deep": [1, "x"]}


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_a_clause_and_a_link_and_every_field_is_one_of_the_model(name: str) -> None:
    standard = STANDARDS.get(name)
    for rule in standard.rules.values():
        assert rule.clause and (rule.link.startswith(("http://", "https://")) or rule.id.startswith("record/")), rule.id
    assert standard.marks["zh"] and standard.marks["en"]
    table = fields(f"standards.{name}")
    assert len(table) >= 10
    assert {line.model.partition(".")[0] for line in table} <= set(Dataset.__struct_fields__)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "dublin_core"])
def test_each_rule_is_found_in_some_case(name: str) -> None:
    """Those about what is no record, and about what is missing without being a record then, are asked for here."""
    standard = STANDARDS.get(name)
    assert standard.check
    cases = [json.loads(path.read_text("utf-8")) for path in CASES if path.parent.name == name]
    seen = {rule for case in cases for rule, _ in case["findings"]}
    nothing: Any = b"<mods xmlns='http://www.loc.gov/mods/v3'/>" if name == "mods" else {}
    seen |= {finding.rule for body in (7, nothing) for finding in standard.check(body)}
    assert {rule for rule in standard.rules if not rule.startswith("record/")} <= seen


_CKAN = {"id": "1", "name": "n", "title": "t", "organization": {"title": "o"}, "resources": [], "tags": [], "notes": ""}
LOOK_ALIKES: list[tuple[Any, str | None]] = [
    (_CKAN, "ckan"),
    ({**_CKAN, "organization": "o", "category": ["c"], "schema": "s"}, "ckan"),
    (
        {
            **_CKAN,
            "frequency": "annual",
            "page": "p",
            "uri": "u",
            "metrics": {},
            "slug": "s",
            "metadata_modified": "2020-01-01",
        },
        "ckan",
    ),
    ({"@type": "dcat:Dataset", "title": "t", "accessLevel": "public", "id": "ab12-cd34", "name": "n", "viewType": "x"}, None),
    ({"resource": {"id": "not-a-4x4", "name": "n"}, "permalink": "p"}, None),
    ({"resource": {"id": "ab12-cd34"}, "permalink": "p"}, None),
    ({"id": "ab12-cd34", "stats": {"download_count": 7}}, None),
    ({"id": "1", "type": "dataset", "attributes": {"name": "n"}}, None),
    ({"type": "Feature", "geometry": None, "properties": {"id": "1", "title": "t", "type": "dataset"}}, None),
    ({"metas": {"default": {"title": "t"}}}, None),
    ({"title": "t", "description": "d", "date": "2020"}, None),
    ({"title": "t", "creator": {"name": "x"}, "subject": [], "date": "2020"}, None),
    ({"dct:title": "t", "@type": "dcat:Dataset", "@id": "u"}, None),
    ({"titles": [{"title": "t"}]}, None),
    (b"<html xmlns='http://www.w3.org/1999/xhtml'><head/></html>", None),
    (b"<mods><titleInfo/></mods>", None),
    (b"<resource><title>x</title></resource>", None),
    (b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><x xmlns:dc='http://purl.org/dc/elements/1.1/'/></OAI-PMH>", None),
]


@pytest.mark.parametrize(("body", "name"), LOOK_ALIKES)
def test_look_alikes_are_not_taken(body: Any, name: str | None) -> None:
    taken = [each for each in NAMES if STANDARDS.get(each).recognises(body)]
    assert taken == []
    if name:
        found = detect(body)
        assert found is not None and found.name == name


def test_xml_that_is_none_or_hostile_is_unreadable_with_a_rule_of_the_standard() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaa">]><r>&a;</r>'
    for name in ("datacite", "mods", "dublin_core"):
        standard = STANDARDS.get(name)
        assert standard.read and standard.check
        for body in (b"", b"<a", bomb, b"<a/>", b"\xff\xfe\x00", b"<a>" * 5000):
            with pytest.raises(Unreadable) as problem:
                standard.read(body)
            assert problem.value.finding.rule in standard.rules
            assert all(one.rule in standard.rules for one in standard.check(body))


# --- real files ------------------------------------------------------------------------------------------------------------

_LISTS = ("dataset", "results", "data", "items", "features", "result", "packages", "dataSets", "datasets", "records", "@graph")
_AT_HOME = {"socrata": "socrata", "udata": "datagouv", "arcgis_hub": "arcgis"}


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _objects(each, depth)
    elif isinstance(value, dict):
        yield value
        for key in _LISTS if depth < 3 else ():
            if isinstance(value.get(key), (list, dict)):
                yield from _objects(value[key], depth + 1)


def test_no_real_json_is_taken_by_the_wrong_standard(corpora: Path) -> None:
    """All JSON of the folders: each standard takes objects of its own portals only, and no two take the same object."""
    standards = [STANDARDS.get(name) for name in NAMES]
    folders = tuple(sorted(path.name for path in corpora.iterdir() if path.is_dir()))
    count = 0
    for place, document in documents(corpora, folders):
        for body in _objects(document):
            taken = [one.name for one in standards if one.recognises(body)]
            count += 1
            assert len(taken) <= 1, (place, taken)
            assert not taken or _AT_HOME.get(taken[0], "?") in place, (place, taken)
    assert count > 50_000


@pytest.mark.parametrize("name", ["socrata", "udata", "arcgis_hub"])
def test_real_portal_records_read(corpora: Path, name: str) -> None:
    standard = STANDARDS.get(name)
    assert standard.read and standard.check
    count = 0
    for _, document in documents(corpora, ("portal-json", "dcatus/scotland-od-bods")):
        for body in (each for each in _objects(document) if standard.recognises(each)):
            count += 1
            if count % 5 and name != "arcgis_hub":
                continue  # every fifth: the whole is read by `mulu check` in a minute
            found = standard.read(body)
            assert found.identifier and decode(encode(found)) == found
            assert all(finding.rule in standard.rules for finding in standard.check(body))
    assert count >= {"socrata": 8_000, "udata": 1_000, "arcgis_hub": 21}[name]


def test_real_oai_answers_read(corpora: Path) -> None:
    read: Counter[str] = Counter()
    for path in sorted((corpora / "oai").rglob("*.xml")):
        with path.open("rb") as file:
            try:
                parts = list(forms.records(spool.local(file, path.name)))
            except NotData:
                read["no data"] += 1
                continue
        for part in parts:
            standard = None if part.faults else detect(part.body)
            if standard and standard.read:
                assert decode(encode(standard.read(part.body))).title
                read[standard.name] += 1
    assert read["dublin_core"] > 1_000 and read["mods"] == 95 and set(read) == {"dublin_core", "mods", "no data"}


def test_real_cassettes_of_a_repository_read(corpora: Path) -> None:
    yaml = importlib.import_module("yaml")
    read = 0
    for path in sorted((corpora / "oai" / "mit-cassettes").rglob("*records*.yaml")):
        for turn in yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))["interactions"]:
            said = turn["response"]["body"]["string"]
            raw = said if isinstance(said, bytes) else said.encode()
            try:
                root = parse(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
            except Unreadable:
                continue
            for record in root.iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"):
                found = STANDARDS.get("dublin_core").read(body_of(record))  # type: ignore[misc]
                assert found.identifier.startswith("http"), "the number of a journal is no identifier of an article"
                read += 1
    assert read > 40


def test_real_pages_of_a_jkan_site_read(corpora: Path) -> None:
    yaml, jkan = importlib.import_module("yaml"), STANDARDS.get("jkan")
    assert jkan.read and jkan.check
    counted: Counter[str] = Counter()
    for path in sorted((corpora / "jkan").glob("*/_datasets/*.md")):
        try:
            body = yaml.load(path.read_text("utf-8").split("---")[1], getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        except yaml.YAMLError:
            counted["broken"] += 1
            continue
        assert jkan.recognises(body) and detect(body) is jkan, path.name
        list(jkan.check(body))
        try:
            assert jkan.read(body).title
            counted["read"] += 1
        except Unreadable:
            counted["no title"] += 1
    assert counted["read"] >= 460 and counted["broken"] <= 5 and counted["no title"] <= 2
