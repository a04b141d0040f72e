"""`spatial` of DCAT-US 1.1: a box, GeoJSON, a place name or an address, as sources write them.

The standard asks for text: a place name, or a box as `west,south,east,north` in degrees, or GeoJSON spelt out in a string
(https://resources.data.gov/resources/dcat-us/#spatial). Met beside that: GeoJSON objects, Esri envelopes (two corners),
`ENVELOPE(w,e,n,s)`, lists of places.
"""

import re
from typing import Any

import orjson

from metadata.model import Box, Place
from metadata.text import Text

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
_BOX = re.compile(rf"\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})\s*", re.ASCII)
_ENVELOPE = re.compile(r"\s*ENVELOPE\s*\(" + ",".join([rf"\s*({_NUMBER})\s*"] * 4) + r"\)\s*", re.IGNORECASE)
_SHAPES = frozenset(
    (
        "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection", "envelope",
        "Envelope",
    )
)  # fmt: skip
_NAMES = ("name", "title", "label", "prefLabel")
_LONGEST_NUMBERS = 200


def box_numbers(words: str) -> Box | None:
    """The four numbers of `w,s,e,n` or `ENVELOPE(w,e,n,s)` as west, south, east, north, whether or not they are possible."""
    if len(words) > _LONGEST_NUMBERS:
        return None
    match = _BOX.fullmatch(words)
    if match:
        return float(match[1]), float(match[2]), float(match[3]), float(match[4])
    match = _ENVELOPE.fullmatch(words)
    return (float(match[1]), float(match[4]), float(match[2]), float(match[3])) if match else None


def is_box(box: Box) -> bool:
    """Whether these are longitudes and latitudes, south below north. West may lie east of east: across the date line."""
    west, south, east, north = box
    return -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90


def box_words(box: Box) -> str:
    """`west,south,east,north`, whole numbers without a point."""
    return ",".join(str(int(number)) if number == int(number) else repr(number) for number in box)


def read_places(value: Any, language: str) -> tuple[Place, ...] | None:
    """The places a `spatial` value tells of; None when it is not understood."""
    if isinstance(value, str):
        stripped = value.strip()
        return (_worded(stripped, language),) if stripped else ()
    if isinstance(value, dict):
        place = _shaped(value, language)
        return (place,) if place else None
    if not isinstance(value, list):
        return None
    box = _corners(value)
    if box:
        return (Place(box=box),)
    places = [read_places(each, language) for each in value if not isinstance(each, list)]
    if len(places) != len(value) or any(place is None for place in places):
        return None
    return tuple(place for group in places if group for place in group)


def written_place(places: tuple[Place, ...], best: Any) -> str | None:
    """The one string DCAT-US 1.1 has room for, from the first place; `best` picks words from a Text."""
    for place in places:
        if place.raw:
            return place.raw
        if place.geometry:
            return orjson.dumps(place.geometry).decode()
        if place.box:
            return box_words(place.box)
        words = best(place.name) or place.uri
        if words:
            return str(words)
    return None


def _worded(words: str, language: str) -> Place:
    numbers = box_numbers(words)
    if numbers:
        if not is_box(numbers):
            return Place(raw=words)
        return Place(box=numbers, raw=None if box_words(numbers) == words else words)
    if words.startswith("{"):
        shape = _parsed(words)
        place = _shaped(shape, language) if shape else None
        if place:
            plain = place.geometry is not None and not place.name and orjson.dumps(place.geometry).decode() == words
            return Place(name=place.name, geometry=place.geometry, box=place.box, raw=None if plain else words)
    if words.startswith(("http://", "https://")) and " " not in words:
        return Place(uri=words)
    return Place(name={language: words})


def _parsed(words: str) -> dict[str, Any] | None:
    try:
        shape = orjson.loads(words)
    except ValueError:
        return None
    return shape if isinstance(shape, dict) else None


def _shaped(shape: dict[str, Any], language: str) -> Place | None:
    """A GeoJSON geometry, feature or Esri envelope, or an object that names its place."""
    named: Text = next(({language: words} for key in _NAMES if isinstance(words := shape.get(key), str) and words), {})
    geometry = shape.get("geometry", shape)
    if isinstance(geometry, dict) and geometry.get("type") in _SHAPES:
        return Place(name=named, geometry=geometry, box=_around(geometry))
    box = _corners(shape.get("bbox"))
    return Place(name=named, box=box) if named or box else None


def _around(geometry: dict[str, Any]) -> Box | None:
    """The box around all points of a geometry; None when they are no longitudes and latitudes."""
    longitudes: list[float] = []
    latitudes: list[float] = []
    pending: list[Any] = [geometry]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending += [value.get("coordinates"), value.get("geometries")]
        elif isinstance(value, list) and len(value) >= 2 and _number(value[0]) and _number(value[1]):
            longitudes.append(value[0])
            latitudes.append(value[1])
        elif isinstance(value, list):
            pending += value
    if not longitudes:
        return None
    return _possible(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def _corners(value: Any) -> Box | None:
    """`[w, s, e, n]` or `[[w, s], [e, n]]`."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(each, list) and len(each) == 2 for each in value):
        value = [*value[0], *value[1]]
    if not isinstance(value, list) or len(value) != 4 or not all(map(_number, value)):
        return None
    return _possible(*value)


def _possible(west: float, south: float, east: float, north: float) -> Box | None:
    box = (float(west), float(south), float(east), float(north))
    return box if is_box(box) else None


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
