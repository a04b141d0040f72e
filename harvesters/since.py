"""Asking only for what changed: when the last good run began, and when it is time to ask in full again.

The mark is kept with the source's validators, so only a run that ended well leaves one. A source does not tell of everything
that goes (a deleted CKAN dataset just stops being listed), so every so many runs the whole listing is asked for.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from harvesters.web import Web

_KEY = "since:"


@dataclass(frozen=True)
class Since:
    """`start`: changes are asked for from this moment on (ISO 8601, UTC, `Z`); None: everything is."""

    web: Web
    key: str
    start: str | None
    runs: int

    @classmethod
    def of(cls, web: Web, key: str, full_every: int) -> "Since":
        """What the last good run left under `key` (an address with its filters). Every `full_every`-th run asks in full; with
        1, all do."""
        mark = web.validators.get(_KEY + key, {})
        at, runs = mark.get("at"), int(mark.get("runs", "0") or 0) if str(mark.get("runs", "0")).isdecimal() else 0
        return cls(web, key, at if at and runs + 1 < full_every else None, runs)

    def remember(self, stamp: str) -> None:
        """Leaves the moment from which the next run asks, if this one ends well."""
        runs = self.runs + 1 if self.start else 0
        self.web.fresh_validators[_KEY + self.key] = {"at": stamp, "runs": str(runs)}


def earlier(stamp: str, minutes: float) -> str:
    """A moment so many minutes before (an overlap for clocks that differ). Raises `ValueError` for what is no moment."""
    moment = datetime.fromisoformat(stamp)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{(moment - timedelta(minutes=minutes)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def present() -> str:
    """This moment, by this machine's clock; the source's own (a `Date` header, a responseDate) is better."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
