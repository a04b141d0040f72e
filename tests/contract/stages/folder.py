"""Files on disk: a list, one record, a catalogue."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """23 records in three files."""
    records = [{"identifier": f"id-{number:04}"} for number in range(23)]
    (folder / "a.json").write_text(json.dumps(records[:9]))
    (folder / "b.json").write_text(json.dumps(records[9]))
    (folder / "c").mkdir()
    (folder / "c" / "c.json").write_text(json.dumps({"dataset": records[10:]}))
    yield str(folder), {"batch_size": 4}
