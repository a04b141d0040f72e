"""A data package, read as a Dataset: https://datapackage.org/standard/data-package/ and /data-resource/, v1 and v2.

Members that the specification has no name for and Mulu writes itself (`modified`, `language`, `title_translated` …) are read
back; all others stay in `extra`. A relative path is no address: it stays in the distribution's `extra`.
"""

import re
from typing import Any

from metadata.model import Agent, Checksum, Coded, Contact, Dataset, Distribution, InformationItem, Period
from metadata.text import Text, best
from metadata.vocabulary import format_of, language_tag, look_up, media_type_of
from standards import datapackage_columns
from standards.base import Unreadable
from standards.datapackage_rules import RULES
from standards.dates import date_of
from standards.json_members import Members, coded, integer, keywords, listed, many, said, web, words
from standards.json_schema import cleaned, shown

GENERATED = re.compile(r"resource-\d+")
_HASH = re.compile(r"(?:([A-Za-z0-9-]+):)?([0-9A-Fa-f]{8,256})")
_PUBLISHER = ("publisher",)
_CREATORS = ("author", "creator", "wrangler")
_CONTACTS = ("contact", "maintainer")


def read(body: Any) -> Dataset:
    """The dataset that a package describes. Raises `Unreadable` when it is no object, or has no title, name or identifier."""
    body = cleaned(body)
    if not isinstance(body, dict):
        raise Unreadable(RULES["datapackage/object"], "", shown(body))
    package = Members(body)
    name, identifier = words(body.get("name")), words(body.get("id"))
    title = _titled(package, body, name or identifier)
    if not title:
        raise Unreadable(RULES["datapackage/untitled"], "/title")
    package.drop("$schema", "name", "id")
    resources = [each for each in listed(body.get("resources")) if isinstance(each, dict)]
    package.drop(*(("resources",) if isinstance(body.get("resources"), list) else ()))
    about = {**_words(package), **_parties(package), **_rights(package)}
    return Dataset(
        identifier=identifier or name or best(title),
        title=title,
        distribution=tuple(found for each in resources if (found := _distribution(each))),
        information_item=_items(resources),
        **about,
        extra=package.left(),
    )


def _titled(package: Members, body: dict[str, Any], name: str) -> Text:
    found = text(package, "title")
    if found or name:
        return found or said(name)
    first = next((each for each in listed(body.get("resources")) if isinstance(each, dict)), {})
    return said(first.get("title")) or said(first.get("name"))


def text(members: Members, name: str) -> Text:
    """Words of a member, by language where `…_translated` says it."""
    found = members.take(said, f"{name}_translated")
    if found:
        members.drop(name)
        return found
    return members.take(said, name) or {}


def _words(package: Members) -> dict[str, Any]:
    translated = package.peek("keywords_translated")
    words_by_tag = {tag: many(group) for tag, group in translated.items()} if isinstance(translated, dict) else {}
    plain = package.take(keywords, "keywords") or {}
    if words_by_tag:
        package.drop("keywords_translated")
    return {
        "description": text(package, "description"),
        "keyword": {tag: group for tag, group in words_by_tag.items() if group} or plain,
        "landing_page": package.take(web, "homepage"),
        "version": package.take(words, "version"),
        "issued": package.take(date_of, "issued") or package.take(date_of, "created"),
        "modified": package.take(date_of, "modified"),
        "accrual_periodicity": package.take(coded("frequency"), "accrualPeriodicity"),
        "language": tuple(language_tag(each) or each for each in package.take(many, "language") or ()),
        "temporal": tuple(filter(None, (_period(each) for each in package.take(_objects, "temporal") or ()))),
        "theme": tuple(filter(None, map(coded("theme"), package.take(listed, "theme") or ()))),
        "conforms_to": package.take(many, "conformsTo") or (),
        "other_identifier": package.take(many, "alternateIdentifier") or (),
    }


def _objects(value: Any) -> list[dict[str, Any]]:
    found = listed(value)
    return found if all(isinstance(each, dict) for each in found) else []


def _period(given: dict[str, Any]) -> Period | None:
    start, end, raw = date_of(given.get("start")), date_of(given.get("end")), words(given.get("raw")) or None
    return Period(start=start, end=end, raw=raw) if start or end or raw else None


def _parties(package: Members) -> dict[str, Any]:
    """Contributors by what they did; those of other roles stay as they are."""
    publisher: Agent | None = None
    creators: list[Agent] = []
    contacts: list[Contact] = []
    rest: list[Any] = []
    for each in listed(package.peek("contributors")):
        role = _role(each)
        if role in _PUBLISHER and publisher is None and (agent := _agent(each)):
            publisher = agent
        elif role in _CREATORS and (agent := _agent(each)):
            creators.append(agent)
        elif role in _CONTACTS and (contact := _contact(each)):
            contacts.append(contact)
        else:
            rest.append(each)
    package.drop("contributors")
    package.put("contributors", rest)
    return {"publisher": publisher, "creator": tuple(creators), "contact_point": tuple(contacts)}


