"""Opendatasoft (Huwise) catalogue entries: the Explore API in versions 1, 2.0 and 2.1, and its JSON export. Read only.

Version 1 has flat `metas` and `datasetid`, 2.0 wraps the entry in `dataset` beside `links`, 2.1 has `metas.default` and further
templates (`dcat`, `inspire`, …). The fields of the table become information items. Sources: help.opendatasoft.com, "Explore API
reference" (catalog/datasets) and "Metadata templates".
"""

from collections.abc import Iterator
from typing import Any

from metadata.model import Agent, Contact, Dataset, Distribution, InformationItem, Period, Place
from metadata.text import guess, text
from metadata.vocabulary import format_of, language_tag, look_up
from standards import cross_field
from standards.base import Finding, Standard, Unreadable, finding
from standards.needs import missing
from standards.opendatasoft_rules import FIELDS, NEEDS, OBJECT, RULES
from standards.portal_members import BY_RULE, Members, is_address, keywords, licence, members, pairs_box, unknown, words
from standards.rdf_geometry import box_of

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises"]


def recognises(body: Any) -> bool:
    """Whether it has an id of Opendatasoft's and `metas`, itself or in its `dataset`."""
    entry = _entry(body)
    return isinstance(entry, dict) and isinstance(entry.get("metas"), dict) and ("dataset_id" in entry or "datasetid" in entry)


def _entry(body: Any) -> Any:
    inner = body.get("dataset") if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) and "metas" in inner else body


def read(body: Any) -> Dataset:
    """The dataset of an entry. Raises `Unreadable`."""
    links = body.get("links") if isinstance(body, dict) else None
    entry = members(_entry(body), OBJECT)
    metas = entry.inside("metas")
    default = metas.inside("default") if isinstance(metas.peek("default"), dict) else metas
    dcat = metas.inside("dcat")
    tag = language_tag(words(default.peek("language"))) or ""
    title = default.text("title", language=tag)
    if not title:
        raise Unreadable(RULES["opendatasoft/title/absent"], "/metas/default/title")
    identifier = entry.words("dataset_id", "datasetid")
    dataset: dict[str, Any] = {
        "identifier": identifier or entry.words("dataset_uid") or next(iter(title.values())),
        "title": title,
        "description": default.text("description", language=tag),
        **_parties(default, dcat),
        **_said(default, dcat, tag),
        "spatial": _places(default, dcat),
        "temporal": _periods(default, dcat),
        "distribution": _ways(entry, _address(links, entry)),
        "information_item": _items(entry, tag),
        "other_identifier": ((uid,) if (uid := entry.words("dataset_uid")) else ()),
    }
    metas.put_back("dcat", dcat.left())
    if default is not metas:
        metas.put_back("default", default.left())
    entry.put_back("metas", metas.left())
    return Dataset(**dataset, extra=entry.left())


def _parties(default: Members, dcat: Members) -> dict[str, Any]:
    publisher, creator = default.words("publisher"), dcat.words("creator")
    name, mail = dcat.words("contact_name"), dcat.words("contact_email")
    contact = Contact(name=text(name) if name else {}, email=mail.removeprefix("mailto:") if mail else None)
    return {
        "publisher": Agent(name=text(publisher, guess(publisher))) if publisher else None,
        "creator": (Agent(name=text(creator, guess(creator))),) if creator else (),
        "contact_point": (contact,) if name or mail else (),
    }


def _said(default: Members, dcat: Members, tag: str) -> dict[str, Any]:
    frequency = dcat.words("accrualperiodicity") or default.words("update_frequency", "frequency")
    references = default.many("references")
    pages = tuple(each for each in references if is_address(each))
    default.put_back("references", [each for each in references if each not in pages])
    given = default.many("language")
    return {
        "keyword": keywords(default.many("keyword"), tag),
        "theme": tuple(look_up("theme", each) for each in default.many("theme")),
        "issued": dcat.date("issued", "created"),
        "modified": default.date("modified", "data_processed", "metadata_processed"),
        "accrual_periodicity": look_up("frequency", frequency) if frequency else None,
        "language": tuple(language_tag(each) or each for each in given),
        "license": licence(default.words("license"), default.words("license_url")),
        "page": pages,
    }


