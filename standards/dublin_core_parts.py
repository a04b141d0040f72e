"""Parts of Dublin Core that take some understanding: places and periods told in words, files and their formats.

Sources: DCMI Box, DCMI Period, W3CDTF; OGC CSW 2.0.2 §10.2.5.3 (`ows:BoundingBox`).
"""

from collections.abc import Iterable
from typing import Any

from metadata.model import Coded, Distribution, Period, Place
from metadata.text import Text
from metadata.vocabulary import format_of, look_up
from standards import dates
from standards.coordinates import box_of_words, name_of_words
from standards.dublin_core_terms import Said
from standards.portal_members import is_address, unknown
from standards.rdf_geometry import box_of, geometry_of


class Reader:
    """Takes statements by their terms; what is not taken is left under its own name."""

    def __init__(self, said: Iterable[Said]) -> None:
        self.left: list[Said] = list(said)

    def take(self, *terms: str) -> list[Said]:
        """All statements of these terms that have words, in the order of the terms."""
        found = [each for term in terms for each in self.left if each.term == term and each.text]
        self.left = [each for each in self.left if each not in found]
        return found

    def back(self, said: Iterable[Said]) -> None:
        """Statements that were not understood."""
        self.left.extend(said)

    def rest(self) -> dict[str, Any]:
        """What is left, by name."""
        found: dict[str, list[Any]] = {}
        for each in self.left:
            found.setdefault(each.name, []).append(each.raw)
        return {name: some[0] if len(some) == 1 else some for name, some in found.items()}


def covered(reader: Reader) -> dict[str, Any]:
    places = [_place(each) for each in reader.take("spatial")]
    periods = [_period(each) for each in reader.take("temporal")]
    for each in reader.take("coverage"):
        when = _period(each)
        if each.kind == "Period" or (when.raw is None):
            periods.append(when)
        elif each.words.strip("- "):
            places.append(_place(each))
    return {"spatial": tuple(places), "temporal": tuple(periods)}


def _place(said: Said) -> Place:
    """A DCMI Box, WKT or GeoJSON, coordinates in words, an address, or a name."""
    box = box_of_words(said.words)
    name = name_of_words(said.words)
    if box:
        return Place(box=box, name={_first(said): name} if name else {})
    shape = geometry_of(said.words) if said.words[:1] in "{PMLE<" else None
    if shape:
        return Place(geometry=shape, box=box_of(shape))
    if said.kind == "URI" or is_address(said.words):
        return Place(uri=said.words)
    return Place(name={tag: words.rstrip("- ") for tag, words in said.text.items()})


def _first(said: Said) -> str:
    return next(iter(said.text), "und")


def _period(said: Said) -> Period:
    """A DCMI Period (`start=…; end=…`), an interval, or one date."""
    parts = dict(part.strip().split("=", 1) for part in said.words.split(";") if "=" in part)
    if "start" in parts or "end" in parts:
        start, end = dates.parse(parts.get("start", "")), dates.parse(parts.get("end", ""))
        if start or end:
            return Period(start=start, end=end)
    span = dates.parse_period(said.words)
    if span:
        return Period(start=span[0], end=span[1])
    day = dates.parse(said.words)
    return Period(start=day, end=day) if day else Period(raw=said.words)


def ways(reader: Reader, others: dict[str, Any]) -> tuple[Distribution, ...]:
    """Addresses of `hasFormat` and of CSW's `URI`, with the format of the same number where there are as many of both."""
    urls = [each for each in reader.take("hasFormat") if is_address(each.words)]
    links = _csw_links(others)
    forms = reader.take("format", "medium")
    if not urls and not links:
        # `1 map : color` is an extent, whatever its words may mean.
        known = [each for each in forms if not each.words[0].isdigit() and look_up("format", each.words).scheme]
        reader.back(each for each in forms if each not in known)
        return tuple(
            Distribution(format=form, media_type=kind) for each in known for form, kind in (_format(each.words, None),)
        )
    paired = len(forms) == len(urls) and not links
    if not paired:
        reader.back(forms)
    made = []
    for number, each in enumerate(urls):
        form, kind = _format(forms[number].words if paired else None, each.words)
        file = each.words if each.kind == "URI" else None
        made.append(Distribution(download_url=file, access_url=None if file else each.words, format=form, media_type=kind))
    return (*made, *links)


def _format(said: str | None, url: str | None) -> tuple[Coded | None, str | None]:
    return format_of(said, said if said and "/" in said else None, url)


def _csw_links(others: dict[str, Any]) -> tuple[Distribution, ...]:
    """pycsw's `dc:URI` with its protocol."""
    given = others.get("URI")
    made = []
    for each in given if isinstance(given, list) else [given]:
        url = each.get("#text") if isinstance(each, dict) else each
        if isinstance(url, str) and is_address(url):
            protocol = str(each.get("@protocol", "")) if isinstance(each, dict) else ""
            name = str(each.get("@name", "")) if isinstance(each, dict) else ""
            form, kind = format_of(None, None, url)
            label: Text = {"und": name} if name.strip() else {}
            made.append(Distribution(title=label, access_url=url, format=form or unknown(protocol), media_type=kind))
    if made:
        others.pop("URI")
    return tuple(made)


def boxes(others: dict[str, Any]) -> tuple[Place, ...]:
    """`ows:BoundingBox` of a CSW record: latitude first unless it is a WGS84BoundingBox or CRS84."""
    made = []
    for name in ("WGS84BoundingBox", "BoundingBox"):
        given = others.get(name)
        for each in given if isinstance(given, list) else [given]:
            corners = _corners(each) if isinstance(each, dict) else None
            if corners and isinstance(each, dict):
                lower, upper = corners
                swapped = name == "BoundingBox" and "CRS84" not in str(each.get("@crs", ""))
                numbers = (*reversed(lower), *reversed(upper)) if swapped else (*lower, *upper)
                box = box_of_words(" ".join(numbers)) or box_of_words(" ".join((*lower, *upper)))
                made.extend([Place(box=box)] if box else [])
    if made:
        for name in ("WGS84BoundingBox", "BoundingBox"):
            others.pop(name, None)
    return tuple(made)


def _corners(value: dict[str, Any]) -> tuple[list[str], list[str]] | None:
    lower, upper = str(value.get("LowerCorner", "")).split(), str(value.get("UpperCorner", "")).split()
    return (lower, upper) if len(lower) == len(upper) == 2 else None
