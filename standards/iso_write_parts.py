"""Parts of an ISO 19115 record, written: parties, extents, ways to get the data, constraints, services."""

import math
from typing import Any

from lxml import etree

from metadata.model import Agent, Coded, Contact, DataService, Dataset, Distribution, Period, Place
from metadata.text import Text, text
from metadata.vocabulary import format_of, look_up, term
from standards import dates
from standards.iso_build import MISSING, UNKNOWN, Anchor, Builder, Mime
from standards.iso_constraints import LIMITS
from standards.iso_distributions import protocol_format
from standards.rdf_geometry import around
from standards.xml_documents import Element

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EDGES = ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude")
_GML_ID = "{http://www.opengis.net/gml/3.2}id"


def of_agent(made: Builder, who: Agent, role: str) -> Element:
    """An agent as a responsible party."""
    name = Anchor(who.name, who.identifier) if who.identifier else who.name
    return _party(made, role, name, {}, (who.email, who.phone, who.homepage), who.extra)


def of_contact(made: Builder, whom: Contact) -> Element:
    """A contact as a responsible party, in the role it was given."""
    role = whom.extra.get("role")
    reach = (whom.email, whom.phone, whom.url)
    return _party(made, role if isinstance(role, str) else "pointOfContact", whom.organization, whom.name, reach, whom.extra)


def _party(
    made: Builder, role: str, name: Any, person: Text, reach: tuple[str | None, str | None, str | None], extra: dict[str, Any]
) -> Element:
    position = extra.get("positionName")
    position = position if isinstance(position, str) else ""
    told = made.code("CI_RoleCode", role)
    info = _info(made, reach, extra.get("address"))
    if not made.new:
        parts = (("individualName", person), ("organisationName", name), ("positionName", position), ("contactInfo", info))
        return made.of("CI_ResponsibleParty", *parts, ("role", told))
    own = (("name", person), ("positionName", position))
    alone = not name and (person or position)
    if alone:
        party = made.of("CI_Individual", ("name", person), ("contactInfo", info), ("positionName", position))
    else:
        inner = made.of("CI_Individual", *own) if person or position else None
        party = made.of("CI_Organisation", ("name", name), ("contactInfo", info), ("individual", inner))
    return made.of("CI_Responsibility", ("role", told), ("party", party))


def _info(made: Builder, reach: tuple[str | None, str | None, str | None], address: Any) -> Element | None:
    email, phone, url = reach
    street = address if isinstance(address, str) else ""
    if not (email or phone or url or street):
        return None
    telephone = made.of("CI_Telephone", ("number" if made.new else "voice", phone)) if phone else None
    place = made.of("CI_Address", ("deliveryPoint", street), ("electronicMailAddress", email)) if email or street else None
    link = made.of("CI_OnlineResource", ("linkage", made.url(url))) if url else None
    return made.of("CI_Contact", ("phone", telephone), ("address", place), ("onlineResource", link))


def extents(made: Builder, dataset: Dataset) -> list[Element]:
    """An extent for each place and each period."""
    places = [_place(made, each, number) for number, each in enumerate(dataset.spatial, 1)]
    times = [_when(made, each, number) for number, each in enumerate(dataset.temporal, 1)]
    return [each for each in (*places, *times) if len(each)]


def _place(made: Builder, where: Place, number: int) -> Element:
    name = where.name or (text(where.raw, made.language) if where.raw and not where.box and not where.uri else {})
    elements = []
    if where.uri:
        identifier = made.of("MD_Identifier", ("code", Anchor(name or {made.language: where.uri}, where.uri)))
        elements.append(made.of("EX_GeographicDescription", ("geographicIdentifier", identifier)))
    box = where.box or around(where.geometry)
    if box and all(map(math.isfinite, box)):
        west, south, east, north = box
        edges = (made.value("Decimal", _decimal(edge)) for edge in (west, east, south, north))
        elements.append(made.of("EX_GeographicBoundingBox", *zip(EDGES, edges, strict=True)))
    shape = _shape(made, where.geometry, f"place-{number}") if where.geometry else None
    if shape is not None:
        elements.append(made.of("EX_BoundingPolygon", ("polygon", shape)))
    return made.of("EX_Extent", ("description", {} if where.uri else name), ("geographicElement", elements))


def _decimal(edge: float) -> str:
    """Without an exponent, which xs:decimal has not."""
    words = repr(edge)
    return words if "e" not in words else f"{edge:.15f}".rstrip("0")


