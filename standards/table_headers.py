"""Where the header of a table is, and what its columns are called.

Above it there may be titles and notes (one wide cell, often merged); it may have two lines, the upper one merged over the
columns it groups; and some tables have none at all.
"""

import re
from typing import NamedTuple

from standards.workbooks import Range

_LONGEST = 80  # characters of a column's name
_NO_NAME = re.compile(
    r"^(?:[a-z][a-z0-9+.-]*://.*|[\d\s.,:/%+-]+|\d{4}年.*|[^@\s]+@[^@\s]+\.\w+|true|false)$", re.IGNORECASE | re.DOTALL
)


class Header(NamedTuple):
    """`names` by column ("" where there is none); `last`: the row after which the data begins (0: there is no header)."""

    names: list[str]
    last: int


def find(rows: list[list[str]], merged: tuple[Range, ...]) -> Header:
    """The header of a table whose first rows these are."""
    widest = max((_filled(row) for row in rows), default=0)
    for number, row in enumerate(rows, 1):
        if not any(row):
            continue
        spans = [each for each in merged if each[0] <= number <= each[2] and each[3] > each[1]]
        width = _filled(row) + sum(right - left for top, left, _, right in spans if top == number)
        if _is_title(number, row, spans) or width < max(2 if widest > 1 else 1, widest * 0.5):
            continue
        if not _names(row):
            return Header([], 0)
        return _header(rows, number, spans)
    return Header([], 0)


def _filled(row: list[str]) -> int:
    return sum(1 for value in row if value)


def _is_title(number: int, row: list[str], spans: list[Range]) -> bool:
    """A single value, or one that is merged over (nearly) all there is."""
    return _filled(row) == 1 and any(top == number and right > left for top, left, _, right in spans)


def _names(row: list[str]) -> bool:
    """Whether these values can be the names of columns: short, different, hardly any address, number or date."""
    values = [value for value in row if value]
    wrong = sum(1 for value in values if len(value) > _LONGEST or _NO_NAME.match(value))
    # A year or two among the names is met (statistics by year); an address is not.
    return wrong * 5 <= len(values) and len(set(values)) * 2 > len(values)


def _header(rows: list[list[str]], number: int, spans: list[Range]) -> Header:
    upper = rows[number - 1]
    across = [each for each in spans if each[0] == number]
    if not across or number >= len(rows) or not _names(rows[number]):
        return Header([_tidy(name) for name in upper], number)
    lower = rows[number]
    width = max(len(upper), len(lower), *(right for *_, right in across))
    groups = {column: _at(upper, left) for _, left, _, right in across for column in range(left, right + 1)}
    names = [_joined(groups.get(column, _at(upper, column)), _at(lower, column)) for column in range(1, width + 1)]
    return Header(names, number + 1)


def _at(row: list[str], column: int) -> str:
    return _tidy(row[column - 1]) if column <= len(row) else ""


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _joined(upper: str, lower: str) -> str:
    return f"{upper}/{lower}" if upper and lower and upper != lower else upper or lower
