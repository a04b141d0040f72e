"""The API against its own description: schemathesis asks every operation with what fits and with what does not."""

from collections import Counter
from collections.abc import Iterator
from shutil import copy
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.catalog_api.conftest import Site, opened
from tests.harvests import new_source, record, unreadable, visit

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any) -> Iterator[Site]:
    """A filled catalogue, shared by all operations of this module."""
    folder = tmp_path_factory.mktemp("openapi")
    copy(sqlite_template, folder / "mulu.db")
    for site in opened(folder / "data", f"sqlite:///{folder / 'mulu.db'}"):
        visit(site.engine, new_source(site.engine), [record("a"), record("b"), unreadable("c")])
        site.follow()
        yield site


def operations(site: Site) -> Any:
    document = site.client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    return schemathesis.openapi.from_dict(document)


def test_every_operation_keeps_to_its_description(described: Site) -> None:
    schema = operations(described)
    statuses: Counter[int] = Counter()
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.startswith("/api/v1"):
            _ask(described, operation, statuses)
    assert statuses.total() > 300 and {200, 400, 404, 422} <= statuses.keys(), statuses
    assert not [status for status in statuses if status >= 500]


def _known(path: str, drawn: dict[str, Any]) -> dict[str, Any]:
    """The path's parameters, those that can name something that is there set to it."""
    names = {"sources": "roads", "organizations": "transport", "datasets": "title-a"}
    known = {"name": names.get(path.split("/")[3]), "run_id": 1}
    return {key: known.get(key) or value for key, value in (drawn or {}).items()}


def _ask(site: Site, operation: Any, statuses: Counter[int]) -> None:
    @hypothesis.settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        if statuses.total() % 3:
            case.path_parameters = _known(operation.path, case.path_parameters)
        sent = case.as_transport_kwargs(base_url="http://catalogue.example")
        headers = {**dict(sent.get("headers") or {}), **site.headers()}
        body = {"json": sent["json"]} if "json" in sent else {"content": sent.get("data")}
        answer = site.client.request(sent["method"], sent["url"], params=sent.get("params"), headers=headers, **body)
        statuses[answer.status_code] += 1
        case.validate_response(schemathesis.Response.from_httpx(answer, verify=False), checks=CHECKS)

    ask()
