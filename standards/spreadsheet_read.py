"""A row of a catalogue kept in a table, with the rows that go with it, read as a Dataset.

Fields and their headers are in `spreadsheet_columns`. Cells may hold several values: one to a line, or between `;` `；`
`、` `，` `,` `|`; or a JSON list, which Mulu writes where a value holds such a mark itself. What a cell says and no field
can hold stays in `extra` by its header. Meanings: W3C DCAT 3; 共享 and 开放 after 《政务信息资源目录编制指南(试行)》 2017.
"""

import re
from collections.abc import Callable
from typing import Any, Literal

import orjson

from metadata.model import Agent, Coded, Contact, Dataset, Distribution, InformationItem, Openness, Period, Place, Sharing
from metadata.text import Text, Words, best
from metadata.vocabulary import format_of, language_tag, media_type_of
from standards import tables
from standards.base import Unreadable
from standards.dates import date_of, parse_period
from standards.json_members import coded, grouped, integer, said, web
from standards.repairs import half_width
from standards.spreadsheet_rows import Cell, Said, is_json, left
from standards.spreadsheet_rows import said as said_of
from standards.spreadsheet_rules import RULES

Row = dict[str, list[Cell]]

MARKS = ";；、，,|"
_SEPARATOR = re.compile(r"\s*[;；、，,|]\s*")
_YES = frozenset(("是", "yes", "true", "1", "y", "√", "必填"))
_NO = frozenset(("否", "no", "false", "0", "n", "×"))


def read(body: Any) -> Dataset:
    """The dataset of a row. Raises `Unreadable` when it is no row of a table, no column has titles, or this one has none."""
    if not tables.is_row(body):
        raise Unreadable(RULES["spreadsheet/row"], "", type(body).__name__)
    about = said_of(body)
    title = texts(about, "title") or texts(about, "title_other")
    if not title:
        rule = "spreadsheet/title/absent" if about.first("title") else "spreadsheet/title/column"
        raise Unreadable(RULES[rule], about.place("title"))
    return Dataset(
        identifier=code(about.value("identifier")) or best(title),
        title=title,
        distribution=_distributions(about),
        information_item=_items(about),
        **_words(about),
        **_parties(about),
        **_coverage(about),
        **_rights(about),
        extra=_extra(about),
    )


def code(value: str) -> str:
    """A code in plain characters."""
    return half_width(value) or value


def texts(about: Said, field: str) -> Text:
    """Words by language: a header's, else what the script shows."""
    return _texts(about.fields.get(field, []))


def _texts(cells: list[Cell]) -> Text:
    found: Text = {}
    for cell in cells:
        words = {cell.column.language: cell.value} if cell.column.language else said(cell.value)
        found |= {tag: word for tag, word in words.items() if word and tag not in found}
    return found


def many(value: str) -> list[Any]:
    """The values of a cell."""
    if value.startswith("["):
        try:
            found = orjson.loads(value)
        except orjson.JSONDecodeError:
            found = None
        if isinstance(found, list):
            return [each for each in found if each not in (None, "")]
    lines = value.splitlines() if "\n" in value else _SEPARATOR.split(value)
    return [word for each in lines if (word := each.strip())]


def strings(about: Said, field: str) -> tuple[str, ...]:
    """All values of a field, once each."""
    found = (each for cell in about.fields.get(field, ()) for each in many(cell.value))
    return tuple(dict.fromkeys(each for each in found if isinstance(each, str)))


def value_of(scheme: str, value: str) -> Coded | None:
    """A coded value from a cell's word, or from the object that Mulu wrote for one that no word means."""
    if value.startswith("{"):
        try:
            return coded(scheme)(orjson.loads(value))
        except orjson.JSONDecodeError:
            pass
    return coded(scheme)(value)


def _words(about: Said) -> dict[str, Any]:
    return {
        "description": texts(about, "description"),
        "keyword": _keywords(about),
        "theme": tuple(
            filter(None, (coded("theme")(each) for cell in about.fields.get("theme", ()) for each in many(cell.value)))
        ),
        "issued": _date(about.value("issued")),
        "modified": _date(about.value("modified")),
        "accrual_periodicity": value_of("frequency", about.value("frequency")),
        "language": languages(about.value("language")),
        "landing_page": web(about.value("landing_page")),
        "provenance": texts(about, "provenance"),
        "version": about.value("version") or None,
        "conforms_to": strings(about, "conforms_to"),
        "other_identifier": strings(about, "other_identifier"),
        "relation": strings(about, "relation"),
        "status": value_of("", about.value("status")),
    }


