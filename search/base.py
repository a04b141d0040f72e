"""The seam between questions and engines.

A `Query` is what someone asks, a `Page` what comes back, a `Document` what is indexed. An engine keeps its own position
in the log of changes, in the same commit as its documents, so that the two cannot disagree.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Range = tuple[str | None, str | None]


@dataclass(frozen=True)
class Query:
    """A question. `words` are what a visitor typed (any text is valid; empty matches all). Values of one filter are
    alternatives, different filters all apply. `ranges` bound `modified`, `issued`, `created`, `updated` by ISO dates, both
    ends included. `readers` are the asker's labels. `after` is the `next` of an earlier page. `order` is one of
    `relevance`, `modified`, `title`, `name`, `created`, `updated`, `id`; a leading `-` turns it round."""

    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    facet_size: int = 50
    order: str = "relevance"
    limit: int = 20
    offset: int = 0
    after: str | None = None
    readers: frozenset[str] = frozenset({"public"})
    languages: tuple[str, ...] = ("zh", "en")
    highlight: bool = False


@dataclass(frozen=True)
class Hit:
    """One dataset found. `title` is in the asker's language as far as it is there; `highlights` map a field to HTML-escaped
    text with `<mark>` around what matched."""

    id: str
    name: str
    title: str
    organization: str
    score: float
    highlights: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FacetCount:
    """A value of a facet, the words to show for it, and how many of the found datasets have it."""

    value: str
    label: Mapping[str, str]
    count: int


@dataclass(frozen=True)
class Page:
    """An answer. `total` is exact. `next` continues after the last hit, `None` at the end."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    next: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """A completion: the words, and the name of the dataset when it is one."""

    words: str
    name: str | None = None


@dataclass(frozen=True)
class Document:
    """What is indexed of one dataset, made by `search.document` (pure). `facets` hold coded values, `dates` ISO strings,
    `tokens` our own analysis of the text by field, `shown` what a hit displays."""

    id: str
    name: str
    sequence: int
    readers: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    dates: Mapping[str, str]
    tokens: Mapping[str, str]
    shown: Mapping[str, Any]
    box: tuple[float, float, float, float] | None = None


class SearchEngine(Protocol):
    """Chosen by the URL in the settings. `write` commits documents, removals and position together; it takes all `documents`
    before it looks at `gone`. `contents` gives `(id, sequence)` of everything it holds, by id, for verification; `close` lets
    go of what was being built."""

    def write(self, documents: Iterable[Document], gone: Iterable[str], position: int) -> None: ...
    def search(self, query: Query) -> Page: ...
    def suggest(self, words: str, limit: int) -> list[Suggestion]: ...
    def position(self) -> int: ...
    def fresh(self) -> "SearchEngine": ...
    def replace(self, other: "SearchEngine") -> None: ...
    def contents(self) -> Iterator[tuple[str, int]]: ...
    def close(self) -> None: ...
