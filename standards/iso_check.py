"""The check of an ISO 19115 record, of either edition: what is mandatory, code lists, values, INSPIRE's rules.

Each look yields `(rule, place, value)`; places are XPaths with lines. What INSPIRE asks beyond ISO is asked only of records
that name INSPIRE, GEMINI or Regulation 1205/2008 in their standard, keywords or conformity.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from metadata.model import Dataset
from standards import cross_field, dates
from standards.base import Finding, Rule, finding
from standards.iso_codes import LISTS
from standards.iso_distributions import SERVICE
from standards.iso_elements import survey, where
from standards.iso_extents import EDGES, scope
from standards.iso_parties import PARTY
from standards.iso_topics import TOPICS
from standards.iso_tree import LANGUAGE, Tongues, code, first_held, held, kind, language, objects, plain, properties, said
from standards.xml_documents import Element, href, local, words

Found = Iterator[tuple[str, str, object]]
_CLAIMS = re.compile(r"inspire|gemini|1205/2008|1089/2010", re.IGNORECASE)
_ZONE = re.compile(r"(?<=\d)(?:Z|[+-]\d\d:\d\d)$")
_DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"]+", re.IGNORECASE)
_SERIES = frozenset(("", "dataset", "series"))


def check(root: Element, prefix: str, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """What is wrong with a record, without the rules between fields (`cross`). Never raises."""
    looks = (_record, _resource, _citation, _extents, _periods, _parties, _codes, _dates, _links, _formats, _values, _locales)
    for look in looks:
        for name, place, value in look(root):
            rule = rules.get(f"{prefix}/{name}")
            if rule is not None:
                yield finding(rule, place, value)
    if claims_inspire(root):
        for name, place, value in _inspire(root):
            yield finding(rules[f"{prefix}/inspire/{name}"], place, value)


def cross(root: Element, dataset: Dataset, prefix: str, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The rules between fields, on what was read. Never raises."""
    for each in cross_field.check(prefix, dataset, _Places(root, prefix != "iso-19139"), rules):
        yield msgspec.structs.replace(each, path=_NUMBER.sub("", each.path))  # of several, the place is that of the first


class _Places(Mapping[str, str]):
    """Where fields stand, told when asked: most records have nothing to say about most of them."""

    def __init__(self, root: Element, new: bool) -> None:
        resources = objects(root, "identificationInfo")
        self._root, self._resource = root, resources[0] if resources else root
        self._ways = _NEW_WAYS if new else _OLD_WAYS

    def __getitem__(self, field: str) -> str:
        whole, path = self._ways[field]
        return _place(self._root if whole else self._resource, path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ways)

    def __len__(self) -> int:
        return len(self._ways)

    def __contains__(self, field: object) -> bool:
        return field in self._ways


_OLD_WAYS = {
    "issued": (False, "citation.date"),
    "modified": (False, "citation.date"),
    "spatial": (False, "extent.geographicElement"),
    "temporal": (False, "extent.temporalElement"),
    "landing_page": (True, "dataSetURI"),
    "distribution": (True, "distributionInfo"),
}
"""Whether the whole record holds it, or its first resource, and by which properties."""
_NEW_WAYS = _OLD_WAYS | {"landing_page": (False, "citation.onlineResource")}
_NUMBER = re.compile(r"(?<=\))/\d+$")


def _place(owner: Element, path: str) -> str:
    """Where the first property at a path stands; its owner where it is missing."""
    found = next(iter(held(owner, path)), None)
    return where(found if found is not None else owner)


def _said(owner: Element, path: str) -> bool:
    """Whether a property says something: words, a code, an address, or why it does not."""
    return any(code(each) or words(each) or href(each) or _in_class(each) or _excused(each) for each in held(owner, path))


def _excused(value: Element) -> bool:
    return any(name.rpartition("}")[2] == "nilReason" for name in value.keys())  # noqa: SIM118