def _keywords(about: Said) -> Words:
    found: dict[str, list[str]] = {}
    for cell in about.fields.get("keyword", ()):
        terms = [each for each in many(cell.value) if isinstance(each, str)]
        groups = {cell.column.language: tuple(terms)} if cell.column.language else grouped(terms)
        for tag, group in groups.items():
            found.setdefault(tag, []).extend(group)
    return {tag: tuple(dict.fromkeys(group)) for tag, group in found.items() if group}


def _date(value: str) -> str | None:
    return date_of(value) if value else None


def languages(value: str) -> tuple[str, ...]:
    """BCP 47 tags; a language that is not known stays as it is written."""
    return tuple(dict.fromkeys(language_tag(each) or each for each in many(value) if isinstance(each, str)))


def _parties(about: Said) -> dict[str, Any]:
    name = texts(about, "publisher")
    publisher = Agent(
        name=name,
        code=code(about.value("publisher_code")) or None,
        email=about.value("publisher_email") or None,
        homepage=about.value("publisher_page") or None,
        phone=about.value("publisher_phone") or None,
    )
    contacts = dict.fromkeys(map(_key, found := [_contact(each) for each in about.rows("contact")]))
    return {
        "publisher": publisher if publisher != Agent() else None,
        "creator": tuple(Agent(name=said(each)) for each in strings(about, "creator")),
        "contact_point": tuple(next(each for each in found if _key(each) == key) for key in contacts),
    }


def _key(contact: Contact) -> str:
    return repr(contact)


def _one(row: Row, field: str) -> str:
    return row[field][0].value if field in row else ""


def _contact(row: Row) -> Contact:
    return Contact(
        name=_texts(row.get("contact_name", [])),
        email=_one(row, "contact_email") or None,
        phone=_one(row, "contact_phone") or None,
        url=_one(row, "contact_page") or None,
    )


def _coverage(about: Said) -> dict[str, Any]:
    places = [
        _place(each, cell) for cell in about.fields.get("spatial", ()) for each in many(cell.value) if isinstance(each, str)
    ]
    box = _box(about.value("box"))
    if box:
        only = places.pop() if len(places) == 1 else Place()
        places.append(Place(name=only.name, box=box))
    periods = [_period(each) for each in many_periods(about.value("temporal"))]
    start, end = _date(about.value("start")), _date(about.value("end"))
    own = [Period(start=start, end=end)] if start or end else []
    return {"spatial": tuple(places), "temporal": tuple(each for each in (*own, *periods) if each not in own or each is own[0])}


def _place(word: str, cell: Cell) -> Place:
    return (
        Place(uri=word)
        if word.startswith(("http://", "https://"))
        else Place(name={cell.column.language: word} if cell.column.language else said(word))
    )


