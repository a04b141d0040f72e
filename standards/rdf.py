"""RDF: terms that are always valid, triples, and the four ways to write them.

Nothing here raises on real data: an address that is no IRI is percent-encoded or left to its text, a date keeps the
precision it was given in, characters that XML cannot hold are dropped, line ends are `\\n`, so that Turtle, RDF/XML, JSON-LD
and N-Triples of a dataset hold the same graph. Rules: RFC 3987 (IRIs), RDF 1.1 Concepts §3, XML Schema 1.1 part 2 (dates),
XML 1.0 §2.2 (characters). pyoxigraph does the parsing and writing; `standards/rdf_json_ld.py` makes JSON-LD pleasant to read.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from metadata.errors import Invalid
from metadata.text import UNDETERMINED, Text, Words
from standards.rdf_json_ld import compact

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal
Triples = list[Triple]

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geodcat": "http://data.europa.eu/930/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wdrs": "http://www.w3.org/2007/05/powder-s#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA_TYPES = {
    "turtle": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
_FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ttl": RdfFormat.TURTLE,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
}

_PROLOGUE = {
    "turtle": (_TURTLE := re.compile(rb"\A()((?:@prefix [^\n]*\n)+)()")),
    "ttl": _TURTLE,
    "rdf": re.compile(rb"(<rdf:RDF)((?: xmlns:\w+=\"[^\"]*\")+)(>)"),
}
_DECLARED = re.compile(rb"((?:@prefix | xmlns:)(\w+)(?:: <[^\n]*\n|=\"[^\"]*\"))")

_SCHEMES = "https?|s?ftps?|urn|mailto|tel|info|doi|hdl|ark|geo|file|data|s3|gs|jdbc|odata|git"
_ABSOLUTE = re.compile(rf"(?:{_SCHEMES}):\S.*", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"www\.[^\s/]+\.[a-z]{2,}(?:[/?#]|$)", re.IGNORECASE)
_NOT_IN_IRI = re.compile(r"""[\x00-\x20<>"{}|\\^`\x7f-\xa0\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff]|%(?![0-9A-Fa-f]{2})""")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*", re.IGNORECASE)
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?")
_DURATION = re.compile(r"-?P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")


class Namespace:
    """`DCT.title` is the term `title` of the namespace."""

    def __init__(self, prefix: str) -> None:
        self._address = PREFIXES[prefix]

    def __getattr__(self, name: str) -> NamedNode:
        node = NamedNode(self._address + name)
        self.__dict__[name] = node
        return node


ADMS, DCAT, DCATAP, DCT = Namespace("adms"), Namespace("dcat"), Namespace("dcatap"), Namespace("dct")
ELI, FOAF, GEOSPARQL, HYDRA = Namespace("eli"), Namespace("foaf"), Namespace("geosparql"), Namespace("hydra")
LOCN, ORG, PROV, RDF, RDFS = Namespace("locn"), Namespace("org"), Namespace("prov"), Namespace("rdf"), Namespace("rdfs")
SKOS, SPDX, VCARD, XSD = Namespace("skos"), Namespace("spdx"), Namespace("vcard"), Namespace("xsd")
DQV, GEODCAT, ODRL, OWL = Namespace("dqv"), Namespace("geodcat"), Namespace("odrl"), Namespace("owl")
SCHEMA, TIME, WDRS = Namespace("schema"), Namespace("time"), Namespace("wdrs")


class Statements:
    """Triples being gathered: each is kept once; those of a subject stay together, in the order they were said. `names` tells
    which node stands for a part that was given an address; with `filling`, what a profile makes mandatory is filled in where it
    follows from the rest (the access URL of a file, the title of a service)."""

    def __init__(self, filling: bool = True) -> None:
        self.filling = filling
        self._said: dict[Node, dict[Triple, None]] = {}
        self.names: dict[str, Node] = {}

    def say(self, subject: Node, predicate: NamedNode, objects: "Term | Sequence[Term] | None") -> None:
        """`subject predicate object` for every object; nothing for None."""
        if not objects:
            return
        own = self._said.setdefault(subject, {})
        for each in objects if isinstance(objects, list | tuple) else (objects,):
            own[Triple(subject, predicate, each)] = None

    def typed(self, node: Node, kind: NamedNode) -> Node:
        """The node, after saying that it is of this class."""
        self._said.setdefault(node, {})[Triple(node, RDF.type, kind)] = None
        return node

    def nodes(self) -> set[Term]:
        """All subjects and objects."""
        objects: set[Any] = {triple.object for own in self._said.values() for triple in own}
        return {*self._said, *objects}

    def triples(self) -> Triples:
        """All that was said."""
        return [triple for own in self._said.values() for triple in own]


def iri(raw: str | None) -> NamedNode | None:
    """A valid IRI for an address, what may not stand in one percent-encoded; None when it is no absolute address."""
    if not raw:
        return None
    return _iri(raw) if len(raw) <= 300 else _iri.__wrapped__(raw)


@lru_cache(maxsize=8192)
def _iri(raw: str) -> NamedNode | None:
    stripped = raw.strip()
    if _HOST.match(stripped):
        stripped = f"http://{stripped}"
    if not _ABSOLUTE.fullmatch(stripped):
        return None
    encoded = _NOT_IN_IRI.sub(_percent, stripped)
    try:
        return NamedNode(encoded)
    except ValueError:
        return _mended(encoded)


def exact(raw: str | None) -> NamedNode | None:
    """As `iri`, for what is known to be an address: whatever its scheme."""
    found = iri(raw)
    if found or not raw or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S", raw):
        return found
    try:
        return NamedNode(_NOT_IN_IRI.sub(_percent, raw.strip()))
    except ValueError:
        return None


