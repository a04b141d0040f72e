"""Members of JSON objects from strangers, taken apart once each: what is left over is the object's `extra`.

Shared by the standards whose records are plain JSON objects (data packages, schema.org, Croissant). Words without a language
are `zh` where Han characters prevail, else `und`; `plain` says whether words can be written without one and read the same.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from metadata.model import Coded
from metadata.text import Text, Words, best, guess
from metadata.vocabulary import look_up

T = TypeVar("T")


class Members:
    """`take(parse, names…)` gives what `parse` makes of the first of these members that it understands, and removes it."""

    def __init__(self, given: dict[Any, Any]) -> None:
        self._left: dict[str, Any] = {str(name): value for name, value in given.items() if value is not None and value != ""}

    def take(self, parse: Callable[[Any], T], *names: str) -> T | None:
        """None when none of the members can be understood."""
        for name in names:
            if name in self._left and (found := parse(self._left[name])):
                del self._left[name]
                return found
        return None

    def peek(self, name: str) -> Any:
        """A member, left in its place."""
        return self._left.get(name)

    def drop(self, *names: str) -> None:
        """Forgets members."""
        for name in names:
            self._left.pop(name, None)

    def put(self, name: str, value: Any) -> None:
        """What is left of a member that was understood in part; nothing when it is empty."""
        if value not in (None, "", [], {}):
            self._left[name] = value

    def left(self) -> dict[str, Any]:
        """What nobody took."""
        return self._left


def words(value: Any) -> str:
    """One word or sentence as text, a number too; "" for lists, objects and nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    try:
        return str(value).replace("\x00", "").strip()
    except ValueError:  # an integer of more than 4,300 digits
        return ""


def listed(value: Any) -> list[Any]:
    """A list as it is, one value as a list of it, nothing as none."""
    return value if isinstance(value, list) else [] if value is None or value == "" else [value]


def many(value: Any) -> tuple[str, ...]:
    """Words from a list or from one word, once each."""
    return tuple(dict.fromkeys(found for each in listed(value) if (found := words(each))))


def said(value: Any) -> Text:
    """Words by language, from plain words or `{tag: words}`."""
    if isinstance(value, dict):
        return {str(tag): found for tag, each in value.items() if (found := words(each)) and _is_tag(str(tag))}
    found = words(value)
    return {guess(found): found} if found else {}


def _is_tag(tag: str) -> bool:
    return tag.replace("-", "").isalnum() and tag.isascii() and len(tag) <= 35


def keywords(value: Any) -> Words:
    """Lists of words by the language that their script shows."""
    return grouped(many(value))


def grouped(terms: Iterable[str]) -> Words:
    """Words by the language that their script shows."""
    found: dict[str, list[str]] = {}
    for each in terms:
        found.setdefault(guess(each), []).append(each)
    return {tag: tuple(dict.fromkeys(group)) for tag, group in found.items()}


def plain(text: Text) -> bool:
    """Whether words in one language are read back in it without its name."""
    return all(guess(each) == tag for tag, each in text.items()) and len(text) <= 1


def shown(text: Text) -> str:
    """The words to write where only one language has a place."""
    return best(text)


def integer(value: Any) -> int | None:
    """A whole number that is not negative, of at most 18 digits."""
    found = words(value).removesuffix(".0")
    return int(found) if found.isascii() and found.isdigit() and len(found) <= 18 else None


def number(value: Any) -> float | None:
    """A finite number, also from its digits."""
    try:
        found = float(words(value))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def web(value: Any) -> str | None:
    """A web address."""
    found = words(value)
    return found if found.lower().startswith(("http://", "https://", "ftp://", "ftps://")) and len(found) <= 8000 else None


def coded(scheme: str) -> Callable[[Any], Coded | None]:
    """A parser of one word of a controlled list, or of what `word_of` wrote for a value that no word means."""

    def parse(value: Any) -> Coded | None:
        if isinstance(value, dict):
            return _whole(value)
        found = words(value)
        return (look_up(scheme, found) if scheme else Coded(raw=found, label=said(found))) if found else None

    return parse


def _whole(value: dict[Any, Any]) -> Coded | None:
    try:
        found = msgspec.convert(value, Coded)
    except msgspec.ValidationError:
        return None
    return found if found != Coded() else None


def word_of(value: Coded | None, scheme: str) -> Any:
    """The source's word for a coded value where reading it gives the value again, else the value as an object."""
    if value is None:
        return None
    if value.raw and coded(scheme)(value.raw) == value:
        return value.raw
    return msgspec.to_builtins(value)


def kept(values: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {}, ())}
