"""The workbook of the guide of 2017: what is exported comes back, opens elsewhere, and prints."""

import copy
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards import tables
from standards.cn_catalog_2017 import check, gather, read, recognises, repair, write
from standards.cn_catalog_2017_table import CHOICES
from standards.cn_catalog_2017_workbook import HEAD, SHEET, TITLE, template, workbook
from tests.standards.test_cn_catalog_2017 import DATASETS, SOUND, said_by

SECOND = SOUND | {"信息资源代码": "3070010/0013", "信息资源名称": {"zh": "公共汽车线路", "en": "Bus lines"}, "信息项信息": []}
SMALL = {
    "信息资源名称": "=1+1",
    "信息资源代码": "307001/2",
    "信息项信息": [{"信息项名称": name, "数据长度": 5} for name in "甲乙丙"],
}


def back(data: bytes) -> list[Any]:
    """The bodies in a workbook."""
    return list(gather(tables.rows(data)))


def test_an_exported_workbook_comes_back_unchanged() -> None:
    records = [SOUND, SECOND, SMALL]
    found = back(workbook(records))
    assert [read(body) for body in found] == [read(record) for record in records]
    assert [write(read(body)) for body in found][:2] == [write(read(record)) for record in records][:2]
    assert all(recognises(body) for body in found)
    assert workbook([write(read(body)) for body in found]) and list(check(found[0])) == []


@settings(max_examples=12, deadline=None)
@given(st.lists(DATASETS, min_size=1, max_size=3, unique_by=lambda dataset: dataset.identifier))
def test_any_catalogue_comes_back(datasets: list[Any]) -> None:
    found = back(workbook([write(dataset) for dataset in datasets]))
    assert [said_by(read(body)) for body in found] == [said_by(dataset) for dataset in datasets]


@pytest.mark.parametrize(
    "words", ["=HYPERLINK(1)", "_x0041_ und", "-1", "007", "1e5", "2018-03-01", "a\r\nb\tc", "\x07x", "TRUE", "#N/A"]
)
def test_a_cell_is_text_whatever_it_looks_like(words: str) -> None:
    (body,) = back(workbook([{**SMALL, "信息资源名称": words}]))
    assert read(body).title == {"und": words.replace("\r\n", "\n").replace("\x07", "")}
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([{**SMALL, "信息资源名称": words}])))[SHEET]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_wrong_cell_is_told_by_sheet_and_cell() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([SMALL, SOUND])))
    sheet = book[SHEET]
    (column,) = [cell.column_letter for cell in sheet[HEAD] if cell.value == "共享类型"]
    row = HEAD + 1 + len(SMALL["信息项信息"])
    sheet[f"{column}{row}"] = "大概可以"
    out = io.BytesIO()
    book.save(out)
    found = [(one.rule, one.path, one.value) for one in check(back(out.getvalue())[1])]
    assert found == [("cn-2017/share/known", f"目录!{column}{row}", "大概可以")]
    (date,) = [cell.column_letter for cell in sheet[HEAD - 1] if cell.value == "发布日期"]
    sheet[f"{date}{row}"] = "2018/3/1"
    out = io.BytesIO()
    book.save(out)
    _, done = repair(back(out.getvalue())[1])
    assert [(one.path, one.after) for one in done] == [(f"目录!{date}{row}", "2018-03-01")]


def test_it_can_be_printed_and_filled_in() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([SOUND])))
    sheet = book[SHEET]
    assert sheet["A1"].value == TITLE and book[CHOICES].sheet_state == "hidden"
    merged = {str(each) for each in sheet.merged_cells.ranges}
    assert any(each.startswith("A1:") for each in merged) and "A2:D2" in merged
    lines = len(SOUND["信息项信息"])
    assert f"E{HEAD + 1}:E{HEAD + lines}" in merged
    assert (
        sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToWidth == 1 and sheet.page_setup.fitToHeight == 0
    )
    assert sheet.print_title_rows == f"$1:${HEAD}" and sheet.print_area.startswith(f"'{SHEET}'!$A$1:")
    area = sheet.print_area.rpartition("$")[0].rpartition("$")[2]
    printed = [
        sheet[f"{letter}{HEAD - 1}"].value for letter in (area, openpyxl.utils.get_column_letter(sheet[f"{area}1"].column + 1))
    ]
    assert printed == ["关联资源代码", "关键字"]
    assert sheet.freeze_panes == f"F{HEAD + 1}"
    assert all(dimension.width >= 8 for dimension in sheet.column_dimensions.values())
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) >= 8 and all(rule.formula1.startswith(f"{CHOICES}!$") for rule in lists)
    words = {cell.value for row in book[CHOICES].iter_rows() for cell in row}
    assert {"部门信息资源", "数值型N", "不予共享", "每季度", "电子表格", "否"} <= words and "服务接口" not in words


def test_a_template_has_no_records_and_takes_them() -> None:
    data = template(5)
    assert back(data) == []
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[SHEET]
    headers = {str(cell.value): cell.column for row in (sheet[HEAD - 1], sheet[HEAD]) for cell in row if cell.value}
    sheet.cell(HEAD + 1, headers["信息资源名称"], "公共汽车站点")
    sheet.cell(HEAD + 1, headers["信息项名称"], "站名")
    sheet.cell(HEAD + 2, headers["信息项名称"], "线路")
    out = io.BytesIO()
    book.save(out)
    (body,) = back(out.getvalue())
    assert [item.name["zh"] for item in read(body).information_item] == ["站名", "线路"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_saves_it_unchanged(tmp_path: Path) -> None:
    """Through LibreOffice to XLSX and ODS and back: what comes out is what went in."""
    records = [copy.deepcopy(SOUND), SECOND, SMALL]
    tmp_path.joinpath("in.xlsx").write_bytes(workbook(records))
    for form in ("xlsx", "ods"):
        out = tmp_path / form
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/home", "--headless", "--convert-to", form, "--outdir"]
        subprocess.run([*command, str(out), str(tmp_path / "in.xlsx")], check=True, capture_output=True, timeout=240)
        found = back(out.joinpath(f"in.{form}").read_bytes())
        assert [read(body) for body in found] == [read(record) for record in records], form
