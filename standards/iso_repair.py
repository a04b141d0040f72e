"""Mechanical repairs of ISO 19115 records: dates, numbers, code values, addresses. Only what can be mended without a guess.

A code that differs in case or blanks only (`Point of contact`) becomes the standard's; one that is empty beside words that are
a code is taken from them. Dates in other spellings and numbers with a comma or wide digits become plain ones.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lxml import etree

from standards import dates, repairs
from standards.base import Repair, Rule, Unreadable
from standards.iso_check import is_date
from standards.iso_codes import LISTS
from standards.iso_documents import record
from standards.iso_extents import EDGES, number
from standards.iso_topics import TOPICS
from standards.xml_documents import Element, local, where, words


class Mending(NamedTuple):
    """One repair to make: of an element's words, or of an attribute."""

    rule: str
    element: Element
    attribute: str
    before: str
    after: str


def repair(body: Any, prefix: str, rules: Mapping[str, Rule]) -> tuple[Any, list[Repair]]:
    """The record mended, and what was done; the same body when nothing was. Never raises."""
    try:
        found = record(body, rules[f"{prefix}/root"])
    except Unreadable:
        return body, []
    done = [_made(each, prefix) for look in (_dates, _numbers, _codes, _topics, _links) for each in list(look(found))]
    if not done:
        return body, []
    root = found.getroottree().getroot()
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)), done


def _made(each: Mending, prefix: str) -> Repair:
    """Makes it; the place is told as it was."""
    path = where(each.element, f"@{each.attribute}" if each.attribute else "")
    if each.attribute:
        each.element.set(each.attribute, each.after)
    else:
        each.element.text = each.after
    return repairs.repair(f"{prefix}/{each.rule}", path, each.before, each.after)


def _dates(root: Element) -> Iterator[Mending]:
    for each in root.iter():
        plain = local(each) in ("Date", "DateTime") and not len(each) and words(each)
        if plain and not is_date(plain):
            after = dates.parse(repairs.half_width(plain) or plain)
            if after and ("T" in after) == (local(each) == "DateTime"):
                yield Mending("date/form", each, "", plain, after)


def _numbers(root: Element) -> Iterator[Mending]:
    for each in root.iter():
        if local(each) == "Decimal" and local(each.getparent()) in EDGES:
            told = words(each)
            plain = (repairs.half_width(told) or told).rstrip("°").strip()
            found = number(plain)
            if found is not None and not _is_plain(told):
                yield Mending("box/edges", each, "", told, repr(found))


def _is_plain(told: str) -> bool:
    return told.isascii() and told.strip("+-").replace(".", "", 1).isdigit()


def _codes(root: Element) -> Iterator[Mending]:
    for each in root.iter():
        listed = LISTS.get(local(each))
        if listed is None or each.get("codeListValue") is None:
            continue
        told = each.get("codeListValue")
        after = _code(told or words(each), listed)
        if after and after != told.rpartition("#")[2].rpartition("/")[2].strip():
            yield Mending("code/list" if told.strip() else "code/value", each, "codeListValue", told, after)


def _code(told: str, listed: frozenset[str]) -> str | None:
    """The code that is spelled so but for case, blanks, hyphens."""
    bare = _folded(told)
    return next((each for each in listed if _folded(each) == bare), None) if bare else None


def _folded(told: str) -> str:
    plain = repairs.half_width(told) or told
    return "".join(letter for letter in plain.casefold() if letter.isalnum())


def _topics(root: Element) -> Iterator[Mending]:
    for each in root.iter():
        told = words(each) if local(each) == "MD_TopicCategoryCode" else ""
        after = _code(told, frozenset(TOPICS)) if told and told not in TOPICS else None
        if after:
            yield Mending("topicCategory/code", each, "", told, after)


def _links(root: Element) -> Iterator[Mending]:
    for each in root.iter():
        inside = local(each) == "URL" or (local(each) == "CharacterString" and local(each.getparent()) == "linkage")
        told = each.text if inside and not len(each) else None
        after = repairs.address(told.strip()) if told else None
        if told and after:
            yield Mending("linkage/url", each, "", told.strip(), after)
