"""Records of ISO 19115 in XML, of either edition, as datasets.

`identifier` is the record's own (`fileIdentifier`, `metadataIdentifier`), because catalogues exchange records by it; the
resource's identifiers are `other_identifier`. What the model has no field for stays in `extra` by its name in ISO 19115; whole
elements that are not understood stay there as XML, up to a limit.
"""

import copy
from typing import Any

import msgspec
from lxml import etree

from metadata.model import Agent, Coded, Contact, Dataset, Series
from metadata.text import Text, Words, best, every
from metadata.vocabulary import look_up
from standards import dates, iso_constraints, iso_distributions, iso_extents, iso_items, iso_parties
from standards.base import Rule, Unreadable
from standards.iso_distributions import SERVICE
from standards.iso_topics import TOPICS
from standards.iso_tree import (
    Tongues,
    code,
    codes,
    first_held,
    held,
    kind,
    language,
    link,
    objects,
    plain,
    properties,
    said,
    spelled,
)
from standards.xml_documents import PREFIXES, Element, body_of, href, local, parser

MOST_LEFT, LEFT_IN_ALL = 16_384, 65_536
"""Characters of one element, and of all of them, that are kept as XML."""
_XSI_TYPE = f"{{{PREFIXES['xsi']}}}type"
DATE_TYPES = frozenset(("creation", "publication", "revision", "released", "lastRevision", "lastUpdate"))
EU_THEMES = "http://publications.europa.eu/resource/authority/data-theme"
PROFILES = ("ISO 19115:2003/19139", "ISO 19115-3")
"""What the editions are called in a record of ours."""
PROGRESS = frozenset(
    (
        "completed", "historicalArchive", "obsolete", "onGoing", "planned", "required", "underDevelopment", "final", "pending",
        "retired", "superseded", "tentative", "valid", "accepted", "notAccepted", "withdrawn", "proposed", "deprecated",
    )
)  # fmt: skip
"""MD_ProgressCode of both editions."""
_PARTS = frozenset(("largerWorkCitation", "partOfSeamlessDatabase", "series", "isComposedOf"))
_ROOT = frozenset(
    (
        "fileIdentifier", "metadataIdentifier", "language", "defaultLocale", "characterSet", "parentIdentifier",
        "parentMetadata",
        "hierarchyLevel", "hierarchyLevelName", "metadataScope", "contact", "dateStamp", "dateInfo", "metadataStandardName",
        "metadataStandardVersion", "metadataStandard", "dataSetURI", "locale", "otherLocale", "referenceSystemInfo",
        "identificationInfo", "distributionInfo", "dataQualityInfo", "resourceLineage",
    )
)  # fmt: skip
_RESOURCE = frozenset(
    (
        "citation", "abstract", "purpose", "credit", "status", "pointOfContact", "resourceMaintenance", "descriptiveKeywords",
        "resourceConstraints", "aggregationInfo", "associatedResource", "spatialRepresentationType", "spatialResolution",
        "temporalResolution", "language", "defaultLocale", "otherLocale", "characterSet", "topicCategory", "extent",
        "supplementalInformation",
    )
)  # fmt: skip


