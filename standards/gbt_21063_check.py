"""The check of core metadata after GB/T 21063.3-2007, and its mechanical repairs."""

import re
from collections.abc import Iterator
from typing import Any

from standards import dates, repairs
from standards.base import Finding, Repair, Unreadable, finding
from standards.cn_identifiers import identifier_parts, tidy
from standards.cn_nodes import At, Node, mended
from standards.gbt_21063_elements import ELEMENTS, Parts, Stated, stated, text_of
from standards.gbt_21063_rules import FACETS, PREFIX, RULES

Found = Iterator[tuple[str, str, Any]]
_METADATA_ID = re.compile(r"[\w\-./, ]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"]+")


def check(body: Any) -> Iterator[Finding]:
    """What is wrong with core metadata. Never raises."""
    try:
        found = stated(body)
    except Unreadable as unreadable:
        yield unreadable.finding
        return
    for look in (_missing, _repeated, _identifiers, _categories, _parts, _dates, _addresses):
        for name, place, value in look(found):
            yield finding(RULES[f"{PREFIX}/{name}"], place, value)


def _missing(found: Stated) -> Found:
    for element in ELEMENTS:
        if element.mandatory and not found.entries.get(element.short):
            yield f"{element.short}/required", found.place(element.short), ""


def _repeated(found: Stated) -> Found:
    for element in ELEMENTS:
        entries = found.entries.get(element.short, [])
        languages = [node.language for parts in entries for nodes in parts.values() for node in nodes[:1]]
        if not element.many and len(entries) > 1 and len(set(languages)) < len(entries):
            yield "element/repeated", _node(entries[1]).place, element.short


def _node(parts: Parts) -> Node:
    return next(iter(parts.values()))[0]


def _identifiers(found: Stated) -> Found:
    own, code = found.words("mdId"), found.words("resID")
    if own and not _METADATA_ID.fullmatch(own):
        yield "mdId/form", found.place("mdId"), own
    first = next((node for node in found.root.inner), None)
    if own and first is not None and first.place != found.place("mdId"):
        yield "mdId/first", found.place("mdId"), own
    if code and not identifier_parts(code):
        yield "resID/form", found.place("resID"), code


def _categories(found: Stated) -> Found:
    for parts in found.entries.get("TpCat", ()):
        kind, code = (text_of(parts[short][0]) if short in parts else "" for short in ("cateStd", "cateCode"))
        if not kind or not code or "cateName" not in parts:
            yield "TpCat/parts", _node(parts).place, kind or code
        if kind and kind not in FACETS:
            yield "TpCat/cateStd", parts["cateStd"][0].place, kind
        if kind == "主题分类" and code and not re.fullmatch(r"Z[A-Z0-9]{1,9}", code):
            yield "TpCat/cateCode", parts["cateCode"][0].place, code


def _parts(found: Stated) -> Found:
    for short, part in (("IdPoC", "rpOrgName"), ("MdContact", "rpOrgName"), ("DescKeys", "keyword")):
        for parts in found.entries.get(short, ()):
            if part not in parts:
                yield f"{short}/{part}", _node(parts).place, ""
    for parts in found.entries.get("ServInfo", ()):
        if "servURL" not in parts or "servType" not in parts:
            yield "ServInfo/parts", _node(parts).place, text_of(_node(parts))


def _dates(found: Stated) -> Found:
    for short in ("pubDate", "mdDateUpd"):
        words = found.words(short)
        if words and not (_DAY.fullmatch(words) and dates.parse(words)):
            yield f"{short}/form", found.place(short), words
    published, updated = (dates.date_of(found.words(short) or None) for short in ("pubDate", "mdDateUpd"))
    if published and updated and dates.after(published, updated):
        yield "mdDateUpd/before", found.place("mdDateUpd"), f"{updated} < {published}"


def _addresses(found: Stated) -> Found:
    for parts in found.entries.get("onLineSrc", ()):
        words = text_of(_node(parts))
        if not _ADDRESS.fullmatch(words):
            yield "onLineSrc/form", _node(parts).place, words


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A copy with plain identifiers, dates as CCYY-MM-DD and addresses without blanks, and what was done. Never raises."""
    try:
        found = stated(body)
    except Unreadable:
        return body, []
    told = {one.path: one.rule for one in reversed(list(check(body)))}
    values: dict[At, Any] = {}
    done: list[Repair] = []
    for short, mend in _STEPS:
        for parts in found.entries.get(short, ()):
            node = _node(parts)
            after = mend(text_of(node))
            if after and after != text_of(node) and node.place in told:
                values[node.at] = after
                done.append(repairs.repair(told[node.place], node.place, node.value, after))
    return mended(body, values), done


def _identifier(words: str) -> str | None:
    parts = identifier_parts(tidy(words).replace("_", "/", 1))
    return "/".join(parts) if parts else None


def _date(words: str) -> str | None:
    found = repairs.date(words) or words
    return found[:10] if len(found) > 10 and found[:10].count("-") == 2 else found


_STEPS = (("resID", _identifier), ("pubDate", _date), ("mdDateUpd", _date), ("onLineSrc", repairs.address))
