"""The workbooks that are written open in LibreOffice, and what it saves (ODS, XLSX, CSV) is read as what was written."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalog_api.given import opened
from harvesters import forms
from metadata.model import Dataset
from standards import cn_catalog_2017, spreadsheet
from standards.cn_catalog_2017_workbook import workbook as guide_workbook
from tests.standards.rich import RICH
from tests.standards.test_cn_catalog_2017 import SOUND

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
"""Commas, quotes, UTF-8, from the first line, values as they are shown, the first sheet."""


def saved(folder: Path, form: str, names: list[str]) -> Path:
    """LibreOffice's copies of the workbooks, in a folder of their own."""
    out = folder / form.partition(":")[0]
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/home",
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        str(out),
    ]
    subprocess.run([*command, *(str(folder / name) for name in names)], check=True, capture_output=True, timeout=240)
    return out


def bodies(path: Path) -> list[Any]:
    with opened(path, path.name) as document:
        return [part.body for part in forms.records(document)]


def datasets() -> list[Dataset]:
    """What the standard carries of some datasets; the ends of lines are those of cells."""
    odd = Dataset(identifier="1e5", title={"zh": "=1+1"}, description={"zh": '第一行\n"第二行"，007'}, version="007")
    text = {language: words.replace("\r\n", "\n") for language, words in RICH.description.items()}
    several = (msgspec.structs.replace(RICH, description=text), odd, Dataset(identifier="-1", title={"en": "2024-05-03"}))
    return [spreadsheet.read(spreadsheet.write(each)) for each in several]


def test_what_libreoffice_saves_is_what_was_written(tmp_path: Path) -> None:
    given, records = datasets(), [SOUND, {**SOUND, "信息资源代码": "3070010/0013", "信息项信息": []}]
    tmp_path.joinpath("table.xlsx").write_bytes(spreadsheet.workbook([spreadsheet.write(each) for each in given]))
    tmp_path.joinpath("guide.xlsx").write_bytes(guide_workbook(records))
    for form in ("ods", "xlsx", CSV):
        out = saved(tmp_path, form, ["table.xlsx", "guide.xlsx"])
        end = form.partition(":")[0]
        found = bodies(out / f"table.{end}")
        assert [spreadsheet.read(each) for each in found] == given, end
        if form == CSV:  # has no merged cells: the guide's header of two lines cannot be told from it
            continue
        guided = bodies(out / f"guide.{end}")
        assert all(cn_catalog_2017.recognises(each) for each in guided)
        assert [cn_catalog_2017.read(each) for each in guided] == [cn_catalog_2017.read(each) for each in records], end
