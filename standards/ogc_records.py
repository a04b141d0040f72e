"""Records of OGC API Records in GeoJSON: a Feature whose properties describe a resource. Read only.

What real services give is read too: links with the names of pycsw (`name`, `description`, `protocol`), times inside the
properties, blank telephone numbers, languages as text or as objects. Sources: OGC 20-004r1, "Record core" (table of
properties), "Record JSON"; RFC 7946; RFC 8288 and the IANA registry of link relations.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from metadata.model import Agent, Coded, Contact, Dataset, Distribution, Period, Place
from metadata.text import guess, text
from metadata.vocabulary import format_of, language_tag, look_up
from standards import cross_field, dates
from standards.base import Finding, Standard, Unreadable, finding
from standards.needs import missing
from standards.ogc_records_rules import CONTACT, FIELDS, HREF, NEEDS, OBJECT, RULES, TIME
from standards.portal_members import Members, is_address, keywords, licence, members, whole, words
from standards.rdf_geometry import around, is_box

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises"]

_TELLING = frozenset(
    {"keywords", "themes", "contacts", "externalIds", "formats", "language", "languages", "resourceLanguages", "license"}
    | {"rights", "created", "updated", "description"}
)
_PUBLISHES = ("publisher", "distributor", "owner", "custodian", "provider")
_CREATES = frozenset({"creator", "author", "originator", "principalinvestigator"})
_PAGES = ("canonical", "about", "alternate", "item")
_DOCUMENTS = frozenset({"describedby", "service-doc", "service-desc"})
_OTHERS = frozenset({"related", "describes", "derived-from", "via", "predecessor-version", "successor-version"})
_AROUND = frozenset({"self", "collection", "root", "parent", "next", "prev", "up"})
_FRAME = _AROUND | {"license", "icon", "preview", "thumbnail"}
_TIMES = frozenset({"date", "timestamp", "interval"})  # pycsw's `date-time` is none, and is read
_HTML = ("", "text/html", "application/xhtml+xml")


def recognises(body: Any) -> bool:
    """Whether it is a Feature that says it conforms to a record class, or whose properties have a title and two more of those
    of a record. STAC items and ArcGIS items are others'."""
    if not isinstance(body, dict) or body.get("type") != "Feature" or "stac_version" in body:
        return False
    said = body.get("properties")
    if not isinstance(said, dict):
        return False
    classes = body.get("conformsTo")
    if isinstance(classes, list) and any("ogcapi-records" in str(each) for each in classes):
        return True
    foreign = "typeKeywords" in said or "orgId" in said or "itemModified" in said or "dct_title_s" in said
    return "title" in said and not foreign and len(_TELLING & set(said)) >= 2


def read(body: Any) -> Dataset:
    """The dataset of a record. Raises `Unreadable`."""
    top = members(body, OBJECT)
    said = top.inside("properties")
    tag = _language(said.peek("language"))
    title = said.text("title", language=tag)
    themes = said.items("themes")
    if not title:
        raise Unreadable(RULES["ogc-records/title/absent"], "/properties/title")
    given = top.items("links")
    links = [each for each in given if _address(each)]
    others, left_ids = _external(said)
    identifier = top.words("id") or (others[0] if others else next(iter(title.values())))
    dataset: dict[str, Any] = {
        "identifier": identifier,
        "other_identifier": tuple(each for each in others if each != identifier),
        "title": title,
        "description": said.text("description", language=tag),
        **_parties(said),
        "keyword": keywords(said.many("keywords"), tag),
        "theme": tuple(_themes(themes)),
        "issued": said.date("created"),
        "modified": said.date("updated"),
        "language": _languages(said),
        "spatial": _places(top),
        **_when(top, said),
        "license": _licence(said, links),
        "rights": said.text("rights", language=tag),
        **_linked(links, said, tag),
    }
    top.take("type")
    said.put_back("externalIds", left_ids)
    said.put_back("themes", [each for each in themes if any(not one.uri for one in _themes([each]))])
    top.put_back("properties", said.left())
    top.put_back("links", [each for each in given if not _is_told(each, dataset)])
    return Dataset(**dataset, extra=top.left())


