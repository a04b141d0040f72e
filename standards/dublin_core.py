"""Dublin Core: `oai_dc` and CSW records, qualified XML with DCMI's terms, and JSON. Read, written, checked, mended.

Statements in `dublin_core_terms`, reading in `…_read`, writing in `…_write` (JSON) and `…_xml` (qualified, and `oai_dc` for
OAI-PMH), rules and repairs in `…_check`. Sources: DCMI Metadata Terms; OAI-PMH 2.0 §4.1; OGC CSW 2.0.2 §10.2.5.
"""

from typing import Any

from standards.base import Standard, Unreadable
from standards.dublin_core_check import check, repair
from standards.dublin_core_read import read
from standards.dublin_core_rules import RULES
from standards.dublin_core_terms import SPACES, TERMS, term_of
from standards.dublin_core_write import write
from standards.dublin_core_xml import document, oai_dc, qualified
from standards.xml_documents import PREFIXES, parse, root_name

__all__ = ["FIELDS", "STANDARD", "check", "document", "oai_dc", "qualified", "read", "recognises", "repair", "write"]

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "identifier", "the first; without one the title"),
    ("other_identifier", "identifier", "the others"),
    ("landing_page", "identifier", "the one typed as an address; in plain `dc:` the first that is one"),
    ("title", "title", "a second one in the same language becomes `alternative`"),
    ("description", "description, abstract", "several in one language one below the other"),
    ("publisher.name", "publisher", "further publishers stay in `extra`"),
    ("creator.name", "creator", "in XML one language each"),
    ("keyword", "subject", "words"),
    ("theme", "subject", "addresses; written only with an address"),
    ("issued", "issued, available, date", "of several plain dates the earliest; else created, dateSubmitted"),
    ("modified", "modified", ""),
    ("accrual_periodicity", "accrualPeriodicity", ""),
    ("language", "language", ""),
    ("spatial", "spatial, coverage", "DCMI Box, WKT, coordinates in words, addresses, names; `ows:BoundingBox` in CSW"),
    ("temporal", "temporal, coverage", "DCMI Period, intervals, dates"),
    ("license", "license, rights", "`rights` where it is an address or a known licence"),
    ("rights", "rights", ""),
    ("access_rights", "accessRights", ""),
    ("provenance", "provenance", ""),
    ("conforms_to", "conformsTo", ""),
    ("is_part_of", "isPartOf", "the first; the others are relations"),
    ("relation", "relation", ""),
    ("page", "references", "addresses"),
    ("distribution.download_url", "hasFormat", "addresses; CSW's dc:URI is an access address"),
    ("distribution.format", "format, medium", "with the address of the same number"),
)
CARRIES = frozenset(
    (
        "identifier", "title", "description", "publisher.name", "creator.name", "keyword", "issued", "modified", "language",
        "rights", "provenance", "conforms_to", "relation", "page", "distribution.download_url", "extra", "other_identifier",
        "landing_page", "is_part_of", "spatial.box", "temporal.start", "temporal.end", "license", "accrual_periodicity",
        "access_rights",
    )
)  # fmt: skip
_ROOTS = frozenset(
    (
        f"{{{PREFIXES['oai_dc']}}}dc",
        *(f"{{{PREFIXES[csw]}}}{name}" for csw in ("csw", "csw3") for name in ("Record", "SummaryRecord", "BriefRecord")),
    )
)
_AROUND = frozenset(("RDF", "OAI-PMH", "html", "feed", "rss", "GetRecordsResponse", "records"))
_TELLING = frozenset(("creator", "subject", "contributor", "coverage", "relation", "source", "date"))
_SPACES = tuple(space.encode() for space in SPACES)


def recognises(body: Any) -> bool:
    """Whether the root is that of oai_dc or of a CSW record, or most of its children are DCMI's; or JSON with such names."""
    if isinstance(body, bytes):
        root = root_name(body)
        return root in _ROOTS or (bool(root) and root.rpartition("}")[2] not in _AROUND and _has_terms(body))
    if not isinstance(body, dict) or any(isinstance(name, str) and name.startswith("@") for name in body):
        return False
    terms = [term_of(name) for name in body]
    if any(terms):
        return "title" in terms and sum(bool(term) for term in terms) >= 2
    plain = all(name in TERMS and _is_plain(value) for name, value in body.items())
    return plain and "title" in body and len(_TELLING & set(body)) >= 2


def _is_plain(value: Any) -> bool:
    """Bare names are Dublin Core's only where the values are words."""
    return value is None or isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _has_terms(body: bytes) -> bool:
    if not any(space in body[:65536] for space in _SPACES):
        return False
    try:
        root = parse(body)
    except Unreadable:
        return False
    children = [str(each.tag)[1:].partition("}")[0] in SPACES for each in root]
    return sum(children) * 2 > len(children)


STANDARD = Standard(
    name="dublin_core",
    title={"zh": "都柏林核心元数据（oai_dc、限定、JSON）", "en": "Dublin Core (oai_dc, qualified, JSON)"},
    media_type="application/json",
    version="2020-01-20",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    marks={
        "zh": "根元素是 oai_dc:dc 或 csw:Record，或者多数子元素（JSON 成员）属于 dc:、dcterms:",
        "en": "its root is oai_dc:dc or csw:Record, or most of its children (or JSON members) are in dc: or dcterms:",
    },
)
