"""The descriptions of datasets, a group at a time; smaller groups and fewer steps where the server cannot.

A group that fails is halved, and the groups after it are smaller, growing again with each that succeeds. A dataset that cannot
be had even alone, with one step, is a record that says why and fails; many of these in a row end the run.
"""

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Triple

from harvesters.base import Record
from harvesters.rdf_pages import identifier, modified
from harvesters.sparql_answers import Row, is_triple
from harvesters.sparql_endpoint import Endpoint
from harvesters.sparql_questions import Scope
from metadata.errors import CatalogError, SourceError, TooLarge
from standards.rdf import DCAT, Node
from standards.rdf_graph import Graph, body_of

MOST_FAILURES = 20  # in a row


class Descriptions:
    """Asks for descriptions. `size`: how many are asked for at a time, as of now."""

    def __init__(self, endpoint: Endpoint, scope: Scope, hops: int, most: int) -> None:
        self._endpoint, self._scope, self._hops, self._most = endpoint, scope, hops, most
        self.size = most
        self._failures = 0

    def records(self, names: Sequence[str]) -> tuple[Record, ...]:
        """One record for each of these datasets; a series of datasets is none. Raises when the server is down."""
        return tuple(record for record in self._halved(names) if record is not None)

    def _halved(self, names: Sequence[str]) -> list[Record | None]:
        try:
            found = self._described(names, self._hops)
        except (SourceError, TooLarge) as problem:
            if len(names) == 1:
                return [self._alone(names[0], problem)]
            middle = len(names) // 2
            self.size = max(1, middle)
            return self._halved(names[:middle]) + self._halved(names[middle:])
        self._failures = 0
        if len(names) >= self.size:
            self.size = min(self._most, self.size + max(1, self.size // 4))
        return found

    def _alone(self, name: str, problem: CatalogError) -> Record | None:
        """One dataset with fewer steps; or what says why there is none."""
        for hops in range(self._hops - 1, 0, -1):
            try:
                found = self._described([name], hops)[0]
            except (SourceError, TooLarge) as other:
                problem = other
            else:
                self._failures = 0
                return found
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            raise problem
        return _failed(name, str(problem))

    def _described(self, names: Sequence[str], hops: int) -> list[Record | None]:
        graph = graph_of(self._endpoint.described(self._scope, names, hops))
        if self._scope.catalog:
            for name in names:
                graph.add(Triple(NamedNode(self._scope.catalog), DCAT.dataset, NamedNode(name)))
        return [self._record(graph, NamedNode(name)) for name in names]

    def _record(self, graph: Graph, node: NamedNode) -> Record | None:
        if node not in graph.said:
            return _failed(node.value, "it is listed, and nothing is said of it")
        if DCAT.DatasetSeries in graph.classes(node) and DCAT.distribution not in graph.said[node]:
            return None
        return record_of(graph, node)


def graph_of(rows: Iterable[Row]) -> Graph:
    """The graph of rows of subject, predicate, object."""
    return Graph(Triple(row["s"], row["p"], row["o"]) for row in rows if is_triple(row))  # type: ignore[arg-type]


def record_of(graph: Graph, node: Node) -> Record:
    """The record of one dataset."""
    return Record(body_of(graph, node), identifier(graph, node), modified=modified(graph, node))


def _failed(name: str, why: str) -> Record:
    body = f"# {' '.join(why.split())}\n_:c <{DCAT.dataset.value}> <{name}> .\n"
    return Record(body.encode("utf-8", "replace"), name)
