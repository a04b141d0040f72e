"""A graph of RDF in memory, and its cut into records: one body for each dataset, the same bytes for the same description.

    graph = graph_of(triples)                 Graph: said[subject][predicate] -> objects, in the order they came
    for place, body in records(document): …   (the dataset's IRI or blank node, N-Triples)

The body of a record holds what is said of one dataset and of all it leads to (distributions, services, agents, contacts,
places, periods, checksums, concepts), and what points at it from behind: its catalogue record, services that serve it. What has
a life of its own is named and not followed: other datasets, catalogues, the datasets of a series or a service. Blank nodes get
names that follow from what is said of them; lines are sorted. Sources: RDF 1.1 Concepts §3, N-Triples §2; W3C DCAT 3 §5.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from standards.base import Unreadable
from standards.rdf import DCAT, DCT, FOAF, HYDRA, PROV, RDF, RDFS, SKOS, Node, Term
from standards.rdf_document import Parsed, parse
from standards.rdf_rules import RULES

Said = dict[NamedNode, dict[Term, None]]
"""What is said of a node: property → values, in their order."""

_OWN_LIFE = frozenset((DCAT.Dataset, DCAT.Catalog, DCAT.CatalogRecord, HYDRA.PagedCollection, HYDRA.PartialCollectionView))
_NOT_FOLLOWED = frozenset(
    (
        RDF.type, DCAT.dataset, DCAT.servesDataset, DCAT.seriesMember, DCAT.record, DCAT.catalog, DCT.hasPart, DCT.isPartOf,
        SKOS.inScheme, SKOS.narrower, SKOS.topConceptOf, SKOS.hasTopConcept, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch,
        RDFS.isDefinedBy, RDFS.seeAlso, FOAF.isPrimaryTopicOf, PROV.specializationOf,
    )
)  # fmt: skip
_MANY = frozenset((DCAT.servesDataset, DCAT.seriesMember, DCAT.dataset, DCT.hasPart, SKOS.narrower, SKOS.hasTopConcept))
_MOST_STEPS = 8
_ROUNDS = 8


class Graph:
    """Triples by subject and predicate; each once, in the order they came."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self.said: dict[Node, Said] = {}
        self._pointing: dict[Term, list[tuple[Node, NamedNode]]] | None = None
        for triple in triples:
            self.add(triple)

    def add(self, triple: Triple) -> None:
        """Takes a triple in. A quoted triple (RDF 1.2) is passed over."""
        subject, value = triple.subject, triple.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            return
        self.said.setdefault(subject, {}).setdefault(triple.predicate, {})[value] = None

    def objects(self, node: Node, predicate: NamedNode) -> list[Term]:
        """What is said of a node by this predicate."""
        return list(self.said.get(node, {}).get(predicate, ()))

    def first(self, node: Node, predicate: NamedNode) -> Term | None:
        """The first of them."""
        return next(iter(self.said.get(node, {}).get(predicate, ())), None)

    def classes(self, node: Term) -> set[Term]:
        """The classes a node is said to be of."""
        return set(self.said.get(node, {}).get(RDF.type, ())) if not isinstance(node, Literal) else set()

    def of_class(self, kind: NamedNode) -> list[Node]:
        """All nodes of this class, in the order they came."""
        return [node for node, said in self.said.items() if kind in said.get(RDF.type, ())]

    def pointing(self, node: Term) -> list[tuple[Node, NamedNode]]:
        """Which nodes point at this one, and by what."""
        if self._pointing is None:
            self._pointing = {}
            for subject, said in self.said.items():
                for predicate, values in said.items():
                    for value in values:
                        if not isinstance(value, Literal):
                            self._pointing.setdefault(value, []).append((subject, predicate))
        return self._pointing.get(node, [])

    def about(self, node: Node) -> Iterator[Triple]:
        """The triples of one subject."""
        for predicate, values in self.said.get(node, {}).items():
            for value in values:
                yield Triple(node, predicate, value)

    def triples(self) -> Iterator[Triple]:
        """All triples, subject by subject."""
        for node in self.said:
            yield from self.about(node)

    def __len__(self) -> int:
        return sum(len(values) for said in self.said.values() for values in said.values())


def graph_of(body: "bytes | Iterable[Triple] | Graph") -> Graph:
    """The graph of a body in any syntax, or of triples. Raises `Unreadable`."""
    if isinstance(body, Graph):
        return body
    return Graph(parse(body).triples if isinstance(body, bytes) else body)


def records(document: bytes, syntax: str | None = None, base: str | None = None) -> Iterator[tuple[str, bytes]]:
    """(place, body) for each dataset of a document. Raises `Unreadable` when the document is no RDF, or has no dataset."""
    yield from cut(parse(document, syntax, base))


def cut(parsed: Parsed) -> Iterator[tuple[str, bytes]]:
    """(place, body) for each dataset of a document that has been parsed."""
    graph = Graph(parsed.triples)
    found = datasets(graph)
    if not found:
        raise Unreadable(RULES["rdf/dataset/absent"], "")
    for node in found:
        yield str(node), body_of(graph, node)


