"""Checks descriptions without storing anything: one function for the command, the API and the page.

A document may hold one record, a list of them, a data.json catalogue, JSON lines, or the answer of a CKAN portal.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from harvesters import spool
from harvesters.documents import items
from harvesters.json_text import loads, name_of
from metadata.errors import Invalid, NotData
from standards.base import Finding, Standard, Unreadable
from standards.table import STANDARDS, detect

FINDINGS_LIMIT = 100
_ANSWER_LIMIT = 64 << 20  # an answer of a portal is looked into only up to this size


def check_document(data: bytes, standard: str | None, file: str) -> Iterator[dict[str, Any]]:
    """For each record `{"file", "record", "identifier", "standard", "valid", "findings"}`, last `{"summary": …}` (DESIGN §8).
    Raises `NotData` when there are no records to be found at all, `NotFound` for an unknown standard."""
    with tempfile.TemporaryFile() as spooled:
        spooled.write(data)
        spooled.seek(0)
        yield from check_records(records(spool.local(cast(BinaryIO, spooled), file or "the description")), standard, file)


def check_file(place: Path | spool.Document, standard: str | None, file: str) -> Iterator[dict[str, Any]]:
    """`check_document` for a file on disk or a download, in bounded memory. Raises `Invalid` for a file that is not there."""
    if isinstance(place, spool.Document):
        yield from check_records(records(place), standard, file)
        return
    with opened(place) as handle:
        yield from check_records(records(spool.local(handle, file)), standard, file)


def opened(path: Path) -> BinaryIO:
    """An open file. Raises `Invalid` when it cannot be opened."""
    try:
        return path.open("rb")
    except OSError as problem:
        raise Invalid(f"this file cannot be read: {problem.strerror}", place=str(path)) from problem


def records(document: spool.Document) -> Iterator[Any]:
    """Every record of a document."""
    for body in items(document, alone=True):
        yield from _unwrapped(body)


def _unwrapped(body: Any) -> Iterable[Any]:
    """The packages inside the answer of a CKAN portal; any other record as it is."""
    result = body.get("result", body) if isinstance(body, dict) else None
    if isinstance(result, dict) and isinstance(result.get("results"), list):
        return cast(list[Any], result["results"])
    if isinstance(body, dict) and body.get("success") is True and "result" in body:
        return result if isinstance(result, list) else [result]
    return [body]


def check_records(bodies: Iterable[Any], standard: str | None, file: str) -> Iterator[dict[str, Any]]:
    """The lines for these records, then the summary."""
    named = STANDARDS.get(standard) if standard else None
    count = Counter[str]()
    by_rule = Counter[str]()
    for number, body in enumerate(bodies):
        line = _line(number, body, named, file)
        count["records"] += 1
        count["valid"] += line["valid"]
        by_rule.update(one["rule"] for one in line["findings"])
        count.update(one["severity"] for one in line["findings"])
        yield line
    summary = {"records": count["records"], "valid": count["valid"], "errors": count["error"], "warnings": count["warning"]}
    yield {"summary": {**summary, "by_rule": dict(by_rule.most_common())}}


def _line(number: int, body: Any, named: Standard | None, file: str) -> dict[str, Any]:
    standard = named or chosen_standard(body, None)
    findings = findings_of(body, standard)
    return {
        "file": file,
        "record": number,
        "identifier": name_of(body, "identifier", "id", "name"),
        "standard": standard.name,
        "valid": not any(one.severity == "error" for one in findings),
        "findings": [msgspec.to_builtins(one) for one in findings],
    }


def findings_of(body: Any, standard: Standard) -> list[Finding]:
    """What a standard says of a record; that it cannot be read is a finding too."""
    if standard.check is None:
        raise Invalid(
            "this standard is not checked yet",
            place="standard",
            value=standard.name,
            remedy=f"Checked are: {', '.join(_checked())}.",
        )
    found = [one for one, _ in zip(standard.check(body), range(FINDINGS_LIMIT), strict=False)]
    try:
        if standard.read is not None:
            standard.read(body)
    except Unreadable as problem:
        if not any(one.rule == problem.finding.rule for one in found):
            found.append(problem.finding)
    return found


def chosen_standard(body: Any, name: str | None) -> Standard:
    """The standard of this name, else the one that recognises the record, else DCAT-US for any object. Raises `NotFound`."""
    if name:
        return STANDARDS.get(name)
    found = detect(body)
    return found if found and found.check else STANDARDS.get("dcat_us_1_1_non_federal")


def parse_one(raw: bytes) -> Any:
    """One record sent as JSON. Raises `Invalid` when it is none."""
    try:
        return loads(raw.decode("utf-8-sig"), "body")
    except UnicodeDecodeError as problem:
        raise Invalid("the body is not UTF-8", place=f"byte {problem.start}", remedy="Send it in UTF-8.") from None
    except NotData as problem:
        raise Invalid(problem.message, place="body", value=problem.value, remedy="Send one record as JSON.") from None


def _checked() -> list[str]:
    return [one.name for one in STANDARDS.values() if one.check]
