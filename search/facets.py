"""The facets, one line each: how their values are taken from an entry, what words are shown for a value, what is above it.

A value is what filters compare: a code where a controlled list knows the word (`metadata.vocabulary`), else the word as the
source gave it. Where a facet is a tree a dataset has the values above its own too, so that who chooses a department or a
class finds what lies below. `search.facet_values` says value by value how they are taken. Pure.

Words and parents that only an entry knows (the name of a department, what is over it) travel with the document:
`Document.shown["labels"]` is `{facet: {value: words}}`, `Document.shown["above"]` is `{facet: {value: parent}}`, both left out
when empty. So an answer asks `facet_label(name, value)` first and, when that is `{}`, any document with the value; and
`parent_of(name, value, told)`, where `told` is `shown["above"][name]` of any document with the value.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from metadata.entry import Entry
from metadata.text import UNDETERMINED, Text
from metadata.vocabulary import term
from search import facet_values as values
from search.facet_trees import CLASSES, PROVINCES, above_class, above_path, above_region
from standards.table import STANDARDS

LONGEST = values.LONGEST
_Label = Callable[[str], Mapping[str, str]]


def _none(_value: str) -> None:
    return None


def _no_words(_entry: Entry) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Facet:
    """`take` gives the values of an entry; `label` the words that are known of old for a value; `told` those that only the
    entry has; `parent` what is above a value as far as the value tells, `above` as far as the entry does (value → parent)."""

    name: str
    title: Text
    take: Callable[[Entry], Iterable[str]]
    label: _Label
    told: Callable[[Entry], Mapping[str, Mapping[str, str]]] = values.nothing
    parent: Callable[[str], str | None] = _none
    above: Callable[[Entry], Mapping[str, str]] = _no_words


def facet_label(name: str, value: str) -> Mapping[str, str]:
    """The words for a value as far as they are known without asking the index; `{}` when not."""
    return FACETS[name].label(value)


def parent_of(name: str, value: str, told: Mapping[str, str] | None = None) -> str | None:
    """The value right above one, None at the top and in facets that are no tree. `told` is `shown["above"][name]` of any
    document that has the value; only departments need it."""
    return FACETS[name].parent(value) or (told.get(value) if told else None)


def _term_label(scheme: str, value: str) -> Mapping[str, str]:
    found = term(scheme, value)
    return found.label if found else {}


def _word_label(words: Mapping[str, Text], value: str) -> Mapping[str, str]:
    return words.get(value, {})


def _no_label(_value: str) -> Mapping[str, str]:
    return {}


def _itself(value: str) -> Mapping[str, str]:
    return {UNDETERMINED: value}


def _standard_label(value: str) -> Mapping[str, str]:
    return STANDARDS.get(value).title if value in STANDARDS else {}


_OPENNESS: dict[str, Text] = {
    "open": {"zh": "无条件开放", "en": "Open"},
    "conditional": {"zh": "有条件开放", "en": "Open on conditions"},
    "none": {"zh": "不予开放", "en": "Not open"},
}
_SHARING: dict[str, Text] = {
    "unconditional": {"zh": "无条件共享", "en": "Shared"},
    "conditional": {"zh": "有条件共享", "en": "Shared on conditions"},
    "none": {"zh": "不予共享", "en": "Not shared"},
}
_STATE: dict[str, Text] = {
    "published": {"zh": "已发布", "en": "Published"},
    "withheld": {"zh": "暂不发布", "en": "Withheld"},
    "retired": {"zh": "已注销", "en": "Retired"},
}
_LICENCE_OPENNESS: dict[str, Text] = {
    "open": {"zh": "开放许可", "en": "Open licence"},
    "restricted": {"zh": "有限制的许可", "en": "Restricted licence"},
    "unknown": {"zh": "许可不明", "en": "Licence unclear"},
}
_API: dict[str, Text] = {"yes": {"zh": "有接口", "en": "Has an API"}, "no": {"zh": "无接口", "en": "No API"}}
_QUALITY: dict[str, Text] = {
    "clean": {"zh": "核查无问题", "en": "No findings"},
    "warnings": {"zh": "核查有警告", "en": "Warnings"},
    "errors": {"zh": "核查有错误", "en": "Errors"},
}

_ALL = (
    Facet("organization", {"zh": "部门", "en": "Organization"}, values.organizations, _no_label,
          values.organization_titles, above=values.organizations_above),
    Facet("publisher", {"zh": "提供方", "en": "Publisher"}, values.publisher, _no_label, values.publisher_names),
    Facet("theme", {"zh": "主题", "en": "Theme"}, values.themes, partial(_term_label, "theme"),
          lambda entry: values.unlisted(entry.dataset.theme), above_path),
    Facet("class", {"zh": "信息资源分类", "en": "Classification"}, values.classes, partial(_word_label, CLASSES),
          values.class_labels, above_class),
    Facet("region", {"zh": "地区", "en": "Region"}, values.regions, partial(_word_label, PROVINCES),
          values.region_names, above_region),
    Facet("keyword", {"zh": "关键词", "en": "Keyword"}, values.keywords, _itself),
    Facet("format", {"zh": "格式", "en": "Format"}, values.formats, partial(_term_label, "format"),
          lambda entry: values.unlisted([part.format for part in entry.dataset.distribution])),
    Facet("api", {"zh": "接口", "en": "API"}, values.api, partial(_word_label, _API)),
    Facet("licence", {"zh": "许可协议", "en": "Licence"}, values.licences, partial(_term_label, "licence"),
          lambda entry: values.unlisted(values.all_licences(entry))),
    Facet("licence_openness", {"zh": "许可开放度", "en": "Licence openness"}, values.licence_openness,
          partial(_word_label, _LICENCE_OPENNESS)),
    Facet("access", {"zh": "访问权限", "en": "Access"}, lambda entry: values.coded([entry.dataset.access_rights]),
          partial(_term_label, "access-right"), lambda entry: values.unlisted([entry.dataset.access_rights])),
    Facet("frequency", {"zh": "更新周期", "en": "Frequency"}, lambda entry: values.coded([entry.dataset.accrual_periodicity]),
          partial(_term_label, "frequency"), lambda entry: values.unlisted([entry.dataset.accrual_periodicity])),
    Facet("language", {"zh": "语种", "en": "Language"},
          lambda entry: values.words(entry.dataset.language), partial(_term_label, "language")),
    Facet("openness", {"zh": "开放属性", "en": "Openness"}, values.openness, partial(_word_label, _OPENNESS)),
    Facet("sharing", {"zh": "共享属性", "en": "Sharing"}, values.sharing, partial(_word_label, _SHARING)),
    Facet("quality", {"zh": "质量", "en": "Quality"}, values.quality, partial(_word_label, _QUALITY)),
    Facet("source", {"zh": "来源", "en": "Source"}, lambda entry: values.words([entry.source]), _itself),
    Facet("standard", {"zh": "标准", "en": "Standard"}, lambda entry: values.words([entry.standard]), _standard_label),
    Facet("state", {"zh": "状态", "en": "State"}, lambda entry: (entry.state,), partial(_word_label, _STATE)),
)  # fmt: skip

FACETS: dict[str, Facet] = {facet.name: facet for facet in _ALL}
