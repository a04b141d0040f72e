"""What a command does once it has changed the catalogue: links copies, and has the index follow."""

import subprocess
import sys

from sqlalchemy import Engine

from catalog_api import linking
from metadata import database, store
from metadata.errors import Conflict
from search.base import SearchEngine
from search.building import WORTH_A_PROCESS
from search.sync import sync


def follow_once(engine: Engine, search: SearchEngine) -> bool:
    """Links copies, and brings the index up to date, unless a worker owns it (it will). Returns whether it was done here. Much
    is left to a process of its own, so that the memory of a harvest and that of the index do not add up."""
    linking.follow(engine)
    with database.reading(engine) as session:
        behind = store.last_sequence(session) - search.position()
    if behind > WORTH_A_PROCESS:
        engine.dispose()  # with what its connections hold in memory
        command = [sys.executable, "-m", "catalog_api.cli", "index", "sync"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    try:
        with database.reading(engine) as session:
            sync(session, search)
    except Conflict:
        return False
    return True
