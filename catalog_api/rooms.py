"""What the application holds while it runs, and a command while it works: known to those that know no web framework."""

from dataclasses import dataclass

from sqlalchemy import Engine

from catalog_api.settings import Settings
from search.base import SearchEngine


@dataclass(frozen=True)
class Rooms:
    """The settings, the database and the index of one catalogue (`app.state.rooms`)."""

    settings: Settings
    database: Engine
    search: SearchEngine
