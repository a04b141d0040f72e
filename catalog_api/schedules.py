"""When a source is due: a cron line in its own time zone, moved by its jitter, out of its blackout windows, and away from a
source that keeps failing.

A cron line names times on the wall. Where clocks go forward, a time that does not exist is read with the offset before the gap;
where they go back, a time that comes twice is the first one (RFC 5545 §3.3.5), except for lines whose hour is `*`, which go on
through both.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter

from metadata import clock
from metadata.errors import Invalid
from metadata.tables import Source

BACK_OFF_AFTER = 3
"""Failures in a row from which on a source is left alone for longer and longer."""

FIRST_WAIT = timedelta(minutes=30)
LONGEST_WAIT = timedelta(days=1)
MOST_JITTER = 24 * 60
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _MARGIN = timedelta(days=1), timedelta(hours=3)  # no clock has been moved by more than that in a night
_WINDOW = re.compile(r"(?:([a-z,-]+)\s+)?(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)")
_MINUTES = 24 * 60


@dataclass(frozen=True)
class Window:
    """Hours of the week in which a source is left alone: from minute `start` of each of `days` (Monday is 0), for `length`
    minutes, over midnight too."""

    days: frozenset[int]
    start: int
    length: int

    def ends(self, wall: datetime) -> datetime | None:
        """When the window that this time on the wall lies in ends; None when it lies in none."""
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
        for day in (midnight - _DAY, midnight):
            start = day + timedelta(minutes=self.start)
            end = start + timedelta(minutes=self.length)
            if day.weekday() in self.days and start <= wall < end:
                return end
        return None


@dataclass(frozen=True)
class Plan:
    """When one source is due. `seed` makes its jitter its own."""

    line: str
    zone: ZoneInfo
    jitter: int = 0
    windows: tuple[Window, ...] = ()
    seed: str = ""

    @classmethod
    def of(cls, source: Source) -> "Plan":
        """The plan of a source that has a schedule. Raises `Invalid` naming what cannot be used."""
        return cls(
            checked_line(source.schedule or ""),
            zone_of(source.timezone),
            source.jitter,
            windows_of(source.blackout),
            source.name,
        )

    def slot(self, after: datetime) -> datetime:
        """The next time that the cron line names after a moment, in UTC."""
        wall = _wall(after, self.zone)
        best: datetime | None = None
        for naive in self._walls(wall - (timedelta(0) if self._is_steady(after) else _MARGIN)):
            for instant in self._instants(naive):
                if instant > after and (best is None or instant < best):
                    best = instant
            if best is not None and naive >= _wall(best, self.zone) + (timedelta(0) if self._is_steady(best) else _MARGIN):
                break
        assert best is not None, "a cron line that was checked never ends"
        return best

    def due(self, after: datetime) -> datetime:
        """When the source is due next after a moment: jitter counted, windows left out."""
        best: datetime | None = None
        slot = after - timedelta(minutes=self.jitter)
        while best is None or slot < best:
            slot = self.slot(slot)
            moved = slot + self._delay(slot)
            if moved > after and (best is None or moved < best):
                best = moved
        return waking(self.windows, self.zone, best)

    def backed_off(self, after: datetime, failures: int) -> datetime:
        """When a source that failed so often in a row is due: later each time, by a day at most, or by the schedule's own
        interval when that is longer."""
        if failures < BACK_OFF_AFTER:
            return self.due(after)
        interval = self.interval(after)
        wait = min(FIRST_WAIT * 2 ** min(failures - BACK_OFF_AFTER, 16), max(LONGEST_WAIT, interval))
        return self.due(after + max(timedelta(0), wait - interval))

    def interval(self, after: datetime) -> timedelta:
        """The time between the next two slots."""
        first = self.slot(after)
        return self.slot(first) - first

    def _walls(self, after: datetime) -> Iterator[datetime]:
        turns = croniter(self.line, after)
        while True:
            yield turns.get_next(datetime)

    def _instants(self, naive: datetime) -> Iterator[datetime]:
        first, second = (naive.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        yield first
        if second > first and self._is_hourly:
            yield second

    @cached_property
    def _is_hourly(self) -> bool:
        hours: list[object] = croniter.expand(self.line)[0][1]
        fields = self.line.split()
        return hours == ["*"] or (len(fields) == 5 and fields[1].startswith("*"))

    def _is_steady(self, moment: datetime) -> bool:
        """Whether clocks are not moved within a day of this moment."""
        return (moment - _DAY).astimezone(self.zone).utcoffset() == (moment + _DAY).astimezone(self.zone).utcoffset()

    def _delay(self, slot: datetime) -> timedelta:
        """The jitter of a slot: the same for all slots of a day on the wall."""
        if not self.jitter:
            return timedelta(0)
        day = _wall(slot, self.zone).date().isoformat()
        number = int.from_bytes(hashlib.blake2b(f"{self.seed}|{day}".encode(), digest_size=8).digest())
        return timedelta(seconds=number % (self.jitter * 60 + 1))


def next_time(schedule: str, after: datetime | None = None, zone: str = "UTC") -> str:
    """When a cron line is due next, as a moment in UTC. Raises `Invalid` for a line that cannot be read."""
    return clock.stamp(Plan(checked_line(schedule), zone_of(zone)).slot(after or datetime.now(UTC)))


def following(source: Source, after: datetime | None = None) -> str | None:
    """When a source is due next, its failures counted; None for one without a schedule."""
    if not source.schedule:
        return None
    return clock.stamp(Plan.of(source).backed_off(after or datetime.now(UTC), source.failures))


def resting_until(blackout: Sequence[str], zone: str, moment: datetime) -> datetime | None:
    """Until when a source with these windows is to be left alone; None when it is not now."""
    if not blackout:
        return None
    awake = waking(windows_of(blackout), zone_of(zone), moment)
    return awake if awake > moment else None


def waking(windows: Sequence[Window], zone: ZoneInfo, moment: datetime) -> datetime:
    """This moment, or the end of the windows that it lies in."""
    for _ in range(2 * len(windows) * len(DAYS) + 1):
        ends = [end for one in windows if (end := one.ends(_wall(moment, zone)))]
        if not ends:
            return moment
        instants = [max(ends).replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
        moment = next((one for one in instants if one > moment), moment + timedelta(minutes=1))
    return moment


def checked_line(line: str) -> str:
    """A cron line that is due some day. Raises `Invalid`."""
    remedy = "Write five fields, for example `0 3 * * *` (every day at 3:00)."
    try:
        if len(line) > 200 or not (line.startswith("@") or len(line.split()) == 5):
            raise ValueError("not five fields")
        croniter(line, datetime(2024, 1, 1)).get_next(datetime)  # a time on the wall
    except (CroniterError, ValueError) as problem:  # no cron line, or one that is never due (30 February)
        raise Invalid("this is no cron line", place="schedule", value=line, remedy=remedy) from problem
    return line


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this IANA name. Raises `Invalid`."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError) as problem:  # ZoneInfoNotFoundError is a KeyError
        raise _no_zone(name) from problem
    except KeyError as problem:
        raise _no_zone(name) from problem


def _no_zone(name: str) -> Invalid:
    remedy = "Write its IANA name, for example `Asia/Shanghai` or `Europe/Berlin`."
    return Invalid("this is no time zone", place="timezone", value=name, remedy=remedy)


def windows_of(lines: Sequence[str]) -> tuple[Window, ...]:
    """The windows that these lines say. Raises `Invalid` for a line that says none, and for windows that leave no time."""
    windows = tuple(_window(line) for line in lines)
    minutes = bytearray(7 * _MINUTES)
    for one in windows:
        for day in one.days:
            for minute in range(one.start, one.start + one.length):
                minutes[(day * _MINUTES + minute) % len(minutes)] = 1
    if windows and all(minutes):
        raise Invalid("these windows leave no time for a harvest", place="blackout", value=", ".join(lines))
    return windows


def _window(line: str) -> Window:
    found = _WINDOW.fullmatch(line.strip().lower())
    if found is None:
        raise _no_window(line)
    start, end = int(found[2]) * 60 + int(found[3]), int(found[4]) * 60 + int(found[5])
    if start >= _MINUTES or end > _MINUTES or int(found[3]) > 59 or int(found[5]) > 59:
        raise _no_window(line)
    return Window(_days(found[1], line), start, (end - start) % _MINUTES or _MINUTES)


def _days(text: str | None, line: str) -> frozenset[int]:
    if text is None:
        return frozenset(range(7))
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise _no_window(line)
        start, length = DAYS.index(first), (DAYS.index(last) - DAYS.index(first)) % 7 if dash else 0
        days |= {(start + step) % 7 for step in range(length + 1)}
    return frozenset(days)


def _no_window(line: str) -> Invalid:
    remedy = "Write `08:00-18:00`, or with days `mon-fri 08:00-18:00`, `sat,sun 22:00-06:00`."
    return Invalid("this is no window of time", place="blackout", value=line, remedy=remedy)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
