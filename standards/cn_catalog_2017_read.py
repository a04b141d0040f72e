"""A catalogue record after the guide of 2017, read as a Dataset: from JSON, one XML document, or a row of a table.

Source: 《政务信息资源目录编制指南(试行)》 (发改高技〔2017〕1272号) §5.3. What cannot be taken over stays in `extra` under
its path in the guide (`共享属性/共享类型`), and is put back there when written.
"""

import re
from collections.abc import Iterable
from typing import Any, Literal

from metadata.model import Agent, Coded, Contact, Dataset, Distribution, InformationItem, Openness, Sharing
from metadata.text import Text, Words, best, guess, text, words_of
from metadata.vocabulary import format_of, look_up
from standards import cn_catalog_2017_lists as lists
from standards.base import Unreadable
from standards.cn_catalog_2017_names import NAMES
from standards.cn_catalog_2017_rules import RULES
from standards.cn_catalog_2017_said import Cell, Entry, Said, said
from standards.cn_identifiers import class_code, tidy
from standards.dates import date_of

BETWEEN = " > "
NO_CONDITION = frozenset(("无", "无条件", "无条件开放", "无条件共享", "-", "/", "--"))
ON_CONDITION = "有条件开放"
_LIST = re.compile(r"[、，,;；|]+|\s*\n\s*")
_LINES = re.compile(r"\s*\n\s*")
_CODES = re.compile(r"[、，,;；|\s]+")
_TRUE = frozenset(("是", "1", "true", "y", "yes", "必填", "√"))
_FALSE = frozenset(("否", "0", "false", "n", "no", "非必填", "选填", "×"))
_MOST_DIGITS = 9


def read(body: Any) -> Dataset:
    """The dataset that a record describes. Raises `Unreadable` when it is none, or has no name."""
    return dataset_of(said(body))


def dataset_of(found: Said) -> Dataset:
    """`read` for what a body was taken apart into."""
    title = texts(found.fields.get("name", ()))
    if not title:
        raise Unreadable(RULES["cn-2017/name/required"], found.place("name"))
    extra = dict(found.left)
    about = {**_core(found, extra), **_extended(found, extra), **_access(found, extra)}
    for key in ("provider_unit", "format_other"):
        if (value := found.words(key)) and (key != "provider_unit" or not about["publisher"]):
            extra[NAMES[key].path] = value
    identifier = tidy(found.words("code")) or best(title)
    return Dataset(identifier=identifier, title=title, **about, extra=extra)


def _core(found: Said, extra: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": texts(found.fields.get("abstract", ())),
        "publisher": _provider(found),
        "classification": _classification(found),
        "accrual_periodicity": _frequency(found.words("frequency")),
        "issued": _date(found, "issued", extra),
        "relation": tuple(dict.fromkeys(_many(found.fields.get("relation", ()), _CODES))),
        "information_item": tuple(item for entry in found.entries["item"] if (item := _item(entry))),
        "distribution": _distributions(found, extra),
    }


def _extended(found: Said, extra: dict[str, Any]) -> dict[str, Any]:
    pages = [cell.words for cell in found.fields.get("landing_page", ())]
    return {
        "keyword": _keywords(found.fields.get("keyword", ())),
        "theme": tuple(look_up("theme", word) for word in dict.fromkeys(_many(found.fields.get("theme", ()), _LIST))),
        "modified": _date(found, "modified", extra),
        "landing_page": pages[0] if pages else None,
        "page": tuple(pages[1:]),
        "contact_point": tuple(contact for entry in found.entries["contact"] if (contact := _contact(entry)) != Contact()),
    }


def _access(found: Said, extra: dict[str, Any]) -> dict[str, Any]:
    return {"sharing": _sharing(found, extra), "openness": _openness(found, extra)}


def texts(cells: Iterable[Cell]) -> Text:
    """Words by language: as said, or as the script shows."""
    words: Text = {}
    for cell in cells:
        if plain := cell.words.replace("\x00", ""):
            words.setdefault(cell.language or guess(plain), plain)
    return words


def _many(cells: Iterable[Cell], between: re.Pattern[str]) -> list[str]:
    """The values in a list, or in one value that holds several (`a、b`; one on each line)."""
    found: list[str] = []
    for cell in cells:
        words = cell.words
        parts = (_LINES if "\n" in words or "://" in words else between).split(words) if _is_joined(cell) else [words]
        found.extend(part.strip() for part in parts if part.strip())
    return found


def _is_joined(cell: Cell) -> bool:
    """Whether a cell may hold several values: elements of a list in JSON hold one each."""
    return not (isinstance(cell.at[0], str) and any(isinstance(step, int) for step in cell.at[1:]))


