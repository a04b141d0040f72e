"""Every registered harvester, through one suite: it describes itself, lists all, and goes on from any point."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from harvesters.base import Batch, Harvester
from harvesters.table import PROTOCOLS
from harvesters.web import Web
from metadata.errors import NotFound
from standards.table import STANDARDS
from tests.harvesters.portal import Portal, packages
from tests.hostile.server import Hostile, says

COUNT = 23
Stage = Callable[[Path], AbstractContextManager[tuple[str, dict[str, Any]]]]


@contextmanager
def data_json(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    body = json.dumps({"dataset": [{"identifier": f"id-{n:04}", "title": f"数据 {n}"} for n in range(COUNT)]})
    with Hostile({"/data.json": says(body.encode())}) as server:
        yield f"{server.url}/data.json", {"batch_size": 4}


@contextmanager
def portal(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with Portal(packages(COUNT), cap=7) as server:
        yield server.url, {"page_size": 5}


@contextmanager
def files(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    records = [{"identifier": f"id-{n:04}"} for n in range(COUNT)]
    (folder / "a.json").write_text(json.dumps(records[:9]))
    (folder / "b.json").write_text(json.dumps(records[9]))
    (folder / "c").mkdir()
    (folder / "c" / "c.json").write_text(json.dumps({"dataset": records[10:]}))
    yield str(folder), {"batch_size": 4}


STAGES: dict[str, Stage] = {"dcat_us": data_json, "ckan": portal, "folder": files}


@pytest.fixture(params=list(PROTOCOLS))
def name(request: pytest.FixtureRequest) -> str:
    assert request.param in STAGES, f"the protocol {request.param} has no stage here: add one"
    return str(request.param)


@pytest.fixture
def protocol(name: str) -> type[Harvester]:
    return PROTOCOLS.get(name)


def names(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def test_it_describes_itself(name: str, protocol: type[Harvester]) -> None:
    assert protocol.name == name
    assert set(protocol.title) >= {"zh", "en"} and all(protocol.title.values())
    assert protocol.standard in STANDARDS


def test_its_settings_are_a_form(protocol: type[Harvester]) -> None:
    schema = protocol.Settings.model_json_schema()
    assert schema["type"] == "object" and schema.get("additionalProperties") is False
    for field in schema["properties"].values():
        assert field["title"] and "default" in field
    assert protocol.Settings() == protocol.Settings.model_validate(json.loads(protocol.Settings().model_dump_json()))
    with pytest.raises(ValidationError):
        protocol.Settings.model_validate({"no_such_setting": 1})


def test_numbers_typed_in_a_shell_are_taken(protocol: type[Harvester]) -> None:
    typed = {field: str(value) for field, value in protocol.Settings().model_dump().items()}
    assert protocol.Settings.model_validate(typed) == protocol.Settings()


def test_it_lists_every_record_once(name: str, protocol: type[Harvester], tmp_path: Path) -> None:
    with STAGES[name](tmp_path) as (url, settings), Web(internal=True, retries=0) as web:
        batches = list(protocol(url, protocol.Settings(**settings)).batches(web, None))
    assert names(batches) == [f"id-{n:04}" for n in range(COUNT)]
    assert len(batches) > 3 and all(batch.records for batch in batches)


def test_it_goes_on_from_any_batch_without_loss_or_doubling(name: str, protocol: type[Harvester], tmp_path: Path) -> None:
    with STAGES[name](tmp_path) as (url, settings), Web(internal=True, retries=0) as web:

        def walk(resume: str | None) -> list[Batch]:
            model: BaseModel = protocol.Settings(**settings)
            return list(protocol(url, model).batches(web, resume))

        whole = walk(None)
        for point in range(len(whole)):
            rest = walk(whole[point].resume)
            assert names(whole[: point + 1]) + names(rest) == names(whole)


def test_an_unknown_protocol_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="dcat_us"):
        PROTOCOLS.get("gopher")
