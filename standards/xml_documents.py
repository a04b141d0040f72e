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

_STEP = 1 << 9
_NAMESPACE_FAULT = 201  # xmlParserErrors XML_NS_ERR_UNDEFINED_NAMESPACE


def parse(body: bytes, made_of: Any = None) -> Element:
    """The root element; comments and processing instructions are left out. `made_of` is the class of the elements, where it is
    not lxml's own. Raises `Unreadable`, with the line in its path."""
    if len(body) > MOST_BYTES:
        raise Unreadable(TOO_MUCH, "", f"{len(body)} bytes")
    utf8 = without_doctype(as_utf8(body))
    try:
        return _tree(utf8, made_of)
    except etree.XMLSyntaxError as problem:
        if _is_limit(problem):
            raise _unreadable(problem) from None
        return _second_try(utf8, problem, made_of)


def parser(recover: bool = False, made_of: Any = None) -> Any:
    """A fresh parser of UTF-8: no network, no DTD, no entities, libxml2's limits kept."""
    made = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    if made_of is not None:
        made.set_element_class_lookup(etree.ElementDefaultClassLookup(element=made_of))
    return made


def _tree(utf8: bytes, made_of: Any, recover: bool = False) -> Element:
    root = etree.fromstring(utf8, parser(recover, made_of))
    if root is None:
        raise Unreadable(MALFORMED, "", "no element")
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(DOCTYPE, "")
    return root


def _second_try(utf8: bytes, problem: Any, made_of: Any) -> Element:
    """The same with invalid bytes and characters replaced, or, where only a prefix is not declared, with the prefix kept."""
    if problem.code == _NAMESPACE_FAULT:
        return _tree(utf8, made_of, recover=True)
    plain = without_doctype(mended(utf8))
    if plain == utf8:
        raise _unreadable(problem) from None
    try:
        return _tree(plain, made_of)
    except etree.XMLSyntaxError as again:
        if again.code == _NAMESPACE_FAULT:
            return _tree(plain, made_of, recover=True)
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
        head = without_doctype(as_utf8(body[: 1 << 16]))
        for start in range(0, len(head), _STEP):  # the root's tag stands at the beginning: most is not looked at
            reader.feed(head[start : start + _STEP])
            for _, element in reader.read_events():
                return str(element.tag)
    except (etree.XMLSyntaxError, Unreadable, ValueError):
        pass
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
    if element is None:
        return ""
    if len(element):
        return " ".join("".join(element.itertext()).split())
    text = element.text
    return " ".join(text.split()) if text else ""


def found(element: Element | None, path: str) -> str:
    """The words at a path."""
    return words(first(element, path))


def href(element: Element | None) -> str | None:
    """The `xlink:href` of an element, or of the first element inside it that has one."""
    if element is not None:
        for each in element.iter():
            link = each.get(_HREF)
            if link and (stripped := link.strip()):
                return str(stripped)
    return None


def name(element: Element) -> str:
    """`{namespace}local`."""
    return str(element.tag)


def local(element: Element) -> str:
    """The name without its namespace; of an undeclared prefix too."""
    return LOCALS[element.tag]


class _Locals(dict[Any, str]):
    """Local names by tags. Strangers choose the tags, so that only short ones are kept, and not without end."""

    def __missing__(self, tag: Any) -> str:
        found = str(tag).rpartition("}")[2].rpartition(":")[2]
        if len(self) >= _MOST_TAGS:
            self.clear()
        if not isinstance(tag, str) or len(tag) <= _LONGEST_TAG:
            self[tag] = found
        return found


_MOST_TAGS, _LONGEST_TAG = 10_000, 200
LOCALS = _Locals()
"""Local names by tags: `LOCALS[element.tag]` is `local(element)`, for the places where every call counts."""


def where(element: Element, attribute: str = "") -> str:
    """The XPath of an element from its document's root, with its line; `attribute` (`@xlink:href`) is put behind it."""
    steps = [step(each) for each in (*reversed(list(element.iterancestors())), element)]
    return told("/" + "/".join(steps), element, attribute)


def told(path: str, element: Element, attribute: str) -> str:
    """The path of an element with its attribute and its line."""
    line = f" (line {element.sourceline})" if element.sourceline else ""
    return path + (f"/{attribute}" if attribute else "") + line


def step(element: Element) -> str:
    """The prefixed name, numbered where the parent has several of them."""
    namespace = element.tag[1:].partition("}")[0] if str(element.tag).startswith("{") else ""
    prefix = _NAMES.get(namespace) or element.prefix
    shown = f"{prefix}:{local(element)}" if prefix and namespace else local(element)
    parent = element.getparent()
    same = [element] if parent is None else list(parent.iterchildren(element.tag))
    return shown if len(same) < 2 else f"{shown}[{same.index(element) + 1}]"


def body_of(element: Element) -> bytes:
    """One element as a document of its own, with the namespaces it needs: a record's body."""
    return bytes(etree.tostring(element, encoding="utf-8", with_tail=False))
