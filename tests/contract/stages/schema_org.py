"""A site of 23 pages that describe a dataset each, one that describes none, and a sitemap of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.hostile.server import Hostile, says

COUNT = 23


def page(about: dict[str, Any] | list[Any] | None, head: str = "") -> bytes:
    """A page with this JSON-LD in its head."""
    script = f'<script type="application/ld+json">{json.dumps(about, ensure_ascii=False)}</script>' if about else ""
    return f"<!DOCTYPE html><html><head><title>数据</title>{head}{script}</head><body><h1>数据</h1></body></html>".encode()


def dataset(identifier: str, title: str, **more: Any) -> dict[str, Any]:
    """A schema.org Dataset."""
    return {"@context": "https://schema.org/", "@type": "Dataset", "@id": identifier, "name": title, **more}


def sitemap(*addresses: str, changed: str = "") -> bytes:
    """A sitemap of these addresses."""
    told = f"<lastmod>{changed}</lastmod>" if changed else ""
    listed = "".join(f"<url><loc>{each}</loc>{told}</url>" for each in addresses)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'.encode()


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    html = {"Content-Type": "text/html; charset=utf-8"}
    with Hostile({}) as server:
        places = [f"{server.url}/dataset/{n}" for n in range(COUNT)]
        behaviours = {f"/dataset/{n}": says(page(dataset(f"urn:x:id-{n:04}", f"数据 {n}")), headers=html) for n in range(COUNT)}
        behaviours["/about"] = says(page(None), headers=html)
        behaviours["/sitemap.xml"] = says(sitemap(f"{server.url}/about", *places), headers={"Content-Type": "application/xml"})
        behaviours["/robots.txt"] = says(b"User-agent: *\nDisallow: /admin\n", headers={"Content-Type": "text/plain"})
        server.server.behaviours.update(behaviours)
        yield f"{server.url}/sitemap.xml", {"pause": 0, "batch_size": 4}


def identifier(n: int) -> str:
    """What the n-th record is known by."""
    return f"urn:x:id-{n:04}"
