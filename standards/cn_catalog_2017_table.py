"""Records after the guide of 2017 as rows of a table: columns and lines for CSV and workbooks, and rows put together again.

    columns(records) -> tuple[Column, ...]               those of the guide, then what is said besides
    lines(record, columns) -> list[list[str]]            its first line, and one for each further 信息项, file and contact
    csv_text(records) -> Iterator[str]                   a CSV (RFC 4180) with headers `共享属性/共享类型`
    gather(bodies) -> Iterator[body]                     rows of `standards.tables`, one body for each resource

A resource's first line holds its fields; its further items follow beneath. Real workbooks write such lines in three ways:
fields merged downwards (`standards.tables` puts these together), fields left empty, or fields repeated; and some have the
items on a sheet of their own, by code or name.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest
from typing import Any, NamedTuple

import orjson

from metadata.text import guess
from standards.cn_catalog_2017_names import CORE, EXTENDED, EXTENSION, NAMES, REPEATED, group_of, key_of
from standards.cn_nodes import JSON_TYPE, is_text
from standards.tables import MOST_MORE, Body

Record = dict[str, Any]
CHOICES = "值域"
"""The sheet of values to choose from in our workbooks: no records."""

_ITEMS = set(REPEATED.values())
_SPARE = frozenset(("item_precision", "item_description", "item_required", "item_key", "share_basis", "format_other"))
"""Fields of the guide's groups that are extensions themselves: a column only where something is said."""


class Column(NamedTuple):
    """A column: group, name, language of its words ("" for the plain one, `json` for what is no text)."""

    group: str
    name: str
    language: str = ""

    @property
    def title(self) -> str:
        """Its name with the language: `信息资源名称(en)`."""
        return f"{self.name}({self.language})" if self.language else self.name

    @property
    def header(self) -> str:
        """`共享属性/共享类型`."""
        return f"{self.group}/{self.title}" if self.group else self.title


Line = dict[Column, str]


def columns(records: Iterable[Record]) -> tuple[Column, ...]:
    """The guide's columns in its order, and those that these records need besides."""
    used = dict.fromkeys(column for record in records for line in _lines(record) for column in line)
    always = [Column(name.group, name.name) for name in CORE if name.key not in _SPARE]
    known = [Column(name.group, name.name) for name in (*CORE, *EXTENDED)]
    order = [column for column in known if column in always or column in used]
    for column in used:
        if column not in order:
            order.insert(_behind(order, column), column)
    return tuple(order)


def _behind(order: list[Column], column: Column) -> int:
    """The place of a further column: behind the one without language, else behind its group, else at the end."""
    plain = Column(column.group, column.name)
    if plain in order:
        return order.index(plain) + 1
    same = [place for place, each in enumerate(order) if column.group and each.group == column.group]
    return same[-1] + 1 if same else len(order)


def lines(record: Record, order: tuple[Column, ...]) -> list[list[str]]:
    """The lines of one record."""
    return [[line.get(column, "") for column in order] for line in _lines(record)]


def _lines(record: Record) -> list[Line]:
    single: Line = {}
    repeated: list[list[Line]] = []
    for name, value in record.items():
        if name in _ITEMS and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            repeated.append([dict(chain.from_iterable(_cells(name, *member) for member in entry.items())) for entry in value])
        elif isinstance(value, dict) and not is_text(value) and (group_of(name) == name or name == EXTENSION):
            single.update(chain.from_iterable(_cells(name, *member) for member in value.items()))
        else:
            single.update(_cells("", name, value))
    further = [dict(chain.from_iterable(each.items() for each in row if each)) for row in zip_longest(*repeated)]
    first = single | (further[0] if further else {})
    return [first, *further[1:]]


def _cells(group: str, name: str, value: Any) -> Iterator[tuple[Column, str]]:
    known = group != EXTENSION and (group_of(name) or key_of(name, group))
    if known and is_text(value):
        for tag, words in value.items():
            # Chinese stands in the guide's own column, where its script shows what it is.
            shows = tag == "zh" and all(guess(each) == tag for each in (words if isinstance(words, list) else [words]))
            yield Column(group, name, "" if shows else tag), cell_text(words)
    elif value not in (None, "") and not known and not isinstance(value, str):
        yield Column(group, name, JSON_TYPE), orjson.dumps(value).decode()
    elif (words := cell_text(value)) != "":
        yield Column(group, name), words


