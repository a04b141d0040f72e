"""A large document of RDF as a database on disk, read like a graph in memory: a dump of any size in bounded memory.

    graph = Dump(document, base)        a `Graph`: what is said of a node is looked up when it is asked for

What is said of a node is read from disk; all nodes are never gone over. The database is pyoxigraph's, in a folder that goes
with the object; folders that a killed process left are swept by the next one. A fault in the syntax is an error with its line:
mending would need the whole document in memory. XML whose entities hold entities is refused: it would grow without end.
"""

import fcntl
import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from harvesters.spool import Document
from metadata.errors import NotData, Unavailable
from standards import rdf_document
from standards.rdf import DCAT, FOAF, RDF, Node, Term
from standards.rdf_graph import Graph, Said

_FORMATS = {"turtle": RdfFormat.TRIG, "nt": RdfFormat.N_QUADS, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}
_ENTITY = re.compile(rb"<!ENTITY\s+(?:%\s*)?\S+\s+(?:\"[^\"]*[&%]\w+;|'[^']*[&%]\w+;|SYSTEM|PUBLIC)", re.IGNORECASE)
_POINTING = (DCAT.dataset, DCAT.servesDataset, FOAF.primaryTopic)
_LATELY = 64  # nodes: a record is gone over twice
_AT_A_TIME = 100_000  # quads: more take memory, fewer take time
_PREFIX = "mulu-rdf-"


class _Looked(Mapping[Node, Said]):
    """What is said of nodes, by a look into the database. It cannot be gone over."""

    def __init__(self, scratch: "Scratch") -> None:
        self._scratch = scratch
        self._lately: dict[Node, Said] = {}

    def __getitem__(self, node: Node) -> Said:
        if node in self._lately:
            return self._lately[node]
        said: Said = {}
        if not isinstance(node, NamedNode | BlankNode):
            raise KeyError(node)
        for quad in self._scratch.store.quads_for_pattern(node, None, None, None):
            if not isinstance(quad.object, Triple):
                said.setdefault(quad.predicate, {})[quad.object] = None
        if not said:
            raise KeyError(node)
        if len(self._lately) >= _LATELY:
            self._lately.clear()
        self._lately[node] = said
        return said

    def __contains__(self, node: object) -> bool:
        known = isinstance(node, NamedNode | BlankNode)
        return known and next(self._scratch.store.quads_for_pattern(cast(Node, node), None, None, None), None) is not None

    def __iter__(self) -> Iterator[Node]:
        raise NotImplementedError("a dump is asked for nodes by name, or by what is said of them")

    def __len__(self) -> int:
        return len(self._scratch.store)


class Dump(Graph):
    """The graph of a large document. Raises `NotData` for a fault, `Unavailable` when the disk is full."""

    def __init__(self, document: Document, base: str, folder: Path | None = None) -> None:
        self._scratch = scratch(self, document.place, folder)
        try:
            _fill(self._scratch.store, document, base)
        except OSError as problem:
            raise _no_room(document.place, problem) from None
        self.said = cast(dict[Node, Said], _Looked(self._scratch))

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """Who says what by this predicate."""
        for quad in self._scratch.store.quads_for_pattern(None, predicate, None, None):
            if not isinstance(quad.subject, Triple) and not isinstance(quad.object, Triple):
                yield quad.subject, quad.object

    def of_class(self, kind: NamedNode) -> list[Node]:
        """All nodes of this class."""
        return [cast(Node, quad.subject) for quad in self._scratch.store.quads_for_pattern(None, RDF.type, kind, None)]

    def datasets(self) -> list[Node]:
        """The datasets that are described, as `rdf_graph.datasets` finds them, in the order of their names."""
        series, catalogs = set(self.of_class(DCAT.DatasetSeries)), set(self.of_class(DCAT.Catalog))
        found: set[Any] = set(self.of_class(DCAT.Dataset))
        found.update(value for _, value in self.pairs(DCAT.dataset) if value not in series)
        return sorted((node for node in found - catalogs if self._is_described(node, node in series)), key=str)

    def _is_described(self, node: Term, is_series: bool) -> bool:
        """Whether more is said of a node than one thing; of a series, that it has distributions."""
        if isinstance(node, Literal):
            return False
        if is_series and next(self._scratch.store.quads_for_pattern(node, DCAT.distribution, None, None), None) is None:
            return False
        first = None
        for quad in self._scratch.store.quads_for_pattern(node, None, None, None):
            if first is not None and quad.predicate != first:
                return True
            first = quad.predicate
        return False

    def classes(self, node: Term) -> set[Term]:
        """The classes a node is said to be of."""
        if not isinstance(node, NamedNode | BlankNode):
            return set()
        found: set[Any] = {quad.object for quad in self._scratch.store.quads_for_pattern(node, RDF.type, None, None)}
        return found

    def pointing(self, node: Term) -> list[tuple[Node, NamedNode]]:
        """Which nodes point at this one by what makes it part of a record: all that point at an agent would be too many."""
        return [
            (cast(Node, quad.subject), quad.predicate)
            for predicate in _POINTING
            for quad in self._scratch.store.quads_for_pattern(None, predicate, node, None)
        ]

    def __len__(self) -> int:
        return len(self._scratch.store)


