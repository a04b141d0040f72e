"""What the official schemas of DCAT-US 1.1 let pass although it helps no reader: each a function from a record to places.

All of these are warnings (or information), all mechanical, and none speaks of a field that is an error already (`bad`). Those
named `cross/…` are shared by all standards (`cross_field`); here they are asked of the record itself, because a check reads no
dataset.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from time import time
from typing import Any

from standards.cross_field import in_future, media_type_differs
from standards.dates import after, is_duration, parse, parse_period
from standards.dcat_us_1_1_places import box_numbers, is_box
from standards.json_schema import Step, cleaned

Place = tuple[str, tuple[Step, ...], str]
Found = list[Place] | None

_TAG = re.compile(r"</?(?:p|br|b|i|a|ul|ol|li|div|span|strong|em|img|font|table|h[1-6])\b[^<>]{0,2000}>", re.IGNORECASE)


def warnings(body: Any, bad: set[Step]) -> Iterator[Place]:
    """`(name, path, value)` of every warning, but of none whose top-level field is in `bad`. Never raises."""
    if not isinstance(body, dict):
        return
    for field, look in _LOOKS:
        if field not in bad and (found := look(body)):
            yield from found
    if cleaned(body) is not body:
        yield "record/not-storable", (), ""


def _description(body: dict[str, Any]) -> Found:
    words = body.get("description")
    if not isinstance(words, str) or not words:
        return None
    found = []
    tag = _TAG.search(words) if "<" in words else None
    if tag:
        found.append(_told("description/html", ("description",), tag[0]))
    if words == body.get("title"):
        found.append(_told("description/same-as-title", ("description",), words))
    return found


def _issued(body: dict[str, Any]) -> Found:
    issued, modified = body.get("issued"), body.get("modified")
    if not issued or not isinstance(issued, str) or not isinstance(modified, str):
        return None
    if issued[4:5] == "-" == modified[4:5] and issued[:10] <= modified[:10]:
        return None
    first, last = parse(issued), parse(modified)
    return [_told("issued/after-modified", ("issued",), issued)] if first and last and after(first, last) else None


def _modified(body: dict[str, Any]) -> Found:
    modified = body.get("modified")
    if not isinstance(modified, str) or not modified:
        return None
    if modified[0] in "RP":
        return [_told("modified/interval", ("modified",), modified)] if is_duration(modified) else None
    if modified[4:5] == "-" and modified[:10] > _tomorrow(int(time() // 3600)) and in_future(parse(modified)):
        return [_told("cross/future", ("modified",), modified)]
    return None


@lru_cache(maxsize=2)
def _tomorrow(hour: int) -> str:
    """The day after an hour since 1970, by UTC."""
    return datetime.fromtimestamp((hour + 24) * 3600, UTC).date().isoformat()


def _rights(body: dict[str, Any]) -> Found:
    if body.get("accessLevel") in ("restricted public", "non-public") and not body.get("rights"):
        return [("rights/missing", ("rights",), "")]
    return None


def _described_by(body: dict[str, Any]) -> Found:
    if body.get("describedByType") and not body.get("describedBy"):
        return [_told("describedByType/alone", ("describedByType",), str(body["describedByType"]))]
    return None


def _landing_page(body: dict[str, Any]) -> Found:
    page = body.get("landingPage")
    if isinstance(page, str) and page[:7].lower() == "http://":
        return [_told("cross/https", ("landingPage",), page)]
    return None


def _publisher(body: dict[str, Any]) -> Found:
    """A body that is below itself."""
    one = body.get("publisher")
    if not isinstance(one, dict) or "subOrganizationOf" not in one:
        return None
    above: list[Any] = []
    path = ["publisher"]
    while isinstance(one, dict) and len(path) < _HIGHEST:
        if one.get("name") and one.get("name") in above:
            return [_told("publisher/below-itself", (*path, "name"), str(one["name"]))]
        above.append(one.get("name"))
        one = one.get("subOrganizationOf")
        path.append("subOrganizationOf")
    return None


def _temporal(body: dict[str, Any]) -> Found:
    temporal = body.get("temporal")
    if isinstance(temporal, str) and temporal:
        start, end = parse_period(temporal) or (None, None)
        if start and end and after(start, end):
            return [_told("temporal/reversed", ("temporal",), temporal)]
    return None


def _keyword(body: dict[str, Any]) -> Found:
    words = body.get("keyword")
    if isinstance(words, list) and _repeats(words) and all(isinstance(word, str) for word in words):
        place = next(at for at, word in enumerate(words) if word in words[:at])
        return [_told("keyword/repeated", ("keyword", place), words[place])]
    return None


def _repeats(words: list[Any]) -> bool:
    try:
        return len(set(words)) < len(words)
    except TypeError:  # lists and objects
        return False


def _distribution(body: dict[str, Any]) -> Found:
    ways = body.get("distribution")
    if not ways and body.get("accessLevel") == "public" and not body.get("landingPage"):
        return [("distribution/missing", ("distribution",), "")]
    found: list[Place] = []
    for at, way in enumerate(ways if isinstance(ways, list) else ()):
        if isinstance(way, dict):
            url = way.get("downloadURL")
            if not url and not way.get("accessURL"):
                found.append(_told("distribution/no-url", ("distribution", at), str(way.get("title") or "")))
            if url and _is_other_type(way.get("mediaType"), url):
                found.append(_told("cross/media-type", ("distribution", at, "mediaType"), f"{way['mediaType']} · {url}"))
    return found


def _is_other_type(media_type: Any, url: Any) -> bool:
    if not isinstance(media_type, str) or not isinstance(url, str):
        return False
    name, _, ending = url[-200:].rpartition(".")
    return bool(name) and ending.isalnum() and _differs(media_type, ending)


@lru_cache(maxsize=2048)
def _differs(media_type: str, ending: str) -> bool:
    return media_type_differs(media_type, f"https://host.example/file.{ending}")


def _spatial(body: dict[str, Any]) -> Found:
    spatial = body.get("spatial")
    if isinstance(spatial, str) and spatial[:1] in _NUMERIC and _is_no_box(spatial):
        return [_told("spatial/out-of-range", ("spatial",), spatial)]
    return None


@lru_cache(maxsize=4096)
def _is_no_box(spatial: str) -> bool:
    numbers = box_numbers(spatial)
    return numbers is not None and not is_box(numbers)


def _told(name: str, path: tuple[Step, ...], value: str) -> Place:
    return name, path, value[:200]


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
