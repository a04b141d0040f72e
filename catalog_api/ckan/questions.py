"""From `q`, `fq` and `sort` to what our engine is asked. Pure: names that only the directory knows are looked up by a `Lookup`.

CKAN's field names become our filters. Values of one filter are alternatives; a filter asked for twice must hold twice,
which a Query cannot say for facets with many values, so `Asked.filters` is a list and `catalog_api.ckan.searching` narrows
step by step.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Protocol

from catalog_api.ckan.fields import (
    ALWAYS,
    DATES,
    DESCENDING,
    EVEN,
    FACETS,
    FIELDS,
    FIXED,
    SINGLE,
    SORTS,
    STATES,
    TEXTS,
    VISIBLE,
)
from catalog_api.ckan.moments import bounds, narrowed
from catalog_api.ckan.solr import Condition, NotExpressible, Span, Wish, wishes
from metadata.vocabulary import language_tag, look_up
from search.base import Range

_FIELDED = re.compile(r'(?<![\w:/."])(?!https?://)(?:[A-Za-z_][\w.\-]*|\*):(?=\S)')
MOST_VALUES = 1_000


class Lookup(Protocol):
    """What only the directory knows."""

    def organization(self, word: str) -> str:
        """The name of the department with this name or id; the word itself when there is none."""

    def source(self, word: str) -> str:
        """The name of the source with this name or id; the word itself when there is none."""

    def themes(self, group: str) -> tuple[str, ...]:
        """The values of the theme facet that stand behind a group's name."""

    def values(self, facet: str) -> tuple[str, ...]:
        """Every value of a facet. Raises `NotExpressible` when they are too many to list."""


@dataclass
class Asked:
    """What was understood: all of it applies. `impossible`: no dataset can have it."""

    words: list[str] = field(default_factory=list)
    filters: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    excluded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    impossible: bool = False


def asked(q: str, fq: Iterable[str], lookup: Lookup, now: datetime) -> Asked:
    """The conditions of a search. Raises `NotExpressible` for what cannot be asked here."""
    found = Asked()
    if q.strip() and q.strip() not in ("*", "*:*"):
        if _FIELDED.search(q) or q.lstrip().startswith("{!"):
            _apply(found, wishes(q), lookup, now)
        else:
            found.words.append(_plain(q))
    for text in fq:
        _apply(found, wishes(text), lookup, now)
    return found


def order(sort: str) -> str:
    """Our order for `field asc|desc, …`: the first field that tells datasets apart. Raises `NotExpressible`."""
    chosen = None
    for part in filter(None, (part.strip() for part in sort.split(","))):
        name, _, direction = part.partition(" ")
        direction = direction.strip().lower() or ("desc" if name == "rank" else "")
        if direction not in ("asc", "desc") or name not in (*SORTS, *EVEN):
            raise NotExpressible('Invalid "sort" parameter')
        if name in SORTS and chosen is None:
            key = SORTS[name]
            chosen = key if (direction == "desc") == (key in DESCENDING) else f"-{key}"
    return chosen or "relevance"


def _plain(q: str) -> str:
    """Words without a field, as dismax takes them: `+` and AND say nothing new, NOT is `-`, an OR cannot be asked."""
    if re.search(r"(?<!\S)(?:OR|\|\|)(?!\S)", q):
        raise NotExpressible("OR between words of the text is not supported")
    q = re.sub(r"(?<!\S)(?:AND|&&)(?!\S)", " ", q)
    q = re.sub(r"(?<!\S)NOT\s+", "-", re.sub(r"(?<!\S)\+(?=\S)", "", q))
    return " ".join(q.split())


def _apply(found: Asked, conditions: Iterable[Wish], lookup: Lookup, now: datetime) -> None:
    for wish in conditions:
        name = wish.field.removeprefix("extras_")
        if isinstance(wish, Span):
            _apply_span(found, name, wish, now)
        elif name in ("", "text"):
            _apply_words(found, wish)
        elif name in DATES and wish.values != ("*",):
            _apply_dates(found, name, wish, now)
        else:
            _apply_values(found, name, wish, lookup)


def _apply_words(found: Asked, wish: Condition) -> None:
    for value in wish.values:
        if value == "*" and not wish.phrase and not wish.negated:
            continue
        if not wish.phrase and re.search(r"[*?]", value):
            raise NotExpressible(f"wildcards in the text ({value}) are not supported; they are in fields such as tags")
        bare = value.replace('"', " ").strip()
        found.words.append(("-" if wish.negated else "") + (f'"{bare}"' if wish.phrase else bare))


