"""The made-up catalogue, and every engine with it: written once for all tests of a process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from metadata.entry import Entry
from search.base import SearchEngine
from search.document import document
from tests.contract.engines import ENGINES
from tests.search.catalogue import make as made
from tests.search.reading import Catalogue


@pytest.fixture(scope="session")
def entries() -> list[Entry]:
    return made()


@pytest.fixture(scope="session")
def catalogue(entries: list[Entry]) -> Catalogue:
    """The plain reading of the entries."""
    return Catalogue.of(entries)


@pytest.fixture(scope="session", params=list(ENGINES))
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], SearchEngine]]:
    """A new, empty engine."""
    with ExitStack() as opened:

        def new() -> SearchEngine:
            found = opened.enter_context(ENGINES[request.param](tmp_path_factory.mktemp("engine")))
            opened.callback(found.close)
            return found

        yield new


@pytest.fixture(scope="session")
def engine(make: Callable[[], SearchEngine], entries: list[Entry]) -> SearchEngine:
    """An engine with the catalogue in it, written in several commits and partly twice."""
    found = make()
    for start in range(0, len(entries), 150):
        found.write(map(document, entries[start : start + 180]), [], start + 1)
    found.write([], [], len(entries))
    return found
