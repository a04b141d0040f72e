"""What the leading worker does besides following the log: documents that were touched are written anew, copies are linked,
store and index are compared from time to time, and what has become old is taken away.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog_api import linking
from catalog_api.settings import Settings
from metadata import clock, database, marks, searches, statistics, store, uses
from metadata.tables import Change
from search.base import SearchEngine
from search.sync import Drift, touch, verify

DRIFT = "index drift"
"""The mark of the last comparison: how many datasets were checked, missing, stale and extra, and how long it took."""

DAILY = "daily chores"
TOUCHED_AT_ONCE = 1_000
UNCONFIRMED_DAYS = 3
_BEHIND = 1_000  # lines of the log from which on the index has other things to do than to be compared
_log = structlog.get_logger("mulu.chores")


class Chores:
    """The chores of one worker. `leads` says whether they are its own now."""

    def __init__(self, engine: Engine, settings: Settings, search: SearchEngine, leads: Callable[[], bool]) -> None:
        self._engine, self._settings, self._search, self._leads = engine, settings, search, leads

    def perform(self) -> None:
        """Does what is due."""
        if not self._leads():
            return
        self.refresh()
        linking.follow_a_little(self._engine, self._leads)
        if self._is_due(DAILY, 24):
            self.tidy()
        if self._settings.verify_hours and self._is_due(DRIFT, self._settings.verify_hours) and not self._is_behind():
            self.compare()

    def refresh(self) -> int:
        """Writes the documents of touched datasets anew; how many."""
        count = 0
        while self._leads():
            with database.reading(self._engine) as session:
                ids = uses.touched(session, TOUCHED_AT_ONCE)
            if not ids:
                break
            with database.writing(self._engine) as session:
                uses.untouch(session, ids)  # first: what is touched again meanwhile is written again
                session.commit()
            self._write(ids)
            count += len(ids)
        return count

    def _write(self, ids: list[str]) -> None:
        try:
            with database.reading(self._engine) as session:
                touch(session, self._search, ids)
        except BaseException:
            with database.writing(self._engine) as session:
                uses.touch(session, ids)
                session.commit()
            raise

    def tidy(self) -> None:
        """Takes away what is older than it is kept, and brings the use of what was visited since yesterday up to the day."""
        with database.writing(self._engine) as session:
            uses.forget(session, uses.days_ago(uses.KEPT_DAYS))
            uses.touch_visited(session, uses.days_ago(1))
            statistics.forget(session, uses.days_ago(self._settings.statistics_days))
            searches.forget_unconfirmed(session, clock.later(-86_400 * UNCONFIRMED_DAYS))
            marks.put_mark(session, DAILY, {})
            session.commit()

    def compare(self) -> dict[str, Any]:
        """Compares store and index, mends what differs, and notes what was found."""
        began = time.monotonic()
        found = self._differing()
        wrong = [*found.missing, *found.stale, *found.extra]
        if wrong:
            _log.warning("store and index differ: mending", datasets=len(wrong))
            with database.reading(self._engine) as session:
                touch(session, self._search, wrong)
        kinds = {kind: len(getattr(found, kind)) for kind in ("missing", "stale", "extra")}
        noted = {"checked": found.checked, **kinds, "seconds": round(time.monotonic() - began, 3)}
        with database.writing(self._engine) as session:
            marks.put_mark(session, DRIFT, noted)
            session.commit()
        return noted

    def _differing(self) -> Drift:
        """How store and index differ, without what the log tells of since: that is not lost, only on its way."""
        position = self._search.position()
        with database.reading(self._engine) as session:
            found = verify(session, self._search)
        with database.reading(self._engine) as session:
            late = set(session.exec(select(Change.dataset_id).where(Change.sequence > position).distinct()))
        missing, stale, extra = (
            tuple(one for one in kind if one not in late) for kind in (found.missing, found.stale, found.extra)
        )
        return Drift(missing, stale, extra, found.checked)

    def _is_due(self, name: str, hours: float) -> bool:
        with database.reading(self._engine) as session:
            last = marks.mark(session, name)
        return last is None or clock.parse(last.at) + timedelta(hours=hours) <= datetime.now(UTC)

    def _is_behind(self) -> bool:
        with database.reading(self._engine) as session:
            return _behind(session, self._search) > _BEHIND


def _behind(session: Session, search: SearchEngine) -> int:
    position = search.position()
    last = store.last_sequence(session)
    return last - position if position else last + _BEHIND
