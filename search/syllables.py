"""Mandarin in letters: the syllables of Hanyu Pinyin (GB/T 16159, without tones), and how a word is cut into them. Pure.

`ü` is written `v` where it is not plain `u` after j, q, x and y; who types `lu` for it is understood as well.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

MOST = 8
"""Ways of reading one word."""

_LONGEST = 48
_FINALS = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan ue un uo v ve",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan ue un uo v ve",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
SYLLABLES = frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())
INITIALS = frozenset(syllable[0] for syllable in SYLLABLES)
_OTHERWISE = {"lv": "lu", "nv": "nu", "lve": "lue", "nve": "nue", "lue": "lve", "nue": "nve"}
_SIZES = range(max(map(len, SYLLABLES)), 0, -1)


@lru_cache(maxsize=2_000)
def cuts(word: str) -> tuple[tuple[str, ...], ...]:
    """How a word of small letters reads as syllables, the likeliest way first: the longest syllables, and those that begin with
    a vowel at the start, for within a word an apostrophe goes before them. At most `MOST` ways, none when it does not read so:
    `xian` → `(("xian",), ("xi", "an"))`."""
    if not 0 < len(word) <= _LONGEST:
        return ()
    found: list[tuple[str, ...]] = [()]
    for part in word.replace("’", "'").replace("-", "'").split("'"):
        ways = sorted(islice(_ways(part), 8 * MOST), key=_unmarked)[:MOST]
        found = [(*before, *way) for before in found for way in ways][:MOST]
    return tuple(islice(dict.fromkeys(other for way in found for other in _spelled(way)), MOST))


def _ways(word: str) -> Iterator[tuple[str, ...]]:
    """Every cut; the search never enters a place from which the end cannot be reached."""
    ends = _reaching(word)
    stack: list[tuple[int, tuple[str, ...]]] = [(0, ())] if 0 in ends else []
    while stack:
        place, way = stack.pop()
        if place == len(word) and way:
            yield way
        for size in reversed(_SIZES):
            if place + size in ends and (syllable := word[place : place + size]) in SYLLABLES:
                stack.append((place + size, (*way, syllable)))


def _unmarked(way: tuple[str, ...]) -> int:
    """How many syllables should have an apostrophe before them."""
    return sum(syllable[0] in "aoe" for syllable in way[1:])


def _reaching(word: str) -> set[int]:
    """The places of a word from which syllables lead to its end."""
    ends = {len(word)}
    for place in range(len(word) - 1, -1, -1):
        if any(place + size in ends and word[place : place + size] in SYLLABLES for size in _SIZES):
            ends.add(place)
    return ends


def _spelled(way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A way with `ü` in either spelling."""
    yield way
    if any(syllable in _OTHERWISE for syllable in way):
        yield tuple(_OTHERWISE.get(syllable, syllable) for syllable in way)


def initials(word: str) -> tuple[str, ...]:
    """The letters of a word that may be the first ones of syllables (`ggjt`), two at least; none when one may not."""
    return tuple(word) if 2 <= len(word) <= _LONGEST and INITIALS.issuperset(word) else ()