def _role(each: Any) -> str:
    if not isinstance(each, dict):
        return ""
    roles = many(each.get("roles")) or many(each.get("role"))
    return roles[0].lower() if len(roles) == 1 else ""


def _agent(each: dict[str, Any]) -> Agent | None:
    given = Members(each)
    name = text(given, "title") or said(f"{words(each.get('givenName'))} {words(each.get('familyName'))}")
    mail, page, code = given.take(words, "email"), given.take(web, "path"), given.take(words, "code")
    given.drop("roles", "role")
    found = Agent(name=name, email=mail, homepage=page, code=code, phone=given.take(words, "phone"), extra=given.left())
    return found if found.name else None


def _contact(each: dict[str, Any]) -> Contact | None:
    given = Members(each)
    given.drop("roles", "role")
    found = Contact(
        name=text(given, "title"),
        organization=text(given, "organization"),
        email=given.take(words, "email"),
        url=given.take(web, "path"),
        phone=given.take(words, "phone"),
        extra=given.left(),
    )
    return found if found.name or found.email or found.organization else None


def _rights(package: Members) -> dict[str, Any]:
    return {
        "license": _licence(package),
        "access_rights": package.take(coded("access-right"), "accessRights"),
        "rights": text(package, "rights"),
    }


def _licence(members: Members) -> Coded | None:
    """The first licence; further ones stay."""
    given = listed(members.peek("licenses")) or listed(members.peek("license"))
    found = _licence_of(given[0]) if given else None
    if found:
        members.drop("licenses", "license")
        members.put("licenses", given[1:])
    return found


def _licence_of(first: Any) -> Coded | None:
    if isinstance(first, str):
        return coded("licence")(first)
    if not isinstance(first, dict):
        return None
    if own := coded("licence")(first.get("term")):
        return own
    given = (first.get("name") or first.get("type") or first.get("id"), first.get("path") or first.get("url"))
    title = words(first.get("title"))
    told = [word for word in (*map(words, given), title) if word]
    known = next((found for word in told if (found := look_up("licence", word)).scheme), None)
    if known or not told:
        return known
    return Coded(raw=told[0], uri=web(given[1]), label=said(title or told[0]))


def _distribution(given: dict[str, Any]) -> Distribution | None:
    if is_table_alone(given):
        return None
    resource = Members(given)
    name = resource.take(words, "name")
    access, page = resource.take(web, "accessURL"), _path(resource)
    form, media_type = format_of(
        resource.take(words, "format"), media_type_of(resource.take(words, "mediatype")), page or access
    )
    schema = resource.peek("schema")
    rest = (
        {key: value for key, value in schema.items() if key not in ("fields", "primaryKey")}
        if isinstance(schema, dict)
        else None
    )
    if isinstance(schema, dict) and datapackage_columns.items(schema):
        resource.drop("schema")
        resource.put("schema", rest)
    described = web(schema) if isinstance(schema, str) else None
    resource.drop(*(("schema",) if described else ()))
    resource.drop(*(("data",) if given.get("data") == [] else ()))
    return Distribution(
        identifier=None if name and GENERATED.fullmatch(name) else name,
        title=text(resource, "title"),
        description=text(resource, "description"),
        access_url=access,
        download_url=None if page == access else page,
        format=form,
        media_type=media_type,
        byte_size=resource.take(integer, "bytes"),
        checksum=_checksum(resource),
        license=_licence(resource),
        issued=resource.take(date_of, "issued"),
        modified=resource.take(date_of, "modified"),
        language=tuple(language_tag(each) or each for each in resource.take(many, "language") or ()),
        compress_format=resource.take(words, "compression"),
        page=tuple(filter(None, (resource.take(web, "homepage"),))),
        described_by=described,
        extra=resource.left(),
    )


def is_table_alone(given: dict[str, Any]) -> bool:
    """Whether a resource says nothing but its table schema: what Mulu writes where there is no file."""
    return given.get("data") == [] and set(given) <= {"name", "data", "schema"}


def _path(resource: Members) -> str | None:
    """The address, where the path is one; parts of a file by the first, the others stay."""
    path = resource.peek("path") or resource.peek("url")
    first = web(path[0]) if isinstance(path, list) and len(path) == 1 else web(path)
    if first:
        resource.drop("path", "url")
    return first


def _checksum(resource: Members) -> Checksum | None:
    found = _HASH.fullmatch(words(resource.peek("hash")))
    if not found:
        return None
    resource.drop("hash")
    return Checksum(algorithm=re.sub(r"[^a-z0-9]", "", (found[1] or "md5").lower()), value=found[2])


def _items(resources: list[dict[str, Any]]) -> tuple[InformationItem, ...]:
    """The items of all tables; where there are several, each names its own."""
    tables = [each for each in resources if isinstance(each.get("schema"), dict)]
    several = len(tables) > 1
    found: list[InformationItem] = []
    for each in tables:
        found += datapackage_columns.items(each["schema"], words(each.get("name")) if several else "")
    return tuple(found)
