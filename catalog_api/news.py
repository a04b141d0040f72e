"""News of a saved search: which datasets are new or changed between two lines of the log, among those it finds.

The index finds what matches, by words and by when it was changed; the store says which of these belong to the lines in
question. So nothing is told twice, and nothing is left out because two clocks or two transactions did not agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import Session, col, select

from catalog_api.searches import wanted
from metadata import clock, store
from metadata.entry import Entry
from metadata.tables import Change, SavedSearch
from search.base import Query, SearchEngine

LISTED = 50
SCANNED = 1_000
_STEP = 100
_MARGIN = timedelta(hours=1)  # a dataset's `updated` is set a little before its line is written
_NO_NEWS = ("checked", "linked", "unlinked")
_FIRST_SEEN = {"added", "published", "restored"}


@dataclass(frozen=True)
class News:
    """The first datasets, whether each is new (or else changed), and how many there are in all; `more` when they are so many
    that they were not all counted."""

    datasets: tuple[tuple[Entry, bool], ...] = ()
    total: int = 0
    more: bool = False


def news(session: Session, engine: SearchEngine, row: SavedSearch, until: int, languages: tuple[str, ...]) -> News:
    """What a search finds among the datasets whose last change lies after line `row.told`, up to line `until`."""
    first = session.exec(select(Change.at).where(Change.sequence > row.told).order_by(col(Change.sequence)).limit(1)).first()
    if first is None:
        return News()
    query = _since(engine, wanted(row.query, languages, limit=_STEP), clock.stamp(clock.parse(first) - _MARGIN))
    found: list[Entry] = []
    scanned = 0
    for entries in _pages(session, engine, query):
        scanned += len(entries)
        found += [entry for entry in entries if row.told < entry.sequence <= until]
        if scanned >= SCANNED:
            break
    actions = _actions(session, [entry.id for entry in found], row.told, until)
    told = [(entry, bool(actions[entry.id] & _FIRST_SEEN)) for entry in found if actions.get(entry.id)]
    return News(tuple(told[:LISTED]), len(told), scanned >= SCANNED)


def _since(engine: SearchEngine, query: Query, moment: str) -> Query:
    """The question, of what was changed since a moment. Whether words are read in another way is decided by all datasets, not
    by those few: a new dataset must not be found by half of a word because no other new one has the whole."""
    as_typed = not engine.search(replace(query, limit=0)).read_as
    low, high = query.ranges.get("updated", (None, None))
    bounds = (moment if low is None or low < moment else low, high)
    return replace(query, ranges={**query.ranges, "updated": bounds}, literal=query.literal or as_typed)


def _pages(session: Session, engine: SearchEngine, query: Query) -> Iterator[list[Entry]]:
    while True:
        page = engine.search(query)
        found = store.entries(session, [hit.id for hit in page.hits])
        yield [found[hit.id] for hit in page.hits if hit.id in found]
        if page.next is None or not page.hits:
            return
        query = replace(query, after=page.next)


def _actions(session: Session, ids: list[str], told: int, until: int) -> dict[str, set[str]]:
    """What happened to each dataset between two lines; another verdict of the checks is no news."""
    found: dict[str, set[str]] = {}
    lines = (Change.sequence > told, Change.sequence <= until, col(Change.action).not_in(_NO_NEWS))
    for start in range(0, len(ids), 500):
        some = col(Change.dataset_id).in_(ids[start : start + 500])
        for dataset_id, action in session.execute(select(Change.dataset_id, Change.action).where(some, *lines)):
            found.setdefault(dataset_id, set()).add(action)
    return found
