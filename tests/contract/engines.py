"""The engines that the contract is asked of, in one place: a line each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from search.base import SearchEngine
from search.tantivy import TantivyEngine

ENGINES: dict[str, Callable[[pytest.FixtureRequest, Path], SearchEngine]] = {
    "tantivy": lambda _request, folder: TantivyEngine(folder / "index"),
}
"""Name → a new, empty engine; `folder` is its own, and names it."""
