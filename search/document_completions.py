"""An entry → the lines of the field `completion`, for suggestions while someone types. Pure.

A line is what may have been typed, folded, then `PARTED`, then the letter of a kind (`k` keyword, `p` publisher), then the
words to suggest: `交通\\x1fk公共交通`. Titles have no lines: they are looked up as words (`search.suggest`), so the index
does not grow by every title once more.

Where someone may begin to type: at the start of the words, at each character of a dense script within the first 24, at the
first six words of other scripts; and for words with Han characters the whole by pinyin without blanks (`gonggongjiaotong`)
and by its first letters (`ggjt`, `search.pinyin.keys`). Only of what everyone may see, so that nobody guesses by typing.
"""

import re
from collections.abc import Iterable

from metadata.entry import Entry
from metadata.text import every
from search.analysis import fold, is_dense
from search.document_words import MOST
from search.facet_values import LONGEST
from search.pinyin import keys

PARTED = "\x1f"
"""Between what may have been typed and the words it stands for."""

_FAR = 24
_WORDS = 6
_WORD = re.compile(r"\S+")
_REMEMBERED = 50_000


class _Lines(dict[str, str]):
    """Words of one kind → their lines, parted by line feeds. Emptied when it has grown large."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, given: str) -> str:
        if len(self) > _REMEMBERED:
            self.clear()
        words = " ".join(given.replace(PARTED, " ").split())
        end = f"{PARTED}{self._kind}{words}"
        self[given] = lines = "\n".join(start + end for start in starts(words))
        return lines


_of_keywords = _Lines("k")
_of_publishers = _Lines("p")


def completions(entry: Entry, publishers: Iterable[str]) -> str:
    """The lines of an entry, parted by line feeds."""
    if entry.state != "published":
        return ""
    keywords = (word[:LONGEST] for word in every(entry.dataset.keyword)[:MOST])
    lines = (*map(_of_keywords.__getitem__, keywords), *map(_of_publishers.__getitem__, publishers))
    return "\n".join(filter(None, lines))


def starts(words: str) -> list[str]:
    """What someone may have typed for words in one line, each folded."""
    folded = fold(words)
    if not folded:
        return []
    places = {0} | {place for place in range(1, min(len(folded), _FAR)) if is_dense(folded[place])}
    places |= {word.start() for word in list(_WORD.finditer(folded))[:_WORDS]}
    return list(dict.fromkeys([*(folded[place:] for place in sorted(places)), *keys(folded)]))
