"""The rules about records of OGC API Records, and the table of their fields. Source: OGC 20-004r1, "Record core"."""

from typing import Any

from standards import cross_field
from standards.base import Rule
from standards.needs import Need, no_object, rules

_LINK = "https://docs.ogc.org/is/20-004r1/20-004r1.html"
_CLAUSE = "OGC 20-004r1 (OGC API Records, part 1) record core,"


def _need(name: str, severity: Any, path: tuple[str, ...], zh: str, en: str) -> Need:
    return Need(name, severity, (path,), zh, en, f"{_CLAUSE} {path[-1]}", _LINK)


NEEDS: tuple[Need, ...] = (
    _need("id", "error", ("id",), "标识符", "identifier"),
    _need("title", "error", ("properties", "title"), "标题", "title"),
    _need("type", "warning", ("properties", "type"), "资源类型", "type of the resource"),
    _need("description", "warning", ("properties", "description"), "说明", "description"),
    _need("contacts", "warning", ("properties", "contacts"), "联系人", "contact"),
    _need("updated", "warning", ("properties", "updated"), "更新日期", "date of the last change"),
    _need("license", "warning", ("properties", "license"), "许可协议", "licence"),
    _need("keywords", "info", ("properties", "keywords"), "关键词", "keyword"),
    _need("links", "info", ("links",), "链接", "link"),
)

OBJECT = no_object("ogc-records", " OGC API Records 记录", "record of OGC API Records", f"{_CLAUSE} id", _LINK)


def _rule(name: str, severity: Any, member: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Rule:
    return Rule(
        id=f"ogc-records/{name}",
        severity=severity,
        message={"zh": zh, "en": en},
        clause=f"{_CLAUSE} {member}",
        fix={"zh": fix_zh, "en": fix_en},
        link=_LINK,
    )


TIME = _rule(
    "time/form",
    "error",
    "time",
    "时间既不是日期、时刻，也不是两端的区间",
    "The time is no date, no timestamp and no interval of two ends",
    "写成 date、timestamp，或含两个端点的 interval（开放的一端写 ..）",
    "Give `date`, `timestamp`, or `interval` with two ends (an open one is `..`)",
)
HREF = _rule(
    "links/href",
    "error",
    "links",
    "链接没有文字形式的 href",
    "A link has no href that is text",
    "为每个链接填写 href 网址",
    "Give the address of each link in `href`",
)
CONTACT = _rule(
    "contacts/name",
    "error",
    "contacts",
    "联系人既没有姓名，也没有单位",
    "A contact has neither a name nor an organization",
    "填写 name 或 organization",
    "Give `name` or `organization`",
)

RULES: dict[str, Rule] = {
    **rules("ogc-records", NEEDS),
    **cross_field.rules("ogc-records", {"dates", "future", "temporal", "spatial"}),
    **{rule.id: rule for rule in (OBJECT, TIME, HREF, CONTACT)},
}

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "id", ""),
    ("other_identifier", "properties.externalIds", "the value; its scheme stays in `extra`"),
    ("title", "properties.title", "in the language of the record"),
    ("description", "properties.description", ""),
    ("publisher.name", "properties.contacts", "the organization in the role publisher, distributor or owner; else the first"),
    ("creator.name", "properties.contacts", "those in the roles creator, author, originator"),
    ("contact_point.email", "properties.contacts", "those in other roles; the first e-mail, telephone and link"),
    ("keyword", "properties.keywords", ""),
    ("theme", "properties.themes", "each concept; its scheme goes before the code"),
    ("issued", "properties.created", ""),
    ("modified", "properties.updated", ""),
    ("language", "properties.resourceLanguages, properties.language", "text, or an object with a code"),
    ("spatial", "geometry", "GeoJSON, with the box around it"),
    ("temporal", "time", "date, timestamp, interval; `..` is an open end"),
    ("temporal_resolution", "time.resolution", ""),
    ("license", "properties.license, links rel=license", "an SPDX expression; for `other` the link"),
    ("rights", "properties.rights", ""),
    ("landing_page", "links rel=canonical, rel=about, rel=alternate", "the first in HTML"),
    ("page", "links rel=describedby, rel=service-doc", ""),
    ("relation", "links rel=related, rel=describes", "addresses"),
    ("distribution", "links, properties.formats", "enclosures, items, data, services; formats no link has"),
)
