"""What a run hands to the store: records as taken, as read, and the tally of what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

from metadata.model import Dataset


class Noted(Protocol):
    """What the store needs of a finding (`standards.base.Finding` has it)."""

    @property
    def rule(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def value(self) -> str: ...


@dataclass(frozen=True)
class Taken:
    """A record as it was taken from its source: its identity, the bytes it is kept as, and what they were parsed to. `stable`
    is its digest without what its source calls volatile (empty: nothing is); `faults` what was wrong with the form it came
    in."""

    identifier: str
    standard: str
    raw: bytes
    digest: str
    body: Any
    stable: str = ""
    faults: Sequence[Noted] = ()


@dataclass(frozen=True)
class Reading:
    """A record with what the checks said and what it was read as; `dataset` is `None` when it cannot be read as one."""

    taken: Taken
    dataset: Dataset | None
    findings: Sequence[Noted]


@dataclass
class Tally:
    """How many records became what, in one batch."""

    received: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    warned: int = 0
    duplicates: int = 0

    def add_to(self, run: Any) -> None:
        """Adds these counts to a run's."""
        for one in fields(self):
            setattr(run, one.name, getattr(run, one.name) + getattr(self, one.name))
