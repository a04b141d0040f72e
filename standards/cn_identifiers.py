"""Codes of Chinese catalogues, taken apart and checked: who provides, and which resource.

    uscc_fault("91350100M000100Y43") -> "" | "length" | "characters" | "organization" | "check"     GB 32100-2015, GB 11714
    uscc_check_digit("91350100M000100Y4") -> "3"
    resource_code("111112001/2001") -> ResourceCode("1", "11", "112", "001", "2001") | None         guide of 2017, §6
    identifier_parts("11000/A00034VG345") -> ("11000", "A00034VG345") | None                        GB/T 21063.5
    tidy("９１35 0100…") -> the code in plain characters, without blanks

Codes with a wrong check digit were really issued, so that a fault of `organization` or `check` is a warning, never more.
The two schemes for resources both have a `/`: the guide's class code (类 one digit, 项 two, 目 three, 细目 any) before a
sequence number, and the front section (five characters: a region and its department) before a rear one.
"""

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a unified social credit code: no I, O, S, V, Z (GB 32100-2015 §4.2)."""

_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997 §3.2
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODE = re.compile(r"([1-3])(\d\d)(\d{3})([0-9A-Za-z]*)/([0-9A-Za-z]+)", re.ASCII)
_CLASS = re.compile(r"([1-3])(?:(\d\d)(?:(\d{3})([0-9A-Za-z]*))?)?", re.ASCII)
_SECTIONS = re.compile(r"([0-9A-Z]{5})/([0-9A-Za-z]+)", re.ASCII)
_BLANKS = re.compile(r"[\s\u200b\ufeff]+")
_LONGEST = 500


class ResourceCode(NamedTuple):
    """A resource code of the guide, in its parts; the four first are the class code (信息资源分类码)."""

    kind: str
    item: str
    entry: str
    detail: str
    sequence: str

    @property
    def class_code(self) -> str:
        """What stands before the `/`."""
        return self.kind + self.item + self.entry + self.detail


@lru_cache(maxsize=4096)
def uscc_fault(code: str) -> str:
    """What is wrong with a unified social credit code (统一社会信用代码); "" when nothing is."""
    if len(code) != 18:
        return "length"
    if any(character not in ALPHABET for character in code):
        return "characters"
    if code[17] != uscc_check_digit(code[:17]):
        return "check"
    return "organization" if not is_organization_code(code[8:17]) else ""


def uscc_check_digit(front: str) -> str:
    """The 18th character to 17 others of `ALPHABET` (GB 32100-2015 §4.3: weights are powers of 3, modulo 31)."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(front, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def is_organization_code(code: str) -> bool:
    """Whether the ninth character of an organisation code is right (GB 11714-1997: modulo 11, 10 is `X`)."""
    if len(code) != 9 or any(character not in _DIGITS for character in code):
        return False
    total = sum(_DIGITS.index(character) * weight for character, weight in zip(code[:8], _ORGANIZATION_WEIGHTS, strict=True))
    return code[8] == "0123456789X"[(11 - total % 11) % 11]


def resource_code(code: str) -> ResourceCode | None:
    """The parts of a resource code (信息资源代码) of the guide of 2017; None when it is none."""
    found = _CODE.fullmatch(code) if len(code) <= _LONGEST else None
    return ResourceCode(*found.groups()) if found else None


def class_levels(code: str) -> tuple[str, ...]:
    """The levels in a class code (分类码): `111112001` → `("1", "11", "112", "001")`; () when it is none."""
    found = _CLASS.fullmatch(code) if len(code) <= _LONGEST else None
    return tuple(part for part in found.groups() if part) if found else ()


def class_code(code: str) -> str:
    """What of a resource code is its class: what stands before the `/`, when that is a class code; else ""."""
    front = code.partition("/")[0]
    return front if class_levels(front) else ""


def identifier_parts(code: str) -> tuple[str, str] | None:
    """Front and rear section (前段码, 后段码) of an identifier after GB/T 21063.5, also url-encoded; None when it is none."""
    found = _SECTIONS.fullmatch(code.replace("%2F", "/").replace("%2f", "/")) if len(code) <= _LONGEST else None
    return (found[1], found[2]) if found else None


def tidy(code: str) -> str:
    """A code in plain characters, without blanks; `／` is `/`."""
    return _BLANKS.sub("", normalize("NFKC", code))
