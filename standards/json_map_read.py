"""A dataset from a record and a mapping. Words decide about sharing and openness, never a system's numbers."""

from collections.abc import Mapping
from typing import Any, Literal

from metadata.model import Agent, Coded, Contact, Dataset, Distribution, InformationItem, Openness, Period, Place, Sharing
from metadata.text import Text, guess, text
from metadata.vocabulary import format_of, language_tag, look_up
from standards import dates
from standards.base import Unreadable
from standards.json_map_mapping import Each, Line, Mapped
from standards.json_map_rules import RULES
from standards.portal_members import is_address, keywords, licence, unknown, whole

_YES, _NO = (
    frozenset(("是", "true", "1", "yes", "y", "open", "public")),
    frozenset(("否", "false", "no", "n", "none", "closed")),
)
_NONE, _CONDITION = (
    ("不予", "不开放", "不共享", "未开放"),
    ("有条件", "条件开放", "依申请", "申请", "受限", "登录", "conditional"),
)


class _Said:
    """What a record says, by the fields of its mapping."""

    def __init__(self, item: Any, lines: Mapping[str, Line]) -> None:
        self._item, self._lines = item, lines

    def many(self, name: str) -> tuple[str, ...]:
        line = self._lines.get(name)
        return line.words(self._item) if line else ()

    def one(self, name: str) -> str | None:
        return next(iter(self.many(name)), None)

    def text(self, name: str) -> Text:
        said = self.one(name)
        return text(said, guess(said)) if said else {}

    def date(self, name: str) -> str | None:
        return next((date for said in self.many(name) if (date := date_of(said))), None)

    def address(self, name: str) -> str | None:
        return next((said for said in self.many(name) if is_address(said)), None)


def date_of(said: str) -> str | None:
    """A date in words; digits alone are `20240503`, or seconds or milliseconds since 1970."""
    if said.isdecimal() and len(said) in (10, 13):
        return dates.date_of(int(said))
    return dates.date_of(said)


def dataset_of(item: dict[str, Any], mapping: Mapped) -> Dataset:
    """The dataset. Raises `Unreadable` when there is no title."""
    said = _Said(item, mapping.lines)
    title = said.text("title")
    if not title:
        raise Unreadable(RULES["json-map/title/absent"], "")
    named = mapping.named()
    return Dataset(
        identifier=said.one("identifier") or next(iter(title.values())),
        title=title,
        description=said.text("description"),
        **_parties(said),
        **_classified(said),
        **_times(said),
        **_legal(said),
        landing_page=said.address("landing_page"),
        page=tuple(each for each in said.many("page") if is_address(each)),
        provenance=said.text("provenance"),
        version=said.one("version"),
        other_identifier=said.many("other_identifier"),
        distribution=_ways(item, mapping.lists.get("distribution")),
        information_item=_items(item, mapping.lists.get("information_item")),
        extra={name: value for name, value in item.items() if name not in named and value not in (None, "", [], {})},
    )


def _parties(said: _Said) -> dict[str, Any]:
    name, code = said.text("publisher"), said.one("publisher.code")
    contact = {"name": said.text("contact.name"), "phone": said.one("contact.phone"), "email": said.one("contact.email")}
    if isinstance(contact["email"], str):
        contact["email"] = contact["email"].removeprefix("mailto:")
    publisher = Agent(name=name, code=code, phone=said.one("publisher.phone"), homepage=said.address("publisher.homepage"))
    return {
        "publisher": publisher if name or code else None,
        "contact_point": (Contact(**contact),) if any(contact.values()) else (),  # type: ignore[arg-type]
    }


def _classified(said: _Said) -> dict[str, Any]:
    return {
        "keyword": keywords(said.many("keyword")),
        "theme": tuple(look_up("theme", each) for each in said.many("theme")),
        "classification": unknown(said.one("classification")),
        "language": tuple(language_tag(each) or each for each in said.many("language")),
        "spatial": tuple(Place(name=text(each, guess(each))) for each in said.many("spatial")),
    }


