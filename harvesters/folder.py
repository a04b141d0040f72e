"""Files on disk, by pattern: what a department hands over on a share or keeps in a repository.

A file may be in any form that is read (`forms.py`), with one record or many; how they are called: `file_records.py`. Files are
read in the order of their names. A file that cannot be read does not stop the others: it becomes a record whose body is its
text, so that the run shows it as failed. When a file breaks after its first records, the run ends in an error once all files
were read, because the rest of that file is unknown and must not be taken for deleted.

Only a source marked internal may read files: the path is one of the machine Mulu runs on.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import BinaryIO, ClassVar, cast
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from harvesters.base import Batch, Found, Record, Seen
from harvesters.documents import grouped
from harvesters.file_records import SUFFIXES, named_records
from harvesters.spool import local
from harvesters.web import Web
from metadata.errors import CatalogError, NotData, Refused, TooLarge, Unreachable

_SHOWN = 1 << 16  # characters of an unreadable file that its record keeps
_DEFAULT = ", ".join(f"**/*.{suffix}" for suffix in SUFFIXES)
_DRIVE = re.compile(r"^/[A-Za-z]:")


@dataclass
class Point:
    """Where the walk is: the file, how many of its records were given, its digest, and the files that broke off until then."""

    file: str = ""
    count: int = 0
    digest: str = ""
    broken: tuple[str, ...] = ()


class FolderSettings(BaseModel):
    """What a folder source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    pattern: str = Field(default=_DEFAULT, title="Which files: patterns under the folder, separated by commas")
    batch_size: int = Field(default=1000, ge=1, le=10_000, title="Records in a batch")

    @field_validator("pattern")
    @classmethod
    def stay_inside(cls, value: str) -> str:
        """Patterns name files under the folder."""
        patterns = [part.strip() for part in value.split(",") if part.strip()]
        if not patterns:
            raise ValueError("give a pattern, such as **/*.json")
        for part in patterns:
            if part.startswith(("/", "~")) or ".." in Path(part).parts:
                raise ValueError(f"a pattern must stay inside the folder: {part}")
        return ", ".join(patterns)


class Folder:
    """The harvester of files on disk."""

    name: ClassVar[str] = "folder"
    title: ClassVar[dict[str, str]] = {"zh": "本机文件夹", "en": "Folder of files"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = FolderSettings
    waits: ClassVar[bool] = False

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.root = _path(url)
        self.settings = FolderSettings.model_validate(settings.model_dump())

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records across files; `resume` is JSON: the file, how many of its records were given, its digest."""
        if not web.internal:
            raise Refused(
                "files on disk are read for internal sources only", place=str(self.root), remedy="Mark the source as internal."
            )
        if not self.root.exists():
            raise Unreachable("there is no such folder", place=str(self.root), remedy="Check the path.")
        point = _point(resume)
        for group in grouped(self._records(point), self.settings.batch_size):
            yield Batch(tuple(record for record, _ in group), json.dumps(astuple(group[-1][1])), again=True)
        if point.broken:
            said = f"{len(point.broken)} files broke off after their first records; the rest was read"
            raise NotData(said, place=str(self.root), value=point.broken[0], remedy="Mend the file, then harvest again.")

    def _records(self, point: Point) -> Iterator[tuple[Record, Point]]:
        """Every record from the point on, with the point after it. `point` moves along."""
        for relative, path in self._files():
            if relative < point.file:
                continue
            if relative != point.file:
                point.file, point.count, point.digest = relative, 0, ""
            for record in self._file(relative, path, point):
                yield record, replace(point)

    def _files(self) -> list[tuple[str, Path]]:
        """Every file that a pattern names, once, by its path under the root; hidden files and folders are left out."""
        if self.root.is_file():
            return [(self.root.name, self.root)]
        patterns = self.settings.pattern.split(", ")
        anywhere = [pattern[3:].lower() for pattern in patterns if pattern.startswith("**/") and "/" not in pattern[3:]]
        found = {path for pattern in patterns if pattern[3:].lower() not in anywhere for path in self.root.glob(pattern)}
        if anywhere:  # one walk for all of them, in upper and lower case
            named = (path for path in self.root.rglob("*") if any(fnmatchcase(path.name.lower(), one) for one in anywhere))
            found.update(named)
        files = sorted((_spelled(path.relative_to(self.root)), path) for path in found if path.is_symlink() or path.is_file())
        return [(relative, path) for relative, path in files if not any(part.startswith(".") for part in relative.split("/"))]

    def _file(self, relative: str, path: Path, point: Point) -> Iterator[Record]:
        try:
            self._stay_inside(path)
            with path.open("rb") as file:
                document = local(cast(BinaryIO, file), relative)
                point.count = point.count if point.digest == document.digest else 0
                point.digest = document.digest
                for record in islice(named_records(document, relative), point.count, None):
                    point.count += 1
                    yield record
        except (CatalogError, OSError) as error:
            if point.count:
                point.broken += (f"{relative}: {error}",)
            else:
                point.file += "\x01"  # sorts after this file and before the next: it is done with
                yield Record(_text(path, error), relative)

    def _stay_inside(self, path: Path) -> None:
        if not path.is_file():
            raise NotData(
                "this is not a file, or a link to nowhere", place=str(path), remedy="Remove it, or put the file there."
            )
        inside = self.root.resolve() if self.root.is_dir() else self.root.resolve().parent
        if not path.resolve().is_relative_to(inside):
            raise Refused("this link leads out of the folder", place=str(path), remedy="Put the file itself there.")

    @staticmethod
    def probes(url: str) -> Sequence[str]:
        """A folder has no address beside its own."""
        del url
        return ()

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """Never: what is on the web is no folder of this machine."""
        del seen
        return None


def _path(url: str) -> Path:
    """The folder of a path or a file:// URL (RFC 8089)."""
    parts = urlsplit(url.strip())
    if parts.scheme.lower() != "file":
        return Path(url.strip())
    if parts.netloc not in ("", "localhost"):
        raise Refused(
            "a file URL of another machine is not read", place=url, value=parts.netloc, remedy="Give a path of this machine."
        )
    path = unquote(parts.path)
    return Path(path[1:] if _DRIVE.match(path) else path)


def _spelled(path: Path) -> str:
    """A path as text that can be stored: file names need not be valid UTF-8."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _point(resume: str | None) -> Point:
    try:
        file, count, digest, broken = json.loads(resume or "")
        return Point(str(file), int(count), str(digest), tuple(map(str, broken)))
    except (ValueError, TypeError):
        return Point()


def _text(path: Path, error: Exception) -> str:
    """What is kept of a file that is no record: its text, or why it cannot be opened."""
    if isinstance(error, OSError | Refused | TooLarge) or not path.is_file():
        return str(error)
    with path.open("rb") as file:
        document = local(cast(BinaryIO, file), path.name)
        return document.head(_SHOWN).decode("utf-8", "replace")