def cell_text(value: Any) -> str:
    """What stands in a cell: text, the values of a list on lines of their own, JSON for what is deeper."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else orjson.dumps(value).decode()


def csv_text(records: Iterable[Record]) -> Iterator[str]:
    """A CSV of the records, in pieces; the first has the header. Two passes: the records are held."""
    held = list(records)
    order = columns(held)
    yield _csv([[column.header for column in order]])
    for record in held:
        yield _csv(lines(record, order))


def _csv(rows: Iterable[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[cell.replace("\x00", "") for cell in row] for row in rows])
    return out.getvalue()


# Rows put together


def gather(bodies: Iterable[Body]) -> Iterator[Body]:
    """One body for each resource. The rows of a text are passed on as they come; those of a workbook are held, since the items
    may be on a later sheet."""
    held: Body | None = None
    kept: list[Body] = []
    items: list[Body] = []
    for body in bodies:
        if body["sheet"] == CHOICES:
            continue
        if held is not None and _goes_on(held, body):
            _add(held, body)
            continue
        if held is not None and not held["sheet"]:
            yield held
        held = body
        if body["sheet"]:
            (items if _only_items(body) else kept).append(body)
    if held is not None and not held["sheet"]:
        yield held
    yield from _with_items(kept, items)


def _goes_on(held: Body, body: Body) -> bool:
    """Whether a row has further items of the resource above: named the same, or not at all."""
    if held["sheet"] != body["sheet"] or len(held.get("more", ())) >= MOST_MORE:
        return False
    said = _said(body)
    if not any(key.partition("_")[0] in REPEATED for key in said):
        return False
    above = _said(held)
    if not said.get("code") and not said.get("name"):
        return bool(above.get("code") or above.get("name"))
    return (said.get("code"), said.get("name")) == (above.get("code"), above.get("name"))


def _add(held: Body, body: Body) -> None:
    held.setdefault("more", []).append([cell for cell in body["cells"] if cell[2]])
    held["more"].extend(body.get("more", ()))


def _said(body: Body) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, header, value in body["cells"]:
        if value and (key := header_key(header)):
            found.setdefault(key, value)
    return found


def header_key(header: str) -> str:
    """The key of a field by a header in one or two lines; "" for none."""
    upper, slash, lower = header.partition("/")
    group = group_of(upper) if slash else ""
    if not slash:
        return key_of(header)
    return key_of(lower, group) if group else key_of(header) or key_of(lower)


def _only_items(body: Body) -> bool:
    """Whether a row's sheet has items only, with the code or name of their resource."""
    keys = {key for _, header, _ in body["cells"] if (key := header_key(header))}
    own = {key for key in keys if key.partition("_")[0] in REPEATED}
    return bool(own) and bool(keys & {"code", "name"}) and keys - own <= {"code", "name", "provider", "provider_code"}


def _with_items(kept: list[Body], items: list[Body]) -> Iterator[Body]:
    """The resources of a workbook, with the items of its other sheet; items of a resource that is not there are bodies of
    their own."""
    known: dict[str, Body] = {}
    for body in kept:
        said = _said(body)
        for word in (said.get("code"), said.get("name")):
            if word:
                known.setdefault(word, body)
    lost: list[Body] = []
    for body in items:
        said = _said(body)
        owner = known.get(said.get("code", "")) or known.get(said.get("name", ""))
        if owner is None:
            lost.append(body)
        else:
            _attach(owner, body)
    yield from kept
    yield from lost


def _attach(owner: Body, body: Body) -> None:
    """Rows of another sheet: their addresses get its name, since the body has the resource's."""
    for row in (body["cells"], *body.get("more", ())):
        cells = [[f"{body['sheet']}!{address}", *rest] for address, *rest in row if rest[1] and _is_item(rest[0])]
        owner.setdefault("more", []).append(cells)


def _is_item(header: str) -> bool:
    key = header_key(header)
    return bool(key) and NAMES[key].group in _ITEMS