def _times(said: _Said) -> dict[str, Any]:
    frequency = said.one("frequency")
    return {
        "issued": said.date("issued"),
        "modified": said.date("modified"),
        "accrual_periodicity": look_up("frequency", frequency) if frequency else None,
        "temporal": _periods(said),
    }


def _periods(said: _Said) -> tuple[Period, ...]:
    start, end, raw = said.date("temporal.start"), said.date("temporal.end"), said.one("temporal")
    spans = [Period(start=start, end=end)] if start or end else []
    if raw:
        known = dates.parse_period(raw)
        spans.append(Period(start=known[0], end=known[1]) if known else Period(raw=raw))
    return tuple(spans)


def _legal(said: _Said) -> dict[str, Any]:
    rights = said.one("access_rights")
    return {
        "license": licence(*said.many("license")),
        "rights": said.text("rights"),
        "access_rights": look_up("access-right", rights) if rights else None,
        "sharing": _sharing(said),
        "openness": _openness(said),
    }


def _sharing(said: _Said) -> Sharing | None:
    word = said.one("sharing")
    kind = sharing_kind(word) if word else None
    if kind is None:
        return None
    return Sharing(kind=kind, condition=said.text("sharing.condition"), legal_basis=said.text("sharing.basis"), raw=word)


def _openness(said: _Said) -> Openness | None:
    word = said.one("openness")
    kind = open_kind(word) if word else None
    return Openness(kind=kind, condition=said.text("openness.condition"), raw=word) if kind else None


def sharing_kind(word: str) -> Literal["unconditional", "conditional", "none"] | None:
    """What a word says about sharing; None for a bare number."""
    if any(each in word for each in _NONE) or word.casefold() in _NO:
        return "none"
    if "无条件" in word or "普遍" in word or word.casefold() in _YES - {"1"}:
        return "unconditional"
    return "conditional" if any(each in word for each in _CONDITION) or word == "条件共享" else None


def open_kind(word: str) -> Literal["open", "conditional", "none"] | None:
    """What a word says about openness; None for a bare number."""
    folded = word.casefold()
    if any(each in word for each in _NONE) or folded in _NO:
        return "none"
    if "无条件" in word or "完全" in word:
        return "open"
    if any(each in folded for each in _CONDITION):
        return "conditional"
    return "open" if "开放" in word or folded in _YES - {"1"} else None


def _ways(item: Any, part: Each | None) -> tuple[Distribution, ...]:
    return tuple(made for each in part.elements(item) if (made := _way(each, part.lines))) if part else ()


def _way(element: Any, lines: Mapping[str, Line]) -> Distribution | None:
    said = _Said(element, lines)
    download, access = said.address("download_url"), said.address("access_url")
    kind, media_type = format_of(said.one("format"), said.one("media_type"), download or access)
    way = Distribution(
        identifier=said.one("identifier"),
        title=said.text("title"),
        description=said.text("description"),
        access_url=access,
        download_url=download,
        format=kind,
        media_type=media_type,
        byte_size=whole(said.one("byte_size")),
        issued=said.date("issued"),
        modified=said.date("modified"),
        extra=_left(element, lines),
    )
    return way if way.title or download or access or kind or way.identifier else None


def _items(item: Any, part: Each | None) -> tuple[InformationItem, ...]:
    return tuple(made for each in part.elements(item) if (made := _column(each, part.lines))) if part else ()


def _column(element: Any, lines: Mapping[str, Line]) -> InformationItem | None:
    said = _Said(element, lines)
    name, code = said.text("name"), said.one("code")
    if not name and not code:
        return None
    required = (said.one("required") or "").casefold()
    kind: Coded | None = unknown(said.one("data_type"))
    return InformationItem(
        name=name or text(code or ""),
        code=code,
        data_type=kind,
        length=whole(said.one("length")),
        description=said.text("description"),
        required=True if required in _YES else False if required in _NO | {"0"} else None,
        extra=_left(element, lines),
    )


def _left(element: Any, lines: Mapping[str, Line]) -> dict[str, Any]:
    if not isinstance(element, dict):
        return {}
    named = {name for line in lines.values() for name in line.named()}
    return {name: value for name, value in element.items() if name not in named and value not in (None, "", [], {})}
