"""A catalogue service (OGC CSW 2.0.2 and 3.0): what its capabilities say of it, and how its questions are put.

    service = connect(web, url, "")           negotiates the version, reads the capabilities
    service.params(question), service.document(question)      one question as key-value pairs, or as XML to be posted

Rules: OGC 07-006r1 (CSW 2.0.2) §10.3, §10.8, §10.9, tables 29 and 30; OGC 12-176r7 (CSW 3.0) §7.3, §7.4; OGC 07-045 (ISO
application profile) §8.2; OGC 04-095 and 09-026r2 (filters).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.sax.saxutils import escape, quoteattr

from harvesters.address import mask
from harvesters.csw_page import Broken, Complaint, opened
from harvesters.since import present
from harvesters.web import Answer, Web
from metadata.errors import NotData, SourceError
from standards.xml_documents import Element, href, local, words

GMD = "http://www.isotc211.org/2005/gmd"
MDB = "http://standards.iso.org/iso/19115/-3/mdb/2.0"
CSW = {"2.0.2": "http://www.opengis.net/cat/csw/2.0.2", "3.0.0": "http://www.opengis.net/cat/csw/3.0"}
DCAT = "http://www.w3.org/ns/dcat#"
SHORT = {"gmd": GMD, "iso_19139": GMD, "mdb": MDB, "iso_19115_3": MDB, "dcat": DCAT, "csw": "", "dc": ""}
"""Words for output schemas in the setting; the empty one is the service's own `csw:Record`."""

_BEST = (GMD, MDB, "http://standards.iso.org/iso/19115/-3/mdb/1.0", DCAT, "http://data.europa.eu/930/")
_NATIVE = {GMD: "gmd:MD_Metadata", MDB: "mdb:MD_Metadata"}
_OURS = frozenset(
    (
        *("service", "request", "version", "acceptversions", "acceptformats", "sections", "typenames", "outputschema"),
        *("outputformat", "elementsetname", "elementname", "resulttype", "maxrecords", "startposition", "namespace", "sortby"),
        *("constraint", "constraintlanguage", "constraint_language_version", "id"),
    )
)
TOLERATED = frozenset({400, 404, 405, 406, 415, 422, 500, 501})
"""Statuses whose bodies are read: many services put their exception reports there."""


class Question(NamedTuple):
    """What is asked of GetRecords: from record `start` (1 is the first), `size` of them."""

    start: int
    size: int
    schema: str
    types: str
    sort: str = ""
    constraint: str = ""
    elements: str = "full"

    @property
    def is_filter(self) -> bool:
        """Whether the constraint is a filter in XML; else it is CQL."""
        return self.constraint.lstrip().startswith("<")


@dataclass(frozen=True)
class Service:
    """A catalogue service. `url` takes key-value pairs, `post_url` documents; `gets` and `posts` tell whether it says so;
    `stamp` is the moment, by its clock, when it was asked."""

    url: str
    post_url: str
    version: str
    schemas: tuple[str, ...] = ()
    gets: bool = True
    posts: bool = True
    stamp: str = ""

    def schema(self, wanted: str) -> str:
        """The output schema to ask for: the one wanted, else the richest that is offered and read."""
        if wanted:
            return SHORT.get(wanted, wanted) or CSW[self.version]
        return next((each for each in _BEST if each in self.schemas), CSW[self.version])

    def types(self, schema: str) -> tuple[str, ...]:
        """Type names to ask for, the likelier first: every service knows `csw:Record`, and gives it in any schema."""
        return tuple(dict.fromkeys(("csw:Record", _NATIVE.get(schema, "csw:Record"))))

    def params(self, question: Question) -> dict[str, str | int]:
        """GetRecords as key-value pairs."""
        asked: dict[str, str | int] = {
            "service": "CSW",
            "version": self.version,
            "request": "GetRecords",
            "typeNames": question.types,
            "elementSetName": question.elements,
            "outputSchema": question.schema,
            "outputFormat": "application/xml",
            "startPosition": question.start,
            "maxRecords": question.size,
        }
        if self.version == "2.0.2":
            asked |= {"resultType": "results", "namespace": f"xmlns(csw={CSW['2.0.2']}),xmlns(gmd={GMD})"}
        if question.sort:
            asked["sortBy"] = f"{question.sort}:A"
        if question.constraint:
            language = "FILTER" if question.is_filter else "CQL_TEXT"
            asked |= {"constraintLanguage": language, "constraint": question.constraint}
            asked |= {"constraint_language_version": "1.1.0"} if self.version == "2.0.2" else {}
        return asked

    def by_id(self, identifier: str, schema: str) -> dict[str, str | int]:
        """GetRecordById as key-value pairs."""
        asked = {"service": "CSW", "version": self.version, "request": "GetRecordById", "elementSetName": "full"}
        return {**asked, "outputSchema": schema, "id": identifier}

    def document(self, question: Question) -> bytes:
        """GetRecords as a document to be posted."""
        csw, old = CSW[self.version], self.version == "2.0.2"
        spaces = {"csw": csw, "gmd": GMD, "mdb": MDB, "apiso": "http://www.opengis.net/cat/csw/apiso/1.0", **_spaces(old)}
        query = [f"<csw:ElementSetName>{question.elements}</csw:ElementSetName>"]
        if question.constraint:
            query.append(f'<csw:Constraint version="1.1.0">{_constraint(question)}</csw:Constraint>')
        query += [_sort(question.sort, old)] if question.sort else []
        attributes = {
            "service": "CSW",
            "version": self.version,
            **({"resultType": "results"} if old else {}),
            "outputFormat": "application/xml",
            "outputSchema": question.schema,
            "startPosition": str(question.start),
            "maxRecords": str(question.size),
        }
        said = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
        named = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in spaces.items())
        inner = f"<csw:Query typeNames={quoteattr(question.types)}>{''.join(query)}</csw:Query>"
        return f'<?xml version="1.0" encoding="UTF-8"?><csw:GetRecords {named} {said}>{inner}</csw:GetRecords>'.encode()


