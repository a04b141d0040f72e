"""Reading where and when: dct:Location and dct:PeriodOfTime in the spellings of DCAT 1 to 3, GeoDCAT-AP, LOCN and OWL-Time.

Sources: W3C DCAT 3 §6.14, §6.15; DCAT-AP 1.1 to 3.0.1; https://www.w3.org/ns/locn. Each takes a node, or a literal that
stands in its place, and gives a part of the model, or None when it says nothing.
"""

from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from metadata.model import Box, Period, Place
from standards import rdf_reading as reads
from standards import rdf_write_parts as writes
from standards.dates import parse as date_in
from standards.rdf import DCAT, DCT, FOAF, GEOSPARQL, LOCN, RDFS, SCHEMA, SKOS, TIME, Node, Term
from standards.rdf_geometry import Geometry, around, geometry_of, is_box, is_rectangle
from standards.rdf_reading import Reading, language_of

_INSTANTS = (TIME.inXSDDate, TIME.inXSDDateTimeStamp, TIME.inXSDDateTime, TIME.inXSDgYear, TIME.inXSDgYearMonth)


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
        return (
            Place(box=box, raw=said) if is_rectangle(geometry) and box and is_box(box) else Place(geometry=geometry, raw=said)
        )
    return Place(name={language_of(value): said}) if said else None


def _box(reading: Reading, node: Node) -> Box | None:
    """dcat:bbox in whichever language is understood; the same box said in another is used up with it."""
    found = None
    for predicate, value in reading.values(node, DCAT.bbox):
        geometry = geometry_of(value.value) if isinstance(value, Literal) else None
        box = around(geometry) if geometry else None
        if geometry and box and is_rectangle(geometry) and found in (None, within(box)) and is_box(within(box)):
            found = within(box)
            reading.use(node, predicate, value)
    return found


def within(box: Box) -> Box:
    """A box that reaches beyond 180° east crosses the date line: its east is west of its west."""
    west, south, east, north = box
    if not (180 < east < 540 and -180 <= west <= 180):
        return box
    return west, south, float(Decimal(repr(east)) - 360), north


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
        for _inner, moment in reading.values(
            value, TIME.inXSDDate, TIME.inXSDDateTimeStamp, TIME.inXSDDateTime, TIME.inXSDgYear, TIME.inXSDgYearMonth
        ):
            found = reads.day(moment)
            if found:
                return found
    return None
