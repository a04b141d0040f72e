"""Online resources of ISO 19115 as distributions and pages, and `SV_ServiceIdentification` as services.

A link is a page when its function says `information`, a file when its function says `download` (or, without a function, its
protocol or its extension), else a place to get the data. A page and a file with one name in one transfer option are one
distribution. ISO 19115:2003 B.2.10 and B.3.2.5, ISO 19119:2005, ISO 19115-1:2014 §6.5.11 and §6.5.14.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from metadata.model import Coded, DataService, Distribution
from metadata.text import Text
from metadata.vocabulary import format_of, look_up, media_type_of, term
from standards.iso_extents import number
from standards.iso_tree import Tongues, code, first_held, held, kind, link, objects, plain, said
from standards.xml_documents import Element, local

SERVICE = "SV_ServiceIdentification"
TRANSFER = "transferOptions|distributorTransferOptions"
_DOWNLOAD = re.compile(r"download|^ftp|^file$", re.IGNORECASE)
_LINK = re.compile(r"^(?:www:)?link|^http.*link|^text/html$|^url$", re.IGNORECASE)
_CAPABILITIES = re.compile(r"request=getcapabilities", re.IGNORECASE)
_OGC = re.compile(r"\s*OGC:([A-Za-z]{3,5})\b")
_GENERIC = frozenset(("HTML", "HTTP", "FTP", "URL"))


class Online(NamedTuple):
    """One `CI_OnlineResource`, and the transfer option and format it stands in."""

    url: str
    protocol: str
    function: str
    title: Text
    description: Text
    media_type: str | None
    option: int
    formats: tuple[str, ...]
    size: int | None


def online(root: Element, tongues: Tongues) -> list[Online]:
    """Every link under `distributionInfo`, in its order."""
    found: list[Online] = []
    number_of = 0
    for information in objects(root, "distributionInfo"):
        shared = _formats(information, "distributionFormat")
        owners: list[tuple[Element, tuple[str, ...]]] = [(information, shared if len(shared) == 1 else ())]
        owners += [(each, _formats(each, "distributorFormat")) for each in objects(information, "distributor")]
        for owner, formats in owners:
            for option in objects(owner, TRANSFER):
                number_of += 1
                found += _links(option, number_of, _formats(option, "distributionFormat") or formats, tongues)
    return found


def _formats(owner: Element, name: str) -> tuple[str, ...]:
    told = (said(each, "name") or said(each, "formatSpecificationCitation.title") for each in objects(owner, name))
    return tuple(dict.fromkeys(each for each in told if each))


def _links(option: Element, number_of: int, formats: tuple[str, ...], tongues: Tongues) -> Iterator[Online]:
    size = number(said(option, "transferSize"))
    byte_size = round(size * 1_000_000) if size and 0 < size < 1e9 else None
    for each in objects(option, "onLine"):
        url = link(first_held(each, "linkage")) or said(each, "linkage")
        if url:
            name = first_held(each, "name")
            yield Online(
                url=url,
                protocol=said(each, "protocol"),
                function=code(first_held(each, "function")),
                title=tongues.text(name),
                description=tongues.text(first_held(each, "description"), prose=True),
                media_type=_mime(name),
                option=number_of,
                formats=formats,
                size=byte_size,
            )


def _mime(name: Element | None) -> str | None:
    """The type of a `gmx:MimeFileType`."""
    inner = next((each for each in name if local(each) == "MimeFileType"), None) if name is not None else None
    return media_type_of(inner.get("type")) if inner is not None else None


def pages(links: list[Online]) -> tuple[str, ...]:
    """Addresses of pages about the data, without those that belong to a file."""
    taken = {id(page) for page in _pairs(links).values()}
    return tuple(dict.fromkeys(each.url for each in links if _is_page(each) and id(each) not in taken))


def distributions(links: list[Online]) -> tuple[Distribution, ...]:
    """The ways to get the data."""
    pairs = _pairs(links)
    options = [each.option for each in links if not _is_page(each)]
    found: list[Distribution] = []
    for each in links:
        if not _is_page(each):
            made = _distribution(each, pairs.get(id(each)), options.count(each.option) == 1)
            if made not in found:
                found.append(made)
    return tuple(found)


def _is_page(each: Online) -> bool:
    return each.function.lower() == "information"


def _pairs(links: list[Online]) -> dict[int, Online]:
    """The page that belongs to each file, by the file: of the same option and name."""
    found: dict[int, Online] = {}
    for each in links:
        if each.function.lower() == "download":
            same = [one for one in links if one.option == each.option and one.title == each.title]
            theirs = [one for one in same if _is_page(one)]
            if len(theirs) == 1 and len(same) == 2:
                found[id(each)] = theirs[0]
    return found


def _distribution(each: Online, page: Online | None, alone: bool) -> Distribution:
    file = _is_file(each)
    form, media_type = _form(each)
    return Distribution(
        title=each.title,
        description=each.description,
        access_url=None if file and page is None else page.url if page else each.url,
        download_url=each.url if file else None,
        format=form,
        media_type=each.media_type or media_type,
        byte_size=each.size if alone else None,
        extra=_extra(each, file),
    )


def _extra(each: Online, file: bool) -> dict[str, Any]:
    usual = "WWW:DOWNLOAD" if file else "WWW:LINK"
    told = {"protocol": each.protocol if each.protocol != usual else "", "function": "" if file else each.function}
    return {name: value for name, value in told.items() if value}


def _is_file(each: Online) -> bool:
    if each.function:
        return each.function.lower() == "download" and not _is_service(each.protocol)
    if _LINK.search(each.protocol) or _is_service(each.protocol):
        return False
    known, _ = format_of(None, None, each.url)
    return bool(_DOWNLOAD.search(each.protocol)) or bool(known and known.scheme and known.code != "HTML" and not _served(known))


def _is_service(protocol: str) -> bool:
    known = protocol_format(protocol)
    return bool(known.scheme and _served(known)) and not _DOWNLOAD.search(protocol)


def protocol_format(protocol: str) -> Coded:
    """What a protocol's words name: `OGC:WMS-1.1.1-http-get-capabilities` is WMS."""
    short = _OGC.match(protocol)
    known = look_up("format", protocol)
    return known if known.scheme or not short else look_up("format", short[1])


