"""Reads the stored records of a source anew: after a change of a mapping or of the source's standard (DESIGN §5.2)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from catalog_api.harvesting import checked_settings, standards_for
from harvesters.examining import examine
from harvesters.run import recognised
from harvesters.table import PROTOCOLS
from metadata import bodies, database, identity, sources
from metadata.errors import Conflict
from metadata.placing import place
from metadata.reading import Taken
from metadata.tables import RecordRow, Source
from standards.base import Standard
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
            _reread_some(session, source, rows, tally, _standards(source))
            session.commit()


def _page(source: Source, after: str) -> Any:
    own = select(RecordRow).where(
        RecordRow.source_id == source.id, RecordRow.identifier > after, col(RecordRow.gone).is_(False), RecordRow.digest != ""
    )
    return own.order_by(RecordRow.identifier).limit(500)


def _standards(source: Source) -> Callable[[str], Standard]:
    """The standards of a source's records, read as its settings say now."""
    if source.protocol not in PROTOCOLS:
        return STANDARDS.get
    return standards_for(PROTOCOLS.get(source.protocol)(source.url, checked_settings(source.protocol, source.settings)))


def _reread_some(session: Any, source: Source, rows: Any, tally: dict[str, int], standards: Callable[[str], Standard]) -> None:
    raws = bodies.fetch_all(session, [row.digest for row in rows])
    readings = []
    for row in rows:
        raw = raws[row.digest]
        body = _body(raw)
        name = _standard(source, row) or recognised(body)
        taken = Taken(row.identifier, name, raw, row.digest, body, row.stable)
        readings.append(examine(taken, standards(name) if name else None))
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
    """The source's standard as it is set now, else the record's own, else the protocol's; empty when it has none."""
    if source.standard:
        return source.standard
    return row.standard if row.standard in STANDARDS else PROTOCOLS.get(source.protocol).standard
