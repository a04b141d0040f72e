"""Many records for measuring: those of the sample departments, over and over, under identifiers of their own."""

from collections.abc import Iterator
from typing import Any

from catalog_api.sample_departments.records import record
from catalog_api.sample_departments.seeds import seeds


def sample_records(count: int) -> Iterator[dict[str, Any]]:
    """`count` DCAT-US records made from the data.json departments."""
    made = 0
    while True:
        for seed in seeds():
            for row in seed.rows:
                if made == count:
                    return
                yield {**record(seed, row), "identifier": f"{seed.name}-{made}"}
                made += 1
