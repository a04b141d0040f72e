"""Items of ArcGIS Hub and ArcGIS Online: the Hub API v3 (`attributes`), its search as GeoJSON features (`properties`), and
items of the sharing API. Read only.

Fields of a layer become information items, its address an access to the service. Titles and descriptions keep their HTML.
Sources: hub.arcgis.com/api/v3 (JSON:API), developers.arcgis.com "Item" of the REST API, OGC API Records as Hub serves it.
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from metadata.model import Agent, Coded, Contact, Dataset, Distribution, InformationItem, Place
from metadata.text import Text, guess, text
from metadata.vocabulary import format_of, language_tag, look_up
from standards import cross_field
from standards.arcgis_hub_rules import FIELDS, INSIDE, NEEDS, OBJECT, RULES
from standards.base import Finding, Standard, Unreadable, finding
from standards.needs import missing
from standards.portal_members import Members, is_address, keywords, licence, members, pairs_box, unknown, whole, words
from standards.rdf_geometry import box_of

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises"]


_TELLING = (
    "hubType",
    "typeKeywords",
    "typeCategories",
    "itemModified",
    "orgId",
    "groupIds",
    "contentSecurityPolicy",
    "licenseInfo",
    "snippet",
    "culture",
    "owner",
)
_HREF = re.compile(r"https?://[^\s\"'<>()]+")
_TYPE = re.compile(r"^esriFieldType")


def recognises(body: Any) -> bool:
    """Whether its attributes (or properties, or itself) have an id, a name, a type and three members of ArcGIS items."""
    said = _attributes(body)
    if not isinstance(said, dict) or "@context" in said or "resources" in said:
        return False
    named = isinstance(said.get("id", body.get("id")), str) and ("name" in said or "title" in said)
    return named and isinstance(said.get("type"), str) and sum(name in said for name in _TELLING) >= 3


def _attributes(body: Any) -> Any:
    if not isinstance(body, dict):
        return None
    return next((body[name] for name in INSIDE if isinstance(body.get(name), dict)), body)


def read(body: Any) -> Dataset:
    """The dataset of an item. Raises `Unreadable`."""
    top = members(body, OBJECT)
    inside = next((name for name in INSIDE if isinstance(top.peek(name), dict)), None)
    said = top.inside(inside) if inside else top
    culture = said.words("culture")
    title = said.text("name", "title")
    if not title:
        raise Unreadable(RULES["arcgis-hub/title/absent"], f"/{inside}/name" if inside else "/name")
    identifier = said.words("id") or top.words("id")
    access = said.words("access")
    dataset: dict[str, Any] = {
        "identifier": identifier or said.words("slug") or next(iter(title.values())),
        "other_identifier": tuple(each for each in (said.words("itemId"), said.words("slug")) if each and each != identifier),
        "title": title,
        "description": said.text("description", "snippet"),
        **_parties(said),
        "keyword": keywords(said.many("tags")),
        "theme": _themes(said),
        "issued": said.date("created"),
        "modified": said.date("modified"),
        "language": (language_tag(culture) or culture,) if culture else (),
        "spatial": _places(said, top),
        **_terms(said),
        "access_rights": look_up("access-right", access) if access else None,
        "landing_page": _page(top, said),
        "distribution": _ways(said),
        "information_item": _items(said),
    }
    if inside:
        top.put_back(inside, said.left())
    return Dataset(**dataset, extra=top.left())


def _parties(said: Members) -> dict[str, Any]:
    name = said.words("source", "orgName", "organization", "accessInformation")
    mail, link = said.words("orgContactEmail"), said.address("orgContactUrl")
    bare = re.sub(r"^mailto:\s*", "", mail, flags=re.IGNORECASE) if mail else None
    return {
        "publisher": Agent(name=text(name, guess(name))) if name else None,
        "contact_point": (Contact(email=bare, url=link),) if bare or link else (),
    }


def _themes(said: Members) -> tuple[Coded, ...]:
    """`/Categories/Transportation/Roads` → Roads."""
    return tuple(look_up("theme", each.rstrip("/").rpartition("/")[2]) for each in said.many("categories") if each.strip("/"))


def _places(said: Members, top: Members) -> tuple[Place, ...]:
    geometry = top.take("geometry") if isinstance(top.peek("geometry"), dict) else None
    for name in ("extent", "itemExtent"):
        value = said.peek(name)
        found = pairs_box(value.get("coordinates") if isinstance(value, dict) else value)
        if found:
            said.take(name)
            return (Place(box=found, geometry=geometry),)
    boundary = said.peek("boundary")
    shape = boundary.get("geometry") if isinstance(boundary, dict) else None
    if isinstance(shape, dict) and isinstance(shape.get("type"), str):
        shape = {**shape, "type": shape["type"][:1].upper() + shape["type"][1:]}
        box = box_of(shape)
        if box:
            said.take("boundary")
            return (Place(box=box, geometry=geometry),)
    return (Place(box=box_of(geometry), geometry=geometry),) if geometry else ()


def _terms(said: Members) -> dict[str, Any]:
    """The licence where one is known, and the words about it."""
    structured = said.inside("structuredLicense")
    url, short, name = structured.address("url"), structured.words("abbr"), structured.words("name", "text")
    info = said.words("licenseInfo") or name
    links = [found.rstrip(".,;") for found in _HREF.findall(info or "")[:20]]
    known = next((each for each in links if look_up("licence", each).scheme), None)
    said.put_back("structuredLicense", structured.left())
    whole_licence = words(said.peek("license"))
    plain = None if whole_licence.lower() in ("", "none", "custom", "unknown") else said.words("license")
    rights: Text = text(info, guess(info)) if info else {}
    return {"license": licence(known or url, short, plain), "rights": rights}


def _page(top: Members, said: Members) -> str | None:
    links = top.peek("links")
    if isinstance(links, dict):
        found = next(
            (words(links.get(name)) for name in ("itemPage", "site", "self") if is_address(words(links.get(name)))), None
        )
        if found:
            return found
    return said.address("landingPage", "sourceUrl")


def _ways(said: Members) -> tuple[Distribution, ...]:
    made = []
    url = said.address("url")
    if url:
        form, media_type = format_of(None, None, url)
        kind = words(said.peek("type"))
        made.append(
            Distribution(title=text(kind, "en"), access_url=url, format=form or unknown(kind or None), media_type=media_type)
        )
    for each in said.items("additionalResources"):
        one = Members(each)
        link = one.address("url")
        if link:
            form, media_type = format_of(None, None, link)
            made.append(
                Distribution(title=one.text("name"), access_url=link, format=form, media_type=media_type, extra=one.left())
            )
    return tuple(made)


def _items(said: Members) -> tuple[InformationItem, ...]:
    made = []
    for each in said.items("fields"):
        one = Members(each)
        code, alias = one.words("name"), one.words("alias")
        if not code and not alias:
            continue
        kind, nullable = one.words("type"), one.take("nullable")
        made.append(
            InformationItem(
                name=text(alias or code or "", guess(alias or code or "")),
                code=code,
                data_type=Coded(raw=kind, label=text(_TYPE.sub("", kind), "en")) if kind else None,
                length=whole(one.take("length")),
                description=_description(one),
                required=not nullable if isinstance(nullable, bool) else None,
                key=True if kind == "esriFieldTypeOID" else None,
                extra=one.left(),
            )
        )
    return tuple(made)


def _description(one: Members) -> Text:
    """A field's description is JSON inside text: `{"value": "…", "fieldValueType": "…"}`."""
    said = one.words("description") or ""
    if said.startswith("{"):
        try:
            parsed = orjson.loads(said)
        except orjson.JSONDecodeError:
            return text(said)
        said = words(parsed.get("value")) if isinstance(parsed, dict) else said
    return text(said, guess(said)) if said else {}


