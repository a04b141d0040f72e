"""Boxes on a globe, compared with a circle of longitudes walked step by step."""

from math import acos, cos, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata.errors import Invalid
from metadata.model import Box, Place
from search.geometry import RADIUS, box_of, coordinates, haversine, hull, normalised, shapes, shifts

STEP = 15
longitude = st.integers(-360 // STEP, 360 // STEP).map(lambda number: float(number * STEP))
latitude = st.integers(-6, 6).map(lambda number: float(number * STEP))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    south, north = sorted((draw(latitude), draw(latitude)))
    return draw(longitude), south, draw(longitude), north


def meridians(box: Box) -> set[int]:
    """Every half step of the circle that a box as given touches, walking east from its west."""
    west, _, east, _ = box
    if east - west >= 360:
        return set(range(0, 720, STEP))
    found = {round(2 * west) % 720}
    place = west
    while round(2 * (place - east)) % 720:
        place += STEP / 2
        found.add(round(2 * place) % 720)
    return found


def whole(box: Box) -> Box:
    """A box that was given as one all the way round is all of the circle, not its first meridian only."""
    found = normalised(box)
    assert found is not None
    return found


@given(boxes())
def test_a_normalised_box_is_the_same_place(box: Box) -> None:
    found = whole(box)
    assert -180 <= found[0] < 180 and found[0] <= found[2] <= found[0] + 360
    assert (found[1], found[3]) == (box[1], box[3])
    assert normalised(found) == found
    assert meridians(found) == meridians(box)


@given(boxes(), boxes())
@settings(max_examples=500)
def test_plain_numbers_tell_what_a_circle_tells(box: Box, asked: Box) -> None:
    held, (south, north) = whole(box), (asked[1], asked[3])
    on_circle = meridians(held) & meridians(asked)
    meets = any(held[0] <= e and held[2] >= w and held[1] <= n and held[3] >= s for w, s, e, n in shifts(asked))
    assert meets == (bool(on_circle) and held[1] <= north and held[3] >= south)
    lies = any(held[0] >= w and held[2] <= e and held[1] >= s and held[3] <= n for w, s, e, n in shifts(asked))
    covered = meridians(held) <= meridians(asked)
    gap = whole(asked)[2] - whole(asked)[0] < 360 <= held[2] - held[0]
    assert lies == (covered and not gap and held[1] >= south and held[3] <= north)


@given(st.lists(boxes(), min_size=1, max_size=4))
@settings(max_examples=500)
def test_a_hull_is_the_smallest_arc_around_all(several: list[Box]) -> None:
    found = hull(several)
    assert found is not None and normalised(found) == found
    assert found[1] == min(box[1] for box in several) and found[3] == max(box[3] for box in several)
    covered = set().union(*map(meridians, several))
    assert covered <= meridians(found)
    around = sorted(covered)
    gaps = [(after - before) % 720 for before, after in zip(around, around[1:] + around[:1], strict=True)]
    widest = max(gaps) if len(around) > 1 else 720
    if widest > STEP:
        assert round(2 * (found[2] - found[0])) == 720 - widest
    else:
        assert found[2] - found[0] == 360


def test_a_hull_leaves_out_the_widest_gap_and_rather_the_antimeridian() -> None:
    assert hull([(170.0, 0.0, 180.0, 1.0), (-180.0, 2.0, -170.0, 3.0)]) == (170.0, 0.0, 190.0, 3.0)
    assert hull([(-90.0, 0.0, -90.0, 0.0), (90.0, 0.0, 90.0, 0.0)]) == (-90.0, 0.0, 90.0, 0.0)
    assert hull([(113.0, 22.0, 114.0, 23.0), (200.0, 0.0, 400.0, 1.0)]) is not None
    assert hull([(1.0, 5.0, 2.0, 4.0), (0.0, 0.0, float("nan"), 1.0)]) is None
    assert hull([]) is None


@pytest.mark.parametrize(
    "box",
    [
        (0.0, -91.0, 1.0, 0.0),
        (0.0, 2.0, 1.0, 1.0),
        (400.0, 0.0, 1.0, 1.0),
        (float("nan"), 0.0, 1.0, 1.0),
        (0.0, 0.0, float("inf"), 1.0),
    ],
)
def test_what_is_no_box_is_refused_when_asked_for_and_ignored_when_held(box: Box) -> None:
    assert normalised(box) is None
    assert box_of([Place(box=box), Place(box=(1.0, 2.0, 3.0, 4.0))]) == (1.0, 2.0, 3.0, 4.0)
    with pytest.raises(Invalid, match="no box"):
        shifts(box)


def test_coordinates_hold_the_centre() -> None:
    assert coordinates((170.0, -10.0, 200.0, 20.0)) == (170.0, -10.0, 200.0, 20.0, -175.0, 5.0)
    assert coordinates((-180.0, -90.0, 180.0, 90.0))[4:] == (0.0, 0.0)


degrees = st.floats(-180, 180, allow_nan=False)


@given(degrees, degrees.map(lambda one: one / 2), degrees, degrees.map(lambda one: one / 2))
def test_distances_are_those_of_a_sphere(west: float, south: float, east: float, north: float) -> None:
    one, other = radians(south), radians(north)
    angle = acos(max(-1.0, min(1.0, sin(one) * sin(other) + cos(one) * cos(other) * cos(radians(east - west)))))
    assert haversine(west, south, east, north) == pytest.approx(RADIUS * angle, abs=0.2)


def test_shapes_give_a_box_for_each_part() -> None:
    polygon = {"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 5], [1, 2]], [[1.5, 2.5], [2, 3], [1.5, 2.5]]]}
    assert shapes(polygon) == [(1.0, 2.0, 3.0, 5.0)]
    assert shapes({"type": "Point", "coordinates": [116.4, 39.9, 50]}) == [(116.4, 39.9, 116.4, 39.9)]
    fiji = {
        "type": "MultiPolygon",
        "coordinates": [[[[177, -19], [180, -16], [177, -16]]], [[[-180, -19], [-178, -16], [-180, -16]]]],
    }
    assert box_of([Place(geometry=fiji)]) == (177.0, -19.0, 182.0, -16.0)
    both = {"type": "GeometryCollection", "geometries": [polygon, {"type": "Point", "coordinates": [9, 9]}]}
    assert box_of([Place(geometry={"type": "Feature", "geometry": both})]) == (1.0, 2.0, 9.0, 9.0)


@pytest.mark.parametrize(
    "geometry",
    [{}, {"type": "Point"}, {"type": "Point", "coordinates": ["a", None]}, {"type": "MultiPoint", "coordinates": 7},
     {"type": "Point", "coordinates": [1e9, 1e9]}, {"geometries": "no", "coordinates": {"x": 1}}],
)  # fmt: skip
def test_what_is_no_shape_gives_nothing(geometry: dict[str, object]) -> None:
    assert box_of([Place(geometry=geometry)]) is None


def test_a_box_goes_before_a_shape() -> None:
    place = Place(box=(0.0, 0.0, 1.0, 1.0), geometry={"type": "Point", "coordinates": [50, 50]})
    assert box_of([place]) == (0.0, 0.0, 1.0, 1.0)
