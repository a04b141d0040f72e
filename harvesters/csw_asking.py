"""How one service wants to be asked, found by trying, and the page or the record that it then gives.

Manners, tried at the first page from the best to the plainest: key-value pairs sorted by identifier, not sorted, by the type
name of the schema; then the same as posted documents. The first that gives a list of records is kept.
Rules: OGC 07-006r1 §10.8.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from harvesters import csw_page
from harvesters.address import mask
from harvesters.base import Record
from harvesters.csw_page import Broken, Complaint, Page
from harvesters.csw_service import CSW, TOLERATED, Question, Service
from harvesters.csw_walk import Walk
from harvesters.web import Answer, Web
from metadata.errors import CatalogError, NotData, SourceError, TooLarge

_XML = {"content-type": "application/xml"}
_ACCEPT = {"accept": "application/xml, text/xml;q=0.9, */*;q=0.1"}
_MOST_KEPT = 1 << 20  # bytes of a broken answer that are kept as the raw record
_IDENTIFIERS = {"csw:Record": "dc:identifier", "gmd:MD_Metadata": "apiso:Identifier"}


class Manner(NamedTuple):
    """One way of asking."""

    post: bool
    types: str
    sort: str


@dataclass(frozen=True)
class Asking:
    """What is asked of a service, apart from where."""

    web: Web
    service: Service
    schema: str
    types: tuple[str, ...]
    constraint: str
    method: str
    sorted: bool

    def manners(self) -> list[Manner]:
        """The ways that come into question; the ones that the service offers first."""
        posts = {"GET": (False,), "POST": (True,)}.get(self.method, (False, True) if self.service.gets else (True, False))
        made: list[Manner] = []
        for post in posts:
            if self.sorted and self.types[0] in _IDENTIFIERS:
                made.append(Manner(post, self.types[0], _IDENTIFIERS[self.types[0]]))
            made += [Manner(post, types, "") for types in self.types]
        return made

    def page(self, walk: Walk) -> Page:
        """The page at the walk's position. Raises `Complaint` and `Broken`; at the first page only when no manner is taken."""
        manners = self.manners()
        if walk.longest or walk.manner >= len(manners):
            return self._page(walk.position, walk.size, manners[min(walk.manner, len(manners) - 1)])
        failure: Complaint | None = None
        for number in range(walk.manner, len(manners)):
            try:
                page = self._page(walk.position, walk.size, manners[number])
            except Complaint as complaint:
                failure = failure or complaint
                continue
            if page.rows or page.matched or not manners[number].sort:  # some answer an order that they do not know with nothing
                walk.manner = number
                return page
        if failure is None:
            return Page((), 0, 0, 0)
        failure.final = failure.code not in ("NoApplicableCode", "500", "")
        raise failure

    def _page(self, start: int, size: int, manner: Manner, schema: str = "", elements: str = "full") -> Page:
        question = Question(start, size, schema or self.schema, manner.types, manner.sort, self.constraint, elements)
        try:
            answer = self._answer(question, manner.post)
        except TooLarge as problem:
            raise Broken(NotData(problem.message, place=problem.place, remedy=problem.remedy), None, b"") from None
        return csw_page.page(answer.content, answer.status, mask(answer.url))

    def _answer(self, question: Question, post: bool) -> Answer:
        if post:
            content = self.service.document(question)
            return self.web.post(self.service.post_url, content=content, headers=_XML | _ACCEPT, tolerate=TOLERATED)
        return self.web.get(self.service.url, self.service.params(question), _ACCEPT, tolerate=TOLERATED)

    def alone(self, walk: Walk, error: SourceError, broken: Broken | None) -> Iterator[Record]:
        """The record at the walk's position, by its identifier; else what came in its place, with what is wrong with it."""
        identifier = self._identifier(walk)
        body = broken.body[:_MOST_KEPT] if broken else str(error).encode()
        faults = (broken.finding,) if broken and broken.finding else ()
        if identifier:
            try:
                params = self.service.by_id(identifier, self.schema)
                answer = self.web.get(self.service.url, params, _ACCEPT, tolerate=TOLERATED)
                records = csw_page.one(answer.content, answer.status, mask(answer.url))
                if any(record.identifier == identifier for record in records):
                    yield from records
                    return
            except Broken as alone:
                body, faults = alone.body[:_MOST_KEPT], (alone.finding,) if alone.finding else ()
            except (Complaint, CatalogError):
                pass
        yield Record(body, identifier, faults=faults)

    def _identifier(self, walk: Walk) -> str | None:
        """What the record there is called, from its brief form in the service's own schema."""
        manners = self.manners()
        manner = manners[min(walk.manner, len(manners) - 1)]
        try:
            page = self._page(walk.position, 1, manner, CSW[self.service.version], "brief")
        except (Complaint, Broken, CatalogError):
            return None
        return page.records[0].identifier if len(page.records) == 1 else None
