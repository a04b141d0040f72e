"""Tables given as files: sent to the API, or named to the command line; harvested, replaced, and guarded."""

import hashlib
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from catalog_api import uploads
from catalog_api.cli import main
from catalog_api.harvesting import Harvesting, start
from catalog_api.settings import Settings
from metadata import bodies, database, sources
from metadata.tables import Run
from tests.catalog_api.conftest import Site
from tests.harvests import new_source, published

HEADER = ["编号", "名称", "描述", "发布机构"]
ROWS = [["r-1", "公交站点", "全市站点", "交通局"], ["r-2", "公交线路", "线路", "交通局"]]


def table(*rows: list[str]) -> bytes:
    return "\n".join(",".join(row) for row in (HEADER, *rows)).encode()


def book(*rows: list[str]) -> bytes:
    made = Workbook()
    for row in (HEADER, *rows):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def send(site: Site, body: bytes, who: str = "write", name: str = "roads", query: str = "") -> Any:
    return site.client.put(f"/api/v1/sources/{name}/file{query}", content=body, headers=site.headers(who))


def harvest(site: Site, name: str = "roads") -> Run:
    with database.writing(site.engine) as session:
        run = start(session, sources.source(session, name))
        session.commit()
    return Harvesting(site.engine, site.settings, run.id or 0).perform()


def test_a_workbook_that_is_sent_becomes_a_source_and_its_rows_datasets(any_site: Site) -> None:
    site = any_site
    answer = send(site, book(*ROWS), query="?filename=../../目录.xlsx&organization=transport")
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["protocol"], shown["organization"], shown["records"], shown["problem"]) == ("spreadsheet", "transport", 2, "")
    assert shown["url"].startswith("upload://") and shown["url"].endswith("/%E7%9B%AE%E5%BD%95.xlsx")
    assert [(each["header"], each["field"], each["found"]) for each in shown["columns"]][:2] == [
        ("编号", "identifier", "exact"),
        ("名称", "title", "exact"),
    ]
    run = harvest(site)
    assert (run.state, run.received, run.added, run.failed) == ("done", 2, 2, 0), run.message
    assert published(site.engine, "roads") == {"r-1": "公交站点", "r-2": "公交线路"}
    assert harvest(site).unchanged == 2


def test_the_next_edition_replaces_the_file_and_the_old_one_goes(site: Site) -> None:
    first = send(site, table(*ROWS)).json()["url"]
    harvest(site)
    answer = send(site, table(ROWS[0], ["r-2", "公交线路(新)", "线路", "交通局"], ["r-3", "三", "", ""]))
    assert answer.status_code == 200 and answer.json()["url"] != first
    run = harvest(site)
    assert (run.added, run.updated, run.unchanged) == (1, 1, 1), run.message
    assert len(list((site.settings.data_dir / "uploads").iterdir())) == 1


def test_columns_that_are_not_recognised_are_shown_and_named_afterwards(site: Site) -> None:
    answer = send(site, b"Kennung,Bezeichnung\nk-1,Haltestellen\n")
    assert answer.status_code == 201 and answer.json()["records"] == 0 and "columns" in answer.json()["problem"]
    columns = {"Kennung": "identifier", "Bezeichnung": "title"}
    changed = site.client.request(
        "PATCH", "/api/v1/sources/roads", json={"settings": {"columns": columns}}, headers=site.headers("write")
    )
    assert changed.status_code == 200, changed.text
    assert harvest(site).added == 1
    again = send(site, b"Kennung,Bezeichnung\nk-1,Haltestellen\nk-2,Linien\n").json()
    assert (again["records"], again["problem"]) == (2, "") and {each["found"] for each in again["columns"]} == {"given"}


@pytest.mark.parametrize("who", ["nobody", "harvest", "department"])
def test_only_who_may_write_sends_files(site: Site, who: str) -> None:
    assert send(site, table(*ROWS), who).status_code in (401, 403)
    assert not (site.settings.data_dir / "uploads").exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"Hi! I am no table", 400),
        (b"\xff\xd8\xff\xe0 picture", 400),
        (b'{"dataset": []}', 400),
        (b"x" * 2_000_000, 413),
    ],
)
def test_what_is_no_table_or_too_large_is_refused(site: Site, body: bytes, status: int) -> None:
    answer = send(site, body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert site.client.get("/api/v1/sources/roads").status_code == 404


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("roads", "?filename=%00%ff%ED%A0%80%2F..%2F..%5C", 201),
        ("roads", f"?filename={'x' * 401}", 422),
        ("roads", "?organization=nobody", 404),
        ("roads", "?filename=", 201),
        ("Not%20A%20Name", "", 400),
    ],
)
def test_odd_names_are_told_or_made_plain(site: Site, name: str, query: str, status: int) -> None:
    answer = send(site, table(*ROWS), name=name, query=query)
    assert answer.status_code == status, answer.text
    if status == 201:
        assert harvest(site).added == 2


