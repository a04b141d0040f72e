"""Tables: forms, character sets, headers or none, mappings, identities, and uploaded files."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from pydantic import ValidationError

from harvesters.base import Batch, NotModified, Record, Seen
from harvesters.examining import examine
from harvesters.spreadsheet import Spreadsheet, SpreadsheetSettings
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, TooLarge, Unreachable
from metadata.model import Dataset
from metadata.reading import Taken
from metadata.text import best
from standards.cn_catalog_2017 import STANDARD as CN
from standards.cn_catalog_2017_workbook import workbook
from standards.table import STANDARDS
from tests.contract.stages.spreadsheet import csv_of
from tests.hostile.server import Hostile, breaks, says

HEADER = ["编号", "名称", "描述", "发布机构", "下载地址"]
ROWS = [["r-1", "公交站点", "全市站点", "交通局", "https://x.example/1.csv"], ["r-2", "公交线路", "线路", "交通局", ""]]


@pytest.fixture
def site() -> Iterator[Hostile]:
    with Hostile({}) as server:
        yield server


def text(rows: list[list[str]], mark: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue()


def book(sheets: dict[str, list[list[str]]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def put(site: Hostile, body: bytes, kind: str = "application/octet-stream", path: str = "/table") -> str:
    site.server.behaviours[path] = says(body, headers={"Content-Type": kind})
    return site.url + path


def walk(url: str, resume: str | None = None, spool: Path | None = None, **settings: Any) -> list[Batch]:
    with Web(internal=True, retries=0, sleep=lambda _: None, spool_dir=spool) as web:
        return list(Spreadsheet(url, SpreadsheetSettings(**settings)).batches(web, resume))


def records(url: str, **settings: Any) -> list[Record]:
    return [record for batch in walk(url, **settings) for record in batch.records]


def names(found: list[Record]) -> list[str | None]:
    return [record.identifier for record in found]


def read(record: Record) -> Dataset:
    standard = STANDARDS.get(record.standard or "")
    assert standard.read is not None
    return standard.read(record.body)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_delimited_text_is_read_in_any_character_set(site: Hostile, mark: str, charset: str) -> None:
    found = records(put(site, text([HEADER, *ROWS], mark).encode(charset), "text/csv"))
    assert names(found) == ["r-1", "r-2"] and best(read(found[0]).title) == "公交站点"
    assert read(found[0]).distribution[0].download_url == "https://x.example/1.csv"


@pytest.mark.parametrize("charset", ["cp950", "big5"])
def test_traditional_characters_in_big5_are_told_from_gb18030(site: Hostile, charset: str) -> None:
    rows = [["r-1", "電動機車充電站名稱及充電站地址", "提供電動機車充電站名稱、地址與聯絡電話資訊", "環境保護局", ""]]
    found = records(put(site, text([["編號", "資料集名稱", "資料集描述", "提供機關", "資料連結網址"], *rows]).encode(charset)))
    assert best(read(found[0]).title) == "電動機車充電站名稱及充電站地址"


def test_the_charset_of_the_answer_counts(site: Hostile) -> None:
    body = text([HEADER, ["r-1", "目录", "", "", ""]]).encode("gb18030")
    assert best(read(records(put(site, body, "text/csv; charset=gb2312"))[0]).title) == "目录"


def test_a_workbook_is_read_with_notes_left_out(site: Hostile) -> None:
    notes = [["说明", "填写日期"], ["请勿改动", "2024-05-01"]]
    found = records(put(site, book({"说明": notes, "目录": [HEADER, *ROWS], "更多": [HEADER, ["r-3", "三", "", "", ""]]})))
    assert names(found) == ["r-1", "r-2", "r-3"]
    assert names(records(f"{site.url}/table", sheets="更多")) == ["r-3"]


def test_a_row_without_a_title_is_a_record_that_fails(site: Hostile) -> None:
    found = records(put(site, text([HEADER, ROWS[0], ["r-9", "", "无名", "", ""], ROWS[1]]).encode()))
    assert names(found) == ["r-1", "r-9", "r-2"]
    taken = [Taken(str(one.identifier), "spreadsheet", b"{}", "", one.body) for one in found]
    readings = [examine(one, STANDARDS.get("spreadsheet")) for one in taken]
    assert [reading.dataset is None for reading in readings] == [False, True, False]
    assert readings[1].findings[-1].path == "B3"


def test_the_guide_of_2017_over_several_sheets_is_one_record_each(site: Hostile) -> None:
    made = [
        {
            "信息资源分类": {"类": "部门信息资源", "项": "交通", "目": "公路"},
            "信息资源名称": f"道路 {n}",
            "信息资源代码": f"307001/{n:04}",
            "信息资源提供方": "交通局",
            "信息资源摘要": "全部道路",
            "信息项信息": [{"信息项名称": "编号", "数据类型": "字符型 C"}, {"信息项名称": "名称", "数据类型": "字符型 C"}],
            "更新周期": "每月",
        }
        for n in range(3)
    ]
    found = records(put(site, workbook(made)))
    assert names(found) == [f"307001/{n:04}" for n in range(3)] and {one.standard for one in found} == {CN.name}
    assert [len(read(one).information_item) for one in found] == [2, 2, 2]


def test_a_mapping_says_what_columns_are(site: Hostile) -> None:
    url = put(site, text([["Kennung", "Bezeichnung", "Stelle"], ["k-1", "Haltestellen", "Amt"]]).encode())
    with pytest.raises(NotData, match="Bezeichnung"):
        walk(url)
    columns = {"Kennung": "identifier", "Bezeichnung": "title", "Stelle": "publisher"}
    (record,) = records(url, columns=columns)
    assert record.identifier == "k-1" and best(read(record).title) == "Haltestellen"
    assert records(url, columns=json.dumps(columns)) == [record]
    assert records(url, columns="Kennung=identifier; Bezeichnung=title; Stelle=publisher") == [record]
    (other,) = records(put(site, text([HEADER, ROWS[0]]).encode()), columns={"名称": "description", "描述": "title"})
    assert best(read(other).title) == "全市站点"


@pytest.mark.parametrize("columns", [{"名称": "nonsense"}, {"": "title"}, "名称=nonsense", "{broken", ["title"]])
def test_a_mapping_that_means_nothing_is_refused(columns: Any) -> None:
    with pytest.raises(ValidationError):
        SpreadsheetSettings(columns=columns)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_without_a_header_is_named_by_letters(site: Hostile, form: str) -> None:
    rows = [["公交站点", "全市站点", "https://x.example/1"], ["公交线路", "线路", "https://x.example/2"]]
    url = put(site, text(rows).encode() if form == "csv" else book({"表": rows}))
    found = records(url, columns={"A": "title", "B": "description", "C": "landing_page"})
    assert [best(read(one).title) for one in found] == ["公交站点", "公交线路"]
    assert found[0].body["cells"][0][0] == "A1" and found[1].body["row"] == 2


def test_rows_of_one_dataset_are_put_together_under_a_mapping(site: Hostile) -> None:
    rows = [
        ["Nr", "Titel", "Datei"],
        ["1", "Karte", "https://x.example/a"],
        ["1", "Karte", "https://x.example/b"],
        ["2", "Plan", ""],
    ]
    found = records(put(site, text(rows).encode()), columns={"Nr": "identifier", "Titel": "title", "Datei": "file"})
    assert names(found) == ["1", "2"] and len(read(found[0]).distribution) == 2


def test_rows_without_identifiers_keep_their_names_when_others_come_and_words_change(site: Hostile) -> None:
    header = ["名称", "描述", "发布机构"]
    before = [["一", "a", "甲"], ["二", "b", "甲"], ["同", "c", "甲"], ["同", "d", "甲"], ["同", "e", "乙"]]
    first = names(records(put(site, text([header, *before]).encode())))
    assert len(set(first)) == 5
    after = [["新", "z", "甲"], ["二", "b changed", "甲"], *before[2:], before[0]]
    second = names(records(put(site, text([header, *after]).encode())))
    assert second[1:] == [first[1], *first[2:], first[0]] and second[0] not in first


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><title>Down</title></html>",
        b'{"dataset": []}',
        b"Hi! I am no table",
        b"\xff\xd8\xff\xe0 picture",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><ul><li>x</ul></body></html>",
        "年,人口,面积\n2020,1,2\n2021,3,4\n".encode(),
        b"PK\x03\x04broken",
    ],
)
def test_what_is_no_catalogue_is_told(site: Hostile, body: bytes) -> None:
    with pytest.raises(NotData):
        walk(put(site, body))


def test_a_page_that_describes_a_dataset_is_no_table(site: Hostile) -> None:
    script = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Dataset","name":"x"}</script>'
    with pytest.raises(NotData, match="no table"):
        walk(put(site, f"<html><head>{script}</head></html>".encode()))


def test_a_workbook_that_breaks_does_not_end_well(site: Hostile) -> None:
    whole = book({"目录": [HEADER, *ROWS]})
    with pytest.raises(NotData):
        walk(put(site, whole[: len(whole) // 2]))


def test_a_truncated_answer_fails_the_run(site: Hostile) -> None:
    site.server.behaviours["/table"] = breaks(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + csv_of(9))
    with pytest.raises(Unreachable):
        walk(f"{site.url}/table")


def test_a_run_goes_on_in_the_same_table_and_begins_anew_in_another(site: Hostile) -> None:
    url = put(site, csv_of(10))
    whole = walk(url, batch_size=4)
    assert [batch.total for batch in whole] == [10, 10, 10]
    assert names([one for batch in walk(url, whole[0].resume) for one in batch.records]) == [f"id-{n:04}" for n in range(4, 10)]
    put(site, csv_of(11))
    rest = walk(url, whole[0].resume)
    assert sum(len(batch.records) for batch in rest) == 11 and rest[0].again


def test_a_table_that_is_as_it_was_ends_the_run_at_once(site: Hostile) -> None:
    url = put(site, csv_of(3))
    with Web(internal=True, retries=0) as web:
        list(Spreadsheet(url, SpreadsheetSettings()).batches(web, None))
        left = web.fresh_validators
    with Web(internal=True, retries=0, validators=left) as web, pytest.raises(NotModified):
        list(Spreadsheet(url, SpreadsheetSettings()).batches(web, None))


def upload(tmp_path: Path, body: bytes) -> str:
    digest = hashlib.sha256(body).hexdigest()
    (tmp_path / "uploads").mkdir(exist_ok=True)
    (tmp_path / "uploads" / digest).write_bytes(body)
    return f"upload://{digest}/%E8%A1%A8.csv"


def test_an_uploaded_file_is_read_from_the_folder_of_uploads(tmp_path: Path) -> None:
    url = upload(tmp_path, csv_of(3))
    (tmp_path / "spool").mkdir()
    assert names([one for batch in walk(url, spool=tmp_path / "spool") for one in batch.records]) == [
        f"id-{n:04}" for n in range(3)
    ]
    with Web(spool_dir=tmp_path / "spool") as web:
        list(Spreadsheet(url, SpreadsheetSettings()).batches(web, None))
        left = web.fresh_validators
    with Web(spool_dir=tmp_path / "spool", validators=left) as web, pytest.raises(NotModified):
        list(Spreadsheet(url, SpreadsheetSettings()).batches(web, None))


@pytest.mark.parametrize(
    "url",
    [
        "upload://../secret.csv",
        "upload://%2e%2e/secret.csv",
        "upload:///etc/passwd",
        "upload:secret.csv",
        f"upload://{'a' * 63}/x",
        f"upload://{'g' * 64}/x",
        f"upload://{'a' * 64}/../../secret.csv",
        "file:///secret.csv",
        "secret.csv",
        "/secret.csv",
    ],
)
def test_no_other_file_can_be_named(tmp_path: Path, url: str) -> None:
    (tmp_path / "secret.csv").write_bytes(csv_of(3))
    (tmp_path / "uploads").mkdir()
    (tmp_path / "spool").mkdir()
    with pytest.raises(CatalogError):
        walk(url.replace("/secret.csv", f"{tmp_path}/secret.csv") if url.startswith("/") else url, spool=tmp_path / "spool")


def seen(body: bytes, kind: str = "text/csv", whole: bool = True) -> Seen:
    return Seen("https://x.example/a", "https://x.example/a", 200, kind, {}, body, whole)


@pytest.mark.parametrize(
    ("one", "sure"),
    [
        (seen(text([HEADER, *ROWS]).encode(), ""), 60),
        (seen(text([HEADER, *ROWS]).encode()[:-8], "text/csv", whole=False), 60),
        (seen("年,人口\n2020,1\n".encode()), 20),
        (seen("年,人口\n2020,1\n".encode(), "text/plain"), 0),
        (seen(book({"目录": [HEADER, *ROWS]}), "application/octet-stream"), 60),
        (seen(b"\xd0\xcf\x11\xe0", "application/vnd.ms-excel"), 60),
        (seen(b"PK\x03\x04 shape.shp", "application/zip"), 0),
        (seen(b"<html>a,b\nc,d\n", "text/html"), 0),
        (seen(b'{"a": 1,\n"b": 2}', "application/json"), 0),
        (seen(b"", "text/csv"), 0),
    ],
)
def test_it_is_recognised_by_what_is_there(one: Seen, sure: int) -> None:
    found = Spreadsheet.recognises(one)
    assert (found.sure if found else 0) == sure
    if sure == 60 and one.media_type == "text/csv":
        assert found and "名称 → title" in found.why


def plain(path: Path) -> list[list[str]]:
    """The rows of a CSV by Python's own reader, its delimiter the one that makes the most columns of the first line."""
    raw = path.read_bytes()
    for charset in ("utf-8-sig", "cp950", "gb18030"):
        try:
            words = raw.decode(charset)
            break
        except UnicodeDecodeError:
            continue
    mark = max(",;\t", key=words.split("\n", 1)[0].count)
    return [row for row in csv.reader(io.StringIO(words), delimiter=mark, skipinitialspace=True) if any(map(str.strip, row))]