def _served(known: Coded) -> bool:
    found = term("format", known.code)
    return bool(found and found.service)


def _serves(url: str) -> bool:
    known, _ = format_of(None, None, url)
    return bool(known and _served(known))


def _form(each: Online) -> tuple[Coded | None, str | None]:
    """The format: of the file or service itself, by protocol or address, before the one that the record names for all."""
    if _is_service(each.protocol):
        return protocol_format(each.protocol), None
    if len(each.formats) == 1:
        form, _ = format_of(each.formats[0])
        return form, None
    form, _ = format_of(None, None, each.url)
    return (form if form and form.scheme and form.code not in _GENERIC else None), None


def services(root: Element, tongues: Tongues, links: list[Online]) -> tuple[DataService, ...]:
    """Every service that the record describes. One without operations has the addresses of the record's links."""
    found = [each for each in objects(root, "identificationInfo") if kind(each) == SERVICE]
    return tuple(_service(each, tongues, links if len(found) == 1 else []) for each in found)


def _service(element: Element, tongues: Tongues, links: list[Online]) -> DataService:
    endpoints: list[str] = []
    described: list[str] = []
    for operation in objects(element, "containsOperations"):
        name = said(operation, "operationName").lower()
        for point in held(operation, "connectPoint.linkage"):
            url = link(point) or plain(point)
            about = name == "describe" or (name == "getcapabilities" and bool(_CAPABILITIES.search(url)))
            (described if about else endpoints).append(url)
    if not endpoints and described:  # what is told is the way in, too
        endpoints = list(described)
    if not endpoints:
        endpoints = [each.url for each in links if _is_service(each.protocol) or _serves(each.url)]
    return DataService(
        identifier=said(element, "citation.identifier.code") or None,
        title=tongues.text(first_held(element, "citation.title")),
        description=tongues.text(first_held(element, "abstract"), prose=True),
        endpoint_url=tuple(dict.fromkeys(each for each in endpoints if each)),
        endpoint_description=tuple(dict.fromkeys(each for each in described if each)),
        extra=_service_extra(element),
    )


def _service_extra(element: Element) -> dict[str, Any]:
    """The kind of service and the resources it works on."""
    kind_of = said(element, "serviceType")
    coupled = [found for each in held(element, "operatesOn") if (found := link(each) or each.get("uuidref") or "")]
    told: dict[str, Any] = {"serviceType": kind_of if kind_of != "other" else "", "operatesOn": coupled}
    return {name: value for name, value in told.items() if value}