def read(root: Element, untitled: Rule, where: str) -> Dataset:
    """The dataset that a record describes. Raises `Unreadable` (the rule `untitled`) when it has no title at all."""
    tongues = Tongues(root)
    resource = _resource(root)
    title = tongues.text(first_held(resource, "citation.title"))
    if resource is None or not title:
        raise Unreadable(untitled, where)
    parties = [iso_parties.party(each, tongues) for each in _parties(root, resource)]
    publisher = iso_parties.publisher_of(parties)
    links = iso_distributions.online(root, tongues)
    limits = iso_constraints.terms(resource, tongues)
    identifier, others = _identifiers(root, resource, title)
    keyword, theme, thesauri = _keywords(resource, tongues)
    contacts = iso_parties.contacts_of(parties, publisher) or _fallback(root, tongues)
    owner, days = iso_parties.agent(publisher) if publisher else None, _days(resource)
    return Dataset(
        identifier=identifier,
        title=title,
        description=tongues.text(first_held(resource, "abstract"), prose=True),
        publisher=owner,
        creator=iso_parties.creators_of(parties),
        contact_point=contacts,
        keyword=keyword,
        theme=theme,
        issued=days.get("publication") or days.get("released"),
        modified=days.get("revision") or days.get("lastRevision") or days.get("lastUpdate"),
        accrual_periodicity=_frequency(resource),
        language=_languages(resource),
        spatial=iso_extents.places(resource, tongues),
        temporal=iso_extents.periods(resource),
        access_rights=limits.access_rights,
        rights=limits.rights,
        license=limits.license,
        landing_page=_landing(root, resource),
        page=iso_distributions.pages(links),
        provenance=_lineage(root, tongues),
        conforms_to=_conforms(root),
        version=said(resource, "citation.edition") or None,
        other_identifier=others,
        is_part_of=_parent(root),
        in_series=tuple(_series(each, tongues) for each in _related(resource) if code(first_held(each, _TYPE)) in _PARTS),
        relation=_relations(resource),
        status=_status(resource),
        spatial_resolution_in_meters=iso_extents.distance(resource),
        temporal_resolution=iso_extents.temporal_resolution(resource),
        distribution=iso_distributions.distributions(links),
        service=iso_distributions.services(root, tongues, links),
        information_item=iso_items.items(root, tongues),
        extra=_extra(root, resource, tongues, thesauri, days) | limits.extra | _record_contact(root, tongues, contacts, owner),
    )


_TYPE = "associationType"


def _resource(root: Element) -> Element | None:
    """What the record is about: the first identification of data, else of a service."""
    found = objects(root, "identificationInfo")
    return next((each for each in found if kind(each) != SERVICE), found[0] if found else None)


def _parties(root: Element, resource: Element) -> list[Element]:
    found = [*objects(resource, "pointOfContact"), *objects(resource, "citation.citedResponsibleParty")]
    return [*found, *_distributors(root)]


def _distributors(root: Element) -> list[Element]:
    """Distributors that name someone."""
    return [each for each in objects(root, "distributionInfo.distributor.distributorContact") if plain(each) or len(each) > 1]


def _fallback(root: Element, tongues: Tongues) -> tuple[Any, ...]:
    """Where the resource names nobody to ask, whom the record does."""
    found = [iso_parties.party(each, tongues) for each in objects(root, "contact")]
    return iso_parties.contacts_of([each for each in found if each.role == "pointOfContact"], None)


def _record_contact(root: Element, tongues: Tongues, contacts: tuple[Contact, ...], publisher: Agent | None) -> dict[str, Any]:
    """Who answers for the record, where that is nobody else."""
    first = next(iter(objects(root, "contact")), None)
    if first is None:
        return {}
    who = iso_parties.party(first, tongues)
    told = iso_parties.contact(who)
    if not who.role:
        told = msgspec.structs.replace(told, extra=told.extra | {"role": ""})
    same = told in contacts[:1] or (not contacts and iso_parties.agent(who) == publisher)
    return {} if same or told == Contact(extra=told.extra) else {"contact": msgspec.to_builtins(told)}


def _identifiers(root: Element, resource: Element, title: Text) -> tuple[str, tuple[str, ...]]:
    own = said(root, "fileIdentifier") or said(root, "metadataIdentifier.code")
    others = [found for each in objects(resource, "citation.identifier") if (found := _identifier(each))]
    dataset = said(root, "dataSetURI")
    if dataset and not dataset.startswith(("http://", "https://")):
        others.append(dataset)
    identifier = own or (others[0] if others else "") or dataset or best(title)
    return identifier, tuple(dict.fromkeys(each for each in others if each != identifier))


def _identifier(element: Element) -> str:
    """A code in its name space: `http://space/code`, `space:code`."""
    value = first_held(element, "code")
    words, space = (href(value) or plain(value) if value is not None else ""), said(element, "codeSpace")
    if not space or not words or words.startswith((space, "http://", "https://")):
        return words
    return f"{space.rstrip('/#')}/{words}" if space.startswith("http") else f"{space.rstrip(':')}:{words}"


