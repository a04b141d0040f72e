"""An entry → our tokens of its text, field by field (`search.fields.TEXTS`, `READINGS`, `SETS` and `exact`). Pure.

- `title`, `description`: in every language.
- `keyword`: keywords. `publisher`: the department, who publishes and creates, and what is over them.
- `column`: names and codes of information items (信息项).
- `resource`: titles and descriptions of distributions and of services.
- `other`: identifiers, themes, classification, places, series.
- `pinyin`, `initials`: how titles, keywords and publishers are read (`search.pinyin`).

Stems are made in `search.stemming.FIELDS`, by the language of the text; of words without one, by the first language of the
dataset, else as English.

Descriptions are often pages cut out of a site: HTML elements are no words, and `&amp;` is a character.

Text is indexed up to a bound, so that one runaway description cannot weigh down the index: the first `DESCRIPTION` characters
of a description in each language, the first `OTHER` characters of each of `column`, `resource` and `other`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from itertools import accumulate

from metadata.entry import Entry
from metadata.model import Agent, Coded, DataService, Distribution
from metadata.text import UNDETERMINED
from search.analysis import characters, joined, main, stream
from search.facet_values import LONGEST
from search.pinyin import streams

DESCRIPTION = 10_000
TITLE = 1_000
OTHER = 10_000
MOST = 200
"""Values of one facet, distributions and information items that are indexed."""

_UNSAID = "en"
_REMEMBERED = 30_000
_ELEMENT = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)


class _Streams(dict[str, str]):
    """A short text → its stream; keywords, publishers and titles of distributions come again and again. Emptied when it has
    grown large."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, words: str) -> str:
        found = stream(words, self._language)
        if len(words) <= LONGEST:
            if len(self) > _REMEMBERED:
                self.clear()
            self[words] = found
        return found


_plain = _Streams("").__getitem__


@lru_cache(maxsize=64)
def _streams_in(language: str) -> _Streams:
    return _Streams(language)


def tokens(entry: Entry, names: list[str]) -> dict[str, str]:
    """The tokens of an entry by field; `names` are its `publishers`."""
    dataset = entry.dataset
    unsaid = dataset.language[0] if dataset.language else _UNSAID
    titles = [stream(words[:TITLE], _spoken(tag, unsaid)) for tag, words in dataset.title.items()]
    found = {
        "title": joined(titles),
        "keyword": joined(_keyword_streams(entry, unsaid)),
        "publisher": joined(map(_plain, names)),
        "description": joined(_description(words, _spoken(tag, unsaid)) for tag, words in dataset.description.items()),
        "column": joined(map(_plain, _bounded(_columns(entry)))) if dataset.information_item else "",
        "resource": joined(map(_plain, _bounded(_resources(entry)))),
        "other": joined(map(_plain, _bounded(_others(entry)))),
    }
    found["characters"] = characters(found.values())
    found["title_characters"] = characters([found["title"]]) if found["characters"] else ""
    found["exact"] = "\n".join(dict.fromkeys(filter(None, map(main, titles))))
    found["pinyin"], found["initials"] = _read(entry, names)
    return found


@lru_cache(maxsize=1_000)
def _description(words: str, language: str) -> str:
    """A source describes many of its datasets in the same words, one after the other."""
    return stream(readable(words[:DESCRIPTION]), language)


def readable(text: str) -> str:
    """A text without its HTML elements, its character references as characters."""
    if "<" in text:
        text = _ELEMENT.sub(" ", text)
    return unescape(text) if "&" in text else text


def publishers(entry: Entry) -> list[str]:
    """Names of the department, of who publishes and creates, and of what is over them, each once."""
    found = list(entry.organization_title.values())
    for agent in (entry.dataset.publisher, *entry.dataset.creator):
        found += _names(agent)
    return list(dict.fromkeys([name[:LONGEST] for name in found]))


def _names(agent: Agent | None) -> list[str]:
    found: list[str] = []
    while agent is not None:
        found += agent.name.values()
        agent = agent.parent
    return found


def _spoken(tag: str, unsaid: str) -> str:
    return unsaid if tag == UNDETERMINED else tag


def _keyword_streams(entry: Entry, unsaid: str) -> Iterator[str]:
    for tag, words in entry.dataset.keyword.items():
        yield from map(_streams_in(_spoken(tag, unsaid)).__getitem__, [word[:LONGEST] for word in words[:MOST]])


def _read(entry: Entry, names: list[str]) -> tuple[str, str]:
    """How titles, keywords and publishers are read."""
    keywords = (word for words in entry.dataset.keyword.values() for word in words[:MOST])
    return streams([*entry.dataset.title.values(), *keywords, *names])


def _bounded(texts: Iterable[str]) -> list[str]:
    """Texts, each once, cut at `OTHER` characters in all."""
    found = list(dict.fromkeys(texts))
    if sum(map(len, found)) <= OTHER:
        return found
    ends = accumulate(map(len, found))
    return [text[: OTHER - end + len(text)] for text, end in zip(found, ends, strict=True) if end - len(text) < OTHER]


def _columns(entry: Entry) -> Iterator[str]:
    for item in entry.dataset.information_item[:MOST]:
        yield from item.name.values()
        if item.code:
            yield item.code


def _resources(entry: Entry) -> list[str]:
    found: list[str] = []
    parts: tuple[Distribution | DataService, ...] = (*entry.dataset.distribution[:MOST], *entry.dataset.service[:MOST])
    for part in parts:
        found += part.title.values()
        if part.description:
            found += map(readable, part.description.values())
    return found


def _others(entry: Entry) -> list[str]:
    dataset = entry.dataset
    found = [
        identifier.rstrip("/").rpartition("/")[2] if "://" in identifier else identifier
        for identifier in (entry.identifier, *dataset.other_identifier)
    ]
    found += _coded_words((*dataset.theme, dataset.classification) if dataset.classification else dataset.theme)
    for place in dataset.spatial[:MOST]:
        found += place.name.values()
    for series in dataset.in_series:
        found += series.title.values()
    return found


def _coded_words(values: Iterable[Coded]) -> Iterator[str]:
    for value in values:
        yield from value.label.values() if value.label else filter(None, [value.raw or value.code])
