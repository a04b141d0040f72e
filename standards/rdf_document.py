"""RDF documents from strangers: which syntax they are in, their triples, and what was wrong with them.

    parsed = parse(document)            Parsed(triples, faults, syntax); raises Unreadable, nothing else
    sniff(document) -> "turtle" | "rdf" | "jsonld" | "nt" | None

A well-formed document is parsed once, by pyoxigraph. One with faults gives what its syntax lets be read: a prefix that is not
declared, a dot that was forgotten, a `/` in a short name, a blank in an address are mended, a statement that cannot be is left
out, and each is told as a finding with its line. Nothing is fetched: a JSON-LD context from elsewhere is one of
`standards/rdf_contexts.py` or refused. XML goes through `standards/xml_documents.py` first, which bounds depth, entities and
size; JSON deeper than 200 is refused. Sources: RDF 1.1 Turtle, TriG, N-Triples, N-Quads and XML Syntax; JSON-LD 1.1.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple
from pyoxigraph import parse as oxigraph

from standards import rdf, rdf_contexts, rdf_entities, rdf_mending, xml_documents
from standards.base import Finding, Unreadable, finding
from standards.rdf_rules import RULES
from standards.xml_characters import MALFORMED, as_utf8, mended

MOST_BYTES = 256 << 20
"""Bytes of one document; a larger catalogue has to give itself in pages."""
MOST_FAULTS = 100
DEEPEST = 200
NOWHERE = "http://relative.invalid/"
"""What relative addresses are resolved against in a document that does not say where it is from (RFC 6761 `.invalid`)."""

_FORMATS = {
    "turtle": RdfFormat.TRIG,
    "trig": RdfFormat.TRIG,
    "nt": RdfFormat.N_QUADS,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_OTHER_NAMES = {
    "ttl": "turtle",
    "xml": "rdf",
    "rdfxml": "rdf",
    "json-ld": "jsonld",
    "json": "jsonld",
    "nq": "nt",
    "n3": "turtle",
}
_LINE = re.compile(rb"\s*(?:#[^\n]*\n\s*)*(?:<[^<>\"{}|^`\\\x00-\x20]*>|_:[\w.-]+)[ \t]+<[^<>\"{}|^`\\\x00-\x20]*>[ \t]+[<\"_]")
_XML = re.compile(rb"<(?:\?xml|!--|!DOCTYPE|[A-Za-z_][\w.-]*(?::[\w.-]+)?[\s>/])")
_TURTLE = re.compile(
    rb"(?:@prefix|@base|prefix\s|base\s|\[\s*(?:\]|a\s|[\w-]*:)|[\w-]*:[\w-]|<[^\s<>]*>\s|_:|#|graph\s)", re.IGNORECASE
)
_BARE = re.compile(r"[\s<>\"{}|\\^`\[\]]|^(?![A-Za-z][A-Za-z0-9+.-]*:)")


_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Parsed:
    """The triples of a document (graph names are dropped), in its order, and what was wrong with it."""

    triples: list[Triple]
    faults: tuple[Finding, ...]
    syntax: str


def sniff(document: bytes) -> str | None:
    """The syntax a document is in, by its first characters; None when it is no RDF."""
    start = as_utf8(document[:4096]).lstrip()
    if _XML.match(start) and not _LINE.match(start):
        return "rdf"
    if start[:1] == b"{" or (re.match(rb"\[\s*[\[{\]]", start) and not re.match(rb"\[\s*\]\s*[\w<_]", start)):
        return "jsonld"
    if _LINE.match(start) and not re.search(rb"^\s*(?:@|prefix\s|base\s)|;\s*$|,\s*$", start, re.IGNORECASE | re.MULTILINE):
        return "nt"
    return "turtle" if _TURTLE.match(start) else None


def parse(document: bytes, syntax: str | None = None, base: str | None = None) -> Parsed:
    """All that can be read. `base` is the document's own address. Raises `Unreadable` when nothing can."""
    named = _OTHER_NAMES.get(syntax or "", syntax) or sniff(document)
    if named not in _FORMATS or (named == "jsonld" and b'"@' not in document.replace(b"\x00", b"")):
        raise Unreadable(RULES["rdf/syntax/unknown"], "", document[:80].decode("utf-8", "replace"))
    if len(document) > MOST_BYTES:
        raise Unreadable(RULES["rdf/size"], "", f"{len(document)} bytes")
    if named == "rdf":
        return _xml(document, base or NOWHERE)
    found = _json(document, base or NOWHERE) if named == "jsonld" else _text(document, named, base or NOWHERE)
    if not found.triples:
        raise Unreadable(RULES["rdf/empty"], "")
    return found


