"""The search engine that the settings choose."""

from pathlib import Path

from catalog_api.rooms import Rooms
from catalog_api.settings import Settings
from search.base import SearchEngine
from search.engines import open_engine
from search.synonyms import synonyms


def open_search(settings: Settings, url: str = "") -> SearchEngine:
    """The engine at `url` (default: the settings'), with the vectors of a sentence model beside it where one is chosen. Raises
    `Invalid` for what names no engine, or a model that cannot be used."""
    engine = open_engine(url or settings.search, settings.habits, settings.search_access)
    if not settings.semantic_model:
        return engine
    from search.semantic import with_semantics  # brings numpy, which only the extra has

    return with_semantics(engine, settings.data_dir / "vectors", Path(settings.semantic_model))


def searched(rooms: Rooms) -> object:
    """What an answer to a search depends on beside the database: the state of the index, and the words that mean the same."""
    return rooms.search.state(), synonyms(rooms.settings.habits.synonyms)
