"""Which column of a table is what, said without code: on the command line, over the API, on the portal's check page."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog_api.cli import main
from catalog_api.columns import given
from metadata.errors import Invalid
from standards import spreadsheet
from tests.catalog_api.conftest import Site

TABLE = "Bezeichnung,Stelle,说明,链接,备注\nHaltestellen,Amt,Alle Haltestellen,https://x.example/a.csv,x\n"
MAPPING = "title=Bezeichnung, publisher=B, =备注"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "table.csv"
    path.write_text(TABLE, "utf-8")
    return str(path)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("title=A,description=说明", {"A": "title", "说明": "description"}),
        ("title = A ; 说明=description\n=备注", {"A": "title", "说明": "description", "备注": ""}),
        ("备注=", {"备注": ""}),
        ("title=title", {"title": "title"}),
        ("", {}),
    ],
)
def test_what_is_typed_is_columns_and_their_fields(typed: str, meant: dict[str, str]) -> None:
    assert given(typed) == meant


@pytest.mark.parametrize("typed", ["title", "titel=A", "=", "x=y=z"])
def test_what_is_no_column_and_field_is_told(typed: str) -> None:
    with pytest.raises(Invalid) as problem:
        given(typed)
    assert problem.value.place == "mapping"


def test_a_mapping_makes_a_table_readable(file: str) -> None:
    without = run("check", file, "--json")
    assert "spreadsheet" not in json.loads(without.stdout.splitlines()[-1])["standards"]
    done = run("check", file, "--json", "--mapping", "title=Bezeichnung", "--mapping", "publisher=B,=备注")
    line, last = map(json.loads, done.stdout.splitlines())
    assert line["standard"] == "spreadsheet" and line["valid"] and line["identifier"] == "Haltestellen"
    assert {one["rule"] for one in line["findings"]} == {"spreadsheet/identifier/absent"}
    assert last["summary"]["records"] == 1 and done.exit_code == 0


def test_the_mapping_is_shown(file: str) -> None:
    told = json.loads(run("check", file, "--show-mapping", "--json").stdout)["columns"]
    assert [one["field"] for one in told] == ["", "", "description", "file", ""]
    told = json.loads(run("check", file, "--show-mapping", "--json", "--mapping", MAPPING).stdout)["columns"]
    assert [(one["field"], one["found"]) for one in told[:2]] == [("title", "given"), ("publisher", "given")]
    shown = run("convert", file, "--to", "ckan", "--show-mapping").stdout
    assert "Bezeichnung" in shown and "description" in shown and "Haltestellen" not in shown


def test_a_table_is_converted_under_a_mapping(file: str) -> None:
    done = run("convert", file, "--to", "dcat_us_1_1_non_federal", "--mapping", MAPPING)
    (dataset,) = json.loads(done.stdout)["dataset"]
    assert (dataset["title"], dataset["publisher"]["name"]) == ("Haltestellen", "Amt") and done.exit_code == 0


@pytest.mark.parametrize("mapping", ["title=Q", "title=Bezeichnnug", "titel=A"])
def test_a_column_or_a_field_there_is_not_is_told(file: str, mapping: str) -> None:
    done = run("check", file, "--mapping", mapping)
    assert done.exit_code != 0 and mapping.partition("=")[2 if "titel" not in mapping else 0] in done.output
    assert run("convert", file, "--to", "ckan", "--mapping", mapping).exit_code != 0


def test_letters_name_the_columns_of_a_table_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("1,https://x.example/1,2020-01-01\n2,https://x.example/2,2020-01-02\n", "utf-8")
    done = run("check", str(path), "--json", "--mapping", "title=A,file=B,issued=C")
    assert [json.loads(line)["place"] for line in done.stdout.splitlines()[:-1]] == ["A1", "A2"]


def test_a_workbook_is_read_under_a_mapping_by_letter(tmp_path: Path) -> None:
    row = {"sheet": "", "row": 2, "cells": [["A2", "Bezeichnung", "Netz"], ["B2", "描述", "d"], ["C2", "关键词", "bus"]]}
    path = tmp_path / "book.xlsx"
    path.write_bytes(spreadsheet.workbook([row]))
    letters = {one["header"]: "ABC"[at] for at, one in enumerate(columns(path))}
    done = run("check", str(path), "--json", "--mapping", f"title={letters['Bezeichnung']}")
    assert json.loads(done.stdout.splitlines()[0])["identifier"] == "Netz"


def columns(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(run("check", str(path), "--show-mapping", "--json").stdout)["columns"]
    return found


def test_the_api_takes_a_mapping(site: Site) -> None:
    said = site.client.post("/api/v1/check", params={"mapping": MAPPING}, content=TABLE.encode()).json()
    assert said["records"][0]["standard"] == "spreadsheet" and said["records"][0]["valid"]
    made = site.client.post("/api/v1/convert", params={"mapping": MAPPING, "to": "ckan"}, content=TABLE.encode()).json()
    assert "Haltestellen" in made["content"]
    assert site.client.post("/api/v1/check", params={"mapping": "titel=A"}, content=TABLE.encode()).status_code in (400, 422)


def test_the_page_takes_a_mapping_and_shows_it(site: Site) -> None:
    page = site.client.post("/check?lang=en", data={"text": TABLE, "mapping": MAPPING})
    assert page.status_code == 200 and "Bezeichnung" in page.text and "<code>publisher</code>" in page.text
    assert "Columns of a table" in page.text and 'value="title=Bezeichnung, publisher=B, =备注"' in page.text
    wrong = site.client.post("/check?lang=en", data={"text": TABLE, "mapping": "title=Q"})
    assert wrong.status_code == 422 and 'href="#mapping"' in wrong.text
    plain = site.client.post("/check?lang=en", data={"text": json.dumps({"title": "x"})})
    assert plain.status_code == 200 and '<th scope="col">Column</th>' not in plain.text
