"""One dataset's graph while it is being read: what has been understood, and what is left.

Readers `take` the values they understand; all other triples come out as `left`: N-Triples that the dataset keeps under
`extra["rdf"]`, from where writing gives them back (`standards/rdf_left.py`). A blank node that a reader made a part of has no
name in the model; in what is left it is called by what the writer will call that part, so that the two find each other again.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from metadata import vocabulary
from metadata.model import Coded
from metadata.text import UNDETERMINED, Text, Words
from standards.dates import parse as date_in
from standards.rdf import DCT, FOAF, RDF, RDFS, SKOS, Node, Term
from standards.rdf_graph import Graph, canonical
from standards.rdf_write_parts import SCHEME, coded_node

MINTED = re.compile(r"urn:mulu:.*|.*#(?:service|distribution)-[0-9a-f]{20}(?:-[0-9a-f]{20})?(?:-\d+)?", re.DOTALL)
"""Addresses that our writer gave to what had none."""
_HOLDER = "urn:mulu:node:"
_HELD = re.compile(rf"<{_HOLDER}([^>]*)>")
LABELS = (SKOS.prefLabel, RDFS.label, DCT.title, FOAF.name)
_ZONED_DAY = re.compile(r"(-?\d{4}-\d\d(?:-\d\d)?)(?:Z|[+-]\d\d:\d\d)")


class Reading:
    """A graph, and which of its triples have been understood."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.used: set[tuple[Node, NamedNode, Term]] = set()
        self.names: dict[Node, Node] = {}
        self.parts: dict[tuple[str, Node], object] = {}

    def values(self, node: Node, *predicates: NamedNode) -> Iterator[tuple[NamedNode, Term]]:
        """What is said of a node by these predicates, in their order."""
        said = self.graph.said.get(node, {})
        for predicate in predicates:
            for value in list(said.get(predicate, ())):
                yield predicate, value

    def use(self, node: Node, predicate: NamedNode, value: Term) -> None:
        """This triple has been understood."""
        self.used.add((node, predicate, value))

    def typed(self, node: Node, *kinds: NamedNode) -> None:
        """That the node is of these classes, if it is said, has been understood."""
        for kind in kinds:
            self.used.add((node, RDF.type, kind))

    def call(self, node: Node, written: Node) -> None:
        """The node that the writer will write for this one: of a part that has no address of its own, of a code that has
        another address in its list. The first holds."""
        self.names.setdefault(node, written)

    def left(self) -> str:
        """What nobody understood, as sorted N-Triples, with blank nodes called as the writer will call them."""
        rest = [each for each in self.graph.triples() if (each.subject, each.predicate, each.object) not in self.used]
        if not rest:
            return ""
        renamed = (Triple(self._named(each.subject), each.predicate, self._named(each.object)) for each in rest)
        said = _HELD.sub(r"_:\1", canonical(renamed).decode())
        return "".join(sorted(said.splitlines(keepends=True)))

    def _named(self, node: Any) -> Any:
        written = self.names.get(node) if not isinstance(node, Literal) else None
        if written is None:
            return node
        return NamedNode(f"{_HOLDER}{written.value}") if isinstance(written, BlankNode) else written


@lru_cache(maxsize=512)
def tag(language: str) -> str:
    """A language tag in its usual case (RFC 5646 §2.1.1): `zh-hant` → `zh-Hant`, `en-us` → `en-US`."""
    first, *rest = language.split("-")
    made, single = [first.lower()], False
    for part in rest:
        plain = part.lower()
        made.append(plain if single or not part.isalpha() else {4: plain.title(), 2: plain.upper()}.get(len(part), plain))
        single = single or len(part) == 1
    return "-".join(made)


def plain(literal: Literal) -> str:
    """The words of a literal: no blanks around them, lines end as everywhere else in the model."""
    return literal.value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def language_of(literal: Literal) -> str:
    """The tag of a literal, `und` without one."""
    return tag(literal.language) if literal.language else UNDETERMINED


def words(reading: Reading, node: Node, *predicates: NamedNode) -> Text:
    """Words by language, the first in each; further ones are left."""
    found: Text = {}
    for predicate, value in reading.values(node, *predicates):
        if not isinstance(value, Literal) or not value.value.strip():
            continue
        language, said = language_of(value), plain(value)
        if found.setdefault(language, said) == said:
            reading.use(node, predicate, value)
    return found


def word_lists(reading: Reading, node: Node, predicate: NamedNode) -> Words:
    """All words by language."""
    found: dict[str, dict[str, None]] = {}
    for _, value in reading.values(node, predicate):
        if isinstance(value, Literal) and value.value.strip():
            found.setdefault(language_of(value), {})[plain(value)] = None
            reading.use(node, predicate, value)
    return {language: tuple(said) for language, said in found.items()}


def word(reading: Reading, node: Node, *predicates: NamedNode) -> str | None:
    """The first words, whatever their language."""
    for predicate, value in reading.values(node, *predicates):
        if isinstance(value, Literal) and value.value.strip():
            reading.use(node, predicate, value)
            return plain(value)
    return None


