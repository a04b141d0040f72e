"""The tables of an OpenDocument spreadsheet's `content.xml` (ODF 1.3 part 3 §9.1), in small memory.

Cells and rows may be repeated by a number (§19.673, §19.675): empty ones are counted, not made, until something follows.
"""

import io
from collections.abc import Iterator
from itertools import repeat
from typing import Any

from lxml import etree

from standards.xml_characters import as_utf8, without_doctype

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROW = f"{_TABLE}table-row"
_SAFE = {"resolve_entities": False, "no_network": True, "huge_tree": False}

Range = tuple[int, int, int, int]


def tables(content: bytes, most_rows: int, most_columns: int) -> Iterator[tuple[str, Iterator[list[str]], tuple[Range, ...]]]:
    """`(name, rows, merged ranges)` of each table. Raises `Unreadable` for a DOCTYPE, `XMLSyntaxError` for what is no XML."""
    utf8 = without_doctype(as_utf8(content))
    table = _Table(most_rows, most_columns)
    for event, element in etree.iterparse(io.BytesIO(utf8), ("start", "end"), tag=(_ROW, f"{_TABLE}table"), **_SAFE):
        if element.tag == _ROW and event == "end":
            table.add(element)
            element.clear()
        elif element.tag != _ROW and event == "start":
            table = _Table(most_rows, most_columns)
        elif element.tag != _ROW:
            yield element.get(f"{_TABLE}name", ""), iter(table.rows), tuple(table.merged)
            element.clear()


MOST_REPEATED = 1_000_000
"""Filled cells that one repeated row may stand for: a sheet of a few bytes must not become one of millions."""


class _Table:
    """The rows met so far; a repeated row is one list, many times."""

    def __init__(self, most_rows: int, most_columns: int) -> None:
        self._most_rows, self._most_columns, self._blank = most_rows, most_columns, 0
        self.rows: list[list[str]] = []
        self.merged: list[Range] = []

    def add(self, row: Any) -> None:
        """The next row element; blank ones are only counted, until something follows."""
        texts = _texts(row, len(self.rows) + self._blank + 1, self._most_columns, self.merged)
        count = _number(row, "number-rows-repeated")
        if not texts:
            self._blank += count
            return
        if count * len(texts) > MOST_REPEATED:
            raise ValueError(f"a row of {len(texts)} cells is repeated {count} times")
        self.rows.extend(repeat([], min(self._blank, self._most_rows + 1 - len(self.rows))))
        self.rows.extend(repeat(texts, min(count, self._most_rows + 1 - len(self.rows))))
        self._blank = 0


def _texts(row: Any, number: int, most_columns: int, merged: list[Range]) -> list[str]:
    texts: list[str] = []
    blank = 0
    for cell in row.iterchildren(_CELLS):
        count = min(_number(cell, "number-columns-repeated"), most_columns)
        column = len(texts) + blank + 1
        down, across = _number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            merged.append((number, column, number + down - 1, column + across - 1))
        text = _text(cell) if cell.tag == _CELLS[0] else ""
        if not text:
            blank += count
        elif column <= most_columns:
            texts.extend(repeat("", blank))
            texts.extend(repeat(text, min(count, most_columns + 1 - column)))
            blank = 0
    return texts


def _number(element: Any, name: str) -> int:
    value = element.get(_TABLE + name, "1")
    return max(1, int(value)) if value.isdigit() and len(value) < 10 else 1


def _text(cell: Any) -> str:
    """Dates and numbers by their value, not as they are shown; words as they are written, paragraphs on lines."""
    sort = cell.get(f"{_OFFICE}value-type", "")
    if sort == "date":
        return str(cell.get(f"{_OFFICE}date-value", "")).removesuffix("T00:00:00")
    if sort in ("float", "currency"):
        return str(cell.get(f"{_OFFICE}value", "")).removesuffix(".0")
    if sort == "boolean":
        return str(cell.get(f"{_OFFICE}boolean-value", "")).upper()
    lines = ("".join(paragraph.itertext()) for paragraph in cell.iterchildren(f"{_TEXT}p"))
    return "\n".join(lines).strip().replace("\x00", "")
