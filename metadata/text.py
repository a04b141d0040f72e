"""Words by language.

A `Text` maps a BCP 47 language tag to words: `{"zh": "公共交通", "en": "Public transport"}`. Words whose
language the source did not name are kept under `und` (BCP 47 §4.1, "undetermined"). `Words` is the same for
lists of short terms, such as keywords.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain

Text = dict[str, str]
Words = dict[str, tuple[str, ...]]

UNDETERMINED = "und"
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")


def text(words: str, language: str = UNDETERMINED) -> Text:
    """`{language: words}`, or an empty Text when there are no words."""
    stripped = words.replace("\x00", "").strip()
    return {language: stripped} if stripped else {}


def best(words: Mapping[str, str], languages: Sequence[str] = ("zh", "en")) -> str:
    """The words in the first language that is there; any other words before none; `""` when empty."""
    return chosen(words, languages)[1]


def chosen(words: Mapping[str, str], languages: Sequence[str] = ("zh", "en")) -> tuple[str, str]:
    """`(language tag, words)` of what `best` would show, so that a page can say which language it is."""
    for language in languages:
        for tag, value in words.items():
            if value and primary(tag) == primary(language):
                return tag, value
    for tag, value in words.items():
        if value:
            return tag, value
    return UNDETERMINED, ""


@lru_cache(maxsize=1_000)
def primary(tag: str) -> str:
    """The primary language subtag, in lower case: `zh-Hant` → `zh`."""
    return tag.split("-", 1)[0].lower()


def guess(words: str) -> str:
    """`zh` where Han characters prevail without kana or hangul, else `und`: never more than the script shows."""
    han = len(_HAN.findall(words))
    if not han or _KANA_OR_HANGUL.search(words):
        return UNDETERMINED
    return "zh" if han * 4 >= len(_LETTER.findall(words)) else UNDETERMINED


def every(words: Words) -> list[str]:
    """All words of a `Words`, in order, once each."""
    return list(dict.fromkeys(chain.from_iterable(words.values())))


def words_of(values: Iterable[str], language: str = UNDETERMINED) -> Words:
    """`{language: (…)}` with blanks and repeats left out, or an empty `Words`."""
    kept = tuple(dict.fromkeys(stripped for value in values if (stripped := value.replace("\x00", "").strip())))
    return {language: kept} if kept else {}