def _spaces(old: bool) -> dict[str, str]:
    shared = {"dc": "http://purl.org/dc/elements/1.1/", "dct": "http://purl.org/dc/terms/"}
    filters = {"ogc": "http://www.opengis.net/ogc"} if old else {"fes": "http://www.opengis.net/fes/2.0"}
    return {**shared, **filters, "gml": "http://www.opengis.net/gml" if old else "http://www.opengis.net/gml/3.2"}


def _constraint(question: Question) -> str:
    return question.constraint if question.is_filter else f"<csw:CqlText>{escape(question.constraint)}</csw:CqlText>"


def _sort(name: str, old: bool) -> str:
    prefix, reference = ("ogc", "PropertyName") if old else ("fes", "ValueReference")
    inner = f"<{prefix}:{reference}>{escape(name)}</{prefix}:{reference}><{prefix}:SortOrder>ASC</{prefix}:SortOrder>"
    return f"<{prefix}:SortBy><{prefix}:SortProperty>{inner}</{prefix}:SortProperty></{prefix}:SortBy>"


def changed_since(constraint: str, name: str, stamp: str, version: str) -> str:
    """The constraint, and that a record was changed at this moment or later; in the language of the constraint."""
    if not constraint.lstrip().startswith("<"):
        newer = f"{name} >= '{stamp}'"
        return f"({constraint}) AND {newer}" if constraint.strip() else newer
    prefix, reference = ("ogc", "PropertyName") if version == "2.0.2" else ("fes", "ValueReference")
    at = f"<{prefix}:{reference}>{escape(name)}</{prefix}:{reference}><{prefix}:Literal>{stamp}</{prefix}:Literal>"
    newer = f"<{prefix}:PropertyIsGreaterThanOrEqualTo>{at}</{prefix}:PropertyIsGreaterThanOrEqualTo>"
    head, _, rest = constraint.strip().partition(">")
    inner, _, tail = rest.rpartition("</")
    return f"{head}><{prefix}:And>{inner}{newer}</{prefix}:And></{tail}"


def bare(url: str) -> str:
    """The address without what this protocol puts into its query; what is the site's own (`?map=…`) stays."""
    parts = urlsplit(url.strip())
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name.lower() not in _OURS]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def connect(web: Web, url: str, version: str) -> Service:
    """The service at an address. With no version wanted, 2.0.2 is taken where it is offered: profiles are written for it, and
    services that speak both know it better. Raises `NotData` with what the service says against it."""
    root, place = bare(url), mask(url)
    failure: SourceError | None = None
    for asked in _introductions(version):
        try:
            answer = web.get(root, {"service": "CSW", "request": "GetCapabilities", **asked}, tolerate=TOLERATED)
            top = opened(answer.content, answer.status, mask(answer.url))
        except (Complaint, Broken) as told:
            failure = failure or told.error
            continue
        if local(top) == "Capabilities":
            return _described(root, top, version, _moment(answer))
        remedy = "Give the address of a catalogue service."
        raise NotData("this is no capabilities document of CSW", place=place, value=local(top), remedy=remedy)
    raise failure or NotData("it gives no capabilities", place=place, remedy="Check the URL.")


def _introductions(version: str) -> Iterator[Mapping[str, str | int]]:
    """Ways of asking for the capabilities: services know the one or the other."""
    if version:
        yield from ({"acceptVersions": version}, {"version": version})
        return
    yield from ({"acceptVersions": "2.0.2,3.0.0"}, {"version": "2.0.2"}, {"acceptVersions": "3.0.0"}, {})


def _described(root: str, top: Element, wanted: str, stamp: str) -> Service:
    version = wanted or ("3.0.0" if str(top.get("version", "")).startswith("3") else "2.0.2")
    operation = next((each for each in _named(top, "Operation") if each.get("name") == "GetRecords"), None)
    schemas: tuple[str, ...] = ()
    get = post = ""
    if operation is not None:
        schemas = tuple(words(value) for value in _values(operation, "outputschema"))
        get = next((href(each) or "" for each in _named(operation, "Get")), "")
        post = next((href(each) or "" for each in _named(operation, "Post")), "")
    untold = operation is None or not (get or post)
    return Service(root, _near(root, post), version, schemas, bool(get) or untold, bool(post) or untold, stamp)


def service_url(top: Element) -> str:
    """Where a capabilities document says that records are asked for; empty when it does not."""
    operation = next((each for each in _named(top, "Operation") if each.get("name") == "GetRecords"), None)
    if operation is None:
        return ""
    return next((bare(found) for kind in ("Get", "Post") for each in _named(operation, kind) if (found := href(each))), "")


def _near(root: str, address: str) -> str:
    """The address where documents are posted, if it is at the same place: capabilities often name a host of the inside."""
    return address if address and urlsplit(address)[:2] == urlsplit(root)[:2] else root


def _named(element: Element, name: str) -> Iterable[Element]:
    return (each for each in element.iter() if isinstance(each.tag, str) and local(each) == name)


def _values(operation: Element, parameter: str) -> list[Any]:
    found = (each for each in _named(operation, "Parameter") if str(each.get("name", "")).lower() == parameter)
    return [value for each in found for value in _named(each, "Value")]


def _moment(answer: Answer) -> str:
    try:
        return f"{parsedate_to_datetime(answer.headers['date']):%Y-%m-%dT%H:%M:%SZ}"
    except (KeyError, ValueError, TypeError):
        return present()
