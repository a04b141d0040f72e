"""An entry → what is indexed of it. Pure.

Text is indexed up to a bound, so that one runaway description cannot weigh down the index: the first `DESCRIPTION` characters
of a description in each language, the first `OTHER` characters of everything else. What a hit shows of a description is
shorter still.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from metadata.entry import Entry
from metadata.model import Agent, Box, Coded, Dataset
from metadata.text import every
from search.analysis import characters, fold, is_dense, joined, main, stream
from search.base import Document
from search.dates import span
from search.facets import FACETS, LONGEST

DESCRIPTION = 10_000
TITLE = 1_000
OTHER = 10_000
SHOWN = 500
MOST = 200
"""Values of one facet, distributions and information items that are indexed."""

_TAKERS = tuple((name, facet.take, lru_cache(maxsize=2_000)(facet.label)) for name, facet in FACETS.items())
_SHORT = 60

PARTED = "\x1f"
"""Between a completion's folded text and the words it stands for."""


def document(entry: Entry) -> Document:
    """What is indexed of an entry."""
    facets, labels = _facets(entry)
    return Document(
        id=entry.id,
        name=entry.name,
        sequence=entry.sequence,
        readers=entry.readers,
        facets=facets,
        dates=_dates(entry),
        tokens=_tokens(entry),
        shown=_shown(entry, labels),
        box=_box(entry.dataset),
    )


def _facets(entry: Entry) -> tuple[dict[str, tuple[str, ...]], dict[str, dict[str, Mapping[str, str]]]]:
    """Values by facet, and the words for those values that only this entry knows."""
    facets: dict[str, tuple[str, ...]] = {"identifier": (entry.identifier[:LONGEST],)}
    labels: dict[str, dict[str, Mapping[str, str]]] = {}
    for name, take, label in _TAKERS:
        values: list[str] = []
        for given, words in take(entry):
            if value := _value(given[:LONGEST]):
                values.append(value)
                if words and not label(value):
                    labels.setdefault(name, {})[value] = words
        facets[name] = tuple(dict.fromkeys(values[:MOST]) if len(values) > 1 else values)
    return facets, labels


@lru_cache(maxsize=20_000)
def _value(given: str) -> str:
    return " ".join(given.split())


def _dates(entry: Entry) -> dict[str, str]:
    dataset = entry.dataset
    found = {"modified": dataset.modified, "issued": dataset.issued, "created": entry.created, "updated": entry.updated}
    return {name: value for name, value in found.items() if value and span(value)}


def _tokens(entry: Entry) -> dict[str, str]:
    dataset = entry.dataset
    titles = [title[:TITLE] for title in dataset.title.values()]
    title_streams = [stream(title) for title in titles]
    keywords = [word[:LONGEST] for word in every(dataset.keyword)[:MOST]]
    publishers = list(_publishers(entry))
    tokens = {
        "title": joined(title_streams),
        "keyword": joined(map(_stream, keywords)),
        "publisher": joined(map(_stream, publishers)),
        "description": joined(stream(text[:DESCRIPTION]) for text in dataset.description.values()),
        "other": joined(map(_stream, _other(entry))),
    }
    return {
        **tokens,
        "title_characters": characters([tokens["title"]]),
        "characters": characters(tokens.values()),
        "exact": "\n".join(dict.fromkeys(filter(None, map(main, title_streams)))),
        "completion": "\n".join(_all_completions([*keywords, *publishers])) if "public" in entry.readers else "",
    }


def _stream(words: str) -> str:
    return _short_stream(words) if len(words) <= _SHORT else stream(words)


_short_stream = lru_cache(maxsize=20_000)(stream)
"""Keywords, publishers and titles of distributions come again and again."""


def _publishers(entry: Entry) -> Iterator[str]:
    found: list[str] = list(entry.organization_title.values())
    for agent in (entry.dataset.publisher, *entry.dataset.creator):
        found += _names(agent)
    return iter(dict.fromkeys(name[:LONGEST] for name in found))


def _names(agent: Agent | None) -> Iterator[str]:
    while agent is not None:
        yield from agent.name.values()
        agent = agent.parent


def _other(entry: Entry) -> Iterator[str]:
    """Everything else that is worth finding, cut at `OTHER` characters in all."""
    left = OTHER
    for words in _other_words(entry):
        if left <= 0:
            return
        yield words[:left]
        left -= len(words)


def _other_words(entry: Entry) -> Iterator[str]:
    dataset = entry.dataset
    for identifier in (entry.identifier, *dataset.other_identifier):
        yield identifier.rstrip("/").rpartition("/")[2] if "://" in identifier else identifier
    yield from _coded_words((*dataset.theme, *filter(None, [dataset.classification])))
    for item in dataset.information_item[:MOST]:
        yield from item.name.values()
        yield item.code or ""
    for part in dataset.distribution[:MOST]:
        yield from part.title.values()
    for place in dataset.spatial[:MOST]:
        yield from place.name.values()
    for series in dataset.in_series:
        yield from series.title.values()


def _coded_words(values: Iterable[Coded]) -> Iterator[str]:
    for value in values:
        yield from value.label.values() if value.label else filter(None, [value.raw or value.code])


def _all_completions(words: Iterable[str]) -> Iterator[str]:
    return (line for word in words for line in _completions(word))


@lru_cache(maxsize=20_000)
def _completions(word: str) -> tuple[str, ...]:
    """Where a visitor may begin to type a keyword: at its start, and at each character of a dense script."""
    word = " ".join(word.split())
    folded = fold(word)
    starts = [0, *(place for place in range(1, min(len(folded), 24)) if is_dense(folded[place]))]
    return tuple(f"{folded[place:]}{PARTED}{word}" for place in starts) if folded else ()


def _shown(entry: Entry, labels: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "title": {language: words[:TITLE] for language, words in entry.dataset.title.items()},
        "description": {language: words[:SHOWN] for language, words in entry.dataset.description.items()},
        "organization": entry.organization or "",
    }
    if labels:
        shown["labels"] = labels
    return shown


def _box(dataset: Dataset) -> Box | None:
    return next((place.box for place in dataset.spatial if place.box), None)
