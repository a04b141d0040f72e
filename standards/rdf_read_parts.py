"""Reading what datasets, distributions and services share: agents, contacts, places, periods, statements, standards, languages.

Each takes a node (or a literal that stands in its place) and gives a part of the model, or None when it says nothing; what it
understood is used up in the `Reading`. Sources: W3C DCAT 3 §6; DCAT-AP 3.0.1; vCard Ontology; the older DCAT-AP 1.x spellings
(schema:startDate, locn:geometry, adms:version) too.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from metadata.model import Agent, Contact, Period, Place
from metadata.text import UNDETERMINED, Text
from metadata.vocabulary import language_tag
from standards import rdf_reading as reads
from standards import rdf_write_parts as writes
from standards.dates import parse as date_in
from standards.rdf import (
    DCAT, DCT, FOAF, GEOSPARQL, LOCN, ORG, RDFS, SCHEMA, SKOS, TIME, VCARD, Namespace, Node, Term,
)  # fmt: skip
from standards.rdf_geometry import Geometry, around, geometry_of, is_box, is_rectangle
from standards.rdf_reading import Reading, language_of

Part = TypeVar("Part", Agent, Contact, Place, Period)

_DEEPEST = 12
_USCC = re.compile(r"[0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10}")
_V: Namespace = VCARD
_CARD_NAMES = (_V.fn, getattr(_V, "organization-name"), FOAF.name, RDFS.label)


def parts(
    reading: Reading, node: Node, predicate: NamedNode, read: Callable[[Reading, Term], Part | None]
) -> tuple[Part, ...]:
    """Every value of a property, read; a node that is said several times is read once. What is not understood is left."""
    found: dict[Part, None] | list[Part] = []
    for _, value in reading.values(node, predicate):
        made = _once(reading, value, read)
        if made is not None:
            reading.use(node, predicate, value)
            found.append(made)
    return tuple(found)


def part(
    reading: Reading, node: Node, predicate: NamedNode, read: Callable[[Reading, Term], Part | None]
) -> Part | None:
    """The first value of a property that can be read."""
    for _, value in reading.values(node, predicate):
        made = _once(reading, value, read)
        if made is not None:
            reading.use(node, predicate, value)
            return made
    return None


def _once(reading: Reading, value: Term, read: Callable[[Reading, Term], Part | None]) -> Part | None:
    if isinstance(value, Literal):
        return read(reading, value)
    known = (read.__name__, value)
    if known not in reading.parts:
        reading.parts[known] = None  # an organization within itself ends here
        reading.parts[known] = read(reading, value)
    return cast("Part | None", reading.parts[known])


def agent(reading: Reading, value: Term) -> Agent | None:
    """foaf:Agent, foaf:Organization, org:Organization, or a name that stands in its place."""
    if isinstance(value, Literal):
        return Agent(name={language_of(value): value.value.strip()}) if value.value.strip() else None
    where = reads.address(value)
    code, identifier = _identifiers(reading, value, where)
    made = Agent(
        name=reads.words(reading, value, FOAF.name, SKOS.prefLabel, getattr(VCARD, "organization-name"), VCARD.fn, RDFS.label),
        identifier=identifier,
        code=code,
        kind=reads.code(reading, value, DCT.type, "", SKOS.Concept),
        homepage=reads.one_address(reading, value, FOAF.homepage, FOAF.Document),
        email=_mail(reading, value, FOAF.mbox, VCARD.hasEmail),
        phone=_phone(reading, value, FOAF.phone, VCARD.hasTelephone),
        parent=part(reading, value, ORG.subOrganizationOf, agent),
    )
    if made == Agent():
        return None
    if set(made.name.values()) == {identifier or code or made.email or made.homepage}:
        made = Agent(identifier=identifier, code=code, kind=made.kind, homepage=made.homepage, email=made.email, phone=made.phone, parent=made.parent)
    reading.typed(value, FOAF.Agent)
    reading.call(value, writes.agent_node(made))
    return made


def _identifiers(reading: Reading, node: Node, where: str | None) -> tuple[str | None, str | None]:
    """统一社会信用代码 and identifier: the node's address, else what dct:identifier says."""
    code, identifier = None, where
    for predicate, value in reading.values(node, DCT.identifier):
        said = value.value.strip() if isinstance(value, Literal) else ""
        if said and said == where:
            reading.use(node, predicate, value)
        elif _USCC.fullmatch(said) and code is None:
            code = said
            reading.use(node, predicate, value)
        elif said and identifier is None:
            identifier = said
            reading.use(node, predicate, value)
    return code, identifier


