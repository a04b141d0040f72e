"""A CSV of 23 datasets."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hostile.server import Hostile, says

COUNT = 23
CSV = {"Content-Type": "text/csv; charset=utf-8"}


def csv_of(count: int) -> bytes:
    """A table of so many datasets."""
    rows = [f"id-{n:04},数据 {n},交通局,每月" for n in range(count)]
    return "\r\n".join(("编号,名称,发布机构,更新周期", *rows, "")).encode("utf-8-sig")


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with Hostile({"/catalogue": says(csv_of(COUNT), headers=CSV)}) as server:
        yield f"{server.url}/catalogue", {"batch_size": 5}
