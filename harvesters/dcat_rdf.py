"""A catalogue in RDF: one document or pages, with the documents that it only links to.

Rules of the walk:
- A page's next one is what the page names (`harvesters/rdf_pages.py`). A page that was met before, by its address or by what it
  describes, is a circle, and an error; so is an end before the last page or before `hydra:totalItems`.
- A dataset that is described on two pages one after the other is one record: all that both say. A page is therefore given when
  the next one has been read, and no earlier page is kept.
- When the total shrinks from one page to the next, datasets may have moved to the page just read: it is read once more.
- When the pages are over, datasets that were listed and described nowhere are asked for at their own addresses, in the order of
  these; catalogues that are part of this one (dcat:catalog) are walked in the same way, each once.
- A listed dataset that cannot be had is a record that fails: it is listed, so it is not taken for deleted.
Sources: W3C DCAT 3 §5; Hydra Core Vocabulary §5; DCAT-AP 3 on catalogues of catalogues.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar, TypeVar
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field
from pyoxigraph import BlankNode, NamedNode, Triple

from harvesters.base import Batch, Found, Record, Seen
from harvesters.dcat_rdf_links import Links
from harvesters.dcat_rdf_walk import Cursor, Walk
from harvesters.documents import grouped
from harvesters.rdf_dump import Dump
from harvesters.rdf_pages import Page, faulty, fetch, identifier, joined, modified
from harvesters.rdf_recognition import found
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, SourceError, TooLarge
from standards.rdf import Node
from standards.rdf_graph import canonical

_ALONE = "alone:"  # with the address: the catalogue was one document at the last good run
Carried = dict[Node, list[Triple]]
T = TypeVar("T")


class DcatRdfSettings(BaseModel):
    """What a catalogue in RDF lets one choose."""

    model_config = ConfigDict(extra="forbid")

    accept: str = Field(default="", pattern=r"^[\w./+*;=, -]*$", title="Media type to ask for (empty: any RDF)")
    follow_datasets: bool = Field(default=True, title="Fetch datasets that are listed by address only")
    follow_catalogs: bool = Field(default=True, title="Walk the catalogues that are part of this one")
    check_total: bool = Field(default=True, title="Fail when fewer come than hydra:totalItems says")
    max_pages: int = Field(default=10_000, ge=1, le=1_000_000, title="Most pages")
    batch_size: int = Field(default=500, ge=1, le=10_000, title="Records in a batch")


class DcatRdf:
    """The harvester of catalogues in RDF."""

    name: ClassVar[str] = "dcat_rdf"
    title: ClassVar[dict[str, str]] = {"zh": "RDF 目录(DCAT,可分页)", "en": "Catalogue in RDF (DCAT, also paged)"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = DcatRdfSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url.strip()
        self.settings = DcatRdfSettings.model_validate(settings.model_dump())

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """Where catalogues in RDF usually are."""
        return [urljoin(url, path) for path in ("/catalog.ttl", "/catalog.rdf", "/catalog.jsonld", "/catalog.xml", "/catalog")]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """RDF that speaks of catalogues or datasets."""
        return found(seen)

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records; `resume` is a `Cursor`."""
        again = resume is not None
        kept = Cursor.of(resume) if resume else None
        walk = self._gone_over(web, kept) if kept and kept.links else self._walk(kept or self._start())
        while walk.cursor.at:
            yield from self._catalog(web, walk, again)
        if self.settings.follow_datasets:
            for records, after in Links(web, self.settings.accept, walk).records():
                walk.cursor = replace(walk.cursor, after=after)
                yield Batch(records, str(walk.cursor), again=again)
        if not again:
            self._mark(web, walk)

    def _start(self) -> Cursor:
        return Cursor(self.url, known=(self.url,))

    def _walk(self, cursor: Cursor) -> Walk:
        settings = self.settings
        return Walk(cursor, settings.max_pages, settings.check_total, settings.follow_catalogs)

    def _mark(self, web: Web, walk: Walk) -> None:
        """Leaves word for the next run whether one document is all there is: only then may it ask whether that has changed."""
        if walk.cursor.number == 1 and not walk.listed and self.url in web.fresh_validators:
            web.fresh_validators[_ALONE + self.url] = {"pages": "1"}
        else:
            web.fresh_validators.pop(self.url, None)

    def _fetch(self, web: Web, walk: Walk, url: str) -> Page:
        """A page, never met before. The first one is asked for on condition when it was all there was at the last good run."""
        first = walk.cursor.number == 0 and url == self.url
        alone = first and (self.url not in web.validators or _ALONE + self.url in web.validators)
        try:
            page = walk.see(fetch(web, url, self.settings.accept, conditional=alone))
        except SourceError as problem:
            if url != self.url and url in walk.cursor.known:
                problem.remedy += " It is part of another catalogue: follow_catalogs can leave such ones out."
            raise
        if not (page.datasets or page.links or page.catalogs or page.is_catalog):
            raise NotData("this RDF describes no dataset and no catalogue", place=page.place, remedy="Check the URL.")
        return page

    def _gone_over(self, web: Web, kept: Cursor) -> Walk:
        """The walk up to where it was, without records, to know again which datasets were listed and not described. When the
        place is not met any more, the walk starts anew."""
        walk = self._walk(self._start())
        while walk.cursor.at and walk.cursor.at != kept.at:
            page = walk.see(fetch(web, walk.cursor.at, self.settings.accept))
            walk.take(page)
            if page.paging.following:
                walk.cursor = replace(walk.cursor, at=page.paging.following)
            else:
                walk.cursor = walk.behind(page, None, ())
                walk.turn()
        if walk.cursor.at != kept.at:
            return self._walk(self._start())
        walk.cursor = replace(walk.cursor, skip=kept.skip, digest=kept.digest, before=kept.before, after=kept.after)
        return walk

    def _catalog(self, web: Web, walk: Walk, again: bool) -> Iterator[Batch]:
        """The pages of one catalogue. A page is given before what went wrong with the next one is told; the place that is kept
        then is the page itself, so that a run that goes on meets the fault again."""
        page = self._fetch(web, walk, walk.cursor.at or self.url)
        carried = self._carried(web, walk, page)
        while True:
            walk.take(page)
            following, failure = self._following(web, walk, page)
            shared = _shared(page, following)
            behind = walk.behind(page, following, shared) if failure is None else None
            if moved := self._moved(web, walk, page, following):
                yield Batch(moved, str(walk.cursor), page.paging.total, again=again)
            for records, cursor, ends in self._given(walk, page, carried, shared):
                walk.cursor = behind if ends and behind else cursor
                yield Batch(records, str(walk.cursor), page.paging.total, again=again)
            if failure is not None:
                raise failure
            walk.cursor = behind or walk.cursor
            if following is None:
                walk.turn()
                return
            carried = {node: joined(carried.get(node, []), page.description(node)) for node in shared}
            page = following

    def _following(self, web: Web, walk: Walk, page: Page) -> tuple[Page | None, CatalogError | None]:
        """The next page, or why there is none though there should be."""
        if page.paging.following is None:
            return None, walk.early(page)
        try:
            return self._fetch(web, walk, page.paging.following), None
        except (SourceError, TooLarge) as problem:
            return None, problem

    def _moved(self, web: Web, walk: Walk, page: Page, following: Page | None) -> tuple[Record, ...]:
        """When the total shrank on the way to the next page, datasets may have moved from there to this page after it was read:
        it is read again, and gives those that were met nowhere."""
        if following is None or (following.paging.total or 0) >= (page.paging.total or 0):
            return ()
        later = fetch(web, page.url, self.settings.accept)
        fresh = [node for node in later.datasets if walk.is_new(node)]
        walk.note(later)
        return tuple(self._record(later, node, {}, False) for node in fresh)

    def _carried(self, web: Web, walk: Walk, page: Page) -> Carried:
        """For a run that goes on: what the page before said of datasets that go on here."""
        if not walk.cursor.before:
            return {}
        before = fetch(web, walk.cursor.before, self.settings.accept)
        return {node: before.description(node) for node in _shared(before, page)}

    def _given(
        self, walk: Walk, page: Page, carried: Carried, shared: set[Node]
    ) -> Iterator[tuple[tuple[Record, ...], Cursor, bool]]:
        """The records of a page, but for those that go on, the place after them, and whether they are the last."""
        items: list[Node | str] = [*page.datasets, *faulty(page)]
        skip = walk.cursor.skip if walk.cursor.digest == page.digest and _is_steady(page) else 0
        numbered = ((number, item) for number, item in enumerate(items, 1) if number > skip and item not in shared)
        for group in grouped(_with_end(numbered), self.settings.batch_size):
            records = tuple(self._record(page, item, carried, number == 1) for (number, item), _ in group)
            (number, _), ends = group[-1]
            yield records, replace(walk.cursor, skip=number, digest=page.digest), ends

    def _record(self, page: Page, item: "Node | str", carried: Carried, first: bool) -> Record:
        """One dataset; or the words of what could not be read, which may have been one."""
        if isinstance(item, str):
            return Record(item)
        before = carried.get(item)
        body = canonical(joined(before, page.description(item))) if before else page.body(item)
        faults = page.faults if first else ()
        return Record(body, identifier(page.graph, item), modified=modified(page.graph, item), faults=faults)


def _shared(page: Page, following: Page | None) -> set[Node]:
    """The datasets that both pages describe."""
    if following is None:
        return set()
    return {node for node in set(page.datasets) & set(following.datasets) if isinstance(node, NamedNode)}


def _is_steady(page: Page) -> bool:
    """Whether the same bytes give the same order: a database of a dump names nameless datasets as it likes."""
    return not isinstance(page.graph, Dump) or not any(isinstance(node, BlankNode) for node in page.datasets)


def _with_end(items: Iterator[T]) -> Iterator[tuple[T, bool]]:
    """Each item, and whether it is the last."""
    held = next(items, None)
    while held is not None:
        following = next(items, None)
        yield held, following is None
        held = following