def contact(reading: Reading, value: Term) -> Contact | None:
    """vcard:Kind and its kinds, or words that stand in its place: an e-mail address, a name."""
    if isinstance(value, Literal):
        said = value.value.strip()
        if not said:
            return None
        bare = re.sub(r"^mailto:", "", said, flags=re.IGNORECASE)
        return Contact(email=bare) if "@" in bare and " " not in bare else Contact(name={language_of(value): said})
    if reads.address(value) and value not in reading.graph.said:
        return Contact(email=value.value[7:]) if value.value.startswith("mailto:") else None
    organization = reads.words(reading, value, getattr(VCARD, "organization-name"))
    name = reads.words(reading, value, VCARD.fn, VCARD.hasFN, FOAF.name)
    email = _mail(reading, value, VCARD.hasEmail, VCARD.email, FOAF.mbox)
    made = Contact(
        name={} if name == organization else name,
        email=email or reads.word(reading, value, VCARD.note),
        phone=_phone(reading, value, VCARD.hasTelephone, VCARD.tel, FOAF.phone),
        url=reads.one_address(reading, value, VCARD.hasURL),
        organization=organization,
        extra={"@id": value.value} if reads.address(value) else {},
    )
    if made == Contact(extra=made.extra):
        return None
    reading.typed(value, VCARD.Kind)
    reading.call(value, writes.contact_node(made))
    return made


def _mail(reading: Reading, node: Node, *predicates: NamedNode) -> str | None:
    """The first e-mail address, bare: of a mailto: address, of a literal, or of a node that has it as its value."""
    for predicate, value in reading.values(node, *predicates):
        if isinstance(value, NamedNode) or isinstance(value, Literal):
            bare = re.sub(r"^mailto:", "", value.value.strip(), flags=re.IGNORECASE)
            if re.fullmatch(r"[^@\s]+@[^@\s]+", bare):
                reading.use(node, predicate, value)
                return bare
    return None


def _phone(reading: Reading, node: Node, *predicates: NamedNode) -> str | None:
    """The first telephone number: of a tel: address (as its label spells it), of a literal, or of a node with vcard:hasValue."""
    for predicate, value in reading.values(node, *predicates):
        if not isinstance(value, Literal | NamedNode):
            inner = _phone(reading, value, VCARD.hasValue, VCARD.value)
            if inner:
                return inner
            continue
        number = re.sub(r"^tel:", "", value.value.strip(), flags=re.IGNORECASE)
        if isinstance(value, NamedNode) and number == value.value.strip():
            continue
        spelled = reads.word(reading, value, RDFS.label) if isinstance(value, NamedNode) else None
        if spelled or number:
            reading.use(node, predicate, value)
            return spelled or unquote(number)
    return None


def place(reading: Reading, value: Term) -> Place | None:
    """dct:Location, an address of a place, or words that stand in its place."""
    if isinstance(value, Literal):
        return _worded(value)
    where = reads.address(value)
    name = reads.words(reading, value, SKOS.prefLabel, RDFS.label, LOCN.geographicName, FOAF.name, DCT.title, SCHEMA.name)
    box = _box(reading, value)
    geometry = _geometry(reading, value)
    if geometry and box is None and is_rectangle(geometry) and _said_as_box(reading, value):
        box = around(geometry)
    if not (where or name or box or geometry):
        return None
    made = Place(name=name, uri=where, box=box, geometry=geometry)
    reading.typed(value, DCT.Location)
    reading.call(value, writes.place_node(made))
    return made


def _said_as_box(reading: Reading, node: Node) -> bool:
    return bool(reading.graph.said.get(node, {}).get(DCAT.bbox))


def _worded(value: Literal) -> Place | None:
    """`dct:spatial "湖北"`, or a geometry in its place."""
    said = value.value.strip()
    geometry = geometry_of(said) if said else None
    if geometry:
        box = around(geometry)
        return Place(box=box, raw=said) if is_rectangle(geometry) and box and is_box(box) else Place(geometry=geometry, raw=said)
    return Place(name={language_of(value): said}) if said else None


def _box(reading: Reading, node: Node) -> tuple[float, float, float, float] | None:
    """dcat:bbox in whichever language is understood; the same box said in another is used up with it."""
    found = None
    for predicate, value in reading.values(node, DCAT.bbox):
        geometry = geometry_of(value.value) if isinstance(value, Literal) else None
        box = around(geometry) if geometry else None
        if geometry and box and is_rectangle(geometry) and found in (None, within(box)) and is_box(within(box)):
            found = within(box)
            reading.use(node, predicate, value)
    return found


