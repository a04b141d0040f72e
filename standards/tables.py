"""Table rows as records: workbooks and delimited text in, one body per row out. Shared by the standards read from tables.

A body is a JSON object, so that it can be stored and read again:

    {"sheet": "目录", "row": 5, "cells": [["A5", "信息资源名称", "公共汽车站点"], ["B5", "更新周期", ""], …]}

`cells` holds, in column order, address, header as written, value as text: every column that has a header (empty ones too, so
that a missing value has a place), and values without one (header ""). Headers of two lines are joined: `共享属性/共享类型`. A
cell merged downwards over several rows counts for each of them; where most of a row is merged like that, the rows below
belong to it and are its `"more": [[[address, header, value], …], …]` (one dataset, several 信息项 or distributions).

    rows(data) -> Iterator[Body]                   an XLSX, XLS or ODS workbook, all visible sheets; raises Unreadable
    text_rows(lines, sheet="") -> Iterator[Body]   CSV, TSV, `;` or `|`: lines of text, delimiter found; raises Unreadable
    delimiter(sample) -> "," | "\\t" | ";" | "|" | ""   "" when a text is no table
    is_row(body)                                   whether this is such a body, for `recognises`
    headers(body) / values(body)                   its headers in order / {header: value} of those not empty (the first wins)
    cell(body, header) -> (place, value) | None    place like `目录!B5` (`B5` for text), value as text
    place(body, address="A5") -> "目录!A5"         for findings
    group(bodies, key) -> Iterator[Body]           rows that follow each other with the same key, as one body with `more`

A harvest or a check gives rows to `standards.spreadsheet.gather(bodies)` first, where sheets or rows belong together. Titles
above the header are passed over. A table without a header (its first row holds addresses, dates or numbers) gives
rows whose headers are "". Rules: RFC 4180 (CSV), ISO/IEC 29500 (cell references, A1 style).
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from standards import table_headers
from standards.base import Unreadable
from standards.workbooks import BROKEN, MOST_COLUMNS, MOST_ROWS, Range, Sheet, column_letters, sheets

Body = dict[str, Any]
Cell = list[str]

MOST_MORE = 5_000  # rows that belong to one
_SAMPLE = 40  # rows looked at for the header
_DELIMITERS = ",\t;|"
_FIELD = 16 << 20  # characters of one field of a CSV

csv.field_size_limit(_FIELD)


def rows(data: bytes) -> Iterator[Body]:
    """A body for each row under a header, of every sheet that has one. Raises `Unreadable`."""
    for sheet in sheets(data):
        yield from sheet_rows(sheet)


def text_rows(lines: Iterable[str], sheet: str = "") -> Iterator[Body]:
    """A body for each row of delimited text. Raises `Unreadable` when this is no table."""
    source = iter(lines)
    sample = list(islice(source, _SAMPLE))
    found = delimiter("".join(sample))
    if not found:
        raise Unreadable(BROKEN, "", "no delimiter makes columns of this text")
    reader = csv.reader(chain(sample, source), delimiter=found, skipinitialspace=True)
    yield from sheet_rows(Sheet(sheet, _stripped(reader)))


def _stripped(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for row in reader:
            yield [value.strip().replace("\x00", "") for value in row[:MOST_COLUMNS]]
    except csv.Error as problem:
        raise Unreadable(BROKEN, "", str(problem)) from None


def delimiter(sample: str) -> str:
    """The delimiter that gives the most rows the same number of columns, at least two; "" when none does."""
    best, most = "", 0.0
    for each in _DELIMITERS:
        try:
            widths = [len(row) for row in islice(csv.reader(sample.splitlines(keepends=True), delimiter=each), _SAMPLE) if row]
        except csv.Error:
            continue
        # The sample's last row may be cut short.
        widths = widths[:-1] if len(widths) > 2 else widths
        usual = max(set(widths), key=widths.count, default=0)
        share = widths.count(usual) / len(widths) if widths else 0.0
        if usual > 1 and share >= 0.6 and (score := share + min(usual, 50) / 100) > most:
            best, most = each, score
    return best


def sheet_rows(sheet: Sheet) -> Iterator[Body]:
    """The bodies of one sheet; none when it is empty or has a single row."""
    source = iter(enumerate(sheet.rows, 1))
    sample = list(islice(source, _SAMPLE))
    header = table_headers.find([row for _, row in sample], sheet.merged)
    merged = _Merged(sheet.merged, header.last)
    body: Body | None = None
    for number, row in chain(sample[header.last :], source):
        if not any(row):
            continue
        cells = _cells(number, merged.filled(number, row), header.names)
        if body is not None and merged.continues(number) and len(body.get("more", ())) < MOST_MORE:
            body.setdefault("more", []).append([cell for cell in cells if cell[2] and not merged.covered(number, cell[0])])
            continue
        if body is not None:
            yield body
        body = {"sheet": sheet.name, "row": number, "cells": cells}
    if body is not None:
        yield body


def _cells(number: int, row: list[str], names: list[str]) -> list[Cell]:
    width = max(len(names), len(row))
    padded = zip([*names, *[""] * (width - len(names))], [*row, *[""] * (width - len(row))], strict=True)
    cells = [[f"{column_letters(column)}{number}", name, value] for column, (name, value) in enumerate(padded, 1)]
    return [each for each in cells if each[1] or each[2]]


class _Merged:
    """What is merged downwards below the header: which cells a merged one covers, and which rows go on with the one above."""

    def __init__(self, ranges: tuple[Range, ...], header: int) -> None:
        self._tops: dict[int, str] = {}
        self._covers: dict[int, dict[int, int]] = {}
        self._own: dict[int, int] = {}
        for top, left, bottom, right in ranges:
            if top > header and bottom > top and right <= MOST_COLUMNS:
                for row in range(top + 1, min(bottom, top + MOST_MORE, MOST_ROWS) + 1):
                    self._covers.setdefault(row, {}).update(dict.fromkeys(range(left, right + 1), left))
        self._goes_on: set[int] = set()

    def filled(self, number: int, row: list[str]) -> list[str]:
        """The row with the values that merged cells above give it."""
        covered = self._covers.get(number, {})
        if covered:
            row = [*row, *[""] * (max(covered) - len(row))]
            own = sum(1 for column, value in enumerate(row, 1) if value and column not in covered)
            inherited = sum(1 for column in covered if self._tops.get(column))
            if inherited >= own:
                self._goes_on.add(number)
            row = [self._tops.get(column, "") if column in covered else value for column, value in enumerate(row, 1)]
        self._tops = dict(enumerate(row, 1))
        return row

    def continues(self, number: int) -> bool:
        """Whether most of this row is merged with the row above."""
        return number in self._goes_on

    def covered(self, number: int, address: str) -> bool:
        """Whether a cell is part of a merged one that began above."""
        letters = address.rstrip("0123456789")
        return any(column_letters(column) == letters for column in self._covers.get(number, {}))


def group(bodies: Iterable[Body], key: Callable[[Body], str]) -> Iterator[Body]:
    """Rows that follow each other and have the same key (not ""), as one body: the first one, with the others as its `more`."""
    held: Body | None = None
    name = ""
    for body in bodies:
        this = key(body)
        if held is not None and this and this == name and len(held.get("more", ())) < MOST_MORE:
            held.setdefault("more", []).append([cell for cell in body["cells"] if cell[2]])
            held["more"].extend(body.get("more", ()))
            continue
        if held is not None:
            yield held
        held, name = body, this
    if held is not None:
        yield held


def is_row(body: Any) -> bool:
    """Whether this is the body of a table row."""
    if not isinstance(body, dict) or not isinstance(body.get("cells"), list) or "row" not in body or "sheet" not in body:
        return False
    return all(
        isinstance(cell, list) and len(cell) == 3 and all(isinstance(part, str) for part in cell) for cell in body["cells"]
    )


def headers(body: Body) -> list[str]:
    """The headers of a row, in column order, without empty ones."""
    return [cell[1] for cell in body["cells"] if cell[1]]


def values(body: Body) -> dict[str, str]:
    """The values that are not empty, by header; of columns with the same header the first one."""
    found: dict[str, str] = {}
    for _, header, value in body["cells"]:
        if header and value:
            found.setdefault(header, value)
    return found


def cell(body: Body, header: str) -> tuple[str, str] | None:
    """Place and value of the first column with this header, one with a value before an empty one; None where there is none."""
    named = [(address, value) for address, name, value in body["cells"] if name == header]
    chosen = next((each for each in named if each[1]), named[0] if named else None)
    return (place(body, chosen[0]), chosen[1]) if chosen else None


def place(body: Body, address: str = "") -> str:
    """Where a cell stands: `目录!B5`; of a text without sheets `B5`; of the whole row its first cell."""
    address = address or (body["cells"][0][0] if body.get("cells") else f"A{body.get('row', 1)}")
    return f"{body['sheet']}!{address}" if body.get("sheet") else str(address)
