"""From the parameters of a URL to a Query, and back: the same for the API, the pages, the feeds and saved searches.

    q=words   format=CSV&format=JSON (either)   -format=PDF (not)   all.keyword=a&all.keyword=b (both)
    modified_from=2024-05&modified_to=2024   size_min=1000   bbox=west,south,east,north   near=longitude,latitude,kilometres
    facets=format,theme   facet.words.keyword=bus   facet.under.theme=TRAN   histograms=modified:year   sort=-title

`question` and `pairs` undo each other (a test holds them to it).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from catalog_api.parameters import (
    DATES,
    EXCLUDED,
    FACET_ORDERS,
    FILTERS,
    INTERVALS,
    MOST_FACETS,
    NUMBERS,
    RELATIONS,
    REQUIRED,
    Given,
    unknown,
)
from metadata.errors import Invalid
from search.base import Box, Query, Range
from search.dates import span
from search.facets import FACETS
from search.order import ORDERS

HISTOGRAMS = DATES[:4]
_DEFAULTS = Query(highlight=True)
_NAMED = {"sort": "order", "facets_within": "facet_within"}
_PLAIN = ("facet_size", "facet_least", "facet_order", "limit", "offset", "after", "highlight", "explain", "literal")
_USUAL = tuple((name, _NAMED.get(name, name), getattr(_DEFAULTS, _NAMED.get(name, name))) for name in (*_NAMED, *_PLAIN))
"""(parameter, member of a Query, usual value) of what is left out of a URL when it is as usual."""


class Parameters(Protocol):
    """What is needed of a URL's parameters (starlette's `QueryParams` has it)."""

    def multi_items(self) -> list[tuple[str, str]]: ...


def question(
    parameters: Parameters,
    readers: frozenset[str],
    *,
    words: str | None = None,
    facets: str | None = None,
    order: str | None = None,
    limit: int | None = None,
    offset: int | None = None,
    after: str | None = None,
    languages: tuple[str, ...] = ("zh", "en"),
) -> Query:
    """The Query of a URL; parts that are passed by name are not looked for in it. Raises `Invalid`, naming place, value and
    remedy, for what means nothing: a misspelt filter must not widen an answer in silence."""
    given = Given(parameters.multi_items())
    if facets is not None:
        given.values["facets"] = [facets]
    if (name := unknown(given.values)) is not None:
        known = ", ".join(sorted(FILTERS))
        given.fault("there is no such parameter", "query", name, f"Filters are: {known}.")
    asked = _read(given, readers, languages)
    if given.faults:
        raise given.faults[0]
    return replace(
        asked,
        words=asked.words if words is None else words,
        order=asked.order if order is None else order,
        limit=asked.limit if limit is None else limit,
        offset=asked.offset if offset is None else offset,
        after=after or asked.after,
    )


def question_of_page(
    parameters: Parameters, readers: frozenset[str], languages: tuple[str, ...]
) -> tuple[Query, tuple[Invalid, ...]]:
    """As `question`, for addresses that people type: what means nothing is left out, and told."""
    given = Given(parameters.multi_items())
    asked = _read(given, readers, languages)
    return asked, tuple(given.faults)


def _read(given: Given, readers: frozenset[str], languages: tuple[str, ...]) -> Query:
    return Query(
        words=given.word("q"),
        filters=_filters(given, ""),
        excluded=_filters(given, EXCLUDED),
        required=_filters(given, REQUIRED),
        ranges=_ranges(given),
        box=_box(given),
        relation=given.choice("relation", RELATIONS, _DEFAULTS.relation),
        near=_near(given),
        facets=given.listed("facets", FACETS, MOST_FACETS),
        facet_size=given.whole("facet_size", _DEFAULTS.facet_size, 0, 10_000),
        facet_least=given.whole("facet_least", _DEFAULTS.facet_least, 1, 1 << 31),
        facet_order=given.choice("facet_order", FACET_ORDERS, _DEFAULTS.facet_order),
        facet_words=_by_facet(given, "facet.words."),
        facet_under=_by_facet(given, "facet.under."),
        facet_within=given.truth("facets_within", False),
        histograms=_histograms(given),
        order=_order(given),
        limit=given.whole("limit", _DEFAULTS.limit, 0, 1_000),
        offset=given.whole("offset", 0, 0, 1_000_000),
        after=given.word("after") or None,
        readers=readers,
        languages=languages,
        highlight=given.truth("highlight", True),
        explain=given.truth("explain", False),
        literal=given.truth("literal", False),
    )


def _filters(given: Given, sign: str) -> dict[str, tuple[str, ...]]:
    named = ((name, given.words(sign + name)) for name in FILTERS if sign + name in given.values)
    return {name: values for name, values in named if values}


def _ranges(given: Given) -> dict[str, Range]:
    found: dict[str, Range] = {}
    for names, low, high, bound in ((DATES, "from", "to", _date), (NUMBERS, "min", "max", _count)):
        for name in names:
            bounds = (bound(given, f"{name}_{low}"), bound(given, f"{name}_{high}"))
            if any(one is not None for one in bounds):
                found[name] = bounds
    return found


def _date(given: Given, name: str) -> str | None:
    text = given.word(name)
    if text and span(text) is None:
        given.fault("this is no date", name, text, "Write 2024, 2024-05, 2024-05-03 or a time in ISO 8601.")
        return None
    return text or None


def _count(given: Given, name: str) -> str | None:
    number = given.whole(name, -1, 0, 10**17)
    return None if number < 0 else str(number)


def _box(given: Given) -> Box | None:
    found = given.numbers("bbox", 4, "west,south,east,north in degrees")
    if found is None:
        return None
    west, south, east, north = found
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        remedy = "Write west,south,east,north: -180 to 180 and -90 to 90, south not above north."
        given.fault("this is no box on earth", "bbox", given.word("bbox"), remedy)
        return None
    return west, south, east, north


def _near(given: Given) -> tuple[float, float, float] | None:
    found = given.numbers("near", 3, "longitude,latitude,kilometres")
    if found is None:
        return None
    longitude, latitude, kilometres = found
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90 and 0 <= kilometres <= 20_100):
        remedy = "Write longitude,latitude,kilometres: -180 to 180, -90 to 90, 0 to 20100."
        given.fault("this is no place on earth", "near", given.word("near"), remedy)
        return None
    return longitude, latitude, kilometres


def _by_facet(given: Given, start: str) -> dict[str, str]:
    """`facet.under.theme=` with nothing behind it asks for the values on top."""
    named = {name: given.word(start + name) for name in FACETS if start + name in given.values}
    return named if start == "facet.under." else {name: words for name, words in named.items() if words}


def _histograms(given: Given) -> dict[str, str]:
    wanted = {f"{name}:{interval}": (name, interval) for name in HISTOGRAMS for interval in INTERVALS}
    return dict(wanted[one] for one in given.listed("histograms", wanted, len(wanted)))


def _order(given: Given) -> str:
    word = given.word("sort")
    if word and word.removeprefix("-") not in ORDERS:
        given.fault("there is no such order", "sort", word, f"Use one of {', '.join(ORDERS)}; `-` turns it round.")
        return _DEFAULTS.order
    return word or _DEFAULTS.order


def pairs(query: Query) -> list[tuple[str, str]]:
    """The parameters of a URL that asks this; who asks, and in which language, is no part of it."""
    found = [("q", query.words)]
    for sign, part in (("", query.filters), (EXCLUDED, query.excluded), (REQUIRED, query.required)):
        found += [(sign + name, value) for name, values in part.items() for value in values]
    found += [*_bounds(query.ranges), *_places(query), *_counting(query)]
    found += _showing(query)
    return [(name, value) for name, value in found if value or name.startswith("facet.under.")]


def _bounds(ranges: Mapping[str, Range]) -> Iterator[tuple[str, str]]:
    for name, bounds in ranges.items():
        ends = ("min", "max") if name in NUMBERS else ("from", "to")
        yield from ((f"{name}_{end}", bound) for end, bound in zip(ends, bounds, strict=True) if bound is not None)


def _places(query: Query) -> Iterator[tuple[str, str]]:
    if query.box is not None:
        yield "bbox", ",".join(map(plain, query.box))
    if query.relation != _DEFAULTS.relation:
        yield "relation", query.relation
    if query.near is not None:
        yield "near", ",".join(map(plain, query.near))


def _counting(query: Query) -> Iterator[tuple[str, str]]:
    yield "facets", ",".join(query.facets)
    yield from ((f"facet.words.{name}", words) for name, words in query.facet_words.items())
    yield from ((f"facet.under.{name}", value) for name, value in query.facet_under.items())
    yield "histograms", ",".join(f"{name}:{interval}" for name, interval in query.histograms.items())


def _showing(query: Query) -> Iterator[tuple[str, str]]:
    """What is not as usual."""
    for name, member, usual in _USUAL:
        value = getattr(query, member)
        if value != usual:
            yield name, _written(value)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def plain(number: float) -> str:
    """A number without an exponent and without zeros at its end."""
    return f"{number:.6f}".rstrip("0").rstrip(".")
