"""Mended records put back into a document beside the one that was checked: `data.json` → `data.fixed.json`.

A JSON document of up to 64 MiB keeps its shape: its records are replaced where they stand. A larger one becomes JSON lines.
XML, RDF and tables become one document of their form (`standards.forms`); a workbook becomes CSV.
"""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import orjson

from catalog_api.checking import Options, check_spooled
from catalog_api.given import spooled
from harvesters import json_lists
from harvesters.json_text import loads
from metadata.errors import NotData
from standards import forms, tables
from standards.base import Standard

_FORM_OF = {".json": "json", ".jsonl": "json", ".xml": "xml", ".nt": "rdf", ".csv": "table"}


class Mended:
    """Keeps mended records, on disk, until they are written."""

    def __init__(self) -> None:
        self._lines = tempfile.TemporaryFile()  # noqa: SIM115
        self._form = ""
        self.count = 0

    def keep(self, body: Any, standard: Standard | None) -> None:
        """The next record."""
        if isinstance(body, bytes):
            self._form = "rdf" if standard is not None and standard.form == "rdf" else "xml"
            line = orjson.dumps(body.decode("utf-8", "replace"))
        else:
            self._form = "table" if tables.is_row(body) else "json"
            line = forms.as_json(body)
        self._lines.write(line + b"\n")
        self.count += 1

    def extension(self) -> str:
        """`.json`, `.xml`, `.nt` or `.csv`."""
        return {"json": ".json", "xml": ".xml", "rdf": ".nt", "table": ".csv"}.get(self._form, ".json")

    def document(self, original: bytes | None) -> Iterator[bytes]:
        """The document, in pieces. `original` is the JSON that was checked, where its shape shall be kept."""
        if self._form == "json":
            shaped = _shaped(original, list(self._bodies())) if original is not None else None
            yield from [shaped] if shaped is not None else forms.json_document(self._bodies())
        elif self._form == "table":
            yield from forms.table_document(self._bodies())
        elif self._form:
            texts = (str(body).encode() for body in self._bodies())
            yield from texts if self._form == "rdf" else forms.xml_document(texts)

    def close(self) -> None:
        """Lets go of the disk."""
        self._lines.close()

    def _bodies(self) -> Iterator[Any]:
        self._lines.seek(0)
        for line in self._lines:
            yield orjson.loads(line)


def mend_document(
    data: bytes, standard: str | None, file: str, columns: Mapping[str, str] | None = None
) -> tuple[list[dict[str, Any]], bytes]:
    """`check_document` with `fix`: its lines, the summary last, and the mended document."""
    mended = Mended()
    try:
        with spooled(data, file or "the description") as document:
            lines = list(check_spooled(document, Options(standard, True, mended.keep, columns or {}), file))
        return lines, b"".join(mended.document(data))
    finally:
        mended.close()


def _shaped(original: bytes, records: list[Any]) -> bytes | None:
    """The original JSON with its records replaced; None when it is no single JSON value, or its records cannot be found."""
    try:
        body = loads(original.decode("utf-8-sig", "replace"), "the document")
    except NotData:
        return None
    if json_lists.is_catalogue(body) and len(json_lists.members(body)) == len(records):
        json_lists.replaced(body, iter(records))
        return orjson.dumps(body, option=orjson.OPT_INDENT_2)
    held = _held(body)
    if held is None or len(held) != len(records):
        return orjson.dumps(records[0], option=orjson.OPT_INDENT_2) if len(records) == 1 else None
    held[:] = records
    return orjson.dumps(body, option=orjson.OPT_INDENT_2)


def _held(body: Any) -> list[Any] | None:
    """The list inside a parsed document in which its records are."""
    if isinstance(body, list):
        return body
    if isinstance(body, dict) and isinstance(body.get("dataset"), list):
        return cast(list[Any], body["dataset"])
    found = json_lists.unwrapped(body)
    return found if isinstance(found, list) and isinstance(body, dict) and _is_inside(body, found) else None


def _is_inside(body: dict[str, Any], found: list[Any]) -> bool:
    """Whether it is a list of the document itself, and not one made around a single record."""
    inner = [*body.values(), *(each for value in body.values() if isinstance(value, dict) for each in value.values())]
    return any(each is found for each in inner)


def beside(path: Path, extension: str) -> Path:
    """`data.json` → `data.fixed.json`."""
    own = path.suffix if _FORM_OF.get(path.suffix.lower()) == _FORM_OF.get(extension) else extension
    return path.with_name(f"{path.stem}.fixed{own}")
