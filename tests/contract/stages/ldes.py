"""A feed of activities on datasets, in pages of six events, the oldest first; one page names the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.contract.stages.dcat_rdf import dataset, identifier
from tests.hostile.server import Behaviour, Handler, Hostile, says

__all__ = ["identifier", "stage"]
COUNT, SIZE = 23, 6
_PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix as: <https://www.w3.org/ns/activitystreams#> . @prefix tree: <https://w3id.org/tree#> .
@prefix ldes: <https://w3id.org/ldes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def event(n: int) -> str:
    """The creation of one dataset."""
    name = f"http://data.example.org/events/{n}"
    return (
        f"<http://data.example.org/feed> tree:member <{name}> .\n"
        f'<{name}> a as:Create ; as:object <{identifier(n)}> ; as:published "2026-01-01T00:{n:02}:00Z"^^xsd:dateTime .\n'
        f"<{name}> {{ {dataset(n)} }}\n"
    )


def page(number: int) -> Behaviour:
    """One page of the feed."""
    shown = range(number * SIZE, min((number + 1) * SIZE, COUNT))

    def behave(handler: Handler) -> None:
        here = f"http://{handler.headers['Host']}/feed"
        said = f"<http://data.example.org/feed> a ldes:EventStream ; ldes:timestampPath as:published ; tree:view <{here}> .\n"
        if (number + 1) * SIZE < COUNT:
            value = f'tree:path as:published ; tree:value "2026-01-01T00:{(number + 1) * SIZE:02}:00Z"^^xsd:dateTime'
            relation = f"a tree:GreaterThanOrEqualToRelation ; tree:node <{here}/{number + 1}> ; {value}"
            said += f"<{here}> tree:relation [ {relation} ] .\n"
        body = _PREFIXES + said + "".join(map(event, shown))
        says(body.encode(), headers={"Content-Type": "application/trig"})(handler)

    return behave


@contextmanager
def stage(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The address of the feed."""
    pages = {"/feed": page(0)} | {f"/feed/{number}": page(number) for number in range(1, -(-COUNT // SIZE))}
    with Hostile(pages) as server:
        yield f"{server.url}/feed", {"batch_size": 4}
