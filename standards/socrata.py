"""Entries of Socrata's catalogues: results of the Discovery API (`/api/catalog/v1`) and views (`/api/views/…`). Read only.

Columns become information items. Addresses of exports are made by the rule of the SODA API from the portal's domain and the
view's id, for tables only. What a portal keeps in metadata fields of its own (`domain_metadata`, `custom_fields`) is matched by
the last part of its name. Sources: dev.socrata.com, "Discovery API", "SODA endpoints", "Export formats".
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from metadata.model import Agent, Coded, Contact, DataService, Dataset, Distribution, InformationItem, Period
from metadata.text import guess, text
from metadata.vocabulary import language_tag, look_up
from standards import cross_field, dates
from standards.base import Finding, Standard, Unreadable, finding
from standards.needs import missing
from standards.portal_members import BY_RULE, Members, is_address, keywords, licence, members, unknown, words
from standards.socrata_rules import COLUMNS, FIELDS, NEEDS, OBJECT, RULES

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises"]

_ID = re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}")
_MATCHED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("publisher", re.compile(r"(?:publisher|agency|publishing-(?:agency|department)|department(?:-name)?|dataset-owner)$")),
    ("mail", re.compile(r"contact-e-?mail$")),
    ("contact", re.compile(r"contact-name$")),
    ("frequency", re.compile(r"(?:update|posting|publishing|data-change|data|refresh)?-?frequency$")),
    ("language", re.compile(r"language$")),
    ("period", re.compile(r"time-period(?:-of-content)?$")),
    ("licence", re.compile(r"licen[cs]e$")),
)


def recognises(body: Any) -> bool:
    """Whether it is a result with a resource, or a view; both have an id of two times four characters."""
    if not isinstance(body, dict) or "@type" in body:
        return False
    resource = body.get("resource")
    if isinstance(resource, dict):
        return _is_id(resource.get("id")) and "name" in resource and ("classification" in body or "permalink" in body)
    return _is_id(body.get("id")) and "name" in body and any(name in body for name in ("viewType", "assetType", "displayType"))


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def read(body: Any) -> Dataset:
    """The dataset of an entry. Raises `Unreadable`."""
    top = members(body, OBJECT)
    resource = top.inside("resource") if isinstance(top.peek("resource"), dict) else top
    name, identifier = resource.text("name"), resource.words("id")
    if not name:
        raise Unreadable(RULES["socrata/title/absent"], "/resource/name")
    permalink = top.address("permalink")
    link = top.address("link", "webUri") or permalink
    own = _own_fields(top)
    dataset: dict[str, Any] = {
        "identifier": permalink or identifier or next(iter(name.values())),
        "other_identifier": (identifier,) if identifier and permalink else (),
        "title": name,
        "description": resource.text("description"),
        "publisher": _publisher(resource, own),
        "contact_point": _contact(resource, own),
        **_classified(top, own),
        "issued": resource.date("publication_date", "publicationDate", "createdAt"),
        "modified": resource.date("data_updated_at", "rowsUpdatedAt", "updatedAt", "viewLastModified"),
        "license": _licence(top, own),
        "landing_page": link,
        "information_item": (*_columns(resource), *_view_columns(resource)),
    }
    dataset.update(_access(resource, permalink or link, identifier, bool(dataset["information_item"])))
    if resource is not top:
        top.put_back("resource", resource.left())
    return Dataset(**dataset, extra=top.left())


def _own_fields(top: Members) -> dict[str, str]:
    """The portal's own metadata fields that we have a place for; those taken are removed, the rest put back."""
    found: dict[str, str] = {}
    classification = top.inside("classification")
    kept = [each for each in classification.items("domain_metadata") if not _matched(each.get("key"), each.get("value"), found)]
    classification.put_back("domain_metadata", kept)
    top.put_back("classification", classification.left())
    metadata = top.inside("metadata")
    custom = metadata.inside("custom_fields").left()
    rest = {
        group: left
        for group, inner in custom.items()
        if (
            left := {key: value for key, value in inner.items() if not _matched(f"{group}_{key}", value, found)}
            if isinstance(inner, dict)
            else inner
        )
    }
    metadata.put_back("custom_fields", rest)
    top.put_back("metadata", metadata.left())
    return found


def _matched(key: Any, value: Any, found: dict[str, str]) -> bool:
    """Whether a field is one of those matched, and the first of its kind; it is put into `found`."""
    name = re.sub(r"[\s_]+", "-", words(key).rpartition("_")[2].strip().lower())
    kind = next((each for each, pattern in _MATCHED if pattern.search(name)), None)
    if kind is None or kind in found or not words(value):
        return False
    found[kind] = words(value)
    return True


def _publisher(resource: Members, own: dict[str, str]) -> Agent | None:
    name, link = resource.words("attribution") or own.get("publisher"), resource.address("attribution_link", "attributionLink")
    return Agent(name=text(name, guess(name)) if name else {}, homepage=link) if name or link else None


