"""What Google's dataset search asks of a schema.org Dataset, and what schema.org itself says of the values.

*Errors* are what Google's guide calls required (a name; a description of 50 to 5,000 characters); *warnings* are what it
recommends, and values that schema.org's own types do not allow: https://schema.org/Dataset,
https://developers.google.com/search/docs/appearance/structured-data/dataset.
"""

from collections.abc import Iterator
from typing import Any

from metadata.text import Text, best
from standards import cross_field, json_repairs, repairs
from standards.base import Finding, Repair, Rule, Severity, Unreadable, finding
from standards.dates import date_of
from standards.json_members import listed, web, words
from standards.json_schema import cleaned, shown
from standards.schema_org_read import OBJECT, UNNAMED, dataset_of, read
from standards.schema_terms import node, texts

_GOOGLE = "https://developers.google.com/search/docs/appearance/structured-data/dataset#dataset"
SHORTEST, LONGEST = 50, 5000


def _rule(name: str, severity: Severity, clause: str, message: Text, fix: Text, link: str = _GOOGLE) -> Rule:
    return Rule(id=f"schema-org/{name}", severity=severity, message=message, clause=clause, fix=fix, link=link)


def _recommended(name: str, zh: str, en: str) -> Rule:
    return _rule(
        f"{name}/recommended",
        "warning",
        f"Google Search Central, Dataset structured data: {name} (recommended)",
        {"zh": f"缺少{zh}（{name}）", "en": f"There is no {en} (`{name}`)"},
        {"zh": f"补充 {name}", "en": f"Add `{name}`"},
    )


def _form(name: str, kind: str, message: Text, fix: Text) -> Rule:
    return _rule(f"{name}/form", "warning", f"schema.org, {kind}", message, fix, f"https://schema.org/{name}")


RECOMMENDED = {
    "creator": ("创建者", "creator"),
    "identifier": ("标识符", "identifier"),
    "keywords": ("关键词", "keywords"),
    "license": ("许可", "licence"),
    "distribution": ("分发", "distribution"),
    "spatialCoverage": ("空间范围", "spatial coverage"),
    "temporalCoverage": ("时间范围", "temporal coverage"),
    "variableMeasured": ("变量", "variables"),
    "version": ("版本", "version"),
    "isAccessibleForFree": ("是否免费", "note whether it is free"),
}
_DATES = ("datePublished", "dateModified", "dateCreated")
_LINKS = ("url", "sameAs")
_RULES = (
    OBJECT,
    UNNAMED,
    _rule(
        "description/required",
        "error",
        "Google Search Central, Dataset structured data: description (required)",
        {"zh": "缺少描述（description）", "en": "The description is missing"},
        {"zh": "补充 description", "en": "Add `description`"},
    ),
    _rule(
        "description/length",
        "error",
        "Google Search Central, Dataset structured data: description (50 to 5000 characters)",
        {"zh": "描述不在 50 至 5000 个字符之间", "en": "The description has not between 50 and 5,000 characters"},
        {"zh": "写明内容、范围、时间和用途", "en": "Say what it holds, of what area and time, and what for"},
    ),
    *(_recommended(name, zh, en) for name, (zh, en) in RECOMMENDED.items()),
    *(
        _form(
            name,
            "Date, DateTime",
            {"zh": f"{name} 不是 ISO 8601 日期", "en": f"`{name}` is no ISO 8601 date"},
            {"zh": "写成 2024-05-03 的样子", "en": "Write it as 2024-05-03"},
        )
        for name in _DATES
    ),
    *(
        _form(
            name,
            "URL",
            {"zh": f"{name} 不是网址", "en": f"`{name}` is no web address"},
            {"zh": "填写完整的网址", "en": "Give the whole address"},
        )
        for name in _LINKS
    ),
    _form(
        "contentUrl",
        "DataDownload",
        {"zh": "分发没有下载地址（contentUrl）", "en": "A distribution has no address to download from (`contentUrl`)"},
        {"zh": "补充 contentUrl", "en": "Add `contentUrl`"},
    ),
    _form(
        "distribution",
        "DataDownload",
        {"zh": "分发不是 DataDownload 对象", "en": "A distribution is no DataDownload"},
        {"zh": "给出 DataDownload 对象", "en": "Give a DataDownload object"},
    ),
    _form(
        "box",
        "GeoShape",
        {"zh": "box 不是“南 西 北 东”四个数值", "en": "`box` is not the four numbers south west north east"},
        {
            "zh": "以度为单位按南、西、北、东填写，用空格分开",
            "en": "Give south west north east in degrees, with blanks between them",
        },
    ),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in _RULES} | cross_field.rules(
    "schema-org", ("dates", "future", "temporal", "spatial", "media-type")
)
_PLACES = {
    "issued": "/datePublished",
    "modified": "/dateModified",
    "temporal": "/temporalCoverage",
    "spatial": "/spatialCoverage",
    "distribution": "/distribution",
}


