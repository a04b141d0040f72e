"""Profiles in the data folder: brought by the API, the command or by hand, versioned, listed, used at once, removed."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from catalog_api import profiles
from catalog_api.cli import main
from metadata.errors import Invalid, NotFound, TooLarge
from standards.table import STANDARDS, rule
from tests.catalog_api.conftest import Site, settings_for

MANIFEST = {
    "name": "city",
    "version": "1.0",
    "base": "dcat_us_1_1_non_federal",
    "title": {"zh": "市级目录", "en": "City catalogue"},
    "schema": "schema.json",
    "recognises": {"/type": "city"},
}
SCHEMA = {"properties": {"title": {"minLength": 5}}}
BODY = {"type": "city", "title": "Bus", "identifier": "b"}


def files(schema: Any = SCHEMA, **manifest: Any) -> dict[str, Any]:
    return {"manifest.json": {**MANIFEST, **manifest}, "schema.json": schema}


def zipped(given: dict[str, Any], folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in given.items():
            file.writestr(folder + name, content if isinstance(content, bytes | str) else json.dumps(content))
    return out.getvalue()


def brought(site: Site, given: dict[str, Any], who: str = "admin") -> Any:
    return site.client.post("/api/v1/profiles", json={"files": given}, headers=site.headers(who))


def test_a_profile_is_brought_used_versioned_and_removed(site: Site) -> None:
    added = brought(site, files())
    assert added.status_code == 201 and added.json()["version"] == "1.0" and added.json()["base"] == "dcat_us_1_1_non_federal"
    (line,) = site.client.post("/api/v1/check", content=json.dumps(BODY)).json()["records"]
    assert line["standard"] == "city" and "city/minLength" in [one["rule"] for one in line["findings"]]
    assert rule("city/minLength") and site.client.post("/check?lang=en", data={"text": json.dumps(BODY)}).text.count(
        "City catalogue"
    )
    (listed,) = [one for one in site.client.get("/api/v1/standards").json()["items"] if one["name"] == "city"]
    assert listed["profile_of"] == "dcat_us_1_1_non_federal" and listed["checks"] and listed["writes"]
    assert brought(site, files({"properties": {"title": {"minLength": 2}}}, version="1.1")).json()["versions"] == ["1.0", "1.1"]
    (line,) = site.client.post("/api/v1/check", content=json.dumps(BODY)).json()["records"]
    assert "city/minLength" not in [one["rule"] for one in line["findings"]]
    chosen = site.client.put("/api/v1/profiles/city", json={"version": "1.0"}, headers=site.headers())
    assert chosen.json()["version"] == "1.0" and site.client.get("/api/v1/profiles/city").json()["version"] == "1.0"
    assert site.client.put("/api/v1/profiles/city", json={"version": "9"}, headers=site.headers()).status_code == 404
    assert site.client.delete("/api/v1/profiles/city", headers=site.headers()).status_code == 204
    assert (
        site.client.get("/api/v1/profiles").json()["items"] == [] and "city" not in STANDARDS and rule("city/minLength") is None
    )


def test_a_version_stays_what_it_was(site: Site) -> None:
    assert brought(site, files()).status_code == 201 == brought(site, files()).status_code
    assert brought(site, files({"type": "object"})).status_code == 409
    assert brought(site, files(name="ckan")).status_code == 409
    assert brought(site, files(base="city", name="other")).status_code == 400


@pytest.mark.parametrize("who", ["nobody", "write", "department", "harvest"])
def test_only_an_administrator_brings_profiles(site: Site, who: str) -> None:
    status = 401 if who == "nobody" else 403
    assert brought(site, files(), who).status_code == status
    assert site.client.delete("/api/v1/profiles/city", headers=site.headers(who)).status_code == status


def test_a_zip_and_a_form_are_taken(site: Site) -> None:
    headers = {**site.headers(), "content-type": "application/zip"}
    assert site.client.post("/api/v1/profiles", content=zipped(files(), "city-profile/"), headers=headers).status_code == 201
    form = [("files", (name, json.dumps(content).encode())) for name, content in files(name="form").items()]
    assert site.client.post("/api/v1/profiles", files=form, headers=site.headers()).json()["name"] == "form"
    one = {"file": ("p.zip", zipped(files(name="third")))}
    assert site.client.post("/api/v1/profiles", files=one, headers=site.headers()).json()["name"] == "third"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"files": 5}',
        b"PK\x03\x04 nothing",
        zipped({"../manifest.json": MANIFEST}),
        zipped({"a/b/manifest.json": MANIFEST}),
        zipped({"/etc/manifest.json": MANIFEST}),
        zipped({".hidden": "x"}),
        zipped({"a/x": "1", "b/x": "2"}),
        zipped({**{f"f{n}": "" for n in range(40)}, "manifest.json": MANIFEST}),
        zipped({"manifest.json": b" " * (4 << 20)}),
        json.dumps({"files": files({"$ref": "http://127.0.0.1/x"})}).encode(),
        json.dumps({"files": {"../../x": "y"}}).encode(),
    ],
)
def test_what_is_no_profile_is_told_and_nothing_is_written(site: Site, body: bytes) -> None:
    answer = site.client.post("/api/v1/profiles", content=body, headers=site.headers())
    assert answer.status_code in (400, 413) and answer.headers["content-type"] == "application/problem+json"
    assert not list(site.settings.data_dir.parent.rglob("manifest*")) and not (site.settings.data_dir / "profiles").exists()


def put(folder: Path, given: dict[str, Any]) -> Path:
    folder.mkdir(parents=True)
    for name, content in given.items():
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return folder


def test_folders_put_there_by_hand_are_loaded_and_broken_ones_told(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    toml = 'name = "mine"\nversion = "2"\nbase = "ckan"\ntitle = "Mine"\n[recognises]\n"/kind" = "mine"\n'
    put(tmp_path / "profiles" / "a", {"manifest.toml": toml})
    put(tmp_path / "profiles" / "b", {"manifest.toml": "name ="})
    put(tmp_path / "profiles" / "c", {"notes.txt": "no manifest"})
    known = {one.name: one for one in profiles.refresh(settings)}
    assert (
        known["mine"].standard
        and known["mine"].versions == ("2",)
        and "manifest" in known["b"].problem
        and set(known) == {"mine", "b"}
    )
    assert STANDARDS.brought() == ("mine",) and next(iter(STANDARDS)) == "mine"
    (tmp_path / "profiles" / "a" / "manifest.toml").write_text(toml.replace('"2"', '"3"'), "utf-8")
    assert profiles.get(settings, "mine").version == "3"
    profiles.remove(settings, "mine")
    assert not (tmp_path / "profiles" / "a").exists() and STANDARDS.brought() == ()
    with pytest.raises(NotFound):
        profiles.get(settings, "mine")


def test_the_command_brings_lists_and_removes(tmp_path: Path) -> None:
    environment = {"MULU_DATA_DIR": str(tmp_path / "data")}
    folder = put(tmp_path / "given", files())

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(main, list(words), env=environment)
        assert done.exit_code == status, (words, done.output, done.exception)
        return done.output

    assert json.loads(run("profile", "list", "--json"))["total"] == 0
    assert json.loads(run("profile", "add", str(folder), "--json"))["name"] == "city"
    (tmp_path / "two.zip").write_bytes(zipped(files(version="2.0")))
    run("profile", "add", str(tmp_path / "two.zip"))
    assert json.loads(run("profile", "list", "--json"))["items"][0]["versions"] == ["1.0", "2.0"] and "city" in run(
        "profile", "list"
    )
    run("profile", "use", "city", "1.0")
    assert "city" in run("standards")
    (tmp_path / "record.json").write_text(json.dumps(BODY), "utf-8")
    assert "city/minLength" in run("check", str(tmp_path / "record.json"), status=1)
    run("profile", "remove", "city")
    run("profile", "remove", "city", status=2)
    run("profile", "add", str(tmp_path / "nowhere"), status=2)


def test_names_stay_inside(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        profiles.named({"..\\x": b""})
    with pytest.raises(TooLarge):
        profiles.unzipped(zipped({str(n): "" for n in range(30)}))
    assert profiles.named({"p/a.json": b"1", "p/b.json": b"2"}) == {"a.json": b"1", "b.json": b"2"}
