"""Visits of a real source by the main job: what a run left for the next one is given to it.

run = visit(engine, source, OaiPmh(url, OaiPmhSettings()))
"""

from pathlib import Path
from tempfile import gettempdir

from sqlalchemy import Engine

from harvesters.base import Harvester
from harvesters.run import Job, harvest
from harvesters.web import Web
from metadata import database, sources
from metadata.tables import Run, Source
from standards.table import STANDARDS
from tests.harvests import agrees, ask


def visit(engine: Engine, name: str, harvester: Harvester, *, accept_retire: bool = False) -> Run:
    """One run to its end, committed after each step."""
    run_id = ask(engine, name, accept_retire=accept_retire)
    with database.writing(engine) as session:
        run = sources.run(session, run_id)
        source = session.get_one(Source, run.source_id)
        with Web(internal=True, retries=0, validators=source.validators, spool_dir=Path(gettempdir())) as web:
            for _ in harvest(session, web, Job(source, harvester, STANDARDS.get, harvester.standard), run):
                session.commit()
        agrees(run)
        return run
