"""Our own shapes: a table of what a profile asks of each property, and a small evaluator of it.

A profile's table is data (`files/<standard>/shapes.json`): class by class the properties with how often they must and may
occur, what they lead to, and which controlled list their values come from. The evaluator answers as a SHACL engine would
(SHACL §2.1 targets with their subclasses, §4 components), in the same words: focus node, path, component, value. `as_shacl`
writes the same table as SHACL, for other engines and for comparing with them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import msgspec
from pyoxigraph import BlankNode, Literal, NamedNode

from metadata import vocabulary
from standards.base import Severity
from standards.rdf import PREFIXES, RDF, RDFS, XSD, Node, Statements, Term, serialise
from standards.rdf_graph import Graph
from standards.rdf_lexical import is_valid
from standards.rdf_rules import FILES

CORE, ADVISED, LISTS = "core", "recommended", "lists"
LAYERS = frozenset((CORE, ADVISED))


class Property(msgspec.Struct, frozen=True, rename={"leads_to": "class"}):
    """What a profile asks of one property of a class. `kind` is `literal` or `node`; a property that leads to a class is a
    node; `date` stands for xsd:date or xsd:dateTime; `list` names a controlled list of `files/rdf/lists.json`."""

    path: str
    min: int = 0
    max: int | None = None
    recommended: bool = False
    kind: str = ""
    leads_to: str = ""
    datatypes: tuple[str, ...] = ()
    date: bool = False
    list: str = ""
    list_advised: bool = False
    anchor: str = ""


class Shape(msgspec.Struct, frozen=True, rename={"target": "class"}):
    """What a profile asks of a class; `section` is the class's anchor in the specification, `either` names properties of which
    one is recommended."""

    target: str
    section: str
    properties: tuple[Property, ...]
    either: tuple[tuple[str, ...], ...] = ()


class Table(msgspec.Struct, frozen=True, rename={"shapes": "classes"}):
    """The shapes of a profile. `name` begins the ids of its rules; in a table with `kinds` a property that leads to a class
    must be a node, which is told as a fault of its own; with `bare_anchors` a property's anchor stands alone, not behind
    its class's."""

    name: str
    title: str
    link: str
    shapes: tuple[Shape, ...]
    kinds: bool = True
    bare_anchors: bool = False


class Result(NamedTuple):
    """One thing a table's evaluation says: as SHACL's results, with the rule's id, and the class that was wanted."""

    focus: Node
    path: NamedNode | None
    component: str
    value: Term | None
    severity: Severity
    rule: str
    wanted: str = ""


class ControlledList(msgspec.Struct, frozen=True):
    """A controlled list: how its addresses start, and its members, where it is a short one or one of our vocabulary."""

    zh: str
    en: str
    start: str
    vocabulary: str = ""
    members: tuple[str, ...] = ()
    pattern: str = ""


@cache
def table(file: str) -> Table:
    """The table in a file below `files/`."""
    return msgspec.json.decode((FILES / file).read_bytes(), type=Table)


@cache
def lists() -> dict[str, ControlledList]:
    """The controlled lists by name."""
    return msgspec.json.decode((FILES / "rdf/lists.json").read_bytes(), type=dict[str, ControlledList])


@cache
def words(term: str, language: str) -> str:
    """What a property, class or datatype is called, in `zh` or `en`."""
    listed: dict[str, dict[str, str]] = json.loads((FILES / "rdf/words.json").read_bytes())
    return listed.get(term, {}).get(language, term)


@cache
def term(short: str) -> NamedNode:
    """`dct:title` as an address."""
    prefix, _, name = short.partition(":")
    return NamedNode({**PREFIXES, "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#"}[prefix] + name)


def local(short: str) -> str:
    """What a property or class is called in the id of a rule: `title` for `dct:title`."""
    return "otherIdentifier" if short == "adms:identifier" else short.partition(":")[2]


def evaluate(graph: Graph, shapes: Table, layers: Iterable[str] = LAYERS) -> Iterator[Result]:
    """All that the table has to say of a graph, class by class, node by node."""
    wanted = frozenset(layers)
    kinds = Kinds(graph)
    for shape in shapes.shapes:
        for focus in kinds.members(term(shape.target)):
            said = graph.said.get(focus, {})
            for each in shape.properties:
                values = said.get(term(each.path), {})
                for component, value, severity, suffix in _faults(each, values, kinds, shapes.kinds, wanted):
                    yield Result(
                        focus,
                        term(each.path),
                        component,
                        value,
                        severity,
                        f"{_rule(shapes, shape)}/{local(each.path)}/{suffix}",
                        each.leads_to,
                    )
            if ADVISED in wanted:
                for choice in shape.either:
                    if not any(term(path) in said for path in choice):
                        yield Result(
                            focus, None, "Or", None, "warning", f"{_rule(shapes, shape)}/{'-or-'.join(map(local, choice))}"
                        )


def _rule(shapes: Table, shape: Shape) -> str:
    return f"{shapes.name}/{local(shape.target)}"


Fault = tuple[str, Term | None, Severity, str]


def _faults(each: Property, values: Iterable[Term], kinds: "Kinds", strict: bool, layers: frozenset[str]) -> Iterator[Fault]:
    found = list(values)
    if CORE in layers:
        if len(found) < each.min:
            yield "MinCount", None, "error", "minCount"
        if each.max is not None and len(found) > each.max:
            yield "MaxCount", None, "error", "maxCount"
        for value in found:
            yield from _value(each, value, kinds, strict)
    if ADVISED in layers and each.recommended and not found:
        yield "MinCount", None, "warning", "recommended"
    if LISTS in layers and each.list:
        severity: Severity = "warning" if each.list_advised else "error"
        for value in found:
            if not is_listed(value, each.list):
                yield "NodeKind" if not isinstance(value, NamedNode) else "Node", value, severity, "list"


