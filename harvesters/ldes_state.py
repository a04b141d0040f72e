"""What a stream of events leads to: the last state of each thing, on disk, and the records of datasets put together from it.

A feed may tell of a dataset, its distributions, publisher and contacts as things of their own, each with its own events; a
record holds them all. A thing with events of its own is added as its last event left it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple

from harvesters.base import Record
from harvesters.ldes_page import Member
from harvesters.rdf_dump import scratch
from harvesters.rdf_pages import modified
from standards.rdf import DCAT, RDF
from standards.rdf_graph import Graph, body_of, datasets

_START = datetime.min.replace(tzinfo=UTC)
_MOST_STEPS = 4
_OWN_LIFE = frozenset((DCAT.Dataset, DCAT.Catalog, DCAT.CatalogRecord))
_OTHERS = frozenset((DCAT.Catalog, DCAT.CatalogRecord, DCAT.DatasetSeries))


@dataclass
class Known:
    """The last event of a thing: when, whether it went, and what kind of thing it is."""

    stamp: datetime
    deleted: bool
    is_dataset: bool
    is_part: bool


class State:
    """The things of a stream, by address."""

    def __init__(self, place: str, folder: Path | None = None) -> None:
        self._scratch = scratch(self, place, folder)
        self.known: dict[str, Known] = {}
        self.latest: datetime | None = None

    def take(self, member: Member) -> None:
        """Takes an event in, unless a later one of the same thing is known; of two at the same moment the last is taken."""
        stamp = member.stamp or _START
        before = self.known.get(member.thing)
        if before is not None and before.stamp > stamp:
            return
        name = NamedNode(member.thing)
        if before is not None and not before.deleted:
            self._scratch.store.remove_graph(name)
        kinds = {each.object for each in member.said if each.subject == name and each.predicate == RDF.type}
        is_dataset = DCAT.Dataset in kinds and kinds.isdisjoint(_OTHERS)
        is_part = bool(kinds) and not is_dataset and kinds.isdisjoint(_OTHERS)
        self.known[member.thing] = Known(stamp, member.deleted, is_dataset or not (kinds or member.deleted), is_part)
        self._scratch.store.extend(Quad(each.subject, each.predicate, each.object, name) for each in member.said)
        if member.stamp and (self.latest is None or member.stamp > self.latest):
            self.latest = member.stamp

    @property
    def has_parts(self) -> bool:
        """Whether things other than datasets and catalogues have events of their own."""
        return any(each.is_part for each in self.known.values())

    def records(self, after: str, deletions: bool) -> Iterator[tuple[str, Record | None]]:
        """The datasets after this address, in the order of addresses; with `deletions`, also what went."""
        for thing in sorted(self.known):
            said = self.known[thing]
            if thing <= after:
                continue
            if said.deleted and deletions:
                yield thing, Record(None, thing, deleted=True)
            elif said.is_dataset and not said.deleted:
                yield thing, self._record(thing)

    def _record(self, thing: str) -> Record | None:
        node = NamedNode(thing)
        graph = self._gathered(node)
        if node in graph.said and node not in datasets(graph) and DCAT.DatasetSeries in graph.classes(node):
            return None
        if node not in graph.said:
            body = f"# its last event says nothing of it\n_:c <{DCAT.dataset.value}> <{thing}> .\n"
            return Record(body.encode("utf-8", "replace"), thing)
        return Record(body_of(graph, node), thing, modified=modified(graph, node))

    def _gathered(self, node: NamedNode) -> Graph:
        """What the dataset's own event says, and the last state of the parts it leads to."""
        graph, waiting, met = Graph(), [node], {node}
        for _ in range(_MOST_STEPS):
            found = [triple for each in waiting for triple in self._said(each)]
            waiting = []
            for triple in found:
                graph.add(triple)
                value = triple.object
                if isinstance(value, NamedNode) and value not in met and self._is_part(value.value):
                    met.add(value)
                    waiting.append(value)
        return graph

    def _is_part(self, thing: str) -> bool:
        known = self.known.get(thing)
        return known is not None and known.is_part and not known.deleted

    def _said(self, node: NamedNode) -> Iterator[Triple]:
        return (quad.triple for quad in self._scratch.store.quads_for_pattern(None, None, None, node))
