"""A catalogue service for the web (OGC CSW 2.0.2 and 3.0), page by page: ISO 19139, ISO 19115-3, DCAT or Dublin Core.

The capabilities decide version and output schema. How a service wants to be asked (key-value pairs or a document, sorted or
not, by which type name) is found at the first page and kept. A page whose XML one record breaks is asked for in smaller pieces
until that record is alone; it is then asked for by its identifier, and is one failed record if that does not help.
Rules: see `csw_service.py`, `csw_page.py`, `csw_walk.py`.
"""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from harvesters.address import mask
from harvesters.base import Batch, Found, Record, Seen
from harvesters.csw_asking import Asking
from harvesters.csw_page import Broken, Complaint
from harvesters.csw_service import Service, bare, changed_since, connect, service_url
from harvesters.csw_walk import Walk
from harvesters.since import Since, earlier
from harvesters.web import Web
from standards.base import Unreadable
from standards.xml_documents import parse, root_name

_CAPABILITIES = "service=CSW&request=GetCapabilities"


class CswSettings(BaseModel):
    """What a catalogue service lets one choose."""

    model_config = ConfigDict(extra="forbid")

    version: Literal["", "2.0.2", "3.0.0"] = Field(default="", title="Version (empty: what the service offers)")
    output_schema: str = Field(default="", title="Output schema: gmd, mdb, dcat, csw, or its address (empty: the richest)")
    type_names: str = Field(default="", title="Type names (empty: csw:Record)")
    constraint: str = Field(default="", title="Constraint in CQL, or a filter in XML")
    page_size: int = Field(default=100, ge=1, le=5000, title="Records asked for at a time")
    method: Literal["auto", "GET", "POST"] = Field(default="auto", title="How to ask: GET (key-value pairs) or POST (XML)")
    sort: Literal["auto", "none"] = Field(default="auto", title="Sort by identifier where the service can")
    incremental: bool = Field(default=False, title="Ask only for what changed since the last good run")
    modified_property: str = Field(default="", title="Property of the change (empty: dct:modified or apiso:Modified)")
    overlap_minutes: int = Field(default=1440, ge=0, le=525_600, title="Minutes to ask for once more")
    full_every: int = Field(default=7, ge=1, le=1000, title="Every so many runs everything is asked for")


class Csw:
    """The harvester of catalogue services."""

    name: ClassVar[str] = "csw"
    title: ClassVar[dict[str, str]] = {"zh": "CSW 目录服务(OGC 2.0.2、3.0)", "en": "CSW catalogue service (OGC 2.0.2, 3.0)"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = CswSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url
        self.settings = CswSettings.model_validate(settings.model_dump())

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """One batch a page. `resume` is JSON: the next record, the claim known then, and how the service is asked."""
        service = connect(web, self.url, self.settings.version)
        walk = Walk(mask(service.url), self.settings.page_size).going_on(resume)
        since = Since.of(web, self._key(service), self.settings.full_every if self.settings.incremental else 1)
        if resume is None:
            walk.since, walk.stamp = self._start(since), service.stamp
        given = resume is not None
        while not walk.over:
            if fresh := self._next(web, service, walk):
                given = True
                yield Batch(tuple(fresh), walk.resume, walk.matched or None, again=True, partial=bool(walk.since))
        if rest := walk.release():
            yield Batch(tuple(rest), walk.resume, walk.matched or None, again=True, partial=bool(walk.since))
        elif not given and walk.since:
            yield Batch((), walk.resume, partial=True)
        if self.settings.incremental:  # where the service refused the filter, this run was a full one
            Since(web, since.key, walk.since or None, since.runs).remember(walk.stamp)

    def _next(self, web: Web, service: Service, walk: Walk) -> list[Record]:
        """The records of the next page; none when there is nothing new in it, or when less is to be asked for."""
        asking = self._asking(web, service, walk)
        try:
            page = asking.page(walk)
        except Complaint as complaint:
            self._heed(asking, walk, complaint)
            return []
        except Broken as broken:
            if not walk.shrink():
                walk.pass_odd(asking.alone(walk, broken.error, broken), broken.error)
            return []
        if page.rows:
            return walk.take(page)
        walk.pass_empty(page)
        return []

    def _heed(self, asking: Asking, walk: Walk, complaint: Complaint) -> None:
        """What a service says against a question: beyond the end it is the end, of a filter for changes that there is none;
        else there may be one record that the service cannot show."""
        if walk.beyond or (complaint.beyond and walk.longest and not walk.matched):
            walk.over = True
        elif walk.since and not walk.longest:
            walk.since = ""
        elif complaint.final:
            raise complaint.error
        elif not walk.shrink():
            walk.pass_odd(asking.alone(walk, complaint.error, None), complaint.error)

    def _asking(self, web: Web, service: Service, walk: Walk) -> Asking:
        schema = service.schema(self.settings.output_schema)
        constraint = self.settings.constraint
        if walk.since:
            constraint = changed_since(constraint, self._changed(service, schema), walk.since, service.version)
        types = (self.settings.type_names,) if self.settings.type_names else service.types(schema)
        return Asking(web, service, schema, types, constraint, self.settings.method, self.settings.sort == "auto")

    def _changed(self, service: Service, schema: str) -> str:
        """The property that tells when a record was changed, for the type name that is asked by."""
        types = self.settings.type_names or service.types(schema)[0]
        return self.settings.modified_property or ("apiso:Modified" if types.startswith("gmd:") else "dct:modified")

    def _start(self, since: Since) -> str:
        return earlier(since.start, self.settings.overlap_minutes) if since.start else ""

    def _key(self, service: Service) -> str:
        return f"{service.url} {service.schema(self.settings.output_schema)} {self.settings.constraint}"

    @staticmethod
    def probes(url: str) -> list[str]:
        """The address itself asked for its capabilities, and where services usually are."""
        root = bare(url)
        site = root.partition("?")[0].rstrip("/")
        asked = f"{root}{'&' if '?' in root else '?'}{_CAPABILITIES}"
        usual = ("csw", "srv/eng/csw", "geonetwork/srv/eng/csw")
        return [asked, *(f"{site}/{path}?{_CAPABILITIES}" for path in usual)]

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A capabilities document, or an answer of GetRecords."""
        space, _, local = root_name(seen.head)[1:].partition("}")
        if "/cat/csw" not in space:
            return None
        if local == "Capabilities":
            return Found(_address(seen), "it is the capabilities document of a catalogue service (CSW)", 100)
        if local in ("GetRecordsResponse", "GetRecordByIdResponse"):
            return Found(bare(seen.url), "it is an answer of a catalogue service (CSW)", 100)
        return None


def _address(seen: Seen) -> str:
    """The service that a capabilities document describes: where it came from if that was asked as a service, else the address
    that it names."""
    if "request=getcapabilities" in seen.url.lower():
        return bare(seen.url)
    try:
        return (service_url(parse(seen.head)) if seen.whole else "") or bare(seen.url)
    except Unreadable:
        return bare(seen.url)
