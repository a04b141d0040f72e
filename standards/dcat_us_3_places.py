"""`spatial` and `temporal` of DCAT-US 3.0, both ways: Location and PeriodOfTime.

A box and a centroid are GeoJSON or WKT, a geometry any of both; a place may have an address and a name. What else a Location
says (scheme, identifiers, a second name) comes back because the whole value is kept as long as it reads the same
(`dcat_us_3_write`).
"""

import math
from typing import Any

from metadata.model import Period, Place
from standards.dates import date_of
from standards.dcat_us_3_values import Json, Picker, filled, is_iri, moment, texts, word
from standards.rdf_geometry import box_of, geometry_of, rectangle

_SHAPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")


def place_of(value: Any, tag: str) -> Place | None:
    """A Location; a bare address or name; coordinates in GeoJSON or WKT."""
    if not isinstance(value, dict):
        said = word(value)
        if not said:
            return None
        shape = geometry_of(said)
        return (
            Place(geometry=shape, box=box_of(shape))
            if shape
            else Place(uri=said)
            if is_iri(said)
            else Place(name=texts(said, tag))
        )
    shape = _shape_of(value.get("geometry"))
    around = box_of(_shape_of(value.get("bbox"))) or box_of(shape)
    shape = shape or (_shape_of(value.get("centroid")) if not around else None)
    name, uri = texts(value.get("prefLabel") or value.get("altLabel"), tag), word(value.get("@id"))
    found = Place(name=name, uri=uri, box=around or box_of(shape), geometry=shape)
    return found if found != Place() else None


def _shape_of(value: Any) -> Json | None:
    if isinstance(value, str):
        return geometry_of(value)
    return value if isinstance(value, dict) and value.get("type") in _SHAPES else None


def place(one: Place, pick: Picker) -> Json:
    """A Location: its name, address, box as a Polygon, and geometry."""
    name = pick(one.name) or (one.raw if not (one.box or one.geometry or one.uri) else None)
    box = rectangle(one.box) if one.box and all(map(math.isfinite, one.box)) else None
    return filled("Location", {"@id": one.uri, "prefLabel": name, "geometry": one.geometry, "bbox": box})


def period_of(value: Any) -> Period | None:
    """A PeriodOfTime."""
    if not isinstance(value, dict):
        return None
    start, end = date_of(value.get("startDate")), date_of(value.get("endDate"))
    return Period(start=start, end=end) if start or end else None


def period(one: Period) -> Json:
    """A PeriodOfTime."""
    return filled("PeriodOfTime", {"startDate": moment(one.start), "endDate": moment(one.end)})
