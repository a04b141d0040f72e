"""Extents of ISO 19115 (`EX_Extent`) as places and periods, and scales and distances as a resolution in metres.

A polygon becomes GeoJSON with the box around it (latitude first where its reference system says so); a box whose west lies
east of its east crosses the 180th meridian and stays as it is (RFC 7946 §5.2). ISO 19115:2003 B.3.1, ISO 19115-1:2014 §6.6.
"""

import math
import re
from typing import Any

from metadata.model import Period, Place
from metadata.text import Text
from standards import dates
from standards.iso_tree import Tongues, code, first_held, held, kind, objects, plain, said
from standards.rdf_geometry import around, is_box
from standards.xml_documents import Element, href, local, words

EDGES = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
_FIRST_LATITUDE = re.compile(r"(?:epsg\D{0,3}:?:?|epsg/0/)(?:4326|4258)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[-+−]?\s*\d+(?:[.,]\d+)?(?:[eE][-+]?\d{1,3})?")
_METRES = {
    **dict.fromkeys(("m", "metre", "meter", "metres", "meters", "metro", "metros", "mètre", "mètres", "米"), 1.0),
    **dict.fromkeys(("km", "kilometre", "kilometer", "kilometres", "kilometers"), 1000.0),
    "cm": 0.01,
    "mm": 0.001,
    "ft": 0.3048,
    "foot": 0.3048,
    "feet": 0.3048,
}
MOST_POSITIONS = 20_000


def number(raw: str) -> float | None:
    """A decimal as people write it: `−71,5` too; None for what is none or not finite."""
    match = _NUMBER.fullmatch(raw.strip().rstrip("°"))
    found = float(match.group().replace(",", ".").replace("−", "-").replace(" ", "")) if match else math.nan
    return found if math.isfinite(found) else None


def places(owner: Element, tongues: Tongues) -> tuple[Place, ...]:
    """Where a resource lies. An extent with at most one box, polygon and name is one place."""
    found: list[Place] = []
    for extent in objects(owner, "extent"):
        name = tongues.text(first_held(extent, "description"))
        inner = [place for each in objects(extent, "geographicElement") if (place := _place(each, tongues))]
        for each in _joined(inner, name):
            if each not in found:
                found.append(each)
    return tuple(found)


def _joined(inner: list[Place], name: Text) -> list[Place]:
    """One place of the parts of an extent, where no kind of part is there twice; else all of them."""
    boxes = [each for each in inner if each.box and not each.geometry]
    shapes = [each for each in inner if each.geometry]
    names = [each for each in inner if each.name or each.uri]
    words = [each for each in inner if each.raw]
    if max(len(boxes), len(shapes), len(names) + bool(name), len(words)) > 1 or (words and boxes):
        return ([Place(name=name)] if name else []) + inner
    if not inner:
        return [Place(name=name)] if name else []
    called = names[0] if names else Place(name=name)
    shape = shapes[0] if shapes else Place()
    box = boxes[0].box if boxes else shape.box
    return [Place(name=called.name, uri=called.uri, box=box, geometry=shape.geometry, raw=words[0].raw if words else None)]


def _place(element: Element, tongues: Tongues) -> Place | None:
    sort = kind(element)
    if sort == "EX_GeographicBoundingBox":
        return _bounds(element)
    if sort == "EX_BoundingPolygon":
        return _polygon(element)
    if sort == "EX_GeographicDescription":
        return _described(element, tongues)
    return None


def _bounds(element: Element) -> Place | None:
    """A box, or the words of one that is none."""
    told = [said(element, edge) for edge in EDGES]
    edges = [number(each) for each in told]
    west, south, east, north = edges
    if west is not None and south is not None and east is not None and north is not None:
        return Place(box=(west, south, east, north))
    raw = ", ".join(told)
    return Place(raw=raw) if any(told) else None


def _described(element: Element, tongues: Tongues) -> Place | None:
    """A place by its name or code: `geographicIdentifier` with a code that may be an address."""
    name = first_held(element, "geographicIdentifier.code")
    uri = href(name) if name is not None else None
    spoken = plain(name)
    if uri is None and spoken.startswith(("http://", "https://")):
        return Place(uri=spoken)
    if uri and spoken == uri:
        return Place(uri=uri)
    text = tongues.text(name)
    return Place(name=text, uri=uri) if text or uri else None


def _polygon(element: Element) -> Place | None:
    """GeoJSON of a `gml:Polygon`, `MultiSurface`, `Point`, or what other geometry there is; the box around it."""
    for inner in objects(element, "polygon"):
        shape = _shape(inner)
        box = around(shape)
        if shape and box and is_box(box):
            return Place(box=box, geometry=shape)
    return None


