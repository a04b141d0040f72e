"""Mechanical repairs, for every standard: what can be mended without knowing more than the record says.

A standard lists its steps, and its `repair` is one call:

    STEPS = (
        Step("dcat-us-1.1/contactPoint/hasEmail/mailto", ("contactPoint", "hasEmail"), mail_address),
        Step("dcat-us-1.1/modified/pattern", ("modified",), date),
        Step("…/mediaType/pattern", ("distribution", "*", "mediaType"), media_type, fills=from_extension("downloadURL")),
    )
    def repair(body): return repaired(body, STEPS)

A step's `mend(value)` gives the mended value, or None to leave it. `fills(parent)` gives a value where there is none (the field
is missing, null or ""): then the `Repair` is marked as filled in, because it is ours and not the publisher's. `*` stands for
every element of a list, or for the value itself where there is no list. The body given is not changed.

Values → values: mail_address, date, licence_uri, media_type, half_width, language, trimmed, address; frequency("dcat-us-1.1"),
term("language", "eu") make one for a crosswalk. From parents: from_extension(url fields …), format_from_extension.
"""

import copy
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from unicodedata import normalize
from urllib.parse import urlsplit

import orjson

from metadata import vocabulary
from standards import dates
from standards.base import Repair
from standards.json_schema import Step as Key
from standards.json_schema import pointer

Mend = Callable[[Any], Any]
_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_WIDE = re.compile("[\uff01-\uff5e\u3000]")
_MISSING = object()


class Step(NamedTuple):
    """One repair: the rule it answers, where it applies, what mends a value, what fills a gap."""

    rule: str
    path: tuple[str, ...]
    mend: Mend | None = None
    fills: Mend | None = None


def repaired(body: Any, steps: Iterable[Step]) -> tuple[Any, list[Repair]]:
    """A mended copy and what was done, in the order of the steps. Never raises on a parsed JSON body."""
    mended = copy.deepcopy(body)
    done: list[Repair] = []
    for step in steps:
        for parent, key, path in list(_places(mended, step.path, ())):
            _mend(step, parent, key, path, done)
    return mended, done


def _places(value: Any, path: tuple[str, ...], at: tuple[Key, ...]) -> Iterator[tuple[Any, Key, tuple[Key, ...]]]:
    """`(parent, key, path)` of every place of a step; the last name may be missing in its parent."""
    name, rest = path[0], path[1:]
    if name == "*":
        if isinstance(value, list):
            for number, inner in enumerate(value):
                if rest:
                    yield from _places(inner, rest, (*at, number))
                else:
                    yield value, number, (*at, number)
        elif rest:
            yield from _places(value, rest, at)
    elif isinstance(value, dict):
        if not rest or (rest == ("*",) and not isinstance(value.get(name), list)):
            yield value, name, (*at, name)
        elif name in value:
            yield from _places(value[name], rest, (*at, name))


def _mend(step: Step, parent: Any, key: Key, path: tuple[Key, ...], done: list[Repair]) -> None:
    before = parent.get(key, _MISSING) if isinstance(parent, dict) else parent[int(key)]
    empty = before is _MISSING or before is None or before == ""
    make = step.fills if empty else step.mend
    after = make(parent if empty else before) if make is not None else None
    if after is None or after == before:
        return
    parent[key] = after
    done.append(repair(step.rule, pointer(path), None if empty else before, after))


def repair(rule: str, path: str, before: Any, after: Any) -> Repair:
    """A repair told; `before` None means that nothing stood there, so that the value is filled in."""
    return Repair(rule=rule, path=path, before="" if before is None else told(before), after=told(after), filled=before is None)


def told(value: Any) -> str:
    """A value as text: words as they are, the rest as JSON."""
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return str(value)


def half_width(value: Any) -> str | None:
    """Full-width letters, digits, punctuation and blanks as plain ones: for codes, dates, numbers, addresses; not for prose."""
    if not isinstance(value, str) or not _WIDE.search(value):
        return None
    return normalize("NFKC", value).strip()


def trimmed(value: Any) -> str | None:
    """Without blanks around it."""
    return value.strip() if isinstance(value, str) and value != value.strip() and value.strip() else None


