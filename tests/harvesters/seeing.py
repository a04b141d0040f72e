"""What a protocol makes of an answer: asked over real HTTP, or of a beginning given here."""

from harvesters.base import Seen
from harvesters.web import Web

_HEAD = 256 << 10


def seen(url: str) -> Seen:
    """The beginning of what an address answers."""
    with Web(internal=True, retries=0) as web:
        answer = web.get(url, tolerate=range(400, 600))
    kind = answer.headers.get("content-type", "").partition(";")[0].lower()
    whole = len(answer.content) <= _HEAD
    return Seen(url, answer.url, answer.status, kind, answer.headers, answer.content[:_HEAD], whole)


def given(text: str, url: str = "https://data.example.org/", status: int = 200, whole: bool = True) -> Seen:
    """An answer that begins so."""
    return Seen(url, url, status, "application/json", {}, text.encode(), whole)