def _keywords(resource: Element, tongues: Tongues) -> tuple[Words, tuple[Coded, ...], dict[str, list[str]]]:
    """Keywords by language; topic categories and keywords of the EU's themes as themes; keywords of each other thesaurus."""
    spoken: dict[str, list[str]] = {}
    themes: list[Coded] = []
    thesauri: dict[str, list[str]] = {}
    for each in objects(resource, "descriptiveKeywords"):
        thesaurus = first_held(each, "thesaurusName.title")
        name = plain(thesaurus)
        is_themes = (href(thesaurus) if thesaurus is not None else None) == EU_THEMES
        for value in held(each, "keyword"):
            theme = _theme(value, is_themes) if name else None
            if theme:
                themes.append(theme)
                continue
            for tag, word in tongues.terms(value):
                if word and word not in spoken.setdefault(tag, []):
                    spoken[tag].append(word)
                    thesauri.setdefault(name, []).append(word)
    known = {(each.scheme, each.code) for each in themes}
    themes += [each for each in map(_topic, codes(resource, "topicCategory")) if (each.scheme, each.code) not in known]
    thesauri.pop("", None)
    words = {tag: tuple(listed) for tag, listed in spoken.items() if listed}
    order = {word: number for number, word in enumerate(every(words))}
    thesauri = {name: sorted(listed, key=lambda word: order[word]) for name, listed in thesauri.items()}
    return words, _once(themes), thesauri


def _once(themes: list[Coded]) -> tuple[Coded, ...]:
    found: dict[tuple[str, str], Coded] = {}
    for each in themes:
        found.setdefault((each.scheme, each.code or each.raw or ""), each)
    return tuple(found.values())


def _theme(value: Element, is_themes: bool) -> Coded | None:
    """A keyword that is one of the EU's themes by its address, or stands among themes."""
    address, word = href(value) or "", plain(value)
    known = look_up("theme", address) if address.startswith(EU_THEMES) else None
    if known and known.scheme:
        named = look_up("theme", word)
        return named if named.code == known.code else known
    if not is_themes or not (word or address):
        return None
    known = look_up("theme", word or address)
    return known if known.scheme else Coded(uri=address or None, label=known.label, raw=known.raw)


def _topic(topic: str) -> Coded:
    known = look_up("theme", topic)
    if known.scheme or topic not in TOPICS:
        return known
    return Coded(scheme="iso-topic-category", code=topic, label={"en": topic}, raw=topic)


def _days(resource: Element) -> dict[str, str]:
    """The first date of each type."""
    found: dict[str, str] = {}
    for each in objects(resource, "citation.date"):
        day = dates.parse(said(each, "date"))
        sort = spelled(code(first_held(each, "dateType")), DATE_TYPES)
        if day and sort:
            found.setdefault(sort, day)
    return found


def _frequency(resource: Element) -> Coded | None:
    told = code(first_held(resource, "resourceMaintenance.maintenanceAndUpdateFrequency"))
    return look_up("frequency", told) if told else None


def _languages(resource: Element) -> tuple[str, ...]:
    values = [*properties(resource, "language"), *properties(resource, "defaultLocale"), *properties(resource, "otherLocale")]
    return tuple(dict.fromkeys(tag for each in values if (tag := language(each))))


def _landing(root: Element, resource: Element) -> str | None:
    return link(first_held(root, "dataSetURI")) or link(first_held(resource, "citation.onlineResource.linkage"))


def _lineage(root: Element, tongues: Tongues) -> Text:
    """The first statement of where the data come from."""
    ways = ("dataQualityInfo.lineage.statement", "resourceLineage.statement")
    return next((words for way in ways for each in held(root, way) if (words := tongues.text(each, prose=True))), {})


def _conforms(root: Element) -> tuple[str, ...]:
    """Reference systems, and the specifications that a conformance test was passed for."""
    systems = [_identifier(each) for each in objects(root, "referenceSystemInfo.referenceSystemIdentifier")]
    passed = []
    for each in objects(root, "dataQualityInfo.report.result"):
        if said(each, "pass").lower() in ("true", "1"):
            title = first_held(each, "specification.title")
            passed.append(link(title) or plain(title))
    return tuple(dict.fromkeys(each for each in (*systems, *passed) if each))


def _parent(root: Element) -> str | None:
    told = said(root, "parentIdentifier") or said(root, "parentMetadata.identifier.code")
    refs = (each.get("uuidref") or href(each) for each in held(root, "parentMetadata|parentIdentifier"))
    return told or next((each for each in refs if each), None) or said(root, "parentMetadata.title") or None


