"""ISO 19115 records as the standards' four functions see them: bytes in, findings and datasets out."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from metadata.model import Dataset
from standards import iso_check, iso_read
from standards.base import Finding, Rule, Unreadable
from standards.iso_elements import Remembering, kind
from standards.xml_documents import Element, local, parse

RECORDS = ("MD_Metadata", "MI_Metadata")


def record(body: Any, root_rule: Rule) -> Element:
    """The record element of a body, to be changed at will: its root, or the first one inside (an answer with one record).
    Raises `Unreadable`."""
    return _record(body, root_rule, None)


def _record(body: Any, root_rule: Rule, made_of: Any) -> Element:
    if not isinstance(body, bytes):
        raise Unreadable(root_rule, "", type(body).__name__)
    try:
        root = parse(body, made_of)
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


class _Last(threading.local):
    """The record that this thread looked at last: `check` and `read` are asked for the same bytes one after the other. The
    dataset that the check read is given away once, so that nobody shares it."""

    body: bytes = b""
    root: Element = None
    dataset: Dataset | None = None


_LAST = _Last()
_MOST_KEPT = 1 << 18


def _kept(body: Any, root_rule: Rule) -> Element:
    """The record element of a body, which nobody may change. Raises `Unreadable`."""
    if body is _LAST.body and _LAST.root is not None:
        return _LAST.root
    _forget()
    root = _record(body, root_rule, Remembering)
    if len(body) <= _MOST_KEPT:
        _LAST.body, _LAST.root = body, root
    return root


def _forget() -> None:
    _LAST.body, _LAST.root, _LAST.dataset = b"", None, None


def read(body: Any, prefix: str, rules: Mapping[str, Rule]) -> Dataset:
    """The dataset. Raises `Unreadable`."""
    root = _kept(body, rules[f"{prefix}/root"])
    dataset = _LAST.dataset
    if dataset is not None and _LAST.root is root:
        _forget()
        return dataset
    return iso_read.read(root, rules[f"{prefix}/title/required"], "/")


def check(body: Any, prefix: str, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The findings. Never raises."""
    try:
        root = _kept(body, rules[f"{prefix}/root"])
    except Unreadable as problem:
        yield problem.finding
        return
    yield from iso_check.check(root, prefix, rules)
    try:
        dataset = iso_read.read(root, rules[f"{prefix}/title/required"], "/")
    except Unreadable:
        return
    yield from iso_check.cross(root, dataset, prefix, rules)
    if _LAST.root is root:
        _LAST.dataset = dataset
