"""One folded word → its tokens: parts of codes, their joined forms, English plurals folded. Pure.

Plurals after Harman, "How effective is suffixing?", 1991 (the S stemmer), with the cases that catalogues hold.
"""

import re

JOINT = re.compile(r"[-/._'’]+")
LONGEST = 64
"""Characters of a token."""

_MIXED = re.compile(r"([^\W\d_]+)(\d+)|(\d+)([^\W\d_]+)")


def take_apart(word: str) -> tuple[list[str], list[str]]:
    """`gb/t21063` → `[gb, t, 21063]` and the joined forms `[gbt, gbt21063]`; a plain word → itself and none."""
    if word.isalpha() and word.isascii():
        return [singular(word[:LONGEST])], []
    possessive = word.removesuffix("'s").removesuffix("’s")
    segments = [segment[:LONGEST] for segment in JOINT.split(possessive) if segment]
    parts = [part for segment in segments for part in _halves(segment)]
    if len(parts) < 2 or len(parts) > 6:
        return [singular(part) for part in parts], []
    first = 2 if any(part.isdigit() for part in parts) else len(parts)
    joined = ["".join(parts[:count]) for count in range(first, len(parts) + 1)]
    return [singular(part) for part in parts], [singular(form) for form in joined]


def _halves(segment: str) -> list[str]:
    """`gbt21063` → `[gbt, 21063]`: letters and digits are parted where they meet once; `5g`, `h1n1` stay."""
    met = _MIXED.fullmatch(segment) if len(segment) > 2 else None
    return [half for half in met.groups() if half] if met else [segment]


_UNLIKE_PLURALS = {"news": "news", "series": "series", "species": "species", "buses": "bus", "gases": "gas", "viruses": "virus"}
_UNLIKE_PLURALS |= {f"{word}es": word for word in ("census", "campus", "status", "surplus", "bonus", "focus", "lens", "atlas")}
_UNLIKE_PLURALS |= {
    "analyses": "analysis",
    "bases": "base",
    "caches": "cache",
    "axes": "axis",
    "lens": "lens",
    "atlas": "atlas",
}


def singular(word: str) -> str:
    """An English plural's singular, any other word as it is. Wrong now and then, but alike on both sides."""
    if len(word) < 4 or word[-1] != "s" or not word.isascii() or not word.isalpha():
        return word
    if word in _UNLIKE_PLURALS:
        return _UNLIKE_PLURALS[word]
    if word.endswith(("us", "ss", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]
