"""An Atom feed of 23 entries on three pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hostile.server import Hostile, says

COUNT = 23
PER_PAGE = 8
ATOM = {"Content-Type": "application/atom+xml; charset=utf-8"}


def entry(identifier: str, title: str = "数据", updated: str = "2024-05-01T00:00:00Z", inner: str = "") -> str:
    """An entry."""
    return f"<entry><id>{identifier}</id><title>{title}</title><updated>{updated}</updated>{inner}</entry>"


def feed(entries: str, links: str = "", extra: str = "") -> bytes:
    """A feed of these entries."""
    head = '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
    return f"{head}<id>urn:x:feed</id><title>目录</title>{links}{extra}{entries}</feed>".encode()


def link(relation: str, address: str, kind: str = "") -> str:
    """A link."""
    told = f' type="{kind}"' if kind else ""
    return f'<link rel="{relation}" href="{address}"{told}/>'


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    pages = [range(start, min(start + PER_PAGE, COUNT)) for start in range(0, COUNT, PER_PAGE)]
    with Hostile({}) as server:
        for number, members in enumerate(pages):
            following = link("next", f"/feed/{number + 1}") if number + 1 < len(pages) else link("first", "/feed/0")
            body = feed("".join(entry(f"id-{n:04}", f"数据 {n}") for n in members), following)
            server.server.behaviours[f"/feed/{number}"] = says(body, headers=ATOM)
        yield f"{server.url}/feed/0", {"batch_size": 4}
