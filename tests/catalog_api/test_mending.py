"""`--fix`: the mended copy keeps its shape, and says what was done; on the page, over the API, on the command line."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from catalog_api.cli import main
from catalog_api.mending import beside, mend_document
from standards import tables
from tests.catalog_api.conftest import Site
from tests.harvests import body

BAD = {**body("a"), "contactPoint": {"fn": "A", "hasEmail": "a@x.example"}, "modified": "2016/04/14"}
GOOD = {**body("b"), "contactPoint": {"fn": "A", "hasEmail": "mailto:a@x.example"}, "modified": "2016-04-14"}


def mended(document: Any) -> tuple[list[dict[str, Any]], bytes]:
    return mend_document(document if isinstance(document, bytes) else json.dumps(document).encode(), None, "f")


def test_records_are_mended_where_they_stand() -> None:
    (first, second, last), content = mended({"conformsTo": "x", "dataset": [BAD, GOOD]})
    made = json.loads(content)
    assert made["conformsTo"] == "x" and made["dataset"][0]["contactPoint"]["hasEmail"] == "mailto:a@x.example"
    assert made["dataset"][0]["modified"] == "2016-04-14" and made["dataset"][1]["title"] == GOOD["title"]
    paths = {one["path"]: one for one in first["repairs"]}
    assert paths["/modified"]["before"] == "2016/04/14" and paths["/modified"]["filled"] is False
    assert "/modified" not in [one["path"] for one in second["repairs"]] and last["repairs"] >= 2
    assert not any(one["rule"].endswith("/mailto") for one in first["findings"])


def test_what_a_catalogue_lists_beside_its_datasets_is_mended_where_it_stands() -> None:
    dataset = {"@type": "Dataset", "title": "Bus", "description": "d", "otherIdentifier": [], "modified": "2016/04/14"}
    service = {"@type": "DataService", "title": "Bus API", "endpointURL": ["https://x.example/"], "modified": "2016/04/15"}
    inner = {"@type": "Catalog", "title": "Inner", "service": service, "catalog": [{"@type": "Catalog", "title": "None"}]}
    given = {"@type": "Catalog", "title": "All", "dataset": [dataset], "service": [service], "catalog": [inner]}
    (*lines, last), content = mended(given)
    made = json.loads(content)
    assert len(lines) == 4 and last["repairs"] >= 3
    places = (made["dataset"][0], made["service"][0], made["catalog"][0]["service"])
    assert [one["modified"] for one in places] == ["2016-04-14", "2016-04-15", "2016-04-15"]
    assert (made["title"], made["catalog"][0]["title"], made["catalog"][0]["catalog"][0]["title"]) == ("All", "Inner", "None")


def test_every_shape_of_json_is_kept() -> None:
    assert json.loads(mended(BAD)[1])["modified"] == "2016-04-14"
    assert [one["modified"] for one in json.loads(mended([BAD, BAD])[1])] == ["2016-04-14"] * 2
    lines = b"\n".join(json.dumps(one).encode() for one in (BAD, GOOD))
    assert [json.loads(line)["modified"] for line in mended(lines)[1].splitlines()] == ["2016-04-14"] * 2
    answer = {"success": True, "result": {"count": 1, "results": [{"name": "bus", "title": "Bus", "resources": []}]}}
    assert json.loads(mended(answer)[1])["result"]["count"] == 1


def test_what_was_mended_has_nothing_more_to_mend() -> None:
    _, content = mended({"dataset": [BAD, GOOD]})
    (*_, last), _ = mended(content)
    assert last["repairs"] == 0


def test_a_table_becomes_csv_with_its_headers() -> None:
    head = "信息资源名称,信息资源代码,信息资源提供方,更新周期,发布日期\r\n"
    text = f"{head}公交,3070000/1,交通局,monthly,２０１６/04/14\r\n地铁,3070000/2,交通局,每年,2016-04-14\r\n"
    (first, _, last), content = mended(text.encode())
    rows = list(tables.text_rows(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert last["repairs"] == len(first["repairs"]) > 0 and len(rows) == 2
    assert tables.headers(rows[0])[0] == "信息资源名称" and "2016-04-14" in tables.values(rows[0])["发布日期"]


def test_the_copy_is_put_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"dataset": [BAD]}), "utf-8")
    run = CliRunner().invoke(main, ["check", str(path), "--fix"])
    assert run.exit_code in (0, 1) and "mended: /modified" in run.output and "repairs were made" in run.output
    assert json.loads((tmp_path / "data.fixed.json").read_bytes())["dataset"][0]["modified"] == "2016-04-14"
    run = CliRunner().invoke(main, ["check", str(path), "--fix", "-o", str(tmp_path / "other.json"), "--json"])
    line, last = map(json.loads, run.stdout.splitlines())
    assert line["repairs"] and last["repairs"] == len(line["repairs"]) and (tmp_path / "other.json").is_file()
    assert CliRunner().invoke(main, ["check", str(path), "-o", "x"]).exit_code == 2
    assert json.loads(path.read_bytes())["dataset"][0] == BAD
    assert beside(Path("a/b.xlsx"), ".csv") == Path("a/b.fixed.csv") and beside(Path("b.jsonl"), ".json") == Path(
        "b.fixed.jsonl"
    )


def test_the_api_and_the_page_mend_too(site: Site) -> None:
    said = site.client.post("/api/v1/check?fix=true", content=json.dumps({"dataset": [BAD]})).json()
    assert (
        json.loads(said["fixed"])["dataset"][0]["modified"] == "2016-04-14"
        and said["records"][0]["repairs"]
        and said["repairs"]
    )
    page = site.client.post("/check?lang=en", data={"text": json.dumps(BAD), "fix": "1"})
    assert (
        page.status_code == 200
        and "2016/04/14" in page.text
        and "repairs were made" in page.text
        and "&#34;2016-04-14&#34;" in page.text
    )
    plain = site.client.post("/check?lang=en", data={"text": json.dumps(BAD)})
    assert plain.status_code == 200 and "repairs were made" not in plain.text