def _contact(resource: Members, own: dict[str, str]) -> tuple[Contact, ...]:
    mail, name = resource.words("contact_email") or own.get("mail"), own.get("contact")
    return (
        (Contact(name=text(name) if name else {}, email=mail.removeprefix("mailto:") if mail else None),)
        if mail or name
        else ()
    )


def _classified(top: Members, own: dict[str, str]) -> dict[str, Any]:
    classification = top.inside("classification")
    category = classification.words("domain_category") or top.words("category")
    tags = classification.many("domain_tags") or top.many("tags")
    top.put_back("classification", classification.left())
    tag = language_tag(own.get("language", ""))
    period = dates.parse_period(own["period"]) if "period" in own else None
    start, end = period or (None, None)
    return {
        "keyword": keywords(tags),
        "theme": (look_up("theme", category),) if category else (),
        "accrual_periodicity": look_up("frequency", own["frequency"]) if "frequency" in own else None,
        "language": (tag or own["language"],) if "language" in own else (),
        "temporal": (Period(start=start, end=end, raw=None if period else own["period"]),) if "period" in own else (),
    }


def _licence(top: Members, own: dict[str, str]) -> Coded | None:
    metadata = top.inside("metadata")
    said = metadata.words("license")
    top.put_back("metadata", metadata.left())
    whole = top.inside("license")
    name, terms = whole.words("name"), whole.address("termsLink")
    top.put_back("license", whole.left())
    return licence(said, name, terms, None if name else top.words("licenseId"), own.get("licence"))


def _columns(resource: Members) -> tuple[InformationItem, ...]:
    """The lists of names, field names, types and descriptions, side by side."""
    names = resource.peek("columns_name")
    if not isinstance(names, list) or not names:
        return ()
    lists = [resource.take(f"columns_{part}") for part in ("name", "field_name", "datatype", "description")]
    rows = [[words(one[at]) if isinstance(one, list) and at < len(one) else "" for one in lists] for at in range(len(names))]
    return tuple(_item(name or code, code, kind, said) for name, code, kind, said in rows if name or code)


def _view_columns(resource: Members) -> tuple[InformationItem, ...]:
    made = []
    for each in resource.items("columns"):
        one = Members(each)
        name, code = one.words("name"), one.words("fieldName")
        if name or code:
            made.append(_item(name or code or "", code, one.words("dataTypeName"), one.words("description"), one.left()))
    return tuple(made)


def _item(
    name: str, code: str | None, kind: str | None, said: str | None, extra: dict[str, Any] | None = None
) -> InformationItem:
    return InformationItem(
        name=text(name, guess(name)),
        code=code or None,
        data_type=unknown(kind),
        description=text(said, guess(said)) if said else {},
        extra=extra or {},
    )


def _access(resource: Members, link: str | None, identifier: str | None, table: bool) -> dict[str, Any]:
    """The addresses of a table's export and endpoint, by the API's rule."""
    host = _host(link)
    if not host or not identifier or not table or resource.peek("type") in ("map", "chart", "story", "href", "file"):
        return {}
    form, media_type = look_up("format", "CSV"), "text/csv"
    export = f"https://{host}/api/views/{identifier}/rows.csv?accessType=DOWNLOAD"
    endpoint = DataService(endpoint_url=(f"https://{host}/resource/{identifier}.json",), extra=BY_RULE)
    way = Distribution(
        title={"en": "CSV"}, access_url=link, download_url=export, format=form, media_type=media_type, extra=BY_RULE
    )
    return {"distribution": (way,), "service": (endpoint,)}


def _host(link: str | None) -> str:
    try:
        return urlsplit(link).hostname or "" if link and is_address(link) else ""
    except ValueError:
        return ""


def check(body: Any) -> Iterator[Finding]:
    """What an entry lacks, and dates that cannot be. Never raises."""
    if not isinstance(body, dict):
        yield finding(OBJECT, "", type(body).__name__)
        return
    yield from missing("socrata", NEEDS, body, RULES)
    resource = body.get("resource")
    if isinstance(resource, dict):
        lengths = {
            len(each)
            for part in ("name", "field_name", "datatype")
            if isinstance(each := resource.get(f"columns_{part}"), list)
        }
        if len(lengths) > 1:
            yield finding(COLUMNS, "/resource/columns_name", " ≠ ".join(map(str, sorted(lengths))))
    try:
        dataset = read(body)
    except Unreadable:
        return
    at = "/resource" if isinstance(resource, dict) else ""
    places = {"issued": f"{at}/publication_date", "modified": f"{at}/data_updated_at"}
    yield from cross_field.check("socrata", dataset, places, RULES)


STANDARD = Standard(
    name="socrata",
    title={"zh": "Socrata 目录条目", "en": "Entry of a Socrata catalogue"},
    media_type="application/json",
    version="1",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    marks={
        "zh": "有 resource（其 id 形如 abcd-1234）以及 classification 或 permalink；或者是带有 viewType 的视图",
        "en": "it has a resource with an id like abcd-1234 beside classification or permalink, or is a view with viewType",
    },
)
