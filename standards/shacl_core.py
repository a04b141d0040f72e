"""SHACL Core shapes that were uploaded, evaluated here: W3C SHACL §2 (shapes, targets), §2.3.1 (paths), §4 (components).

For shapes from strangers, for whom no engine at hand is safe: SPARQL, JavaScript, rules and imports are refused when the shapes
are parsed; regular expressions run in linear time; every step is counted, so that checking one record ends. Answers are
compared with pySHACL's in the tests. Results are as SHACL's: focus node, path, component, value, the shape that asked.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple

import jsonschema_rs
from pyoxigraph import BlankNode, Literal, NamedNode

from standards.rdf import RDF, RDFS, XSD, Node, Term
from standards.rdf_graph import Graph
from standards.rdf_lexical import is_valid
from standards.shacl_shapes import Path, Shape, Shapes

MOST_STEPS = 300_000
_DEEPEST = 40
_DATES = frozenset((XSD.date, XSD.dateTime))
_REGEX_BYTES = 2 << 20


class Result(NamedTuple):
    """One thing a shape says of a node."""

    focus: Term
    path: Path | None
    component: str
    value: Term | None
    shape: Shape


class OutOfSteps(Exception):
    """Checking takes longer than it may."""


class Checker:
    """Shapes over one graph."""

    def __init__(self, shapes: Shapes, graph: Graph) -> None:
        self.shapes, self.graph = shapes, graph
        self._steps = 0
        self._above: dict[Term, frozenset[Term]] = {}

    def results(self) -> Iterator[Result]:
        """All that the shapes say of the graph, shape by shape. Raises `OutOfSteps`."""
        for shape in self.shapes.targeted:
            for focus in self._targets(shape):
                yield from self.validate(shape, focus, 0)

    def validate(self, shape: Shape, focus: Term, depth: int) -> Iterator[Result]:
        """What a shape says of one node (§3.4.2)."""
        if shape.deactivated:
            return
        if depth > _DEEPEST:
            raise OutOfSteps
        values = list(dict.fromkeys(self.values(focus, shape.path))) if shape.path else [focus]
        for name, wanted in shape.components:
            self._count(1 + len(values))
            if name == "closed":
                yield from self._closed(shape, focus, values, wanted)
                continue
            for value in _COMPONENTS[name](self, shape, focus, values, wanted, depth):
                yield Result(focus, shape.path, _component(name), value, shape)
        for inner in shape.properties:
            for value in values:
                yield from self.validate(inner, value, depth + 1)

    def conforms(self, shape: Shape, focus: Term, depth: int) -> bool:
        """Whether a shape has nothing to say of a node."""
        return next(self.validate(shape, focus, depth + 1), None) is None

    def _closed(self, shape: Shape, focus: Term, values: list[Term], allowed: frozenset[Term]) -> Iterator[Result]:
        """What is said by other predicates than a closed shape allows; the predicate is the result's path (§4.8.1)."""
        for value in values:
            for predicate, found in self.graph.said.get(value, {}).items() if not isinstance(value, Literal) else ():
                if predicate not in allowed:
                    yield from (Result(focus, ("predicate", (predicate,)), _component("closed"), each, shape) for each in found)

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise OutOfSteps

    def _targets(self, shape: Shape) -> list[Term]:
        """The focus nodes of a shape (§2.1.3)."""
        found: dict[Term, None] = dict.fromkeys(shape.target_nodes)
        for kind in shape.target_classes:
            self._count(len(self.graph.said))
            found.update(dict.fromkeys(node for node in self.graph.said if self.is_a(node, kind)))
        for predicate in shape.subjects_of:
            found.update(dict.fromkeys(node for node, said in self.graph.said.items() if predicate in said))
        for predicate in shape.objects_of:
            found.update(dict.fromkeys(each for said in self.graph.said.values() for each in said.get(predicate, ())))
        return list(found)

    def is_a(self, node: Term, kind: Term) -> bool:
        """Whether a node is of a class or of one below it."""
        if isinstance(node, Literal):
            return False
        return any(each == kind or kind in self._classes_above(each) for each in self.graph.objects(node, RDF.type))

    def _classes_above(self, kind: Term) -> frozenset[Term]:
        if kind not in self._above:
            seen: set[Term] = set()
            pending = [kind]
            while pending:
                each = pending.pop()
                above = [] if isinstance(each, Literal) else self.graph.objects(each, RDFS.subClassOf)
                pending.extend(one for one in above if one not in seen)
                seen.update(above)
            self._above[kind] = frozenset(seen)
        return self._above[kind]

    def values(self, focus: Term, path: Path | None) -> Iterator[Term]:
        """What a path leads to from a node (§2.3.1)."""
        if path is None:
            yield focus
            return
        self._count(1)
        kind, parts = path
        if kind == "predicate":
            yield from () if isinstance(focus, Literal) else self.graph.objects(focus, parts[0])
        elif kind == "inverse":
            yield from self._backwards(focus, parts[0])
        elif kind == "sequence":
            found = {focus: None}
            for part in parts:
                found = {each: None for node in found for each in self.values(node, part)}
            yield from found
        elif kind == "alternative":
            for part in parts:
                yield from self.values(focus, part)
        else:
            yield from self._repeated(focus, kind, parts[0])

    def _backwards(self, focus: Term, path: Path) -> Iterator[Term]:
        kind, parts = path
        if kind == "predicate":
            yield from (subject for subject, predicate in self.graph.pointing(focus) if predicate == parts[0])
            if isinstance(focus, Literal):
                yield from (node for node, said in self.graph.said.items() if focus in said.get(parts[0], ()))
        else:
            self._count(len(self.graph.said))
            yield from (node for node in self.graph.said if focus in set(self.values(node, path)))

    def _repeated(self, focus: Term, kind: str, path: Path) -> Iterator[Term]:
        """`*`, `+` and `?`."""
        seen: dict[Term, None] = {} if kind == "oneOrMore" else {focus: None}
        pending = [focus]
        while pending:
            for each in self.values(pending.pop(), path):
                if each not in seen:
                    seen[each] = None
                    if kind != "zeroOrOne":
                        pending.append(each)
        yield from seen


