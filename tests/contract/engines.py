"""The engines that the contract is asked of, in one place: a line each."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from search.base import SearchEngine
from search.engines import open_engine
from tests.elasticsearch import index_url, server_url


@contextmanager
def _tantivy(folder: Path) -> Iterator[SearchEngine]:
    yield open_engine(f"tantivy://{folder / 'index'}")


@contextmanager
def _elasticsearch(_folder: Path) -> Iterator[SearchEngine]:
    with index_url(server_url()) as url:
        yield open_engine(url)


ENGINES: dict[str, Callable[[Path], AbstractContextManager[SearchEngine]]] = {
    "tantivy": _tantivy,
    "elasticsearch": _elasticsearch,
}
"""Name → a new, empty engine (a loud skip where it is not at hand); what it leaves behind is taken away in the end. The folder
is its own."""
