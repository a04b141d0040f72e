"""The sheets of an Office Open XML workbook (XLSX, also ISO "strict"), row by row in small memory.

Rules: ISO/IEC 29500-1 §18.2 (workbook), §18.3 (worksheets), §18.4 (shared strings), §18.8.30 (formats), §18.17.4 (dates).
The parts were inflated and measured before (`standards.workbooks`).
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from lxml import etree

_SAFE = {"resolve_entities": False, "no_network": True, "huge_tree": False, "remove_comments": True, "remove_pis": True}
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|_.|\*.', re.IGNORECASE)
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LAST_SERIAL = 2_958_466  # 9999-12-31


class Part(NamedTuple):
    """One visible sheet: its name and the ZIP part it is in."""

    name: str
    path: str


class Book:
    """An open workbook. Raises what `zipfile` and `lxml` raise on broken ones."""

    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._parts = parts
        self._names = set(parts.namelist())
        root = (
            "xl/workbook.xml"
            if "xl/workbook.xml" in self._names
            else next(n for n in self._names if n.endswith("workbook.xml"))
        )
        self._folder = posixpath.dirname(root)
        book = self._root(root)
        properties = book.find("{*}workbookPr")
        since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._epoch = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)
        self._targets = self._relations(root)
        self._strings = self._shared_strings()
        self._dates = self._date_styles()
        self.sheets = [part for sheet in book.iter("{*}sheet") if (part := self._sheet(sheet))]

    def rows(self, part: Part, most_columns: int) -> Iterator[list[Any]]:
        """The values of a sheet's rows from row 1 on: texts, floats, booleans, datetimes; gaps are empty rows."""
        last = 0
        with self._parts.open(part.path) as stream:
            for _, row in etree.iterparse(stream, tag="{*}row", **_SAFE):
                number = _whole(row.get("r")) or last + 1
                for _ in range(last + 1, number):
                    yield []
                yield self._values(row, most_columns)
                last = max(last, number)
                row.clear()
                while row.getprevious() is not None:
                    del row.getparent()[0]

    def _values(self, row: Any, most_columns: int) -> list[Any]:
        values: list[Any] = []
        for cell in row.iterchildren("{*}c"):
            column = _column(cell.get("r")) or len(values) + 1
            value = self._value(cell) if column <= most_columns else None
            if value is not None and column > len(values):
                values.extend([None] * (column - len(values) - 1))
                values.append(value)
        return values

    def _value(self, cell: Any) -> Any:
        sort = cell.get("t", "n")
        if sort == "inlineStr":
            return _string(cell.find("{*}is"))
        inner = cell.find("{*}v")
        text = inner.text if inner is not None else None
        if not text or sort == "e":
            return None
        if sort == "s":
            number = _whole(text)
            return self._strings[number] if number is not None and number < len(self._strings) else None
        if sort == "b":
            return text.strip() == "1"
        return self._number(text, cell.get("s")) if sort == "n" else _unescaped(text)

    def _number(self, text: str, style: str | None) -> Any:
        try:
            number = float(text)
        except ValueError:
            return text
        if style not in self._dates or not 0 <= number < _LAST_SERIAL:
            return number
        # Day 60 of the 1900 calendar, 29 February 1900, did not exist (§18.17.4.1).
        shifted = number + 1 if number < 60 and self._epoch.year == 1899 and number >= 1 else number
        moment = self._epoch + timedelta(seconds=round(shifted * 86_400))
        return moment.time() if number < 1 else moment

    def _root(self, path: str) -> Any:
        return etree.fromstring(self._parts.read(path), etree.XMLParser(**_SAFE))

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """`{id: (last word of the type, part)}` of a part's relations (ISO/IEC 29500-2 §6.5)."""
        name = f"{posixpath.dirname(path)}/_rels/{posixpath.basename(path)}.rels".lstrip("/")
        if name not in self._names:
            return {}
        found = {}
        for each in self._root(name).iterchildren("{*}Relationship"):
            target = each.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(self._folder, target))
            found[each.get("Id", "")] = (each.get("Type", "").rpartition("/")[2], part)
        return found

    def _of_type(self, word: str) -> str | None:
        return next((part for sort, part in self._targets.values() if sort == word and part in self._names), None)

    def _sheet(self, sheet: Any) -> Part | None:
        own = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        sort, path = self._targets.get(own, ("", ""))
        there = sort == "worksheet" and path in self._names and sheet.get("state", "visible") == "visible"
        return Part(sheet.get("name", ""), path) if there else None

    def _shared_strings(self) -> list[str]:
        part = self._of_type("sharedStrings")
        if part is None:
            return []
        found = []
        with self._parts.open(part) as stream:
            for _, item in etree.iterparse(stream, tag="{*}si", **_SAFE):
                found.append(_string(item))
                item.clear()
                while item.getprevious() is not None:
                    del item.getparent()[0]
        return found

    def _date_styles(self) -> frozenset[str]:
        """The indexes of cell formats that show a number as a date or time."""
        part = self._of_type("styles")
        if part is None:
            return frozenset()
        root = self._root(part)
        codes = {each.get("numFmtId"): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")}
        formats = [each.get("numFmtId", "0") for each in root.iterfind("{*}cellXfs/{*}xf")]
        return frozenset(str(index) for index, own in enumerate(formats) if _shows_a_date(own, codes.get(own)))


def _shows_a_date(number: str, code: str | None) -> bool:
    if code is None:
        return _whole(number) in _BUILT_IN_DATES
    bare = _LITERAL.sub("", code.partition(";")[0]).lower()
    return bare != "general" and any(letter in bare for letter in "ymdhs年月日")


def _string(item: Any) -> str:
    """The text of a string item or an inline string, rich or plain, without how it is read aloud (§18.4.6)."""
    if item is None:
        return ""
    texts = (each.text or "" for each in item.iter("{*}t") if not each.getparent().tag.endswith("}rPh"))
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    """`_x000D_` is the character of that number (§22.9.2.19)."""
    return _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 9 else None


def _column(reference: str | None) -> int:
    """`AB12` → 28; 0 for none."""
    number = 0
    for letter in reference or "":
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number