def _box(value: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north."""
    parts = re.split(r"[\s,;，；]+", (half_width(value) or value).strip("()[] "))
    try:
        west, south, east, north = map(float, parts)
    except ValueError:
        return None
    return (
        (west, south, east, north)
        if -180 <= west <= 180 and -90 <= south <= 90 and -180 <= east <= 180 and -90 <= north <= 90
        else None
    )


def many_periods(value: str) -> list[str]:
    """Periods of a cell: one to a line, or between `;`."""
    return [word for each in re.split(r"[\n;；]", value) if (word := each.strip())]


def _period(word: str) -> Period:
    start, end = parse_period(word) or (None, None)
    day = None if start or end else date_of(word)
    return Period(start=start, end=end) if start or end else Period(start=day, end=day) if day else Period(raw=word)


def _rights(about: Said) -> dict[str, Any]:
    return {
        "license": value_of("licence", about.value("license")),
        "access_rights": value_of("access-right", about.value("access_rights")),
        "rights": texts(about, "rights"),
        "sharing": _sharing(about),
        "openness": _openness(about),
    }


def sharing_kind(word: str) -> Literal["unconditional", "conditional", "none"] | None:
    """What a word for sharing means."""
    if word in ("unconditional", "conditional", "none"):
        return word  # type: ignore[return-value]
    if "不予" in word or "不共享" in word:
        return "none"
    if "有条件" in word or "受限" in word:
        return "conditional"
    return "unconditional" if "无条件" in word or "普遍" in word else None


def _sharing(about: Said) -> Sharing | None:
    word = about.value("sharing")
    kind = sharing_kind(word)
    if kind is None:
        return None
    raw = None if word == SHARING[kind] else word
    return Sharing(kind=kind, condition=texts(about, "sharing_condition"), legal_basis=texts(about, "sharing_basis"), raw=raw)


def open_kind(word: str) -> Literal["open", "conditional", "none"] | None:
    """What a word for openness means."""
    lowered = word.casefold()
    if lowered in _NO or "不" in word or lowered == "none":
        return "none"
    if "有条件" in word or "依申请" in word or "受限" in word or lowered == "conditional":
        return "conditional"
    return "open" if lowered in _YES or "开放" in word or lowered == "open" else None


def _openness(about: Said) -> Openness | None:
    word = about.value("openness")
    kind = open_kind(word) if word else None
    raw = None if kind and word == OPENNESS[kind] else word
    return Openness(kind=kind, condition=texts(about, "openness_condition"), raw=raw) if kind else None


SHARING = {"unconditional": "无条件共享", "conditional": "有条件共享", "none": "不予共享"}
OPENNESS = {"open": "无条件开放", "conditional": "有条件开放", "none": "不予开放"}


def _distributions(about: Said) -> tuple[Distribution, ...]:
    found: list[Distribution] = []
    for row in about.rows("file"):
        for each in _of_row(row):
            if each not in found:
                found.append(each)
    return tuple(found)


def _of_row(row: Row) -> list[Distribution]:
    """The files of a row: one, or one for each address and format that its cells list."""
    forms = [each for cell in row.get("file_format", []) for each in many(cell.value) if isinstance(each, str)]
    links = [link for cell in row.get("file", []) for link in links_of(cell.value)]
    access = web(_one(row, "file_access"))
    if not links:
        pairs: list[tuple[str | None, str | None]] = [(None, form) for form in dict.fromkeys(forms)] or [(None, None)]
    else:
        same = len(forms) == len(links)
        pairs = [
            (link, forms[at] if same else forms[0] if forms and len(links) == 1 else None) for at, link in enumerate(links)
        ]
    made = [_distribution(row, link, form, access) for link, form in pairs]
    return [each for each in made if each != Distribution()]


def links_of(value: str) -> list[str]:
    """The addresses of a cell."""
    parts = re.split(r"[\s]+|[;；|、](?=\s*(?:https?|ftp)://)", value)
    return list(
        dict.fromkeys(found for each in parts if (found := web(half_width(each.strip(" ,，;；|")) or each.strip(" ,，;；|"))))
    )


def _distribution(row: Row, link: str | None, form: str | None, access: str | None) -> Distribution:
    known, media_type = format_of(form, media_type_of(_one(row, "file_media_type")), link or access)
    return Distribution(
        identifier=_one(row, "file_identifier") or None,
        title=_texts(row.get("file_name", [])),
        description=_texts(row.get("file_description", [])),
        access_url=access,
        download_url=link,
        format=known,
        media_type=media_type,
        byte_size=integer(half_width(_one(row, "file_size")) or _one(row, "file_size")),
        license=value_of("licence", _one(row, "file_license")),
        issued=_date(_one(row, "file_issued")),
        modified=_date(_one(row, "file_modified")),
        language=languages(_one(row, "file_language")),
    )


def _items(about: Said) -> tuple[InformationItem, ...]:
    listed = [InformationItem(name=said(each)) for each in strings(about, "items")]
    own = [made for row in about.rows("item") if (made := _item(row))]
    return tuple(each for at, each in enumerate([*own, *listed]) if each not in [*own, *listed][:at])


def _item(row: Row) -> InformationItem | None:
    name, own = _texts(row.get("item_name", [])), _one(row, "item_code") or None
    if not name and not own:
        return None
    return InformationItem(
        name=name or said(own),
        code=own,
        data_type=value_of("", _one(row, "item_type")),
        length=integer(_one(row, "item_length")),
        description=_texts(row.get("item_description", [])),
        required=_flag(_one(row, "item_required")),
        key=_flag(_one(row, "item_key")),
    )


def _flag(word: str) -> bool | None:
    return True if word.casefold() in _YES else False if word.casefold() in _NO else None


UNREAD: dict[str, Callable[[str], Any]] = {
    "issued": _date,
    "modified": _date,
    "start": _date,
    "end": _date,
    "landing_page": web,
    "box": _box,
    "sharing": sharing_kind,
    "openness": open_kind,
    "file_access": web,
    "file": links_of,
    "file_size": integer,
}
"""Fields whose words may not be understood: then they stay in `extra`."""


def _extra(about: Said) -> dict[str, Any]:
    found = {cell.column.header: cell for cell in left(about)}
    kept: dict[str, Any] = {}
    for cell in found.values():
        base = cell.column.header
        if is_json(cell.column):
            base, value = base[: -len("(json)")], _json(cell.value)
        else:
            value = cell.value
        if base:
            kept[base] = value
    for cell in about.cells:
        parse = UNREAD.get(cell.column.field)
        if cell.row == 0 and cell.value and parse and not parse(cell.value):
            kept[cell.column.header] = cell.value
    if texts(about, "title") and (other := about.first("title_other")) and other.value:
        kept[other.column.header] = other.value
    if about.value("dataset"):
        kept.pop("", None)
    return kept


def _json(value: str) -> Any:
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
