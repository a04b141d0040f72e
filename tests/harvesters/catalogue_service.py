"""A catalogue service (CSW) for tests: real HTTP, key-value pairs and posted documents, with the faults that real ones have."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from tests.hostile.server import Behaviour, Handler, Hostile, says

GMD = "http://www.isotc211.org/2005/gmd"
CSW = "http://www.opengis.net/cat/csw/2.0.2"
XML = {"Content-Type": "application/xml; charset=utf-8"}
Page = dict[str, Any]


def iso(identifier: str, title: str = "", stamp: str = "2024-05-01") -> str:
    """A record in ISO 19139; its prefixes are declared by the answer around it."""
    named = f"<gmd:fileIdentifier>{_words(identifier)}</gmd:fileIdentifier>" if identifier else ""
    citation = f"<gmd:CI_Citation><gmd:title>{_words(title or identifier)}</gmd:title></gmd:CI_Citation>"
    return (
        f"<gmd:MD_Metadata>{named}<gmd:dateStamp><gco:Date>{stamp}</gco:Date></gmd:dateStamp><gmd:identificationInfo>"
        f"<gmd:MD_DataIdentification><gmd:citation>{citation}</gmd:citation></gmd:MD_DataIdentification>"
        "</gmd:identificationInfo></gmd:MD_Metadata>"
    )


def _words(said: str) -> str:
    return f"<gco:CharacterString>{said}</gco:CharacterString>"


def brief(identifier: str) -> str:
    """The same in the service's own schema."""
    return f"<csw:BriefRecord><dc:identifier>{identifier}</dc:identifier><dc:title>{identifier}</dc:title></csw:BriefRecord>"


@dataclass
class Rows:
    """What a service has and how it behaves. `cap`: most records in a page; `hidden`: counted, never given; `broken`: XML that
    breaks; `mends`: whether GetRecordById gives a broken one whole; `tell`: changes what a page claims."""

    names: list[str]
    cap: int = 1000
    version: str = "2.0.2"
    schemas: tuple[str, ...] = (GMD, CSW)
    hidden: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    mends: bool = False
    gets: bool = True
    posts: bool = True
    sorts: bool = True
    filters: bool = True
    starts: bool = True
    beyond: str = "empty"
    tell: Callable[[Page], Page] = field(default=lambda page: page)
    before: Callable[["Service"], None] = field(default=lambda service: None)
    changed: dict[str, str] = field(default_factory=dict)


class Service(Hostile):
    """A catalogue service at `/csw`; `records` answers every GetRecords instead of it."""

    def __init__(self, rows: Rows | Iterable[str], records: Behaviour | None = None, **options: Any) -> None:
        self.records = records
        self.rows = rows if isinstance(rows, Rows) else Rows(list(rows), **options)
        self.requests = 0
        self.queries: list[dict[str, str]] = []
        super().__init__({"/csw": self._answer})

    @property
    def address(self) -> str:
        """Where it is."""
        return f"{self.url}/csw"

    def _answer(self, handler: Handler) -> None:
        query = asked(handler)
        self.queries.append(query)
        kind = query.get("request", "").lower()
        if kind == "getcapabilities":
            said = query.get("acceptversions", query.get("version", self.rows.version))
            known = self.rows.version in said.split(",")
            (says(capabilities(self), 200, XML) if known else exception("VersionNegotiationFailed", "acceptVersions"))(handler)
        elif self.records is not None:
            self.records(handler)
        elif kind == "getrecords":
            self.requests += 1
            self.rows.before(self)
            self._records(query, handler)
        elif kind == "getrecordbyid":
            self._by_id(query["id"], handler)
        else:
            exception("MissingParameterValue", "request")(handler)

    def _records(self, query: dict[str, str], handler: Handler) -> None:
        rows = self.rows
        if refused := self._refused(query, handler):
            refused(handler)
            return
        names = list(rows.names)
        if newer := query.get("since"):
            names = [name for name in names if rows.changed.get(name, "2020-01-01") >= newer[:10]]
        start = int(query.get("startposition", 1)) if rows.starts else 1
        size = min(int(query.get("maxrecords", 10)), rows.cap)
        if start > len(names) > 0 and rows.beyond == "exception":
            exception("InvalidParameterValue", "startPosition")(handler)
            return
        start = 1 if start > len(names) and rows.beyond == "first" else start
        part = names[start - 1 : start - 1 + size]
        following = start + len(part) if start + len(part) <= len(names) else 0
        page = {"matched": len(names), "returned": len(part), "next": following, "start": start, "asked": size, "rows": part}
        says(self._page(rows.tell(page), query), 200, XML)(handler)

    def _refused(self, query: dict[str, str], handler: Handler) -> Behaviour | None:
        rows, post = self.rows, handler.command == "POST"
        if (post and not rows.posts) or (not post and not rows.gets):
            return says(b"", 405)
        if "sortby" in query and not rows.sorts:
            return exception("InvalidParameterValue", "sortBy")
        return exception("NoApplicableCode", "constraint") if "constraint" in query and not rows.filters else None

    def _page(self, page: Page, query: dict[str, str]) -> bytes:
        given = [name for name in page["rows"] if name not in self.rows.hidden]
        elements = [self._element(name, query) for name in given]
        names = {"numberOfRecordsMatched": "matched", "numberOfRecordsReturned": "returned", "nextRecord": "next"}
        said = " ".join(f'{name}="{page[key]}"' for name, key in names.items() if page[key] is not None)
        inner = f"<csw:SearchResults {said}>{''.join(elements)}</csw:SearchResults>"
        return document("GetRecordsResponse", inner, self.rows.version)

    def _element(self, name: str, query: dict[str, str]) -> str:
        if query.get("elementsetname") == "brief":
            return brief(name)
        return "<gmd:MD_Metadata><a>&nbsp & </b>" if name in self.rows.broken else iso(name)

    def _by_id(self, name: str, handler: Handler) -> None:
        inner = iso(name) if self.rows.mends else "<gmd:MD_Metadata><a></b>"
        says(document("GetRecordByIdResponse", inner, self.rows.version), 200, XML)(handler)