def _places(default: Members, dcat: Members) -> tuple[Place, ...]:
    named = (*default.many("territory"), *dcat.many("spatial"))
    places = [Place(name=text(each, guess(each))) for each in dict.fromkeys(named)]
    geometry = default.peek("bbox")
    shape = geometry.get("geometry") if isinstance(geometry, dict) and geometry.get("type") == "Feature" else geometry
    found = box_of(shape) if isinstance(shape, dict) else pairs_box(geometry)
    if found:
        default.take("bbox")
        places.append(Place(box=found))
    return tuple(places)


def _periods(default: Members, dcat: Members) -> tuple[Period, ...]:
    start, end = dcat.date("temporal_coverage_start"), dcat.date("temporal_coverage_end")
    said = dcat.words("temporal") or default.words("temporal_coverage")
    spans = [Period(start=start, end=end)] if start or end else []
    return tuple([*spans, Period(raw=said)] if said else spans)


def _address(links: Any, entry: Members) -> str | None:
    """The entry's own address in the API, where it tells it."""
    told = [*(links if isinstance(links, list) else []), *entry.items("links")]
    return next(
        (
            words(each.get("href"))
            for each in told
            if isinstance(each, dict) and each.get("rel") == "self" and is_address(words(each.get("href")))
        ),
        None,
    )


def _ways(entry: Members, address: str | None) -> tuple[Distribution, ...]:
    made = []
    if address and entry.peek("has_records") is True:
        for name in (
            ("csv", "json", "geojson") if "geo" in words(entry.peek("features")) or _has_geo(entry) else ("csv", "json")
        ):
            form, media_type = format_of(name)
            made.append(
                Distribution(
                    title=text(name.upper(), "en"),
                    access_url=f"{address}/exports/{name}",
                    format=form,
                    media_type=media_type,
                    extra=BY_RULE,
                )
            )
    attached = [*entry.items("attachments"), *entry.items("alternative_exports")]
    return (*made, *(found for each in attached if (found := _attachment(each))))


def _has_geo(entry: Members) -> bool:
    features = entry.peek("features")
    return isinstance(features, list) and "geo" in features


def _attachment(body: dict[str, Any]) -> Distribution | None:
    one = Members(body)
    url, title, identifier = one.words("url"), one.text("title"), one.words("id")
    if not url and not title and not identifier:
        return None
    form, media_type = format_of(None, one.words("mimetype"), url)
    fine = url if url and is_address(url) else None
    one.put_back("url", None if fine else url)
    return Distribution(
        identifier=identifier, title=title, download_url=fine, format=form, media_type=media_type, extra=one.left()
    )


def _items(entry: Members, tag: str) -> tuple[InformationItem, ...]:
    made = []
    for each in entry.items("fields"):
        one = Members(each)
        code, label = one.words("name"), one.text("label", language=tag)
        if code or label:
            name = label or text(code or "")
            made.append(
                InformationItem(
                    name=name,
                    code=code,
                    data_type=unknown(one.words("type")),
                    description=one.text("description", language=tag),
                    extra=one.left(),
                )
            )
    return tuple(made)


def check(body: Any) -> Iterator[Finding]:
    """What an entry lacks, and dates and boxes that cannot be. Never raises."""
    if not isinstance(body, dict):
        yield finding(OBJECT, "", type(body).__name__)
        return
    yield from missing("opendatasoft", NEEDS, body, RULES)
    try:
        dataset = read(body)
    except Unreadable:
        return
    metas = _entry(body)["metas"] if isinstance(_entry(body).get("metas"), dict) else {}
    given = metas["default"].get("bbox") if isinstance(metas.get("default"), dict) else None
    if given and not any(place.box for place in dataset.spatial):
        yield finding(RULES["opendatasoft/cross/spatial"], "/metas/default/bbox", given)
    places = {
        "issued": "/metas/dcat/issued",
        "modified": "/metas/default/modified",
        "temporal": "/metas/dcat/temporal_coverage_start",
        "spatial": "/metas/default/bbox",
    }
    yield from cross_field.check("opendatasoft", dataset, places, RULES)


STANDARD = Standard(
    name="opendatasoft",
    title={"zh": "Opendatasoft 目录条目", "en": "Entry of an Opendatasoft catalogue"},
    media_type="application/json",
    version="2.1",
    recognises=recognises,
    read=read,
    check=check,
    rules=RULES,
    marks={"zh": "有 dataset_id（或 datasetid）以及 metas", "en": "it has dataset_id (or datasetid) beside metas"},
)
