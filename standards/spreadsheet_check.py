"""What is wrong with a row of a catalogue kept in a table; every finding names its cell (`Sheet1!C5`). That a column was
guessed is said once for a sheet (`across`)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from metadata.vocabulary import look_up
from standards import cross_field, repairs, tables
from standards.base import Finding, Unreadable, finding
from standards.cn_identifiers import uscc_fault
from standards.dates import date_of
from standards.json_members import integer, web
from standards.spreadsheet_read import UNREAD, links_of, read, sharing_kind
from standards.spreadsheet_rows import Cell, Said, said
from standards.spreadsheet_rules import RULES

DATES = frozenset(("issued", "modified", "start", "end", "file_issued", "file_modified"))
LINKS = frozenset(("landing_page", "file", "file_access", "publisher_page", "contact_page"))
MAILS = frozenset(("publisher_email", "contact_email"))
PLAIN = DATES | LINKS | MAILS | frozenset(("identifier", "publisher_code", "file_size", "box", "item_length", "contact_phone"))
"""Fields in which full-width characters are a slip."""

_CROSS = ("issued", "modified", "landing_page")


def check(body: Any) -> Iterator[Finding]:
    """Findings by cell. Any input."""
    if not tables.is_row(body):
        yield finding(RULES["spreadsheet/row"], "", type(body).__name__)
        return
    about = said(body)
    if not about.value("title") and not about.value("title_other"):
        yield _told("title/absent" if about.first("title") else "title/column", about.place("title"))
    yield from _absent(about)
    for cell in about.cells:
        if cell.value and cell.column.field:
            yield from _of_cell(cell)
    yield from _sharing(about)
    yield from _between(body, about)


def _told(rule: str, place: str, value: object = "") -> Finding:
    return finding(RULES[f"spreadsheet/{rule}"], place, value)


def _absent(about: Said) -> Iterator[Finding]:
    for field in ("identifier", "description", "publisher"):
        if not about.value(field):
            yield _told(f"{field}/absent", about.place(field))


def _of_cell(cell: Cell) -> Iterator[Finding]:
    field, value = cell.column.field, cell.value
    if field in PLAIN and repairs.half_width(value):
        yield _told("wide", cell.place, value)
        value = repairs.half_width(value) or value
    fault = _fault(field, value)
    if fault:
        yield _told(fault, cell.place, value)


def _fault(field: str, value: str) -> str:
    if field in DATES:
        found = date_of(value)
        return "date/form" if not found else "date/spelling" if found != value else ""
    for fields, fault, right in _FORMS:
        if field in fields:
            return "" if right(value) else fault
    return _coded(field, value)


def _coded(field: str, value: str) -> str:
    if field == "frequency":
        known = look_up("frequency", value)
        if not known.scheme:
            return "" if value.startswith("{") else "frequency/unknown"
        return "" if value in known.label.values() else "frequency/word"
    if field == "publisher_code":
        return "code/check" if value.isascii() and value.isalnum() and uscc_fault(value) else ""
    return ""


_FORMS: tuple[tuple[frozenset[str], str, Callable[[str], Any]], ...] = (
    (frozenset(("file",)), "url/form", links_of),
    (LINKS, "url/form", web),
    (MAILS, "email/form", lambda value: repairs.bare_mail(value) == value),
    (frozenset(("file_size",)), "size/form", lambda value: integer(value) is not None),
    (frozenset(("box",)), "box/form", UNREAD["box"]),
    (frozenset(("sharing",)), "sharing/unknown", sharing_kind),
    (frozenset(("openness",)), "openness/unknown", UNREAD["openness"]),
)


def _sharing(about: Said) -> Iterator[Finding]:
    kind = sharing_kind(about.value("sharing"))
    if kind == "conditional" and not about.value("sharing_condition"):
        yield _told("sharing/condition", about.place("sharing_condition"), about.value("sharing"))
    if kind == "none" and not (about.value("sharing_basis") or about.value("sharing_condition")):
        yield _told("sharing/basis", about.place("sharing_basis"), about.value("sharing"))


def across(bodies: Iterable[Any]) -> Iterator[tuple[int, Finding]]:
    """`(number of the record, finding)`: columns that were guessed, once for a sheet, at its first row."""
    told: set[tuple[str, str]] = set()
    for number, body in enumerate(bodies):
        if not tables.is_row(body):
            continue
        for cell in said(body).cells if (sheet := str(body["sheet"]), "") not in told else ():
            if cell.row == 0 and cell.column.found == "near" and (sheet, cell.column.header) not in told:
                told.add((sheet, cell.column.header))
                yield number, _told("column/near", cell.place, cell.column.header)
        told.add((sheet, ""))


def _between(body: Any, about: Said) -> Iterator[Finding]:
    try:
        dataset = read(body)
    except Unreadable:
        return
    places = {field: about.place(field) for field in _CROSS if about.value(field)}
    if len(dataset.spatial) == 1 and about.value("box"):
        places["spatial"] = about.place("box")
    if len(dataset.temporal) == 1:
        places["temporal"] = about.place("end" if about.value("end") else "temporal")
    if len(dataset.distribution) == 1:
        places["distribution"] = about.place("file")
    yield from cross_field.check("spreadsheet", dataset, places, RULES)
