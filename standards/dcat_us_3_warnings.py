"""What DCAT-US 3.0 recommends and is not there, and what its schemas let pass although it helps no reader.

All of these are warnings, each a function from an object of a class to places. They go through the whole description
(distributions, services, contacts …) to a depth of 8; recommended fields are told of the description itself and of its
distributions, because in the small objects (a standard, a document) most of them would only be noise. Restrictions are
recommended where there is something to restrict: they are asked for only where the access rights say so.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from metadata.vocabulary import language_tag, look_up, media_type_of
from standards.dates import after, is_duration, parse
from standards.dcat_us_3_schema import classes
from standards.json_schema import Step
from standards.rdf_geometry import geometry_of

Path = tuple[Step, ...]
Place = tuple[str, Path, str]

RECOMMENDED = frozenset(("Dataset", "DataService", "DatasetSeries", "Catalog", "CatalogRecord", "Distribution"))
_RESTRICTIONS = frozenset(("accessRestriction", "useRestriction", "cuiRestriction"))
_DEEPEST = 8
_MOST_VISITED = 5_000
_TAG = re.compile(r"</?(?:p|br|b|i|a|ul|ol|li|div|span|strong|em|img|font|table|h[1-6])\b[^<>]{0,2000}>", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)
_BYTES = re.compile(r"\d{1,18}", re.ASCII)
_PHONE = re.compile(r"(?:tel:)?[+(]?[\dA-Za-z][\dA-Za-z\s().,;=/+#x-]{2,60}", re.ASCII)
_MEDIA = re.compile(r"[A-Za-z0-9][\w!#$&^.+-]{0,126}/[A-Za-z0-9][\w!#$&^.+-]{0,126}", re.ASCII)


def warnings(name: str, body: dict[str, Any]) -> Iterator[Place]:
    """`(rule, path, value)` of every warning in an object of class `name`. Never raises."""
    yield from _recommended(name, body, ())
    visited = 0
    waiting = deque[tuple[str, dict[str, Any], Path]]([(name, body, ())])
    while waiting and visited < _MOST_VISITED:
        kind, value, path = waiting.popleft()
        visited += 1
        for look in _LOOKS.get(kind, ()):
            yield from look(value, path)
        if kind == "Distribution" and len(path) == 2 and path[0] == "distribution":
            yield from _recommended(kind, value, path)
        if len(path) < _DEEPEST:
            waiting += _inside(kind, value, path)


def _inside(kind: str, value: dict[str, Any], path: Path) -> Iterator[tuple[str, dict[str, Any], Path]]:
    """The objects inside an object of which something is asked."""
    targets = _targets(kind)
    for name, inner in value.items():
        if name not in targets:
            continue
        if isinstance(inner, dict):
            yield targets[name], inner, (*path, name)
        elif isinstance(inner, list):
            yield from ((targets[name], each, (*path, name, at)) for at, each in enumerate(inner) if isinstance(each, dict))


@cache
def _targets(kind: str) -> dict[str, str]:
    """The fields of a class whose values are objects with something to look at in them, and their class."""
    return {name: field.kind for name, field in classes()[kind].items() if field.kind in classes() and field.kind in _worth()}


@cache
def _worth() -> frozenset[str]:
    """The classes of which something is asked, and those that such objects may be inside."""
    found = set(_LOOKS)
    while more := {
        name
        for name, fields in classes().items()
        if name not in found and any(field.kind in found for field in fields.values())
    }:
        found |= more
    return frozenset(found)


def _recommended(kind: str, value: dict[str, Any], path: Path) -> Iterator[Place]:
    for name, rule in _wanted(kind):
        if name in value and value[name] not in (None, "", [], {}):
            continue
        if name in _RESTRICTIONS and not _is_restricted(value):
            continue
        if kind == "Distribution" and name == "accessURL" and value.get("downloadURL"):
            continue
        yield rule, (*path, name), ""


@cache
def _wanted(kind: str) -> tuple[tuple[str, str], ...]:
    """The recommended fields of a class, with the rule that asks for each."""
    fields = classes()[kind].items() if kind in RECOMMENDED else ()
    return tuple((name, f"{kind}/{name}/recommended") for name, field in fields if field.level == "R")


def _is_restricted(value: dict[str, Any]) -> bool:
    said = value.get("accessRights")
    return isinstance(said, str) and look_up("access-right", said).code in ("RESTRICTED", "NON_PUBLIC")


def _words(value: dict[str, Any], path: Path) -> Iterator[Place]:
    keywords = value.get("keyword")
    if isinstance(keywords, list):
        seen: set[str] = set()
        for at, word in enumerate(keywords):
            folded = word.casefold().strip() if isinstance(word, str) else ""
            if folded and folded in seen:
                yield "keyword/repeated", (*path, "keyword", at), word
                break
            seen.add(folded)
    description = value.get("description")
    if isinstance(description, str) and "<" in description and (tag := _TAG.search(description)):
        yield "description/html", (*path, "description"), tag[0][:200]


def _dates(value: dict[str, Any], path: Path) -> Iterator[Place]:
    said = [(name, value[name]) for name in ("created", "issued", "modified") if isinstance(value.get(name), str)]
    known = [(name, day) for name, raw in said if (day := parse(raw))]
    for (first, early), (_, late) in pairwise(known):
        if after(early, late):
            yield "dates/order", (*path, first), f"{early} > {late}"


def _period(value: dict[str, Any], path: Path) -> Iterator[Place]:
    start, end = (parse(raw) if isinstance(raw := value.get(name), str) else None for name in ("startDate", "endDate"))
    if start and end and after(start, end):
        yield "temporal/reversed", path, f"{start}/{end}"


def _form(name: str, rule: str, right: Callable[[str], Any]) -> Callable[[dict[str, Any], Path], Iterator[Place]]:
    def look(value: dict[str, Any], path: Path) -> Iterator[Place]:
        said = value.get(name)
        if isinstance(said, str) and said and not right(said):
            yield rule, (*path, name), said[:200]

    return look


def _language(value: dict[str, Any], path: Path) -> Iterator[Place]:
    said = value.get("language")
    for at, word in enumerate(said if isinstance(said, list) else [said]):
        if isinstance(word, str) and word and len(word) <= 2 and not language_tag(word):
            yield "language/unknown", (*path, "language", at) if isinstance(said, list) else (*path, "language"), word


def _ways(value: dict[str, Any], path: Path) -> Iterator[Place]:
    if (
        path
        and path[0] in ("distribution", "sample")
        and not any(value.get(name) for name in ("downloadURL", "accessURL", "accessService"))
    ):
        yield "distribution/no-url", path, str(value.get("title") or "")[:200]


def _place(value: dict[str, Any], path: Path) -> Iterator[Place]:
    shapes = [value.get(name) for name in ("bbox", "geometry", "centroid")]
    unread = next((each for each in shapes if isinstance(each, str) and each and not geometry_of(each)), None)
    named = any(value.get(name) for name in ("@id", "prefLabel", "altLabel", "identifier", "otherIdentifier"))
    if unread or not (named or any(shapes)):
        yield "spatial/unresolvable", path, (unread or "")[:200]


def _address(value: dict[str, Any], path: Path) -> Iterator[Place]:
    if not any(isinstance(each, str) and each.strip() for name, each in value.items() if not name.startswith("@")):
        yield "address/empty", path, ""


def _is_metres(said: str) -> bool:
    return bool(_NUMBER.fullmatch(said.strip())) and float(said) > 0


def _is_phone(said: str) -> bool:
    return bool(_PHONE.fullmatch(said.strip())) and sum(map(str.isdigit, said)) + sum(map(str.isupper, said)) >= 3


_METRES = _form("spatialResolutionInMeters", "spatialResolutionInMeters/number", _is_metres)
_SPAN = _form("temporalResolution", "temporalResolution/duration", lambda said: is_duration(said) and not said.startswith("R"))
_SIZE = _form("byteSize", "byteSize/number", _BYTES.fullmatch)
_TYPES = [
    _form(name, "mediaType/form", lambda said: _MEDIA.fullmatch(said) or media_type_of(said))
    for name in ("mediaType", "compressFormat", "packageFormat")
]
_LEGACY = _form("accessRights", "accessRights/legacy", lambda said: said.strip().lower() != "restricted public")
_PHONES = _form("tel", "tel/form", _is_phone)
_LOOKS: dict[str, tuple[Callable[[dict[str, Any], Path], Iterator[Place]], ...]] = {
    "Dataset": (_words, _dates, _METRES, _SPAN, _language, _LEGACY),
    "DataService": (_words, _dates, _METRES, _SPAN, _language, _LEGACY),
    "DatasetSeries": (_words, _dates),
    "Catalog": (_words, _dates, _language, _LEGACY),
    "CatalogRecord": (_language,),
    "Distribution": (_dates, _METRES, _SPAN, _SIZE, *_TYPES, _language, _LEGACY, _ways),
    "Document": (_TYPES[0],),
    "PeriodOfTime": (_period,),
    "Location": (_place,),
    "Kind": (_PHONES,),
    "Address": (_address,),
}
