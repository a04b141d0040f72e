"""A Dataset as rows of a table: one body for `standards.tables`, the CSV and the workbook made of bodies.

    write(dataset) -> body              first row: the dataset, its first file, 信息项 and contact; one in `more` for each
further
    document(bodies) -> Iterator[bytes] CSV with the columns of all of them, in UTF-8 with a byte-order mark
    workbook(bodies) -> bytes           the same as XLSX; every cell is text, so that codes keep their zeros

What comes back is the same (`spreadsheet_rows.gather`). Rules: RFC 4180, ISO/IEC 29500-1.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

import orjson
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from metadata.model import Contact, Dataset, Distribution, InformationItem, Period, Place
from metadata.text import Text, Words, guess
from standards.json_members import word_of
from standards.spreadsheet_columns import NAMES, mapping
from standards.spreadsheet_read import MARKS, OPENNESS, SHARING
from standards.tables import Body
from standards.workbooks import column_letters

SHEET = "目录"
LONGEST = 32_767
_NO_CELL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Line = dict[str, str]


def write(dataset: Dataset) -> Body:
    """The body of a dataset; its columns are those in which it says something."""
    parts = zip_longest(
        map(_file, dataset.distribution), map(_item, dataset.information_item), map(_contact, dataset.contact_point)
    )
    further = [{name: value for each in row if each for name, value in each.items()} for row in parts]
    top = _top(dataset)
    again = {name: value for name, value in top.items() if _is_key(name)}
    lines = [{**top, **(further[0] if further else {})}, *({**again, **each} for each in further[1:])]
    order = _order(lines)
    first = [[f"{column_letters(at)}2", name, lines[0].get(name, "")] for at, name in enumerate(order, 1)]
    body: Body = {"sheet": SHEET, "row": 2, "cells": first}
    if len(lines) > 1:
        body["more"] = [
            [[f"{column_letters(at)}{row}", name, line[name]] for at, name in enumerate(order, 1) if line.get(name)]
            for row, line in enumerate(lines[1:], 3)
        ]
    return body


def _is_key(name: str) -> bool:
    """Whether a column says which dataset a further row belongs to."""
    return mapping([name])[0].field in ("identifier", "title")


def _order(lines: Iterable[Line]) -> list[str]:
    """The headers in use, in the order of `NAMES`, unknown ones last."""
    used = dict.fromkeys(name for line in lines for name in line)
    places = {field: at for at, field in enumerate(NAMES)}
    return sorted(used, key=lambda name: places.get(mapping([name])[0].field, len(places)))


def _top(dataset: Dataset) -> Line:
    publisher = dataset.publisher
    said: dict[str, Any] = {
        "identifier": dataset.identifier,
        "title": dataset.title,
        "description": dataset.description,
        "publisher": publisher.name if publisher else {},
        "publisher_code": publisher.code if publisher else None,
        "publisher_email": publisher.email if publisher else None,
        "publisher_page": publisher.homepage if publisher else None,
        "publisher_phone": publisher.phone if publisher else None,
        "creator": joined([next(iter(who.name.values()), "") for who in dataset.creator]),
        "theme": joined([word_of(each, "theme") for each in dataset.theme]),
        "issued": dataset.issued,
        "modified": dataset.modified,
        "frequency": cell_of(word_of(dataset.accrual_periodicity, "frequency")),
        "language": joined(dataset.language),
        **_where(dataset.spatial),
        **_when(dataset.temporal),
        "license": cell_of(word_of(dataset.license, "licence")),
        "access_rights": cell_of(word_of(dataset.access_rights, "access-right")),
        "rights": dataset.rights,
        "landing_page": dataset.landing_page,
        "provenance": dataset.provenance,
        "version": dataset.version,
        "conforms_to": joined(dataset.conforms_to),
        "other_identifier": joined(dataset.other_identifier),
        "relation": joined(dataset.relation),
        "status": cell_of(word_of(dataset.status, "")),
        **_shared(dataset),
    }
    return _line(said) | _keywords(dataset.keyword) | _extra(dataset.extra)


def _line(said: dict[str, Any]) -> Line:
    """Fields under their headers; words in the languages they have."""
    found: Line = {}
    for field, value in said.items():
        if isinstance(value, dict):
            found |= _by_language(field, value)
        elif value not in (None, ""):
            found[NAMES[field].zh] = str(value)
    return found


def _by_language(field: str, words: Text) -> Line:
    """The language stands in the header where the words do not show it."""
    found: Line = {}
    for tag, value in words.items():
        plain = guess(value) == tag and NAMES[field].zh not in found
        found[NAMES[field].zh if plain else f"{NAMES[field].zh}({tag})"] = value
    return found


def _keywords(keyword: Words) -> Line:
    found: Line = {}
    for tag, group in keyword.items():
        plain = all(guess(each) == tag for each in group)
        found[NAMES["keyword"].zh if plain and len(keyword) == 1 else f"{NAMES['keyword'].zh}({tag})"] = joined(group)
    return found


def joined(values: Iterable[Any]) -> str:
    """Several values in a cell: one to a line, or as a JSON list where that would not be read the same."""
    listed = list(values)
    if all(isinstance(each, str) and each and each == each.strip() and not each.startswith("[") for each in listed):
        if len(listed) == 1 and not any(mark in listed[0] for mark in f"{MARKS}\n"):
            return str(listed[0])
        if len(listed) > 1 and not any("\n" in each for each in listed):
            return "\n".join(listed)
    return orjson.dumps(listed).decode() if listed else ""


def cell_of(value: Any) -> str:
    """A coded value as text; an object as JSON."""
    return value if isinstance(value, str) else orjson.dumps(value).decode() if value else ""


def _where(places: tuple[Place, ...]) -> dict[str, Any]:
    box = next((each.box for each in places if each.box), None)
    names = [next(iter(each.name.values()), "") or each.uri or each.raw or "" for each in places]
    return {
        "spatial": joined([each for each in names if each]),
        "box": ",".join(f"{edge:.10g}" for edge in box) if box else None,
    }


def _when(periods: tuple[Period, ...]) -> dict[str, Any]:
    if len(periods) == 1 and (periods[0].start or periods[0].end):
        return {"start": periods[0].start, "end": periods[0].end}
    return {
        "temporal": "\n".join(
            f"{each.start or '..'}/{each.end or '..'}" if each.start or each.end else each.raw or "" for each in periods
        )
    }


def _shared(dataset: Dataset) -> dict[str, Any]:
    sharing, openness = dataset.sharing, dataset.openness
    found: dict[str, Any] = {}
    if sharing:
        found |= {
            "sharing": sharing.raw or SHARING[sharing.kind],
            "sharing_condition": sharing.condition,
            "sharing_basis": sharing.legal_basis,
        }
    if openness:
        found |= {"openness": openness.raw or OPENNESS[openness.kind], "openness_condition": openness.condition}
    return found


def _extra(extra: dict[str, Any]) -> Line:
    """Further members by their own name; what is no text, as JSON under `name(json)`."""
    found: Line = {}
    for name, value in extra.items():
        plain = isinstance(value, str) and value == value.strip() and value and not mapping([name])[0].field
        found[name if plain else f"{name}(json)"] = value if plain else orjson.dumps(value, default=str).decode()
    return {name: value for name, value in found.items() if name.strip() and value}


def _file(way: Distribution) -> Line:
    return _line(
        {
            "file": way.download_url,
            "file_access": way.access_url,
            "file_name": way.title,
            "file_description": way.description,
            "file_identifier": way.identifier,
            "file_format": (way.format.raw or way.format.code) if way.format else None,
            "file_media_type": way.media_type,
            "file_size": way.byte_size,
            "file_license": cell_of(word_of(way.license, "licence")),
            "file_issued": way.issued,
            "file_modified": way.modified,
            "file_language": joined(way.language),
        }
    )


def _item(item: InformationItem) -> Line:
    flags = {True: "是", False: "否", None: None}
    return _line(
        {
            "item_name": item.name,
            "item_code": item.code,
            "item_type": cell_of(word_of(item.data_type, "")),
            "item_length": item.length,
            "item_description": item.description,
            "item_required": flags[item.required],
            "item_key": flags[item.key],
        }
    )


def _contact(whom: Contact) -> Line:
    return _line(
        {"contact_name": whom.name, "contact_email": whom.email, "contact_phone": whom.phone, "contact_page": whom.url}
    )


# --- documents -----------------------------------------------------------------------------------------------------------


def lines(bodies: Iterable[Body]) -> tuple[list[str], list[list[str]]]:
    """The headers of all bodies and a line for each of their rows; further rows repeat identifier and title."""
    held = [[_values(row) for row in (body["cells"], *body.get("more", ()))] for body in bodies]
    order = _order(line for rows in held for line in rows)
    found: list[list[str]] = []
    for rows in held:
        keys = {name: value for name, value in rows[0].items() if _is_key(name)}
        found += [[(line if at == 0 else {**keys, **line}).get(name, "") for name in order] for at, line in enumerate(rows)]
    return order, found


def _values(cells: list[list[str]]) -> Line:
    return {name: value for _, name, value in reversed(cells) if name}


def document(bodies: Iterable[Body]) -> Iterator[bytes]:
    """A CSV."""
    order, rows = lines(bodies)
    if not order:
        return
    yield b"\xef\xbb\xbf" + _csv(order)
    for row in rows:
        yield _csv(row)


def _csv(values: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue().encode("utf-8", "replace")


def workbook(bodies: Iterable[Body]) -> bytes:
    """An XLSX with one sheet, its header frozen."""
    order, rows = lines(bodies)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.freeze_panes = "A2"
    for number, row in enumerate([order, *rows], 1):
        for at, value in enumerate(row, 1):
            if value:
                cell = sheet.cell(number, at)
                cell.value = _NO_CELL.sub("", value)[:LONGEST]
                cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=number == 1)
    for at in range(1, len(order) + 1):
        sheet.column_dimensions[column_letters(at)].width = 24
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
