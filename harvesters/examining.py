"""What becomes of one record: it is checked, and read as a dataset."""

from typing import Any

from metadata import identity
from metadata.errors import SourceError
from metadata.model import Dataset
from metadata.reading import FORGOTTEN, Reading, Taken
from standards.base import Finding, Standard, Unreadable, finding
from standards.records import OTHER_FAULT, UNRECOGNISED

FINDINGS_LIMIT = 100


def examine(taken: Taken, standard: Standard | None) -> Reading:
    """Checks a record and reads it. One that cannot be a dataset at all keeps the reason as its finding."""
    if taken.body is FORGOTTEN:
        taken.body = identity.parsed(taken.raw)
    if standard is None:
        return Reading(taken, None, [*taken.faults, finding(UNRECOGNISED, "")])
    findings = [*taken.faults, *_findings(taken.body, standard)]
    try:
        dataset = _read(taken, standard)
    except Unreadable as problem:
        return Reading(taken, None, [*findings, problem.finding][:FINDINGS_LIMIT])
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as problem:
        return Reading(
            taken, None, [*findings, finding(OTHER_FAULT, "", f"{type(problem).__name__}: {problem}")][:FINDINGS_LIMIT]
        )
    return Reading(taken, dataset, findings)


def _read(taken: Taken, standard: Standard) -> Dataset:
    if standard.read is None:
        raise SourceError("this standard is only written, not read", place=standard.name)
    return standard.read(taken.body)


def _findings(body: Any, standard: Standard) -> list[Finding]:
    if standard.check is None:
        return []
    return [one for one, _ in zip(standard.check(body), range(FINDINGS_LIMIT), strict=False)]
