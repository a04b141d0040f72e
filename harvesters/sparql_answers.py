"""The answers of a SPARQL endpoint: rows of terms, in JSON or XML.

Read here and not by the RDF library, as an address with a blank in one row must not take the rest away, and older servers say
`typed-literal`. Formats: SPARQL 1.1 Query Results JSON, and XML; an answer that is neither is an error that says what it is.
"""

from collections.abc import Iterator
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from harvesters.address import mask
from harvesters.json_text import failure_in, loads, refuse
from harvesters.web import Answer
from metadata.errors import NotData
from standards import rdf, xml_documents
from standards.base import Unreadable
from standards.rdf import Term

ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.9, application/json;q=0.5, */*;q=0.1"
NAMESPACE = "http://www.w3.org/2005/sparql-results#"

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
Row = dict[str, Term]


def rows(answer: Answer) -> list[Row]:
    """The solutions of a SELECT. Raises `NotData` for anything else: a page, an error inside 200, a cut answer."""
    place = mask(answer.url)
    start = answer.text[:4096].lstrip("\ufeff \t\r\n\0")
    if start.startswith("<") and NAMESPACE in start:
        return list(_xml(answer.content, place))
    if not start.startswith("{"):
        refuse(start if not start.startswith("<?xml") else start.partition(">")[2], place)
    return list(_json(loads(answer.text, place), place))


def number(answer: Answer) -> int:
    """The one number of a COUNT. Raises `NotData`."""
    for row in rows(answer):
        for value in row.values():
            if isinstance(value, Literal) and value.value.strip()[:20].isdecimal() and len(value.value) < 20:
                return int(value.value)
    raise NotData("the endpoint does not count", place=mask(answer.url), remedy="Check that this is a SPARQL 1.1 endpoint.")


def _json(body: Any, place: str) -> Iterator[Row]:
    results = body.get("results") if isinstance(body, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list):
        said = failure_in(body) or (", ".join(body) if isinstance(body, dict) else type(body).__name__)
        raise NotData("this is no result of a SPARQL query", place=place, value=said, remedy="Check the URL of the endpoint.")
    for binding in bindings:
        if isinstance(binding, dict):
            yield {name: term for name, value in binding.items() if (term := _term(value)) is not None}


def _term(value: Any) -> Term | None:
    if not isinstance(value, dict) or not isinstance(value.get("value"), str):
        return None
    return _made(str(value.get("type")), value["value"], value.get("xml:lang"), value.get("datatype"))


def _made(kind: str, words: str, language: Any, datatype: Any) -> Term | None:
    """A term; what is no valid address or language becomes one that is, or plain words."""
    if kind == "uri":
        return _address(words)
    if kind == "bnode":
        return BlankNode("n" + words.removeprefix("_:").encode("utf-8", "replace").hex())
    if isinstance(language, str) and language:
        return rdf.literal(words, language) or Literal(words)
    kind_of = rdf.exact(datatype) if isinstance(datatype, str) and datatype else None
    return Literal(words, datatype=kind_of) if kind_of else Literal(words)


def _address(words: str) -> Term:
    try:
        return NamedNode(words)
    except ValueError:
        return rdf.exact(words) or Literal(words)


def _xml(content: bytes, place: str) -> Iterator[Row]:
    try:
        root = xml_documents.parse(content)
    except Unreadable as problem:
        raise NotData(
            "this result cannot be read", place=place, value=f"{problem} {problem.finding.value}", remedy="Try again."
        ) from None
    name = f"{{{NAMESPACE}}}"
    if root is None or root.find(f"{name}results") is None:
        raise NotData("this is no result of a SELECT query", place=place, remedy="Check the URL of the endpoint.")
    for result in root.iter(f"{name}result"):
        row: Row = {}
        for binding in result.iter(f"{name}binding"):
            for value in binding.iterchildren(f"{name}uri", f"{name}bnode", f"{name}literal"):
                kind = str(value.tag).removeprefix(name)
                term = _made(kind, value.text or "", value.get(_LANG), value.get("datatype"))
                if term is not None:
                    row[str(binding.get("name"))] = term
        yield row


def is_triple(row: Row) -> bool:
    """Whether a row holds a subject, a predicate and an object."""
    return isinstance(row.get("s"), NamedNode | BlankNode) and isinstance(row.get("p"), NamedNode) and "o" in row
