"""Dates as sources spell them, read into ISO 8601 with the precision they were given in.

Known spellings: ISO 8601 (extended, basic, ordinal, week with day), `2016/4/14`, `2016.04.14`, `14.04.2016`, `4/14/2016`
(month first, as in the United States, unless only the day first makes a date), `April 14, 2016`, `14 Apr 2016`, RFC 5322
dates, `2016年4月14日`, years of the Republic of China (`民國105年4月14日`, `105/04/14`), and seconds or milliseconds
since 1970. A date that no calendar has (`2015-02-30`) is not understood: `None`, never a guess.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from unicodedata import normalize

_PLAIN = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?)?)?",
    re.ASCII,
)
_CLOCK = (
    r"(?:[T\s,]+(?P<hour>\d{1,2})(?::?(?P<minute>\d\d))?(?::?(?P<second>\d\d(?:[.,]\d+)?))?\s*(?P<half>[AP]\.?M\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?(?:\s*\([^)]*\))?)?"
)
_ZH_CLOCK = r"(?:\s*(?P<hour>\d{1,2})[时時点點:](?P<minute>\d\d)分?(?:[:]?(?P<second>\d\d)秒?)?(?P<zone>Z)?(?P<half>)?)?"
_NAMED_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+)?"
_ROC = r"(?:中[华華])?民[国國]"

_FORMS = tuple(
    re.compile(form + r"\s*", re.ASCII | re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})(?P<dash>[-/.])(?P<month>\d{{1,2}})(?:(?P=dash)(?P<day>\d{{1,2}}))?{_CLOCK}",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d){_CLOCK}",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<half>)(?P<zone>)",
        r"(?P<year>\d{4})(?P<month>0[1-9]|1[0-2])",
        rf"(?P<year>\d{{4}})-?(?P<ordinal>\d{{3}}){_CLOCK}",
        rf"(?P<year>\d{{4}})-?W(?P<week>\d\d)-?(?P<weekday>[1-7]){_CLOCK}",
        rf"(?P<first>\d{{1,2}})(?P<dash>[-/.])(?P<second_>\d{{1,2}})(?P=dash)(?P<year>\d{{4}}){_CLOCK}",
        rf"(?P<roc>\d{{2,3}})(?P<dash>[-/.])(?P<month>\d{{1,2}})(?:(?P=dash)(?P<day>\d{{1,2}})){_CLOCK}",
        rf"(?P<year>\d{{4}})\s*年(?:\s*(?P<month>\d{{1,2}})\s*月(?:\s*(?P<day>\d{{1,2}})\s*[日号號])?)?{_ZH_CLOCK}",
        rf"{_ROC}\s*(?P<roc>\d{{1,3}})\s*年(?:\s*(?P<month>\d{{1,2}})\s*月(?:\s*(?P<day>\d{{1,2}})\s*[日号號])?)?{_ZH_CLOCK}",
        rf"{_WEEKDAY}{_NAMED_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_CLOCK}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_NAMED_MONTH},?[\s-]+(?P<year>\d{{4}}){_CLOCK}",
        rf"{_NAMED_MONTH},?\s+(?P<year>\d{{4}})",
    )
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WHOLE_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ROC_BEFORE = 1911
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 80
_BETWEEN = re.compile(r"\s+(?:to|through|until)\s+|\s*(?:至|到|~|～|—|–|\s-\s)\s*", re.IGNORECASE)
_YEARS = re.compile(r"(\d{4})\s*-\s*(\d{4})", re.ASCII)
_OPEN = frozenset(("", "..", "present", "now", "ongoing", "current", "至今", "今"))
_REPEAT = re.compile(r"R\d*/(.+)", re.ASCII)
_DURATION = re.compile(r"P(?=.)(?:\d+(?:\.\d+)?[YMWD])*(?:T(?:\d+(?:\.\d+)?[HMS])*)?", re.ASCII)

Groups = dict[str, str | None]


@lru_cache(maxsize=4096)
def parse(raw: str) -> str | None:
    """ISO 8601 with the precision given, or None: `2016/4/14` → `2016-04-14`, `2016年4月` → `2016-04`, `1460592000000` → …Z."""
    plain = _PLAIN.fullmatch(raw)
    if plain:
        return raw if _is_date(plain[1], plain[2] or "01", plain[3] or "01") else None
    stripped = raw.strip() if raw.isascii() else normalize("NFKC", raw[: _LONGEST * 2]).strip()
    if len(stripped) > _LONGEST:
        return None
    if stripped.isascii() and stripped.isdigit() and len(stripped) in (10, 12, 13):
        return since_1970(int(stripped))
    return next((found for form in _FORMS if (match := form.fullmatch(stripped)) and (found := _iso(match.groupdict()))), None)


def since_1970(number: float) -> str | None:
    """From seconds, or from milliseconds when it is as large as only those can be (≥ 10^11)."""
    try:
        moment = _EPOCH + timedelta(seconds=number / 1000 if abs(number) >= 1e11 else number)
    except (OverflowError, ValueError):
        return None
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def date_of(raw: Any) -> str | None:
    """`parse` for what JSON can hold: text, or a number of seconds or milliseconds since 1970."""
    if isinstance(raw, str):
        return parse(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) >= 1e8:
        return since_1970(raw)
    return parse(str(raw)) if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 1000 else None


@lru_cache(maxsize=16384)
def parse_period(raw: str) -> tuple[str | None, str | None] | None:
    """`(start, end)` of `start/end`, `2010 to 2015`, `2010-2015` and the like; an open end is None. None when not understood.

    `start/P1Y` and `R/start/P1Y` give the start only: what is longer than its start is for `raw` to tell.
    """
    stripped = raw.strip()
    years = _YEARS.fullmatch(stripped)
    repeat = _REPEAT.fullmatch(stripped)
    parts = [years[1], years[2]] if years else (repeat[1] if repeat else stripped).split("/")
    if len(parts) != 2:
        parts = _BETWEEN.split(stripped)
    if len(parts) != 2:
        return None
    return _ends(parts[0].strip(), parts[1].strip())


def _ends(first: str, last: str) -> tuple[str | None, str | None] | None:
    start = parse(first)
    if _DURATION.fullmatch(last):
        return (start, None) if start else None
    end = parse(last)
    if _DURATION.fullmatch(first):
        return (None, end) if end else None
    known = (start or first.lower() in _OPEN) and (end or last.lower() in _OPEN)
    return (start, end) if known and (start or end) else None


def is_duration(raw: str) -> bool:
    """Whether it is an ISO 8601 duration or repeating interval without a date: `P1Y`, `R/P1M`."""
    repeat = _REPEAT.fullmatch(raw)
    return _DURATION.fullmatch(repeat[1] if repeat else raw) is not None


def after(first: str, last: str) -> bool:
    """Whether ISO date `first` lies after `last`, as far as both are precise; the time of day does not count."""
    length = min(len(first), len(last), 10)
    return first[:length] > last[:length]


def _iso(said: Groups) -> str | None:
    """The ISO date of what a form matched."""
    day = _calendar(said)
    if day is None or not said.get("hour") or len(day) != 10:
        return day
    clock = _clock(said)
    return f"{day}T{clock}" if clock else None


def _calendar(said: Groups) -> str | None:
    if said.get("ordinal"):
        return _counted(str(said["year"]), int(said["ordinal"] or 0))
    if said.get("week"):
        return _week(int(said["year"] or 0), int(said["week"] or 0), int(said["weekday"] or 0))
    if said.get("first"):
        return _slashed(said)
    year = f"{int(said['roc'] or 0) + _ROC_BEFORE:04d}" if said.get("roc") else str(said["year"])
    month, day = _month(said), said.get("day")
    if month == "00" or not _is_date(year, month or "01", day or "01"):
        return None
    return "-".join(part for part in (year, month, day and f"{int(day):02d}") if part)


def _month(said: Groups) -> str | None:
    name = (said.get("name") or "").lower()
    if not name:
        return f"{int(said['month'] or 0):02d}" if said.get("month") else None
    known = name[:3] in _MONTHS and (name in ("sept", name[:3]) or name in _WHOLE_MONTHS)
    return f"{_MONTHS.index(name[:3]) + 1:02d}" if known else "00"


def _slashed(said: Groups) -> str | None:
    """`4/14/2016` has the month first, `14.4.2016` the day; whichever makes a date wins when only one does."""
    year, first, second = str(said["year"]), f"{int(said['first'] or 0):02d}", f"{int(said['second_'] or 0):02d}"
    orders = [(first, second), (second, first)]
    for month, day in reversed(orders) if said["dash"] == "." else orders:
        if _is_date(year, month, day):
            return f"{year}-{month}-{day}"
    return None


def _counted(year: str, number: int) -> str | None:
    try:
        found = date(int(year), 1, 1) + timedelta(days=number - 1)
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if number and found.year == int(year) else None


def _week(year: int, week: int, weekday: int) -> str | None:
    try:
        return date.fromisocalendar(year, week, weekday).isoformat()
    except ValueError:
        return None


def _clock(said: Groups) -> str | None:
    hour, minute = int(said["hour"] or 0), said["minute"] or "00"
    second = (said["second"] or "").replace(",", ".")
    half = (said.get("half") or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    zone = _zone(said["zone"] or "")
    if hour > 23 or int(minute) > 59 or (second and float(second) >= 60) or zone is None:
        return None
    return f"{hour:02d}:{minute}{f':{second}' if second else ''}{zone}"


def _zone(zone: str) -> str | None:
    """`+0800` → `+08:00`; None for what no clock shows (beyond 14 hours)."""
    if not zone or zone[0] not in "+-":
        return "Z" if zone else ""
    digits = zone[1:].replace(":", "")
    hours, minutes = digits[:2], digits[2:] or "00"
    return f"{zone[0]}{hours}:{minutes}" if int(hours) <= 14 and int(minutes) <= 59 else None


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