Component = Callable[[Checker, Shape, Term, list[Term], Any, int], Iterator[Term | None]]


def _component(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}ConstraintComponent"


def _each(test: Callable[[Checker, Term, Any], bool]) -> Component:
    """A component that asks something of each value."""

    def component(checker: Checker, _: Shape, __: Term, values: list[Term], wanted: Any, ___: int) -> Iterator[Term | None]:
        yield from (value for value in values if not test(checker, value, wanted))

    return component


def _min_count(_: Checker, __: Shape, ___: Term, values: list[Term], wanted: int, ____: int) -> Iterator[Term | None]:
    yield from [None] if len(values) < wanted else []


def _max_count(_: Checker, __: Shape, ___: Term, values: list[Term], wanted: int, ____: int) -> Iterator[Term | None]:
    yield from [None] if len(values) > wanted else []


def _has_value(_: Checker, __: Shape, ___: Term, values: list[Term], wanted: Term, ____: int) -> Iterator[Term | None]:
    yield from [] if wanted in values else [None]


def _datatype(_: Checker, value: Term, wanted: NamedNode) -> bool:
    return isinstance(value, Literal) and value.datatype == wanted and is_valid(value.value, wanted.value)


_KINDS: dict[str, tuple[type, ...]] = {
    "IRI": (NamedNode,),
    "BlankNode": (BlankNode,),
    "Literal": (Literal,),
    "BlankNodeOrIRI": (BlankNode, NamedNode),
    "BlankNodeOrLiteral": (BlankNode, Literal),
    "IRIOrLiteral": (NamedNode, Literal),
}


def _node_kind(_: Checker, value: Term, wanted: str) -> bool:
    return isinstance(value, _KINDS[wanted])


def _compared(below: bool, equal: bool) -> Callable[[Checker, Term, Term], bool]:
    def test(_: Checker, value: Term, wanted: Term) -> bool:
        order = compare(value, wanted)
        return order is not None and (equal if order == 0 else (order < 0) == below)

    return test


def compare(one: Term, other: Term) -> int | None:
    """-1, 0 or 1 as SPARQL's operators would have it; None for what cannot be compared."""
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return None
    pair = _number(one), _number(other)
    if pair[0] is None or pair[1] is None:
        same = one.datatype == other.datatype and (one.datatype in _DATES or one.datatype == XSD.string)
        return (one.value > other.value) - (one.value < other.value) if same else None
    return (pair[0] > pair[1]) - (pair[0] < pair[1])


def _number(value: Literal) -> Decimal | None:
    if value.datatype.value.rpartition("#")[2] not in _NUMBERS:
        return None
    try:
        found = Decimal(value.value.strip()[:400])
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


