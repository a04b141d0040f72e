"""The facets, one line each: how their values are taken from an entry, and what words are shown for a value. Pure.

A value is what filters compare: a code where a controlled list knows the word (`metadata.vocabulary`), else the word as the
source gave it. Words that only the entry knows (the name of a department) travel with the value.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from metadata.entry import Entry
from metadata.model import Agent, Coded
from metadata.text import UNDETERMINED, Text, best, every
from metadata.vocabulary import term
from standards.table import STANDARDS

Value = tuple[str, Mapping[str, str]]
LONGEST = 200
"""Characters of a value; longer ones (a licence text in a code's place) are cut."""


@dataclass(frozen=True)
class Facet:
    """`take` gives the values of an entry with the words it has for them ({} when none); `label` the words that are known of
    old."""

    name: str
    title: Text
    take: Callable[[Entry], Iterable[Value]]
    label: Callable[[str], Mapping[str, str]]


def facet_label(name: str, value: str) -> Mapping[str, str]:
    """The words for a value as far as they are known without asking the index; `{}` when not."""
    return FACETS[name].label(value)


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


def _coded(values: Iterable[Coded | None]) -> list[Value]:
    """Codes where a list knows the word, else the word."""
    found: list[Value] = []
    for value in values:
        if value is None:
            continue
        if value.code:
            found.append((value.code, value.label))
        elif word := value.raw or best(value.label):
            found.append((word, {}))
    return found


def _words(values: Iterable[str | None]) -> list[Value]:
    return [(value, _UNTOLD) for value in values if value]


def _organization(entry: Entry) -> list[Value]:
    return [(entry.organization, entry.organization_title)] if entry.organization else []


def _publisher(entry: Entry) -> list[Value]:
    agent: Agent | None = entry.dataset.publisher
    name = best(agent.name) if agent else ""
    return [(name, agent.name)] if agent and name else []


def _licences(entry: Entry) -> list[Value]:
    return _coded((entry.dataset.license, *(part.license for part in entry.dataset.distribution)))


def _formats(entry: Entry) -> list[Value]:
    return _coded([part.format for part in entry.dataset.distribution])


def _openness(entry: Entry) -> list[Value]:
    return [(entry.dataset.openness.kind, _UNTOLD)] if entry.dataset.openness else []


def _sharing(entry: Entry) -> list[Value]:
    return [(entry.dataset.sharing.kind, _UNTOLD)] if entry.dataset.sharing else []


_UNTOLD: Mapping[str, str] = {}

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

_ALL = (
    Facet("organization", {"zh": "部门", "en": "Organization"}, _organization, _no_label),
    Facet("publisher", {"zh": "提供方", "en": "Publisher"}, _publisher, _no_label),
    Facet("theme", {"zh": "主题", "en": "Theme"}, lambda entry: _coded(entry.dataset.theme), partial(_term_label, "theme")),
    Facet("keyword", {"zh": "关键词", "en": "Keyword"}, lambda entry: _words(every(entry.dataset.keyword)), _itself),
    Facet("format", {"zh": "格式", "en": "Format"}, _formats, partial(_term_label, "format")),
    Facet("licence", {"zh": "许可协议", "en": "Licence"}, _licences, partial(_term_label, "licence")),
    Facet("frequency", {"zh": "更新周期", "en": "Frequency"},
          lambda entry: _coded([entry.dataset.accrual_periodicity]), partial(_term_label, "frequency")),
    Facet("language", {"zh": "语种", "en": "Language"},
          lambda entry: _words(entry.dataset.language), partial(_term_label, "language")),
    Facet("openness", {"zh": "开放属性", "en": "Openness"}, _openness, partial(_word_label, _OPENNESS)),
    Facet("sharing", {"zh": "共享属性", "en": "Sharing"}, _sharing, partial(_word_label, _SHARING)),
    Facet("source", {"zh": "来源", "en": "Source"}, lambda entry: _words([entry.source]), _itself),
    Facet("standard", {"zh": "标准", "en": "Standard"}, lambda entry: _words([entry.standard]), _standard_label),
    Facet("state", {"zh": "状态", "en": "State"}, lambda entry: _words([entry.state]), partial(_word_label, _STATE)),
)  # fmt: skip

FACETS: dict[str, Facet] = {facet.name: facet for facet in _ALL}
