"""What a harvest would do, without storing anything: the run in a transaction that is never committed."""

import time
from typing import Any

from catalog_api.deps import Rooms
from catalog_api.harvesting import begin, harvester, peak_memory_mib
from catalog_api.routers.reply import RUN_FIELDS
from harvesters.run import Job, harvest
from harvesters.table import PROTOCOLS
from harvesters.web import Web
from metadata import database, sources
from standards.table import STANDARDS


def preview(rooms: Rooms, name: str) -> dict[str, Any]:
    """The run report that a harvest would give now. Writers wait meanwhile, on SQLite."""
    spool = rooms.settings.spool_dir
    spool.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with database.writing(rooms.database) as session:
        source = sources.source(session, name)
        run = begin(session, sources.ask(session, source))
        job = Job(source, harvester(source), STANDARDS.get, source.standard or PROTOCOLS.get(source.protocol).standard)
        with Web(internal=source.internal, spool_dir=spool, max_bytes=rooms.settings.download_limit_mib * 1024 * 1024) as web:
            for _ in harvest(session, web, job, run):
                session.flush()
        report = {field: getattr(run, field) for field in RUN_FIELDS}
        session.rollback()
    report["seconds"] = round(time.monotonic() - started, 3)
    report["peak_memory_mib"] = peak_memory_mib()
    return {**report, "dry_run": True, "run": None}
