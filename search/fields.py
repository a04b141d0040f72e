"""The fields of an index, declared once: every engine makes its own schema from these names. Pure."""

from search.facets import FACETS

TEXTS = ("title", "keyword", "publisher", "description", "column", "resource", "other")
"""Our tokens with their positions, for words and phrases; what `Ranking.fields` weighs."""

READINGS = ("pinyin", "initials")
"""How Han characters of titles, keywords and publishers are read: syllables, and their first letters; with positions, looked
at only when a question is taken for pinyin."""

SETS = ("title_characters", "characters")
"""Fields in which a token is there or not: the single characters of dense scripts."""

EXACT = ("id", "name", "identifier", "readers", "exact", "completion", "rank")
"""Fields that are compared as they are. From `Document.tokens`, one value a line: `exact`, a whole title as our tokens;
`completion`, what suggestions complete; `rank`, what the steps of the score ask for (`search.steps`)."""

DATES = ("modified", "issued", "created", "updated")
"""Microseconds since 1970 (UTC), where the date's span begins."""

PERIOD = ("period_start", "period_end")
"""First and last microsecond of what the data is about; an open end is the furthest number there is."""

COUNTS = ("size", "quality", "use")
"""Whole numbers: bytes of the largest download, 0 to 100, visits."""

COORDINATES = ("west", "south", "east", "north", "longitude", "latitude")
"""The box in degrees (`east` is over 180 where it crosses the antimeridian), and its centre."""

NUMBERS = (*DATES, *PERIOD, *COUNTS)
FURTHEST = 1 << 62
"""Stands for an open bound of a whole number, either way."""


def facet_field(name: str) -> str:
    """The field of a facet's values."""
    return f"facet_{name}"


FACET_FIELDS = tuple(facet_field(name) for name in FACETS)
