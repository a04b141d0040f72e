"""CKAN's Action API v3: asking one action, and what an answer says.

Every answer is an envelope `{help, success, result | error}`; an unknown action is answered with a bare string. Errors come
with 4xx, and from some portals with 200. Actions that only read take GET or POST; a portal (or a wall before it) that refuses
GET is asked by POST from then on. Source: CKAN's API guide, `ckan/views/api.py`.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from harvesters.address import mask
from harvesters.json_text import failure_in, loads
from harvesters.since import present
from harvesters.web import Answer, Web
from metadata.errors import NotData, Unreachable

Params = Mapping[str, str | int]
TOLERATED = frozenset({400, 401, 403, 404, 405, 409, 410, 414, 422, 500, 501})
_NO_SUCH_ACTION = frozenset({400, 404, 405, 501})
_GET_REFUSED = frozenset({405, 414})


class Api:
    """The actions of one portal. `actions` is the address above them, `headers` what is sent with each question. `clock` is
    the portal's own time at its first answer (ISO 8601, UTC)."""

    def __init__(self, web: Web, actions: str, headers: Mapping[str, str]) -> None:
        self.web, self.actions, self.headers = web, actions, headers
        self.clock = ""
        self._posts = False

    def address(self, action: str) -> str:
        """Where an action is asked."""
        return f"{self.actions}/{action}"

    def ask(self, action: str, params: Params) -> Answer:
        """The answer, which may be an error of the client's kind or 500. Raises `Unreachable` for other failures."""
        if self._posts:
            return self._noted(self._posted(action, params))
        answer = self._noted(self.web.get(self.address(action), params, self.headers, tolerate=TOLERATED))
        if answer.status in _GET_REFUSED or (answer.status == 400 and "use POST" in answer.text[:500]):
            posted = self._posted(action, params)
            self._posts = posted.status < 400
            return posted if self._posts else answer
        return answer

    def _posted(self, action: str, params: Params) -> Answer:
        return self.web.post(self.address(action), json=dict(params), headers=self.headers, tolerate=TOLERATED)

    def _noted(self, answer: Answer) -> Answer:
        if not self.clock:
            self.clock = _moment(answer.headers.get("date", "")) or present()
        return answer


def _moment(date: str) -> str:
    """An HTTP date (RFC 9110 §5.6.7) as ISO 8601; empty when it is none."""
    try:
        return f"{parsedate_to_datetime(date):%Y-%m-%dT%H:%M:%SZ}"
    except ValueError:
        return ""


def result_of(answer: Answer) -> Any:
    """The `result` inside the envelope. Raises `Unreachable` for an error status, `NotData` for an error inside 200."""
    place = mask(answer.url)
    if answer.status >= 400:
        remedy = "Check the source's token." if answer.status in (401, 403) else "Check the URL and the settings."
        raise Unreachable(f"it answered HTTP {answer.status}", place=place, value=complaint(answer), remedy=remedy)
    body = loads(answer.text, place)
    if said := failure_in(body):
        raise NotData(
            "an error came instead of data", place=place, value=said, remedy="Check the settings, or try again later."
        )
    if not isinstance(body, dict) or "result" not in body:
        found = ", ".join(body) if isinstance(body, dict) else type(body).__name__
        message = "this is not CKAN's envelope: it has no `result`"
        raise NotData(message, place=place, value=found, remedy="Check the URL and the API path.")
    return body["result"]


def complaint(answer: Answer) -> str | None:
    """What CKAN says about an error; None when the answer is not CKAN's."""
    try:
        body = loads(answer.text, "")
    except NotData:
        return None
    return body if isinstance(body, str) else failure_in(body)


def lacks_action(answer: Answer) -> bool:
    """Whether the portal does not know the action; a question that it refuses comes in CKAN's envelope, this does not."""
    return answer.status in _NO_SUCH_ACTION and (answer.status == 404 or not refuses(answer))


def refuses(answer: Answer) -> bool:
    """Whether CKAN itself says no, in its envelope: a page of a wall or a proxy is none."""
    if answer.status < 400:
        return False
    try:
        body = loads(answer.text, "")
    except NotData:
        return False
    return isinstance(body, dict) and failure_in(body) is not None


def page_of(result: Any, place: str) -> tuple[list[Any], int | None]:
    """The rows of a page, and how many the portal says there are. DKAN wraps rows in one more list, and does not count."""
    if isinstance(result, dict) and isinstance(result.get("results"), list):
        count = result.get("count")
        return result["results"], count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None
    if isinstance(result, list):
        inner = result[0] if len(result) == 1 and isinstance(result[0], list) else result
        return inner, None
    raise NotData("this gives no list of results", place=place, value=type(result).__name__, remedy="Check the URL.")
