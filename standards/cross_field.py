"""Rules between fields, for every standard: the words and clauses once, ids of each standard's own.

    RULES = {…} | cross_field.rules("iso-19139", {"temporal", "spatial", "dates"})        ids `iso-19139/cross/dates` …
    yield from cross_field.check("iso-19139", dataset, places)                            on what `read` gave
    out_of_order(issued, modified) · period_reversed(start, end) · box_fault(box) · is_https(url)      for hot paths

`places` names where in the body a field of the model stands, as the finding's path: `{"issued": "/issued", "modified":
"/modified", "spatial": "/spatial", "temporal": "/temporal", "landing_page": "/landingPage", "distribution": "/distribution"}`;
what is missing in it is not checked. Parts that repeat get `/0`, `/1` … when there are several.

dates      issued ≤ modified                                   warning   W3C DCAT 3, release date, update date
future     modified is not later than tomorrow (UTC)            warning   W3C DCAT 3, update date
temporal   start ≤ end                                          error     ISO 8601-1, time interval; W3C DCAT 3, Period of Time
spatial    west, south, east, north in order and in range       error     ISO 19115-1; RFC 7946 §5
https      addresses that people open are https                 info      RFC 2818; OMB M-15-13
media-type the media type is that of the file's extension       warning   IANA media types; W3C DCAT 3, media type
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from metadata import vocabulary
from metadata.model import Dataset, Distribution, Place
from standards import dates
from standards.base import Finding, Rule, finding

_DCAT = "https://www.w3.org/TR/vocab-dcat-3/"
_RULES: tuple[Rule, ...] = (
    Rule(
        id="dates",
        severity="warning",
        message={"zh": "发布日期晚于更新日期", "en": "The release date is later than the date of the last change"},
        clause="W3C DCAT 3, release date and update date",
        fix={"zh": "核对两个日期：更新日期不应早于发布日期", "en": "Check both dates: a change cannot precede the release"},
        link=f"{_DCAT}#Property:resource_release_date",
    ),
    Rule(
        id="future",
        severity="warning",
        message={"zh": "更新日期在将来", "en": "The date of the last change lies in the future"},
        clause="W3C DCAT 3, update date",
        fix={
            "zh": "填写最近一次实际更新的日期；计划的更新写入更新周期",
            "en": "Give the last real change; plans belong in the frequency",
        },
        link=f"{_DCAT}#Property:resource_update_date",
    ),
    Rule(
        id="temporal",
        severity="error",
        message={"zh": "时间范围的起点晚于终点", "en": "The period ends before it begins"},
        clause="ISO 8601-1, time interval; W3C DCAT 3, Period of Time",
        fix={"zh": "调换起止日期，或者更正其中一个", "en": "Swap start and end, or correct one of them"},
        link=f"{_DCAT}#Class:Period_of_Time",
    ),
    Rule(
        id="spatial",
        severity="error",
        message={
            "zh": "外接矩形的坐标超出范围或南北颠倒（经度 -180 至 180，纬度 -90 至 90，南 ≤ 北）",
            "en": "The bounding box is out of range or upside down (longitude -180 to 180, latitude -90 to 90, south ≤ north)",
        },
        clause="ISO 19115-1, EX_GeographicBoundingBox; RFC 7946 §5",
        fix={"zh": "按西、南、东、北核对四个数值", "en": "Check the four numbers: west, south, east, north, in degrees"},
        link="https://www.rfc-editor.org/rfc/rfc7946#section-5",
    ),
    Rule(
        id="https",
        severity="info",
        message={"zh": "网址使用不加密的 http", "en": "This address is http, without encryption"},
        clause="RFC 2818; US OMB M-15-13 HTTPS-Only Standard",
        fix={"zh": "如果网站支持，请改用 https 网址", "en": "Give the https address where the site has one"},
        link="https://https.cio.gov/",
    ),
    Rule(
        id="media-type",
        severity="warning",
        message={"zh": "媒体类型与文件扩展名不一致", "en": "The media type is not that of the file's extension"},
        clause="W3C DCAT 3, media type; IANA media types registry",
        fix={"zh": "按文件的实际格式填写媒体类型", "en": "Give the media type of the file as it is"},
        link=f"{_DCAT}#Property:distribution_media_type",
    ),
)
NAMES = tuple(rule.id for rule in _RULES)


def rules(prefix: str, names: Iterable[str] = NAMES) -> dict[str, Rule]:
    """The shared rules as a standard's own: `{prefix}/cross/{name}`."""
    wanted = set(names)
    made = [_renamed(rule, prefix) for rule in _RULES if rule.id in wanted]
    return {rule.id: rule for rule in made}


