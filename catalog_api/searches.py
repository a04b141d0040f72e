"""Saved searches: what may be saved, how a saved question is asked again, and the keys in the links that mails carry.

A saved search sees what everyone may see, whoever saved it. Its keys are made from the catalogue's secret and its id, so
nothing has to be kept, and a copy of the database opens no link.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import replace
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.datastructures import QueryParams

from catalog_api.asking import pairs, question
from catalog_api.settings import Settings
from harvesters.address import vet
from metadata import clock, searches
from metadata.errors import Conflict, Invalid, NotAllowed
from metadata.tables import SavedSearch
from search.base import Query, SearchEngine

PUBLIC = frozenset({"public"})
_ASKED = ("words", "filters", "excluded", "required", "ranges", "box", "relation", "near", "literal")
LONGEST = 4_000
"""Characters of a query string."""

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
MOST_OF_A_TOKEN = 100
MOST_UNCONFIRMED = 3
"""Searches for one address of mail that wait to be confirmed, of one day: nobody is flooded with mails that others ask for."""

MOST_UNCONFIRMED_IN_ALL = 200
"""The same for all addresses together, of one hour."""


def kept(query: Query) -> str:
    """What makes a question, as the query string of a URL: without order, pages and facets to count."""
    plain = Query(languages=query.languages, readers=query.readers, highlight=True)
    asked = {name: getattr(query, name) for name in _ASKED}
    return urlencode(pairs(replace(plain, **asked)), errors="replace")


def wanted(query: str, languages: tuple[str, ...], *, limit: int = 100, after: str | None = None) -> Query:
    """The question of a saved search, the latest changed datasets first. Raises `Invalid` for one that means nothing (any
    more): it must not widen in silence."""
    asked = question(QueryParams(query), PUBLIC, order="updated", limit=limit, offset=0, after=after, languages=languages)
    return replace(asked, facets=(), histograms={}, highlight=False, explain=False)


def vetted(engine: SearchEngine, query: str, languages: tuple[str, ...]) -> str:
    """A query string as it is kept. Raises `Invalid` for a question that cannot be asked."""
    if len(query) > LONGEST:
        raise Invalid("this search is too long to be kept", place="query", remedy="Use fewer words and filters.")
    asked = wanted(query.removeprefix("?"), languages, limit=0)
    engine.search(asked)
    return kept(asked)


def key(settings: Settings, purpose: str, search_id: str) -> str:
    """The key of a saved search for a purpose: `confirm`, `unsubscribe` or `webhook`."""
    made = hmac.new(settings.key.encode(), f"saved search:{purpose}:{search_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def require_key(settings: Settings, purpose: str, search_id: str, given: str) -> None:
    """Raises `NotAllowed` when this is not the key."""
    if not hmac.compare_digest(key(settings, purpose, search_id).encode(), given.encode("utf-8", "replace")):
        raise NotAllowed("this link is not whole", place="key", remedy="Open it as it stands in the mail, from end to end.")


def mail_is_sent(settings: Settings) -> bool:
    """Whether this catalogue can send mail."""
    return bool(settings.smtp_url)


def checked_target(settings: Settings, channel: str, target: str) -> str:
    """Where messages of a channel go, checked. Raises `Invalid` or `Refused`."""
    target = target.strip()
    if channel == "none":
        return ""
    if channel == "webhook":
        return str(vet(target, settings.internal_webhooks))
    if channel != "mail":
        remedy = f"Choose from {', '.join(searches.CHANNELS)}."
        raise Invalid("there is no such channel", place="channel", value=channel, remedy=remedy)
    if not mail_is_sent(settings):
        raise Invalid("this catalogue sends no mail", place="channel", remedy="Use the Atom feed, or a webhook.")
    if len(target) > 254 or not _MAIL.fullmatch(target):
        raise Invalid("this is no address of mail", place="target", value=target, remedy="Write name@example.org.")
    return target


def save(
    session: Session,
    settings: Settings,
    name: str,
    query: str,
    *,
    owner: str | None,
    channel: str,
    target: str,
    language: str,
) -> SavedSearch:
    """Keeps a search whose question was vetted. One with mail waits for its address to be confirmed; a worker sends the mail
    that asks for it. Raises what `checked_target` raises, and `Conflict` when there are too many."""
    target = checked_target(settings, channel, target)
    if channel == "mail":
        _require_room(session, target)
    if owner is not None and searches.count(session, owner) >= MOST_OF_A_TOKEN:
        raise Conflict("this token has saved as many searches as it may", value=owner, remedy="Delete one first.")
    state = "pending" if channel == "mail" else "active"
    return searches.save(session, name, query, owner=owner, channel=channel, target=target, language=language, state=state)


def _require_room(session: Session, target: str) -> None:
    own = searches.unconfirmed(session, clock.later(-86_400), target)
    if own >= MOST_UNCONFIRMED:
        remedy = "Open the link in one of the mails that were sent, or try again tomorrow."
        raise Conflict("searches for this address wait to be confirmed already", place="target", remedy=remedy)
    if searches.unconfirmed(session, clock.later(-3600)) >= MOST_UNCONFIRMED_IN_ALL:
        raise Conflict("too many searches are being saved", remedy="Try again in an hour, or use the Atom feed.")