def date(reading: Reading, node: Node, *predicates: NamedNode) -> str | None:
    """The first value that is a date, in ISO 8601 with its precision."""
    for predicate, value in reading.values(node, *predicates):
        found = day(value)
        if found:
            reading.use(node, predicate, value)
            return found
    return None


def day(value: Term) -> str | None:
    """The date a literal tells of; the zone of a day without time is dropped."""
    if not isinstance(value, Literal):
        return None
    zoned = _ZONED_DAY.fullmatch(value.value.strip())
    return date_in(zoned[1] if zoned else value.value.strip())


def address(value: Term) -> str | None:
    """The address that a node has, or a literal that is one."""
    if isinstance(value, NamedNode):
        return None if MINTED.fullmatch(value.value) else value.value
    if isinstance(value, Literal) and re.match(
        r"(?:https?|ftps?|sftp|urn|doi|mailto|tel):\S", value.value.strip(), re.IGNORECASE
    ):
        return value.value.strip()
    return None


def addresses(reading: Reading, node: Node, predicate: NamedNode, *kinds: NamedNode) -> tuple[str, ...]:
    """All addresses; the classes that the writer says of them are understood too."""
    found: dict[str, None] = {}
    for _, value in reading.values(node, predicate):
        where = address(value)
        if where:
            found[where] = None
            reading.use(node, predicate, value)
            if isinstance(value, NamedNode):
                reading.typed(value, *kinds)
    return tuple(found)


def one_address(reading: Reading, node: Node, predicate: NamedNode, *kinds: NamedNode) -> str | None:
    """The first address; further ones are left."""
    for _, value in reading.values(node, predicate):
        where = address(value)
        if where:
            reading.use(node, predicate, value)
            if isinstance(value, NamedNode):
                reading.typed(value, *kinds)
            return where
    return None


def address_nodes(reading: Reading, node: Node, predicate: NamedNode) -> list[NamedNode]:
    """The nodes with an address that a property leads to; none of them used up."""
    return [value for _, value in reading.values(node, predicate) if isinstance(value, NamedNode)]


def codes(reading: Reading, node: Node, predicate: NamedNode, scheme: str, kind: NamedNode) -> tuple[Coded, ...]:
    """Every value as a code of a list (`""`: of no list of ours)."""
    found = []
    for _, value in reading.values(node, predicate):
        made = coded(reading, value, scheme, kind)
        if made:
            reading.use(node, predicate, value)
            found.append(made)
    return tuple(found)


def code(reading: Reading, node: Node, predicate: NamedNode, scheme: str, kind: NamedNode) -> Coded | None:
    """The first value as a code."""
    for _, value in reading.values(node, predicate):
        made = coded(reading, value, scheme, kind)
        if made:
            reading.use(node, predicate, value)
            return made
    return None


def coded(reading: Reading, value: Term, scheme: str, kind: NamedNode) -> Coded | None:
    """The code that a node or a literal stands for: by its address, else by its words, in the list; else as it is."""
    if isinstance(value, Literal):
        return _said(scheme, value.value.strip(), {}) if value.value.strip() else None
    where = address(value)
    known = _known(scheme, where) if where else None
    if known:
        reading.typed(value, kind)
        _use_labels(reading, value, known.label)
        return _called(reading, value, known, kind)
    labels = {tag: said for tag, said in words(reading, value, *LABELS).items() if said != value.value}
    named_scheme, notation = _notation(reading, value)
    if where is None and not labels:
        return None
    reading.typed(value, kind)
    if where is None and not notation and list(labels) == [UNDETERMINED]:
        return _called(reading, value, _said(scheme, labels[UNDETERMINED], labels), kind)
    return _called(reading, value, Coded(scheme=named_scheme, code=notation, uri=where, label=labels), kind)


def _called(reading: Reading, value: Node, made: Coded, kind: NamedNode) -> Coded:
    reading.call(value, coded_node(kind, made))
    return made


def _known(scheme: str, where: str) -> Coded | None:
    found = vocabulary.look_up(scheme, where) if scheme else None
    if not found or not found.scheme:
        return None
    return vocabulary.coded(scheme, found.code, None if found.uri == where else where)


def _said(scheme: str, said: str, labels: Text) -> Coded:
    found = vocabulary.look_up(scheme, said) if scheme else None
    if found and found.scheme:
        return found
    where = address(Literal(said))
    return Coded(uri=where) if where else Coded(raw=said, label=labels or {UNDETERMINED: said})


def _use_labels(reading: Reading, node: Node, labels: Text) -> None:
    """Labels that the list has too are no news."""
    for predicate, value in reading.values(node, *LABELS):
        if isinstance(value, Literal) and labels.get(language_of(value)) == value.value.strip():
            reading.use(node, predicate, value)


def _notation(reading: Reading, node: Node) -> tuple[str, str]:
    """Scheme and code that our writer said of a value of no list of ours."""
    for predicate, value in reading.values(node, SKOS.inScheme):
        if isinstance(value, NamedNode) and value.value.startswith(SCHEME):
            reading.use(node, predicate, value)
            return value.value.removeprefix(SCHEME), word(reading, node, SKOS.notation) or ""
    return "", ""
