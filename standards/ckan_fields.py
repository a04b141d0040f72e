"""Taking apart what CKAN portals give: members that may be blank, JSON inside strings, one word or many, words by language.

Portals put the same fact at the top level (ckanext-scheming), into `extras` (a list of key and value, every value a
string, lists as JSON inside), or both; older and DKAN portals give extras as an object. `Fields` lays both over each other.
Every member is taken once, and only when it can be understood; what is left keeps its own name (`Dataset.extra`).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import orjson

from metadata.model import Coded
from metadata.text import UNDETERMINED, Text, best, guess
from metadata.vocabulary import language_tag
from standards.dates import date_of

T = TypeVar("T")

_FLUENT_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_DEEPEST = 100
_MAY_HOLD = frozenset("[{ \t\r\n")


class _Translated(dict[str, str]):
    """`notes` → `notes_translated`, made once each."""

    def __missing__(self, name: str) -> str:
        self[name] = f"{name}_translated"
        return self[name]


_TRANSLATED = _Translated()


def package_of(body: Any) -> Any:
    """The package itself: out of a DKAN list of one, out of an answer's envelope, and with what cannot be stored mended."""
    for _ in range(3):
        if isinstance(body, list) and len(body) == 1:
            body = body[0]
        elif isinstance(body, dict) and isinstance(body.get("result"), (dict, list)) and "success" in body:
            body = body["result"]
    return body if storable(body) else sound(body)


class Fields:
    """Members of a package, over those of its extras. `take` removes what it understands; `left` is the rest."""

    def __init__(self, top: Mapping[str, Any], extras: Mapping[str, Any] | None = None) -> None:
        said = {name: value for name, value in top.items() if (value.strip() if value.__class__ is str else not blank(value))}
        under = {name: value for name, value in extras.items() if not blank(value)} if extras else {}
        self._under = {name: value for name, value in under.items() if name in said} if under else under
        self._said: dict[str, Any] = {**under, **said} if under else said

    def take(self, parse: Callable[[Any], T], *names: str) -> T | None:
        """What `parse` makes of the first of these members that it makes anything of; that member is removed."""
        said = self._said
        for name in names:
            if name in said:
                if found := parse(said[name]):
                    if self._under:
                        self._next(name)
                    else:
                        del said[name]
                    return found
                if name in self._under and (found := parse(self._under[name])):
                    del self._under[name]
                    return found
        return None

    def _next(self, name: str) -> None:
        """Removes a member, so that the extra of the same name stands in its place."""
        if name in self._under:
            self._said[name] = self._under.pop(name)
        else:
            del self._said[name]

    def peek(self, *names: str) -> Any:
        """The first of these members that is there, left in its place."""
        for name in names:
            if name in self._said:
                return self._said[name]
        return None

    def lacks(self, names: frozenset[str]) -> bool:
        """Whether none of these members is there, so that nobody has to ask for each."""
        return names.isdisjoint(self._said)

    def drop(self, *names: str) -> None:
        """Forgets members that only repeat what other members say."""
        for name in names:
            if name in self._said:
                del self._said[name]
                self._under.pop(name, None)

    def text(self, *names: str) -> Text:
        """Words by language from `name` and `name_translated` (ckanext-fluent), under the first name that has any."""
        for name in names:
            plain = self.take(texts, name)
            translated = self.take(texts, _TRANSLATED[name]) if _TRANSLATED[name] in self._said else None
            if translated:
                said = set(translated.values())
                return {tag: words for tag, words in (plain or {}).items() if words not in said} | translated
            if plain:
                return plain
        return {}

    def left(self) -> dict[str, Any]:
        """What nobody took, by the name its portal gave it; the top level before extras of the same name."""
        return self._said


