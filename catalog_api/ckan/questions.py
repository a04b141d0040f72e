"""From `q`, `fq` and `sort` to what our engine is asked. Pure: names that only the directory knows are looked up by a `Lookup`.

CKAN's field names become our filters. Values of one filter are alternatives; a filter asked for twice must hold twice, so
`Asked.filters` is a list, out of which `catalog_api.ckan.searching` makes filters, required values and alternatives.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from catalog_api.ckan import alternatives
from catalog_api.ckan.fields import (
    ALWAYS,
    DATES,
    FIELDS,
    FIXED,
    SINGLE,
    SORTS,
    TEXTS,
    UNASKED,
    VISIBLE,
)
from catalog_api.ckan.moments import bounds, narrowed
from catalog_api.ckan.solr import Choice, Condition, NotExpressible, Span, Wish, wishes
from catalog_api.ckan.values import Lookup, values_of
from search.base import Box, Range
from search.order import ORDERS

_FIELDED = re.compile(r'(?<![\w:/."])(?!https?://)(?:[A-Za-z_][\w.\-]*|\*):(?=\S)')
MOST_VALUES = 1_000
MOST_FILTERS = 100
LONGEST = 20_000
"""Characters of `q` and all of `fq`."""


@dataclass
class Asked:
    """What was understood: all of it applies. `impossible`: no dataset can have it."""

    words: list[str] = field(default_factory=list)
    filters: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    excluded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)
    box: Box | None = None
    impossible: bool = False


def asked(q: str, fq: Sequence[str], lookup: Lookup, now: datetime, bbox: str = "") -> Asked:
    """The conditions of a search; `bbox` as ext_bbox has it. Raises `NotExpressible` for what cannot be asked here."""
    length = len(q) + sum(map(len, fq))
    if length > LONGEST or len(fq) > MOST_FILTERS:
        raise NotExpressible(
            f"q and fq are {length} characters in {1 + len(fq)} parts; at most {LONGEST} in {1 + MOST_FILTERS} are taken"
        )
    found = Asked(box=_box(bbox) if bbox else None)
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
        if direction not in ("asc", "desc") or name not in SORTS:
            raise NotExpressible('Invalid "sort" parameter')
        if chosen is None:
            key = SORTS[name]
            chosen = key if (direction == "desc") == ORDERS[key] else f"-{key}"
    return chosen or "relevance"


def _box(text: str) -> Box:
    """`ext_bbox` of CKAN's spatial extension: west,south,east,north."""
    try:
        west, south, east, north = (float(part) for part in text.split(",", 4))
    except ValueError:
        raise NotExpressible(f"ext_bbox={text!r} is no box; write west,south,east,north") from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise NotExpressible(f"ext_bbox={text!r} is no box on earth; write west,south,east,north")
    return west, south, east, north


def _plain(q: str) -> str:
    """Words without a field, as dismax takes them: `+` and AND say nothing new, NOT is `-`, OR is the language's own."""
    q = re.sub(r"(?<!\S)(?:AND|&&)(?!\S)", " ", q)
    q = re.sub(r"(?<!\S)\|\|(?!\S)", "OR", q)
    q = re.sub(r"(?<!\S)NOT\s+", "-", re.sub(r"(?<!\S)\+(?=\S)", "", q))
    return " ".join(q.split())


def _apply(found: Asked, conditions: Iterable[Wish], lookup: Lookup, now: datetime) -> None:
    for wish in conditions:
        if isinstance(wish, Choice):
            _apply_choice(found, wish, lookup, now)
            continue
        name = wish.field.removeprefix("extras_")
        if isinstance(wish, Span):
            _apply_span(found, name, wish, now)
        elif name == "" or (name in TEXTS and wish.values != ("*",)):
            _apply_words(found, name, wish)
        elif name in DATES and wish.values != ("*",):
            _apply_dates(found, name, wish, now)
        else:
            _apply_values(found, name, wish, lookup)


def _apply_choice(found: Asked, choice: Choice, lookup: Lookup, now: datetime) -> None:
    """An OR between fields, or between words: each alternative is asked for by itself, and written in the search language."""
    written: list[str] = []
    for leaf in choice.leaves:
        alone = Asked()
        _apply(alone, (leaf,), lookup, now)
        if alone.impossible:
            continue
        if not (alone.words or alone.filters or alone.ranges):
            return  # one of the alternatives is true of every dataset
        written += alone.words
        written += [alternatives.value(name, value) for name, values in alone.filters for value in values]
        written += [alternatives.span(name, bounds) for name, bounds in alone.ranges.items()]
    if written:
        found.words.append(alternatives.either(written))
    else:
        found.impossible = True


def _apply_words(found: Asked, name: str, wish: Condition) -> None:
    """Words, which all must be there; of a field with alternatives, `title:(a OR b)`, one of them."""
    words = [
        alternatives.word(value, TEXTS.get(name, ""), phrase=wish.phrase)
        for value in wish.values
        if value != "*" or wish.phrase or wish.negated
    ]
    if wish.negated:
        found.words += [f"-{word}" for word in words]
    elif words:
        found.words.append(alternatives.either(words))


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
    if name in (*TEXTS, *UNASKED):
        raise NotExpressible(f"{name} cannot be asked by itself; leave the field out to look for the words anywhere")
    if facet is None:
        known = ", ".join(sorted({*FIELDS, *DATES, "text"}))
        raise NotExpressible(f"undefined field {wish.field}; fields are {known}")
    values = tuple(dict.fromkeys(value for word in wish.values for value in values_of(facet, word, wish.phrase, lookup)))
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
