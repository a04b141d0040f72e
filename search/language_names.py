"""Names that may stand before a colon, in English and Chinese, and what a facet's values are called. Pure.

`title:公交`, `标题：公交`, `format:csv`, `格式:csv`. Names of facets and their titles (`search.facets`) are known by
themselves; here are the text fields, ranges and other spellings, also those that CKAN's clients use.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from metadata.vocabulary import SCHEMES, format_of, language_tag, look_up
from search.analysis import fold
from search.facet_trees import CLASSES, PROVINCES
from search.facets import FACETS, facet_label
from search.fields import COUNTS, DATES, TEXTS
from standards.table import STANDARDS

RANGES = (*DATES, "period", *COUNTS)
EXACT = ("name", "id", "identifier")
"""Not facets, but compared as they are."""

_LONGEST = 40
_ALSO = {
    "title": "标题 名称 题名 数据集名称 信息资源名称 titles",
    "keyword": "关键词 关键字 标签 keywords tag tags",
    "publisher": "提供方 提供单位 发布者 发布单位 发布机构 来源部门 数据提供方 author",
    "description": "描述 简介 摘要 说明 notes abstract",
    "column": "信息项 数据项 字段 columns field fields",
    "resource": "资源 文件 分发 resources distribution distributions",
    "other": "其他 其它",
    "modified": "修改 更新 修改日期 更新日期 更新时间 修改时间",
    "issued": "发布 发布日期 发布时间 published",
    "created": "收录 收录日期 收录时间 登记日期 登记时间 metadata_created",
    "updated": "变更 变更日期 变更时间 metadata_modified",
    "period": "时期 时间范围 时段 temporal",
    "size": "大小 文件大小",
    "quality": "质量 质量分",
    "use": "访问 访问量 浏览量 使用 visits views",
    "identifier": "标识符 信息资源代码 资源代码 目录代码",
    "organization": "部门 机构 organisation department org owner_org",
    "theme": "主题 分类 themes group groups category",
    "format": "格式 文件格式 formats res_format",
    "licence": "许可 许可证 许可协议 授权 授权协议 license license_id",
    "frequency": "更新频率 更新周期 accrualperiodicity",
    "language": "语种 语言 lang",
    "openness": "开放属性 开放",
    "sharing": "共享属性 共享",
}
_SCHEME_OF = {name: name for name in SCHEMES} | {"access": "access-right"}
_CODES = (
    *("open", "conditional", "none", "unconditional", "published", "withheld", "retired"),
    *("restricted", "unknown", "yes", "no", "clean", "warnings", "errors"),
)
_CLOSED = ("openness", "sharing", "state", "standard", "api", "licence_openness", "quality")
"""Facets all of whose values are known of old."""

_KIND_OF_REGION = re.compile("(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")


def field_of(name: str) -> str | None:
    """The field that a name stands for: one of `TEXTS`, `RANGES`, `EXACT` or a facet; None for anything else."""
    return _names().get(_slight(name)) if 0 < len(name) <= _LONGEST else None


@lru_cache(maxsize=2_000)
def values_of(facet: str, typed: str) -> tuple[str, ...]:
    """The values of a facet (or of `EXACT`) that someone means: the code that a list knows the word by, else the word in
    usual spellings. None of those that there are, where all of them are known (`openness`, `standard`): `()`."""
    return tuple(_known_value(facet, typed)) or (() if facet in _CLOSED else _spellings(typed))


def _known_value(facet: str, typed: str) -> Iterator[str]:
    if facet == "language" and (tag := language_tag(typed)):
        yield tag
    elif facet == "region":
        yield from _region(typed)
    elif scheme := _SCHEME_OF.get(facet):
        coded = format_of(typed)[0] if scheme == "format" else look_up(scheme, typed)
        if coded and coded.scheme and coded.code:
            yield coded.code
    elif found := _labelled(facet).get(_slight(typed)):
        yield found


def _region(typed: str) -> Iterator[str]:
    """A province by any of its names, and these themselves, for places that are said by name."""
    for code, names in PROVINCES.items():
        if _slight(typed) in {_slight(name) for word in names.values() for name in (word, _KIND_OF_REGION.sub("", word))}:
            yield from (code, *names.values(), *_spellings(typed))


def _spellings(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((typed, typed.lower(), typed.upper(), typed.title(), typed.capitalize(), fold(typed))))


@cache
def _names() -> dict[str, str]:
    """What comes first wins: a text field is looked into by words, so it has whatever a facet of the same name would find."""
    known = dict.fromkeys((*TEXTS, *RANGES, *EXACT, *FACETS))
    names = {_slight(name): name for name in reversed(known)}
    for name in known:
        for other in _ALSO.get(name, "").split():
            names.setdefault(_slight(other), name)
    for facet in FACETS.values():
        for title in facet.title.values():
            names.setdefault(_slight(title), facet.name)
    return names


@cache
def _labelled(facet: str) -> dict[str, str]:
    """Codes and the words that are shown for them → codes."""
    codes = STANDARDS if facet == "standard" else CLASSES if facet == "class" else _CODES if facet in _CLOSED else ()
    shown = {code: facet_label(facet, code) for code in codes}
    return {_slight(word): code for code, words in shown.items() if words for word in (*words.values(), code)}


def _slight(word: str) -> str:
    """A word without case, width, blanks, `_` and `-`."""
    return fold(word).replace(" ", "").replace("_", "").replace("-", "")
