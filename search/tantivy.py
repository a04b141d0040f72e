"""The embedded engine: tantivy in the process, an index in a folder, one writer, any number of readers in any process."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import tantivy

from metadata.errors import Conflict, Invalid, Unavailable
from search import tantivy_folder as folders
from search.answer import answer
from search.base import Document, Hit, Page, Query, Ready, SearchEngine, Suggestion
from search.habits import Habits
from search.plan import Found, Lookup
from search.similar import similar
from search.suggest import suggest
from search.tantivy_folder import View
from search.tantivy_look import contents, look, samples
from search.tantivy_schema import POSITION, position_row, ready
from search.tantivy_terms import completions, terms_like

_KEPT = 4
_KEPT_SECONDS = 300.0
"""So many earlier states of the index, and for so long, can be paged on through by who began on them."""


class TantivyEngine:
    """An index under `root`. Without `folder` it is the live one, whichever that is at the moment. `patience`: how many
    seconds a write waits for another process's write to end."""

    def __init__(self, root: Path, folder: Path | None = None, *, habits: Habits | None = None, patience: float = 10.0) -> None:
        self.root = root
        self.patience = patience
        self.habits = habits or Habits()
        self._folder = folder
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._writer: tuple[Path, tantivy.IndexWriter] | None = None
        self._view: View | None = None
        self._earlier: dict[str, tuple[float, View]] = {}
        self._pointer: folders.Stamp | None = None
        self._current: Path | None = None
        self._rebuild: IO[str] | None = None
        self._empty = False

    def maker(self) -> Callable[[Document], Ready]:
        """Documents as rows."""
        return ready

    def write(
        self, documents: Iterable[Document | Ready], gone: Iterable[str], position: int, since: int | None = None
    ) -> None:
        """Put documents in, take others out and set the position, in one commit. Writing the same again changes nothing.
        Raises `Conflict` when another process keeps writing, or has swapped the index meanwhile."""
        with self._writing:
            folder, writer = self._open_writer()
            if since is not None and self.position() != since:
                self._drop_writer()
                raise Conflict("the index was swapped meanwhile", place=folder.name, remedy="Nothing is lost: sync again.")
            try:
                _put(writer, documents, gone, position, anew=self._empty)
                self._empty = False
            except BaseException as error:
                self._drop_writer()
                if self._folder is None and folders.current(self.root) != folder:
                    remedy = "Nothing is lost: sync again."
                    raise Conflict("the index was swapped while it was written to", place=folder.name, remedy=remedy) from error
                raise
            if self._folder is None:
                self._close_writer()

    def search(self, query: Query) -> Page:
        """The answer. Raises `Invalid` for names, dates, cursors and sizes that cannot be."""
        return answer(self, query, self.habits)

    def suggest(self, words: str, limit: int) -> list[Suggestion]:
        """What everyone may see and begins, or goes on, like `words`: titles, publishers and keywords."""
        return suggest(self, words, limit)

    def similar(self, dataset_id: str, limit: int, readers: frozenset[str]) -> tuple[Hit, ...]:
        """Datasets that are about the same."""
        return similar(self, dataset_id, limit, readers)

    def look(self, lookup: Lookup) -> Found:
        """What is found in the last commit; a cursor goes on in the one that it began with, as long as that is kept."""
        found = self._look()
        if found is None:
            return Found(total=0)
        if lookup.after is not None and lookup.after.snapshot in self._earlier:
            found = self._earlier[lookup.after.snapshot][1]
        return look(found, lookup)

    def samples(self, facet: str, values: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """For each value of a facet, what is stored of one document that has it."""
        found = self._look()
        return samples(found, facet, values) if found else {}

    def completions(self, start: str, limit: int) -> list[tuple[str, int]]:
        """Lines of `completion` that begin so, on public documents."""
        found = self._look()
        return completions(found, start, limit) if found else []

    def terms_like(self, field: str, term: str, edits: int, limit: int) -> list[tuple[str, int]]:
        """Tokens of a field that are spelt nearly so."""
        found = self._look()
        return terms_like(found, field, term, edits, limit) if found else []

    def state(self) -> str:
        """The commit that is searched."""
        found = self._look()
        return found.state if found else ""

    def position(self) -> int:
        """The last line of the log that this index has seen; 0 when it is new, or of another version of the program."""
        try:
            found = self._look()
        except Unavailable:
            return 0
        if found is None:
            return 0
        hits = found.searcher.search(tantivy.Query.term_query(found.schema, "id", POSITION, "basic"), 1).hits
        return int(found.searcher.doc(hits[0][1]).get_first("position") or 0) if hits else 0

    def fresh(self) -> "TantivyEngine":
        """An empty index beside the live one, which goes on answering. Raises `Conflict` when another process builds one."""
        lock = folders.lock_rebuild(self.root)
        folders.sweep(self.root, folders.current(self.root))
        beside = TantivyEngine(self.root, folders.create(self.root), habits=self.habits, patience=self.patience)
        beside._rebuild = lock
        beside._empty = True
        return beside

    def replace(self, other: SearchEngine) -> None:
        """Make an index that `fresh` gave the live one, for every process at once."""
        if not isinstance(other, TantivyEngine) or other._folder is None or other.root != self.root:
            raise Invalid("only an index that was built beside this one can take its place", remedy="Use `fresh()`.")
        with self._writing:
            self._drop_writer()
            other._finish()
            folders.make_current(self.root, other._folder)
            folders.sweep(self.root, other._folder)
            other._folder = None
            other._unlock()

    def contents(self) -> Iterator[tuple[str, int]]:
        """`(id, sequence)` of everything in the index, in the order of ids, as it is now."""
        found = self._look()
        return contents(found) if found else iter(())

    def close(self) -> None:
        """Let go of the writer, and of an index that was being built and is not wanted any more."""
        with self._writing:
            self._drop_writer()
            self._unlock()

    def _look(self) -> View | None:
        """The index as of its last commit: two `stat` calls when nothing has changed."""
        with self._lock:
            for _ in range(5):
                try:
                    return self._looked()
                except (ValueError, OSError) as error:
                    failure = error
                    self._view = None
            raise Unavailable(
                f"the search index cannot be read: {failure}", place=str(self.root), remedy="Run `mulu index rebuild`."
            ) from failure

    def _looked(self) -> View | None:
        folder = self._folder or self._live()
        if folder is None:
            return None
        if folders.is_outdated(folder):
            remedy = "The next sync rebuilds it, or `mulu index rebuild` does."
            raise Unavailable("the search index is of another version", place=folder.name, remedy=remedy)
        found = folders.stamp(folder / "meta.json")
        if found is None:
            raise FileNotFoundError(folder)
        if self._view is None or self._view.key != (folder.name, found):
            self._keep(self._view)
            self._view = folders.view(folder, found, self._view)
        return self._view

    def _keep(self, view: View | None) -> None:
        """Keep a state that was searched until now for those who page through it."""
        now = time.monotonic()
        kept = [(key, one) for key, one in self._earlier.items() if now - one[0] < _KEPT_SECONDS][-_KEPT + 1 :]
        self._earlier = dict(kept) | ({view.state: (now, view)} if view is not None else {})

    def _live(self) -> Path | None:
        """The folder of the live index, read anew when the pointer was replaced."""
        pointer = folders.stamp(self.root / "CURRENT")
        if pointer != self._pointer:
            self._pointer, self._current = pointer, folders.current(self.root)
        return self._current

    def _open_writer(self) -> tuple[Path, tantivy.IndexWriter]:
        folder = self._folder or self._live_folder()
        if self._writer is None or self._writer[0] != folder:
            self._drop_writer()
            self._writer = (folder, folders.writer(folder, self.patience, folders.LARGE_HEAP if self._folder else folders.HEAP))
        return self._writer

    def _live_folder(self) -> Path:
        """The folder to write to; a new one where there is none of this version."""
        folder = folders.current(self.root)
        if folder is None or folders.is_outdated(folder):
            folder = folders.create(self.root)
            folders.make_current(self.root, folder)
        return folder

    def _close_writer(self) -> None:
        """End writing and wait for merges, so that other processes may write."""
        if self._writer is not None:
            writer = self._writer[1]
            self._writer = None
            writer.wait_merging_threads()

    def _drop_writer(self) -> None:
        """Forget what was not committed."""
        if self._writer is not None:
            writer = self._writer[1]
            self._writer = None
            with suppress(ValueError, OSError):  # the folder may be gone: swapped, or a disk that went away
                writer.rollback()
                writer.wait_merging_threads()

    def _finish(self) -> None:
        with self._writing:
            self._close_writer()

    def _unlock(self) -> None:
        if self._rebuild is not None:
            self._rebuild.close()
            self._rebuild = None


def _put(
    writer: tantivy.IndexWriter, documents: Iterable[Document | Ready], gone: Iterable[str], position: int, *, anew: bool
) -> None:
    """One commit: what is gone, what is there, and how far the log was read. `anew`: nothing is there yet, and no document
    comes twice, so that nothing has to be taken out first."""
    for document in documents:
        row = document if isinstance(document, Ready) else ready(document)
        if not anew:
            writer.delete_documents_by_term("id", row.id)
        writer.add_json(row.body.decode())
    for dataset_id in gone:  # after the documents: only then does `search.sync` know them all
        writer.delete_documents_by_term("id", dataset_id)
    writer.delete_documents_by_term("id", POSITION)
    writer.add_document(position_row(position))
    writer.commit()
