"""Catalogues kept in tables: a workbook (XLSX, XLS, ODS) or delimited text (CSV, TSV) at an address, or uploaded.

The document is downloaded to disk and read row by row; rows and sheets that belong together are one record, as the standard
that recognises their header puts them together (a catalogue after the guide of 2017 over several sheets too). Which column
is what is detected (`standards.spreadsheet_columns`), shown when the source is added, and overridden by the setting
`columns`. Identity: the identifier's column; without one, title and publisher, and where two rows share those, all of the
row's words (not its place: a row put in above changes nothing).

`upload://DIGEST/NAME` is a file that was given to this catalogue. It is read from the folder of uploads beside the run's spool
folder; nothing but a digest becomes part of the path, so no other file can be named.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, cast
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from harvesters import spool, spreadsheet_rows
from harvesters.address import mask
from harvesters.base import Batch, Found, NotModified, Record, Seen
from harvesters.documents import grouped
from harvesters.spool import Document
from harvesters.spreadsheet_rows import Row, Told
from harvesters.web import Web
from metadata.errors import NotData, Unreachable
from standards import tables
from standards.spreadsheet_columns import NAMES, Column, mapping
from standards.table import detect

UPLOAD = "upload"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_INSIDE = re.compile(rb"\[Content_Types\]\.xml|xl/workbook\.xml|application/vnd\.oasis\.opendocument\.spreadsheet")
_KINDS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
)


class SpreadsheetSettings(BaseModel):
    """What a table lets one choose."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[str, str] = Field(
        default={}, title="What columns are: header (or letter, without a header) and field; an empty field for none"
    )
    sheets: str = Field(default="", title="Only these sheets, separated by commas")
    batch_size: int = Field(default=500, ge=1, le=10_000, title="Records in a batch")

    @field_validator("columns", mode="before")
    @classmethod
    def typed(cls, value: object) -> object:
        """A mapping may be typed as text: JSON, or `header=field; header=field`."""
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("{"):
            return json.loads(value)
        parts = (part.rpartition("=") for part in re.split(r"[;\n]", value) if part.strip())
        return {header.strip(): field.strip() for header, _, field in parts}

    @field_validator("columns")
    @classmethod
    def known(cls, value: dict[str, str]) -> dict[str, str]:
        """Fields are those of the standard `spreadsheet`."""
        if wrong := sorted(field for field in value.values() if field and field not in NAMES):
            raise ValueError(f"there is no field {wrong[0]!r}; there are {', '.join(NAMES)}")
        if "" in value:
            raise ValueError("a column is named by its header, or by its letter")
        return value


class Spreadsheet:
    """The harvester of tables."""

    name: ClassVar[str] = "spreadsheet"
    title: ClassVar[dict[str, str]] = {"zh": "表格(XLSX、XLS、ODS、CSV)", "en": "Table (XLSX, XLS, ODS, CSV)"}
    standard: ClassVar[str] = ""
    Settings: ClassVar[type[BaseModel]] = SpreadsheetSettings
    waits: ClassVar[bool] = False

    def __init__(self, url: str, settings: BaseModel) -> None:
        self.url = url.strip()
        self.settings = SpreadsheetSettings.model_validate(settings.model_dump())

    def batches(self, web: Web, resume: str | None) -> Iterator[Batch]:
        """Batches of records; `resume` is JSON: how many were given, and the digest of the document they were in."""
        # A run that goes on asks for the document again: "not modified" would leave the rest unread.
        with opened(web, self.url, conditional=resume is None) as document:
            given = _skip(resume, document.digest)
            again = resume is not None and not given
            names = Names(self._rows(document))
            for rows in grouped(islice(self._rows(document), given, None), self.settings.batch_size):
                given += len(rows)
                records = tuple(Record(row.body, names.of(row), row.standard) for row in rows)
                yield Batch(records, json.dumps({"skip": given, "digest": document.digest}), names.count, again)

    def _rows(self, document: Document) -> Iterator[Row]:
        sheets = frozenset(filter(None, map(str.strip, self.settings.sheets.split(","))))
        return spreadsheet_rows.read(document, self.settings.columns, sheets)

    @staticmethod
    def probes(_url: str) -> Sequence[str]:
        """None: a table is at its own address."""
        return ()

    @staticmethod
    def recognises(seen: Seen) -> Found | None:
        """A workbook, or text whose header is that of a catalogue. Never raises."""
        if seen.status != 200:
            return None
        if seen.media_type.startswith(_KINDS) or (seen.head[:2] == b"PK" and _INSIDE.search(seen.head)):
            return Found(seen.url, "a workbook", 60)
        start = seen.text[: 1 << 16]
        if not start or start[0] in "<{[" or "\ufffd" in start[:64] or seen.media_type.endswith(("html", "json", "xml")):
            return None
        first = spreadsheet_rows.first(start if seen.whole else start.rpartition("\n")[0])
        if first is None:
            return None
        found = shown(mapping(tables.headers(first)))
        if detect(first) is not None:
            return Found(seen.url, f"a table that describes datasets: {found}", 60)
        return Found(seen.url, f"a table: {found or 'name its columns in `columns`'}", 20) if "csv" in seen.media_type else None


