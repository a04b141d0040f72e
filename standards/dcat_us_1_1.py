"""DCAT-US 1.1, the metadata of data.gov (Project Open Data Metadata Schema v1.1, 2014; https://resources.data.gov/resources/dcat-us/).

Two standards with one reader and one writer: the federal rules ask for codes of offices and programs, keywords, a date and an
e-mail address, and let values be redacted; the non-federal rules, for states, cities and everyone else, do not.
Reading is in `dcat_us_1_1_read.py`, writing in `…_write.py`, the check and its border in `…_rules.py`.
"""

from typing import Any

from standards.base import Standard
from standards.dcat_us_1_1_read import read
from standards.dcat_us_1_1_rules import RULES, checker
from standards.dcat_us_1_1_write import CONFORMS_TO, catalog, write

__all__ = ["CONFORMS_TO", "NON_FEDERAL", "STANDARD", "catalog", "read", "write"]

_FEDERAL_ONLY = frozenset(("bureauCode", "programCode"))
_MARKS = frozenset(("accessLevel", "bureauCode", "programCode", "contactPoint", "landingPage", "accrualPeriodicity"))


def _is_record(body: Any) -> bool:
    """An object with a title and what only DCAT-US calls so. CKAN packages have a `name` and `resources`."""
    if not isinstance(body, dict) or "resources" in body or "@graph" in body:
        return False
    if body.get("@type") == "dcat:Dataset":
        return "title" in body or "identifier" in body
    return "title" in body and not _MARKS.isdisjoint(body)


def _is_federal(body: Any) -> bool:
    return _is_record(body) and not _FEDERAL_ONLY.isdisjoint(body)


STANDARD = Standard(
    name="dcat_us_1_1",
    title={"en": "DCAT-US 1.1 (federal)", "zh": "DCAT-US 1.1（联邦）"},
    media_type="application/json",
    version="1.1",
    recognises=_is_federal,
    read=read,
    write=write,
    check=checker("federal"),
    rules=RULES,
)
NON_FEDERAL = Standard(
    name="dcat_us_1_1_non_federal",
    title={"en": "DCAT-US 1.1 (non-federal)", "zh": "DCAT-US 1.1（非联邦）"},
    media_type="application/json",
    version="1.1",
    recognises=_is_record,
    read=read,
    write=write,
    check=checker("non_federal"),
    rules=RULES,
)
