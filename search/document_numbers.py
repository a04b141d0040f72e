"""An entry → the whole numbers that are bounded and ordered by (`search.fields.PERIOD` and `COUNTS`). Pure."""

from collections.abc import Iterable

from metadata.entry import Entry
from metadata.model import Period
from search.dates import span
from search.fields import FURTHEST


def numbers(entry: Entry) -> dict[str, int]:
    """`quality` and `use` of every dataset; `size`, in bytes, of the largest distribution that tells it; `period_start` and
    `period_end`, in microseconds since 1970 (UTC), where the dataset tells what time it is about."""
    found = {"quality": quality(entry.errors, entry.warnings), "use": entry.use}
    if sizes := [part.byte_size for part in entry.dataset.distribution if part.byte_size is not None and part.byte_size >= 0]:
        found["size"] = min(max(sizes), FURTHEST)
    if entry.dataset.temporal and (period := whole(entry.dataset.temporal)):
        found["period_start"], found["period_end"] = period
    return found


def quality(errors: int, warnings: int) -> int:
    """100 without findings, and less the more there are: 1000 / (10 + 5 × errors + warnings), rounded down. One error gives
    66, two 50; one warning 90, ten 50."""
    return 1000 // (10 + 5 * errors + warnings)


def whole(periods: Iterable[Period]) -> tuple[int, int] | None:
    """First and last microsecond of all periods together, gaps included; an open end is the furthest number there is. None
    when no period has a date."""
    found = [one for period in periods if (one := _span(period))]
    return (min(start for start, _ in found), max(end for _, end in found)) if found else None


def _span(period: Period) -> tuple[int, int] | None:
    """A period whose end comes before its start is taken the other way round."""
    start = span(period.start) if period.start else None
    end = span(period.end) if period.end else None
    if start and end:
        return min(start[0], end[0]), max(start[1], end[1])
    if start:
        return start[0], FURTHEST
    return (-FURTHEST, end[1]) if end else None
