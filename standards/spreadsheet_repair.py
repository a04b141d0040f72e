"""Mechanical repairs of a row: dates after ISO 8601, half-width characters in codes and numbers, usual words for frequencies,
bare mail addresses. A cell is only changed where a finding speaks of it.
"""

import copy
from collections.abc import Callable
from typing import Any

from metadata.vocabulary import look_up
from standards import repairs, tables
from standards.base import Repair
from standards.spreadsheet_check import check
from standards.spreadsheet_rows import Cell, said


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy of a body, and what was done. Never raises."""
    if not tables.is_row(body):
        return body, []
    mended = copy.deepcopy(body)
    done: list[Repair] = []
    for _ in range(3):
        cells = {cell.place: cell for cell in said(mended).cells}
        found = [(one, cells[one.path]) for one in check(mended) if one.rule in _MENDS and one.path in cells]
        changed = [made for one, cell in found if (made := _mend(mended, cell, one.rule))]
        done += changed
        if not changed:
            break
    return mended, done


def _mend(body: Any, cell: Cell, rule: str) -> Repair | None:
    row = body["cells"] if cell.row == 0 else body["more"][cell.row - 1]
    before = row[cell.at][2]
    after = _MENDS[rule](before)
    if not after or after == before:
        return None
    row[cell.at][2] = after
    return repairs.repair(rule, cell.place, before, after)


def _frequency(value: str) -> str | None:
    """The usual word, in Chinese where the cell's is."""
    known = look_up("frequency", repairs.half_width(value) or value)
    language = "zh" if not value.isascii() else "en"
    return known.label.get(language) if known.scheme else None


_MENDS: dict[str, Callable[[str], str | None]] = {
    "spreadsheet/wide": repairs.half_width,
    "spreadsheet/date/spelling": repairs.date,
    "spreadsheet/frequency/word": _frequency,
    "spreadsheet/email/form": repairs.bare_mail,
}
