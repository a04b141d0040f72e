"""A catalogue after the guide of 2017 as a workbook (XLSX) to print, fill in and send: one block of lines for each resource.

    workbook(records) -> bytes      what `write` gave, each resource's fields merged over the lines of its items
    template(lines=200) -> bytes    the same without a record, to fill in

What is read back is the same (`standards.tables`, `cn_catalog_2017_table.gather`). All cells are text, so that codes keep
their zeros and nothing is ever a formula. Cells with a list of values have it to choose from, all others a hint; page and
print area are set for A3 across, with the guide's columns; extended ones stand to the right of what is printed. Rules:
ISO/IEC 29500-1 §18.3 (sheets), §22.9.2.19 (escapes).
"""

import io
import re
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from standards import cn_catalog_2017_lists as lists
from standards.cn_catalog_2017_names import CORE, NAMES, REPEATED
from standards.cn_catalog_2017_table import CHOICES, Column, columns, header_key, lines

SHEET = "目录"
TITLE = "政务信息资源目录"
HEAD = 3
"""Lines above the first resource: the title, groups, names."""

LONGEST = 32_767
"""Characters that a cell can hold (ISO/IEC 29500-1 §18.18)."""

_HINTS: dict[str, str] = {
    "class_1": "必填。基础、主题或部门信息资源。",
    "class_2": "必填。二级分类。",
    "class_3": "必填。三级分类。",
    "class_4": "需要细分时填写；多级用“ > ”分隔。",
    "name": "必填。概括内容，不写系统名称。",
    "code": "必填。分类码/顺序码，例如 307001/0012。",
    "provider": "必填。部门全称。",
    "provider_unit": "提供方的内设机构。",
    "provider_code": "必填。18 位统一社会信用代码。",
    "abstract": "必填。内容、范围和用途。",
    "format_class": "必填。",
    "format_type": "文件扩展名或数据库名称。",
    "item_name": "每个信息项一行；数据库和电子表格必填。",
    "item_type": "必填。",
    "item_length": "只填数字。",
    "share_type": "必填。",
    "share_condition": "有条件共享填条件；不予共享填依据的法律、法规或政策及条款。",
    "open": "必填。",
    "open_condition": "向社会开放时填写；没有条件填“无条件开放”。",
    "frequency": "必填。",
    "issued": "必填。例如 2018-03-01。",
    "relation": "相关信息资源的代码；多个各占一行。",
    "item_code": "英文名或字段名。",
}
_REQUIRED = frozenset(key for key, words in _HINTS.items() if words.startswith("必填"))
_WIDTHS = {"name": 20, "code": 15, "provider": 18, "provider_code": 20, "abstract": 32, "share_condition": 20, "relation": 15}
_WIDTH, _NARROW = 11.0, frozenset(("item_length", "item_precision", "frequency", "open", "item_required", "item_key"))
_CHOICES = {"class_1": "class", "format_class": "format", "item_type": "type", "share_type": "sharing",
            "share_class": "method-class", "share_method": "method"}  # fmt: skip
_LINE = Side(style="thin", color="808080")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
_GREY = PatternFill("solid", fgColor="DDE6F0")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def workbook(records: Iterable[dict[str, Any]]) -> bytes:
    """The workbook of these records."""
    held = list(records)
    order = columns(held)
    book, sheet = _begun(order)
    row = HEAD + 1
    for record in held:
        row = _write_resource(sheet, row, lines(record, order), order)
    return _finished(book, sheet, order, row - 1, row - 1 + 100)


def template(count: int = 200) -> bytes:
    """A workbook to fill in, with `count` empty lines."""
    order = columns([])
    book, sheet = _begun(order)
    for row in range(HEAD + 1, HEAD + 1 + count):
        for column in range(1, len(order) + 1):
            _styled(sheet.cell(row, column))
    return _finished(book, sheet, order, HEAD + count, HEAD + count)


def _begun(order: tuple[Column, ...]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    _put(sheet, 1, 1, TITLE)
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    sheet.cell(1, 1).alignment = _CENTRED
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=_printed(order))
    for row, height in ((1, 30), (HEAD - 1, 20), (HEAD, 32)):
        sheet.row_dimensions[row].height = height
    _write_head(sheet, order)
    return book, sheet