_NUMBERS = frozenset(
    (
        *("integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    )
)


def _text(value: Term) -> str | None:
    return None if isinstance(value, BlankNode) else str(value.value) if isinstance(value, Literal | NamedNode) else None


def _length(fits: Callable[[int, int], bool]) -> Callable[[Checker, Term, int], bool]:
    return lambda _, value, wanted: (words := _text(value)) is not None and fits(len(words), wanted)


@cache
def pattern(words: str) -> Any:
    """A regular expression as a validator that runs in linear time. Raises `ValueError` for one that cannot (look-ahead)."""
    options = jsonschema_rs.RegexOptions(size_limit=_REGEX_BYTES, dfa_size_limit=_REGEX_BYTES)
    return jsonschema_rs.validator_for({"pattern": words}, offline=True, pattern_options=options)


def _pattern(_: Checker, value: Term, wanted: str) -> bool:
    words = _text(value)
    return words is not None and bool(pattern(wanted).is_valid(words))


def _language_in(_: Checker, value: Term, wanted: tuple[str, ...]) -> bool:
    tag = (value.language or "").lower() if isinstance(value, Literal) else ""
    return bool(tag) and any(tag == each.lower() or tag.startswith(f"{each.lower()}-") for each in wanted)


def _unique_lang(_: Checker, __: Shape, ___: Term, values: list[Term], wanted: bool, ____: int) -> Iterator[Term | None]:
    tags = [value.language.lower() for value in values if isinstance(value, Literal) and value.language]
    yield from (None for tag in dict.fromkeys(tags) if wanted and tags.count(tag) > 1)


def _equals(checker: Checker, _: Shape, focus: Term, values: list[Term], wanted: NamedNode, __: int) -> Iterator[Term | None]:
    others = [] if isinstance(focus, Literal) else checker.graph.objects(focus, wanted)
    yield from (value for value in values if value not in others)
    yield from (other for other in others if other not in values)


def _disjoint(checker: Checker, _: Shape, focus: Term, values: list[Term], wanted: NamedNode, __: int) -> Iterator[Term | None]:
    others = [] if isinstance(focus, Literal) else checker.graph.objects(focus, wanted)
    yield from (value for value in values if value in others)


def _less(equal: bool) -> Component:
    def component(
        checker: Checker, _: Shape, focus: Term, values: list[Term], wanted: NamedNode, __: int
    ) -> Iterator[Term | None]:
        others = [] if isinstance(focus, Literal) else checker.graph.objects(focus, wanted)
        checker._count(len(values) * len(others))
        for value in values:
            for other in others:
                order = compare(value, other)
                if order is None or order > 0 or (order == 0 and not equal):
                    yield value

    return component


def _logic(fits: Callable[[int, int], bool]) -> Component:
    """`and`, `or`, `xone`, `not`, `node`: how many of the shapes a value conforms to, out of how many."""

    def component(
        checker: Checker, _: Shape, __: Term, values: list[Term], wanted: tuple[Shape, ...], depth: int
    ) -> Iterator[Term | None]:
        for value in values:
            if not fits(sum(checker.conforms(each, value, depth) for each in wanted), len(wanted)):
                yield value

    return component


def _qualified(fits: Callable[[int, int], bool]) -> Component:
    """How many values conform to a shape, those left out that conform to a sibling (§4.7.3)."""

    def component(checker: Checker, _: Shape, __: Term, values: list[Term], wanted: Any, depth: int) -> Iterator[Term | None]:
        shape, siblings, bound = wanted
        count = 0
        for value in values:
            if checker.conforms(shape, value, depth) and not any(checker.conforms(each, value, depth) for each in siblings):
                count += 1
        yield from [] if fits(count, bound) else [None]

    return component


_COMPONENTS: dict[str, Component] = {
    "minCount": _min_count,
    "maxCount": _max_count,
    "class": _each(Checker.is_a),
    "datatype": _each(_datatype),
    "nodeKind": _each(_node_kind),
    "minInclusive": _each(_compared(below=False, equal=True)),
    "minExclusive": _each(_compared(below=False, equal=False)),
    "maxInclusive": _each(_compared(below=True, equal=True)),
    "maxExclusive": _each(_compared(below=True, equal=False)),
    "minLength": _each(_length(int.__ge__)),
    "maxLength": _each(_length(int.__le__)),
    "pattern": _each(_pattern),
    "languageIn": _each(_language_in),
    "uniqueLang": _unique_lang,
    "in": _each(lambda _, value, wanted: value in wanted),
    "hasValue": _has_value,
    "equals": _equals,
    "disjoint": _disjoint,
    "lessThan": _less(equal=False),
    "lessThanOrEquals": _less(equal=True),
    "node": _logic(int.__eq__),
    "and": _logic(int.__eq__),
    "or": _logic(lambda met, _: met > 0),
    "xone": _logic(lambda met, _: met == 1),
    "not": _logic(lambda met, _: met == 0),
    "qualifiedMinCount": _qualified(int.__ge__),
    "qualifiedMaxCount": _qualified(int.__le__),
}

__all__ = ["MOST_STEPS", "Checker", "Node", "OutOfSteps", "Result", "compare", "pattern"]
