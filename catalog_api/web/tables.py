"""Lists as CSV that spreadsheets open: UTF-8 with a byte order mark, and no cell that would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A CSV file to download (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Language, Cookie",
    }
    return Response("\ufeff" + file.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
