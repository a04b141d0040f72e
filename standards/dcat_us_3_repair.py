"""Mechanical repairs of DCAT-US 3.0: what GSA's schemas refuse, or a check warns of, and can be put right without knowing more.

Beside spelling (`mailto:`, dates, words for frequencies, addresses, media types) these are the forms that 1.1 had: one value
where 3.0 has a list, a bare address where it has a Document, Standard or Distribution, a name where it has an Organization,
numbers where it has text. Media types and formats from the extension are ours, and marked as filled in.
"""

from collections.abc import Callable
from typing import Any

from metadata.vocabulary import language_tag, look_up
from standards import json_repairs, repairs
from standards.base import Repair
from standards.dcat_us_3_graph import inlined
from standards.dcat_us_3_rules import PREFIX, RULES, check
from standards.dcat_us_3_schema import classes, json_types
from standards.dcat_us_3_values import document, frequency, is_iri, moment, norm
from standards.json_repairs import DROP, Mend, as_list, as_text, drop_blank, first_of, of, of_parent, split_words
from standards.json_schema import cleaned


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy of a description or catalogue, and what was done; of a JSON-LD document with `@graph` the
    object that `check` speaks of. Never raises."""
    whole = inlined(cleaned(body)) if isinstance(body, dict) and "@graph" in body else body
    return json_repairs.mended(whole, check, MENDS)


def _date(value: Any, _: Any) -> Any:
    found = moment(repairs.date(value) or (value if isinstance(value, str) else None))
    return found if found != value else None


def _often(value: Any, _: Any) -> Any:
    known = look_up("frequency", repairs.half_width(value) or value) if isinstance(value, str) else None
    return frequency(known) if known and known.scheme else None


def _code(value: Any, _: Any) -> Any:
    tag = language_tag(value) if isinstance(value, str) else None
    return tag.split("-", 1)[0] if tag and len(tag.split("-", 1)[0]) == 2 else None


def _mail(value: Any, _: Any) -> Any:
    bare = repairs.bare_mail(value.partition("?")[0]) if isinstance(value, str) else None
    return f"mailto:{bare}" if bare else None


def _digits(value: Any, _: Any) -> Any:
    plain = (repairs.half_width(value) or value).replace(",", "").strip() if isinstance(value, str) else ""
    return plain if plain.isascii() and plain.isdigit() and plain != value else None


def _object(kind: str) -> Mend:
    """An object of a class from the bare word or address that stands for it."""
    makers: dict[str, Callable[[str], Any]] = {
        "Document": document,
        "Standard": norm,
        "Distribution": lambda url: {"@type": "Distribution", "downloadURL": url} if is_iri(url) else None,
        "Organization": lambda name: {"@type": "Organization", "name": name},
        "Agent": lambda name: {"@type": "Agent", "name": name},
        "Kind": _card,
        "Location": lambda name: (
            {"@type": "Location", "@id": name} if is_iri(name) else {"@type": "Location", "prefLabel": name}
        ),
    }
    make = makers.get(kind)

    def mend(value: Any, _: Any) -> Any:
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            return value[0]
        return make(value.strip()) if make and isinstance(value, str) and value.strip() else None

    return mend


def _card(value: str) -> dict[str, str] | None:
    bare = repairs.bare_mail(value)
    return {"@type": "Kind", "fn": bare, "hasEmail": f"mailto:{bare}"} if bare else None


_KINDS: dict[str, Mend] = {
    "date": _date,
    "frequency": _often,
    "mail": _mail,
    "iri": json_repairs.escaped,
    "code": _code,
}


def _mends() -> dict[str, Mend]:
    """For each field of each class: what mends its type and its form; null and empty text are taken out where they may be
    missing."""
    found: dict[str, Mend] = {}
    for name, fields in classes().items():
        for field, line in fields.items():
            place = f"{PREFIX}{name}/{field}"
            blank: tuple[Mend, ...] = () if line.level == "M" else (drop_blank,)
            one: Mend = as_text if "string" in json_types(line.kind) else _object(line.kind)
            many = split_words if line.kind in ("keyword", "code") else as_list
            found[f"{place}/type"] = first_of(*blank, many if line.is_list and not line.many.startswith("|") else one)
            found[f"{place}/item/type"] = first_of(drop_blank, one)
            if line.kind in _KINDS:
                said = {"date": "date", "frequency": "frequency", "mail": "mailto", "iri": "iri", "code": "maxLength"}[
                    line.kind
                ]
                found[f"{place}/{said}"] = first_of(*blank, _KINDS[line.kind])
                found[f"{place}/item/{said}"] = first_of(drop_blank, _KINDS[line.kind])
            if line.kind == "keyword":
                found[f"{place}/item/minLength"] = json_repairs.drop
    found |= {PREFIX + rule: mend for rule, mend in _WARNED.items()}
    return {rule: mend for rule, mend in found.items() if rule in RULES}


_WARNED: dict[str, Mend] = {
    "keyword/repeated": json_repairs.drop,
    "accessRights/legacy": lambda *_: "restricted",
    "byteSize/number": _digits,
    "mediaType/form": of(repairs.media_type),
    "language/unknown": first_of(_code),
    "address/empty": lambda *_: DROP,
    "Distribution/format/recommended": of_parent(repairs.format_from_extension("downloadURL", "accessURL")),
}
MENDS = _mends()