def address(value: Any) -> str | None:
    """A web address without blanks around it and with plain characters; None when that does not make it one."""
    if not isinstance(value, str):
        return None
    plain = (half_width(value) or value).strip().replace(" ", "%20")
    return plain if plain != value and plain.lower().startswith(("http://", "https://")) else None


def mail_address(value: Any) -> str | None:
    """`a@b.org` → `mailto:a@b.org`, also where blanks or wide characters hide it, or `MAILTO:` is spelled in its own way."""
    bare = bare_mail(value)
    return f"mailto:{bare}" if bare and f"mailto:{bare}" != value else None


def bare_mail(value: Any) -> str | None:
    """The one mail address that a value is, without `mailto:`; None when it is none, or several."""
    if not isinstance(value, str):
        return None
    plain = (half_width(value) or value).strip()
    plain = re.sub(r"^(?:mailto:\s*)+", "", plain, flags=re.IGNORECASE).replace("mailto:", "").strip(" <>;,.")
    return plain if _MAIL.fullmatch(plain) else None


def date(value: Any) -> str | None:
    """`2016/04/14` → `2016-04-14`: any spelling that `standards.dates` knows. None when it is ISO 8601 already, or no date."""
    found = dates.date_of(half_width(value) or value)
    return found if found and found != value else None


def period(value: Any) -> str | None:
    """`2015-01-1/2015-12-31` → `2015-01-01/2015-12-31`: only where both ends are known."""
    if not isinstance(value, str):
        return None
    start, end = dates.parse_period(half_width(value) or value) or (None, None)
    found = f"{start}/{end}" if start and end else None
    return found if found != value else None


def licence_uri(value: Any) -> str | None:
    """`CC BY 4.0` → its address; None for an address and for what is not known."""
    if not isinstance(value, str) or "://" in value:
        return None
    known = vocabulary.look_up("licence", value)
    return known.uri if known.scheme else None


def media_type(value: Any) -> str | None:
    """`CSV`, `.csv`, `text/csv; charset=utf-8` or an IANA address → `text/csv`; None when it is plain already, or unknown."""
    if not isinstance(value, str):
        return None
    plain = vocabulary.media_type_of(value)
    if plain is None:
        known = vocabulary.look_up("format", value.strip().lstrip("."))
        term = vocabulary.term("format", known.code) if known.scheme else None
        plain = term.names.get("iana") if term else None
    return plain if plain and plain != value else None


def from_extension(*urls: str) -> Mend:
    """What fills a missing media type: that of the extension of the parent's first address among these fields."""

    def fill(parent: Any) -> str | None:
        link = _link(parent, urls)
        return vocabulary.format_of(None, None, link)[1] if link else None

    return fill


def format_from_extension(*urls: str) -> Mend:
    """What fills a missing format word: that of the extension, as an English label (`CSV`)."""

    def fill(parent: Any) -> str | None:
        link = _link(parent, urls)
        found = vocabulary.format_of(None, None, link)[0] if link else None
        return found.label.get("en") if found and found.scheme else None

    return fill


def _link(parent: Any, urls: tuple[str, ...]) -> str | None:
    """The first of these fields that is the address of a file."""
    found = (parent.get(name) for name in urls) if isinstance(parent, dict) else ()
    return next((link for link in found if isinstance(link, str) and "." in path_of(link).rpartition("/")[2]), None)


def path_of(link: str) -> str:
    """The path of an address; "" when it is none."""
    try:
        return urlsplit(link.strip()).path
    except ValueError:
        return ""


def language(value: Any) -> str | None:
    """`en_us`, `English`, `中文` → a BCP 47 tag."""
    tag = vocabulary.language_tag(value) if isinstance(value, str) else None
    return tag if tag and tag != value else None


def term(scheme: str, crosswalk: str) -> Mend:
    """What turns any known word of a list into its spelling in a crosswalk (`"frequency", "dcat-us-1.1"` → `R/P1M`)."""

    def mend(value: Any) -> str | None:
        if not isinstance(value, str):
            return None
        known = vocabulary.look_up(scheme, half_width(value) or value)
        found = vocabulary.term(scheme, known.code) if known.scheme else None
        spelling = found.names.get(crosswalk) if found else None
        return spelling if spelling and spelling != value else None

    return mend


def frequency(crosswalk: str) -> Mend:
    """`term("frequency", crosswalk)`."""
    return term("frequency", crosswalk)
