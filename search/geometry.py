"""Boxes and points on a globe, as plain numbers that any engine can compare. Pure; degrees and kilometres.

A box is `(west, south, east, north)`. Given by someone, its east may be less than its west: then it crosses the antimeridian
(RFC 7946 §5.2). Here it is normalised: west in [-180, 180), west ≤ east ≤ west + 360, so east is over 180 where it crosses;
all the way round is (-180, 180). What an index holds is always normalised.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import asin, cos, radians, sin, sqrt
from typing import Any

from metadata.errors import Invalid
from metadata.model import Box, Place

RADIUS = 6_371.0088
"""Mean radius of the earth in kilometres (IUGG)."""

Coordinates = tuple[float, float, float, float, float, float]


def normalised(box: Box) -> Box | None:
    """The same box with west in [-180, 180) and east from west on; None when it is none: numbers that are no degrees
    (longitudes from -360 to 360, or to 540 in the east; latitudes from -90 to 90), south over north."""
    west, south, east, north = box
    if not (-90 <= south <= north <= 90 and -360 <= west <= 360 and -360 <= east < 540):
        return None
    while east < west:
        east += 360.0
    if east - west >= 360:
        return -180.0, float(south), 180.0, float(north)
    turn = -360.0 * ((west + 180.0) // 360.0)
    return west + turn, float(south), east + turn, float(north)


def hull(boxes: Iterable[Box]) -> Box | None:
    """The smallest normalised box around all that are boxes, None without any. East to west it leaves out the widest gap, of
    equally wide ones that at the antimeridian, else the westernmost."""
    found = [one for box in boxes if (one := normalised(box))]
    if len(found) < 2:
        return found[0] if found else None
    south, north = min(box[1] for box in found), max(box[3] for box in found)
    west, east = _around([(box[0], box[2]) for box in found])
    return normalised((west, south, east, north))


def _around(arcs: list[tuple[float, float]]) -> tuple[float, float]:
    """West and east of the shortest arc around all arcs: it begins where the widest gap ends."""
    arcs = sorted(arcs)
    furthest = max(east for _, east in arcs)
    west, reach, end = arcs[0][0], arcs[0][1], furthest
    widest = west - (furthest - 360.0)
    for begin, east in arcs[1:]:
        before = max(reach, furthest - 360.0)
        if begin - before > widest:
            widest, west, end = begin - before, begin, before + 360.0
        reach = max(reach, east)
    return (west, end) if widest > 0 else (-180.0, 180.0)


def box_of(places: Iterable[Place]) -> Box | None:
    """The hull of all places: of each its box, else what is around its geometry."""
    return hull(box for place in places for box in _boxes(place))


def _boxes(place: Place) -> Iterable[Box]:
    if place.box and normalised(place.box):
        return (place.box,)
    return shapes(place.geometry) if place.geometry else ()


def shapes(geometry: Mapping[str, Any]) -> list[Box]:
    """A box for each part of a GeoJSON geometry or feature: parts on both sides of the antimeridian are apart (RFC 7946
    §3.1.9), so that their hull can cross it. What is no GeoJSON gives nothing."""
    found: list[Box] = []
    pending: list[Any] = [geometry]
    while pending:
        one = pending.pop()
        if not isinstance(one, Mapping):
            continue
        for member in ("geometries", "features"):
            if isinstance(members := one.get(member), list):
                pending += members
        pending.append(one.get("geometry"))
        parts = one.get("coordinates")
        several = parts if isinstance(parts, list) and str(one.get("type")).startswith("Multi") else [parts]
        found += [box for part in several if (box := _bounds(part))]
    return found


def _bounds(coordinates: Any) -> Box | None:
    positions = list(_positions(coordinates))
    if not positions:
        return None
    longitudes, latitudes = zip(*positions, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    pending = [coordinates]
    while pending:
        one = pending.pop()
        if not isinstance(one, list | tuple):
            continue
        if len(one) >= 2 and _is_number(one[0]) and _is_number(one[1]):
            yield float(one[0]), float(one[1])
        else:
            pending += one


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 360


def coordinates(box: Box) -> Coordinates:
    """What an index keeps of a normalised box: west, south, east, north, and the longitude [-180, 180] and latitude of its
    centre."""
    west, south, east, north = box
    longitude = (west + east) / 2
    return west, south, east, north, longitude - 360.0 if longitude > 180 else longitude, (south + north) / 2


def haversine(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Kilometres between two points along a great circle."""
    one, other = radians(latitude), radians(other_latitude)
    half = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * RADIUS * asin(sqrt(min(1.0, half)))


def shifts(box: Box) -> list[Box]:
    """Boxes to compare normalised boxes with, number by number: a box meets the asked one when it meets one of them
    (`west ≤ their east` and `east ≥ their west`), and lies within it when it lies within one. Raises `Invalid`."""
    asked = normalised(box)
    if asked is None:
        remedy = "Write west, south, east, north in degrees; east is less than west across the antimeridian."
        raise Invalid("this is no box", place="box", value=list(box), remedy=remedy)
    west, south, east, north = asked
    if east - west >= 360:
        return [(-180.0, south, 540.0, north)]
    turned = (0.0, 360.0, -360.0) if east >= 180 else (0.0, 360.0)
    return [(west + turn, south, east + turn, north) for turn in turned]
