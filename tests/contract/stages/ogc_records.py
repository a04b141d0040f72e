"""OGC API Records with one collection of 23 records, five a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harvesters.records_service import Service


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Its landing page, and page size."""
    with Service({"main": [f"id-{n:04}" for n in range(23)]}) as service:
        yield service.url, {"page_size": 5}
