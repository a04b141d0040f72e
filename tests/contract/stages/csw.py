"""A catalogue service of 23 records that gives at most seven of them at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harvesters.catalogue_service import Service


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Its address, and page size."""
    with Service([f"id-{n:04}" for n in range(23)], cap=7) as service:
        yield service.address, {"page_size": 5}
