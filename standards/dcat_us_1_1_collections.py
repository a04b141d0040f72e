"""What is wrong between the datasets of one DCAT-US 1.1 catalogue: collections,
https://resources.data.gov/resources/dcat-us/#isPartOf.

A dataset that is part of a collection names the collection's `identifier` in `isPartOf`; the collection is a dataset of the
same catalogue, and is part of none. That identifiers are there once is a rule for every standard, told by whoever goes through
the file.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from standards.base import Finding, finding
from standards.dcat_us_1_1_rules import RULES

_NO_PARENT = RULES["dcat-us-1.1/isPartOf/no-parent"]
_NESTED = RULES["dcat-us-1.1/isPartOf/nested"]


def across(bodies: Iterable[Any]) -> Iterator[tuple[int, Finding]]:
    """`(number of the record, finding)` between the records of a catalogue; in memory are only identifiers and parts."""
    known: set[int] = set()
    inside: set[int] = set()
    parts: list[tuple[int, str]] = []
    for number, body in enumerate(bodies):
        if not isinstance(body, dict):
            continue
        identifier, whole = _word(body.get("identifier")), _word(body.get("isPartOf"))
        known.add(hash(identifier))
        if whole and whole != identifier:
            parts.append((number, whole))
            inside.add(hash(identifier))
    for number, whole in parts:
        if hash(whole) not in known:
            yield number, finding(_NO_PARENT, "/isPartOf", whole)
        elif hash(whole) in inside:
            yield number, finding(_NESTED, "/isPartOf", whole)


def _word(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) else ""