def _record(root: Element) -> Found:
    if not objects(root, "identificationInfo"):
        yield "identificationInfo/required", where(root), ""
    if not objects(root, "contact") and not any(map(href, held(root, "contact"))):
        yield "contact/required", _place(root, "contact"), ""
    if not said(root, "dateStamp") and not any(said(each, "date") for each in objects(root, "dateInfo")):
        yield "dateStamp/required", _place(root, "dateStamp|dateInfo"), ""
    if not said(root, "fileIdentifier") and not said(root, "metadataIdentifier.code"):
        yield "identifier/recommended", where(root), ""
    if not objects(root, "distributionInfo"):
        yield "distribution/recommended", where(root), ""


def _identifications(root: Element) -> list[tuple[Element, bool]]:
    """Each identification, and whether it is of a service."""
    return [(each, kind(each) == SERVICE) for each in objects(root, "identificationInfo")]


def _resource(root: Element) -> Found:
    of = scope(root)
    for resource, service in _identifications(root):
        if not _said(resource, "abstract"):
            yield "abstract/required", _place(resource, "abstract"), ""
        if not _said(resource, "descriptiveKeywords"):
            yield "keyword/recommended", where(resource), ""
        if service:
            continue
        if not properties(resource, LANGUAGE):
            yield "language/required", where(resource), ""
        topics = held(resource, "topicCategory")
        if of in _SERIES and not any(plain(each) or code(each) for each in topics):
            yield "topicCategory/required", where(resource), of
        for each in topics:
            if plain(each) and (code(each) or plain(each)) not in TOPICS:
                yield "topicCategory/code", where(each), plain(each)
        if of in ("", "dataset") and not objects(resource, "extent.geographicElement"):
            yield "extent/required", _place(resource, "extent"), ""


def _citation(root: Element) -> Found:
    for resource, _ in _identifications(root):
        if not said(resource, "citation.title") and not any(words(each) for each in held(resource, "citation.title")):
            yield "title/required", _place(resource, "citation"), ""
        if not objects(resource, "citation.date") and not any(map(_excused, held(resource, "citation.date"))):
            yield "citation/date", _place(resource, "citation"), ""
        for each in objects(resource, "citation.identifier"):
            if not _said(each, "code"):
                yield "identifier/code", where(each), ""


def _extents(root: Element) -> Found:
    for each in survey(root).of("box"):
        for edge in EDGES:
            if not _DECIMAL.fullmatch(said(each, edge)):
                yield "box/edges", _place(each, edge), said(each, edge) or edge


def _periods(root: Element) -> Found:
    for each in survey(root).of("period"):
        told = [one for one in each.iter() if local(one) in ("beginPosition", "endPosition", "timePosition")]
        if not any(words(one) or one.get("indeterminatePosition") for one in told):
            yield "period/ends", where(each), words(each)
        for one in told:
            if words(one) and not dates.parse(words(one)):
                yield "date/form", where(one), words(one)


_PARTY_NAMES = (
    "organisationName", "individualName", "positionName", "party.name", "party.individual.name", "party.positionName",
    "party.individual.positionName",
)  # fmt: skip


def _parties(root: Element) -> Found:
    for each in survey(root).of("party"):
        role = first_held(each, "role")
        if role is None or not (code(role) or _excused(role)):
            yield "party/role", _place(each, "role"), ""
        if not any(_said(each, name) for name in _PARTY_NAMES):
            yield "party/name", where(each), ""


def _codes(root: Element) -> Found:
    """Values of code lists; where the list is one of the standard's and short, its codes."""
    for each in survey(root).coded:
        name = local(each)
        value = (each.get("codeListValue") or "").rpartition("#")[2].rpartition("/")[2].strip()
        if not value and not words(each):
            yield "code/value", where(each, "@codeListValue"), name
        elif name == "LanguageCode":
            parent = each.getparent()
            if parent is not None and not language(parent):
                yield "language/code", where(each, "@codeListValue"), value or words(each)
        elif name in LISTS and (value or words(each)) not in LISTS[name]:
            yield "code/list", where(each, "@codeListValue"), value or words(each)


def _dates(root: Element) -> Found:
    for each in survey(root).of("date"):
        told = words(each)
        if told and not is_date(told):
            yield "date/form", where(each), told
    for each in survey(root).of("citation date"):
        if not _said(each, "dateType"):
            yield "date/type", where(each), said(each, "date")