def datasets(graph: Graph) -> list[Node]:
    """The datasets that are described: nodes of class dcat:Dataset, and what a catalogue lists by dcat:dataset, of which more
    is said than their class. A catalogue, though a dataset too in DCAT 3, is none of them; a series neither."""
    listed = {value for said in graph.said.values() for value in said.get(DCAT.dataset, ())}
    found = []
    for node, said in graph.said.items():
        kinds = said.get(RDF.type, {})
        named = DCAT.Dataset in kinds or (node in listed and DCAT.DatasetSeries not in kinds)
        if (
            named
            and DCAT.Catalog not in kinds
            and (DCAT.DatasetSeries not in kinds or DCAT.distribution in said)
            and len(said) > 1
        ):
            found.append(node)
    return found


def body_of(graph: Graph, dataset: Node) -> bytes:
    """The record of one dataset, as sorted N-Triples."""
    return canonical(description(graph, dataset))


def description(graph: Graph, dataset: Node) -> list[Triple]:
    """What is said of a dataset, of what it leads to, and of what points at it."""
    reached: dict[Node, None] = {dataset: None}
    for node, predicate in graph.pointing(dataset):
        if predicate == DCAT.servesDataset or (predicate == FOAF.primaryTopic and node != dataset):
            reached[node] = None
    waiting = [(node, 0) for node in reversed(reached)]
    while waiting:
        node, steps = waiting.pop()
        for predicate, values in graph.said.get(node, {}).items():
            if predicate in _NOT_FOLLOWED or steps >= _MOST_STEPS:
                continue
            for value in values:
                if value in reached or isinstance(value, Literal) or value not in graph.said:
                    continue
                if not _lives_alone(graph, value):
                    reached[value] = None
                    waiting.append((value, steps + 1))
    said = [triple for node in reached for triple in graph.about(node) if _belongs(triple, dataset)]
    if DCAT.Dataset not in graph.classes(dataset):  # then only a catalogue says that this is a dataset
        said += [Triple(node, predicate, dataset) for node, predicate in graph.pointing(dataset) if predicate == DCAT.dataset][
            :1
        ]
    return said


def _lives_alone(graph: Graph, node: Term) -> bool:
    kinds = graph.classes(node)
    if DCAT.DatasetSeries in kinds:
        return False
    return not kinds.isdisjoint(_OWN_LIFE) or any(predicate == DCAT.dataset for _, predicate in graph.pointing(node))


def _belongs(triple: Triple, dataset: Node) -> bool:
    """Not the long lists that lead to others: all datasets of a service, all members of a series."""
    if triple.predicate not in _MANY or triple.subject == dataset:
        return True
    return triple.object == dataset


def canonical(triples: Iterable[Triple]) -> bytes:
    """Sorted N-Triples, blank nodes called b0, b1, … in an order that follows from what is said of them. The same graph gives
    the same bytes, whatever its blank nodes were called, unless two of them cannot be told apart by all that leads to them."""
    said = list(dict.fromkeys(triples))
    names = _names(said)
    if names:
        said = [renamed(each, names) for each in said]
    lines = (serialize(said, format=RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    return b"".join(sorted(set(lines)))


def renamed(triple: Triple, names: Mapping[Any, Any]) -> Triple:
    """The triple with other nodes in the places of these."""
    return Triple(names.get(triple.subject, triple.subject), triple.predicate, names.get(triple.object, triple.object))


def _names(triples: list[Triple]) -> dict[Any, BlankNode]:
    """New names of the blank nodes, by colour refinement: a node's colour is what is said of it and who says it, round after
    round, until no two that differ are of one colour."""
    edges: dict[Any, list[tuple[str, Any, str]]] = {}
    for triple in triples:
        for node, other, way in ((triple.subject, triple.object, ">"), (triple.object, triple.subject, "<")):
            if isinstance(node, BlankNode):
                edges.setdefault(node, []).append((way + triple.predicate.value, other, str(other)))
    colours: dict[Any, str] = dict.fromkeys(edges, "")
    kinds = 1
    for _ in range(_ROUNDS):
        colours = {node: _colour(own, colours) for node, own in edges.items()}
        count = len(set(colours.values()))
        if (count in (kinds, len(edges)) and kinds > 1) or count == len(edges):
            break
        kinds = count
    return {node: BlankNode(f"b{number}") for number, node in enumerate(_in_order(edges, colours))}


def _in_order(edges: dict[Any, list[tuple[str, Any, str]]], colours: dict[Any, str]) -> dict[Any, None]:
    """The nodes by their colours; what hangs on one of several alike follows it, so that likes keep what is theirs."""
    order: dict[Any, None] = {}
    for start in sorted(edges, key=lambda node: colours[node]):
        waiting = [start]
        while waiting:
            node = waiting.pop()
            if node in order:
                continue
            order[node] = None
            beside = [(way, colours[other], other) for way, other, _ in edges[node] if other in colours and other not in order]
            waiting += [other for *_, other in sorted(beside, key=lambda each: each[:2], reverse=True)]
    return order


def _colour(edges: list[tuple[str, Any, str]], colours: dict[Any, str]) -> str:
    parts = sorted(f"{way} {colours.get(other, words)}" for way, other, words in edges)
    return blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=10).hexdigest()
