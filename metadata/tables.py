"""Rows. The description itself is not here: rows hold ids, a few indexed columns, and digests of bodies.

Times are ISO 8601 text in UTC (`2026-05-03T08:00:00.000000Z`), so that they sort and compare alike on every database.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel

_Sequence = BigInteger().with_variant(Integer, "sqlite")


def _said(value: str) -> dict[str, str]:
    """The default of a column that was added to a table with rows, as the database fills it in."""
    return {"server_default": value}


class Organization(SQLModel, table=True):
    """A department. `title` is a Text; `code` the 统一社会信用代码."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    title: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    description: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    homepage: str | None = None
    code: str | None = None
    parent: str | None = Field(default=None, foreign_key="organization.name")
    created: str


class Source(SQLModel, table=True):
    """Where records come from. `admits`: `readable` or `valid`; `retire_limit`: a share, 0 to 1; `schedule`: a cron line,
    read in `timezone` (IANA name), begun up to `jitter` minutes later, never inside a window of `blackout`; a higher
    `priority` goes first. `volatile`: names of fields whose change alone is no change. `access`: how it is entered, secrets
    sealed. `notify`: who hears of its runs. `failures`: runs in a row that did not end well; `last_good`: when one last did.
    `pause`: least seconds between two requests to its host."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    url: str
    protocol: str
    standard: str | None = None
    organization: str | None = Field(default=None, foreign_key="organization.name", index=True)
    settings: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    admits: str = "readable"
    retire_limit: float = 0.1
    internal: bool = False
    schedule: str | None = None
    timezone: str = Field(default="UTC", sa_column_kwargs=_said("UTC"))
    jitter: int = Field(default=0, sa_column_kwargs=_said("0"))
    blackout: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    priority: int = Field(default=0, sa_column_kwargs=_said("0"))
    pause: float = Field(default=0.0, sa_column_kwargs=_said("0"))
    volatile: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))
    access: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    notify: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    failures: int = Field(default=0, sa_column_kwargs=_said("0"))
    last_good: str | None = None
    next_run: str | None = Field(default=None, index=True)
    validators: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created: str


class Body(SQLModel, table=True):
    """Bytes under their digest (SHA-256, hex), compressed with zstd. Written once, never changed."""

    digest: str = Field(primary_key=True)
    size: int
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RecordRow(SQLModel, table=True):
    """One description as a source gave it. `stable` is the digest of the record without its source's volatile fields (empty:
    there are none). `run` is the last run that saw it, below zero when that run was told that it is deleted. `state` is
    `read` or `failed`."""

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("source_id", "identifier"),)

    id: str = Field(primary_key=True)
    source_id: str = Field(foreign_key="source.id")
    identifier: str = Field(sa_column=Column(Text, nullable=False))
    standard: str
    digest: str
    stable: str = Field(default="", sa_column_kwargs=_said(""))
    dataset_id: str | None = Field(default=None, index=True)
    state: str
    errors: int = 0
    warnings: int = 0
    run: int
    attempt: int = 0
    first_run: int
    gone: bool = False


class FindingRow(SQLModel, table=True):
    """One finding of a record; its words come from the rule."""

    __tablename__ = "finding"

    record_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    rule: str = Field(index=True)
    severity: str
    path: str = Field(sa_column=Column(Text, nullable=False))
    value: str = Field(sa_column=Column(Text, nullable=False))


class DatasetRow(SQLModel, table=True):
    """A dataset of the directory. `identifier` is unique within its source, or within its organization when it has none. A
    copy of a dataset that another source gave first-hand names that one in `copy_of`, and in `copy_rule` what decided it."""

    __tablename__ = "dataset"
    __table_args__ = (
        Index("dataset_listing", "state", "name"),
        Index("dataset_place", "organization", "identifier"),
    )

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    source_id: str | None = Field(default=None, index=True)
    organization: str | None = None
    identifier: str = Field(sa_column=Column(Text, nullable=False))
    standard: str
    state: str
    title: str = Field(sa_column=Column(Text, nullable=False))
    modified: str | None = None
    frequency: str | None = None
    errors: int = 0
    warnings: int = 0
    digest: str
    copy_of: str | None = Field(default=None, index=True)
    copy_rule: str | None = None
    created: str
    updated: str
    sequence: int = Field(sa_column=Column(_Sequence, nullable=False))


class Overlay(SQLModel, table=True):
    """A person's change to one field of a harvested dataset. `value` is what the field says now, `base` what the source said
    when it was changed; both as the model's JSON."""

    dataset_id: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    base: Any = Field(default=None, sa_column=Column(JSON, nullable=True))
    author: str
    at: str
    note: str = ""


