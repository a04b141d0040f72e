"""Checks descriptions without storing anything: one set of functions for the command, the API and the page.

A document may be in any form that `harvesters.forms` reads: JSON of any shape, XML, RDF, a table, a page. For each record a
line, then a summary; with `fix`, what is mechanical is mended (`Standard.repair`), and the line says what was done.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from catalog_api import columns
from catalog_api.given import opened, spooled
from harvesters import forms, spool
from harvesters.forms import Part
from harvesters.json_text import loads, name_of
from metadata.errors import Invalid, NotData
from metadata.model import Dataset
from standards import tables
from standards.base import Finding, Repair, Standard, Unreadable, finding
from standards.forms import own
from standards.records import OTHER_FAULT, REPEATED, UNRECOGNISED
from standards.table import STANDARDS, detect

FINDINGS_LIMIT = 100
FALLBACK = "dcat_us_1_1_non_federal"
"""What a JSON object is taken for that no standard recognises."""

Keep = Callable[[Any, Standard | None], None]


@dataclass
class Options:
    """What was asked: the standard (detected when None), whether to mend, where mended records go, and which column of a table
    is what (`catalog_api.columns`)."""

    standard: str | None = None
    fix: bool = False
    keep: Keep | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def parts(self, document: spool.Document) -> Iterator[Part]:
        """The records of a document."""
        return columns.parts(document, self.columns) if self.columns else forms.records(document)

    def named(self) -> Standard | None:
        """The standard that was named, or that a mapping of columns is of."""
        name = self.standard or (columns.STANDARD if self.columns else None)
        return STANDARDS.get(name) if name else None


@dataclass
class Examined:
    """What is said of one record. `body` is mended when that was asked."""

    body: Any
    standard: Standard | None
    findings: list[Finding] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    dataset: Dataset | None = None


def check_document(
    data: bytes, standard: str | None, file: str, columns: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """For each record `{"file", "record", "identifier", "standard", "valid", "findings"}`, last
    `{"summary": …, "standards": …}` (DESIGN §8).
    Raises `NotData` when there are no records to be found at all, `NotFound` for an unknown standard."""
    with spooled(data, file or "the description") as document:
        yield from check_spooled(document, Options(standard, columns=columns or {}), file)


def check_file(place: Path | spool.Document, asked: Options, file: str) -> Iterator[dict[str, Any]]:
    """`check_document` for a file on disk or a download, in bounded memory. Raises `Invalid` for a file that is not there."""
    if isinstance(place, spool.Document):
        yield from check_spooled(place, asked, file)
        return
    with opened(place, file) as document:
        yield from check_spooled(document, asked, file)


def check_spooled(document: spool.Document, asked: Options, file: str) -> Iterator[dict[str, Any]]:
    """The lines for the records of a document, then the summary. Where a standard has rules between records, the document is
    gone through once more before, so that memory stays flat."""
    parts = asked.parts(document)
    first = next(parts, None)
    every = chain((first,), parts) if first is not None else parts
    yield from check_parts(every, asked, file, _between(document, first, asked))


def _between(document: spool.Document, first: Part | None, asked: Options) -> dict[int, list[Finding]]:
    """What is wrong between the records, by their number."""
    chosen = asked.named() or standard_of(first.body) if first else None
    across = own(chosen, "across") if chosen else None
    found: dict[int, list[Finding]] = {}
    if across is not None:
        for number, one in across(part.body for part in asked.parts(document)):
            found.setdefault(number, []).append(one)
    return found


def check_parts(
    parts: Iterable[Part], asked: Options, file: str, between: Mapping[int, list[Finding]] | None = None
) -> Iterator[dict[str, Any]]:
    """The lines for these records, then the summary."""
    named = asked.named()
    tally = _Tally()
    for number, part in enumerate(parts):
        said = examined(part, named, asked.fix)
        if asked.keep:
            asked.keep(said.body, said.standard)
        identifier = _identifier(said)
        told = between.get(number, []) if between else []
        said.findings.extend(told)
        if tally.repeated(identifier) and not told:
            said.findings.append(finding(REPEATED, part.place, identifier))
        line = _line(number, part.place, identifier, said, file)
        if asked.fix:
            line["repairs"] = [msgspec.to_builtins(one) for one in said.repairs]
        tally.add(said)
        yield line
    yield tally.last(asked.fix)


class _Tally:
    """What was met so far: counts, and the identifiers as numbers, so that a million of them are small."""

    def __init__(self) -> None:
        self._count = Counter[str]()
        self._by_rule = Counter[str]()
        self._standards = Counter[str]()
        self._met: set[int] = set()

    def repeated(self, identifier: str | None) -> bool:
        """Whether a record before had this identifier."""
        if not identifier:
            return False
        number = hash(identifier)
        known = number in self._met
        self._met.add(number)
        return known

    def add(self, said: Examined) -> None:
        """Counts a record."""
        self._count["records"] += 1
        self._count["valid"] += is_valid(said.findings)
        self._count["repairs"] += len(said.repairs)
        self._by_rule.update(one.rule for one in said.findings)
        self._count.update(one.severity for one in said.findings)
        self._standards[said.standard.name if said.standard else ""] += 1

    def last(self, fix: bool) -> dict[str, Any]:
        """The last line: the counts, and for each standard that was met, by what it was recognised."""
        count = self._count
        told = {"records": count["records"], "valid": count["valid"], "errors": count["error"], "warnings": count["warning"]}
        standards = {name: _marks(name, number) for name, number in self._standards.most_common() if name}
        mended = {"repairs": count["repairs"]} if fix else {}
        return {"summary": {**told, "by_rule": dict(self._by_rule.most_common())}, "standards": standards, **mended}


def _marks(name: str, count: int) -> dict[str, Any]:
    marks = STANDARDS.get(name).marks
    return {"records": count, "marks": marks} if marks else {"records": count}


def _line(number: int, place: str, identifier: str | None, said: Examined, file: str) -> dict[str, Any]:
    return {
        "file": file,
        "record": number,
        "place": place,
        "identifier": identifier,
        "standard": said.standard.name if said.standard else None,
        "valid": is_valid(said.findings),
        "findings": [msgspec.to_builtins(one) for one in said.findings],
    }


def is_valid(findings: Iterable[Finding]) -> bool:
    """Whether there is no error among them."""
    return not any(one.severity == "error" for one in findings)


def _identifier(said: Examined) -> str | None:
    """The record's own identifier; for what is not JSON, the dataset's, unless it is one that Mulu made."""
    if isinstance(said.body, dict) and not tables.is_row(said.body):
        return name_of(said.body, "identifier", "id", "name")
    return said.dataset.identifier if said.dataset else None


def examined(part: Part, named: Standard | None, fix: bool = False) -> Examined:
    """Checks a record, after mending it when that is asked. Never raises on any body."""
    broken = isinstance(part.body, str) and bool(part.faults)  # the text of what could not be taken apart
    standard = None if broken else named or standard_of(part.body)
    if standard is None:
        faults = list(part.faults) or [finding(UNRECOGNISED, part.place, _shown(part.body))]
        return Examined(part.body, None, faults)
    body: Any = part.body
    repairs: list[Repair] = []
    if fix and standard.repair is not None:
        body, repairs = standard.repair(body)
    findings, dataset = _said(body, standard)
    return Examined(body, standard, [*part.faults, *findings][:FINDINGS_LIMIT], repairs, dataset)


def _shown(body: Any) -> str:
    return body[:80].decode("utf-8", "replace") if isinstance(body, bytes) else str(body)[:80]


def findings_of(body: Any, standard: Standard) -> list[Finding]:
    """What a standard says of a record; that it cannot be read is a finding too."""
    return _said(body, standard)[0]


def _said(body: Any, standard: Standard) -> tuple[list[Finding], Dataset | None]:
    found = [one for one, _ in zip(standard.check(body), range(FINDINGS_LIMIT), strict=False)] if standard.check else []
    dataset = None
    try:
        if standard.read is not None:
            dataset = standard.read(body)
    except Unreadable as problem:
        if not any(one.rule == problem.finding.rule for one in found):
            found.append(problem.finding)
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as problem:
        found.append(finding(OTHER_FAULT, "", f"{type(problem).__name__}: {problem}"))
    return found, dataset


def standard_of(body: Any) -> Standard | None:
    """The standard that recognises a record; DCAT-US for any other JSON; None for other bytes and rows."""
    found = detect(body)
    if found is None and not isinstance(body, bytes) and not tables.is_row(body):
        return STANDARDS.get(FALLBACK)
    return found


def chosen_standard(body: Any, name: str | None) -> Standard:
    """The standard of this name, else the one that recognises the record, else DCAT-US. Raises `NotFound`."""
    return STANDARDS.get(name) if name else standard_of(body) or STANDARDS.get(FALLBACK)


def one_record(raw: bytes) -> Any:
    """One record sent in any form: JSON parsed, the bytes of XML or of RDF. Raises `Invalid` when it is none, or several."""
    if not raw.strip() or raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b'"') or _is_word(raw):
        return parse_one(raw)
    try:
        with spooled(raw, "body") as document:
            bodies = [part.body for part, _ in zip(forms.records(document), range(2), strict=False)]
    except NotData as problem:
        raise Invalid(problem.message, place="body", value=problem.value, remedy="Send one record: JSON, XML or RDF.") from None
    if len(bodies) != 1:
        what = "there is no record in it" if not bodies else "there is more than one record in it"
        raise Invalid(what, place="body", remedy="Send one record: JSON, XML or RDF.")
    return bodies[0]


def _is_word(raw: bytes) -> bool:
    """Whether this is no document at all, but a number or a word: no JSON object either, and told as such."""
    return len(raw) < 200 and b"<" not in raw and b"\n" not in raw


def parse_one(raw: bytes) -> Any:
    """One record sent as JSON. Raises `Invalid` when it is none."""
    try:
        return loads(raw.decode("utf-8-sig"), "body")
    except UnicodeDecodeError as problem:
        raise Invalid("the body is not UTF-8", place=f"byte {problem.start}", remedy="Send it in UTF-8.") from None
    except NotData as problem:
        raise Invalid(problem.message, place="body", value=problem.value, remedy="Send one record as JSON.") from None