def _shape(element: Element) -> dict[str, Any] | None:
    line = (
        next((_positions(each) for each in element.iter() if local(each) == "posList"), [])
        if local(element) == "LineString"
        else []
    )
    if line:
        return {"type": "LineString", "coordinates": line}
    polygons = [rings for each in element.iter() if local(each) in ("Polygon", "PolygonPatch") and (rings := _rings(each))]
    if not polygons:
        point = next((_positions(each) for each in element.iter() if local(each) in ("pos", "coordinates")), [])
        return {"type": "Point", "coordinates": point[0]} if len(point) == 1 else None
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _rings(polygon: Element) -> list[list[list[float]]]:
    rings = []
    for ring in (each for each in polygon.iter() if local(each) == "LinearRing"):
        listed = [each for each in ring.iter() if local(each) in ("posList", "pos", "coordinates")]
        positions = [position for each in listed for position in _positions(each)]
        if len(positions) >= 4:
            rings.append(positions)
    return rings


def _positions(element: Element) -> list[list[float]]:
    """Longitude and latitude of each position; none when they are no numbers or too many."""
    try:
        numbers = [float(each) for each in words(element).replace(",", " ").split()]
    except ValueError:
        return []
    size = _dimension(element)
    if len(numbers) % size or len(numbers) // size > MOST_POSITIONS or not all(map(math.isfinite, numbers)):
        return []
    turned = _latitude_first(element)
    return [numbers[at : at + 2][::-1] if turned else numbers[at : at + 2] for at in range(0, len(numbers), size)]


def _dimension(element: Element) -> int:
    given = next((each.get("srsDimension") for each in (element, *element.iterancestors()) if each.get("srsDimension")), "2")
    return 3 if given == "3" else 2


def _latitude_first(element: Element) -> bool:
    """As the reference system says: EPSG 4326 and 4258 as a URN or an address; `EPSG:4326` has longitude first by custom."""
    name = next((each.get("srsName") for each in (element, *element.iterancestors()) if each.get("srsName")), "")
    return bool(_FIRST_LATITUDE.search(name)) and not name.lower().startswith("epsg:")


def periods(owner: Element) -> tuple[Period, ...]:
    """When: `gml:TimePeriod` with begin and end (positions or instants, indeterminate ends open), or `gml:TimeInstant`."""
    found: list[Period] = []
    for each in objects(owner, "extent.temporalElement.extent"):
        made = _period(each)
        if made and made not in found:
            found.append(made)
    return tuple(found)


def _period(element: Element) -> Period | None:
    if local(element) == "TimeInstant":
        told = _said(element, ("timePosition",))
        moment = dates.parse(told)
        return Period(start=moment, end=moment) if moment else Period(raw=told) if told else None
    begin, end = _said(element, ("beginPosition", "begin")), _said(element, ("endPosition", "end"))
    start, stop = dates.parse(begin), dates.parse(end)
    if start or stop:
        return Period(start=start, end=stop)
    told = "/".join(part for part in (begin, end) if part)
    raw = told or (words(element) if local(element) != "TimePeriod" else "") or _label(element)
    return Period(raw=raw) if raw else None


def _label(element: Element) -> str:
    """The words beside a period whose ends are not known."""
    return next((words(each) for each in element if local(each) in ("description", "name")), "")


def _said(element: Element, names: tuple[str, ...]) -> str:
    """The words of the first of these inside; `indeterminatePosition` (now, unknown) is no date."""
    return next((spoken for each in element.iter() if local(each) in names and (spoken := words(each))), "")


def distance(owner: Element) -> float | None:
    """`spatialResolution/MD_Resolution/distance` in metres; None in degrees or other units that depend on the place."""
    for value in held(owner, "spatialResolution.distance"):
        inner = next(iter(value), None)
        found = number(plain(value))
        unit = ((inner.get("uom") if inner is not None else "") or "").rpartition("#")[2].rpartition("/")[2].strip().lower()
        factor = _METRES.get(unit)
        if found is not None and factor is not None and found > 0:
            return found * factor
    return None


def scales(owner: Element) -> list[int]:
    """The denominators of `equivalentScale`."""
    told = [said(each, "denominator") for each in objects(owner, "spatialResolution.equivalentScale")]
    return [int(found) for each in told if (found := number(each)) and 1 <= found < 1e12]


def temporal_resolution(owner: Element) -> str | None:
    """An ISO 8601 duration (ISO 19115-1:2014 only)."""
    told = next((words(each) for each in held(owner, "temporalResolution") if words(each)), "")
    return told if dates.is_duration(told) else None


def scope(root: Element) -> str:
    """`hierarchyLevel` of 2003, `metadataScope.resourceScope` of 2014."""
    return code(first_held(root, "hierarchyLevel")) or code(first_held(root, "metadataScope.resourceScope"))
