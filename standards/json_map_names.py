"""The names by which portals call the fields of a description, for records that come without a mapping of their own.

The names are in `files/json_map/names.json`, by the fields of a mapping; the first that is there wins. They are compared
folded: lower case, without blanks, `_`, `-` and colons. Sources: the field names of Chinese municipal portals (labels, and
members of their interfaces), 《政务信息资源目录编制指南(试行)》, DCAT, CKAN.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

_SLIGHT = re.compile(r"[\s_\-:：·.]+")

_FILE = Path(__file__).with_name("files") / "json_map" / "names.json"
_COMMAS = ",，、;；|"


def fold(name: str) -> str:
    """A name without what differs slightly."""
    return _SLIGHT.sub("", name).casefold()


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    given: dict[str, dict[str, list[str]]] = orjson.loads(_FILE.read_bytes())
    return {part: {field: [fold(each) for each in some] for field, some in names.items()} for part, names in given.items()}


def guessed(item: Any) -> dict[str, Any]:
    """A mapping for a record, from the names of its members: a field of `standards.json_map` → a pointer."""
    if not isinstance(item, dict):
        return {}
    names = _names()
    made: dict[str, Any] = _matched(item, names["fields"])
    form = made.pop("format", None)
    if industry := made.pop("industry", None):
        made["theme"] = [made["theme"], industry] if "theme" in made else industry
    for kind in ("distribution", "information_item"):
        if part := _part(item, names["lists"][kind], names[kind]):
            made[kind] = part
    if "keyword" in made:
        made["keyword"] = {"at": made["keyword"], "split": _COMMAS}
    if "distribution" not in made and form:
        made["distribution"] = {"each": {"at": form, "split": _COMMAS}, "format": "."}
    return made


def _matched(item: Mapping[str, Any], index: Mapping[str, list[str]]) -> dict[str, Any]:
    """Fields and pointers; members of the objects inside count when the record itself has none of that name."""
    by_fold = _members(item)
    made: dict[str, Any] = {}
    for field, names in index.items():
        known = next((by_fold[each] for each in names if each in by_fold and by_fold[each] not in made.values()), None)
        if known is not None:
            made[field] = known
    return made


def _members(item: Mapping[str, Any]) -> dict[str, str]:
    """The pointers of what is not blank and no object, by folded name."""
    found: dict[str, str] = {}
    inside = [(name, inner) for name, inner in item.items() if isinstance(name, str) and isinstance(inner, dict)]
    for outer, members in (("", item), *((_pointer(name), inner) for name, inner in inside)):
        for name, value in members.items():
            if isinstance(name, str) and value not in (None, "", [], {}) and not isinstance(value, dict):
                found.setdefault(fold(name), f"{outer}{_pointer(name)}")
    return found


def _part(item: Mapping[str, Any], names: list[str], index: Mapping[str, list[str]]) -> dict[str, Any] | None:
    """The sub-list of ways to get the data, or of columns."""
    for name, value in item.items():
        known = fold(str(name)) in names and isinstance(value, list) and value and isinstance(value[0], dict)
        if known and (inner := _matched(value[0], index)):
            return {"each": _pointer(str(name)), **inner}
    return None


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")


def looks_like_record(item: Any) -> bool:
    """Whether an object could be a description: it has something like a title, and two more fields that we know."""
    made = guessed(item)
    return "title" in made and len(made) >= 3
