"""ISO/TS 19139:2007, metadata of ISO 19115:2003 in XML (gmd, gmi, srv), also as INSPIRE, GEMINI and national profiles have it.

Read, written and checked by the shared files `iso_*`; rules in `files/iso/rules.json`, fields in `iso_fields`.
"""

from collections.abc import Iterator
from typing import Any

from metadata.model import Dataset
from standards import iso_documents, iso_fields, iso_repair, iso_write
from standards.base import Finding, Repair, Standard
from standards.iso_build import OLD
from standards.iso_documents import RECORDS
from standards.iso_fields import CARRIES
from standards.iso_rules import rules
from standards.xml_documents import root_name

PREFIX = "iso-19139"
RULES = rules(PREFIX)
FIELDS = iso_fields.OLD


def recognises(body: Any) -> bool:
    """Whether the root is a record in the namespaces of 2005, or of a profile (`CHE_MD_Metadata`). Never raises."""
    space, _, name = root_name(body)[1:].partition("}")
    return name.endswith(RECORDS) and "/19115/-3/" not in space


def read(body: Any) -> Dataset:
    """The dataset that a record describes. Raises `Unreadable`."""
    return iso_documents.read(body, PREFIX, RULES)


def write(dataset: Dataset) -> bytes:
    """The record as an XML document."""
    return iso_write.write(dataset, OLD)


def check(body: Any) -> Iterator[Finding]:
    """What is wrong with a record. Never raises."""
    return iso_documents.check(body, PREFIX, RULES)


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """The record mended, and what was done. Never raises."""
    return iso_repair.repair(body, PREFIX, RULES)


STANDARD = Standard(
    name="iso_19139",
    title={"zh": "ISO/TS 19139:2007 地理信息元数据（ISO 19115:2003）", "en": "ISO/TS 19139:2007 metadata of ISO 19115:2003"},
    media_type="application/xml",
    version="2007",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    form="xml",
    marks={
        "zh": "根元素是 gmd:MD_Metadata、gmi:MI_Metadata 或国家专用标准的同类元素",
        "en": "its root is gmd:MD_Metadata, gmi:MI_Metadata or that of a national profile",
    },
)
