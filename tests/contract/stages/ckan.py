"""A CKAN portal that gives fewer rows than it is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harvesters.portal import Portal, packages


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """23 packages, in pages of five."""
    with Portal(packages(23), cap=7) as server:
        yield server.url, {"page_size": 5}
