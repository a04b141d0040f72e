"""The map of the search page: degrees as they are (plate carrée), lines every ten, a few cities for orientation, and the box
and point that were chosen. No outlines, no borders, nothing from elsewhere. Positions of cities: to a tenth of a degree.
"""

from dataclasses import dataclass
from math import cos, radians
from typing import Any

from search.base import Box

CITIES = (
    (116.4, 39.9, "北京", "Beijing", True),
    (121.5, 31.2, "上海", "Shanghai", False),
    (113.3, 23.1, "广州", "Guangzhou", False),
    (104.1, 30.7, "成都", "Chengdu", False),
    (108.9, 34.3, "西安", "Xi’an", False),
    (126.6, 45.8, "哈尔滨", "Harbin", False),
    (87.6, 43.8, "乌鲁木齐", "Ürümqi", False),
    (91.1, 29.7, "拉萨", "Lhasa", False),
    (102.7, 25.0, "昆明", "Kunming", False),
    (103.8, 1.3, "新加坡", "Singapore", True),
    (77.2, 28.6, "新德里", "Delhi", True),
    (37.6, 55.8, "莫斯科", "Moscow", True),
    (31.2, 30.0, "开罗", "Cairo", True),
    (36.8, -1.3, "内罗毕", "Nairobi", True),
    (18.4, -33.9, "开普敦", "Cape Town", True),
    (-0.1, 51.5, "伦敦", "London", True),
    (-74.0, 40.7, "纽约", "New York", True),
    (-122.4, 37.8, "旧金山", "San Francisco", True),
    (-99.1, 19.4, "墨西哥城", "Mexico City", True),
    (-46.6, -23.6, "圣保罗", "São Paulo", True),
    (151.2, -33.9, "悉尼", "Sydney", True),
)
"""(longitude, latitude, zh, en, shown on the map of the world too)."""

WORLD: Box = (-180.0, -90.0, 180.0, 90.0)
CHINA: Box = (72.0, 16.0, 136.0, 55.0)
_KILOMETRES = 111.195  # of a degree along a meridian, with the radius of search.plan.Near


@dataclass(frozen=True)
class City:
    """A name on the map; y goes down."""

    x: float
    y: float
    name: str
    far: bool


def view(box: Box | None, near: tuple[float, float, float] | None, tag: str, home: str) -> dict[str, Any]:
    """The map for a template: the part of the world it shows (China or all of it, as `home` says and what is chosen allows),
    lines, cities, rectangles of the box (two across the antimeridian), and the ellipse of the point."""
    seen = CHINA if home == "zh" and _fits(box, near) else WORLD
    west, south, east, north = seen
    return {
        "view": f"{west:g} {-north:g} {east - west:g} {north - south:g}",
        "world": seen is WORLD,
        "meridians": range(-180, 181, 10),
        "parallels": range(-80, 81, 10),
        "cities": [City(x, -y, zh if tag == "zh" else en, far) for x, y, zh, en, far in CITIES],
        "boxes": _rectangles(box),
        "point": _ellipse(near),
    }


def _fits(box: Box | None, near: tuple[float, float, float] | None) -> bool:
    if near is not None and not (CHINA[0] <= near[0] <= CHINA[2] and CHINA[1] <= near[1] <= CHINA[3]):
        return False
    if box is None:
        return True
    west, south, east, north = box
    return west <= east and west >= CHINA[0] and east <= CHINA[2] and south >= CHINA[1] and north <= CHINA[3]


def _rectangles(box: Box | None) -> list[dict[str, float]]:
    if box is None:
        return []
    west, south, east, north = box
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return [{"x": left, "y": -north, "width": right - left, "height": north - south} for left, right in spans]


def _ellipse(near: tuple[float, float, float] | None) -> dict[str, float] | None:
    """A circle on the ground, in degrees: wider away from the equator."""
    if near is None:
        return None
    longitude, latitude, kilometres = near
    height = kilometres / _KILOMETRES
    width = height / max(cos(radians(latitude)), 0.02)
    return {"x": longitude, "y": -latitude, "rx": min(width, 180.0), "ry": min(height, 180.0)}
