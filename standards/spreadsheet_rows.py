"""Rows of a catalogue kept in a table, with their fields: cells under names, rows that belong together put together.

    said(body) -> Said                  the cells of a body (`standards.tables`) by field, first row and the rows that go
with it
    gather(bodies) -> Iterator[body]    rows of one dataset as one body

How rows are joined. In text (CSV), rows that follow each other with the same identifier and title, where the table has columns
of files, 信息项 or contacts: the first is the dataset, the others are its `more`. In a workbook also rows on other sheets that
name the dataset (`dataset_id`, 所属数据集) or one of its files (`resource_id`); sheets that neither describe datasets nor
name one (code lists, notes) are left out where there is one that does.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from standards import tables
from standards.spreadsheet_columns import JSON, SEVERAL, Column, mapping
from standards.tables import Body

TELLING = frozenset(
    (
        "identifier",
        "description",
        "publisher",
        "keyword",
        "theme",
        "issued",
        "modified",
        "frequency",
        "license",
        "landing_page",
        "file",
        "file_access",
        "file_format",
        "sharing",
        "openness",
        "items",
    )
)
"""Two of these beside a title make a table a catalogue."""

GROUPS = ("file", "item", "contact")


class Cell(NamedTuple):
    """A cell: row (0: the first, then those of `more`), place in it, field, language, where, value."""

    row: int
    at: int
    column: Column
    place: str
    value: str


class Said(NamedTuple):
    """The cells of a body. `fields`: of the first row (of `more` what the first lacks), by field."""

    cells: tuple[Cell, ...]
    fields: dict[str, list[Cell]]
    columns: tuple[Column, ...]

    def first(self, field: str) -> Cell | None:
        """The first cell of a field with a value, else the first one there is."""
        found = self.fields.get(field, [])
        return next((each for each in found if each.value), found[0] if found else None)

    def value(self, field: str) -> str:
        """Its text, or ""."""
        cell = self.first(field)
        return cell.value if cell else ""

    def place(self, field: str) -> str:
        """Where a field stands, or would stand."""
        cell = self.first(field)
        return cell.place if cell else (self.cells[0].place if self.cells else "")

    def rows(self, group: str) -> list[dict[str, list[Cell]]]:
        """The cells of a group (`file`, `item`, `contact`) that say something, row by row."""
        found: dict[int, dict[str, list[Cell]]] = {}
        for cell in self.cells:
            if cell.value and (cell.column.field == group or cell.column.field.startswith(f"{group}_")):
                found.setdefault(cell.row, {}).setdefault(cell.column.field, []).append(cell)
        return list(found.values())


def said(body: Body) -> Said:
    """The cells of a row's body by field. Any body that `tables.is_row` takes."""
    given = body.get("mapping")
    chosen = {str(name): str(field) for name, field in given.items()} if isinstance(given, dict) else None
    cells: list[Cell] = []
    rows = [body["cells"], *(each for each in body.get("more", ()) if _is_cells(each))]
    columns = mapping([name for _, name, _ in body["cells"]], chosen)
    for row, own in enumerate(rows):
        known = columns if row == 0 else mapping([name for _, name, _ in own], chosen)
        for at, ((address, _, value), column) in enumerate(zip(own, known, strict=True)):
            cells.append(Cell(row, at, column, _place(body, address), value.strip()))
    fields: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.column.field and (cell.row == 0 or _lacks(fields, cell)):
            fields.setdefault(cell.column.field, []).append(cell)
    return Said(tuple(cells), fields, columns)


def _is_cells(row: Any) -> bool:
    return isinstance(row, list) and all(
        isinstance(cell, list) and len(cell) == 3 and all(isinstance(part, str) for part in cell) for cell in row
    )


def _lacks(fields: dict[str, list[Cell]], cell: Cell) -> bool:
    return bool(cell.value) and not any(each.value for each in fields.get(cell.column.field, ()))


def _place(body: Body, address: str) -> str:
    return address if "!" in address else tables.place(body, address)


def is_catalogue(body: Body) -> bool:
    """Whether the header of a row is that of a table that describes datasets."""
    fields = {each.field for each in mapping(tables.headers(body))}
    return "title" in fields and len(fields & TELLING) >= 2


def gather(bodies: Iterable[Body]) -> Iterator[Body]:
    """Rows of one dataset as one body."""
    source = iter(bodies)
    first = next(source, None)
    if first is None:
        return
    every = chain((first,), source)
    yield from _in_workbook(list(every)) if first.get("sheet") else tables.group(every, _key)


def _key(body: Body) -> str:
    """What rows of one dataset have in common; "" where the table has no columns that could go on."""
    known = {each.column.field: each.value for each in reversed(said({**body, "more": []}).cells) if each.value}
    if not any(field.partition("_")[0] in GROUPS for field in known):
        return ""
    identifier, title = known.get("identifier", ""), known.get("title", "")
    return f"{identifier}\n{title}" if identifier and title else ""


def _in_workbook(bodies: list[Body]) -> Iterator[Body]:
    sheets: dict[str, list[Body]] = {}
    for body in bodies:
        sheets.setdefault(body["sheet"], []).append(body)
    children = {name for name, rows in sheets.items() if _refers(rows[0])}
    main = {name for name, rows in sheets.items() if name not in children and is_catalogue(rows[0])}
    if not main:
        yield from bodies
        return
    datasets = list(tables.group((body for name in sheets if name in main for body in sheets[name]), _key))
    known: dict[str, Body] = {}
    for body in datasets:
        for field in ("other_identifier", "title", "identifier"):
            known |= {said(body).value(field): body}
    known.pop("", None)
    for name in children:
        _attach(sheets[name], known)
    yield from datasets


def _refers(body: Body) -> bool:
    """Whether a sheet's rows are parts of datasets on another sheet."""
    fields = {each.field for each in mapping(tables.headers(body))}
    return "title" not in fields and bool({"dataset", "file_identifier"} & fields)


def _attach(rows: list[Body], known: dict[str, Body]) -> None:
    for row in rows:
        about = said(row)
        owner = known.get(about.value("dataset")) or known.get(about.value("file_identifier"))
        if owner is not None and len(owner.get("more", ())) < tables.MOST_MORE:
            cells = [[_place(row, address), name, value] for address, name, value in row["cells"] if value]
            owner.setdefault("more", []).append(cells)
            if file := about.value("file_identifier"):
                known.setdefault(file, owner)


def left(about: Said) -> Iterator[Cell]:
    """The cells of the first row that no field takes."""
    return (cell for cell in about.cells if cell.row == 0 and not cell.column.field and cell.value)


def is_json(column: Column) -> bool:
    """Whether a column holds JSON by its header: `custom(json)`."""
    return column.language == JSON


def single(field: str) -> bool:
    """Whether only one column can be this field."""
    return field not in SEVERAL
