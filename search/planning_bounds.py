"""Bounds of dates, numbers and places → conditions. Pure."""

from collections.abc import Iterable, Mapping

from metadata.errors import Invalid
from search.base import Query, Range
from search.dates import span
from search.fields import COUNTS, DATES, FURTHEST
from search.geometry import shifts
from search.plan import Between, Either, Near, Node, Together

RANGES = (*DATES, "period", *COUNTS)
"""Names that ranges may use."""


def ranges_of(ranges: Mapping[str, Range]) -> Iterable[Node]:
    """The conditions of several bounds."""
    return (node for name, bounds in ranges.items() for node in within(name, bounds))


def within(name: str, bounds: Range) -> Iterable[Node]:
    """Dates from the first moment of the lower bound to the last of the upper one; numbers as they are."""
    known(name, RANGES, "range")
    if name in COUNTS:
        low, high = (_number(name, bound) for bound in bounds)
        yield Between(name, low, high)
        return
    first, last = (_span(name, bound) for bound in bounds)
    if name == "period":
        yield Between("period_start", None, last[1] if last else FURTHEST)
        yield Between("period_end", first[0] if first else -FURTHEST, None)
    else:
        yield Between(name, first[0] if first else None, last[1] if last else None)


def _span(name: str, bound: str | None) -> tuple[int, int] | None:
    if not bound:
        return None
    found = span(bound)
    if found is None:
        remedy = "Write 2024, 2024-05, 2024-05-03 or a time in ISO 8601."
        raise Invalid("this is no date", place=name, value=bound, remedy=remedy)
    return found


def _number(name: str, bound: str | None) -> int | None:
    if bound is None or bound == "":
        return None
    try:
        found = float(bound)
        if not abs(found) <= 1e18:
            raise ValueError(bound)
    except ValueError:
        raise Invalid("this is no number", place=name, value=bound, remedy="Write a whole number.") from None
    return int(found)


def places(query: Query) -> Iterable[Node]:
    """The conditions of a query's box and point. Raises `Invalid`."""
    if query.box is not None:
        known(query.relation, ("intersects", "within"), "relation")
        yield Either(tuple(_box(query.relation, *shifted) for shifted in shifts(query.box)))
    if query.near is not None:
        longitude, latitude, kilometres = query.near
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90 and 0 <= kilometres <= 20_100):
            remedy = "Write longitude (-180 to 180), latitude (-90 to 90) and kilometres (0 to 20100)."
            raise Invalid("this is no place on earth", place="near", value=query.near, remedy=remedy)
        yield Near(longitude, latitude, kilometres)


def _box(relation: str, west: float, south: float, east: float, north: float) -> Node:
    bounds: tuple[tuple[str, float | None, float | None], ...]
    if relation == "within":
        bounds = (("west", west, None), ("south", south, None), ("east", None, east), ("north", None, north))
    else:
        bounds = (("west", None, east), ("south", None, north), ("east", west, None), ("north", south, None))
    return Together(tuple(Between(name, low, high) for name, low, high in bounds))


def known(name: str, names: Iterable[str], what: str) -> str:
    """`name` when it is one of `names`. Raises `Invalid` that lists them."""
    names = tuple(names)
    if name not in names:
        raise Invalid(f"there is no such {what}", place=what, value=name, remedy=f"Use one of {', '.join(names)}.")
    return name
