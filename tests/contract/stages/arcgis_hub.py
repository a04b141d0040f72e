"""An ArcGIS Hub with 23 items: its feed, and its search API to hold it against."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harvesters.listings import answers, hub_feed, hub_search, item
from tests.hostile.server import Hostile


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = list(map(item, range(23)))
    feed = answers(lambda _: hub_feed(rows))
    search = hub_search(rows)
    with Hostile({"/api/feed/dcat-us/1.1.json": feed, "/api/search/v1/collections/dataset/items": search}) as server:
        yield server.url, {"batch_size": 5}