def blank(value: Any) -> bool:
    """Nothing said: null, no characters, no members, or words by language without any words."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, dict):
        return all(one is None or one == "" for one in value.values())
    return value.__class__ is list and not value


def extras_of(package: Mapping[str, Any]) -> dict[str, Any]:
    """The extras as an object, whether given as a list of key and value or as an object. The first of repeated keys stands."""
    given = package.get("extras")
    if isinstance(given, dict):
        return given
    found: dict[str, Any] = {}
    for one in items(given):
        key, value = words(one.get("key")), one.get("value")
        if key and key not in found and not blank(value):
            found[key] = value
    return found


def items(value: Any) -> list[dict[str, Any]]:
    """Objects from a list of objects, one object, or either as JSON in a string; anything else is left out."""
    value = decoded(value)
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict) and one]


def decoded(value: Any) -> Any:
    """A string that holds a JSON list or object as what it holds; anything else as it is."""
    if isinstance(value, str) and value[:1] in _MAY_HOLD and value.lstrip()[:1] in ("[", "{"):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def words(value: Any) -> str:
    """One word or sentence as text, a number too; empty for lists, objects and nothing."""
    if value.__class__ is str:
        return value.strip() if "\x00" not in value else str(value).replace("\x00", "").strip()
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).replace("\x00", "").strip()


def many(value: Any) -> tuple[str, ...]:
    """Words from a list, from a JSON list in a string, or from one word; once each, in order."""
    value = decoded(value)
    if value.__class__ is str:
        return (found,) if (found := words(value)) else ()
    listed = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys([found for one in listed if (found := words(one))]))


def texts(value: Any) -> Text:
    """Words by language from an object of language tags (also as JSON in a string) or from plain words; else empty."""
    value = decoded(value)
    if isinstance(value, dict):
        tags = [tag_of(str(key)) for key in value]
        if None in tags:
            return {}
        return {str(tag): found for tag, one in zip(tags, value.values(), strict=True) if (found := words(one))}
    found = words(value)
    return {UNDETERMINED if found.isascii() else guess(found): found} if found else {}


def tag_of(key: str) -> str | None:
    """A BCP 47 tag of a member name such as `zh_Hans_CN` or ckanext-fluent's `en-t-fr`; None when it is no language."""
    if key == "und":
        return key
    return language_tag(key) or (key.replace("_", "-") if _FLUENT_TAG.fullmatch(key) and language_tag(key[:2]) else None)


def moment_utc(value: Any) -> str | None:
    """A date as `standards.dates` reads it; a time without a zone is UTC, which is how CKAN writes its own times."""
    found = date_of(value)
    return f"{found}Z" if found and "T" in found and found[-1] != "Z" and found[-6] not in "+-" else found


def integer(value: Any) -> int | None:
    """A whole number that is not negative, also from its digits; None for `42 octets`."""
    found = words(value)
    if not re.fullmatch(r"\d{1,18}(\.0+)?", found):
        return None
    return int(found.split(".", 1)[0])


def number(value: Any) -> float | None:
    """A finite number, also from its digits."""
    try:
        found = float(words(value))
    except ValueError:
        return None
    return found if found - found == 0 else None


def sound(value: Any, depth: int = 0) -> Any:
    """The same JSON with what cannot be stored mended: lone surrogates, NUL, numbers over 64 bits, nesting without end."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, (dict, list)) and depth >= _DEEPEST:
        return "…"
    if isinstance(value, dict):
        return {sound(str(key)): sound(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [sound(one, depth + 1) for one in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return value if isinstance(value, (bool, int, float, type(None))) else str(value)


def storable(value: Any) -> bool:
    """Whether the value can be written as JSON as it stands."""
    try:
        return b"\\u0000" not in orjson.dumps(value)
    except (TypeError, RecursionError):
        return False


def first(values: Iterable[T | None]) -> T | None:
    """The first that is something."""
    return next((value for value in values if value), None)


def language_map(words: Text) -> Any:
    """Words by language where there are several, else the words alone."""
    return dict(words) if len(words) > 1 else best(words)


def word_of(value: Coded | None) -> str | None:
    """What a reader elsewhere understands best: the address, else the source's own word."""
    return (value.uri or value.raw or value.code) if value else None
