"""Datasets of JKAN: the front matter of a dataset's page (as an object), and entries of the site's `datasets.json`. Read only.

A JKAN site has no identifiers: its pages are named after the title. Which members there are is a site's own schema; those of
the default one and of its offspring are read. Sources: jkan.io, "Datasets" and "Schemas".
"""

from collections.abc import Iterator
from typing import Any

from metadata.model import Agent, Contact, Dataset, Distribution, Period, Place
from metadata.text import guess, text
from metadata.vocabulary import format_of, look_up, term
from standards import cross_field, dates
from standards.base import Finding, Standard, Unreadable, finding
from standards.needs import Need, missing, no_object, rules
from standards.portal_members import Members, is_address, keywords, licence, members, words

_LINK = "https://jkan.io/"
_SCHEMA = "JKAN, default dataset schema: "
NEEDS: tuple[Need, ...] = (
    Need("title", "error", (("title",),), "标题", "title", f"{_SCHEMA}title", _LINK),
    Need("organization", "warning", (("organization",),), "所属机构", "organization", f"{_SCHEMA}organization", _LINK),
    Need("notes", "warning", (("notes",),), "说明", "description", f"{_SCHEMA}notes", _LINK),
    Need(
        "resources",
        "warning",
        (("resources", "url"), ("resource_names",)),
        "数据文件",
        "resource with an address",
        f"{_SCHEMA}resources",
        _LINK,
    ),
    Need("license", "warning", (("license",),), "许可协议", "licence", f"{_SCHEMA}license", _LINK),
    Need("category", "info", (("category",),), "分类", "category", f"{_SCHEMA}category", _LINK),
    Need("maintainer", "info", (("maintainer_email",), ("maintainer",)), "维护人", "maintainer", f"{_SCHEMA}maintainer", _LINK),
)
_OBJECT = no_object("jkan", " JKAN 数据集", "dataset of JKAN", "JKAN, dataset schema", _LINK)
RULES = {**rules("jkan", NEEDS), **cross_field.rules("jkan", {"dates", "future"}), _OBJECT.id: _OBJECT}
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "url", "else the title"),
    ("title", "title", ""),
    ("description", "notes", ""),
    ("publisher.name", "organization", ""),
    ("contact_point", "maintainer, maintainer_email, maintainer_phone, maintainer_link", ""),
    ("keyword", "tags", ""),
    ("theme", "category", ""),
    ("issued", "created", "else published"),
    ("modified", "modified", "else metadata_modified"),
    ("spatial", "area_of_interest", "words"),
    ("temporal", "time_period", ""),
    ("license", "license", ""),
    ("rights", "usage", ""),
    ("landing_page", "source", "where it is an address; else source_url"),
    ("distribution", "resources", "name, url, format, description"),
)
_TELLING = ("category", "schema", "maintainer", "maintainer_email", "time_period", "area_of_interest", "resource_names")
_NOTHING = ("none", "n/a", "null", "license not specified", "not specified")


def recognises(body: Any) -> bool:
    """Whether it has a title, an organization in plain words and two of JKAN's own members, but no id, as CKAN has."""
    if not isinstance(body, dict) or any(
        name in body for name in ("id", "name", "@type", "@context", "distribution", "owner_org")
    ):
        return False
    named = isinstance(body.get("title"), str) and isinstance(body.get("organization"), str)
    listed = isinstance(body.get("resources"), list) or "resource_names" in body
    return named and listed and sum(name in body for name in _TELLING) >= 2


def read(body: Any) -> Dataset:
    """The dataset. Raises `Unreadable`."""
    top = members(body, _OBJECT)
    title = top.text("title")
    if not title:
        raise Unreadable(RULES["jkan/title/absent"], "/title")
    publisher = top.words("organization")
    dataset: dict[str, Any] = {
        "identifier": top.words("url") or next(iter(title.values())),
        "title": title,
        "description": top.text("notes"),
        "publisher": Agent(name=text(publisher, guess(publisher))) if publisher else None,
        "contact_point": _contact(top),
        "keyword": keywords(top.many("tags")),
        "theme": tuple(look_up("theme", each) for each in (*top.many("category"), *top.many("categories"))),
        "issued": top.date("created", "published"),
        "modified": top.date("modified", "metadata_modified"),
        "spatial": tuple(Place(name=text(each, guess(each))) for each in top.many("area_of_interest")),
        "temporal": _periods(top),
        "license": None if words(top.peek("license")).lower() in _NOTHING else licence(top.words("license")),
        "rights": top.text("usage"),
        "landing_page": top.address("source", "source_url"),
        "distribution": tuple(_resource(each) for each in top.items("resources")),
    }
    return Dataset(**dataset, extra=top.left())


def _contact(top: Members) -> tuple[Contact, ...]:
    name, mail, phone, link = (_said(top, f"maintainer{part}") for part in ("", "_email", "_phone", "_link"))
    bare = mail.removeprefix("mailto:") if mail else None
    return (
        (Contact(name=text(name) if name else {}, email=bare, phone=phone, url=link),) if name or mail or phone or link else ()
    )


def _said(top: Members, name: str) -> str | None:
    """A member, unless it only says that there is nothing."""
    return None if words(top.peek(name)).lower() in ("", *_NOTHING) else top.words(name)


def _periods(top: Members) -> tuple[Period, ...]:
    said = _said(top, "time_period")
    if not said:
        return ()
    span = dates.parse_period(said)
    if span:
        return (Period(start=span[0], end=span[1]),)
    day = dates.parse(said)
    return (Period(start=day, end=day),) if day else (Period(raw=said),)


def _resource(body: dict[str, Any]) -> Distribution:
    one = Members(body)
    said = one.words("url")
    link = said if said and is_address(said) else None
    one.put_back("url", None if link else said)
    form, media_type = format_of(one.words("format"), None, link)
    known = term("format", form.code) if form else None
    page = known is not None and (known.service or known.code == "HTML")
    return Distribution(
        title=one.text("name"),
        description=one.text("description"),
        download_url=None if page else link,
        access_url=link if page else None,
        format=form,
        media_type=media_type,
        extra=one.left(),
    )


def check(body: Any) -> Iterator[Finding]:
    """What a dataset lacks, and dates that cannot be. Never raises."""
    if not isinstance(body, dict):
        yield finding(_OBJECT, "", type(body).__name__)
        return
    yield from missing("jkan", NEEDS, body, RULES)
    try:
        dataset = read(body)
    except Unreadable:
        return
    yield from cross_field.check("jkan", dataset, {"issued": "/created", "modified": "/modified"}, RULES)


STANDARD = Standard(
    name="jkan",
    title={"zh": "JKAN 数据集", "en": "Dataset of JKAN"},
    media_type="application/json",
    version="2",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    marks={
        "zh": "有 title、文字形式的 organization、resources 以及两个 JKAN 字段（category、schema 等），没有 id",
        "en": "it has title, organization in words, resources and two members of JKAN's (category, schema, …), but no id",
    },
)
