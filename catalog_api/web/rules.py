"""Findings in words for pages: a stored row keeps its rule's id, the words live once, in the rules of the standards."""

from collections.abc import Iterable
from dataclasses import dataclass

from catalog_api.compliance import RuleCount
from metadata.tables import FindingRow
from metadata.text import Text
from standards.base import Finding
from standards.table import explain
from standards.table import rule as words_of

_WEIGHT = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Counted:
    """A rule in its words, how often it was broken, and by how many departments where that was asked."""

    rule: str
    severity: str
    message: Text
    fix: Text
    clause: str
    count: int
    departments: int = 0


def worded(rows: Iterable[FindingRow]) -> list[Finding]:
    """Stored findings with their rules' words: errors before warnings before notes."""
    found = [explain(row.rule, row.path, row.value, row.severity) for row in rows]  # type: ignore[arg-type]
    return sorted(found, key=lambda one: _WEIGHT.get(one.severity, 3))


def counted(rule: str, severity: str, count: int, departments: int = 0) -> Counted:
    """A rule that was broken `count` times, with its words."""
    known = words_of(rule)
    if known is None:
        return Counted(rule, severity, {}, {}, "", count, departments)
    return Counted(rule, severity or known.severity, known.message, known.fix, known.clause, count, departments)


def in_words(counts: Iterable[RuleCount]) -> list[Counted]:
    """Counts by rule with the rules' words."""
    return [counted(one.rule, one.severity, one.count, one.departments) for one in counts]
