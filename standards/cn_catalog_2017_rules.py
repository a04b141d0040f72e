"""The rules of the guide of 2017: words in `files/cn_catalog_2017/rules.json`, here put together with their clauses.

An error is what the guide (or the State Council's measures that it is based on) asks for; a warning what the guide leaves
room in, or where codes that were really issued break the rule; an info is advice, the guide's practice or our own.
"""

from typing import Any

from standards import cross_field
from standards.base import Rule
from standards.cn_nodes import OBJECT
from standards.json_schema import schema_file
from standards.xml_characters import RULES as XML_RULES

PREFIX = "cn-2017"
_WORDS: dict[str, Any] = schema_file("cn_catalog_2017", "rules.json")
_ELEMENTS = {
    "name": "信息资源名称", "code": "信息资源代码", "relation": "关联资源代码",
    "provider": "信息资源提供方", "provider-code": "信息资源提供方代码", "abstract": "信息资源摘要",
    "format": "信息资源格式", "items": "信息项信息", "item": "信息项信息",
    "share": "共享属性", "open": "开放属性", "frequency": "更新周期", "issued": "发布日期", "modified": "更新日期",
    "class": "信息资源分类",
}  # fmt: skip
"""The part of the guide that a rule speaks of: its title."""


def _clause(name: str, at: str) -> tuple[str, str]:
    if at == "guide":
        return f"{_WORDS['guide']} {_ELEMENTS[name.partition('/')[0]]}", _WORDS["link"]
    if at == "mulu":
        return f"Mulu: {_ELEMENTS[name.partition('/')[0]]}", ""
    return _WORDS[at], _WORDS[f"{at}_link"]


def _rule(name: str, about: dict[str, Any]) -> Rule:
    clause, link = _clause(name, about["at"])
    return Rule(
        id=f"{PREFIX}/{name}", severity=about["severity"], message=about["message"], clause=clause, fix=about["fix"], link=link
    )


_OWN = [_rule(name, about) for name, about in _WORDS["rules"].items()]
CROSS = cross_field.rules(PREFIX, ("dates", "future", "https", "media-type"))
RULES: dict[str, Rule] = {rule.id: rule for rule in _OWN} | CROSS | XML_RULES | {OBJECT.id: OBJECT}
