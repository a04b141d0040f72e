"""Shapes of SHACL Core, taken out of a graph: W3C SHACL §2. What could run code, fetch, or never end is refused here.

    Shapes(targeted, count)     the shapes that have targets; each holds the shapes it uses
    parsed(triples) -> Shapes   raises `Unfit`

Refused: SPARQL and JavaScript (sh:sparql, sh:js, sh:select, sh:ask …), SPARQL targets and own components, rules, owl:imports,
shapes that use themselves, patterns that need more than linear time, and more than `MOST_SHAPES` shapes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from standards.profile_schema import Unfit
from standards.rdf import RDF, RDFS, Node, Term
from standards.rdf_graph import Graph, graph_of

SH = "http://www.w3.org/ns/shacl#"
OWL_IMPORTS = NamedNode("http://www.w3.org/2002/07/owl#imports")
MOST_TRIPLES = 50_000
MOST_SHAPES = 5_000
_DEEPEST = 40

Path = tuple[str, tuple[Any, ...]]
"""`("predicate", (iri,))`, `("inverse", (path,))`, `("sequence" | "alternative", paths)`, `("zeroOrMore" | …, (path,))`."""

_NUMBERS = frozenset(("minCount", "maxCount", "minLength", "maxLength"))
_TERMS = frozenset(("class", "datatype", "hasValue", "equals", "disjoint", "lessThan", "lessThanOrEquals"))
_BOUNDS = frozenset(("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"))
_LISTS_OF_SHAPES = frozenset(("and", "or", "xone"))
_SHAPES = frozenset(("node", "not"))
_COMPONENTS = frozenset(
    ("nodeKind", "pattern", "languageIn", "uniqueLang", "in", "closed", "qualifiedMinCount", "qualifiedMaxCount")
).union(_NUMBERS, _TERMS, _BOUNDS, _LISTS_OF_SHAPES, _SHAPES)
_ABOUT = frozenset(
    (
        *("path", "property", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "severity", "message"),
        *("deactivated", "name", "description", "order", "group", "defaultValue", "flags", "ignoredProperties"),
        *("qualifiedValueShape", "qualifiedValueShapesDisjoint", "inversePath", "alternativePath", "zeroOrMorePath"),
        *("oneOrMorePath", "zeroOrOnePath", "shapesGraph", "suggestedShapesGraph", "entailment", "prefixes", "declare"),
        *("prefix", "namespace"),
    )
)
_REPEATED_PATHS = {"zeroOrMorePath": "zeroOrMore", "oneOrMorePath": "oneOrMore", "zeroOrOnePath": "zeroOrOne"}
_KINDS = frozenset(("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"))


@dataclass(eq=False)
class Shape:
    """A node shape (no `path`) or a property shape."""

    node: Node
    path: Path | None = None
    severity: str = "Violation"
    message: dict[str, str] = field(default_factory=dict)
    name: dict[str, str] = field(default_factory=dict)
    deactivated: bool = False
    target_nodes: tuple[Term, ...] = ()
    target_classes: tuple[Term, ...] = ()
    subjects_of: tuple[NamedNode, ...] = ()
    objects_of: tuple[NamedNode, ...] = ()
    components: list[tuple[str, Any]] = field(default_factory=list)
    properties: list["Shape"] = field(default_factory=list)


@dataclass(frozen=True)
class Shapes:
    """The shapes with targets, and all of them."""

    targeted: tuple[Shape, ...]
    all: tuple[Shape, ...]


def sh(name: str) -> NamedNode:
    """A term of SHACL's namespace."""
    return NamedNode(SH + name)


def parsed(triples: Iterable[Triple]) -> Shapes:
    """The shapes of a graph. Raises `Unfit`."""
    graph = graph_of(triples)
    if len(graph) > MOST_TRIPLES:
        raise Unfit(f"the shapes have more than {MOST_TRIPLES} triples", "shapes", len(graph))
    _refuse(graph)
    maker = _Maker(graph)
    targeted = tuple(shape for node in list(graph.said) if _has_target(graph, node) for shape in [maker.shape(node, ())])
    if not targeted:
        raise Unfit("there is no shape with a target (sh:targetClass and the like)", "shapes")
    return Shapes(targeted, tuple(maker.made.values()))


