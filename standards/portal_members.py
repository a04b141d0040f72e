"""Taking apart the JSON of portals: members that may be blank, of another type than expected, or nested in each other.

`Members` gives each member once; what nobody took keeps its own name (`left`), so that reading loses nothing. Beside it the
values that portals share: licences of which an identifier, an address and a title may be given, and boxes.
"""

from collections.abc import Iterable
from typing import Any

from metadata.model import Box, Coded
from metadata.text import Text, Words, guess, text, words_of
from metadata.vocabulary import look_up
from standards import dates
from standards.base import Rule, Unreadable
from standards.json_schema import cleaned
from standards.rdf_geometry import is_box

BY_RULE = {"filled": "this address is made by the rule of the portal's API"}
"""The `extra` of what the record itself does not say."""
_BLANK: tuple[Any, ...] = (None, "", [], {})


class Members:
    """The members of one JSON object; what is understood is removed when it is asked for."""

    def __init__(self, body: Any) -> None:
        self._said: dict[str, Any] = dict(body) if isinstance(body, dict) else {}

    def take(self, name: str) -> Any:
        """The member whatever it is, removed."""
        return self._said.pop(name, None)

    def peek(self, name: str) -> Any:
        """The member whatever it is."""
        return self._said.get(name)

    def put_back(self, name: str, value: Any) -> None:
        """What is left of a member that was taken; nothing when that is blank."""
        if value not in _BLANK:
            self._said[name] = value

    def words(self, *names: str) -> str | None:
        """The first of these members that is text that is not blank, or a number; removed."""
        for name in names:
            found = words(self._said.get(name))
            if found:
                del self._said[name]
                return found
        return None

    def text(self, *names: str, language: str = "") -> Text:
        """The same as a Text: in this language, else in the one that its script shows."""
        found = self.words(*names)
        return text(found, language or guess(found)) if found else {}

    def many(self, *names: str) -> tuple[str, ...]:
        """All words of the first of these members that has some: a list of texts, or one text."""
        for name in names:
            found = every(self._said.get(name))
            if found:
                del self._said[name]
                return found
        return ()

    def date(self, *names: str) -> str | None:
        """The first of these members that is a date."""
        for name in names:
            found = dates.date_of(self._said.get(name))
            if found:
                del self._said[name]
                return found
        return None

    def number(self, *names: str) -> int | None:
        """The first of these members that is a whole number, not negative."""
        for name in names:
            value = whole(self._said.get(name))
            if value is not None:
                del self._said[name]
                return value
        return None

    def address(self, *names: str) -> str | None:
        """The first of these members that is a web address."""
        for name in names:
            found = words(self._said.get(name))
            if is_address(found):
                del self._said[name]
                return found
        return None

    def inside(self, name: str) -> "Members":
        """The members of an object; taken when it is one. What is left of it: `put_back(name, inner.left())`."""
        return Members(self.take(name) if isinstance(self._said.get(name), dict) else {})

    def items(self, name: str) -> list[dict[str, Any]]:
        """The objects of a list; taken when there is nothing else in it."""
        value = self._said.get(name)
        if not isinstance(value, list):
            return []
        found = [each for each in value if isinstance(each, dict)]
        if found and len(found) == len(value):
            del self._said[name]
        return found

    def left(self) -> dict[str, Any]:
        """What nobody took, without what is blank."""
        return {name: value for name, value in self._said.items() if value not in _BLANK}


def members(body: Any, rule: Rule) -> Members:
    """The members of a record. Raises `Unreadable` with this rule for what is no object."""
    if not isinstance(body, dict):
        raise Unreadable(rule, "", type(body).__name__)
    return Members(cleaned(body))


def words(value: Any) -> str:
    """Text without blanks around it; a number as text; "" for anything else."""
    if isinstance(value, str):
        return value.replace("\x00", "").strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def every(value: Any) -> tuple[str, ...]:
    """The texts of a list in which nothing else is, or the one text."""
    if not isinstance(value, list):
        found = words(value)
        return (found,) if found else ()
    if any(isinstance(each, dict | list) for each in value):
        return ()
    return tuple(said for each in value if (said := words(each)))


def keywords(values: Iterable[str], language: str = "") -> Words:
    """Keywords in this language, else by the script of each."""
    found: dict[str, tuple[str, ...]] = {}
    for each in values:
        for tag, some in words_of((each,), language or guess(each)).items():
            found[tag] = tuple(dict.fromkeys((*found.get(tag, ()), *some)))
    return found


def whole(value: Any) -> int | None:
    """A whole number that is not negative, also as text; below 2^63, as the store has it."""
    number = real(value)
    return int(number) if number is not None and 0 <= number < 1 << 63 and number == int(number) else None


def real(value: Any) -> float | None:
    """A number, also as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def is_address(said: str | None) -> bool:
    """Whether it is a web address."""
    return bool(said) and str(said).lower().startswith(("http://", "https://", "ftp://"))


def unknown(raw: str | None) -> Coded | None:
    """A word of a list that we do not hold."""
    return Coded(raw=raw, label=text(raw)) if raw else None


def licence(*said: str | None) -> Coded | None:
    """The licence that any of these names (identifier, address, title: the most telling first); else the first as it is, with
    the address among them and the longest of the others as its label."""
    given = [word for word in said if word]
    if not given:
        return None
    known = next((found for word in given if (found := look_up("licence", word)).scheme), None)
    if known:
        return Coded(scheme=known.scheme, code=known.code, uri=known.uri, label=known.label, raw=given[0])
    address = next((word for word in given if is_address(word)), None)
    names = [word for word in given if not is_address(word)]
    return Coded(raw=given[0], uri=address, label=text(max(names, key=len) if names else given[0]))


def box(west: Any, south: Any, east: Any, north: Any) -> Box | None:
    """The box of four numbers when they are degrees."""
    edges = [number for each in (west, south, east, north) if (number := real(each)) is not None]
    if len(edges) != 4:
        return None
    found = (edges[0], edges[1], edges[2], edges[3])
    return found if is_box(found) else None


def pairs_box(value: Any) -> Box | None:
    """The box of two corners `[[west, south], [east, north]]`."""
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(each, list) and len(each) >= 2 for each in value):
        return None
    return box(value[0][0], value[0][1], value[1][0], value[1][1])
