"""Datasets of udata, the portal software of data.gouv.fr: what `/api/1/datasets` and `/api/2/datasets` give. Read only.

Resources become distributions; `spatial.zones` are codes of GeoZones. A dataset belongs to an organization or to a person
(`owner`). Sources: doc.data.gouv.fr and the API's Swagger description (models Dataset, Resource, SpatialCoverage).
"""

from collections.abc import Iterator
from typing import Any

from metadata.model import Agent, Checksum, Coded, Contact, Dataset, Distribution, Period, Place
from metadata.text import guess, text
from metadata.vocabulary import format_of, look_up
from standards import cross_field
from standards.base import Finding, Standard, Unreadable, finding
from standards.needs import missing
from standards.portal_members import Members, is_address, keywords, licence, members, words
from standards.rdf_geometry import box_of
from standards.udata_rules import FIELDS, NEEDS, OBJECT, RULES

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises"]

_TELLING = (
    "slug",
    "badges",
    "frequency_date",
    "temporal_coverage",
    "last_update",
    "page",
    "uri",
    "metrics",
    "quality",
    "acronym",
)
_NO_LICENCE = ("notspecified", "none", "unknown")


def recognises(body: Any) -> bool:
    """Whether it has title and resources, and half of what only udata has; packages of CKAN have `name` and metadata dates."""
    if not isinstance(body, dict) or "title" not in body or not isinstance(body.get("resources"), list | dict):
        return False
    if "metadata_modified" in body or "license_id" in body or "@context" in body or "profile" in body:
        return False
    return "frequency" in body and sum(name in body for name in _TELLING) >= 4


def read(body: Any) -> Dataset:
    """The dataset. Raises `Unreadable`."""
    top = members(body, OBJECT)
    title = top.text("title")
    if not title:
        raise Unreadable(RULES["udata/title/absent"], "/title")
    identifier, slug = top.words("id"), top.words("slug")
    frequency, access = top.words("frequency"), top.words("access_type")
    dataset: dict[str, Any] = {
        "identifier": identifier or slug or next(iter(title.values())),
        "other_identifier": tuple(dict.fromkeys(each for each in (slug if identifier else None, *_remote(top)) if each)),
        "title": title,
        "description": top.text("description"),
        "publisher": _organization(top) or _owner(top),
        "contact_point": _contacts(top),
        "keyword": keywords(top.many("tags")),
        "issued": top.date("created_at"),
        "modified": top.date("last_update", "last_modified"),
        "accrual_periodicity": look_up("frequency", frequency) if frequency else None,
        "spatial": _places(top),
        "temporal": _periods(top),
        "license": _licence(top),
        "landing_page": top.address("page"),
        "access_rights": look_up("access-right", access) if access else None,
        "conforms_to": _schema(top),
        "distribution": tuple(found for each in top.items("resources") if (found := _resource(each))),
    }
    return Dataset(**dataset, extra=top.left())


def _remote(top: Members) -> tuple[str | None, ...]:
    harvest, extras = top.peek("harvest"), top.peek("extras")
    return (
        words(harvest.get("remote_id")) if isinstance(harvest, dict) else None,
        words(extras.get("harvest:remote_id")) if isinstance(extras, dict) else None,
    )


def _organization(top: Members) -> Agent | None:
    one = top.inside("organization")
    name = one.words("name")
    if not name:
        top.put_back("organization", one.left())
        return None
    code = one.words("business_number_id")
    uri, identifier = one.words("uri"), one.words("id")
    return Agent(
        name=text(name, guess(name)),
        identifier=identifier or uri,
        code=code,
        homepage=one.address("page", "url"),
        extra=one.left(),
    )


def _owner(top: Members) -> Agent | None:
    one = top.inside("owner")
    name = " ".join(each for each in (one.words("first_name"), one.words("last_name")) if each)
    if not name:
        top.put_back("owner", one.left())
        return None
    return Agent(name=text(name), identifier=one.words("id"), homepage=one.address("page"), extra=one.left())