def _shape(made: Builder, geometry: dict[str, Any], name: str) -> Element | None:
    """A polygon, polygons, a line or a point as GML, longitude first."""
    kind, listed = geometry.get("type"), geometry.get("coordinates")
    try:
        if kind == "Polygon":
            return _polygon(made, listed, name, top=True)
        if kind == "Point":
            point = _gml(made, "Point", name, top=True)
            etree.SubElement(point, made.tag("gml", "pos")).text = _positions([listed])
            return point
        if kind == "LineString":
            line = _gml(made, "LineString", name, top=True)
            etree.SubElement(line, made.tag("gml", "posList")).text = _positions(listed)
            return line
        if kind == "MultiPolygon" and isinstance(listed, list):
            surface = _gml(made, "MultiSurface", name, top=True)
            for number, rings in enumerate(listed, 1):
                member = etree.SubElement(surface, made.tag("gml", "surfaceMember"))
                member.append(_polygon(made, rings, f"{name}-{number}"))
            return surface
    except (TypeError, ValueError, IndexError):
        return None
    return None


def _gml(made: Builder, kind: str, name: str, top: bool = False) -> Element:
    element = etree.Element(made.tag("gml", kind))
    element.set(_GML_ID, name)
    if top:
        element.set("srsName", CRS84)
    return element


def _polygon(made: Builder, rings: Any, name: str, top: bool = False) -> Element:
    polygon = _gml(made, "Polygon", name, top)
    for number, ring in enumerate(rings):
        edge = etree.SubElement(polygon, made.tag("gml", "interior" if number else "exterior"))
        line = etree.SubElement(edge, made.tag("gml", "LinearRing"))
        etree.SubElement(line, made.tag("gml", "posList")).text = _positions(ring)
    return polygon


def _positions(listed: Any) -> str:
    return " ".join(_decimal(float(number)) for position in listed for number in position[:2])


def _when(made: Builder, when: Period, number: int) -> Element:
    period = _gml(made, "TimePeriod", f"period-{number}")
    if when.raw and not when.start and not when.end:
        etree.SubElement(period, made.tag("gml", "description")).text = when.raw
    for name, day in (("beginPosition", when.start), ("endPosition", when.end)):
        edge = etree.SubElement(period, made.tag("gml", name))
        if day and dates.parse(day) == day:
            edge.text = day
        else:
            edge.set("indeterminatePosition", "unknown")
    inner = made.of("EX_TemporalExtent", ("extent", period))
    said = when.start or when.end or when.raw
    return made.of("EX_Extent", ("temporalElement", inner if said else None))


def distribution(made: Builder, dataset: Dataset) -> Element | None:
    """`MD_Distribution`: every way to get the data, and the pages about it."""
    ways = [_way(made, each) for each in dataset.distribution]
    pages = [_option(made, [_online(made, url, "WWW:LINK", function="information")], None, None) for url in dataset.page]
    if not ways and not pages:
        return None
    if made.new or not any(form is not None for _, form in ways):
        return made.of("MD_Distribution", ("transferOptions", [*(option for option, _ in ways), *pages]))
    distributors = [_distributor(made, *each) for each in ways]
    return made.of("MD_Distribution", ("distributor", distributors), ("transferOptions", pages))


def _distributor(made: Builder, option: Element, form: Element | None) -> Element:
    """ISO 19139 ties a format to a link by their distributor only."""
    parts = (("distributorContact", MISSING), ("distributorFormat", form), ("distributorTransferOptions", option))
    return made.of("MD_Distributor", *parts)


def _way(made: Builder, way: Distribution) -> tuple[Element, Element | None]:
    """A transfer option, and the format for its distributor (ISO 19139), where it has one."""
    protocol, function = way.extra.get("protocol"), way.extra.get("function")
    spoken = protocol_format(protocol) if isinstance(protocol, str) else Coded()
    told = way.format is not None and spoken.scheme != "" and spoken.code == way.format.code
    form = _format(made, way.format) if way.format and not told and not _is_shown(way) else None
    usual = "WWW:DOWNLOAD" if way.download_url else "WWW:LINK"
    named = protocol if isinstance(protocol, str) else usual
    links = []
    if way.download_url:
        links.append(_online(made, way.download_url, named, way, "download"))
    if way.access_url and way.download_url:
        links.append(_online(made, way.access_url, "WWW:LINK", Distribution(title=way.title), "information"))
    elif way.access_url:
        links.append(_online(made, way.access_url, named, way, function if isinstance(function, str) else ""))
    return _option(made, links, way.byte_size, form if made.new else None), None if made.new else form


def _is_shown(way: Distribution) -> bool:
    """Whether nobody said the format: it was read from the address, and will be again."""
    shown, _ = format_of(None, None, way.download_url or way.access_url)
    return bool(way.format and shown and way.format.raw is None and shown.code == way.format.code and shown.scheme)


def _option(made: Builder, links: list[Element], size: int | None, form: Element | None) -> Element:
    megabytes = made.value("Real", _decimal(size / 1_000_000)) if size and size > 0 else None
    tail = (("distributionFormat", form),) if form is not None else ()
    return made.of("MD_DigitalTransferOptions", ("transferSize", megabytes), ("onLine", links), *tail)


