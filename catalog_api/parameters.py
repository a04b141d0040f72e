"""The parameters that a question may have in a URL: their names, what they mean, and a reader that notes what is wrong.

One table serves the API's documentation, the refusal of names that mean nothing, and the reading itself.
"""

from collections.abc import Collection, Iterable
from typing import Any

from metadata.errors import Invalid
from search.facets import FACETS
from search.order import ORDERS

FILTERS = (*FACETS, "name", "id", "identifier")
"""What can be filtered by; `-name` leaves out, `all.name` wants every value."""

EXCLUDED, REQUIRED = "-", "all."
DATES = ("modified", "issued", "created", "updated", "period")
NUMBERS = ("size", "quality", "use")
RELATIONS = ("intersects", "within")
FACET_ORDERS = ("count", "value")
INTERVALS = ("year", "quarter", "month", "day")

MOST = 1_000
"""Parameters of one URL."""

MOST_FACETS = 40
"""Facets counted for one question; there are fewer, but a name may be said twice."""

_BASIC = {
    "q": "Words, in any language and in the search language; empty matches all.",
    "facets": "Facets to count, separated by commas.",
    "sort": f"The order: one of {', '.join(ORDERS)}; a leading `-` turns it round.",
    "limit": "How many items at most.",
    "offset": "How many items to pass over.",
    "after": "The `next` of the page before.",
    "lang": "The language of a page; no part of the question.",
    "page": "The number of a page of the portal.",
}
_PLACES = {
    "bbox": "west,south,east,north in degrees; east less than west crosses the antimeridian.",
    "relation": "Whether a dataset's box `intersects` the box, or lies `within` it.",
    "near": "longitude,latitude,kilometres: datasets whose centre is so near.",
}
_COUNTING = {
    "facet_size": "Values of each facet at most (50).",
    "facet_least": "Only values that at least so many datasets have (1).",
    "facet_order": "Values by `count` (usual) or by `value`.",
    "facets_within": "`true` counts a facet's values with its own filter, too; usually without.",
    "histograms": "Dates to count by interval: `modified:year,issued:month`; intervals are year, quarter, month, day.",
}
_SHOWING = {
    "highlight": "`false` leaves out what matched.",
    "explain": "`true` shows the parts of each score.",
    "literal": "`true` forbids reading the words in another way when nothing is found.",
}
OTHERS = {**_BASIC, **_PLACES, **_COUNTING, **_SHOWING}
"""Parameters that are neither filters nor bounds → what they mean."""

BOUNDS = {
    **{f"{name}_{end}": f"`{name}`: {'first' if end == 'from' else 'last'} day, month or year." for name in DATES
       for end in ("from", "to")},
    **{f"{name}_{end}": f"`{name}`: at {'least' if end == 'min' else 'most'}." for name in NUMBERS for end in ("min", "max")},
}  # fmt: skip
"""Parameters that bound a date or a number → what they mean."""

BY_FACET = {"facet.words.": "only values with these words", "facet.under.": "only values right under this one"}
"""Beginnings of parameters about one facet's values → what they choose."""


class Given:
    """The parameters of one URL. What cannot be used goes into `faults`; whoever reads decides whether that is an error."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.faults: list[Invalid] = []
        self.values: dict[str, list[str]] = {}
        if len(pairs) > MOST:
            self.fault(f"these are {len(pairs)} parameters", "query", None, f"Use at most {MOST}.")
        for name, value in pairs[:MOST]:
            self.values.setdefault(name, []).append(value)

    def fault(self, message: str, place: str, value: object, remedy: str) -> None:
        """Notes that something cannot be used."""
        self.faults.append(Invalid(message, place=place, value=value, remedy=remedy))

    def word(self, name: str) -> str:
        """The last value of a parameter; empty when it is not given."""
        return self.values[name][-1].strip() if name in self.values else ""

    def words(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter that is not empty, once each."""
        return tuple(dict.fromkeys(value for value in self.values.get(name, ()) if value))

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds; the default when it is none."""
        text = self.word(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()) or len(text) > 18 or not least <= int(text) <= most:
            self.fault("this is no number that fits", name, text, f"Use {least} to {most}.")
            return default
        return int(text)

    def numbers(self, name: str, count: int, form: str) -> tuple[float, ...] | None:
        """So many numbers separated by commas; None when they are not given, or are none."""
        text = self.word(name)
        if not text:
            return None
        try:
            found = tuple(float(part) for part in text.split(",", count))
            if len(found) != count or not all(abs(number) < 1e6 for number in found):
                raise ValueError(text)
        except ValueError:
            self.fault(f"these are not {count} numbers", name, text, f"Write {form}.")
            return None
        return found

    def choice(self, name: str, among: Collection[str], default: str) -> str:
        """One of some words; the default when it is none of them."""
        text = self.word(name) or default
        if text not in among:
            self.fault("there is no such choice", name, text, f"Use one of {', '.join(among)}.")
            return default
        return text

    def truth(self, name: str, default: bool) -> bool:
        """`true` or `false`; also 1 and 0, yes and no."""
        text = self.word(name).lower() or ("true" if default else "false")
        if text not in (*_YES, *_NO):
            self.fault("this is neither true nor false", name, text, "Write true or false.")
            return default
        return text in _YES

    def listed(self, name: str, among: Collection[str], most: int) -> tuple[str, ...]:
        """Words separated by commas, once each, those that are known."""
        text = ",".join(self.values.get(name, ()))
        if text.count(",") >= most:
            self.fault(f"these are more than {most}", name, text, f"Use at most {most}; there are {', '.join(among)}.")
            return ()
        found = tuple(dict.fromkeys(part for part in map(str.strip, text.split(",")) if part))
        for part in (part for part in found if part not in among):
            self.fault("there is no such thing", name, part, f"Use one of {', '.join(among)}.")
        return tuple(part for part in found if part in among)


_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")


def unknown(names: Iterable[str]) -> str | None:
    """The first name that means nothing here."""
    return next((name for name in names if not _is_known(name)), None)


def _is_known(name: str) -> bool:
    if name in OTHERS or name in BOUNDS or name.removeprefix(EXCLUDED) in FILTERS or name.removeprefix(REQUIRED) in FILTERS:
        return True
    return any(name.startswith(start) and name.removeprefix(start) in FACETS for start in BY_FACET)


def described(without: Collection[str] = ()) -> list[dict[str, Any]]:
    """The parameters for an OpenAPI document, all but some that are described elsewhere."""
    told = [(name, text, "string") for name, text in {**_PLACES, **_COUNTING, **_SHOWING, **BOUNDS}.items()]
    told += [(name, f"Filter: {FACETS[name].title['en'] if name in FACETS else name}.", "array") for name in FILTERS]
    return [_parameter(name, text, kind) for name, text, kind in told if name not in without]


def _parameter(name: str, text: str, kind: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "maxLength": 4000}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": text,
        "schema": {"type": "array", "items": schema, "maxItems": 50} if kind == "array" else schema,
    }
