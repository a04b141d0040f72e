"""The check of a record after the guide of 2017, in all its forms, and of the records of one file with each other.

Each function looks at one field of what was said, and yields rule and place; words and clauses are in
`cn_catalog_2017_rules`.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from standards import cn_catalog_2017_lists as lists
from standards import cross_field, dates
from standards.base import Finding, Unreadable, finding
from standards.cn_catalog_2017_read import NO_CONDITION, dataset_of
from standards.cn_catalog_2017_rules import CROSS, PREFIX, RULES
from standards.cn_catalog_2017_said import Cell, Entry, Said, said
from standards.cn_identifiers import class_code, class_levels, identifier_parts, resource_code, tidy, uscc_fault

Found = Iterator[tuple[str, str, Any]]
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SYSTEM = re.compile(r".*(?:管理|业务|服务|办公|信息|应用|申报|审批)(?:系统|平台)$")
_LAW = re.compile(
    r"《|法律|法规|条例|规定|办法|决定|意见|通知|规则|细则|〔\d{4}〕|\[\d{4}\]|第.{1,6}条"
    r"|[^方办说看用无]法(?:$|[第、，,；;（( ])"
)
_STRUCTURED = ("database", "spreadsheet")
_SIZED = ("C", "N")
_MOST_CODES = 2_000_000


def check(body: Any) -> Iterator[Finding]:
    """What is wrong with a record. Never raises."""
    try:
        found = said(body)
    except Unreadable as unreadable:
        yield unreadable.finding
        return
    for look in _LOOKS:
        for name, place, value in look(found):
            yield finding(RULES[f"{PREFIX}/{name}"], place, value)
    yield from _between_fields(found)


def across(bodies: Iterable[Any]) -> Iterator[tuple[int, Finding]]:
    """What is wrong between the records of one file: `(number of the record, finding)`; codes and names that come twice."""
    codes: set[str] = set()
    names: set[tuple[str, str]] = set()
    for number, body in enumerate(bodies):
        try:
            found = said(body)
        except Unreadable:
            continue
        code, name = tidy(found.words("code")), (found.words("provider"), found.words("name"))
        if code and code in codes:
            yield number, finding(RULES[f"{PREFIX}/code/repeated"], found.place("code"), code)
        elif all(name) and name in names:
            yield number, finding(RULES[f"{PREFIX}/name/repeated"], found.place("name"), name[1])
        if len(codes) < _MOST_CODES:
            codes.add(code)
            names.add(name)


def _between_fields(found: Said) -> Iterator[Finding]:
    if not found.words("name"):
        return
    places = {key: found.place(key) for key in ("issued", "modified", "landing_page") if found.words(key)}
    if found.entries["file"]:
        places["distribution"] = next(iter(found.entries["file"][0].values()))[0].place
    try:
        dataset = dataset_of(found)
    except Unreadable:
        return
    for one in cross_field.check(PREFIX, dataset, places, CROSS):
        yield _at_its_file(one, found) if one.rule.endswith("media-type") else one


def _at_its_file(one: Finding, found: Said) -> Finding:
    """A finding of a file at the cell of its media type."""
    media_type = one.value.partition(" · ")[0]
    cells = (cell for entry in found.entries["file"] for cell in entry.get("file_media_type", ()) if cell.words == media_type)
    cell = next(cells, None)
    return finding(RULES[one.rule], cell.place, one.value) if cell else one


def _name(found: Said) -> Found:
    words = found.words("name")
    if not words:
        yield "name/required", found.place("name"), ""
    elif _SYSTEM.fullmatch(words):
        yield "name/system", found.place("name"), words


def _code(found: Said) -> Found:
    code, place = found.words("code"), found.place("code")
    if not code:
        yield "code/required", place, ""
        return
    parts = resource_code(code)
    if parts is None:
        yield ("code/other-scheme" if identifier_parts(code) else "code/form"), place, code
        return
    first = lists.find("class", found.words("class_1"))
    if first and first.code != parts.kind:
        yield "code/class", place, f"{code} · {found.words('class_1')}"
    own = tidy(found.words("class_code"))
    if own and own != parts.class_code:
        yield "code/class-code", place, f"{code} · {own}"


def _class(found: Said) -> Found:
    first, place = found.words("class_1"), found.place("class_1")
    if not first:
        path = found.words("class_path")
        if not path:
            yield "class/required", place, ""
        return
    known = lists.find("class", first)
    if known is None:
        yield "class/known", place, first
        return
    second, third = found.words("class_2"), found.words("class_3")
    if not second or not third:
        yield "class/levels", found.place("class_3" if second else "class_2"), first
    items = lists.class_items(known.code)
    if second and items and not any(item in second or second in item for item in items):
        yield "class/item", found.place("class_2"), second


def _provider(found: Said) -> Found:
    if not found.words("provider"):
        yield "provider/required", found.place("provider"), ""
    code, place = found.words("provider_code"), found.place("provider_code")
    if not code:
        yield "provider-code/required", place, ""
        return
    fault = uscc_fault(code)
    if fault:
        yield ("provider-code/form" if fault in ("length", "characters") else "provider-code/check-digit"), place, code


def _abstract(found: Said) -> Found:
    words = found.words("abstract")
    if not words:
        yield "abstract/required", found.place("abstract"), ""
    elif words == found.words("name"):
        yield "abstract/same", found.place("abstract"), words


def _format(found: Said) -> Found:
    sort, kind = found.words("format_class"), found.words("format_type")
    own = lists.format_class(kind) if kind else None
    if not sort:
        if not kind or lists.find("format", kind) is None:
            yield "format/required", found.place("format_class"), kind
        return
    known = lists.find("format", sort)
    if known is None:
        yield "format/known", found.place("format_class"), sort
        return
    if known.practice:
        yield "format/practice", found.place("format_class"), sort
    if not kind and known.types and not known.practice:
        yield "format/type-required", found.place("format_type"), sort
    elif own and own.code != known.code and known.types:
        yield "format/type", found.place("format_type"), f"{sort} · {kind}"


def _items(found: Said) -> Found:
    entries = found.entries["item"]
    sort = lists.find("format", found.words("format_class")) or lists.format_class(found.words("format_type"))
    if not entries and sort and sort.code in _STRUCTURED:
        yield "items/required", found.place("item_name"), ""
    names: set[str] = set()
    for entry in entries:
        yield from _item(found, entry)
        cell = _first(entry, "item_name")
        if cell and cell.words in names:
            yield "item/name/repeated", cell.place, cell.words
        names.add(cell.words if cell else "")


def _item(found: Said, entry: Entry) -> Found:
    kind, length = _first(entry, "item_type"), _first(entry, "item_length")
    if not _first(entry, "item_name"):
        yield "item/name/required", found.place("item_name", entry), ""
    typed = lists.data_type(kind.words) if kind else None
    if kind is None:
        yield "item/type/required", found.place("item_type", entry), ""
    elif typed is None:
        yield "item/type/known", kind.place, kind.words
    elif kind.words.isascii() and kind.words.strip("0123456789(), .").upper() != typed.value.code:
        yield "item/type/spelling", kind.place, kind.words
    if length and not re.fullmatch(r"\d+([,，.、 ]+\d+)?\s*(位|字节|字符)?", length.words, re.ASCII):
        yield "item/length/form", length.place, length.words
    elif not length and typed and typed.value.code in _SIZED and typed.length is None:
        yield "item/length/required", found.place("item_length", entry), ""


def _first(entry: Entry, key: str) -> Cell | None:
    cells = entry.get(key)
    return cells[0] if cells and cells[0].words else None


def _share(found: Said) -> Found:
    word, place = found.words("share_type"), found.place("share_type")
    value = lists.find("sharing", word)
    if not word:
        yield "share/required", place, ""
        return
    if value is None:
        yield "share/known", place, word
        return
    if word.strip("0") == value.number:
        yield "share/number", place, word
    condition, basis = found.words("share_condition"), found.words("share_basis")
    if value.code == "conditional" and (not condition or condition in NO_CONDITION):
        yield "share/condition", found.place("share_condition"), condition
    if value.code == "none":
        yield from _legal_basis(found, basis or condition)
    elif not found.words("share_class") and not found.words("share_method"):
        yield "share/method", found.place("share_method"), ""
    yield from _method(found)


def _legal_basis(found: Said, reason: str) -> Found:
    place = found.place("share_basis" if found.words("share_basis") else "share_condition")
    if not reason or reason in NO_CONDITION:
        yield "share/legal-basis", place, reason
    elif not _LAW.search(reason):
        yield "share/legal-basis-named", place, reason


def _method(found: Said) -> Found:
    first, second = found.words("share_class"), found.words("share_method")
    if first and not lists.find("method-class", first):
        yield "share/method-known", found.place("share_class"), first
    if second and not lists.find("method", second) and not (not first and lists.find("method-class", second)):
        yield "share/method-known", found.place("share_method"), second


def _open(found: Said) -> Found:
    word, place = found.words("open"), found.place("open")
    value = lists.find("open", word)
    if not word:
        yield "open/required", place, ""
        return
    if value is None:
        yield "open/known", place, word
        return
    if value.code == "yes" and not found.words("open_condition"):
        yield "open/condition", found.place("open_condition"), ""
    shared = lists.find("sharing", found.words("share_type"))
    if value.code != "no" and shared and shared.code == "none":
        yield "open/not-shared", place, word


def _frequency(found: Said) -> Found:
    word, place = found.words("frequency"), found.place("frequency")
    code = lists.update_cycle(word) if word else ""
    if not word:
        yield "frequency/required", place, ""
    elif not code:
        yield "frequency/known", place, word
    elif code not in lists.frequencies() or lists.listed_word(code) != word:
        yield "frequency/listed", place, word


def _dates(found: Said) -> Found:
    cell = found.cell("issued")
    if cell is None:
        yield "issued/required", found.place("issued"), ""
    elif (date := dates.date_of(cell.value)) is None:
        yield "issued/date", cell.place, cell.words
    elif not _ISO_DAY.fullmatch(cell.words):
        yield "issued/form", cell.place, cell.words
    elif dates.after(date, (datetime.now(UTC) + timedelta(days=1)).date().isoformat()):
        yield "issued/future", cell.place, cell.words
    changed = found.cell("modified")
    if changed and dates.date_of(changed.value) is None:
        yield "modified/date", changed.place, changed.words


def _relation(found: Said) -> Found:
    own = tidy(found.words("code"))
    for cell in found.fields.get("relation", ()):
        for code in re.split(r"[、，,;；|\s]+", cell.words):
            if code and code == own:
                yield "relation/self", cell.place, code
            elif code and not resource_code(code) and not identifier_parts(code) and not _is_class(code):
                yield "relation/form", cell.place, code


def _is_class(code: str) -> bool:
    return bool(class_levels(code)) and class_code(code) == code


_LOOKS = (_class, _name, _code, _provider, _abstract, _format, _items, _share, _open, _frequency, _dates, _relation)
