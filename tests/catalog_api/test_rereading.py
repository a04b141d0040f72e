"""Stored records that are not JSON are read again as the bytes they came in."""

import json
import os
from pathlib import Path
from shutil import copy
from typing import Any

from click.testing import CliRunner

from catalog_api.cli import main

ISO = """<?xml version="1.0" encoding="UTF-8"?>
<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">
<gmd:fileIdentifier><gco:CharacterString>m1</gco:CharacterString></gmd:fileIdentifier>
<gmd:identificationInfo><gmd:MD_DataIdentification>
<gmd:citation><gmd:CI_Citation>
<gmd:title><gco:CharacterString>公共汽车站点</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation>
<gmd:abstract><gco:CharacterString>Stops</gco:CharacterString></gmd:abstract>
</gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata>
"""


def test_records_in_xml_are_read_again(tmp_path: Path, sqlite_template: Path) -> None:
    (tmp_path / "data").mkdir()
    copy(sqlite_template, tmp_path / "data" / "mulu.db")
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "m1.xml").write_text(ISO, "utf-8")
    unset: dict[str, str | None] = {name: None for name in os.environ if name.startswith("MULU_")}
    environment = {**unset, "MULU_DATA_DIR": str(tmp_path / "data")}

    def run(*words: str) -> Any:
        done = CliRunner().invoke(main, [*words, "--json"], env=environment)
        assert done.exit_code in (0, 1), (words, done.output, done.exception)
        return json.loads(done.stdout)

    settings = ("--set", "internal=true", "--set", "pattern=**/*.xml")
    run("source", "add", "maps", str(tmp_path / "maps"), "--protocol", "folder", "--standard", "iso_19139", *settings)
    report = run("harvest", "maps")
    assert (report["received"], report["added"], report["failed"]) == (1, 1, 0), report
    assert run("source", "reread", "maps") == {"source": "maps", "read": 1, "updated": 0, "unchanged": 1, "failed": 0}
    assert run("search", "公共汽车")["total"] == 1
