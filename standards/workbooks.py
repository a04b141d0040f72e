"""Workbooks (XLSX, XLS, ODS) from strangers, as rows of text.

    kind(data) -> "xlsx" | "xls" | "ods" | ""     by the first bytes and what the ZIP holds, never by a file name
    sheets(data) -> Iterator[Sheet]               visible sheets in order; raises Unreadable (record/table/…), nothing else

A `Sheet` gives its rows from row 1 on, each a list of texts from column A on (empty cells are ""), and its merged ranges
`(first row, first column, last row, last column)`, all counted from 1. Numbers lose no digits and get no `.0`; dates are
ISO 8601; formulas give the value that was saved with them.

A ZIP is inflated once, in small steps, before any reader sees it: a bomb meets the limit, not the end of the memory. XLSX and
ODS are read row by row (`open_xml`, `open_documents`), XLS by xlrd; why not by a library: decision 21.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import xlrd

from standards.base import Rule, Unreadable

MOST_BYTES = 64 << 20  # of a file
MOST_INFLATED = 256 << 20  # of what is in its ZIP
MOST_PARTS = 5_000
MOST_ROWS = 200_000
MOST_COLUMNS = 512
MOST_CELLS = 8_000_000  # of a sheet

_MEND = {
    "zh": "用电子表格软件打开，另存为新的 .xlsx 文件后重新提交；过大的表格请拆分",
    "en": "Open it in a spreadsheet program and save it as a new .xlsx; split a table that is too large",
}
BROKEN = Rule(
    id="record/table/workbook",
    severity="error",
    message={"zh": "这个工作簿无法打开", "en": "This workbook cannot be opened"},
    clause="ISO/IEC 29500-1 (OOXML); ISO/IEC 26300 (ODF)",
    fix=_MEND,
)
TOO_LARGE = Rule(
    id="record/table/limits",
    severity="error",
    message={"zh": "工作簿展开后过大，不予读取", "en": "This workbook becomes too large when it is opened, and is not read"},
    clause=f"limits: {MOST_BYTES >> 20} MiB, {MOST_INFLATED >> 20} MiB inflated, {MOST_ROWS:,} rows, {MOST_COLUMNS} columns",
    fix=_MEND,
)
RULES = {rule.id: rule for rule in (BROKEN, TOO_LARGE)}

Range = tuple[int, int, int, int]
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_STEP = 1 << 18


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows` can be gone through once."""

    name: str
    rows: Iterator[list[str]]
    merged: tuple[Range, ...] = ()


def kind(data: bytes) -> str:
    """What sort of workbook these bytes are; "" for none."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if not data.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return ""
    if any(name.endswith("workbook.xml") for name in names):
        return "xlsx"
    return "ods" if {"mimetype", "content.xml"} <= names else ""


def sheets(data: bytes) -> Iterator[Sheet]:
    """The visible sheets of a workbook. Raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        raise Unreadable(TOO_LARGE, "", f"{len(data)} bytes")
    readers = {"xlsx": _xlsx, "xls": _xls, "ods": _ods}
    sort = kind(data)
    if sort not in readers:
        raise Unreadable(BROKEN, "", "neither XLSX nor XLS nor ODS")
    try:
        for sheet in readers[sort](data):
            yield Sheet(sheet.name, _guarded(sheet.name, sheet.rows), sheet.merged)
    except Unreadable:
        raise
    except Exception as problem:  # the readers of broken files raise whatever they stumble over
        raise Unreadable(BROKEN, "", f"{type(problem).__name__}: {problem}") from problem


