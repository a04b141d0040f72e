"""The records of a table: its rows under the mapping that was chosen, put together, and what is known of each.

Sheets that no standard for tables recognises (notes, code lists) are left out where there is one that is recognised; a table
without any is no catalogue, and says which headers it has. Columns of a table without a header are named by their letters
in the mapping (`A`, `B` …).
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from io import TextIOWrapper
from itertools import chain, islice
from typing import Any, NamedTuple

from harvesters import forms
from harvesters.spool import Document
from metadata.errors import NotData
from standards import tables, workbooks
from standards.base import Unreadable
from standards.cn_catalog_2017_table import header_key
from standards.spreadsheet_columns import mapping
from standards.spreadsheet_rows import said
from standards.table import detect
from standards.tables import Body

_SAMPLE = 40  # rows looked at for the number of columns
_MEND = "Give a workbook or a CSV whose first row names its columns."
_LETTERS = re.compile(r"[A-Z]{1,3}")
_FIELDS = {"identifier": "code", "title": "name", "publisher": "provider"}  # of the guide of 2017


class Row(NamedTuple):
    """A record: its body, the standard it is in, and what tells who it is."""

    body: Any
    standard: str
    identifier: str
    title: str
    publisher: str
    words: tuple[str, ...]


def read(document: Document, columns: Mapping[str, str], sheets: frozenset[str]) -> Iterator[Row]:
    """Every record of a table. Raises `NotData` for what is no table, or none of datasets; where it breaks, after the records
    before."""
    known: dict[tuple[str, ...], str] = {}
    telling: dict[tuple[str, ...], dict[str, list[str]]] = {}
    unknown: list[str] = []
    for part in _parts(document, columns, sheets):
        key = (part.body["sheet"], *tables.headers(part.body))
        if key not in known:
            known[key] = _standard(part.body)
            telling[key] = _telling(part.body, known[key])
            unknown += [", ".join(key[1:])[:200]] if not known[key] else []
        if known[key]:
            yield _row(part.body, known[key], telling[key])
    if not any(known.values()):
        raise NotData(
            "no column of this table is known to hold titles of datasets",
            place=document.place,
            value=unknown[0] if unknown else "no rows",
            remedy='Name what the columns are in the setting `columns`, such as {"名称": "title"}.',
        )


def _parts(document: Document, columns: Mapping[str, str], sheets: frozenset[str]) -> Iterator[forms.Part]:
    """The rows of the chosen sheets, put together. With a mapping they get it, and are put together under it."""
    rows = _without_header(document) if columns and all(map(_LETTERS.fullmatch, columns)) else _told(document)
    chosen = (each for each in rows if not sheets or each.body["sheet"] in sheets)
    if columns:
        bodies = ({**each.body, "mapping": dict(columns)} for each in chosen)
        chosen = (forms.Part(body, tables.place(body)) for body in tables.group(bodies, _key))
    yield from chosen


def _told(document: Document) -> Iterator[forms.Part]:
    """The rows of a document, and nothing else. Raises `NotData` where another form comes, or it breaks."""
    for part in forms.records(document):
        if not tables.is_row(part.body):
            raise NotData("this is no table, or it breaks off", place=document.place, value=_why(part), remedy=_MEND)
        yield part


def _without_header(document: Document) -> Iterator[forms.Part]:
    """The rows of a table whose columns have no names: they are named by their letters."""
    try:
        if workbooks.kind(document.head(4) if document.head(2) != b"PK" else forms.whole(document)):
            sheets = workbooks.sheets(forms.whole(document))
            yield from (_lifted(body) for sheet in sheets for body in tables.sheet_rows(_lettered(sheet)))
            return
        with TextIOWrapper(document.open(), "utf-8", newline="") as lines:
            sample = list(islice(lines, _SAMPLE))
            mark = tables.delimiter("".join(sample)) or ","
            width = max((len(row) for row in csv.reader(sample, delimiter=mark)), default=1)
            yield from map(_lifted, tables.text_rows(chain((mark.join(_names(width)) + "\n",), sample, lines)))
    except Unreadable as problem:
        said = f"{problem.finding.message.get('en', '')}: {problem.finding.value}"
        raise NotData("this is no table, or it breaks off", place=document.place, value=said, remedy=_MEND) from None


def _lettered(sheet: workbooks.Sheet) -> workbooks.Sheet:
    sample = list(islice(sheet.rows, _SAMPLE))
    names = _names(max(map(len, sample), default=1))
    merged = tuple((top + 1, left, bottom + 1, right) for top, left, bottom, right in sheet.merged)
    return workbooks.Sheet(sheet.name, chain((names,), sample, sheet.rows), merged)


def _names(width: int) -> list[str]:
    return [workbooks.column_letters(number) for number in range(1, width + 1)]


def _lifted(body: Body) -> forms.Part:
    """A row at its own place again: the line of letters above is not in the table."""
    rows = [[[_above(address), name, value] for address, name, value in row] for row in (body["cells"], *body.get("more", ()))]
    lifted = {**body, "row": body["row"] - 1, "cells": rows[0], **({"more": rows[1:]} if rows[1:] else {})}
    return forms.Part(lifted, tables.place(lifted))


def _above(address: str) -> str:
    letters = address.rstrip("0123456789")
    return f"{letters}{int(address[len(letters) :]) - 1}"


def _standard(body: Body) -> str:
    found = detect(body)
    return found.name if found else ""


def _key(body: Body) -> str:
    """What rows of one dataset have in common, where the table has columns that go on from row to row; else "" ."""
    about = said({**body, "more": []})
    goes_on = any(cell.value and cell.column.field.partition("_")[0] in ("file", "item", "contact") for cell in about.cells)
    identifier, title = about.value("identifier"), about.value("title")
    return f"{body['sheet']}\n{identifier}\n{title}" if goes_on and identifier and title else ""


def _telling(body: Body, standard: str) -> dict[str, list[str]]:
    """The headers of identifier, title and publisher, by field."""
    headers = tables.headers(body)
    if standard == "cn_catalog_2017":
        return {field: [header for header in headers if header_key(header) == key] for field, key in _FIELDS.items()}
    columns = mapping(headers, body.get("mapping"))
    return {field: [each.header for each in columns if each.field == field] for field in _FIELDS}


def _row(body: Body, standard: str, telling: Mapping[str, list[str]]) -> Row:
    values = tables.values(body)
    words = tuple(word for pair in values.items() for word in pair)
    told = {field: next((values[name] for name in names if name in values), "") for field, names in telling.items()}
    return Row(body, standard, told["identifier"], told["title"], told["publisher"], words)


def first(text: str) -> Body | None:
    """The first row of delimited text; None when it is no table."""
    if "\0" in text or not tables.delimiter(text):
        return None
    try:
        return next(tables.text_rows(io.StringIO(text, newline="")), None)
    except Unreadable:
        return None


class Told(NamedTuple):
    """What a column is: its sheet ("" for text), its header as written, the field ("" for none), how that was found."""

    sheet: str
    header: str
    field: str
    found: str


def columns_of(document: Document, columns: Mapping[str, str]) -> list[Told]:
    """What the columns of every sheet are, under a mapping or by themselves. Raises `NotData` for what is no table."""
    found: list[Told] = []
    met: set[tuple[str, ...]] = set()
    for part in _parts(document, columns, frozenset()):
        key = (part.body["sheet"], *tables.headers(part.body))
        if key not in met:
            met.add(key)
            found += _columns(part.body, columns)
    if not found:
        raise NotData("this table has no rows", place=document.place, remedy=_MEND)
    return found


def _why(part: forms.Part) -> str:
    return f"{part.faults[0].message.get('en', '')}: {part.faults[0].value}" if part.faults else "another form"


def _columns(body: Body, columns: Mapping[str, str]) -> list[Told]:
    sheet, headers = body["sheet"], tables.headers(body)
    if _standard(body) == "cn_catalog_2017":
        return [Told(sheet, header, key, "exact" if key else "none") for header in headers for key in (header_key(header),)]
    return [Told(sheet, each.header, each.field, each.found) for each in mapping(headers, columns)]
