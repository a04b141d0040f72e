"""Dublin Core as XML: the qualified form with all of DCMI's terms, and the simple one of OAI-PMH (`oai_dc`), in which a refined
term is said as the element it refines. Sources: Guidelines for implementing Dublin Core in XML; OAI-PMH 2.0 §4.1.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from metadata.model import Dataset
from metadata.text import UNDETERMINED
from standards.dublin_core_terms import ALONE, REFINED, Said, statements
from standards.dublin_core_write import write
from standards.xml_documents import PREFIXES

_XSI, _LANG = f"{{{PREFIXES['xsi']}}}", "{http://www.w3.org/XML/1998/namespace}lang"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SCHEMES = ("Box", "Period", "Point", "W3CDTF", "URI", "IMT", "ISO3166", "DCMIType", "RFC4646", "RFC5646")


def qualified(dataset: Dataset) -> bytes:
    """A `metadata` element of dcterms: statements."""
    return element_body(write(dataset))


def oai_dc(dataset: Dataset) -> bytes:
    """An `oai_dc:dc` element of the fifteen elements."""
    root = etree.Element(
        f"{{{PREFIXES['oai_dc']}}}dc", nsmap={"oai_dc": PREFIXES["oai_dc"], "dc": PREFIXES["dc"], "xsi": PREFIXES["xsi"]}
    )
    where = "http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
    root.set(f"{_XSI}schemaLocation", where)
    for each in statements(write(dataset)).said:
        if each.term not in ALONE:
            _put(root, PREFIXES["dc"], REFINED.get(each.term, each.term), each, typed=False)
    return etree.tostring(root, encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]


def element_body(body: dict[str, Any]) -> bytes:
    """A JSON record as an XML document of its own."""
    root = etree.Element("metadata", nsmap={"dcterms": PREFIXES["dct"], "dc": PREFIXES["dc"], "xsi": PREFIXES["xsi"]})
    for each in statements(body).said:
        space = PREFIXES["dc"] if each.name.startswith("dc:") and each.term not in (*REFINED, *ALONE) else PREFIXES["dct"]
        _put(root, space, each.term, each, typed=True)
    return etree.tostring(root, encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]


def document(bodies: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A document of all the records, in pieces."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<records>\n'
    for body in bodies:
        yield element_body(body)
    yield b"</records>\n"


def _put(root: Any, space: str, term: str, said: Said, typed: bool) -> None:
    """One element for each language; of a creator, whose names would count as several people, only the first."""
    given = list(said.text.items())
    for tag, words in given[:1] if term == "creator" else given:
        child = etree.SubElement(root, f"{{{space}}}{term}")
        child.text = _FORBIDDEN.sub("\ufffd", words)
        if tag != UNDETERMINED and not said.kind:
            child.set(_LANG, tag)
        if typed and said.kind in _SCHEMES:
            child.set(f"{_XSI}type", f"dcterms:{said.kind}")