def _strictly(body: bytes, syntax: str, base: str) -> list[Triple] | None:
    """All triples of a document without a fault; None when it has one."""
    try:
        return [quad.triple for quad in oxigraph(body, format=_FORMATS[syntax], base_iri=base)]
    except (SyntaxError, ValueError, OSError, MemoryError):  # MemoryError: a token of more than 16 MB
        return None


def _leniently(body: bytes, syntax: str, base: str) -> tuple[list[Triple], list[SyntaxError]]:
    """What can be read, addresses unchecked, and the faults met."""
    found: list[Triple] = []
    faults: list[SyntaxError] = []
    steps = iter(oxigraph(body, format=_FORMATS[syntax], base_iri=base, lenient=True))
    while len(faults) < MOST_FAULTS:
        try:
            found.append(next(steps).triple)
        except StopIteration:
            break
        except SyntaxError as fault:
            faults.append(fault)
        except (ValueError, OSError, MemoryError) as fault:
            faults.append(SyntaxError(str(fault)))
            break
    return found, faults


def _text(document: bytes, syntax: str, base: str) -> Parsed:
    """Turtle, TriG, N-Triples, N-Quads."""
    utf8 = document if document[:1].isspace() else as_utf8(document)  # which would take lines away
    found = _strictly(utf8, syntax, base)
    if found is not None:
        return Parsed(found, (), syntax)
    words, faults = rdf_mending.decoded(utf8)
    for _ in range(rdf_mending.ROUNDS if syntax != "nt" else 0):
        mending = rdf_mending.mend(words, _leniently(words.encode(), syntax, base)[1])
        if mending is None:
            break
        words, told = mending
        faults += told
    triples, left = _leniently(words.encode(), syntax, base)
    sound, odd = _sound(triples)
    lines = words.split("\n")
    faults += [*{told.path: told for told in (_skipped(each, lines) for each in reversed(left))}.values()][::-1] + odd
    if not sound:
        raise Unreadable(RULES["rdf/syntax"], faults[0].path if faults else "", faults[0].value if faults else "")
    return Parsed(sound, tuple(faults[:MOST_FAULTS]), syntax)


def _skipped(fault: SyntaxError, lines: Sequence[str] = ()) -> Finding:
    said = re.sub(r"^Parser error at (?:line \d+ )?[^:]*: ", "", str(fault.msg))
    line = rdf_mending.line_of(fault, lines)
    return finding(RULES["rdf/syntax/skipped"], f"(line {line})" if line else "", said)


def _xml(document: bytes, base: str) -> Parsed:
    """RDF/XML, after lxml has bounded its depth, entities and size."""
    utf8, faults = rdf_entities.expanded(as_utf8(document)), list[Finding]()
    try:
        root = xml_documents.parse(utf8)
    except Unreadable as problem:
        if problem.finding.rule != MALFORMED.id:
            raise
        root = None
        if "is not a valid URI" not in problem.finding.value:  # of a namespace: the addresses themselves are told of later
            faults = [finding(RULES["rdf/syntax/cut"], problem.finding.path, problem.finding.value)]
    plain = utf8 if root is not None else mended(utf8)
    triples = _strictly(plain, "rdf", base) if root is not None else None
    if triples is None:
        triples, told = _mended_xml(plain, root, base)
        faults += told
    if not triples:
        raise Unreadable(
            MALFORMED if root is None else RULES["rdf/empty"], *((faults[0].path, faults[0].value) if faults else ("",))
        )
    return Parsed(triples, tuple(faults[:MOST_FAULTS]), "rdf")