def is_date(told: str) -> bool:
    """Whether ISO 19139 takes these words for a date, with or without a time zone."""
    plain_day = _ZONE.sub("", told) if "T" not in told else told
    return dates.parse(plain_day) == plain_day


def _links(root: Element) -> Found:
    for each in survey(root).of("link"):
        value = first_held(each, "linkage")
        if value is None or not (plain(value) or href(value) or _excused(value)):
            yield "linkage/required", _place(each, "linkage"), ""
        elif plain(value) and not _ADDRESS.fullmatch(plain(value)):
            yield "linkage/url", where(value), plain(value)


def _formats(root: Element) -> Found:
    for each in survey(root).of("format"):
        if not _said(each, "name") and not _said(each, "formatSpecificationCitation.title"):
            yield "format/name", where(each), ""
        if not held(each, "version"):
            yield "format/version", where(each), said(each, "name")


def _values(root: Element) -> Found:
    for each in survey(root).of("mandatory"):
        if not words(each) and not _excused(each) and not href(each) and not _in_class(each):
            yield "value/empty", where(each), local(each)


def _in_class(value: Element) -> bool:
    """Whether a class element stands in it, which has rules of its own."""
    return any(len(each) for each in value) or any(local(each).startswith(("MD_", "CI_")) for each in value)


def _locales(root: Element) -> Found:
    localised = survey(root).of("localised")
    known = Tongues(root).locales if localised else {}
    for each in localised:
        name = (each.get("locale") or "").lstrip("#")
        if name not in known:
            yield "locale/unknown", where(each, "@locale"), name


def claims_inspire(root: Element) -> bool:
    """Whether a record says that it follows INSPIRE or GEMINI."""
    told = [said(root, "metadataStandardName|metadataProfile"), said(root, "metadataStandard.title")]
    for each in objects(root, "identificationInfo"):
        told += [plain(value) for value in held(each, "descriptiveKeywords.thesaurusName.title")]
    told += [plain(value) for value in held(root, "dataQualityInfo.report.result.specification.title")]
    return any(_CLAIMS.search(words_of) for words_of in told)


def _inspire(root: Element) -> Found:
    here = where(root)
    if not scope(root):
        yield "type", here, ""
    if not properties(root, LANGUAGE):
        yield "metadata-language", here, ""
    if not objects(root, "distributionInfo.transferOptions.onLine") and not objects(root, "distributionInfo.distributor"):
        yield "locator", _place(root, "distributionInfo"), ""
    if not objects(root, "dataQualityInfo.report.result.specification"):
        yield "conformity", _place(root, "dataQualityInfo"), ""
    for resource, service in _identifications(root):
        yield from _inspire_resource(root, resource, service)
    for each in survey(root).of("party"):
        if local(each.getparent()) in PARTY.split("|") and not any(
            local(one) == "electronicMailAddress" and words(one) for one in each.iter()
        ):
            yield "email", where(each), plain(first_held(each, "organisationName|party"))


def _inspire_resource(root: Element, resource: Element, service: bool) -> Found:
    here = where(resource)
    limits = objects(resource, "resourceConstraints")
    if not any(_said(each, "useLimitation") or _said(each, "useConstraints") for each in limits):
        yield "use", here, ""
    if not any(_said(each, "accessConstraints") for each in limits):
        yield "access", here, ""
    if not objects(resource, "citation.date") and not objects(resource, "extent.temporalElement"):
        yield "date", here, ""
    if service:
        if not _said(resource, "serviceType"):
            yield "service-type", here, ""
        return
    if not objects(resource, "citation.identifier"):
        yield "identifier", _place(resource, "citation"), ""
    named = [plain(each) for each in held(resource, "descriptiveKeywords.thesaurusName.title")]
    if not any("inspire" in each.lower() for each in named):
        yield "keyword", here, ", ".join(named)
    if not any(
        _said(each, "statement") for each in objects(root, "dataQualityInfo.lineage") + objects(root, "resourceLineage")
    ):
        yield "lineage", _place(root, "dataQualityInfo"), ""
    if not objects(resource, "spatialResolution"):
        yield "resolution", here, ""