def check(body: Any) -> Iterator[Finding]:
    """Findings with JSON pointers into the dataset. Any input."""
    body = cleaned(body)
    own = dataset_of(body)
    if not own:
        yield finding(OBJECT, "", shown(body))
        return
    if not texts(own.get("name")):
        yield finding(UNNAMED, "/name", shown(own.get("name")) if "name" in own else "")
    yield from _description(own)
    for name in RECOMMENDED:
        if own.get(name) in (None, "", [], {}):
            yield finding(RULES[f"schema-org/{name}/recommended"], f"/{name}")
    yield from _forms(own)
    yield from _ways(own.get("distribution"))
    try:
        yield from cross_field.check("schema-org", read(body), _PLACES, RULES)
    except Unreadable:
        return


def _description(own: dict[str, Any]) -> Iterator[Finding]:
    told = best(texts(own.get("description")))
    if not told:
        yield finding(RULES["schema-org/description/required"], "/description")
    elif not SHORTEST <= len(told) <= LONGEST:
        yield finding(RULES["schema-org/description/length"], "/description", told)


def _forms(own: dict[str, Any]) -> Iterator[Finding]:
    for name in _DATES:
        value = own.get(name)
        told = words(value.get("@value")) if isinstance(value, dict) else words(value)
        if value not in (None, "", []) and (not told or date_of(told) != told):
            yield finding(RULES[f"schema-org/{name}/form"], f"/{name}", shown(value))
    for name in _LINKS:
        for each in listed(own.get(name)):
            if not web(each) and not (isinstance(each, dict) and web(each.get("@id"))):
                yield finding(RULES[f"schema-org/{name}/form"], f"/{name}", shown(each))
                break
    for number, each in enumerate(listed(own.get("spatialCoverage"))):
        box = node(node(each).get("geo")).get("box")
        if isinstance(box, str) and len(box.replace(",", " ").split()) != 4:
            yield finding(RULES["schema-org/box/form"], _at("/spatialCoverage", own, number) + "/geo/box", box)


def _at(path: str, own: dict[str, Any], number: int) -> str:
    return f"{path}/{number}" if isinstance(own.get(path[1:]), list) else path


def _ways(value: Any) -> Iterator[Finding]:
    for number, each in enumerate(listed(value)):
        path = f"/distribution/{number}" if isinstance(value, list) else "/distribution"
        if not isinstance(each, dict):
            yield finding(RULES["schema-org/distribution/form"], path, shown(each))
        elif not web(node(each).get("contentUrl")):
            yield finding(RULES["schema-org/contentUrl/form"], f"{path}/contentUrl", shown(node(each).get("contentUrl") or ""))


_MENDS: dict[str, json_repairs.Mend] = {
    **{f"schema-org/{name}/form": json_repairs.of(repairs.date) for name in _DATES},
    **{f"schema-org/{name}/form": json_repairs.escaped for name in (*_LINKS, "contentUrl")},
}


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy, and what was done: dates and addresses. Never raises."""
    return json_repairs.mended(body, check, _MENDS)
