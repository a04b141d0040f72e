"""The core metadata of GB/T 21063.3-2007: twelve elements, six of them mandatory, with their parts; and what a body says
of them.

Elements go by their short name (`resTitle`), their English name (`resourceTitle`) or the Chinese one (信息资源名称), in
any case. Six mandatory and six optional is what the standard's scope says; which, and the names, from implementations of
it.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from standards.cn_nodes import Node, json_of, root_of
from standards.json_schema import plain, pointer


class Element(NamedTuple):
    """`short` name, `english` one, `chinese` one, whether it must stand and may be repeated, and its parts."""

    short: str
    english: str
    chinese: str
    mandatory: bool = False
    many: bool = False
    parts: tuple["Element", ...] = ()


_ORGANIZATION = Element("rpOrgName", "organisationName", "单位名称", mandatory=True)
_ADDRESS = Element("cntAdd", "address", "地址")

ELEMENTS: tuple[Element, ...] = (
    Element("mdId", "metadataIdentifier", "元数据标识符", mandatory=True),
    Element("resTitle", "resourceTitle", "信息资源名称", mandatory=True),
    Element("pubDate", "dateOfPublication", "信息资源发布日期"),
    Element("abstract", "abstract", "信息资源摘要", mandatory=True),
    Element("IdPoC", "pointOfContact", "信息资源提供方", True, True, (_ORGANIZATION, _ADDRESS)),
    Element(
        "DescKeys", "descriptiveKeywords", "关键字说明", False, True,
        (Element("keyword", "keyword", "关键字", True, True), Element("thesaName", "thesaurusName", "词典名称")),
    ),
    Element(
        "TpCat", "resourceCategory", "信息资源分类", True, True,
        (
            Element("cateStd", "categoryStandard", "分类方式", True),
            Element("cateName", "categoryName", "类目名称", True),
            Element("cateCode", "categoryCode", "类目编码", True),
        ),
    ),
    Element("onLineSrc", "online", "在线资源链接地址", False, True),
    Element("resID", "resourceID", "信息资源标识符", mandatory=True),
    Element(
        "ServInfo", "serviceInformation", "服务信息", False, False,
        (Element("servURL", "serviceURL", "服务地址", True), Element("servType", "serviceType", "服务类型", True)),
    ),
    Element("MdContact", "metadataContact", "元数据维护方", False, True, (_ORGANIZATION, _ADDRESS)),
    Element("mdDateUpd", "metadataDateUpdate", "元数据更新日期"),
)  # fmt: skip
BY_SHORT = {each.short: each for each in ELEMENTS}
_ALSO = {
    "信息资源提供单位": "rpOrgName", "元数据联系单位": "rpOrgName", "organizationname": "rpOrgName", "rporgnam": "rpOrgName",
    "信息资源提供方地址": "cntAdd", "元数据维护方地址": "cntAdd", "发布日期": "pubDate", "摘要": "abstract",
    "信息资源标识": "resID", "资源标识符": "resID", "在线链接地址": "onLineSrc", "关键字信息": "DescKeys",
}  # fmt: skip

Parts = dict[str, list[Node]]


class Stated(NamedTuple):
    """What a body says: for each element its entries, each with its parts (a plain element's part is its own name)."""

    root: Node
    entries: dict[str, list[Parts]]
    left: dict[str, Any]

    def words(self, short: str, part: str = "") -> str:
        """The first value of an element, or of a part of its first entry; "" for none."""
        nodes = self.entries[short][0].get(part or short) if self.entries.get(short) else None
        return text_of(nodes[0]) if nodes else ""

    def place(self, short: str) -> str:
        """Where an element stands or would stand."""
        for parts in self.entries.get(short, ()):
            for nodes in parts.values():
                return nodes[0].place
        return pointer((short,)) if isinstance(self.root.value, dict) else self.root.place


@lru_cache(maxsize=4096)
def short_name(name: str) -> str:
    """The short name of an element or part; "" for none."""
    return _NAMES.get(name.strip().lower(), "")


def _index() -> dict[str, str]:
    found = {name.lower(): short for name, short in _ALSO.items()}
    for each in (*(part for element in ELEMENTS for part in element.parts), *ELEMENTS):
        for name in (each.short, each.english, each.chinese):
            found[name.lower()] = each.short
    return found


_NAMES = _index()


def stated(body: Any) -> Stated:
    """What a body says. Raises `Unreadable`."""
    root = root_of(body)
    found = Stated(root, {}, {})
    for node in root.inner:
        element = BY_SHORT.get(short_name(node.name))
        if element is None:
            _leave(found, node, body)
        elif element.parts:
            _composite(found, element, node)
        elif node.inner or text_of(node):
            found.entries.setdefault(element.short, []).append({element.short: [node]})
    return found


def _composite(found: Stated, element: Element, node: Node) -> None:
    """An element with parts; plain text in its place is its first mandatory part."""
    known = {each.short for each in element.parts}
    parts: Parts = {}
    for each in node.inner:
        short = short_name(each.name)
        if short in known and text_of(each):
            parts.setdefault(short, []).append(each)
    if not node.inner and text_of(node):
        parts[element.parts[0].short if element.short != "TpCat" else "cateName"] = [node]
    if parts or node.inner:
        found.entries.setdefault(element.short, []).append(parts or {element.short: [node]})


def _leave(found: Stated, node: Node, body: Any) -> None:
    if isinstance(body, dict) and isinstance(node.at[0], str):
        if node.name not in found.left:
            found.left[node.name] = plain(body[node.at[0]])
    else:
        held, value = found.left.get(node.name), json_of(node)
        found.left[node.name] = value if held is None else [*(held if isinstance(held, list) else [held]), value]


def text_of(node: Node) -> str:
    """A node's value as text; "" for none and for what is deeper."""
    value = node.value
    if isinstance(value, str):
        return value.strip().replace("\x00", "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
