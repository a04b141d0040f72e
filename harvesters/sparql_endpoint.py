"""Asking a SPARQL endpoint: by GET while the question is short, else by POST; what it answers, or why that cannot be used.

A server may cut an answer at a limit of its own without an error: Virtuoso says so in a header (`X-SPARQL-MaxRows`) or answers
206 when its time was up; others say nothing, so a round number of rows is counted. Rules: SPARQL 1.1 Protocol §2.1.1, §2.1.2.
"""

from collections.abc import Sequence

from harvesters.address import mask
from harvesters.sparql_answers import ACCEPT, Row, number, rows
from harvesters.sparql_questions import Scope
from harvesters.web import Answer, Web
from metadata.errors import NotData, SourceError, Unreachable

_SHORT = 1_500  # characters of a question that goes into an address
_LONGEST = 7_000  # the same, where a server takes no POST
_COMPLAINTS = frozenset((400, 403, 404, 405, 406, 411, 413, 414, 415, 431, 500, 501))
_NO_GET = frozenset((405, 413, 414, 431))
_NO_POST = frozenset((400, 403, 404, 405, 411, 415, 501))
_ROUND = 100


class Endpoint:
    """One endpoint, and what was learnt of it."""

    def __init__(self, web: Web, url: str) -> None:
        self._web, self._url = web, url
        self._gets, self._posts = True, True

    def rows(self, question: str) -> list[Row]:
        """The solutions of a SELECT. Raises `SourceError`, `TooLarge`."""
        return rows(self._asked(question))

    def number(self, question: str) -> int | None:
        """What a COUNT says; None when the endpoint cannot."""
        try:
            return number(self._asked(question))
        except SourceError:
            return None

    def described(self, scope: Scope, datasets: Sequence[str], hops: int) -> list[Row]:
        """All rows of a description. Raises `NotData` when the server has cut them."""
        answer = self._asked(scope.description(datasets, hops))
        found = rows(answer)
        limit = answer.headers.get("x-sparql-maxrows", "")
        cut = limit.isdecimal() and 0 < int(limit) <= len(found)
        if not cut and found and len(found) % _ROUND == 0:
            whole = self.number(scope.size(datasets, hops))
            cut = whole is not None and whole > len(found)
        if cut:
            raise NotData(
                "the endpoint cuts its answers",
                place=mask(self._url),
                value=f"{len(found)} rows",
                remedy="Lower group_size or hops.",
            )
        return found

    def _asked(self, question: str) -> Answer:
        if self._gets and (len(question) <= _SHORT or not self._posts):
            answer = self._got(question)
            if answer.status not in _NO_GET or not self._posts:
                return self._judged(answer)
            self._gets = False
        answer = self._web.post(self._url, form={"query": question}, headers={"accept": ACCEPT}, tolerate=_COMPLAINTS)
        if answer.status in _NO_POST and self._gets and len(question) <= _LONGEST:
            other = self._got(question)
            if other.status < 400:
                self._posts = False
                answer = other
        return self._judged(answer)

    def _got(self, question: str) -> Answer:
        return self._web.get(self._url, {"query": question}, {"accept": ACCEPT}, tolerate=_COMPLAINTS)

    def _judged(self, answer: Answer) -> Answer:
        place = mask(self._url)
        if answer.status >= 400:
            said = " ".join(answer.text[:300].split()) or None
            remedy = "Check the address of the endpoint and the settings."
            raise Unreachable(f"it answered HTTP {answer.status}", place=place, value=said, remedy=remedy)
        if answer.status == 206:
            raise NotData("the endpoint answers in part: its time was up", place=place, remedy="Lower group_size or hops.")
        return answer
