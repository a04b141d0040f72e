"""What a body says, field by field, for reading and checking alike: values by key, each with its place.

A `Said` holds the cells of single fields, the entries of the groups that repeat (信息项信息, 挂接资源, 联系方式), and
what goes by no name of the guide. Where something is missing, `place` says where it would stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from standards import tables
from standards.cn_catalog_2017_names import EXTENSION, NAMES, REPEATED, group_of, key_of, single
from standards.cn_nodes import At, Node, json_of, root_of
from standards.json_schema import plain, pointer

_EMPTY = frozenset(("", "暂无", "无数据", "null", "NULL", "None"))
_NOTHING_HERE = frozenset(("无", "-", "--", "—", "/", "N/A", "n/a"))
_REAL_NOTHING = frozenset(("share_condition", "open_condition", "share_basis"))


class Cell(NamedTuple):
    """One value and where it stands."""

    value: Any
    place: str
    at: At
    language: str = ""

    @property
    def words(self) -> str:
        """The value as text."""
        return words_of(self.value)


Entry = dict[str, list[Cell]]


@dataclass
class Said:
    """All that a body says. `is_json`: it is an object and no table row. `entries` by the kind of a repeated group; `left` by
    the name the source used."""

    root: Node
    is_json: bool = False
    fields: Entry = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=lambda: {kind: [] for kind in REPEATED})
    left: dict[str, Any] = field(default_factory=dict)
    empty: Entry = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)

    def words(self, key: str) -> str:
        """The first value of a field as text; "" when there is none."""
        cells = self.fields.get(key)
        return cells[0].words if cells else ""

    def cell(self, key: str) -> Cell | None:
        """The first value of a field."""
        cells = self.fields.get(key)
        return cells[0] if cells else None

    def place(self, key: str, entry: Entry | None = None) -> str:
        """Where a field stands or would stand."""
        here = (entry if entry is not None else self.fields).get(key) or (self.empty.get(key) if entry is None else None)
        if here:
            return here[0].place
        name = NAMES[key]
        if entry:
            return _beside(next(iter(entry.values()))[0], name.name, self.is_json)
        if not self.is_json:
            return self.groups.get(name.group) or self.root.place
        return pointer((name.name,)) if self.is_flat else pointer(tuple(name.path.split("/")))

    @property
    def is_flat(self) -> bool:
        """Whether an object has no groups: `{"共享类型": …}`."""
        return self.is_json and all(group in REPEATED.values() for group in self.groups)


def _beside(cell: Cell, name: str, is_json: bool) -> str:
    """The place of a missing field of an entry: beside one that is there."""
    return pointer(tuple(step for step in cell.at[:-1])) + pointer((name,)) if is_json and cell.at else cell.place


def said(body: Any) -> Said:
    """What a body says. Raises `Unreadable` when it is no object, document or row."""
    root = root_of(body)
    rows = _Rows(tables.is_row(body))
    found = Said(root, is_json=isinstance(body, dict) and not rows.is_table)
    for node in root.inner:
        if rows.is_table and node.at[0] > 0:
            rows.further(found, node)
        else:
            _take(found, node, rows)
    return found


def _take(found: Said, node: Node, rows: "_Rows") -> None:
    """One node at the top: a group, a field, or something else."""
    group = group_of(node.name)
    if node.inner and group:
        found.groups.setdefault(group, node.place)
        _group(found, node, group, rows)
    elif node.name == EXTENSION and (node.inner or isinstance(node.value, dict)):
        _extension(found, node)
    elif node.inner and (key := _in_unknown_group(node, rows)):
        _keep(found, key, node.inner[0], rows)
    elif node.inner or not (key := key_of(node.name) or single(group)):
        _leave(found, node)
    else:
        _keep(found, key, node, rows)


def _in_unknown_group(node: Node, rows: "_Rows") -> str:
    """The key of a two-line header: `共享条件/不予共享依据` is one name, `基本信息/信息资源名称` has a group of its own."""
    if not rows.is_table or node.inner[0].inner:
        return ""
    return key_of(f"{node.name}/{node.inner[0].name}") or key_of(node.inner[0].name)


def _group(found: Said, node: Node, group: str, rows: "_Rows") -> None:
    """The fields within a group; of a repeated one an entry for each node (or for each node within, in XML)."""
    kind = next((kind for kind, name in REPEATED.items() if name == group), "")
    if kind and not rows.is_table:
        wrapped = all(each.inner for each in node.inner)
        for each in node.inner if wrapped else (node,):
            if entry := _entry(each, group):
                found.entries[kind].append(entry)
        return
    for each in node.inner:
        inner_group = group_of(each.name)
        if each.inner and inner_group:
            found.groups.setdefault(inner_group, each.place)
            _group(found, each, inner_group, rows)
        elif not each.inner and (key := key_of(each.name, group)):
            _keep(found, key, each, rows)
        elif kind and each.value not in (None, ""):
            rows.put(found, kind, f"+{each.name}", Cell(each.value, each.place, each.at))
        elif not is_nothing(each.value) or each.inner:
            found.left[f"{node.name}/{each.name}"] = json_of(each)


def _entry(node: Node, group: str) -> Entry:
    """One entry of a repeated group; what has no name there is kept as `+name`."""
    entry: Entry = {}
    for each in node.inner:
        key = key_of(each.name, group) if not each.inner else ""
        if not key and f"+{each.name}" in entry and isinstance(node.value, dict):
            continue
        whole = plain(node.value[each.name]) if not key and isinstance(node.value, dict) and each.name in node.value else None
        cell = Cell(whole or (json_of(each) if each.inner else each.value), each.place, each.at, each.language)
        if not is_nothing(cell.value, key) or (not key and cell.value is not None):
            entry.setdefault(key or f"+{each.name}", []).append(cell)
    return entry


def _keep(found: Said, key: str, node: Node, rows: "_Rows") -> None:
    cell = Cell(node.value, node.place, node.at, node.language)
    kind = key.partition("_")[0]
    if is_nothing(node.value, key):
        found.empty.setdefault(key, []).append(cell)
    elif kind in REPEATED:
        rows.put(found, kind, key, cell)
    else:
        found.fields.setdefault(key, []).append(cell)


def _leave(found: Said, node: Node) -> None:
    """What goes by no name of the guide: JSON as it stood there (once, of a list), the rest as text."""
    if found.is_json:
        if node.name not in found.left:
            found.left[node.name] = plain(found.root.value[node.at[0]])
    elif node.inner or node.value not in (None, ""):
        held, value = found.left.get(node.name), json_of(node)
        found.left[node.name] = value if held is None else [*(held if isinstance(held, list) else [held]), value]


def _extension(found: Said, node: Node) -> None:
    """扩展元数据: names that would be taken for others at the top."""
    if isinstance(node.value, dict):
        found.left |= plain(node.value)
    else:
        found.left |= {name: value for name, value in json_of(node).items() if value not in (None, "")}


class _Rows:
    """Entries without a node of their own: one for each row of a table; else a new one where a field comes again."""

    def __init__(self, is_table: bool) -> None:
        self.is_table = is_table
        self._last: dict[str, tuple[int, Entry]] = {}

    def put(self, found: Said, kind: str, key: str, cell: Cell) -> None:
        """A value of the entry that it belongs to."""
        row = cell.at[0] if self.is_table else 0
        number, entry = self._last.get(kind, (-1, {}))
        if number != row or (key in entry and not self.is_table):
            entry = {}
            found.entries[kind].append(entry)
            self._last[kind] = (row, entry)
        entry.setdefault(key, []).append(cell)

    def further(self, found: Said, node: Node) -> None:
        """A cell of a row that belongs to the one above: only its entries count, and further classes or relations do not."""
        inner = node.inner[0] if node.inner else node
        group = group_of(node.name) if node.inner else ""
        key = key_of(inner.name, group) or ("" if node.inner else single(group_of(inner.name)))
        kind = key.partition("_")[0]
        if not key and group in REPEATED.values():
            key, kind = f"+{inner.name}", next(each for each, name in REPEATED.items() if name == group)
        said_more = inner.value not in (None, "") if key.startswith("+") else not is_nothing(inner.value, key)
        if kind in REPEATED and said_more:
            self.put(found, kind, key, Cell(inner.value, inner.place, inner.at, inner.language))


def words_of(value: Any) -> str:
    """Any scalar as text."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def is_nothing(value: Any, key: str = "") -> bool:
    """Whether a value says nothing: empty, 暂无, and 无 where that is no answer."""
    if value is None or value == [] or value == {}:
        return True
    words = value.strip() if isinstance(value, str) else None
    return words is not None and (words in _EMPTY or (words in _NOTHING_HERE and key not in _REAL_NOTHING))


def values(entry: Entry, key: str) -> Iterator[str]:
    """The values of a field of an entry as text."""
    return (cell.words for cell in entry.get(key, ()))