def _language(value: Any) -> str:
    """The BCP 47 tag of a language that is text or an object with a code; "" for none."""
    said = words(value.get("code")) if isinstance(value, dict) else words(value)
    return language_tag(said) or "" if said else ""


def _languages(said: Members) -> tuple[str, ...]:
    found: list[str] = []
    for name in ("resourceLanguages", "language"):
        value = said.peek(name)
        tags = [_language(each) for each in (value if isinstance(value, list) else [value])]
        if any(tags) and all(tags):
            said.take(name)
            found = found or tags
    return tuple(dict.fromkeys(found))


def _external(said: Members) -> tuple[tuple[str, ...], list[Any]]:
    """The identifiers that others gave, and what says more than a value."""
    given = said.items("externalIds")
    found = tuple(dict.fromkeys(value for each in given if (value := words(each.get("value")))))
    return found, [each for each in given if not words(each.get("value")) or len(each) > 1]


def _parties(said: Members) -> dict[str, Any]:
    """Publisher, creators and contacts by their roles; the first organization publishes where no role says so."""
    given = said.items("contacts")
    roles = [_roles(each) for each in given]
    publisher = next((number for role in _PUBLISHES for number, some in enumerate(roles) if role in some), None)
    if publisher is None:
        publisher = next((number for number, each in enumerate(given) if words(each.get("organization"))), None)
    creators = [each for each, some in zip(given, roles, strict=True) if some & _CREATES]
    asked = [each for each, some in zip(given, roles, strict=True) if not some & _CREATES]
    return {
        "publisher": _agent(given[publisher]) if publisher is not None else None,
        "creator": tuple(agent for each in creators if (agent := _agent(each)).name),
        "contact_point": tuple(_contact(each) for each in asked),
    }


def _roles(contact: dict[str, Any]) -> set[str]:
    value = contact.get("roles")
    given = value if isinstance(value, list) else []
    return {words(each.get("name") if isinstance(each, dict) else each).lower() for each in given}


def _agent(contact: dict[str, Any]) -> Agent:
    name = words(contact.get("organization")) or words(contact.get("name"))
    identifier, email = words(contact.get("identifier")), _value(contact.get("emails"))
    return Agent(
        name=text(name, guess(name)),
        identifier=identifier or None,
        homepage=_home(contact),
        email=email,
        phone=_value(contact.get("phones")),
    )


def _contact(contact: dict[str, Any]) -> Contact:
    name, organization = words(contact.get("name")), words(contact.get("organization"))
    rest = ("position", "addresses", "hoursOfService", "contactInstructions", "roles", "identifier", "logo")
    return Contact(
        name=text(name or organization, guess(name or organization)),
        organization=text(organization, guess(organization)) if organization else {},
        email=_value(contact.get("emails")),
        phone=_value(contact.get("phones")),
        url=_home(contact),
        extra={key: contact[key] for key in rest if contact.get(key) not in (None, "", [], {})},
    )


def _value(entries: Any) -> str | None:
    """The first value of telephone numbers or e-mails; real services give blank ones."""
    given = entries if isinstance(entries, list) else []
    found = (words(each.get("value")) if isinstance(each, dict) else words(each) for each in given)
    said = next((each for each in found if each), None)
    return said.removeprefix("mailto:") if said else None


def _home(contact: dict[str, Any]) -> str | None:
    addresses = (_address(each) for each in _objects(contact.get("links")))
    return next((each for each in addresses if is_address(each)), None)


def _themes(themes: list[dict[str, Any]]) -> Iterator[Coded]:
    for theme in themes:
        scheme = words(theme.get("scheme"))
        concepts = theme.get("concepts")
        for concept in concepts if isinstance(concepts, list) else []:
            inner = concept if isinstance(concept, dict) else {"id": concept}
            code, label, address = (words(inner.get(name)) for name in ("id", "title", "url"))
            if code or label:
                yield _theme(code or label, label, address, scheme)


