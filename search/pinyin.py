"""How Han characters are read: syllables of Hanyu Pinyin without tones, `v` for `ü` (绿 `lv`), as people type them. Pure.

Two tables. The first is anyascii's (https://github.com/anyascii/anyascii, ISC, after Unihan), one reading for each character,
with the few set right (`_RIGHT`) that catalogues are full of. The second, there when the extra `pinyin` is installed, is
pypinyin's (https://github.com/mozillazg/python-pinyin, MIT): it knows how a character is read within a word, 重庆
`chong qing`, 银行 `yin hang`. Where the two differ a run has both readings, so that installing the extra only ever finds more.

A text gives two streams: the syllables of its runs of Han characters, and their first letters; a bar stands between runs,
between two readings of one, and between texts.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from operator import add
from pathlib import Path
from sys import intern

import ijson
from anyascii import anyascii

from search.analysis import BAR, fold

Syllables = tuple[str, ...]

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_BETWEEN = f" {BAR} "
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0302\u0304\u030c"))
_REMEMBERED = 50_000
_LONGEST = 200
"""Characters of a text that are read."""

_RIGHT = {
    "di": "地",
    "pu": "埔",
    "tuo": "拓",
    "nv": "女",
    "lv": "吕侣旅履屡律率绿氯滤虑铝缕驴",
    "lve": "略掠",
    "nve": "虐疟",
}


class _Plain(dict[str, str]):
    """A character → its reading by the first table; empty when it has none."""

    def __missing__(self, character: str) -> str:
        reading = "".join(filter(str.isalpha, anyascii(character).lower()))
        self[character] = reading
        return reading


_plain = _Plain({character: reading for reading, characters in _RIGHT.items() for character in characters})


class _Exact:
    """The second table: how each character is read, and words in which one is read in another way."""

    def __init__(self, characters: Mapping[int, str], phrases: Iterable[tuple[str, list[list[str]]]]) -> None:
        firsts = _without_tones("\n".join(readings.partition(",")[0] for readings in characters.values()))
        self.characters = {
            chr(code): reading for code, reading in zip(characters, firsts.split("\n"), strict=True) if reading.isalpha()
        }
        lines = {word: " ".join(syllable[0] for syllable in phrase) for word, phrase in phrases}
        spelled = _without_tones("\n".join(lines.values()))
        known = self.characters.get
        self.words: dict[str, Syllables] = {}
        for word, line in zip(lines, spelled.split("\n"), strict=True):
            syllables = tuple(map(intern, line.split(" ")))
            if len(syllables) == len(word) and syllables != tuple(map(known, word)):
                self.words[word] = syllables
        self.telling = {word[:2] for word in self.words}
        self.phrases = frozenset(lines)
        self.begins = {word[:2] for word in lines}
        self.longest = max(map(len, lines), default=0)

    def read(self, run: str, plain: Syllables) -> Syllables:
        """The reading of a run, in which `plain` is the first table's: words first, the longest that begins at a character;
        then characters."""
        found = tuple(map(self.characters.get, run, plain))
        return found if self.telling.isdisjoint(map(add, run, run[1:])) else self._by_words(run, found)

    def _by_words(self, run: str, syllables: Syllables) -> Syllables:
        """Every word of the table counts here, also those that are read as their characters are: 朝阳区 is no 朝阳."""
        found = list(syllables)
        place = 0
        while place < len(run) - 1:
            length = self._word_at(run, place) if run[place : place + 2] in self.begins else 1
            if read := self.words.get(run[place : place + length]):
                found[place : place + length] = read
            place += length
        return tuple(found)

    def _word_at(self, run: str, place: int) -> int:
        """How long the longest word at a place is, 1 without one."""
        longest = min(self.longest, len(run) - place)
        return next((length for length in range(longest, 1, -1) if run[place : place + length] in self.phrases), 1)


@cache
def _exact() -> _Exact | None:
    """The second table, None when the extra is not installed. Its files are read: the package, imported, keeps sixty MiB of
    lists, of which a tenth is needed."""
    found = find_spec("pypinyin")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0])
    try:
        with (folder / "pinyin_dict.json").open("rb") as characters, (folder / "phrases_dict.json").open("rb") as phrases:
            read = {int(code): reading for code, reading in ijson.kvitems(characters, "")}
            return _Exact(read, ijson.kvitems(phrases, ""))
    except FileNotFoundError:  # a version that keeps them elsewhere
        from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

        return _Exact(PINYIN_DICT, PHRASES_DICT.items())


def _without_tones(text: str) -> str:
    return unicodedata.normalize("NFD", text).replace("u\u0308", "v").translate(_TONES)


def han_runs(text: str) -> list[str]:
    """The runs of Han characters in a text, folded."""
    return [] if text.isascii() else _HAN.findall(fold(text))


def readings(run: str) -> list[Syllables]:
    """How a run of folded Han characters is read: one syllable for each character; both ways where the tables differ.
    Characters without a reading are left out of it."""
    plain = tuple(map(_plain.__getitem__, run))
    exact = _exact()
    other = exact.read(run, plain) if exact else plain
    found = [plain] if other == plain else [plain, other]
    return found if all(plain) else [tuple(filter(None, one)) for one in found if any(one)]


class _Streams(dict[str, tuple[str, str]]):
    """A text → its streams of syllables and of first letters. Emptied when it has grown large."""

    def __missing__(self, text: str) -> tuple[str, str]:
        if len(self) > _REMEMBERED:
            self.clear()
        read = [reading for run in han_runs(text[:_LONGEST]) for reading in readings(run)]
        letters = _BETWEEN.join(" ".join(syllable[0] for syllable in reading) for reading in read)
        self[text] = found = (_BETWEEN.join(map(" ".join, read)), letters)
        return found


_streams = _Streams()


def streams(texts: Iterable[str]) -> tuple[str, str]:
    """The streams of several texts: syllables, and their first letters."""
    found = [_streams[text] for text in texts if not text.isascii()]
    if len(found) == 1:
        return found[0]
    return _joined(pinyin for pinyin, _ in found), _joined(letters for _, letters in found)


def _joined(parts: Iterable[str]) -> str:
    return _BETWEEN.join(filter(None, parts))


def keys(folded: str) -> list[str]:
    """What someone may type for a folded text with Han characters: it without blanks, every character by its syllable, or
    by that one's first letter. `公共交通` → `gonggongjiaotong`, `ggjt`. Empty for other texts."""
    if folded.isascii() or not (runs := _HAN.findall(folded)):
        return []
    whole = [_HAN.sub(_next_of(runs, place, "".join), folded) for place in (0, -1)]
    begun = [_HAN.sub(_next_of(runs, place, _first_letters), folded) for place in (0, -1)]
    return list(dict.fromkeys(key.replace(" ", "") for key in (*whole, *begun)))


def _next_of(runs: list[str], place: int, spelled: Callable[[Syllables], str]) -> Callable[[re.Match[str]], str]:
    """Replaces each run by its first reading (`place` 0) or its last (-1)."""
    read = {run: readings(run) for run in runs}
    return lambda met: spelled(read[met[0]][place]) if read[met[0]] else ""


def _first_letters(syllables: Syllables) -> str:
    return "".join(syllable[0] for syllable in syllables)
