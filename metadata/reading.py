"""What a run hands to the store: records as taken, as read, and the tally of what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Protocol

import msgspec

from metadata import identity, model
from metadata.model import Dataset
from metadata.packing import Packed, pack
from metadata.text import Text

FORGOTTEN = object()
"""In place of a record's body when only its bytes are held: of a JSON value, or of a record that is examined elsewhere."""


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


@dataclass(slots=True)
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


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What a dataset's row says of it; `word` is its title as a word for a URL (`metadata.identity.slug`)."""

    title: Text
    word: str
    modified: str | None
    frequency: str | None


class Outcome(Protocol):
    """A record with what became of it: what the checks said, what its dataset's row says (`None` when it cannot be read as a
    dataset), the dataset's description and the record itself as they are kept."""

    @property
    def taken(self) -> Taken: ...
    @property
    def findings(self) -> Sequence[Noted]: ...
    @property
    def said(self) -> Said | None: ...
    @property
    def description(self) -> Packed | None: ...
    @property
    def record(self) -> Packed: ...


@dataclass(frozen=True)
class Reading:
    """A record with what the checks said and what it was read as; `dataset` is `None` when it cannot be read as one."""

    taken: Taken
    dataset: Dataset | None
    findings: Sequence[Noted]

    @cached_property
    def said(self) -> Said | None:
        """What the dataset's row says of it."""
        if self.dataset is None:
            return None
        frequency = self.dataset.accrual_periodicity
        return Said(
            self.dataset.title,
            identity.slug(self.dataset.title),
            self.dataset.modified,
            frequency.code or None if frequency else None,
        )

    @cached_property
    def description(self) -> Packed | None:
        """The dataset's description."""
        if self.dataset is None:
            return None
        body = model.encode(self.dataset)
        return pack(identity.digest(body), body)

    @cached_property
    def record(self) -> Packed:
        """The record itself."""
        return pack(self.taken.digest, self.taken.raw)


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
