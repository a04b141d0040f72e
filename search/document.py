"""An entry → what is indexed of it. Pure.

`search.document_words` makes the tokens of its text, `search.document_completions` what suggestions complete,
`search.document_numbers` what is bounded and ordered by; `search.facets` says what is counted. What a hit shows of a
description is shorter than what is indexed of it.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from metadata.entry import Entry
from metadata.model import Box
from search.base import Document
from search.dates import instant, span
from search.document_completions import completions
from search.document_numbers import numbers
from search.document_words import DESCRIPTION, MOST, TITLE, publishers, tokens
from search.facet_values import nothing
from search.facets import FACETS, LONGEST
from search.geometry import box_of, coordinates
from search.steps import rank_words

__all__ = ["DESCRIPTION", "MOST", "SHOWN", "TITLE", "document"]

SHOWN = 500
"""Characters of a description that are kept for hits."""

_DAY = 86_400_000_000  # microseconds
_TAKERS = tuple((name, facet.take) for name, facet in FACETS.items())
_TELLERS = tuple((name, facet.told) for name, facet in FACETS.items() if facet.told is not nothing)


def document(entry: Entry) -> Document:
    """What is indexed of an entry."""
    names = publishers(entry)
    found = tokens(entry, names)
    dates = _dates(entry)
    found["completion"] = completions(entry, names)
    modified = instant(dates.get("modified"))
    box = box_of(entry.dataset.spatial) if entry.dataset.spatial else None
    found["rank"] = _rank(None if modified is None else modified // _DAY, entry.use)
    return Document(
        id=entry.id,
        name=entry.name,
        sequence=entry.sequence,
        readers=entry.readers,
        facets=_facets(entry),
        dates=dates,
        tokens=found,
        shown=_shown(entry, box),
        box=box,
        numbers=numbers(entry),
    )


@lru_cache(maxsize=20_000)
def _rank(day: int | None, use: int) -> str:
    """The words of `rank` go by the month at most."""
    return "\n".join(rank_words(None if day is None else day * _DAY, use))


def _facets(entry: Entry) -> dict[str, tuple[str, ...]]:
    facets: dict[str, tuple[str, ...]] = {"identifier": (entry.identifier[:LONGEST],)}
    for name, take in _TAKERS:
        values = tuple(take(entry))
        facets[name] = values if len(values) < 2 else tuple(dict.fromkeys(values))[:MOST]
    return facets


def _dates(entry: Entry) -> dict[str, str]:
    dataset = entry.dataset
    found = {"modified": dataset.modified, "issued": dataset.issued, "created": entry.created, "updated": entry.updated}
    return {name: value for name, value in found.items() if value and span(value)}


def _shown(entry: Entry, box: Box | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "title": {language: words[:TITLE] for language, words in entry.dataset.title.items()},
        "description": {language: words[:SHOWN] for language, words in entry.dataset.description.items()},
        "organization": entry.organization or "",
    }
    if box is not None:
        shown["centre"] = coordinates(box)[4:]
    if labels := _labels(entry):
        shown["labels"] = labels
    if entry.above:
        above = ((name, facet.above(entry)) for name, facet in FACETS.items())
        shown["above"] = {name: parents for name, parents in above if parents}
    return shown


def _labels(entry: Entry) -> dict[str, Mapping[str, Mapping[str, str]]]:
    """The words for those values that only this entry knows, by facet."""
    return {name: words for name, told in _TELLERS if (words := told(entry))}
