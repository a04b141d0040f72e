"""What a harvester is: it walks one protocol and yields batches of records, nothing else.

It knows no format beyond finding where a record starts and ends, no database and no index. A harvester that returns
from `batches` has listed everything; one that could not raises `metadata.errors.SourceError`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from pydantic import BaseModel

if TYPE_CHECKING:
    from harvesters.web import Web


@dataclass(frozen=True)
class Record:
    """What a source said about one dataset. `body` is parsed JSON, or the text or bytes of anything else."""

    body: Any
    identifier: str | None = None
    standard: str | None = None
    modified: str | None = None
    deleted: bool = False


@dataclass(frozen=True)
class Batch:
    """Some records, and `resume`: opaque, enough to go on after them. `total` is what the source says it has, if it does.
    `again` tells that a run which goes on may meet records of its earlier attempt once more (the source changed meanwhile)."""

    records: tuple[Record, ...]
    resume: str
    total: int | None = None
    again: bool = False


class NotModified(Exception):
    """The source says that nothing has changed since the last visit (HTTP 304): all its records stand."""


class Harvester(Protocol):
    """One protocol. Made with the source's URL and its settings: `harvester(url, settings)`."""

    name: ClassVar[str]
    title: ClassVar[dict[str, str]]
    standard: ClassVar[str]  # the standard of its records when neither the source nor the record names one
    Settings: ClassVar[type[BaseModel]]

    def __init__(self, url: str, settings: BaseModel) -> None: ...

    def batches(self, web: "Web", resume: str | None) -> Iterator[Batch]: ...
