"""The records of the real JSON files: catalogues, lists, answers of portals, JSON lines, and single objects."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDERS = ("dcatus", "bad", "ckan", "portal-json", "datapackage", "schema-org", "chinese")
_LISTS = ("dataset", "results", "data", "items", "features")


def documents(corpora: Path, folders: tuple[str, ...] = FOLDERS) -> Iterator[tuple[str, Any]]:
    """`(place, parsed JSON)` of every JSON file that is one, and of every line of JSON lines."""
    for folder in folders:
        for file in sorted([*corpora.glob(f"{folder}/**/*.json*")]):
            try:
                text = file.read_text("utf-8-sig")
            except ValueError:
                continue
            place = str(file.relative_to(corpora))
            try:
                yield place, json.loads(text)
            except ValueError:
                yield from _lines(place, text)


def _lines(place: str, text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.splitlines()):
        try:
            yield f"{place}:{number}", json.loads(line)
        except ValueError:
            return


def real_records(corpora: Path, folders: tuple[str, ...] = FOLDERS) -> Iterator[tuple[str, Any]]:
    """`(place, record)`: the members of a list where a document is one, or holds one."""
    for place, document in documents(corpora, folders):
        body = document.get("result", document) if isinstance(document, dict) else document
        inside = next((body[name] for name in _LISTS if isinstance(body, dict) and isinstance(body.get(name), list)), body)
        if isinstance(inside, list):
            yield from ((f"{place}#{at}", each) for at, each in enumerate(inside))
        else:
            yield place, inside
