"""ISO 19115 records as the standards' four functions see them: bytes in, findings and datasets out."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from metadata.model import Dataset
from standards import iso_check, iso_read
from standards.base import Finding, Rule, Unreadable
from standards.iso_tree import kind
from standards.xml_documents import Element, local, parse

RECORDS = ("MD_Metadata", "MI_Metadata")


def record(body: Any, root_rule: Rule) -> Element:
    """The record element of a body: its root, or the first one inside (an answer with one record). Raises `Unreadable`."""
    if not isinstance(body, bytes):
        raise Unreadable(root_rule, "", type(body).__name__)
    try:
        root = parse(body)
    except Unreadable as problem:
        raise placed(problem) from None
    found = next((each for each in root.iter() if kind(each) in RECORDS), None)
    if found is None:
        raise Unreadable(root_rule, "", local(root))
    return found


def placed(problem: Unreadable) -> Unreadable:
    """The same with a place that begins with the document's root."""
    path = problem.finding.path
    problem.finding = msgspec.structs.replace(problem.finding, path=path if not path or path.startswith("/") else f"/ {path}")
    return problem


def read(body: Any, prefix: str, rules: Mapping[str, Rule]) -> Dataset:
    """The dataset. Raises `Unreadable`."""
    root = record(body, rules[f"{prefix}/root"])
    return iso_read.read(root, rules[f"{prefix}/title/required"], "/")


def check(body: Any, prefix: str, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The findings. Never raises."""
    try:
        root = record(body, rules[f"{prefix}/root"])
    except Unreadable as problem:
        yield problem.finding
        return
    yield from iso_check.check(root, prefix, rules)
