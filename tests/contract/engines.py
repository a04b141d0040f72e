"""The engines that the contract is asked of, in one place: a line each."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from search.base import SearchEngine
from search.engines import open_engine
from tests.elasticsearch import NAMED, index_url, server_url


@contextmanager
def _tantivy(folder: Path) -> Iterator[SearchEngine]:
    yield open_engine(f"tantivy://{folder / 'index'}")


@contextmanager
def _elasticsearch(server: str, _folder: Path) -> Iterator[SearchEngine]:
    with index_url(server_url(server)) as url:
        yield open_engine(url)


ENGINES: dict[str, Callable[[Path], AbstractContextManager[SearchEngine]]] = {
    "tantivy": _tantivy,
    **{f"elasticsearch{server[-5:]}": partial(_elasticsearch, server) for server in NAMED or ("",)},
}
"""Name → a new, empty engine (a loud skip where it is not at hand); what it leaves behind is taken away in the end. The folder
is its own."""