def _value(each: Property, value: Term, kinds: "Kinds", strict: bool) -> Iterator[Fault]:
    literal = isinstance(value, Literal)
    wants_literal = each.kind == "literal" or bool(each.datatypes)
    wants_node = each.kind == "node" or (strict and bool(each.leads_to))
    if (wants_literal and not literal) or (wants_node and literal):
        yield "NodeKind", value, "error", "nodeKind"
    if each.leads_to and not kinds.has(value, term(each.leads_to)):
        yield "Class", value, "error", "class"
    if each.datatypes and not any(is_of(value, term(datatype)) for datatype in each.datatypes):
        yield "Datatype", value, "error", "datatype"
    if each.date and not any(is_of(value, datatype) for datatype in (XSD.date, XSD.dateTime)):
        yield "Node", value, "error", "datatype"


def is_of(value: Term, datatype: NamedNode) -> bool:
    """Whether a value is a literal of this datatype, well-formed (SHACL §4.1.2)."""
    return isinstance(value, Literal) and value.datatype == datatype and is_valid(value.value, datatype.value)


def is_listed(value: Term, name: str) -> bool:
    """Whether a value is a member of a controlled list. Of the long EU tables (languages, file types) we know not every member:
    an address that starts as theirs do is taken for one."""
    wanted = lists()[name]
    if not isinstance(value, NamedNode):
        return False
    if wanted.pattern:
        return re.match(wanted.pattern, value.value) is not None
    if not value.value.startswith(wanted.start):
        return False
    return not (wanted.members or wanted.vocabulary) or value.value in members(name)


@cache
def members(name: str) -> frozenset[str]:
    """The addresses of a list's members, as far as they are bundled."""
    wanted = lists()[name]
    known = [each.uri for each in vocabulary.terms(wanted.vocabulary) if each.uri] if wanted.vocabulary else []
    return frozenset((*known, *(wanted.start + code for code in wanted.members)))


class Kinds:
    """Which nodes of a graph are of which class, subclasses that the graph itself declares included (SHACL §1.1)."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._members: dict[Term, list[Node]] = {}
        for node, said in graph.said.items():
            for kind in said.get(RDF.type, ()):
                self._members.setdefault(kind, []).append(node)
        self._below: dict[Term, list[Term]] = {}
        for node, said in graph.said.items():
            for above in said.get(RDFS.subClassOf, ()):
                self._below.setdefault(above, []).append(node)

    def members(self, kind: Term) -> Iterable[Node]:
        """The nodes of a class and of those below it, each once."""
        if not self._below:
            return self._members.get(kind, ())
        return dict.fromkeys(node for each in self._all_below(kind) for node in self._members.get(each, ()))

    def has(self, value: Term, kind: Term) -> bool:
        """Whether a value is of a class."""
        if isinstance(value, Literal):
            return False
        classes = self._graph.said.get(value, {}).get(RDF.type, {})
        return kind in classes or (bool(self._below) and not self._all_below(kind).isdisjoint(classes))

    def _all_below(self, kind: Term) -> set[Term]:
        found, waiting = {kind}, [kind]
        while waiting:
            for below in self._below.get(waiting.pop(), ()):
                if below not in found:
                    found.add(below)
                    waiting.append(below)
        return found


def is_described(graph: Graph, value: Term) -> bool:
    """Whether a graph says anything of a value; blank nodes live nowhere else."""
    return isinstance(value, BlankNode) or (not isinstance(value, Literal) and value in graph.said)


def as_shacl(shapes: Table, layers: Iterable[str] = LAYERS) -> bytes:
    """The table as SHACL, in N-Triples: a property shape for each component, so that results can be compared one by one."""
    wanted = frozenset(layers)
    out = Statements()
    for shape in shapes.shapes:
        node = NamedNode(f"urn:mulu:shapes:{shapes.name}:{local(shape.target)}")
        out.typed(node, _SH("NodeShape"))
        out.say(node, _SH("targetClass"), term(shape.target))
        for each in shape.properties:
            for name, value in _constraints(each, shapes.kinds, wanted):
                rule = NamedNode(f"{node.value}:{local(each.path)}:{name}")
                out.say(node, _SH("property"), rule)
                out.say(rule, _SH("path"), term(each.path))
                out.say(rule, _SH("minCount" if name == "recommended" else name), value)
                if name == "recommended":
                    out.say(rule, _SH("severity"), _SH("Warning"))
    return serialise(out.triples(), "nt")


def _SH(name: str) -> NamedNode:  # noqa: N802  # as the namespaces of standards/rdf.py
    return NamedNode(f"http://www.w3.org/ns/shacl#{name}")


def _constraints(each: Property, strict: bool, layers: frozenset[str]) -> Iterator[tuple[str, Term]]:
    if CORE in layers:
        if each.min:
            yield "minCount", Literal(each.min)
        if each.max is not None:
            yield "maxCount", Literal(each.max)
        if each.kind == "literal" or each.datatypes:
            yield "nodeKind", _SH("Literal")
        elif each.kind == "node" or (strict and each.leads_to):
            yield "nodeKind", _SH("BlankNodeOrIRI")
        if each.leads_to:
            yield "class", term(each.leads_to)
        for datatype in each.datatypes:
            yield "datatype", term(datatype)
    if ADVISED in layers and each.recommended:
        yield "recommended", Literal(1)
