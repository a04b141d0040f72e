"""JSON-LD contexts from elsewhere: ours stand in for the ones that are known, and any other is refused. Nothing is fetched.

`files/rdf/contexts.json` maps addresses (as patterns) to contexts written by us after the terms that the owners publish: the
DCAT-AP ones of SEMIC and of piveau-like services. Where a document spells words as `{"@value": …}`, the terms are taken
without their language container, which would forbid that. Rules: JSON-LD 1.1 §4.9 (remote contexts), §4.6.2 (language maps).
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from standards.base import Unreadable
from standards.rdf_rules import RULES

_FILE = Path(__file__).parent / "files" / "rdf" / "contexts.json"


def inlined(tree: Any) -> bool:
    """Replaces, in place, every context given by address with ours. True when there was one. Raises `Unreadable` for an
    address that is not known."""
    spelled_out = _has_value_objects(tree)
    replaced = False
    waiting: list[tuple[Any, str]] = [(tree, "")]
    while waiting:
        value, place = waiting.pop()
        if isinstance(value, list):
            waiting += [(each, f"{place}/{number}") for number, each in enumerate(value)]
        if not isinstance(value, dict):
            continue
        if "@context" in value:
            given = value["@context"]
            value["@context"] = _known(given, f"{place}/@context", spelled_out)
            replaced = replaced or value["@context"] is not given
        waiting += [(each, f"{place}/{name}") for name, each in value.items()]
    return replaced


def _known(given: Any, place: str, spelled_out: bool) -> Any:
    if isinstance(given, str):
        return _context(given, place, spelled_out)
    if isinstance(given, list) and any(isinstance(each, str) for each in given):
        return [_known(each, f"{place}/{number}", spelled_out) for number, each in enumerate(given)]
    if isinstance(given, dict) and isinstance(given.get("@import"), str):
        raise Unreadable(RULES["rdf/json-ld/context"], f"{place}/@import", given["@import"])
    return given


def _context(address: str, place: str, spelled_out: bool) -> dict[str, Any]:
    for pattern, context in contexts():
        if pattern.fullmatch(address.strip()):
            return _without_languages(context) if spelled_out else context
    raise Unreadable(RULES["rdf/json-ld/context"], place, address)


@cache
def contexts() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    """Pattern of addresses, context."""
    listed = json.loads(_FILE.read_bytes())
    return tuple((re.compile(each["addresses"]), each["context"]) for each in listed)


def _without_languages(meanings: dict[str, Any]) -> dict[str, Any]:
    return {
        term: {key: each for key, each in meaning.items() if key != "@container"} if isinstance(meaning, dict) else meaning
        for term, meaning in meanings.items()
    }


def _has_value_objects(tree: Any) -> bool:
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "@value" in value:
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False
