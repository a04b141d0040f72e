"""The real ISO 19139, ISO 19115-3 and FGDC records: all are read and checked; what was read comes back when it is written."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from standards import fgdc, iso_19115_3, iso_19139
from standards.base import Standard, Unreadable
from standards.iso_tree import kind
from standards.xml_documents import body_of, local, parse

STANDARDS = (iso_19139.STANDARD, iso_19115_3.STANDARD, fgdc.STANDARD)
NAMES = ("MD_Metadata", "MI_Metadata")


def records(corpora: Path, step: int = 1) -> Iterator[tuple[str, bytes]]:
    """Every record of the files, those in answers of catalogue services cut out; `step` takes every n-th file."""
    files = [file for folder in ("iso", "csw", "bad") for file in sorted(corpora.joinpath(folder).rglob("*.xml"))]
    for file in files[::step]:
        try:
            root = parse(file.read_bytes())
        except Unreadable:
            continue
        if local(root) == "metadata":
            yield str(file), file.read_bytes()
        for each in root.iter():
            if kind(each) in NAMES:
                yield str(file), body_of(each)


def standard_of(body: bytes) -> Standard | None:
    return next((each for each in STANDARDS if each.recognises(body)), None)


@pytest.mark.parametrize("step", [7])
def test_real_records_are_read_checked_and_come_back(corpora: Path, step: int) -> None:
    """`step` 1 is every file: two minutes."""
    seen: Counter[str] = Counter()
    changed: list[tuple[str, str]] = []
    for place, body in records(corpora, step):
        standard = standard_of(body)
        assert standard is not None and standard.read and standard.check, place
        findings = list(standard.check(body))
        assert all(each.rule in standard.rules and each.path.startswith("/") for each in findings), place
        try:
            dataset = standard.read(body)
        except Unreadable:
            seen["refused"] += 1
            continue
        seen[standard.name] += 1
        if standard.write:
            again = standard.read(standard.write(dataset))
            changed += [(name, place) for name in dataset.__struct_fields__ if getattr(again, name) != getattr(dataset, name)]
    assert seen["iso_19139"] > 250 and seen["fgdc"] > 50, seen
    assert seen["refused"] <= 2, seen
    assert len(changed) <= seen["iso_19139"] // 50, Counter(name for name, _ in changed)