def within(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A box that reaches beyond 180° east crosses the date line: its east is west of its west."""
    west, south, east, north = box
    return (west, south, east - 360, north) if 180 < east < 540 and -180 <= west <= 180 else box


def _geometry(reading: Reading, node: Node) -> Geometry | None:
    """locn:geometry, as a literal or as a node with gsp:asGeoJSON, gsp:asWKT, gsp:asGML."""
    for predicate, value in reading.values(node, LOCN.geometry, GEOSPARQL.hasGeometry, DCAT.geometry):
        if isinstance(value, Literal):
            found = geometry_of(value.value)
            if found:
                _use_same(reading, node, predicate, found)
                return found
            continue
        for inner, words in reading.values(value, GEOSPARQL.asGeoJSON, GEOSPARQL.asWKT, GEOSPARQL.asGML, LOCN.geometry):
            found = geometry_of(words.value) if isinstance(words, Literal) else None
            if found:
                reading.use(node, predicate, value)
                reading.use(value, inner, words)
                reading.typed(value, LOCN.Geometry)
                reading.call(value, writes.named("geometry", found))
                return found
    return None


def _use_same(reading: Reading, node: Node, predicate: NamedNode, geometry: Geometry) -> None:
    """Literals that say the same geometry in another language."""
    for _, value in reading.values(node, predicate):
        if isinstance(value, Literal) and around(geometry_of(value.value)) == around(geometry):
            reading.use(node, predicate, value)


def period(reading: Reading, value: Term) -> Period | None:
    """dct:PeriodOfTime in the spellings of DCAT 3 and 1, OWL-Time, or words such as `2019/2020`."""
    if isinstance(value, Literal):
        return _spelled(value.value.strip())
    start = reads.date(reading, value, DCAT.startDate, SCHEMA.startDate) or _instant(reading, value, TIME.hasBeginning)
    end = reads.date(reading, value, DCAT.endDate, SCHEMA.endDate) or _instant(reading, value, TIME.hasEnd)
    raw = None
    if not start and not end:
        said = reads.words(reading, value, RDFS.label, SKOS.prefLabel) or reads.words(reading, value, DCAT.startDate)
        raw = next(iter(said.values()), None)
    if not (start or end or raw):
        return None
    made = Period(start=start, end=end, raw=raw)
    reading.typed(value, DCT.PeriodOfTime)
    reading.call(value, writes.named("period", made))
    return made


def _spelled(said: str) -> Period | None:
    start, slash, end = said.partition("/")
    if slash and (date_in(start.strip()) or date_in(end.strip())):
        return Period(start=date_in(start.strip()), end=date_in(end.strip()))
    day = date_in(said)
    return Period(start=day, end=day) if day else Period(raw=said) if said else None


def _instant(reading: Reading, node: Node, predicate: NamedNode) -> str | None:
    """time:hasBeginning [ time:inXSDDate … ]."""
    for _, value in reading.values(node, predicate):
        if isinstance(value, Literal):
            continue
        for inner, moment in reading.values(value, TIME.inXSDDate, TIME.inXSDDateTimeStamp, TIME.inXSDDateTime, TIME.inXSDgYear, TIME.inXSDgYearMonth):
            found = reads.day(moment)
            if found:
                return found
    return None


def statement(reading: Reading, node: Node, predicate: NamedNode, kind: NamedNode) -> Text:
    """dct:rights, dct:provenance: the words of the statement, or the address that stands for it."""
    found: Text = {}
    for _, value in reading.values(node, predicate):
        if isinstance(value, Literal):
            said = {language_of(value): value.value.strip()} if value.value.strip() else {}
        else:
            said = reads.words(reading, value, RDFS.label, DCT.description, DCT.title, SKOS.prefLabel)
            where = reads.address(value)
            said = said or ({UNDETERMINED: where} if where else {})
        fresh = {language: words for language, words in said.items() if language not in found}
        if said and fresh == said:
            found |= said
            reading.use(node, predicate, value)
            if not isinstance(value, Literal):
                reading.typed(value, kind)
                reading.call(value, writes.named("words", [kind.value, said]))
    return found


def standards_met(reading: Reading, node: Node, predicate: NamedNode = DCT.conformsTo) -> tuple[str, ...]:
    """dct:conformsTo: addresses, or the titles of standards that have none."""
    found: dict[str, None] = {}
    for _, value in reading.values(node, predicate):
        where = reads.address(value)
        if where is None:
            where = value.value.strip() if isinstance(value, Literal) else reads.word(reading, value, DCT.title, RDFS.label)
        if where:
            found[where] = None
            reading.use(node, predicate, value)
            if not isinstance(value, Literal):
                reading.typed(value, DCT.Standard)
                reading.call(value, writes.named("standard", where))
    return tuple(found)


def languages(reading: Reading, node: Node) -> tuple[str, ...]:
    """dct:language as BCP 47 tags; what is no language is left."""
    found: dict[str, None] = {}
    for predicate, value in reading.values(node, DCT.language):
        said = value.value if isinstance(value, Literal | NamedNode) else None
        if said is None or MINTED_TAG.match(said):
            labels = [each for _, each in reading.values(value, RDFS.label, SKOS.prefLabel) if isinstance(each, Literal)]
            said = labels[0].value if labels else ""
        known = _language(said) or (said if not isinstance(value, NamedNode) and said.isascii() and " " not in said else None)
        if known:
            found[known] = None
            reading.use(node, predicate, value)
            if not isinstance(value, Literal):
                reading.typed(value, DCT.LinguisticSystem)
                reads.coded(reading, value, "language", DCT.LinguisticSystem)
    return tuple(found)


MINTED_TAG = reads.MINTED


@lru_cache(maxsize=1024)
def _language(said: str) -> str | None:
    return language_tag(said.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]) if "/" in said else language_tag(said)