FILES = {
    "tabular/dataportals-registry/data/_original/catalogs_enrich.csv": 2415,
    "tabular/dataportals-registry/data/_original/datasets.csv": 1766,
    "tabular/dataportals-registry/data/_original/software.csv": 24,
    "tabular/datos-gob-es/data/datasets.csv": 499,
    "tabular/geobtaa-ckan-csv/reports/allItems_20200821.csv": 621,
    "tabular/ods-inception/clean-data/inception.csv": 1625,
    "tabular/ods-inception/clean-data/okfn.csv": 281,
    "bad/iati-csv/ckanext/iati/tests/csv/format_semicolon_quoted.csv": 3,
    "bad/iati-csv/ckanext/iati/tests/csv/format_tab_quoted.csv": 3,
    "chinese/taoyuan-dev-slice/taoyuan-600.cp950.csv": 600,
    "chinese/taoyuan-dev-slice/taoyuan-600.csv": 600,
}


@pytest.mark.parametrize("name", FILES)
def test_real_tables_give_what_a_plain_reading_gives(site: Hostile, corpora: Path, name: str) -> None:
    path = corpora / name
    found = records(put(site, path.read_bytes()))
    header, *rows = plain(path)
    if "catalogs_enrich" in name:  # rows that follow each other with the same identifier and title are one dataset
        rows = [row for before, row in pairwise([[""] * 9, *rows]) if (row[0], row[2]) != (before[0], before[2])]
    assert len(found) == len(rows) == FILES[name]
    for record, row in zip(found, rows, strict=True):
        said = {at.rstrip("0123456789"): value for at, _, value in record.body["cells"] if value}
        assert list(said.values()) == [value.strip() for value in row[: len(header)] if value.strip()]


