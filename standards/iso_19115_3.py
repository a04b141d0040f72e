"""ISO/TS 19115-3:2016, metadata of ISO 19115-1:2014 in XML (mdb 1.0 and 2.0 with cit, mri, mrd, srv …). Written with mdb 2.0.

Read, written and checked by the shared files `iso_*`; rules in `files/iso/rules.json`, fields in `iso_fields`.
"""

from collections.abc import Iterator
from typing import Any

from metadata.model import Dataset
from standards import iso_documents, iso_fields, iso_repair, iso_write
from standards.base import Finding, Repair, Standard
from standards.iso_build import NEW
from standards.iso_documents import RECORDS
from standards.iso_fields import CARRIES
from standards.iso_rules import rules
from standards.xml_documents import root_name

PREFIX = "iso-19115-3"
RULES = rules(PREFIX)
FIELDS = iso_fields.NEW


def recognises(body: Any) -> bool:
    """Whether the root is a record in the namespaces of 19115-3. Never raises."""
    space, _, name = root_name(body)[1:].partition("}")
    return name in RECORDS and "/19115/-3/" in space


def read(body: Any) -> Dataset:
    """The dataset that a record describes. Raises `Unreadable`."""
    return iso_documents.read(body, PREFIX, RULES)


def write(dataset: Dataset) -> bytes:
    """The record as an XML document."""
    return iso_write.write(dataset, NEW)


def check(body: Any) -> Iterator[Finding]:
    """What is wrong with a record. Never raises."""
    return iso_documents.check(body, PREFIX, RULES)


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """The record mended, and what was done. Never raises."""
    return iso_repair.repair(body, PREFIX, RULES)


STANDARD = Standard(
    name="iso_19115_3",
    title={
        "zh": "ISO/TS 19115-3:2016 地理信息元数据（ISO 19115-1:2014）",
        "en": "ISO/TS 19115-3:2016 metadata of ISO 19115-1:2014",
    },
    media_type="application/xml",
    version="2016",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES | {"temporal_resolution"},
    form="xml",
    marks={"zh": "根元素是 mdb:MD_Metadata", "en": "its root is mdb:MD_Metadata"},
)
