"""data.json: one document that lists every dataset of an agency (Project Open Data, DCAT-US 1.1).

The document is downloaded to disk, then read record by record. A run that goes on after an interruption skips the records
it has seen if the document is the same, and starts again if it has changed; records that are known are then unchanged.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from harvesters.base import Batch, Record
from harvesters.documents import grouped, items
from harvesters.json_text import name_of
from harvesters.web import Web


class DcatUsSettings(BaseModel):
    """What a data.json source lets one choose."""

    model_config = ConfigDict(extra="forbid")

    batch_size: int = Field(default=500, ge=1, le=10_000, title="Records in a batch")


class DcatUs:
    """The harvester of data.json."""

    name: ClassVar[str] = "dcat_us"
    title: ClassVar[dict[str, str]] = {"zh": "data.json 目录文件(DCAT-US)", "en": "data.json file (DCAT-US)"}
    standard: ClassVar[str] = "dcat_us_1_1_non_federal"
    Settings: ClassVar[type[BaseModel]] = DcatUsSettings

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url
        self.settings = DcatUsSettings.model_validate(settings.model_dump())

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records; `resume` is JSON: how many records were given, and the digest of the document they were in."""
        # A run that goes on asks for the document again: "not modified" would leave the rest unread.
        with web.spool(self.url, conditional=resume is None) as document:
            given = _skip(resume, document.digest)
            again = resume is not None and not given
            for bodies in grouped(islice(items(document), given, None), self.settings.batch_size):
                given += len(bodies)
                records = tuple(Record(body, name_of(body, "identifier")) for body in bodies)
                yield Batch(records, json.dumps({"skip": given, "digest": document.digest}), again=again)


def _skip(resume: str | None, digest: str) -> int:
    """How many records to pass over: none when the document is not the one they were counted in."""
    try:
        point = json.loads(resume or "{}")
        return int(point["skip"]) if point["digest"] == digest else 0
    except (ValueError, KeyError, TypeError):
        return 0
