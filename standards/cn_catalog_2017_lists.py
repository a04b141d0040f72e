"""The value sets of the guide of 2017, by label, number and the words that are met: `files/cn_catalog_2017/lists.json`.

Numbers are taken as the guide orders its values (1 无条件共享, 2 有条件共享, 3 不予共享); other systems number them
differently, which is why words are written and a check advises them.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

import msgspec

from metadata import vocabulary
from metadata.model import Coded, Distribution
from standards.json_schema import schema_file

SHARING, SHARING_METHOD, TYPE, CLASS = "cn-2017-sharing", "cn-2017-sharing-method", "cn-2017-type", "cn-2017"
"""Schemes of coded values, as `Coded.scheme`."""


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of a list. `types`: the file types of a class of formats; `practice`: used, but not in the guide."""

    code: str
    label: dict[str, str]
    also: tuple[str, ...] = ()
    number: str = ""
    types: tuple[str, ...] = ()
    practice: bool = False


class DataType(NamedTuple):
    """A data type as written: its value, and length and precision that were written with it (`C(50)`, `N(18,2)`)."""

    value: Value
    length: int | None = None
    precision: int | None = None


@cache
def values(name: str) -> tuple[Value, ...]:
    """A list: `class`, `sharing`, `open`, `method-class`, `method`, `format`, `type`."""
    return msgspec.convert(schema_file("cn_catalog_2017", "lists.json")[name], tuple[Value, ...])


@cache
def class_items(code: str) -> tuple[str, ...]:
    """The second level (项) that the guide names for a class (`1`, `2`); () where it leaves it open."""
    return tuple(schema_file("cn_catalog_2017", "lists.json")["item"].get(code, ()))


@cache
def frequencies() -> tuple[str, ...]:
    """The codes of the update cycles that the guide names."""
    return tuple(schema_file("cn_catalog_2017", "lists.json")["frequency"])


@lru_cache(maxsize=4096)
def find(name: str, word: str) -> Value | None:
    """The value of a list that a word means, or None."""
    return _index(name).get(vocabulary.fold(word[:200]).lstrip("0") or "0") if word else None


def by_code(name: str, code: str) -> Value | None:
    """The value of a list with this code."""
    return next((each for each in values(name) if each.code == code), None)


@cache
def _index(name: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for each in values(name):
        for word in filter(None, (each.code, each.number, *each.label.values(), *each.also)):
            found.setdefault(vocabulary.fold(word).lstrip("0") or "0", each)
    return found


_SIZED = re.compile(r"(.{1,20}?)[\s(（,，:：]*(\d{1,6})(?:[\s,，.、]+(\d{1,3}))?[)）]?", re.DOTALL)


@lru_cache(maxsize=4096)
def data_type(word: str) -> DataType | None:
    """The data type that a word means: `C`, `字符串型C`, `字符型（50）`, `decimal(18,2)`. None when it is none."""
    plain = find("type", word)
    if plain:
        return DataType(plain)
    sized = _SIZED.fullmatch(vocabulary.fold(word)) if len(word) <= 40 else None
    found = find("type", sized[1]) if sized else None
    if not found or not sized:
        return None
    return DataType(found, int(sized[2]), int(sized[3]) if sized[3] else None)


@lru_cache(maxsize=4096)
def format_class(word: str) -> Value | None:
    """The class of formats that a type belongs to (`xlsx` → 电子表格), or None."""
    folded = vocabulary.fold(word[:100])
    return next((each for each in values("format") if folded in map(vocabulary.fold, each.types)), None)


def class_of_format(way: Distribution) -> Value | None:
    """The class of formats of a distribution, by the word for its format."""
    given = way.format
    words = [given.raw, given.code, *given.label.values()] if given else []
    return next((found for word in words if word and (found := format_class(word) or find("format", word))), None)


@lru_cache(maxsize=4096)
def update_cycle(word: str) -> str:
    """The code of the frequency that a word means; "" for none."""
    found = vocabulary.look_up("frequency", word)
    return found.code if found.scheme else ""


@cache
def listed_word(code: str) -> str:
    """The guide's word for a frequency; "" when it names none."""
    known = vocabulary.term("frequency", code)
    return known.names.get("cn-2017", "") if known and code in frequencies() else ""


def coded(scheme: str, found: Value, raw: str | None = None) -> Coded:
    """A value of a list for the model."""
    return Coded(scheme=scheme, code=found.code, label=found.label, raw=raw)
