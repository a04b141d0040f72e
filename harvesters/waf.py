"""Web folders ("web accessible folders"): files that a server lists, folder by folder, and the records in them.

The URL is that of a folder whose listing the server shows. Which listings are read: `waf_listing.py`; how the walk goes and
what makes a run fail: `waf_walk.py`; what the records of a file are called: `file_records.py`.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from harvesters.base import Batch, Found, Record, Seen
from harvesters.file_records import SUFFIXES
from harvesters.since import Since, present
from harvesters.waf_listing import folder_of, is_headed, read
from harvesters.waf_walk import Point, Walk, going_on, spelled
from harvesters.web import Web
from metadata.errors import CatalogError

_PACKED = ("json", "xml", "rdf", "ttl", "nt", "csv")
_DEFAULT = ", ".join((*(f"*.{suffix}" for suffix in SUFFIXES), *(f"*.{suffix}.gz" for suffix in _PACKED)))


class WafSettings(BaseModel):
    """What a web folder lets one choose."""

    model_config = ConfigDict(extra="forbid")

    pattern: str = Field(default=_DEFAULT, title="Which files: patterns of names or paths, separated by commas")
    exclude: str = Field(default="", title="Which files and folders not: patterns of names or paths, separated by commas")
    depth: int = Field(default=10, ge=0, le=100, title="How many folders deep; 0: only the folder itself")
    full_every: int = Field(
        default=7, ge=1, le=10_000, title="Every so many runs each file is asked for, whatever its date says"
    )
    batch_size: int = Field(default=200, ge=1, le=10_000, title="Records in a batch")

    @field_validator("pattern")
    @classmethod
    def name_something(cls, value: str) -> str:
        """At least one pattern."""
        if not listed(value):
            raise ValueError("give a pattern, such as *.xml")
        return value


def listed(words: str) -> list[str]:
    """The patterns in a setting."""
    return [part.strip() for part in words.split(",") if part.strip()]


class Waf:
    """The harvester of web folders."""

    name: ClassVar[str] = "waf"
    title: ClassVar[dict[str, str]] = {"zh": "网页文件夹(WAF)", "en": "Web folder (WAF)"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = WafSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.settings = WafSettings.model_validate(settings.model_dump())
        self.url = url.strip().partition("#")[0].partition("?")[0]

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records across files; `resume` is JSON (`waf_walk.Point`)."""
        settings = self.settings
        since = Since.of(web, self.url, settings.full_every)
        patterns, excluded = listed(settings.pattern), listed(settings.exclude)
        walk = Walk(web, self.url, patterns, excluded, settings.depth, since.start is not None, going_on(resume))
        yield from self._grouped(walk)
        walk.end()
        since.remember(present())

    def _grouped(self, walk: Walk) -> Iterator[Batch]:
        """Batches; when the walk ends in an error, the records before it are given first."""
        group: list[Record] = []
        point, failure = walk.point, None
        try:
            for record, point in walk.records():
                group.append(record)
                if len(group) == self.settings.batch_size:
                    yield _batch(group, point)
                    group = []
        except CatalogError as error:
            failure = error
        if group:
            yield _batch(group, point)
        if failure is not None:
            raise failure

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """A folder shows itself at its own address; one given without its last slash, with it."""
        return () if url.endswith("/") or "?" in url else (f"{url}/",)

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A listing that names files that are read, or folders."""
        items = read(seen.url, seen.media_type, seen.text) if seen.status == 200 else None
        if not items:
            return None
        suffixes = tuple(f".{suffix}" for suffix in SUFFIXES)
        files = sum(item.name.lower().endswith(suffixes) for item in items if not item.folder)
        if not files and not any(item.folder for item in items):
            return None
        why = f"a listing of {len(items)} files and folders, {files} of a form that is read"
        sure = 40 if not files else 80 if is_headed(seen.url, seen.text) else 50
        return Found(folder_of(seen.url), why, sure)


def _batch(group: list[Record], point: Point) -> Batch:
    return Batch(tuple(group), spelled(point), again=True)
