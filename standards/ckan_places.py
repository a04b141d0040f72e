"""Where: GeoJSON in `spatial` (ckanext-spatial), `spatial_coverage` and `spatial_*` (ckanext-dcat), corners, or plain words."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from metadata.model import Box, Place
from standards.ckan_fields import Fields, decoded, items, language_map, number, texts, words

_GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
_CORNERS = ("west", "south", "east", "north")
_KEYS = frozenset(
    ("spatial_coverage", "spatial", "spatial_geom", "spatial_text", "spatial_uri", "spatial_bbox", "spatial_centroid", "bbox",
     "bbox-west-long")
)  # fmt: skip
_NUMBERS = (int, float)
_MOST_POINTS = 200_000


def places(fields: Fields) -> tuple[Place, ...]:
    """Every place a package names: the covered ones one by one, then the one that its single members describe."""
    if fields.lacks(_KEYS):
        return ()
    covered = fields.take(_covered, "spatial_coverage") or ()
    single = _single(fields)
    cornered = fields.take(_cornered, "bbox") or ()
    return (*covered, *([single] if single else []), *cornered)


def _covered(value: Any) -> tuple[Place, ...]:
    return tuple(place for one in items(value) if (place := _place(one)))


def _place(one: dict[str, Any]) -> Place | None:
    geometry = _geometry(one.get("geom"))
    box = box_of(_geometry(one.get("bbox"))) or box_of(geometry)
    name, uri = texts(one.get("text")), words(one.get("uri")) or None
    geometry = geometry or _geometry(one.get("centroid"))
    return Place(name=name, uri=uri, geometry=geometry, box=box) if name or uri or geometry or box else None


def _single(fields: Fields) -> Place | None:
    geometry = fields.take(_geometry, "spatial", "spatial_geom")
    name = fields.take(texts, "spatial_text") or {}
    uri = fields.take(words, "spatial_uri")
    corners = fields.take(lambda value: box_of(_geometry(value)), "spatial_bbox") or _bbox_members(fields)
    centroid = fields.take(_geometry, "spatial_centroid") if not geometry else None
    said = fields.take(words, "spatial") if geometry is None else None
    box = corners or box_of(geometry) or _box_said(said)
    if not (geometry or name or uri or box or said or centroid):
        return None
    return Place(name=name, uri=uri, geometry=geometry or centroid, box=box, raw=said)


def _geometry(value: Any) -> dict[str, Any] | None:
    value = decoded(value)
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    return value if isinstance(value, dict) and value.get("type") in _GEOMETRIES else None


def _bbox_members(fields: Fields) -> Box | None:
    """ckanext-spatial's four extras, taken when all four are numbers."""
    names = ("bbox-west-long", "bbox-south-lat", "bbox-east-long", "bbox-north-lat")
    box = _box([number(fields.peek(name)) for name in names])
    if box:
        fields.drop(*names)
    return box


def _cornered(value: Any) -> tuple[Place, ...]:
    boxes = [_box([number(one.get(corner)) for corner in _CORNERS]) for one in items(value)]
    return tuple(Place(box=box) for box in boxes if box)


def _box_said(said: str | None) -> Box | None:
    """`west,south,east,north` in plain numbers (DCAT-US 1.1, field `spatial`)."""
    return _box([number(part) for part in said.split(",")]) if said and said.count(",") == 3 else None


def _box(corners: list[float | None]) -> Box | None:
    west, south, east, north = corners
    if west is None or south is None or east is None or north is None:
        return None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        return None
    return (west, south, east, north)


def box_of(geometry: dict[str, Any] | None) -> Box | None:
    """The smallest box around a GeoJSON geometry; None when its numbers are no degrees."""
    points = (_ring(geometry) or list(islice(_points(geometry), _MOST_POINTS))) if geometry else []
    if not points:
        return None
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return _box([min(longitudes), min(latitudes), max(longitudes), max(latitudes)])


def _ring(geometry: dict[str, Any]) -> list[tuple[float, float]]:
    """The points of the one ring of most polygons; empty for anything less plain."""
    rings = geometry.get("coordinates")
    if geometry.get("type") != "Polygon" or not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        return []
    points = [tuple(each) for each in rings[0][:_MOST_POINTS] if isinstance(each, list) and len(each) == 2]
    plain = len(points) == len(rings[0]) and all(type(one) in _NUMBERS and type(other) in _NUMBERS for one, other in points)
    return points if plain else []


def _points(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    waiting: list[Any] = [geometry.get("coordinates"), geometry.get("geometries")]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend((one.get("coordinates"), one.get("geometries")))
        elif isinstance(one, list) and len(one) >= 2 and all(_numeric(part) for part in one[:2]):
            yield float(one[0]), float(one[1])
        elif isinstance(one, list):
            waiting.extend(one)


def _numeric(part: Any) -> bool:
    return isinstance(part, (int, float)) and not isinstance(part, bool)


def place_extras(spatial: tuple[Place, ...]) -> dict[str, Any]:
    """The extras that say where, as ckanext-dcat and ckanext-spatial read them."""
    if len(spatial) != 1:
        return {"spatial_coverage": [_covered_extra(one) for one in spatial]}
    place = spatial[0]
    where = place.geometry or place.raw or (_polygon(place.box) if place.box else None)
    corners = _polygon(place.box) if place.geometry and place.box and place.box != box_of(place.geometry) else None
    return {"spatial": where, "spatial_bbox": corners, "spatial_text": language_map(place.name), "spatial_uri": place.uri}


def _covered_extra(place: Place) -> dict[str, Any]:
    found = {
        "uri": place.uri,
        "text": language_map(place.name) or place.raw,
        "geom": place.geometry,
        "bbox": _polygon(place.box) if place.box else None,
    }
    return {name: value for name, value in found.items() if value}


def _polygon(box: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
