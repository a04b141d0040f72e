"""Where the embedded index lies on disk, and how one takes the place of another.

    <root>/CURRENT      the name of the live index's folder; replaced by renaming, so it is always whole
    <root>/v1-…/        an index; the number is the version of `search.tantivy_schema`
    <root>/REBUILD      locked while an index is built beside the live one

Readers in any process look at `CURRENT` before each question (one `stat`), so a swap reaches them at once. A folder that was
replaced is deleted; who still reads it keeps its open files (POSIX). Not for network file systems: tantivy maps files and
locks them.
"""

import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson
import tantivy

from metadata.errors import Conflict, Unavailable
from search.tantivy_schema import VERSION, schema

HEAP = 50_000_000
"""Bytes that rows wait in before they are written to disk."""

LARGE_HEAP = 200_000_000
"""The same while a whole index is built: fewer and larger parts, less to merge."""

Stamp = tuple[int, int, int]
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class View:
    """The index as it was at one commit. `key` is another for every commit and every folder, `state` the same as a word. The
    dictionaries keep what was counted and looked up, for as long as this is the last commit."""

    index: tantivy.Index
    searcher: tantivy.Searcher
    schema: tantivy.Schema
    folder: Path
    key: tuple[str, Stamp]
    totals: dict[Any, int] = field(default_factory=dict)
    facets: dict[Any, Counts] = field(default_factory=dict)
    bars: dict[Any, Counts] = field(default_factory=dict)
    samples: dict[tuple[str, str], Mapping[str, Any] | None] = field(default_factory=dict)
    circles: dict[Any, tantivy.Query] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """A word for this commit."""
        return f"{self.folder.name[-12:]}-{self.key[1][1]:x}"


def stamp(path: Path) -> Stamp | None:
    """What changes when a file is replaced; None when it is not there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def current(root: Path) -> Path | None:
    """The folder of the live index; None when there is none yet."""
    try:
        name = (root / "CURRENT").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    return root / name if name else None


def is_outdated(folder: Path) -> bool:
    """Whether an index is of another version than this program writes and reads."""
    return not folder.name.startswith(f"v{VERSION}-")


def create(root: Path) -> Path:
    """A new, empty index in a folder of its own."""
    folder = root / f"v{VERSION}-{uuid.uuid4().hex[:12]}"
    folder.mkdir(parents=True)
    tantivy.Index(schema(), path=str(folder))
    return folder


def make_current(root: Path, folder: Path) -> None:
    """Point at another live index, durably and in one step."""
    draft = root / f"CURRENT.{os.getpid()}"
    with draft.open("w", encoding="ascii") as file:
        file.write(folder.name)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(root / "CURRENT")


def view(folder: Path, found: Stamp, before: View | None = None) -> View:
    """The index in `folder` at its last commit, reusing what `before` has open."""
    if before is not None and before.folder == folder:
        index = before.index
        index.reload()
    else:
        index = tantivy.Index.open(str(folder))
        index.config_reader("Manual")
        index.reload()
    return View(index, index.searcher(), index.schema, folder, (folder.name, found))


def writer(folder: Path, patience: float, heap: int = HEAP) -> tantivy.IndexWriter:
    """The one writer of an index, waiting at most `patience` seconds for another process's. Raises `Conflict` when that keeps
    it, `Unavailable` when the index cannot be written."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return tantivy.Index.open(str(folder)).writer(heap, 1)
        except (ValueError, OSError) as error:
            if "LockBusy" not in str(error):
                remedy = "See that the disk is there and has room; `mulu index rebuild` makes a new one."
                raise Unavailable(f"the search index cannot be written: {error}", place=str(folder), remedy=remedy) from error
            if time.monotonic() > deadline:
                remedy = "Only one may at a time: wait until it has ended, or stop it."
                raise Conflict("another process is writing to the search index", place=str(folder), remedy=remedy) from error
        time.sleep(0.05)


def stored(view: View, address: tantivy.DocAddress) -> Any:
    """What is kept of a row: `[id, name, shown]`."""
    return orjson.loads(bytes(view.searcher.doc(address).get_first("stored") or b"null"))


def count(view: View, query: tantivy.Query) -> int:
    """How many rows a query finds, exactly."""
    found = view.searcher.search(query, 1, count=True, order_by_field="id_high")  # by a number: nothing is scored
    return int(found.count)  # type: ignore[attr-defined]  # the stub forgot it


def lock_rebuild(root: Path) -> IO[str]:
    """The right to build an index beside the live one, held until the file is closed. Raises `Conflict` when another has
    it."""
    root.mkdir(parents=True, exist_ok=True)
    file = (root / "REBUILD").open("w", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise Conflict(
            "the search index is being rebuilt by another process",
            place=str(root),
            remedy="Wait until it has ended, then try again.",
        ) from None
    return file


def sweep(root: Path, keep: Path | None) -> None:
    """Delete every index but `keep`: those that were replaced, and those whose building was broken off."""
    for folder in root.glob("v*-*"):
        if folder != keep and folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
