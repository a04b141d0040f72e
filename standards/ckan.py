"""CKAN package dicts, as `package_show` and `package_search` of the Action API give them (CKAN 2.12).

Reading in `ckan_read`, writing in `ckan_write`, CKAN's own rules in `ckan_check`; resources, parties, places and the
taking apart of members beside them. Sources: docs.ckan.org ("Action API reference") and the mapping of ckanext-dcat.
"""

from typing import Any

from standards.base import Standard
from standards.ckan_check import RULES, check
from standards.ckan_fields import package_of
from standards.ckan_read import read
from standards.ckan_write import write

__all__ = ["STANDARD", "check", "read", "recognises", "write"]

# One of these beside `name` or `title`: no other standard we read spells them so.
_TELLING = ("resources", "num_resources", "owner_org", "license_id", "metadata_modified", "notes", "extras")


def recognises(body: Any) -> bool:
    """Whether it looks like a package dict, also inside a DKAN list or an answer's envelope."""
    if isinstance(body, list) and not (len(body) == 1 and isinstance(body[0], dict)):
        return False
    package = package_of(body)
    if not isinstance(package, dict) or "@context" in package or "@type" in package or "distribution" in package:
        return False
    named = any(name in package for name in ("name", "title", "title_translated"))
    return named and any(name in package for name in _TELLING) and "profile" not in package


STANDARD = Standard(
    name="ckan",
    title={"zh": "CKAN 数据集", "en": "CKAN package"},
    media_type="application/json",
    version="2.12",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
)
