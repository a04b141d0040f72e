"""Oracle: real data.json files, served over HTTP, give what an independent reading of the file gives."""

import json
from pathlib import Path
from typing import Any

from harvesters.dcat_us import DcatUs, DcatUsSettings
from harvesters.web import Web
from metadata.errors import CatalogError
from tests.hostile.server import Hostile, says


def expected(content: bytes) -> list[Any] | None:
    """The records of a catalogue by the standard library, or None when it is none."""
    try:
        body = json.loads(content.decode("utf-8-sig"))
    except ValueError:
        return None
    records = body.get("dataset") if isinstance(body, dict) else body
    return records if isinstance(records, list) else None


def harvested(url: str) -> tuple[list[Any], CatalogError | None]:
    given: list[Any] = []
    with Web(internal=True, retries=0) as web:
        try:
            for batch in DcatUs(url, DcatUsSettings()).batches(web, None):
                given.extend(record.body for record in batch.records)
        except CatalogError as error:
            return given, error
    return given, None


def test_every_real_catalogue_gives_its_records_and_every_other_file_an_error(corpora: Path) -> None:
    paths = sorted(path for kind in ("dcatus", "bad") for path in (corpora / kind).rglob("*.json"))
    assert len(paths) > 100
    read = failed = 0
    with Hostile({}) as server:
        for path in paths:
            content = path.read_bytes()
            server.server.behaviours["/data.json"] = says(content)
            given, error = harvested(f"{server.url}/data.json")
            records = expected(content)
            if records is None:
                assert error is not None and given == [] and "\n" not in str(error), path
                failed += 1
            else:
                assert error is None and given == records, path
                read += 1
    assert read > 100 and failed > 10
