"""GB/T 21063-2007, the catalogue system of government information resources: core metadata (part 3) in JSON and XML.

Twelve elements, six of them mandatory, in `gbt_21063_elements`; categories after part 4; identifiers of a front and a
rear section (part 5, not published) in `cn_identifiers`. Reading and writing in `…_read`, the check and repairs in
`…_check`, XML in `…_xml`.
"""

from typing import Any

from standards import tables
from standards.base import Standard
from standards.cn_nodes import LISTS, RECORDS
from standards.gbt_21063_check import check, repair
from standards.gbt_21063_elements import short_name
from standards.gbt_21063_read import read, write
from standards.gbt_21063_rules import RULES
from standards.xml_documents import parse, root_name

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises", "repair", "write"]

_TELLING = frozenset(("resID", "TpCat", "IdPoC", "mdId", "onLineSrc", "DescKeys", "MdContact", "mdDateUpd"))
_MARKS = (b"restitle", b"resourcetitle", "信息资源名称".encode())  # in lower case

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "resID", "without one, mdId; without both, the title"),
    ("title", "resTitle", ""),
    ("description", "abstract", ""),
    ("publisher.name", "IdPoC/rpOrgName", "the first one; cntAdd is the agent's `extra`"),
    ("creator", "IdPoC", "further providers, where there is a publisher"),
    ("theme", "TpCat", "cateStd is the scheme, cateName the label, cateCode the code"),
    ("classification", "TpCat", "with cateStd 资源属性分类"),
    ("issued", "pubDate", ""),
    ("keyword", "DescKeys/keyword", "thesaurus names stay in `extra`"),
    ("distribution.download_url", "onLineSrc", "an address that ends like a file; of a distribution with two, the download"),
    ("distribution.access_url", "onLineSrc", "other addresses"),
    ("service.endpoint_url", "ServInfo/servURL", "one service, one address; servType is its `extra`"),
    ("extra", "mdId, MdContact, mdDateUpd", "what describes the metadata, and unknown elements"),
)
CARRIES = frozenset(
    (
        "identifier", "title", "description", "publisher.name", "theme", "classification", "issued", "keyword",
        "service.endpoint_url", "service.extra", "extra",
    )
)  # fmt: skip


def recognises(body: Any) -> bool:
    """Whether it has a title and what only this standard names so. Never raises."""
    if isinstance(body, bytes):
        return _is_xml(body)
    if not isinstance(body, dict) or tables.is_row(body):
        return False
    names = {short_name(name) for name in body if isinstance(name, str) and not name.startswith("@")}
    return "resTitle" in names and len(names & _TELLING) >= 2


def _is_xml(body: bytes) -> bool:
    root = root_name(body)
    if not root or root in LISTS:
        return False
    folded = body.lower()
    if not any(mark in folded for mark in _MARKS):
        return False
    try:
        document = parse(body)
    except Exception:  # recognising never raises; reading says what is wrong
        return False
    names = {short_name(str(each.tag).rpartition("}")[2]) for each in document}
    return root not in RECORDS[:2] and "resTitle" in names and len(names & _TELLING) >= 2


STANDARD = Standard(
    name="gbt_21063",
    title={
        "zh": "GB/T 21063.3-2007 政务信息资源核心元数据",
        "en": "GB/T 21063.3-2007 core metadata of government information resources",
    },
    media_type="application/json",
    version="2007",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    marks={
        "zh": "有 resTitle（信息资源名称）以及 resID、TpCat、IdPoC、mdId 等本标准的元素",
        "en": "it has resTitle and at least two elements of this standard, such as resID, TpCat, IdPoC, mdId",
    },
)
