"""Sources and their runs: where records come from, and each harvest of them."""

from typing import Any

from sqlmodel import Session, col, func, select

from metadata import identity
from metadata.clock import now
from metadata.departments import checked_name, organization
from metadata.errors import Conflict, Invalid, NotFound
from metadata.leaving import retire_rows
from metadata.placing import ANEW
from metadata.tables import DatasetRow, FindingRow, RecordRow, Run, Source

REGISTERED = "registered"  # the protocol of what a department registers itself, by form or API
ADMITS = ("readable", "valid")
OPEN_STATES = ("queued", "running")


def sources(session: Session) -> list[Source]:
    """All sources, by name."""
    return list(session.exec(select(Source).order_by(Source.name)))


def source(session: Session, name: str) -> Source:
    """The source of this name. Raises `NotFound`."""
    found = session.exec(select(Source).where(Source.name == name)).first()
    if found is None:
        raise NotFound(
            "there is no source of this name",
            value=name,
            remedy="List them with `mulu source list`, or add it with `mulu source add`.",
        )
    return found


def put_source(session: Session, name: str, **given: Any) -> Source:
    """Makes a source, or changes what is given of one that is there: any column of `Source` but `id`, `name` and `created`.
    Whether the protocol exists, and settings and schedule can be used, is for the caller to check. A changed source is asked
    in full again: what its server said about caching is forgotten."""
    checked_name(name, "source")
    if given.get("organization"):
        given["organization"] = organization(session, given["organization"]).name
    if given.get("admits", "readable") not in ADMITS:
        raise Invalid("a source admits `readable` or `valid` records", place="admits", value=given["admits"])
    if not 0 <= given.get("retire_limit", 0.1) <= 1:
        raise Invalid("the retire limit is a share from 0 to 1", place="retire_limit", value=given["retire_limit"])
    row = session.exec(select(Source).where(Source.name == name)).first()
    if row is None:
        row = Source(id=identity.new_id(), name=name, created=now(), url=given["url"], protocol=given["protocol"])
    for field, value in given.items():
        setattr(row, field, value)
    row.validators = {}
    session.add(row)
    session.flush()
    return row


def read_anew(session: Session, source_id: str) -> None:
    """Lets the next run read every record of a source again, as before or not: what says how they are read has changed."""
    table: Any = RecordRow.__table__  # type: ignore[attr-defined]
    session.execute(table.update().where(table.c.source_id == source_id).values(stable=ANEW))


def registered(session: Session, department: str) -> Source:
    """The source that stands for what a department registers itself; made when first needed."""
    name = f"{department[:80]}-registered"
    row = session.exec(select(Source).where(Source.name == name)).first()
    return row or put_source(session, name, url="", protocol=REGISTERED, organization=organization(session, department).name)


def remove_source(session: Session, name: str, actor: str) -> int:
    """Removes a source with its records; its datasets are retired, their history stays. Returns how many were retired."""
    row = source(session, name)
    if open_run(session, row.id):
        raise Conflict("this source is being harvested", place=name, remedy="Cancel the run first, or wait for its end.")
    datasets = session.exec(select(DatasetRow).where(DatasetRow.source_id == row.id)).all()
    retired = retire_rows(session, datasets, actor)
    for dataset in datasets:
        dataset.source_id = None
        session.add(dataset)
    session.flush()
    own = select(RecordRow.id).where(RecordRow.source_id == row.id)
    session.execute(FindingRow.__table__.delete().where(col(FindingRow.record_id).in_(own)))  # type: ignore[attr-defined]
    session.execute(RecordRow.__table__.delete().where(col(RecordRow.source_id) == row.id))  # type: ignore[attr-defined]
    session.execute(Run.__table__.delete().where(col(Run.source_id) == row.id))  # type: ignore[attr-defined]
    session.delete(row)
    session.flush()
    return retired


def runs(session: Session, source_id: str | None = None, limit: int = 50, before: int | None = None) -> list[Run]:
    """Runs of a source, or of all, newest first; those older than run `before`."""
    statement = select(Run).order_by(col(Run.id).desc()).limit(limit)
    if source_id is not None:
        statement = statement.where(Run.source_id == source_id)
    return list(session.exec(statement if before is None else statement.where(col(Run.id) < before)))


def count_runs(session: Session, source_id: str | None = None) -> int:
    """How many runs `runs` would list in all."""
    statement = select(func.count()).select_from(Run)
    return session.exec(statement if source_id is None else statement.where(Run.source_id == source_id)).one()


def run(session: Session, number: int) -> Run:
    """The run of this number. Raises `NotFound`."""
    found = session.get(Run, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound("there is no run of this number", value=number, remedy="List them at /api/v1/runs.")
    return found


def open_run(session: Session, source_id: str) -> Run | None:
    """The run of a source that waits or goes on, if there is one."""
    return session.exec(select(Run).where(Run.source_id == source_id, col(Run.state).in_(OPEN_STATES))).first()


def ask(session: Session, row: Source, *, accept_retire: bool = False) -> Run:
    """Puts a run of a source in the queue. Raises `Conflict` when one waits or goes on already."""
    if row.protocol == REGISTERED:
        raise Invalid("this source is not harvested: its department registers here", place=row.name)
    session.execute(select(Source.id).where(Source.id == row.id).with_for_update())  # two who ask at once: the second waits
    if going := open_run(session, row.id):
        remedy = "Wait for its end, cancel it, or go on with it: `mulu harvest NAME --resume`."
        raise Conflict(f"run {going.id} of this source is {going.state} already", place=row.name, remedy=remedy)
    asked = Run(
        source_id=row.id, source=row.name, state="queued", asked=now(), accept_retire=accept_retire, priority=row.priority
    )
    session.add(asked)
    session.flush()
    return asked


def findings_by_rule(session: Session, run_id: int) -> dict[str, int]:
    """How often each rule was broken in the records that a run met, most often first."""
    met = select(RecordRow.id).where(RecordRow.run == run_id)
    statement = select(FindingRow.rule, func.count()).where(col(FindingRow.record_id).in_(met)).group_by(FindingRow.rule)
    rows = session.execute(statement.order_by(func.count().desc(), FindingRow.rule))
    return {rule: count for rule, count in rows}


def records(
    session: Session, source_id: str, *, rule: str | None = None, state: str | None = None, after: str = "", limit: int = 50
) -> list[RecordRow]:
    """Records of a source that it still lists, by identifier: those that break `rule`, those in `state`."""
    statement = _listed(select(RecordRow), source_id, rule, state).where(RecordRow.identifier > after)
    return list(session.exec(statement.order_by(RecordRow.identifier).limit(limit)))


def count_records(session: Session, source_id: str, *, rule: str | None = None, state: str | None = None) -> int:
    """How many records `records` would list in all."""
    return session.exec(_listed(select(func.count()).select_from(RecordRow), source_id, rule, state)).one()  # type: ignore[no-any-return]


def _listed(statement: Any, source_id: str, rule: str | None, state: str | None) -> Any:
    statement = statement.where(RecordRow.source_id == source_id, col(RecordRow.gone).is_(False))
    if rule:
        statement = statement.where(col(RecordRow.id).in_(select(FindingRow.record_id).where(FindingRow.rule == rule)))
    return statement.where(RecordRow.state == state) if state else statement
