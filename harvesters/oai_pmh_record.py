"""What a record of an OAI-PMH repository holds, and which of its formats is asked for.

A record is a header and, unless it is deleted, one metadata element; `about` containers (rights, provenance of the record) are
left out. Its body is what the metadata element holds: one XML document, or the triples of a dataset where that is RDF. Rules:
OAI-PMH 2.0 §2.5 (record), §4.4 (ListMetadataFormats).
"""

import re
from typing import Any, NamedTuple

from harvesters.base import Record
from harvesters.file_records import identifier_in
from harvesters.oai_pmh_answer import Odd
from harvesters.xml_stream import RECORDS
from standards import rdf_graph
from standards.base import Unreadable
from standards.table import detect
from standards.xml_documents import PREFIXES, body_of, local, words

_RDF = f"{{{PREFIXES['rdf']}}}RDF"
_STANDARDS = {
    f"{{{PREFIXES['gmd']}}}MD_Metadata": "iso_19139",
    f"{{{PREFIXES['gmi']}}}MI_Metadata": "iso_19139",
    f"{{{PREFIXES['mdb']}}}MD_Metadata": "iso_19115_3",
    f"{{{PREFIXES['oai_dc']}}}dc": "dublin_core",
    f"{{{PREFIXES['mods']}}}mods": "mods",
}
"""Roots that say by themselves what they are; all else is recognised record by record."""


class Format(NamedTuple):
    """One line of ListMetadataFormats."""

    prefix: str
    schema: str
    namespace: str


_CHOICE: tuple[tuple[str, str], ...] = (
    (r"信息资源|gb_?t[ _-]?21063|cn[_-]catalog", ""),
    (r"", r"www\.w3\.org/ns/dcat"),
    (r"dcat([_-]?ap)?([_-].*)?|rdf", r"dcat|rdf-syntax-ns"),
    (r"", r"standards\.iso\.org/iso/19115/-3/|schemas\.isotc211\.org/19115"),
    (r"", r"www\.isotc211\.org/(2005|2007)|standards\.iso\.org/iso/19139"),
    (r"iso[_-]?19115-3.*", ""),
    (r"iso[_-]?191(39|15).*|gmd|gmi|iso", ""),
    (r"", r"datacite\.org/schema/kernel"),
    (r"(oai_)?datacite.*", r"schema\.datacite\.org|datacite\.org"),
    (r"", r"www\.fgdc\.gov|csw/csdgm"),
    (r"", r"www\.opengis\.net/cat/csw"),
    (r"", r"www\.loc\.gov/mods"),
    (r"mods", ""),
    (r"(oai_|q)?(qdc|dcterms)", r"purl\.org/dc/terms|dublincore\.org/schemas/xmls/qdc"),
    (r"oai_dc", r"openarchives\.org/OAI/2\.0/oai_dc|dublin_?core"),
)
"""Which format is asked for: the first of these that a repository has. (prefix, whole; namespace or schema, somewhere)"""


def chosen(formats: list[Format]) -> Format | None:
    """The format that tells most of what we read; None when there is none."""
    for prefix, space in _CHOICE:
        for each in formats:
            if prefix and re.fullmatch(prefix, each.prefix, re.IGNORECASE):
                return each
            if space and re.search(space, f"{each.namespace} {each.schema}", re.IGNORECASE):
                return each
    return None


def records(entry: Any, place: str) -> list[Record]:
    """The records that an entry (a `record` element, or one that is not well-formed) stands for: one, unless its RDF describes
    several datasets."""
    if isinstance(entry, Odd):
        return [Record(entry.body, entry.identifier)]
    identifier, modified, deleted = header(entry)
    if deleted and identifier:
        return [Record(None, identifier, modified=modified, deleted=True)]
    found = _described(entry)
    if found is None:
        return [Record(_held(entry), identifier, modified=modified)]
    body = body_of(found)
    if found.tag == _RDF:
        return _of_graph(body, identifier, modified, place)
    return [Record(body, identifier or identifier_in(body), _STANDARDS.get(str(found.tag)), modified)]


def header(entry: Any) -> tuple[str | None, str | None, bool]:
    """(identifier, datestamp, deleted) of a `record` or of a `header`."""
    if isinstance(entry, Odd):
        return entry.identifier, None, False
    found = entry if local(entry) == "header" else _child(entry, "header")
    if found is None:
        return None, None, False
    identifier, modified = words(_child(found, "identifier")), words(_child(found, "datestamp"))
    return identifier or None, modified or None, (found.get("status") or "").strip().lower() == "deleted"


def _child(element: Any, name: str) -> Any:
    return next((each for each in element if isinstance(each.tag, str) and local(each) == name), None)


def _described(entry: Any) -> Any:
    """The element that describes the dataset: what the metadata holds, or a record that a wrapper around it holds."""
    metadata = _child(entry, "metadata")
    inside = [each for each in metadata if isinstance(each.tag, str)] if metadata is not None else []
    for each in inside:
        if each.tag in RECORDS or each.tag == _RDF or detect(body_of(each)) is not None:
            return each
    wrapped = (found for each in inside for found in each.iter(_RDF, *RECORDS))
    return next(wrapped, inside[0] if inside else None)


def _held(entry: Any) -> bytes:
    """The body of a record without an element in it: XML that was written as text, or the record itself, to be seen."""
    metadata = _child(entry, "metadata")
    text = (metadata.text or "").strip() if metadata is not None else ""
    return text.encode() if text.startswith("<") else body_of(entry)


def _of_graph(body: bytes, identifier: str | None, modified: str | None, place: str) -> list[Record]:
    try:
        found = list(rdf_graph.records(body, "rdf", place if place.startswith(("http://", "https://")) else None))
    except Unreadable:
        return [Record(body, identifier, modified=modified)]
    if len(found) == 1:
        return [Record(found[0][1], identifier or found[0][0].strip("<>"), modified=modified)]
    return [Record(triples, f"{identifier or ''}#{about.strip('<>')}", modified=modified) for about, triples in found]