def _theme(code: str, label: str, address: str, scheme: str) -> Coded:
    known = look_up("theme", code)
    if known.scheme:
        return known
    uri = next((each for each in (address, code, _joined(scheme, code)) if is_address(each)), None)
    return Coded(raw=code, uri=uri, label=text(label or code, guess(label or code)))


def _joined(scheme: str, code: str) -> str:
    """The address of a concept within a scheme that is a list of codes with anchors."""
    return f"{scheme}_{code}" if "#" in scheme else ""


def _places(top: Members) -> tuple[Place, ...]:
    shape = top.peek("geometry")
    if not isinstance(shape, dict):
        return ()
    edges = around(shape)
    if not edges:
        return ()
    top.take("geometry")
    return (Place(box=edges if is_box(edges) else None, geometry=shape),)


def _when(top: Members, said: Members) -> dict[str, Any]:
    """The time, which stands beside the properties, or among them."""
    for where in (top, said):
        time = where.peek("time")
        found = _period(time)
        if found:
            where.take("time")
            resolution = words(time.get("resolution")) if isinstance(time, dict) else ""
            return {"temporal": (found,), "temporal_resolution": resolution or None}
    return {}


def _period(time: Any) -> Period | None:
    if isinstance(time, list):
        time = {"interval": time}
    if not isinstance(time, dict):
        return None
    moment = next((said for name in ("date", "timestamp", "date-time") if (said := dates.date_of(time.get(name)))), None)
    if moment:
        return Period(start=moment, end=moment)
    ends = time.get("interval")
    if not isinstance(ends, list) or len(ends) != 2:
        return None
    start, end = (dates.date_of(each) if each != ".." else None for each in ends)
    return Period(start=start, end=end) if start or end else None


def _licence(said: Members, links: list[dict[str, Any]]) -> Coded | None:
    """An SPDX expression; what is `other` is at a link."""
    address = next((_address(each) for each in links if _relation(each) == "license"), None)
    given = said.words("license")
    return licence(given if given != "other" or not address else None, address)


def _relation(link: dict[str, Any]) -> str:
    return words(link.get("rel")).lower().rpartition("/")[2]


def _address(link: dict[str, Any]) -> str:
    """Where a link leads; pycsw puts an object there."""
    href = link.get("href")
    return words(href.get("url")) if isinstance(href, dict) else words(href)


def _linked(links: list[dict[str, Any]], said: Members, tag: str) -> dict[str, Any]:
    """What the links lead to, by their relation; formats that no link has are distributions without an address."""
    pages = [each for each in links if _relation(each) in _PAGES and words(each.get("type")) in _HTML]
    pages.sort(key=lambda link: _PAGES.index(_relation(link)))
    told = [each for each in links if is_address(_address(each))]
    ways = [_way(each, tag) for each in links if _is_way(each)]
    formats = [_format(each) for each in said.items("formats")]
    ways += [each for each in formats if each and not _has(ways, each)]
    return {
        "landing_page": next((_address(each) for each in pages if is_address(_address(each))), None),
        "page": tuple(dict.fromkeys(_address(each) for each in told if _relation(each) in _DOCUMENTS)),
        "relation": tuple(dict.fromkeys(_address(each) for each in told if _relation(each) in _OTHERS)),
        "distribution": tuple(ways),
    }


def _is_told(link: dict[str, Any], dataset: dict[str, Any]) -> bool:
    """Whether a link is about the catalogue only, or has become part of the dataset."""
    if _relation(link) in _AROUND:
        return True
    told = (dataset["landing_page"], *dataset["page"], *dataset["relation"], dataset["license"] and dataset["license"].uri)
    return bool(_address(link)) and (_is_way(link) or _address(link) in told)


def _has(ways: Iterable[Distribution], one: Distribution) -> bool:
    """Whether one of the ways has this format."""
    sign = _sign(one)
    return any(_sign(way) == sign for way in ways)


