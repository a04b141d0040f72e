"""The two SHACL engines, behind one function each: `with_pyshacl` and `with_shacl` give the same results.

Each is imported when it is first asked: pySHACL changes rdflib for the whole process, and the compiled engine is an extra.
Shapes come with an address for each (`standards/shapes.py` gives them), so that a result names its shape; terms come and go
in N-Triples. The compiled engine renames blank nodes by the order in which they come; whether it still does is tried once.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

SH = "http://www.w3.org/ns/shacl#"
_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Raw(NamedTuple):
    """A result in the engine's words: `focus`, `path` and `value` in N-Triples, "" where there is none (and for a path that is
    no single property); `component`, `severity` and `shape` are addresses."""

    focus: str
    path: str
    component: str
    value: str
    severity: str
    shape: str


def is_installed(engine: str) -> bool:
    """Whether an engine is there, and works as expected."""
    return find_spec(engine) is not None and (engine != "shacl" or _names_as_expected())


def with_pyshacl(triples: Sequence[Triple], shapes: bytes) -> list[Raw]:
    """The reference engine. Raises its own errors for shapes it cannot use."""
    import pyshacl
    import rdflib
    from rdflib.namespace import SH as RDFLIB_SH

    data = rdflib.Graph()
    for triple in triples:
        data.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    _, report, words = pyshacl.validate(
        data,
        shacl_graph=_pyshacl_shapes(shapes),
        advanced=False,
        js=False,
        do_owl_imports=False,
        meta_shacl=False,
        inplace=True,
    )
    if not isinstance(report, rdflib.Graph):
        raise ValueError(str(words))
    results = report.objects(None, RDFLIB_SH.result)
    names = ("focusNode", "resultPath", "sourceConstraintComponent", "value", "resultSeverity", "sourceShape")
    found = []
    for result in results:
        focus, path, component, value, severity, shape = (report.value(result, RDFLIB_SH[name]) for name in names)
        said = _words(path) if isinstance(path, rdflib.URIRef) else ""
        found.append(Raw(_words(focus), said, str(component), _words(value), str(severity), str(shape or "")))
    return found


@lru_cache(maxsize=16)
def _pyshacl_shapes(shapes: bytes) -> Any:
    import rdflib

    graph = rdflib.Graph()
    for quad in parse(shapes, format=RdfFormat.N_TRIPLES):
        triple = quad.triple
        graph.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    return graph


def _term(node: Any) -> Any:
    """The term for rdflib, its words kept as they are."""
    import rdflib

    if isinstance(node, BlankNode):
        return rdflib.BNode(node.value)
    if isinstance(node, NamedNode):
        return rdflib.URIRef(node.value)
    if node.language:
        return rdflib.Literal(node.value, lang=node.language)
    datatype = None if node.datatype.value == _STRING else rdflib.URIRef(node.datatype.value)
    return rdflib.Literal(node.value, datatype=datatype, normalize=False)


def _words(node: Any) -> str:
    """A term of rdflib's in N-Triples."""
    import rdflib

    if node is None:
        return ""
    if isinstance(node, rdflib.BNode):
        return f"_:{node}"
    if isinstance(node, rdflib.URIRef):
        return f"<{node}>"
    if node.language:
        return str(Literal(str(node), language=node.language))
    return str(Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node)))


def with_shacl(triples: Sequence[Triple], shapes: bytes) -> list[Raw]:
    """The compiled engine. Raises ValueError for shapes it cannot use, and when its blank nodes cannot be told apart."""
    said = serialize([_mark("first"), *triples, _mark("last")], format=RdfFormat.N_TRIPLES) or b""
    results = _shacl_shapes(shapes).validate_text(said.decode(), format="ntriples").results
    marks = sorted(_number(each.focus_node) for each in results if each.source_shape == f"<{_MARK}>")
    found = [each for each in results if each.source_shape != f"<{_MARK}>"]
    if len(marks) != 2:
        raise ValueError("the engine names blank nodes in a way that is not known")
    if not any(each.focus_node.startswith("_:") or (each.value or "").startswith("_:") for each in found):
        return list(_found(found, (), 0))
    names = _names(said)
    if marks[1] - marks[0] != len(names) - 1:
        raise ValueError("the engine names blank nodes in a way that is not known")
    return list(_found(found, names, marks[0]))


def _names(said: bytes) -> list[str]:
    """The blank nodes of N-Triples, as pyoxigraph writes them, in the order in which they come."""
    found: dict[bytes, None] = {}
    for line in said.split(b"\n"):
        if b"_:" not in line:
            continue
        subject, _, rest = line.partition(b" ")
        if subject.startswith(b"_:"):
            found[subject] = None
        value = rest.removesuffix(b" .").rpartition(b" ")[2]
        if value.startswith(b"_:") and b'"' not in value:
            found[value] = None
    return [name[2:].decode() for name in found]


_MARK = "urn:mulu:mark"
_MARKING = (f"<{_MARK}> <{SH}targetSubjectsOf> <{_MARK}:of> .\n<{_MARK}> <{SH}nodeKind> <{SH}IRI> .\n").encode()


def _mark(name: str) -> Triple:
    """A blank node that a shape of ours finds, so that we know how the engine counts them."""
    return Triple(BlankNode(f"mark{name}"), NamedNode(f"{_MARK}:of"), NamedNode(f"{_MARK}:{name}"))


def _number(node: str) -> int:
    digits = node.rpartition("_b")[2]
    return int(digits) if digits.isdecimal() else -1


@lru_cache(maxsize=16)
def _shacl_shapes(shapes: bytes) -> Any:
    import shacl

    return shacl.Shapes.from_text((shapes + _MARKING).decode(), format="ntriples")


def _found(results: Any, names: Sequence[str], first: int) -> Iterator[Raw]:
    for each in results:
        path = each.path or ""
        single = path if path.startswith("<") and path.endswith(">") and path.count("<") == 1 else ""
        shape = str(each.source_shape or "").removeprefix("<").removesuffix(">")
        focus, value = (_named(node or "", names, first) for node in (each.focus_node, each.value))
        yield Raw(focus, single, each.component_iri, value, each.severity_iri, shape)


def _named(node: str, names: Sequence[str], first: int) -> str:
    """A blank node by the name it had; everything else as it is."""
    if not node.startswith("_:"):
        return node
    number = _number(node) - first
    if not 0 <= number < len(names):
        raise ValueError(f"the engine speaks of a blank node that is not known: {node}")
    return f"_:{names[number]}"


@lru_cache(maxsize=1)
def _names_as_expected() -> bool:
    """One small check whose answer is known."""
    a, p = NamedNode("urn:a"), NamedNode("urn:p")
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    data = [Triple(BlankNode(name), p, BlankNode(other)) for name, other in (("x", "y"), ("z", "x"), ("y", "w"))]
    data += [Triple(BlankNode(name), kind, a) for name in ("w", "z")]
    shapes = (
        f"<urn:s> <{SH}targetClass> <urn:a> .\n<urn:s> <{SH}property> <urn:t> .\n<urn:t> <{SH}path> <urn:p> .\n"
        f'<urn:t> <{SH}minCount> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n<urn:t> <{SH}nodeKind> <{SH}IRI> .\n'
    ).encode()
    try:
        found = {(each.focus, each.component.removeprefix(SH), each.value) for each in with_shacl(data, shapes)}
    except Exception:  # whatever another version of it does, it is not the engine we know
        return False
    return found == {
        ("_:w", "MinCountConstraintComponent", ""),
        ("_:z", "NodeKindConstraintComponent", "_:x"),
    }
