"""W3C DCAT 3 itself, without a profile: what describes datasets in RDF and is of no profile that we know.

DCAT has no mandatory properties; what it says is which properties there are and whether they lead to words or to resources:
https://www.w3.org/TR/vocab-dcat-3/ (Recommendation, 22 August 2024). So its rules here are few: ranges, spelling, dates, and
advice. What is asked of each property is in `files/dcat_3/shapes.json`. Written is plain DCAT: nothing of DCAT-AP's own
namespace.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from metadata.model import Dataset
from standards import rdf_check, rdf_read, rdf_recognition, shapes_table
from standards.base import Finding, Standard
from standards.rdf import Statements, Triples
from standards.rdf_carries import CARRIES, OF_DCAT_AP
from standards.rdf_carries import FIELDS as DCAT_FIELDS
from standards.rdf_repair import repair
from standards.rdf_rules import RULES as RDF_RULES
from standards.rdf_write import describe
from standards.shapes_words import rules_of
from standards.xml_characters import RULES as XML_RULES

FIELDS = tuple(line for line in DCAT_FIELDS if line[0] not in OF_DCAT_AP)

TABLE = shapes_table.table("dcat_3/shapes.json")
RULES = {**RDF_RULES, **XML_RULES, **rules_of(TABLE)}


def write(dataset: Dataset) -> Triples:
    """The dataset as plain DCAT. Never raises."""
    ways = tuple(msgspec.structs.replace(way, availability=None) for way in dataset.distribution)
    plain = msgspec.structs.replace(dataset, applicable_legislation=(), hvd_category=(), distribution=ways)
    out = Statements(filling=False)
    describe(out, plain)
    return out.triples()


def read(body: Any) -> Dataset:
    """The dataset a body describes: bytes in any syntax of RDF, or triples. Raises `Unreadable`, nothing else."""
    return rdf_read.read_any(body)


def recognises(body: Any) -> bool:
    """Whether a body is RDF that uses DCAT."""
    return rdf_recognition.is_dcat(body)


def check(body: Any) -> Iterator[Finding]:
    """All findings of a body. Never raises."""
    return rdf_check.findings(body, (TABLE,), RULES)


STANDARD = Standard(
    name="dcat_3",
    title={"en": "W3C DCAT 3", "zh": "W3C 数据目录词表 DCAT 3"},
    media_type="text/turtle",
    version="3",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES - OF_DCAT_AP,
    form="rdf",
    marks={
        "en": "RDF with DCAT's terms, and with none of a profile that we know",
        "zh": "RDF，使用 DCAT 词表，且不属于已知的应用规范",
    },
)