class Names:
    """Who the rows of a table are. Built by reading it once, since whether a title is enough depends on all of them."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.count = 0
        self._met: Counter[bytes] = Counter()
        for row in rows:
            self.count += 1
            if row.title and not row.identifier:
                self._met[_digest(row.title, row.publisher)] += 1

    def of(self, row: Row) -> str:
        """The identity of a row."""
        if row.identifier:
            return row.identifier
        name = _digest(row.title, row.publisher)
        if row.title and self._met[name] < 2:
            return f"urn:title:{name.hex()}"
        return f"urn:row:{_digest(*row.words).hex()}"


def _digest(*words: str) -> bytes:
    return hashlib.blake2b("\x1f".join(words).encode("utf-8", "replace"), digest_size=16).digest()


@contextmanager
def opened(web: Web, url: str, conditional: bool) -> Iterator[Document]:
    """The document of a source. Raises `NotModified` when it is as it was."""
    if urlsplit(url).scheme != UPLOAD:
        with web.spool(url, conditional=conditional) as document:
            yield document
        return
    digest, name = parted(url)
    path = folder(web.spool_dir) / digest
    if conditional and web.validators.get(url, {}).get("digest") == digest:
        web.fresh_validators[url] = {"digest": digest}
        raise NotModified(name, "document")
    try:
        file = path.open("rb")
    except OSError:
        raise Unreachable("the uploaded file is not here", place=name, value=digest, remedy="Upload it again.") from None
    with file:
        web.fresh_validators[url] = {"digest": digest}
        yield spool.local(cast(BinaryIO, file), name)


def parted(url: str) -> tuple[str, str]:
    """Digest and name of an upload's address. Raises `NotData` for one that is none."""
    parts = urlsplit(url)
    if parts.scheme != UPLOAD or not _DIGEST.fullmatch(parts.netloc):
        raise NotData("this is no uploaded file", place=mask(url), remedy="Upload it: PUT /api/v1/sources/{name}/file.")
    return parts.netloc, unquote(parts.path.strip("/")) or parts.netloc[:12]


def folder(spool_dir: Path | None) -> Path:
    """Where uploads are: beside the folder for downloads on their way in."""
    if spool_dir is None:
        raise Unreachable("there is no folder of uploads here", remedy="Harvest it in the catalogue it was uploaded to.")
    return spool_dir.parent / "uploads"


def shown(columns: Sequence[Column | Told]) -> str:
    """The mapping of columns for people: `标题 → title, …`."""
    return ", ".join(f"{each.header} → {each.field}" for each in columns if each.field)


def _skip(resume: str | None, digest: str) -> int:
    try:
        point: Mapping[str, Any] = json.loads(resume or "{}")
        return int(point["skip"]) if point["digest"] == digest else 0
    except (ValueError, KeyError, TypeError):
        return 0
