"""What a visitor's address asks for, as a `Query`: words, filters, order, page. Every address gives a question."""

from dataclasses import dataclass, field

from fastapi import Request

from catalog_api.web.addresses import address, tidy, whole, word
from catalog_api.web.translation import N_, Tongue
from metadata.errors import Invalid
from search.base import Query
from search.facets import FACETS
from search.language import question

PER_PAGE = 20
DEEPEST = 500
"""The last page that is shown; whoever needs all of many takes them as CSV or through the API."""

ORDERS = {"relevance": N_("Relevance"), "modified": N_("Newest first"), "title": N_("Title")}
SHOWN = (
    "organization",
    "theme",
    "format",
    "openness",
    "sharing",
    "frequency",
    "licence",
    "keyword",
    "language",
    "publisher",
    "source",
    "standard",
)
"""Facets at the side of the results, in this order."""


@dataclass(frozen=True)
class Asking:
    """`filters` by facet, `notes` what was not understood (messages)."""

    words: str
    filters: dict[str, tuple[str, ...]]
    order: str
    number: int
    notes: tuple[str, ...] = ()
    understood: tuple[tuple[bool, str], ...] = field(default=())

    def query(self, readers: frozenset[str], spoken: Tongue, limit: int = PER_PAGE, facets: tuple[str, ...] = SHOWN) -> Query:
        """The question to the engine."""
        return Query(
            words=self.words,
            filters=self.filters,
            facets=facets,
            order=self.order,
            limit=limit,
            offset=(self.number - 1) * limit,
            readers=readers,
            languages=spoken.languages,
            highlight=True,
        )

    def pairs(
        self, *, without: tuple[str, str] | None = None, adding: tuple[str, str] | None = None, order: str | None = None
    ) -> list[tuple[str, str]]:
        """The parameters of this question, with one filter value taken out or put in, or in another order; page 1."""
        pairs = [("q", self.words)]
        pairs += [(name, value) for name, values in self.filters.items() for value in values if (name, value) != without]
        pairs += [adding] if adding else []
        chosen = order or self.order
        return [*pairs, ("sort", "" if chosen == self.usual else chosen)]

    @property
    def usual(self) -> str:
        """The order when none is chosen: by relevance when there are words, else newest first."""
        return "relevance" if self.words else "modified"

    def url(self, number: int) -> str:
        """The address of another page of this question."""
        return address("/search", [*self.pairs(), ("page", str(number) if number > 1 else "")])


def asked(request: Request) -> Asking:
    """The question that an address asks."""
    words = word(request, "q")
    usable = _usable(words)
    notes = [N_("These were too many words: only the first ones were used.")] if usable != words else []
    order = word(request, "sort", 20).removeprefix("-")
    fitting = order in ORDERS and (order != "relevance" or usable)
    if order and order not in ORDERS:
        notes.append(N_("There is no such order: the usual one was used."))
    return Asking(
        words=usable,
        filters=_filters(request),
        order=order if fitting else "relevance" if usable else "modified",
        number=whole(request, "page", 1, most=DEEPEST),
        notes=tuple(notes),
        understood=_understood(usable),
    )


def _filters(request: Request) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in FACETS:
        values = [tidy(value, 200) for value in request.query_params.getlist(name)[:20]]
        if kept := tuple(dict.fromkeys(filter(None, values))):
            found[name] = kept
    return found


def _usable(words: str) -> str:
    for length in (len(words), 200, 100, 50):
        try:
            question(words[:length])
            return words[:length]
        except Invalid:
            continue
    return words[:20]


def _understood(words: str) -> tuple[tuple[bool, str], ...]:
    """`(is left out, words)` of each part, where the search looks for something else than was typed letter by letter."""
    parts = tuple((clause.negated, atom.text) for clause in question(words).clauses for atom in clause.atoms)
    return () if parts == ((False, words),) else parts
