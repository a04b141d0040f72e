"""What an engine is asked for: a tree of conditions, the same for every engine, and what it gives back. Pure.

A `Query` says what a person wants, a `Lookup` what has to be looked up for it. Planning (`search.planning`) turns one into
the other, so that an engine is no more than a translation of these few nodes, and two engines cannot understand a question
differently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from search.cursor import Cursor
from search.order import Order

T = TypeVar("T")


def hashed_once(kind: type[T]) -> type[T]:
    """Remembers the hash of each value: trees of nodes are keys of what was counted, and are looked up again and again."""
    reckon: Any = kind.__hash__

    def remembered(self: T) -> int:
        found: int | None = self.__dict__.get("_hash")
        if found is None:
            found = self.__dict__["_hash"] = reckon(self)
        return found

    kind.__hash__ = remembered  # type: ignore[method-assign, assignment]
    return kind


@hashed_once
@dataclass(frozen=True)
class Everything:
    """All documents."""


@hashed_once
@dataclass(frozen=True)
class Nothing:
    """No document."""


@hashed_once
@dataclass(frozen=True)
class Term:
    """Documents with a token (scored by BM25 in `TEXTS`), or with exactly this value in any other field."""

    field: str
    value: str


@hashed_once
@dataclass(frozen=True)
class AnyTerm:
    """Documents with at least one of the values in a field that is not scored."""

    field: str
    values: tuple[str, ...]


@hashed_once
@dataclass(frozen=True)
class Phrase:
    """Documents in which two or more tokens follow one another in a text field."""

    field: str
    tokens: tuple[str, ...]


@hashed_once
@dataclass(frozen=True)
class Begun:
    """Documents with a token of a text field that begins like this (with `inside`: holds this); all of them, however many
    tokens there are."""

    field: str
    start: str
    inside: bool = False


@hashed_once
@dataclass(frozen=True)
class Between:
    """Documents whose number lies within bounds, both included; None is no bound. Documents without the number are not
    found."""

    field: str
    low: float | None = None
    high: float | None = None


@hashed_once
@dataclass(frozen=True)
class Near:
    """Documents whose centre is at most so far from a point along a great circle (haversine, radius 6,371,008.8 m)."""

    longitude: float
    latitude: float
    kilometres: float


@hashed_once
@dataclass(frozen=True)
class Together:
    """Documents that every one of `must` finds and none of `never`; `may` only adds to the score."""

    must: tuple["Node", ...]
    may: tuple["Node", ...] = ()
    never: tuple["Node", ...] = ()


@hashed_once
@dataclass(frozen=True)
class Either:
    """Documents that at least one finds; the score is the best one's, and `tie` times the others'."""

    nodes: tuple["Node", ...]
    tie: float = 0.0


@hashed_once
@dataclass(frozen=True)
class Weighted:
    """The same documents, the score times a weight."""

    node: "Node"
    weight: float


@hashed_once
@dataclass(frozen=True)
class Constant:
    """The same documents, each with this score: 0 for conditions that only filter."""

    node: "Node"
    score: float = 0.0


Node = Everything | Nothing | Term | AnyTerm | Phrase | Begun | Between | Near | Together | Either | Weighted | Constant


@hashed_once
@dataclass(frozen=True)
class Counting:
    """How a facet is counted: over the documents of `node`, at most `size` values that at least `least` of them have, the
    most frequent first (`by_value`: by the value), ties by value."""

    facet: str
    node: Node
    size: int
    least: int = 1
    by_value: bool = False


@hashed_once
@dataclass(frozen=True)
class Bars:
    """A histogram: how many documents of `node` have their date in each `year`, `quarter`, `month` or `day` (UTC)."""

    field: str
    node: Node
    interval: str


@dataclass(frozen=True)
class Lookup:
    """All that an engine looks up for one question. `parts`: for explaining, named parts of the score; the engine tells what
    each gives to each hit. `snapshot`: whether a cursor will be asked for the next page."""

    node: Node
    order: Order
    offset: int = 0
    limit: int = 20
    after: Cursor | None = None
    facets: tuple[Counting, ...] = ()
    bars: tuple[Bars, ...] = ()
    parts: tuple[tuple[str, Node], ...] = ()


@dataclass(frozen=True)
class Row:
    """One document found: what is stored of it (`Document.shown`), its score, and what each named part gave to it."""

    id: str
    name: str
    shown: Mapping[str, Any]
    score: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What an engine gives back. `facets` hold `(value, count)` by facet, `bars` `(begin of the interval as an ISO date,
    count)` without empty ones, `next` where it goes on (None at the end)."""

    total: int
    rows: tuple[Row, ...] = ()
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    bars: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    next: Cursor | None = None


class Index(Protocol):
    """What an engine has to be able to do; `search.answer`, `search.suggest` and the like do the rest for all of them."""

    def look(self, lookup: Lookup) -> Found:
        """The answer, out of one state of the index."""
        ...

    def samples(self, facet: str, values: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """For each value that some document has in a facet, what one such document tells of values (`labels` and `above` of
        its `Document.shown`)."""
        ...

    def completions(self, start: str, limit: int) -> list[tuple[str, int]]:
        """Lines of the field `completion` that begin with `start` on documents that the reader `public` may see, with how many
        of these have each, the most frequent first, ties by line."""
        ...

    def terms_like(self, field: str, term: str, edits: int, limit: int) -> list[tuple[str, int]]:
        """Tokens of a text field that differ from `term` by at most so many edits (insert, delete, replace, swap neighbours;
        the first character is the same), with the number of documents, the most frequent first."""
        ...

    def state(self) -> str:
        """A word that is another after every commit that a search can see."""
        ...
