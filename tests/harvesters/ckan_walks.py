"""Walking a CKAN portal in tests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from harvesters.base import Batch
from harvesters.ckan import Ckan, CkanSettings
from harvesters.web import Web
from metadata.errors import CatalogError
from tests.harvesters.portal import API
from tests.hostile.server import Behaviour, Hostile

Marks = Mapping[str, Mapping[str, str]]


def walk(url: str, resume: str | None = None, marks: Marks | None = None, **settings: Any) -> tuple[list[Batch], Marks]:
    """The batches of a run, and what it leaves for the next."""
    with Web(internal=True, retries=0, sleep=lambda _: None, validators=marks) as web:
        return list(Ckan(url, CkanSettings(**settings)).batches(web, resume)), web.fresh_validators


def names(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def ids(*numbers: int) -> list[str]:
    return [f"id-{number:04}" for number in numbers]


def failure(url: str, **settings: Any) -> CatalogError:
    with pytest.raises(CatalogError) as caught:
        walk(url, **settings)
    assert "\n" not in str(caught.value)
    return caught.value


@contextmanager
def silent(actions: Mapping[str, Behaviour]) -> Iterator[str]:
    with Hostile({f"{API}/{name}": behaviour for name, behaviour in actions.items()}) as server:
        yield server.url
