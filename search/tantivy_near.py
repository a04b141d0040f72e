"""Circles on the earth for the embedded engine, which knows numbers only. Exact: what surely lies within is found by bounds,
what may lie within is measured."""

import math
from collections.abc import Iterator

import tantivy
from tantivy import FieldType, Occur, Query

from search.geometry import RADIUS, haversine
from search.plan import Near
from search.tantivy_folder import View, count
from search.tantivy_schema import dataset_id

FARTHEST_KM = 20_100.0
_SAFETY = 1e-6  # degrees: what rounding may cost
_FIRST_KM = 2.0

Hits = list[tuple[float | None, tantivy.DocAddress]]


def near(view: View, node: Near) -> Query:
    """Documents whose centre lies in a circle."""
    if node not in view.circles:
        view.circles[node] = _circle(view, node)
    return view.circles[node]


def nearest(
    view: View, query: Query, point: tuple[float, float], *, down: bool, after: tuple[float | None, str] | None, most: int
) -> Hits:
    """What a query finds, by distance to a point and then by id, the first `most` of them (those after a distance and an id);
    what has no place comes last. The circle grows until it holds enough."""
    placed = _with(query, [(Occur.Must, _exists(view, "latitude"))])
    everywhere = count(view, placed)
    radius, sign = (FARTHEST_KM, -1) if down else (_FIRST_KM, 1)
    while True:
        circle = Near(point[0], point[1], radius)
        found = sorted(_measured(view, _with(query, _bounds(view, circle)), circle), key=lambda hit: (sign * hit[0], hit[1]))
        kept = [hit for hit in found if _comes_after(hit[0], hit[1], after, down)]
        if len(kept) >= most or radius >= FARTHEST_KM or len(found) == everywhere:
            break
        radius = min(radius * 4, FARTHEST_KM)
    hits: Hits = [(distance, address) for distance, _, address in kept[:most]]
    if len(hits) < most:
        rest = _with(query, [(Occur.MustNot, _exists(view, "latitude"))])
        ids = sorted((one, address) for _, one, address in _ids(view, rest))
        hits += [(None, address) for one, address in ids if _comes_after(None, one, after, down)][: most - len(hits)]
    return hits


def id_of(view: View, address: tantivy.DocAddress) -> str:
    """The id of the document at an address."""
    high, low = (view.searcher.fast_field_values(name, [address])[0] for name in ("id_high", "id_low"))
    return dataset_id(int(high or 0), int(low or 0))


def _comes_after(distance: float | None, one: str, after: tuple[float | None, str] | None, down: bool) -> bool:
    if after is None:
        return True
    if distance is None or after[0] is None:
        return (distance is None and after[0] is not None) or (distance is None and one > after[1])
    if distance == after[0]:
        return one > after[1]
    return (distance < after[0]) if down else (distance > after[0])


def _circle(view: View, node: Near) -> Query:
    inside = _inscribed(node)
    sure = Query.boolean_query([(Occur.Must, _range(view, name, low, high)) for name, low, high in inside])
    maybe = Query.boolean_query([*_bounds(view, node), *([(Occur.MustNot, sure)] if inside else [])])
    ids = [one for distance, one, _ in _measured(view, maybe, node) if distance <= node.kilometres]
    found = [sure] if inside else []
    if ids:
        found.append(Query.term_set_query(view.schema, "id", ids))
    if not found:
        return Query.empty_query()
    return Query.boolean_query([(Occur.Should, one) for one in found])


def _measured(view: View, query: Query, node: Near) -> list[tuple[float, str, tantivy.DocAddress]]:
    """Those in a circle, each with its distance in km and its id."""
    hits = list(_ids(view, query))
    addresses = [address for _, _, address in hits]
    places = zip(*(view.searcher.fast_field_values(name, addresses) for name in ("longitude", "latitude")), strict=True)
    measured = (
        (haversine(node.longitude, node.latitude, longitude, latitude), one, address)
        for (_, one, address), (longitude, latitude) in zip(hits, places, strict=True)
    )
    return [hit for hit in measured if hit[0] <= node.kilometres]


def _ids(view: View, query: Query) -> Iterator[tuple[None, str, tantivy.DocAddress]]:
    addresses = [
        hit for _, hit in view.searcher.search(query, max(1, count(view, query)), count=False, order_by_field="id_high").hits
    ]
    for high, low, address in zip(
        *(view.searcher.fast_field_values(name, addresses) for name in ("id_high", "id_low")), addresses, strict=True
    ):
        yield None, dataset_id(int(high or 0), int(low or 0)), address


def _bounds(view: View, node: Near) -> list[tuple[Occur, Query]]:
    """A box around the circle, as conditions on the centre."""
    angle = math.degrees(node.kilometres / RADIUS) + _SAFETY
    south, north = node.latitude - angle, node.latitude + angle
    found = [(Occur.Must, _range(view, "latitude", south, north))]
    if south > -90 and north < 90:
        ratio = math.sin(math.radians(angle)) / math.cos(math.radians(node.latitude))
        half = math.degrees(math.asin(min(1.0, ratio))) + _SAFETY
        if half < 180:
            shifts = (node.longitude - 360, node.longitude, node.longitude + 360)
            ranges = [_range(view, "longitude", centre - half, centre + half) for centre in shifts]
            found.append((Occur.Must, Query.boolean_query([(Occur.Should, one) for one in ranges])))
    return found


def _inscribed(node: Near) -> list[tuple[str, float, float]]:
    """A box within the circle, as bounds of the centre; none when the circle is small, or goes around a pole or the edge of
    the map. A box's farthest points are its corners."""
    angle = math.degrees(node.kilometres / RADIUS) * 0.7
    if angle < 0.01 or abs(node.latitude) + angle > 85:
        return []
    south, north = node.latitude - angle, node.latitude + angle
    half = angle / math.cos(math.radians(abs(node.latitude)))
    while half > _SAFETY and any(
        haversine(node.longitude, node.latitude, node.longitude + half, edge) > node.kilometres * 0.999
        for edge in (south, north)
    ):
        half *= 0.9
    if abs(node.longitude) + half > 180:
        return []
    return [("latitude", south, north), ("longitude", node.longitude - half, node.longitude + half)]


def _range(view: View, name: str, low: float, high: float) -> Query:
    return Query.const_score_query(Query.range_query(view.schema, name, FieldType.Float, float(low), float(high)), 0.0)


def _exists(view: View, name: str) -> Query:
    return _range(view, name, -1e9, 1e9)


def _with(query: Query, conditions: list[tuple[Occur, Query]]) -> Query:
    return Query.boolean_query([(Occur.Must, query), *conditions])
