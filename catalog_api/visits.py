"""Visits of datasets, counted in this process until they are written down (`catalog_api/flusher.py`).

What is counted is that a dataset was looked at; who looked is neither kept nor known here. Robots that say so are not
counted: they look at everything, and would say nothing about use.
"""

import re
import threading
from collections import Counter

_ROBOT = re.compile(r"bot\b|crawl|spider|slurp|archiver|scrapy|feedfetcher|facebookexternalhit|validator|monitor|uptime", re.I)
_lock = threading.Lock()
_counts: Counter[str] = Counter()


def note(dataset_id: str, agent: str | None = None) -> None:
    """Someone looked at a dataset, or took it. `agent` is the `User-Agent` header: looked at, not kept."""
    if agent and _ROBOT.search(agent[:300]):
        return
    with _lock:
        _counts[dataset_id] += 1


def take() -> dict[str, int]:
    """What was counted since the last call, by dataset."""
    with _lock:
        taken = dict(_counts)
        _counts.clear()
    return taken