def _sign(way: Distribution) -> str | None:
    return way.format.code or way.format.raw if way.format else way.media_type


def _is_way(link: dict[str, Any]) -> bool:
    relation = _relation(link)
    if relation in _FRAME or relation in _DOCUMENTS or relation in _OTHERS:
        return False
    return relation not in _PAGES or (relation in ("item", "about") and words(link.get("type")) not in _HTML)


def _way(link: dict[str, Any], tag: str) -> Distribution:
    """A way to the data: an enclosure is a file, the rest may be a page or a service."""
    address, name = _address(link), words(link.get("title")) or words(link.get("name"))
    protocol = words(link.get("protocol"))
    found, media_type = format_of(_protocol(protocol), words(link.get("type")) or None, address)
    rest = {key: link[key] for key in ("rel", "protocol", "hreflang", "profile") if link.get(key)}
    is_file = _relation(link) == "enclosure" or "download" in protocol.lower()
    return Distribution(
        title=text(name, tag or guess(name)) if name else {},
        description=text(words(link.get("description")), tag),
        download_url=address if is_file else None,
        access_url=None if is_file else address,
        format=found,
        media_type=media_type,
        byte_size=whole(link.get("length")),
        issued=dates.date_of(link.get("created")),
        modified=dates.date_of(link.get("updated")),
        extra=rest,
    )


def _protocol(said: str) -> str | None:
    """`OGC:WMS-1.1.1-http-get-capabilities` is WMS."""
    parts = said.split(":", 1)
    return parts[1].split("-")[0] if len(parts) == 2 and parts[0].upper() in ("OGC", "ESRI") else None


def _format(entry: dict[str, Any]) -> Distribution | None:
    name = words(entry.get("name"))
    found, media_type = format_of(_protocol(name) or name or None, words(entry.get("mediaType")) or None)
    return Distribution(format=found, media_type=media_type) if found or media_type else None


def check(body: Any) -> Iterator[Finding]:
    """What a record lacks, and links, contacts, times and boxes that cannot be. Never raises."""
    if not isinstance(body, dict):
        yield finding(OBJECT, "", type(body).__name__)
        return
    yield from missing("ogc-records", NEEDS, body, RULES)
    yield from _faults(body)
    try:
        dataset = read(body)
    except Unreadable:
        return
    inner = {"issued": "/properties/created", "modified": "/properties/updated", "temporal": "/time", "spatial": "/geometry"}
    edges = around(body["geometry"]) if isinstance(body.get("geometry"), dict) else None
    if edges and not is_box(edges):
        yield finding(RULES["ogc-records/cross/spatial"], "/geometry", edges)
    yield from cross_field.check("ogc-records", dataset, inner, RULES)


def _faults(body: dict[str, Any]) -> Iterator[Finding]:
    said = body.get("properties") if isinstance(body.get("properties"), dict) else {}
    for number, link in enumerate(_objects(body.get("links"))):
        if not isinstance(link.get("href"), str) or not words(link.get("href")):
            yield finding(HREF, f"/links/{number}/href", link.get("href"))
    for number, contact in enumerate(_objects(said.get("contacts") if isinstance(said, dict) else None)):
        if not words(contact.get("name")) and not words(contact.get("organization")):
            yield finding(CONTACT, f"/properties/contacts/{number}", "")
    time = body.get("time")
    if time not in (None, {}) and (_period(time) is None or not isinstance(time, dict) or not _TIMES & set(time)):
        yield finding(TIME, "/time", time)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


STANDARD = Standard(
    name="ogc_records",
    title={"zh": "OGC API Records 记录(GeoJSON)", "en": "OGC API Records, record in GeoJSON"},
    media_type="application/geo+json",
    version="1.0",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    marks={
        "zh": "是 GeoJSON 的 Feature，conformsTo 指明 ogcapi-records，或 properties 有标题和记录的其他属性",
        "en": "it is a GeoJSON Feature that conforms to ogcapi-records, or has a title and other properties of a record",
    },
)
