"""Repairs of JSON records, driven by their findings: only what a check complains of is touched, at the place it complains of.

    MENDS = {"dcat-us-1.1/contactPoint/hasEmail/mailto": of(repairs.mail_address), "…/license/minLength": drop_blank, …}
    def repair(body): return mended(body, check, MENDS)

A mend takes the value and the object (or list) it stands in, and gives the new value, `None` to leave it, or `DROP` to take the
member out. Where nothing stood (missing, null, ""), the repair is marked as filled in. What a repair uncovers is mended in the
next of at most eight rounds. The body given is not changed.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from standards.base import Finding, Repair
from standards.json_schema import Step, cleaned, value_at
from standards.repairs import half_width, repair, told

Mend = Callable[[Any, Any], Any]
DROP = object()

_ROUNDS = 8
_SCHEMES = ("http://", "https://", "ftp://", "ftps://", "sftp://", "mailto:")
_RESERVED = "%/:?#@!$&'()*+,;=~-._"
_SEPARATORS = ",;、，；\n"


def mended(body: Any, check: Callable[[Any], Iterable[Finding]], mends: Mapping[str, Mend]) -> tuple[Any, list[Repair]]:
    """A mended copy and what was done, in the order of the findings. Never raises."""
    whole = copy.deepcopy(cleaned(body))
    done: list[Repair] = []
    for _ in range(_ROUNDS):
        found = _round(whole, [one for one in check(whole) if one.rule in mends], mends)
        done += found
        if not found:
            break
    return whole, done


def _round(whole: Any, findings: list[Finding], mends: Mapping[str, Mend]) -> list[Repair]:
    done: list[Repair] = []
    dropped: list[tuple[Any, Step]] = []
    for one in findings:
        place = _place(whole, one.path)
        if place is None:
            continue
        parent, key = place
        before = value_at(parent, (key,))
        after = mends[one.rule](before, parent)
        if after is DROP:
            dropped.append((parent, key))
            done.append(Repair(rule=one.rule, path=one.path, before=told(before), after=""))
        elif after is not None and after != before:
            parent[key] = after
            done.append(repair(one.rule, one.path, None if before in (None, "") else before, after))
    for parent, key in sorted(dropped, key=lambda each: -each[1] if isinstance(each[1], int) else 0):
        _drop(parent, key)
    return done


def _drop(parent: Any, key: Step) -> None:
    if isinstance(parent, dict):
        parent.pop(key, None)
    elif isinstance(key, int) and key < len(parent):
        del parent[key]


def _place(whole: Any, path: str) -> tuple[Any, Step] | None:
    """The object or list that a pointer's last step is taken in, and that step; None where there is no such place."""
    parent: Any = None
    step: Step = ""
    for word in path.split("/")[1:]:
        parent, whole = whole, None
        if isinstance(parent, list):
            step = int(word) if word.isascii() and word.isdigit() and len(word) < 10 else -1
            whole = parent[step] if 0 <= step < len(parent) else None
        elif isinstance(parent, dict):
            step = word.replace("~1", "/").replace("~0", "~")
            whole = parent.get(step)
        else:
            return None
    return (
        (parent, step)
        if isinstance(parent, dict) or (isinstance(parent, list) and isinstance(step, int) and 0 <= step < len(parent))
        else None
    )


# --- mends ---------------------------------------------------------------------------------------------------------------


def of(mend: Callable[[Any], Any]) -> Mend:
    """A mend of the value alone."""
    return lambda value, _: mend(value)


def of_parent(fill: Callable[[Any], Any]) -> Mend:
    """A mend that fills from what stands beside."""
    return lambda _, parent: fill(parent)


def first_of(*mends: Mend) -> Mend:
    """The first of several mends that gives something."""
    return lambda value, parent: next((found for mend in mends if (found := mend(value, parent)) is not None), None)


def drop_blank(value: Any, _: Any) -> Any:
    """Takes out null and text without words: nothing was said there."""
    return DROP if value is None or (isinstance(value, str) and not value.strip()) else None


def drop(*_: Any) -> Any:
    """Takes it out."""
    return DROP


def escaped(value: Any, _: Any) -> Any:
    """An address whose blanks, quotes, braces and wide characters are written as RFC 3986 wants them."""
    if not isinstance(value, str):
        return None
    plain = (half_width(value) or value).strip()
    if not plain.lower().startswith(_SCHEMES) or any(mark in plain for mark in "<>\n\t"):
        return None
    return quote(plain, safe=_RESERVED) if quote(plain, safe=_RESERVED) != value else None


def as_text(value: Any, _: Any) -> Any:
    """A number as text; one word out of a list of one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return told(value)
    return value if isinstance(value, str) and value.strip() else None


def as_list(value: Any, _: Any) -> Any:
    """One value as a list of it."""
    return [value] if isinstance(value, dict) or (isinstance(value, str) and value.strip()) else None


def split_words(value: Any, _: Any) -> Any:
    """Words in one text, between commas, semicolons or lines, as a list of them."""
    if not isinstance(value, str):
        return None
    for mark in _SEPARATORS[1:]:
        value = value.replace(mark, _SEPARATORS[0])
    return [word for each in value.split(_SEPARATORS[0]) if (word := each.strip())] or None


def without_repeats(value: Any, _: Any) -> Any:
    """A list in which nothing stands twice."""
    if not isinstance(value, list):
        return None
    kept: list[Any] = []
    for each in value:
        if each not in kept:
            kept.append(each)
    return kept