class Scratch:
    """A database on disk for as long as it is needed. Raises `Unavailable` when there is no room."""

    store: Store

    def __init__(self, place: str, folder: Path | None = None) -> None:
        _sweep(folder)
        try:
            self._path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
            self._lock = (self._path / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            self.store = Store(str(self._path / "store"))
        except OSError as problem:
            raise _no_room(place, problem) from None

    def close(self) -> None:
        """Removes it. The database is closed first: it would go on writing."""
        del self.store
        shutil.rmtree(self._path, ignore_errors=True)
        self._lock.close()


def scratch(owner: object, place: str, folder: Path | None = None) -> Scratch:
    """A database that goes when its owner does."""
    made = Scratch(place, folder)
    weakref.finalize(owner, made.close)
    return made


def _no_room(place: str, problem: OSError) -> Unavailable:
    words = problem.strerror or str(problem)
    return Unavailable("the data could not be put on disk", place=place, value=words, remedy="Free disk space.")


def _fill(store: Store, document: Document, base: str) -> None:
    head = document.head(1 << 16)
    syntax = rdf_document.sniff(head)
    if syntax not in _FORMATS:
        shown = " ".join(head[:80].decode("utf-8", "replace").split())
        raise NotData("this is not RDF that can be read", place=document.place, value=shown, remedy="Check the URL.")
    if syntax == "rdf" and (entity := _ENTITY.search(head)):
        raise NotData(
            "its entities hold entities",
            place=document.place,
            value=entity[0].decode("utf-8", "replace"),
            remedy="Ask the source.",
        )
    with document.open() as reader:
        try:
            _load(store, reader, _FORMATS[syntax], base)
        except (SyntaxError, ValueError) as problem:
            line = f"line {problem.lineno}: " if isinstance(problem, SyntaxError) and problem.lineno else ""
            raise NotData(
                "this dump has a fault, and is too large to be mended",
                place=document.place,
                value=f"{line}{problem.msg if isinstance(problem, SyntaxError) else problem}",
                remedy="Ask the source to mend it.",
            ) from None


def _load(store: Store, reader: BinaryIO, form: RdfFormat, base: str) -> None:
    quads: Iterator[Quad] = iter(parse(reader, format=form, base_iri=base))
    while some := list(islice(quads, _AT_A_TIME)):
        store.bulk_extend(some)
    store.optimize()


def _sweep(folder: Path | None) -> None:
    """Removes what processes that were killed have left: folders whose lock nobody holds."""
    for left in Path(folder or tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            if left.stat().st_mtime > time.time() - 60:
                continue  # perhaps not locked yet
            with (left / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # in use, or another's
