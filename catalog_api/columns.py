"""Which column of a table is what, typed by a person: for `mulu check`, `mulu convert`, the API and the portal's check page.

given("title=A, description=说明")   {"A": "title", "说明": "description"}     field = header, or the letter of a column
parts(document, columns)             the rows of a table under it
told(document, columns)              what its columns are then
"""

import re
from collections.abc import Iterator, Mapping

from harvesters import forms, spreadsheet_rows
from harvesters.spool import Document
from harvesters.spreadsheet_rows import Told
from metadata.errors import Invalid, NotData
from standards import tables
from standards.spreadsheet_columns import NAMES

STANDARD = "spreadsheet"
_LETTERS = re.compile(r"[A-Z]{1,3}")
_MEND = "Write field=column, such as title=A,description=说明; an empty field takes a column out."


def given(typed: str) -> dict[str, str]:
    """Columns (headers or letters) and their fields ("" for none), from pairs between commas, semicolons or lines. Raises
    `Invalid` for what is no pair, and for a field there is not."""
    found: dict[str, str] = {}
    for pair in filter(str.strip, re.split(r"[,;，；\n]", typed)):
        field, mark, column = (part.strip() for part in pair.partition("="))
        if field not in NAMES and column in NAMES:  # as in the setting `columns` of a source: header=field
            field, column = column, field
        elif not column:
            field, column = "", field
        if not mark or not column:
            raise Invalid("this says no column and its field", place="mapping", value=pair.strip(), remedy=_MEND)
        if field and field not in NAMES:
            raise Invalid("there is no such field", place="mapping", value=field, remedy=f"Fields are: {', '.join(NAMES)}.")
        found[column] = field
    return found


def parts(document: Document, columns: Mapping[str, str]) -> Iterator[forms.Part]:
    """The rows of a table under a mapping. Raises `NotData` for what is no table, `Invalid` for a column there is not."""
    rows = spreadsheet_rows.read(document, _by_header(document, columns), frozenset())
    return (forms.Part(row.body, tables.place(row.body)) for row in rows)


def told(document: Document, columns: Mapping[str, str]) -> list[Told]:
    """What the columns of every sheet are, under a mapping or by themselves. Raises as `parts`."""
    return spreadsheet_rows.columns_of(document, _by_header(document, columns) if columns else {})


def table_of(document: Document) -> list[Told]:
    """What the columns are, where the document is a table; else none."""
    try:
        return told(document, {})
    except NotData:
        return []


def _by_header(document: Document, columns: Mapping[str, str]) -> dict[str, str]:
    """The mapping with headers for letters, where the table has a header."""
    first = next(forms.records(document), None)
    body = first.body if first and tables.is_row(first.body) else None
    names = {cell[0].rstrip("0123456789"): cell[1] for cell in body["cells"]} if body else {}
    if not any(names.values()):
        return dict(columns)
    headers = set(names.values())
    found = {column if column in headers else names.get(column, column): field for column, field in columns.items()}
    alone = body is not None and not body["sheet"]  # in a workbook, a header may be that of another sheet
    if unknown := next((each for each in found if each not in headers and (alone or _LETTERS.fullmatch(each))), None):
        there = ", ".join(f"{letters} {name}" for letters, name in names.items() if name)
        raise Invalid("this table has no such column", place="mapping", value=unknown, remedy=f"There are: {there[:500]}.")
    return found