def _provider(found: Said) -> Agent | None:
    name = texts(found.fields.get("provider", ()))
    code, unit = tidy(found.words("provider_code")), found.words("provider_unit")
    if not name and not code:
        return None
    return Agent(name=name, code=code or None, extra={NAMES["provider_unit"].path: unit} if unit else {})


def _classification(found: Said) -> Coded | None:
    """The class: its code (of its own, or in the resource's), and 类, 项, 目, 细目 as `raw`, parted by ` > `."""
    levels = [cell.words for level in "1234" for cell in found.fields.get(f"class_{level}", ())]
    path = found.words("class_path")
    levels = levels or [part.strip() for part in re.split(r"\s*[>/／]\s*", path) if part.strip()]
    code = tidy(found.words("class_code")) or class_in(tidy(found.words("code")))
    if not levels and not code:
        return None
    first = lists.find("class", levels[0]) if levels else None
    if not levels:
        return Coded(scheme=lists.CLASS, code=code, label=_class_label(code))
    label = first.label if first and len(levels) == 1 else text(levels[-1], guess(levels[-1]))
    return Coded(scheme=lists.CLASS if code or first else "", code=code, label=label, raw=BETWEEN.join(levels))


def class_in(code: str) -> str:
    """The class code in a resource's code; "" when it has none."""
    return class_code(code) if "/" in code else ""


def _class_label(code: str) -> Text:
    first = lists.by_code("class", code)
    return dict(first.label) if first else {}


def _frequency(word: str) -> Coded | None:
    return look_up("frequency", word) if word else None


def _date(found: Said, key: str, extra: dict[str, Any]) -> str | None:
    cell = found.cell(key)
    if cell is None:
        return None
    date = date_of(cell.value)
    if date is None:
        extra[NAMES[key].path] = cell.value
    return date


def _sharing(found: Said, extra: dict[str, Any]) -> Sharing | None:
    """共享属性. The reason of what is not shared stands in a field of its own, or where a condition would."""
    word = found.words("share_type")
    value = lists.find("sharing", word)
    condition, basis = texts(found.fields.get("share_condition", ())), texts(found.fields.get("share_basis", ()))
    if value is None:
        _keep_unused(found, extra, "share_type", "share_condition", "share_basis", "share_class", "share_method")
        return None
    if value.code == "none" and not basis:
        condition, basis = {}, condition
    if value.code == "unconditional" and best(condition) in NO_CONDITION:
        condition = {}
    kind: Literal["unconditional", "conditional", "none"] = value.code  # type: ignore[assignment]
    raw = None if word == value.label["zh"] else word
    return Sharing(kind=kind, condition=condition, legal_basis=basis, method=_method(found), raw=raw)


def _method(found: Said) -> Coded | None:
    """共享方式: its class and its type, `platform/database`; unknown words as they are."""
    first, second = found.words("share_class"), found.words("share_method")
    if not first and not second:
        return None
    raw = f"{first}/{second}" if first and second else first or second
    where = lists.find("method-class", first) if first else None
    how = lists.find("method", second) if second else None
    if second and not how and not first:
        where = lists.find("method-class", second)
    if (first and not where) or (second and not how and not where):
        return Coded(raw=raw, label=text(raw, guess(raw)))
    if second and first and not how:
        return Coded(raw=raw, label=text(raw, guess(raw)))
    return method_of(where, how, raw)


def method_of(where: lists.Value | None, how: lists.Value | None, raw: str | None = None) -> Coded:
    """A method of sharing for the model."""
    parts = [part for part in (where, how) if part]
    code = f"{where.code if where else ''}/{how.code if how else ''}"
    label = {language: "/".join(part.label[language] for part in parts) for language in ("zh", "en")}
    return Coded(scheme=lists.SHARING_METHOD, code=code, label=label, raw=raw if raw != label["zh"] else None)


def _openness(found: Said, extra: dict[str, Any]) -> Openness | None:
    word = found.words("open")
    value = lists.find("open", word)
    condition = texts(found.fields.get("open_condition", ()))
    if value is None:
        _keep_unused(found, extra, "open", "open_condition")
        return None
    kind: Literal["open", "conditional", "none"]
    said_condition = best(condition)
    if said_condition in NO_CONDITION:
        condition = {}
    if said_condition == ON_CONDITION:
        condition, kind = {}, "conditional"
    else:
        kind = "none" if value.code == "no" else "conditional" if condition or value.code == "conditional" else "open"
    if value.code == "unconditional":
        kind = "open"
    return Openness(kind=kind, condition=condition, raw=None if word in ("是", "否") else word)


