"""What the official schemas of DCAT-US 1.1 let pass although it helps no reader: each a function from a record to places.

All of these are warnings, all mechanical, and none speaks of a field that is an error already (`bad`).
"""

import re
from collections.abc import Iterator
from typing import Any

from standards.dates import after, parse, parse_period
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


def _temporal(body: dict[str, Any]) -> Iterator[Place]:
    temporal = body.get("temporal")
    if isinstance(temporal, str) and temporal:
        start, end = parse_period(temporal) or (None, None)
        if start and end and after(start, end):
            yield "temporal/reversed", ("temporal",), temporal[:200]


def _keyword(body: dict[str, Any]) -> Iterator[Place]:
    words = body.get("keyword")
    if isinstance(words, list) and all(isinstance(word, str) for word in words) and len(set(words)) < len(words):
        place = next(at for at, word in enumerate(words) if word in words[:at])
        yield "keyword/repeated", ("keyword", place), words[place][:200]


def _distribution(body: dict[str, Any]) -> Iterator[Place]:
    ways = body.get("distribution")
    if not ways and body.get("accessLevel") == "public" and not body.get("landingPage"):
        yield "distribution/missing", ("distribution",), ""
    if isinstance(ways, list):
        for at, way in enumerate(ways):
            if isinstance(way, dict) and not way.get("downloadURL") and not way.get("accessURL"):
                yield "distribution/no-url", ("distribution", at), str(way.get("title") or "")[:200]


def _spatial(body: dict[str, Any]) -> Iterator[Place]:
    spatial = body.get("spatial")
    if isinstance(spatial, str):
        numbers = box_numbers(spatial)
        if numbers and not is_box(numbers):
            yield "spatial/out-of-range", ("spatial",), spatial[:200]


_LOOKS = (
    ("description", _description),
    ("issued", _issued),
    ("temporal", _temporal),
    ("keyword", _keyword),
    ("distribution", _distribution),
    ("spatial", _spatial),
)
