"""A dataset as a record of ISO 19115 in XML, of either edition.

The record's language is that of title and description, or of the title. What a value is not known for and must be there says so
(`gco:nilReason`); nothing is made up. Elements kept as XML in `extra` come back where their edition has them.
"""

from collections.abc import Iterable
from typing import Any, TypeGuard

from lxml import etree

from metadata.model import Agent, Coded, Contact, DataService, Dataset, Series
from metadata.text import UNDETERMINED, Text
from metadata.vocabulary import look_up, term
from standards import dates
from standards import iso_write_parts as parts
from standards.base import Unreadable
from standards.iso_build import MISSING, UNKNOWN, Anchor, Builder, Edition
from standards.iso_codes import LISTS
from standards.iso_orders import DATA_ONLY, RECORD, RESOURCE_NEW, RESOURCE_OLD
from standards.iso_read import PROFILES
from standards.iso_topics import TOPICS, topic_of
from standards.xml_documents import Element, local, parse

FREQUENCIES = LISTS["MD_MaintenanceFrequencyCode"]


def write(dataset: Dataset, edition: Edition) -> bytes:
    """The record as an XML document in UTF-8."""
    made = Builder(edition, _language(dataset))
    root = made.of("MD_Metadata", *_about_record(made, dataset))
    prefix = edition.prefix("MD_Metadata")
    systems, specifications = _conformance(dataset.conforms_to)
    made.put(root, prefix, "referenceSystemInfo", [_system(made, each) for each in systems])
    resource = _resource(made, dataset)
    others = [] if _is_service(dataset) else [parts.service(made, each, dataset.title) for each in dataset.service]
    made.put(root, prefix, "identificationInfo", [resource, *others])
    made.put(root, prefix, "distributionInfo", parts.distribution(made, dataset))
    made.put(root, prefix, "dataQualityInfo", _quality(made, dataset, specifications))
    if made.new and dataset.provenance:
        made.put(root, prefix, "resourceLineage", made.of("LI_Lineage", ("statement", dataset.provenance)))
    _put_back(root, dataset.extra, "")
    _put_back(resource, dataset.extra, "identificationInfo/")
    _sort(root, RECORD)
    if local(resource) == "MD_DataIdentification":
        _sort(resource, (RESOURCE_NEW if made.new else RESOURCE_OLD))
    etree.indent(root)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _language(dataset: Dataset) -> str:
    """The first language of the title, rather one that the description has too."""
    tags = [tag for tag, words in dataset.title.items() if words]
    return next((tag for tag in tags if dataset.description.get(tag)), tags[0] if tags else UNDETERMINED)


def _languages(dataset: Dataset, own: str) -> list[str]:
    """All other languages that something is said in."""
    found: dict[str, None] = {}
    for text in _texts(dataset):
        found.update(dict.fromkeys(tag for tag in text if tag != own))
    return list(found)