def _online(made: Builder, url: str, protocol: str, way: Distribution | None = None, function: str = "") -> Element:
    way = way or Distribution()
    name: Any = Mime(way.title, way.media_type) if way.media_type else way.title
    told = made.code("CI_OnLineFunctionCode", function)
    parts = (("linkage", made.url(url)), ("protocol", protocol), ("name", name), ("description", way.description))
    return made.of("CI_OnlineResource", *parts, ("function", told))


def _format(made: Builder, form: Coded) -> Element:
    """The format by a word that the shared list knows again."""
    name = Anchor({made.language: known_word("format", form)}, form.uri)
    if not made.new:
        return made.of("MD_Format", ("name", name), ("version", UNKNOWN))
    citation = made.of("CI_Citation", ("title", name))
    return made.of("MD_Format", ("formatSpecificationCitation", citation))


def known_word(scheme: str, value: Coded) -> str:
    """A word for a term that finds it again: the source's, its English label or its code; the source's for an unlisted one."""
    found = term(scheme, value.code) if value.scheme == scheme else None
    if found is None:
        return value.raw or value.label.get("en") or next(iter(value.label.values()), "") or value.code or value.uri or ""
    if value.raw and look_up(scheme, value.raw).code == found.code:
        return value.raw
    label = found.label.get("en", "")
    return label if label and look_up(scheme, label).code == found.code else found.code


def constraints(made: Builder, dataset: Dataset) -> list[Element]:
    """Words, licence, access rights and other codes, each in its own constraint."""
    found = [made.of("MD_Constraints", ("useLimitation", dataset.rights))] if dataset.rights else []
    other = made.code("MD_RestrictionCode", "otherRestrictions")
    if dataset.access_rights:
        told = dataset.access_rights
        by_inspire = told.raw if told.raw and LIMITS.search(told.raw) else None
        words = Anchor({made.language: known_word("access-right", told)}, by_inspire or told.uri)
        found.append(made.of("MD_LegalConstraints", ("accessConstraints", other), ("otherConstraints", words)))
    if dataset.license:
        words = Anchor({made.language: known_word("licence", dataset.license)}, dataset.license.uri)
        use = [made.code("MD_RestrictionCode", "license"), made.code("MD_RestrictionCode", "otherRestrictions")]
        found.append(made.of("MD_LegalConstraints", ("useConstraints", use), ("otherConstraints", words)))
    return found + _codes(made, dataset.extra)


def _codes(made: Builder, extra: dict[str, Any]) -> list[Element]:
    parts = []
    for name in ("accessConstraints", "useConstraints"):
        told = extra.get(name)
        listed = [each for each in told if isinstance(each, str)] if isinstance(told, list) else []
        parts.append((name, [made.code("MD_RestrictionCode", each) for each in listed]))
    found = [made.of("MD_LegalConstraints", *parts)] if any(values for _, values in parts) else []
    secret = extra.get("classification")
    if isinstance(secret, str) and secret:
        code = made.code("MD_ClassificationCode", secret)
        found.append(made.of("MD_SecurityConstraints", ("classification", code)))
    return found


def service(made: Builder, offered: DataService, fallback: Text) -> Element:
    """`SV_ServiceIdentification`; its inherited properties stand in the namespace of identifications."""
    inherited = "mri" if made.new else "gmd"
    identifier = made.of("MD_Identifier", ("code", offered.identifier)) if offered.identifier else None
    title = ("title", offered.title or fallback)
    citation = made.of("CI_Citation", title, ("date", [] if made.new else MISSING), ("identifier", identifier))
    parts = (("citation", citation), ("abstract", offered.description or MISSING))
    element = made.of("SV_ServiceIdentification", *parts, within=inherited)
    kind = offered.extra.get("serviceType")
    name = etree.Element(made.tag("gco", "ScopedName" if made.new else "LocalName"))
    name.text = kind if isinstance(kind, str) else "other"
    made.put(element, "srv", "serviceType", name)
    made.put(element, "srv", "couplingType", made.code("SV_CouplingType", "loose"))
    calls = [("access", each) for each in offered.endpoint_url] + [("describe", each) for each in offered.endpoint_description]
    made.put(element, "srv", "containsOperations", [_operation(made, *each) for each in calls] or MISSING)
    for each in offered.extra.get("operatesOn") or ():
        coupled = etree.SubElement(element, made.tag("srv", "operatesOn"))
        is_link = str(each).startswith(("http://", "https://"))
        coupled.set(made.tag("xlink", "href") if is_link else "uuidref", str(each))
    return element


def _operation(made: Builder, name: str, url: str) -> Element:
    platform = made.code("DCPList", "WebServices")
    point = made.of("CI_OnlineResource", ("linkage", made.url(url)))
    link = "distributedComputingPlatform" if made.new else "DCP"
    element = made.of("SV_OperationMetadata", ("operationName", name))
    made.put(element, "srv", link, platform)
    made.put(element, "srv", "connectPoint", point)
    return element
