"""Stems: what a word and its forms have in common (`survey`, `surveys`, `surveying`), by the language of a text. Pure.

The rules are those of Snowball (https://snowballstem.org), as compiled into tantivy, which is at hand on every installation.
A stem is made of a token of `search.analysis`, so of folded letters, on both sides alike: `Bevölkerung` and `bevolkerung` have
one stem. Words of dense scripts, numbers and codes have none.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

from metadata.text import primary

MARK = "~"
"""Before a stem in a stream, so that no word is taken for the stem of another. No text gives a token with it."""

FIELDS = ("title", "keyword", "description")
"""Fields of an index whose texts carry stems."""

LANGUAGES = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}
"""Primary language subtags that have stems → Snowball's name for the rules."""

_SHORTEST = 3
_LONGEST = 40
_REMEMBERED = 200_000


class Stems(dict[str, str]):
    """A token → its stem in one language; the token itself when it has none. Emptied when it has grown large."""

    def __init__(self, rules: str) -> None:
        super().__init__()
        self._analyzer: Any = TextAnalyzerBuilder(Tokenizer.whitespace()).filter(Filter.stemmer(rules)).build()

    def __missing__(self, token: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        fit = _SHORTEST <= len(token) <= _LONGEST and token.isalpha()
        self[token] = stem = next(iter(self._analyzer.analyze(token)), token) if fit else token
        return stem


@lru_cache(maxsize=1_000)
def rules_of(language: str) -> str | None:
    """Snowball's name for the rules of a language by its BCP 47 tag; None when there are none here."""
    return LANGUAGES.get(primary(language)) if language else None


@cache
def stems(rules: str) -> Stems:
    """The stems by these rules."""
    return Stems(rules)


def variants(token: str, languages: Iterable[str]) -> list[str]:
    """What else to look for in place of a token: the stem by itself, for texts whose word is no longer than that, and the
    stem marked, for texts whose words have it. One language after the other, each once."""
    if len(token) < _SHORTEST or not token.isalpha():
        return []
    found: dict[str, None] = {}
    for rules in filter(None, map(rules_of, languages)):
        if token.isascii() or rules != "english":
            stem = stems(rules)[token]
            found |= dict.fromkeys((stem, MARK + stem))
    found.pop(token, None)
    return list(found)
