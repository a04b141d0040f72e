"""Named things: an explicit table, and what other packages add through entry points.

A table line is a value, or the dotted path of one (`"standards.ckan:STANDARD"`), imported when first asked for, so that a
command that needs one format does not pay for all. The entry points of the group are looked at when a name is not in the table
or all names are wanted; the table wins, so that no package can replace what is built in. What is brought while the process
runs (`bring`) stands before both, since it is more special, and may not take a name of theirs.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar, cast

from metadata.errors import NotFound

T = TypeVar("T")


class Registry(Generic[T]):
    """`Registry("standard", "mulu.standards", {"ckan": "standards.ckan:STANDARD"})`; `kind` names one of them in messages."""

    def __init__(self, kind: str, group: str, table: Mapping[str, T | str]) -> None:
        self.kind = kind
        self.group = group
        self._table = dict(table)
        self._loaded: dict[str, T] = {}
        self._brought: dict[str, T] = {}
        self._added: dict[str, EntryPoint] | None = None

    def get(self, name: str) -> T:
        """The thing of this name. Raises `NotFound`, naming those there are."""
        if name in self._brought:
            return self._brought[name]
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def bring(self, things: Mapping[str, T]) -> None:
        """Takes these in, in place of all that was brought before."""
        self._brought = {name: thing for name, thing in things.items() if not self.is_built_in(name)}

    def brought(self) -> tuple[str, ...]:
        """The names of what was brought."""
        return tuple(self._brought)

    def is_built_in(self, name: object) -> bool:
        """Whether a name is the table's or an entry point's."""
        return name in self._table or name in self._entry_points()

    def __contains__(self, name: object) -> bool:
        return name in self._brought or self.is_built_in(name)

    def __iter__(self) -> Iterator[str]:
        """All names: what was brought, the table's in its order, then the added ones by name."""
        return iter([*self._brought, *self._table, *sorted(self._entry_points().keys() - self._table.keys())])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def values(self) -> Iterator[T]:
        """Everything, loaded."""
        return map(self.get, self)

    def items(self) -> Iterator[tuple[str, T]]:
        """Names and everything, loaded."""
        return ((name, self.get(name)) for name in self)

    def _load(self, name: str) -> T:
        if name in self._table:
            line = self._table[name]
            return cast(T, imported(line)) if isinstance(line, str) else line
        added = self._entry_points().get(name)
        if added is None:
            raise NotFound(f"there is no {self.kind} of this name", value=name, remedy=f"Known: {', '.join(self)}.")
        return cast(T, added.load())

    def _entry_points(self) -> dict[str, EntryPoint]:
        if self._added is None:
            self._added = {each.name: each for each in entry_points(group=self.group)}
        return self._added


def imported(path: str) -> object:
    """`"package.module:NAME"` → the value."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