def _keep_unused(found: Said, extra: dict[str, Any], *keys: str) -> None:
    extra.update({NAMES[key].path: found.words(key) for key in keys if found.words(key)})


def _keywords(cells: Iterable[Cell]) -> Words:
    found: dict[str, list[str]] = {}
    for cell in cells:
        for word in _many((cell,), _LIST):
            found.setdefault(cell.language or guess(word), []).append(word)
    return {language: given for language, words in found.items() for given in words_of(words, language).values()}


def _contact(entry: Entry) -> Contact:
    email = _first(entry, "contact_email")
    return Contact(
        name=texts(entry.get("contact_name", ())),
        email=email.removeprefix("mailto:") if email else None,
        phone=_first(entry, "contact_phone"),
    )


def _first(entry: Entry, key: str) -> str | None:
    cells = entry.get(key)
    return (cells[0].words or None) if cells else None


def _item(entry: Entry) -> InformationItem | None:
    """One column (信息项). What has no place in the model is kept under its own name."""
    name, code = texts(entry.get("item_name", ())), _first(entry, "item_code")
    if not entry:
        return None
    typed = _first(entry, "item_type")
    found = lists.data_type(typed) if typed else None
    length, decimals = _size(_first(entry, "item_length") or "")
    precision = _size(_first(entry, "item_precision") or "")[0]
    extra: dict[str, Any] = {key[1:]: cells[0].value for key, cells in entry.items() if key.startswith("+")}
    if length is None and (unsaid := _first(entry, "item_length")):
        extra[NAMES["item_length"].name] = unsaid
    for key in ("item_required", "item_key"):
        if (word := _first(entry, key)) and _yes(word) is None:
            extra[NAMES[key].name] = word
    return InformationItem(
        name=name or text(code or ""),
        code=code,
        data_type=_type(typed, found),
        length=length if length is not None or not found else found.length,
        precision=next((each for each in (precision, decimals, found.precision if found else None) if each is not None), None),
        description=texts(entry.get("item_description", ())),
        required=_yes(_first(entry, "item_required") or ""),
        key=_yes(_first(entry, "item_key") or ""),
        extra=extra,
    )


def _type(word: str | None, found: lists.DataType | None) -> Coded | None:
    if word is None:
        return None
    if found is None:
        return Coded(raw=word, label=text(word, guess(word)))
    return lists.coded(lists.TYPE, found.value, word if word != found.value.label["zh"] else None)


def _size(words: str) -> tuple[int | None, int | None]:
    """`18,2` → (18, 2); `50位` → (50, None)."""
    numbers = re.fullmatch(r"(\d{1,9})(?:\s*[,，.、]\s*(\d{1,9}))?\s*(?:位|字节|字符|bytes?)?", words.strip(), re.ASCII)
    return (int(numbers[1]), int(numbers[2]) if numbers[2] else None) if numbers else (None, None)


def _yes(word: str) -> bool | None:
    folded = word.strip().lower()
    return True if folded in _TRUE else False if folded in _FALSE else None


def _distributions(found: Said, extra: dict[str, Any]) -> tuple[Distribution, ...]:
    """The files that are attached (挂接资源); without any, one that only tells its format (信息资源格式)."""
    files = tuple(way for entry in found.entries["file"] if (way := _file(entry)) != Distribution())
    sort, kind = found.words("format_class"), found.words("format_type")
    if not sort and not kind:
        return files
    told = _format(sort, kind, bool(files))
    if not files:
        return (told,)
    formats = {way.format.code for way in files if way.format}
    if told.extra or (told.format and told.format.code not in formats):
        _keep_unused(found, extra, "format_class", "format_type")
    return files


def _format(sort: str, kind: str, attached: bool) -> Distribution:
    given, _ = format_of(kind or sort)
    own = lists.format_class(kind) if kind else None
    named = lists.find("format", sort) if sort else None
    # The class is told again when written, unless it is not the one that the type belongs to.
    odd = sort and kind and (named is None or own is None or named.code != own.code)
    return Distribution(format=given, extra={NAMES["format_class"].name: sort} if odd and not attached else {})


def _file(entry: Entry) -> Distribution:
    word, media_type = _first(entry, "file_format"), _first(entry, "file_media_type")
    return Distribution(
        title=texts(entry.get("file_name", ())),
        description=texts(entry.get("file_description", ())),
        access_url=_first(entry, "file_address"),
        download_url=_first(entry, "file_download"),
        format=format_of(word)[0] if word else None,
        media_type=media_type,
        extra={key[1:]: cells[0].value for key, cells in entry.items() if key.startswith("+")},
    )
