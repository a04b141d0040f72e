"""Telling DCAT by its bytes: cheap, and never raising."""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode, Triple

_DATASET = b"http://www.w3.org/ns/dcat#"
EUROPEAN = (
    b"http://data.europa.eu/r5r/",
    b"http://www.w3.org/ns/adms#",
    b"http://publications.europa.eu/resource/authority/",
    b"http://publications.europa.eu/mdr/authority/",
)
GEOGRAPHIC = (
    b"http://data.europa.eu/930/",
    b"http://inspire.ec.europa.eu/",
    b"http://www.opengis.net/def/crs/",
    b"https://semiceu.github.io/GeoDCAT-AP/",
)


def is_dcat(body: Any) -> bool:
    """Whether a body is RDF that describes a dataset. The rest of DCAT's terms alone (a feed of DCAT-US in JSON) is none."""
    return mentions(body, (_DATASET,)) and (not isinstance(body, bytes) or _looks_like_rdf(body))


def mentions(body: Any, addresses: Iterable[bytes]) -> bool:
    """Whether an address that starts so stands in a body: bytes, or triples."""
    if isinstance(body, bytes):
        return any(each in body for each in addresses)
    if not isinstance(body, list) or not body or not isinstance(body[0], Triple):
        return False
    starts = tuple(each.decode() for each in addresses)
    return any(
        isinstance(node, NamedNode) and node.value.startswith(starts)
        for triple in body
        if isinstance(triple, Triple)
        for node in (triple.predicate, triple.object)
    )


def _looks_like_rdf(body: bytes) -> bool:
    """N-Triples, Turtle, RDF/XML or JSON-LD; an ISO record may speak of DCAT too."""
    start = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<?xml", b"<!", b"<rdf:", b"<RDF")):
        return b"rdf:RDF" in start or b"22-rdf-syntax-ns#" in start
    return not start.startswith((b"<html", b"<HTML", b'{"dataset"'))
