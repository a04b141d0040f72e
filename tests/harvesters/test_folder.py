"""Files on disk: one bad file does not stop the others, and nothing outside the folder is read."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from pydantic import ValidationError

from harvesters.base import Batch, Record
from harvesters.folder import Folder, FolderSettings
from harvesters.web import Web
from metadata.errors import NotData, Refused, Unreachable
from standards.table import detect


def harvest(url: str | Path, resume: str | None = None, **settings: Any) -> list[Batch]:
    with Web(internal=True) as web:
        return list(Folder(str(url), FolderSettings(**settings)).batches(web, resume))


def records(url: str | Path, **settings: Any) -> dict[str | None, Record]:
    return {record.identifier: record for batch in harvest(url, **settings) for record in batch.records}


def put(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
    return path


def test_every_shape_of_file_gives_its_records(tmp_path: Path) -> None:
    put(tmp_path, "a.json", {"identifier": "one", "title": "一"})
    put(tmp_path, "b/list.json", [{"identifier": "two"}, {"title": "no identifier"}])
    put(tmp_path, "c.json", {"dataset": [{"identifier": "three"}]})
    put(tmp_path, "d.json", b'{"identifier": "four"}\n{"id": 5}\n')
    put(tmp_path, "e.json", {"title": "alone"})
    put(tmp_path, "f.json", '{"identifier": "公共交通线路信息"}'.encode("gb18030"))
    put(tmp_path, "notes.txt", b"not asked for")
    met = records(tmp_path)
    assert list(met) == ["one", "two", "b/list.json#2", "three", "four", "5", "e.json", "公共交通线路信息"]
    assert met["e.json"].body == {"title": "alone"}


def test_xml_is_given_as_its_bytes(tmp_path: Path) -> None:
    content = '<?xml version="1.0" encoding="GB2312"?><记录/>'.encode("gb18030")
    put(tmp_path, "x/记录.xml", content)
    put(tmp_path, "noname", {"identifier": "json without a suffix"})
    met = records(tmp_path, pattern="**/*.xml, noname")
    assert met["x/记录.xml"].body == content and "json without a suffix" in met


@pytest.mark.parametrize(
    "content", [b"", b"<html><title>Down</title>", b'{"identifier": "x"', b"\xff\xfe\x00", b'{"error": "x"}']
)
def test_a_file_that_cannot_be_read_is_a_record_with_its_text(content: bytes, tmp_path: Path) -> None:
    put(tmp_path, "a.json", {"identifier": "a"})
    put(tmp_path, "bad.json", content)
    put(tmp_path, "c.json", {"identifier": "c"})
    met = records(tmp_path)
    assert list(met) == ["a", "bad.json", "c"] and isinstance(met["bad.json"].body, str)


def test_a_file_that_breaks_off_ends_the_run_after_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.json", b'{"dataset": [{"identifier": "a"}, {"identifier": "b"}, {"ide')
    put(tmp_path, "c.json", {"identifier": "c"})
    given: list[Record] = []
    with Web(internal=True) as web, pytest.raises(NotData, match="1 files broke off") as caught:
        given.extend(record for batch in Folder(str(tmp_path), FolderSettings()).batches(web, None) for record in batch.records)
    assert [record.identifier for record in given] == ["a", "b", "c"] and "a.json" in str(caught.value)


def test_a_run_that_goes_on_still_knows_what_broke_off(tmp_path: Path) -> None:
    put(tmp_path, "a.json", b'{"dataset": [{"identifier": "a"}, {"ide')
    put(tmp_path, "c.json", [{"identifier": "c"}, {"identifier": "d"}])
    with Web(internal=True) as web:
        batches = Folder(str(tmp_path), FolderSettings(batch_size=2)).batches(web, None)
        first = next(batches)
        assert [record.identifier for record in first.records] == ["a", "c"]
        given: list[Batch] = []
        with pytest.raises(NotData, match="broke off"):
            given.extend(Folder(str(tmp_path), FolderSettings(batch_size=2)).batches(web, first.resume))
    assert [record.identifier for batch in given for record in batch.records] == ["d"]


def test_a_changed_file_is_read_again_from_its_start(tmp_path: Path) -> None:
    put(tmp_path, "a.json", [{"identifier": n} for n in range(4)])
    first = harvest(tmp_path, batch_size=2)[0]
    put(tmp_path, "a.json", [{"identifier": n} for n in range(5)])
    assert sum(len(batch.records) for batch in harvest(tmp_path, first.resume)) == 5


def test_links_that_lead_out_are_not_read(tmp_path: Path) -> None:
    secret = put(tmp_path, "outside/secret.json", {"identifier": "secret"})
    inside = tmp_path / "inside"
    put(inside, "real.json", {"identifier": "real"})
    (inside / "link.json").symlink_to(secret)
    (inside / "nowhere.json").symlink_to(tmp_path / "missing")
    (inside / "near.json").symlink_to(inside / "real.json")
    (inside / "linked").symlink_to(tmp_path / "outside")
    met = records(inside, pattern="**/*.json, linked/*.json")
    assert set(met) == {"link.json", "linked/secret.json", "near.json", "real", "nowhere.json"} - {"near.json"}
    assert "leads out" in met["link.json"].body and "secret" not in met["link.json"].body.replace("secret.json", "")
    assert "nowhere" in met["nowhere.json"].body


def test_hidden_files_pipes_and_folders_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, ".git/config.json", {"identifier": "hidden"})
    put(tmp_path, "folder.json/inner.json", {"identifier": "inner"})
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "to-pipe.json").symlink_to(tmp_path / "pipe.json")
    assert set(records(tmp_path)) == {"inner", "to-pipe.json"}


def test_a_single_file_and_a_file_url_are_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a b.json", {"identifier": "a"})
    assert list(records(path)) == ["a"]
    assert list(records(path.as_uri())) == ["a"] and list(records(tmp_path.as_uri())) == ["a"]
    with pytest.raises(Refused):
        Folder("file://elsewhere/share", FolderSettings())


def test_only_an_internal_source_reads_files(tmp_path: Path) -> None:
    with Web() as web, pytest.raises(Refused, match="internal"):
        list(Folder(str(tmp_path), FolderSettings()).batches(web, None))
    with pytest.raises(Unreachable, match="no such folder"):
        harvest(tmp_path / "missing")


@pytest.mark.parametrize("pattern", ["", " , ", "/etc/*", "../*.json", "a/../../*.json", "~/*.json"])
def test_a_pattern_stays_inside(pattern: str) -> None:
    with pytest.raises(ValidationError):
        FolderSettings(pattern=pattern)


ISO = (
    '<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">'
    "<gmd:fileIdentifier><gco:CharacterString>{0}</gco:CharacterString></gmd:fileIdentifier>"
    "<gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title>"
    "<gco:CharacterString>title of {0}</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation>"
    "</gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata>"
)


def test_files_that_hold_many_records_are_cut_into_them(tmp_path: Path) -> None:
    put(tmp_path, "one.xml", ISO.format("one").encode())
    put(tmp_path, "B/MANY.XML", f"<list>{ISO.format('b1')}{ISO.format('b2')}</list>".encode())
    about = "".join(f"<http://e.org/{n}> a dcat:Dataset ; <http://purl.org/dc/terms/title> '{n}' . " for n in (1, 2))
    put(tmp_path, "c.ttl", f"@prefix dcat: <http://www.w3.org/ns/dcat#> . {about}".encode())
    put(
        tmp_path,
        "d.csv",
        "信息资源名称,信息资源代码,信息资源提供方,信息资源摘要\n甲,123/1,民政局,说明\n乙,,民政局,说明\n".encode("gb18030"),
    )
    workbook = Workbook()
    for row in (("信息资源名称", "信息资源代码", "信息资源提供方", "信息资源摘要"), ("丙", "123/3", "民政局", "说明")):
        workbook.active.append(row)
    workbook.save(tmp_path / "e.xlsx")
    put(tmp_path, "notes.txt", b"not asked for")
    met = records(tmp_path)
    assert list(met) == ["b1", "b2", "http://e.org/1", "http://e.org/2", "123/1", "乙", "e.xlsx", "one.xml"]
    kinds = [standard.name if (standard := detect(record.body)) else None for record in met.values()]
    assert kinds == ["iso_19139", "iso_19139", "dcat_3", "dcat_3", *["cn_catalog_2017"] * 3, "iso_19139"]
    assert met["one.xml"].body == ISO.format("one").encode()


def test_records_that_are_called_the_same_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", f"<list>{ISO.format('x')}{ISO.format('x')}{ISO.format('y')}{ISO.format('x')}</list>".encode())
    assert list(records(tmp_path)) == ["x", "a.xml#2", "y", "a.xml#4"]


def test_xml_that_breaks_off_ends_the_run_after_the_others(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", f"<list>{ISO.format('a')}{ISO.format('b')}<gmd:MD".encode())
    put(tmp_path, "c.xml", ISO.format("c").encode())
    given: list[Record] = []
    with Web(internal=True) as web, pytest.raises(NotData, match=r"broke off.*a\.xml"):
        given.extend(record for batch in Folder(str(tmp_path), FolderSettings()).batches(web, None) for record in batch.records)
    assert [record.identifier for record in given] == ["a", "b", "c.xml"]


def test_a_run_goes_on_within_a_file_of_any_form(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", f"<list>{''.join(ISO.format(n) for n in range(5))}</list>".encode())
    put(tmp_path, "b.csv", b"title,identifier,description\n" + b"".join(b"t%d,id%d,x\n" % (n, n) for n in range(5)))
    whole = harvest(tmp_path, batch_size=2)
    told = [record.identifier for batch in whole for record in batch.records]
    assert len(told) == 10 == len(set(told))
    for point, batch in enumerate(whole):
        rest = [record.identifier for each in harvest(tmp_path, batch.resume, batch_size=2) for record in each.records]
        assert rest == told[(point + 1) * 2 :]
