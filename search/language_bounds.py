"""Bounds as people type them → the bounds of a range. Pure.

`2024`, `2024-05`, `2024/5/3`, `2024年5月`, `20240503` and times in ISO 8601 for dates; `80`, `1.5MB`, `2万` for numbers. `a..b`
(also `a～b`, `a至b`) with an open end either side, `>`, `>=`, `<`, `<=`. Both ends of what comes out are included, so a `>`
begins after the whole span of its date: `>2020` is from 2021.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor

from search.base import Range
from search.dates import span
from search.fields import COUNTS

_LONGEST = 80
_BETWEEN = re.compile(r"\.{2,3}|~|至")
_COMPARED = re.compile(r"([<>]=?|=|≤|≥)(.*)")
_DAY = re.compile(
    r"(\d{4})(?:年|(?:[-/年.]?(?P<mm>\d{2})|[-/年.](?P<m>\d))(?:月|(?:[-/月.]?(?P<dd>\d{2})|[-/月.](?P<d>\d))[日号]?)?)?"
)
_NUMBER = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)([a-z%万亿]{0,3})")
_SIZES: dict[str, int] = {
    "": 1,
    "b": 1,
    **{unit: 1000**power for power, one in enumerate("kmgt", 1) for unit in (one, f"{one}b")},
}
_SIZES |= {f"{one}ib": 1024**power for power, one in enumerate("kmgt", 1)}
_UNITS: dict[str, dict[str, int]] = {
    "size": _SIZES,
    "quality": {"": 1, "%": 1},
    "use": {"": 1, "万": 10_000, "亿": 100_000_000},
}
_MOST = 10**18
_START = datetime(1970, 1, 1, tzinfo=UTC)


def bounds_of(field: str, typed: str) -> Range | None:
    """The bounds of a date or number that someone typed, as ISO dates or whole numbers; None when they cannot be read."""
    text = unicodedata.normalize("NFKC", typed[: _LONGEST + 1]).strip().lower()
    if len(text) > _LONGEST:
        return None
    compared = _COMPARED.fullmatch(text)
    sign, low, high = (compared[1], compared[2], compared[2]) if compared else _ends(text)
    try:
        return _number_range(field, sign, low, high) if field in COUNTS else _date_range(sign, low, high)
    except (ValueError, OverflowError):
        return None


def _ends(text: str) -> tuple[str, str, str]:
    low, *high = _BETWEEN.split(text, maxsplit=1)
    return ("..", low, high[0]) if high else ("=", low, low)


def _date_range(sign: str, low: str, high: str) -> Range:
    if sign == ">":
        return _after(_date(low)), None
    if sign == "<":
        return None, _before(_date(high))
    if sign in (">=", "≥"):
        return _date(low), None
    if sign in ("<=", "≤"):
        return None, _date(high)
    return _in_order(*(_date(end) if end.strip(" *") else None for end in (low, high)))


def _in_order(low: str | None, high: str | None) -> Range:
    """An interval whose ends were typed the wrong way round is meant the right way round."""
    if low is None and high is None:
        raise ValueError("no bound at all")
    return (high, low) if low and high and _first(low) > _first(high) else (low, high)


def _date(text: str) -> str:
    """A date as ISO 8601 in the precision it was given in. Raises `ValueError`."""
    day = _DAY.fullmatch(text.strip())
    found = "-".join(_parts(day)) if day else text.strip().upper()
    _first(found)
    return found


def _parts(day: re.Match[str]) -> tuple[str, ...]:
    month, number = day["mm"] or day["m"], day["dd"] or day["d"]
    return day[1], *(part.zfill(2) for part in (month, number) if part)


def _first(date: str) -> int:
    return _span(date)[0]


def _span(date: str) -> tuple[int, int]:
    found = span(date)
    if found is None:
        raise ValueError(date)
    return found


def _after(date: str) -> str:
    """The first date, as precise, after the whole of this one."""
    return _written(_span(date)[1] + 1, date)


def _before(date: str) -> str:
    """The last date, as precise, before this one begins."""
    return _written(_span(date)[0] - 1, date)


def _written(microseconds: int, like: str) -> str:
    moment = _START + timedelta(microseconds=microseconds)
    if len(like) > len("2024-05-03"):
        return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return moment.date().isoformat()[: len(like)]


def _number_range(field: str, sign: str, low: str, high: str) -> Range:
    if sign == "..":
        first, last = (_number(field, end) if end.strip(" *") else None for end in (low, high))
        if first is not None and last is not None and first > last:
            first, last = last, first
    else:
        first, last = _number(field, low), _number(field, high)
    least = None if first is None or sign in ("<", "<=", "≤") else floor(first) + 1 if sign == ">" else ceil(first)
    most = None if last is None or sign in (">", ">=", "≥") else ceil(last) - 1 if sign == "<" else floor(last)
    if least is None and most is None:
        raise ValueError("no bound at all")
    return _whole(least), _whole(most)


def _whole(number: int | None) -> str | None:
    return None if number is None else str(min(number, _MOST))


def _number(field: str, text: str) -> Fraction:
    found = _NUMBER.fullmatch(text.replace(",", "").replace(" ", ""))
    if found is None or found[2] not in _UNITS[field]:
        raise ValueError(text)
    return Fraction(found[1]) * _UNITS[field][found[2]]