def _refuse(graph: Graph) -> None:
    known = _COMPONENTS | _ABOUT
    for node, said in graph.said.items():
        for predicate in said:
            if predicate == OWL_IMPORTS:
                raise Unfit("the shapes import others, which are not fetched", str(node), "owl:imports")
            word = predicate.value.removeprefix(SH)
            if word != predicate.value and word not in known:
                raise Unfit("the shapes use what is no SHACL Core, or is not run here", str(node), f"sh:{word}")


def _has_target(graph: Graph, node: Node) -> bool:
    said = graph.said[node]
    if any(sh(word) in said for word in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")):
        return True
    types = graph.objects(node, RDF.type)
    return RDFS.Class in types and (sh("NodeShape") in types or sh("PropertyShape") in types)


class _Maker:
    """Shapes by their node, each made once."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.made: dict[Node, Shape] = {}

    def shape(self, node: Term, inside: tuple[Term, ...]) -> Shape:
        """The shape of a node. Raises `Unfit` for one that uses itself."""
        if isinstance(node, Literal | Triple):
            raise Unfit("a literal stands where a shape should", "shapes", node)
        if node in inside:
            raise Unfit("a shape uses itself", str(node))
        if len(inside) > _DEEPEST or len(self.made) > MOST_SHAPES:
            raise Unfit(f"the shapes are nested deeper than {_DEEPEST}, or more than {MOST_SHAPES}", str(node))
        if node not in self.made:
            self.made[node] = self._made(node, (*inside, node))
        return self.made[node]

    def _made(self, node: Node, inside: tuple[Term, ...]) -> Shape:
        graph = self.graph
        path = graph.first(node, sh("path"))
        severity = graph.first(node, sh("severity"))
        types = graph.objects(node, RDF.type)
        own_class = (node,) if RDFS.Class in types else ()
        return Shape(
            node=node,
            path=_path(graph, path, 0) if path is not None else None,
            severity=severity.value.removeprefix(SH) if isinstance(severity, NamedNode) else "Violation",
            message=_words(graph.objects(node, sh("message"))),
            name=_words(graph.objects(node, sh("name"))),
            deactivated=_is_true(graph.first(node, sh("deactivated"))),
            target_nodes=tuple(graph.objects(node, sh("targetNode"))),
            target_classes=(*graph.objects(node, sh("targetClass")), *own_class),
            subjects_of=_predicates(graph.objects(node, sh("targetSubjectsOf"))),
            objects_of=_predicates(graph.objects(node, sh("targetObjectsOf"))),
            components=list(self._components(node, inside)),
            properties=[self.shape(each, inside) for each in graph.objects(node, sh("property"))],
        )

    def _components(self, node: Node, inside: tuple[Term, ...]) -> Iterator[tuple[str, Any]]:
        for name in sorted(_COMPONENTS):
            for value in self.graph.objects(node, sh(name)):
                if name == "closed":
                    if _is_true(value):
                        yield name, self._allowed(node)
                elif name.startswith("qualified"):
                    yield from self._qualified(node, name, value, inside)
                else:
                    yield name, self._wanted(node, name, value, inside)

    def _wanted(self, node: Node, name: str, value: Term, inside: tuple[Term, ...]) -> Any:
        if name in _NUMBERS:
            return _whole(value, name)
        if name in _SHAPES:
            return (self.shape(value, inside),)
        if name in _LISTS_OF_SHAPES:
            return tuple(self.shape(each, inside) for each in _list(self.graph, value))
        if name == "in":
            return frozenset(_list(self.graph, value))
        if name == "languageIn":
            return tuple(str(each.value) for each in _list(self.graph, value) if isinstance(each, Literal))
        if name == "pattern":
            return _regex(value, self.graph.first(node, sh("flags")))
        if name == "nodeKind":
            return _kind(value)
        return _is_true(value) if name == "uniqueLang" else value

    def _allowed(self, node: Node) -> frozenset[Term]:
        """The predicates that a closed shape lets pass (§4.8.1)."""
        paths = (
            self.graph.first(each, sh("path"))
            for each in self.graph.objects(node, sh("property"))
            if not isinstance(each, Literal)
        )
        ignored = self.graph.first(node, sh("ignoredProperties"))
        return frozenset(
            [each for each in paths if isinstance(each, NamedNode)] + (_list(self.graph, ignored) if ignored else [])
        )

    def _qualified(self, node: Node, name: str, value: Term, inside: tuple[Term, ...]) -> Iterator[tuple[str, Any]]:
        for each in self.graph.objects(node, sh("qualifiedValueShape")):
            siblings = (
                list(self._siblings(node, each)) if _is_true(self.graph.first(node, sh("qualifiedValueShapesDisjoint"))) else []
            )
            yield name, (self.shape(each, inside), tuple(self.shape(one, inside) for one in siblings), _whole(value, name))

    def _siblings(self, node: Node, own: Term) -> Iterator[Term]:
        for parent, predicate in self.graph.pointing(node):
            if predicate == sh("property"):
                for each in self.graph.objects(parent, predicate):
                    if not isinstance(each, Literal):
                        yield from (one for one in self.graph.objects(each, sh("qualifiedValueShape")) if one != own)


def _path(graph: Graph, node: Term, depth: int) -> Path:
    if depth > 20 or isinstance(node, Literal | Triple):
        raise Unfit("a path is nested too deep, or a literal", "shapes", node)
    if isinstance(node, NamedNode):
        return ("predicate", (node,))
    for word, kind in {"inversePath": "inverse", **_REPEATED_PATHS}.items():
        inner = graph.first(node, sh(word))
        if inner is not None:
            return (kind, (_path(graph, inner, depth + 1),))
    choice = graph.first(node, sh("alternativePath"))
    if choice is not None:
        return ("alternative", tuple(_path(graph, each, depth + 1) for each in _list(graph, choice)))
    steps = _list(graph, node)
    if not steps:
        raise Unfit("this is no path", "shapes", node)
    return ("sequence", tuple(_path(graph, each, depth + 1) for each in steps))


def _list(graph: Graph, node: Term) -> list[Term]:
    """The members of an RDF list."""
    found: list[Term] = []
    seen: set[Term] = set()
    while isinstance(node, NamedNode | BlankNode) and node != RDF.nil:
        if node in seen:
            raise Unfit("a list goes round in a circle", "shapes", node)
        seen.add(node)
        first, rest = graph.first(node, RDF.first), graph.first(node, RDF.rest)
        if first is None or rest is None:
            break
        found.append(first)
        node = rest
    return found


def _words(values: Iterable[Term]) -> dict[str, str]:
    return {(each.language or "und"): each.value for each in values if isinstance(each, Literal)}


def _predicates(values: Iterable[Term]) -> tuple[NamedNode, ...]:
    return tuple(each for each in values if isinstance(each, NamedNode))


def _is_true(value: Term | None) -> bool:
    return isinstance(value, Literal) and value.value in ("true", "1")


def _whole(value: Term, name: str) -> int:
    if not isinstance(value, Literal) or not value.value.isdigit() or len(value.value) > 9:
        raise Unfit(f"sh:{name} is no whole number", "shapes", value)
    return int(value.value)


def _kind(value: Term) -> str:
    word = value.value.removeprefix(SH) if isinstance(value, NamedNode) else ""
    if word not in _KINDS:
        raise Unfit("sh:nodeKind names no kind of node", "shapes", value)
    return word


def _regex(value: Term, flags: Term | None) -> str:
    """The expression with its flags (XPath's i, s, m, x) written into it; one that needs more than linear time is refused."""
    from standards.shacl_core import pattern

    words = value.value if isinstance(value, Literal) else ""
    wanted = "".join(letter for letter in (flags.value if isinstance(flags, Literal) else "") if letter in "ismx")
    made = f"(?{wanted}){words}" if wanted else words
    try:
        pattern(made)
    except ValueError:
        raise Unfit("a pattern that cannot be used (look-ahead, back reference, or too large)", "sh:pattern", words) from None
    return made
