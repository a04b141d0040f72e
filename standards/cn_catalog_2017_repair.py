"""Mechanical repairs of a record after the guide of 2017, in all its forms: a value for a value, at the place where it stands.

Words become those of the guide, codes and dates plain ones. Filled in (and marked so) is only what another field of the
record says already: the class from the code's first digit, the class of formats from the type.
"""

from collections.abc import Callable, Iterator
from typing import Any

from standards import cn_catalog_2017_lists as lists
from standards import repairs
from standards.base import Repair, Unreadable
from standards.cn_catalog_2017_check import check
from standards.cn_catalog_2017_names import NAMES
from standards.cn_catalog_2017_rules import PREFIX
from standards.cn_catalog_2017_said import Cell, Said, said
from standards.cn_identifiers import class_code, resource_code, tidy
from standards.cn_nodes import At, mended

Mend = Callable[[str], str | None]


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy of a body, and what was done: an answer to a finding each time. Never raises."""
    try:
        found = said(body)
    except Unreadable:
        return body, []
    told = {one.path: one.rule for one in reversed(list(check(body)))}
    values: dict[At, Any] = {}
    done: list[Repair] = []
    for cell, after in _mends(found):
        if cell.place in told:
            values[cell.at] = after
            done.append(repairs.repair(told[cell.place], cell.place, cell.value, after))
    for rule, at, place, after in _fills(found):
        values[at] = after
        done.append(repairs.repair(f"{PREFIX}/{rule}", place, None, after))
    return mended(body, values), done


def _mends(found: Said) -> Iterator[tuple[Cell, str]]:
    for key, mend in _STEPS:
        kind = key.partition("_")[0]
        for entry in found.entries.get(kind, [found.fields]):
            for cell in entry.get(key, ()):
                after = mend(cell.words)
                if after and after != cell.words:
                    yield cell, after


def _listed(name: str) -> Mend:
    """The guide's word for what a word means."""

    def mend(word: str) -> str | None:
        value = lists.find(name, word)
        return value.label["zh"] if value and not value.practice else None

    return mend


def _code(word: str) -> str | None:
    return tidy(word) if resource_code(tidy(word)) else None


def _provider_code(word: str) -> str | None:
    plain = tidy(word).replace("-", "").upper()
    return plain if len(plain) == 18 else None


def _open(word: str) -> str | None:
    """`是` or `否`; a condition that the word itself tells must not be lost."""
    value = lists.find("open", word)
    return value.label["zh"] if value and value.code in ("yes", "no") else None


def _frequency(word: str) -> str | None:
    return lists.listed_word(lists.update_cycle(word)) or None


def _type(word: str) -> str | None:
    """The guide's spelling, unless a length stands beside it that would be lost."""
    found = lists.data_type(word)
    return found.value.label["zh"] if found and found.length is None else None


def _day(word: str) -> str | None:
    return repairs.date(word)


_STEPS: tuple[tuple[str, Mend], ...] = (
    ("class_1", _listed("class")),
    ("code", _code),
    ("provider_code", _provider_code),
    ("format_class", _listed("format")),
    ("item_type", _type),
    ("share_type", _listed("sharing")),
    ("share_class", _listed("method-class")),
    ("share_method", _listed("method")),
    ("open", _open),
    ("frequency", _frequency),
    ("issued", _day),
    ("modified", _day),
)


def _fills(found: Said) -> Iterator[tuple[str, At, str, str]]:
    """`(rule, where, place, value)` of what another field says."""
    parts = class_code(tidy(found.words("code")))
    first = lists.by_code("class", parts[:1]) if parts and resource_code(tidy(found.words("code"))) else None
    if first and not found.words("class_1") and not found.words("class_path"):
        yield from _fill(found, "class/required", "class_1", first.label["zh"])
    sort = lists.format_class(found.words("format_type"))
    if sort and not sort.practice and not found.words("format_class"):
        yield from _fill(found, "format/required", "format_class", sort.label["zh"])


def _fill(found: Said, rule: str, key: str, value: str) -> Iterator[tuple[str, At, str, str]]:
    empty = found.empty.get(key)
    if empty:
        yield rule, empty[0].at, empty[0].place, value
    elif found.is_json and _is_free(found, key):
        name = NAMES[key]
        at = (name.name,) if found.is_flat else tuple(name.path.split("/"))
        yield rule, at, found.place(key), value


def _is_free(found: Said, key: str) -> bool:
    """Whether an object's member for a group is missing, or an object with that very name."""
    group = NAMES[key].group
    body = found.root.value
    return found.is_flat or group not in body or isinstance(body[group], dict)
