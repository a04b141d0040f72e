"""Dates as numbers, so that any engine can compare them. Pure.

A date keeps the precision it was given in, so it is a span: `2024` runs from its first to its last microsecond. A document
lies where its span begins; a bound given to a question takes in all of its own span.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_PARTIAL = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?")
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=20_000)
def span(text: str) -> tuple[int, int] | None:
    """First and last microsecond since 1970 (UTC) of an ISO 8601 date or time; None when it is neither. A time without a zone
    is taken as UTC."""
    text = text.strip()
    try:
        return _whole(text) if _PARTIAL.fullmatch(text) else _moment(text)
    except (ValueError, OverflowError):
        return None


def instant(text: str | None) -> int | None:
    """The first microsecond of a date, or None."""
    found = span(text) if text else None
    return found[0] if found else None


def _moment(text: str) -> tuple[int, int]:
    moment = datetime.fromisoformat(text)
    first = _number(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return first, first + (0 if moment.microsecond else 999_999 if _has_seconds(text) else 59_999_999)


def _has_seconds(text: str) -> bool:
    return text.count(":", 0, 19) > 1 or ":" not in text


def _whole(text: str) -> tuple[int, int]:
    met = _PARTIAL.fullmatch(text)
    assert met is not None
    year, month, day = int(met[1]), int(met[2] or 1), int(met[3] or 1)
    first = datetime(year, month, day, tzinfo=UTC)
    return _number(first), _number(_last(first, month=bool(met[2]), day=bool(met[3])))


def _last(first: datetime, *, month: bool, day: bool) -> datetime:
    """The last moment of the day, month or year that begins with `first`."""
    number = first.month if month else 12
    last = first.day if day else monthrange(first.year, number)[1]
    return first.replace(month=number, day=last, hour=23, minute=59, second=59, microsecond=999_999)


def _number(moment: datetime) -> int:
    return (moment - _START) // _MICROSECOND
