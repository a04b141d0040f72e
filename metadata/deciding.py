"""What a person decides of a run that was held: whether what its source no longer lists leaves the directory.

The list is what the run did not meet. It can be told and accepted until the source is harvested again: from then on the newer
run says what has vanished.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from metadata import leaving, sources
from metadata.clock import now
from metadata.errors import Conflict
from metadata.tables import DatasetRow, RecordRow, Run, Source

LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class Leaving:
    """A dataset that would be retired, with the record that its source no longer lists."""

    record: str
    identifier: str
    dataset: str
    name: str
    title: str
    state: str
    organization: str | None


def vanished(session: Session, run: Run, after: str = "", limit: int = 100) -> list[Leaving]:
    """What a held run would retire, in the order of its identifiers, from the one after `after` on. Empty when nothing waits
    for a decision."""
    if run.state != "held" or newer(session, run) is not None:
        return []
    columns = (
        RecordRow.id,
        RecordRow.identifier,
        DatasetRow.id,
        DatasetRow.name,
        DatasetRow.title,
        DatasetRow.state,
        DatasetRow.organization,
    )
    statement = _vanished(select(*columns), run).where(RecordRow.identifier > after)  # type: ignore[call-overload]
    return [Leaving(*row) for row in session.execute(statement.order_by(col(RecordRow.identifier)).limit(limit))]


def count_vanished(session: Session, run: Run) -> int:
    """How many datasets a held run would retire."""
    if run.state != "held" or newer(session, run) is not None:
        return 0
    return session.execute(_vanished(select(func.count()).select_from(RecordRow), run)).scalar_one()  # type: ignore[no-any-return]


def every_vanished(session: Session, run: Run) -> Iterator[Leaving]:
    """All that a held run would retire, read page by page."""
    after = ""
    while page := vanished(session, run, after, 1_000):
        yield from page
        after = page[-1].identifier


def newer(session: Session, run: Run) -> Run | None:
    """The first run of the same source after this one that has begun or waits."""
    begun = col(Run.started).is_not(None) | col(Run.state).in_(sources.OPEN_STATES)
    return session.exec(
        select(Run).where(Run.source_id == run.source_id, col(Run.id) > run.id, begun).order_by(col(Run.id))
    ).first()


def decide(session: Session, number: int, accept: bool, actor: str, note: str = "") -> Run:
    """Accepts what a held run would retire (exactly that leaves, as this person's doing, and the run is done), or refuses it
    (all stays). Raises `Conflict` when the run is not held, was decided, or is not the source's last one any more."""
    run = locked(session, number)
    if run.state != "held" or run.decision:
        raise Conflict("this run does not wait for a decision", place=f"run {run.id}", value=_stands(run))
    if later := newer(session, run):
        remedy = f"Look at run {later.id}: it says what has vanished now."
        raise Conflict("the source was harvested again since", place=f"run {run.id}", remedy=remedy)
    retired = _accept(session, run, actor) if accept else 0
    decided = "accepted" if accept else "refused"
    run.decision = {"decided": decided, "by": actor, "at": now(), "note": note[:LONGEST_NOTE].strip(), "retired": retired}
    session.add(run)
    session.flush()
    return run


def locked(session: Session, number: int) -> Run:
    """A run, read anew and kept from others until the end of the transaction. Raises `NotFound`."""
    found = sources.run(session, number)
    session.refresh(found, with_for_update=True)
    return found


def _accept(session: Session, run: Run, actor: str) -> int:
    retired = leaving.retire(session, run, leaving.vanished(session, run), actor)
    run.retired += retired
    run.state, run.message = "done", ""
    source = session.get_one(Source, run.source_id)
    # what the server said at an earlier good run would be of a state that held what has left now
    source.validators, source.failures, source.last_good = {}, 0, now()
    session.add(source)
    return retired


def _stands(run: Run) -> str:
    return str(run.decision["decided"]) if run.decision else run.state


def _vanished(statement: Any, run: Run) -> Any:
    """Records as `leaving.vanished` has them, whose datasets are still there."""
    joined = statement.join(DatasetRow, col(DatasetRow.id) == RecordRow.dataset_id)
    return joined.where(leaving.unmet(run), DatasetRow.state != "retired")
