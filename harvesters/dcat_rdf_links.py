"""Datasets that a catalogue lists by address only: each is asked for at its own address.

One that is as it was at the last good run is told so. One that cannot be had gives a record that says why and fails; when many
in a row cannot be had, the server is down, and the run ends.
"""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from harvesters.base import NotModified, Record
from harvesters.dcat_rdf_walk import Walk
from harvesters.rdf_pages import Page, fetch, identifier, modified, normal, pairs
from harvesters.web import Web
from metadata.errors import SourceError, TooLarge
from standards.rdf import DCAT, FOAF, Node
from standards.rdf_graph import Graph

AT_A_TIME = 25
MOST_FAILURES = 20  # in a row
_HELD = "held"  # with a document's validators: the identifiers of its datasets, one a line


class Links:
    """The walk over the datasets that are listed by address."""

    def __init__(self, web: Web, accept: str, walk: Walk) -> None:
        self._web, self._accept, self._walk = web, accept, walk
        self._failures = 0

    def records(self) -> Iterator[tuple[tuple[Record, ...], str]]:
        """Records, and the address of the last of them."""
        group: list[Record] = []
        last = ""
        for number, link in enumerate(self._walk.pending(), 1):
            try:
                group += self._asked(link)
            except (SourceError, TooLarge):
                if group and last:
                    yield tuple(group), last
                raise
            last = link
            if number % AT_A_TIME == 0:
                yield tuple(group), last
                group = []
        if group:
            yield tuple(group), last

    def _asked(self, link: str) -> list[Record]:
        if normal(link) in self._walk.visited:
            return [_failed(link, "it is listed, and not described where its address leads")]
        try:
            page = fetch(self._web, link, self._accept, conditional=True)
            nodes = _meant(page, link)
            if not nodes and (further := _topic(page.graph)):
                self._web.fresh_validators.pop(link, None)  # that the record is as it was says nothing of the dataset
                page = fetch(self._web, further, self._accept)
                nodes = _meant(page, further)
        except NotModified:
            held = self._web.validators.get(link, {}).get(_HELD, link).splitlines()
            return [Record(None, each, same=True) for each in held]
        except (SourceError, TooLarge) as problem:
            self._failures += 1
            self._web.fresh_validators.pop(link, None)
            if self._failures >= MOST_FAILURES:
                problem.message = f"{MOST_FAILURES} listed datasets one after another cannot be had: {problem.message}"
                raise
            return [_failed(link, str(problem))]
        self._failures = 0
        records = [_record(page, node) for node in nodes] or [_failed(link, "its address describes no dataset")]
        self._remember(link, records)
        return records

    def _remember(self, link: str, records: list[Record]) -> None:
        names = [record.identifier for record in records]
        kept = self._web.fresh_validators.get(link)
        if kept is None or None in names:
            self._web.fresh_validators.pop(link, None)
        elif names != [link]:
            kept[_HELD] = "\n".join(name or "" for name in names)


def _record(page: Page, node: Node) -> Record:
    return Record(page.body(node), identifier(page.graph, node), modified=modified(page.graph, node), faults=page.faults)


def _failed(link: str, why: str) -> Record:
    """A record that says why there is none; it fails when it is read."""
    words = " ".join(why.split())
    body = f"# {words}\n_:c <{DCAT.dataset.value}> <{link}> .\n"
    return Record(body.encode("utf-8", "replace"), link)


def _meant(page: Page, link: str) -> list[Node]:
    """The dataset at its own address; by another address, all that the document describes."""
    own = NamedNode(link)
    return [own] if own in page.datasets else page.datasets


def _topic(graph: Graph) -> str:
    """The dataset that a record tells of without describing it."""
    return next(
        (
            each.value
            for _, each in pairs(graph, FOAF.primaryTopic)
            if isinstance(each, NamedNode) and each.value.startswith("http")
        ),
        "",
    )
