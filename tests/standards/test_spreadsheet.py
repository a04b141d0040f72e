"""Catalogues kept in tables: the mapping of columns, rows joined, read, written, checked by cell, mended."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_api.checking import check_document
from harvesters import forms, spool
from metadata.errors import NotData
from metadata.model import Coded, Dataset, Openness, Sharing, encode
from standards import tables
from standards.base import Unreadable
from standards.spreadsheet import (
    FIELDS,
    STANDARD,
    across,
    check,
    document,
    gather,
    mapping,
    read,
    recognises,
    repair,
    workbook,
    write,
)
from standards.spreadsheet_columns import _SIMPLIFIED, _TRADITIONAL, NAMES
from tests.standards.generated import back, datasets
from tests.standards.rich import MESSY, RICH

CASES = sorted(Path(__file__).with_name("cases").joinpath("spreadsheet").glob("*.json"))
HEADER = ["名称", "描述", "提供机构", "更新频率", "更新时间", "下载链接", "格式"]
ROW = ["公交站点", "全市站点", "交通局", "每月", "2024-05-03", "https://x.example/a.csv", "CSV"]


def row(values: dict[str, str], sheet: str = "Sheet1", number: int = 5) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "row": number,
        "cells": [[f"{chr(65 + at)}{number}", name, value] for at, (name, value) in enumerate(values.items())],
    }


def good(**changes: str) -> dict[str, Any]:
    return row(dict(zip(HEADER, ROW, strict=True)) | changes)


def rules(body: Any) -> set[tuple[str, str]]:
    return {(each.rule.removeprefix("spreadsheet/"), each.path) for each in check(body)} - {("identifier/absent", "Sheet1!A5")}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_cases(path: Path) -> None:
    case = json.loads(path.read_text("utf-8"))
    found = list(gather(tables.text_rows(case["csv"])))
    assert [json.loads(encode(read(each))) for each in found] == case["datasets"]
    assert [[[one.path, one.rule] for one in check(each)] for each in found] == case["findings"]


@pytest.mark.parametrize(
    ("header", "field", "how"),
    [
        ("标题", "title", "exact"),
        ("  资料名称 ", "title", "exact"),
        ("Title*", "title", "exact"),
        ("标题（必填）", "title", "exact"),
        ("\ufeff編號", "identifier", "exact"),
        ("更新頻率", "frequency", "exact"),
        ("accrual_periodicity", "frequency", "exact"),
        ("数据集描述", "description", "near"),
        ("Dataset Title", "title", "near"),
        ("descripton", "description", "near"),
        ("ｕｒｌ", "file", "exact"),
        ("共享属性/共享类型", "sharing", "near"),
        ("资源_URL", "", "none"),
        ("titel", "", "none"),
        ("收容所名稱", "", "none"),
        ("", "", "none"),
        ("x" * 500, "", "none"),
    ],
)
def test_headers_are_recognised_when_it_is_safe(header: str, field: str, how: str) -> None:
    found = mapping([header])[0]
    assert (found.field, found.found) == (field, how)


def test_every_field_knows_its_own_headers() -> None:
    for field, name in NAMES.items():
        assert [each.field for each in (mapping([name.zh])[0], mapping([name.en])[0])] == [field, field]
    assert len(FIELDS) == len(NAMES) - 2


def test_a_field_is_one_column_and_the_surest() -> None:
    columns = mapping(["Dataset Title", "title", "title(en)", "name", "tags", "标签"])
    assert [each.field for each in columns] == ["", "title", "title", "", "keyword", "keyword"]
    assert columns[2].language == "en"


def test_a_mapping_that_is_given_goes_first() -> None:
    body = row({"Sachgebiet": "交通", "名称": "站点", "备注": "x", "地址": "https://x.example/"})
    assert not recognises(body)
    body["mapping"] = {"Sachgebiet": "theme", "地址": "landing_page", "名称": "title", "备注": "no such field"}
    assert recognises(body)
    dataset = read(body)
    assert (dataset.theme[0].code, dataset.landing_page, dataset.extra) == ("TRAN", "https://x.example/", {"备注": "x"})
    assert read({**body, "mapping": {"地址": "", "名称": "title"}}).extra["地址"] == "https://x.example/"


def test_a_row_becomes_a_dataset() -> None:
    dataset = read(good(标签="公交、站点；bus", 共享类型="有条件共享", 共享条件="须申请", 开放类型="无条件开放", 未知列="保留"))
    assert dataset.title == {"zh": "公交站点"} and dataset.publisher is not None and dataset.publisher.name == {"zh": "交通局"}
    assert dataset.accrual_periodicity is not None and dataset.accrual_periodicity.code == "MONTHLY"
    assert dataset.keyword == {"zh": ("公交", "站点"), "und": ("bus",)}
    assert dataset.sharing == Sharing(kind="conditional", condition={"zh": "须申请"}) and dataset.openness == Openness(
        kind="open"
    )
    assert [(each.download_url, each.media_type) for each in dataset.distribution] == [("https://x.example/a.csv", "text/csv")]
    assert dataset.extra == {"未知列": "保留"}


def test_several_addresses_in_a_cell_are_several_files() -> None:
    links = "https://x.example/a.csv\nhttps://x.example/b.json"
    found = read(good(下载链接=links, 格式="CSV;JSON")).distribution
    assert [(each.download_url, each.format.code if each.format else "") for each in found] == [
        ("https://x.example/a.csv", "CSV"),
        ("https://x.example/b.json", "JSON"),
    ]


def test_what_cannot_be_understood_stays() -> None:
    dataset = read(good(更新时间="不久前", 下载链接="见附件"))
    assert dataset.modified is None and dataset.extra == {"更新时间": "不久前", "下载链接": "见附件"}


def test_rows_of_one_dataset_are_joined() -> None:
    text = [
        "id,title,publisher,url,format\r\n",
        "1,Stops,Office,https://x.example/a.csv,CSV\r\n",
        "1,Stops,Office,https://x.example/a.json,JSON\r\n",
        "2,Lines,Office,https://x.example/l.csv,CSV\r\n",
    ]
    found = [read(each) for each in gather(tables.text_rows(text))]
    assert [(each.identifier, len(each.distribution)) for each in found] == [("1", 2), ("2", 1)]


def test_rows_on_other_sheets_go_to_their_dataset() -> None:
    main = [row({"title": "Stops", "identifier": "s", "notes": "x", "publisher": "p"}, "Dataset")]
    files = [
        row({"dataset_id": "s", "resource_id": "r", "resource_url": f"https://x.example/{n}.csv"}, "Files", n) for n in (2, 3)
    ]
    codes = [row({"id": "1", "label": "x"}, "Codes")]
    body = next(iter(gather([*main, *files, *codes])))
    assert len(list(gather([*main, *files, *codes]))) == 1
    assert [each.download_url for each in read(body).distribution] == ["https://x.example/2.csv", "https://x.example/3.csv"]
    body["more"][0][2][2] = "no address"
    assert ("url/form", "Files!C2") in rules(body)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(datasets())
def test_what_it_carries_comes_back(dataset: Dataset) -> None:
    assert back(STANDARD, dataset) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(datasets(), min_size=1, max_size=3, unique_by=lambda each: each.identifier))
def test_csv_and_workbook_come_back(several: list[Dataset]) -> None:
    expected = [read(write(each)) for each in several]
    text = b"".join(document([write(each) for each in several])).decode("utf-8-sig")
    assert [read(each) for each in gather(tables.text_rows(text.splitlines(keepends=True)))] == expected
    assert [read(each) for each in gather(tables.rows(workbook([write(each) for each in several])))] == expected


@pytest.mark.parametrize("dataset", [RICH, MESSY], ids=["rich", "messy"])
def test_rich_ones_are_written_and_read(dataset: Dataset) -> None:
    body = write(dataset)
    assert recognises(body) and read(body).title == dataset.title
    assert tables.is_row(body) and workbook([body]).startswith(b"PK")


BROKEN: dict[str, tuple[dict[str, str], str]] = {
    "title/absent": ({"名称": ""}, "A5"),
    "description/absent": ({"描述": ""}, "B5"),
    "publisher/absent": ({"提供机构": ""}, "C5"),
    "frequency/unknown": ({"更新频率": "随缘"}, "D5"),
    "frequency/word": ({"更新频率": "R/P1M"}, "D5"),
    "date/form": ({"更新时间": "不久前"}, "E5"),
    "date/spelling": ({"更新时间": "2024/5/3"}, "E5"),
    "url/form": ({"下载链接": "见附件"}, "F5"),
    "wide": ({"更新时间": "２０２４-05-03"}, "E5"),
    "email/form": ({"邮箱": "无"}, "H5"),
    "box/form": ({"bbox": "武汉"}, "H5"),
    "size/form": ({"文件大小": "2 MB"}, "H5"),
    "code/check": ({"统一社会信用代码": "111100000000000000"}, "H5"),
    "sharing/unknown": ({"共享类型": "看情况"}, "H5"),
    "sharing/condition": ({"共享类型": "有条件共享"}, "A5"),
    "sharing/basis": ({"共享类型": "不予共享"}, "A5"),
    "openness/unknown": ({"开放类型": "以后再说"}, "H5"),
    "cross/future": ({"更新时间": "2999-01-01"}, "E5"),
    "cross/dates": ({"发布日期": "2024-06-01"}, "H5"),
    "cross/https": ({"主页": "http://x.example/"}, "H5"),
    "cross/media-type": ({"媒体类型": "application/json", "格式": ""}, "F5"),
    "cross/spatial": ({"bbox": "1,50,2,40"}, "H5"),
    "cross/temporal": ({"时间范围": "2020/2019"}, "H5"),
}


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_each_rule_finds_its_cell(rule: str) -> None:
    changes, cell = BROKEN[rule]
    found = rules(good(**changes))
    assert (rule, f"Sheet1!{cell}") in found
    assert {each for each, _ in found} <= {rule, *(["description/absent"] if rule == "x" else [])}


def test_every_rule_is_tried() -> None:
    assert {each.removeprefix("spreadsheet/") for each in STANDARD.rules} == {
        *BROKEN,
        "row",
        "title/column",
        "identifier/absent",
        "column/near",
    }
    assert rules(good()) == set()
    assert [each.rule for each in check({})] == ["spreadsheet/row"]
    assert ("title/column", "Sheet1!A5") in rules(row({"描述": "x"}))


def test_a_column_that_was_guessed_is_told_once_for_a_sheet() -> None:
    bodies = [good(数据集关键词="x"), good(数据集关键词="z"), good() | {"sheet": "Sheet2"}, None, {}]
    found = [(number, one.path, one.value) for number, one in across(bodies)]
    assert found == [(0, "Sheet1!H5", "数据集关键词")]
    lines = "名称,提供机构,数据集关键词,下载链接\n" + "a,b,c,https://x.example/\n" * 3
    (first, *rest), last = check_lines(lines)
    assert [one["path"] for one in first["findings"] if one["rule"] == "spreadsheet/column/near"] == ["C2"]
    assert last["summary"]["by_rule"]["spreadsheet/column/near"] == 1 and len(rest) == 2


def check_lines(text: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    *lines, last = check_document(text.encode(), None, "f.csv")
    return lines, last


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("名稱", "title"),
        ("資料集名稱", "title"),
        ("提供機關", "publisher"),
        ("更新頻率", "frequency"),
        ("資料集描述", "description"),
        ("檔案格式", "file_format"),
        ("授權", "license"),
        ("授權方式", "license"),
        ("識別碼", "identifier"),
        ("關鍵詞", "keyword"),
        ("聯絡人電話", "contact_phone"),
        ("下載連結", "file"),
        ("主要欄位說明", "items"),
        ("詮釋資料更新時間", "modified"),
        ("收容所名稱", ""),
        ("學校名稱", ""),
        ("單位", ""),
    ],
)
def test_headers_in_traditional_characters_are_recognised(header: str, field: str) -> None:
    assert mapping([header])[0].field == field


@pytest.mark.parametrize("field", sorted(NAMES))
def test_every_chinese_name_is_found_in_traditional_characters_too(field: str) -> None:
    traditional = str.maketrans(dict(zip(_SIMPLIFIED, _TRADITIONAL, strict=True)))
    assert mapping([NAMES[field].zh.translate(traditional)])[0].field == field


def test_repairs_say_what_they_did() -> None:
    body = good(更新时间="２０２４/５/３", 更新频率="R/P1M", 邮箱="mailto: a@b.example")
    mended, done = repair(body)
    assert [cell[2] for cell in mended["cells"]][3:] == [
        "monthly",
        "2024-05-03",
        "https://x.example/a.csv",
        "CSV",
        "a@b.example",
    ]
    assert [(each.path, each.before, each.after, each.filled) for each in done if each.rule.endswith("wide")] == [
        ("Sheet1!E5", "２０２４/５/３", "2024/5/3", False)
    ]
    assert rules(mended) == set() and body == good(更新时间="２０２４/５/３", 更新频率="R/P1M", 邮箱="mailto: a@b.example")


def test_unreadable_rows_say_why() -> None:
    for body, rule in (({}, "row"), (row({"描述": "x"}), "title/column"), (row({"标题": "", "描述": "x"}), "title/absent")):
        with pytest.raises(Unreadable) as problem:
            read(body)
        assert problem.value.finding.rule == f"spreadsheet/{rule}"


def test_neighbours_are_not_taken_for_catalogues() -> None:
    assert (
        not recognises(row({"name": "Ann", "address": "x", "phone": "1"}))
        and not recognises({"cells": 1})
        and not recognises(None)
    )


def test_coded_values_without_a_word_come_back() -> None:
    dataset = Dataset(identifier="a", title={"en": "T"}, theme=(Coded(scheme="own", code="7", label={"zh": "内部, 事务"}),))
    assert read(write(dataset)).theme == dataset.theme


FILES = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".lst")


def outcome(path: Path) -> tuple[int, int, int, str]:
    """Datasets read, those with findings, rows refused, and why a file was not read."""
    found = told = refused = 0
    try:
        with path.open("rb") as file:
            for part in forms.records(spool.local(file, path.name)):
                told += any(True for _ in check(part.body))
                try:
                    read(part.body)
                    found += 1
                except Unreadable:
                    refused += 1
    except NotData as problem:
        return found, told, refused, str(problem)
    return found, told, refused, ""


def test_every_real_table_reads(corpora: Path) -> None:
    paths = [path for folder in ("tabular", "bad") for path in sorted((corpora / folder).rglob("*")) if path.suffix in FILES]
    outcomes = {path.name: outcome(path) for path in paths if path.stat().st_size < 300_000}
    assert len(outcomes) >= 55
    assert outcomes["allNewItems_20220624.csv"][::2] == (23, 0)
    assert outcomes["dates_errors.csv"][:2] == (1, 1)
