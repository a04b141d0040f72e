"""Recorded CKAN and DKAN answers over HTTP, against a plain reading of the same files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harvesters.base import Batch
from harvesters.ckan import Ckan, CkanSettings
from harvesters.json_text import name_of
from harvesters.web import Web
from metadata.errors import NotData
from standards.base import Unreadable
from standards.table import STANDARDS
from tests.harvesters.portal import API, UNKNOWN, Portal
from tests.hostile.server import Hostile, says


def harvested(url: str, **settings: Any) -> list[Batch]:
    with Web(internal=True, retries=0) as web:
        return list(Ckan(url, CkanSettings(**settings)).batches(web, None))


def bodies(batches: list[Batch]) -> list[Any]:
    return [record.body for batch in batches for record in batch.records]


def _values(path: Path) -> list[Any]:
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        return [json.loads(text)]
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        return [json.loads(line) for line in lines] if path.suffix == ".jsonl" else []


def _packages(value: Any) -> Iterator[dict[str, Any]]:
    """Packages anywhere in an answer."""
    if isinstance(value, list):
        for each in value:
            yield from _packages(each)
    elif isinstance(value, dict) and "result" in value:
        yield from _packages(value["result"])
    elif isinstance(value, dict) and isinstance(value.get("results"), list):
        yield from _packages(value["results"])
    elif (
        isinstance(value, dict)
        and ("resources" in value or "metadata_modified" in value)
        and ("name" in value or "title" in value)
    ):
        yield value


@pytest.fixture(scope="module")
def real(corpora: Path) -> list[dict[str, Any]]:
    """Every recorded package, one for each identifier, with an `id` as CKAN always gives one."""
    found: dict[str, dict[str, Any]] = {}
    names: set[str] = set()
    files = (path for kind in ("*.json", "*.jsonl") for path in sorted((corpora / "ckan").rglob(kind)))
    for path in files:
        for package in _packages(_values(path)):
            word = name_of(package, "id", "name", "title") or ""
            package = {"name": word} | package | {"id": word}
            if package["name"] not in names:
                found.setdefault(word, package)
            names.add(package["name"])
    assert len(found) > 90
    return list(found.values())


def in_order(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: str(row["id"]))


def _is_open(row: dict[str, Any]) -> bool:
    return row.get("state") == "Active" or (row.get("private") is not True and row.get("state", "active") == "active")


@pytest.mark.parametrize("searches", [True, False])
def test_every_recorded_package_arrives_as_it_was_recorded(real: list[dict[str, Any]], searches: bool) -> None:
    with Portal(real, cap=40, searches=searches) as portal:
        arrived = bodies(harvested(portal.url))
    wanted = [row for row in real if _is_open(row)]
    assert in_order(arrived) == in_order(wanted) and len(wanted) > 90
    failed = [name_of(row, "id") for row in arrived if _fails(row)]
    assert not failed


def _fails(row: Any) -> bool:
    read = STANDARDS.get("ckan").read
    assert read is not None
    try:
        read(row)
    except Unreadable:
        return True
    return False


@pytest.mark.parametrize(
    "path",
    [
        "data-gov-uk-functional-tests/example_responses/package_search.json",
        "catalog-data-gov-2019/catalog.datas.gov.package_search_10rows.json",
    ],
)
def test_a_recorded_search_with_fewer_rows_than_it_counts_is_not_everything(corpora: Path, path: str) -> None:
    recorded = json.loads((corpora / "ckan" / path).read_text(encoding="utf-8"))
    rows = recorded["result"]["results"]
    given: list[Any] = []
    with (
        Hostile({f"{API}/package_search": says(json.dumps(recorded).encode())}) as server,
        Web(internal=True, retries=0) as web,
    ):
        with pytest.raises(NotData, match="circle"):
            given.extend(
                record.body for batch in Ckan(server.url, CkanSettings()).batches(web, None) for record in batch.records
            )
        recorded["result"]["count"] = len(rows)
        server.server.behaviours[f"{API}/package_search"] = says(json.dumps(recorded).encode())
        whole = bodies(list(Ckan(server.url, CkanSettings()).batches(web, None)))
    assert given == whole == rows and recorded["result"]["count"] < 11


def test_a_recorded_site_without_search_is_read_name_by_name(corpora: Path) -> None:
    folder = corpora / "ckan/itmgr"
    names = json.loads((folder / "datasets.json").read_text(encoding="utf-8"))
    recorded = {path.name.split(".")[1]: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("dataset.*.json")}
    with Portal([], searches=False) as portal:
        portal.rows = [row | {"name": name} for name, row in recorded.items() if name in names]
        portal.server.behaviours[f"{API}/package_list"] = says(json.dumps({"success": True, "result": names}).encode())
        arrived = bodies(harvested(portal.url))
    assert in_order(arrived) == in_order(portal.rows) and len(arrived) == len(names) == 3


def test_recorded_dkan_gives_a_list_of_one(corpora: Path) -> None:
    recorded = (corpora / "ckan/udata-dkan/udata/harvest/tests/ckan/data/dkan-french-w-license.json").read_bytes()
    (package,) = json.loads(recorded)["result"]
    actions = {
        "package_search": UNKNOWN,
        "package_list": says(json.dumps({"success": True, "result": [package["name"]]}).encode()),
        "package_show": says(recorded),
    }
    with Hostile({f"{API}/{name}": behaviour for name, behaviour in actions.items()}) as server:
        arrived = bodies(harvested(server.url))
    assert arrived == [package] and not _fails(package)
