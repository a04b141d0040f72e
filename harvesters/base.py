"""What a harvester is: it walks one protocol and yields batches of records, nothing else.

It knows no format beyond finding where a record starts and ends, no database and no index. A harvester that returns
from `batches` has listed everything; one that could not raises `metadata.errors.SourceError`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import orjson
from pydantic import BaseModel

from metadata import identity
from standards.base import Finding

if TYPE_CHECKING:
    from harvesters.web import Web


@dataclass(frozen=True)
class Record:
    """What a source said about one dataset. `body` is parsed JSON, or the text or bytes of anything else.

    `faults`: what was wrong with the form it came in (`harvesters.forms.Part`), told with the findings of its check.
    `deleted`: the source says that it is gone; there is no body. `same`: the source says that it is as it was at the last good
    run (a folder's date, a document's 304); there is no body, and `identifier` is that of the record taken in then."""

    body: Any
    identifier: str | None = None
    standard: str | None = None
    modified: str | None = None
    deleted: bool = False
    same: bool = False
    faults: tuple[Finding, ...] = ()


class JsonRecord(Record):
    """A record that is a JSON object, held as the bytes it is kept as (`metadata.identity.raw`) and parsed when `body` is
    looked at: of a long list most are as they were, and nobody looks."""

    raw: bytes

    def __init__(self, body: dict[str, Any], identifier: str | None) -> None:
        object.__setattr__(self, "raw", identity.raw(body))
        object.__setattr__(self, "identifier", identifier)

    @property
    def body(self) -> Any:
        """The object."""
        return identity.parsed(self.raw)


@dataclass(frozen=True)
class Batch:
    """Some records, and `resume`: opaque, enough to go on after them. `total` is what the source says it has, if it does.
    `again` tells that a run which goes on may meet records of its earlier attempt once more (the source changed meanwhile).
    `partial` tells that the run lists only what changed since the last good one: what is not listed stands. All batches of a
    run say the same; a run that finds nothing changed yields one batch without records."""

    records: tuple[Record, ...]
    resume: str
    total: int | None = None
    again: bool = False
    partial: bool = False


class NotModified(Exception):
    """The source says that nothing has changed since the last visit: all its records stand. `by` is `http` (304) or
    `document` (the same bytes came)."""

    def __init__(self, place: str = "", by: str = "http") -> None:
        super().__init__(place)
        self.by = by


@dataclass(frozen=True)
class Seen:
    """The beginning of an answer, by which a protocol recognises what it can harvest. `url` is where it came from, `asked` what
    was asked for; `media_type` is in lower case without parameters; `head` holds the first bytes, as UTF-8."""

    asked: str
    url: str
    status: int
    media_type: str
    headers: Mapping[str, str]
    head: bytes
    whole: bool

    @cached_property
    def text(self) -> str:
        """The beginning as text, without a byte-order mark or blanks in front."""
        return self.head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n\0")

    @cached_property
    def json(self) -> Any:
        """The answer parsed, when it is whole and JSON; else None."""
        if not self.whole or not self.text.startswith(("{", "[")):
            return None
        try:
            return orjson.loads(self.text)
        except orjson.JSONDecodeError:
            return None


@dataclass(frozen=True)
class Found:
    """What a protocol makes of an answer: the address and settings it would harvest with, why (for people), and how sure it is:
    100 says the answer names the protocol itself, 50 that it has its form, below 30 that it could be read so."""

    url: str
    why: str
    sure: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    standard: str | None = None


class Walks(Protocol):
    """What a run needs of a harvester. One whose walk is a single download, then reading, says `waits = False`: nothing would
    be won by fetching ahead, and memory be lost."""

    def batches(self, web: "Web", resume: str | None) -> Iterator[Batch]: ...


class Harvester(Walks, Protocol):
    """One protocol. Made with the source's URL and its settings: `harvester(url, settings)`."""

    name: ClassVar[str]
    title: ClassVar[dict[str, str]]
    standard: ClassVar[str]  # that of its records when neither source nor record names one; empty: each is recognised
    Settings: ClassVar[type[BaseModel]]

    def __init__(self, url: str, settings: BaseModel) -> None: ...

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """Addresses beside the one given (often a site's front page) where this protocol would show itself."""
        ...

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """What this protocol makes of an answer; None when it cannot harvest it. Never raises."""
        ...
