"""Mechanical repairs of CKAN packages: what CKAN's own validators refuse, or a check warns of, and can be put right by itself.

A name in CKAN's alphabet, mail addresses without `mailto:`, dates that `isodate` takes, sizes as numbers, addresses without
blanks, tags without characters that CKAN refuses, tags and extras as the lists CKAN has. A format from the extension is ours,
and marked as filled in.
"""

import re
from typing import Any

from metadata.identity import slug
from standards import json_repairs, repairs
from standards.base import Repair
from standards.ckan_check import check
from standards.ckan_fields import package_of, words
from standards.json_repairs import DROP, Mend, drop_blank, escaped, of, of_parent

_NO_TAG = re.compile(r"[^\w \-.]+")
_DIGITS = re.compile(r"\d{1,18}", re.ASCII)


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy of the package (out of a DKAN list or an envelope, where it stands in one), and what was done. Never
    raises."""
    return json_repairs.mended(package_of(body), check, MENDS)


def _name(value: Any, _: Any) -> Any:
    """The name in small letters, digits and dashes, as CKAN's own forms make it."""
    made = slug({"und": words(value)}) if words(value) else ""
    return made if made != value else None


def _date(value: Any, _: Any) -> Any:
    """A day or a moment; a year or month by its first day."""
    found = repairs.date(value) or (value if isinstance(value, str) else None)
    if not found or not found[:4].isdigit():
        return DROP if not words(value) else None
    return f"{found}-01-01"[:10] if len(found) < 10 else found


def _size(value: Any, _: Any) -> Any:
    """`1,024` and `２０４８` as numbers."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    plain = (repairs.half_width(value) or value).replace(",", "").strip() if isinstance(value, str) else ""
    return int(plain) if _DIGITS.fullmatch(plain) else None


def _tag_name(value: Any, parent: Any) -> Any:
    """The tag with a dash for characters that CKAN refuses; `display_name` keeps what was written."""
    plain = _NO_TAG.sub("-", words(value)).strip("- ")
    if isinstance(parent, dict) and plain and plain != value:
        parent.setdefault("display_name", value)
    return plain or None


def _tags(value: Any, _: Any) -> Any:
    """Tags in one text as a list of tags; a bare word in the list as a tag."""
    if isinstance(value, str):
        found = json_repairs.split_words(value, None)
        return {"name": value.strip()} if found and len(found) == 1 else [{"name": word} for word in found] if found else DROP
    return DROP if value in (None, {}, []) or (isinstance(value, dict) and not words(value.get("name"))) else None


def _extras(value: Any, _: Any) -> Any:
    """An object of extras as the list CKAN has."""
    if isinstance(value, dict) and not {"key", "value"} & value.keys():
        return [{"key": key, "value": each if isinstance(each, str) else repairs.told(each)} for key, each in value.items()]
    if isinstance(value, dict) and words(value.get("key")) and "value" not in value:
        return DROP
    return DROP if value in (None, {}) else None


def _groups(value: Any, _: Any) -> Any:
    return (
        {"name": slug({"und": value}), "title": value} if isinstance(value, str) and value.strip() else drop_blank(value, None)
    )


MENDS: dict[str, Mend] = {
    "ckan/name/form": _name,
    "ckan/email/form": of(repairs.bare_mail),
    "ckan/url/form": escaped,
    "ckan/date/form": _date,
    "ckan/resources/url/form": escaped,
    "ckan/resources/format/absent": of_parent(repairs.format_from_extension("url", "download_url")),
    "ckan/resources/size": _size,
    "ckan/resources/date": _date,
    "ckan/tags/list": _tags,
    "ckan/tags/form": _tag_name,
    "ckan/extras/list": _extras,
    "ckan/groups/list": _groups,
    "ckan/private/boolean": of(lambda value: {"yes": True, "no": False, "y": True, "n": False}.get(words(value).lower())),
}
