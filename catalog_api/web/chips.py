"""Chips: everything that is chosen, each with the address of the question without it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalog_api.web.asking import PARTS, Asking, values_of
from catalog_api.web.translation import N_, Tongue
from catalog_api.web.understanding import Label, bounds, title
from catalog_api.web.wording import number
from search.base import Box


@dataclass(frozen=True)
class Chip:
    """`kind` is what it is about, `name` what was chosen; `out`: it is left out."""

    kind: str
    name: str
    url: str
    out: bool = False


_SIGNS = {"filters": "%(kind)s", "excluded": N_("without %(kind)s"), "required": N_("all of %(kind)s")}


def chips(asking: Asking, spoken: Tongue, label: Label) -> list[Chip]:
    """All that is chosen: words, values, bounds, places."""
    query = asking.query
    found = [*_values(asking, spoken, label), *_ranges(asking, spoken)]
    if query.box is not None:
        url = asking.changed(replace(query, box=None, relation="intersects"))
        found.append(Chip(title("bbox", spoken), _area(query.box, spoken, within=query.relation == "within"), url))
    if query.near is not None:
        url = asking.changed(replace(query, near=None, order="relevance" if "distance" in query.order else query.order))
        found.append(Chip(title("near", spoken), _around(query.near, spoken), url))
    if query.words and found:
        found.insert(0, Chip(spoken.say(N_("Words")), query.words, asking.changed(replace(query, words=""))))
    return found


def _values(asking: Asking, spoken: Tongue, label: Label) -> Iterator[Chip]:
    for part in PARTS:
        sign = _SIGNS[part]
        for name, values in values_of(asking.query, part).items():
            kind = (spoken.say(sign) if part != "filters" else sign) % {"kind": title(name, spoken)}
            for value in values:
                url = asking.changed(asking.without_value(part, name, value))
                yield Chip(kind, label(name, value), url, part == "excluded")


def _ranges(asking: Asking, spoken: Tongue) -> Iterator[Chip]:
    for name, ends in asking.query.ranges.items():
        yield Chip(title(name, spoken), bounds(name, ends, spoken), asking.changed(asking.without_range(name)))


def _area(box: Box, spoken: Tongue, *, within: bool) -> str:
    west, south, east, north = box
    text = f"{_angle(south, 'N', 'S')}–{_angle(north, 'N', 'S')}, {_angle(west, 'E', 'W')}–{_angle(east, 'E', 'W')}"
    return spoken.say(N_("within %(area)s")) % {"area": text} if within else text


def _around(near: tuple[float, float, float], spoken: Tongue) -> str:
    point = f"{_angle(near[1], 'N', 'S')}, {_angle(near[0], 'E', 'W')}"
    return spoken.say(N_("%(distance)s km around %(point)s")) % {"distance": number(near[2], spoken), "point": point}


def _angle(degrees: float, positive: str, negative: str) -> str:
    return f"{abs(degrees):.5g}°{positive if degrees >= 0 else negative}"
