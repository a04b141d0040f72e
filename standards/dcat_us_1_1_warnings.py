"""What the official schemas of DCAT-US 1.1 let pass although it helps no reader: each a function from a record to places.

All of these are warnings (or information), all mechanical, and none speaks of a field that is an error already (`bad`). Those
named `cross/…` are shared by all standards (`cross_field`); here they are asked of the record itself, because a check reads no
dataset.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from standards.cross_field import in_future, media_type_differs
from standards.dates import after, is_duration, parse, parse_period
from standards.dcat_us_1_1_places import box_numbers, is_box
from standards.json_schema import Step, cleaned

Place = tuple[str, tuple[Step, ...], str]

_TAG = re.compile(r"</?(?:p|br|b|i|a|ul|ol|li|div|span|strong|em|img|font|table|h[1-6])\b[^<>]{0,2000}>", re.IGNORECASE)


def warnings(body: Any, bad: set[Step]) -> Iterator[Place]:
    """`(name, path, value)` of every warning, but of none whose top-level field is in `bad`. Never raises."""
    if not isinstance(body, dict):
        return
    for field, look in _LOOKS:
        if field not in bad:
            yield from look(body)
    if cleaned(body) is not body:
        yield "record/not-storable", (), ""


def _description(body: dict[str, Any]) -> Iterator[Place]:
    words = body.get("description")
    if not isinstance(words, str) or not words:
        return
    tag = _TAG.search(words) if "<" in words else None
    if tag:
        yield "description/html", ("description",), tag[0][:200]
    if words == body.get("title"):
        yield "description/same-as-title", ("description",), words[:200]


def _issued(body: dict[str, Any]) -> Iterator[Place]:
    issued, modified = body.get("issued"), body.get("modified")
    if issued and isinstance(issued, str) and isinstance(modified, str) and issued[:10] != modified[:10]:
        first, last = parse(issued), parse(modified)
        if first and last and after(first, last):
            yield "issued/after-modified", ("issued",), issued[:200]


def _modified(body: dict[str, Any]) -> Iterator[Place]:
    modified = body.get("modified")
    if not isinstance(modified, str) or not modified:
        return
    if modified[0] in "RP" and is_duration(modified):
        yield "modified/interval", ("modified",), modified[:200]
    elif _is_late(modified[:10]):
        yield "cross/future", ("modified",), modified[:200]


@lru_cache(maxsize=4096)
def _is_late(day: str) -> bool:
    """Whether a day is after tomorrow. Remembered: a process that runs for weeks tells of a few days too many."""
    return in_future(parse(day))


def _rights(body: dict[str, Any]) -> Iterator[Place]:
    if body.get("accessLevel") in ("restricted public", "non-public") and not body.get("rights"):
        yield "rights/missing", ("rights",), ""


def _described_by(body: dict[str, Any]) -> Iterator[Place]:
    if body.get("describedByType") and not body.get("describedBy"):
        yield "describedByType/alone", ("describedByType",), str(body["describedByType"])[:200]


def _landing_page(body: dict[str, Any]) -> Iterator[Place]:
    page = body.get("landingPage")
    if isinstance(page, str) and page[:7].lower() == "http://":
        yield "cross/https", ("landingPage",), page[:200]


def _publisher(body: dict[str, Any]) -> Iterator[Place]:
    """A body that is below itself."""
    above: list[Any] = []
    one, path = body.get("publisher"), ["publisher"]
    while isinstance(one, dict) and len(path) < _HIGHEST:
        if one.get("name") and one.get("name") in above:
            yield "publisher/below-itself", (*path, "name"), str(one["name"])[:200]
            return
        above.append(one.get("name"))
        one = one.get("subOrganizationOf")
        path.append("subOrganizationOf")


def _temporal(body: dict[str, Any]) -> Iterator[Place]:
    temporal = body.get("temporal")
    if isinstance(temporal, str) and temporal:
        start, end = parse_period(temporal) or (None, None)
        if start and end and after(start, end):
            yield "temporal/reversed", ("temporal",), temporal[:200]


def _keyword(body: dict[str, Any]) -> Iterator[Place]:
    words = body.get("keyword")
    if isinstance(words, list) and _repeats(words) and all(isinstance(word, str) for word in words):
        place = next(at for at, word in enumerate(words) if word in words[:at])
        yield "keyword/repeated", ("keyword", place), words[place][:200]


def _repeats(words: list[Any]) -> bool:
    try:
        return len(set(words)) < len(words)
    except TypeError:  # lists and objects
        return False


def _distribution(body: dict[str, Any]) -> Iterator[Place]:
    ways = body.get("distribution")
    if not ways and body.get("accessLevel") == "public" and not body.get("landingPage"):
        yield "distribution/missing", ("distribution",), ""
    if isinstance(ways, list):
        for at, way in enumerate(ways):
            if isinstance(way, dict):
                yield from _way(way, at)


def _way(way: dict[str, Any], at: int) -> Iterator[Place]:
    url, media_type = way.get("downloadURL"), way.get("mediaType")
    if not url and not way.get("accessURL"):
        yield "distribution/no-url", ("distribution", at), str(way.get("title") or "")[:200]
    if url and media_type and isinstance(url, str) and isinstance(media_type, str):
        name, _, ending = url[-200:].rpartition(".")
        if name and ending.isalnum() and _differs(media_type, ending):
            yield "cross/media-type", ("distribution", at, "mediaType"), f"{media_type} · {url}"[:200]


@lru_cache(maxsize=2048)
def _differs(media_type: str, ending: str) -> bool:
    return media_type_differs(media_type, f"https://host.example/file.{ending}")


def _spatial(body: dict[str, Any]) -> Iterator[Place]:
    spatial = body.get("spatial")
    if isinstance(spatial, str) and spatial[:1] in _NUMERIC:
        numbers = box_numbers(spatial)
        if numbers and not is_box(numbers):
            yield "spatial/out-of-range", ("spatial",), spatial[:200]


_HIGHEST = 20
_NUMERIC = frozenset("-+.0123456789 \t\nEe")
"""How four numbers, or an ENVELOPE, begin."""
_LOOKS = (
    ("description", _description),
    ("issued", _issued),
    ("temporal", _temporal),
    ("keyword", _keyword),
    ("distribution", _distribution),
    ("spatial", _spatial),
    ("modified", _modified),
    ("rights", _rights),
    ("describedByType", _described_by),
    ("landingPage", _landing_page),
    ("publisher", _publisher),
)