def _mended_xml(utf8: bytes, root: xml_documents.Element, base: str) -> tuple[list[Triple], list[Finding]]:
    """The same with node names and addresses mended; up to the first fault where the XML itself is broken."""
    faults: list[Finding] = []
    if root is not None:
        faults = rdf_mending.mend_nodes(root)
        utf8 = xml_documents.body_of(root)
    triples, left = _leniently(utf8, "rdf", base)
    if root is None:
        left = left[:0]
    sound, odd = _sound(triples)
    return sound, faults + odd + [_skipped(each) for each in left]


def _json(document: bytes, base: str) -> Parsed:
    """JSON-LD, its contexts from elsewhere replaced by ours."""
    utf8 = as_utf8(document)
    try:
        tree = orjson.loads(utf8)
    except orjson.JSONDecodeError as fault:
        rule = "rdf/json-ld/depth" if "depth" in fault.msg else "rdf/json-ld/json"
        raise Unreadable(RULES[rule], f"(line {fault.lineno})", fault.msg) from None
    if _depth(utf8) > DEEPEST:
        raise Unreadable(RULES["rdf/json-ld/depth"], "", f"> {DEEPEST}")
    body = orjson.dumps(tree) if rdf_contexts.inlined(tree) else utf8
    strict = _strictly(body, "jsonld", base)
    if strict:
        return Parsed(strict, (), "jsonld")
    triples, left = _leniently(body, "jsonld", base)
    sound, odd = _sound([each for each in triples if ":" in each.predicate.value])
    if not sound:
        place = f"(line {left[0].lineno})" if left and left[0].lineno and body is utf8 else ""
        raise Unreadable(RULES["rdf/syntax" if left else "rdf/empty"], place, left[0].msg if left else "")
    return Parsed(sound, tuple(odd + [_skipped(each) for each in left]), "jsonld")


_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[{]+|[\]}]+")


def _depth(utf8: bytes) -> int:
    """How deep brackets are nested, strings left out."""
    deepest = depth = 0
    for run in _BRACKETS.findall(_STRING.sub(b"", utf8)):
        depth += len(run) if run[:1] in b"[{" else -len(run)
        deepest = max(deepest, depth)
    return deepest


def _sound(triples: list[Triple]) -> tuple[list[Triple], list[Finding]]:
    """The triples with addresses that are ones: what may not stand in an IRI is percent-encoded (RFC 3987 §3.1)."""
    faults: dict[str, Finding] = {}
    return [_whole(triple, faults) for triple in triples], list(faults.values())


def _whole(triple: Triple, faults: dict[str, Finding]) -> Triple:
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    kind = value.datatype.value if isinstance(value, Literal) else ""
    if isinstance(value, Literal) and value.language and not _LANGUAGE.fullmatch(value.language):
        return _whole(Triple(subject, predicate, Literal(value.value)), faults)
    if not any(_BARE.search(node.value) for node in _addresses(triple)) and not _BARE.search(kind):
        return triple
    made = Triple(_address(subject), _address(predicate), _address(value))
    for node in _addresses(triple):
        if _BARE.search(node.value):
            faults[node.value] = finding(RULES["rdf/iri/characters"], f"<{node.value[:100]}>", node.value)
    return made


def _addresses(triple: Triple) -> Iterator[NamedNode]:
    return (node for node in (triple.subject, triple.predicate, triple.object) if isinstance(node, NamedNode))


def _address(node: Any) -> Any:
    """The node with a valid address; a literal with a valid datatype."""
    if isinstance(node, Literal):
        broken = not node.language and _BARE.search(node.datatype.value)
        return Literal(node.value, datatype=_address(node.datatype)) if broken else node
    if not isinstance(node, NamedNode) or not _BARE.search(node.value):
        return node
    return rdf.exact(node.value) or rdf.exact(f"urn:mulu:invalid:{quote(node.value, safe='')}") or node
