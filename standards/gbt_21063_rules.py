"""The rules of GB/T 21063.3-2007 (core metadata) and 21063.4-2007 (classification): words in `files/gbt_21063/rules.json`."""

from typing import Any

from standards.base import Rule
from standards.cn_nodes import OBJECT
from standards.json_schema import schema_file
from standards.xml_characters import RULES as XML_RULES

PREFIX = "gbt-21063"
FACETS = {"主题分类": "theme", "行业分类": "industry", "服务分类": "service", "资源形态分类": "form"}
"""The four kinds of classification (分类方式) of GB/T 21063.4, with the code of each in a scheme's name."""

THEMES: tuple[str, ...] = (
    "综合政务", "经济管理", "国土资源、能源", "工业、交通、邮政", "信息产业", "城乡建设、环境保护", "农业、水利", "财政",
    "商业、贸易", "旅游、服务业", "气象、水文、测绘、地震", "对外事务", "政法、监察", "科技、教育", "文化、卫生、体育",
    "军事、国防", "劳动、人事", "民政、社区", "文秘、行政", "综合党团",
)  # fmt: skip
"""The first level of 主题分类, by name; codes of themes begin with `Z` (矿藏 is `ZCC00`)."""

_WORDS: dict[str, Any] = schema_file("gbt_21063", "rules.json")


def _rule(name: str, about: dict[str, Any]) -> Rule:
    at = about.get("at", "standard")
    link = _WORDS["link" if at == "standard" else f"{at}_link"]
    clause = f"{_WORDS[at]}：{name.partition('/')[0]}"
    severity, message = about["severity"], about["message"]
    return Rule(id=f"{PREFIX}/{name}", severity=severity, message=message, clause=clause, fix=about["fix"], link=link)


_OWN = [_rule(name, about) for name, about in _WORDS["rules"].items()]
RULES: dict[str, Rule] = {rule.id: rule for rule in _OWN} | XML_RULES | {OBJECT.id: OBJECT}