def _texts(value: Any) -> Iterable[dict[str, Any]]:
    """Every words by language inside; labels of codes and `extra` other than texts of ours count too, which does no harm."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Dataset | Agent | Contact | DataService | Series) or hasattr(value, "__struct_fields__"):
        for name in value.__struct_fields__:
            if name not in ("extra", "geometry") and not isinstance(value, Coded):
                yield from _texts(getattr(value, name))


def _text(value: Any) -> Text:
    return {str(tag): words for tag, words in value.items() if isinstance(words, str)} if isinstance(value, dict) else {}


def _is_day(value: Any) -> TypeGuard[str]:
    """Whether it is a date that ISO 19139 can hold."""
    return isinstance(value, str) and dates.parse(value) == value


def _words(value: Any) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str) and each]


def _about_record(made: Builder, dataset: Dataset) -> list[tuple[str, Any]]:
    """Identifier, language, parent, level, contact, date and standard of the record."""
    extra = dataset.extra
    level = next(iter(_words(extra.get("hierarchyLevel"))), "dataset")
    scope = made.code("MD_ScopeCode", level)
    contact = _record_contact(made, dataset)
    day = next((each for each in (*_words(extra.get("dateStamp")), dataset.modified, dataset.issued) if _is_day(each)), None)
    standard = next(iter(_words(extra.get("metadataStandardName"))), "") or PROFILES[made.new]
    version = next(iter(_words(extra.get("metadataStandardVersion"))), "")
    locales = made.locales([*_languages(dataset, made.language), *_extra_languages(extra, dataset, made.language)])
    if made.new:
        identifier = made.of("MD_Identifier", ("code", dataset.identifier))
        parent = made.of("MD_Identifier", ("code", dataset.is_part_of)) if dataset.is_part_of else None
        above = made.of("CI_Citation", ("title", MISSING), ("identifier", parent)) if parent is not None else None
        stamp = (
            made.of("CI_Date", ("date", made.date(day)), ("dateType", made.code("CI_DateTypeCode", "revision")))
            if day
            else MISSING
        )
        return [
            ("metadataIdentifier", identifier),
            ("defaultLocale", made.locale(made.language)),
            ("parentMetadata", above),
            ("metadataScope", made.of("MD_MetadataScope", ("resourceScope", scope))),
            ("contact", contact),
            ("dateInfo", stamp),
            ("metadataStandard", made.of("CI_Citation", ("title", standard), ("edition", version))),
            ("otherLocale", locales),
        ]
    return [
        ("fileIdentifier", dataset.identifier),
        ("language", made.language_code(made.language)),
        ("characterSet", made.code("MD_CharacterSetCode", "utf8")),
        ("parentIdentifier", dataset.is_part_of),
        ("hierarchyLevel", scope),
        ("contact", contact),
        ("dateStamp", made.date(day) if day else MISSING),
        ("metadataStandardName", standard),
        ("metadataStandardVersion", version),
        ("dataSetURI", dataset.landing_page),
        ("locale", locales),
    ]


def _extra_languages(extra: dict[str, Any], dataset: Dataset, own: str) -> list[str]:
    """Languages that only the words in `extra` are in."""
    told = {tag: None for name in ("purpose", "supplementalInformation") for tag in _text(extra.get(name))}
    known = {own, *_languages(dataset, own)}
    return [tag for tag in told if tag not in known]


def _record_contact(made: Builder, dataset: Dataset) -> Any:
    """Who answers for the record: as it was told, else whom to ask about the data, else the publisher."""
    told = dataset.extra.get("contact")
    if isinstance(told, dict):
        name, organisation = _text(told.get("name")), _text(told.get("organization"))
        reach = {each: value for each in ("email", "phone", "url") if isinstance(value := told.get(each), str)}
        extra = told.get("extra") if isinstance(told.get("extra"), dict) else {}
        return parts.of_contact(made, Contact(name=name, organization=organisation, extra=extra or {}, **reach))
    if dataset.contact_point:
        return parts.of_contact(made, dataset.contact_point[0])
    return parts.of_agent(made, dataset.publisher, "publisher") if dataset.publisher else MISSING


def _is_service(dataset: Dataset) -> bool:
    """Whether the record is about one service alone, which is named as the record is."""
    if dataset.extra.get("hierarchyLevel") != "service" or len(dataset.service) != 1:
        return False
    offered = dataset.service[0]
    same = offered.title == dataset.title and offered.description == dataset.description
    return same and offered.identifier == next(iter(dataset.other_identifier), None)


def _resource(made: Builder, dataset: Dataset) -> Element:
    """The identification of the data, or of the one service that the record is about."""
    values = _about_resource(made, dataset)
    inherited = "mri" if made.new else "gmd"
    if not _is_service(dataset):
        return made.of("MD_DataIdentification", *values)
    offered = parts.service(made, dataset.service[0], dataset.title)
    shared = [(name, value) for name, value in values if name not in DATA_ONLY and (made.new or name != "extent")]
    element = made.of("SV_ServiceIdentification", *shared, within=inherited)
    _sort(element, (RESOURCE_NEW if made.new else RESOURCE_OLD))
    own = [each for each in offered if str(each.tag).startswith(f"{{{made.edition.namespaces['srv']}}}")]
    element.extend(own[:1])
    if not made.new:
        made.put(element, "srv", "extent", parts.extents(made, dataset))
    element.extend(own[1:])
    return element


def _about_resource(made: Builder, dataset: Dataset) -> list[tuple[str, Any]]:
    """Every property of the identification."""
    extra = dataset.extra
    who = [parts.of_agent(made, dataset.publisher, "publisher")] if dataset.publisher else []
    who += [parts.of_agent(made, each, "author") for each in dataset.creator]
    who += [parts.of_contact(made, each) for each in dataset.contact_point]
    topics, keywords = _subjects(made, dataset)
    languages = [made.locale(each) if made.new else made.language_code(each) for each in dataset.language]
    spoken = (
        [("defaultLocale", languages[:1]), ("otherLocale", languages[1:])] if made.new else [("language", languages or MISSING)]
    )
    kinds = [made.code("MD_SpatialRepresentationTypeCode", each) for each in _words(extra.get("spatialRepresentationType"))]
    when = made.value("TM_PeriodDuration", dataset.temporal_resolution) if made.new and dataset.temporal_resolution else None
    return [
        ("citation", _citation(made, dataset)),
        ("abstract", dataset.description or MISSING),
        ("purpose", _text(extra.get("purpose"))),
        ("credit", _words(extra.get("credit"))),
        ("status", made.code("MD_ProgressCode", _progress(dataset.status))),
        ("pointOfContact", who),
        ("resourceMaintenance", _maintenance(made, dataset.accrual_periodicity)),
        ("descriptiveKeywords", keywords),
        ("resourceConstraints", parts.constraints(made, dataset)),
        ("associatedResource" if made.new else "aggregationInfo", _related(made, dataset)),
        ("spatialRepresentationType", kinds),
        ("spatialResolution", _resolution(made, dataset)),
        ("temporalResolution", when),
        *spoken,
        ("topicCategory", [made.code("MD_TopicCategoryCode", each) for each in topics]),
        ("extent", parts.extents(made, dataset)),
        ("supplementalInformation", _text(extra.get("supplementalInformation"))),
    ]


def _progress(status: Coded | None) -> str:
    if status is None:
        return ""
    return status.code if status.scheme == "iso-progress" else status.raw or next(iter(status.label.values()), "")


def _citation(made: Builder, dataset: Dataset) -> Element:
    told = dataset.extra.get("dates")
    days = {"publication": dataset.issued, "revision": dataset.modified, **(told if isinstance(told, dict) else {})}
    told_days = [
        made.of("CI_Date", ("date", made.date(day)), ("dateType", made.code("CI_DateTypeCode", sort)))
        for sort, day in days.items()
        if _is_day(day)
    ]
    landing = dataset.landing_page if made.new else None
    return made.of(
        "CI_Citation",
        ("title", dataset.title),
        ("alternateTitle", _words(dataset.extra.get("alternateTitle"))),
        ("date", told_days or ([] if made.new else MISSING)),
        ("edition", dataset.version),
        ("identifier", [made.of("MD_Identifier", ("code", each)) for each in dataset.other_identifier]),
        ("onlineResource", made.of("CI_OnlineResource", ("linkage", landing)) if landing else None),
    )


def _maintenance(made: Builder, often: Coded | None) -> Element | None:
    """The frequency by its ISO code, rather the one that was told; else by a word that the shared list knows."""
    if often is None:
        return None
    known = term("frequency", often.code) if often.scheme == "frequency" else None
    codes = (often.raw or "", known.names.get("iso-19115", "")) if known else ()
    word = next((each for each in codes if each in FREQUENCIES and look_up("frequency", each).code == often.code), "")
    code = made.code("MD_MaintenanceFrequencyCode", word or parts.known_word("frequency", often))
    return made.of("MD_MaintenanceInformation", ("maintenanceAndUpdateFrequency", code))


def _subjects(made: Builder, dataset: Dataset) -> tuple[list[str], list[Element]]:
    """Topic categories, and groups of keywords: of each thesaurus, the others, and the EU's themes."""
    topics = [topic for each in dataset.theme if (topic := topic_of(each))]
    themes = [each for each in dataset.theme if each.raw not in TOPICS and each.scheme != "iso-topic-category"]
    told = dataset.extra.get("thesaurusName")
    groups: dict[str, list[tuple[str, str]]] = {}
    owners = {word: name for name, those in told.items() for word in _words(those)} if isinstance(told, dict) else {}
    for tag, listed in dataset.keyword.items():
        for word in listed:
            groups.setdefault(owners.get(word, ""), []).append((word, tag))
    found = [_keywords(made, pairs, name) for name, pairs in groups.items()]
    if themes:
        found.append(_themes(made, themes))
    return list(dict.fromkeys(topics)), found


