"""Alerts: the leading worker looks at each saved search from time to time, and sends one message that lists what is new.

What a message covers (lines `told` to `telling` of the log) is written down before it is sent, and struck out after. A process
that dies in between sends it again: with the same `Message-ID` or delivery number, by which a receiver knows it. So a message
may come twice in such a case, and never not at all.
"""

from collections.abc import Callable

import orjson
import structlog
from sqlalchemy import Engine

from catalog_api import mail, webhooks
from catalog_api.news import News, news
from catalog_api.searches import key
from catalog_api.settings import Settings
from catalog_api.web import letters
from metadata import clock, database, searches, statistics
from metadata.errors import CatalogError, Unavailable
from metadata.tables import SavedSearch
from search.base import SearchEngine

AT_ONCE = 100
"""Searches of one turn, so that no turn is endless."""

MOST_FAILURES = 10
"""Failures in a row after which a search is stopped; waits double from 2 minutes to a day."""

MOST_AWAY = 3
AWAY_SECONDS = 300.0
"""When so many searches of one turn meet a part that is away, the turn ends; they are looked at again after so long."""

_DAY_MINUTES = 1440
_log = structlog.get_logger("mulu.alerts")


class Alerts:
    """The alerts of one worker. `leads` says whether they are its own now."""

    def __init__(self, engine: Engine, settings: Settings, search: SearchEngine, leads: Callable[[], bool]) -> None:
        self._engine, self._settings, self._search, self._leads = engine, settings, search, leads

    def tell_due(self) -> int:
        """Looks at the searches whose turn it is; how many messages were sent. Raises `Unavailable`, at its end, when index or
        mail server are away: nothing is lost, and nothing counts as a failure of a search."""
        if not self._leads():
            return 0
        with database.reading(self._engine) as session:
            ids = searches.due(session, AT_ONCE)
        sent, away = 0, list[Unavailable]()
        for one in ids:
            if not self._leads() or len(away) >= MOST_AWAY:
                break
            try:
                sent += self.tell(one)
            except Unavailable as problem:
                away.append(problem)
        if away:
            raise away[0]
        return sent

    def tell(self, search_id: str) -> bool:
        """Looks at one search; whether a message was sent. Raises `Unavailable`; the search is then looked at again soon."""
        row = self._begin(search_id)
        if row is None:
            return False
        try:
            sent = self._confirm(row) if row.state == "pending" else self._tell_news(row)
        except Unavailable as problem:
            self._end(row, away=str(problem))
            raise
        except CatalogError as problem:
            self._end(row, problem=str(problem))
            return False
        self._end(row, sent=sent)
        return sent

    def _begin(self, search_id: str) -> SavedSearch | None:
        """The search, with what a message will cover written down; None when there is nothing to be told."""
        position = self._search.position()
        with database.writing(self._engine) as session:
            row = session.get(SavedSearch, search_id)
            if row is None or row.state == "stopped":
                return None
            if row.state == "active" and row.telling is None:
                if position <= row.told:
                    self._put_off(row)
                    session.add(row)
                    session.commit()
                    return None
                row.telling = position
            session.add(row)
            session.commit()
            return row

    def _tell_news(self, row: SavedSearch) -> bool:
        with database.reading(self._engine) as session:
            found = news(session, self._search, row, row.telling or row.told, self._settings.languages)
        if not found.datasets:
            return False
        if row.channel == "mail":
            mail.send(self._settings, letters.alert(self._settings, row, found))
        else:
            self._post(row, found)
        return True

    def _post(self, row: SavedSearch, found: News) -> None:
        body = orjson.dumps(payload(self._settings, row, found))
        signed = webhooks.signature(key(self._settings, "webhook", row.id), body)
        headers = {webhooks.SIGNATURE: signed, webhooks.DELIVERY: delivery(row)}
        webhooks.post(row.target, body, headers, internal=self._settings.internal_webhooks)

    def _confirm(self, row: SavedSearch) -> bool:
        mail.send(self._settings, letters.confirmation(self._settings, row))
        return True

    def _end(self, row: SavedSearch, *, sent: bool = False, problem: str = "", away: str = "") -> None:
        """Notes how it went, unless the search was ended meanwhile."""
        with database.writing(self._engine) as session:
            there = session.get(SavedSearch, row.id)
            if there is None:
                return
            if away:
                there.message, there.due = away[:500], clock.later(AWAY_SECONDS)
            elif problem:
                self._fail(there, problem)
            else:
                self._settle(there, row, sent)
            session.add(there)
            statistics.grow(session, {"alerts:failed": float(bool(problem)), f"alerts:{row.channel}": float(sent)})
            session.commit()

    def _settle(self, there: SavedSearch, row: SavedSearch, sent: bool) -> None:
        if row.state == "active":
            there.told, there.telling = row.telling or there.told, None
            self._put_off(there)
        elif there.state == "pending":
            there.due = clock.later(10 * 365 * 86_400)  # no second mail asks for the same
        there.failures, there.message = 0, ""
        there.sent = clock.now() if sent else there.sent

    def _put_off(self, row: SavedSearch) -> None:
        row.checked, row.due = clock.now(), clock.later(60 * self._settings.alert_minutes)

    def _fail(self, row: SavedSearch, problem: str) -> None:
        row.failures, row.message, row.checked = row.failures + 1, problem[:500], clock.now()
        row.due = clock.later(60 * min(2**row.failures, _DAY_MINUTES))
        if row.failures >= MOST_FAILURES:
            row.state = "stopped"
            _log.warning("a saved search was stopped after many failures", search=row.id, channel=row.channel)


def delivery(row: SavedSearch) -> str:
    """The number of a message: the same when it has to be sent again."""
    return f"{row.id}.{row.told}-{row.telling}"


def payload(settings: Settings, row: SavedSearch, found: News) -> dict[str, object]:
    """What a webhook is told."""
    site = settings.site_url
    return {
        "id": delivery(row),
        "search": {"id": row.id, "name": row.name, "query": row.query, "url": f"{site}/search?{row.query}"},
        "total": found.total,
        "more": found.more,
        "datasets": [
            {
                "id": entry.id,
                "name": entry.name,
                "title": entry.dataset.title,
                "organization": entry.organization,
                "updated": entry.updated,
                "new": new,
                "url": f"{site}/dataset/{entry.name}",
            }
            for entry, new in found.datasets
        ],
    }
