"""The steps of a score that are the same for every question: freshness, quality, use. Pure.

They ask for words of the field `rank`, not for numbers, because engines skip through lists of words many times faster than
they compare numbers: the year and the month in which a dataset was modified, and the steps of use that it reached.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from search.fields import facet_field
from search.plan import Constant, Node, Term
from search.ranking import Ranking

FRESH_MONTH = 0.4
"""Share of `Ranking.freshness` for what was modified this month or the last one, on top of its year's."""

FRESH_YEARS = (0.6, 0.6, 0.3, 0.3)
"""Shares for what was modified this year, last year, and so on."""

USED = (1, 10, 100, 1_000)
"""Each step of visits that a dataset reached gives an equal share of `Ranking.use`."""

QUALITY = {"clean": 1.0, "warnings": 0.5}
"""Share of `Ranking.quality` for datasets without findings, and for those with warnings only."""


def rank_words(modified: int | None, use: int) -> list[str]:
    """The words of the field `rank` for a dataset: `modified` in microseconds since 1970, `use` in visits."""
    words = [f"use-{step}" for step in USED if use >= step]
    if modified is not None:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=modified)
        words += [f"{moment:%Y}", f"{moment:%Y-%m}"]
    return words


def steps(ranking: Ranking, today: str) -> Iterator[tuple[str, Node]]:
    """The named steps, as seen on a day (ISO date)."""
    if ranking.freshness:
        year = int(today[:4])
        months = (today[:7], (date.fromisoformat(today).replace(day=1) - timedelta(days=1)).isoformat()[:7])
        for month in months:
            yield f"freshness: {month}", Constant(Term("rank", month), ranking.freshness * FRESH_MONTH)
        for age, share in enumerate(FRESH_YEARS):
            yield f"freshness: {year - age}", Constant(Term("rank", f"{year - age:04}"), ranking.freshness * share)
    if ranking.quality:
        for value, share in QUALITY.items():
            yield f"quality: {value}", Constant(Term(facet_field("quality"), value), ranking.quality * share)
    if ranking.use:
        for visits in USED:
            yield f"use: {visits} or more", Constant(Term("rank", f"use-{visits}"), ranking.use / len(USED))
