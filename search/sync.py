"""The index follows the log: sync, rebuild, verify.

The log's reader keeps its position in the index itself, in the commit of the documents it belongs to. What is written is
always the store's present state of a dataset, so that reading a line of the log twice, or late, does no harm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from metadata import store
from metadata.errors import Unavailable
from metadata.text import best
from search.base import Document, Query, SearchEngine
from search.building import documents
from search.document import TITLE, document

BATCH = 1_000
"""Datasets that are read from the store at a time."""

COMMIT = 5_000
"""Lines of the log that make one commit at most: fewer when fewer are waiting, so that small changes are seen at once."""


SAMPLED = 200
"""Datasets whose appearance is compared before a new index is swapped in."""


@dataclass(frozen=True)
class Drift:
    """How index and store differ: ids that are not in the index, that are there in another state than the last Change made,
    and that should not be there. `checked` counts the datasets of the store."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    extra: tuple[str, ...]
    checked: int

    @property
    def clean(self) -> bool:
        """Whether they agree."""
        return not (self.missing or self.stale or self.extra)


def sync(session: Session, engine: SearchEngine, limit: int | None = None) -> int:
    """Bring the index up to the log, at most `limit` lines of it; how many lines were read. An index that is new, or of
    another version of the program, is built beside and swapped in, whatever the limit."""
    position = engine.position()
    if position == 0 and (last := store.last_sequence(session)):
        rebuild(session, engine)
        return last
    return _catch_up(session, engine, limit)


def rebuild(session: Session, engine: SearchEngine) -> int:
    """Build the index anew from the store, beside the live one, and swap it in; how many datasets it holds. What changes
    meanwhile is caught up with before the swap, and nothing is swapped that differs from the store: every id and sequence is
    compared, and what is shown of some. Raises `Conflict` when another process is at it, `Unavailable` when they differ."""
    beside = engine.fresh()
    try:
        beside.write(documents(session, beside.maker()), (), store.last_sequence(session))
        _catch_up(session, beside, None)
        checked = _vet(session, beside)
        engine.replace(beside)
    finally:
        beside.close()
    return checked


def touch(session: Session, engine: SearchEngine, ids: Sequence[str]) -> None:
    """Write datasets anew at the index's present position, for what is not in the log (how often they are visited)."""
    position = engine.position()
    for start in range(0, len(ids), COMMIT):
        _write(session, engine, ids[start : start + COMMIT], position, position)


def verify(session: Session, engine: SearchEngine, *, repair: bool = False) -> Drift:
    """Compare every dataset of the store with the index, by id and by the Change it was last written for. With `repair` what
    differs is written anew. Lines of the log that the index has not read yet count as drift: sync first."""
    missing: list[str] = []
    stale: list[str] = []
    extra: list[str] = []
    checked = 0
    for dataset_id, wanted, found in _side_by_side(store.ids(session), engine.contents()):
        checked += wanted is not None
        if wanted is None:
            extra.append(dataset_id)
        elif found is None:
            missing.append(dataset_id)
        elif found != wanted:
            stale.append(dataset_id)
    drift = Drift(tuple(missing), tuple(stale), tuple(extra), checked)
    if repair and not drift.clean:
        touch(session, engine, (*drift.missing, *drift.stale, *drift.extra))
    return drift


def _catch_up(session: Session, engine: SearchEngine, limit: int | None) -> int:
    read = 0
    while limit is None or read < limit:
        size = COMMIT if limit is None else min(COMMIT, limit - read)
        since = engine.position()
        changes = store.changes(session, since, size)
        if not changes:
            break
        _write(session, engine, list(dict.fromkeys(change.dataset_id for change in changes)), changes[-1].sequence, since)
        read += len(changes)
        session.expire_all()
    return read


def _write(session: Session, engine: SearchEngine, ids: Sequence[str], position: int, since: int) -> None:
    """Write what the store has of `ids`; those that are retired, or not there, are taken out. An index that is not at `since`
    any more was swapped meanwhile, and would miss what lies between."""
    gone: list[str] = []
    engine.write(_present(session, ids, gone), gone, position, since)


def _present(session: Session, ids: Sequence[str], gone: list[str]) -> Iterator[Document]:
    """The documents of those that are there; the others are added to `gone`, which an engine reads after the documents."""
    for start in range(0, len(ids), BATCH):
        entries = store.entries(session, ids[start : start + BATCH])
        for dataset_id in ids[start : start + BATCH]:
            entry = entries.get(dataset_id)
            if entry is None or entry.state == "retired":
                gone.append(dataset_id)
            else:
                yield document(entry)


def _vet(session: Session, beside: SearchEngine) -> int:
    """How many datasets a new index was compared with. Raises `Unavailable` when it differs from the directory, but for what
    has changed since it was last brought up to the log."""
    drift = verify(session, beside)
    differ = {*drift.missing, *drift.stale, *drift.extra}
    if differ:
        differ -= {change.dataset_id for change in store.changes(session, beside.position(), 1_000_000)}
    wrong = f"{len(differ)} datasets are missing, stale or too many" if differ else _shown_otherwise(session, beside)
    if wrong:
        remedy = "The index in use is untouched. Try again; if it stays so, tell the makers."
        raise Unavailable(f"the new index differs from the directory ({wrong}) and was not swapped in", remedy=remedy)
    return drift.checked


def _shown_otherwise(session: Session, engine: SearchEngine) -> str:
    """Which of some datasets, spread over all, the index shows otherwise than the directory; empty when it shows all alike."""
    every = max(1, store.count(session, state=None) // SAMPLED)
    sample = [one for number, (one, _) in enumerate(store.ids(session)) if number % every == 0]
    entries = store.entries(session, sample)
    everyone = frozenset({"*"})
    for start in range(0, len(sample), 100):
        some = tuple(sample[start : start + 100])
        hits = {hit.id: hit for hit in engine.search(Query(filters={"id": some}, readers=everyone, limit=100)).hits}
        for one in some:
            entry, hit = entries[one], hits.get(one)
            wanted = (entry.name, best(entry.dataset.title, Query().languages)[:TITLE], entry.organization or "")
            if hit and (hit.name, hit.title, hit.organization) != wanted and store.entries(session, [one])[one] == entry:
                return f"{entry.name} is shown otherwise"
    return ""


def _side_by_side(
    left: Iterator[tuple[str, int]], right: Iterator[tuple[str, int]]
) -> Iterator[tuple[str, int | None, int | None]]:
    """Two listings in the order of ids as one: id, the sequence on the left, the sequence on the right."""
    one, other = next(left, None), next(right, None)
    while one or other:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None
            yield one[0], one[1], None
            one = next(left, None)
        elif one is None or other[0] < one[0]:
            yield other[0], None, other[1]
            other = next(right, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(left, None), next(right, None)
