"""Reads the stored records of a source anew: after a change of a mapping or of the source's standard (DESIGN §5.2)."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from harvesters.run import examine
from harvesters.table import PROTOCOLS
from metadata import bodies, database, identity, sources
from metadata.errors import Conflict
from metadata.placing import place
from metadata.reading import Taken
from metadata.tables import RecordRow, Source
from standards.table import STANDARDS


def reread(engine: Engine, name: str) -> dict[str, int]:
    """Checks and reads every record that the source still lists, 500 at a time. Returns how many became what."""
    tally = {"read": 0, "updated": 0, "unchanged": 0, "failed": 0}
    after = ""
    while True:
        with database.writing(engine) as session:
            source = sources.source(session, name)
            if sources.open_run(session, source.id):
                raise Conflict("this source is being harvested", place=name, remedy="Wait for the run's end.")
            rows = session.exec(_page(source, after)).all()
            if not rows:
                return tally
            after = rows[-1].identifier
            _reread_some(session, source, rows, tally)
            session.commit()


def _page(source: Source, after: str) -> Any:
    own = select(RecordRow).where(
        RecordRow.source_id == source.id, RecordRow.identifier > after, col(RecordRow.gone).is_(False)
    )
    return own.order_by(RecordRow.identifier).limit(500)


def _reread_some(session: Any, source: Source, rows: Any, tally: dict[str, int]) -> None:
    raws = bodies.fetch_all(session, [row.digest for row in rows])
    readings = []
    for row in rows:
        raw = raws[row.digest]
        standard = STANDARDS.get(_standard(source, row))
        readings.append(examine(Taken(row.identifier, standard.name, raw, row.digest, _body(raw)), standard))
    run_id = {row.run for row in rows}
    for run in run_id:
        some = [reading for reading, row in zip(readings, rows, strict=True) if row.run == run]
        attempt = next(row.attempt for row in rows if row.run == run)
        placed = place(session, source, some, "operator", run, attempt)
        for field in ("updated", "unchanged", "failed"):
            tally[field] += getattr(placed, field)
    tally["read"] += len(readings)


def _body(raw: bytes) -> Any:
    """A record as its standard reads it: JSON parsed, anything else as the bytes it came in."""
    parsed = identity.parsed(raw)
    return raw if isinstance(parsed, str) and not raw.startswith(b'"') else parsed


def _standard(source: Source, row: RecordRow) -> str:
    """The source's standard as it is set now, else the record's own."""
    if source.standard:
        return source.standard
    return row.standard if row.standard in STANDARDS else PROTOCOLS.get(source.protocol).standard
