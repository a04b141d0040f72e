"""Waiting and trying again: how long, and what says that trying again may help."""

import random
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from metadata.errors import CatalogError

LONGEST_WAIT = 120.0  # seconds; a source that asks for more is asked again at its next run
FIRST_WAIT = 1.0


class Cancelled(Exception):
    """Someone asked the run to stop."""


class Passing(Exception):
    """A failure that may pass. `error` is what to raise when it does not; `after` the seconds the source asked to wait."""

    def __init__(self, error: CatalogError, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


def delay(attempt: int, after: float | None) -> float:
    """Seconds before the next try: what the source asked for, else 1, 2, 4, … with up to half as much again by chance."""
    if after is not None:
        return min(max(after, 0.0), LONGEST_WAIT)
    # Chance keeps many runs that failed together from coming back together; nothing secret depends on it.
    return float(min(FIRST_WAIT * 2**attempt * (1 + random.random() / 2), LONGEST_WAIT))  # noqa: S311


def retry_after(header: str | None, now: Callable[[], float] = time.time) -> float | None:
    """The seconds of a Retry-After header, given as seconds or as a date (RFC 9110 §10.2.3); None when it says neither."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now())
    except (ValueError, TypeError, OverflowError):
        return None


def wait(seconds: float, sleep: Callable[[float], None], cancelled: Callable[[], bool]) -> None:
    """Sleeps in steps of a second, so that a cancelled run ends at once."""
    while seconds > 0:
        if cancelled():
            raise Cancelled
        sleep(min(seconds, 1.0))
        seconds -= 1.0
