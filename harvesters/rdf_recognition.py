"""Telling a catalogue in RDF by the beginning of an answer."""

import re

from harvesters.base import Found, Seen
from standards import rdf_document

_DCAT = ("http://www.w3.org/ns/dcat#", '"dcat:Catalog"', '"dcat:Dataset"')
_ROOT = re.compile(r"(?:\s*<\?.*?\?>|\s*<!--.*?-->|\s*<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)*\s*<(?:[\w.-]+:)?(\w+)", re.DOTALL)
_GRAPH = re.compile(r'"@(?:graph|id|type)"\s*:')
_LIST = re.compile(r'"dataset"\s*:\s*\[')
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_CATALOG = re.compile(r"dcat[#:]Catalog\b|hydra/core#|hydra:|:Catalog\b|dcat#dataset|dcat:dataset\b")


def is_rdf(seen: Seen) -> str | None:
    """The syntax of an answer that is RDF; None for any other."""
    text = seen.text
    if not 200 <= seen.status < 300 or not text or _HTML.match(text):
        return None
    syntax = rdf_document.sniff(text[:4096].encode("utf-8", "replace"))
    if syntax == "rdf":
        root = _ROOT.match(text)
        return syntax if root and root[1] == "RDF" else None
    if syntax == "jsonld" and (not _GRAPH.search(text) or _is_data_json(text)):
        return None
    return syntax


def _is_data_json(text: str) -> bool:
    """Whether this is a data.json: it names that schema, or lists datasets without saying in a context of its own that its
    words are DCAT's."""
    return "project-open-data" in text or bool(_LIST.search(text) and _DCAT[0] not in text)


def found(seen: Seen) -> Found | None:
    """What a catalogue in RDF makes of an answer."""
    syntax = is_rdf(seen)
    if syntax is None or not any(each in seen.text for each in _DCAT):
        return None
    catalog = bool(_CATALOG.search(seen.text))
    words = {"rdf": "RDF/XML", "jsonld": "JSON-LD", "nt": "N-Triples", "turtle": "Turtle"}[syntax]
    why = f"{words} that describes {'a DCAT catalogue' if catalog else 'a DCAT dataset'}"
    return Found(seen.asked, why, 85 if catalog else 70 if "Dataset" in seen.text else 30)