def check(body: Any) -> Iterator[Finding]:
    """What an item lacks, and dates and boxes that cannot be. Never raises."""
    if not isinstance(body, dict):
        yield finding(OBJECT, "", type(body).__name__)
        return
    yield from missing("arcgis-hub", NEEDS, body, RULES)
    try:
        dataset = read(body)
    except Unreadable:
        return
    at = next((f"/{name}" for name in INSIDE if isinstance(body.get(name), dict)), "")
    said = _attributes(body)
    if said.get("extent") and not any(place.box for place in dataset.spatial):
        yield finding(RULES["arcgis-hub/cross/spatial"], f"{at}/extent", said["extent"])
    places = {"issued": f"{at}/created", "modified": f"{at}/modified", "spatial": f"{at}/extent"}
    yield from cross_field.check("arcgis-hub", dataset, places, RULES)


STANDARD = Standard(
    name="arcgis_hub",
    title={"zh": "ArcGIS Hub 条目", "en": "Item of ArcGIS Hub"},
    media_type="application/json",
    version="3",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    marks={
        "zh": "attributes（或 properties）中有 id、name、type，以及 hubType、typeKeywords、orgId 等 ArcGIS 字段至少三个",
        "en": "its attributes (or properties) have id, name, type and three of ArcGIS's members, such as hubType, orgId",
    },
)
