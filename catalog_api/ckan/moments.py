"""Bounds of date ranges as Solr writes them: ISO dates, `*`, and date math (`NOW-7DAYS`, `NOW/DAY`).

Source: Apache Solr Reference Guide, "Date Formatting and Date Math". Pure: `now` is given.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from catalog_api.ckan.solr import NotExpressible, Span
from metadata.clock import stamp
from search.base import Range

_MATH = re.compile(r"(?:([+-])(\d{1,6})|/)([A-Z]+)")
_START = re.compile(
    r"NOW|\d{4}-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?)?(?=[+\-/][\dA-Z]|$)|\d{4}"
)
_UNITS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_SECONDS = {"DAY": 86_400, "HOUR": 3_600, "MINUTE": 60, "SECOND": 1, "MILLISECOND": 0.001, "MILLI": 0.001}
_ALIASES = {"DATE": "DAY"}
_TICK = timedelta(microseconds=1)


def bounds(span: Span, now: datetime) -> Range:
    """Both ends of a range, included, as ISO dates; None where it is open. Raises `NotExpressible` for what is no date."""
    low, high = _bound(span.low, now), _bound(span.high, now)
    if low is not None and not span.low_in:
        low = stamp(_last(low) + _TICK)
    if high is not None and not span.high_in:
        high = stamp(_first(high) - _TICK)
    return low, high


def narrowed(one: Range, other: Range) -> Range:
    """What lies in both ranges."""
    lows = [low for low in (one[0], other[0]) if low is not None]
    highs = [high for high in (one[1], other[1]) if high is not None]
    return (max(lows, key=_first) if lows else None, min(highs, key=_last) if highs else None)


def _bound(text: str, now: datetime) -> str | None:
    if text == "*":
        return None
    start = _START.match(text)
    if start is None:
        raise NotExpressible(f"{text!r} is no date; write 2026-05-03T08:00:00Z, NOW-7DAYS or *")
    rest = text[start.end() :]
    if not rest and start[0] != "NOW":
        _first(start[0])
        return start[0]
    moment = now if start[0] == "NOW" else _first(start[0])
    return stamp(_computed(moment, rest, text))


def _computed(moment: datetime, math: str, text: str) -> datetime:
    at = 0
    while at < len(math):
        step = _MATH.match(math, at)
        if step is None:
            raise NotExpressible(f"{text!r} is no date; date math is like NOW-7DAYS/DAY")
        at = step.end()
        unit = step[3].removesuffix("S") if step[3] not in _UNITS else step[3]
        unit = _ALIASES.get(unit, unit)
        try:
            moment = _moved(moment, int(step[1] + step[2]), unit) if step[1] else _rounded(moment, unit)
        except (KeyError, ValueError, OverflowError):
            raise NotExpressible(f"{text!r} is no date; units are {', '.join(_UNITS)}") from None
    return moment


def _moved(moment: datetime, count: int, unit: str) -> datetime:
    if unit in ("YEAR", "MONTH"):
        months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "YEAR" else 1)
        year, month = months // 12, months % 12 + 1
        return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
    return moment + timedelta(seconds=count * _SECONDS[unit])


def _rounded(moment: datetime, unit: str) -> datetime:
    kept = _UNITS.index(unit) + 1
    parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)[:kept]
    return datetime(*(*parts, *(1, 1, 1)[kept:]), tzinfo=UTC)  # type: ignore[misc,arg-type]


def _first(text: str) -> datetime:
    """The first moment of a date of any precision."""
    whole = text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError:
        raise NotExpressible(f"{text!r} is no date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _last(text: str) -> datetime:
    """The last moment of a date of any precision: a day, a month, a second."""
    first = _first(text)
    if len(text) == 4:
        return _moved(first, 1, "YEAR") - _TICK
    if len(text) == 7:
        return _moved(first, 1, "MONTH") - _TICK
    if len(text) == 10:
        return first + timedelta(days=1) - _TICK
    return first if "." in text else first + timedelta(seconds=1) - _TICK
