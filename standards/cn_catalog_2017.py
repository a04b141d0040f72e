"""Catalogues of government information resources after 《政务信息资源目录编制指南(试行)》 (发改高技〔2017〕1272号), in
all their forms.

A record is a JSON object in the guide's words, one XML document, or a row of a table (`standards.tables`): reading,
checking and repairing take all three, writing makes the JSON object, of which `cn_catalog_2017_xml`, `…_table` (CSV) and
`…_workbook` (XLSX to print) make the others. Names and their synonyms are in `…_names`, value sets in `…_lists`, rules in
`…_rules`.

The guide's text is not ours to ship: names, codes and orders of its fields are facts, the words here our own.
"""

from typing import Any

from standards import tables
from standards.base import Standard, Unreadable
from standards.cn_catalog_2017_check import across, check
from standards.cn_catalog_2017_names import TELLING, group_of, key_of
from standards.cn_catalog_2017_read import read
from standards.cn_catalog_2017_repair import repair
from standards.cn_catalog_2017_rules import RULES
from standards.cn_catalog_2017_said import said
from standards.cn_catalog_2017_table import gather, header_key
from standards.cn_catalog_2017_write import write
from standards.cn_nodes import RECORDS
from standards.xml_documents import root_name

__all__ = ["FIELDS", "STANDARD", "across", "check", "gather", "read", "recognises", "repair", "write"]

_NAME = "信息资源名称"
_ROOTS = frozenset(RECORDS[:2])

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "信息资源代码", "blanks and wide characters removed; without one, the name"),
    ("title", "信息资源名称", "words whose script does not show their language are written by language"),
    ("description", "信息资源摘要", ""),
    ("publisher.name", "信息资源提供方", ""),
    ("publisher.code", "信息资源提供方代码", "统一社会信用代码"),
    ("publisher.extra", "提供方内部部门", "of the publisher's `extra` only this"),
    ("classification", "信息资源分类", "类, 项, 目, 细目 are kept as `raw`; the code is what stands before the `/`"),
    ("distribution.format", "信息资源格式", "the class of formats follows from the type"),
    ("distribution", "挂接资源", "extended: files with names, addresses, formats"),
    ("information_item", "信息项信息", "other data types are taken for what they mean: `varchar` is 字符型C"),
    ("sharing.kind", "共享属性/共享类型", ""),
    ("sharing.condition", "共享属性/共享条件", "only when shared on a condition"),
    ("sharing.legal_basis", "共享属性/共享条件", "of what is not shared; also 不予共享依据"),
    ("sharing.method", "共享属性/共享方式分类, 共享方式类型", ""),
    ("openness.kind", "开放属性/是否向社会开放", "是 with a condition is `conditional`, 是 without is `open`"),
    ("openness.condition", "开放属性/开放条件", ""),
    ("accrual_periodicity", "更新周期", "in the guide's words; other cycles in their own"),
    ("issued", "发布日期", ""),
    ("relation", "关联资源代码", ""),
    ("theme", "主题分类", "extended"),
    ("keyword", "关键字", "extended; in tables and XML `、` parts keywords"),
    ("modified", "更新日期", "extended"),
    ("landing_page", "在线资源链接地址", "extended; further ones are `page`"),
    ("contact_point", "联系方式", "extended: name, phone, mail address"),
    ("extra", "扩展元数据", "unknown members by their own name"),
)
CARRIES = frozenset(
    (
        "identifier", "title", "description", "publisher.name", "publisher.code", "classification", "issued", "modified",
        "accrual_periodicity", "relation", "theme", "keyword", "landing_page", "contact_point.name", "contact_point.email",
        "contact_point.phone", "distribution.title", "distribution.description", "distribution.access_url",
        "distribution.download_url", "distribution.format", "distribution.media_type", "distribution.extra",
        "information_item.name", "information_item.code", "information_item.data_type", "information_item.length",
        "information_item.precision", "information_item.description", "information_item.required", "information_item.key",
        "information_item.extra", "sharing.kind", "sharing.condition", "sharing.legal_basis", "sharing.method",
        "openness.kind", "openness.condition", "extra",
    )
)  # fmt: skip


def recognises(body: Any) -> bool:
    """Whether it has a name and fields that only the guide names so. Never raises."""
    if isinstance(body, bytes):
        return root_name(body).rpartition("}")[2] in _ROOTS and _keys_tell(_keys_in(body), _NAME.encode() in body)
    if tables.is_row(body):
        headers = [header for _, header, _ in body["cells"] if header]
        return _keys_tell(set(map(header_key, headers)), _NAME in headers)
    return isinstance(body, dict) and _keys_tell(_member_keys(body), _NAME in body)


def _keys_in(body: bytes) -> set[str]:
    try:
        found = said(body)
    except Unreadable:
        return set()
    return {*found.fields, *(key for entries in found.entries.values() for entry in entries[:1] for key in entry), *found.empty}


def _member_keys(body: dict[Any, Any]) -> set[str]:
    keys: set[str] = set()
    for name, value in body.items():
        if not isinstance(name, str):
            continue
        group = group_of(name) if isinstance(value, dict) else ""
        keys |= {key_of(inner, group) for inner in value if isinstance(inner, str)} if group else {key_of(name)}
    return keys


def _keys_tell(keys: set[str], is_plain: bool) -> bool:
    """One telling field beside the guide's own word for the name; two beside another word for it."""
    return "name" in keys and len(keys & TELLING) >= (1 if is_plain else 2)


STANDARD = Standard(
    name="cn_catalog_2017",
    title={"zh": "政务信息资源目录（2017 编制指南）", "en": "Catalogue of government information resources (guide of 2017)"},
    media_type="application/json",
    version="2017",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    marks={
        "zh": "有信息资源名称，以及信息资源代码、提供方代码、共享类型、是否向社会开放、信息项等指南特有的字段",
        "en": "it has 信息资源名称 and two or more fields that only the guide names so, such as 信息资源代码, 共享类型",
    },
)