def test_a_source_of_another_protocol_takes_no_file(site: Site) -> None:
    new_source(site.engine)
    assert send(site, table(*ROWS)).status_code == 409


@pytest.mark.parametrize(
    "url", ["upload://../mulu.db", "upload:///etc/passwd", f"upload://{'a' * 64}/x", "file:///etc/passwd", "/etc/passwd"]
)
def test_a_source_cannot_name_a_file_that_was_not_sent(site: Site, url: str) -> None:
    sent = {"url": url, "protocol": "spreadsheet"}
    answer = site.client.put("/api/v1/sources/roads", json=sent, headers=site.headers())
    assert answer.status_code == 400, answer.text


def test_a_worker_without_the_file_takes_it_from_the_database(site: Site) -> None:
    url = send(site, table(*ROWS)).json()["url"]
    (path,) = (site.settings.data_dir / "uploads").iterdir()
    assert path.name == hashlib.sha256(table(*ROWS)).hexdigest() and path.name in url
    path.unlink()
    assert harvest(site).added == 2 and path.read_bytes() == table(*ROWS)


def test_a_file_that_two_sources_have_stays_while_one_does(site: Site) -> None:
    send(site, table(*ROWS), name="one")
    send(site, table(*ROWS), name="two")
    send(site, table(ROWS[0]), name="one")
    folder = site.settings.data_dir / "uploads"
    assert len(list(folder.iterdir())) == 2
    send(site, table(ROWS[0]), name="two")
    assert len(list(folder.iterdir())) == 1


def test_files_of_removed_sources_go_after_a_day(site: Site) -> None:
    send(site, table(*ROWS), name="one")
    (old,) = (site.settings.data_dir / "uploads").iterdir()
    site.client.delete("/api/v1/sources/one", headers=site.headers())
    send(site, table(ROWS[0]), name="two")
    assert old.exists()
    os.utime(old, (0, 0))
    send(site, table(ROWS[1]), name="three")
    assert not old.exists() and len(list(old.parent.iterdir())) == 2


def test_an_upload_is_kept_whole_in_the_database(site: Site, tmp_path: Path) -> None:
    data = book(*ROWS)
    with database.writing(site.engine) as session:
        url = uploads.keep(session, site.settings, data, "a.xlsx")
        session.commit()
    elsewhere = Settings(**{**site.settings.model_dump(), "data_dir": tmp_path / "elsewhere"}, _env_file=None)
    assert uploads.is_here(site.settings, url) and not uploads.is_here(elsewhere, url)
    with database.reading(site.engine) as session:
        uploads.bring(session, elsewhere, url)
        assert bodies.fetch(session, hashlib.sha256(data).hexdigest()) == data
    assert uploads.is_here(elsewhere, url)


def test_a_table_on_the_operators_machine_is_added_and_harvested(tmp_path: Path) -> None:
    path = tmp_path / "目录.xlsx"
    path.write_bytes(book(*ROWS))
    environment = {"MULU_DATA_DIR": str(tmp_path / "data"), "MULU_DATABASE_URL": None, "MULU_SEARCH_URL": None}

    def mulu(*words: str) -> Any:
        done = CliRunner().invoke(main, [*words, "--json"], env=environment)
        assert done.exit_code == 0, (done.output, done.exception)
        return json.loads(done.stdout)

    made = mulu("source", "add", "roads", str(path), "--organization", "transport")
    assert made["protocol"] == "spreadsheet" and made["url"].startswith("upload://")
    path.unlink()
    report = mulu("harvest", "roads")
    assert (report["state"], report["added"]) == ("done", 2), report
    path.write_bytes(book(*ROWS, ["r-3", "三", "", ""]))
    assert mulu("source", "set", "roads", "--url", str(path))["url"] != made["url"]
    assert mulu("harvest", "roads")["added"] == 1
    done = CliRunner().invoke(main, ["source", "add", "more", str(path)], env=environment)
    assert done.exit_code == 0 and "名称 → title" in done.stdout, done.output


def test_a_file_that_is_no_table_is_not_added_as_one(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("no table")
    environment = {"MULU_DATA_DIR": str(tmp_path / "data"), "MULU_DATABASE_URL": None, "MULU_SEARCH_URL": None}
    for words in ((), ("--protocol", "spreadsheet")):
        done = CliRunner().invoke(main, ["source", "add", "notes", str(path), *words], env=environment)
        assert done.exit_code == 2 and done.stderr.startswith("mulu: "), done.output
