"""A SPARQL endpoint (pyoxigraph's engine) that is asked for six datasets at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.contract.stages.dcat_rdf import dataset, identifier
from tests.hostile.server import Hostile
from tests.sparql_server import endpoint, oxigraph

__all__ = ["identifier", "stage"]
_PREFIXES = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The endpoint's address."""
    data = _PREFIXES + "".join(map(dataset, range(23)))
    with Hostile({"/sparql": endpoint(oxigraph(data))}) as server:
        yield f"{server.url}/sparql", {"page_size": 6, "group_size": 4}
