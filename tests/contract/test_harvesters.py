"""Every registered harvester, through one suite: it describes itself, is recognised, lists all, and goes on from any point.

Each protocol brings a stage, `tests/contract/stages/<name>.py`: `stage(folder)` serves 23 records over real HTTP and gives the
address and settings; `identifier(n)` says how its n-th record is known, when the protocol dictates that.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from harvesters.base import Batch, Harvester
from harvesters.detection import detect
from harvesters.table import PROTOCOLS
from harvesters.web import Web
from metadata.errors import NotFound
from standards.table import STANDARDS

COUNT = 23
Stage = Callable[[Path], AbstractContextManager[tuple[str, dict[str, Any]]]]
NOT_AT_AN_ADDRESS = {"folder"}


@pytest.fixture(params=list(PROTOCOLS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def protocol(name: str) -> type[Harvester]:
    return PROTOCOLS.get(name)


@pytest.fixture
def stage(name: str) -> Stage:
    try:
        return import_module(f"tests.contract.stages.{name}").stage  # type: ignore[no-any-return]
    except ModuleNotFoundError:
        pytest.fail(f"the protocol {name} has no stage: add tests/contract/stages/{name}.py")


def wanted(name: str) -> list[str]:
    identifier = getattr(import_module(f"tests.contract.stages.{name}"), "identifier", "id-{:04}".format)
    return [identifier(n) for n in range(COUNT)]


def names(batches: list[Batch]) -> list[str | None]:
    return [record.identifier for batch in batches for record in batch.records]


def test_it_describes_itself(name: str, protocol: type[Harvester]) -> None:
    assert protocol.name == name
    assert set(protocol.title) >= {"zh", "en"} and all(protocol.title.values())
    assert protocol.standard in STANDARDS or protocol.standard == ""


def test_its_settings_are_a_form(protocol: type[Harvester]) -> None:
    schema = protocol.Settings.model_json_schema()
    assert schema["type"] == "object" and schema.get("additionalProperties") is False
    for field in schema.get("properties", {}).values():
        assert field["title"] and "default" in field
    assert protocol.Settings() == protocol.Settings.model_validate(json.loads(protocol.Settings().model_dump_json()))
    with pytest.raises(ValidationError):
        protocol.Settings.model_validate({"no_such_setting": 1})


def test_numbers_typed_in_a_shell_are_taken(protocol: type[Harvester]) -> None:
    plain = {field: value for field, value in protocol.Settings().model_dump().items() if isinstance(value, str | int | float)}
    typed = {field: str(value) for field, value in plain.items()}
    assert protocol.Settings.model_validate(typed) == protocol.Settings()


def test_it_lists_every_record_once(name: str, protocol: type[Harvester], stage: Stage, tmp_path: Path) -> None:
    with stage(tmp_path) as (url, settings), Web(internal=True, retries=0) as web:
        batches = list(protocol(url, protocol.Settings(**settings)).batches(web, None))
    assert names(batches) == wanted(name)
    assert len(batches) > 3 and all(batch.records for batch in batches)


def test_it_goes_on_from_any_batch_without_loss_or_doubling(
    name: str, protocol: type[Harvester], stage: Stage, tmp_path: Path
) -> None:
    with stage(tmp_path) as (url, settings), Web(internal=True, retries=0) as web:

        def walk(resume: str | None) -> list[Batch]:
            model: BaseModel = protocol.Settings(**settings)
            return list(protocol(url, model).batches(web, resume))

        whole = walk(None)
        for point in range(len(whole)):
            rest = walk(whole[point].resume)
            assert names(whole[: point + 1]) + names(rest) == names(whole)


def test_its_address_alone_tells_the_protocol(name: str, protocol: type[Harvester], stage: Stage, tmp_path: Path) -> None:
    if name in NOT_AT_AN_ADDRESS:
        return
    with stage(tmp_path) as (url, settings), Web(internal=True, retries=0) as web:
        best = detect(web, url)[0]
        assert best.protocol == name, best
        given = protocol.Settings(**{**best.found.settings, **settings})
        batches = list(protocol(best.found.url, given).batches(web, None))
    assert best.found.why
    assert names(batches) == wanted(name)


def test_an_unknown_protocol_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="dcat_us"):
        PROTOCOLS.get("gopher")
