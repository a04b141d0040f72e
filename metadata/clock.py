"""Moments, as the catalogue writes them: ISO 8601 in UTC with microseconds, so that text order is time order."""

from datetime import UTC, datetime, timedelta

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def now() -> str:
    """This moment: `2026-05-03T08:00:00.000000Z`."""
    return datetime.now(UTC).strftime(_FORM)


def later(seconds: float) -> str:
    """The moment `seconds` from now (earlier when negative)."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime(_FORM)


def stamp(moment: datetime) -> str:
    """A zone-aware moment in the catalogue's form."""
    return moment.astimezone(UTC).strftime(_FORM)


def parse(text: str) -> datetime:
    """The moment that `now`, `later` or `stamp` wrote. Raises `ValueError` for anything else."""
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
