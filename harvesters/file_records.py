"""The records of one file, each with a name: what a folder on disk and a folder on the web have in common.

The form is found by content (`harvesters/forms.py`). A JSON object is known by its own `identifier` or `id`, a dataset in RDF
by its IRI, the one record of any other file by the file's name; where a file holds several, by what their standard calls their
identifier, and by the file's name and their number (`name#2`) where that is missing or comes twice.
"""

import re
from collections.abc import Iterator
from typing import Any

from harvesters.base import Record
from harvesters.forms import Part, records
from harvesters.json_text import name_of
from harvesters.spool import Document
from metadata.errors import CatalogError, NotData
from standards import tables
from standards.table import detect

SUFFIXES = (
    *("json", "jsonld", "geojson", "jsonl", "ndjson", "xml", "rdf", "owl", "ttl", "n3", "nt", "nq", "trig"),
    *("csv", "tsv", "xlsx", "xlsm", "xls", "ods"),
)
"""How the names of files end that may hold descriptions."""

_IRI = re.compile(r"<([^<>\s]+)>$")


def named_records(document: Document, name: str, standard: str | None = None) -> Iterator[Record]:
    """Every record of the file. Raises `NotData` or `TooLarge` as `forms.records` does, and `NotData` where the file breaks off
    after its first records: what else it held is unknown."""
    met = set[str]()
    for number, (part, last) in enumerate(_with_end(records(document)), 1):
        if last and number > 1 and _breaks_off(part, document):
            fault = part.faults[0]
            raise NotData(
                f"the file breaks off after {number - 1} records",
                place=document.place,
                value=f"{fault.path} {fault.value}".strip(),
                remedy="Mend the file.",
            )
        yield Record(part.body, _name(part, name, number, not last, met), standard, faults=part.faults)


def _with_end(parts: Iterator[Part]) -> Iterator[tuple[Part, bool]]:
    """Each part, and whether it is the last one. One before an error is given first, and is not the last."""
    part = next(parts, None)
    while part is not None:
        failure: CatalogError | None = None
        try:
            following = next(parts, None)
        except CatalogError as error:
            following, failure = None, error
        yield part, following is None and failure is None
        if failure is not None:
            raise failure
        part = following


def _breaks_off(part: Part, document: Document) -> bool:
    """Whether the last part stands for the unknown rest of the file; inside an XML document text stands for one record."""
    if not part.faults:
        return False
    if isinstance(part.body, str):
        return not document.head(64).lstrip().startswith(b"<")
    return part.faults[0].rule.startswith("record/xml/")


def _name(part: Part, name: str, number: int, several: bool, met: set[str]) -> str:
    numbered = name if number == 1 else f"{name}#{number}"
    if own := name_of(part.body, "identifier", "id") or _iri(part):
        return own
    if not (several or number > 1) or (isinstance(part.body, dict) and not tables.is_row(part.body)):
        return numbered
    own = identifier_in(part.body)  # rows and elements move when one is put in before them
    if own is None or own in met:
        return numbered
    met.add(own)
    return own


def _iri(part: Part) -> str | None:
    found = _IRI.search(part.place) if isinstance(part.body, bytes) else None
    return found[1] if found else None


def identifier_in(body: Any) -> str | None:
    """The identifier that a record's standard reads out of it; None when it has none, or cannot be read."""
    try:
        standard = detect(body)
        return standard.read(body).identifier if standard and standard.read else None
    except Exception:  # what cannot be read is told when the record is checked
        return None
