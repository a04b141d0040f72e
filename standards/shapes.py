"""SHACL: a graph checked against shapes by whichever engine is installed, with equal results.

    shapes = compiled(turtle)                  refuses what an uploaded profile may not hold; raises Invalid
    for result in validate(body, shapes): …    Result(focus, path, component, value, severity, messages, shape)

`pyshacl` is the engine to compare with; `shacl` (the extra `shacl-fast`), where it is installed, gives the same results many
times faster and is taken first. Both are asked for SHACL Core alone: shapes with SPARQL, JavaScript, rules or imports are
refused, as are patterns that can run for ever, so that an uploaded profile can neither fetch, nor run code, nor hang. Our own
profiles need no engine (`standards/shapes_table.py`). Source: W3C SHACL, https://www.w3.org/TR/shacl/.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import jsonschema_rs
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, serialize
from pyoxigraph import Literal as RdfLiteral

from metadata.errors import Invalid
from metadata.text import UNDETERMINED, Text
from standards import shapes_engines
from standards.base import Severity, Unreadable
from standards.rdf import RDF, Term
from standards.rdf_document import parse
from standards.rdf_graph import Graph, renamed

Engine = Literal["any", "shacl", "pyshacl"]

SH = "http://www.w3.org/ns/shacl#"
NAMELESS = "urn:mulu:shape:"
"""What the addresses start with that shapes without one are given."""
MOST_BYTES = 4 << 20
MOST_SHAPES = 20_000
LONGEST_PATTERN = 500
_REFUSED = frozenset(
    SH + name
    for name in (
        "sparql", "js", "rule", "select", "ask", "construct", "update", "target", "jsLibrary", "jsFunctionName", "jsLibraryURL",
        "expression", "validator", "nodeValidator", "propertyValidator", "shapesGraph", "suggestedShapesGraph", "entailment",
    )
) | {"http://www.w3.org/2002/07/owl#imports"}  # fmt: skip
_REFUSED_KINDS = re.compile(r".*shacl#(?:SPARQL|JS|ConstraintComponent|Rule|TripleRule|.*Function|.*Target$).*", re.DOTALL)
_STACKED = re.compile(r"[*+}]\)+(?:[*+]|\{\d*,)")
_SEVERITIES: dict[str, Severity] = {"Violation": "error", "Warning": "warning", "Info": "info"}


class Result(NamedTuple):
    """One validation result. `focus`, `path` and `value` are terms in N-Triples (a path that is no single property in
    SPARQL's syntax, "" without one); `component` is the constraint component's name without `ConstraintComponent`; `shape`
    the address of the nearest shape that has one."""

    focus: str
    path: str
    component: str
    value: str
    severity: Severity
    messages: Text
    shape: str


@dataclass(frozen=True)
class Shapes:
    """Shapes that have been vetted: as N-Triples in which each has an address, and as a graph."""

    body: bytes
    count: int
    graph: Graph


def compiled(document: bytes, syntax: str | None = None) -> Shapes:
    """Vetted shapes from a document in any RDF syntax. Raises `Invalid`, saying what may not be there, or that there are
    none."""
    if len(document) > MOST_BYTES:
        raise Invalid(f"shapes of more than {MOST_BYTES >> 20} MB are not taken", remedy="Split the profile.")
    try:
        parsed = parse(document, syntax)
    except Unreadable as problem:
        raise Invalid(
            str(problem), place=problem.finding.path, value=problem.finding.value, remedy="Mend the document."
        ) from None
    if parsed.faults:
        first = parsed.faults[0]
        raise Invalid(first.message["en"], place=first.path, value=first.value, remedy=first.fix["en"])
    for triple in parsed.triples:
        _vet(triple)
    triples = _held(_addressed(parsed.triples))
    graph = Graph(triples)
    _no_circles(graph)
    count = sum(1 for said in graph.said.values() if _is_shape(said))
    if not 0 < count <= MOST_SHAPES:
        raise Invalid(f"there are {count} shapes", remedy=f"Give at least one sh:NodeShape, and not more than {MOST_SHAPES}.")
    return Shapes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"", count, graph)


def _held(triples: list[Triple]) -> list[Triple]:
    """Without links to property shapes of which the document says nothing: pySHACL refuses them, DCAT-AP's have some."""
    said = {triple.subject for triple in triples if triple.predicate == _PATH}
    return [triple for triple in triples if triple.predicate.value != f"{SH}property" or triple.object in said]


_TO_SHAPE = frozenset(SH + name for name in ("property", "node", "not", "qualifiedValueShape"))
_TO_LIST = frozenset(SH + name for name in ("and", "or", "xone"))


def _addressed(triples: list[Triple]) -> list[Triple]:
    """The same with an address for each shape that has none, so that a result can name it."""
    graph = Graph(triples)
    found: dict[Term, NamedNode] = {}
    for node, said in graph.said.items():
        leads = [value for predicate, values in said.items() if predicate.value in _TO_SHAPE for value in values]
        for predicate, values in said.items():
            if predicate.value in _TO_LIST:
                leads += [member for value in values for member in _members(graph, value)]
        own = [node] if _is_shape(said) else []
        for each in (*own, *leads):
            if isinstance(each, BlankNode):
                found.setdefault(each, NamedNode(f"{NAMELESS}{len(found)}"))
    return [renamed(each, found) for each in triples]


def _members(graph: Graph, node: Term) -> Iterator[Term]:
    """The members of an RDF list."""
    seen: set[Term] = set()
    at: Term = node
    while not isinstance(at, RdfLiteral) and at in graph.said and at not in seen:
        seen.add(at)
        yield from graph.objects(at, RDF.first)
        at = graph.first(at, RDF.rest) or RDF.nil


def _is_shape(said: Any) -> bool:
    kinds = {kind.value for kind in said.get(RDF.type, ()) if isinstance(kind, NamedNode)}
    named = {predicate.value for predicate in said}
    return bool(kinds & {SH + "NodeShape", SH + "PropertyShape"} or named & {SH + "property", SH + "path", SH + "targetClass"})


def _vet(triple: Triple) -> None:
    predicate, value = triple.predicate.value, triple.object
    if predicate in _REFUSED and not (predicate == SH + "target" and isinstance(value, RdfLiteral)):
        raise Invalid(f"{_short(predicate)} is not taken in a profile", value=value, remedy="Use SHACL Core constraints only.")
    if predicate == RDF.type.value and isinstance(value, NamedNode) and _REFUSED_KINDS.fullmatch(value.value):
        raise Invalid(f"{_short(value.value)} is not taken in a profile", remedy="Use SHACL Core constraints only.")
    if predicate == SH + "pattern" and isinstance(value, RdfLiteral):
        vet_pattern(value.value)


def _short(address: str) -> str:
    return address.replace(SH, "sh:").replace("http://www.w3.org/2002/07/owl#", "owl:")


def vet_pattern(pattern: str) -> None:
    """Raises `Invalid` for a pattern that is none, is too long, or needs more than linear time (jsonschema-rs's engine, which
    never does, refuses what only backtracking can answer)."""
    if len(pattern) > LONGEST_PATTERN:
        raise Invalid("a pattern is too long", value=pattern, remedy=f"Use at most {LONGEST_PATTERN} characters.")
    if _STACKED.search(pattern):
        raise Invalid(
            "a pattern repeats a repetition", value=pattern, remedy="Write it without a repetition within a repetition."
        )
    try:
        re.compile(pattern)
        jsonschema_rs.validator_for({"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions(size_limit=2 << 20))
    except (re.error, OverflowError, RecursionError, ValueError) as fault:
        raise Invalid(f"a pattern is not taken: {fault}", value=pattern, remedy="Write a simpler pattern.") from None


_NESTING = tuple(SH + name for name in ("node", "property", "not", "qualifiedValueShape", "and", "or", "xone"))


def _no_circles(graph: Graph) -> None:
    """Raises `Invalid` for shapes that refer to themselves: SHACL leaves open what they mean (§3.4.3), engines run for ever."""
    leads: dict[Term, list[Term]] = {}
    for node, said in graph.said.items():
        for predicate, values in said.items():
            if predicate.value in _NESTING or predicate in (RDF.first, RDF.rest):
                leads.setdefault(node, []).extend(value for value in values if not isinstance(value, RdfLiteral))
    done: set[Term] = set()
    for start in leads:
        trail: list[tuple[Term, Iterator[Term]]] = [(start, iter(leads[start]))] if start not in done else []
        within = {start}
        while trail:
            at, rest = trail[-1]
            following = next(rest, None)
            if following is None:
                trail.pop()
                within.discard(at)
                done.add(at)
            elif following in within:
                raise Invalid("shapes refer to themselves", value=following, remedy="Take out the circle.")
            elif following not in done:
                within.add(following)
                trail.append((following, iter(leads.get(following, ()))))


def engines() -> tuple[Engine, ...]:
    """The engines that are installed, the fastest first."""
    known: tuple[Engine, ...] = ("shacl", "pyshacl")
    return tuple(name for name in known if shapes_engines.is_installed(name))


def validate(body: bytes | Iterable[Triple] | Graph, shapes: Shapes, engine: Engine = "any") -> list[Result]:
    """All results, in a fixed order. Raises `Unreadable` for a body that is no RDF, `Invalid` when no engine is installed or
    the shapes cannot be used."""
    triples = _triples(body)
    chosen = next(iter(engines()), None) if engine == "any" else engine
    if chosen is None or chosen not in engines():
        raise Invalid("no SHACL engine is installed", value=engine, remedy="Install pyshacl, or the extra shacl-fast.")
    check = shapes_engines.with_shacl if chosen == "shacl" else shapes_engines.with_pyshacl
    try:
        found = check(triples, shapes.body)
    except Exception as fault:  # an engine's own errors have no common class
        raise Invalid(f"the shapes cannot be used: {fault}", remedy="Mend the profile.") from fault
    return sorted({_key(each): each for each in (_result(raw, shapes.graph) for raw in found)}.values(), key=_key)


def _triples(body: bytes | Iterable[Triple] | Graph) -> list[Triple]:
    """The triples of a body. Raises `Unreadable`."""
    if isinstance(body, Graph):
        return list(body.triples())
    return parse(body).triples if isinstance(body, bytes) else list(body)


def _key(result: Result) -> tuple[str, ...]:
    return result.focus, result.path, result.component, result.value, result.severity, result.shape


def _result(raw: shapes_engines.Raw, shapes: Graph) -> Result:
    shape = NamedNode(raw.shape) if raw.shape and not raw.shape.startswith("_:") else None
    path = shapes.first(shape, _PATH) if shape and not raw.path else None
    messages: Text = {}
    for message in shapes.objects(shape, _MESSAGE) if shape else ():
        if isinstance(message, RdfLiteral):
            messages.setdefault((message.language or UNDETERMINED).lower(), message.value)
    return Result(
        raw.focus,
        raw.path or (_rendered(shapes, path) if path else ""),
        raw.component.rpartition("#")[2].removesuffix("ConstraintComponent"),
        raw.value,
        _SEVERITIES.get(raw.severity.rpartition("#")[2], "error"),
        messages,
        _named(shapes, shape) if shape else "",
    )


_PATH, _MESSAGE = NamedNode(SH + "path"), NamedNode(SH + "message")
_MARKS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


def _rendered(shapes: Graph, path: Term, depth: int = 0) -> str:
    """A property path in SPARQL's syntax."""
    if isinstance(path, NamedNode) or depth > 20:
        return str(path)
    members = [_rendered(shapes, each, depth + 1) for each in _members(shapes, path)]
    if members:
        return f"({'/'.join(members)})"
    for predicate, values in shapes.said.get(path, {}).items() if not isinstance(path, RdfLiteral) else ():
        name, inner = predicate.value.removeprefix(SH), next(iter(values))
        if name == "alternativePath":
            return f"({'|'.join(_rendered(shapes, each, depth + 1) for each in _members(shapes, inner))})"
        if name == "inversePath":
            return f"^{_rendered(shapes, inner, depth + 1)}"
        if name in _MARKS:
            return f"{_rendered(shapes, inner, depth + 1)}{_MARKS[name]}"
    return str(path)


def _named(shapes: Graph, shape: NamedNode) -> str:
    """The nearest shape that its author gave an address."""
    seen: set[Term] = set()
    waiting: list[Term] = [shape]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, NamedNode) and not node.value.startswith(NAMELESS):
            return node.value
        if node not in seen:
            seen.add(node)
            waiting += [above for above, _ in shapes.pointing(node)]
    return ""
