"""The engine for many machines: an Elasticsearch of version 8 or 9, without plugins and scripts.

What a question means is not decided here: `search.answer`, `search.suggest` and `search.similar` ask for it in nodes of
`search.plan`. The live index is whichever the alias stands for; what is known of it is looked at again after `SEEN` seconds.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from elasticsearch import NotFoundError

from metadata.errors import Conflict, Invalid, Unavailable
from search import answer, elastic_answer, elastic_index, elastic_words
from search import similar as similarity
from search import suggest as suggestions
from search.base import Document, Hit, Page, Query, Ready, SearchEngine, Suggestion
from search.elastic_access import Access, address
from search.elastic_bulk import Load, Operation, refusal, versions
from search.elastic_contents import contents
from search.elastic_index import Live
from search.elastic_link import Link, Target
from search.elastic_lock import LEASE, Lock
from search.elastic_mapping import ready
from search.habits import Habits
from search.plan import Found, Lookup

SEEN = 0.5
"""Seconds for which it is taken as known which index is live and what state it is in. A search asks the alias all the same."""

_TRIES = 4
_REMEMBERED = 5_000
T = TypeVar("T")


class ElasticEngine:
    """The index behind the alias that `url` names, or with `beside` one that is being built. `lease`: seconds after which
    another may build when nothing is heard of who built before."""

    def __init__(
        self,
        url: str,
        habits: Habits | None = None,
        access: Access | None = None,
        *,
        lease: float = LEASE,
        beside: tuple[Link, str, Lock] | None = None,
    ) -> None:
        self.url, self.habits, self.access = url, habits or Habits(), access or Access()
        where = address(url)
        self.alias, self.lease = where.index, lease
        self._link: Link = beside[0] if beside else Link(where, self.access)
        self._index: str | None = beside[1] if beside else None
        self._lock: Lock | None = beside[2] if beside else None
        self._writing = threading.Lock()
        self._seen: tuple[float, Live | None] = (-SEEN, None)
        self._samples: tuple[str, dict[tuple[str, str], Mapping[str, Any]]] = ("", {})

    @property
    def name(self) -> str:
        """What is asked: the alias, or the index that is being built."""
        return self._index or self.alias

    def maker(self) -> Callable[[Document], Ready]:
        """What makes a document ready for this engine."""
        return ready

    def write(
        self, documents: Iterable[Document | Ready], gone: Iterable[str], position: int, since: int | None = None
    ) -> None:
        """Put documents in, take others out, make it visible, then note the position. What the index has in a newer state
        stays; but at the position that the index is at already, what is newer is still to be read, so all that is given is
        written: a repair. Raises `Invalid` naming the documents that were refused, when all others are written; `Conflict`
        when the index was swapped meanwhile; `Unavailable`."""
        with self._writing:
            target = self._target()
            if since is not None and target.position != since:
                raise Conflict("the index was swapped meanwhile", place=target.name, remedy="Nothing is lost: sync again.")
            load = Load(self._link, target.name)
            again = position == target.position
            try:
                for document in documents:
                    load.put(document, position if again else 0)
                for dataset_id in gone:  # after the documents: only then does `search.sync` know them all
                    load.take_out(dataset_id, position)
                outcome = load.finish()
            finally:
                load.close()
            if again and outcome.late:
                self._overrule(target.name, outcome.late)
            elastic_index.refresh(self._link, target.name)
            elastic_index.set_position(self._link, target, target.position if outcome.refused else position)
            self._forget()
            if outcome.refused:
                raise refusal(outcome.refused)

    def search(self, query: Query) -> Page:
        """The answer. Raises `Invalid` for names, dates, cursors and sizes that cannot be, `Unavailable`."""
        return answer.answer(self, query, self.habits)

    def suggest(self, words: str, limit: int) -> list[Suggestion]:
        """What everyone may see and begins, or goes on, like `words`: titles, publishers and keywords."""
        return suggestions.suggest(self, words, limit)

    def similar(self, dataset_id: str, limit: int, readers: frozenset[str]) -> tuple[Hit, ...]:
        """Datasets that are like another one."""
        return similarity.similar(self, dataset_id, limit, readers)

    def position(self) -> int:
        """The last line of the log that this index has seen; 0 when it is new, or of another version of the program. Raises
        `Unavailable`."""
        live = elastic_index.find(self._link, self.name)
        return 0 if live is None or live.outdated else live.position

    def fresh(self) -> "ElasticEngine":
        """An empty index beside the live one, which goes on answering. Raises `Conflict` when another process builds one."""
        lock = Lock(self._link, self.alias, self.lease)
        lock.take()
        try:
            elastic_index.sweep(self._link, self.alias, elastic_index.behind(self._link, self.alias))
            name = elastic_index.create(self._link, self.alias)
        except BaseException:
            lock.release()
            raise
        return ElasticEngine(self.url, self.habits, self.access, lease=self.lease, beside=(self._link, name, lock))

    def replace(self, other: SearchEngine) -> None:
        """Make an index that `fresh` gave the live one, for every process at once."""
        if not isinstance(other, ElasticEngine) or other._index is None or other._lock is None or other.alias != self.alias:
            raise Invalid("only an index that was built beside this one can take its place", remedy="Use `fresh()`.")
        with self._writing:
            other._lock.check()
            elastic_index.settle(self._link, other._index)
            other._lock.check()
            elastic_index.point(self._link, self.alias, other._index)
            elastic_index.sweep(self._link, self.alias, [other._index])
            other._index = None
            other._lock.release()
            self._forget()

    def contents(self) -> Iterator[tuple[str, int]]:
        """`(id, sequence)` of everything in the index, in the order of ids, as it is now."""
        return contents(self._link, self.name)

    def close(self) -> None:
        """Let go of an index that was being built and is not wanted any more."""
        with self._writing:
            if self._index is not None:
                elastic_index.delete(self._link, [self._index])
            if self._lock is not None:
                self._lock.release()

    def look(self, lookup: Lookup) -> Found:
        """See `search.plan.Index`."""
        return self._asked(lambda target: elastic_answer.look(target, lookup), Found(0))

    def samples(self, facet: str, values: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """See `search.plan.Index`. Remembered while the index does not change."""
        state = self.state()
        if self._samples[0] != state or len(self._samples[1]) > _REMEMBERED:
            self._samples = (state, {})
        known = self._samples[1]
        if unknown := [value for value in values if (facet, value) not in known]:
            nothing: dict[str, Mapping[str, Any]] = {}
            told = self._asked(lambda target: elastic_words.samples(target, facet, unknown), nothing)
            known |= {(facet, value): shown for value, shown in told.items()}
        return {value: known[facet, value] for value in values if (facet, value) in known}

    def completions(self, start: str, limit: int) -> list[tuple[str, int]]:
        """See `search.plan.Index`."""
        if not limit:
            return []
        return self._asked(lambda target: elastic_words.completions(target, start, limit), [])

    def terms_like(self, field: str, term: str, edits: int, limit: int) -> list[tuple[str, int]]:
        """See `search.plan.Index`."""
        return self._asked(lambda target: elastic_words.terms_like(target, field, term, edits, limit), [])

    def state(self) -> str:
        """See `search.plan.Index`. A change by another process is seen within `SEEN` seconds."""
        live = self._live()
        return f"{live.name}:{live.state}" if live else ""

    def _asked(self, question: Callable[[Target], T], nothing: T) -> T:
        """The answer of the live index; `nothing` when there is none. An index that is swapped while it is asked is gone before
        it has answered: then the one in its place is asked."""
        problem: Exception | None = None
        for _ in range(_TRIES):
            live = self._live()
            if live is None:
                return nothing
            if live.outdated:
                remedy = "The next sync rebuilds it, or `mulu index rebuild` does."
                raise Unavailable("the search index is of another version", place=live.name, remedy=remedy)
            try:
                return question(Target(self._link, self.name, live.shards > 1))
            except NotFoundError as error:
                problem = error
                self._forget()
            except Unavailable as error:
                problem = error
                if self._is_still(live):
                    raise
        raise Unavailable("the search index is swapped all the time", place=self.alias) from problem

    def _live(self) -> Live | None:
        """The index that is asked, as it was at most `SEEN` seconds ago."""
        moment, live = self._seen
        if live is None or time.monotonic() - moment > SEEN:
            live = elastic_index.find(self._link, self.name)
            self._seen = (time.monotonic(), live)
        return live

    def _is_still(self, live: Live) -> bool:
        """Whether an index is the live one, as far as that can be told now."""
        self._forget()
        try:
            return self._live() == live
        except Unavailable:
            return True

    def _forget(self) -> None:
        self._seen = (-SEEN, None)

    def _target(self) -> Live:
        """The index to write to; a new one where there is none of this version."""
        if self._lock is not None and self._index is not None:
            self._lock.check()
        live = elastic_index.find(self._link, self.name)
        if live is not None and not live.outdated:
            return live
        if self._index is not None:
            raise elastic_index.swapped(self._index)
        lock = Lock(self._link, self.alias, self.lease)
        lock.take()
        try:
            name = elastic_index.create(self._link, self.alias, live=True)
        finally:
            lock.release()
        found = elastic_index.find(self._link, name)
        if found is None:
            raise elastic_index.swapped(name)
        return found

    def _overrule(self, index: str, late: Sequence[Operation]) -> None:
        """Writes operations although the index has something newer: in its version, so that what comes next still counts."""
        load = Load(self._link, index)
        try:
            known = versions(self._link, index, [one.id for one in late])
            for one in late:
                load.again(one, max(one.version, known.get(one.id, 0)))
            load.finish()
        finally:
            load.close()
