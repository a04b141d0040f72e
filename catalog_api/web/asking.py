"""What a visitor's address asks for, and the addresses of questions near it. Every address gives a question.

The question itself is read and written by `catalog_api.asking`, as for the API; here is what only pages have: numbers of
pages, the four fields of a box and the three of a point (a form without JavaScript cannot join them), and notes instead of
errors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from fastapi import Request
from starlette.datastructures import QueryParams

from catalog_api.asking import Parameters, pairs, plain, question_of_page
from catalog_api.web.addresses import address, tidy, whole
from catalog_api.web.translation import N_
from metadata.errors import Invalid
from search.base import Query
from search.language import question

PER_PAGE = 20
DEEPEST = 500
"""The last page that has a number; further pages are reached by "next", to the end."""

ORDERS = {
    "relevance": N_("Relevance"),
    "modified": N_("Newest first"),
    "-modified": N_("Oldest first"),
    "issued": N_("Latest issued"),
    "title": N_("Title"),
    "size": N_("Largest first"),
    "use": N_("Most used"),
    "distance": N_("Nearest first"),
}
"""Orders that a visitor is offered. Relevance takes words, distance a point."""

PARTS = ("filters", "excluded", "required")
_JOINED = {"bbox": ("west", "south", "east", "north"), "near": ("longitude", "latitude", "kilometres")}
_LONGEST = 500
_MOST = 60
"""Parameters of an address that are looked at."""


@dataclass(frozen=True)
class Asking:
    """`query` is what is asked, without what a page adds (facets, limits); `number` the page; `notes` what was not understood
    (messages, with what they are about)."""

    query: Query
    number: int = 1
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of this question; page 1."""
        return _pairs(self.query)

    def url(self, number: int = 1, *, path: str = "/search") -> str:
        """The address of a page of this question."""
        return address(path, [*self.pairs, ("page", str(number) if number > 1 else "")])

    def after(self, cursor: str) -> str:
        """The address of what follows, where pages have no numbers any more."""
        return address("/search", [*self.pairs, ("after", cursor)])

    def changed(self, query: Query, path: str = "/search") -> str:
        """The address of another question."""
        return address(path, _pairs(query))

    def with_value(self, part: str, name: str, value: str) -> Query:
        """This question with one value more in `part`; it is taken out of the other parts."""
        query = self.query
        for other in PARTS:
            query = _without(query, other, name, value)
        values = values_of(query, part)
        return _with(query, part, {**values, name: (*values.get(name, ()), value)})

    def without_value(self, part: str, name: str, value: str) -> Query:
        """This question with one value less in `part`."""
        return _without(self.query, part, name, value)

    def without_range(self, name: str) -> Query:
        """This question without the bounds of a date or number."""
        return replace(self.query, ranges={key: bounds for key, bounds in self.query.ranges.items() if key != name})

    def kept(self, *names: str) -> list[tuple[str, str]]:
        """The parameters that a form sends along: all but those that it asks for itself."""
        return [(name, value) for name, value in self.pairs if name not in names]


def usual_order(query: Query) -> str:
    """The order when none is chosen: by relevance when there are words, else newest first."""
    return "relevance" if query.words else "modified"


def asked(request: Request, readers: frozenset[str], languages: tuple[str, ...]) -> Asking:
    """The question that an address asks."""
    given = _joined(request.query_params.multi_items()[:_MOST])
    query, faults = question_of_page(given, readers, languages)
    notes = [_note(fault) for fault in faults]
    words = _usable(query.words)
    if words != query.words:
        notes.append((N_("These were too many words: only the first ones were used."), ""))
    query = replace(query, words=words)
    query = replace(query, order=_fitting(query, given), facets=(), histograms={}, limit=PER_PAGE, offset=0, highlight=True)
    return Asking(query, whole(request, "page", 1, most=DEEPEST), tuple(notes))


def _pairs(query: Query) -> list[tuple[str, str]]:
    usual = ("sort", usual_order(query))
    return [pair for pair in pairs(query) if pair[0] != "after" and pair != usual]


def values_of(query: Query, part: str) -> Mapping[str, tuple[str, ...]]:
    """One of the `PARTS` of a question."""
    return {"filters": query.filters, "excluded": query.excluded, "required": query.required}[part]


def _with(query: Query, part: str, values: Mapping[str, tuple[str, ...]]) -> Query:
    kept = {name: some for name, some in values.items() if some}
    if part == "filters":
        return replace(query, filters=kept)
    return replace(query, excluded=kept) if part == "excluded" else replace(query, required=kept)


def _without(query: Query, part: str, name: str, value: str) -> Query:
    values = values_of(query, part)
    left = tuple(one for one in values.get(name, ()) if one != value)
    return query if left == values.get(name, ()) else _with(query, part, {**values, name: left})


def _joined(given: Iterable[tuple[str, str]]) -> Parameters:
    """Tidied parameters; the fields of a form's box and point joined into one parameter each."""
    tidied = [(name, tidy(value, 4_000 if name == "after" else _LONGEST)) for name, value in given]
    single = dict(tidied)
    for name, fields in _JOINED.items():
        typed = [single.get(field, "") for field in fields]
        if any(typed) and name not in single:
            tidied.append((name, ",".join(typed)))
    return QueryParams(tidied)


def _fitting(query: Query, given: Parameters) -> str:
    """The order that was chosen, where it has what it needs; else the usual one."""
    chosen = query.order if any(name == "sort" and value for name, value in given.multi_items()) else ""
    key = chosen.removeprefix("-")
    if not chosen or (key == "relevance" and not query.words) or (key == "distance" and query.near is None):
        return usual_order(query)
    return chosen


def _note(fault: Invalid) -> tuple[str, str]:
    """What a visitor is told of something that cannot be used."""
    if fault.place == "sort":
        return N_("There is no such order: the usual one was used."), fault.value or ""
    return N_("This part of the address could not be used:"), f"{fault.place}={fault.value or ''}"


def _usable(words: str) -> str:
    for length in (len(words), 200, 100, 50):
        try:
            question(words[:length])
            return words[:length]
        except Invalid:
            continue
    return words[:20]


def box_fields(query: Query) -> dict[str, str]:
    """What the fields of a form hold for the box and the point of a question."""
    found = dict.fromkeys((*_JOINED["bbox"], *_JOINED["near"]), "")
    for name, numbers in (("bbox", query.box), ("near", query.near)):
        found.update(zip(_JOINED[name], map(plain, numbers or ()), strict=False))
    return found
