"""A static catalogue of OGC API Records, crawled: `item` links lead to records, `child` links to further catalogues.

Catalogues are read in the order of their links, each once, whatever circles the links make. A catalogue that cannot be read
breaks the crawl, for what it lists would be missing; a record that cannot be read is one failed record, unless many in a row
are. Rules: OGC 20-004r1, "Crawlable catalog".
"""

from collections.abc import Callable, Iterator

from harvesters.base import Record
from harvesters.ogc_records_links import Told, answer_of, links_of, record_of
from harvesters.web import Web
from metadata.errors import NotData, SourceError

MOST_CATALOGUES = 100_000
MOST_RECORDS = 5_000_000
_MOST_FAILED = 10  # records in a row that cannot be read

Make = Callable[[], tuple[Record, str]]
"""Gives one record, and the address its links are relative to; only then is it asked for."""


class Crawl:
    """One crawl."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._failed = 0
        self._met: set[str] = set()
        self._catalogues = 0

    def walk(self, top: Told) -> Iterator[Make]:
        """What makes each record, in the order of the links. Raises `NotData` for a catalogue that is none, or too many."""
        if isinstance(top.body, dict) and top.body.get("type") == "Feature":
            yield lambda: (record_of(top.body), top.url)
            return
        waiting: list[Told | str] = [top]
        self._met.add(top.url)
        while waiting:
            each = waiting.pop()
            told = answer_of(self._web, each) if isinstance(each, str) else each
            self._catalogues += 1
            self._bounded(told.place)
            children: list[Told | str] = []
            for relation, address, kind in self._links(told):
                if relation == "item":
                    yield self._made(address)
                elif relation == "child" and "html" not in kind:
                    children.append(address)
            waiting += reversed(children)

    def _links(self, told: Told) -> Iterator[tuple[str, str, str]]:
        """The links of a catalogue to what was not met before."""
        if not isinstance(told.body, dict) or not isinstance(told.body.get("links"), list):
            raise NotData("this is no catalogue: it has no `links`", place=told.place, remedy="Ask the source to mend it.")
        for relation, address, kind in links_of(told):
            plain = address.partition("#")[0]
            if relation in ("item", "child") and plain not in self._met:
                self._met.add(plain)
                self._bounded(told.place)
                yield relation, plain, kind

    def _bounded(self, place: str) -> None:
        if self._catalogues > MOST_CATALOGUES or len(self._met) > MOST_RECORDS:
            limit = f"more than {MOST_CATALOGUES:,} catalogues or {MOST_RECORDS:,} records"
            raise NotData(limit, place=place, remedy="Give a smaller part of the catalogue.")

    def _made(self, address: str) -> Make:
        return lambda: self._record(address)

    def _record(self, address: str) -> tuple[Record, str]:
        try:
            told = answer_of(self._web, address)
        except SourceError as problem:
            self._failed += 1
            if self._failed > _MOST_FAILED:
                raise
            return Record({"href": address, "problem": problem.message}), address
        self._failed = 0
        return record_of(told.body), told.url
