"""XML documents from strangers: parsed safely, and where in them something stands. Shared by the standards in XML.

    root = parse(body)                       the root element; raises Unreadable (rule record/xml/…), nothing else
    root_name(body) -> "{namespace}local"    a cheap look at the root, for `recognises`; "" when this is no XML; never raises
    first(root, "gmd:fileIdentifier")        the first element at a path (prefixes as in PREFIXES), or None
    every(root, ".//gmd:keyword")            all of them
    words(element) -> "…"                    all text inside (gco:CharacterString, gmx:Anchor, …), blanks joined; "" for None
    found(root, path) -> "…"                 words(first(root, path))
    href(element) -> "http…" | None          xlink:href of the element or of the gmx:Anchor within
    local(element) / name(element)           local name / "{namespace}local"
    where(element, "@codeListValue")         "/gmd:MD_Metadata/gmd:contact[2]/@codeListValue (line 12)"
    body_of(element) -> bytes                one record cut out of a larger document, with its namespaces, as a record's body

Rules: W3C XML 1.0 (5th edition); what is refused (a DOCTYPE with declarations of its own, nesting beyond 256, text or
attributes beyond 10 MB) are libxml2's limits and the advice of OWASP's XXE cheat sheet. A DOCTYPE that only names a DTD is
passed over, never fetched: FGDC records have one. Bytes that are not of the document's character set become U+FFFD.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from lxml import etree

from standards.base import Unreadable
from standards.xml_characters import DOCTYPE, MALFORMED, TOO_MUCH, as_utf8, mended, without_doctype

Element: TypeAlias = Any  # lxml.etree._Element: lxml has no types

MOST_BYTES = 64 << 20
"""Bytes of one document parsed whole; larger ones are read record by record (`harvesters.xml_stream`)."""

PREFIXES: dict[str, str] = {
    "cat": "http://standards.iso.org/iso/19115/-3/cat/1.0",
    "cit": "http://standards.iso.org/iso/19115/-3/cit/2.0",
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
    "csw3": "http://www.opengis.net/cat/csw/3.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gcx": "http://standards.iso.org/iso/19115/-3/gcx/1.0",
    "gco": "http://www.isotc211.org/2005/gco",
    "gco3": "http://standards.iso.org/iso/19115/-3/gco/1.0",
    "gex": "http://standards.iso.org/iso/19115/-3/gex/1.0",
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gmi": "http://www.isotc211.org/2005/gmi",
    "gml": "http://www.opengis.net/gml/3.2",
    "gml31": "http://www.opengis.net/gml",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "gts": "http://www.isotc211.org/2005/gts",
    "lan": "http://standards.iso.org/iso/19115/-3/lan/1.0",
    "mcc": "http://standards.iso.org/iso/19115/-3/mcc/1.0",
    "mco": "http://standards.iso.org/iso/19115/-3/mco/1.0",
    "mdb": "http://standards.iso.org/iso/19115/-3/mdb/2.0",
    "mdb1": "http://standards.iso.org/iso/19115/-3/mdb/1.0",
    "mmi": "http://standards.iso.org/iso/19115/-3/mmi/1.0",
    "mods": "http://www.loc.gov/mods/v3",
    "mrd": "http://standards.iso.org/iso/19115/-3/mrd/1.0",
    "mri": "http://standards.iso.org/iso/19115/-3/mri/1.0",
    "mrl": "http://standards.iso.org/iso/19115/-3/mrl/2.0",
    "mrs": "http://standards.iso.org/iso/19115/-3/mrs/1.0",
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "srv": "http://www.isotc211.org/2005/srv",
    "srv3": "http://standards.iso.org/iso/19115/-3/srv/2.1",
    "xlink": "http://www.w3.org/1999/xlink",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_NAMES = {uri: prefix for prefix, uri in PREFIXES.items()}
_HREF = f"{{{PREFIXES['xlink']}}}href"

_NAMESPACE_FAULT = 201  # xmlParserErrors XML_NS_ERR_UNDEFINED_NAMESPACE


def parse(body: bytes) -> Element:
    """The root element; comments and processing instructions are left out. Raises `Unreadable`, with the line in its path."""
    if len(body) > MOST_BYTES:
        raise Unreadable(TOO_MUCH, "", f"{len(body)} bytes")
    utf8 = without_doctype(as_utf8(body))
    try:
        return _tree(utf8)
    except etree.XMLSyntaxError as problem:
        if _is_limit(problem):
            raise _unreadable(problem) from None
        return _second_try(utf8, problem)


def parser(recover: bool = False) -> Any:
    """A fresh parser of UTF-8: no network, no DTD, no entities, libxml2's limits kept."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _tree(utf8: bytes, recover: bool = False) -> Element:
    root = etree.fromstring(utf8, parser(recover))
    if root is None:
        raise Unreadable(MALFORMED, "", "no element")
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(DOCTYPE, "")
    return root


