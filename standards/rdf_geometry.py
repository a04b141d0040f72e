"""Geometries as RDF spells them, read into GeoJSON: WKT, GML and GeoJSON literals (W3C DCAT 3 §6.15; OGC GeoSPARQL 1.1 §8.5).

Positions become longitude, latitude. WKT without a reference system is CRS84, longitude first (GeoSPARQL §8.5.1); EPSG 4326 and
4258 have latitude first, as their registry says; another reference system gives no degrees, and so no geometry here. What is
not understood is None, never a guess.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from metadata.model import Box
from standards.base import Unreadable

Geometry = dict[str, Any]

LONGEST = 4 << 20
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?"
_TOKEN = re.compile(rf"\s*({_NUMBER}|[A-Za-z]+|[(),])")
_REFERENCE = re.compile(r"\s*(?:<([^>]*)>|SRID=(\d+);)?\s*", re.IGNORECASE)
_KINDS = {
    "POINT": ("Point", 0), "MULTIPOINT": ("MultiPoint", 1), "LINESTRING": ("LineString", 1), "POLYGON": ("Polygon", 2),
    "MULTILINESTRING": ("MultiLineString", 2), "MULTIPOLYGON": ("MultiPolygon", 3),
}  # fmt: skip
_SHAPES = frozenset((*(kind for kind, _ in _KINDS.values()), "GeometryCollection"))
_BRACED = re.compile(r"\s*[({\[]")


def geometry_of(words: str) -> Geometry | None:
    """GeoJSON (a geometry) from a literal in any of the three languages."""
    if len(words) > LONGEST or not words.strip():
        return None
    start = words.lstrip()[:1]
    if start == "{":
        return _from_json(words)
    if start == "<" and not re.match(r"\s*<https?:|\s*<urn:", words):
        return _from_gml(words)
    return _from_wkt(words)


def box_of(geometry: Geometry | None) -> Box | None:
    """The box around a geometry in degrees; None when its numbers are none."""
    box = around(geometry)
    return box if box and is_box(box) else None


def around(geometry: Geometry | None) -> Box | None:
    """The box around all positions, whatever their numbers."""
    across: list[float] = []
    up: list[float] = []
    waiting: list[Any] = [geometry]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [value.get("coordinates"), value.get("geometries")]
        elif isinstance(value, list) and len(value) >= 2 and all(_is_number(each) for each in value[:2]):
            across.append(float(value[0]))
            up.append(float(value[1]))
        elif isinstance(value, list):
            waiting += value
    return (min(across), min(up), max(across), max(up)) if across else None


def is_box(box: Box) -> bool:
    """Whether these are longitudes and latitudes, south not above north."""
    west, south, east, north = box
    return -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90


def is_rectangle(geometry: Geometry) -> bool:
    """Whether a geometry is the box around it: a polygon of four corners."""
    box = around(geometry)
    if geometry.get("type") != "Polygon" or not box or len(geometry["coordinates"]) != 1:
        return False
    corners = {tuple(position[:2]) for position in geometry["coordinates"][0]}
    west, south, east, north = box
    return corners == {(west, south), (west, north), (east, south), (east, north)}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _from_json(words: str) -> Geometry | None:
    try:
        shape = orjson.loads(words)
    except ValueError:
        return None
    if isinstance(shape, dict) and shape.get("type") == "Feature":
        shape = shape.get("geometry")
    if not isinstance(shape, dict) or shape.get("type") not in _SHAPES:
        return None
    return shape if around(shape) else None


def _swapped(reference: str) -> bool | None:
    """Whether latitude comes first in a reference system; None when its numbers are no degrees."""
    if not reference or "CRS84" in reference:
        return False
    code = re.search(r"(\d+)/?$", reference)
    if code and code[1] in ("4326", "4258", "4979", "4269"):
        return "epsg:" not in reference.lower() or "urn:" in reference.lower() or "def/crs" in reference.lower()
    return None


def _from_wkt(words: str) -> Geometry | None:
    named = _REFERENCE.match(words)
    reference = (named[1] or "") if named else ""
    swapped = False if named and named[2] == "4326" else None if named and named[2] else _swapped(reference)
    if swapped is None or not named:
        return None
    tokens = _TOKEN.findall(words, named.end())
    if len("".join(tokens)) != len(re.sub(r"\s+", "", words[named.end() :])):
        return None
    try:
        shape, end = _shape(tokens, 0, swapped)
    except (IndexError, ValueError, RecursionError):
        return None
    return shape if end == len(tokens) else None


def _shape(tokens: list[str], at: int, swapped: bool, depth: int = 0) -> tuple[Geometry, int]:
    """A geometry that starts at a token, and where it ends. Raises ValueError, IndexError for what is none."""
    word = tokens[at].upper()
    at += 1
    if tokens[at].upper() in ("Z", "M", "ZM"):
        at += 1
    if word in ("ENVELOPE", "BBOX", "BOX"):
        return _envelope(tokens, at, word)
    if word == "GEOMETRYCOLLECTION" and depth < 5:
        members, at = [], _after(tokens, at, "(")
        while True:
            member, at = _shape(tokens, at, swapped, depth + 1)
            members.append(member)
            if tokens[at] == ")":
                return {"type": "GeometryCollection", "geometries": members}, at + 1
            at = _after(tokens, at, ",")
    kind, deep = _KINDS[word] if word in _KINDS else _no_kind(word)
    if word == "MULTIPOINT" and tokens[at + 1] == "(":
        nested, at = _nested(tokens, at, 2, swapped)
        return {"type": kind, "coordinates": [each[0] for each in nested]}, at
    nested, at = _nested(tokens, at, max(deep, 1), swapped)
    return {"type": kind, "coordinates": nested if deep else nested[0]}, at


def _no_kind(word: str) -> tuple[str, int]:
    raise ValueError(word)


def _after(tokens: list[str], at: int, mark: str) -> int:
    if tokens[at] != mark:
        raise ValueError(tokens[at])
    return at + 1


def _nested(tokens: list[str], at: int, depth: int, swapped: bool) -> tuple[list[Any], int]:
    """Positions between brackets, `depth` brackets deep."""
    at = _after(tokens, at, "(")
    found: list[Any] = []
    while True:
        if depth > 1:
            inner, at = _nested(tokens, at, depth - 1, swapped)
        else:
            inner, at = _position(tokens, at, swapped)
        found.append(inner)
        if tokens[at] == ")":
            return found, at + 1
        at = _after(tokens, at, ",")


def _position(tokens: list[str], at: int, swapped: bool) -> tuple[list[float], int]:
    first, second = float(tokens[at]), float(tokens[at + 1])
    at += 2
    while tokens[at] not in ",)":
        float(tokens[at])
        at += 1
    return [second, first] if swapped else [first, second], at


def _envelope(tokens: list[str], at: int, word: str) -> tuple[Geometry, int]:
    """`ENVELOPE(w, e, n, s)` (OGC CQL), `BBOX(w, s, e, n)`, `BOX(w s, e n)`."""
    at = _after(tokens, at, "(")
    end = tokens.index(")", at)
    numbers = [float(each) for each in tokens[at:end] if each != ","]
    if len(numbers) != 4:
        raise ValueError(word)
    west, second, third, fourth = numbers
    south, east, north = (fourth, second, third) if word == "ENVELOPE" else (second, third, fourth)
    return rectangle((west, south, east, north)), end + 1


def rectangle(box: Box) -> Geometry:
    """The box as a polygon, anticlockwise from its south-west corner."""
    west, south, east, north = box
    return {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]}


@lru_cache(maxsize=512)
def _gml_numbers(words: str) -> list[float]:
    return [float(number) for number in words.replace(",", " ").split()]


def _from_gml(words: str) -> Geometry | None:
    from standards import xml_documents  # here: lxml is large, and GML is rare

    try:
        root = xml_documents.parse(words.encode("utf-8", "replace"))
        found = {xml_documents.local(each): xml_documents.words(each) for each in root.iter() if isinstance(each.tag, str)}
        return _gml_shape(xml_documents.local(root), found, root.get("srsName") or "")
    except (Unreadable, ValueError, IndexError):
        return None


def _gml_shape(kind: str, found: Mapping[str, str], system: str) -> Geometry | None:
    """A shape by the name of its element, and the words of each element in it."""
    swapped = _swapped(system)
    if swapped is None:
        return None
    if kind == "Envelope" and "lowerCorner" in found and "upperCorner" in found:
        (low_x, low_y), (high_x, high_y) = (
            _turned(_gml_numbers(found[corner])[:2], swapped) for corner in ("lowerCorner", "upperCorner")
        )
        return rectangle((low_x, low_y, high_x, high_y))
    if kind == "Point" and ("pos" in found or "coordinates" in found):
        return {"type": "Point", "coordinates": _turned(_gml_numbers(found.get("pos") or found["coordinates"])[:2], swapped)}
    if kind == "Polygon" and "posList" in found:
        numbers = _gml_numbers(found["posList"])
        return {
            "type": "Polygon",
            "coordinates": [[_turned(list(pair), swapped) for pair in zip(*[iter(numbers)] * 2, strict=True)]],
        }
    return None


def _turned(pair: list[float], swapped: bool) -> list[float]:
    first, second = pair
    return [second, first] if swapped else [first, second]
