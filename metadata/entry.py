"""A dataset as the catalogue holds it: the description, and what the catalogue knows about it."""

from dataclasses import dataclass
from typing import Literal

from metadata.model import Dataset
from metadata.text import Text

State = Literal["published", "withheld", "retired"]


@dataclass(frozen=True)
class Entry:
    """One row of the directory with its description. `id` is a UUID that never changes, `name` the catalogue-wide word in its
    URL; `created` and `updated` tell when the catalogue took it up and last changed it (ISO 8601, UTC, `Z`); `sequence` is
    the last Change that touched it; `errors` and `warnings` count the findings of its record; `readers` say who may see it;
    `above` are the departments over its own, the nearest first, with their titles; `use` counts visits; `copy_of` is the id
    of the dataset that this one is a copy of, `copy_rule` what decided it; `curated` names the fields of `dataset` that a
    person has set over what the source says (`digest` is of what the source says)."""

    id: str
    name: str
    identifier: str
    state: State
    source: str | None
    standard: str
    organization: str | None
    organization_title: Text
    created: str
    updated: str
    sequence: int
    errors: int
    warnings: int
    digest: str
    dataset: Dataset
    above: tuple[tuple[str, Text], ...] = ()
    use: int = 0
    copy_of: str | None = None
    copy_rule: str = ""
    curated: tuple[str, ...] = ()

    @property
    def readers(self) -> tuple[str, ...]:
        """Labels of who may see it: everyone when published, its department otherwise (DESIGN §5.14)."""
        own = (f"organization:{self.organization}",) if self.organization else ()
        return ("public", *own) if self.state == "published" else own
