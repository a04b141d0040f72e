"""A plain reading of the made-up catalogue: what a question finds, counts and puts first, by looking at every entry. Nothing of
`search.analysis`, `search.document`, `search.planning` or an engine is used here."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import opencc

from metadata.entry import Entry
from metadata.model import Agent
from metadata.text import best
from search.base import Query, Range
from search.order import title_key
from tests.search.catalogue import ABOVE, REGIONS
from tests.search.places import inside, kilometres, meets

_simple = opencc.OpenCC("hk2s").convert


@dataclass(frozen=True)
class Seen:
    """An entry, and what it says, folded, by field of text."""

    entry: Entry
    texts: Mapping[str, tuple[str, ...]]

    def of(self, fields: Sequence[str]) -> list[str]:
        return [text for field in fields or self.texts for text in self.texts[field]]


Has = Callable[[Seen], bool]


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A text in narrow, simplified, lower-case form without accents."""
    folded = str(_simple(unicodedata.normalize("NFKC", text))).lower()
    bare = "".join(letter for letter in unicodedata.normalize("NFD", folded) if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def seen(entry: Entry) -> Seen:
    """The texts of an entry."""
    dataset = entry.dataset
    agents: list[Agent | None] = [dataset.publisher, *dataset.creator]
    coded = [*dataset.theme, *([dataset.classification] if dataset.classification else [])]
    texts = {
        "title": list(dataset.title.values()),
        "keyword": _keywords(entry),
        "publisher": [*entry.organization_title.values(), *(name for one in agents if one for name in one.name.values())],
        "description": list(dataset.description.values()),
        "column": [word for item in dataset.information_item for word in (*item.name.values(), item.code or "")],
        "resource": [word for part in dataset.distribution for word in part.title.values()],
        "other": [entry.identifier]
        + [word for one in coded for word in (one.label.values() if one.label else [one.raw or one.code])]
        + [word for place in dataset.spatial for word in place.name.values()]
        + [word for series in dataset.in_series for word in series.title.values()],
    }
    return Seen(entry, {field: tuple(map(plain, words)) for field, words in texts.items()})


def everything(_seen: Seen) -> bool:
    return True


def nothing(_seen: Seen) -> bool:
    return False


def holds(run: str, *fields: str) -> Has:
    """Whether an entry has a run of Chinese characters, anywhere or in some fields."""
    wanted = plain(run)
    return lambda one: any(wanted in text for text in one.of(fields))


def says(pattern: str, *fields: str) -> Has:
    """Whether one text of an entry matches a pattern."""
    wanted = re.compile(pattern)
    return lambda one: any(wanted.search(text) for text in one.of(fields))


def both(*parts: Has) -> Has:
    return lambda one: all(part(one) for part in parts)


def either(*parts: Has) -> Has:
    return lambda one: any(part(one) for part in parts)


def without(part: Has) -> Has:
    return lambda one: not part(one)


def facet(name: str, *values: str, or_: Has = nothing) -> Has:
    """Whether an entry has one of the values of a facet, or else the words."""
    return lambda one: bool(set(values_of(one.entry, name)) & set(values)) or or_(one)


def within(name: str, low: str | None, high: str | None) -> Has:
    """Whether a date or number of an entry lies within bounds, or its period meets them."""
    return lambda one: _within(one.entry, name, (low, high))


@dataclass(frozen=True)
class Catalogue:
    """The entries and what is read off them once."""

    entries: tuple[Entry, ...]
    texts: tuple[Seen, ...]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Catalogue":
        return cls(tuple(entries), tuple(map(seen, entries)))

    def answer(self, query: Query, has: Has = everything) -> list[Entry]:
        """Whom a question finds; `has` says which have the words."""
        return [one for one, text in zip(self.entries, self.texts, strict=True) if _asked_for(one, query) and has(text)]

    def titled(self, words: str, has: Has) -> tuple[set[str], set[str]]:
        """Ids of those whose whole title is what was typed, and of those that have all of it in titles."""
        whole, all_in = set(), set()
        for entry, text in zip(self.entries, self.texts, strict=True):
            titles = Seen(entry, {**dict.fromkeys(text.texts, ()), "title": text.texts["title"]})
            if _spelled(words) in map(_spelled, entry.dataset.title.values()):
                whole.add(entry.id)
            if has(titles):
                all_in.add(entry.id)
        return whole, all_in

    def counts(self, query: Query, facet: str, has: Has = everything) -> dict[str, int]:
        """How many that a question finds have each value of a facet; its own filters do not count unless `facet_within`."""
        asked = query
        if not query.facet_within:
            parts = (query.filters, query.excluded, query.required)
            filters, excluded, required = ({name: part[name] for name in part if name != facet} for part in parts)
            asked = replace(query, filters=filters, excluded=excluded, required=required)
        found = Counter(value for entry in self.answer(asked, has) for value in dict.fromkeys(values_of(entry, facet)))
        return {value: count for value, count in found.items() if count >= query.facet_least}

    def bars(self, query: Query, field: str, interval: str, has: Has = everything) -> list[tuple[str, int]]:
        """How many that a question finds have a date in each interval, by the day it begins."""
        days = [begin(_first(date_of(entry, field)), interval) for entry in self.answer(query, has) if date_of(entry, field)]
        return sorted(Counter(days).items())


def _asked_for(entry: Entry, query: Query) -> bool:
    return (
        ("*" in query.readers or bool(query.readers & set(entry.readers)))
        and all(_has_any(entry, name, wanted) for name, wanted in query.filters.items() if wanted)
        and not any(_has_any(entry, name, wanted) for name, wanted in query.excluded.items())
        and all(_has_any(entry, name, (value,)) for name, wanted in query.required.items() for value in wanted)
        and all(_within(entry, name, bounds) for name, bounds in query.ranges.items())
        and _is_there(entry, query)
    )


def _has_any(entry: Entry, name: str, wanted: Sequence[str]) -> bool:
    if name in DATES:
        return any(_within(entry, name, (value, value)) for value in wanted)
    return bool(set(values_of(entry, name)) & set(wanted))


def values_of(entry: Entry, name: str) -> list[str]:
    """The values of a facet or of a name to filter by, read from the entry in its own way."""
    return [value for value in TAKEN[name](entry) if value]


def _keywords(entry: Entry) -> list[str]:
    return [word for words in entry.dataset.keyword.values() for word in words]


def _publisher(entry: Entry) -> str | None:
    names = entry.dataset.publisher.name if entry.dataset.publisher else {}
    return names.get("zh") or names.get("en")


def _licences(entry: Entry) -> list[str]:
    licence = entry.dataset.license
    return [licence.code or licence.raw or ""] if licence else []


def _licence_openness(entry: Entry) -> list[str]:
    licence = entry.dataset.license
    return [{"CC-BY-4.0": "open", "CC-BY-NC-4.0": "restricted"}.get(licence.code if licence else "", "unknown")]


def _classes(entry: Entry) -> list[str]:
    """类, 项, 目, 细目: one digit, two more, three more, the rest."""
    code = entry.dataset.classification.code.split("/")[0] if entry.dataset.classification else ""
    return [code[:length] for length in (1, 3, 6) if code] + ([code] if code else [])


TAKEN: dict[str, Callable[[Entry], Iterable[str | None]]] = {
    "organization": lambda one: [one.organization, *ABOVE.get(one.organization or "", ())],
    "publisher": lambda one: [_publisher(one)],
    "theme": lambda one: [theme.code or theme.raw for theme in one.dataset.theme],
    "class": _classes,
    "region": lambda one: [region for place in one.dataset.spatial if place.code for region in REGIONS[place.code.code]],
    "keyword": _keywords,
    "format": lambda one: [part.format.code for part in one.dataset.distribution if part.format],
    "licence": _licences,
    "licence_openness": _licence_openness,
    "access": lambda one: [one.dataset.access_rights.code if one.dataset.access_rights else None],
    "api": lambda one: ["yes" if one.dataset.service else "no"],
    "quality": lambda one: ["errors" if one.errors else "warnings" if one.warnings else "clean"],
    "frequency": lambda one: [one.dataset.accrual_periodicity.code if one.dataset.accrual_periodicity else None],
    "language": lambda one: one.dataset.language,
    "openness": lambda one: [one.dataset.openness.kind if one.dataset.openness else None],
    "sharing": lambda one: [one.dataset.sharing.kind if one.dataset.sharing else None],
    "source": lambda one: [one.source],
    "standard": lambda one: [one.standard],
    "state": lambda one: [one.state],
    "name": lambda one: [one.name],
    "id": lambda one: [one.id],
    "identifier": lambda one: [one.identifier],
}
"""Facet, or other name to filter by → its values."""

DATES = ("modified", "issued", "created", "updated")


def date_of(entry: Entry, name: str) -> str | None:
    """A date of an entry as it was given, None when it is none."""
    given = {
        "modified": entry.dataset.modified,
        "issued": entry.dataset.issued,
        "created": entry.created,
        "updated": entry.updated,
    }[name]
    return given if given and re.match(r"\d{4}", given) else None


def _first(date: str | None) -> str:
    """The first microsecond of a date of any precision, as text that sorts."""
    assert date is not None
    day = date[:10] + "0000-01-01"[len(date[:10]) :]
    return f"{day}T{(date[11:].rstrip('Z') or '00:00:00') + '.000000'}"[:26]


def _last(date: str) -> str:
    """The last microsecond of a date; of a day and more, the last of its span."""
    if len(date) > 10:
        return _first(date)
    day = {4: f"{date}-12-31", 7: f"{date}-31", 10: date}[len(date)]
    return f"{day}T23:59:59.999999"


def _within(entry: Entry, name: str, bounds: Range) -> bool:
    if name in DATES:
        date = date_of(entry, name)
        return date is not None and _is_between(_first(date), bounds)
    if name == "period":
        return any(_overlap(period.start, period.end, bounds) for period in entry.dataset.temporal[:1])
    number = number_of(entry, name)
    low, high = (float(bound) if bound else None for bound in bounds)
    return number is not None and (low is None or low <= number) and (high is None or number <= high)


def _is_between(moment: str, bounds: Range) -> bool:
    low, high = bounds
    return (not low or _first(low) <= moment) and (not high or moment <= _last(high))


def _overlap(start: str | None, end: str | None, bounds: Range) -> bool:
    if start is None and end is None:
        return False
    low, high = bounds
    return (not low or end is None or _first(low) <= _last(end)) and (not high or start is None or _first(start) <= _last(high))


def number_of(entry: Entry, name: str) -> int | None:
    """A number of an entry; None when it has none."""
    if name == "use":
        return entry.use
    if name == "quality":
        return 1000 // (10 + 5 * entry.errors + entry.warnings)
    sizes = [part.byte_size for part in entry.dataset.distribution if part.byte_size is not None]
    return max(sizes, default=None)


def _is_there(entry: Entry, query: Query) -> bool:
    box = box_of(entry)
    if query.box and not (box and (inside if query.relation == "within" else meets)(box, query.box)):
        return False
    return query.near is None or (box is not None and kilometres(box, query.near[:2]) <= query.near[2])


def box_of(entry: Entry) -> tuple[float, float, float, float] | None:
    return next((place.box for place in entry.dataset.spatial if place.box), None)


def begin(moment: str, interval: str) -> str:
    """The day on which the year, quarter, month or day of a moment begins."""
    year, month, day = moment[:4], moment[5:7], moment[8:10]
    quarter = f"{(int(month) - 1) // 3 * 3 + 1:02}"
    return {
        "year": f"{year}-01-01",
        "quarter": f"{year}-{quarter}-01",
        "month": f"{year}-{month}-01",
        "day": f"{year}-{month}-{day}",
    }[interval]


def _spelled(text: str) -> str:
    """A title as far as its letters and digits go, English plurals as singulars."""
    words = re.sub(r"[\W_]+", " ", plain(text)).strip()
    return re.sub(r"(?<=[a-z]{3})s\b", "", words)


def in_order(entries: Iterable[Entry], order: str, point: tuple[float, float] | None = None) -> list[str]:
    """Ids in an order: what has no value last, equal ones by id."""
    key, back = order.removeprefix("-"), order.startswith("-")
    by_id = sorted(entries, key=lambda one: one.id)
    keyed = [(_sort_key(one, key, point), one.id) for one in by_id]
    have = [pair for pair in keyed if pair[0] is not None]
    have.sort(key=lambda pair: pair[0], reverse=(key not in ("title", "name", "id", "distance")) != back)
    return [found for _, found in [*have, *(pair for pair in keyed if pair[0] is None)]]


def _sort_key(entry: Entry, key: str, point: tuple[float, float] | None) -> Any:
    if key in DATES:
        date = date_of(entry, key)
        return _first(date) if date else None
    if key == "distance":
        box = box_of(entry)
        return kilometres(box, point) if box and point else None
    words = {"title": lambda: title_key(best(entry.dataset.title)), "name": lambda: entry.name, "id": lambda: entry.id}
    return words[key]() if key in words else number_of(entry, key)
