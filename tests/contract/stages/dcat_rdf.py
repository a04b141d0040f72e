"""A catalogue in Turtle, in Hydra pages of five."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.hostile.server import Behaviour, Handler, Hostile, says

COUNT, SIZE = 23, 5
_PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
"""


def identifier(n: int) -> str:
    """Datasets are known by their addresses."""
    return f"http://data.example.org/dataset/id-{n:04}"


def turtle(page: int, url: str) -> str:
    """One page; the first has the number 1."""
    shown = range((page - 1) * SIZE, min(page * SIZE, COUNT))
    last = -(-COUNT // SIZE)
    view = f"<{url}?page={page}> a hydra:PartialCollectionView ; hydra:last <{url}?page={last}> "
    view += f"; hydra:next <{url}?page={page + 1}> .\n" if page < last else ".\n"
    view += f"<{url}> a hydra:Collection ; hydra:totalItems {COUNT} ; hydra:view <{url}?page={page}> .\n"
    catalog = "".join(f"<http://data.example.org/> a dcat:Catalog ; dcat:dataset <{identifier(n)}> .\n" for n in shown)
    return _PREFIXES + view + catalog + "".join(map(dataset, shown))


def dataset(n: int) -> str:
    """One dataset with a distribution."""
    return (
        f'<{identifier(n)}> a dcat:Dataset ; dct:title "数据 {n}"@zh ; dct:modified "2026-01-{n + 1:02}" ;\n'
        f"  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <http://data.example.org/files/{n}.csv> ] .\n"
    )


def pages() -> Behaviour:
    """The behaviour of the address."""

    def behave(handler: Handler) -> None:
        number = int(parse_qs(urlsplit(handler.path).query).get("page", ["1"])[0])
        url = f"http://{handler.headers['Host']}/catalog.ttl"
        says(turtle(number, url).encode(), headers={"Content-Type": "text/turtle"})(handler)

    return behave


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The address of the first page."""
    with Hostile({"/catalog.ttl": pages()}) as server:
        yield f"{server.url}/catalog.ttl", {"batch_size": 3}