def _second_try(utf8: bytes, problem: Any) -> Element:
    """The same with invalid bytes and characters replaced, or, where only a prefix is not declared, with the prefix kept."""
    if problem.code == _NAMESPACE_FAULT:
        return _tree(utf8, recover=True)
    plain = without_doctype(mended(utf8))
    if plain == utf8:
        raise _unreadable(problem) from None
    try:
        return _tree(plain)
    except etree.XMLSyntaxError as again:
        if again.code == _NAMESPACE_FAULT:
            return _tree(plain, recover=True)
        raise _unreadable(again) from None


def _is_limit(problem: Any) -> bool:
    said = str(problem)
    return "huge" in said.lower() or "too long" in said or "too big" in said or "Excessive" in said


def _unreadable(problem: Any) -> Unreadable:
    """The parser's words, with its line as the place."""
    line, column = problem.position
    said = " ".join(str(problem.msg).partition(", line ")[0].split())
    return Unreadable(TOO_MUCH if _is_limit(problem) else MALFORMED, f"(line {line})", f"{said} (column {column})")


@lru_cache(maxsize=16)
def _root_name(body: bytes) -> str:
    try:
        reader = etree.XMLPullParser(("start",), encoding="utf-8", resolve_entities=False, no_network=True, recover=True)
        reader.feed(without_doctype(as_utf8(body[: 1 << 16])))
        return next((str(element.tag) for _, element in reader.read_events()), "")
    except (etree.XMLSyntaxError, Unreadable, ValueError):
        return ""


def root_name(body: Any) -> str:
    """`{namespace}local` of the root element of an XML body, or "" for anything else. Never raises."""
    if not isinstance(body, bytes) or b"<" not in body[:200].replace(b"\x00", b""):
        return ""
    return _root_name(body)


def first(element: Element | None, path: str) -> Element | None:
    """The first element at `path` (ElementPath, prefixes as in `PREFIXES`)."""
    return None if element is None else element.find(path, PREFIXES)


def every(element: Element | None, path: str) -> list[Element]:
    """All elements at `path`."""
    return [] if element is None else element.findall(path, PREFIXES)


def words(element: Element | None) -> str:
    """All text inside an element, blanks joined; "" for none."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def found(element: Element | None, path: str) -> str:
    """The words at a path."""
    return words(first(element, path))


def href(element: Element | None) -> str | None:
    """The `xlink:href` of an element, or of the first element inside it that has one."""
    if element is None:
        return None
    links: Iterator[str | None] = (each.get(_HREF) for each in element.iter())
    return next((link.strip() for link in links if link and link.strip()), None)


def name(element: Element) -> str:
    """`{namespace}local`."""
    return str(element.tag)


def local(element: Element) -> str:
    """The name without its namespace; of an undeclared prefix too."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def where(element: Element, attribute: str = "") -> str:
    """The XPath of an element from its document's root, with its line; `attribute` (`@xlink:href`) is put behind it."""
    steps = [_step(each) for each in (*reversed(list(element.iterancestors())), element)]
    line = f" (line {element.sourceline})" if element.sourceline else ""
    return "/" + "/".join(steps) + (f"/{attribute}" if attribute else "") + line


def _step(element: Element) -> str:
    """The prefixed name, numbered where the parent has several of them."""
    namespace = element.tag[1:].partition("}")[0] if str(element.tag).startswith("{") else ""
    prefix = _NAMES.get(namespace) or element.prefix
    shown = f"{prefix}:{local(element)}" if prefix and namespace else local(element)
    before = sum(1 for _ in element.itersiblings(element.tag, preceding=True))
    alone = not before and next(element.itersiblings(element.tag), None) is None
    return shown if alone else f"{shown}[{before + 1}]"


def body_of(element: Element) -> bytes:
    """One element as a document of its own, with the namespaces it needs: a record's body."""
    return bytes(etree.tostring(element, encoding="utf-8", with_tail=False))