def test_a_real_workbook_gives_what_openpyxl_gives(site: Hostile, corpora: Path) -> None:
    path = corpora / "chinese/taoyuan-dev-slice/taoyuan-600.xlsx"
    found = records(put(site, path.read_bytes()))
    with closing(load_workbook(path, read_only=True)) as opened:
        values = list(opened.worksheets[0].iter_rows(values_only=True))
    header, *rows = [[str(cell).strip() if cell is not None else "" for cell in row] for row in values]
    assert len(found) == len([row for row in rows if any(row)]) == 600
    at = next(place for place, name in enumerate(header) if "名稱" in name)
    assert [best(read(one).title) for one in found[:50]] == [row[at] for row in rows[:50]]


@pytest.mark.parametrize("name", ["kaohsiung.gov.tw/kaohisung.2018.03.20.OD.csv", "yilan.gov.tw/yilan.2018.03.20.OD.csv"])
def test_real_tables_without_a_header_are_read_by_letters(site: Hostile, corpora: Path, name: str) -> None:
    path = corpora / "chinese/taiwan-opendata-tw/Datasets" / name
    found = records(put(site, path.read_bytes()), columns={"A": "title", "B": "description", "C": "file_access"})
    rows = plain(path)
    assert len(found) == len(rows) > 300
    assert [best(read(one).title) for one in found] == [row[0].strip() for row in rows]


@pytest.mark.parametrize("name", ["error_not_a_csv_1.csv", "error_not_a_csv_2.csv"])
def test_real_files_that_are_no_tables_are_told(site: Hostile, corpora: Path, name: str) -> None:
    with pytest.raises(NotData):
        walk(put(site, (corpora / "bad/iati-csv/ckanext/iati/tests/csv" / name).read_bytes()))


def test_a_table_larger_than_allowed_is_told(site: Hostile) -> None:
    url = put(site, csv_of(200))
    with Web(internal=True, retries=0, max_bytes=100) as web, pytest.raises(TooLarge):
        list(Spreadsheet(url, SpreadsheetSettings()).batches(web, None))