def _related(resource: Element) -> list[Element]:
    return objects(resource, "aggregationInfo|associatedResource")


_NAME = "aggregateDataSetName|name"
_CODE = ("aggregateDataSetIdentifier.code", "aggregateDataSetName.identifier.code", "name.identifier.code")


def _reference(each: Element) -> str:
    """The identifier or address of another resource."""
    told = next((value for way in _CODE for value in held(each, way) if plain(value) or href(value)), None)
    references = held(each, "metadataReference")
    ref = next((found for one in references if (found := one.get("uuidref") or href(one))), "")
    return (href(told) or plain(told) if told is not None else "") or ref


def _series(each: Element, tongues: Tongues) -> Series:
    return Series(identifier=_reference(each) or None, title=tongues.text(first_held(each, f"{_NAME}.title")))


def _relations(resource: Element) -> tuple[str, ...]:
    others = [each for each in _related(resource) if code(first_held(each, _TYPE)) not in _PARTS]
    told = (_reference(each) or said(each, f"{_NAME}.title") for each in others)
    return tuple(dict.fromkeys(each for each in told if each))


def _status(resource: Element) -> Coded | None:
    told = spelled(code(first_held(resource, "status")), PROGRESS)
    if not told:
        return None
    known = told in PROGRESS
    return Coded(scheme="iso-progress" if known else "", code=told if known else "", label={"en": told}, raw=told)


def _extra(
    root: Element, resource: Element, tongues: Tongues, thesauri: dict[str, list[str]], days: dict[str, str]
) -> dict[str, Any]:
    """What the model has no field for."""
    usual = ("publication", "revision", "released", "lastRevision", "lastUpdate")
    scope = iso_extents.scope(root)
    stamp = said(root, "dateStamp") or next(
        (said(each, "date") for each in objects(root, "dateInfo") if said(each, "date")), ""
    )
    standard = said(root, "metadataStandardName") or said(root, "metadataStandard.title")
    told: dict[str, Any] = {
        "hierarchyLevel": scope if scope != "dataset" else "",
        "dateStamp": stamp
        if stamp != next((day for name in ("revision", "publication") if (day := days.get(name))), "")
        else "",
        "metadataStandardName": standard if standard not in PROFILES else "",
        "metadataStandardVersion": said(root, "metadataStandardVersion") or said(root, "metadataStandard.edition"),
        "dates": {sort: day for sort, day in days.items() if sort not in usual},
        "thesaurusName": thesauri,
        "equivalentScale": iso_extents.scales(resource),
        "spatialRepresentationType": codes(resource, "spatialRepresentationType"),
        "alternateTitle": [found for each in held(resource, "citation.alternateTitle") if (found := plain(each))],
        "purpose": tongues.text(first_held(resource, "purpose"), prose=True),
        "supplementalInformation": tongues.text(first_held(resource, "supplementalInformation"), prose=True),
        "credit": [found for each in held(resource, "credit") if (found := plain(each))],
    }
    return {name: value for name, value in told.items() if value} | _left(root, resource)


def _left(root: Element, resource: Element) -> dict[str, Any]:
    """Elements that are not understood, as XML."""
    found: dict[str, list[str]] = {}
    room = LEFT_IN_ALL
    known = ((root, _ROOT, ""), (resource, _RESOURCE, "identificationInfo/"))
    for owner, names, prefix in known if kind(resource) != SERVICE else known[:1]:
        for each in owner:
            written = _compact(each) if local(each) not in names and len(each) else ""
            if written and len(written) <= min(MOST_LEFT, room):
                room -= len(written)
                found.setdefault(prefix + local(each), []).append(written)
    return dict(found)


def _compact(element: Element) -> str:
    """An element by itself: without indentation and without namespaces that it does not need."""
    used = {str(each.get(_XSI_TYPE)).partition(":")[0] for each in element.iter() if each.get(_XSI_TYPE)}
    alone = etree.fromstring(body_of(element), parser()) if used else copy.deepcopy(element)
    alone.tail = None
    for each in alone.iter():
        if (tail := each.tail) and not tail.strip():
            each.tail = None
        if (text := each.text) and len(each) and not text.strip():
            each.text = None
    etree.cleanup_namespaces(alone, keep_ns_prefixes=sorted(used))
    return bytes(etree.tostring(alone, method="c14n")).decode()