class IdentityKey(SQLModel, table=True):
    """What a dataset may be known by in another source too: 63 bits of a digest (`metadata/copies.py` says of what). Equal keys
    only make two datasets worth comparing."""

    __tablename__ = "identity_key"

    key: int = Field(sa_column=Column(_Sequence, primary_key=True, autoincrement=False))
    dataset_id: str = Field(primary_key=True, index=True)


class Alias(SQLModel, table=True):
    """An earlier name or identifier of a dataset, by which it is still found. `kind` is `name` or `identifier`."""

    kind: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    dataset_id: str = Field(index=True)


class Change(SQLModel, table=True):
    """One line of the log. `hash` covers the line and the hash of the line before."""

    sequence: int = Field(sa_column=Column(_Sequence, primary_key=True, autoincrement=False))
    at: str
    actor: str
    action: str
    dataset_id: str = Field(index=True)
    name: str
    run_id: int | None = Field(default=None, index=True)
    before: str | None = None
    after: str | None = None
    previous: str
    hash: str


class Run(SQLModel, table=True):
    """One harvest of one source: the job and its report. `resume` is the cursor; it changes only in a batch's transaction.
    `partial`: it lists only what changed. `saved`: records passed over unread, by what told so (`http`, `document`, `record`).
    `decision`: what a person decided of it later (held: accepted or refused; undone), by whom, when. `told`: when its report
    was sent; empty while it waits."""

    id: int | None = Field(default=None, primary_key=True)
    source_id: str = Field(foreign_key="source.id", index=True)
    source: str
    state: str = Field(index=True)
    asked: str
    started: str | None = None
    finished: str | None = None
    resume: str | None = None
    complete: bool = False
    partial: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    priority: int = Field(default=0, sa_column_kwargs=_said("0"))
    saved: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))
    decision: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    told: str | None = Field(default=None, index=True)
    accept_retire: bool = False
    cancel: bool = False
    worker: str | None = None
    lease: str | None = Field(default=None, index=True)
    total: int | None = None
    received: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0
    renamed: int = 0
    failed: int = 0
    warned: int = 0
    duplicates: int = 0
    bytes: int = 0
    seconds: float = 0.0
    peak_memory_mib: float = 0.0
    resumed: int = 0
    message: str = ""
    findings_by_rule: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Token(SQLModel, table=True):
    """A key for writing. Only its argon2 hash is kept; `prefix` (the first characters) finds the row."""

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    prefix: str = Field(unique=True)
    hash: str
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    organization: str | None = None
    created: str
    used: str | None = None


class Use(SQLModel, table=True):
    """How often a dataset was looked at on one day (`2026-05-03`, UTC). Of whoever looked nothing is kept."""

    __tablename__ = "dataset_use"

    dataset_id: str = Field(primary_key=True)
    day: str = Field(primary_key=True, index=True)
    count: int


class Touched(SQLModel, table=True):
    """A dataset whose document in the index has to be written anew although the log has no new line for it."""

    dataset_id: str = Field(primary_key=True)


class Lease(SQLModel, table=True):
    """What only one process does at a time: who has it, and until when it is believed alive."""

    name: str = Field(primary_key=True)
    holder: str
    until: str


class Mark(SQLModel, table=True):
    """A small fact that one process found and every process shows: its name, what was found, and when."""

    name: str = Field(primary_key=True)
    value: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    at: str


class Tally(SQLModel, table=True):
    """A number that only grows, added up over all processes."""

    name: str = Field(primary_key=True)
    value: float


class SearchTally(SQLModel, table=True):
    """How one question fared on one day. `key` stands for the words; `words` are there only when they were asked often enough
    to be nobody's own; `empty` counts answers without a dataset. Times in milliseconds."""

    __tablename__ = "search_tally"

    day: str = Field(primary_key=True)
    key: str = Field(primary_key=True, index=True)
    words: str | None = None
    searches: int
    empty: int
    slow: int
    worst: float
    total: float


class SavedSearch(SQLModel, table=True):
    """A question that someone keeps. `query` holds its parameters as in a URL; `owner` is the name of a token, None for a
    visitor; `channel` is `none`, `mail` or `webhook`, `target` the address it goes to; `state` is `pending` (not confirmed
    yet), `active` or `stopped`. The log was told of up to line `told`; while a message is on its way, `telling` is the last
    line that it covers. `due` is when it is looked at next."""

    __tablename__ = "saved_search"

    id: str = Field(primary_key=True)
    name: str
    query: str = Field(sa_column=Column(Text, nullable=False))
    owner: str | None = Field(default=None, index=True)
    channel: str = "none"
    target: str = ""
    language: str = "zh"
    state: str = "active"
    created: str
    told: int = Field(sa_column=Column(_Sequence, nullable=False))
    telling: int | None = Field(default=None, sa_column=Column(_Sequence, nullable=True))
    due: str = Field(index=True)
    checked: str | None = None
    sent: str | None = None
    failures: int = 0
    message: str = ""