def asked(handler: Handler) -> dict[str, str]:
    """What a request asks for, its names in lower case; from the query, or from the document that was posted."""
    if handler.command != "POST":
        found = {name.lower(): value for name, value in parse_qsl(urlsplit(handler.path).query)}
        if ">= '" in found.get("constraint", ""):
            found["since"] = found["constraint"].rpartition(">= '")[2].rstrip("'")
        return found
    top = etree.fromstring(handler.body)
    found = {name.lower(): value for name, value in top.attrib.items()} | {"request": etree.QName(top).localname}
    for element in top.iter():
        name = etree.QName(element).localname.lower()
        if name in ("sortby", "constraint", "elementsetname"):
            found[name] = "".join(element.itertext())
        if name == "query":
            found["typenames"] = element.get("typeNames")
        if name == "literal":
            found["since"] = element.text
    return found


def document(root: str, inner: str, version: str = "2.0.2") -> bytes:
    """An answer around some records."""
    csw = CSW if version == "2.0.2" else "http://www.opengis.net/cat/csw/3.0"
    spaces = {"csw": csw, "gmd": GMD, "gco": "http://www.isotc211.org/2005/gco", "dc": "http://purl.org/dc/elements/1.1/"}
    named = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in spaces.items())
    return f'<?xml version="1.0" encoding="UTF-8"?><csw:{root} {named} version="{version}">{inner}</csw:{root}>'.encode()


def capabilities(service: Service) -> bytes:
    """The capabilities document; it names a host of the inside, as many do."""
    rows = service.rows
    ways = [name for name, offered in (("Get", rows.gets), ("Post", rows.posts)) if offered]
    offered = "".join(f'<ows:{way} xlink:href="http://inside.example:8080/csw"/>' for way in ways)
    values = "".join(f"<ows:Value>{schema}</ows:Value>" for schema in rows.schemas)
    inner = (
        '<ows:OperationsMetadata xmlns:ows="http://www.opengis.net/ows" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<ows:Operation name="GetRecords"><ows:DCP><ows:HTTP>{offered}</ows:HTTP></ows:DCP>'
        f'<ows:Parameter name="outputSchema">{values}</ows:Parameter></ows:Operation></ows:OperationsMetadata>'
    )
    return document("Capabilities", inner, rows.version)


def exception(code: str, locator: str, status: int = 200, said: str = "no") -> Behaviour:
    """An exception report, with status 200 as real services give it."""
    inner = f"<ows:ExceptionText>{said}</ows:ExceptionText>"
    told = f'<ows:Exception exceptionCode="{code}" locator="{locator}">{inner}</ows:Exception>'
    report = f'<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows">{told}</ows:ExceptionReport>'
    return says(report.encode(), status, XML)
