"""Checking without storing: what a document may hold, and what is said of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog_api.checking import check_document, check_file, chosen_standard, parse_one
from metadata.errors import CatalogError, Invalid, NotData, NotFound
from tests.catalog_api.conftest import Site
from tests.harvests import body

PACKAGE = {"id": "p1", "name": "bus", "title": "Bus", "notes": "n", "resources": []}


@pytest.mark.parametrize(
    ("document", "count"),
    [
        (body("a"), 1),
        ([body("a"), body("b")], 2),
        ({"dataset": [body("a"), body("b"), body("c")]}, 3),
        (PACKAGE, 1),
        ({"success": True, "result": PACKAGE}, 1),
        ({"success": True, "result": {"count": 2, "results": [PACKAGE, PACKAGE]}}, 2),
        ([1, None, "x", [], {}], 5),
    ],
)
def test_every_record_of_a_document_is_checked(document: Any, count: int) -> None:
    *records, last = check_document(json.dumps(document).encode(), None, "f")
    assert len(records) == last["summary"]["records"] == count
    assert [one["record"] for one in records] == list(range(count))
    assert last["summary"]["valid"] == sum(one["valid"] for one in records)
    assert list(last["summary"]["by_rule"].values()) == sorted(last["summary"]["by_rule"].values(), reverse=True)


def test_json_lines_and_marks_at_the_start_are_read() -> None:
    lines = "\n".join(json.dumps(body(str(n))) for n in range(3))
    for data in (lines.encode(), b"\xef\xbb\xbf" + json.dumps(body("a")).encode()):
        *records, _ = check_document(data, "dcat_us_1_1", "f")
        assert records and all(one["standard"] == "dcat_us_1_1" for one in records)


@pytest.mark.parametrize(
    "data", [b"", b"   ", b"<html></html>", b"%PDF-1.7", b"\x00\x01", b'{"dataset": [{"title": "x"', b"nope"]
)
def test_what_holds_no_records_is_told(data: bytes) -> None:
    with pytest.raises(CatalogError) as told:
        list(check_document(data, None, "f"))
    assert isinstance(told.value, NotData | Invalid) and "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("data", "standard", "rule"),
    [
        (b"<x><y>words</y></x>", None, "record/unrecognised"),
        (b"<x><y></x>", None, "record/xml/well-formed"),
        (b'<!DOCTYPE x [<!ENTITY b "c">]><x>&b;</x>', None, "record/xml/doctype"),
        (b"one,two\n1,2\n", None, "record/unrecognised"),
        (
            b'@prefix dcat: <http://www.w3.org/ns/dcat#> .\n<http://x.example/d> a dcat:Dataset ; dcat:keyword "x" .',
            "dcat_3",
            None,
        ),
        ("信息资源名称,信息资源代码,信息资源提供方\r\n公交,,交通局\r\n".encode("gb18030"), "cn_catalog_2017", None),
    ],
)
def test_any_form_is_checked(data: bytes, standard: str | None, rule: str | None) -> None:
    line, last = check_document(data, None, "f")
    assert line["standard"] == standard and last["standards"].keys() == ({standard} if standard else set())
    if standard:
        assert last["standards"][standard]["records"] == 1 and last["standards"][standard]["marks"]["zh"]
    if rule:
        assert rule in [one["rule"] for one in line["findings"]] and not line["valid"] and last["summary"]["errors"] >= 1


def test_identifiers_that_come_twice_in_a_file_are_told() -> None:
    *records, last = check_document(json.dumps([body("a"), body("b"), body("a")]).encode(), None, "f")
    told = [one["record"] for one in records if "record/identifier/repeated" in [each["rule"] for each in one["findings"]]]
    assert told == [2] and last["summary"]["by_rule"]["record/identifier/repeated"] == 1
    rows = "信息资源名称,信息资源代码,信息资源提供方\n公交,307/1,交通局\n地铁,307/1,交通局\n"
    _, second, _ = check_document(rows.encode(), None, "f")
    assert any(one["rule"].endswith("/code/repeated") and one["path"] == "B3" for one in second["findings"])


def test_standards_are_named_or_detected(tmp_path: Path) -> None:
    assert chosen_standard(PACKAGE, None).name == "ckan"
    assert chosen_standard(body("a"), None).name.startswith("dcat_us_1_1")
    assert chosen_standard({"what": "ever"}, None).name == "dcat_us_1_1_non_federal"
    with pytest.raises(NotFound):
        chosen_standard({}, "nope")
    with pytest.raises(Invalid):
        list(check_file(tmp_path / "nope.json", None, "f"))
    with pytest.raises(Invalid, match="UTF-8"):
        parse_one(b"\xff")


def test_the_api_checks_and_stores_nothing(site: Site) -> None:
    answer = site.client.post(
        "/api/v1/check?standard=dcat_us_1_1", content=json.dumps({"dataset": [body("a"), {"title": 300.21}]})
    )
    assert answer.status_code == 200
    said = answer.json()
    assert [one["valid"] for one in said["records"]].count(False) >= 1 and said["summary"]["records"] == 2
    assert site.client.get("/api/v1/datasets").json()["total"] == 0
    for content, query, status in (
        (b"", "", 422),
        (b"<html>", "", 422),
        (b"{}", "?standard=nope", 404),
        (b"\xff\xfe", "", 422),
        (b"[" * 50_000, "", 422),
    ):
        wrong = site.client.post(f"/api/v1/check{query}", content=content)
        assert wrong.status_code in (status, 400) and wrong.headers["content-type"] == "application/problem+json", (
            content[:9],
            wrong.text[:200],
        )