def _write_head(sheet: Worksheet, order: tuple[Column, ...]) -> None:
    """Two lines: groups merged over their columns, names below; names without a group over both lines."""
    start = 1
    while start <= len(order):
        group = order[start - 1].group
        end = start
        while group and end < len(order) and order[end].group == group:
            end += 1
        for place in range(start, end + 1):
            _put(sheet, HEAD, place, order[place - 1].title if group else "")
            _put(sheet, HEAD - 1, place, (group if place == start else "") if group else order[place - 1].title)
        if end > start:
            sheet.merge_cells(start_row=HEAD - 1, start_column=start, end_row=HEAD - 1, end_column=end)
        if not group:
            sheet.merge_cells(start_row=HEAD - 1, start_column=start, end_row=HEAD, end_column=start)
        start = end + 1
    for row in (HEAD - 1, HEAD):
        for number, column in enumerate(order, 1):
            cell = sheet.cell(row, number)
            cell.fill, cell.border, cell.alignment = _GREY, _BORDER, _CENTRED
            cell.font = Font(bold=True, color="B00000" if _key(column) in _REQUIRED else "000000")


def _write_resource(sheet: Worksheet, row: int, rows: list[list[str]], order: tuple[Column, ...]) -> int:
    """One resource's lines from `row` on; gives the row after them."""
    last = row + len(rows) - 1
    for number, line in enumerate(rows):
        for column, value in enumerate(line, 1):
            _styled(_put(sheet, row + number, column, value))
    if last > row:
        for column, each in enumerate(order, 1):
            if each.group not in REPEATED.values():
                sheet.merge_cells(start_row=row, start_column=column, end_row=last, end_column=column)
    return last + 1


def _put(sheet: Worksheet, row: int, column: int, value: str) -> Cell:
    """Text in a cell, whatever it looks like."""
    cell: Cell = sheet.cell(row, column)
    if value:
        plain = _FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
        cell.value = _LOOKS_ESCAPED.sub("_x005F_", plain)[:LONGEST]
        cell.data_type = "s"
    return cell


def _styled(cell: Cell) -> None:
    cell.number_format, cell.border, cell.alignment = "@", _BORDER, _WRAPPED


def _key(column: Column) -> str:
    return header_key(column.header)


def _finished(book: Workbook, sheet: Worksheet, order: tuple[Column, ...], last: int, valid_to: int) -> bytes:
    for number, column in enumerate(order, 1):
        key = _key(column)
        width = _WIDTHS.get(key, 8.0 if key in _NARROW else _WIDTH)
        sheet.column_dimensions[get_column_letter(number)].width = width
    _add_choices(book, sheet, order, max(valid_to, HEAD + 1))
    _set_page(sheet, _printed(order), max(last, HEAD))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_choices(book: Workbook, sheet: Worksheet, order: tuple[Column, ...], last: int) -> None:
    """Lists to choose from (on a hidden sheet), and a hint for each column."""
    choices = book.create_sheet(CHOICES)
    choices.sheet_state = "hidden"
    for number, column in enumerate(order, 1):
        key = "" if column.language else _key(column)
        words = _words(key)
        if key not in _HINTS and not words:
            continue
        rule = DataValidation(allow_blank=True, showErrorMessage=bool(words), errorStyle="warning")
        if words:
            place = choices.max_column + 1 if choices.max_row > 1 else 1
            for row, word in enumerate((NAMES[key].name, *words), 1):
                choices.cell(row, place, word)
            letter = get_column_letter(place)
            rule.type = "list"
            rule.formula1 = f"{CHOICES}!${letter}$2:${letter}${len(words) + 1}"
            rule.errorTitle, rule.error = NAMES[key].name, "不在值域之中，请从列表中选择"
        rule.promptTitle, rule.prompt = NAMES[key].name[:32], _HINTS.get(key, "请从列表中选择。")
        rule.showInputMessage = True
        letter = get_column_letter(number)
        rule.add(f"{letter}{HEAD + 1}:{letter}{last}")
        sheet.add_data_validation(rule)


def _words(key: str) -> tuple[str, ...]:
    """The values to choose from for a field; () where any may stand."""
    if key in _CHOICES:
        return tuple(value.label["zh"] for value in lists.values(_CHOICES[key]) if not value.practice)
    if key == "frequency":
        return tuple(map(lists.listed_word, lists.frequencies()))
    return ("是", "否") if key in ("open", "item_required", "item_key") else ()


def _set_page(sheet: Worksheet, width: int, last: int) -> None:
    """How it looks on screen and on paper."""
    sheet.freeze_panes = f"{get_column_letter(_frozen(width))}{HEAD + 1}"
    sheet.print_title_rows = f"1:{HEAD}"
    sheet.print_area = f"A1:{get_column_letter(width)}{last}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 8  # A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"


def _printed(order: tuple[Column, ...]) -> int:
    """How many columns are printed: those of the guide, which fit a page; extended ones stand to the right of them."""
    groups = {name.group or name.name for name in CORE}
    return max(number for number, column in enumerate(order, 1) if (column.group or column.name) in groups)


def _frozen(width: int) -> int:
    """The column behind the name, which stays in sight."""
    place = [name.key for name in CORE].index("name") + 2
    return min(place, width)