def _apply_dates(found: Asked, name: str, wish: Condition, now: datetime) -> None:
    if len(wish.values) > 1 or wish.negated:
        raise NotExpressible(f"{name} is asked for by a range, such as {name}:[NOW-7DAYS TO *]")
    _apply_span(found, name, Span(name, wish.values[0], wish.values[0]), now)


def _apply_span(found: Asked, name: str, span: Span, now: datetime) -> None:
    if name not in DATES:
        if (span.low, span.high) == ("*", "*") and name in FIELDS:
            raise NotExpressible(f"“{name} is given” cannot be asked; try {name}:*")
        raise NotExpressible(f"a range of {name or 'words'} is not supported; ranges are of {', '.join(DATES)}")
    if (span.low, span.high) == ("*", "*") and name in ALWAYS:
        found.impossible |= span.negated
        return
    if span.negated:
        span = _complement(span)
    range_name = DATES[name]
    found.ranges[range_name] = narrowed(found.ranges.get(range_name, (None, None)), bounds(span, now))


def _complement(span: Span) -> Span:
    """Everything before, or everything after; only for dates that every dataset has."""
    if span.field not in ALWAYS or ("*" in (span.low, span.high)) is False:
        raise NotExpressible(f"“not within this range” of {span.field} is not supported")
    if span.high == "*":
        return Span(span.field, "*", span.low, high_in=not span.low_in)
    return Span(span.field, span.high, "*", low_in=not span.high_in)


def _apply_values(found: Asked, name: str, wish: Condition, lookup: Lookup) -> None:
    if wish.values == ("*",) and not wish.phrase and name in ALWAYS:
        found.impossible |= wish.negated
        return
    if name in FIXED or name in VISIBLE:
        _apply_fixed(found, name, wish)
        return
    facet = FIELDS.get(name)
    if name in TEXTS:
        raise NotExpressible(f"{name} cannot be asked by itself; leave the field out to look for the words anywhere")
    if facet is None:
        known = ", ".join(sorted({*FIELDS, *DATES, "text"}))
        raise NotExpressible(f"undefined field {wish.field}; fields are {known}")
    values = tuple(dict.fromkeys(value for word in wish.values for value in _values(facet, word, wish.phrase, lookup)))
    if len(values) > MOST_VALUES:
        raise NotExpressible(f"{name} has {len(values)} alternatives; at most {MOST_VALUES} are taken")
    if wish.negated:
        found.excluded[facet] = tuple(dict.fromkeys((*found.excluded.get(facet, ()), *values)))
    else:
        _require(found, facet, values)


def _apply_fixed(found: Asked, name: str, wish: Condition) -> None:
    words = [value.lower() for value in wish.values]
    if name in FIXED:
        found.impossible |= (FIXED[name] in words) is wish.negated
        return
    shown, hidden = VISIBLE[name]
    states = {state for word, state in ((shown, "published"), (hidden, "withheld")) if (word in words) is not wish.negated}
    _require(found, "state", tuple(sorted(states)))


def _require(found: Asked, facet: str, values: Sequence[str]) -> None:
    """One more condition; for a facet of one value, what was asked before and now has to agree."""
    same = [kept for name, kept in found.filters if name == facet]
    if facet in SINGLE and same:
        found.filters = [(name, kept) for name, kept in found.filters if name != facet]
        values = [value for value in values if value in same[0]]
    if not values:
        found.impossible = True
    elif tuple(values) not in same or facet in SINGLE:
        found.filters.append((facet, tuple(values)))


def _values(facet: str, word: str, phrase: bool, lookup: Lookup) -> tuple[str, ...]:
    """Our values for a value of CKAN's: names of the directory looked up, codes of the controlled lists, wildcards spelt
    out."""
    if not phrase and re.search(r"[*?]", word):
        return _matching(facet, word, lookup)
    if facet == "theme":
        return lookup.themes(word)
    if facet == "organization":
        return (lookup.organization(word),)
    if facet == "source":
        return (lookup.source(word),)
    if facet == "state":
        return (STATES.get(word, word),)
    if facet == "language":
        return (language_tag(word) or word,)
    if facet in ("format", "licence", "frequency"):
        return (look_up(facet, word).code or word,)
    return (" ".join(word.split()),)


def _matching(facet: str, pattern: str, lookup: Lookup) -> tuple[str, ...]:
    if facet not in FACETS:
        raise NotExpressible(f"wildcards ({pattern}) are not supported in {facet}")
    literal = pattern.replace("[", "[[]")
    return tuple(value for value in lookup.values(facet) if fnmatchcase(value, literal))
