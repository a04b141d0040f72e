"""An Opendatasoft portal with 23 datasets: its export, and its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harvesters.listings import answers, ods, ods_pages
from tests.hostile.server import Hostile


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = list(map(ods, range(23)))
    export = answers(lambda _: rows)
    with Hostile(
        {"/api/explore/v2.1/catalog/exports/json": export, "/api/explore/v2.1/catalog/datasets": ods_pages(rows)}
    ) as server:
        yield server.url, {"batch_size": 5}
