"""A municipal portal's list API: a POST form, pages from 1, a success code inside, JSON inside a JSON string."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.harvesters.listings import Query, answers
from tests.hostile.server import Hostile

ROWS = [
    {
        "resId": f"id-{n:04}",
        "resTitle": f"公交站点 {n}",
        "officeName": "市交通局",
        "openLevel": "1",
        "publishDate": "2024-05-03",
    }
    for n in range(23)
]


def answer(asked: Query) -> Any:
    start, size = (int(asked.get("pageNo", 1)) - 1) * int(asked.get("pageSize", 10)), int(asked.get("pageSize", 10))
    return {"code": 200, "data": json.dumps({"list": ROWS[start : start + size], "total": str(len(ROWS))})}


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    settings = {
        "method": "POST",
        "paging": "page",
        "body": {"orderBy": "new"},
        "page_param": "pageNo",
        "size_param": "pageSize",
        "page_size": 5,
        "list_at": "data.list",
        "total_at": "data.total",
        "success": "code == 200",
        "mapping": {"title": "resTitle", "identifier": "resId", "publisher": "officeName"},
    }
    with Hostile({"/api/list": answers(answer)}) as server:
        yield f"{server.url}/api/list", settings
