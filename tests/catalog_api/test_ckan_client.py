"""The real `ckanapi` client, as a library and as a command, against a served directory."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ckanapi  # type: ignore[import-untyped]
import pytest

from standards.ckan import check, read, recognises
from tests.catalog_api.ckan_site import Site, record, site


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    records = {
        "transport": [record(1, title="公共交通线路", tags=[{"name": "公交"}]), *(record(n) for n in range(2, 30))],
        "water": [record(n, notes="Water levels") for n in range(30, 45)],
    }
    with site(tmp_path_factory.mktemp("ckan"), records) as found:
        yield found


@pytest.fixture(params=[False, True], ids=["post", "get"])
def client(request: pytest.FixtureRequest, served: Site) -> Iterator[ckanapi.RemoteCKAN]:
    with ckanapi.RemoteCKAN(served.url, get_only=request.param) as found:
        yield found


def test_lists_and_shows(client: ckanapi.RemoteCKAN) -> None:
    assert client.action.organization_list() == ["transport", "water"]
    names = client.action.package_list()
    assert len(names) == 44 and names == sorted(names)
    package = client.action.package_show(id=names[0])
    assert package["name"] == names[0] and client.action.package_show(id=package["id"]) == package
    assert client.action.organization_show(id="water")["package_count"] == 15
    assert client.action.status_show()["ckan_version"].startswith("2.")


def test_searches(client: ckanapi.RemoteCKAN) -> None:
    found = client.action.package_search(q="公共交通", rows=5)
    assert found["count"] == 1 and found["results"][0]["title"] == "公共交通线路"
    every = [
        package["id"]
        for start in range(0, 60, 20)
        for package in client.action.package_search(
            fq="organization:(transport OR water)", sort="id asc", rows=20, start=start
        )["results"]
    ]
    assert len(every) == 44 and every == sorted(every) and len(set(every)) == 44


def test_errors_are_the_clients_own(client: ckanapi.RemoteCKAN) -> None:
    with pytest.raises(ckanapi.NotFound, match=r"Dataset was not found"):
        client.action.package_show(id="nothing")
    with pytest.raises(ckanapi.NotFound):
        client.action.organization_show(id="nothing")
    with pytest.raises(ckanapi.ValidationError) as raised:
        client.action.package_show()
    assert raised.value.error_dict == {"__type": "Validation Error", "id": ["Missing value"]}
    with pytest.raises(ckanapi.SearchQueryError, match="Invalid search parameters"):
        client.action.package_search(nonsense="1")
    with pytest.raises(ckanapi.SearchQueryError, match="not supported"):
        client.action.package_search(q="tags:a OR groups:b")
    with pytest.raises(ckanapi.SearchError):
        client.action.package_search(q="{!geofilt}")
    with pytest.raises(ckanapi.errors.CKANAPIError, match="Action name not known"):
        client.action.no_such_action()


def test_writing_is_refused_as_not_authorized(served: Site) -> None:
    with (
        ckanapi.RemoteCKAN(served.url, apikey=served.tokens["admin"]) as client,
        pytest.raises(ckanapi.NotAuthorized, match="PUT /api/v1"),
    ):
        client.action.package_create(name="x")


def test_a_wrong_key_is_nobody_and_a_right_one_somebody(served: Site) -> None:
    with ckanapi.RemoteCKAN(served.url, apikey="wrong") as client:
        assert client.action.package_search()["count"] == 44 and client.action.user_list() == []
    with ckanapi.RemoteCKAN(served.url, apikey=served.tokens["department"]) as client:
        assert client.action.user_show()["name"] == "clerk"
        assert [one["name"] for one in client.action.organization_list_for_user()] == ["transport"]


def command(*words: str) -> str:
    """What `ckanapi` prints."""
    folder = Path(sys.executable).parent  # where its workers find the command, too
    path = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([str(folder / "ckanapi"), *words], capture_output=True, text=True, timeout=120, check=False, env=path)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_dumps_every_dataset(served: Site, tmp_path: Path) -> None:
    command("dump", "datasets", "--all", "-O", str(tmp_path / "all.jsonl"), "-p", "2", "-r", served.url)
    packages = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    with ckanapi.RemoteCKAN(served.url) as client:
        assert [package["name"] for package in packages] == client.action.package_list()
    for package in packages:
        assert recognises(package) and read(package).identifier == package["id"]
        assert not [one for one in check(package) if one.severity == "error"]


def test_the_command_dumps_organizations_and_searches(served: Site) -> None:
    dumped = command("dump", "organizations", "--all", "-r", served.url).splitlines()
    assert [json.loads(line)["name"] for line in dumped] == ["transport", "water"]
    found = command("search", "datasets", "fq=organization:water", "-r", served.url).splitlines()
    assert len(found) == 15 and {json.loads(line)["organization"]["name"] for line in found} == {"water"}