def single(raw: str | None) -> NamedNode | None:
    """As `iri`, for words that may be an address: only when they hold no blank."""
    return iri(raw) if raw and len(raw.split()) == 1 else None


def _mended(encoded: str) -> NamedNode | None:
    """Brackets in a path and a second `#` are the faults left; a broken host or port cannot be mended."""
    scheme, colon, rest = encoded.partition(":")
    slashes, host, path = re.match(r"(//)?([^/?#]*)(.*)", rest, re.DOTALL).groups("")  # type: ignore[union-attr]
    before, mark, after = path.replace("[", "%5B").replace("]", "%5D").partition("#")
    try:
        return NamedNode(scheme + colon + slashes + host + before + mark + after.replace("#", "%23"))
    except ValueError:
        return None


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))


def mail(address: str | None) -> NamedNode | None:
    """`mailto:` for a bare address, or None when it is none."""
    bare = re.sub(r"^mailto:", "", (address or "").strip(), flags=re.IGNORECASE)
    return iri(f"mailto:{bare}") if re.fullmatch(r"[^@\s]+@[^@\s]+", bare) else None


def telephone(number: str | None) -> NamedNode | None:
    """`tel:` for a number (RFC 3966), or None when there are no digits."""
    digits = re.sub(r"[^\d+*#;=extEXT.]+", "-", (number or "").strip().removeprefix("tel:")).strip("-")
    return iri("tel:" + digits.replace("#", "%23")) if re.search(r"\d", digits) else None


def literal(words: str | None, language: str = UNDETERMINED) -> Literal | None:
    """Words, with their language where it is known; None when there are none."""
    clean = _NOT_IN_XML.sub("", words or "").replace("\r\n", "\n").replace("\r", "\n")
    if not clean.strip():
        return None
    if language == UNDETERMINED or not _LANGUAGE.fullmatch(language):
        return Literal(clean)
    try:
        return Literal(clean, language=language)
    except ValueError:
        return Literal(clean)


def literals(words: Text | Words) -> list[Literal]:
    """All words of a Text or a Words, each in its language."""
    if not words:
        return []
    pairs = ((tag, word) for tag, said in words.items() for word in ((said,) if isinstance(said, str) else said))
    return [made for tag, word in pairs if (made := literal(word, tag))]


def moment(raw: str | None) -> Literal | None:
    """A date typed by its precision: gYear, gYearMonth, date, dateTime; plain words when it is none of them."""
    stripped = (raw or "").strip()
    kind = _precision(stripped)
    if kind is None:
        return literal(stripped)
    found = _TIME.fullmatch(stripped)
    whole = found[1] + (found[2] or ":00") + (found[3] or "") if found else stripped
    return Literal(whole, datatype=kind)


def _precision(stripped: str) -> NamedNode | None:
    """Which XML Schema type the words are valid in."""
    if not stripped.isascii() or stripped.startswith("0000"):
        return None
    try:
        if _DAY.fullmatch(stripped):
            date.fromisoformat(f"{stripped}-01-01"[:10])
            return {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}[len(stripped)]
        return XSD.dateTime if _TIME.fullmatch(stripped) and datetime.fromisoformat(stripped) else None
    except ValueError:
        return None


def decimal(number: float | None) -> Literal | None:
    """xsd:decimal, which knows no exponent; None for what is not a finite number."""
    try:
        plain = Decimal(repr(number)) if number is not None else Decimal("NaN")
    except InvalidOperation:
        return None
    return Literal(format(plain, "f"), datatype=XSD.decimal) if plain.is_finite() else None


def duration(raw: str | None) -> Literal | None:
    """xsd:duration such as `P1M`, else None."""
    stripped = (raw or "").strip()
    return Literal(stripped, datatype=XSD.duration) if _DURATION.fullmatch(stripped) else None


def digest(*parts: str) -> str:
    """A short, stable name for something that has no address: BLAKE2b-80 of its parts, in hex."""
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=10).hexdigest()


def serialise(triples: Iterable[Triple], syntax: str) -> bytes:
    """The graph as `turtle` (or `ttl`), `rdf` (RDF/XML), `jsonld` (compact, its context inside) or `nt`. The same triples, in
    the same order, always give the same bytes."""
    if syntax == "jsonld":
        return compact(list(triples), PREFIXES)
    body = serialize(triples, format=_FORMATS[syntax], prefixes=PREFIXES) or b""
    return _PROLOGUE[syntax].sub(_sorted, body, count=1) if syntax in _PROLOGUE else body


def _sorted(prologue: re.Match[bytes]) -> bytes:
    """The prefixes in order, those that are not used left out: the library gives all, in an order that changes by run."""
    declared = sorted(_DECLARED.findall(prologue[0]), key=lambda each: each[1])
    used = [whole for whole, prefix in declared if prefix == b"rdf" or prologue.string.find(prefix + b":", prologue.end()) > 0]
    return prologue[1] + b"".join(used) + prologue[3]


def read(body: bytes, syntax: str, base: str | None = None) -> Triples:
    """The triples of a document in one of the four formats; remote JSON-LD contexts are never fetched.

    Raises `Invalid` for what is not well-formed, and for XML that declares entities, before they could be expanded.
    """
    if syntax == "rdf" and _ENTITIES.search(body.replace(b"\x00", b"")):
        raise Invalid("XML with a document type declaration is not read", remedy="Leave out <!DOCTYPE and <!ENTITY.")
    try:
        return [quad.triple for quad in parse(body, format=_FORMATS[syntax], base_iri=base)]
    except (SyntaxError, ValueError, OSError) as fault:
        raise Invalid(f"not well-formed {_FORMATS[syntax].name}: {fault}", remedy="Mend the document.") from fault