def _keywords(made: Builder, pairs: list[tuple[str, str]], thesaurus: str) -> Element:
    element = made.of("MD_Keywords")
    prefix = made.edition.prefix("MD_Keywords")
    for word, tag in pairs:
        made.keyword(element, prefix, word, tag)
    if thesaurus:
        citation = made.of("CI_Citation", ("title", thesaurus), ("date", [] if made.new else UNKNOWN))
        made.put(element, prefix, "thesaurusName", citation)
    return element


def _themes(made: Builder, themes: list[Coded]) -> Element:
    """Themes as keywords, with their addresses."""
    words = [Anchor({made.language: parts.known_word("theme", each)}, each.uri) for each in themes]
    name = Anchor({made.language: "Data theme"}, "http://publications.europa.eu/resource/authority/data-theme")
    citation = made.of("CI_Citation", ("title", name), ("date", [] if made.new else UNKNOWN))
    kind = made.code("MD_KeywordTypeCode", "theme")
    return made.of("MD_Keywords", ("keyword", words), ("type", kind), ("thesaurusName", citation))


def _related(made: Builder, dataset: Dataset) -> list[Element]:
    """Series as larger works, relations as cross references."""
    series = [_relation(made, each.title, each.identifier, "largerWorkCitation") for each in dataset.in_series]
    return series + [_relation(made, {}, each, "crossReference") for each in dataset.relation]


