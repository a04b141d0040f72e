"""A site built on udata."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harvesters.udata_site import Site, datasets


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """23 datasets, in pages of five."""
    with Site(datasets(23)) as server:
        yield server.url, {"page_size": 5}
