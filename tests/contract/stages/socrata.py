"""A Socrata portal with 23 datasets and two maps."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harvesters.listings import socrata, view
from tests.hostile.server import Hostile


def identifier(number: int) -> str:
    """Permalinks: ids of Socrata are two times four characters."""
    return f"https://data.example.gov/d/aaaa-{number:04}"


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = [*map(view, range(23)), view(90, kind="map"), view(91, kind="map")]
    with Hostile({"/api/catalog/v1": socrata(rows)}) as server:
        yield server.url, {"page_size": 5}