def _relation(made: Builder, title: Text, identifier: str | None, kind: str) -> Element:
    code = made.of("MD_Identifier", ("code", identifier)) if identifier else None
    date: Any = [] if made.new else UNKNOWN
    citation = made.of("CI_Citation", ("title", title or MISSING), ("date", date), ("identifier", code))
    told = made.code("DS_AssociationTypeCode", kind)
    if made.new:
        return made.of("MD_AssociatedResource", ("name", citation), ("associationType", told))
    return made.of("MD_AggregateInformation", ("aggregateDataSetName", citation), ("associationType", told))


def _resolution(made: Builder, dataset: Dataset) -> list[Element]:
    metres = dataset.spatial_resolution_in_meters
    found = []
    scales = dataset.extra.get("equivalentScale")
    for each in scales if isinstance(scales, list) else []:
        if isinstance(each, int) and not isinstance(each, bool):
            fraction = made.of("MD_RepresentativeFraction", ("denominator", made.value("Integer", str(each))))
            found.append(made.of("MD_Resolution", ("equivalentScale", fraction)))
    if metres and metres == metres and metres not in (float("inf"), float("-inf")):
        distance = made.value("Distance", repr(metres))
        distance.set("uom", "m")
        found.append(made.of("MD_Resolution", ("distance", distance)))
    return found


def _conformance(told: Iterable[str]) -> tuple[list[str], list[str]]:
    """Reference systems, and other specifications."""
    listed = list(told)
    systems = [each for each in listed if "/def/crs/" in each or "def:crs" in each or each.upper().startswith("EPSG:")]
    return systems, [each for each in listed if each not in systems]


def _system(made: Builder, name: str) -> Element:
    kind = "MD_Identifier" if made.new else "RS_Identifier"
    return made.of("MD_ReferenceSystem", ("referenceSystemIdentifier", made.of(kind, ("code", name))))


def _quality(made: Builder, dataset: Dataset, specifications: list[str]) -> Element | None:
    """The statement of lineage (2003) and a passed test for each specification."""
    lineage = made.of("LI_Lineage", ("statement", dataset.provenance)) if dataset.provenance and not made.new else None
    if lineage is None and not specifications:
        return None
    level = next(iter(_words(dataset.extra.get("hierarchyLevel"))), "dataset")
    scope_name = "MD_Scope" if made.new else "DQ_Scope"
    scope = made.of(scope_name, ("level", made.code("MD_ScopeCode", level)))
    reports = [_passed(made, each) for each in specifications]
    return made.of("DQ_DataQuality", ("scope", scope), ("report", reports), ("lineage", lineage))


def _passed(made: Builder, name: str) -> Element:
    title = Anchor({made.language: name}, name) if name.startswith(("http://", "https://")) else name
    citation = made.of("CI_Citation", ("title", title), ("date", [] if made.new else UNKNOWN))
    result = made.of(
        "DQ_ConformanceResult",
        ("specification", citation),
        ("explanation", MISSING),
        ("pass", made.value("Boolean", "true")),
    )
    return made.of("DQ_DomainConsistency", ("result", result))


def _put_back(owner: Element, extra: dict[str, Any], prefix: str) -> None:
    """Elements that were kept as XML, where they are of this edition."""
    space = str(owner.tag).partition("}")[0]
    for name, told in extra.items():
        plain = name.removeprefix(prefix)
        if not name.startswith(prefix) or "/" in plain or not isinstance(told, list):
            continue
        for each in told:
            element = _parsed(each) if isinstance(each, str) and each.lstrip().startswith("<") else None
            if element is not None and element.tag == f"{space}}}{plain}":
                owner.append(element)


def _parsed(written: str) -> Element | None:
    try:
        return parse(written.encode("utf-8", "replace"))
    except Unreadable:
        return None


def _sort(owner: Element, order: tuple[str, ...]) -> None:
    """The properties in the order of the schema; unknown ones last."""
    places = {name: number for number, name in enumerate(order)}
    owner[:] = sorted(owner, key=lambda each: places.get(local(each), len(order)))