def _renamed(rule: Rule, prefix: str) -> Rule:
    words = {"message": rule.message, "clause": rule.clause, "fix": rule.fix, "link": rule.link}
    return Rule(id=f"{prefix}/cross/{rule.id}", severity=rule.severity, **words)  # type: ignore[arg-type]


def check(prefix: str, dataset: Dataset, places: Mapping[str, str], own: Mapping[str, Rule] | None = None) -> Iterator[Finding]:
    """The findings between a dataset's fields, of the rules in `own` (a standard's), by default all. Never raises."""
    known = own if own is not None else rules(prefix)
    for name, place, value in _found(dataset, places):
        rule = known.get(f"{prefix}/cross/{name}")
        if rule is not None:
            yield finding(rule, place, value)


def _found(dataset: Dataset, places: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    if "issued" in places and out_of_order(dataset.issued, dataset.modified):
        yield "dates", places["issued"], f"{dataset.issued} > {dataset.modified}"
    if "modified" in places and in_future(dataset.modified):
        yield "future", places["modified"], dataset.modified or ""
    if "temporal" in places:
        for number, when in enumerate(dataset.temporal):
            if period_reversed(when.start, when.end):
                yield "temporal", numbered(places["temporal"], dataset.temporal, number), f"{when.start}/{when.end}"
    if "spatial" in places:
        yield from _boxes(dataset.spatial, places["spatial"])
    if "landing_page" in places and dataset.landing_page and not is_https(dataset.landing_page):
        yield "https", places["landing_page"], dataset.landing_page
    if "distribution" in places:
        yield from _files(dataset.distribution, places["distribution"])


def _boxes(where: Sequence[Place], path: str) -> Iterator[tuple[str, str, str]]:
    for number, each in enumerate(where):
        if each.box and box_fault(each.box):
            yield "spatial", numbered(path, where, number), ", ".join(f"{edge:g}" for edge in each.box)


def _files(ways: Sequence[Distribution], path: str) -> Iterator[tuple[str, str, str]]:
    for number, way in enumerate(ways):
        if way.media_type and way.download_url and media_type_differs(way.media_type, way.download_url):
            yield "media-type", numbered(path, ways, number), f"{way.media_type} · {way.download_url}"


def numbered(path: str, values: Sequence[Any], number: int) -> str:
    """`path/number` where there are several."""
    return f"{path}/{number}" if len(values) > 1 else path


def out_of_order(issued: str | None, modified: str | None) -> bool:
    """Whether ISO date `issued` lies after `modified`, as far as both are precise."""
    return bool(issued and modified and issued[:4].isdigit() and modified[:4].isdigit() and dates.after(issued, modified))


def in_future(modified: str | None) -> bool:
    """Whether an ISO date lies later than tomorrow (whatever the time zone)."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    return bool(modified and modified[:4].isdigit() and dates.after(modified, tomorrow))


def period_reversed(start: str | None, end: str | None) -> bool:
    """Whether a period ends before it begins."""
    return out_of_order(start, end)


def box_fault(box: Sequence[float]) -> str:
    """What is wrong with (west, south, east, north): `range`, `order`, or "" . A box over the 180th meridian (west > east) is
    right (RFC 7946 §5.2)."""
    if len(box) != 4 or not all(math.isfinite(edge) for edge in box):
        return "range"
    west, south, east, north = box
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= 90 and -90 <= north <= 90):
        return "range"
    return "order" if south > north else ""


def is_https(url: str) -> bool:
    """Whether an address is encrypted, or no web address at all."""
    return not url.strip().lower().startswith("http://")


def media_type_differs(media_type: str, url: str) -> bool:
    """Whether a media type is a known one of another format than the file's extension."""
    given, _ = vocabulary.format_of(None, media_type)
    real, _ = vocabulary.format_of(None, None, url)
    if not given or not real or not given.scheme or not real.scheme or given.code in ("OCTET", "ZIP"):
        return False
    term = vocabulary.term("format", real.code)
    return (
        given.code != real.code
        and not (term and vocabulary.media_type_of(media_type) in term.media_types)
        and not holds_anything(real.code)
    )


def holds_anything(code: str) -> bool:
    """Pages and archives may hold anything."""
    return code in ("HTML", "ZIP", "GZIP", "TAR", "RAR", "7Z", "XML", "JSON", "TXT")
