"""Where on the globe, worked out by hand for the plain reading: boxes as (west, south, east, north) in degrees, longitudes in a
circle. A box whose east is less than its west crosses the antimeridian."""

from math import asin, cos, pi, sin, sqrt

Box = tuple[float, float, float, float]
_EARTH = 6_371.0088


def _stretches(box: Box) -> list[tuple[float, float]]:
    """The longitudes of a box as stretches between -180 and 180."""
    west, _, east, _ = box
    return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]


def meets(box: Box, asked: Box) -> bool:
    """Whether two boxes have a point in common; the two sides of the antimeridian are the same line."""
    if box[1] > asked[3] or asked[1] > box[3]:
        return False
    return any(
        west <= other_east and other_west <= east
        for one_west, one_east in _stretches(box)
        for turn in (-360.0, 0.0, 360.0)
        for west, east in [(one_west + turn, one_east + turn)]
        for other_west, other_east in _stretches(asked)
    )


def inside(box: Box, asked: Box) -> bool:
    """Whether a box lies within another one, edges included."""
    if box[1] < asked[1] or box[3] > asked[3]:
        return False
    west, east = box[0], box[2] if box[0] <= box[2] else box[2] + 360.0
    asked_west, asked_east = asked[0], asked[2] if asked[0] <= asked[2] else asked[2] + 360.0
    if asked_east - asked_west >= 360.0:
        return True
    return any(asked_west <= west + turn and east + turn <= asked_east for turn in (-360.0, 0.0, 360.0))


def centre(box: Box) -> tuple[float, float]:
    """The middle of a box, going east from its west."""
    west, south, east, north = box
    middle = (west + (east if west <= east else east + 360.0)) / 2
    return (middle - 360.0 if middle > 180.0 else middle), (south + north) / 2


def kilometres(box: Box, point: tuple[float, ...]) -> float:
    """From the middle of a box to a point, along a great circle (haversine)."""
    (longitude, latitude), (other_longitude, other_latitude) = centre(box), point
    one, other = latitude * pi / 180, other_latitude * pi / 180
    half = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * sin((other_longitude - longitude) * pi / 360) ** 2
    return 2 * _EARTH * asin(min(1.0, sqrt(half)))
