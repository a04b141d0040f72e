"""The values of DCAT-US 3.0, both ways: words, addresses, documents, concepts, licences, frequencies, numbers, dates.

Each reader takes what is there, however it is written (a bare word or address where an object is due, one where a list is due),
and each writer gives what the schemas want. What an object has beside this stays in its part's `extra` (`kept`); `with_extra`
gives it back as long as it still says the same. `tag` is the language of the words, `""` where the script has to tell.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from metadata.model import Coded
from metadata.text import UNDETERMINED, Text, guess, text
from metadata.vocabulary import look_up, term

Json = dict[str, Any]
Picker = Callable[[Text], str]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_LONGEST_NAME = 200


def is_iri(value: Any) -> bool:
    """Whether it can stand where the schemas want an IRI."""
    return isinstance(value, str) and _IRI.fullmatch(value) is not None


def word(value: Any) -> str | None:
    """A string without blanks around it, or a number as one; None for anything else."""
    if isinstance(value, str):
        return value.replace("\x00", "").strip() or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def listed(value: Any) -> list[Any]:
    """The elements of a list, one value as a list of it, nothing for null."""
    return value if isinstance(value, list) else [] if value is None or value == "" else [value]


def words(value: Any) -> list[str]:
    """The words of a list, or of one value."""
    return [said for each in listed(value) if (said := word(each))]


def texts(value: Any, tag: str) -> Text:
    """A text in its language: a word, a paragraph for each of a list, or an object of words by language."""
    if isinstance(value, dict):
        return {str(key): said for key, each in value.items() if not str(key).startswith("@") and (said := word(each))}
    said = "\n\n".join(words(value))
    return text(said, tag or (UNDETERMINED if said.isascii() else guess(said))) if said else {}


def kept(value: Json, written: Json) -> Json:
    """What of an object the writer would not say the same way."""
    return {name: each for name, each in value.items() if each is not None and written.get(name) != each}


def with_extra(written: Json, extra: Mapping[str, Any], same: Callable[[Json], bool]) -> Json:
    """What is written, with what came in beside it or in another way, as long as it still reads `same`."""
    rest = {name: each for name, each in extra.items() if name != "@id" or name not in written}
    if not rest:
        return written
    whole = {**written, **rest}
    if same(whole):
        return whole
    for name, each in rest.items():
        if same(changed := {**written, name: each}):
            written = changed
    return written


def filled(kind: str, values: Mapping[str, Any]) -> Json:
    """An object of a class, without what is empty; an `@id` only where it is an IRI."""
    said = {name: value for name, value in values.items() if value not in (None, "", (), [], {})}
    if not is_iri(said.get("@id", "x:y")):
        del said["@id"]
    return {"@type": kind, **said}


def identifier_of(value: Any) -> str | None:
    """The identifier that a word or an Identifier object gives: its notation, else its address."""
    if isinstance(value, dict):
        return word(value.get("notation")) or word(value.get("@id"))
    return word(value)


def address_of(value: Any) -> str | None:
    """The address of a Document, a Standard or a Distribution, or whatever names it."""
    if not isinstance(value, dict):
        return word(value)
    said = (
        value.get("downloadURL"),
        value.get("accessURL"),
        value.get("@id"),
        identifier_of(value.get("identifier")),
        value.get("title"),
    )
    return next((found for each in said if (found := word(each))), None)


def document(url: str) -> Json:
    """A Document; its title, which is mandatory, is its address."""
    return filled("Document", {"title": url, "accessURL": url if is_iri(url) else None})


def norm(name: str) -> Json:
    """A Standard, by its address or its name."""
    return filled("Standard", {"identifier" if is_iri(name) else "title": name})


def coded_of(value: Any, scheme: str, tag: str) -> Coded | None:
    """A Concept: what our list `scheme` knows by its label, code or address (`""` for no list), else its label and address."""
    if not isinstance(value, dict):
        said = word(value)
        if not said:
            return None
        known = look_up(scheme, said) if scheme else None
        if known and (known.scheme or not is_iri(said)):
            return known
        return Coded(raw=said, uri=said) if is_iri(said) else Coded(raw=said, label=texts(said, tag))
    label, uri = word(value.get("prefLabel")), word(value.get("@id"))
    names = [each for each in (label, *words(value.get("notation")), uri) if each]
    known = next((found for each in names if (found := look_up(scheme, each)).scheme), None) if scheme else None
    if known:
        return Coded(scheme=known.scheme, code=known.code, uri=known.uri, label=known.label, raw=label or uri)
    if not names:
        return None
    return Coded(uri=uri, label=texts(label or names[0], tag), raw=None if uri else names[0])


def concept(coded: Coded, pick: Picker) -> Json | str:
    """A Concept: an object where it has an address, else the word alone."""
    label = coded.raw or pick(coded.label) or coded.code
    return filled("Concept", {"@id": coded.uri, "prefLabel": label}) if coded.uri else label


def licence_of(value: Any) -> Coded | None:
    """A licence by its address or name; a whole text about use stays the text it is."""
    said = word(value if not isinstance(value, dict) else address_of(value))
    if not said:
        return None
    return Coded(raw=said) if len(said) > _LONGEST_NAME or "<" in said else look_up("licence", said)


def licence(coded: Coded | None) -> str | None:
    """The licence's address, or the word the source used."""
    return (coded.raw if coded.raw and (not coded.uri or "://" in coded.raw) else coded.uri) if coded else None


def frequency(coded: Coded | None) -> str | None:
    """The word for a frequency that the schemas take, else the interval, else the source's own word."""
    if coded is None:
        return None
    known = term("frequency", coded.code) if coded.scheme else None
    names = known.names if known else {}
    if coded.raw and (coded.raw.startswith("R/P") or (known and coded.raw == names.get("dcat-us-3"))):
        return coded.raw
    return names.get("dcat-us-3") or names.get("dcat-us-1.1") or coded.raw


def moment(date: str | None) -> str | None:
    """A date as the schemas take it: a time without its zone is cut to its day, for no zone may be made up."""
    if not date or "T" not in date:
        return date
    day, _, clock = date.partition("T")
    zoned = clock.endswith("Z") or "+" in clock or "-" in clock
    full = f"{clock[:5]}:00{clock[5:]}" if zoned and clock[5:6] != ":" else clock
    return f"{day}T{full}" if zoned else day


def number(value: float | None) -> str | None:
    """A number as plain decimal text."""
    return format(Decimal(repr(value)), "f") if value is not None and value == value and abs(value) != float("inf") else None
