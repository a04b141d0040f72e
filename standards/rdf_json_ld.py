"""JSON-LD that people like to read: our own small context, inlined; nodes nested where they are used, not a flat list.

The context is `files/dcat_ap_3/context.json`. A term of it is used for a value only where the term's coercion fits the value;
any other value is written in full under the property's prefixed name, so that whatever is written reads back as the same
graph (JSON-LD 1.1, https://www.w3.org/TR/json-ld11/). No reader has to fetch anything.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

Subject = NamedNode | BlankNode | Triple

_CONTEXT = Path(__file__).parent / "files" / "dcat_ap_3" / "context.json"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_ROOTS = ("Catalog", "PartialCollectionView", "CatalogRecord", "Dataset")


def compact(triples: list[Triple], prefixes: Mapping[str, str]) -> bytes:
    """The graph as indented JSON-LD with `@context` and `@graph`."""
    if any(_looks_prefixed(triple, prefixes) for triple in triples):
        return serialize(triples, format=RdfFormat.JSON_LD) or b""
    tree = _Tree(triples, prefixes)
    graph = tree.written()
    document = {"@context": _context_for(tree.terms), "@graph": graph}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


@lru_cache(maxsize=1)
def context() -> dict[str, Any]:
    """Our context: term → definition. Not to be changed by who gets it."""
    found: dict[str, Any] = json.loads(_CONTEXT.read_bytes())
    return found


def _context_for(used: set[str]) -> dict[str, Any]:
    """What the used terms and prefixes need of the context, in its order."""
    needed = set(used)
    for term in used:
        meaning = context().get(term)
        words = [meaning["@id"], meaning.get("@type", "")] if isinstance(meaning, dict) else [str(meaning)]
        needed.update(word.partition(":")[0] for word in words)
    return {term: meaning for term, meaning in context().items() if term in needed or term == "@version"}


@lru_cache(maxsize=1)
def _terms() -> dict[str, tuple[str, str]]:
    """Property → (term, coercion), where the coercion is `@language`, `@id`, a datatype, or empty."""
    terms = {}
    for term, meaning in context().items():
        if isinstance(meaning, dict):
            coercion = meaning.get("@container") or meaning.get("@type") or ""
            terms[_whole(meaning["@id"])] = (term, _whole(coercion))
    return terms


@lru_cache(maxsize=1)
def _classes() -> dict[str, str]:
    """Class → term: the terms that name no property."""
    plain = {term: meaning for term, meaning in context().items() if isinstance(meaning, str)}
    return {_whole(meaning): term for term, meaning in plain.items() if ":" in meaning and "//" not in meaning}


def _whole(short: str) -> str:
    prefix, colon, name = short.partition(":")
    address = context().get(prefix)
    return f"{address}{name}" if colon and isinstance(address, str) else short


def _looks_prefixed(triple: Triple, prefixes: Mapping[str, str]) -> bool:
    """An address such as `dct:title` (its scheme is one of our prefixes) would be taken for a short one."""
    return any(
        isinstance(node, NamedNode) and node.value.split(":", 1)[0] in prefixes for node in (triple.subject, triple.object)
    )


class _Tree:
    """The triples by subject, and which of them have found their place in the tree."""

    def __init__(self, triples: list[Triple], prefixes: Mapping[str, str]) -> None:
        self.terms: set[str] = set()
        self._prefixes = prefixes
        self._said: dict[Subject, dict[str, list[Any]]] = {}
        self._used: dict[Any, int] = {}
        self._placed: set[Subject] = set()
        for triple in triples:
            self._said.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
            self._used[triple.object] = self._used.get(triple.object, 0) + 1

    def written(self) -> list[dict[str, Any]]:
        """Catalogs, pages and datasets first, then what nobody refers to, then what only refers to itself."""
        roots = [subject for subject in self._said if self._is_root(subject)]
        rest = [subject for subject in self._said if subject not in self._used]
        nodes = []
        for subject in (*roots, *rest, *self._said):
            if subject not in self._placed:
                nodes.append(self._node(subject, known_by=0))
        return nodes

    def _is_root(self, subject: Subject) -> bool:
        kinds = self._said[subject].get(_TYPE, ())
        return any(kind.value.rsplit("#", 1)[-1] in _ROOTS for kind in kinds)

    def _node(self, subject: Subject, known_by: int) -> dict[str, Any]:
        """The node; `known_by` counts the references that its place in the tree stands for: only others need its name."""
        self._placed.add(subject)
        node: dict[str, Any] = {}
        if isinstance(subject, NamedNode) or self._used.get(subject, 0) > known_by:
            node["@id"] = _id(subject)
        for predicate, objects in self._said[subject].items():
            if predicate == _TYPE and all(isinstance(each, NamedNode) for each in objects):
                node["@type"] = _one([self._class(each.value) for each in objects])
            else:
                self._property(node, predicate, objects)
        return node

    def _property(self, node: dict[str, Any], predicate: str, objects: list[Any]) -> None:
        term, coercion = _terms().get(predicate, ("", ""))
        fitting = [each for each in objects if term and _fits(each, coercion)]
        if fitting:
            self.terms.add(term)
        if fitting and coercion == "@language":
            node[term] = _by_language(fitting)
        elif fitting:
            node[term] = _one([self._short(each, coercion) for each in fitting])
        others = [each for each in objects if each not in fitting]
        if others:
            node[self._prefixed(predicate)] = _one([self._full(each) for each in others])

    def _short(self, value: Any, coercion: str) -> Any:
        if isinstance(value, Literal):
            return _number(value.value) if coercion.endswith("nteger") else value.value
        nested = self._nested(value)
        return value.value if isinstance(nested, str) and isinstance(value, NamedNode) else nested

    def _nested(self, value: Subject) -> Any:
        """The node itself where it is first used; afterwards, and for roots, its address."""
        if value in self._said and value not in self._placed and not self._is_root(value):
            return self._node(value, known_by=1)
        return _id(value)

    def _full(self, value: Any) -> Any:
        if not isinstance(value, Literal):
            nested = self._nested(value)
            return {"@id": nested} if isinstance(nested, str) else nested
        if value.language:
            return {"@value": value.value, "@language": value.language}
        if value.datatype.value == _STRING:
            return value.value
        return {"@value": value.value, "@type": self._prefixed(value.datatype.value)}

    def _class(self, address: str) -> str:
        term = _classes().get(address)
        if term:
            self.terms.add(term)
        return term or self._prefixed(address)

    def _prefixed(self, address: str) -> str:
        for prefix, start in self._prefixes.items():
            if address.startswith(start) and len(address) > len(start):
                self.terms.add(prefix)
                return f"{prefix}:{address[len(start) :]}"
        return address


def _id(subject: Subject) -> str:
    return subject.value if isinstance(subject, NamedNode) else str(subject)


def _fits(value: Any, coercion: str) -> bool:
    if not isinstance(value, Literal):
        return coercion == "@id"
    kind = value.datatype.value
    if coercion == "@language":
        return kind in (_STRING, _LANG_STRING)
    if coercion.endswith("nteger"):
        return kind == coercion and str(_number(value.value)) == value.value
    return kind == (coercion or _STRING)


def _number(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) < 16 else -1


def _by_language(values: Iterable[Literal]) -> dict[str, Any]:
    by_language: dict[str, list[str]] = {}
    for value in values:
        by_language.setdefault(value.language or "@none", []).append(value.value)
    return {language: _one(words) for language, words in by_language.items()}


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
