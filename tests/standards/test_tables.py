"""Tables of all sorts as rows with places: headers found, merged cells understood, bombs refused."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from standards import tables, workbooks
from standards.base import Unreadable


def xlsx(rows: list[list[Any]], merged: tuple[str, ...] = (), title: str = "目录", **others: list[list[Any]]) -> bytes:
    book = Workbook()
    for name, some in {title: rows, **others}.items():
        sheet = book.create_sheet(name)
        for row in some:
            sheet.append(row)
    for each in merged:
        book[title].merge_cells(each)
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: str) -> bytes:
    start = "urn:oasis:names:tc:opendocument:xmlns"
    names = f'xmlns:o="{start}:office:1.0" xmlns:t="{start}:table:1.0" xmlns:x="{start}:text:1.0"'
    content = f'<o:document {names}><t:table t:name="目录">{rows}</t:table></o:document>'
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def test_a_workbook_gives_rows_with_their_cells() -> None:
    book = xlsx(
        [
            ["名称", "更新日期", "条数", "说明"],
            ["公交", date(2024, 3, 5), 12, None],
            [],
            ["地铁", datetime(2024, 3, 5, 8, 30), 0.5, "x"],
        ]
    )
    first, second = tables.rows(book)
    assert first == {
        "sheet": "目录",
        "row": 2,
        "cells": [["A2", "名称", "公交"], ["B2", "更新日期", "2024-03-05"], ["C2", "条数", "12"], ["D2", "说明", ""]],
    }
    assert tables.values(second) == {"名称": "地铁", "更新日期": "2024-03-05T08:30:00", "条数": "0.5", "说明": "x"}
    assert tables.cell(first, "说明") == ("目录!D2", "") and tables.cell(first, "nothing") is None
    assert tables.place(second) == "目录!A4" and tables.place(second, "B4") == "目录!B4" and tables.is_row(first)
    assert tables.headers(first) == ["名称", "更新日期", "条数", "说明"]


def test_titles_and_headers_of_two_lines_are_understood() -> None:
    rows = [
        ["市政务信息资源目录"],
        ["填表说明：请逐项填写"],
        ["名称", "共享属性", None, "备注"],
        [None, "共享类型", "共享条件", None],
        ["公交", "有条件共享", "申请", "x"],
    ]
    (body,) = tables.rows(xlsx(rows, ("A1:D1", "A2:D2", "A3:A4", "B3:C3", "D3:D4")))
    assert tables.values(body) == {"名称": "公交", "共享属性/共享类型": "有条件共享", "共享属性/共享条件": "申请", "备注": "x"}
    assert body["row"] == 5


def test_rows_that_are_mostly_merged_belong_to_the_one_above() -> None:
    rows = [
        ["部门", "名称", "代码", "信息项"],
        ["交通局", "公交", "1", "线路"],
        [None, None, None, "站点"],
        [None, "地铁", "2", "线路"],
    ]
    bus, metro = tables.rows(xlsx(rows, ("A2:A4", "B2:B3", "C2:C3")))
    assert tables.values(bus)["信息项"] == "线路" and bus["more"] == [[["D3", "信息项", "站点"]]]
    assert tables.values(metro) == {"部门": "交通局", "名称": "地铁", "代码": "2", "信息项": "线路"} and "more" not in metro


def test_hidden_sheets_and_sheets_without_rows_give_nothing() -> None:
    book = Workbook()
    book.active.append(["名称", "代码"])  # type: ignore[union-attr]
    hidden = book.create_sheet("字典")
    hidden.append(["a", "b"])
    hidden.append(["1", "x"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert list(tables.rows(out.getvalue())) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("name,url\r\nBus,https://x.example\r\n", {"name": "Bus", "url": "https://x.example"}),
        ("name;url\nBus;https://x.example/a,b\n", {"name": "Bus", "url": "https://x.example/a,b"}),
        ("name\turl\nBus\t\n", {"name": "Bus"}),
        ("name|url\nBus|y\n", {"name": "Bus", "url": "y"}),
        ('name,words\n"Bus","a, ""b""\nc"\n', {"name": "Bus", "words": 'a, "b"\nc'}),
    ],
)
def test_delimited_text_is_read_whatever_the_delimiter(text: str, found: dict[str, str]) -> None:
    (body,) = tables.text_rows(io.StringIO(text, newline=""))
    assert tables.values(body) == found and body["sheet"] == "" and tables.place(body, "B2") == "B2"


def test_a_table_without_a_header_keeps_its_first_row() -> None:
    bodies = list(tables.text_rows(io.StringIO("公交站点,/dataset/bus,2017-08-02\n路灯,/dataset/lamp,2017-08-03\n")))
    assert [body["cells"][0] for body in bodies] == [["A1", "", "公交站点"], ["A2", "", "路灯"]]


@pytest.mark.parametrize("text", ["", "one\ntwo\n", "Some prose, with a comma.\nAnd more of it\nthan one line", "\n\n"])
def test_prose_is_no_table(text: str) -> None:
    with pytest.raises(Unreadable):
        list(tables.text_rows(io.StringIO(text)))


def test_extra_cells_and_short_rows_are_kept() -> None:
    long, short, *_ = tables.text_rows(io.StringIO("a,b\n1,2,3\n4\n5,6\n7,8\n9,0\n"))
    assert long["cells"][2] == ["C2", "", "3"] and short["cells"] == [["A3", "a", "4"], ["B3", "b", ""]]


def test_rows_with_the_same_key_become_one() -> None:
    bodies = tables.text_rows(io.StringIO("id,file\n1,a\n1,b\n2,c\n,d\n,e\n"))
    grouped = list(tables.group(bodies, lambda body: tables.values(body).get("id", "")))
    assert [len(body.get("more", [])) for body in grouped] == [1, 0, 0, 0] and grouped[0]["more"] == [
        [["A3", "id", "1"], ["B3", "file", "b"]]
    ]


def test_open_document_tables_are_read() -> None:
    cell = lambda words, more="": f"<t:table-cell {more}><x:p>{words}</x:p></t:table-cell>"  # noqa: E731
    date_ = '<t:table-cell o:value-type="date" o:date-value="2024-03-05"><x:p>5 March</x:p></t:table-cell>'
    empty = '<t:table-cell t:number-columns-repeated="16380"/>'
    rows = (
        f"<t:table-row>{cell('名称')}{cell('日期')}{empty}</t:table-row>"
        f"<t:table-row t:number-rows-repeated='3'>{empty}</t:table-row>"
        f"<t:table-row>{cell('公交')}{date_}</t:table-row>"
        f"<t:table-row t:number-rows-repeated='1048570'>{empty}</t:table-row>"
    )
    (body,) = tables.rows(ods(rows))
    assert body == {"sheet": "目录", "row": 5, "cells": [["A5", "名称", "公交"], ["B5", "日期", "2024-03-05"]]}


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


MANY_ROWS, MANY_COLUMNS = "t:number-rows-repeated='1048576'", "t:number-columns-repeated='16384'"


def raw_xlsx(sheet: bytes, shared: bytes = b"") -> bytes:
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": (
            f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships><Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/s.xml"/>'
            f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ).encode(),
        "xl/worksheets/s.xml": sheet,
        "xl/sharedStrings.xml": shared or f'<sst xmlns="{SHEET}"/>'.encode(),
    }
    return zipped(parts)


def sheet_of(rows: str) -> bytes:
    return f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def test_a_cell_that_stands_far_out_takes_no_room() -> None:
    cell = '<c r="{}" t="str"><v>a</v></c>'
    first = f'<row r="1">{cell.format("A1")}{cell.format("XFD1")}</row>'
    far = sheet_of(f'{first}<row r="1048576">{cell.format("XFD1048576")}</row>')
    assert list(tables.rows(raw_xlsx(far))) == []


def test_a_long_text_that_is_shared_by_many_cells_is_held_once() -> None:
    shared = f'<sst xmlns="{SHEET}"><si><t>{"x" * 1_000_000}</t></si><si><t>a</t></si><si><t>b</t></si></sst>'.encode()
    rows = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>2</v></c></row>' + "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="s"><v>0</v></c></row>' for n in range(2, 3000)
    )
    assert sum(len(body["cells"][0][2]) for body in tables.rows(raw_xlsx(sheet_of(rows), shared))) == 2998 * 1_000_000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"PK\x03\x04 nothing",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        zipped({"a.txt": b"x"}),
        raw_xlsx(b"<worksheet"),
        raw_xlsx(b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'),
        ods("<t:table-row>"),
        ods(f"<t:table-row {MANY_ROWS}><t:table-cell {MANY_COLUMNS}><x:p>{'x' * 99}</x:p></t:table-cell></t:table-row>"),
        raw_xlsx(sheet_of('<row r="1"/>' * 3) + b" " * (workbooks.MOST_INFLATED + 1)),
    ],
    ids=["empty", "cut", "ole", "zip", "broken", "entity", "ods", "ods bomb", "zip bomb"],
)
def test_broken_and_hostile_workbooks_are_told(body: bytes) -> None:
    with pytest.raises(Unreadable) as told:
        list(tables.rows(body))
    assert told.value.finding.rule in workbooks.RULES


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")])
def test_columns_are_named(number: int, letters: str) -> None:
    assert workbooks.column_letters(number) == letters and workbooks.column_number(letters) == number


@pytest.mark.parametrize(
    "body", [None, [], {}, {"sheet": "", "row": 1, "cells": [["A1", "b"]]}, {"sheet": "", "row": 1, "cells": [["A1", "b", 5]]}]
)
def test_other_things_are_no_rows(body: Any) -> None:
    assert not tables.is_row(body)