def _contacts(top: Members) -> tuple[Contact, ...]:
    made = []
    for each in top.items("contact_points"):
        one = Members(each)
        name, mail, form = one.text("name"), one.words("email"), one.address("contact_form")
        made.append(Contact(name=name, email=mail, url=form, extra=one.left()))
    return tuple(made)


def _licence(top: Members) -> Coded | None:
    whole = top.peek("license")
    if isinstance(whole, dict):
        one = top.inside("license")
        return licence(one.words("id"), one.words("url"), one.words("title"))
    return None if words(whole).lower() in _NO_LICENCE else licence(top.words("license"))


def _schema(top: Members) -> tuple[str, ...]:
    one = top.inside("schema")
    said = one.words("url", "name")
    top.put_back("schema", one.left())
    return (said,) if said else ()


def _places(top: Members) -> tuple[Place, ...]:
    one = top.inside("spatial")
    zones, geometry = one.peek("zones"), one.peek("geom")
    zones = zones if isinstance(zones, list) else []
    places = [found for each in zones if (found := _zone(each))]
    if zones and len(places) == len(zones):
        one.take("zones")
    if isinstance(geometry, dict) and isinstance(geometry.get("type"), str):
        places.append(Place(geometry=one.take("geom"), box=box_of(geometry)))
    top.put_back("spatial", one.left())
    return tuple(places)


def _zone(said: Any) -> Place | None:
    """A zone is a code (`fr:departement:22@1990-02-27`), or in newer answers an object with a name."""
    if isinstance(said, dict):
        name, code, uri = words(said.get("name")), words(said.get("id")), words(said.get("uri"))
        return Place(name=text(name), raw=code or None, uri=uri or None) if name or code else None
    code = words(said)
    return Place(raw=code, code=Coded(scheme="geozones", code=code, raw=code)) if code else None


def _periods(top: Members) -> tuple[Period, ...]:
    one = top.inside("temporal_coverage")
    start, end = one.date("start"), one.date("end")
    top.put_back("temporal_coverage", one.left())
    return (Period(start=start, end=end),) if start or end else ()


def _resource(body: dict[str, Any]) -> Distribution | None:
    one = Members(body)
    url, title = one.words("url"), one.text("title")
    form, media_type = format_of(one.words("format"), one.words("mime"), url)
    checksum = one.inside("checksum")
    kind, value = checksum.words("type"), checksum.words("value")
    fine = url if url and is_address(url) else None
    one.put_back("url", None if fine else url)
    file = fine if _is_file(one) else None
    return Distribution(
        identifier=one.words("id"),
        title=title,
        description=one.text("description"),
        download_url=file,
        access_url=None if file else fine,
        format=form,
        media_type=media_type,
        byte_size=one.number("filesize"),
        checksum=Checksum(algorithm=kind.lower().replace("-", ""), value=value) if kind and value else None,
        issued=one.date("published", "created_at"),
        modified=one.date("last_modified"),
        conforms_to=_schema(one),
        extra=one.left(),
    )


def _is_file(one: Members) -> bool:
    """Services and pages are no files."""
    return words(one.peek("type")) not in ("api", "documentation", "code", "other") or one.peek("filetype") == "file"


def check(body: Any) -> Iterator[Finding]:
    """What a dataset lacks, and dates, periods and types that cannot be. Never raises."""
    if not isinstance(body, dict):
        yield finding(OBJECT, "", type(body).__name__)
        return
    yield from missing("udata", NEEDS, body, RULES)
    try:
        dataset = read(body)
    except Unreadable:
        return
    places = {
        "issued": "/created_at",
        "modified": "/last_update",
        "temporal": "/temporal_coverage",
        "distribution": "/resources",
    }
    yield from cross_field.check("udata", dataset, places, RULES)


STANDARD = Standard(
    name="udata",
    title={"zh": "udata（data.gouv.fr）数据集", "en": "Dataset of udata (data.gouv.fr)"},
    media_type="application/json",
    version="2",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    marks={
        "zh": "有 title、resources、frequency，以及 slug、badges、metrics、page、uri 等 udata 的字段至少四个",
        "en": "it has title, resources and frequency, and at least four of udata's own members, such as slug, badges, page",
    },
)
