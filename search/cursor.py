"""Cursors: where an answer goes on. Opaque to whoever passes them on, checked when they come back. Pure."""

import base64
import hashlib
from dataclasses import dataclass

import orjson

from metadata.errors import Invalid
from search.base import Query

LONGEST = 20_000
"""Characters of a cursor; a longer text is none of ours."""


@dataclass(frozen=True)
class Cursor:
    """After the hit that was number `offset`. `key` is what an engine needs to find the place again when the index has changed
    (numbers, words, an id); `snapshot` names the state of the index that was asked, where the engine keeps such a thing."""

    offset: int
    key: tuple[float | int | str | None, ...] = ()
    snapshot: str = ""


def encode(query: Query, cursor: Cursor) -> str:
    """The cursor as the text that `Page.next` carries."""
    body = orjson.dumps([_question(query), cursor.offset, cursor.key, cursor.snapshot])
    return _text(_sum(body) + body)


def decode(query: Query, text: str) -> Cursor:
    """The cursor behind `text`. Raises `Invalid` when it is none of ours, was changed, or belongs to another question."""
    if len(text) > LONGEST:
        raise _refused("this is no cursor of ours", text[:LONGEST])
    try:
        whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        whole = b""
    body = whole[6:]
    if not body or whole[:6] != _sum(body) or _text(whole) != text:
        raise _refused("this is no cursor of ours", text)
    question, offset, key, snapshot = orjson.loads(body)
    if question != _question(query):
        raise _refused("this cursor belongs to another question", text)
    return Cursor(offset, tuple(key), snapshot)


def _refused(message: str, text: str) -> Invalid:
    remedy = "Pass `next` of the page before as it is, with the same words, filters and order; or begin without a cursor."
    return Invalid(message, place="after", value=text, remedy=remedy)


def _text(whole: bytes) -> str:
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def _sum(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=6).digest()


def _question(query: Query) -> str:
    """A digest of everything that decides which hits there are and in which order."""
    parts = (query.filters, query.excluded, query.required)
    filters = [sorted((name, sorted(values)) for name, values in part.items()) for part in parts]
    places = [query.box, query.relation, query.near, query.literal]
    asked = [query.words, query.order, *filters, sorted(query.ranges.items()), *places, sorted(query.readers)]
    return hashlib.blake2b(orjson.dumps(asked), digest_size=8).hexdigest()
