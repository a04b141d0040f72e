"""A data.json."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hostile.server import Hostile, says


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """One document with 23 records."""
    records = [
        {"identifier": f"id-{n:04}", "title": f"数据 {n}", "accessLevel": "public", "keyword": ["一"]} for n in range(23)
    ]
    with Hostile({"/data.json": says(json.dumps({"dataset": records}).encode())}) as server:
        yield f"{server.url}/data.json", {"batch_size": 4}
