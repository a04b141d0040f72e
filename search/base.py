"""The seam between questions and engines.

A `Query` is what someone asks, a `Page` what comes back, a `Document` what is indexed. An engine keeps its own position
in the log of changes, in the same commit as its documents, so that the two cannot disagree.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

Box = tuple[float, float, float, float]
Range = tuple[str | None, str | None]


@dataclass(frozen=True)
class Query:
    """A question. `words` are what a visitor typed (any text is valid; empty matches all). Values of one filter are
    alternatives, different filters all apply; of `required` every value has to be there. `ranges` bound the dates
    `modified`, `issued`, `created`, `updated` and `period` (what the data is about: an overlap is enough) by ISO dates,
    and the numbers `size` (bytes), `quality` (0 to 100) and `use`; both ends are included. `box` is (west, south, east,
    north) in degrees, east less than west across the antimeridian; `relation` says whether a dataset's box `intersects`
    it or lies `within`. `near` is (longitude, latitude, kilometres), measured to the centre of a dataset's box. `readers`
    are the asker's labels. `facets` are counted without their own filter (several values of one can be chosen by their
    counts), with it when `facet_within`; each gives at most `facet_size` values that at least `facet_least` datasets
    have, by `count` or by `value` (`facet_order`), only those with some words in them (`facet_words`), only those right
    under one (`facet_under`). `histograms` count dates by `year`, `quarter`, `month` or `day`. `after` is the `next` of
    an earlier page. `order` is one of `search.order.ORDERS`; a leading `-` turns it round. `literal` forbids reading the
    words in another way when nothing is found."""

    words: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    box: Box | None = None
    relation: str = "intersects"
    near: tuple[float, float, float] | None = None
    facets: tuple[str, ...] = ()
    facet_size: int = 50
    facet_least: int = 1
    facet_order: str = "count"
    facet_words: Mapping[str, str] = field(default_factory=dict)
    facet_under: Mapping[str, str] = field(default_factory=dict)
    facet_within: bool = False
    histograms: Mapping[str, str] = field(default_factory=dict)
    order: str = "relevance"
    limit: int = 20
    offset: int = 0
    after: str | None = None
    readers: frozenset[str] = frozenset({"public"})
    languages: tuple[str, ...] = ("zh", "en")
    highlight: bool = False
    explain: bool = False
    literal: bool = False


@dataclass(frozen=True)
class Hit:
    """One dataset found. `title` is in the asker's language as far as it is there; `highlights` map a field to HTML-escaped
    text with `<mark>` around what matched; `explained` names the parts of the score; `distance` is in km when asked near a
    point."""

    id: str
    name: str
    title: str
    organization: str
    score: float
    highlights: Mapping[str, str] = field(default_factory=dict)
    explained: Mapping[str, float] = field(default_factory=dict)
    distance: float | None = None


class FacetCount(msgspec.Struct, frozen=True, gc=False):
    """A value of a facet, the words to show for it, how many of the found datasets have it, and the value above it where the
    facet is a tree."""

    value: str
    label: Mapping[str, str]
    count: int
    parent: str | None = None


@dataclass(frozen=True)
class Understood:
    """One part of how the words were understood. `kind` is `word`, `phrase`, `prefix`, `field`, `range`, `everything` or
    `nothing`; `words` what is looked for (alternatives one by one, synonyms among `also`); `field` where, when it was said;
    `bounds` of a range."""

    kind: str
    words: tuple[str, ...] = ()
    field: str | None = None
    bounds: Range = (None, None)
    negated: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """An answer. `total` is exact. `next` continues after the last hit, `None` at the end. `histograms` count by the begin of
    each interval. `read_as`: empty, or how the words were read when nothing was found as typed: `pinyin` or `parts`.
    `did_you_mean` offers other words when little was found."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    next: str | None = None
    histograms: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    understood: tuple[Understood, ...] = ()
    read_as: str = ""
    did_you_mean: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A completion: the words, and the name of the dataset when it is one. `kind` is `title`, `publisher` or `keyword`."""

    words: str
    name: str | None = None
    kind: str = "keyword"


@dataclass(frozen=True)
class Document:
    """What is indexed of one dataset, made by `search.document` (pure). `facets` hold coded values, `dates` ISO strings,
    `tokens` our own analysis of the text by field, `shown` what a hit displays, `numbers` what else is bounded or ordered by
    (`search.fields`: the period in microseconds, counts)."""

    id: str
    name: str
    sequence: int
    readers: tuple[str, ...]
    facets: Mapping[str, tuple[str, ...]]
    dates: Mapping[str, str]
    tokens: Mapping[str, str]
    shown: Mapping[str, Any]
    box: Box | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ready:
    """A document in the form that one engine takes, so that it can be made in another process than writes it."""

    id: str
    sequence: int
    body: bytes


class SearchEngine(Protocol):
    """Chosen by the URL in the settings. `maker` gives the function (of a module, so that other processes can be told of it)
    that makes documents ready for this engine; `write` takes them either way. `write` commits documents, removals and
    position together; it takes all `documents` before it looks at `gone`. `contents` gives `(id, sequence)` of everything
    it holds, by id, for verification; `close` lets go of what was being built."""

    def maker(self) -> Callable[[Document], Ready]: ...
    def write(
        self, documents: Iterable[Document | Ready], gone: Iterable[str], position: int, since: int | None = None
    ) -> None: ...
    def search(self, query: Query) -> Page: ...
    def suggest(self, words: str, limit: int) -> list[Suggestion]: ...
    def similar(self, dataset_id: str, limit: int, readers: frozenset[str]) -> tuple[Hit, ...]: ...
    def state(self) -> str: ...
    def position(self) -> int: ...
    def fresh(self) -> "SearchEngine": ...
    def replace(self, other: "SearchEngine") -> None: ...
    def contents(self) -> Iterator[tuple[str, int]]: ...
    def close(self) -> None: ...
