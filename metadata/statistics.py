"""Statistics of the search: which words found nothing, which were slow, which are asked for most. Words only, of nobody.

Words are kept in clear only when they were asked `KEPT_FROM` times; until then a row holds a key that stands for them (the
caller makes it with a secret, so that it cannot be guessed back). A day has at most `MOST_A_DAY` different words; what comes
on top is added to the row of no words. Never commits.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, delete, func, select

from metadata.errors import Invalid
from metadata.sums import add_up
from metadata.tables import SearchTally, Tally

KEPT_FROM = 3
MOST_A_DAY = 20_000
OTHER = ""
"""The key of what is counted without its words."""

KINDS = ("top", "zero", "slow")
_CHUNK = 500
_ROWS: Any = SearchTally.__table__.c  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Asked:
    """How often words were asked, found nothing, and took long; the worst and the whole time in milliseconds. `words` is None
    where they are not counted each for itself."""

    key: str
    words: str | None
    searches: int
    empty: int
    slow: int
    worst: float
    total: float


def add_searches(session: Session, day: str, asked: Sequence[Asked]) -> None:
    """Adds what one process counted on a day."""
    known = _known(session, [one.key for one in asked], day)
    room = MOST_A_DAY - session.exec(select(func.count()).where(SearchTally.day == day)).one()
    rows: dict[str, dict[str, Any]] = {}
    for one in asked:
        before, here = known.get(one.key, (0, False))
        room -= not here
        key = one.key if here or room >= 0 else OTHER
        words = one.words if key != OTHER and before + one.searches >= KEPT_FROM else None
        _join(rows, key, {"day": day, "key": key, "words": words, **_numbers(one)})
    sums = ["searches", "empty", "slow", "total"]
    add_up(session, SearchTally, list(rows.values()), sums=sums, peaks=["worst"], filled=["words"])


def _numbers(one: Asked) -> dict[str, float]:
    numbers = ("searches", "empty", "slow", "worst", "total")
    return {name: getattr(one, name) for name in numbers}


def _join(rows: dict[str, dict[str, Any]], key: str, row: dict[str, Any]) -> None:
    """Puts a row beside the others; one of the same key is added to it: a statement must not meet a row twice."""
    if (there := rows.get(key)) is None:
        rows[key] = row
        return
    for name in ("searches", "empty", "slow", "total"):
        there[name] += row[name]
    there["worst"] = max(there["worst"], row["worst"])


def _known(session: Session, keys: Sequence[str], day: str) -> dict[str, tuple[int, bool]]:
    """By key: how often it was asked on all days, and whether this day has a row of it."""
    found: dict[str, tuple[int, bool]] = {}
    for chunk in _chunks(keys):
        statement = select(SearchTally.key, func.sum(SearchTally.searches), func.max(SearchTally.day))
        for key, count, last in session.execute(statement.where(col(SearchTally.key).in_(chunk)).group_by(SearchTally.key)):
            found[key] = (int(count), last >= day)
    return found


def searches(session: Session, kind: str, since: str, limit: int) -> list[Asked]:
    """Words since a day, by how often they were asked (`top`), found nothing (`zero`) or how slow they were (`slow`). Raises
    `Invalid` for another kind."""
    if kind not in KINDS:
        raise Invalid("there is no such statistic", place="kind", value=kind, remedy=f"Choose from {', '.join(KINDS)}.")
    words, worst = func.max(_ROWS.words), func.max(_ROWS.worst)
    asked, empty, slow = (func.sum(column) for column in (_ROWS.searches, _ROWS.empty, _ROWS.slow))
    order, told = {"top": (asked, asked), "zero": (empty, empty), "slow": (worst, slow)}[kind]
    statement: Any = select(_ROWS.key, words, asked, empty, slow, worst, func.sum(_ROWS.total))  # type: ignore[call-overload]
    statement = statement.where(_ROWS.day >= since, _ROWS.key != OTHER).group_by(_ROWS.key)
    statement = statement.having(words.is_not(None), told > 0).order_by(order.desc(), words)
    return [_asked(*row) for row in session.execute(statement.limit(limit))]


def all_searches(session: Session, since: str) -> Asked:
    """All searches since a day, those whose words are not kept included."""
    found: list[Any] = [func.sum(column) for column in (_ROWS.searches, _ROWS.empty, _ROWS.slow)]
    found += [func.max(_ROWS.worst), func.sum(_ROWS.total)]
    statement: Any = select(*(func.coalesce(one, 0) for one in found)).where(_ROWS.day >= since)
    return _asked(OTHER, None, *session.execute(statement).one())


def _asked(key: str, words: str | None, asked: int, empty: int, slow: int, worst: float, total: float) -> Asked:
    return Asked(key, words, int(asked), int(empty), int(slow), float(worst), float(total))


def forget(session: Session, before: str) -> int:
    """Takes away what was counted before a day; how many rows went."""
    return int(session.execute(delete(SearchTally).where(col(SearchTally.day) < before)).rowcount)  # type: ignore[attr-defined]


def grow(session: Session, amounts: Mapping[str, float]) -> None:
    """Adds to numbers that only grow, whichever process counted."""
    rows = [{"name": name, "value": value} for name, value in amounts.items() if value]
    add_up(session, Tally, rows, sums=["value"])


def numbers(session: Session) -> dict[str, float]:
    """The numbers that only grow, by name."""
    return {name: value for name, value in session.execute(select(Tally.name, Tally.value))}


def _chunks(keys: Sequence[str]) -> Iterator[list[str]]:
    return (list(keys[start : start + _CHUNK]) for start in range(0, len(keys), _CHUNK))