def _guarded(name: str, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows, with a reader's own errors told as what they are, and an end to sheets that have none."""
    count = cells = 0
    try:
        for row in rows:
            count, cells = count + 1, cells + len(row)
            if (count > MOST_ROWS and any(row)) or cells > MOST_CELLS:
                raise Unreadable(TOO_LARGE, f"{name}!A{count}", f"more than {MOST_ROWS} rows or {MOST_CELLS} cells")
            if count <= MOST_ROWS:
                yield row
    except Unreadable:
        raise
    except Exception as problem:
        raise Unreadable(BROKEN, f"{name}!A{count}", f"{type(problem).__name__}: {problem}") from problem


def _inflated(data: bytes) -> Iterator[tuple[str, bytes, bool]]:
    """`(part, some bytes, whether its first)` of every part of a ZIP. What a header says of sizes is not believed."""
    left = MOST_INFLATED
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if len(parts.infolist()) > MOST_PARTS:
            raise Unreadable(TOO_LARGE, "", f"{len(parts.infolist())} parts")
        for part in parts.infolist():
            first = True
            for piece in _pieces(data, part):
                left -= len(piece)
                if left < 0:
                    raise Unreadable(TOO_LARGE, part.filename, f"more than {MOST_INFLATED >> 20} MiB inflated")
                yield part.filename, piece, first
                first = False


def _pieces(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part in steps, from its own local header on (APPNOTE.TXT §4.3.7)."""
    start = part.header_offset
    begin = (
        start
        + 30
        + int.from_bytes(data[start + 26 : start + 28], "little")
        + int.from_bytes(data[start + 28 : start + 30], "little")
    )
    raw = memoryview(data)[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(raw)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable(BROKEN, part.filename, "a compression that workbooks do not use")
    inflater = zlib.decompressobj(-15)
    rest: bytes | memoryview = raw
    while rest and not inflater.eof:
        piece = inflater.decompress(rest, _STEP)
        rest = inflater.unconsumed_tail
        yield piece
    yield inflater.flush()


def _merged_ranges(data: bytes) -> dict[str, tuple[Range, ...]]:
    """The merged ranges of each sheet's part; the whole ZIP is inflated on the way, and a DOCTYPE in a part refused."""
    found: dict[str, list[Range]] = {}
    tail = b""
    for part, piece, first in _inflated(data):
        if first and part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in piece[:4096]:
            raise Unreadable(BROKEN, part, "a part with a DOCTYPE")
        if "worksheets/" in part:
            text = piece if first else tail + piece
            ranges = found.setdefault(part, [])
            if b"mergeCell" in text:
                ranges.extend(_range(match) for match in _MERGED.finditer(text) if len(ranges) < MOST_ROWS)
            tail = b"" if text.rstrip().endswith(b">") else text[text.rfind(b"<") :][-200:]
    return {part: tuple(dict.fromkeys(ranges)) for part, ranges in found.items()}


def _range(match: re.Match[bytes]) -> Range:
    left, top, right, bottom = (each.decode() for each in match.groups())
    return int(top), column_number(left), int(bottom), column_number(right)


def column_number(letters: str) -> int:
    """`A` → 1, `AA` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → `A`, 27 → `AA`."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _xlsx(data: bytes) -> Iterator[Sheet]:
    from standards import open_xml  # here: lxml is large, and few sources are workbooks

    merged = _merged_ranges(data)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        book = open_xml.Book(parts)
        for sheet in book.sheets:
            yield Sheet(sheet.name, map(_texts, book.rows(sheet, MOST_COLUMNS)), merged.get(sheet.path, ()))


def _texts(row: Any) -> list[str]:
    texts = [shown(value) for value in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def shown(value: Any) -> str:
    """The text of a cell's value."""
    if value is None or isinstance(value, str):
        return value.strip().replace("\x00", "") if value else ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value.total_seconds()) if isinstance(value, timedelta) else str(value)


def _xls(data: bytes) -> Iterator[Sheet]:
    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=True, ragged_rows=True, formatting_info=True)
    with book:
        for index in range(book.nsheets):
            sheet = book.sheet_by_index(index)
            if sheet.visibility == 0:
                merged = tuple((top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells)
                yield Sheet(sheet.name, _xls_rows(sheet, book.datemode), merged)
            book.unload_sheet(index)


def _xls_rows(sheet: Any, datemode: int) -> Iterator[list[str]]:
    for number in range(sheet.nrows):
        yield _texts([_xls_value(cell, datemode) for cell in sheet.row(number)[:MOST_COLUMNS]])


def _xls_value(cell: Any, datemode: int) -> Any:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return None if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def _ods(data: bytes) -> Iterator[Sheet]:
    from standards import open_documents  # here: lxml is large, and few sources are workbooks

    for _ in _inflated(data):
        pass
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        content = parts.read("content.xml")
    for name, rows, merged in open_documents.tables(content, MOST_ROWS, MOST_COLUMNS):
        yield Sheet(name, rows, merged)
